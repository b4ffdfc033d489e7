/* test_measures.c - each of the plainer measures on facts made by hand, with exact values. */
#include <string.h>

#include "measure/bucket.h"
#include "tests/unit/measure/story.h"

static void served(Story *story, double at, double span) {
    tell(story, at, (Fact){.kind = FACT_SERVED, .component = EUROPE, .span = at_s(span), .amount = 1});
}

static void failed(Story *story, double at, Cause cause, int flags) {
    tell(story, at, (Fact){.kind = FACT_FAILED, .component = EUROPE, .cause = cause, .flags = (uint8_t)flags});
}

static void unit(Story *story, double at, UnitId u, UnitState from, UnitState to) {
    tell(story, at, (Fact){.kind = FACT_UNIT, .component = u / 10, .unit = u, .other = from, .amount = to});
}

static void test_sessions(void) {
    Story *story = story_new();
    story_open(story);
    arrive(story, 9, EUROPE, 0, 0);
    for (uint32_t i = 1; i < 5; i++)
        arrive(story, 10 + i, EUROPE, i, 0);
    arrive(story, 20, AMERICA, 0, 0);
    break_off(story, 30, EUROPE, 1, CAUSE_SILENT, 0, 0);
    come_back(story, 35, EUROPE, 5, 1);
    complete(story, 9.5, EUROPE, 0);
    complete(story, 40, EUROPE, 2);
    measure_set_end(story->set, NULL);
    assert_value(story, "sessions", 6);
    assert_value(story, "sessions[europe]", 5);
    assert_value(story, "sessions[america]", 1);
    assert_value(story, "sessions.returned", 1);
    assert_value(story, "completed_sessions", 1);
    assert_value(story, "balance.arrived[europe]", 6);
    assert_value(story, "balance.completed[europe]", 2);
    assert_value(story, "balance.active[europe]", 3);
    assert_value(story, "balance.returned[europe]", 1);
    story_free(story);
}

static void test_latency(void) {
    Story *story = story_new();
    static const int64_t asked[] = {250000000, 990000000};
    story->setup.quantiles = asked;
    story->setup.quantile_count = 2;
    story_open(story);
    served(story, 5, 1000); /* in the warm-up */
    for (int i = 1; i <= 100; i++)
        served(story, 20, 512e-9 * i); /* 512 ns to 51,200 ns */
    measure_set_end(story->set, NULL);
    const MeasureColumn *column = measure_find(story->set, "request_latency");
    g_assert_nonnull(column);
    g_assert_cmpuint(histogram_count(column->pool), ==, 100);
    g_assert_cmpint(column->pool_count, ==, 1);
    g_assert_true(column->pools[0].sum == 512 * 5050);
    g_assert_cmpint(column->pools[0].min, ==, 512);
    g_assert_cmpint(column->pools[0].max, ==, 51200);
    const MeasureColumn *quarter = measure_pool_quantile(story->set, column, 250000000);
    g_assert_nonnull(quarter);
    g_assert_cmpint(quarter->samples[0].value, >=, 512 * 25);
    g_assert_cmpint(quarter->samples[0].value, <, 512 * 25 * 1025 / 1024 + 1);
    g_assert_nonnull(measure_pool_quantile(story->set, column, 990000000));
    g_assert_null(measure_pool_quantile(story->set, column, 123456789));
    story_free(story);
}

static void test_success(void) {
    Story *story = story_new();
    story_open(story);
    for (uint32_t i = 0; i < 4; i++)
        arrive(story, 11, EUROPE, i, 0);
    for (int i = 0; i < 7; i++)
        served(story, 12, 0.1);
    establish(story, 12, EUROPE, 0, 1, 0);
    establish(story, 12, EUROPE, 1, 1, 0);
    break_off(story, 13, EUROPE, 0, CAUSE_STATE_GONE, BROKEN_ESTABLISHED, 0);
    break_off(story, 14, EUROPE, 2, CAUSE_SILENT, 0, 0);
    measure_set_end(story->set, NULL);
    assert_value(story, "success_rate", 777777778);     /* 7 of 9 */
    assert_value(story, "success_rate.new", 666666667); /* 2 of 3 */
    story_free(story);
}

static void test_nothing_decided(void) {
    Story *story = story_new();
    story_open(story);
    measure_set_end(story->set, NULL);
    g_assert_false(has_value(story->set, "success_rate", 0));
    g_assert_false(has_value(story->set, "availability", 0));
    assert_value(story, "sessions", 0);
    assert_value(story, "lost_sessions.denied", 0);
    assert_value(story, "overload_time", 0);
    story_free(story);
}

