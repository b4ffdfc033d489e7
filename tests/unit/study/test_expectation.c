/* test_expectation.c - verdicts on samples made by hand: every statistic, ratios, pooled measures, too few
 * replications. */
#include <glib.h>

#include "study/expectation.h"

static const MeasurePopulation populations[] = {{"visitors", 0}};
static const char *const components[] = {"visitors", "db"};
static const MeasureFault faults[] = {{"region a", {100000000000}, {1000000000000}, 0}};
static const MeasureSetup setup = {.populations = populations,
                                   .population_count = 1,
                                   .faults = faults,
                                   .fault_count = 1,
                                   .components = components,
                                   .component_count = 2,
                                   .until = {600000000000}};

/* A replication with `sessions` sessions, of which `broken` break, `writes` lost, requests of these latencies (ms, 0
 * ends). */
typedef struct {
    int sessions, broken, writes, latencies[4];
} Shot;

static MeasureSet *set_of(const Shot *shots, uint64_t count) {
    MeasureSet *set = measure_set_new(&setup);
    for (uint64_t r = 0; r < count; r++) {
        measure_set_begin(set, r);
        for (int i = 0; i < shots[r].sessions; i++)
            measure_set_see(set, &(Fact){.kind = FACT_ARRIVED, .subject = (uint32_t)i, .other = UINT32_MAX});
        for (int i = 0; i < shots[r].broken; i++)
            measure_set_see(set, &(Fact){.kind = FACT_BROKEN, .subject = (uint32_t)i, .cause = CAUSE_FULL});
        measure_set_see(set, &(Fact){.kind = FACT_WRITES_GONE, .amount = shots[r].writes});
        for (int i = 0; i < 4 && shots[r].latencies[i]; i++)
            measure_set_see(set, &(Fact){.kind = FACT_SERVED, .span = SIMTIME_MS(shots[r].latencies[i])});
        measure_set_end(set, NULL);
    }
    return set;
}

static Expect expect_of(const char *metric, Statistic statistic, Comparison comparison, int64_t bound) {
    return (Expect){
        .kind = EXPECT_MEASURE, .metric = metric, .statistic = statistic, .comparison = comparison, .bound = bound};
}

static Judgement judge(const MeasureSet *set, Expect expect) { return expectation_judge(&expect, set, NULL, NULL); }

#define assert_finding(set, expect, finding)                                          \
    do {                                                                              \
        Judgement judgement_ = judge(set, expect);                                    \
        g_assert_cmpstr(finding_name(judgement_.verdict), ==, finding_name(finding)); \
        judgement_clear(&judgement_);                                                 \
    } while (0)

/* Lost writes 1, 2, 3, 4, 5: mean 3, interval 3 +- 1.963. */
static MeasureSet *five(void) {
    Shot shots[5];
    for (int i = 0; i < 5; i++)
        shots[i] = (Shot){.sessions = 10 * (i + 1), .broken = i + 1, .writes = i + 1, .latencies = {100 * (i + 1)}};
    return set_of(shots, 5);
}

static void test_mean(void) {
    MeasureSet *set = five();
    assert_finding(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_LESS_EQUAL, 5), FINDING_HOLDS);
    assert_finding(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_LESS_EQUAL, 4), FINDING_UNDECIDED);
    assert_finding(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_LESS_EQUAL, 1), FINDING_MISSED);
    assert_finding(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_GREATER, 1), FINDING_HOLDS);
    assert_finding(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_GREATER_EQUAL, 3), FINDING_UNDECIDED);
    assert_finding(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_GREATER, 5), FINDING_MISSED);
    assert_finding(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_EQUAL, 3), FINDING_UNDECIDED);
    assert_finding(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_EQUAL, 9), FINDING_MISSED);
    Judgement judgement = judge(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_LESS, 1));
    g_assert_cmpstr(judgement.measured, ==, "3 (1.04 to 4.96)");
    g_assert_cmpuint(judgement.replication, ==, 0);
    g_assert_cmpstr(judgement.counterexample, ==, "replication 0: 1");
    judgement_clear(&judgement);
    measure_set_free(set);
}

