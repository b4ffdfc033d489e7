/* horizon.c - a heap of instants. */
#include "world/horizon.h"

#include <glib.h>

#include "base/bug.h"

void horizon_clear(Horizon *horizon) {
    g_free(horizon->at);
    *horizon = (Horizon){0};
}

/* What comes after the end of the run does not happen. */
void horizon_reset(Horizon *horizon, SimTime end) {
    horizon->count = 0;
    horizon_add(horizon, simtime_add(end, SIMTIME_NS(1)));
}

void horizon_add(Horizon *horizon, SimTime at) {
    if (horizon->count == horizon->room) {
        horizon->room = MAX(2 * horizon->room, 64);
        horizon->at = g_renew(SimTime, horizon->at, horizon->room);
    }
    uint32_t i = horizon->count++;
    for (; i > 0 && simtime_before(at, horizon->at[(i - 1) / 2]); i = (i - 1) / 2)
        horizon->at[i] = horizon->at[(i - 1) / 2];
    horizon->at[i] = at;
}

void horizon_pass(Horizon *horizon, SimTime at) {
    BUG_IF(horizon->count == 0 || !simtime_equal(horizon->at[0], at), "an event that the horizon did not know of");
    SimTime last = horizon->at[--horizon->count];
    uint32_t i = 0;
    for (uint32_t child = 1; child < horizon->count; child = 2 * i + 1) {
        child += child + 1 < horizon->count && simtime_before(horizon->at[child + 1], horizon->at[child]);
        if (!simtime_before(horizon->at[child], last))
            break;
        horizon->at[i] = horizon->at[child];
        i = child;
    }
    horizon->at[i] = last;
}
