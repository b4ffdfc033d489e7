/* child.h - work that may crash, leak or take for ever, done in a short-lived child process.
 *
 * Graphviz leaks tens of kilobytes a layout, is not re-entrant and has crashed on legal graphs. So nothing of it ever
 * runs in this process: a child does one piece of work, writes the result into a pipe and is gone. */
#ifndef FAULTLINE_RENDER_CHILD_H
#define FAULTLINE_RENDER_CHILD_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#define CHILD_ERROR (child_error_quark())
GQuark child_error_quark(void);
typedef enum {
    CHILD_TIMEOUT, /* it took longer than it may */
    CHILD_CRASHED, /* it died of a signal */
    CHILD_FAILED   /* it gave up, or could not be started */
} ChildError;

/* Runs in the child; writes its result to `out`. False: it could not. */
typedef bool (*ChildWork)(const void *what, FILE *out);

/* What the work wrote, or NULL and an error that begins with `name` ("the layout"). `seconds` > 0. The child inherits
 * everything and is always waited for. */
GByteArray *child_run(const char *name, ChildWork work, const void *what, int seconds, GError **error);

#endif
