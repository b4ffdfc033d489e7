/* drift.c - machines that are not as their group's image says: launched from an older one, or changed by an attacker.
 */
#include <glib.h>

#include "contract/ctx.h"
#include "measure/plugin.h"

typedef struct {
    uint32_t units;
    bool *drifted; /* by unit */
    bool any;      /* something has drifted in this replication */
    int64_t now, most;
    SimTime since, longest; /* of the present stretch with any; of the longest that is over */
} DriftState;

static void drift_start(void *state, const MeasureSetup *setup) {
    DriftState *s = state;
    s->units = setup->unit_count;
    s->drifted = g_new0(bool, setup->unit_count + 1);
}

static void drift_begin(void *state) {
    DriftState *s = state;
    for (uint32_t u = 0; u < s->units; u++)
        s->drifted[u] = false;
    s->any = false;
    s->now = s->most = 0;
    s->longest = SIMTIME_ZERO;
}

static void drift_clear(void *state) { g_free(((DriftState *)state)->drifted); }

/* A unit that is no more is replaced by one that is as it should be. */
static void drift_see(void *state, const Fact *fact) {
    DriftState *s = state;
    bool told = fact->kind == FACT_DRIFTED, drifts = told && fact->amount == 1;
    bool gone = told ? fact->amount == 0 : fact->amount == UNIT_ABSENT || fact->amount == UNIT_BOOTING;
    if (fact->unit >= s->units || s->drifted[fact->unit] == drifts || !(drifts || gone))
        return;
    if (drifts && s->now == 0)
        s->since = fact->at;
    s->drifted[fact->unit] = drifts;
    s->now += drifts ? 1 : -1;
    s->most = MAX(s->most, s->now);
    s->any = true;
    if (s->now == 0)
        s->longest = simtime_max(s->longest, simtime_sub(fact->at, s->since));
}

static void drift_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)end;
    const DriftState *s = state;
    if (!s->any)
        return;
    sheet_put(sheet, NULL, NULL, NULL, s->now);
    sheet_put(sheet, "most", NULL, NULL, s->most);
    sheet_put(sheet, "lasts", NULL, NULL, s->now > 0 ? SIMTIME_NEVER.ns : s->longest.ns);
}

static const MeasurePart parts[] = {
    {"most", UNIT_NONE, "machines", "the most at a time"},
    {"lasts", UNIT_TIME, NULL, "until all were replaced"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_drift = {
    .help = "Machines that at the end are not as their group's image says: launched from an older image, or changed by "
            "an attacker. most: the most at a time. lasts: the longest time with any; never when some are left.",
    .parts = parts,
    .wants = FACT_BIT(FACT_DRIFTED) | FACT_BIT(FACT_UNIT),
    .whole_run = true,
    .state_size = sizeof(DriftState),
    .start = drift_start,
    .begin = drift_begin,
    .see = drift_see,
    .end = drift_end,
    .clear = drift_clear,
};
