/* test_diag.c - findings are printed in the order of the file, with their line, a caret and what would mend them. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"

static char *printed(const Diagnostics *diagnostics, uint32_t most) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    diagnostics_print(diagnostics, out, most);
    fclose(out);
    return text;
}

static void check(const Diagnostics *diagnostics, uint32_t most, const char *expected) {
    char *text = printed(diagnostics, most);
    g_assert_cmpstr(text, ==, expected);
    free(text);
}

static void test_order_and_form(void) {
    const char *yaml = "run: {until: 1h}\r\nload:\n  users: {sesions: 20/s}\n";
    Source *source = source_new("a.yaml", yaml, strlen(yaml)), *other = source_new("0.yaml", "x", 1);
    Diagnostics *diagnostics = diagnostics_new();
    diag_error(diagnostics, (Mark){source, 3, 11, 7}, "write sessions", "unknown key \"%s\"", "sesions");
    diag_warning(diagnostics, (Mark){source, 1, 14, 2}, NULL, "%d hour is short", 1);
    diag_error(diagnostics, (Mark){source, 3, 11, 7}, NULL, "second at the same place");
    diag_error(diagnostics, MARK_NONE, NULL, "no place at all");
    diag_error(diagnostics, (Mark){other, 0, 0, 0}, NULL, "the file as a whole");
    diag_error(diagnostics, (Mark){other, 9, 1, 1}, NULL, "beyond the end");
    g_assert_cmpuint(diagnostics_errors(diagnostics), ==, 5);
    g_assert_cmpuint(diagnostics_count(diagnostics), ==, 6);
    check(diagnostics, 0,
          "error: no place at all\n"
          "0.yaml: error: the file as a whole\n"
          "0.yaml:9:1: error: beyond the end\n"
          "a.yaml:1:14: warning: 1 hour is short\n"
          "    run: {until: 1h}\n"
          "                 ^~\n"
          "a.yaml:3:11: error: unknown key \"sesions\"\n"
          "      users: {sesions: 20/s}\n"
          "              ^~~~~~~\n"
          "  mend: write sessions\n"
          "a.yaml:3:11: error: second at the same place\n"
          "      users: {sesions: 20/s}\n"
          "              ^~~~~~~\n");
    check(diagnostics, 1, "error: no place at all\n... and 5 more\n");
    diagnostics_free(diagnostics);
    source_free(source);
    source_free(other);
}

static void check_excerpt(const char *text, Mark mark, const char *expected) {
    Source *source = source_new("f", text, strlen(text));
    Diagnostics *diagnostics = diagnostics_new();
    mark.source = source;
    diag_error(diagnostics, mark, NULL, "r");
    check(diagnostics, 0, expected);
    diagnostics_free(diagnostics);
    source_free(source);
}

/* Columns are characters; the caret stands under the cell where the terminal shows the character. */
static void test_columns(void) {
    check_excerpt("\xc3\xa9\xc3\xa9x", (Mark){NULL, 1, 3, 1}, "f:1:3: error: r\n    \xc3\xa9\xc3\xa9x\n      ^\n");
    check_excerpt("\ta", (Mark){NULL, 1, 2, 1}, "f:1:2: error: r\n     a\n     ^\n");
    check_excerpt("\xe6\x97\xa5x", (Mark){NULL, 1, 2, 1}, "f:1:2: error: r\n    \xe6\x97\xa5x\n      ^\n");
    check_excerpt("a\x1b[31mb", (Mark){NULL, 1, 7, 1}, "f:1:7: error: r\n    a\\x1B[31mb\n             ^\n");
    check_excerpt("a\xffz", (Mark){NULL, 1, 3, 1}, "f:1:3: error: r\n    a\\xFFz\n         ^\n");
    check_excerpt("\xe2\x80\xaex", (Mark){NULL, 1, 1, 1}, "f:1:1: error: r\n    \\u{202E}x\n    ^~~~~~~~\n");
    check_excerpt("ab", (Mark){NULL, 1, 3, 0}, "f:1:3: error: r\n    ab\n      ^\n"); /* just behind the end */
    check_excerpt("", (Mark){NULL, 1, 1, 1}, "f:1:1: error: r\n    \n    ^\n");
}

