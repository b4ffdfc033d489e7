/* test_markdown.c - tables for a comment or a job summary (GitHub's Markdown, which GitLab reads, too).
 *
 * Everything from a file stands in code spans and code blocks, where nothing is formatted, linked or called by name. */
#include <string.h>

#include "base/escape.h"
#include "report/test_report.h"
#include "report/test_words.h"

static size_t longest_run(const char *text, char of) {
    size_t longest = 0, run = 0;
    for (; *text; text++) {
        run = *text == of ? run + 1 : 0;
        longest = MAX(longest, run);
    }
    return longest;
}

static void put_fence(GString *page, size_t length) {
    for (; length > 0; length--)
        g_string_append_c(page, '`');
}

/* In a table a bar ends a cell, in code as well, unless a backslash stands before it. */
static void put_code(GString *page, const char *text) {
    char *line = test_one_line(text), *safe = escape_terminal(line);
    size_t fence = longest_run(safe, '`') + 1;
    const char *room = fence > 1 ? " " : "";
    if (*safe) {
        put_fence(page, fence);
        g_string_append(page, room);
        for (const char *at = safe; *at; at++)
            g_string_append_printf(page, *at == '|' ? "\\%c" : "%c", *at);
        g_string_append(page, room);
        put_fence(page, fence);
    }
    g_free(safe);
    g_free(line);
}

static void put_block(GString *page, const char *text) {
    size_t fence = MAX(longest_run(text, '`') + 1, 3);
    put_fence(page, fence);
    g_string_append(page, "text\n");
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *safe = escape_terminal(*line);
        g_string_append_printf(page, "%s\n", safe);
        g_free(safe);
    }
    g_strfreev(lines);
    put_fence(page, fence);
    g_string_append(page, "\n\n");
}

static void put_row(GString *page, const TestCase *row) {
    static const char *const words[TEST_OUTCOMES] = {"ok",     "skipped",  "note",    "warning",
                                                     "waived", "**FAIL**", "**FAIL**"};
    char *claim = test_claim(row), *found = test_found(row);
    g_string_append_printf(page, "| %s | ", words[row->outcome]);
    put_code(page, row->id);
    g_string_append(page, " | ");
    put_code(page, claim);
    g_string_append(page, " | ");
    put_code(page, found);
    g_string_append(page, " |\n");
    g_free(claim);
    g_free(found);
}

static void put_table(GString *page, const TestReport *report, bool passed) {
    g_string_append(page, "| | case | expected | found |\n|:--|:--|:--|:--|\n");
    for (uint32_t i = 0; i < report->cases->len; i++)
        if ((test_case_at(report, i)->outcome == TEST_PASSED) == passed)
            put_row(page, test_case_at(report, i));
    g_string_append_c(page, '\n');
}

static void put_stories(GString *page, const TestReport *report) {
    for (uint32_t i = 0; i < report->cases->len; i++) {
        const TestCase *row = test_case_at(report, i);
        char *details = test_details(row);
        if (row->outcome != TEST_PASSED && *details) {
            put_code(page, row->id);
            g_string_append(page, "\n\n");
            put_block(page, details);
        }
        g_free(details);
    }
}

static char *markdown_whole(const TestReport *report, const TestLook *look) {
    (void)look;
    char *summary = test_summary(report);
    GString *page = g_string_new("### faultline: ");
    g_string_append_printf(page, "%s\n\n", summary);
    if (report->outcomes[TEST_PASSED] < report->cases->len) {
        put_table(page, report, false);
        put_stories(page, report);
    }
    if (report->outcomes[TEST_PASSED]) {
        g_string_append_printf(page, "<details><summary>%u passed</summary>\n\n", report->outcomes[TEST_PASSED]);
        put_table(page, report, true);
        g_string_append(page, "</details>\n");
    }
    g_free(summary);
    return g_string_free(page, FALSE);
}

const TestFormat test_format_markdown = {
    .name = "markdown",
    .summary = "tables for a comment or a job summary",
    .suffix = "md",
    .end = markdown_whole,
};
