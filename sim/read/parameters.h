/* parameters.h - `${name}` in a pattern: declared once, given a value by a scenario, put in before anything is read.
 *
 *     parameters:
 *       regions: {default: [us-east-1, eu-west-1], least: 1, most: 8, about: where the stack is copied to}
 *       dns_ttl: {default: 60 s, least: 1 s, most: 1 h}
 *
 * A scalar that is nothing but `${regions}` becomes the value, whatever its type; inside other text only a scalar may
 * stand. `$${` writes a literal `${`. Keys are never substituted, and a value never refers to another parameter, so
 * there is nothing to expand twice. least and most bound a quantity of the same unit, the mean of a law of time, or
 * the number of entries of a list. */
#ifndef FAULTLINE_READ_PARAMETERS_H
#define FAULTLINE_READ_PARAMETERS_H

#include <stdbool.h>

#include "base/diag.h"
#include "read/fields.h"
#include "read/tree.h"

/* Substitute in place everywhere below `root` (a pattern's root map) but in `parameters:` itself. `with` (may be NULL,
 * may belong to another tree that outlives this one) overrides defaults by name. Every default used is added to
 * `assumed` (may be NULL) under the owner "parameters". Unknown names, bounds and malformed `${` are errors; a
 * parameter that is never used is a warning. Returns false when an error was added. O(text + values put in), bounded by
 * limits.h. */
bool parameters_apply(Tree *tree, Node *root, const Node *with, AssumedList *assumed, Diagnostics *diagnostics);

#endif
