/* test_database.c - who takes writes, when somebody else does, and exactly what is gone when it does. */
#include <string.h>

#include "tests/unit/kinds/fake.h"

extern const Kind kind_database;

enum { COPIES = 3 };

typedef struct {
    Fake *fake;
    PlaceId regions[COPIES], zones[COPIES][2];
    ComponentId copies[COPIES];
    UnitId units[COPIES][2];
} Database;

/* A copy in each of `copies` regions 40 ms apart, each over two zones 1 ms apart. */
static Database database_new(const char *keys, uint32_t copies) {
    static const char *const regions[] = {"eu", "us", "za"};
    static const char *const zones[] = {"eu a", "eu b", "us a", "us b", "za a", "za b"};
    Database db = {.fake = fake_new(9)};
    for (uint32_t c = 0; c < copies; c++) {
        db.regions[c] = fake_place(db.fake, regions[c]);
        db.copies[c] = fake_component(db.fake, regions[c], &kind_database, keys, db.regions[c]);
        for (uint32_t z = 0; z < 2; z++) {
            db.zones[c][z] = fake_place(db.fake, zones[2 * c + z]);
            db.units[c][z] = fake_unit(db.fake, db.copies[c], db.zones[c][z]);
        }
        fake_distance(db.fake, db.zones[c][0], db.zones[c][1], SIMTIME_MS(1));
        for (uint32_t other = 0; other < c; other++) {
            fake_distance(db.fake, db.regions[c], db.regions[other], SIMTIME_MS(40));
            for (int z = 0; z < 4; z++)
                fake_distance(db.fake, db.zones[c][z / 2], db.zones[other][z % 2], SIMTIME_MS(40));
        }
    }
    fake_copies(db.fake, db.copies, copies);
    fake_start(db.fake);
    return db;
}

#define FAST "service: 3 ms, detect: 15 s, promotion: 60 s, lag: 500 ms"
#define ASYNC "replicas: {zones: sync, regions: async}, " FAST

static UnitId door(Database *db, int copy) {
    Request request = fake_request_of(db->fake, 0);
    return kind_database.door(fake_ctx(db->fake, db->copies[copy]), &request);
}

static Outcome ask(Database *db, int copy, uint32_t number, bool write) {
    Request request = fake_request_of(db->fake, number);
    request.write = write;
    return fake_request(db->fake, door(db, copy), request);
}

static void at_second(Database *db, int64_t second) { fake_advance(db->fake, SIMTIME_S(second)); }

/* The facts so far of a kind are at exactly these seconds; -1 ends the list. */
static void assert_seconds(const Database *db, FactKind kind, const int64_t *seconds) {
    uint32_t count = 0;
    for (; seconds[count] >= 0; count++)
        assert_ns(fake_fact(db->fake, kind, count)->at, SIMTIME_S(seconds[count]));
    g_assert_cmpuint(fake_facts(db->fake, kind), ==, count);
}
#define SECONDS(...) ((const int64_t[]){__VA_ARGS__, -1})
#define NEVER ((const int64_t[]){-1})

/* ---- Within a copy ---- */

static void test_zone_promotion(void) {
    Database db = database_new("{" FAST "}", 1);
    at_second(&db, 100);
    fake_zone(db.fake, db.zones[0][0], false);
    g_assert_cmpuint(door(&db, 0), ==, db.units[0][0]); /* clients still go to the dead one */
    at_second(&db, 500);
    assert_seconds(&db, FACT_NOTICED, SECONDS(115));
    assert_seconds(&db, FACT_PROMOTING, SECONDS(115));
    assert_seconds(&db, FACT_PROMOTED, SECONDS(175));
    g_assert_cmpuint(fake_fact(db.fake, FACT_NOTICED, 0)->unit, ==, db.units[0][0]);
    g_assert_cmpuint(fake_fact(db.fake, FACT_PROMOTED, 0)->unit, ==, db.units[0][1]);
    g_assert_cmpuint(fake_facts(db.fake, FACT_WRITES_GONE), ==, 0); /* the standby was in step */
    g_assert_cmpuint(door(&db, 0), ==, db.units[0][1]);
    fake_zone(db.fake, db.zones[0][0], true); /* now a standby: nothing changes */
    at_second(&db, 900);
    g_assert_cmpuint(door(&db, 0), ==, db.units[0][1]);
    fake_zone(db.fake, db.zones[0][1], false);
    at_second(&db, 1000);
    assert_seconds(&db, FACT_PROMOTED, SECONDS(175, 975));
    g_assert_cmpuint(door(&db, 0), ==, db.units[0][0]);
    fake_free(db.fake);
}

