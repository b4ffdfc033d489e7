/* aws.c - the order in which AWS asks its tables.
 *
 * Out: security groups, then (unless the target is in the same subnet) the subnet's ACL, its route table, a gateway.
 * In: the subnet's ACL, then security groups. Security groups remember connections, so replies pass them unasked; ACLs
 * and routes are asked again. Sources: semantics B.0-B.3; reason codes are those of VPC Reachability Analyzer where it
 * has one. Not here: IPv6, transit and virtual private gateways, endpoints. */
#include "reach/walk.h"

/* ---- security groups -----------------------------------------------------------------------------------------------
 */
static bool is_member(const Party *party, const Peer *peer) {
    if (party->component == NULL)
        return false;
    for (uint32_t i = 0; i < peer->group_count; i++)
        for (uint32_t k = 0; k < party->component->group_count; k++)
            if (peer->groups[i] == party->component->groups[k])
                return true;
    return false;
}

/* A referenced group means the private addresses of its members in the same network, or in a peered one of the same
 * region. */
static bool reference_holds(const Walk *walk, const Party *owner, Host other) {
    const Network *networks = walk->reach->model->networks;
    const Party *party = walk_party(walk, other.party);
    if (other.public_side || party->network == NO_NETWORK)
        return false;
    return party->network == owner->network || networks[party->network].region == networks[owner->network].region;
}

static bool peer_matches(const Walk *walk, const Party *owner, const Peer *peer, Host other) {
    switch (peer->kind) {
    case PEER_CIDR: return prefix_contains(&peer->cidr, walk_address(walk, other));
    case PEER_GROUP: return reference_holds(walk, owner, other) && is_member(walk_party(walk, other.party), peer);
    case PEER_INTERNET: /* written as 0.0.0.0/0 and ::/0 in AWS, which private addresses match too */
    case PEER_ANY: break;
    }
    return true;
}

/* All rules of all groups of an interface are one list without an order: the first that allows is as good as any. An
 * interface without any group is not filtered (NAT gateways; network load balancers may be made so). */
static bool groups_allow(const Walk *walk, const Party *party, bool inbound, Host other, uint32_t *element) {
    const Component *component = party->component;
    *element = 0;
    if (component == NULL || component->group_count == 0 || walk->unfiltered)
        return true;
    for (uint32_t i = 0; i < component->group_count; i++) {
        const RuleList *list = netstate_rules(walk->state, component->groups[i], inbound);
        for (uint32_t k = 0; k < list->count; k++) {
            const Rule *rule = &list->rules[k];
            if (ports_contain(&rule->ports, (Protocol)walk->packet.protocol, walk->port) &&
                peer_matches(walk, party, &rule->peer, other)) {
                *element = rule->element;
                return true;
            }
        }
    }
    *element = walk->reach->model->groups[component->groups[0]].element;
    return false;
}

/* ---- ACLs ----------------------------------------------------------------------------------------------------------
 */
typedef struct {
    const AclRule *rules;
    uint32_t count, otherwise; /* otherwise: the element of rule "*" */
} AclList;

/* "All traffic" is let through only by a rule for all of it, and held up by any that refuses a part. */
static bool acl_rule_matches(const AclRule *rule, const Prefix *other, uint8_t protocol, uint16_t port) {
    if (rule->cidr.family != 0 && !prefix_contains(&rule->cidr, other))
        return false;
    if (protocol == PROTOCOL_ANY && !rule->allow)
        return rule->ports.count > 0;
    return ports_contain(&rule->ports, (Protocol)protocol, port);
}

static bool acl_lets_port(const AclList *list, const Prefix *other, uint8_t protocol, uint16_t port,
                          uint32_t *element) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (acl_rule_matches(&list->rules[i], other, protocol, port)) {
            *element = list->rules[i].element;
            return list->rules[i].allow;
        }
    }
    *element = list->otherwise;
    return false;
}

/* The next port after `port` at which some rule begins or ends, so that all ports before it fare alike. */
static uint32_t acl_next_edge(const AclList *list, uint8_t protocol, uint32_t port) {
    uint32_t next = UINT16_MAX + 1u;
    for (uint32_t i = 0; i < list->count; i++) {
        const PortSet *ports = &list->rules[i].ports;
        for (uint32_t k = 0; k < ports->count; k++) {
            uint32_t first = ports->range[k].first, after = ports->range[k].last + 1u;
            if (ports->range[k].protocol == protocol)
                next = MIN(next, first > port ? first : after > port ? after : next);
        }
    }
    return next;
}

