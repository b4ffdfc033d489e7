/* inspectors.c - what inspects the packets of a connection on its way there, or bills them, in order. */
#include "reach/walk.h"

/* The unit that a hop passes; NO_UNIT where it passes none of its own. Of what has several, the first stands for all.
 */
static UnitId unit_passed(const Reach *reach, const HopRecord *hop) {
    const Model *model = reach->model;
    switch (hop->kind) {
    case HOP_APPLIANCE:
    case HOP_TRANSLATE: return reach->parties[hop->subject].unit;
    case HOP_HUB: return model->components[model->joins[hop->subject].component].first_unit;
    case HOP_ENDPOINT: return model->components[hop->subject].first_unit;
    default: return NO_UNIT;
    }
}

static bool inspects(const Reach *reach, UnitId unit) {
    return unit != NO_UNIT && reach->model->components[reach->model->units[unit].component].kind->inspects;
}

/* An appliance that also translates is one, not two. */
uint32_t reach_inspectors(const Reach *reach, const NetState *state, Query query, UnitId *units, uint32_t most) {
    GArray *hops = g_array_new(FALSE, FALSE, sizeof(HopRecord));
    uint32_t there = 0, count = 0;
    Verdict verdict = walk_query(reach, state, &query, hops, &there);
    for (uint32_t i = 0; i < there && verdict.kind == VERDICT_REACH && count < most; i++) {
        UnitId unit = unit_passed(reach, &g_array_index(hops, HopRecord, i));
        if (inspects(reach, unit) && (count == 0 || units[count - 1] != unit))
            units[count++] = unit;
    }
    g_array_free(hops, TRUE);
    return count;
}
