/* job_time.c - how long jobs took, from their beginning to the end of their last leg. */
#include <glib.h>

#include "measure/plugin.h"
#include "measure/spans.h"

static void time_start(void *state, const MeasureSetup *setup) { spans_start(state, setup->flow_count); }
static void time_begin(void *state) { spans_begin(state); }
static void time_see(void *state, const Fact *fact) { spans_add(state, fact->subject, fact->span); }
static void time_clear(void *state) { spans_clear(state); }

static void time_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    if (end->setup->flow_count > 0)
        spans_put(state, sheet, end->setup->flows);
}

const MeasureKind measure_job_time = {
    .help = "From the beginning of a job (its arrival, or the first try of the request that made it) until its last "
            "leg was "
            "worked on; [flow] names one flow's. Jobs that were never finished are not in it: see jobs.",
    .wants = FACT_BIT(FACT_JOB_FINISHED),
    .pooled = true,
    .state_size = sizeof(Spans),
    .start = time_start,
    .begin = time_begin,
    .see = time_see,
    .end = time_end,
    .clear = time_clear,
};
