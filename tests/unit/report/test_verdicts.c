/* test_verdicts.c - the formats of `faultline test`: names, counts, and that no text breaks out of its place. */
#include <string.h>

#include "read/json_in.h"
#include "report/report.h"
#include "tests/unit/report/hostile.h"

static char *written(const char *format, const TestReport *report) {
    g_assert_nonnull(test_format(format));
    return test_report_write(report, test_format(format), &(TestLook){false, 80});
}

static guint times(const char *text, const char *what) {
    guint found = 0;
    for (const char *at = strstr(text, what); at; at = strstr(at + strlen(what), what))
        found++;
    return found;
}

static void test_list(void) {
    g_assert_cmpstr(test_formats[0]->name, ==, "text");
    g_assert_null(test_format("xml"));
    guint count = 0;
    for (const TestFormat *const *format = test_formats; *format; format++, count++) {
        g_assert_true(test_format((*format)->name) == *format);
        g_assert_nonnull((*format)->summary);
        g_assert_nonnull((*format)->suffix);
        g_assert_nonnull((*format)->end);
    }
    g_assert_cmpuint(count, ==, 7);
}

/* ---- Ids --------------------------------------------------------------------------------- */

static void assert_name(const char *const *paths, uint32_t count, uint32_t i, const char *name) {
    TestReport *report = test_report_new("1", NULL);
    test_report_plan(report, paths, count);
    for (uint32_t f = 0; f <= i; f++)
        test_report_file(report, (TestFile){.seed = 1});
    g_assert_cmpstr(test_file_at(report, i)->name, ==, name);
    test_report_free(report);
}

static void test_names(void) {
    static const char *const alone[] = {"scenarios/outage/zone-loss.yaml"};
    assert_name(alone, 1, 0, "zone-loss");
    static const char *const doubled[] = {"a/outage/zone.yaml", "b/outage/zone.yaml", "b/other.yaml", "c/zone.yaml"};
    assert_name(doubled, 4, 0, "a/outage/zone");
    assert_name(doubled, 4, 1, "b/outage/zone");
    assert_name(doubled, 4, 2, "other");
    assert_name(doubled, 4, 3, "c/zone");
    static const char *const deep[] = {"p/a/zone.yaml", "p/b/zone.yaml"};
    assert_name(deep, 2, 0, "a/zone");
    assert_name(deep, 2, 1, "b/zone");
    static const char *const nested[] = {"zone.yaml", "x/zone.yaml"};
    assert_name(nested, 2, 0, "zone");
    assert_name(nested, 2, 1, "x/zone");
}

static void test_ids(void) {
    TestReport *report = tame_report();
    static const char *const ids[] = {"one/held",  "one/held/but", "one/failed",       "one/warned",
                                      "one/noted", "one/waived",   "one/failed/drift", "one/held/drift",
                                      "two",       "two",          "three/late"};
    g_assert_cmpuint(report->cases->len, ==, G_N_ELEMENTS(ids));
    for (guint i = 0; i < G_N_ELEMENTS(ids); i++)
        g_assert_cmpstr(test_case_at(report, i)->id, ==, ids[i]);
    g_assert_cmpuint(report->outcomes[TEST_PASSED], ==, 3);
    g_assert_cmpuint(report->outcomes[TEST_FAILED], ==, 2);
    g_assert_cmpuint(report->outcomes[TEST_BROKEN], ==, 2);
    g_assert_false(test_report_good(report));
    test_report_free(report);
}

/* ---- Text -------------------------------------------------------------------------------- */

static void test_text(void) {
    TestReport *report = tame_report();
    char *text = written("text", report);
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        g_assert_cmpint(g_utf8_strlen(*line, -1), <=, 80);
    g_assert_true(g_str_has_prefix(text, "scenarios/one.yaml: p99 of failover_time <= 3 min\n  ok     held  "));
    g_assert_nonnull(strstr(text, "  FAIL   failed                   p99 of failover_time <= 3 min\n"
                                  "         missed                   4 min (3.5 min to 4.5 min)\n"));
    g_assert_nonnull(strstr(text, "             20 min fault         fail zone us-east-1a (scenarios/one.yaml:9:5)\n"
                                  "             + 15 s notice        "));
    g_assert_cmpuint(times(text, "by the steps of failed"), ==, 3); /* told once */
    g_assert_nonnull(strstr(text, "until 2026-12-31 (p99"));
    g_assert_true(g_str_has_suffix(text, "\n3 passed, 2 failed, 2 warnings, 1 note, 1 waived, 2 could not be tried\n"));
    g_strfreev(lines);
    g_free(text);
    test_report_free(report);
    report = hostile_report();
    text = written("text", report);
    g_assert_null(strpbrk(text, "\x01\x1b"));
    g_free(text);
    test_report_free(report);
}

