/* syntax.c - libyaml's complaints translated: the usual slip behind each, and the place where it was made. */
#include "read/syntax.h"

#include <glib.h>
#include <string.h>

#include "read/text_check.h"

typedef enum { LOOK_AT, LOOK_FROM } Look; /* where the parser stumbled, or where the construct began */

typedef struct {
    const char *problem; /* how libyaml's words begin */
    Look look;
    const char *reason, *mend;
} Translation;

static const Translation translations[] = {
    {"did not find expected '-' indicator", LOOK_AT, "expected another '- ' entry of the list here",
     "line this up with the entries above, or indent it under one of them"},
    {"did not find expected <document start>", LOOK_AT, "the file holds a second document",
     "one file is one document: delete the line with '...' or split the file"},
    {"block sequence entries are not allowed", LOOK_AT, "a '- ' entry cannot start on this line",
     "start the list on the next line, or write [a, b]"},
    {"mapping keys are not allowed", LOOK_AT, "'? ' is not allowed here", "write key: value"},
    {"found unexpected end of stream", LOOK_FROM, "this quote is never closed", "close it on the same line"},
    {"found unexpected document indicator", LOOK_FROM, "this quote is not closed before the document ends",
     "close it on the same line"},
    {"found unknown escape character", LOOK_AT, "an unknown escape stands in double quotes",
     "write '\\\\' for a backslash, or use single quotes"},
    {"did not find expected hexdecimal number", LOOK_AT, "an escape lacks its hexadecimal digits",
     "write \\xNN, \\uNNNN or \\UNNNNNNNN"},
    {"found invalid Unicode character code", LOOK_AT, "an escape names no Unicode character", NULL},
    {"did not find expected comment or line break", LOOK_AT, "text follows '|' or '>' on the same line",
     "start the text on the next line, indented"},
    {"found an indentation indicator equal to 0", LOOK_AT, "the indentation after '|' or '>' cannot be 0", NULL},
    {"did not find expected node content", LOOK_AT, "expected a value here",
     "quote text that starts with , [ ] { or }"},
    {"did not find expected alphabetic or numeric character", LOOK_FROM,
     "'*' and '&' are not allowed at the start of a value", "quote the value, or write `anyone` for everybody"},
    {"found a tab character", LOOK_AT, "a tab stands where blanks belong", "indent with spaces"},
    {NULL, LOOK_AT, NULL, NULL},
};

/* The text of the mark's line up to the mark (before) and from it on (at), both inside the source's text. */
typedef struct {
    const char *line, *at, *end;
} Spot;

/* Columns are characters, so they are walked. O(text), once an error. */
static Spot spot_of(Mark mark) {
    uint64_t length;
    size_t bytes = 0;
    const char *text = source_text(mark.source, &length), *line = text_line(text, length, mark.line, &bytes);
    if (line == NULL)
        line = text + length;
    Spot spot = {line, line, line + bytes};
    for (uint32_t column = 1; column < mark.column && spot.at < spot.end; column++)
        spot.at = g_utf8_next_char(spot.at);
    return spot;
}

/* Only blanks and line ends follow: what is missing is missing for good. */
static bool spot_ends_text(Mark mark) {
    uint64_t length;
    const char *text = source_text(mark.source, &length), *at = spot_of(mark).at;
    return (size_t)(text + length - at) == strspn(at, " \t\r\n");
}

static uint32_t indent_of(Mark mark) { return (uint32_t)strspn(spot_of(mark).line, " "); }

/* From the first character of the mark's line up to the mark: the key before a ':'. */
static Mark line_up_to(Mark mark) {
    uint32_t first = indent_of(mark) + 1;
    mark.length = mark.column > first ? mark.column - first : 1;
    mark.column = first;
    return mark;
}

/* Inside { } or [ ]: an unquoted ${name}, a bracket never closed, a comma forgotten between lines, or odd text. The
 * place to look at is where the bracket was opened, but for the last. */
static void report_flow(const SyntaxError *error, char closing, Diagnostics *diagnostics) {
    char opening = closing == '}' ? '{' : '[';
    Spot spot = spot_of(error->at);
    if (spot.at > spot.line && spot.at[-1] == '$' && *spot.at == '{') {
        Mark mark = {error->at.source, error->at.line, error->at.column - 1, 2};
        diag_error(diagnostics, mark, "write \"${name}\" with quotes", "${...} must be quoted inside { } and [ ]");
        return;
    }
    char *mend = g_strdup_printf("close it with '%c'", closing);
    if (spot_ends_text(error->at))
        diag_error(diagnostics, error->from, mend, "this '%c' is never closed", opening);
    else if (error->at.line > error->from.line && indent_of(error->at) > indent_of(error->from))
        diag_error(diagnostics, line_up_to(error->at), "end the line above with ','",
                   "a ',' is missing before this line");
    else if (error->at.line > error->from.line)
        diag_error(diagnostics, error->from, mend, "this '%c' is not closed: line %u goes on with something else",
                   opening, error->at.line);
    else
        diag_error(diagnostics, error->at, "quote text that holds ': ' or any of , [ ] { }",
                   "expected ',' or '%c' here", closing);
    g_free(mend);
}

