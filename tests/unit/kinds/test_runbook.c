/* test_runbook.c - the alarm, the decision, the order; machines that stand by for it, and a database from a backup. */
#include <string.h>

#include "tests/unit/kinds/fake.h"

extern const Kind kind_runbook, kind_instances, kind_database;

typedef struct {
    Fake *fake;
    PlaceId east, west;
    ComponentId doors[2], runbook;
    UnitId units[2];
} Plan;

/* A door in each of two regions; the runbook watches the one in the east every minute. */
static Plan plan_new(const char *keys) {
    Plan plan = {.fake = fake_new(5)};
    plan.east = fake_place(plan.fake, "east");
    plan.west = fake_place(plan.fake, "west");
    plan.doors[0] = fake_component(plan.fake, "east door", &fake_plain, NULL, plan.east);
    plan.units[0] = fake_unit(plan.fake, plan.doors[0], plan.east);
    plan.doors[1] = fake_component(plan.fake, "west door", &fake_plain, NULL, plan.west);
    plan.units[1] = fake_unit(plan.fake, plan.doors[1], plan.west);
    plan.runbook = fake_component(plan.fake, "runbook", &kind_runbook, keys, NO_PLACE);
    fake_unit(plan.fake, plan.runbook, NO_PLACE);
    fake_target(plan.fake, plan.runbook, plan.doors[0]);
    fake_target(plan.fake, plan.runbook, plan.doors[1]);
    return plan;
}

#define PEOPLE "{region: east, decision: 10 min, prepare: 5 min, alarm: {every: 60 s, fail_after: 3, timeout: 4 s}}"

/* Three looks in a row see nothing: two to three minutes; then ten minutes of people and five of templates. */
static void test_declares(void) {
    Plan plan = plan_new(PEOPLE);
    fake_start(plan.fake);
    fake_advance(plan.fake, SIMTIME_S(1000));
    fake_down(plan.fake, plan.units[0]);
    fake_advance(plan.fake, SIMTIME_S(3000));
    int64_t seen = fake_fact(plan.fake, FACT_NOTICED, 0)->at.ns - SIMTIME_S(1000).ns;
    g_assert_cmpint(seen, >=, SIMTIME_S(124).ns);
    g_assert_cmpint(seen, <=, SIMTIME_S(184).ns);
    assert_ns(fake_fact(plan.fake, FACT_DECIDED, 0)->at, SIMTIME_NS(SIMTIME_S(1600).ns + seen));
    g_assert_cmpint(fake_fact(plan.fake, FACT_DECIDED, 0)->amount, ==, DECISION_DECLARE);
    g_assert_true(fake_declared(plan.fake, plan.east));
    g_assert_false(fake_declared(plan.fake, plan.west));
    fake_free(plan.fake);
}

/* It takes effect when the templates have built, not before. */
static void test_prepares(void) {
    Plan plan = plan_new(PEOPLE);
    fake_down(plan.fake, plan.units[0]);
    fake_start(plan.fake);
    fake_up(plan.fake, plan.units[0]);
    fake_advance(plan.fake, SIMTIME_S(1000));
    fake_down(plan.fake, plan.units[0]);
    SimTime at = SIMTIME_S(1000);
    while (fake_facts(plan.fake, FACT_DECIDED) == 0)
        fake_advance(plan.fake, at = simtime_add(at, SIMTIME_S(10)));
    g_assert_false(fake_declared(plan.fake, plan.east));
    SimTime decided = fake_fact(plan.fake, FACT_DECIDED, 0)->at;
    fake_advance(plan.fake, simtime_add(decided, SIMTIME_S(299)));
    g_assert_false(fake_declared(plan.fake, plan.east));
    fake_advance(plan.fake, simtime_add(decided, SIMTIME_S(300)));
    g_assert_true(fake_declared(plan.fake, plan.east));
    fake_free(plan.fake);
}

/* The region comes back while people still talk: they go home. The next time they begin anew. */
static void test_called_off(void) {
    Plan plan = plan_new(PEOPLE);
    fake_start(plan.fake);
    fake_down(plan.fake, plan.units[0]);
    fake_advance(plan.fake, SIMTIME_S(400));
    fake_up(plan.fake, plan.units[0]);
    fake_advance(plan.fake, SIMTIME_S(5000));
    g_assert_cmpuint(fake_facts(plan.fake, FACT_NOTICED), ==, 2);
    g_assert_cmpuint(fake_facts(plan.fake, FACT_DECIDED), ==, 0);
    g_assert_false(fake_declared(plan.fake, plan.east));
    fake_free(plan.fake);
}

