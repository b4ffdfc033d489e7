/* test_until.c - stop rules: what can be written, when they are asked, and when they are met. */
#include <string.h>

#include "study/until.h"

static const MeasurePopulation populations[] = {{"visitors", 0}};
static const char *const components[] = {"visitors"};
static const char *const elements[] = {"nothing"};
static const MeasureSetup setup = {.populations = populations,
                                   .population_count = 1,
                                   .components = components,
                                   .component_count = 1,
                                   .elements = elements,
                                   .element_count = 1,
                                   .until = {3600000000000}};

static void test_texts(void) {
    static const char *const good[] = {"lost_sessions within 5 %", "lost_sessions.new / sessions within 0.05",
                                       "p90 failover_time within 10 %", " mean sessions  within  1 % "};
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        char *why;
        Until *until = until_parse(good[i], &why);
        g_assert_null(why);
        g_assert_nonnull(until);
        until_free(until);
    }
    static const struct {
        const char *text, *why;
    } bad[] = {{"", "say how close"},
               {"lost_sessions", "say how close"},
               {"lost_sesions within 5 %", "did you mean 'lost_sessions'"},
               {"lost_sessions within 5 min", "use %"},
               {"lost_sessions within 0 %", "narrower than nothing"},
               {"success_series within 5 %", "a series"},
               {"request_latency / sessions within 5 %", "pooled"},
               {" within 5 %", "no measure"}};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        char *why;
        g_assert_null(until_parse(bad[i].text, &why));
        g_assert_nonnull(why);
        if (!strstr(why, bad[i].why))
            g_error("'%s': '%s' does not say '%s'", bad[i].text, why, bad[i].why);
        g_free(why);
    }
}

static void test_when(void) {
    uint64_t at = 0, asked = 0;
    while (at < 10000) {
        uint64_t next = until_next(at);
        g_assert_cmpuint(next, >, at);
        g_assert_cmpuint(next, <=, MAX(20, at + (at + 3) / 4));
        for (uint64_t between = at; between < next && between < at + 50; between++)
            g_assert_cmpuint(until_next(between), ==, next); /* wherever one comes from */
        at = next;
        asked++;
    }
    g_assert_cmpuint(asked, <, 40);
}

static void replication(MeasureSet *set, uint64_t number, uint32_t sessions) {
    measure_set_begin(set, number);
    for (uint32_t s = 0; s < sessions; s++)
        measure_set_see(set, &(Fact){.kind = FACT_ARRIVED, .at = SIMTIME_S(s), .subject = s, .other = UINT32_MAX});
    measure_set_end(set, NULL);
}

/* 90 and 110 in turn: mean 100, deviation 10.05 or so, half width of 2 n values about 20 / sqrt(2 n). */
static void test_met(void) {
    MeasureSet *set = measure_set_new(&setup);
    char *why, *measured;
    Until *loose = until_parse("sessions within 5 %", &why), *tight = until_parse("sessions within 3 %", &why);
    g_assert_false(until_met(loose, set, &measured));
    g_free(measured);
    for (uint64_t r = 0; r < 30; r++)
        replication(set, r, r % 2 ? 110 : 90);
    g_assert_true(until_met(loose, set, &measured));
    g_assert_nonnull(strstr(measured, "within 3.8"));
    g_free(measured);
    g_assert_false(until_met(tight, set, &measured));
    g_free(measured);
    for (uint64_t r = 30; r < 60; r++)
        replication(set, r, r % 2 ? 110 : 90);
    g_assert_true(until_met(tight, set, &measured));
    g_free(measured);
    until_free(loose);
    until_free(tight);
    measure_set_free(set);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/until/texts", test_texts);
    g_test_add_func("/until/when it is asked", test_when);
    g_test_add_func("/until/when it is met", test_met);
    return g_test_run();
}
