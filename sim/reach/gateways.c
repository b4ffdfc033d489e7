/* gateways.c - peerings, private gateways and their lines, gateway endpoints; and where routes to them lead. */
#include "reach/gateways.h"

static const Network *network_of(const Walk *walk, uint32_t network) { return &walk->reach->model->networks[network]; }

/* What joins networks has one unit. */
bool gateways_is_down(const Walk *walk, ComponentId component) {
    return netstate_unit_is_down(walk->state, walk->reach->model->components[component].first_unit);
}

/* Which networks of its own the address of the packet's target is in. */
static bool is_bound_for(const Walk *walk, uint32_t network) {
    Host to = walk->packet.to;
    return (!to.public_side || walk->packet.family == 6) && walk_party(walk, to.party)->network == network;
}

/* ---- routes --------------------------------------------------------------------------------------------------------
 */
static Spot route_into_nothing(Walk *walk, const Party *party, const Route *route) {
    return walk_stop(walk, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, party->place);
}

/* An interface serves its own network, and nothing sends to itself. */
static Spot route_interface(Walk *walk, const Party *party, const Route *route) {
    uint32_t id = interface_in(walk->reach, route->via, party->place);
    const Party *gateway = walk_party(walk, id);
    if (gateway->network != party->network || gateway->id == party->id)
        return route_into_nothing(walk, party, route);
    bool near = gateway->place == party->place && !walk->reach->rules[party->network]->filters_within;
    return spot_at(near ? SPOT_ENTER_HOST : SPOT_ENTER_SUBNET, id);
}

static Spot route_join(Walk *walk, const Party *party, const Route *route) {
    switch (walk->reach->model->joins[route->via].shape) {
    case JOIN_PEERING: return spot_at(SPOT_PEERING, route->via);
    case JOIN_LINE: return spot_at(SPOT_LINE, route->via);
    case JOIN_HUB: return hubs_from_network(walk, route->via, party);
    case JOIN_OVERLAY:
    case JOIN_NONE: break;
    }
    return route_into_nothing(walk, party, route);
}

Spot gateways_route(Walk *walk, const Party *party, const Route *route) {
    switch (route->target) {
    case ROUTE_INTERFACE: return route_interface(walk, party, route);
    case ROUTE_ENDPOINT: return spot_at(SPOT_ENDPOINT, route->via);
    case ROUTE_PRIVATE_GATEWAY: return spot_at(SPOT_PRIVATE_OUT, party->network);
    case ROUTE_JOIN: return route_join(walk, party, route);
    default: return route_into_nothing(walk, party, route);
    }
}

/* ---- coming in -----------------------------------------------------------------------------------------------------
 */
Spot gateways_arrive(Walk *walk, uint32_t network) {
    const Network *at = network_of(walk, network);
    walk->foreign = true;
    if (at->ingress_table == NO_TABLE)
        return spot_at(SPOT_ENTER_SUBNET, walk->packet.to.party);
    const Party *target = walk_party(walk, walk->packet.to.party);
    const RouteTable *table = netstate_table(walk->state, &walk->reach->model->route_tables[at->ingress_table]);
    const Route *route = route_find(walk->reach, walk->state, table, walk_address(walk, walk->packet.to), NULL);
    if (route == NULL || route->target != ROUTE_INTERFACE)
        return spot_at(SPOT_ENTER_SUBNET, walk->packet.to.party);
    walk_hop(walk, HOP_ROUTE, route->element, walk->packet.to.party);
    return spot_at(SPOT_ENTER_SUBNET, interface_in(walk->reach, route->via, target->place));
}

/* ---- peerings ------------------------------------------------------------------------------------------------------
 */
/* Only between its own two networks: what is behind the far one (its gateways, its other peers) cannot be had through
 * it. */
