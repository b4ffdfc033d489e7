/* replication_time.c - how long it took until what was put into a store was in another region, too. */
#include <glib.h>

#include "measure/plugin.h"
#include "measure/spans.h"

typedef struct {
    Spans spans;
    bool any;
} CopyState;

static void copy_start(void *state, const MeasureSetup *setup) {
    spans_start(&((CopyState *)state)->spans, setup->component_count);
}

static void copy_begin(void *state) {
    spans_begin(&((CopyState *)state)->spans);
    ((CopyState *)state)->any = false;
}

static void copy_see(void *state, const Fact *fact) {
    spans_add(&((CopyState *)state)->spans, fact->other, fact->span);
    ((CopyState *)state)->any = true;
}

static void copy_clear(void *state) { spans_clear(&((CopyState *)state)->spans); }

static void copy_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    if (((CopyState *)state)->any)
        spans_put(&((CopyState *)state)->spans, sheet, end->setup->components);
}

const MeasureKind measure_replication_time = {
    .help = "From the instant at which an object was put into a store until it could be read in another region, the "
            "time in which nothing could be copied included; [component] names where it got to. Objects that never did "
            "are not in it: see objects.behind.",
    .wants = FACT_BIT(FACT_COPIED),
    .pooled = true,
    .state_size = sizeof(CopyState),
    .start = copy_start,
    .begin = copy_begin,
    .see = copy_see,
    .end = copy_end,
    .clear = copy_clear,
};
