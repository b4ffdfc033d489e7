/* azure.c - the order in which Azure asks its tables.
 *
 * Out: the interface's filters, then always the subnet's routes, also for a neighbour in the same subnet. In: the
 * filters of subnet and interface. The subnet is asked within itself, too. A way to the internet is always there; who
 * overrides it also cuts the way in, because the answer would leave elsewhere. Sources: semantics B.4, B.5. */
#include "reach/azure.h"
#include "reach/gateways.h"

static bool is_target(const Component *balancer, ComponentId id) {
    for (uint32_t i = 0; i < balancer->target_count; i++)
        if (balancer->targets[i] == id)
            return true;
    return false;
}

/* ---- out -----------------------------------------------------------------------------------------------------------
 */
/* A balancer that keeps the client's address opens no connections of its own, has no interface to be filtered or routed
 * at, and passes on to its targets only. */
static Spot relay_leave(Walk *walk, uint32_t id) {
    const Party *balancer = walk_party(walk, id), *to = walk_party(walk, walk->packet.to.party);
    if ((walk->relay != id && !walk->probe) || !is_target(balancer->component, to->id))
        return walk_stop(walk, VERDICT_DENY, "NOT_A_TARGET", balancer->element, balancer->place);
    walk_hop(walk, HOP_RELAYS, 0, id);
    return spot_at(SPOT_ENTER_SUBNET, walk->packet.to.party);
}

static Spot leave_host(Walk *walk) {
    uint32_t id = walk->spot.id;
    if (walk->reply && walk_party(walk, id)->kind == PARTY_NAT)
        return spot_at(SPOT_ENTER_SUBNET, walk->packet.to.party);
    if (walk->reply) {
        walk_hop(walk, HOP_STATE, 0, id);
        return spot_at(SPOT_ROUTER, id);
    }
    if (walk_party(walk, id)->relays)
        return relay_leave(walk, id);
    if (walk_party(walk, id)->kind == PARTY_NAT) /* belongs to subnets, but stands in none */
        return spot_at(SPOT_GATEWAY_OUT, walk_party(walk, id)->network);
    walk_hop(walk, HOP_LEAVES, 0, id);
    return azure_filter(walk, id, false, spot_at(SPOT_ROUTER, id));
}

/* What an appliance passes on: its interface lets it out like any other packet. */
static Spot leave_appliance(Walk *walk) {
    Spot routes = spot_at(SPOT_ROUTER, walk->spot.id);
    return walk->reply ? routes : azure_filter(walk, walk->spot.id, false, routes);
}

/* Where an answer to a health check, or through a balancer, goes: back the way it came, if routes let it. */
static bool answers_balancer(const Walk *walk) {
    return walk->reply && (walk->probe || (walk->relay != NO_PARTY && !walk->packet.to.public_side &&
                                           walk->packet.to.party == walk->relay));
}

static Spot back_to_balancer(Walk *walk) {
    uint32_t balancer = walk->probe ? walk->client : walk->relay;
    walk_hop(walk, HOP_RELAYS_BACK, 0, balancer);
    walk_hop(walk, HOP_BACK, 0, balancer);
    return spot_at(SPOT_ARRIVED, balancer);
}

static Spot to_service_endpoint(Walk *walk) {
    walk->directly = true;
    walk_hop(walk, HOP_SERVICE_ENDPOINT, 0, walk->packet.to.party);
    return spot_at(SPOT_ENTER_HOST, walk->packet.to.party);
}

static Spot route_local(Walk *walk, const Party *party, const Route *route) {
    Host to = walk->packet.to;
    if (to.public_side || walk_party(walk, to.party)->network != party->network) /* an address that nobody here has */
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", route->element, party->place);
    return spot_at(SPOT_ENTER_SUBNET, to.party);
}

static Spot route_internet(Walk *walk, const Party *party) {
    if (walk->reply && walk->relay != NO_PARTY) /* translated where the balancer's address is */
        return back_to_balancer(walk);
    return spot_at(SPOT_GATEWAY_OUT, party->network);
}

/* The peering by which one network uses the gateway of the other; NO_JOIN: there is none. */
static uint32_t lent_between(const Model *model, uint32_t owner, uint32_t borrower) {
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        if (join->facts.lends_gateway &&
            ((join->a == owner && join->b == borrower) || (join->a == borrower && join->b == owner)))
            return i;
    }
    return NO_JOIN;
}

