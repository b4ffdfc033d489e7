/* escape.h - names from the input, made safe for where they are printed. Each returns allocated text (g_free). */
#ifndef FAULTLINE_BASE_ESCAPE_H
#define FAULTLINE_BASE_ESCAPE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Control, bidi and invisible characters as \xNN or \u{NNNN}, bytes that are not UTF-8 as \xNN. */
char *escape_terminal(const char *text);
/* & < > " ' and white space other than the blank as references, what XML cannot hold as U+FFFD; serves HTML and SVG,
 * text and attributes. */
char *escape_xml(const char *text);
/* Quoted when needed (RFC 4180); a leading = + - @ is defused with '. */
char *escape_csv(const char *text);

/* For those who print character by character: the next of `left` > 0 bytes at `at`, and how many bytes it takes;
 * (gunichar)-1 and one byte where the text is not UTF-8. */
gunichar escape_next(const char *at, size_t left, size_t *size);
/* Append one character as escape_terminal does. */
void escape_terminal_char(GString *out, gunichar c);

#endif
