/* test_phases_measured.c - the same as test_phases.c in the words of the measure: halve one time, and one phase moves.
 *
 * failover_time splits the way from the fault to the recovering success into phases, in every replication. Of those
 * that a halved time does not stand for, all keep their values to the nanosecond. Where the recovering success comes
 * after a release is up to the traffic, so `rebalance` is left out. */
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "study/study.h"
#include "tests/theory/play.h"

#define SITE "tests/laws/site.yaml"
enum { REPLICATIONS = 8 };

static const char *const phases[] = {"repair",       "detect",       "decide",    "publish",
                                     "client_cache", "promote_data", "provision", "warm_up"};

#define PLAIN                                                                                 \
    "load={kind: poisson, rate: 4/s, enter: visit}", "run.until=40 min", "run.warm_up=5 min", \
        "stacks.shop.components.crew.scaling.enabled=no", "stacks.shop.components.crew.workers=1000"

typedef struct {
    const char *name, *event;
    const char *with[3];      /* what makes the phase the one that binds */
    const char *whole, *half; /* the time */
    const char *phase;        /* moves, by this much in each replication (s); 0: by something, downwards */
    double by;
    double slack; /* s, of the others: what waits for the next question */
} Case;

static const Case cases[] = {
    {"ttl",
     "{at: 10 min, fail: region us-east-1}",
     {"writes=0 %"},
     "edge.names.ttl=120 s",
     "edge.names.ttl=60 s",
     "client_cache",
     0,
     0},
    {"check-interval",
     "{at: 10 min, fail: region us-east-1}",
     {"writes=0 %", "edge.names.ttl=0 s"},
     "edge.names.health_check.every=60 s",
     "edge.names.health_check.every=30 s",
     "detect",
     0,
     1},
    {"promotion",
     "{at: 10 min, fail: region us-east-1}",
     {"writes=100 %"},
     "promotion=10 min",
     "promotion=5 min",
     "promote_data",
     300,
     0},
    {"boot",
     "{at: 10 min, fail: \"shop[us-east-1].crew/0\"}",
     {"writes=0 %", "stacks.shop.copies=[us-east-1]", "stacks.shop.components.crew.count={min: 1, start: 1, max: 4}"},
     "boot=4 min",
     "boot=2 min",
     "provision",
     120,
     0},
};

static void run_case(const Case *c, const char *set, int64_t values[G_N_ELEMENTS(phases)][REPLICATIONS]) {
    const char *const sets[] = {PLAIN, set, c->with[0], c->with[1], c->with[2], NULL}, *const events[] = {c->event,
                                                                                                          NULL};
    Play *play = play_new(SITE, sets, events);
    Study *study = study_new(play->model);
    g_assert_cmpuint(study_run(study, 0, REPLICATIONS, NULL, NULL), ==, REPLICATIONS);
    for (size_t p = 0; p < G_N_ELEMENTS(phases); p++) {
        char *name = g_strdup_printf("failover_time.%s", phases[p]);
        const MeasureColumn *column = measure_find(study_measures(study), name);
        g_assert_nonnull(column);
        g_assert_cmpuint(column->count, ==, REPLICATIONS);
        for (uint32_t r = 0; r < REPLICATIONS; r++)
            values[p][r] = column->samples[r].value;
        g_free(name);
    }
    study_free(study);
    play_free(play);
}

static void test_case(gconstpointer user) {
    const Case *c = user;
    int64_t was[G_N_ELEMENTS(phases)][REPLICATIONS], is[G_N_ELEMENTS(phases)][REPLICATIONS];
    run_case(c, c->whole, was);
    run_case(c, c->half, is);
    for (size_t p = 0; p < G_N_ELEMENTS(phases); p++) {
        double mean = 0, mean_half = 0;
        for (int r = 0; r < REPLICATIONS; r++) {
            mean += (double)was[p][r] / 1e9 / REPLICATIONS;
            mean_half += (double)is[p][r] / 1e9 / REPLICATIONS;
            if (!g_str_equal(phases[p], c->phase))
                g_assert_cmpint(ABS(was[p][r] - is[p][r]), <=, (int64_t)(c->slack * 1e9));
            else if (c->by > 0)
                g_assert_cmpint(was[p][r] - is[p][r], ==, (int64_t)(c->by * 1e9));
        }
        g_test_message("%-14s %9.3f s, halved %9.3f s", phases[p], mean, mean_half);
        if (g_str_equal(phases[p], c->phase))
            g_assert_cmpfloat(mean_half, <, mean);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *path = g_strdup_printf("/laws/phases-measured/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], test_case);
        g_free(path);
    }
    return g_test_run();
}
