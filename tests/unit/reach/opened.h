/* opened.h - a pattern that was read, as reach/ sees it. */
#ifndef FAULTLINE_TESTS_REACH_OPENED_H
#define FAULTLINE_TESTS_REACH_OPENED_H

#include "reach/reach.h"

typedef struct {
    char *text; /* of the pattern; NULL: it stands in a file */
    ModelInputs *inputs;
    Diagnostics *diagnostics;
    Model *model;
    Reach *reach;
    NetState *state;
} Opened;

/* A pattern with mistakes fails the test at once, and is shown. */
void opened_file(Opened *opened, const char *path);
/* `text` becomes its own. Of the provider's defaults only its own file is read; `places`: the text of places.yaml, as
 * far as the pattern needs it, or NULL: all of it, which takes most of the time. */
void opened_text(Opened *opened, char *text, const char *provider, const char *places);
void opened_close(Opened *opened);
/* The component of that name, which must be there once. */
ComponentId opened_component(const Opened *opened, const char *name);

#endif
