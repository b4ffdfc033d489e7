/* test_differences.c - rows of two documents are matched by what they are about, and nothing that differs is passed
 * over. */
#include <string.h>

#include "commands/differences.h"

/* "section|name|a|b|change" for each difference, one a line. */
static char *told(const char *a, const char *b) {
    GError *error = NULL;
    JsonDoc *x = json_in_read(a, strlen(a), &error), *y = json_in_read(b, strlen(b), &error);
    g_assert_no_error(error);
    GPtrArray *all = differences_of(json_in_root(x), json_in_root(y));
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < all->len; i++) {
        const Difference *d = all->pdata[i];
        g_string_append_printf(text, "%s|%s|%s|%s|%s\n", d->section, d->name, d->a ? d->a : "", d->b ? d->b : "",
                               d->change ? d->change : "");
    }
    g_ptr_array_free(all, TRUE);
    json_in_free(x);
    json_in_free(y);
    return g_string_free(text, FALSE);
}

static void check(const char *a, const char *b, const char *expected) {
    char *text = told(a, b);
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

static void test_same(void) {
    check("{\"manifest\": {\"seed\": 1}, \"x\": [1, 2.5, null, \"a\", true]}",
          "{\"x\": [1, 2.5, null, \"a\", true], \"manifest\": {\"seed\": 1}}", "");
}

static void test_manifest(void) {
    check("{\"manifest\": {\"seed\": 1, \"model_sha256\": \"0123456789abcdef\"}}",
          "{\"manifest\": {\"seed\": 2, \"model_sha256\": \"fedcba9876543210\", \"more\": 7}}",
          "manifest|seed|1|2|\n"
          "manifest|model_sha256|0123456789ab|fedcba987654|\n"
          "manifest|more|none|7|\n");
}

/* In another order, with rows that only one of them has; the mean alone where it differs, all of it where not. */
static void test_measures(void) {
    check(
        "{\"measures\": [{\"name\": \"a\", \"of\": null, \"unit\": \"ns\", \"never\": 0, \"mean\": 60000000000.0},"
        "{\"name\": \"a\", \"of\": \"us\", \"unit\": \"1\", \"never\": 0, \"mean\": 0.5, \"low\": 0.4, \"high\": 0.6},"
        "{\"name\": \"b\", \"of\": null, \"unit\": \"sessions\", \"never\": 0, \"mean\": 3}]}",
        "{\"measures\": [{\"name\": \"c\", \"of\": null, \"unit\": \"microdollars\", \"never\": 0, \"mean\": 2000000},"
        "{\"name\": \"a\", \"of\": \"us\", \"unit\": \"1\", \"never\": 2, \"mean\": 0.5, \"low\": 0.3, \"high\": 0.6},"
        "{\"name\": \"a\", \"of\": null, \"unit\": \"ns\", \"never\": 0, \"mean\": 90000000000.0}]}",
        "measures|a|1 min|1.5 min|+50 %\n"
        "measures|a[us]|50 % (40 % to 60 %)|50 % (30 % to 60 %), 2 never|\n"
        "measures|b|3||\n"
        "measures|c||$2|\n");
}

static void test_ledger(void) {
    check(
        "{\"ledger\": [{\"population\": \"p\", \"arrived\": 10, \"completed\": 8, \"active\": 0, \"reestablished\": 0,"
        " \"broken\": [{\"cause\": \"x\", \"sessions\": 2}]}]}",
        "{\"ledger\": [{\"population\": \"p\", \"arrived\": 10, \"completed\": 9, \"active\": 0, \"reestablished\": 0,"
        " \"broken\": [{\"cause\": \"y\", \"sessions\": 1}]}]}",
        "ledger|p: completed|8|9|+12 %\n"
        "ledger|p: x|2||\n"
        "ledger|p: y||1|\n");
}

/* The record's name of a table and the report's are one. */
static void test_reach(void) {
    const char *row =
        "[{\"from\": \"a\", \"to\": \"b\", \"port\": \"tcp/1\", \"before\": \"REACH\", \"during\": \"DENY\","
        " \"after\": \"REACH\"}]";
    char *record = g_strdup_printf("{\"reach\": %s}", row), *report = g_strdup_printf("{\"reachability\": %s}", row);
    check(record, "{\"reach\": []}", "reachability|a -> b tcp/1|REACH, then DENY, then REACH||\n");
    check(report, "{\"reachability\": []}", "reachability|a -> b tcp/1|REACH, then DENY, then REACH||\n");
    g_free(record);
    g_free(report);
}

static void test_rest(void) {
    check("{\"series\": [{\"values\": [1, 2, 3, 4, 5, 6]}], \"run\": {\"until_ns\": 5}}",
          "{\"series\": [{\"values\": [1, 0, 0, 0, 0, 6]}], \"run\": {\"until_ns\": 6}}",
          "series|$.series[0].values[1]|2|0|\n"
          "series|$.series[0].values[2]|3|0|\n"
          "series|$.series[0].values[3]|4|0|\n"
          "series|and 1 more|||\n"
          "run|$.run.until_ns|5|6|\n");
    check("{\"x\": {\"gone\": 1}}", "{\"x\": {}, \"new\": 1}", "x|$.x.gone|1|none|\nnew|$.new|none|1|\n");
    check("{\"x\": {}}", "{\"x\": {\"new\": 1}}", "x|$.x.new|none|1|\n");
}

/* A row that differs only in how many replications are behind it says nothing that the manifests do not say. */
static void test_counts(void) {
    const char *row =
        "{\"manifest\": {\"replications\": %d}, \"measures\": [{\"name\": \"m\", \"count\": %d, \"mean\": %d}]}";
    char *two = g_strdup_printf(row, 2, 2, 5), *three = g_strdup_printf(row, 3, 3, 5);
    char *other = g_strdup_printf(row, 3, 3, 6), *odd = g_strdup_printf(row, 2, 1, 5);
    check(two, three, "manifest|replications|2|3|\n");
    check(two, other, "manifest|replications|2|3|\nmeasures|m|5|6|+20 %\n");
    check(two, odd, "measures|m|5|5|\n");
    g_free(two);
    g_free(three);
    g_free(other);
    g_free(odd);
}

static void test_printed(void) {
    const char *a = "{\"manifest\": {\"seed\": 1}}", *b = "{\"manifest\": {\"seed\": \"\\u001b[31m\"}}";
    JsonDoc *x = json_in_read(a, strlen(a), NULL), *y = json_in_read(b, strlen(b), NULL);
    GPtrArray *all = differences_of(json_in_root(x), json_in_root(y));
    GString *text = g_string_new(NULL);
    differences_print(text, all, 80);
    g_assert_nonnull(strstr(text->str, "MANIFEST"));
    g_assert_null(strchr(text->str, '\033')); /* what a file holds does not steer a terminal */
    g_string_free(text, TRUE);
    g_ptr_array_free(all, TRUE);
    json_in_free(x);
    json_in_free(y);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/differences/none", test_same);
    g_test_add_func("/differences/manifest", test_manifest);
    g_test_add_func("/differences/measures", test_measures);
    g_test_add_func("/differences/ledger", test_ledger);
    g_test_add_func("/differences/reachability", test_reach);
    g_test_add_func("/differences/rest", test_rest);
    g_test_add_func("/differences/counts", test_counts);
    g_test_add_func("/differences/printed", test_printed);
    return g_test_run();
}
