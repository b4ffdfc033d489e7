/* test_results.c - columns of three replications become the right rows of a record. */
#include <math.h>
#include <string.h>

#include "study/results.h"

static const MeasurePopulation populations[] = {{"visitors", 0}};
static const char *const components[] = {"visitors", "web"};
static const char *const elements[] = {"nothing", "security group db"};
static const MeasureFault faults[] = {{"region a", {100000000000}, {1000000000000}, 1}};
static const MeasurePrice prices[] = {{1, COST_UNIT_HOUR, "instance_hour", 100000, 0, 0}};
static const MeasureSetup setup = {.populations = populations,
                                   .population_count = 1,
                                   .faults = faults,
                                   .fault_count = 1,
                                   .components = components,
                                   .component_count = 2,
                                   .elements = elements,
                                   .element_count = 2,
                                   .prices = prices,
                                   .price_count = 1,
                                   .until = {3600000000000}};
static Price price = {"instance_hour", 100000, "h", "assumption"};
static const Model model = {.prices = &price, .price_count = 1};

static void see(MeasureSet *set, int64_t seconds, Fact fact) {
    fact.at = SIMTIME_S(seconds);
    measure_set_see(set, &fact);
}

/* Sessions come each second; from 100 s on they are denied, until rule or name is put right at `recovers`. */
static void replication(MeasureSet *set, uint64_t number, int64_t recovers) {
    measure_set_begin(set, number);
    see(set, 0, (Fact){.kind = FACT_UNIT, .component = 1, .other = 0, .amount = 2});
    for (int64_t s = 0; s < 600; s++) {
        bool works = s < 100 || s >= recovers;
        if (s == 100)
            see(set, s, (Fact){.kind = FACT_FAULT_BEGAN, .subject = 1});
        if (s == 360) /* a second machine */
            see(set, s, (Fact){.kind = FACT_UNIT, .component = 1, .unit = 1, .other = 0, .amount = 2});
        if (s == 130) {
            see(set, s, (Fact){.kind = FACT_NOTICED, .component = 1, .amount = 0});
            see(set, s, (Fact){.kind = FACT_PUBLISHED, .component = 1, .other = 0});
        }
        if (s == recovers)
            see(set, s, (Fact){.kind = FACT_REFRESHED});
        see(set, s, (Fact){.kind = FACT_ARRIVED, .subject = (uint32_t)s, .other = UINT32_MAX});
        if (works)
            see(set, s, (Fact){.kind = FACT_ESTABLISHED, .subject = (uint32_t)s});
        else
            see(set, s,
                (Fact){.kind = FACT_BROKEN,
                       .subject = (uint32_t)s,
                       .cause = s % 2 ? CAUSE_DENIED : CAUSE_SILENT,
                       .flags = BROKEN_STALE_NAME,
                       .rule = s % 4 == 1});
        see(set, s, (Fact){.kind = FACT_SERVED, .span = SIMTIME_MS(100)});
    }
    measure_set_end(set, NULL);
}

static const RecordMeasure *row_of(const Record *record, const char *name) {
    for (guint i = 0; i < record->measures->len; i++) {
        const RecordMeasure *row = &g_array_index(record->measures, RecordMeasure, i);
        if (strcmp(row->name, name) == 0 && row->of == NULL)
            return row;
    }
    g_test_message("no measure %s", name);
    g_assert_not_reached();
    return NULL;
}

static void near(double value, double expected) {
    if (!(fabs(value - expected) <= 1e-6 * fabs(expected)))
        g_test_message("%.12g is not %.12g", value, expected);
    g_assert_true(fabs(value - expected) <= 1e-6 * fabs(expected));
}

static Record *record_of(const int64_t *recovers, uint64_t count) {
    MeasureSet *set = measure_set_new(&setup);
    for (uint64_t r = 0; r < count; r++)
        replication(set, r, recovers[r]);
    Record *record = record_new();
    record_add_fault(record, (RecordFault){"an attack", 0, RECORD_NEVER});
    record_add_fault(record, (RecordFault){"region a", SIMTIME_S(100).ns, RECORD_NEVER});
    results_record(set, &setup, &model, record);
    measure_set_free(set);
    return record;
}

static void test_measures(void) {
    Record *record = record_of((const int64_t[]){150, 160, 170}, 3);
    const RecordMeasure *m = row_of(record, "failover_time");
    g_assert_cmpstr(m->unit, ==, "ns");
    g_assert_cmpint(m->count, ==, 3);
    g_assert_cmpint(m->never, ==, 0);
    near(m->mean, 60e9);
    near(m->low, 60e9 - 4.302652730 * 10e9 / sqrt(3));
    near(m->high, 60e9 + 4.302652730 * 10e9 / sqrt(3));
    near(m->min, 50e9);
    near(m->p50, 60e9);
    near(m->p99, 70e9);
    near(m->max, 70e9);
    m = row_of(record, "success_rate.new");
    g_assert_cmpstr(m->unit, ==, "1");
    near(m->mean, 540.0 / 600);
    m = row_of(record, "request_latency");
    g_assert_cmpint(m->count, ==, 1800);
    near(m->mean, 100e6);
    near(m->low, 100e6);
    g_assert_cmpstr(row_of(record, "lost_sessions")->unit, ==, "sessions");
    g_assert_cmpstr(row_of(record, "cost_per_hour")->unit, ==, "microdollars");
    for (guint i = 0; i < record->measures->len; i++)
        g_assert_false(g_str_has_prefix(g_array_index(record->measures, RecordMeasure, i).name, "balance"));
    record_free(record);
}

