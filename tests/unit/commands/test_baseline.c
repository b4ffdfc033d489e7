/* test_baseline.c - recorded values: what is written reads back, what is near enough, and what cannot be read. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "commands/baseline.h"

static TestValue value(double number, const char *unit) {
    return (TestValue){.exists = true, .value = number, .unit = unit};
}

static bool holds(const char *tolerance, double then, double now, const char *unit) {
    TestValue a = value(then, unit), b = value(now, unit);
    return tolerance_holds(tolerance, &a, &b);
}

static void test_tolerance(void) {
    const double never = (double)INFINITY;
    g_assert_true(holds("5 %", 100e9, 105e9, "ns"));
    g_assert_true(holds("5 %", 100e9, 95e9, "ns"));
    g_assert_false(holds("5 %", 100e9, 105.1e9, "ns"));
    g_assert_false(holds("5 %", 100e9, 94.9e9, "ns"));
    g_assert_true(holds("10 s", 100e9, 110e9, "ns"));
    g_assert_false(holds("10 s", 100e9, 110.1e9, "ns"));
    g_assert_true(holds("$0.05", 100000, 150000, "microdollars"));
    g_assert_false(holds("$0.05", 100000, 150001, "microdollars"));
    g_assert_true(holds("3", 7, 10, ""));
    g_assert_false(holds("3", 7, 11, ""));
    g_assert_true(holds("50 %", 0.2, 0.3, "1"));
    g_assert_true(holds("0 %", 0.2, 0.2, "1"));
    g_assert_true(holds("5 %", 0, 0, ""));
    g_assert_false(holds("5 %", 0, 1, "")); /* a share of nothing is nothing */
    g_assert_true(holds("5 %", never, never, "ns"));
    g_assert_false(holds("5 %", never, 1, "ns"));
    g_assert_false(holds("5 %", 1, never, "ns"));
}

static void assert_check(const char *tolerance, const char *unit, const char *reason) {
    char *why = NULL;
    bool good = tolerance_check(tolerance, unit, &why);
    g_assert_true(good == (reason == NULL));
    if (reason)
        g_assert_nonnull(strstr(why, reason));
    g_free(why);
}

static void test_check(void) {
    assert_check("5 %", "ns", NULL);
    assert_check("10 s", "ns", NULL);
    assert_check("10", "", NULL);
    assert_check("10", "ns", "has no unit");
    assert_check("10 s", "", "10 s");
    assert_check("0.05", "1", "is no share, such as 5 %");
    assert_check("-5 %", "ns", "-5 %");
    assert_check("", "ns", "");
}

static void assert_distance(double then, double now, const char *text) {
    TestValue a = value(then, ""), b = value(now, "");
    char *distance = tolerance_distance(&a, &b);
    g_assert_cmpstr(distance, ==, text);
    g_free(distance);
}

static void test_distance(void) {
    const double never = (double)INFINITY;
    assert_distance(100, 130, "30 % more");
    assert_distance(100, 90, "10 % less");
    assert_distance(100, 100, "the same");
    assert_distance(0, 1, "more than 0");
    assert_distance(1e-9, 1e9, "much more");
    assert_distance(never, never, "the same");
    assert_distance(never, 1, "it never happened then");
    assert_distance(1, never, "it happened then");
}

static void test_path(void) {
    char *path = baseline_path("scenarios/zone-loss.yaml"), *other = baseline_path("x");
    g_assert_cmpstr(path, ==, "scenarios/zone-loss.baseline.json");
    g_assert_cmpstr(other, ==, "x.baseline.json");
    g_free(path);
    g_free(other);
}

static void test_round_trip(void) {
    char *folder = g_dir_make_tmp("baseline-XXXXXX", NULL), *path = g_build_filename(folder, "a.baseline.json", NULL);
    GError *error = NULL;
    g_assert_null(baseline_read(path, &error)); /* there is none yet, which is no mistake */
    g_assert_no_error(error);
    Baseline *written = baseline_new();
    written->version = "1.2.3";
    written->model_sha256 = "ff";
    written->seed = 42;
    written->replications = 40;
    const BaselineEntry entries[] = {{"a", "p90 of failover_time", "holds", "10 s", value(1.25e9, "ns")},
                                     {"b", "mean of x", "missed", "5 %", value((double)INFINITY, "ns")},
                                     {"c", "reachable(a -> b)", "holds", NULL, {.exists = false, .unit = ""}}};
    g_array_append_vals(written->entries, entries, G_N_ELEMENTS(entries));
    g_assert_true(baseline_write(written, path, &error));
    Baseline *read = baseline_read(path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(read->version, ==, "1.2.3");
    g_assert_cmpint(read->seed, ==, 42);
    g_assert_cmpuint(read->entries->len, ==, 3);
    for (guint i = 0; i < 3; i++) {
        const BaselineEntry *entry = baseline_find(read, entries[i].id);
        g_assert_cmpstr(entry->asks, ==, entries[i].asks);
        g_assert_cmpstr(entry->verdict, ==, entries[i].verdict);
        g_assert_cmpstr(entry->tolerance, ==, entries[i].tolerance);
        g_assert_true(entry->value.exists == entries[i].value.exists);
        g_assert_true(!entry->value.exists || tolerance_holds("0 %", &entries[i].value, &entry->value));
    }
    g_assert_null(baseline_find(read, "d"));
    baseline_free(read);
    baseline_free(written);
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
}

#define HEAD "\"version\": \"1\", \"model_sha256\": \"ff\", \"seed\": 1, \"replications\": 1"

static void assert_refused(const char *text, const char *message) {
    char *folder = g_dir_make_tmp("baseline-XXXXXX", NULL), *path = g_build_filename(folder, "a.baseline.json", NULL);
    GError *error = NULL;
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_null(baseline_read(path, &error));
    g_assert_nonnull(error);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, path)); /* which file, and where in it */
    g_assert_nonnull(strstr(error->message, message));
    g_error_free(error);
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
}

static void test_refused(void) {
    static const char head[] = "{\"format\": \"faultline-baseline/1\", " HEAD ", \"expectations\": ";
    static const char *const entries[][2] = {
        {"{}", "$.expectations"},
        {"[{\"id\": \"a\"}]", "asks"},
        {"[{\"id\": \"a\", \"asks\": \"b\", \"verdict\": \"holds\", \"value\": {\"value\": 1, \"unit\": \"ns\"}}]",
         "tolerance"},
        {"[{\"id\": \"a\", \"asks\": \"b\", \"verdict\": \"holds\", \"tolerance\": \"1\", \"value\": {\"value\": 1, "
         "\"unit\": \"ns\"}}]",
         "$.expectations[0].tolerance: \"1\" has no unit"}};
    assert_refused("", "");
    assert_refused("{", "");
    assert_refused("{\"format\": \"faultline-report/1\", " HEAD ", \"expectations\": []}", "$.format");
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        char *text = g_strconcat(head, entries[i][0], "}", NULL);
        assert_refused(text, entries[i][1]);
        g_free(text);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/baseline/tolerance", test_tolerance);
    g_test_add_func("/baseline/check", test_check);
    g_test_add_func("/baseline/distance", test_distance);
    g_test_add_func("/baseline/path", test_path);
    g_test_add_func("/baseline/round trip", test_round_trip);
    g_test_add_func("/baseline/refused", test_refused);
    return g_test_run();
}