/* The region's control plane has no part in it. */
static void test_zone_promotion_without_control(void) {
    Database db = database_new("{" FAST "}", 1);
    fake_control(db.fake, db.regions[0], false);
    fake_zone(db.fake, db.zones[0][0], false);
    at_second(&db, 500);
    assert_seconds(&db, FACT_PROMOTED, SECONDS(75));
    fake_free(db.fake);
}

/* Back before the promotion is done: nothing happened; and an old appointment does not hasten the next. */
static void test_zone_back_in_time(void) {
    Database db = database_new("{" FAST "}", 1);
    at_second(&db, 100);
    fake_zone(db.fake, db.zones[0][0], false);
    at_second(&db, 170);
    fake_zone(db.fake, db.zones[0][0], true);
    at_second(&db, 172);
    fake_zone(db.fake, db.zones[0][0], false);
    at_second(&db, 500);
    assert_seconds(&db, FACT_NOTICED, SECONDS(115, 187));
    assert_seconds(&db, FACT_PROMOTED, SECONDS(247));
    fake_free(db.fake);
}

/* Both zones of a single region: nobody to promote, until the standby is back alone. */
static void test_whole_region_alone(void) {
    Database db = database_new("{" FAST "}", 1);
    fake_zone(db.fake, db.regions[0], false);
    at_second(&db, 500);
    assert_seconds(&db, FACT_PROMOTING, NEVER);
    fake_zone(db.fake, db.zones[0][1], true);
    at_second(&db, 600);
    assert_seconds(&db, FACT_PROMOTED, SECONDS(575));
    fake_free(db.fake);
}

/* Copied to other regions, if there were any. */
static void test_lone_copy(void) {
    Database db = database_new("{" ASYNC "}", 1);
    fake_zone(db.fake, db.regions[0], false);
    at_second(&db, 500);
    assert_seconds(&db, FACT_NOTICED, NEVER);
    assert_seconds(&db, FACT_DECIDED, NEVER);
    fake_free(db.fake);
}

/* The standby dies while it is promoted. When it is back it begins anew. */
static void test_standby_dies_too(void) {
    Database db = database_new("{" FAST "}", 1);
    fake_zone(db.fake, db.zones[0][0], false);
    at_second(&db, 50);
    fake_zone(db.fake, db.zones[0][1], false);
    at_second(&db, 60);
    fake_zone(db.fake, db.zones[0][1], true);
    at_second(&db, 500);
    assert_seconds(&db, FACT_PROMOTED, SECONDS(135));
    fake_free(db.fake);
}

static void test_no_standby(void) {
    Database db = database_new("{replicas: {zones: none}, " FAST "}", 1);
    g_assert_cmpint(fake_state_of(db.fake, db.units[0][0]), ==, UNIT_SERVING);
    g_assert_cmpint(fake_state_of(db.fake, db.units[0][1]), ==, UNIT_ABSENT);
    fake_zone(db.fake, db.zones[0][0], false);
    at_second(&db, 500);
    assert_seconds(&db, FACT_PROMOTING, NEVER);
    g_assert_cmpuint(door(&db, 0), ==, db.units[0][0]);
    fake_free(db.fake);
}

/* ---- Between copies ---- */

