/* routes.c - route tables: one for each subnet of a copy, shared by its zones; one for what comes into a network
 * through its gateways, where it says so; one for each site. */
#include <inttypes.h>
#include <string.h>

#include "model/build.h"

int compare_table_routes(gconstpointer a, gconstpointer b) {
    const Route *x = a, *y = b;
    if (x->to.length != y->to.length)
        return x->to.length > y->to.length ? -1 : 1;
    if (x->to.base != y->to.base)
        return x->to.base < y->to.base ? -1 : 1;
    return (x->element > y->element) - (x->element < y->element);
}

/* ---- written routes ------------------------------------------------------------------------------------------------
 */
/* A word of the provider's file, "routes: {inside_network: {value: ...}}"; NULL: it says nothing. */
static const char *provider_route_word(Build *build, const char *provider, const char *key) {
    const Node *value = node_get(node_get(node_get(provider_root(build, provider), "routes"), key), "value");
    return value != NULL && value->type == NODE_SCALAR ? value->text : NULL;
}

/* AWS: more specific than local, a route must mean a whole subnet and lead to an interface (B.3 d). */
static void inside_check(Build *build, const Network *network, const Route *route, const char *to) {
    if (!prefix_contains(&network->cidr, &route->to) || prefix_equal(&network->cidr, &route->to))
        return;
    const char *word = provider_route_word(build, network->provider, "inside_network");
    if (word == NULL || strcmp(word, "whole_subnets") != 0)
        return;
    bool whole = false;
    for (PlaceId p = 0; p < build->model->place_count; p++)
        whole = whole || (build->model->places[p].level == PLACE_SUBNET &&
                          prefix_equal(&build->model->places[p].cidr, &route->to));
    if (!whole)
        complain(build, route->mark, "name a subnet: to: data",
                 "a route inside the network must mean a whole subnet, and %s is none", to);
    else if (route->target != ROUTE_INTERFACE)
        complain(build, route->mark, "lead it to a NAT gateway or an appliance",
                 "a route inside the network can only lead to an interface in it");
}

static void reserved_check(Build *build, const Network *network, const Route *route) {
    const char *word = provider_route_word(build, network->provider, "reserved");
    Prefix reserved;
    char *why = NULL;
    if (word != NULL && prefix_parse(word, &reserved, &why) && prefix_contains(&reserved, &route->to))
        complain(build, route->mark, "leave it out", "%s cannot be routed: %s keeps it for itself", word,
                 network->provider);
    g_free(why);
}

/* Only IPv6 passes an egress-only gateway; NAT gateways pass only IPv4. */
static bool family_fits(const Build *build, const Route *route, const Prefix *range) {
    if (route->target == ROUTE_EGRESS_ONLY)
        return range->family == 6;
    if (route->target == ROUTE_INTERFACE &&
        build->model->components[route->via].kind->passage.mode == PASSAGE_TRANSLATES)
        return range->family == 4;
    return true;
}

/* A service goes by its endpoint and by nothing else. */
static bool service_fits(Build *build, const Route *route, const Prefix *range, const char *to) {
    bool service = range->family == 0, endpoint = route->target == ROUTE_ENDPOINT;
    if (service && !endpoint)
        complain(build, route->mark, "lead it to a gateway endpoint",
                 "'%s' is a service of the provider: only a gateway endpoint has a route for it", to);
    else if (endpoint && !service)
        complain(build, route->mark, keep(build, "write to: %s", build->model->endpoints[route->via].facts.service),
                 "a gateway endpoint carries only what goes to its service");
    else if (endpoint && strcmp(build->model->endpoints[route->via].facts.service, to) != 0)
        complain(build, route->mark, keep(build, "write to: %s", build->model->endpoints[route->via].facts.service),
                 "that endpoint leads to '%s', not to '%s'", build->model->endpoints[route->via].facts.service, to);
    return service == endpoint;
}

