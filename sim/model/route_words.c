/* route_words.c - what the words of a route mean: `to: internet`, `to: shared`, `to: bucket`, `via: nat`, `via: link`.
 */
#include <string.h>

#include "model/build.h"

static const Stack *stack_of(const Build *build, uint32_t network) {
    for (uint32_t i = 0; i < build->stack_count; i++)
        for (uint32_t c = 0; c < build->stacks[i].copy_count; c++)
            if (build->stacks[i].copies[c].network == network)
                return &build->stacks[i];
    return NULL;
}

/* ---- to ------------------------------------------------------------------------------------------------------------
 */
static void range_add(GArray *ranges, Prefix range) {
    if (range.family != 0)
        g_array_append_val(ranges, range);
}

static void internet_add(const Network *network, GArray *ranges) {
    range_add(ranges, (Prefix){.family = network->cidr.family == 6 ? 6 : 4});
    if (network->cidr6.family != 0)
        range_add(ranges, (Prefix){.family = 6});
}

/* A subnet of the same stack: its range in each zone. */
static void subnets_add(const Build *build, const Network *network, const char *label, GArray *ranges) {
    char *head = g_strdup_printf("%s.%s", network->name, label);
    size_t length = strlen(head);
    for (PlaceId p = 0; p < build->model->place_count; p++) {
        const Place *place = &build->model->places[p];
        if (place->level != PLACE_SUBNET || strncmp(place->name, head, length) != 0 ||
            (place->name[length] != '\0' && place->name[length] != '.'))
            continue;
        range_add(ranges, place->cidr);
        range_add(ranges, place->cidr6);
    }
    g_free(head);
}

/* Another stack: the copy of equal name, or all where there is none; a site. */
static void networks_add(Build *build, const Network *network, const char *text, GArray *ranges) {
    uint32_t *found, count = networks_named(build, text, &found);
    const Network *networks = build->model->networks;
    bool paired = false;
    for (uint32_t i = 0; i < count; i++)
        paired = paired || strcmp(networks[found[i]].copy, network->copy) == 0;
    for (uint32_t i = 0; i < count; i++) {
        if (paired && strcmp(networks[found[i]].copy, network->copy) != 0)
            continue;
        range_add(ranges, networks[found[i]].cidr);
        range_add(ranges, networks[found[i]].cidr6);
    }
}

static bool is_service_word(const Build *build, const char *text) {
    for (const Kind *const *kind = build->catalogue->kinds; *kind != NULL; kind++)
        if ((*kind)->passage.attachment == ATTACH_SERVICE && strcmp((*kind)->name, text) == 0)
            return true;
    return false;
}

/* What begins like an address is meant as one. */
static bool is_address(const char *text) {
    return (text[0] >= '0' && text[0] <= '9') || strchr(text, ':') != NULL || strchr(text, '/') != NULL;
}

static void complain_to(Build *build, const Stack *stack, const char *text, Mark mark) {
    GPtrArray *names = keys_of(build->pattern.stacks);
    for (uint32_t i = 0; i < build->site_count; i++)
        g_ptr_array_add(names, (char *)build->sites[i].name);
    for (uint32_t i = 0; stack != NULL && i < stack->subnet_count; i++)
        g_ptr_array_add(names, (char *)stack->subnets[i].name);
    g_ptr_array_add(names, (char *)"internet");
    if (has_failed(build, "stack %s", text) || build->places_failed)
        g_ptr_array_free(names, TRUE);
    else
        complain_name(build, mark, text, names, "internet, a range, or one of",
                      "to: '%s' is neither a range of addresses nor a name of something that has one", text);
}

uint32_t route_ranges(Build *build, const RouteTable *table, const Node *to, Prefix **ranges) {
    const Network *network = &build->model->networks[table->network];
    const Stack *stack = stack_of(build, table->network);
    const char *text = scalar_of(build, to, "to");
    uint32_t count = text != NULL && stack != NULL ? prefix_list_find(build, stack, text, ranges) : 0;
    if (text == NULL || count > 0)
        return count;
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Prefix));
    bool is_subnet = stack != NULL && node_get(stack->keys.subnets, text) != NULL;
    if (strcmp(text, "internet") == 0)
        internet_add(network, found);
    else if (is_subnet)
        subnets_add(build, network, text, found);
    else if (is_address(text))
        range_add(found, range_of(build, to, "to"));
    else if (is_service_word(build, text))
        g_array_append_val(found, (Prefix){0}); /* its prefix list, whose ranges are the provider's affair */
    else {
        networks_add(build, network, text, found);
        if (found->len == 0)
            complain_to(build, stack, text, to->mark);
    }
    *ranges = keep_array(build, found, &count);
    return count;
}

/* ---- via -----------------------------------------------------------------------------------------------------------
 */
static ComponentId gateway_named(const Build *build, const Network *network, const char *label) {
    for (ComponentId i = 0; i < build->model->component_count; i++) {
        const Component *component = &build->model->components[i];
        if (component->stack != NULL && strcmp(component->stack, network->stack) == 0 &&
            strcmp(component->copy, network->copy) == 0 && strcmp(component->label, label) == 0)
            return i;
    }
    return NO_COMPONENT;
}

