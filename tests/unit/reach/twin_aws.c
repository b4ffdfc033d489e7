/* twin_aws.c - one packet at a time through a network of AWS, as an engineer with a notebook would follow it. */
#include <glib.h>

#include "contract/kind.h"
#include "tests/unit/reach/twin_aws.h"

/* ---- filters -------------------------------------------------------------------------------------------------------
 */
static bool carries_group(const Journey *j, uint32_t group, Address address, uint32_t network) {
    const Model *model = j->model;
    TwinEnd owner = twin_owner(model, j->family, address);
    if (owner.component == NO_COMPONENT || !twin_in_subnet(model, owner))
        return false;
    uint32_t other = model->places[owner.subnet].network;
    bool near = other == network;
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        bool between = (join->a == network && join->b == other) || (join->b == network && join->a == other);
        near = near || (join->shape == JOIN_PEERING && between &&
                        model->networks[network].region == model->networks[other].region);
    }
    bool carries = false;
    for (uint32_t g = 0; g < model->components[owner.component].group_count; g++)
        carries = carries || model->components[owner.component].groups[g] == group;
    return near && carries;
}

static bool rule_allows(const Journey *j, const Rule *rule, Address other, uint32_t network, bool inbound) {
    if (!twin_ports_hold(&rule->ports, j->query.protocol, j->target_port))
        return false;
    if (rule->peer.kind == PEER_CIDR)
        return twin_in_range(&rule->peer.cidr, j->family, other);
    for (uint32_t g = 0; rule->peer.kind == PEER_GROUP && g < rule->peer.group_count; g++)
        if (!(inbound && j->unrecognised) && carries_group(j, rule->peer.groups[g], other, network))
            return true;
    return rule->peer.kind != PEER_GROUP;
}

static bool groups_pass(Journey *j, const void *at, bool inbound) {
    TwinEnd end = *(const TwinEnd *)at;
    const Model *model = j->model;
    const Component *component = &model->components[end.component];
    uint32_t network = model->places[end.subnet].network;
    j->steps++;
    if (j->reply || component->group_count == 0)
        return true;
    for (uint32_t g = 0; g < component->group_count; g++) {
        const SecurityGroup *group = &model->groups[component->groups[g]];
        const Rule *rules = inbound ? group->inbound : group->outbound;
        for (uint32_t r = 0; r < (inbound ? group->inbound_count : group->outbound_count); r++)
            if (rule_allows(j, &rules[r], inbound ? j->source : j->target, network, inbound))
                return true;
    }
    return twin_fail(j, VERDICT_DENY, "ENI_SG_RULES_MISMATCH", model->groups[component->groups[0]].element, end.subnet);
}

bool aws_groups(Journey *j, TwinEnd end, bool inbound) { return twin_every_packet(j, groups_pass, &end, inbound); }

static bool acl_passes(Journey *j, const void *at, bool inbound) {
    PlaceId subnet = *(const PlaceId *)at;
    const Place *place = &j->model->places[subnet];
    j->steps++;
    if (place->acl == 0)
        return true;
    const Acl *list = &j->model->acls[place->acl - 1];
    const AclRule *rules = inbound ? list->inbound : list->outbound, *first = NULL;
    for (uint32_t r = 0; r < (inbound ? list->inbound_count : list->outbound_count); r++) {
        const AclRule *rule = &rules[r];
        bool fits = twin_ports_hold(&rule->ports, j->query.protocol, j->target_port) &&
                    (rule->cidr.family == 0 || twin_in_range(&rule->cidr, j->family, inbound ? j->source : j->target));
        if (fits && (first == NULL || rule->number < first->number))
            first = rule;
    }
    return (first != NULL && first->allow) ||
           twin_fail(j, VERDICT_DENY, "SUBNET_ACL_RESTRICTION", first != NULL ? first->element : list->element, subnet);
}