static void test_availability(void) {
    Story *story = story_new();
    story_open(story);
    uint32_t serial = 0;
    for (int minute = 1; minute <= 4; minute++)
        for (int i = 0; i < 200; i++, serial++) {
            double at = minute * 60 + 0.25 * i;
            bool bad = minute == 2 ? i < 2 : minute == 3 && i < 3; /* 99 % is available, 98.5 % is not */
            arrive(story, at, EUROPE, serial, 0);
            if (bad)
                break_off(story, at, EUROPE, serial, CAUSE_FULL, 0, 0);
            else
                establish(story, at, EUROPE, serial, 0, 0);
        }
    measure_set_end(story->set, NULL);
    assert_value(story, "availability", 750000000);
    story_free(story);
}

static void test_overload(void) {
    Story *story = story_new();
    story_open(story);
    failed(story, 9, CAUSE_FULL, 0);
    failed(story, 20.2, CAUSE_FULL, 0);
    failed(story, 20.9, CAUSE_SLOW, 0);
    failed(story, 21, CAUSE_SLOW, 0);
    failed(story, 22.5, CAUSE_SLOW, BROKEN_UNDER_FAULT);
    failed(story, 23, CAUSE_SILENT, 0);
    failed(story, 30, CAUSE_FULL, BROKEN_UNDER_FAULT);
    measure_set_end(story->set, NULL);
    assert_seconds(story, "overload_time", 3);
    story_free(story);
}

static void test_data(void) {
    Story *story = story_new();
    story_open(story);
    tell(story, 30, (Fact){.kind = FACT_WRITES_GONE, .component = DB_A, .amount = 12, .span = SIMTIME_MS(900)});
    tell(story, 90, (Fact){.kind = FACT_WRITES_GONE, .component = DB_A, .amount = 3, .span = SIMTIME_MS(200)});
    measure_set_end(story->set, NULL);
    assert_value(story, "data_loss", 15);
    assert_value(story, "data_loss.lag", 900000000);
    story_free(story);
}

/* A user is thrown out, comes back into the outage, is thrown out again, and gets in at last. */
static void test_reestablish(void) {
    Story *story = story_new();
    story_open(story);
    for (uint32_t i = 0; i < 3; i++)
        arrive(story, 11, EUROPE, i, 0);
    arrive(story, 11, AMERICA, 0, 0);
    break_off(story, 100, EUROPE, 0, CAUSE_STATE_GONE, BROKEN_ESTABLISHED, 0);
    break_off(story, 101, EUROPE, 1, CAUSE_STATE_GONE, BROKEN_ESTABLISHED, 0);
    break_off(story, 102, AMERICA, 0, CAUSE_STATE_GONE, BROKEN_ESTABLISHED, 0);
    come_back(story, 105, EUROPE, 3, 0);
    come_back(story, 106, EUROPE, 4, 1);
    establish(story, 107, EUROPE, 4, 1, 0);
    establish(story, 108, EUROPE, 2, 97, 0); /* nobody's replacement */
    break_off(story, 130, EUROPE, 3, CAUSE_SILENT, 0, 0);
    come_back(story, 135, EUROPE, 5, 3);
    establish(story, 140, EUROPE, 5, 5, 0);
    break_off(story, 150, EUROPE, 5, CAUSE_CUT, BROKEN_ESTABLISHED, 0);
    measure_set_end(story->set, NULL);
    assert_value(story, "reestablished_sessions", 2);
    assert_value(story, "balance.reestablished[europe]", 2);
    assert_value(story, "balance.reestablished[america]", 0);
    const MeasurePool *pool = &measure_find(story->set, "reestablish_time")->pools[0];
    g_assert_cmpint(pool->count, ==, 2);
    g_assert_cmpint(pool->min, ==, SIMTIME_S(6).ns);
    g_assert_cmpint(pool->max, ==, SIMTIME_S(40).ns);
    story_free(story);
}