static void test_about_the_runs(void) {
    MeasureSet *set = five();
    assert_finding(set, expect_of("data_loss", STATISTIC_MAX, COMPARE_LESS_EQUAL, 5), FINDING_HOLDS);
    assert_finding(set, expect_of("data_loss", STATISTIC_MAX, COMPARE_LESS, 5), FINDING_MISSED);
    assert_finding(set, expect_of("data_loss", STATISTIC_MIN, COMPARE_GREATER_EQUAL, 1), FINDING_HOLDS);
    assert_finding(set, expect_of("data_loss", STATISTIC_MIN, COMPARE_GREATER, 1), FINDING_MISSED);
    assert_finding(set, expect_of("data_loss", STATISTIC_EVERY, COMPARE_LESS_EQUAL, 5), FINDING_HOLDS);
    assert_finding(set, expect_of("data_loss", STATISTIC_EVERY, COMPARE_GREATER_EQUAL, 1), FINDING_HOLDS);
    assert_finding(set, expect_of("data_loss", STATISTIC_EVERY, COMPARE_EQUAL, 1), FINDING_MISSED);
    assert_finding(set, expect_of("data_loss", STATISTIC_EVERY, COMPARE_EQUAL, 3), FINDING_MISSED);
    assert_finding(set, expect_of("detection_time", STATISTIC_EVERY, COMPARE_EQUAL, INT64_MAX), FINDING_UNDECIDED);
    Judgement judgement = judge(set, expect_of("data_loss", STATISTIC_EVERY, COMPARE_LESS, 3));
    g_assert_cmpint(judgement.verdict, ==, FINDING_MISSED);
    g_assert_cmpuint(judgement.replication, ==, 2);
    g_assert_cmpstr(judgement.counterexample, ==, "replication 2: 3");
    judgement_clear(&judgement);
    measure_set_free(set);
}

static void test_quantile(void) {
    enum { N = 400 };
    Shot *shots = g_new0(Shot, N);
    for (int i = 0; i < N; i++)
        shots[i].writes = (i * 7) % N; /* 0 to 399, shuffled */
    MeasureSet *set = set_of(shots, N);
    Expect p99 = expect_of("data_loss", STATISTIC_QUANTILE, COMPARE_LESS_EQUAL, 399);
    p99.quantile = 990000000;
    assert_finding(set, p99, FINDING_HOLDS);
    p99.bound = 396;
    assert_finding(set, p99, FINDING_UNDECIDED);
    p99.bound = 300;
    assert_finding(set, p99, FINDING_MISSED);
    Judgement judgement = judge(set, p99);
    g_assert_true(g_str_has_prefix(judgement.measured, "395 (39")); /* the 396th of 0, 1, 2, ... */
    judgement_clear(&judgement);
    measure_set_free(set);
    set = set_of(shots, 100); /* too few for both ends, but enough to see that it is missed */
    p99.bound = 690;
    assert_finding(set, p99, FINDING_UNDECIDED);
    p99.bound = 300;
    assert_finding(set, p99, FINDING_MISSED);
    measure_set_free(set);
    g_free(shots);
}

static void test_ratio(void) {
    MeasureSet *set = five(); /* one of ten breaks, in each */
    Expect ratio = expect_of("lost_sessions", STATISTIC_MEAN, COMPARE_LESS, 100000001);
    ratio.denominator = "sessions";
    assert_finding(set, ratio, FINDING_HOLDS);
    ratio.bound = 100000000;
    assert_finding(set, ratio, FINDING_MISSED);
    ratio.comparison = COMPARE_EQUAL;
    assert_finding(set, ratio, FINDING_HOLDS);
    Judgement judgement = judge(set, ratio);
    g_assert_cmpstr(judgement.measured, ==, "10 %");
    judgement_clear(&judgement);
    measure_set_free(set);
    /* The mean of a ratio is the share of all sessions, not the mean of shares. */
    const Shot unlike[] = {
        {.sessions = 10, .broken = 10}, {.sessions = 990, .broken = 0}, {.sessions = 990, .broken = 0}};
    set = set_of(unlike, 3);
    judgement = judge(set, ratio);
    g_assert_true(g_str_has_prefix(judgement.measured, "0.503 %"));
    judgement_clear(&judgement);
    ratio.statistic = STATISTIC_MAX;
    judgement = judge(set, ratio);
    g_assert_cmpstr(judgement.measured, ==, "100 %");
    judgement_clear(&judgement);
    measure_set_free(set);
}

