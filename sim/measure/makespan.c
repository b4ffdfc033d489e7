/* makespan.c - from the beginning of the first job to the end of the last that was finished. */
#include "measure/plugin.h"

typedef struct {
    bool any;
    SimTime first, last;
} MakespanState;

static void makespan_see(void *state, const Fact *fact) {
    MakespanState *s = state;
    if (fact->kind == FACT_JOB_FINISHED) {
        s->last = fact->at;
        return;
    }
    if (!s->any)
        s->first = fact->at;
    s->any = true;
}

static void makespan_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const MakespanState *s = state;
    if (end->setup->flow_count > 0 && s->last.ns > 0)
        sheet_put(sheet, NULL, NULL, NULL, simtime_sub(s->last, s->first).ns);
}

const MeasureKind measure_makespan = {
    .help =
        "From the instant at which the first job began to the one at which the last of those that were finished was.",
    .wants = FACT_BIT(FACT_JOB_BEGAN) | FACT_BIT(FACT_JOB_FINISHED),
    .whole_run = true,
    .state_size = sizeof(MakespanState),
    .see = makespan_see,
    .end = makespan_end,
};
