/* test_text.c - the report for people: golden at 80 columns, never wider than asked, no colour unless asked, names
 * disarmed. */
#include <math.h>
#include <string.h>

#include "report/paper.h"
#include "report/report.h"
#include "tests/unit/report/sample.h"

static const char golden_path[] = "tests/unit/report/region_loss.txt";

static char *report_of(const Record *record, bool colour, int width) {
    return report_text(&(ReportInput){record, colour, width});
}

/* To accept a new layout: run this test with UPDATE_GOLDEN=1. */
static void test_golden(void) {
    Record *record = sample_record();
    char *text = report_of(record, false, 80), *golden = NULL;
    if (g_getenv("UPDATE_GOLDEN"))
        g_assert_true(g_file_set_contents(golden_path, text, -1, NULL));
    g_assert_true(g_file_get_contents(golden_path, &golden, NULL, NULL));
    g_assert_cmpstr(text, ==, golden);
    g_free(text);
    g_free(golden);
    record_free(record);
}

static void test_width(void) {
    static const int widths[] = {60, 72, 80, 100, 132};
    Record *record = sample_record();
    for (size_t w = 0; w < G_N_ELEMENTS(widths); w++) {
        char *text = report_of(record, false, widths[w]);
        char **lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line; line++) {
            if (text_columns(*line) > widths[w])
                g_test_message("%d columns: %s", widths[w], *line);
            g_assert_cmpint(text_columns(*line), <=, widths[w]);
            g_assert_false(g_str_has_suffix(*line, " "));
        }
        g_strfreev(lines);
        g_free(text);
    }
    record_free(record);
}

/* Without its escapes, a coloured report is the plain one. */
static void test_colour(void) {
    Record *record = sample_record();
    char *plain = report_of(record, false, 80), *coloured = report_of(record, true, 80);
    GRegex *escapes = g_regex_new("\033\\[[0-9;]*m", 0, 0, NULL);
    char *stripped = g_regex_replace(escapes, coloured, -1, 0, "", 0, NULL);
    g_assert_null(strchr(plain, '\033'));
    g_assert_nonnull(strchr(coloured, '\033'));
    g_assert_cmpstr(stripped, ==, plain);
    g_regex_unref(escapes);
    g_free(stripped);
    g_free(plain);
    g_free(coloured);
    record_free(record);
}

static void test_empty(void) {
    Record *record = sample_empty();
    char *text = report_of(record, false, 0);
    g_assert_cmpstr(text, ==, "faultline 0.1.0  seed 1  1 replication\ninputs -  model -  events -\n\nbare\n");
    g_free(text);
    record_free(record);
}

static void test_hostile_names(void) {
    Record *record = sample_empty();
    record_set_title(record, (RecordTitle){.pattern = "a\033[2Jb\n\nc"});
    record_add_fault(record, (RecordFault){"region \xe2\x80\xae evil\r\x07", 0, RECORD_NEVER});
    char *text = report_of(record, false, 80);
    g_assert_null(strchr(text, '\033'));
    g_assert_null(strchr(text, '\r'));
    g_assert_null(strstr(text, "\xe2\x80\xae"));
    g_free(text);
    record_free(record);
}

static void test_never(void) {
    Record *record = sample_empty();
    double none = (double)NAN, never = (double)RECORD_NEVER;
    char *nobody = report_of(record, false, 80);
    g_assert_null(strstr(nobody, "FAILOVER")); /* without a session nobody waits to be served again */
    g_free(nobody);
    record_add_ledger(record, (RecordLedger){"visitors", 10, 9, 1, 0});
    record_add_measure(record, (RecordMeasure){"failover_time", NULL, "ns", "", "", 3, 3, none, none, none, none, never,
                                               never, never, none});
    char *text = report_of(record, false, 80);
    g_assert_nonnull(strstr(text, "never, in any of 3 runs"));
    g_free(text);
    record_free(record);
}

static void test_fit(void) {
    Paper paper;
    paper_init(&paper, false, 20);
    paper_fit(&paper, INK_PLAIN, "abcdef", 4, false);
    paper_fit(&paper, INK_PLAIN, "x", 3, true);
    paper_put(&paper, INK_PLAIN, "|");
    paper_line(&paper);
    paper_bar(&paper, INK_BAR, 0, 1, 4);
    paper_put(&paper, INK_PLAIN, "|");
    paper_line(&paper);
    paper_bar(&paper, INK_BAR, 0.5, 0.75, 4);
    paper_put(&paper, INK_PLAIN, "|");
    paper_line(&paper);
    paper_bar(&paper, INK_BAR, 0.99, 1, 4);
    paper_put(&paper, INK_PLAIN, "|");
    paper_line(&paper);
    paper_wrap(&paper, INK_PLAIN, 2, "one two three four five six");
    char *text = paper_finish(&paper);
    g_assert_cmpstr(text, ==, "abc…  x|\n████|\n  █ |\n   █|\n  one two three four\n  five six\n");
    g_free(text);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/golden", test_golden);
    g_test_add_func("/text/width", test_width);
    g_test_add_func("/text/colour", test_colour);
    g_test_add_func("/text/empty", test_empty);
    g_test_add_func("/text/hostile names", test_hostile_names);
    g_test_add_func("/text/never", test_never);
    g_test_add_func("/text/fit", test_fit);
    return g_test_run();
}
