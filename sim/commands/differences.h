/* differences.h - in what two records, or two JSON reports, differ (private to commands/).
 *
 * Rows are matched by what they are about: a measure by its name and `of`, an expectation by its id, a connection by
 * its ends and port. Everything that no such table holds is compared value by value, and named by its path. */
#ifndef FAULTLINE_COMMANDS_DIFFERENCES_H
#define FAULTLINE_COMMANDS_DIFFERENCES_H

#include <glib.h>

#include "read/json_in.h"

/* Texts are allocated; a and b are NULL where there is no such row. */
typedef struct {
    const char *section; /* "measures", "expectations", ...; a constant */
    char *name, *a, *b;
    char *change; /* "+12 %", or NULL */
} Difference;

/* GPtrArray of Difference, in the order of a report; g_ptr_array_free frees all. Empty: they say the same. */
GPtrArray *differences_of(const JsonIn *a, const JsonIn *b);

/* As a table for people, no wider than `width`. */
void differences_print(GString *out, const GPtrArray *differences, int width);
/* The same for programs. */
char *differences_json(const GPtrArray *differences, size_t *length);

#endif
