/* availability.c - the share of minutes in which new users got in, as a contract would count it. */
#include "measure/plugin.h"

#define MINUTE INT64_C(60000000000)

typedef struct {
    int64_t until; /* ns: end of the minute being filled */
    uint64_t served, failed;
    uint64_t available, all; /* minutes */
} AvailabilityState;

/* Facts come in order, so a minute is complete when the next one begins; empty ones are never seen. */
static void availability_close(AvailabilityState *s) {
    uint64_t decided = s->served + s->failed;
    s->all += decided > 0;
    s->available += decided > 0 && 100 * s->served >= 99 * decided;
    s->served = s->failed = 0;
}

static void availability_see(void *state, const Fact *fact) {
    AvailabilityState *s = state;
    if (fact->at.ns >= s->until) {
        availability_close(s);
        s->until = (fact->at.ns / MINUTE + 1) * MINUTE;
    }
    s->served += fact->kind == FACT_ESTABLISHED;
    s->failed += fact->kind == FACT_BROKEN && !(fact->flags & BROKEN_ESTABLISHED);
}

static void availability_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)end;
    AvailabilityState *s = state;
    availability_close(s);
    if (s->all > 0)
        sheet_put(sheet, NULL, NULL, NULL, (int64_t)((s->available * 1000000000 + s->all / 2) / s->all));
}

const MeasureKind measure_availability = {
    .more_is_better = true,
    .help = "Share of whole minutes in which at least 99 % of the new sessions decided in them were served. Minutes in "
            "which none "
            "was decided do not count.",
    .wants = FACT_BIT(FACT_ESTABLISHED) | FACT_BIT(FACT_BROKEN),
    .state_size = sizeof(AvailabilityState),
    .see = availability_see,
    .end = availability_end,
};
