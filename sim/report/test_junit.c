/* test_junit.c - JUnit's XML, in the shape that both common schemas take: that of Ant and that of Jenkins.
 *
 * A file is a suite, a case a test case. What fails is a failure, what could not be tried an error, and what does not
 * pass without failing (warnings, waivers) is skipped, which is as near as JUnit comes. Ant wants a host, a time and a
 * timestamp: they are constants, or the day of --today. What was measured has no place beside a case that passes, so it
 * stands in the suite's properties. No attributes `file` and `line`: Ant's schema has none. */
#include <string.h>

#include "base/escape.h"
#include "report/test_report.h"
#include "report/test_words.h"

static void put_attribute(GString *xml, const char *name, const char *value) {
    char *safe = escape_xml(value);
    g_string_append_printf(xml, " %s=\"%s\"", name, safe);
    g_free(safe);
}

/* Names are tokens: no blanks at their ends, and at least a character. */
static void put_name(GString *xml, const char *attribute, const char *name) {
    char *line = test_one_line(name);
    g_strstrip(line);
    put_attribute(xml, attribute, *line ? line : "-");
    g_free(line);
}

/* Line feeds in text may stay what they are. */
static void put_text(GString *xml, const char *text) {
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *safe = escape_xml(*line);
        g_string_append_printf(xml, "%s%s", line == lines ? "" : "\n", safe);
        g_free(safe);
    }
    g_strfreev(lines);
}

static void put_body(GString *xml, const TestCase *row, const char *claim) {
    char *found = test_found(row), *details = test_details(row);
    put_text(xml, claim);
    put_text(xml, "\n");
    put_text(xml, found);
    put_text(xml, *details ? "\n" : "");
    put_text(xml, details);
    g_free(found);
    g_free(details);
}

static void put_outcome(GString *xml, const TestCase *row) {
    static const char *const elements[TEST_OUTCOMES] = {NULL,      "skipped", NULL,   "skipped",
                                                        "skipped", "failure", "error"};
    const char *element = elements[row->outcome];
    char *claim = test_claim(row), *found = test_found(row), *message = g_strdup_printf("%s: %s", claim, found);
    g_string_append_printf(xml, ">\n      <%s", element);
    if (row->outcome == TEST_FAILED || row->outcome == TEST_BROKEN) {
        put_attribute(xml, "message", message);
        put_attribute(xml, "type", row->verdict ? row->verdict : test_kind_name(row->kind));
    }
    g_string_append_c(xml, '>');
    put_body(xml, row, claim);
    g_string_append_printf(xml, "</%s>\n    </testcase>\n", element);
    g_free(message);
    g_free(found);
    g_free(claim);
}

/* A case's name within its suite: "service-recovers", "service-recovers/but". */
static char *name_of(const TestFile *file, const TestCase *row, uint32_t i) {
    if (row->kind == TEST_INPUT)
        return g_strdup_printf("input %u", i + 1);
    return g_strdup(row->id + (g_str_has_prefix(row->id, file->name) ? strlen(file->name) + 1 : 0));
}

static void put_case(GString *xml, const TestFile *file, const TestCase *row, uint32_t i) {
    char *name = name_of(file, row, i);
    g_string_append(xml, "    <testcase");
    put_name(xml, "name", name);
    put_name(xml, "classname", file->name);
    put_attribute(xml, "time", "0");
    if (row->outcome == TEST_PASSED || row->outcome == TEST_NOTED)
        g_string_append(xml, "/>\n");
    else
        put_outcome(xml, row);
    g_free(name);
}

static void put_property(GString *xml, const char *name, const char *value) {
    if (!value)
        return;
    g_string_append(xml, "      <property");
    put_name(xml, "name", name);
    put_attribute(xml, "value", value);
    g_string_append(xml, "/>\n");
}

static void put_properties(GString *xml, const TestReport *report, const TestFile *file) {
    char *replications = g_strdup_printf("%" G_GINT64_FORMAT, file->replications),
         *seed = g_strdup_printf("%" G_GINT64_FORMAT, file->seed);
    g_string_append(xml, "    <properties>\n");
    put_property(xml, "path", file->path);
    put_property(xml, "scenario", file->scenario);
    put_property(xml, "pattern", file->pattern);
    put_property(xml, "seed", file->seed == TEST_NEVER ? NULL : seed);
    put_property(xml, "replications", file->replications == TEST_NEVER ? NULL : replications);
    for (uint32_t i = 0; i < file->count; i++) {
        const TestCase *row = test_case_at(report, file->first + i);
        char *name = name_of(file, row, i), *claim = test_claim(row), *found = test_found(row);
        char *value = g_strdup_printf("%s: %s", claim, found);
        put_property(xml, name, value);
        g_free(value);
        g_free(found);
        g_free(claim);
        g_free(name);
    }
    g_string_append(xml, "    </properties>\n");
    g_free(replications);
    g_free(seed);
}

static void put_counts(GString *xml, const TestReport *report, const TestFile *file) {
    uint32_t outcomes[TEST_OUTCOMES] = {0};
    for (uint32_t i = 0; i < file->count; i++)
        outcomes[test_case_at(report, file->first + i)->outcome]++;
    g_string_append_printf(xml, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"", file->count,
                           outcomes[TEST_FAILED], outcomes[TEST_BROKEN],
                           outcomes[TEST_SKIPPED] + outcomes[TEST_WARNED] + outcomes[TEST_WAIVED]);
}

static void put_suite(GString *xml, const TestReport *report, const TestFile *file, uint32_t number) {
    g_string_append_printf(xml, "  <testsuite id=\"%u\" package=\"faultline\"", number);
    put_name(xml, "name", file->name);
    put_counts(xml, report, file);
    g_string_append_printf(xml, " time=\"0\" timestamp=\"%sT00:00:00\" hostname=\"localhost\">\n",
                           report->today ? report->today : "1970-01-01");
    put_properties(xml, report, file);
    for (uint32_t i = 0; i < file->count; i++)
        put_case(xml, file, test_case_at(report, file->first + i), i);
    g_string_append(xml, "    <system-out>");
    put_text(xml, file->claim ? file->claim : "");
    g_string_append(xml, "</system-out>\n    <system-err></system-err>\n  </testsuite>\n");
}

static char *junit_whole(const TestReport *report, const TestLook *look) {
    (void)look;
    GString *xml = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (uint32_t f = 0; f < report->files->len; f++)
        put_suite(xml, report, test_file_at(report, f), f);
    g_string_append(xml, "</testsuites>\n");
    return g_string_free(xml, FALSE);
}

const TestFormat test_format_junit = {
    .name = "junit",
    .summary = "JUnit's XML, for build servers",
    .suffix = "xml",
    .end = junit_whole,
};