static void test_pooled(void) {
    MeasureSet *set = five(); /* one request each: 100 to 500 ms */
    assert_finding(set, expect_of("request_latency", STATISTIC_MEAN, COMPARE_LESS, 500000000), FINDING_HOLDS);
    assert_finding(set, expect_of("request_latency", STATISTIC_MEAN, COMPARE_LESS, 300000000), FINDING_UNDECIDED);
    assert_finding(set, expect_of("request_latency", STATISTIC_MAX, COMPARE_LESS_EQUAL, 500000000), FINDING_HOLDS);
    assert_finding(set, expect_of("request_latency", STATISTIC_MAX, COMPARE_LESS_EQUAL, 499000000), FINDING_MISSED);
    assert_finding(set, expect_of("request_latency", STATISTIC_MIN, COMPARE_GREATER_EQUAL, 100000000), FINDING_HOLDS);
    Expect p90 = expect_of("request_latency", STATISTIC_QUANTILE, COMPARE_LESS, 800000000);
    p90.quantile = 900000000;
    assert_finding(set, p90, FINDING_HOLDS);
    p90.bound = 50000000;
    assert_finding(set, p90, FINDING_MISSED);
    measure_set_free(set);
}

static void test_too_few(void) {
    const Shot one[] = {{.writes = 3, .latencies = {100}}};
    MeasureSet *set = set_of(one, 1);
    Judgement judgement = judge(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_LESS, 100));
    g_assert_cmpint(judgement.verdict, ==, FINDING_UNDECIDED);
    g_assert_cmpstr(judgement.measured, ==, "3");
    g_assert_cmpstr(judgement.why, ==, "1 replication has no 95 % interval of the mean");
    judgement_clear(&judgement);
    assert_finding(set, expect_of("data_loss", STATISTIC_EVERY, COMPARE_LESS, 100), FINDING_HOLDS);
    assert_finding(set, expect_of("failover_time", STATISTIC_EVERY, COMPARE_LESS, 100), FINDING_UNDECIDED);
    measure_set_free(set);
    const Shot same[] = {{.writes = 3}, {.writes = 3}, {.writes = 3}};
    set = set_of(same, 3);
    assert_finding(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_EQUAL, 3), FINDING_HOLDS);
    assert_finding(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_LESS, 3), FINDING_MISSED);
    measure_set_free(set);
}

/* Recovers in replication 0 and 1, never in 2: a mean is infinite, a quantile may not be. */
static void test_never(void) {
    MeasureSet *set = measure_set_new(&setup);
    for (uint64_t r = 0; r < 3; r++) {
        measure_set_begin(set, r);
        uint32_t serial = 0;
        for (int64_t s = 10; s < 599; s++, serial++) {
            bool works = s < 100 || (r < 2 && s >= 130);
            Fact fact = {.kind = FACT_ARRIVED, .at = SIMTIME_S(s), .subject = serial, .other = UINT32_MAX};
            if (s == 100)
                measure_set_see(set, &(Fact){.kind = FACT_FAULT_BEGAN, .at = SIMTIME_S(s), .subject = 0});
            measure_set_see(set, &fact);
            fact.kind = works ? FACT_ESTABLISHED : FACT_BROKEN;
            fact.cause = works ? CAUSE_NONE : CAUSE_SILENT;
            measure_set_see(set, &fact);
        }
        measure_set_end(set, NULL);
    }
    Judgement judgement = judge(set, expect_of("failover_time", STATISTIC_MEAN, COMPARE_LESS, SIMTIME_S(500).ns));
    g_assert_cmpint(judgement.verdict, ==, FINDING_MISSED);
    g_assert_cmpstr(judgement.measured, ==, "never in 1 of 3 (6.15 % to 79.2 %)");
    g_assert_cmpstr(judgement.counterexample, ==, "replication 2: never");
    judgement_clear(&judgement);
    assert_finding(set, expect_of("detection_time", STATISTIC_EVERY, COMPARE_EQUAL, INT64_MAX), FINDING_HOLDS);
    assert_finding(set, expect_of("detection_time", STATISTIC_EVERY, COMPARE_LESS, SIMTIME_S(9).ns), FINDING_MISSED);
    judgement = judge(set, expect_of("detection_time", STATISTIC_MEAN, COMPARE_EQUAL, INT64_MAX));
    g_assert_cmpint(judgement.verdict, ==, FINDING_HOLDS);
    g_assert_cmpstr(judgement.measured, ==, "never, in any of 3");
    judgement_clear(&judgement);
    assert_finding(set, expect_of("failover_time", STATISTIC_MIN, COMPARE_LESS_EQUAL, SIMTIME_S(30).ns), FINDING_HOLDS);
    assert_finding(set, expect_of("failover_time", STATISTIC_MAX, COMPARE_LESS, INT64_MAX - 1), FINDING_MISSED);
    measure_set_free(set);
}

