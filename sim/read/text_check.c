/* text_check.c - encoding, control and invisible characters, tabs, directives: what libyaml says badly or never. */
#include "read/text_check.h"

#include <string.h>

#include "read/limits.h"

enum { FINDINGS_MOST = 20, BRIEF_MOST = 48 };

typedef struct {
    const Source *source;
    Diagnostics *diagnostics;
    const char *at, *end;
    uint32_t line, column; /* of `at` */
    bool indenting;        /* only blanks since the line began */
    uint32_t tab_column;   /* of the first tab among them, or 0 */
    bool fit;
    bool seen_directive; /* one message is enough for a list of them */
    int findings;
} Check;

__attribute__((format(printf, 4, 5))) /* An error at the current character. */
static void
found(Check *check, uint32_t length, const char *mend, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *reason = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    Mark mark = {check->source, check->line, check->column, length};
    diag_error(check->diagnostics, mark, mend, "%s", reason);
    g_free(reason);
    check->findings++;
}

/* Direction marks and overrides can make a reviewer see other text than the program reads (CVE-2021-42574). */
static bool is_bidi(gunichar c) {
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* Joiners (U+200C, U+200D) stay legal: several scripts and emoji need them. */
static bool is_invisible(gunichar c) {
    return c == 0x200B || c == 0x2060 || c == 0xFEFF || c == 0x00AD || (c >= 0xE0000 && c <= 0xE007F);
}

/* C0, DEL and C1 (among them NEL), the separators LS and PS, and the two non-characters at the end of each plane. */
static bool is_control(gunichar c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || (c & 0xFFFE) == 0xFFFE;
}

bool text_has_forbidden(const char *text, size_t length, gunichar *which) {
    for (const char *at = text; at < text + length; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if ((is_control(c) && c != '\n' && c != '\t') || is_bidi(c) || is_invisible(c)) {
            *which = c;
            return true;
        }
    }
    return false;
}

/* Control characters that libyaml would take for a line end (CR, NEL, LS, PS) would shift every later line. */
static void check_character(Check *check, gunichar c) {
    if (c == '\r' && (check->at + 1 == check->end || check->at[1] != '\n')) {
        found(check, 1, "end lines with a line feed", "a carriage return stands alone");
        check->fit = false;
    } else if (is_control(c) && c != '\n' && c != '\t' && c != '\r') {
        found(check, 1, "delete it", "a control character (U+%04X) is not allowed", c);
        check->fit = false;
    } else if (is_bidi(c)) {
        found(check, 1, "delete it", "a character that changes the direction of text (U+%04X) is not allowed", c);
    } else if (is_invisible(c)) {
        found(check, 1, "delete it", "an invisible character (U+%04X) is not allowed", c);
    } else if (c == '%' && check->column == 1) {
        if (!check->seen_directive)
            found(check, 1, "delete the line", "a line that starts with '%%' is a directive, which is not allowed");
        check->seen_directive = true;
        check->fit = false;
    }
}

/* Known only when something follows the blanks: on an empty line a tab does no harm. */
static void check_indentation(Check *check, gunichar c) {
    if (!check->indenting || check->tab_column == 0 || c == ' ' || c == '\t' || c == '\n' || c == '\r')
        return;
    uint32_t column = check->column;
    check->column = check->tab_column;
    found(check, 1, "indent with spaces", "a tab stands in the indentation");
    check->column = column;
    check->fit = false;
}

/* Go on by one character and keep count of where we are. */
static void check_step(Check *check, gunichar c) {
    if (check->indenting && c == '\t' && check->tab_column == 0)
        check->tab_column = check->column;
    check->at = g_utf8_next_char(check->at);
    if (c == '\n') {
        check->line++;
        check->column = 1;
        check->indenting = true;
        check->tab_column = 0;
    } else {
        check->column++;
        check->indenting = check->indenting && (c == ' ' || c == '\t');
    }
}

/* The first byte that is no UTF-8; what follows it cannot be trusted, so one message is all there is to say. NUL is
 * legal UTF-8 but ends texts in C, so GLib stops at it, too. */
static void report_encoding(Check *check) {
    unsigned byte = (unsigned char)*check->at;
    size_t left = (size_t)(check->end - check->at);
    if (check->line == 1 && check->column == 1 && left > 1 &&
        (memcmp(check->at, "\xFF\xFE", 2) == 0 || memcmp(check->at, "\xFE\xFF", 2) == 0))
        found(check, 1, "save the file as UTF-8", "the file is UTF-16");
    else if (byte == 0)
        found(check, 1, "delete it", "a control character (U+0000) is not allowed");
    else
        found(check, 1, "save the file as UTF-8", "byte 0x%02X is not valid UTF-8", byte);
    check->fit = false;
}

/* Validity first: then the loop can decode without looking. It stops at the first bad byte. */
bool text_check(const Source *source, Diagnostics *diagnostics) {
    uint64_t length;
    const char *text = source_text(source, &length);
    Check check = {.source = source,
                   .diagnostics = diagnostics,
                   .at = text,
                   .end = text + length,
                   .line = 1,
                   .column = 1,
                   .indenting = true,
                   .fit = true};
    if (length > READ_FILE_MOST) {
        found(&check, 1, NULL, "the text is larger than %d bytes, the most that is read", READ_FILE_MOST);
        return false;
    }
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        check.at += 3;
    const char *valid;
    g_utf8_validate_len(check.at, (gsize)(check.end - check.at), &valid);
    while (check.at < valid && check.findings < FINDINGS_MOST) {
        gunichar c = g_utf8_get_char(check.at);
        check_indentation(&check, c);
        check_character(&check, c);
        check_step(&check, c);
    }
    if (check.at == valid && valid < check.end)
        report_encoding(&check);
    return check.fit;
}

const char *text_line(const char *text, size_t length, uint32_t line, size_t *bytes) {
    const char *at = text, *end = text + length;
    for (; line > 1; line--) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL)
            return NULL;
        at = newline + 1;
    }
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    *bytes = (size_t)((newline != NULL ? newline : end) - at);
    if (*bytes > 0 && at[*bytes - 1] == '\r')
        (*bytes)--;
    return at;
}

char *text_brief(const char *text) {
    GString *brief = g_string_new(NULL);
    int shown = 0;
    for (; *text != '\0' && shown < BRIEF_MOST; text = g_utf8_next_char(text), shown++) {
        gunichar c = g_utf8_get_char(text);
        g_string_append_unichar(brief, c == '\n' || c == '\t' ? ' ' : c);
    }
    if (*text != '\0')
        g_string_append(brief, "...");
    return g_string_free(brief, FALSE);
}