/* `a: b: c`, or a deeper key under a key that has a value already; libyaml says the same words for both. */
static void report_colon(const SyntaxError *error, Diagnostics *diagnostics) {
    Spot spot = spot_of(error->at);
    for (const char *c = spot.line; c + 1 < spot.at; c++) {
        if (c[0] == ':' && c[1] == ' ') {
            diag_error(diagnostics, error->at, "quote the value", "a value cannot hold a second ': '");
            return;
        }
    }
    diag_error(diagnostics, line_up_to(error->at), "give the key above either a value or deeper keys",
               "this key stands deeper than the one above, which has a value already");
}

/* `provider aws`, or `ttl:60 s`, where libyaml sees no key at all. */
static void report_missing_colon(const SyntaxError *error, Diagnostics *diagnostics) {
    Spot spot = spot_of(error->from);
    Mark mark = error->from;
    mark.length = (uint32_t)g_utf8_strlen(spot.at, spot.end - spot.at);
    const char *colon = memchr(spot.at, ':', (size_t)(spot.end - spot.at));
    diag_error(diagnostics, mark, colon != NULL ? "write a space after ':'" : "write key: value",
               "this line is not 'key: value'");
}

/* What stands where a key belongs: something after a finished value, a list entry, or a wrong indentation. */
static void report_missing_key(const SyntaxError *error, Diagnostics *diagnostics) {
    Spot spot = spot_of(error->at);
    size_t blanks = strspn(spot.line, " ");
    char at = spot.at < spot.end ? *spot.at : '\0';
    if (at == ']' || at == '}')
        diag_error(diagnostics, error->at, "delete it, or quote the whole value", "this '%c' closes nothing", at);
    else if (at == ':')
        diag_error(diagnostics, error->at, "write key: value", "a key is missing before ':'");
    else if (spot.at > spot.line + blanks)
        diag_error(diagnostics, error->at, "quote the whole value, or delete what follows it",
                   "the value has ended before this");
    else if (strncmp(spot.at, "- ", 2) == 0)
        diag_error(diagnostics, error->at, "put the list under a key", "a '- ' entry stands among keys");
    else
        diag_error(diagnostics, error->at, "line it up with the other keys of its map",
                   "this line's indentation fits no map above");
}

/* `@team` and the like, reserved by YAML. */
static void report_character(const SyntaxError *error, Diagnostics *diagnostics) {
    Spot spot = spot_of(error->at);
    char shown[7] = {0};
    if (spot.at < spot.end)
        g_unichar_to_utf8(g_utf8_get_char(spot.at), shown);
    if (shown[0] == '\t')
        diag_error(diagnostics, error->at, "indent with spaces", "a tab stands where blanks belong");
    else
        diag_error(diagnostics, error->at, "quote the value", "a value cannot start with '%s'", shown);
}

/* First the complaints that stand for several slips, then the table; words we do not know are passed on. */
void syntax_report(const SyntaxError *error, Diagnostics *diagnostics) {
    const char *problem = error->problem != NULL ? error->problem : "it cannot be read";
    if (g_str_has_prefix(problem, "did not find expected ',' or '"))
        report_flow(error, problem[strlen("did not find expected ',' or '")], diagnostics);
    else if (g_str_has_prefix(problem, "mapping values are not allowed"))
        report_colon(error, diagnostics);
    else if (g_str_has_prefix(problem, "could not find expected ':'"))
        report_missing_colon(error, diagnostics);
    else if (strcmp(problem, "did not find expected key") == 0)
        report_missing_key(error, diagnostics);
    else if (g_str_has_prefix(problem, "found character that cannot start any token"))
        report_character(error, diagnostics);
    else {
        const Translation *row = translations;
        while (row->problem != NULL && !g_str_has_prefix(problem, row->problem))
            row++;
        const char *reason = row->problem != NULL ? row->reason : problem;
        diag_error(diagnostics, row->look == LOOK_FROM ? error->from : error->at, row->mend, "%s", reason);
    }
}