/* ---- For programs ------------------------------------------------------------------------ */

static void test_json(void) {
    TestReport *report = hostile_report();
    char *text = written("json", report), *again = written("json", report);
    g_assert_cmpstr(text, ==, again);
    GError *error = NULL;
    JsonDoc *doc = json_in_read(text, strlen(text), &error);
    g_assert_no_error(error);
    const JsonIn *files = json_in_need(json_in_root(doc), "files", &error);
    g_assert_cmpuint(json_in_count(files), ==, 3);
    const JsonIn *failed = json_in_at(json_in_need(json_in_at(files, 0), "cases", &error), 2);
    g_assert_cmpstr(json_in_string(json_in_need(failed, "text", &error), &error), ==, HOSTILE);
    const JsonIn *value = json_in_need(failed, "value", &error);
    g_assert_cmpstr(json_in_string(json_in_need(value, "high", &error), &error), ==, "never");
    const JsonIn *chain = json_in_need(json_in_need(failed, "counterexample", &error), "chain", &error);
    g_assert_cmpint(json_in_int(json_in_need(json_in_at(chain, 1), "at_ns", &error), &error), ==, 1215000000000);
    g_assert_no_error(error);
    json_in_free(doc);
    g_free(text);
    g_free(again);
    test_report_free(report);
}

/* The schemas are for tests/cli/formats.t; here is what they cannot see. */
static void test_junit(void) {
    TestReport *report = hostile_report();
    char *text = written("junit", report);
    g_assert_null(strpbrk(text, "\x01\x1b"));
    g_assert_null(strstr(text, "<b "));
    g_assert_null(strstr(text, "]]>"));
    g_assert_nonnull(strstr(text, "tests=\"8\" failures=\"2\" errors=\"0\" skipped=\"3\""));
    g_assert_nonnull(strstr(text, "tests=\"2\" failures=\"0\" errors=\"2\" skipped=\"0\""));
    g_assert_cmpuint(times(text, "<testcase "), ==, report->cases->len);
    g_assert_cmpuint(times(text, "timestamp=\"2026-11-22T00:00:00\""), ==, 3);
    g_free(text);
    test_report_free(report);
}

static void test_sarif(void) {
    TestReport *report = hostile_report();
    char *text = written("sarif", report);
    GError *error = NULL;
    JsonDoc *doc = json_in_read(text, strlen(text), &error);
    g_assert_no_error(error);
    const JsonIn *run = json_in_at(json_in_need(json_in_root(doc), "runs", &error), 0);
    const JsonIn *driver = json_in_need(json_in_need(run, "tool", &error), "driver", &error);
    const JsonIn *rules = json_in_need(driver, "rules", &error), *results = json_in_need(run, "results", &error);
    g_assert_cmpuint(json_in_count(rules), ==, 10);  /* one a case, and one for all mistakes */
    g_assert_cmpuint(json_in_count(results), ==, 8); /* what passed has none */
    guint suppressed = 0;
    for (size_t i = 0; i < json_in_count(results); i++) {
        const JsonIn *result = json_in_at(results, i);
        int64_t index = json_in_int(json_in_need(result, "ruleIndex", &error), &error);
        const JsonIn *rule = json_in_at(rules, (size_t)index);
        g_assert_cmpstr(json_in_string(json_in_need(rule, "id", &error), &error), ==,
                        json_in_string(json_in_need(result, "ruleId", &error), &error));
        suppressed += json_in_get(result, "suppressions") != NULL;
    }
    g_assert_cmpuint(suppressed, ==, 1);
    g_assert_no_error(error);
    json_in_free(doc);
    g_free(text);
    test_report_free(report);
}

