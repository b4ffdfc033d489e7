/* twin_azure.c - one packet at a time through a network of Azure, as an engineer with a notebook would follow it. */
#include <glib.h>

#include "contract/kind.h"
#include "tests/unit/reach/twin_azure.h"

static bool deliver(Journey *j);
static bool routed(Journey *j, PlaceId subnet);
static bool over_internet(Journey *j);
static bool at_site(Journey *j, const Site *site);

/* ---- translation ---------------------------------------------------------------------------------------------------
 */
static void translate(Journey *j, uint32_t by, Address outer) {
    if (j->translation_count == TWIN_TRANSLATIONS)
        return;
    j->translations[j->translation_count++] = (struct Translation){by, j->source, outer, j->target, j->source_port};
    j->source = outer;
    j->source_port = j->translated_port;
}

static bool translate_back(Journey *j) {
    for (uint32_t i = j->translation_count; j->reply && i > 0; i--) {
        const struct Translation *kept = &j->translations[i - 1];
        if (kept->outer != j->target || kept->far != j->source || j->target_port != j->translated_port)
            continue;
        j->target = kept->inner;
        j->target_port = kept->inner_port;
        return true;
    }
    return false;
}

/* ---- routes --------------------------------------------------------------------------------------------------------
 */
static bool is_private_endpoint(const Journey *j, Address address) {
    TwinEnd owner = twin_owner(j->model, 4, address);
    return owner.component != NO_COMPONENT && twin_in_subnet(j->model, owner) &&
           j->model->components[owner.component].kind->passage.mode == PASSAGE_STANDS_FOR &&
           !j->model->azure.subnets[owner.subnet].private_endpoint_policies;
}

static int preference(const Route *route) { return route->propagated ? 1 : route->system ? 2 : 0; }

/* The provider's own for the network and its peers: nothing learnt beats them, as long as no written one of the same
 * prefix has put them out of force. */
static bool is_firm(const RouteTable *table, const Route *route) {
    for (uint32_t i = 0; i < table->route_count; i++)
        if (preference(&table->routes[i]) == 0 && table->routes[i].to.base == route->to.base &&
            table->routes[i].to.length == route->to.length)
            return false;
    return route->system && (route->target == ROUTE_LOCAL || route->target == ROUTE_JOIN);
}

static const Route *lookup(const Journey *j, const RouteTable *table) {
    const Route *best = NULL;
    bool firm = false, direct = is_private_endpoint(j, j->target);
    for (uint32_t i = 0; i < table->route_count; i++)
        firm = firm || (is_firm(table, &table->routes[i]) && twin_in_range(&table->routes[i].to, 4, j->target));
    for (uint32_t i = 0; i < table->route_count; i++) {
        const Route *route = &table->routes[i];
        bool written = !route->system && !route->propagated;
        if (!twin_in_range(&route->to, 4, j->target) || (written && direct))
            continue;
        if (route->propagated && (firm || !twin_line_known(j, &j->model->joins[route->via])))
            continue;
        if (best == NULL || route->to.length > best->to.length ||
            (route->to.length == best->to.length && preference(route) < preference(best)))
            best = route;
    }
    return best;
}

static bool by_line(Journey *j, const Join *line, PlaceId at) {
    const Model *model = j->model;
    return twin_line_carries(j, line, at) && at_site(j, &model->sites[model->networks[line->b].site]);
}

static int knows(const Journey *j, const Join *line) {
    int longest = -1;
    for (uint32_t i = 0; i < line->to_b_count; i++)
        if (twin_in_range(&line->to_b[i], 4, j->target) && line->to_b[i].length > longest)
            longest = line->to_b[i].length;
    return longest;
}

/* Does the tunnel that it uses carry? */
static bool works(Journey *j, const Join *line) {
    Verdict kept = j->verdict;
    bool carries = twin_line_carries(j, line, NO_PLACE);
    j->verdict = kept;
    return carries;
}

static bool private_gateway(Journey *j, PlaceId subnet, const Route *route) {
    const Model *model = j->model;
    uint32_t network = model->places[subnet].network;
    PlaceId region = model->networks[network].region;
    const Join *best = NULL, *first = NULL;
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *line = &model->joins[i];
        if (line->shape != JOIN_LINE || line->a != network || !twin_line_known(j, line))
            continue;
        first = first == NULL && works(j, line) ? line : first;
        if (knows(j, line) >= 0 && (best == NULL || knows(j, line) > knows(j, best)))
            best = line;
    }
    best = best != NULL ? best : first;
    if (best == NULL)
        return twin_fail(j, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, subnet);
    return by_line(j, best, region);
}