bool aws_acl(Journey *j, PlaceId subnet, bool inbound) { return twin_every_packet(j, acl_passes, &subnet, inbound); }

/* ---- routes --------------------------------------------------------------------------------------------------------
 */
static bool leads_to_service(const Journey *j, const Route *route) {
    const Endpoint *endpoint = &j->model->endpoints[route->via];
    TwinEnd owner = twin_public_owner(j->model, j->family, j->target);
    for (uint32_t s = 0; s < endpoint->service_count; s++)
        if (owner.component == endpoint->services[s])
            return true;
    return false;
}

/* 0 is best: written ranges, prefix lists, then what was learnt, by the kind of line. */
static int preference(const Journey *j, const Route *route) {
    if (!route->propagated)
        return route->from_list ? 1 : 0;
    return 2 + (int)j->model->joins[route->via].facts.rank;
}

const Route *aws_lookup(const Journey *j, const RouteTable *table) {
    const Route *best = NULL;
    bool local = false;
    for (uint32_t i = 0; i < table->route_count; i++)
        local = local ||
                (table->routes[i].target == ROUTE_LOCAL && twin_in_range(&table->routes[i].to, j->family, j->target));
    for (uint32_t i = 0; i < table->route_count; i++) {
        const Route *route = &table->routes[i];
        if (route->target == ROUTE_ENDPOINT && leads_to_service(j, route))
            return route;
        if (route->to.family == 0 || !twin_in_range(&route->to, j->family, j->target))
            continue;
        if (route->propagated && (local || !twin_line_known(j, &j->model->joins[route->via])))
            continue;
        if (best == NULL || route->to.length > best->to.length ||
            (route->to.length == best->to.length && preference(j, route) < preference(j, best)))
            best = route;
    }
    return best;
}

static bool internet_gateway_out(Journey *j, PlaceId subnet) {
    const Model *model = j->model;
    const Network *network = &model->networks[model->places[subnet].network];
    if (!twin_stand(j, network->region))
        return false;
    if (j->family == 6)
        return aws_over_internet(j);
    if (twin_is_private(4, j->target))
        return twin_fail(j, VERDICT_NO_ROUTE, "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", network->element,
                         network->region);
    TwinEnd owner = twin_owner(model, 4, j->source);
    bool own = owner.component != NO_COMPONENT && twin_in_subnet(model, owner) &&
               model->places[owner.subnet].network == model->places[subnet].network;
    bool translator = own && model->components[owner.component].kind->passage.mode == PASSAGE_TRANSLATES;
    if (!own || !(translator || model->components[owner.component].public_address))
        return twin_fail(j, VERDICT_NO_ROUTE, "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", network->element,
                         network->region);
    j->source = twin_public(model, 4, owner);
    return aws_over_internet(j);
}

static bool egress_only_out(Journey *j, PlaceId subnet) {
    uint32_t network = j->model->places[subnet].network;
    const Network *at = &j->model->networks[network];
    if (!twin_stand(j, at->region))
        return false;
    if (j->reply && j->egress_network != network + 1)
        return twin_fail(j, VERDICT_DENY, "EIGW_NO_SESSION", at->element, at->region);
    j->egress_network = network + 1;
    return aws_over_internet(j);
}

