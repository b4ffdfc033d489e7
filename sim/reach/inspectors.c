/* inspectors.c - what inspects the packets of a connection on its way there, in order. */
#include "reach/walk.h"

uint32_t reach_inspectors(const Reach *reach, const NetState *state, Query query, UnitId *units, uint32_t most) {
    GArray *hops = g_array_new(FALSE, FALSE, sizeof(HopRecord));
    uint32_t there = 0, count = 0;
    Verdict verdict = walk_query(reach, state, &query, hops, &there);
    for (uint32_t i = 0; i < there && verdict.kind == VERDICT_REACH && count < most; i++) {
        const HopRecord *hop = &g_array_index(hops, HopRecord, i);
        if (hop->kind == HOP_APPLIANCE && reach->parties[hop->subject].unit != NO_UNIT)
            units[count++] = reach->parties[hop->subject].unit;
    }
    g_array_free(hops, TRUE);
    return count;
}