static void test_usage_and_cost(void) {
    Story *story = story_new();
    story->prices[0] = (MeasurePrice){WEB_A, COST_UNIT_HOUR, "instance_hour", 100001, 0, 0};
    story->prices[1] = (MeasurePrice){WEB_B, COST_UNIT_HOUR, "instance_hour", 100001, 0, 0};
    story->prices[2] = (MeasurePrice){LB_A, COST_COMPONENT_HOUR, "balancer_hour", 25000, 0, 0};
    story->prices[3] = (MeasurePrice){DNS, COST_PER_MILLION, "queries", 400000, 0, 0};
    story->transfers[0] = (MeasureTransfer){"region_gb", 1, 20000};
    story->setup.price_count = 4;
    story->setup.transfer_count = 1;
    story_open(story);
    unit(story, 0, 0, UNIT_ABSENT, UNIT_SERVING); /* a population is no unit of ours */
    unit(story, 0, 40, UNIT_ABSENT, UNIT_SERVING);
    unit(story, 0, 41, UNIT_ABSENT, UNIT_SERVING);
    unit(story, 0, 70, UNIT_ABSENT, UNIT_ABSENT);
    unit(story, 100, 41, UNIT_SERVING, UNIT_DEAD);
    unit(story, 200, 70, UNIT_ABSENT, UNIT_BOOTING);
    unit(story, 260, 70, UNIT_BOOTING, UNIT_SERVING);
    unit(story, 410, 70, UNIT_SERVING, UNIT_ABSENT);
    static const uint64_t requests[STORY_COMPONENTS] = {[DNS] = 500000};
    static const uint64_t bytes[SCOPES] = {7, 3000000000};
    measure_set_end(story->set, &(MeasureTotals){.requests = requests, .bytes = bytes});
    assert_seconds(story, "unit_hours[site[a].web]", 590 + 90);
    assert_seconds(story, "unit_hours[site[b].web]", 210);
    assert_seconds(story, "unit_hours", 890);
    int64_t instances = 890 * INT64_C(1000000000) / 590; /* unit-hours an hour, in billionths */
    const MeasureColumn *amount = measure_find_by(story->set, "cost_per_hour.amount", NULL, "instance_hour");
    g_assert_cmpint(amount->samples[0].value, >=, instances - 1);
    g_assert_cmpint(amount->samples[0].value, <=, instances);
    const MeasureColumn *queries = measure_find_by(story->set, "cost_per_hour", NULL, "queries");
    g_assert_cmpint(queries->samples[0].value, ==,
                    400000 * 3); /* half a million in ten minutes: three millions an hour */
    const MeasureColumn *region = measure_find_by(story->set, "cost_per_hour", NULL, "region_gb");
    g_assert_cmpint(region->samples[0].value, ==, 20000 * 18);
    assert_value(story, "cost_per_hour", 150849 + 25000 + 1200000 + 360000);
    story_free(story);
}

/* Ten thousand units for two centuries: more than 64 bits of nanoseconds. */
static void test_large(void) {
    Story *story = story_new();
    story->prices[0] = (MeasurePrice){WEB_A, COST_UNIT_HOUR, "instance_hour", 100000, 0, 0};
    story->setup.price_count = 1;
    story->setup.until = SIMTIME_S(INT64_C(200) * 365 * 86400);
    story->setup.warm_up = SIMTIME_ZERO;
    story_open(story);
    for (int i = 0; i < 10000; i++)
        tell(story, 0, (Fact){.kind = FACT_UNIT, .component = WEB_A, .other = UNIT_ABSENT, .amount = UNIT_SERVING});
    for (int i = 0; i < 3; i++)
        tell(story, 1, (Fact){.kind = FACT_SERVED, .component = EUROPE, .span = SIMTIME_S(INT64_C(190) * 365 * 86400)});
    measure_set_end(story->set, NULL);
    g_assert_cmpint(value_of(story->set, "unit_hours", 0), ==, INT64_MAX - 1);
    assert_value(story, "cost_per_hour", INT64_C(1000000000));
    g_assert_true(measure_find(story->set, "request_latency")->pools[0].sum > INT64_MAX);
    story_free(story);
}

static const MeasureSeries *series_of(const Story *story, const char *name, const char *of) {
    const MeasureSeries *all;
    uint32_t count = measure_set_series(story->set, &all);
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0 && g_strcmp0(all[i].of, of) == 0)
            return &all[i];
    return NULL;
}