/* Whether every destination port of the packet passes; *element: the rule that refuses the lowest that does not. */
static bool acl_lets(const Walk *walk, const Acl *acl, bool inbound, Host other, uint32_t *element) {
    const Packet *packet = &walk->packet;
    const Prefix *address = walk_address(walk, other);
    *element = 0;
    if (acl == NULL)
        return true;
    AclList list = {inbound ? acl->inbound : acl->outbound, inbound ? acl->inbound_count : acl->outbound_count,
                    acl->element};
    for (uint32_t port = packet->first; port <= packet->last; port = acl_next_edge(&list, packet->protocol, port))
        if (!acl_lets_port(&list, address, packet->protocol, (uint16_t)port, element))
            return false;
    return true;
}

/* ---- steps ---------------------------------------------------------------------------------------------------------
 */
static Spot leave_host(Walk *walk) {
    uint32_t id = walk->spot.id, element;
    const Party *party = walk_party(walk, id), *to = walk_party(walk, walk->packet.to.party);
    if (walk->reply) {
        walk_hop(walk, HOP_STATE, 0, id);
    } else if (!groups_allow(walk, party, false, walk->packet.to, &element)) {
        return walk_stop(walk, VERDICT_DENY, "ENI_SG_RULES_MISMATCH", element, party->place);
    } else {
        walk_hop(walk, HOP_LEAVES, 0, id);
        walk_hop(walk, HOP_RULE_OUT, element, id);
    }
    if (walk->packet.to.public_side || to->place != party->place)
        return spot_at(SPOT_LEAVE_SUBNET, id);
    walk_hop(walk, HOP_SAME_SUBNET, 0, walk->packet.to.party);
    return spot_at(SPOT_ENTER_HOST, walk->packet.to.party);
}

static Spot leave_subnet(Walk *walk) {
    const Party *party = walk_party(walk, walk->spot.id);
    uint32_t element;
    if (!acl_lets(walk, party->acl, false, walk->packet.to, &element))
        return walk_stop(walk, VERDICT_DENY, "SUBNET_ACL_RESTRICTION", element, party->place);
    walk_hop(walk, HOP_ACL_OUT, element, walk->spot.id);
    return spot_at(SPOT_ROUTER, walk->spot.id);
}

/* A NAT gateway serves its own network, and none sends to itself. */
static Spot route_to_nat(Walk *walk, const Party *party, const Route *route) {
    uint32_t nat = party_of_nat(walk->reach, route->via);
    const Party *gateway = walk_party(walk, nat);
    if (gateway->network != party->network || party->kind == PARTY_NAT)
        return walk_stop(walk, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, party->place);
    return spot_at(gateway->place == party->place ? SPOT_ENTER_HOST : SPOT_ENTER_SUBNET, nat);
}

static Spot route_local(Walk *walk, const Party *party, const Route *route) {
    Host to = walk->packet.to;
    if (to.public_side || walk_party(walk, to.party)->network != party->network) /* an address that nobody here has */
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", route->element, party->place);
    return spot_at(SPOT_ENTER_SUBNET, to.party);
}

static Spot ask_routes(Walk *walk) {
    const Party *party = walk_party(walk, walk->spot.id);
    const Route *route = route_find(party->routes, walk_address(walk, walk->packet.to));
    if (route == NULL)
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", party->routes->element, party->place);
    walk_hop(walk, HOP_ROUTE, route->element, walk->spot.id);
    switch (route->target) {
    case ROUTE_LOCAL: return route_local(walk, party, route);
    case ROUTE_NAT_GATEWAY: return route_to_nat(walk, party, route);
    case ROUTE_PEERING: return spot_at(SPOT_PEERING, route->via);
    case ROUTE_INTERNET_GATEWAY:
        if (walk->reach->model->networks[party->network].internet_gateway)
            return spot_at(SPOT_GATEWAY_OUT, party->network);
        break;
    case ROUTE_BLACKHOLE: break;
    }
    return walk_stop(walk, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, party->place);
}

static Spot gateway_out(Walk *walk) {
    const Network *network = &walk->reach->model->networks[walk->spot.id];
    if (!walk->packet.to.public_side)
        return walk_stop(walk, VERDICT_NO_ROUTE, "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", network->element,
                         network->region);
    if (!walk_party(walk, walk->packet.from.party)->public_address)
        return walk_stop(walk, VERDICT_NO_ROUTE, "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", network->element,
                         network->region);
    walk->packet.from.public_side = true;
    walk_hop(walk, HOP_GATEWAY_OUT, network->element, walk->spot.id);
    return spot_at(SPOT_INTERNET, 0);
}

