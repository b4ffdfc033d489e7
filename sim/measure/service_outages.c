/* service_outages.c - how often newcomers would not have been served. */
#include "measure/outages.h"

static void count_start(void *state, const MeasureSetup *setup) { outages_start(state, setup); }
static void count_begin(void *state) { outages_begin(state); }
static void count_see(void *state, const Fact *fact) { outages_see(state, fact); }
static void count_clear(void *state) { outages_clear(state); }

static void count_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    Outages *outages = state;
    const char *of;
    if (!outages_end(outages))
        return;
    for (uint32_t i = 0; i <= end->setup->population_count; i++)
        if (outages_shows(outages, i, &of))
            sheet_put(sheet, NULL, of, NULL, outages->lines[i].count);
}

const MeasureKind measure_service_outages = {
    .help = "Spells in which a newcomer of some population would not have been served (see service_availability); one "
            "that goes on at the beginning or the end of the window counts.",
    .wants = OUTAGE_FACTS,
    .whole_run = true,
    .state_size = sizeof(Outages),
    .start = count_start,
    .begin = count_begin,
    .see = count_see,
    .end = count_end,
    .clear = count_clear,
};
