/* patience.c - who stands between a client and a slow server may give up on it first, and says so.
 *
 * It waits from the instant at which the request got to it, by the ways as they are when nothing waits there. */
#include "world/state.h"

/* From the client to the i-th unit of the path, or back; an edge service is wherever the request is. */
static SimTime way_to(World *w, const Slot *slot, uint32_t i, bool back) {
    SimTime way = SIMTIME_ZERO;
    uint16_t spot = population_of(slot)->spot;
    for (uint32_t p = 0; p <= i; p++) {
        uint16_t next = w->briefs[slot->path[p]].spot;
        if (next == SPOT_NOWHERE)
            continue;
        way = later(way, back ? geography_delay(w, next, spot) : geography_delay(w, spot, next));
        spot = next;
    }
    return way;
}

/* The outermost gives up first, unless somebody behind it is less patient. */
bool patience_ends(World *w, Slot *slot, SimTime *known) {
    SimTime timeout = later(slot->sent, population_of(slot)->timeout);
    bool ends = false;
    for (uint32_t i = 0; i + 1 < slot->path_length; i++) {
        ComponentId component = w->briefs[slot->path[i]].component;
        const Kind *kind = w->members[component].kind;
        if (!kind->patience)
            continue;
        SimTime heard = later(slot->sent, kind->patience(w->model->components[component].spec));
        heard = later(later(heard, way_to(w, slot, i, false)), way_to(w, slot, i, true));
        if (!simtime_before(heard, *known) || !simtime_before(heard, timeout))
            continue;
        *known = heard;
        slot->blamed = slot->path[i];
        slot->rule = 0;
        ends = true;
    }
    return ends;
}
