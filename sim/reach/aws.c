/* aws.c - the order in which AWS asks its tables.
 *
 * Out: security groups, then (unless the target is in the same subnet) the subnet's ACL, its route table, a gateway.
 * In: the subnet's ACL, then security groups. Security groups remember connections, so replies pass them unasked; ACLs
 * and routes are asked again. Sources: semantics B.0-B.3; reason codes are those of VPC Reachability Analyzer where it
 * has one. Not here: transit and virtual private gateways, endpoints. */
#include "reach/gateways.h"

/* ---- security groups -----------------------------------------------------------------------------------------------
 */
static bool is_member(const Party *party, const Peer *peer) {
    for (uint32_t i = 0; i < peer->group_count; i++)
        for (uint32_t k = 0; k < party->component->group_count; k++)
            if (peer->groups[i] == party->component->groups[k])
                return true;
    return false;
}

/* A referenced group means the private addresses of its members in the same network, or in a peered one of the same
 * region; behind an appliance or a hub nobody is recognised. */
static bool reference_holds(const Walk *walk, const Party *owner, Host other) {
    const Party *party = walk_party(walk, other.party);
    if (other.public_side || party->network == NO_NETWORK || walk->middlebox)
        return false;
    return networks_peered(walk->reach, party->network, owner->network);
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

static bool lets_everyone(const NetState *state, const Component *component, bool inbound, const PortSet *ports) {
    for (uint32_t i = 0; i < component->group_count; i++) {
        const RuleList *list = netstate_rules(state, component->groups[i], inbound);
        for (uint32_t k = 0; k < list->count; k++) {
            const Rule *rule = &list->rules[k];
            bool everyone = rule->peer.kind == PEER_ANY || rule->peer.kind == PEER_INTERNET ||
                            (rule->peer.kind == PEER_CIDR && rule->peer.cidr.length == 0);
            PortSet common = ports_intersection(&rule->ports, ports);
            if (everyone && ports_equal(&common, ports))
                return true;
        }
    }
    return false;
}

/* Rules for everyone, both ways, need no memory: the way there by its port, the way back by any (EC2 user guide,
 * "security-group-connection-tracking"). ICMP is always tracked. */
static TrackingKind tracking(const NetState *state, const Party *party, bool inbound, const Query *query,
                             const char **why) {
    const Component *component = party->component;
    *why = "";
    if (component->group_count == 0)
        return TRACKING_NONE;
    uint8_t protocol = (uint8_t)query->protocol;
    bool ported = protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP;
    PortSet there = {.range = {{protocol, query->port, query->port}}, .count = 1};
    PortSet back = {.range = {{protocol, ported ? 1 : 0, UINT16_MAX}}, .count = 1};
    *why = "not everyone may, both ways";
    if (!ported)
        *why = "neither tcp nor udp";
    else if (lets_everyone(state, component, inbound, &there) && lets_everyone(state, component, !inbound, &back))
        *why = "everyone may, both ways";
    return (*why)[0] == 'e' ? TRACKING_UNTRACKED : TRACKING_TRACKED;
}

/* An established connection passes the groups that track it, whatever has become of their rules. */
static bool remembers(const Walk *walk, const Party *party, bool inbound) {
    if (walk->before == NULL)
        return false;
    const char *why;
    Query query = {.protocol = (Protocol)walk->packet.protocol, .port = walk->port};
    return is_remembered(walk->remembered, party) ||
           tracking(walk->before, party, inbound, &query, &why) == TRACKING_TRACKED;
}

/* All rules of all groups of an interface are one list without an order: the first that allows is as good as any. An
 * interface without any group is not filtered (NAT gateways; network load balancers may be made so). */
static bool groups_allow(const Walk *walk, const Party *party, bool inbound, Host other, uint32_t *element) {
    const Component *component = party->component;
    *element = 0;
    if (component->group_count == 0 || walk->unfiltered || remembers(walk, party, inbound))
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

static bool acl_rule_matches(const AclRule *rule, const Prefix *other, uint8_t protocol, uint16_t port) {
    return (rule->cidr.family == 0 || prefix_contains(&rule->cidr, other)) &&
           ports_contain(&rule->ports, (Protocol)protocol, port);
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
    for (uint32_t i = 0; i < list->count; i++)
        next = MIN(next, ports_next_edge(&list->rules[i].ports, protocol, port));
    return next;
}

/* Whether all these ports pass; *element: the rule that refuses the lowest that does not. */
static bool acl_lets_ports(const AclList *list, const Prefix *other, uint8_t protocol, uint32_t first, uint32_t last,
                           uint32_t *element) {
    for (uint32_t port = first; port <= last; port = acl_next_edge(list, protocol, port))
        if (!acl_lets_port(list, other, protocol, (uint16_t)port, element))
            return false;
    return true;
}

/* "All traffic" is the three protocols that entries can name, at all ports, and all that only an entry for everything
 * means; answers of it go to the ports of the client. */
static bool acl_lets_all(const AclList *list, const Prefix *other, const Walk *walk, uint32_t *element) {
    uint32_t first = walk->reply ? walk->packet.first : 0, last = walk->reply ? walk->packet.last : UINT16_MAX;
    return acl_lets_ports(list, other, PROTOCOL_TCP, first, last, element) &&
           acl_lets_ports(list, other, PROTOCOL_UDP, first, last, element) &&
           acl_lets_port(list, other, PROTOCOL_ICMP, 0, element) &&
           acl_lets_port(list, other, PROTOCOL_ANY, 0, element);
}

/* Whether every destination port of the packet passes. */
static bool acl_lets(const Walk *walk, const Acl *acl, bool inbound, Host other, uint32_t *element) {
    const Packet *packet = &walk->packet;
    const Prefix *address = walk_address(walk, other);
    *element = 0;
    if (acl == NULL)
        return true;
    const AclRules *now = netstate_acl(walk->state, acl, inbound);
    AclList list = {now->rules, now->count, acl->element};
    if (packet->protocol == PROTOCOL_ANY)
        return acl_lets_all(&list, address, walk, element);
    return acl_lets_ports(&list, address, packet->protocol, packet->first, packet->last, element);
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

static Spot route_local(Walk *walk, const Party *party, const Route *route) {
    Host to = walk->packet.to;
    if (walk_party(walk, to.party)->network != party->network) /* an address that nobody here has */
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", route->element, party->place);
    return spot_at(SPOT_ENTER_SUBNET, to.party);
}

static Spot route(Walk *walk, const Party *party, uint32_t subject) {
    const Party *to = walk_party(walk, walk->packet.to.party);
    const RouteTable *table = netstate_table(walk->state, party->routes);
    const Route *route = route_find(walk->reach, walk->state, table, walk_address(walk, walk->packet.to), to);
    if (route == NULL)
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", party->routes->element, party->place);
    walk_hop(walk, HOP_ROUTE, route->element, subject);
    switch (route->target) {
    case ROUTE_LOCAL: return route_local(walk, party, route);
    case ROUTE_INTERNET_GATEWAY:
        if (walk->reach->model->networks[party->network].internet_gateway)
            return spot_at(SPOT_GATEWAY_OUT, party->network);
        break;
    case ROUTE_EGRESS_ONLY: return spot_at(SPOT_EGRESS_ONLY, party->network);
    case ROUTE_BLACKHOLE: break;
    default: return gateways_route(walk, party, route);
    }
    return walk_stop(walk, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, party->place);
}

static Spot ask_routes(Walk *walk) { return route(walk, walk_party(walk, walk->spot.id), walk->spot.id); }

/* Lets out whoever begins, and no answers: whom it knows a connection of comes to it from outside. */
static Spot egress_only(Walk *walk) {
    const Network *network = &walk->reach->model->networks[walk->spot.id];
    if (walk->reply)
        return walk_stop(walk, VERDICT_DENY, "EIGW_NO_SESSION", network->element, network->region);
    walk->egress = walk->spot.id;
    walk_hop(walk, HOP_EGRESS_ONLY, network->element, walk->spot.id);
    return spot_at(SPOT_INTERNET, 0);
}

/* IPv6 addresses are public: nothing is translated, and an interface that has one needs no other. */
static Spot gateway_out(Walk *walk) {
    const Network *network = &walk->reach->model->networks[walk->spot.id];
    if (walk->packet.family == 6) {
        walk_hop(walk, HOP_GATEWAY6, network->element, walk->spot.id);
        return spot_at(SPOT_INTERNET, 0);
    }
    if (!walk->packet.to.public_side)
        return walk_stop(walk, VERDICT_NO_ROUTE, "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", network->element,
                         network->region);
    const Party *from = walk_party(walk, walk->packet.from.party);
    if (!from->public_address || from->network != walk->spot.id) /* it translates for its own network's interfaces */
        return walk_stop(walk, VERDICT_NO_ROUTE, "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", network->element,
                         network->region);
    walk->packet.from.public_side = true;
    walk_hop(walk, HOP_GATEWAY_OUT, network->element, walk->spot.id);
    return spot_at(SPOT_INTERNET, 0);
}

/* Nothing that comes from behind its own two networks passes, neither on the way there nor back. */
static Spot peering(Walk *walk) {
    const Join *join = &walk->reach->model->joins[walk->spot.id];
    if (walk_party(walk, walk->packet.from.party)->network == walk->network)
        return gateways_peering(walk);
    return walk_stop(walk, VERDICT_NO_ROUTE, "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", join->element,
                     walk->reach->model->networks[walk->network].region);
}

static Spot gateway_in(Walk *walk) {
    const Network *network = &walk->reach->model->networks[walk->spot.id];
    uint32_t to = walk->packet.to.party;
    if (walk->egress == walk->spot.id) { /* an answer: what left by it is not bound for here */
        walk_hop(walk, HOP_EGRESS_ONLY, network->element, walk->spot.id);
        return spot_at(SPOT_ENTER_SUBNET, to);
    }
    if (!network->internet_gateway && network->egress_only && walk->packet.family == 6)
        return walk_stop(walk, VERDICT_DENY, "EIGW_NO_SESSION", network->element, network->region);
    if (!network->internet_gateway)
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", network->element, network->region);
    if (walk->packet.family != 6 && !walk_party(walk, to)->public_address)
        return walk_stop(walk, VERDICT_NO_ROUTE, "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS", network->element,
                         network->region);
    walk->packet.to.public_side = false;
    walk_hop(walk, walk->packet.family == 6 ? HOP_GATEWAY6 : HOP_GATEWAY_IN, network->element, walk->spot.id);
    return gateways_arrive(walk, walk->spot.id);
}

static Spot enter_subnet(Walk *walk) {
    const Party *party = walk_party(walk, walk->spot.id);
    uint32_t element;
    if (!acl_lets(walk, party->acl, true, walk->packet.from, &element))
        return walk_stop(walk, VERDICT_DENY, "SUBNET_ACL_RESTRICTION", element, party->place);
    walk_hop(walk, HOP_ACL_IN, element, walk->spot.id);
    return spot_at(SPOT_ENTER_HOST, walk->spot.id);
}

static Spot enter_host(Walk *walk) {
    uint32_t id = walk->spot.id;
    const Party *party = walk_party(walk, id);
    bool filtered = party->kind == PARTY_ENDPOINT || (party->kind == PARTY_APPLIANCE && walk->packet.to.party == id);
    if (gateways_passes(party) && (!filtered || walk->reply)) /* what is for itself meets its groups like any other */
        return gateways_enter(walk);
    if (walk->reply) {
        walk_hop(walk, HOP_STATE, 0, id);
        return walk_deliver(walk);
    }
    if (!groups_allow(walk, party, true, walk->packet.from, &walk->allowed_by))
        return walk_stop(walk, VERDICT_DENY, "ENI_SG_RULES_MISMATCH", walk->allowed_by, party->place);
    walk_hop(walk, HOP_RULE_IN, walk->allowed_by, id);
    return gateways_passes(party) ? gateways_enter(walk) : walk_deliver(walk);
}

/* An appliance may stand behind groups like any interface, only that the packet is not for it. */
static bool passes(const Walk *walk, const Party *party, uint32_t *element) {
    return groups_allow(walk, party, true, walk->packet.from, element) &&
           groups_allow(walk, party, false, walk->packet.to, element);
}

const ProviderRules aws_rules = {
    .name = "aws",
    .tracking = tracking,
    .route = route,
    .passes = passes,
    .nat_passes_icmp = true,
    .step = {[SPOT_LEAVE_HOST] = leave_host,
             [SPOT_LEAVE_SUBNET] = leave_subnet,
             [SPOT_ROUTER] = ask_routes,
             [SPOT_GATEWAY_OUT] = gateway_out,
             [SPOT_GATEWAY_IN] = gateway_in,
             [SPOT_EGRESS_ONLY] = egress_only,
             [SPOT_PEERING] = peering,
             [SPOT_ENTER_SUBNET] = enter_subnet,
             [SPOT_ENTER_HOST] = enter_host},
};