Spot gateways_peering(Walk *walk) {
    const Join *peering = &walk->reach->model->joins[walk->spot.id];
    const Network *here = network_of(walk, walk->network);
    uint32_t far = walk->network == peering->a ? peering->b : peering->a;
    if (walk->network != peering->a && walk->network != peering->b)
        return walk_stop(walk, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", peering->element, here->region);
    if (gateways_is_down(walk, peering->component))
        return walk_stop(walk, VERDICT_NO_PATH, "BAD_STATE", peering->element, here->region);
    if (!is_bound_for(walk, far))
        return walk_stop(walk, VERDICT_NO_ROUTE, "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", peering->element, here->region);
    walk_hop(walk, HOP_PEERING, peering->element, walk->spot.id);
    return spot_at(SPOT_ENTER_SUBNET, walk->packet.to.party);
}

/* ---- private gateways and lines ------------------------------------------------------------------------------------
 */
/* Sends on only what it knows a line for, whatever the subnet's table believed. */
Spot gateways_private_out(Walk *walk) {
    const Network *network = network_of(walk, walk->spot.id);
    const Prefix *address = walk_address(walk, walk->packet.to);
    uint32_t line = lines_choose(walk, walk->spot.id, address, false);
    uint32_t dead = line == NO_JOIN ? lines_choose(walk, walk->spot.id, address, true) : NO_JOIN;
    if (dead != NO_JOIN) /* the subnet's route is written, and stays */
        return walk_stop(walk, VERDICT_BLACKHOLE, "BAD_STATE_VPN", walk->reach->model->joins[dead].element,
                         network->region);
    if (line == NO_JOIN)
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", network->private_element, network->region);
    walk_hop(walk, HOP_PRIVATE_OUT, network->private_element, walk->spot.id);
    return spot_at(SPOT_LINE, line);
}

/* From end a to the site, or from the site to end a. */
Spot gateways_line(Walk *walk) {
    const Join *line = &walk->reach->model->joins[walk->spot.id];
    PlaceId at = walk->network != NO_NETWORK ? network_of(walk, walk->network)->region : NO_PLACE;
    if (line_is_dead(walk->state, line))
        return walk_stop(walk, VERDICT_BLACKHOLE, "BAD_STATE_VPN", line->element, at);
    walk_hop(walk, HOP_LINE, line->element, walk->spot.id);
    if (walk->network != line->b)
        return spot_at(SPOT_PRIVATE_IN, line->b);
    return line->a != NO_JOIN ? spot_at(SPOT_PRIVATE_IN, line->a) : hubs_from_join(walk, line->hub_a, walk->spot.id);
}

/* Lets in what is bound for its own network, and nothing through it to the internet, to endpoints or to peers. */
Spot gateways_private_in(Walk *walk) {
    const Network *network = network_of(walk, walk->spot.id);
    if (!is_bound_for(walk, walk->spot.id))
        return walk_stop(walk, VERDICT_NO_ROUTE, "VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", network->private_element,
                         network->region);
    walk_hop(walk, HOP_PRIVATE_IN, network->private_element, walk->spot.id);
    return gateways_arrive(walk, walk->spot.id);
}

/* ---- gateway endpoints ---------------------------------------------------------------------------------------------
 */
static Spot endpoint_back(Walk *walk, const Endpoint *endpoint, uint32_t element) {
    walk_hop(walk, HOP_ENDPOINT_BACK, element, endpoint->component);
    return spot_at(SPOT_ENTER_SUBNET, walk->packet.to.party);
}

/* For interfaces of its own network only, and TCP or ICMP only (VPCE_GATEWAY_ codes of Reachability Analyzer). */
Spot gateways_endpoint(Walk *walk) {
    const Endpoint *endpoint = &walk->reach->model->endpoints[walk->spot.id];
    uint32_t element = walk->reach->model->components[endpoint->component].element;
    PlaceId at = network_of(walk, endpoint->network)->region;
    if (gateways_is_down(walk, endpoint->component))
        return walk_stop(walk, VERDICT_NO_PATH, "BAD_STATE", element, at);
    if (walk->reply && walk->network == NO_NETWORK)
        return endpoint_back(walk, endpoint, element);
    if (walk->reply) /* an answer to what came over the internet */
        return walk_stop(walk, VERDICT_DENY, "ASYMMETRIC_ROUTE", element, at);
    if (walk_party(walk, walk->packet.from.party)->network != endpoint->network)
        return walk_stop(walk, VERDICT_NO_ROUTE, "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION", element, at);
    if (walk->packet.protocol != PROTOCOL_TCP && walk->packet.protocol != PROTOCOL_ICMP)
        return walk_stop(walk, VERDICT_DENY, "VPCE_GATEWAY_PROTOCOL_RESTRICTION", element, at);
    walk->endpoint = walk->spot.id;
    walk_hop(walk, HOP_ENDPOINT, element, endpoint->component);
    return spot_at(SPOT_ENTER_HOST, walk->packet.to.party);
}
