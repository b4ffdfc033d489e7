/* test_horizon.c - the horizon is the least of the instants that are pending, whatever comes and goes. */
#include "world/horizon.h"

#include <glib.h>

#include "base/luck.h"

/* Is the first pending instant this one? Only what lies before it is foreseen. */
static void assert_first(const Horizon *horizon, int64_t ns) {
    g_assert_true(horizon_is_beyond(horizon, SIMTIME_NS(ns - 1)));
    g_assert_false(horizon_is_beyond(horizon, SIMTIME_NS(ns)));
}

static void test_end(void) {
    Horizon horizon = {0};
    horizon_reset(&horizon, SIMTIME_NS(100));
    g_assert_true(horizon_is_beyond(&horizon, SIMTIME_NS(100))); /* the last instant belongs to the run */
    g_assert_false(horizon_is_beyond(&horizon, SIMTIME_NS(101)));
    horizon_add(&horizon, SIMTIME_NS(40));
    horizon_reset(&horizon, SIMTIME_NS(7));
    assert_first(&horizon, 8);
    horizon_reset(&horizon, SIMTIME_NEVER);
    g_assert_false(horizon_is_beyond(&horizon, SIMTIME_NEVER));
    horizon_clear(&horizon);
}

static int by_value(gconstpointer a, gconstpointer b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Against a sorted list: half of the steps add an instant, often one that is there already; the others pass the first.
 */
static void test_against_list(void) {
    Stream stream = luck_stream((Luck){1, 0}, "horizon", "test");
    Horizon horizon = {0};
    horizon_reset(&horizon, SIMTIME_NS(1 << 30));
    GArray *list = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (uint64_t step = 0; step < 20000; step++) {
        Draw luck = stream_draw(&stream, step);
        if (list->len == 0 || draw_below(&luck, 100) < (step < 10000 ? 55u : 45u)) {
            int64_t at = (int64_t)draw_below(&luck, 500);
            horizon_add(&horizon, SIMTIME_NS(at));
            g_array_append_val(list, at);
            g_array_sort(list, by_value);
        } else {
            horizon_pass(&horizon, SIMTIME_NS(g_array_index(list, int64_t, 0)));
            g_array_remove_index(list, 0);
        }
        assert_first(&horizon, list->len ? g_array_index(list, int64_t, 0) : (1 << 30) + 1);
    }
    g_array_unref(list);
    horizon_clear(&horizon);
}

/* Whoever schedules something behind the horizon's back is found out when it happens. */
static void test_unknown(void) {
    if (g_test_subprocess()) {
        Horizon horizon = {0};
        horizon_reset(&horizon, SIMTIME_NS(100));
        horizon_add(&horizon, SIMTIME_NS(50));
        horizon_pass(&horizon, SIMTIME_NS(40));
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*horizon did not know of*");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/horizon/end", test_end);
    g_test_add_func("/horizon/against a list", test_against_list);
    g_test_add_func("/horizon/unknown", test_unknown);
    return g_test_run();
}
