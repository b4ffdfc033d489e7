/* test_tap.c - TAP, for prove and its like: a line a case, and comments that tell why one does not pass.
 *
 * What does not pass without failing carries the directive for known shortcomings, so that it fails nobody. Versions 13
 * and 14 of the protocol differ in nothing that is used here but the escape of "#", which readers of both know. */
#include <string.h>

#include "report/test_report.h"
#include "report/test_words.h"

/* In a description a "#" would begin a directive. */
static void put_description(GString *tap, const char *text) {
    char *line = test_one_line(text);
    for (const char *at = line; *at; at++) {
        if (*at == '#' || *at == '\\')
            g_string_append_c(tap, '\\');
        g_string_append_c(tap, *at);
    }
    g_free(line);
}

static void put_comments(GString *tap, const char *text) {
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *safe = test_one_line(*line);
        g_string_append_printf(tap, "#   %s\n", safe);
        g_free(safe);
    }
    g_strfreev(lines);
}

static void put_directive(GString *tap, const TestCase *row) {
    if (row->outcome == TEST_PASSED || row->outcome == TEST_FAILED || row->outcome == TEST_BROKEN)
        return;
    if (row->outcome == TEST_SKIPPED) {
        g_string_append(tap, " # SKIP ");
        put_description(tap, row->why ? row->why : "");
        return;
    }
    char *waived = row->outcome == TEST_WAIVED ? test_waived(row) : NULL;
    g_string_append(tap, " # TO" /* in two parts: no mark of undone work of ours */ "DO ");
    g_string_append(tap, waived ? "waiver " : "");
    put_description(tap, waived ? waived : test_severity_name(row->severity));
    g_free(waived);
}

static void put_case(GString *tap, const TestCase *row, uint32_t number) {
    char *claim = test_claim(row), *found = test_found(row), *details = test_details(row);
    char *text = g_strdup_printf("%s: %s: %s", row->id, claim, found);
    g_string_append_printf(tap, "%s %u - ", row->outcome <= TEST_SKIPPED ? "ok" : "not ok", number);
    put_description(tap, text);
    put_directive(tap, row);
    g_string_append_c(tap, '\n');
    if (row->outcome != TEST_PASSED && *details)
        put_comments(tap, details);
    g_free(text);
    g_free(details);
    g_free(found);
    g_free(claim);
}

static char *tap_file(const TestReport *report, const TestFile *file, const TestLook *look) {
    (void)look;
    GString *tap = g_string_new(file == test_file_at(report, 0) ? "TAP version 13\n" : NULL);
    char *path = test_one_line(file->path);
    g_string_append_printf(tap, "# %s\n", path);
    for (uint32_t i = 0; i < file->count; i++)
        put_case(tap, test_case_at(report, file->first + i), file->first + i + 1);
    g_free(path);
    return g_string_free(tap, FALSE);
}

static char *tap_end(const TestReport *report, const TestLook *look) {
    (void)look;
    if (report->interrupted)
        return g_strdup("Bail out! interrupted\n");
    return g_strdup_printf("%s1..%u\n", report->files->len ? "" : "TAP version 13\n", report->cases->len);
}

const TestFormat test_format_tap = {
    .name = "tap",
    .summary = "TAP, for prove and other harnesses",
    .suffix = "tap",
    .file = tap_file,
    .end = tap_end,
};
