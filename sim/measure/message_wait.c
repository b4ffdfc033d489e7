/* message_wait.c - how long messages that could be taken waited for somebody who had room. */
#include <glib.h>

#include "measure/plugin.h"
#include "measure/spans.h"

static void wait_start(void *state, const MeasureSetup *setup) { spans_start(state, setup->component_count); }
static void wait_begin(void *state) { spans_begin(state); }
static void wait_see(void *state, const Fact *fact) { spans_add(state, fact->component, fact->span); }
static void wait_clear(void *state) { spans_clear(state); }

static void wait_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    if (end->setup->flow_count > 0)
        spans_put(state, sheet, end->setup->components);
}

const MeasureKind measure_message_wait = {
    .help = "From the instant at which a message could be taken (again) until somebody took it, the launch of a "
            "machine for it "
            "included; [component] names those that one component kept.",
    .wants = FACT_BIT(FACT_TAKEN),
    .pooled = true,
    .state_size = sizeof(Spans),
    .start = wait_start,
    .begin = wait_begin,
    .see = wait_see,
    .end = wait_end,
    .clear = wait_clear,
};