static void test_of(void) {
    MeasureSet *set = five();
    Expect of = expect_of("balance.arrived", STATISTIC_MAX, COMPARE_EQUAL, 50);
    assert_finding(set, of, FINDING_UNDECIDED);
    of.of = "visitors";
    assert_finding(set, of, FINDING_HOLDS);
    assert_finding(set, expect_of("balance.arrived[visitors]", STATISTIC_MAX, COMPARE_EQUAL, 50), FINDING_HOLDS);
    measure_set_free(set);
}

/* Beside the texts: numbers, for those who compare. */
static void test_numbers(void) {
    MeasureSet *set = five();
    Judgement judgement = judge(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_LESS, 1));
    g_assert_true(judgement.has_value && judgement.has_interval);
    g_assert_cmpint(judgement.unit, ==, UNIT_NONE);
    g_assert_cmpfloat(judgement.value, ==, 3);
    g_assert_cmpfloat_with_epsilon(judgement.low, 3 - 1.963, 0.001);
    g_assert_cmpfloat_with_epsilon(judgement.high, 3 + 1.963, 0.001);
    g_assert_cmpfloat(judgement.counter_value, ==, 1);
    judgement_clear(&judgement);
    Expect ratio = expect_of("lost_sessions", STATISTIC_MEAN, COMPARE_LESS, 1);
    ratio.denominator = "sessions";
    judgement = judge(set, ratio);
    g_assert_cmpint(judgement.unit, ==, UNIT_SHARE);
    g_assert_cmpfloat_with_epsilon(judgement.value, 1e8, 1);
    judgement_clear(&judgement);
    judgement = judge(set, expect_of("failover_time", STATISTIC_MEAN, COMPARE_LESS, 1));
    g_assert_false(judgement.has_value || judgement.has_interval);
    judgement_clear(&judgement);
    measure_set_free(set);
}

/* The interval is 3 +- 1.96, from 5 values: 4 is half as far away as its end, so it takes four times as many. */
static void test_undecided(void) {
    MeasureSet *set = five();
    Judgement judgement = judge(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_LESS_EQUAL, 4));
    g_assert_cmpstr(judgement.why, ==,
                    "the bound lies within the 95 % interval: more replications may tell (about 20, if the mean stays "
                    "where it is)");
    judgement_clear(&judgement);
    judgement = judge(set, expect_of("data_loss", STATISTIC_MEAN, COMPARE_LESS_EQUAL, 3));
    g_assert_cmpstr(judgement.why, ==, "the bound lies within the 95 % interval: more replications may tell");
    judgement_clear(&judgement);
    Expect of = expect_of("balance.arrived", STATISTIC_MAX, COMPARE_EQUAL, 50);
    of.of = "visitor";
    judgement = judge(set, of);
    g_assert_cmpint(judgement.verdict, ==, FINDING_UNDECIDED);
    g_assert_cmpstr(judgement.why, ==, "nothing was measured as balance.arrived of visitor; there is visitors");
    judgement_clear(&judgement);
    measure_set_free(set);
}