/* Somebody else's region is none of its business. */
static void test_other_region(void) {
    Plan plan = plan_new(PEOPLE);
    fake_start(plan.fake);
    fake_down(plan.fake, plan.units[1]);
    fake_advance(plan.fake, SIMTIME_S(5000));
    g_assert_cmpuint(fake_facts(plan.fake, FACT_NOTICED), ==, 0);
    fake_free(plan.fake);
}

/* ---- machines that stand by ----------------------------------------------------------------------------------------
 */

typedef struct {
    Fake *fake;
    PlaceId east, west;
    ComponentId groups[2];
} Pair;

static Pair pair_new(const char *keys) {
    Pair pair = {.fake = fake_new(6)};
    pair.east = fake_place(pair.fake, "east");
    pair.west = fake_place(pair.fake, "west");
    PlaceId places[] = {pair.east, pair.west};
    static const char *const names[] = {"web east", "web west"};
    for (int g = 0; g < 2; g++) {
        pair.groups[g] = fake_component(pair.fake, names[g], &kind_instances, keys, places[g]);
        for (int u = 0; u < 6; u++)
            fake_unit(pair.fake, pair.groups[g], places[g]);
    }
    fake_copies(pair.fake, pair.groups, 2);
    fake_start(pair.fake);
    return pair;
}

static void test_stands_by(void) {
    Pair pair =
        pair_new("{count: {min: 4, start: 4, max: 6}, primary: east, standby: 1, boot: 50 s, scaling: {enabled: no}}");
    g_assert_cmpuint(fake_count(pair.fake, pair.groups[0], UNIT_SERVING), ==, 4);
    g_assert_cmpuint(fake_count(pair.fake, pair.groups[1], UNIT_SERVING), ==, 1);
    fake_advance(pair.fake, SIMTIME_S(600));
    fake_declare(pair.fake, pair.east);
    g_assert_cmpuint(fake_count(pair.fake, pair.groups[1], UNIT_BOOTING), ==, 3);
    fake_advance(pair.fake, SIMTIME_S(650));
    g_assert_cmpuint(fake_count(pair.fake, pair.groups[1], UNIT_SERVING), ==, 4);
    g_assert_cmpuint(fake_count(pair.fake, pair.groups[0], UNIT_SERVING), ==, 4); /* nobody switched them off */
    fake_free(pair.fake);
}

/* What must be launched waits for the control plane that launches. */
static void test_stands_by_without_control(void) {
    Pair pair = pair_new("{count: {min: 4, start: 4, max: 6}, primary: east, boot: 50 s, scaling: {enabled: no}}");
    fake_control(pair.fake, pair.west, false);
    fake_declare(pair.fake, pair.east);
    fake_advance(pair.fake, SIMTIME_S(600));
    g_assert_cmpuint(fake_count(pair.fake, pair.groups[1], UNIT_ABSENT), ==, 6);
    g_assert_cmpuint(fake_facts(pair.fake, FACT_BLOCKED_ACTION), ==, 1);
    fake_control(pair.fake, pair.west, true);
    fake_advance(pair.fake, SIMTIME_S(650));
    g_assert_cmpuint(fake_count(pair.fake, pair.groups[1], UNIT_SERVING), ==, 4);
    fake_free(pair.fake);
}

static void test_standby_keys(void) {
    char *none = fake_check(&kind_instances, "{standby: 2}");
    g_assert_nonnull(strstr(none, "does not say for which region"));
    char *many = fake_check(&kind_instances, "{primary: east, standby: 9}");
    g_assert_nonnull(strstr(many, "more stand by than there can be"));
    g_free(none);
    g_free(many);
}

/* ---- a database from a backup --------------------------------------------------------------------------------------
 */

typedef struct {
    Fake *fake;
    PlaceId east, west;
    ComponentId copies[2];
    UnitId units[2];
} Backups;

