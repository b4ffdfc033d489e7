/* test_simtime.c - never absorbs, and no sum overflows. */
#include <glib.h>

#include "base/simtime.h"

static void test_sums(void) {
    g_assert_cmpint(simtime_add(SIMTIME_S(1), SIMTIME_MS(500)).ns, ==, 1500000000);
    g_assert_cmpint(simtime_sub(SIMTIME_S(1), SIMTIME_US(1)).ns, ==, 999999000);
    g_assert_cmpint(simtime_sub(SIMTIME_ZERO, SIMTIME_NS(3)).ns, ==, -3);
}

static void test_never(void) {
    g_assert_true(simtime_is_never(simtime_add(SIMTIME_NEVER, SIMTIME_NS(-5))));
    g_assert_true(simtime_is_never(simtime_add(SIMTIME_ZERO, SIMTIME_NEVER)));
    g_assert_true(simtime_is_never(simtime_sub(SIMTIME_NEVER, SIMTIME_S(1))));
    g_assert_true(simtime_is_never(simtime_add(SIMTIME_NS(INT64_MAX - 1), SIMTIME_NS(1))));
    g_assert_true(simtime_is_never(simtime_add(SIMTIME_NS(INT64_MAX - 1), SIMTIME_NS(INT64_MAX - 1))));
    g_assert_false(simtime_is_never(simtime_add(SIMTIME_NS(INT64_MAX - 2), SIMTIME_NS(1))));
}

static void test_order(void) {
    SimTime a = SIMTIME_S(1), b = SIMTIME_S(2);
    g_assert_true(simtime_before(a, b) && !simtime_before(b, a) && !simtime_before(a, a));
    g_assert_true(simtime_before(b, SIMTIME_NEVER) && simtime_equal(SIMTIME_NEVER, SIMTIME_NEVER));
    g_assert_cmpint(simtime_min(a, b).ns, ==, a.ns);
    g_assert_cmpint(simtime_max(a, b).ns, ==, b.ns);
    g_assert_cmpint(simtime_min(SIMTIME_NEVER, b).ns, ==, b.ns);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/simtime/sums", test_sums);
    g_test_add_func("/base/simtime/never", test_never);
    g_test_add_func("/base/simtime/order", test_order);
    return g_test_run();
}