static bool translated_out(Journey *j, PlaceId subnet) {
    const Network *network = &j->model->networks[j->model->places[subnet].network];
    if (twin_is_private(4, j->target))
        return twin_fail(j, VERDICT_NO_ROUTE, "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", network->element,
                         network->region);
    return over_internet(j);
}

static bool to_internet(Journey *j, PlaceId subnet) {
    const Model *model = j->model;
    TwinEnd owner = twin_owner(model, 4, j->source);
    const AzureComponent *component = &model->azure.components[owner.component];
    if (j->reply) {
        j->source = twin_public(model, 4, owner);
        return over_internet(j);
    }
    if (model->components[owner.component].public_address) {
        j->source = twin_public(model, 4, owner);
        return over_internet(j);
    }
    const AzureSubnet *own = &model->azure.subnets[owner.subnet]; /* also when an appliance stands before the way out */
    if (!own->default_outbound && !component->classic.classic)
        return twin_fail(j, VERDICT_NO_ROUTE, "NO_OUTBOUND_ACCESS", own->element, subnet);
    translate(j, subnet, ((Address)57 << 24) + (Address)owner.subnet * 1024 + owner.component);
    return over_internet(j);
}

static bool is_seen(const Journey *j, UnitId unit) {
    bool seen = false;
    for (uint32_t i = 0; i < j->seen_count; i++)
        seen = seen || j->seen[i] == unit;
    return seen;
}

/* A firewall keeps what is bound for an address of RFC 1918 or RFC 6598 as it is, and sends the rest under its own. */
static void hide(Journey *j, TwinEnd firewall) {
    const Component *component = &j->model->components[firewall.component];
    PassageFacts facts = component->kind->passes(component->spec);
    if (facts.hides == HIDES_EVERYBODY || (facts.hides == HIDES_TO_INTERNET && !twin_is_private(4, j->target)))
        translate(j, firewall.component, twin_private(j->model, 4, firewall));
}

/* An answer that is addressed to the firewall: it knows whose. */
static bool through_back(Journey *j, TwinEnd firewall, UnitId unit) {
    if (j->seen_back_count < TWIN_INSPECTED)
        j->seen_back[j->seen_back_count++] = unit;
    return routed(j, firewall.subnet);
}

static bool to_interface(Journey *j, PlaceId subnet, const Route *route) {
    const Model *model = j->model;
    UnitId unit = twin_unit_near(model, route->via, twin_zone_of(model, subnet));
    const Component *component = &model->components[route->via];
    TwinEnd end = {route->via, model->units[unit].subnet};
    bool nat = component->kind->passage.mode == PASSAGE_TRANSLATES;
    if (!twin_stand(j, end.subnet) || (!nat && !twin_azure_filters(j, end, true)) ||
        !twin_not_isolated(j, route->via, end.subnet) || !twin_unit_up(j, unit, end.subnet))
        return false;
    if (nat && j->query.protocol != PROTOCOL_TCP && j->query.protocol != PROTOCOL_UDP)
        return twin_fail(j, VERDICT_DENY, "PROTOCOL_RESTRICTION", component->element, end.subnet);
    if (nat && j->reply)
        return twin_fail(j, VERDICT_DENY, "NAT_NO_SESSION", component->element, end.subnet);
    if (nat) {
        translate(j, route->via, twin_public(model, 4, end));
        return translated_out(j, subnet);
    }
    if (end.subnet == subnet && twin_owner(model, 4, j->source).component == route->via)
        return twin_fail(j, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, subnet);
    bool seen = is_seen(j, unit);
    if (j->reply && !seen)
        return twin_fail(j, VERDICT_DENY, "ASYMMETRIC_ROUTE", component->element, end.subnet);
    if (j->reply && j->seen_back_count < TWIN_INSPECTED)
        j->seen_back[j->seen_back_count++] = unit;
    if (!j->reply && !seen && j->seen_count < TWIN_INSPECTED)
        j->seen[j->seen_count++] = unit;
    if (!j->reply)
        hide(j, end);
    return twin_azure_filters(j, end, false) && routed(j, end.subnet);
}

/* Between a network and its peer that uses its gateway. */
static bool lent(Journey *j, uint32_t owner, uint32_t borrower) {
    const Model *model = j->model;
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        bool between = (join->a == owner && join->b == borrower) || (join->b == owner && join->a == borrower);
        if (join->shape == JOIN_PEERING && between)
            return twin_unit_up(j, model->components[join->component].first_unit, model->networks[owner].region);
    }
    return true;
}