/* A written route to the gateway sends all that matches it to the gateway's default site where the gateway knows no
 * better; with every line dead it leads to nothing, and no other route takes over (P-24). */
static Spot route_private(Walk *walk, const Party *party, const Route *route) {
    const Reach *reach = walk->reach;
    uint32_t line = lines_choose(walk, party->network, walk_address(walk, walk->packet.to), false);
    for (uint32_t i = 0; line == NO_JOIN && i < reach->model->join_count; i++) {
        const Join *join = &reach->model->joins[i];
        if (join->shape == JOIN_LINE && join->a == party->network && !line_is_dead(walk->state, join))
            line = i;
    }
    if (line == NO_JOIN)
        return walk_stop(walk, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, party->place);
    walk_hop(walk, HOP_PRIVATE_OUT, reach->model->networks[party->network].private_element, party->network);
    return spot_at(SPOT_LINE, line);
}

/* NAT gateways are used by what begins here; answers to who came by the machine's own address, or through a balancer,
 * leave by that. */
static bool is_bypassed(const Walk *walk, const Party *party, const Route *route) {
    bool came_by_another = walk->reply && (party->public_address || walk->relay != NO_PARTY);
    return route->target == ROUTE_INTERFACE && came_by_another && walk->packet.to.public_side &&
           walk->reach->model->components[route->via].kind->passage.mode == PASSAGE_TRANSLATES;
}

static Spot follow(Walk *walk, const Party *party, const Route *route) {
    Host to = walk->packet.to;
    bool internet = route->target == ROUTE_INTERNET_GATEWAY || is_bypassed(walk, party, route);
    bool came_straight = walk->reply && to.public_side && walk_party(walk, to.party)->network == NO_NETWORK;
    if (came_straight && !internet && route->target != ROUTE_BLACKHOLE)
        return walk_stop(walk, VERDICT_NO_ROUTE, "ASYMMETRIC_RETURN", route->element, party->place);
    if (internet)
        return route_internet(walk, party);
    switch (route->target) {
    case ROUTE_LOCAL: return route_local(walk, party, route);
    case ROUTE_BLACKHOLE: return walk_stop(walk, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, party->place);
    case ROUTE_PRIVATE_GATEWAY: return route_private(walk, party, route);
    default: return gateways_route(walk, party, route);
    }
}

/* The provider has a route of its own for the address of each private endpoint, which no written one beats unless the
 * policies of its subnet are on; so has it for the endpoint's answers. */
static bool is_endpoints_own(const Walk *walk, const Party *from, Host to) {
    const Party *target = walk_party(walk, to.party);
    const Party *endpoint = from->kind == PARTY_ENDPOINT ? from : target;
    return !to.public_side && endpoint->kind == PARTY_ENDPOINT && target->network == from->network &&
           !azure_subnet(walk, endpoint)->private_endpoint_policies;
}

static Spot ask_routes(Walk *walk) {
    const Party *party = walk_party(walk, walk->spot.id);
    Host to = walk->packet.to;
    if (answers_balancer(walk))
        return back_to_balancer(walk);
    if (is_endpoints_own(walk, party, to))
        return spot_at(SPOT_ENTER_SUBNET, to.party);
    if (to.public_side && azure_calls_directly(walk, party, walk_party(walk, to.party)))
        return to_service_endpoint(walk);
    const Route *route = azure_route_find(walk->reach, walk->state, party->routes, walk_address(walk, to));
    if (route == NULL)
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", party->routes->element, party->place);
    walk_hop(walk, HOP_ROUTE, route->element, walk->spot.id);
    return follow(walk, party, route);
}

/* ---- the internet --------------------------------------------------------------------------------------------------
 */
/* Without a public address of its own a machine borrows one of the provider's, where its subnet lets it. */
static Spot gateway_out(Walk *walk) {
    const Network *network = &walk->reach->model->networks[walk->spot.id];
    uint32_t from = walk->packet.from.party;
    const Party *party = walk_party(walk, from);
    if (!walk->packet.to.public_side)
        return walk_stop(walk, VERDICT_NO_ROUTE, "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", network->element,
                         network->region);
    if (!party->public_address && !azure_subnet(walk, party)->default_outbound)
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_OUTBOUND_ACCESS", azure_subnet(walk, party)->element,
                         party->place);
    walk->packet.from.public_side = true;
    walk_hop(walk, party->public_address ? HOP_GATEWAY_OUT : HOP_DEFAULT_OUTBOUND, network->element,
             party->public_address ? walk->spot.id : from);
    return spot_at(SPOT_INTERNET, 0);
}