static void test_never(void) {
    Record *record = record_of((const int64_t[]){150, 10000}, 2);
    const RecordMeasure *m = row_of(record, "failover_time");
    g_assert_cmpint(m->never, ==, 1);
    near(m->mean, 50e9);
    g_assert_true(isnan(m->low)); /* one finite value has no interval */
    near(m->p50, 50e9);
    g_assert_true(m->p99 >= (double)RECORD_NEVER);
    record_free(record);
    record = record_of((const int64_t[]){10000}, 1);
    m = row_of(record, "failover_time");
    g_assert_true(isnan(m->mean) && isnan(m->min));
    g_assert_cmpuint(record->phases->len, ==, 0);
    record_free(record);
}

static void test_phases(void) {
    Record *record = record_of((const int64_t[]){150, 170}, 2);
    int64_t sum = 0;
    guint binding = 0;
    for (guint i = 0; i < record->phases->len; i++) {
        const RecordPhase *phase = &g_array_index(record->phases, RecordPhase, i);
        g_assert_cmpuint(phase->fault, ==, 1); /* the row of its event, not of the attack before it */
        sum += phase->mean_ns;
        binding += phase->binds;
        if (phase->binds)
            g_assert_cmpstr(phase->phase, ==, "detect");
    }
    g_assert_cmpint(sum, ==, SIMTIME_S(60).ns);
    g_assert_cmpuint(binding, ==, 1);
    record_free(record);
}

static void test_ledger(void) {
    Record *record = record_of((const int64_t[]){140, 160}, 2);
    const RecordLedger *ledger = &g_array_index(record->ledger, RecordLedger, 0);
    g_assert_cmpuint(record->ledger->len, ==, 1);
    g_assert_cmpint(ledger->arrived, ==, 1200);
    g_assert_cmpint(ledger->active, ==, 1100);
    int64_t broken = 0, by_rule = 0, by_none = 0;
    for (guint i = 0; i < record->broken->len; i++) {
        const RecordBroken *row = &g_array_index(record->broken, RecordBroken, i);
        broken += row->sessions;
        by_rule += strcmp(row->cause, "denied by security group db") == 0 ? row->sessions : 0;
        by_none += strcmp(row->cause, "denied by a rule") == 0 ? row->sessions : 0;
    }
    g_assert_cmpint(broken, ==, 100);
    g_assert_cmpint(by_rule, ==, 25);
    g_assert_cmpint(by_none, ==, 25);
    char *text = record_to_json(record, NULL); /* which checks the ledger, too */
    g_assert_nonnull(strstr(text, "denied by security group db"));
    g_free(text);
    record_free(record);
}

static void test_series_and_cost(void) {
    Record *record = record_of((const int64_t[]){140, 160}, 2);
    guint serving = 0;
    for (guint i = 0; i < record->series->len; i++)
        serving += strcmp(g_array_index(record->series, RecordSeries, i).name, "serving") == 0;
    g_assert_cmpuint(serving, ==, 1);
    const RecordCost *cost = &g_array_index(record->cost, RecordCost, 0);
    g_assert_cmpuint(record->cost->len, ==, 1);
    near(cost->amount, 1.9);
    g_assert_cmpint(cost->per_h_microdollars, ==, 190000);
    g_assert_cmpstr(cost->source, ==, "assumption");
    record_free(record);
}

static void test_expectations(void) {
    Expect expects[] = {{.id = "a", .text = "mean of x < 1", .bound_text = "< 1", .because = "ADR-1"},
                        {.id = "b", .text = "y"}};
    const Model with = {.expects = expects, .expect_count = 2};
    char measured[] = "3 (2 to 4)", example[] = "replication 0: 3", why[] = "too few";
    const Judgement judgements[] = {{.verdict = FINDING_MISSED, .measured = measured, .counterexample = example},
                                    {.verdict = FINDING_UNDECIDED, .why = why}};
    const ResultsBut buts[] = {{"ttl: 600 s", FINDING_HOLDS}, {NULL, FINDING_HOLDS}};
    Record *record = record_new();
    results_record_expectations(&with, judgements, buts, record);
    const RecordExpectation *a = &g_array_index(record->expectations, RecordExpectation, 0), *b = a + 1;
    g_assert_cmpstr(a->verdict, ==, "missed");
    g_assert_cmpstr(a->measured, ==, measured);
    g_assert_cmpstr(a->counterexample, ==, example);
    g_assert_cmpstr(a->but_text, ==, "ttl: 600 s");
    g_assert_cmpstr(a->but_verdict, ==, "still holds");
    g_assert_cmpstr(b->verdict, ==, "undecided");
    g_assert_cmpstr(b->counterexample, ==, why);
    g_assert_null(b->measured);
    g_assert_null(b->but_text);
    g_assert_null(b->but_verdict);
    record_free(record);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/results/measures", test_measures);
    g_test_add_func("/results/never", test_never);
    g_test_add_func("/results/phases", test_phases);
    g_test_add_func("/results/ledger", test_ledger);
    g_test_add_func("/results/series and cost", test_series_and_cost);
    g_test_add_func("/results/expectations", test_expectations);
    return g_test_run();
}