static Spot gateway_in(Walk *walk) {
    const Network *network = &walk->reach->model->networks[walk->spot.id];
    uint32_t to = walk->packet.to.party;
    if (!network->internet_gateway)
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", network->element, network->region);
    if (!walk_party(walk, to)->public_address)
        return walk_stop(walk, VERDICT_NO_ROUTE, "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS", network->element,
                         network->region);
    walk->packet.to.public_side = false;
    walk_hop(walk, HOP_GATEWAY_IN, network->element, walk->spot.id);
    return spot_at(SPOT_ENTER_SUBNET, to);
}

/* Only between its own two networks: what is behind the far one (its gateways, its other peers) cannot be had through
 * it. */
static Spot cross_peering(Walk *walk) {
    const Model *model = walk->reach->model;
    const Peering *peering = &model->peerings[walk->spot.id];
    const Network *here = &model->networks[walk->network];
    uint32_t far = walk->network == peering->a ? peering->b : peering->a;
    if (walk->network != peering->a && walk->network != peering->b)
        return walk_stop(walk, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", peering->element, here->region);
    if (walk->packet.to.public_side || walk_party(walk, walk->packet.to.party)->network != far)
        return walk_stop(walk, VERDICT_NO_ROUTE, "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", peering->element, here->region);
    walk_hop(walk, HOP_PEERING, peering->element, walk->spot.id);
    return spot_at(SPOT_ENTER_SUBNET, walk->packet.to.party);
}

static Spot enter_subnet(Walk *walk) {
    const Party *party = walk_party(walk, walk->spot.id);
    uint32_t element;
    if (!acl_lets(walk, party->acl, true, walk->packet.from, &element))
        return walk_stop(walk, VERDICT_DENY, "SUBNET_ACL_RESTRICTION", element, party->place);
    walk_hop(walk, HOP_ACL_IN, element, walk->spot.id);
    return spot_at(SPOT_ENTER_HOST, walk->spot.id);
}

/* A NAT gateway hides who sends, and lets in only what answers a connection that it has seen. */
static Spot enter_nat(Walk *walk) {
    Packet *packet = &walk->packet;
    uint32_t nat = walk->spot.id;
    const Party *gateway = walk_party(walk, nat);
    if (packet->protocol == PROTOCOL_ANY)
        return walk_stop(walk, VERDICT_DENY, "PROTOCOL_RESTRICTION", gateway->element, gateway->place);
    bool addressed = packet->to.party == nat && !packet->to.public_side;
    if (walk->reply ? walk->nat != nat || !addressed : addressed)
        return walk_stop(walk, VERDICT_DENY, "NAT_NO_SESSION", gateway->element, gateway->place);
    if (walk->reply) {
        packet->to = walk->hidden;
        packet->first = walk->client_first;
        packet->last = walk->client_last;
    } else {
        walk->nat = nat;
        walk->hidden = packet->from;
        packet->from = (Host){nat, false};
    }
    walk_hop(walk, walk->reply ? HOP_RESTORE : HOP_TRANSLATE, gateway->element, nat);
    return spot_at(SPOT_LEAVE_HOST, nat);
}

static Spot enter_host(Walk *walk) {
    uint32_t id = walk->spot.id;
    const Party *party = walk_party(walk, id);
    if (party->kind == PARTY_NAT)
        return enter_nat(walk);
    if (walk->reply) {
        walk_hop(walk, HOP_STATE, 0, id);
        return walk_deliver(walk);
    }
    if (!groups_allow(walk, party, true, walk->packet.from, &walk->allowed_by))
        return walk_stop(walk, VERDICT_DENY, "ENI_SG_RULES_MISMATCH", walk->allowed_by, party->place);
    walk_hop(walk, HOP_RULE_IN, walk->allowed_by, id);
    return walk_deliver(walk);
}

const ProviderRules aws_rules = {
    .name = "aws",
    .step = {[SPOT_LEAVE_HOST] = leave_host,
             [SPOT_LEAVE_SUBNET] = leave_subnet,
             [SPOT_ROUTER] = ask_routes,
             [SPOT_GATEWAY_OUT] = gateway_out,
             [SPOT_GATEWAY_IN] = gateway_in,
             [SPOT_PEERING] = cross_peering,
             [SPOT_ENTER_SUBNET] = enter_subnet,
             [SPOT_ENTER_HOST] = enter_host},
};
