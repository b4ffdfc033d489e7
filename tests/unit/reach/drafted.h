/* drafted.h - a network that was drafted line by line (tests/verdicts/build.h), as reach/ sees it. */
#ifndef FAULTLINE_TESTS_REACH_DRAFTED_H
#define FAULTLINE_TESTS_REACH_DRAFTED_H

#include "reach/reach.h"
#include "tests/verdicts/build.h"

typedef struct {
    Draft *draft;
    const Model *model;
    Reach *reach;
    NetState *state;
} Drafted;

void drafted_open(Drafted *drafted, const char *text, const char *more); /* more: further lines, or NULL */
void drafted_close(Drafted *drafted);

#endif