/* Only an error that nobody waives fails the whole. */
static void test_severity(void) {
    Expect expect = expect_of("data_loss", STATISTIC_MEAN, COMPARE_LESS, 1);
    g_assert_false(expectation_fails(&expect, FINDING_HOLDS));
    g_assert_true(expectation_fails(&expect, FINDING_MISSED));
    g_assert_true(expectation_fails(&expect, FINDING_UNDECIDED));
    expect.severity = EXPECT_WARNING;
    g_assert_false(expectation_fails(&expect, FINDING_MISSED));
    expect.severity = EXPECT_ERROR;
    expect.waiver.exists = true;
    g_assert_false(expectation_fails(&expect, FINDING_MISSED));
}

typedef struct {
    const char *metric, *denominator;
    Statistic statistic;
    int64_t quantile;
    uint64_t replications;
    bool decidable;
    uint64_t needed;
} Row;

static void test_decidable(void) {
    static const Row rows[] = {
        {"failover_time", NULL, STATISTIC_QUANTILE, 990000000, 367, false, 368},
        {"failover_time", NULL, STATISTIC_QUANTILE, 990000000, 368, true, 368},
        {"failover_time", NULL, STATISTIC_QUANTILE, 500000000, 5, false, 6},
        {"failover_time", NULL, STATISTIC_QUANTILE, 999000000, 3000, false, 3688},
        {"request_latency", NULL, STATISTIC_QUANTILE, 990000000, 2, true, 2},
        {"request_latency", NULL, STATISTIC_QUANTILE, 990000000, 1, false, 2},
        {"lost_sessions.new", "sessions", STATISTIC_MEAN, 0, 1, false, 2},
        {"lost_sessions.new", "sessions", STATISTIC_MEAN, 0, 2, true, 2},
        {"lost_sessions", NULL, STATISTIC_EVERY, 0, 1, true, 0},
        {"lost_sesions", NULL, STATISTIC_EVERY, 0, 1, false, 0},
        {"lost_sessions", "request_latency", STATISTIC_MEAN, 0, 9, false, 0},
        {"success_series", NULL, STATISTIC_MEAN, 0, 9, false, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        Expect expect = expect_of(rows[i].metric, rows[i].statistic, COMPARE_LESS, 1);
        expect.denominator = rows[i].denominator;
        expect.quantile = rows[i].quantile;
        char *why;
        uint64_t needed;
        g_assert_true(expectation_decidable(&expect, rows[i].replications, &why, &needed) == rows[i].decidable);
        g_assert_true((why == NULL) == rows[i].decidable);
        g_assert_cmpuint(needed, ==, rows[i].needed);
        g_free(why);
    }
}

static void reach_says_no(void *user, const Expect *expect, Judgement *judgement) {
    (void)expect;
    judgement->verdict = FINDING_MISSED;
    judgement->counterexample = g_strdup(user);
}

static void test_reach_and_but(void) {
    Expect expect = {.kind = EXPECT_REACHABLE};
    char pair[] = "a -> b at 3 s";
    Judgement judgement = expectation_judge(&expect, NULL, reach_says_no, pair);
    g_assert_cmpint(judgement.verdict, ==, FINDING_MISSED);
    g_assert_cmpstr(judgement.counterexample, ==, pair);
    g_assert_cmpstr(expectation_but_name(judgement.verdict), ==, "fails as it should");
    g_assert_cmpstr(expectation_but_name(FINDING_HOLDS), ==, "still holds");
    judgement_clear(&judgement);
    judgement = expectation_judge(&expect, NULL, NULL, NULL);
    g_assert_cmpint(judgement.verdict, ==, FINDING_UNDECIDED);
    judgement_clear(&judgement);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/expectation/mean", test_mean);
    g_test_add_func("/expectation/about the runs", test_about_the_runs);
    g_test_add_func("/expectation/quantile", test_quantile);
    g_test_add_func("/expectation/ratio", test_ratio);
    g_test_add_func("/expectation/pooled", test_pooled);
    g_test_add_func("/expectation/too few", test_too_few);
    g_test_add_func("/expectation/never", test_never);
    g_test_add_func("/expectation/of", test_of);
    g_test_add_func("/expectation/numbers", test_numbers);
    g_test_add_func("/expectation/undecided", test_undecided);
    g_test_add_func("/expectation/severity", test_severity);
    g_test_add_func("/expectation/decidable", test_decidable);
    g_test_add_func("/expectation/reach and but", test_reach_and_but);
    return g_test_run();
}
