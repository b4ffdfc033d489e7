/* test_formats.c - the formats for programs: JSON that reads back, CSV of equal width, and the list of formats. */
#include <string.h>

#include "read/json_in.h"
#include "report/report.h"
#include "tests/unit/report/sample.h"

static char *written(const char *format, const Record *record) {
    g_assert_nonnull(report_format(format));
    return report_format(format)->write(&(ReportInput){record, false, 80});
}

static void test_list(void) {
    g_assert_cmpstr(report_formats[0]->name, ==, "text");
    g_assert_null(report_format("xml"));
    for (const ReportFormat *const *format = report_formats; *format; format++) {
        g_assert_true(report_format((*format)->name) == *format);
        g_assert_nonnull((*format)->summary);
        g_assert_nonnull((*format)->suffix);
    }
}

static void test_csv(void) {
    Record *record = sample_record();
    record_add_measure(record, (RecordMeasure){"odd \"name\", indeed", "=1+1", "ns", "", "", 1, 0, 0.1, 0, 0, 0, 0, 0,
                                               (double)RECORD_NEVER, 0});
    char *text = written("csv", record);
    char **lines = g_strsplit(text, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, record->measures->len + 2); /* a heading, and the last newline */
    g_assert_true(g_str_has_prefix(lines[0], "name,of,unit,"));
    for (guint i = 0; i + 2 < g_strv_length(lines); i++) {
        guint commas = 0;
        for (const char *at = lines[i]; *at; at++)
            commas += *at == ',';
        g_assert_cmpuint(commas, ==, 14);
    }
    const char *last = lines[record->measures->len];
    g_assert_true(g_str_has_prefix(last, "\"odd \"\"name\"\", indeed\",'=1+1,ns,,,1,0,0.1,0,0,0,0,0,never,0"));
    g_strfreev(lines);
    g_free(text);
    record_free(record);
}

static void test_json(void) {
    Record *record = sample_record();
    char *text = written("json", record), *again = written("json", record);
    g_assert_cmpstr(text, ==, again);
    g_assert_true(g_str_has_prefix(text, "{\n  \"format\": \"faultline-report/1\""));
    g_assert_nonnull(strstr(text, "\"verdict\": \"missed\""));
    g_assert_nonnull(strstr(text, "\"to_ns\": 3000000000000"));
    GError *error = NULL;
    JsonDoc *doc = json_in_read(text, strlen(text), &error);
    g_assert_no_error(error);
    g_assert_true(json_in_is_object(json_in_root(doc)));
    g_assert_cmpuint(json_in_count(json_in_root(doc)), ==, 12);
    json_in_free(doc);
    g_free(text);
    g_free(again);
    record_free(record);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/formats/list", test_list);
    g_test_add_func("/formats/csv", test_csv);
    g_test_add_func("/formats/json", test_json);
    return g_test_run();
}
