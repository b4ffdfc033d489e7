/* syntax.h - what the YAML parser means, in words that say what to do (private to read/). */
#ifndef FAULTLINE_READ_SYNTAX_H
#define FAULTLINE_READ_SYNTAX_H

#include "base/diag.h"

/* A parser's complaint: its own words, where it stumbled, and where the construct began that it was reading. */
typedef struct {
    const char *problem;
    Mark at, from;
} SyntaxError;

/* Add one error for it, at the place where the user should look first. */
void syntax_report(const SyntaxError *error, Diagnostics *diagnostics);

#endif