/* The endpoints of a classic service stand at its public address, before all groups. */
static bool endpoint_passes(Walk *walk, const Party *party) {
    const ClassicService *service = &azure_component(walk, party)->classic;
    uint16_t inside;
    const char *code;
    uint32_t element;
    if (!service->classic)
        return true;
    if (!azure_endpoint_opens(walk, service, &inside, &code, &element)) {
        walk_stop(walk, VERDICT_DENY, code, element, party->place);
        return false;
    }
    walk_hop(walk, HOP_INPUT_ENDPOINT, element, walk->packet.to.party);
    walk->port = walk->packet.first = walk->packet.last = inside;
    return true;
}

static Spot gateway_in(Walk *walk) {
    const Network *network = &walk->reach->model->networks[walk->spot.id];
    uint32_t to = walk->packet.to.party;
    const Party *party = walk_party(walk, to);
    if (!walk->reply && !party->public_address)
        return walk_stop(walk, VERDICT_NO_ROUTE, "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS", network->element,
                         network->region);
    if (!walk->reply && !endpoint_passes(walk, party))
        return spot_at(SPOT_STOPPED, 0);
    walk->packet.to.public_side = false;
    walk_hop(walk, HOP_GATEWAY_IN, network->element, walk->spot.id);
    return spot_at(SPOT_ENTER_SUBNET, to);
}

/* A gateway also lets in what is bound for networks that it is lent to. */
static Spot private_in(Walk *walk) {
    const Model *model = walk->reach->model;
    Host to = walk->packet.to;
    uint32_t own = walk->spot.id, far = walk_party(walk, to.party)->network;
    uint32_t lent = to.public_side || far == NO_NETWORK ? NO_JOIN : lent_between(model, own, far);
    if (lent == NO_JOIN)
        return gateways_private_in(walk);
    walk_hop(walk, HOP_PRIVATE_IN, model->networks[own].private_element, own);
    return spot_at(SPOT_PEERING, lent);
}

/* From a network that is lent the gateway the way to its lines leads over the peering. */
static Spot line(Walk *walk) {
    const Model *model = walk->reach->model;
    const Join *join = &model->joins[walk->spot.id];
    uint32_t here = walk->network;
    uint32_t lent = here == join->a || here == join->b ? NO_JOIN : lent_between(model, join->a, here);
    if (lent == NO_JOIN)
        return gateways_line(walk);
    const Join *peering = &model->joins[lent];
    if (gateways_is_down(walk, peering->component))
        return walk_stop(walk, VERDICT_NO_PATH, "BAD_STATE", peering->element, model->networks[here].region);
    walk_hop(walk, HOP_PEERING, peering->element, lent);
    walk_hop(walk, HOP_PRIVATE_OUT, model->networks[join->a].private_element, join->a);
    return gateways_line(walk);
}

/* ---- in ------------------------------------------------------------------------------------------------------------
 */
static Spot enter_subnet(Walk *walk) {
    uint32_t id = walk->spot.id;
    Spot host = spot_at(SPOT_ENTER_HOST, id);
    return walk->reply ? host : azure_filter(walk, id, true, host);
}

static Spot enter_host(Walk *walk) {
    if (gateways_passes(walk_party(walk, walk->spot.id)))
        return gateways_enter(walk);
    if (walk->reply)
        walk_hop(walk, HOP_STATE, 0, walk->spot.id);
    return walk_deliver(walk);
}

const ProviderRules azure_rules = {
    .name = "azure",
    .names_stop = azure_names_stop,
    .answers_follow_routes = true,
    .filters_within = true,
    .lets = azure_lets,
    .step = {[SPOT_LEAVE_HOST] = leave_host,
             [SPOT_LEAVE_SUBNET] = leave_appliance,
             [SPOT_ROUTER] = ask_routes,
             [SPOT_GATEWAY_OUT] = gateway_out,
             [SPOT_GATEWAY_IN] = gateway_in,
             [SPOT_LINE] = line,
             [SPOT_PRIVATE_IN] = private_in,
             [SPOT_ENTER_SUBNET] = enter_subnet,
             [SPOT_ENTER_HOST] = enter_host},
};
