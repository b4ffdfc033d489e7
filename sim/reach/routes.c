/* routes.c - which entry of a route table decides for an address. */
#include "reach/reach_private.h"

/* Longest prefix wins; at equal length a written entry beats a learnt one, and a learnt one never beats `local`,
 * however specific it is (AWS site-to-site VPN guide, "route priority"). The table's own order decides nothing. */
static bool route_beats(const Route *a, const Route *b) {
    if (b->target == ROUTE_LOCAL && a->propagated)
        return false;
    if (a->target == ROUTE_LOCAL && b->propagated)
        return true;
    return a->to.length != b->to.length ? a->to.length > b->to.length : !a->propagated && b->propagated;
}

const Route *route_find(const RouteTable *table, const Prefix *address) {
    const Route *best = NULL;
    for (uint32_t i = 0; i < table->route_count; i++) {
        const Route *route = &table->routes[i];
        if (prefix_contains(&route->to, address) && (best == NULL || route_beats(route, best)))
            best = route;
    }
    return best;
}