static void test_tap(void) {
    TestReport *report = hostile_report();
    char *text = written("tap", report), **lines = g_strsplit(text, "\n", -1);
    guint number = 0;
    g_assert_cmpstr(lines[0], ==, "TAP version 13");
    for (char **line = lines + 1; **line; line++) {
        bool result = g_str_has_prefix(*line, "ok ") || g_str_has_prefix(*line, "not ok ");
        number += result;
        char *head = g_strdup_printf("%sok %u - ", **line == 'n' ? "not " : "", number);
        g_assert_true(g_str_has_prefix(*line, result ? head : **line == '#' ? "#" : "1.."));
        const char *directive = result ? strstr(*line, " # ") : NULL;
        g_assert_true(!directive || g_str_has_prefix(directive, " # TO"
                                                                "DO "));
        g_free(head);
    }
    g_assert_cmpuint(number, ==, report->cases->len);
    g_assert_true(g_str_has_suffix(text, "\n1..11\n"));
    g_strfreev(lines);
    g_free(text);
    report->interrupted = true;
    text = written("tap", report);
    g_assert_true(g_str_has_suffix(text, "\nBail out! interrupted\n"));
    g_free(text);
    test_report_free(report);
}

/* Nothing of a file becomes a command: commands are ours, one a case that did not pass. */
static void test_github(void) {
    TestReport *report = hostile_report();
    char *text = written("github", report), **lines = g_strsplit(text, "\n", -1);
    guint commands = 0;
    for (char **line = lines; *line; line++) {
        g_assert_null(strstr(*line, "##["));
        commands += g_str_has_prefix(g_strchug(*line), "::") ? 1 : 0;
        if (!g_str_has_prefix(*line, "::"))
            continue;
        char *end = strstr(*line + 2, "::");
        g_assert_nonnull(end);
        *end = '\0';
        g_assert_cmpuint(times(*line + 2, ":"), ==, 0); /* the properties hold none, and are all there */
        g_assert_cmpuint(times(*line + 2, " file=") + times(*line + 2, ",title="), ==, 2);
    }
    g_assert_cmpuint(commands, ==, 8);
    g_strfreev(lines);
    g_free(text);
    test_report_free(report);
    report = tame_report();
    text = written("github", report);
    g_assert_nonnull(strstr(text, "\n::error file=scenarios/one.yaml,line=12,col=5,title=one/failed::p99 of "
                                  "failover_time <= 3 min: missed: 4 min (3.5 min to 4.5 min)%0Abecause "));
    g_assert_nonnull(strstr(text, "\n::notice file=scenarios/one.yaml,line=12,col=5,title=one/waived::"));
    g_free(text);
    test_report_free(report);
}

/* Rows of a table have as many cells as its head, and what follows a fence is code until a fence as long. */
static void test_markdown(void) {
    TestReport *report = hostile_report();
    char *text = written("markdown", report), **lines = g_strsplit(text, "\n", -1);
    guint rows = 0;
    size_t fence = 0;
    for (char **line = lines; *line; line++) {
        size_t ticks = strspn(*line, "`");
        if (ticks >= 3 && (fence == 0 || (ticks >= fence && (*line)[ticks] == '\0'))) {
            fence = fence ? 0 : ticks;
            continue;
        }
        if (fence || **line != '|')
            continue;
        guint bars = 0;
        for (const char *at = *line; *at; at++)
            bars += *at == '|' && (at == *line || at[-1] != '\\');
        g_assert_cmpuint(bars, ==, 5);
        rows++;
    }
    g_assert_cmpuint(fence, ==, 0);
    g_assert_cmpuint(rows, ==, report->cases->len + 4); /* two tables with two lines of head */
    g_assert_null(strpbrk(text, "\x01\x1b"));
    g_strfreev(lines);
    g_free(text);
    test_report_free(report);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/verdicts/list", test_list);
    g_test_add_func("/verdicts/names", test_names);
    g_test_add_func("/verdicts/ids", test_ids);
    g_test_add_func("/verdicts/text", test_text);
    g_test_add_func("/verdicts/json", test_json);
    g_test_add_func("/verdicts/junit", test_junit);
    g_test_add_func("/verdicts/sarif", test_sarif);
    g_test_add_func("/verdicts/tap", test_tap);
    g_test_add_func("/verdicts/github", test_github);
    g_test_add_func("/verdicts/markdown", test_markdown);
    return g_test_run();
}
