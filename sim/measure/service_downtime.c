/* service_downtime.c - how long newcomers would not have been served, and what that is charged to. */
#include "base/int128.h"
#include "measure/outages.h"

static void downtime_start(void *state, const MeasureSetup *setup) { outages_start(state, setup); }
static void downtime_begin(void *state) { outages_begin(state); }
static void downtime_see(void *state, const Fact *fact) { outages_see(state, fact); }
static void downtime_clear(void *state) { outages_clear(state); }

#define YEAR (INT64_C(365) * 86400 * 1000000000)

static int64_t in_a_year(SimTime down, SimTime window) {
    return (int64_t)(((Int128)down.ns * YEAR + window.ns / 2) / window.ns);
}

static void downtime_put(const OutageLine *line, SimTime window, const char *of, Sheet *sheet) {
    sheet_put(sheet, NULL, of, NULL, line->total.ns);
    sheet_put(sheet, "per_year", of, NULL, in_a_year(line->total, window));
    sheet_put(sheet, "longest", of, NULL, line->longest.ns);
}

/* Every cause that there could be has a column, so that its mean is over all replications. */
static void downtime_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    Outages *outages = state;
    uint32_t all = end->setup->population_count;
    SimTime window = simtime_sub(end->setup->until, end->setup->warm_up);
    const char *of;
    if (!outages_end(outages) || window.ns <= 0)
        return;
    for (uint32_t i = 0; i <= all; i++)
        if (outages_shows(outages, i, &of))
            downtime_put(&outages->lines[i], window, of, sheet);
    for (uint32_t c = 0; c < outages->cause_count; c++)
        sheet_put(sheet, "caused", outages->causes[c], NULL, in_a_year(outages->lines[all].by_cause[c], window));
}

static const MeasurePart parts[] = {
    {"per_year", UNIT_TIME, NULL, "downtime a year"},
    {"longest", UNIT_TIME, NULL, "longest outage"},
    {"caused", UNIT_TIME, NULL, "downtime a year charged to it"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_service_downtime = {
    .help = "Time in which a newcomer of some population would not have been served (see service_availability). "
            "per_year: scaled to 365 days. longest: the longest outage, as far as it lies in the window. caused "
            "[failure]: what a year charges to a law of failure or a fault: each outage as a whole to its last straw, "
            "which is what had begun last of all that held when it began, or else had ended last; causes add up to "
            "per_year.",
    .parts = parts,
    .wants = OUTAGE_FACTS,
    .whole_run = true,
    .state_size = sizeof(Outages),
    .start = downtime_start,
    .begin = downtime_begin,
    .see = downtime_see,
    .end = downtime_end,
    .clear = downtime_clear,
};
