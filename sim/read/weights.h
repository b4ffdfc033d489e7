/* weights.h - a list of weights as a spec has it: whole numbers, of which only the ratios count. */
#ifndef FAULTLINE_READ_WEIGHTS_H
#define FAULTLINE_READ_WEIGHTS_H

#include <stdint.h>

#include "base/diag.h"
#include "read/tree.h"

enum { WEIGHT_MOST = 1000000 };

/* Errors about a list that is none, or holds what is no weight. `name`: whose it is. NULL is fine: nothing written. */
void weights_check(const Node *weights, const char *name, Diagnostics *diagnostics);
/* The weight at that index of a checked list; those that were left out are 1. */
int64_t weight_at(const Node *weights, uint32_t index);
/* Of what the two have together `to` gets that share (parts per billion), `from` the rest. */
void weights_shift(int64_t *from, int64_t *to, int64_t share);

#endif
