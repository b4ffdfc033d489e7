/* diag.h - what is wrong with the user's input, where, and what would mend it.
 *
 * Readers and checkers append diagnostics and go on, so one run names several mistakes; nothing is printed before
 * diagnostics_print. A Diagnostics owns copies of all its texts. Printing sorts by file, line, column, then order of
 * arrival, shows the source line with a caret, and escapes control characters of the input. */
#ifndef FAULTLINE_BASE_DIAG_H
#define FAULTLINE_BASE_DIAG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A place in an input file. line and column count from 1 (column in characters, not bytes); line 0 = no place in
 * particular. `source` is borrowed: it lives as long as the text that was read. */
typedef struct Source Source;
typedef struct {
    const Source *source;
    uint32_t line, column, length;
} Mark;

#define MARK_NONE ((Mark){0})

typedef enum { SEVERITY_ERROR, SEVERITY_WARNING } Severity;
typedef struct Diagnostics Diagnostics;

/* A named text: `name` is what messages print (as the user gave it). Both are copied. */
Source *source_new(const char *name, const char *text, uint64_t length);
void source_free(Source *source);
const char *source_name(const Source *source);
const char *source_text(const Source *source, uint64_t *length);

Diagnostics *diagnostics_new(void);
void diagnostics_free(Diagnostics *diagnostics);

/* Add one finding. `mend` (may be NULL) says what to write instead. printf formats; arguments may hold raw input. */
void diag_error(Diagnostics *diagnostics, Mark mark, const char *mend, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void diag_warning(Diagnostics *diagnostics, Mark mark, const char *mend, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

uint32_t diagnostics_errors(const Diagnostics *diagnostics);
uint32_t diagnostics_count(const Diagnostics *diagnostics);

/* All findings as text: `file:line:col: error: reason`, the source line, a caret, `  mend: ...`. At most `most`
 * (0 = all); the rest is counted in a last line. */
void diagnostics_print(const Diagnostics *diagnostics, FILE *out, uint32_t most);

/* For those who tell findings in another way: each in the order in which it would be printed, at most `most` (0 = all).
 * Texts are raw and borrowed; mend may be NULL. */
typedef struct {
    Severity severity;
    Mark mark;
    const char *reason, *mend;
} Diagnostic;
void diagnostics_each(const Diagnostics *diagnostics, uint32_t most,
                      void (*visit)(void *user, const Diagnostic *diagnostic), void *user);

/* The nearest of `names` (NULL-terminated) to `word` by edit distance, or NULL when none is near enough to suggest
 * (more than a third of the word's length away). Ties: the first in the list. */
const char *suggest_nearest(const char *word, const char *const *names);

#endif