static void route_append(Build *build, Route route, const char *to, GArray *routes) {
    for (guint i = 0; i < routes->len; i++) {
        const Route *other = &g_array_index(routes, Route, i);
        bool same_list = other->from_list == route.from_list && !other->propagated && !other->system;
        if (same_list && prefix_equal(&other->to, &route.to) &&
            (route.target != ROUTE_ENDPOINT || other->via == route.via))
            complain(build, route.mark, "keep one of them", "the table already has a route to %s", to);
    }
    g_array_append_val(routes, route);
}

/* A route to a gateway of the internet is what makes the network have one. */
static void gateways_follow(Build *build, const RouteTable *table, const Route *route) {
    Network *network = &build->model->networks[table->network];
    if (network->site != NO_SITE) {
        if (route->target == ROUTE_INTERNET_GATEWAY && !build->sites[network->site].keys.internet)
            complain(build, route->mark, "add internet: true to the site", "site %s has no way to the internet",
                     network->name);
        return;
    }
    network->internet_gateway = network->internet_gateway || route->target == ROUTE_INTERNET_GATEWAY;
    network->egress_only = network->egress_only || route->target == ROUTE_EGRESS_ONLY;
}

static bool is_listed(const Build *build, const Network *network, const char *to) {
    for (uint32_t i = 0; i < build->stack_count; i++)
        if (strcmp(build->stacks[i].name, network->stack) == 0)
            return node_get(build->stacks[i].keys.prefix_lists, to) != NULL;
    return false;
}

void route_read_into(Build *build, const RouteTable *table, const Node *node, GArray *routes) {
    RouteKeys keys = {0};
    Route route = {.mark = node->mark};
    Prefix *ranges;
    if (!read_quietly(build, route_keys, node, keep(build, "a route of %s", table->name), &keys) ||
        !route_via(build, table, node, keys.via, &route))
        return;
    const Network *network = &build->model->networks[table->network];
    uint32_t count = route_ranges(build, table, node_get(node, "to"), &ranges), fit = 0;
    route.from_list = is_listed(build, network, keys.to);
    route.element = element_add(build, node->mark, "route table %s: %s via %s", table->name, keys.to, keys.via);
    for (uint32_t k = 0; k < count; k++) {
        if (!family_fits(build, &route, &ranges[k]))
            continue;
        fit++;
        route.to = ranges[k];
        if (!service_fits(build, &route, &ranges[k], keys.to))
            return;
        inside_check(build, network, &route, keys.to);
        reserved_check(build, network, &route);
        route_append(build, route, keys.to, routes);
    }
    if (count > 0 && fit == 0)
        complain(build, node->mark,
                 route.target == ROUTE_EGRESS_ONLY
                     ? "give the network IPv6: network: {cidr6: auto}, and to: internet, or ::/0"
                     : "lead IPv6 to the internet_gateway or the egress_only_gateway",
                 "%s, and this route is for %s",
                 route.target == ROUTE_EGRESS_ONLY ? "only IPv6 passes an egress-only gateway"
                                                   : "only IPv4 passes a NAT gateway",
                 route.target == ROUTE_EGRESS_ONLY ? "IPv4" : "IPv6");
    gateways_follow(build, table, &route);
}

static void routes_of_list(Build *build, const RouteTable *table, const Node *list, const char *what, const char *mend,
                           GArray *routes) {
    uint32_t count;
    const Node *const *items = list_of(build, list, what, mend, &count);
    for (uint32_t i = 0; i < count; i++)
        route_read_into(build, table, items[i], routes);
}

/* ---- routes that nobody writes -------------------------------------------------------------------------------------
 */
static bool local_can_be_overridden(Build *build, const Network *network) {
    for (uint32_t i = 0; i < build->stack_count; i++)
        if (network->site == NO_SITE && strcmp(build->stacks[i].name, network->stack) == 0)
            return has_network_security_groups(build, &build->stacks[i]);
    return false;
}

static void local_add(Build *build, const RouteTable *table, GArray *routes) {
    const Network *network = &build->model->networks[table->network];
    if (network->cidr.family == 0)
        return;
    char *range = prefix_text(&network->cidr);
    Route local = {.to = network->cidr,
                   .target = ROUTE_LOCAL,
                   .mark = table->mark,
                   .system = local_can_be_overridden(build, network),
                   .element = element_add(build, table->mark, "route table %s: %s local", table->name, range)};
    g_free(range);
    g_array_append_val(routes, local);
    local.to = network->cidr6;
    if (local.to.family != 0)
        g_array_append_val(routes, local);
}

