/* azure_routes.c - the routes that Azure puts into every table by itself, and what the tag VirtualNetwork means.
 *
 * Written routes beat learnt ones, and those beat the provider's own, at equal prefixes; reach/azure_routes.c chooses.
 * Source: Azure virtual-networks-udr-overview, semantics B.5. */
#include <string.h>

#include "model/azure_build.h"

/* --- the provider's own ------------------------------------------------------------------------------------------- */

static void route_add(Build *build, const RouteTable *table, GArray *routes, Route route, const char *via) {
    char *to = prefix_text(&route.to);
    route.system = !route.propagated;
    route.mark = table->mark;
    route.element = element_add(build, table->mark, "route table %s: %s %s, %s", table->name, to, via,
                                route.propagated ? "learnt by a gateway" : "a route of the provider");
    g_array_append_val(routes, route);
    g_free(to);
}

/* Who writes a route for 0.0.0.0/0 loses the provider's routes for private ranges (the manual's example, Subnet1). */
static bool default_is_written(const RouteTable *table) {
    bool written = false;
    for (uint32_t i = 0; i < table->route_count; i++)
        written = written || (table->routes[i].to.length == 0 && table->routes[i].to.family == 4);
    return written;
}

static void private_ranges(Build *build, const RouteTable *table, const Network *network, GArray *routes) {
    for (size_t i = 0; i < PREFIX_PRIVATE4 && !default_is_written(table); i++)
        if (!prefix_contains(&network->cidr, &prefix_private4[i])) /* else they belong to the network */
            route_add(build, table, routes, (Route){.to = prefix_private4[i], .target = ROUTE_BLACKHOLE}, "none");
}

static void peers_routes(Build *build, const RouteTable *table, GArray *routes) {
    const Model *model = build->model;
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        if (join->shape != JOIN_PEERING || (join->a != table->network && join->b != table->network))
            continue;
        uint32_t far = join->a == table->network ? join->b : join->a;
        Route route = {.to = model->networks[far].cidr, .target = ROUTE_JOIN, .via = i};
        route_add(build, table, routes, route, keep(build, "peering %s", model->components[join->component].name));
    }
}

/* `route_propagation: no` keeps out what the network's gateway learns; elsewhere than here it is `yes` that lets it in.
 */
static bool gateway_is_silent(const Build *build, const RouteTable *table) {
    const char *label = strrchr(table->name, '.') + 1, *stack = build->model->networks[table->network].stack;
    const Node *written = NULL;
    bool taught = false;
    for (uint32_t i = 0; i < build->stack_count; i++)
        if (strcmp(build->stacks[i].name, stack) == 0)
            written = node_get(node_get(build->stacks[i].keys.subnets, label), "route_propagation");
    for (uint32_t i = 0; i < table->route_count; i++)
        taught = taught || table->routes[i].propagated; /* written `yes`, and already there */
    return taught || written != NULL;
}

static bool has_line(const Model *model, uint32_t network) {
    bool has = false;
    for (uint32_t i = 0; i < model->join_count; i++)
        has = has || (model->joins[i].shape == JOIN_LINE && model->joins[i].a == network);
    return has;
}

/* The network itself, or else the one that lends it its gateway; NO_JOIN: none. */
static uint32_t gateway_of(const Model *model, uint32_t network) {
    for (uint32_t i = 0; i < model->join_count && !has_line(model, network); i++) {
        const Join *join = &model->joins[i];
        if (join->facts.lends_gateway && (join->a == network || join->b == network))
            return join->a == network ? join->b : join->a;
    }
    return has_line(model, network) ? network : NO_JOIN;
}

/* What the lines of its gateway teach it. */
static void lines_routes(Build *build, const RouteTable *table, GArray *routes) {
    const Model *model = build->model;
    uint32_t gateway = gateway_of(model, table->network);
    for (uint32_t i = 0; i < model->join_count && !gateway_is_silent(build, table); i++) {
        const Join *join = &model->joins[i];
        for (uint32_t k = 0; join->shape == JOIN_LINE && join->a == gateway && k < join->to_b_count; k++) {
            RouteTarget target = gateway == table->network ? ROUTE_PRIVATE_GATEWAY : ROUTE_JOIN;
            Route route = {.to = join->to_b[k], .target = target, .via = i, .propagated = true};
            route_add(build, table, routes, route, keep(build, "via %s", model->components[join->component].name));
        }
    }
}

