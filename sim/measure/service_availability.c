/* service_availability.c - the share of time in which somebody who came would have been served; needs no sessions. */
#include "base/int128.h"
#include "measure/outages.h"

static void availability_start(void *state, const MeasureSetup *setup) { outages_start(state, setup); }
static void availability_begin(void *state) { outages_begin(state); }
static void availability_see(void *state, const Fact *fact) { outages_see(state, fact); }
static void availability_clear(void *state) { outages_clear(state); }

/* Rounded to nearest; what is not the whole is never called the whole. */
static int64_t share_up(SimTime down, SimTime window) {
    Int128 up = window.ns - down.ns, share = (up * 1000000000 + window.ns / 2) / window.ns;
    return down.ns > 0 && share == 1000000000 ? 999999999 : (int64_t)share;
}

static void availability_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    Outages *outages = state;
    SimTime window = simtime_sub(end->setup->until, end->setup->warm_up);
    const char *of;
    if (!outages_end(outages) || window.ns <= 0)
        return;
    for (uint32_t i = 0; i <= end->setup->population_count; i++)
        if (outages_shows(outages, i, &of))
            sheet_put(sheet, NULL, of, NULL, share_up(outages->lines[i].total, window));
}

const MeasureKind measure_service_availability = {
    .more_is_better = true,
    .help = "Share of time in which a newcomer of every population would be served: for each flow that starts at it "
            "there is a way through units that work, as names, balancers and databases see them now, over links that "
            "carry and controls that let him pass. Asked at every change, in runs with failures or without load. "
            "[population] names one.",
    .wants = OUTAGE_FACTS,
    .whole_run = true,
    .state_size = sizeof(Outages),
    .start = availability_start,
    .begin = availability_begin,
    .see = availability_see,
    .end = availability_end,
    .clear = availability_clear,
};