static void test_series(void) {
    Story *story = story_new();
    story_fault(story, "region a", 100, 100);
    story_open(story);
    arrive(story, 3, EUROPE, 0, 0);
    arrive(story, 119, EUROPE, 1, 0);
    arrive(story, 120, AMERICA, 0, 0);
    establish(story, 4, EUROPE, 0, 1, 0);
    tell(story, 121, (Fact){.kind = FACT_ESTABLISHED, .component = AMERICA, .span = SIMTIME_S(1)});
    tell(story, 125,
         (Fact){.kind = FACT_BROKEN, .component = EUROPE, .subject = 1, .cause = CAUSE_SILENT, .span = SIMTIME_S(6)});
    tell(story, 130,
         (Fact){.kind = FACT_BROKEN,
                .component = EUROPE,
                .subject = 0,
                .cause = CAUSE_STATE_GONE,
                .span = SIMTIME_S(127),
                .flags = BROKEN_ESTABLISHED});
    unit(story, 0, 40, UNIT_ABSENT, UNIT_SERVING);
    unit(story, 0, 41, UNIT_ABSENT, UNIT_SERVING);
    unit(story, 101, 41, UNIT_SERVING, UNIT_BOOTING);
    measure_set_end(story->set, NULL);
    const MeasureSeries *arrived = series_of(story, "arrived", NULL), *broken = series_of(story, "broken", "europe");
    g_assert_cmpint(arrived->bucket.ns, ==, SIMTIME_S(2).ns);
    g_assert_cmpint(arrived->count, ==, 300);
    g_assert_cmpint(arrived->values[1], ==, 1);
    g_assert_cmpint(arrived->values[59], ==, 1);
    g_assert_cmpint(arrived->values[60], ==, 1);
    g_assert_cmpint(broken->values[59], ==, 1); /* where it arrived */
    g_assert_cmpint(series_of(story, "good", NULL)->values[60], ==, 1);
    g_assert_cmpint(series_of(story, "interrupted", NULL)->values[65], ==, 1); /* where it broke */
    const MeasureSeries *serving = series_of(story, "serving", "site[a].web");
    g_assert_cmpint(serving->values[0], ==, 2);
    g_assert_cmpint(serving->values[50], ==, 2); /* one and a half, rounded */
    g_assert_cmpint(serving->values[51], ==, 1);
    g_assert_cmpint(series_of(story, "capacity", "site[a].web")->values[299], ==, 2);
    g_assert_null(series_of(story, "serving", "dns"));
    g_assert_cmpint(measure_worst_moment(story->set).ns, ==, SIMTIME_S(119).ns);
    story_free(story);
}

static void test_buckets(void) {
    static const struct {
        double until;
        int64_t width;
    } rows[] = {{1, 1}, {360, 1}, {361, 2}, {3600, 10}, {3601, 15}, {86400, 300}, {400.0 * 86400, 2 * 86400}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        SimTime width = bucket_width(at_s(rows[i].until));
        g_assert_cmpint(width.ns, ==, SIMTIME_S(rows[i].width).ns);
        g_assert_cmpint(bucket_count(at_s(rows[i].until), width), <=, 360);
    }
    g_assert_cmpint(bucket_count(SIMTIME_ZERO, SIMTIME_S(1)), ==, 1);
}

static void test_names(void) {
    const MeasureInfo *info;
    const MeasurePart *part;
    char *of;
    g_assert_true(measure_parse("lost_sessions.new[visitors]", &info, &part, &of));
    g_assert_cmpstr(info->name, ==, "lost_sessions");
    g_assert_cmpstr(part->name, ==, "new");
    g_assert_cmpstr(of, ==, "visitors");
    g_free(of);
    g_assert_true(measure_parse("unit_hours[site[a].web]", &info, &part, &of));
    g_assert_null(part);
    g_assert_cmpstr(of, ==, "site[a].web");
    g_free(of);
    static const char *const wrong[] = {"",     "lost",       "lost_sessions.", "lost_sessions.old",
                                        ".new", "sessions[x", "sessions.new.x", "lost_sessionsnew"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(measure_parse(wrong[i], NULL, NULL, NULL));
    char *near = measure_suggest("failover_tme");
    g_assert_cmpstr(near, ==, "failover_time");
    g_free(near);
    g_assert_null(measure_suggest("xyzzy"));
}

/* Every measure says what it is, in order, with its parts; the names are what people write. */
static void test_catalogue(void) {
    for (uint32_t i = 0; i < measure_count(); i++) {
        const MeasureInfo *info = measure_info(i);
        g_assert_true(i == 0 || strcmp(measure_info(i - 1)->name, info->name) < 0);
        g_assert_cmpint((int)strlen(measure_help(info)), >, 20);
        g_assert_true(g_str_has_suffix(measure_help(info), "."));
        g_assert_nonnull(info->denominator);
        g_assert_nonnull(info->window);
        g_assert_true(info->unit != UNIT_NONE || info->noun != NULL);
        for (const MeasurePart *part = measure_parts(info); part->name; part++) {
            g_assert_nonnull(part->label);
            g_assert_true(part->unit != UNIT_NONE || part->noun != NULL);
        }
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/measures/sessions", test_sessions);
    g_test_add_func("/measures/latency", test_latency);
    g_test_add_func("/measures/success", test_success);
    g_test_add_func("/measures/nothing decided", test_nothing_decided);
    g_test_add_func("/measures/availability", test_availability);
    g_test_add_func("/measures/overload", test_overload);
    g_test_add_func("/measures/data", test_data);
    g_test_add_func("/measures/reestablish", test_reestablish);
    g_test_add_func("/measures/usage and cost", test_usage_and_cost);
    g_test_add_func("/measures/large", test_large);
    g_test_add_func("/measures/series", test_series);
    g_test_add_func("/measures/buckets", test_buckets);
    g_test_add_func("/measures/names", test_names);
    g_test_add_func("/measures/catalogue", test_catalogue);
    return g_test_run();
}
