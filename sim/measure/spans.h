/* spans.h - spans of time by some index, and of all together, for pooled measures (private to measure/). */
#ifndef FAULTLINE_MEASURE_SPANS_H
#define FAULTLINE_MEASURE_SPANS_H

#include "measure/sheet.h"

typedef struct {
    Histogram **of; /* by index; NULL where there is none; the last for all of them */
    uint32_t count;
} Spans;

void spans_start(Spans *spans, uint32_t count);
void spans_begin(Spans *spans);
void spans_clear(Spans *spans);
void spans_add(Spans *spans, uint32_t index, SimTime span);
/* All of them, and each index that has any, by its name. */
void spans_put(const Spans *spans, Sheet *sheet, const char *const *names);

#endif