/* A line of a megabyte is not poured over the user. */
static void test_long_line(void) {
    char *text = g_strnfill(1000000, 'x');
    text[500000] = '!';
    Source *source = source_new("f", text, 1000000);
    Diagnostics *diagnostics = diagnostics_new();
    diag_error(diagnostics, (Mark){source, 1, 500001, 1}, NULL, "r");
    char *out = printed(diagnostics, 0);
    g_assert_cmpuint(strlen(out), <, 300);
    char **lines = g_strsplit(out, "\n", -1);
    g_assert_cmpint(strchr(lines[1], '!') - lines[1], ==, strchr(lines[2], '^') - lines[2]);
    g_assert_true(g_str_has_prefix(lines[1], "    ...x") && g_str_has_suffix(lines[1], "x..."));
    g_strfreev(lines);
    free(out);
    diagnostics_free(diagnostics);
    source_free(source);
    g_free(text);
}

/* Raw input in a reason cannot reach the terminal as anything but text. */
static void test_hostile_reason(void) {
    Diagnostics *diagnostics = diagnostics_new();
    diag_error(diagnostics, MARK_NONE, "\x1b]0;title\x07", "unknown \"%s\"", "a\nb\x1b[2J\xe2\x80\xae");
    check(diagnostics, 0, "error: unknown \"a\\x0Ab\\x1B[2J\\u{202E}\"\n  mend: \\x1B]0;title\\x07\n");
    diagnostics_free(diagnostics);
}

static void test_suggest(void) {
    static const char *const names[] = {"sessions", "region",        "regions", "timeout",
                                        "ttl",      "from_response", "every",   NULL};
    g_assert_cmpstr(suggest_nearest("sesions", names), ==, "sessions");
    g_assert_cmpstr(suggest_nearest("regoin", names), ==, "region");  /* neighbours swapped: one slip */
    g_assert_cmpstr(suggest_nearest("regionz", names), ==, "region"); /* as near as regions: the first */
    g_assert_cmpstr(suggest_nearest("TTL", names), ==, "ttl");
    g_assert_cmpstr(suggest_nearest("tl", names), ==, NULL);
    g_assert_cmpstr(suggest_nearest("evrey", names), ==, "every"); /* a third of five letters: one slip, no more */
    g_assert_cmpstr(suggest_nearest("evrex", names), ==, NULL);
    g_assert_cmpstr(suggest_nearest("timeuot", names), ==, "timeout");
    g_assert_cmpstr(suggest_nearest("from-response", names), ==, "from_response");
    g_assert_cmpstr(suggest_nearest("bucket", names), ==, NULL);
    g_assert_cmpstr(suggest_nearest("", names), ==, NULL);
    char *endless = g_strnfill(100000, 'r');
    g_assert_cmpstr(suggest_nearest(endless, names), ==, NULL);
    g_free(endless);
}

static void test_source(void) {
    Source *source = source_new("name", "a\0b", 3);
    uint64_t length;
    g_assert_cmpint(memcmp(source_text(source, &length), "a\0b", 4), ==, 0);
    g_assert_cmpuint(length, ==, 3);
    g_assert_cmpstr(source_name(source), ==, "name");
    source_free(source);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/diag/order-and-form", test_order_and_form);
    g_test_add_func("/base/diag/columns", test_columns);
    g_test_add_func("/base/diag/long-line", test_long_line);
    g_test_add_func("/base/diag/hostile-reason", test_hostile_reason);
    g_test_add_func("/base/diag/suggest", test_suggest);
    g_test_add_func("/base/diag/source", test_source);
    return g_test_run();
}
