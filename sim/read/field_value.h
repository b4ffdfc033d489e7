/* field_value.h - text to one typed value, by a row of a field table (private to read/). */
#ifndef FAULTLINE_READ_FIELD_VALUE_H
#define FAULTLINE_READ_FIELD_VALUE_H

#include "base/quantity.h"
#include "read/fields.h"

/* The unit of a row's number; UNIT_NONE for counts and for rows that are no number. Laws: UNIT_TIME. */
Unit field_unit(const Field *row);
/* True for rows that are one quantity stored as int64_t or SimTime. */
bool field_is_quantity(const Field *row);

/* Read text into the member. On failure returns false, *why an allocated reason, *mend an allocated proposal or NULL.
 * Rows of type NAMES, NODE and GROUP are not text: a bug. */
bool field_from_text(const Field *row, const char *text, Tree *tree, void *member, char **why, char **mend);

/* The same for a node of any type, with a diagnostic that calls the value `label` ("health_check.every"). Not GROUP. */
bool field_from_node(const Field *row, const char *label, const Node *node, Tree *tree, void *member,
                     Diagnostics *diagnostics);

#endif
