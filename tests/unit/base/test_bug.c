/* test_bug.c - a mistake of ours aborts, and says what was being simulated. */
#include <glib.h>

#include "base/bug.h"

static void plain(void) { BUG_IF(1 + 1 == 2, "sums are broken"); }

static void in_a_run(void) {
    BugContext context = {.seed = 42, .replication = 7, .now_ns = 1000, .serial = 3};
    bug_context(&context);
    context.now_ns = 2500;
    BUG_IF(1 + 1 == 2, "sums are broken");
}

static void after_a_run(void) {
    BugContext context = {.seed = 42};
    bug_context(&context);
    bug_context(NULL);
    BUG_IF(1 + 1 == 2, "sums are broken");
}

static void test_reports(void) {
    g_test_trap_subprocess("/base/bug/subprocess/plain", 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("faultline: BUG at test_bug.c:* in plain: sums are broken\n  check: not (1 + 1 == 2)\n*");
    g_test_trap_assert_stderr_unmatched("*simulated*");
    g_test_trap_subprocess("/base/bug/subprocess/in-a-run", 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*simulated time 2500 ns, seed 42, replication 7, event 3\n*");
    g_test_trap_subprocess("/base/bug/subprocess/after-a-run", 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr_unmatched("*simulated*");
}

static void test_silent(void) { BUG_IF(1 + 1 == 3, "sums are broken"); }

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/bug/reports", test_reports);
    g_test_add_func("/base/bug/silent", test_silent);
    g_test_add_func("/base/bug/subprocess/plain", plain);
    g_test_add_func("/base/bug/subprocess/in-a-run", in_a_run);
    g_test_add_func("/base/bug/subprocess/after-a-run", after_a_run);
    return g_test_run();
}