static void test_region_promotion(void) {
    Database db = database_new("{" ASYNC "}", 2);
    at_second(&db, 100);
    fake_zone(db.fake, db.zones[0][0], false); /* the zone alone is the copy's own business */
    at_second(&db, 200);
    g_assert_cmpuint(fake_facts(db.fake, FACT_DECIDED), ==, 0);
    fake_zone(db.fake, db.regions[0], false);
    at_second(&db, 500);
    const Fact *seen = fake_last(db.fake, FACT_NOTICED);
    assert_ns(seen->at, SIMTIME_S(215));
    g_assert_cmpuint(seen->other, ==, db.copies[0]);
    assert_seconds(&db, FACT_DECIDED, SECONDS(215));
    g_assert_cmpint(fake_last(db.fake, FACT_DECIDED)->amount, ==, DECISION_PROMOTE);
    assert_seconds(&db, FACT_PROMOTING, SECONDS(115, 215));
    assert_seconds(&db, FACT_PROMOTED, SECONDS(175, 275));
    g_assert_cmpuint(fake_last(db.fake, FACT_PROMOTED)->unit, ==, db.units[1][0]);
    assert_ns(ask(&db, 1, 0, true).ready,
              SIMTIME_MS(500005)); /* writes itself now: 3 ms, and to its own standby and back */
    /* The old writer comes back as a follower, and forwards. */
    fake_zone(db.fake, db.regions[0], true);
    at_second(&db, 900);
    assert_seconds(&db, FACT_PROMOTED, SECONDS(175, 275));
    assert_ns(ask(&db, 0, 1, true).ready, SIMTIME_MS(900085));
    fake_free(db.fake);
}

/* Acknowledged at 99.001, 99.002, ... The lag is 500 ms, and 40 ms of distance: gone is (99.460, 100.000]. */
static void test_exactly_the_lag_is_gone(void) {
    Database db = database_new("{replicas: {zones: none, regions: async}, service: 0 s, detect: 15 s, promotion: 60 s, "
                               "lag: 500 ms}",
                               2);
    for (uint32_t i = 1; i <= 1200; i++) { /* up to 100.200, when it is dead already: those in flight */
        fake_advance(db.fake, SIMTIME_MS(98000));
        Request request = fake_request_of(db.fake, i);
        request.now = SIMTIME_MS(99000 + i);
        request.write = true;
        fake_request(db.fake, db.units[0][0], request);
        request.write = false;
        fake_request(db.fake, db.units[0][0], request);
    }
    at_second(&db, 100);
    fake_zone(db.fake, db.regions[0], false);
    at_second(&db, 120);
    fake_control(db.fake, db.regions[0], false); /* whatever else happens: it died at 100 */
    at_second(&db, 500);
    const Fact *gone = fake_last(db.fake, FACT_WRITES_GONE);
    assert_ns(gone->at, SIMTIME_S(175));
    assert_ns(gone->span, SIMTIME_MS(540));
    g_assert_cmpint(gone->amount, ==, 540);
    g_assert_cmpuint(gone->other, ==, db.copies[1]);
    fake_free(db.fake);
}

/* A request whose plan changed was met twice; the later plan counts. A retry is another write. */
static void test_replanned_write_counts_once(void) {
    Database db = database_new("{replicas: {zones: none, regions: async}, service: 0 s, detect: 15 s, promotion: 60 s, "
                               "lag: 500 ms}",
                               2);
    static const struct {
        uint32_t session, number;
        uint8_t attempt;
        int64_t ms;
    } writes[] = {{1, 0, 0, 99700}, {1, 0, 0, 99800},  /* once */
                  {1, 1, 0, 99800},                    /* the same session's next */
                  {1, 1, 1, 99900},                    /* its retry */
                  {2, 0, 0, 99900}, {2, 0, 0, 100100}, /* put off until the writer was dead: never acknowledged */
                  {3, 0, 0, 98000}};                   /* long copied */
    at_second(&db, 90);
    for (size_t i = 0; i < G_N_ELEMENTS(writes); i++) {
        Request request = fake_request_of(db.fake, writes[i].session);
        request.number = writes[i].number;
        request.attempt = writes[i].attempt;
        request.now = SIMTIME_MS(writes[i].ms);
        request.write = true;
        fake_request(db.fake, db.units[0][0], request);
    }
    at_second(&db, 100);
    fake_zone(db.fake, db.regions[0], false);
    at_second(&db, 500);
    g_assert_cmpint(fake_last(db.fake, FACT_WRITES_GONE)->amount, ==, 3);
    fake_free(db.fake);
}

