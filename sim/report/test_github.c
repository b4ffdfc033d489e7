/* test_github.c - a log that GitHub Actions turns into annotations beside the lines of the files.
 *
 * Lines that begin with two colons, and "##[" anywhere, are commands to the runner: nothing from a file may become one.
 * Names of files come from whoever opened a pull request. */
#include <string.h>

#include "base/escape.h"
#include "report/test_report.h"
#include "report/test_words.h"

/* As the runner unescapes it; in properties a colon and a comma would end the value. */
static void put_data(GString *log, const char *text, bool property) {
    for (const char *at = text; *at; at++) {
        if (*at == '%' || *at == '\r' || *at == '\n' || (property && (*at == ':' || *at == ',')))
            g_string_append_printf(log, "%%%02X", (unsigned)*at);
        else if (strncmp(at, "##[", 3) == 0)
            g_string_append(log, "# ");
        else
            g_string_append_c(log, *at);
    }
}

/* A plain line, which begins with a word of ours. */
static void put_line(GString *log, const char *word, const char *text) {
    char *line = test_one_line(text), *safe = escape_terminal(line);
    g_string_append_printf(log, "%s ", word);
    for (const char *at = safe; *at; at++)
        g_string_append_printf(log, strncmp(at, "##[", 3) == 0 ? "%c " : "%c", *at);
    g_string_append_c(log, '\n');
    g_free(safe);
    g_free(line);
}

static void put_annotation(GString *log, const TestFile *file, const TestCase *row, const char *message) {
    static const char *const levels[] = {"error", "warning", "notice"};
    bool fails = row->outcome == TEST_FAILED || row->outcome == TEST_BROKEN;
    const TestPlace *place = &row->place;
    g_string_append_printf(log, "::%s file=",
                           fails                         ? "error"
                           : row->outcome == TEST_WAIVED ? "notice"
                                                         : levels[row->severity]);
    put_data(log, place->file ? place->file : file->path, true);
    if (place->file && place->line)
        g_string_append_printf(log, ",line=%u,col=%u", place->line, MAX(place->column, 1));
    g_string_append(log, ",title=");
    put_data(log, row->id, true);
    g_string_append(log, "::");
    put_data(log, message, false);
    g_string_append_c(log, '\n');
}

static void put_case(GString *log, const TestFile *file, const TestCase *row) {
    char *claim = test_claim(row), *found = test_found(row), *details = test_details(row);
    char *line = g_strdup_printf("%s: %s: %s", row->id, claim, found);
    char *message = g_strdup_printf("%s: %s%s%s", claim, found, *details ? "\n" : "", details);
    if (row->outcome == TEST_PASSED)
        put_line(log, "ok  ", line);
    else if (row->outcome == TEST_SKIPPED)
        put_line(log, "skip", line);
    else
        put_annotation(log, file, row, message);
    g_free(message);
    g_free(line);
    g_free(details);
    g_free(found);
    g_free(claim);
}

static char *github_file(const TestReport *report, const TestFile *file, const TestLook *look) {
    (void)look;
    GString *log = g_string_new(NULL);
    put_line(log, "file", file->path);
    for (uint32_t i = 0; i < file->count; i++)
        put_case(log, file, test_case_at(report, file->first + i));
    return g_string_free(log, FALSE);
}

static char *github_end(const TestReport *report, const TestLook *look) {
    (void)look;
    char *summary = test_summary(report), *line = g_strconcat(summary, "\n", NULL);
    g_free(summary);
    return line;
}

const TestFormat test_format_github = {
    .name = "github",
    .summary = "annotations for GitHub Actions",
    .suffix = "log",
    .file = github_file,
    .end = github_end,
};
