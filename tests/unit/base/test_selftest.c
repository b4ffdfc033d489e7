/* test_selftest.c - the start-up self-test passes in this build. */
#include <glib.h>

#include "base/selftest.h"

static void test_passes(void) { g_assert_cmpstr(selftest_run(), ==, NULL); }

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/selftest/passes", test_passes);
    return g_test_run();
}
