/* test_path.c - the phases of a critical path: they add up, and exactly those move whose step moved. */
#include "measure/path.h"
#include "tests/unit/measure/story.h"

/* A region dies at 100 s; the site comes back step by step. All times in seconds. */
typedef struct {
    double notice, decide, publish, refresh; /* the name */
    double db_notice, db_decide, promoted;   /* the data */
    double scale, order, boot, trusted;      /* capacity */
    double success;
} Steps;

static const Steps usual = {170, 170, 172, 230, 130, 131, 190, 240, 242, 300, 320, 321};

static void tell_steps(Path *path, const Steps *s) {
    const struct {
        double at;
        Fact fact;
    } facts[] = {
        {s->db_notice, {.kind = FACT_NOTICED, .component = DB_B, .unit = NO_UNIT, .amount = 0}},
        {s->db_decide, {.kind = FACT_DECIDED, .component = DB_B, .amount = DECISION_PROMOTE}},
        {s->db_decide, {.kind = FACT_PROMOTING, .component = DB_B, .unit = 80}},
        {s->notice, {.kind = FACT_NOTICED, .component = DNS, .unit = NO_UNIT, .other = LB_A, .amount = 0}},
        {s->decide, {.kind = FACT_DECIDED, .component = DNS, .amount = DECISION_EDIT_NAME}},
        {s->publish, {.kind = FACT_PUBLISHED, .component = DNS, .other = LB_A, .amount = 1}},
        {s->promoted, {.kind = FACT_PROMOTED, .component = DB_B, .unit = 80}},
        {s->refresh - 30, {.kind = FACT_REFRESHED, .component = EUROPE, .amount = 0, .other = LB_B}},
        {s->refresh, {.kind = FACT_REFRESHED, .component = EUROPE, .amount = 1, .other = LB_B}},
        {s->scale, {.kind = FACT_DECIDED, .component = WEB_B, .amount = DECISION_LAUNCH}},
        {s->order, {.kind = FACT_LAUNCHING, .component = WEB_B, .unit = 75}},
        {s->boot, {.kind = FACT_SERVING, .component = WEB_B, .unit = 75}},
        {s->trusted, {.kind = FACT_NOTICED, .component = LB_B, .unit = 75, .amount = 1}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++) {
        Fact fact = facts[i].fact;
        fact.at = at_s(facts[i].at);
        path_see(path, &fact);
    }
}

static void split(const Steps *steps, TrialKind wanted, SimTime phases[PHASES]) {
    Path path;
    path_init(&path);
    tell_steps(&path, steps);
    path_split(&path, at_s(100), at_s(steps->success), SIMTIME_ZERO, wanted, phases);
    path_clear(&path);
    int64_t sum = 0;
    for (int p = 0; p < PHASES; p++) {
        g_assert_cmpint(phases[p].ns, >=, 0);
        sum += phases[p].ns;
    }
    g_assert_cmpint(sum, ==, at_s(steps->success).ns - at_s(100).ns);
}

static void check(const Steps *steps, TrialKind wanted, const double expected[PHASES]) {
    SimTime phases[PHASES];
    split(steps, wanted, phases);
    for (int p = 0; p < PHASES; p++) {
        if (phases[p].ns != at_s(expected[p]).ns)
            g_test_message("%s: %g s, not %g s", phase_name((Phase)p), (double)phases[p].ns / 1e9, expected[p]);
        g_assert_cmpint(phases[p].ns, ==, at_s(expected[p]).ns);
    }
}

static void test_name(void) {
    Steps steps = usual;
    steps.success = 231;
    check(&steps, TRIAL_WANTS_NAME,
          (double[PHASES]){[PHASE_DETECT] = 70, [PHASE_PUBLISH] = 2, [PHASE_CLIENT_CACHE] = 58, [PHASE_REBALANCE] = 1});
    steps.decide = 171;
    check(&steps, TRIAL_WANTS_NAME,
          (double[PHASES]){[PHASE_DETECT] = 70,
                           [PHASE_DECIDE] = 1,
                           [PHASE_PUBLISH] = 1,
                           [PHASE_CLIENT_CACHE] = 58,
                           [PHASE_REBALANCE] = 1});
}

static void test_data(void) {
    Steps steps = usual;
    steps.success = 191;
    check(&steps, TRIAL_WANTS_DATA,
          (double[PHASES]){[PHASE_DETECT] = 30, [PHASE_DECIDE] = 1, [PHASE_PROMOTE_DATA] = 59, [PHASE_REBALANCE] = 1});
}

static void test_room(void) {
    check(&usual, TRIAL_WANTS_ROOM,
          (double[PHASES]){[PHASE_DETECT] = 70,
                           [PHASE_PUBLISH] = 2,
                           [PHASE_CLIENT_CACHE] = 58,
                           [PHASE_DECIDE] = 10,
                           [PHASE_PROVISION] = 60,
                           [PHASE_WARM_UP] = 20,
                           [PHASE_REBALANCE] = 1});
}

/* Move one instant by a second: only the two phases that meet there change, or none if it is not on the path. */
static void moves(size_t offset, TrialKind wanted, int longer, int shorter) {
    Steps moved = usual;
    *(double *)(gpointer)((char *)&moved + offset) += 1;
    SimTime before[PHASES], after[PHASES];
    split(&usual, wanted, before);
    split(&moved, wanted, after);
    for (int p = 0; p < PHASES; p++) {
        int64_t expected = (p == longer) * SIMTIME_S(1).ns - (p == shorter) * SIMTIME_S(1).ns;
        g_assert_cmpint(after[p].ns - before[p].ns, ==, expected);
    }
}

static void test_one_step_moves(void) {
    enum { NOWHERE = -1 };
    moves(offsetof(Steps, publish), TRIAL_WANTS_ROOM, PHASE_PUBLISH, PHASE_CLIENT_CACHE);
    moves(offsetof(Steps, refresh), TRIAL_WANTS_ROOM, PHASE_CLIENT_CACHE, PHASE_DECIDE);
    moves(offsetof(Steps, scale), TRIAL_WANTS_ROOM, PHASE_DECIDE, PHASE_PROVISION);
    moves(offsetof(Steps, order), TRIAL_WANTS_ROOM, NOWHERE, NOWHERE); /* both sides of it are provisioning */
    moves(offsetof(Steps, boot), TRIAL_WANTS_ROOM, PHASE_PROVISION, PHASE_WARM_UP);
    moves(offsetof(Steps, trusted), TRIAL_WANTS_ROOM, PHASE_WARM_UP, PHASE_REBALANCE);
    moves(offsetof(Steps, success), TRIAL_WANTS_ROOM, PHASE_REBALANCE, NOWHERE);
    moves(offsetof(Steps, promoted), TRIAL_WANTS_ROOM, NOWHERE, NOWHERE);
    moves(offsetof(Steps, db_notice), TRIAL_WANTS_ROOM, NOWHERE, NOWHERE);
    moves(offsetof(Steps, db_notice), TRIAL_WANTS_DATA, PHASE_DETECT, PHASE_DECIDE);
    moves(offsetof(Steps, db_decide), TRIAL_WANTS_DATA, PHASE_DECIDE, PHASE_PROMOTE_DATA);
    moves(offsetof(Steps, promoted), TRIAL_WANTS_DATA, PHASE_PROMOTE_DATA, PHASE_REBALANCE);
    moves(offsetof(Steps, boot), TRIAL_WANTS_DATA, NOWHERE, NOWHERE);
}

/* People who take ten minutes to decide are in `decide`, even when the order is noted at once. */
static void test_decision_takes_time(void) {
    Path path;
    path_init(&path);
    const Fact facts[] = {
        {.kind = FACT_NOTICED, .at = SIMTIME_S(130), .component = DB_B},
        {.kind = FACT_DECIDED,
         .at = SIMTIME_S(130),
         .component = DB_B,
         .amount = DECISION_PROMOTE,
         .span = SIMTIME_S(600)},
        {.kind = FACT_PROMOTING, .at = SIMTIME_S(130), .component = DB_B},
        {.kind = FACT_PROMOTED, .at = SIMTIME_S(790), .component = DB_B},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++)
        path_see(&path, &facts[i]);
    SimTime phases[PHASES];
    path_split(&path, SIMTIME_S(100), SIMTIME_S(791), SIMTIME_ZERO, TRIAL_WANTS_DATA, phases);
    g_assert_cmpint(phases[PHASE_DETECT].ns, ==, SIMTIME_S(30).ns);
    g_assert_cmpint(phases[PHASE_DECIDE].ns, ==, SIMTIME_S(600).ns);
    g_assert_cmpint(phases[PHASE_PROMOTE_DATA].ns, ==, SIMTIME_S(60).ns);
    g_assert_cmpint(phases[PHASE_REBALANCE].ns, ==, SIMTIME_S(1).ns);
    path_clear(&path);
}

/* A balancer takes a dead zone's address out of its own name: what follows is the clients' caches. A group that
 * replaces machines at the same time is not what users waited for. */
static void test_zone(void) {
    Path path;
    path_init(&path);
    const Fact facts[] = {
        {.kind = FACT_NOTICED, .at = SIMTIME_S(135), .component = LB_A, .unit = 40, .amount = 0},
        {.kind = FACT_PUBLISHED, .at = SIMTIME_S(135), .component = LB_A, .unit = 30, .other = LB_A},
        {.kind = FACT_NOTICED, .at = SIMTIME_S(150), .component = WEB_A, .unit = 40, .amount = 0},
        {.kind = FACT_DECIDED, .at = SIMTIME_S(150), .component = WEB_A, .unit = 40, .amount = DECISION_LAUNCH},
        {.kind = FACT_LAUNCHING, .at = SIMTIME_S(150), .component = WEB_A, .unit = 45},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++)
        path_see(&path, &facts[i]);
    SimTime phases[PHASES];
    path_split(&path, SIMTIME_S(100), SIMTIME_S(190), SIMTIME_ZERO, TRIAL_WANTS_PLACE, phases);
    g_assert_cmpint(phases[PHASE_DETECT].ns, ==, SIMTIME_S(35).ns);
    g_assert_cmpint(phases[PHASE_PUBLISH].ns, ==, 0);
    g_assert_cmpint(phases[PHASE_CLIENT_CACHE].ns, ==, SIMTIME_S(55).ns);
    path_clear(&path);
}

/* Later refreshes of the same resolver, and refreshes before anything was published, are not what users waited for. */
static void test_refreshes_that_help_nobody(void) {
    Path path;
    path_init(&path);
    const Fact facts[] = {
        {.kind = FACT_REFRESHED, .at = SIMTIME_S(105), .component = EUROPE, .amount = 3},
        {.kind = FACT_NOTICED, .at = SIMTIME_S(110), .component = DNS, .amount = 0},
        {.kind = FACT_PUBLISHED, .at = SIMTIME_S(110), .component = DNS, .other = LB_A},
        {.kind = FACT_REFRESHED, .at = SIMTIME_S(120), .component = EUROPE, .amount = 3},
        {.kind = FACT_REFRESHED, .at = SIMTIME_S(125), .component = AMERICA, .amount = 3},
        {.kind = FACT_REFRESHED, .at = SIMTIME_S(140), .component = EUROPE, .amount = 3},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++)
        path_see(&path, &facts[i]);
    g_assert_cmpint(path.milestones->len, ==, 4);
    SimTime phases[PHASES];
    path_split(&path, SIMTIME_S(100), SIMTIME_S(141), SIMTIME_ZERO, TRIAL_WANTS_NAME, phases);
    g_assert_cmpint(phases[PHASE_CLIENT_CACHE].ns, ==, SIMTIME_S(15).ns);
    g_assert_cmpint(phases[PHASE_REBALANCE].ns, ==, SIMTIME_S(16).ns);
    path_clear(&path);
}

static void test_repair_and_nothing(void) {
    Path path;
    path_init(&path);
    SimTime phases[PHASES];
    path_split(&path, SIMTIME_S(100), SIMTIME_S(130), SIMTIME_ZERO, TRIAL_WANTS_PLACE, phases);
    g_assert_cmpint(phases[PHASE_REBALANCE].ns, ==, SIMTIME_S(30).ns);
    path_see(&path, &(Fact){.kind = FACT_FAULT_ENDED, .at = SIMTIME_S(120)});
    path_split(&path, SIMTIME_S(100), SIMTIME_S(130), SIMTIME_ZERO, TRIAL_WANTS_PLACE, phases);
    g_assert_cmpint(phases[PHASE_REPAIR].ns, ==, SIMTIME_S(20).ns);
    g_assert_cmpint(phases[PHASE_REBALANCE].ns, ==, SIMTIME_S(10).ns);
    path_clear(&path);
}

/* A window tolerates a few failures, so it may begin before the release; the path is cut off there. */
static void test_tolerated_failures(void) {
    Path path;
    path_init(&path);
    const Fact facts[] = {
        {.kind = FACT_NOTICED, .at = SIMTIME_S(110), .component = DNS, .amount = 0},
        {.kind = FACT_PUBLISHED, .at = SIMTIME_S(110), .component = DNS, .other = LB_A},
        {.kind = FACT_REFRESHED, .at = SIMTIME_S(120), .component = EUROPE, .amount = 3},
        {.kind = FACT_FAULT_ENDED, .at = SIMTIME_S(150)},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++)
        path_see(&path, &facts[i]);
    SimTime phases[PHASES];
    path_split(&path, SIMTIME_S(100), SIMTIME_S(140), SIMTIME_S(149), TRIAL_WANTS_ROOM, phases);
    g_assert_cmpint(phases[PHASE_REPAIR].ns, ==, SIMTIME_S(40).ns);
    path_split(&path, SIMTIME_S(100), SIMTIME_S(118), SIMTIME_S(119), TRIAL_WANTS_NAME, phases);
    g_assert_cmpint(phases[PHASE_DETECT].ns, ==, SIMTIME_S(10).ns);
    g_assert_cmpint(phases[PHASE_CLIENT_CACHE].ns, ==, SIMTIME_S(8).ns);
    g_assert_cmpint(phases[PHASE_REBALANCE].ns, ==, 0);
    path_clear(&path);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/path/name", test_name);
    g_test_add_func("/path/data", test_data);
    g_test_add_func("/path/room", test_room);
    g_test_add_func("/path/one step moves", test_one_step_moves);
    g_test_add_func("/path/decision takes time", test_decision_takes_time);
    g_test_add_func("/path/zone", test_zone);
    g_test_add_func("/path/refreshes that help nobody", test_refreshes_that_help_nobody);
    g_test_add_func("/path/tolerated failures", test_tolerated_failures);
    g_test_add_func("/path/repair and nothing", test_repair_and_nothing);
    return g_test_run();
}