bool aws_routed(Journey *j, PlaceId subnet) {
    const RouteTable *table = &j->model->route_tables[j->model->places[subnet].route_table];
    const Route *route = aws_lookup(j, table);
    j->from_zone = twin_zone_of(j->model, subnet);
    j->steps++;
    if (++j->depth > TWIN_STEPS)
        return twin_fail(j, VERDICT_BLACKHOLE, "ROUTING_LOOP", 0, subnet);
    if (route == NULL)
        return twin_fail(j, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", table->element, subnet);
    switch (route->target) {
    case ROUTE_LOCAL: return aws_into_subnet(j, j->model->places[subnet].network);
    case ROUTE_INTERNET_GATEWAY: return internet_gateway_out(j, subnet);
    case ROUTE_EGRESS_ONLY: return egress_only_out(j, subnet);
    case ROUTE_INTERFACE: return aws_interface(j, subnet, route);
    case ROUTE_ENDPOINT: return aws_gateway_endpoint(j, subnet, route->via);
    case ROUTE_PRIVATE_GATEWAY: return aws_private_gateway(j, subnet);
    case ROUTE_JOIN:
        return j->model->joins[route->via].shape == JOIN_HUB ? aws_hub_from_subnet(j, subnet, route->via)
                                                             : aws_peering(j, subnet, &j->model->joins[route->via]);
    case ROUTE_BLACKHOLE: break;
    }
    return twin_fail(j, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, subnet);
}

/* ---- coming and going ----------------------------------------------------------------------------------------------
 */
bool aws_listens(Journey *j, ComponentId id, PlaceId at) {
    const Component *component = &j->model->components[id];
    bool everywhere = component->kind->passage.attachment == ATTACH_EDGE && component->listens.count == 0;
    return j->reply || everywhere || twin_ports_hold(&component->listens, j->query.protocol, j->query.port) ||
           twin_fail(j, VERDICT_DENY, "LISTENER_MISSING", component->element, at);
}

/* Behind the door of an interface endpoint stands the service, on whose ports it listens. */
static bool through_door(Journey *j, TwinEnd door) {
    const Model *model = j->model;
    const Component *component = &model->components[door.component];
    ComponentId service = j->server.component;
    PlaceId region = model->components[service].place;
    bool listens = j->reply, further = !j->reply && service != door.component;
    if (further && (!twin_stand(j, region) || !twin_not_isolated(j, service, region)))
        return false;
    for (uint32_t i = 0; i < model->endpoint_count; i++) {
        const Endpoint *endpoint = &model->endpoints[i];
        for (uint32_t s = 0; endpoint->component == door.component && s < endpoint->service_count; s++)
            listens = listens || twin_ports_hold(&model->components[endpoint->services[s]].listens, j->query.protocol,
                                                 j->query.port);
    }
    if (!listens)
        return twin_fail(j, VERDICT_DENY, "LISTENER_MISSING", component->element, door.subnet);
    if (further)
        j->door = door;
    return !further || aws_listens(j, service, region);
}

/* An interface has the target's address. */
static bool to_interface(Journey *j, PlaceId subnet) {
    const Model *model = j->model;
    TwinEnd end = twin_owner(model, j->family, j->target);
    if (end.component == NO_COMPONENT || end.subnet != subnet)
        return twin_fail(j, VERDICT_NO_ROUTE, "NOBODY", 0, subnet);
    const Kind *kind = model->components[end.component].kind;
    UnitId unit = twin_unit_near(model, end.component, twin_zone_of(model, subnet));
    if (kind->passage.mode == PASSAGE_TRANSLATES)
        return aws_nat(j, unit, false);
    if (!twin_not_isolated(j, end.component, subnet) || !aws_groups(j, end, true))
        return false;
    if (kind->passage.mode == PASSAGE_STANDS_FOR && !twin_unit_up(j, unit, subnet))
        return false;
    return kind->passage.mode == PASSAGE_STANDS_FOR ? through_door(j, end) : aws_listens(j, end.component, subnet);
}

bool aws_from_subnet(Journey *j, PlaceId subnet) {
    const Place *place = &j->model->places[subnet];
    if (twin_in_range(j->family == 6 ? &place->cidr6 : &place->cidr, j->family, j->target))
        return to_interface(j, subnet);
    return aws_acl(j, subnet, false) && aws_routed(j, subnet);
}

bool aws_into_subnet(Journey *j, uint32_t network) {
    PlaceId subnet = twin_subnet_of(j->model, network, j->family, j->target);
    if (subnet == NO_PLACE)
        return twin_fail(j, VERDICT_NO_ROUTE, "NOBODY", 0, NO_PLACE);
    return twin_stand(j, subnet) && aws_acl(j, subnet, true) && to_interface(j, subnet);
}

bool aws_through_gateway(Journey *j, uint32_t network) {
    const Network *at = &j->model->networks[network];
    PlaceId subnet = twin_subnet_of(j->model, network, j->family, j->target);
    if (at->ingress_table == NO_TABLE)
        return aws_into_subnet(j, network);
    const Route *route = aws_lookup(j, &j->model->route_tables[at->ingress_table]);
    j->from_zone = twin_zone_of(j->model, subnet);
    if (route == NULL || route->target == ROUTE_LOCAL)
        return aws_into_subnet(j, network);
    return aws_interface(j, NO_PLACE, route);
}

/* ---- the internet --------------------------------------------------------------------------------------------------
 */
static bool at_outside(Journey *j, ComponentId id) {
    PlaceId place = id == NO_COMPONENT ? NO_PLACE : j->model->components[id].place;
    return twin_stand(j, place) && twin_not_isolated(j, id, place) && (id == NO_COMPONENT || aws_listens(j, id, place));
}

static bool into_network(Journey *j, TwinEnd owner) {
    const Model *model = j->model;
    uint32_t id = model->places[owner.subnet].network;
    const Network *network = &model->networks[id];
    const Component *component = &model->components[owner.component];
    bool answers = j->family == 6 && j->reply && j->egress_network == id + 1;
    if (!twin_stand(j, network->region))
        return false;
    if (!answers && !network->internet_gateway) {
        if (j->family == 6 && network->egress_only)
            return twin_fail(j, VERDICT_DENY, "EIGW_NO_SESSION", network->element, network->region);
        return twin_fail(j, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", network->element, network->region);
    }
    if (j->family == 4 && !component->public_address && component->kind->passage.mode != PASSAGE_TRANSLATES)
        return twin_fail(j, VERDICT_NO_ROUTE, "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS", network->element,
                         network->region);
    if (j->family == 4)
        j->target = twin_private(model, 4, owner);
    j->unrecognised = true;
    return answers ? aws_into_subnet(j, id) : aws_through_gateway(j, id);
}

bool aws_over_internet(Journey *j) {
    const Model *model = j->model;
    for (uint32_t s = 0; s < model->site_count && j->family == 4; s++)
        if (j->target == twin_border(s))
            return aws_border_in(j, &model->sites[s], true);
    if (j->family == 4 && j->target == TWIN_ANYBODY)
        return at_outside(j, NO_COMPONENT);
    TwinEnd owner = twin_public_owner(model, j->family, j->target);
    if (owner.component != NO_COMPONENT && twin_in_subnet(model, owner))
        return into_network(j, owner);
    if (twin_is_site(model, owner.component))
        return aws_border_in(j, twin_site_of(model, owner.component), true);
    return at_outside(j, owner.component);
}

/* ---- a connection --------------------------------------------------------------------------------------------------
 */
static bool one_way(Journey *j) {
    const Model *model = j->model;
    TwinEnd from;
    if (!twin_begins(j, &from))
        return false;
    if (twin_is_site(model, from.component))
        return aws_site_routed(j, twin_site_of(model, from.component));
    if (twin_is_service(model, from.component) && j->reply && j->endpoint != 0)
        return aws_into_subnet(j, model->endpoints[j->endpoint - 1].network);
    if (!twin_in_subnet(model, from))
        return aws_over_internet(j);
    return aws_groups(j, from, false) && aws_from_subnet(j, from.subnet);
}

static uint32_t network_of(const Model *model, TwinEnd end) {
    const Site *site = twin_site_of(model, end.component);
    if (site != NULL)
        return site->network;
    return twin_in_subnet(model, end) ? model->places[end.subnet].network : UINT32_MAX;
}

/* The interface endpoint whose address the client is given for the service: of its own network before any other's. */
static bool door_for(const Journey *j, Address *address) {
    const Model *model = j->model;
    uint32_t here = network_of(model, j->client);
    const Endpoint *found = NULL;
    for (uint32_t i = 0; i < model->endpoint_count && here != UINT32_MAX; i++) {
        const Endpoint *endpoint = &model->endpoints[i];
        bool leads = false, own = here == endpoint->network;
        for (uint32_t s = 0; s < endpoint->service_count; s++)
            leads = leads || endpoint->services[s] == j->server.component;
        bool named = endpoint->facts.names == NAMES_JOINED ? twin_joined(model, here, endpoint->network)
                                                           : endpoint->facts.names == NAMES_NETWORK && own;
        if (!endpoint->by_route && leads && named && (found == NULL || own))
            found = endpoint;
    }
    if (found == NULL)
        return false;
    UnitId unit = twin_unit_near(model, found->component, twin_zone_of(model, j->client.subnet));
    *address = twin_private(model, 4, (TwinEnd){found->component, model->units[unit].subnet});
    return true;
}

static Address server_address(Journey *j) {
    const Model *model = j->model;
    uint32_t here = network_of(model, j->client), there = network_of(model, j->server);
    const Component *server = j->server.component != NO_COMPONENT ? &model->components[j->server.component] : NULL;
    bool has_public = server != NULL && (server->public_address || server->kind->passage.mode == PASSAGE_TRANSLATES);
    Address address;
    if (j->family == 6)
        return twin_public(model, 6, j->server);
    if (twin_is_service(model, j->server.component) && !j->query.by_public_address && door_for(j, &address))
        return address;
    if (there == UINT32_MAX)
        return twin_public(model, 4, j->server);
    if (here != UINT32_MAX && !j->query.by_public_address && (twin_joined(model, here, there) || !has_public))
        return twin_private(model, 4, j->server);
    j->addressless = !has_public;
    return twin_public(model, 4, j->server);
}

static bool begin(Journey *j) {
    j->source = network_of(j->model, j->client) != UINT32_MAX && j->family == 4
                    ? twin_private(j->model, 4, j->client)
                    : twin_public(j->model, j->family, j->client);
    j->target = server_address(j);
    return true;
}

static bool has_family6(const Model *model, TwinEnd end) {
    if (twin_is_site(model, end.component))
        return false;
    return !twin_in_subnet(model, end) || model->places[end.subnet].cidr6.family == 6;
}

static Verdict lacking6(const Model *model, TwinEnd from, TwinEnd lacks) {
    const Component *component = &model->components[lacks.component];
    bool begins =
        from.component == NO_COMPONENT || model->components[from.component].kind->passage.mode != PASSAGE_STANDS_FOR;
    if (begins)
        return (Verdict){.kind = VERDICT_NO_ROUTE,
                         .code = "IPV6_ADDRESS_MISSING",
                         .element = component->element,
                         .at = lacks.subnet};
    return (Verdict){.kind = VERDICT_DENY,
                     .code = "VPCE_INTRA_VPC_TRAFFIC",
                     .element = model->components[from.component].element,
                     .at = from.subnet};
}

Verdict twin_aws_verdict(const Twin *twin, TwinEnd from, TwinEnd to, Query query) {
    bool both = has_family6(twin->model, from) && has_family6(twin->model, to);
    TwinEnd lacks = has_family6(twin->model, from) ? to : from;
    if (query.family == 6 && !both)
        return lacking6(twin->model, from, lacks);
    Verdict four = {.kind = VERDICT_NO_ROUTE, .code = ""};
    if (query.family != 6)
        four = twin_verdict(twin, from, to, query, 4, begin, one_way);
    if (query.family == 4 || four.kind == VERDICT_REACH || !both)
        return four;
    Verdict six = twin_verdict(twin, from, to, query, 6, begin, one_way);
    return query.family == 6 || six.kind == VERDICT_REACH ? six : four;
}
