/* escape.c - names from the input, made safe for the terminal, XML and CSV. */
#include "base/escape.h"

#include <glib.h>
#include <string.h>

/* Characters that a terminal or an editor acts on, or that cannot be seen, so that one text can pass for another. */
static bool is_treacherous(gunichar c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) /* C0, DEL, C1 */
           || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
           (c >= 0xe0000 && c <= 0xe007f);
}

void escape_terminal_char(GString *out, gunichar c) {
    if (!is_treacherous(c))
        g_string_append_unichar(out, c);
    else if (c < 0x80)
        g_string_append_printf(out, "\\x%02X", (unsigned)c);
    else
        g_string_append_printf(out, "\\u{%04X}", (unsigned)c);
}

/* The character at `at` and its bytes in *size; (gunichar)-1 and one byte where the text is not UTF-8. */
gunichar escape_next(const char *at, size_t left, size_t *size) {
    gunichar c = g_utf8_get_char_validated(at, (gssize)left);
    bool valid = c != (gunichar)-1 && c != (gunichar)-2;
    if (left > 0 && *at == '\0') { /* GLib calls an embedded NUL incomplete */
        valid = true;
        c = 0;
    }
    *size = valid && c != 0 ? (size_t)(g_utf8_next_char(at) - at) : 1;
    return valid ? c : (gunichar)-1;
}

char *escape_terminal(const char *text) {
    GString *out = g_string_new(NULL);
    size_t left = strlen(text), size;
    for (; left > 0; text += size, left -= size) {
        gunichar c = escape_next(text, left, &size);
        if (c == (gunichar)-1)
            g_string_append_printf(out, "\\x%02X", (unsigned)(unsigned char)*text);
        else
            escape_terminal_char(out, c);
    }
    return g_string_free(out, FALSE);
}

static void append_xml(GString *out, gunichar c) {
    switch (c) {
    case '&': g_string_append(out, "&amp;"); break;
    case '<': g_string_append(out, "&lt;"); break;
    case '>': g_string_append(out, "&gt;"); break;
    case '"': g_string_append(out, "&quot;"); break;
    case '\'': g_string_append(out, "&#39;"); break;
    case '\t': g_string_append(out, "&#9;"); break;
    case '\n': g_string_append(out, "&#10;"); break;
    case '\r': g_string_append(out, "&#13;"); break;
    default:
        /* XML 1.0 section 2.2 has no other control characters, not even as references, and no U+FFFE, U+FFFF. */
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c > 0x10ffff || (c & 0xfffe) == 0xfffe)
            c = 0xfffd;
        g_string_append_unichar(out, c);
    }
}

char *escape_xml(const char *text) {
    GString *out = g_string_new(NULL);
    size_t left = strlen(text), size;
    for (; left > 0; text += size, left -= size)
        append_xml(out, escape_next(text, left, &size));
    return g_string_free(out, FALSE);
}

char *escape_csv(const char *text) {
    GString *out = g_string_new(NULL);
    /* A spreadsheet takes these for the start of a formula, and would run it (OWASP, "CSV Injection"). */
    if (*text != '\0' && strchr("=+-@\t\r", *text) != NULL)
        g_string_append_c(out, '\'');
    g_string_append(out, text);
    size_t length = strlen(text);
    bool quote = strpbrk(out->str, ",;\"\r\n\t") != NULL || (length > 0 && (*text == ' ' || text[length - 1] == ' '));
    if (!quote)
        return g_string_free(out, FALSE);
    for (size_t i = 0; i < out->len; i++) {
        if (out->str[i] == '"')
            g_string_insert_c(out, (gssize)i++, '"');
    }
    g_string_prepend_c(out, '"');
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}