/* More writes than are remembered; the latest are. */
static void test_many_writes(void) {
    Database db = database_new("{replicas: {zones: none, regions: async}, service: 0 s, detect: 15 s, promotion: 60 s, "
                               "lag: 460 ms}",
                               2);
    for (uint32_t i = 1; i <= 100000; i++) {
        fake_advance(db.fake, SIMTIME_MS((int64_t)i));
        ask(&db, 0, i, true);
    }
    fake_zone(db.fake, db.regions[0], false);
    at_second(&db, 500);
    g_assert_cmpint(fake_last(db.fake, FACT_WRITES_GONE)->amount, ==, 500);
    fake_free(db.fake);
}

/* People decide: the phases are told apart by their instants. */
static void test_manual(void) {
    Database db = database_new("{region_promotion: manual, decision: 900 s, " ASYNC "}", 2);
    at_second(&db, 100);
    fake_zone(db.fake, db.regions[0], false);
    at_second(&db, 2000);
    assert_seconds(&db, FACT_NOTICED, SECONDS(115));
    assert_seconds(&db, FACT_DECIDED, SECONDS(1015));
    assert_seconds(&db, FACT_PROMOTING, SECONDS(1015));
    assert_seconds(&db, FACT_PROMOTED, SECONDS(1075));
    fake_free(db.fake);
}

static void test_no_data_loss_allowed(void) {
    Database db = database_new("{allow_data_loss: no, " ASYNC "}", 2);
    fake_zone(db.fake, db.regions[0], false);
    at_second(&db, 100000);
    assert_seconds(&db, FACT_PROMOTING, NEVER);
    Outcome outcome = ask(&db, 1, 0, true);
    g_assert_cmpint(outcome.cause, ==, CAUSE_READ_ONLY);
    fake_zone(db.fake, db.regions[0], true);
    g_assert_cmpint(ask(&db, 1, 0, true).kind, ==, OUTCOME_PASS);
    fake_free(db.fake);
}

/* The heir's control plane is dead: it is said once; the order goes out when the plane is back, without new detection.
 */
static void test_waits_for_control(void) {
    Database db = database_new("{" ASYNC "}", 2);
    fake_control(db.fake, db.regions[1], false);
    fake_zone(db.fake, db.regions[0], false);
    at_second(&db, 1000);
    fake_down(db.fake, db.units[1][1]);
    fake_up(db.fake, db.units[1][1]);
    assert_seconds(&db, FACT_BLOCKED_ACTION, SECONDS(15));
    g_assert_cmpint(fake_fact(db.fake, FACT_BLOCKED_ACTION, 0)->amount, ==, DECISION_PROMOTE);
    assert_seconds(&db, FACT_PROMOTING, NEVER);
    fake_control(db.fake, db.regions[1], true);
    assert_seconds(&db, FACT_PROMOTING, SECONDS(1000));
    fake_control(db.fake, db.regions[1], false); /* the order is taken: it goes on */
    at_second(&db, 2000);
    assert_seconds(&db, FACT_PROMOTED, SECONDS(1060));
    assert_seconds(&db, FACT_NOTICED, SECONDS(15));
    assert_seconds(&db, FACT_DECIDED, SECONDS(15));
    fake_free(db.fake);
}

/* Each time that it has to wait is said. */
static void test_waits_again(void) {
    Database db = database_new("{" ASYNC "}", 3);
    fake_control(db.fake, db.regions[1], false);
    fake_control(db.fake, db.regions[2], false);
    for (int64_t round = 0; round < 2; round++) {
        fake_zone(db.fake, db.regions[0], false);
        at_second(&db, 100 * round + 50);
        fake_zone(db.fake, db.regions[0], true);
        at_second(&db, 100 * round + 100);
    }
    assert_seconds(&db, FACT_BLOCKED_ACTION, SECONDS(15, 115));
    fake_zone(db.fake, db.regions[0], false);
    at_second(&db, 230);
    fake_control(db.fake, db.regions[1], true);
    at_second(&db, 250);
    fake_zone(db.fake, db.regions[1], false); /* the heir dies, and the third may not take over */
    at_second(&db, 300);
    assert_seconds(&db, FACT_PROMOTING, SECONDS(230));
    assert_seconds(&db, FACT_BLOCKED_ACTION, SECONDS(15, 115, 215, 250));
    fake_free(db.fake);
}

