/* test_hold_timers.c - BGP and BFD sessions: how long until the other side gives a silent peer up.
 *
 * No kind has hold timers of its own yet, so this is through base/probe.h. The last keepalive lies uniform on
 * [0, keepalive) before the cut, hence the wait is uniform on (hold - keepalive, hold]. */
#include <glib.h>
#include <math.h>

#include "base/luck.h"
#include "base/probe.h"
#include "tests/theory/judge.h"

typedef struct {
    const char *name;
    double keepalive, hold;
} Hold;

static const Hold holds[] = {{"BGP", 60, 180}, {"BGP, fast", 10, 30}, {"BFD", 0.3, 0.9}};

enum { ROWS = JUDGE_SEEDS * 3 * 3, CUTS = 250000, CUT_S = 1000 };

static double wait_of(const Hold *h, const Stream *stream, uint64_t number) {
    SimTime keepalive = SIMTIME_NS((int64_t)(h->keepalive * 1e9)), hold = SIMTIME_NS((int64_t)(h->hold * 1e9));
    Draw luck = stream_draw(stream, number);
    SimTime phase = SIMTIME_NS((int64_t)(draw_unit(&luck) * (double)keepalive.ns));
    SimTime expiry = hold_expires(keepalive, hold, phase, SIMTIME_S(CUT_S), SIMTIME_NEVER);
    return (double)(expiry.ns - SIMTIME_S(CUT_S).ns) / 1e9;
}

static void test_hold(gconstpointer data) {
    const Hold *h = data;
    double mean = h->hold - h->keepalive / 2;
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        Moments waits = {0}, squares = {0};
        double least = INFINITY, most = -INFINITY;
        Stream stream = luck_stream((Luck){seed, 0}, h->name, "phase");
        for (uint64_t r = 0; r < CUTS; r++) {
            double wait = wait_of(h, &stream, r);
            moments_add(&waits, wait);
            moments_add(&squares, (wait - mean) * (wait - mean));
            least = MIN(least, wait);
            most = MAX(most, wait);
        }
        judge_row(h->name, "mean", seed, &waits, mean, ROWS);
        judge_deviation(h->name, "deviation", seed, &squares, h->keepalive / sqrt(12), ROWS);
        judge_range(h->name, seed, least, most, h->hold - h->keepalive, h->hold, CUTS, ROWS);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* show every row that misses, not only the first */
    for (size_t i = 0; i < G_N_ELEMENTS(holds); i++) {
        char *path = g_strdup_printf("/hold-timers/%s", holds[i].name);
        g_strdelimit(path, ", ", '-');
        g_test_add_data_func(path, &holds[i], test_hold);
        g_free(path);
    }
    return g_test_run();
}
