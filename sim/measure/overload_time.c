/* overload_time.c - for how long there was more work than room. */
#include <glib.h>

#include "measure/plugin.h"

#define SECOND INT64_C(1000000000)

typedef struct {
    int64_t counted_until; /* ns: end of the last second that is counted */
    int64_t seconds;
} OverloadState;

/* Facts come in order, so one look at the last second counted is enough. */
static void overload_see(void *state, const Fact *fact) {
    OverloadState *s = state;
    bool overload = fact->cause == CAUSE_FULL || (fact->cause == CAUSE_SLOW && !(fact->flags & BROKEN_UNDER_FAULT));
    if (!overload || fact->at.ns < s->counted_until)
        return;
    s->seconds++;
    s->counted_until = (fact->at.ns / SECOND + 1) * SECOND;
}

static void overload_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)end;
    sheet_put(sheet, NULL, NULL, NULL, ((OverloadState *)state)->seconds * SECOND);
}

const MeasureKind measure_overload_time = {
    .help = "Whole seconds in which at least one attempt failed because a queue was full, or was answered too late by "
            "something "
            "that no fault slowed.",
    .wants = FACT_BIT(FACT_FAILED),
    .state_size = sizeof(OverloadState),
    .see = overload_see,
    .end = overload_end,
};