/* What the private gateway of the network knows of its lines. */
static void learnt_add(Build *build, const RouteTable *table, GArray *routes) {
    for (uint32_t i = 0; i < build->model->join_count; i++) {
        const Join *join = &build->model->joins[i];
        for (uint32_t k = 0; join->shape == JOIN_LINE && join->a == table->network && k < join->to_b_count; k++) {
            Route route = {.to = join->to_b[k],
                           .target = ROUTE_PRIVATE_GATEWAY,
                           .via = i,
                           .propagated = true,
                           .mark = table->mark};
            char *range = prefix_text(&route.to);
            route.element = element_add(build, table->mark, "route table %s: %s learnt from %s", table->name, range,
                                        build->joins[i].name);
            g_free(range);
            g_array_append_val(routes, route);
        }
    }
}

/* What the lines of a site teach it, and its own way out. */
static void site_learn(Build *build, const RouteTable *table, const SiteDraft *site, GArray *routes) {
    for (uint32_t i = 0; i < build->model->join_count; i++) {
        const Join *join = &build->model->joins[i];
        for (uint32_t k = 0; join->shape == JOIN_LINE && join->b == table->network && k < join->to_a_count; k++) {
            Route route = {
                .to = join->to_a[k], .target = ROUTE_JOIN, .via = i, .propagated = true, .mark = table->mark};
            char *range = prefix_text(&route.to);
            route.element = element_add(build, table->mark, "routes of site %s: %s learnt from %s", table->name, range,
                                        build->joins[i].name);
            g_free(range);
            g_array_append_val(routes, route);
        }
    }
    if (!site->keys.internet)
        return;
    Route out = {.to = {.family = 4}, .target = ROUTE_INTERNET_GATEWAY, .mark = table->mark};
    out.element = element_add(build, table->mark, "routes of site %s: internet", table->name);
    g_array_append_val(routes, out);
}

/* ---- tables --------------------------------------------------------------------------------------------------------
 */
static void quota_check(Build *build, const RouteTable *table) {
    const Network *network = &build->model->networks[table->network];
    uint32_t written = 0, learnt = 0;
    for (uint32_t i = 0; i < table->route_count; i++) {
        learnt += table->routes[i].propagated;
        written += !table->routes[i].propagated && table->routes[i].target != ROUTE_LOCAL;
    }
    int64_t most = provider_limit(build, network->provider, "routes_per_table");
    int64_t learnt_most = provider_limit(build, network->provider, "learnt_routes_per_table");
    if (most > 0 && written > most)
        warn(build, table->mark, "use larger ranges, or ask for a higher quota",
             "route table %s has %" PRIu32 " routes; %s allows %" PRId64, table->name, written, network->provider,
             most);
    if (learnt_most > 0 && learnt > learnt_most)
        warn(build, table->mark, "advertise larger ranges",
             "route table %s learns %" PRIu32 " routes; %s allows %" PRId64, table->name, learnt, network->provider,
             learnt_most);
}

static RouteTable table_new(Build *build, const char *name, uint32_t network, Mark mark) {
    RouteTable table = {.name = name, .network = network, .mark = mark};
    table.element = element_add(build, mark, "route table %s: no route matches", name);
    return table;
}

static void table_add(Build *build, RouteTable table, GArray *routes, GArray *tables) {
    g_array_sort(routes, compare_table_routes);
    table.routes = keep_array(build, routes, &table.route_count);
    quota_check(build, &table);
    g_array_append_val(tables, table);
}

static void subnet_table(Build *build, const Copy *copy, const Subnet *subnet, GArray *tables) {
    const Network *network = &build->model->networks[copy->network];
    RouteTable table = table_new(build, keep(build, "%s.%s", network->name, subnet->name), copy->network, subnet->mark);
    GArray *routes = g_array_new(FALSE, FALSE, sizeof(Route));
    local_add(build, &table, routes);
    routes_of_list(build, &table, subnet->keys.routes, "routes", "write [{to: internet, via: internet_gateway}]",
                   routes);
    if (subnet->keys.route_propagation)
        learnt_add(build, &table, routes);
    table_add(build, table, routes, tables);
}