static bool by_join(Journey *j, PlaceId subnet, const Join *join) {
    PlaceId region = j->model->networks[j->model->places[subnet].network].region;
    if (join->shape == JOIN_LINE) /* of a gateway that is lent: over the peering */
        return lent(j, join->a, j->model->places[subnet].network) && by_line(j, join, region);
    return twin_unit_up(j, j->model->components[join->component].first_unit, region) && deliver(j);
}

static bool routed(Journey *j, PlaceId subnet) {
    const Model *model = j->model;
    const RouteTable *table = &model->route_tables[model->places[subnet].route_table];
    const Route *route = lookup(j, table);
    TwinEnd from = twin_owner(model, 4, j->source);
    bool outside = j->reply && !twin_is_private(4, j->target) && twin_azure_network(model, j->client) == UINT32_MAX;
    j->steps++;
    if (++j->depth > TWIN_STEPS)
        return twin_fail(j, VERDICT_BLACKHOLE, "ROUTING_LOOP", 0, subnet);
    if (route == NULL)
        return twin_fail(j, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", table->element, subnet);
    bool nat =
        route->target == ROUTE_INTERFACE && model->components[route->via].kind->passage.mode == PASSAGE_TRANSLATES;
    if (route->target == ROUTE_BLACKHOLE)
        return twin_fail(j, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, subnet);
    if (route->target == ROUTE_INTERNET_GATEWAY ||
        (nat && j->reply && !twin_is_private(4, j->target) && from.component != NO_COMPONENT &&
         model->components[from.component].public_address))
        return to_internet(j, subnet);
    if (outside && j->seen_count == 0)
        return twin_fail(j, VERDICT_NO_ROUTE, "ASYMMETRIC_RETURN", route->element, subnet);
    switch (route->target) {
    case ROUTE_LOCAL: return deliver(j);
    case ROUTE_INTERFACE: return to_interface(j, subnet, route);
    case ROUTE_PRIVATE_GATEWAY: return private_gateway(j, subnet, route);
    case ROUTE_JOIN: return by_join(j, subnet, &model->joins[route->via]);
    default: return twin_fail(j, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, subnet);
    }
}

/* ---- ends ----------------------------------------------------------------------------------------------------------
 */
static bool listens(Journey *j, ComponentId id, PlaceId at) {
    const Component *component = &j->model->components[id];
    bool everywhere = component->kind->passage.attachment == ATTACH_EDGE && component->listens.count == 0;
    return j->reply || everywhere || twin_ports_hold(&component->listens, j->query.protocol, j->target_port) ||
           twin_fail(j, VERDICT_DENY, "LISTENER_MISSING", component->element, at);
}

/* `by`: the subnet whose service endpoint it came by, or NO_PLACE: over the internet. */
static bool at_service(Journey *j, ComponentId id, PlaceId by) {
    const ServiceFirewall *firewall = &j->model->azure.components[id].firewall;
    PlaceId place = j->model->components[id].place;
    bool passes = !firewall->present;
    for (uint32_t i = 0; by != NO_PLACE && i < firewall->subnet_count; i++)
        passes = passes || firewall->subnets[i] == by;
    for (uint32_t i = 0; by == NO_PLACE && i < firewall->range_count; i++)
        passes = passes || twin_in_range(&firewall->ranges[i], 4, j->source);
    if (!twin_stand(j, place) || !twin_not_isolated(j, id, place))
        return false;
    if (!passes)
        return twin_fail(j, VERDICT_DENY, "SERVICE_FIREWALL", firewall->element, place);
    return listens(j, id, place);
}

static bool door_listens(Journey *j, TwinEnd door) {
    const Model *model = j->model;
    bool some = false;
    for (uint32_t i = 0; i < model->endpoint_count; i++) {
        const Endpoint *endpoint = &model->endpoints[i];
        for (uint32_t s = 0; endpoint->component == door.component && s < endpoint->service_count; s++)
            some = some || twin_ports_hold(&model->components[endpoint->services[s]].listens, j->query.protocol,
                                           j->target_port);
    }
    return some ||
           twin_fail(j, VERDICT_DENY, "LISTENER_MISSING", model->components[door.component].element, door.subnet);
}

/* To the interface that has the target's private address, wherever it is. */
static bool deliver(Journey *j) {
    const Model *model = j->model;
    TwinEnd end = twin_owner(model, 4, j->target);
    const Component *component = &model->components[end.component];
    if (!twin_stand(j, end.subnet) || !twin_azure_filters(j, end, true) ||
        !twin_not_isolated(j, end.component, end.subnet))
        return false;
    if (component->kind->passage.mode == PASSAGE_FORWARDS && j->reply && translate_back(j)) {
        UnitId firewall = twin_unit_near(model, end.component, twin_zone_of(model, end.subnet));
        return twin_unit_up(j, firewall, end.subnet) && through_back(j, end, firewall);
    }
    if (component->kind->passage.mode != PASSAGE_STANDS_FOR)
        return listens(j, end.component, end.subnet);
    UnitId unit = twin_unit_near(model, end.component, twin_zone_of(model, end.subnet));
    if (!twin_unit_up(j, unit, end.subnet))
        return false;
    ComponentId service = j->server.component;
    if (service == end.component || j->reply)
        return j->reply || door_listens(j, end);
    PlaceId region = model->components[service].place;
    j->door = end;
    return twin_stand(j, region) && twin_not_isolated(j, service, region) && door_listens(j, end) &&
           listens(j, service, region);
}

/* ---- the internet --------------------------------------------------------------------------------------------------
 */
static bool classic_in(Journey *j, TwinEnd end) {
    const ClassicService *classic = &j->model->azure.components[end.component].classic;
    const InputEndpoint *found = NULL;
    for (uint32_t i = 0; i < classic->count; i++)
        if (classic->endpoints[i].outside == j->target_port && classic->endpoints[i].protocol == j->query.protocol)
            found = &classic->endpoints[i];
    if (found == NULL)
        return twin_fail(j, VERDICT_DENY, "NO_INPUT_ENDPOINT", classic->element, end.subnet);
    const struct EndpointRule *decides = NULL;
    bool permits = false;
    for (uint32_t i = 0; i < found->acl_count; i++) {
        permits = permits || found->acl[i].permit;
        if (twin_in_range(&found->acl[i].range, 4, j->source) &&
            (decides == NULL || found->acl[i].order < decides->order))
            decides = &found->acl[i];
    }
    if (decides != NULL ? !decides->permit : permits)
        return twin_fail(j, VERDICT_DENY, "INPUT_ENDPOINT_ACL", decides != NULL ? decides->element : found->element,
                         end.subnet);
    j->target_port = found->inside;
    return true;
}

static bool into_network(Journey *j, TwinEnd end) {
    const Model *model = j->model;
    const AzureComponent *controls = &model->azure.components[end.component];
    if (!j->reply && controls->classic.classic && !classic_in(j, end))
        return false;
    j->publicly = true;
    j->target = twin_private(model, 4, end);
    return deliver(j);
}

static bool over_internet(Journey *j) {
    const Model *model = j->model;
    if (translate_back(j)) {
        TwinEnd inner = twin_owner(model, 4, j->target);
        const Site *site = twin_site_of(model, inner.component);
        return site != NULL ? at_site(j, site) : deliver(j);
    }
    if (j->target == TWIN_ANYBODY)
        return true;
    TwinEnd owner = twin_public_owner(model, 4, j->target);
    if (twin_is_service(model, owner.component) && !j->reply)
        return at_service(j, owner.component, NO_PLACE);
    if (twin_in_subnet(model, owner))
        return into_network(j, owner);
    if (owner.component == NO_COMPONENT)
        return twin_fail(j, VERDICT_DENY, "NAT_NO_SESSION", 0, NO_PLACE);
    PlaceId place = model->components[owner.component].place;
    return twin_stand(j, place) && twin_not_isolated(j, owner.component, place) && listens(j, owner.component, place);
}

/* ---- sites ---------------------------------------------------------------------------------------------------------
 */
static bool at_site(Journey *j, const Site *site) {
    const Model *model = j->model;
    const RouteTable *table = &model->route_tables[site->table];
    const Route *route = NULL;
    uint32_t number = (uint32_t)(site - model->sites);
    for (uint32_t i = 0; i < table->route_count; i++) {
        const Route *other = &table->routes[i];
        bool known = !other->propagated || twin_line_known(j, &model->joins[other->via]);
        if (known && twin_in_range(&other->to, 4, j->target) && (route == NULL || other->to.length > route->to.length))
            route = other;
    }
    if (!twin_stand(j, site->place))
        return false;
    if (++j->depth > TWIN_STEPS)
        return twin_fail(j, VERDICT_BLACKHOLE, "ROUTING_LOOP", 0, site->place);
    if (route == NULL)
        return twin_fail(j, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", table->element, site->place);
    if (route->target == ROUTE_LOCAL) {
        TwinEnd end = twin_owner(model, 4, j->target);
        return twin_not_isolated(j, end.component, site->place) && listens(j, end.component, site->place);
    }
    if (route->target == ROUTE_JOIN)
        return twin_line_carries(j, &model->joins[route->via], site->place) &&
               lent(j, model->joins[route->via].a, twin_azure_network(model, twin_owner(model, 4, j->target))) &&
               deliver(j);
    uint32_t border = model->networks[site->network].element;
    if (twin_is_private(4, j->target))
        return twin_fail(j, VERDICT_NO_ROUTE, "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", border, site->place);
    if (j->reply)
        return twin_fail(j, VERDICT_DENY, "NAT_NO_SESSION", border, site->place);
    translate(j, UINT32_MAX - number, twin_border(number));
    return over_internet(j);
}

/* ---- a connection --------------------------------------------------------------------------------------------------
 */
static bool service_endpoint(const Journey *j, PlaceId subnet) {
    ComponentId service = j->server.component;
    const Kind *const *kinds = j->model->azure.subnets[subnet].services;
    for (; twin_is_service(j->model, service) && kinds != NULL && *kinds != NULL; kinds++)
        if (*kinds == j->model->components[service].kind && j->target == twin_public(j->model, 4, j->server))
            return true;
    return false;
}

static bool one_way(Journey *j) {
    const Model *model = j->model;
    TwinEnd from;
    if (!twin_begins(j, &from))
        return false;
    if (twin_is_site(model, from.component))
        return at_site(j, twin_site_of(model, from.component));
    if (!twin_in_subnet(model, from))
        return j->reply && j->endpoint != 0 ? deliver(j) : over_internet(j);
    if (!twin_azure_filters(j, from, false))
        return false;
    if (!j->reply && service_endpoint(j, from.subnet)) {
        j->endpoint = 1;
        return at_service(j, j->server.component, from.subnet);
    }
    return routed(j, from.subnet);
}

/* Joined, or by the gateway that a peer lends. */
static bool is_near(const Model *model, uint32_t a, uint32_t b) {
    bool near = twin_joined(model, a, b);
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        if (join->shape != JOIN_PEERING || !join->facts.lends_gateway)
            continue;
        for (int turned = 0; turned < 2; turned++) {
            uint32_t x = turned ? b : a, y = turned ? a : b;
            near = near || (join->a == x && model->networks[y].site != NO_SITE && twin_joined(model, join->b, y)) ||
                   (join->b == x && model->networks[y].site != NO_SITE && twin_joined(model, join->a, y));
        }
    }
    return near;
}

static bool door_for(const Journey *j, uint32_t here, Address *address) {
    const Model *model = j->model;
    const Endpoint *found = NULL;
    for (uint32_t i = 0; i < model->endpoint_count; i++) {
        const Endpoint *endpoint = &model->endpoints[i];
        bool leads = false, own = here == endpoint->network;
        for (uint32_t s = 0; s < endpoint->service_count; s++)
            leads = leads || endpoint->services[s] == j->server.component;
        bool named = endpoint->facts.names == NAMES_JOINED ? is_near(model, here, endpoint->network)
                                                           : endpoint->facts.names == NAMES_NETWORK && own;
        if (leads && named && (found == NULL || own))
            found = endpoint;
    }
    if (found == NULL)
        return false;
    UnitId unit = twin_unit_near(model, found->component, twin_zone_of(model, j->client.subnet));
    *address = twin_private(model, 4, (TwinEnd){found->component, model->units[unit].subnet});
    return true;
}

static bool begin(Journey *j) {
    const Model *model = j->model;
    uint32_t here = twin_azure_network(model, j->client), there = twin_azure_network(model, j->server);
    j->source = here != UINT32_MAX ? twin_private(model, 4, j->client) : twin_public(model, 4, j->client);
    if (twin_is_service(model, j->server.component) && here != UINT32_MAX && !j->query.by_public_address &&
        door_for(j, here, &j->target))
        return true;
    j->target = twin_public(model, 4, j->server);
    if (there == UINT32_MAX)
        return true;
    bool has_public =
        model->components[j->server.component].public_address ||
        (twin_in_subnet(model, j->server) && model->azure.components[j->server.component].classic.classic);
    if (here != UINT32_MAX && !j->query.by_public_address && (is_near(model, here, there) || !has_public))
        j->target = twin_private(model, 4, j->server);
    else
        j->addressless = !has_public;
    return !j->addressless || twin_fail(j, VERDICT_NO_ROUTE, twin_addressless, 0, NO_PLACE);
}

Verdict twin_azure_verdict(const Twin *twin, TwinEnd from, TwinEnd to, Query query) {
    return twin_verdict(twin, from, to, query, 4, begin, one_way);
}
