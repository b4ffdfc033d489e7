/* on_premises.c - how packets pass a site: one flat network, a router, and a firewall at its border that remembers.
 *
 * Everything that comes or goes, by a line or over the internet, crosses the border. Whoever leaves for the internet
 * without a public address of its own is hidden behind the site's, also a cloud network that sends everything there.
 * Left out on purpose: filters within the site. */
#include "reach/gateways.h"

static const Site *site_of(const Walk *walk, uint32_t network) {
    const Model *model = walk->reach->model;
    return &model->sites[model->networks[network].site];
}

/* ---- the border ----------------------------------------------------------------------------------------------------
 */
static bool peer_matches(const Walk *walk, const Peer *peer, Host other) {
    switch (peer->kind) {
    case PEER_CIDR: return prefix_contains(&peer->cidr, walk_address(walk, other));
    case PEER_INTERNET: return other.public_side;
    default: return true;
    }
}

/* Answers pass. False: it has stopped. */
static bool border_lets(Walk *walk, uint32_t network, bool inbound) {
    const Site *site = site_of(walk, network);
    const Rule *rules = inbound ? site->inbound : site->outbound;
    uint32_t count = inbound ? site->inbound_count : site->outbound_count, element = site->element;
    walk->border = true;
    bool lets = walk->reply || walk->unfiltered || !(inbound ? site->filters_inbound : site->filters_outbound);
    for (uint32_t i = 0; i < count && !lets; i++) {
        lets = ports_contain(&rules[i].ports, (Protocol)walk->packet.protocol, walk->port) &&
               peer_matches(walk, &rules[i].peer, inbound ? walk->packet.from : walk->packet.to);
        element = lets ? rules[i].element : element;
    }
    if (lets)
        walk_hop(walk, HOP_BORDER, element == site->element ? 0 : element, network);
    else
        walk->spot = walk_stop(walk, VERDICT_DENY, "FIREWALL_RULES_RESTRICTION", element, site->place);
    return lets;
}

/* ---- routes --------------------------------------------------------------------------------------------------------
 */
static Spot route(Walk *walk, const Party *party, uint32_t subject) {
    const RouteTable *table = netstate_table(walk->state, party->routes);
    const Route *route = route_find(walk->reach, walk->state, table, walk_address(walk, walk->packet.to), NULL);
    uint32_t network = party->network;
    if (route == NULL)
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", party->routes->element, party->place);
    walk_hop(walk, HOP_ROUTE, route->element, subject);
    if (route->target == ROUTE_LOCAL) /* an address that nobody here has */
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", route->element, party->place);
    if (route->target != ROUTE_INTERNET_GATEWAY && route->target != ROUTE_JOIN)
        return walk_stop(walk, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, party->place);
    if (!border_lets(walk, network, false))
        return walk->spot;
    return route->target == ROUTE_JOIN ? spot_at(SPOT_LINE, route->via) : spot_at(SPOT_GATEWAY_OUT, network);
}

static bool is_here(const Walk *walk, uint32_t network) {
    Host to = walk->packet.to;
    return !to.public_side && walk_party(walk, to.party)->network == network;
}

/* Inside: to its target, or on by the site's own routes. */
static Spot go_on(Walk *walk, uint32_t network) {
    if (is_here(walk, network))
        return spot_at(SPOT_ENTER_HOST, walk->packet.to.party);
    uint32_t border = party_of_site(walk->reach, walk->reach->model->networks[network].site);
    return route(walk, walk_party(walk, border), border);
}

static Spot leave_host(Walk *walk) {
    if (!walk->reply)
        walk_hop(walk, HOP_LEAVES, 0, walk->spot.id);
    return go_on(walk, walk->network);
}

/* ---- lines and the internet ----------------------------------------------------------------------------------------
 */
static Spot private_in(Walk *walk) {
    uint32_t network = walk->spot.id;
    return border_lets(walk, network, true) ? go_on(walk, network) : walk->spot;
}

static Spot gateway_out(Walk *walk) {
    const Network *network = &walk->reach->model->networks[walk->spot.id];
    const Party *from = walk_party(walk, walk->packet.from.party);
    uint32_t border = party_of_site(walk->reach, network->site);
    if (!walk->packet.to.public_side)
        return walk_stop(walk, VERDICT_NO_ROUTE, "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", network->element,
                         network->region);
    if (from->network == walk->spot.id && from->public_address) {
        walk->packet.from.public_side = true;
        walk_hop(walk, HOP_GATEWAY_OUT, network->element, walk->spot.id);
        return spot_at(SPOT_INTERNET, 0);
    }
    if (walk->reply || !nat_push(walk, border, true)) /* an answer to what came another way */
        return walk_stop(walk, VERDICT_DENY, "NAT_NO_SESSION", network->element, network->region);
    walk_hop(walk, HOP_TRANSLATE, network->element, border);
    return spot_at(SPOT_INTERNET, 0);
}

static Spot gateway_in(Walk *walk) {
    const Network *network = &walk->reach->model->networks[walk->spot.id];
    uint32_t to = walk->packet.to.party, border = party_of_site(walk->reach, network->site);
    if (!network->internet_gateway)
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", network->element, network->region);
    if (to == border) {
        if (!nat_pop(walk, border)) /* nothing is left to pop before the answer */
            return walk_stop(walk, VERDICT_DENY, "NAT_NO_SESSION", network->element, network->region);
        walk_hop(walk, HOP_RESTORE, network->element, border);
        return go_on(walk, walk->spot.id);
    }
    if (!walk_party(walk, to)->public_address)
        return walk_stop(walk, VERDICT_NO_ROUTE, "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS", network->element,
                         network->region);
    if (!border_lets(walk, walk->spot.id, true))
        return walk->spot;
    walk->packet.to.public_side = false;
    walk_hop(walk, HOP_GATEWAY_IN, network->element, walk->spot.id);
    return spot_at(SPOT_ENTER_HOST, to);
}

const ProviderRules on_premises_rules = {
    .name = "on premises",
    .by_pairs = true,
    .route = route,
    .step = {[SPOT_LEAVE_HOST] = leave_host,
             [SPOT_PRIVATE_IN] = private_in,
             [SPOT_GATEWAY_OUT] = gateway_out,
             [SPOT_GATEWAY_IN] = gateway_in},
};