/* AWS calls it a gateway route table (VPC user guide, "gateway route tables"); it can lead only to interfaces. */
static void ingress_table(Build *build, const Stack *stack, const Copy *copy, GArray *tables) {
    NetworkKeys keys = {0};
    read_quietly(build, network_keys, stack->keys.network, keep(build, "the network of stack %s", stack->name), &keys);
    if (keys.ingress == NULL)
        return;
    const Network *network = &build->model->networks[copy->network];
    RouteTable table = table_new(build, keep(build, "%s ingress", network->name), copy->network, keys.ingress->mark);
    GArray *routes = g_array_new(FALSE, FALSE, sizeof(Route));
    local_add(build, &table, routes);
    guint locals = routes->len;
    routes_of_list(build, &table, keys.ingress, "ingress", "write [{to: app, via: firewall}]", routes);
    for (guint i = locals; i < routes->len; i++)
        if (g_array_index(routes, Route, i).target != ROUTE_INTERFACE)
            complain(build, g_array_index(routes, Route, i).mark, "lead it to an appliance",
                     "what comes in through a gateway can only be led to an interface");
    table_add(build, table, routes, tables);
}

static void tables_of_stack(Build *build, const Stack *stack, GArray *tables) {
    for (uint32_t c = 0; c < stack->copy_count; c++) {
        const Copy *copy = &stack->copies[c];
        if (copy->network == NO_INDEX)
            continue;
        for (uint32_t s = 0; s < stack->subnet_count; s++)
            subnet_table(build, copy, &stack->subnets[s], tables);
        ingress_table(build, stack, copy, tables);
    }
}

/* What somebody wrote replaces what is learnt. */
static void table_of_site(Build *build, const SiteDraft *site, GArray *tables) {
    if (site->network == NO_INDEX)
        return;
    RouteTable table = table_new(build, site->name, site->network, site->mark);
    GArray *routes = g_array_new(FALSE, FALSE, sizeof(Route));
    local_add(build, &table, routes);
    if (site->keys.routes != NULL)
        routes_of_list(build, &table, site->keys.routes, "routes", "write [{to: site, via: vpn}]", routes);
    else
        site_learn(build, &table, site, routes);
    table_add(build, table, routes, tables);
}

/* ---- all -----------------------------------------------------------------------------------------------------------
 */
static int compare_tables(gconstpointer a, gconstpointer b) {
    return strcmp(((const RouteTable *)a)->name, ((const RouteTable *)b)->name);
}

/* "site[us-east-1].app.a" is where "site[us-east-1].app" is laid out: names have no dots of their own. */
static bool is_laid_out(const Place *place, const RouteTable *table) {
    size_t length = strlen(table->name);
    return place->level == PLACE_SUBNET && strncmp(place->name, table->name, length) == 0 &&
           (place->name[length] == '\0' || place->name[length] == '.');
}

static void table_link(Build *build, uint32_t t) {
    Model *model = build->model;
    const RouteTable *table = &model->route_tables[t];
    Network *network = &model->networks[table->network];
    if (network->site != NO_SITE)
        model->places[network->region].route_table = t;
    else if (strcmp(table->name + strlen(network->name), " ingress") == 0)
        network->ingress_table = t;
    for (PlaceId p = 0; p < model->place_count; p++)
        if (is_laid_out(&model->places[p], table))
            model->places[p].route_table = t;
}

void routes_build(Build *build) {
    Model *model = build->model;
    GArray *tables = g_array_new(FALSE, FALSE, sizeof(RouteTable));
    for (uint32_t i = 0; i < build->stack_count; i++)
        tables_of_stack(build, &build->stacks[i], tables);
    for (uint32_t i = 0; i < build->site_count; i++)
        table_of_site(build, &build->sites[i], tables);
    g_array_sort(tables, compare_tables);
    model->route_tables = keep_array(build, tables, &model->route_table_count);
    for (uint32_t t = 0; t < model->route_table_count; t++)
        table_link(build, t);
}