/* Of three, the first that lives and takes orders; and when that one dies meanwhile, the next, from the start. */
static void test_choice_of_heir(void) {
    Database db = database_new("{" ASYNC "}", 3);
    fake_control(db.fake, db.regions[1], false);
    fake_zone(db.fake, db.regions[0], false);
    at_second(&db, 200);
    g_assert_cmpuint(fake_last(db.fake, FACT_PROMOTED)->unit, ==, db.units[2][0]);
    fake_free(db.fake);
    db = database_new("{" ASYNC "}", 3);
    fake_zone(db.fake, db.regions[0], false);
    at_second(&db, 50);
    fake_zone(db.fake, db.regions[1], false);
    at_second(&db, 200);
    assert_seconds(&db, FACT_PROMOTING, SECONDS(15, 50));
    assert_seconds(&db, FACT_PROMOTED, SECONDS(110));
    g_assert_cmpuint(fake_last(db.fake, FACT_PROMOTED)->unit, ==, db.units[2][0]);
    fake_free(db.fake);
}

/* Nobody is left: the first that comes back takes over, the old writer at once. */
static void test_all_dead(void) {
    for (int writer_first = 0; writer_first < 2; writer_first++) {
        Database db = database_new("{" ASYNC "}", 2);
        fake_zone(db.fake, db.regions[0], false);
        fake_zone(db.fake, db.regions[1], false);
        at_second(&db, 600);
        assert_seconds(&db, FACT_PROMOTING, NEVER);
        assert_seconds(&db, FACT_BLOCKED_ACTION, NEVER); /* no control plane is to blame */
        fake_zone(db.fake, db.regions[writer_first ? 0 : 1], true);
        at_second(&db, 1000);
        if (writer_first)
            assert_seconds(&db, FACT_PROMOTED, NEVER);
        else
            assert_seconds(&db, FACT_PROMOTED, SECONDS(660));
        fake_free(db.fake);
    }
}

/* The writer comes back at any time before the promotion, while it is detected, decided or promoted: it stays the
 * writer, nothing is gone; and what dies again is detected again, not by appointments of the time before. */
static void test_writer_back_in_time(void) {
    static const int64_t back[] = {10, 500, 950}, again[] = {1, 5000};
    for (size_t i = 0; i < G_N_ELEMENTS(back) * G_N_ELEMENTS(again); i++) {
        Database db = database_new("{region_promotion: manual, decision: 900 s, " ASYNC "}", 2);
        int64_t dies = back[i / 2] + again[i % 2];
        ask(&db, 0, 0, true);
        fake_zone(db.fake, db.regions[0], false);
        at_second(&db, back[i / 2]);
        fake_zone(db.fake, db.regions[0], true);
        fake_forget(db.fake);
        at_second(&db, dies);
        fake_zone(db.fake, db.regions[0], false);
        at_second(&db, dies + 974);
        assert_seconds(&db, FACT_PROMOTED, NEVER);
        g_assert_cmpuint(fake_facts(db.fake, FACT_WRITES_GONE), ==, 0);
        at_second(&db, dies + 975);
        assert_seconds(&db, FACT_NOTICED, SECONDS(dies + 15));
        assert_seconds(&db, FACT_DECIDED, SECONDS(dies + 915));
        assert_seconds(&db, FACT_PROMOTED, SECONDS(dies + 975));
        fake_free(db.fake);
    }
}

/* ---- Requests ---- */