static Backups backups_new(const char *keys) {
    Backups db = {.fake = fake_new(7)};
    db.east = fake_place(db.fake, "east");
    db.west = fake_place(db.fake, "west");
    PlaceId places[] = {db.east, db.west};
    static const char *const names[] = {"db east", "db west"};
    for (int c = 0; c < 2; c++) {
        db.copies[c] = fake_component(db.fake, names[c], &kind_database, keys, places[c]);
        db.units[c] = fake_unit(db.fake, db.copies[c], places[c]);
    }
    fake_copies(db.fake, db.copies, 2);
    fake_start(db.fake);
    return db;
}

#define FROM_BACKUP                                                                                                   \
    "replicas: {regions: backup}, backup: {every: 1 h, restore: 30 min}, primary: east, region_promotion: declared, " \
    "service: 1 ms"

static void write_at(Backups *db, int copy, uint32_t number) {
    Request request = fake_request_of(db->fake, number);
    request.write = true;
    g_assert_cmpint(fake_request(db->fake, db->units[copy], request).kind, ==, OUTCOME_PASS);
}

/* A write every minute; what is gone is what came after the last backup, however many. */
static void test_backup(void) {
    Backups db = backups_new("{" FROM_BACKUP "}");
    g_assert_cmpint(fake_state_of(db.fake, db.units[0]), ==, UNIT_SERVING);
    g_assert_cmpint(fake_state_of(db.fake, db.units[1]), ==, UNIT_ABSENT);
    for (uint32_t minute = 0; minute < 200; minute++) {
        fake_advance(db.fake, SIMTIME_S(60 * minute));
        write_at(&db, 0, minute);
    }
    fake_advance(db.fake, SIMTIME_S(12000));
    fake_down(db.fake, db.units[0]);
    fake_advance(db.fake, SIMTIME_S(12600));
    g_assert_cmpint(fake_state_of(db.fake, db.units[1]), ==, UNIT_ABSENT); /* nobody has given the region up */
    fake_declare(db.fake, db.east);
    g_assert_cmpint(fake_state_of(db.fake, db.units[1]), ==, UNIT_BOOTING);
    fake_advance(db.fake, SIMTIME_S(12600 + 1799));
    g_assert_cmpuint(fake_facts(db.fake, FACT_PROMOTED), ==, 0);
    fake_advance(db.fake, SIMTIME_S(12600 + 1800));
    g_assert_cmpint(fake_state_of(db.fake, db.units[1]), ==, UNIT_SERVING);
    const Fact *gone = fake_last(db.fake, FACT_WRITES_GONE);
    g_assert_cmpint(gone->span.ns, >, 0);
    g_assert_cmpint(gone->span.ns, <=, SIMTIME_S(3600).ns);
    g_assert_cmpint(gone->amount, ==, (gone->span.ns - 1) / SIMTIME_S(60).ns); /* the last one came a minute before */
    write_at(&db, 1, 1000);
    fake_up(db.fake, db.units[0]); /* stale: it is not used again */
    g_assert_cmpint(fake_state_of(db.fake, db.units[0]), ==, UNIT_ABSENT);
    fake_free(db.fake);
}

/* Back before the restore is done: it stays what it was. */
static void test_backup_not_needed(void) {
    Backups db = backups_new("{" FROM_BACKUP "}");
    fake_down(db.fake, db.units[0]);
    fake_declare(db.fake, db.east);
    fake_advance(db.fake, SIMTIME_S(1000));
    fake_up(db.fake, db.units[0]);
    g_assert_cmpint(fake_state_of(db.fake, db.units[1]), ==, UNIT_ABSENT);
    fake_advance(db.fake, SIMTIME_S(5000));
    g_assert_cmpuint(fake_facts(db.fake, FACT_PROMOTED), ==, 0);
    g_assert_cmpuint(fake_facts(db.fake, FACT_WRITES_GONE), ==, 0);
    fake_free(db.fake);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/runbook/declares", test_declares);
    g_test_add_func("/runbook/prepares", test_prepares);
    g_test_add_func("/runbook/called-off", test_called_off);
    g_test_add_func("/runbook/other-region", test_other_region);
    g_test_add_func("/standby/wakes", test_stands_by);
    g_test_add_func("/standby/without-control", test_stands_by_without_control);
    g_test_add_func("/standby/keys", test_standby_keys);
    g_test_add_func("/backup/restored", test_backup);
    g_test_add_func("/backup/not-needed", test_backup_not_needed);
    return g_test_run();
}
