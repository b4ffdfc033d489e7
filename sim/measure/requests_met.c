/* requests_met.c - how many requests came to each component: who does the work, and in which region. */
#include "base/int128.h"
#include "measure/plugin.h"

typedef struct {
    uint64_t attempts;
} MetState;

static void met_see(void *state, const Fact *fact) {
    (void)fact;
    ((MetState *)state)->attempts++;
}

static void met_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const MetState *s = state;
    const uint64_t *requests = end->totals->requests;
    for (uint32_t c = 0; requests && s->attempts > 0 && c < end->setup->component_count; c++) {
        if (requests[c] == 0)
            continue;
        sheet_put(sheet, NULL, end->setup->components[c], NULL, (int64_t)requests[c]);
        sheet_put(sheet, "share", end->setup->components[c], NULL,
                  (int64_t)((Int128)requests[c] * 1000000000 / s->attempts));
    }
}

static const MeasurePart parts[] = {
    {"share", UNIT_SHARE, NULL, "share of all that was sent"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_requests_met = {
    .help = "Requests that came to a component, whether or not it served them; [component] names one. share: of all "
            "requests that users sent, retries too.",
    .parts = parts,
    .wants = FACT_BIT(FACT_SERVED) | FACT_BIT(FACT_FAILED),
    .wants_returned = FACT_BIT(FACT_SERVED) | FACT_BIT(FACT_FAILED),
    .whole_run = true,
    .state_size = sizeof(MetState),
    .see = met_see,
    .end = met_end,
};
