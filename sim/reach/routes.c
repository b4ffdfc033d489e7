/* routes.c - which entry of a route table decides for an address. */
#include "reach/gateways.h"

/* The line that taught it, or NULL. */
static const Join *teacher_of(const Reach *reach, const Route *route) {
    bool line = route->target == ROUTE_JOIN || route->target == ROUTE_PRIVATE_GATEWAY;
    return route->propagated && line ? &reach->model->joins[route->via] : NULL;
}

/* At equal length: a written range, a prefix list, then what was learnt, from the best line (semantics B.3). */
static uint32_t origin_rank(const Reach *reach, const Route *route) {
    const Join *line = teacher_of(reach, route);
    if (!route->propagated)
        return route->from_list ? 1 : 0;
    return 2 + (line != NULL ? (uint32_t)line->facts.rank : 0);
}

/* Longest prefix wins; at equal length a written entry beats a learnt one, and a learnt one never beats `local`,
 * however specific it is (AWS site-to-site VPN guide, "route priority"). The table's own order decides nothing. */
static bool route_beats(const Reach *reach, const Route *a, const Route *b) {
    if (b->target == ROUTE_LOCAL && a->propagated)
        return false;
    if (a->target == ROUTE_LOCAL && b->propagated)
        return true;
    int longer = a->to.length - b->to.length;
    return longer > 0 || (longer == 0 && origin_rank(reach, a) < origin_rank(reach, b));
}

/* What a line taught goes when both its ends know that it is dead. */
static bool is_withdrawn(const Reach *reach, const NetState *state, const Route *route) {
    const Join *line = teacher_of(reach, route);
    return line != NULL && line_is_withdrawn(state, line);
}

/* The prefix list of a service is more specific than 0.0.0.0/0, and only of the endpoint's own region. */
static bool leads_to_service(const Reach *reach, const Route *route, const Party *service) {
    if (service == NULL || service->kind != PARTY_SERVICE)
        return false;
    const Endpoint *endpoint = &reach->model->endpoints[route->via];
    for (uint32_t i = 0; i < endpoint->service_count; i++)
        if (endpoint->services[i] == service->id)
            return true;
    return false;
}

const Route *route_find(const Reach *reach, const NetState *state, const RouteTable *table, const Prefix *address,
                        const Party *service) {
    const Route *best = NULL;
    for (uint32_t i = 0; i < table->route_count; i++) {
        const Route *route = &table->routes[i];
        if (route->target == ROUTE_ENDPOINT && leads_to_service(reach, route, service))
            return route;
        if (prefix_contains(&route->to, address) && (best == NULL || route_beats(reach, route, best)) &&
            !is_withdrawn(reach, state, route))
            best = route;
    }
    return best;
}
