/* text_check.h - is this text fit to be parsed? Asked before libyaml sees a byte (private to read/).
 *
 * libyaml reports bad UTF-8 always at 1:1, takes invisible and direction-changing characters without a word, and needs
 * seconds for a megabyte of directives. So we look first, in one pass. */
#ifndef FAULTLINE_READ_TEXT_CHECK_H
#define FAULTLINE_READ_TEXT_CHECK_H

#include <glib.h>
#include <stdbool.h>

#include "base/diag.h"

/* Adds an error for each finding (a bounded number). False when parsing makes no sense: size, encoding, control
 * characters, tabs as indentation, directives. Invisible characters are errors, too, but parsing may go on. O(n). */
bool text_check(const Source *source, Diagnostics *diagnostics);

/* The first character of decoded text that must not be in a name or value (escapes such as "\x00" or "\u202E" make
 * them); 0 when there is none. Line feeds and tabs are allowed. NUL counts: `length` is in bytes. */
bool text_has_forbidden(const char *text, size_t length, gunichar *which);

/* Line `line` (from 1) without its line end, borrowed; NULL past the end. O(length). */
const char *text_line(const char *text, size_t length, uint32_t line, size_t *bytes);

/* At most 48 characters of text on one line, for messages; allocated (g_free). */
char *text_brief(const char *text);

#endif