static void test_forwarding(void) {
    Database db = database_new("{primary: us, " ASYNC "}", 2);
    assert_ns(ask(&db, 0, 0, false).ready, SIMTIME_MS(3));         /* reads are local */
    assert_ns(ask(&db, 1, 1, true).ready, SIMTIME_MS(3 + 2));      /* to the standby and back */
    assert_ns(ask(&db, 0, 2, true).ready, SIMTIME_MS(3 + 2 + 80)); /* to the writer and back, too */
    fake_zone(db.fake, db.zones[1][1], false);
    assert_ns(ask(&db, 0, 3, true).ready, SIMTIME_MS(3 + 80)); /* no standby to wait for */
    fake_zone(db.fake, db.zones[1][0], false);
    Outcome outcome = ask(&db, 0, 4, true);
    g_assert_cmpint(outcome.kind, ==, OUTCOME_FAIL);
    g_assert_cmpint(outcome.cause, ==, CAUSE_READ_ONLY);
    assert_ns(outcome.ready, SIMTIME_S(1));
    g_assert_cmpint(ask(&db, 0, 5, false).kind, ==, OUTCOME_PASS);
    fake_free(db.fake);
}

static void test_forward_timeout(void) {
    Database db = database_new("{forward_timeout: 250 ms, " ASYNC "}", 2);
    fake_zone(db.fake, db.regions[0], false);
    assert_ns(ask(&db, 1, 0, true).ready, SIMTIME_MS(250));
    fake_free(db.fake);
}

/* Every region writes, or no region has what another has: each by itself, and nobody is promoted. */
static void test_each_for_itself(void) {
    static const char *const keys[] = {"{writers: every region, " ASYNC "}", "{replicas: {regions: none}, " FAST "}"};
    for (int i = 0; i < 2; i++) {
        Database db = database_new(keys[i], 2);
        assert_ns(ask(&db, 1, 0, true).ready, SIMTIME_MS(5));
        fake_zone(db.fake, db.regions[0], false);
        at_second(&db, 1000);
        assert_seconds(&db, FACT_PROMOTING, NEVER);
        assert_ns(ask(&db, 1, 1, true).ready, SIMTIME_MS(1000005));
        fake_free(db.fake);
    }
}

static void test_slow(void) {
    Database db = database_new("{" FAST "}", 1);
    Condition slow = CONDITION_HEALTHY;
    slow.speed = WHOLE / 4;
    fake_bend(db.fake, db.units[0][0], slow);
    assert_ns(ask(&db, 0, 0, false).ready, SIMTIME_MS(12));
    fake_free(db.fake);
}

static void test_check(void) {
    char *text = fake_check(&kind_database, "{writers: every region}");
    g_assert_nonnull(strstr(text, "no region hears of another's writes"));
    g_free(text);
    text = fake_check(&kind_database, NULL);
    g_assert_cmpstr(text, ==, "");
    g_free(text);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/database/zone-promotion", test_zone_promotion);
    g_test_add_func("/database/zone-promotion-without-control", test_zone_promotion_without_control);
    g_test_add_func("/database/zone-back-in-time", test_zone_back_in_time);
    g_test_add_func("/database/whole-region-alone", test_whole_region_alone);
    g_test_add_func("/database/lone-copy", test_lone_copy);
    g_test_add_func("/database/standby-dies-too", test_standby_dies_too);
    g_test_add_func("/database/no-standby", test_no_standby);
    g_test_add_func("/database/region-promotion", test_region_promotion);
    g_test_add_func("/database/exactly-the-lag-is-gone", test_exactly_the_lag_is_gone);
    g_test_add_func("/database/replanned-write-counts-once", test_replanned_write_counts_once);
    g_test_add_func("/database/many-writes", test_many_writes);
    g_test_add_func("/database/manual", test_manual);
    g_test_add_func("/database/no-data-loss-allowed", test_no_data_loss_allowed);
    g_test_add_func("/database/waits-for-control", test_waits_for_control);
    g_test_add_func("/database/waits-again", test_waits_again);
    g_test_add_func("/database/choice-of-heir", test_choice_of_heir);
    g_test_add_func("/database/all-dead", test_all_dead);
    g_test_add_func("/database/writer-back-in-time", test_writer_back_in_time);
    g_test_add_func("/database/forwarding", test_forwarding);
    g_test_add_func("/database/forward-timeout", test_forward_timeout);
    g_test_add_func("/database/each-for-itself", test_each_for_itself);
    g_test_add_func("/database/slow", test_slow);
    g_test_add_func("/database/check", test_check);
    return g_test_run();
}