static void table_extend(Build *build, RouteTable *table) {
    static const Prefix anywhere = {.family = 4};
    const Network *network = &build->model->networks[table->network];
    GArray *routes = g_array_new(FALSE, FALSE, sizeof(Route));
    if (table->route_count > 0)
        g_array_append_vals(routes, table->routes, table->route_count);
    private_ranges(build, table, network, routes);
    route_add(build, table, routes, (Route){.to = anywhere, .target = ROUTE_INTERNET_GATEWAY}, "internet");
    peers_routes(build, table, routes);
    lines_routes(build, table, routes);
    g_array_sort(routes, compare_table_routes);
    table->routes = keep_array(build, routes, &table->route_count);
}

/* --- VirtualNetwork ----------------------------------------------------------------------------------------------- */

static void range_add(GArray *ranges, Prefix range) {
    for (guint i = 0; i < ranges->len; i++)
        if (prefix_equal(&g_array_index(ranges, Prefix, i), &range))
            return;
    if (range.family != 0)
        g_array_append_val(ranges, range);
}

static void ranges_behind(const Model *model, uint32_t gateway, GArray *ranges) {
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        for (uint32_t k = 0; join->shape == JOIN_LINE && join->a == gateway && k < join->to_b_count; k++)
            range_add(ranges, join->to_b[k]);
    }
}

/* The network, its peers, the host, and all that its gateway leads to. */
static void network_ranges(Build *build, uint32_t network) {
    const Model *model = build->model;
    GArray *ranges = g_array_new(FALSE, FALSE, sizeof(Prefix));
    static const Prefix host = {.base = ((Address)168 << 24) | (63 << 16) | (129 << 8) | 16, .length = 32, .family = 4};
    range_add(ranges, model->networks[network].cidr);
    range_add(ranges, model->networks[network].cidr6);
    range_add(ranges, host);
    if (gateway_of(model, network) != NO_JOIN)
        ranges_behind(model, gateway_of(model, network), ranges);
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        if (join->shape == JOIN_PEERING && join->a == network)
            range_add(ranges, model->networks[join->b].cidr);
        if (join->shape == JOIN_PEERING && join->b == network)
            range_add(ranges, model->networks[join->a].cidr);
    }
    AzureNetwork *own = &build->model->azure.networks[network];
    own->ranges = keep_array(build, ranges, &own->range_count);
}

/* Elsewhere nothing can be had through a peer. */
static void transit_check(Build *build) {
    const Model *model = build->model;
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        bool both = join->shape == JOIN_PEERING && join->a != NO_JOIN && join->b != NO_JOIN &&
                    model->azure.networks != NULL &&
                    model->azure.networks[join->a].style == STYLE_NETWORK_SECURITY_GROUPS &&
                    model->azure.networks[join->b].style == STYLE_NETWORK_SECURITY_GROUPS;
        if (join->facts.lends_gateway && !both)
            complain(build, model->components[join->component].mark, "leave out gateway_transit",
                     "only networks of one provider that has it lend each other their gateways");
    }
}

void azure_routes_build(Build *build) {
    Model *model = build->model;
    transit_check(build);
    if (model->azure.networks == NULL)
        return;
    for (uint32_t n = 0; n < model->network_count; n++)
        if (model->azure.networks[n].style == STYLE_NETWORK_SECURITY_GROUPS)
            network_ranges(build, n);
    for (uint32_t t = 0; t < model->route_table_count; t++)
        if (strchr(model->route_tables[t].name, '.') != NULL && /* of a subnet, not for what comes in */
            model->azure.networks[model->route_tables[t].network].style == STYLE_NETWORK_SECURITY_GROUPS)
            table_extend(build, &model->route_tables[t]);
}
