/* azure_routes.c - which route of Azure decides for an address. */
#include "reach/azure.h"
#include "reach/gateways.h"

/* Written, learnt by a gateway, the provider's own: in this order they win at the same prefix. */
typedef enum { ORIGIN_WRITTEN, ORIGIN_LEARNT, ORIGIN_PROVIDER } Origin;
static Origin origin_of(const Route *route) {
    return route->propagated ? ORIGIN_LEARNT : route->system ? ORIGIN_PROVIDER : ORIGIN_WRITTEN;
}

/* The provider's own for the network and for its peers: preferred to what gateways learn, however specific that is. */
static bool is_preferred(const Route *route) {
    return origin_of(route) == ORIGIN_PROVIDER && (route->target == ROUTE_LOCAL || route->target == ROUTE_JOIN);
}

static bool loses_at_prefix(const Route *a, const Route *b) {
    if (is_preferred(a) || is_preferred(b)) /* written, preferred, learnt */
        return is_preferred(a) ? origin_of(b) == ORIGIN_WRITTEN : origin_of(a) == ORIGIN_LEARNT;
    return origin_of(b) < origin_of(a);
}

/* What a gateway learnt from a line that has been given up. */
static bool is_withdrawn(const Reach *reach, const NetState *state, const Route *route) {
    return route->propagated && line_is_withdrawn(state, &reach->model->joins[route->via]);
}

/* Who writes a route for 0.0.0.0/0 loses the provider's routes for private ranges; a timeline may write it, too. */
static bool is_removed(const RouteTable *table, const Route *route) {
    bool removed = false;
    for (uint32_t i = 0;
         origin_of(route) == ORIGIN_PROVIDER && route->target == ROUTE_BLACKHOLE && i < table->route_count; i++)
        removed = removed || (origin_of(&table->routes[i]) == ORIGIN_WRITTEN && table->routes[i].to.length == 0 &&
                              table->routes[i].to.family == 4);
    return removed;
}

bool azure_route_is_active(const Reach *reach, const NetState *state, const RouteTable *table, const Route *route) {
    for (uint32_t i = 0; i < table->route_count; i++) {
        const Route *other = &table->routes[i];
        if (prefix_equal(&other->to, &route->to) && loses_at_prefix(route, other) && !is_withdrawn(reach, state, other))
            return false;
    }
    return !is_withdrawn(reach, state, route) && !is_removed(table, route);
}

/* The longest active prefix; but where an active preferred route matches, learnt ones do not count. */
const Route *azure_route_find(const Reach *reach, const NetState *state, const RouteTable *of, const Prefix *address) {
    const RouteTable *table = netstate_table(state, of);
    const Route *best = NULL, *best_unlearnt = NULL;
    bool preferred = false;
    for (uint32_t i = 0; i < table->route_count; i++) {
        const Route *route = &table->routes[i];
        if (!prefix_contains(&route->to, address) || !azure_route_is_active(reach, state, table, route))
            continue;
        preferred = preferred || is_preferred(route);
        if (best == NULL || route->to.length > best->to.length)
            best = route;
        if (origin_of(route) != ORIGIN_LEARNT && (best_unlearnt == NULL || route->to.length > best_unlearnt->to.length))
            best_unlearnt = route;
    }
    return preferred ? best_unlearnt : best;
}
