/* detection_time.c - how long until anybody's checks see that something is down. */
#include <glib.h>

#include "measure/groups.h"
#include "measure/plugin.h"

typedef struct {
    const MeasureSetup *setup;
    FaultGroups groups;
    SimTime *began, *noticed; /* by group; never: has not been */
    uint32_t current;         /* the group that began last; UINT32_MAX: none */
} DetectionState;

static void detection_start(void *state, const MeasureSetup *setup) {
    DetectionState *s = state;
    s->setup = setup;
    s->groups = groups_new(setup);
    s->began = g_new(SimTime, s->groups.count + 1);
    s->noticed = g_new(SimTime, s->groups.count + 1);
}

static void detection_begin(void *state) {
    DetectionState *s = state;
    s->current = UINT32_MAX;
    for (uint32_t i = 0; i < s->groups.count; i++)
        s->began[i] = s->noticed[i] = SIMTIME_NEVER;
}

static void detection_clear(void *state) {
    DetectionState *s = state;
    groups_clear(&s->groups);
    g_free(s->began);
    g_free(s->noticed);
}

/* What is noticed belongs to the fault that began last. */
static void detection_see(void *state, const Fact *fact) {
    DetectionState *s = state;
    if (fact->kind == FACT_NOTICED) {
        if (fact->amount == 0 && s->current != UINT32_MAX)
            s->noticed[s->current] = simtime_min(s->noticed[s->current], fact->at);
        return;
    }
    uint32_t group = groups_of_event(&s->groups, s->setup, fact->subject);
    if (group == UINT32_MAX)
        return;
    s->began[group] = simtime_min(s->began[group], fact->at);
    s->current = group;
}

static void detection_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)end;
    const DetectionState *s = state;
    SimTime longest = SIMTIME_NS(-1);
    for (uint32_t i = 0; i < s->groups.count; i++) {
        if (simtime_is_never(s->began[i]))
            continue;
        SimTime took = simtime_sub(s->noticed[i], s->began[i]);
        longest = simtime_max(longest, took);
        if (groups_label(&s->groups, i))
            sheet_put(sheet, NULL, groups_label(&s->groups, i), NULL, took.ns);
    }
    if (longest.ns >= 0)
        sheet_put(sheet, NULL, NULL, NULL, longest.ns);
}

const MeasureKind measure_detection_time = {
    .help = "From a fault to the first time that any component's checks see something down, before the next fault; "
            "never when "
            "nobody notices. With several faults, the longest; [fault] names one.",
    .wants = FACT_BIT(FACT_NOTICED) | FACT_BIT(FACT_FAULT_BEGAN),
    .whole_run = true,
    .state_size = sizeof(DetectionState),
    .start = detection_start,
    .begin = detection_begin,
    .see = detection_see,
    .end = detection_end,
    .clear = detection_clear,
};