static bool component_carries(const Kind *kind) {
    return kind->passage.attachment == ATTACH_SUBNETS &&
           (kind->passage.mode == PASSAGE_FORWARDS || kind->passage.mode == PASSAGE_TRANSLATES ||
            kind->passage.mode == PASSAGE_FILTERS) &&
           kind->role == ROLE_LINK;
}

/* A component of the stack: one that packets pass, or the endpoint of a service. */
static bool via_component(Build *build, ComponentId id, Mark mark, Route *route) {
    const Component *component = &build->model->components[id];
    for (uint32_t i = 0; i < build->model->endpoint_count; i++) {
        if (build->model->endpoints[i].component != id || !build->model->endpoints[i].by_route)
            continue;
        route->target = ROUTE_ENDPOINT;
        route->via = i;
        return true;
    }
    route->target = ROUTE_INTERFACE;
    route->via = id;
    if (!component_carries(component->kind))
        complain(build, mark, "name a NAT gateway, an appliance, a gateway endpoint or a connection",
                 "a route cannot lead to '%s': the kind %s passes no packets on", component->label,
                 component->kind->name);
    return component_carries(component->kind);
}

static void via_join(const Build *build, const Network *network, uint32_t join, Route *route) {
    bool line = build->model->joins[join].shape == JOIN_LINE;
    route->target = line && network->site == NO_SITE ? ROUTE_PRIVATE_GATEWAY : ROUTE_JOIN;
    route->via = line && network->site == NO_SITE ? NO_JOIN : join;
}

/* Words that need no name; false: it is none of them. */
static bool via_word(Build *build, const Network *network, const char *via, Mark mark, Route *route) {
    static const char *const words[] = {"internet_gateway", "egress_only_gateway", "blackhole", "private_gateway",
                                        "network"};
    static const RouteTarget targets[] = {ROUTE_INTERNET_GATEWAY, ROUTE_EGRESS_ONLY, ROUTE_BLACKHOLE,
                                          ROUTE_PRIVATE_GATEWAY, ROUTE_LOCAL};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(via, words[i]) != 0)
            continue;
        route->target = targets[i];
        route->via = NO_JOIN;
        if (targets[i] == ROUTE_PRIVATE_GATEWAY && !network->private_gateway)
            complain(build, mark, "add connections: {vpn: {kind: vpn, from: ..., to: ...}}",
                     "network %s has no private gateway: no vpn or direct_connect begins at it", network->name);
        const Stack *stack = stack_of(build, (uint32_t)(network - build->model->networks));
        if (targets[i] == ROUTE_LOCAL && (stack == NULL || !has_network_security_groups(build, stack)))
            complain(build, mark, "leave it out", "the route within the network is always there");
        if (network->site != NO_SITE && targets[i] == ROUTE_EGRESS_ONLY)
            complain(build, mark, "write via: internet_gateway", "a site has no egress-only gateway");
        return true;
    }
    return false;
}

static void complain_via(Build *build, const Network *network, const char *via, Mark mark) {
    GPtrArray *names = g_ptr_array_new();
    for (ComponentId i = 0; i < build->model->component_count; i++) {
        const Component *component = &build->model->components[i];
        if (component->stack != NULL && strcmp(component->stack, network->stack) == 0 &&
            strcmp(component->copy, network->copy) == 0 && component->kind->role == ROLE_LINK)
            g_ptr_array_add(names, (char *)component->label);
    }
    GPtrArray *connections = keys_of(build->pattern.connections);
    for (guint i = 0; i < connections->len; i++)
        g_ptr_array_add(names, connections->pdata[i]);
    g_ptr_array_free(connections, TRUE);
    g_ptr_array_add(names, (char *)"internet_gateway");
    g_ptr_array_add(names, (char *)"egress_only_gateway");
    g_ptr_array_add(names, (char *)"private_gateway");
    g_ptr_array_add(names, (char *)"blackhole");
    complain_name(build, mark, via, names, "ways", "a route cannot lead to '%s'", via);
}

bool route_via(Build *build, const RouteTable *table, const Node *node, const char *via, Route *route) {
    const Network *network = &build->model->networks[table->network];
    Mark mark = node_get(node, "via")->mark;
    if (via_word(build, network, via, mark, route))
        return true;
    ComponentId component = gateway_named(build, network, via);
    if (component != NO_COMPONENT)
        return via_component(build, component, mark, route);
    uint32_t join = join_at(build, table->network, via);
    if (join != NO_INDEX) {
        via_join(build, network, join, route);
        return true;
    }
    if (has_failed(build, "%s", via) || has_failed(build, "%s.%s", network->stack, via))
        return false;
    if (is_declared_connection(build, via))
        complain(build, mark, "name a connection of this network", "connection '%s' does not join %s", via,
                 network->name);
    else
        complain_via(build, network, via, mark);
    return false;
}
