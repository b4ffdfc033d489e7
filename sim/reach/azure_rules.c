/* azure_rules.c - what network security groups and the rules of a network manager say of a packet. */
#include "base/bug.h"
#include "reach/azure.h"

/* ---- who is meant --------------------------------------------------------------------------------------------------
 */
/* Where health checks come from; one address everywhere (semantics B.5). */
static const Prefix prober = {.base = ((Address)168 << 24) | (63 << 16) | (129 << 8) | 16, .length = 32, .family = 4};

static bool is_prober(const Walk *walk, Host host) { return walk->probe && host.party == walk->client; }

static const Prefix *address_of(const Walk *walk, Host host) {
    return is_prober(walk, host) ? &prober : walk_address(walk, host);
}

/* The network and all that is joined to it, and every prefix that somebody wrote a route for: with one for 0.0.0.0/0 it
 * is everything. */
static bool in_virtual_network(const Walk *walk, const Party *own, const Prefix *address) {
    const AzureNetwork *network = &walk->reach->model->azure.networks[own->network];
    for (uint32_t i = 0; i < network->range_count; i++)
        if (prefix_contains(&network->ranges[i], address))
            return true;
    const RouteTable *table = netstate_table(walk->state, own->routes);
    for (uint32_t i = 0; i < table->route_count; i++) {
        const Route *route = &table->routes[i];
        if (!route->system && prefix_contains(&route->to, address))
            return true;
    }
    return false;
}

static bool is_service(const Party *party, const Kind *const *kinds) {
    for (; party->component != NULL && *kinds != NULL; kinds++)
        if (party->component->kind == *kinds && party->component->kind->passage.attachment == ATTACH_SERVICE)
            return true;
    return false;
}

static bool tag_matches(const Walk *walk, const Party *own, const NsgPeer *peer, Host host) {
    switch (peer->tag) {
    case TAG_VIRTUAL_NETWORK: return in_virtual_network(walk, own, address_of(walk, host));
    case TAG_LOAD_BALANCER: return is_prober(walk, host);
    case TAG_INTERNET: return host.public_side;
    case TAG_SERVICE: return host.public_side && is_service(walk_party(walk, host.party), peer->kinds);
    case TAG_PLATFORM_DNS:
    case TAG_PLATFORM_IMDS:
    case TAG_PLATFORM_LKM: break; /* no packet of ours has these addresses: azure_platform_open */
    }
    return false;
}

static bool is_member(const Walk *walk, const NsgPeer *peer, Host host) {
    const Party *party = walk_party(walk, host.party);
    for (uint32_t i = 0; !host.public_side && !is_prober(walk, host) && i < peer->member_count; i++)
        if (peer->members[i] == party->id)
            return true;
    return false;
}

static bool peer_matches(const Walk *walk, const Party *own, const NsgPeer *peer, Host host) {
    switch (peer->kind) {
    case NSG_PEER_ANY: return true;
    case NSG_PEER_RANGE: return prefix_contains(&peer->range, address_of(walk, host));
    case NSG_PEER_TAG: return tag_matches(walk, own, peer, host);
    case NSG_PEER_MEMBERS: break;
    }
    return is_member(walk, peer, host);
}

bool azure_side_matches(const Walk *walk, const Party *own, const NsgPeer *peers, uint32_t count, Host host) {
    bool matches = count == 0;
    for (uint32_t i = 0; !matches && i < count; i++)
        matches = peer_matches(walk, own, &peers[i], host);
    return matches;
}

/* ---- lists ---------------------------------------------------------------------------------------------------------
 */
/* The first rule that matches; NULL: none. */
static const NsgRule *rules_ask(const Walk *walk, const Party *own, const NsgRules *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        const NsgRule *rule = &list->rules[i];
        if (ports_contain(&rule->ports, (Protocol)walk->packet.protocol, walk->port) &&
            azure_side_matches(walk, own, rule->from, rule->from_count, walk->packet.from) &&
            azure_side_matches(walk, own, rule->to, rule->to_count, walk->packet.to))
            return rule;
    }
    return NULL;
}

/* ---- an interface --------------------------------------------------------------------------------------------------
 */
/* A group's word; *element the rule. No group: everything passes. */
static bool group_allows(const Walk *walk, const Party *own, uint32_t group, bool inbound, uint32_t *element) {
    if (group == 0)
        return true;
    const NsgRule *rule = rules_ask(walk, own, netstate_nsg(walk->state, group - 1, inbound));
    BUG_IF(rule == NULL, "a group without the provider's last rule");
    *element = rule->element;
    return rule->access == NSG_ALLOW;
}

/* The first rule that matches is the manager's only word: deny and always_allow are final, allow lets the groups
 * speak. */
static NsgAccess manager_says(const Walk *walk, const Party *own, bool inbound, uint32_t *element) {
    const AzureNetwork *network = &walk->reach->model->azure.networks[own->network];
    const NsgRule *rule = rules_ask(walk, own, inbound ? &network->inbound : &network->outbound);
    *element = rule != NULL ? rule->element : 0;
    return rule != NULL ? rule->access : NSG_ALLOW;
}

/* A private endpoint's interface has no groups unless its subnet says so; a balancer that keeps the client's address
 * and a NAT gateway have none at all: those of its targets are asked. */
static bool is_unfiltered(const Walk *walk, const Party *party) {
    if (walk->before != NULL) /* its flow record lives on: changed rules hold for new connections */
        return true;
    if (walk->unfiltered || party->relays || party->kind == PARTY_NAT)
        return true;
    return party->kind == PARTY_ENDPOINT && !azure_subnet(walk, party)->private_endpoint_policies;
}

/* A standard public address (the machine's own or its balancer's) is closed where no group stands
 * (P-31); what leaves still has a private address. */
static bool standard_ip_closes(const Walk *walk, const Party *party) {
    if (!walk->packet.from.public_side || is_prober(walk, walk->packet.from))
        return false;
    const Party *door = walk->relay != NO_PARTY ? walk_party(walk, walk->relay) : party;
    const AzureComponent *owner = azure_component(walk, door);
    return !owner->basic_ip && !owner->classic.classic;
}

/* One protocol and port. */
static Spot filter_part(Walk *walk, uint32_t id, bool inbound, Spot next) {
    const Party *party = walk_party(walk, id);
    HopKind kind = inbound ? HOP_RULE_IN : HOP_RULE_OUT;
    uint32_t element;
    NsgAccess manager = manager_says(walk, party, inbound, &element);
    if (manager == NSG_DENY)
        return walk_stop(walk, VERDICT_DENY, "ADMIN_RULE", element, party->place);
    if (element != 0)
        walk_hop(walk, kind, element, id);
    uint32_t own = azure_component(walk, party)->group, subnet = azure_subnet(walk, party)->group;
    if (manager == NSG_ALLOW && own == 0 && subnet == 0) {
        if (standard_ip_closes(walk, party))
            return walk_stop(walk, VERDICT_DENY, "STANDARD_IP_CLOSED", party->element, party->place);
        walk_hop(walk, HOP_NO_NSG, 0, id);
    }
    for (int turn = 0; manager == NSG_ALLOW && turn < 2; turn++) {
        bool at_subnet = (turn == 0) == inbound;
        uint32_t group = at_subnet ? subnet : own;
        if (!group_allows(walk, party, group, inbound, &element))
            return walk_stop(walk, VERDICT_DENY, at_subnet ? "SUBNET_NSG_RULE" : "NIC_NSG_RULE", element, party->place);
        if (group != 0)
            walk_hop(walk, kind, element, id);
    }
    if (inbound)
        walk->allowed_by = element;
    return next;
}

static uint32_t edge_after(const NsgRules *list, uint8_t protocol, uint32_t port) {
    uint32_t next = UINT16_MAX + 1u;
    for (uint32_t i = 0; i < list->count; i++)
        next = MIN(next, ports_next_edge(&list->rules[i].ports, protocol, port));
    return next;
}

/* The next port after `port` at which a rule in front of the interface begins or ends, so that all before fare alike.
 */
static uint32_t next_edge(const Walk *walk, const Party *party, bool inbound, uint32_t port) {
    const AzureNetwork *network = &walk->reach->model->azure.networks[party->network];
    const uint32_t groups[] = {azure_component(walk, party)->group, azure_subnet(walk, party)->group};
    uint8_t protocol = walk->packet.protocol;
    uint32_t next = edge_after(inbound ? &network->inbound : &network->outbound, protocol, port);
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
        if (groups[i] != 0)
            next = MIN(next, edge_after(netstate_nsg(walk->state, groups[i] - 1, inbound), protocol, port));
    return next;
}

/* "All traffic": the three protocols that rules can name, at all ports, and last all that only a rule for everything
 * means, as the packet then says again. */
static Spot filter_all(Walk *walk, uint32_t id, bool inbound, Spot next) {
    static const uint8_t protocols[] = {PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ICMP, PROTOCOL_ANY};
    GArray *hops = walk->hops;
    Spot spot = next;
    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++) {
        walk->packet.protocol = protocols[i];
        for (uint32_t at = 0; at <= UINT16_MAX && spot.kind != SPOT_STOPPED;
             at = next_edge(walk, walk_party(walk, id), inbound, at)) {
            walk->port = (uint16_t)at;
            spot = filter_part(walk, id, inbound, next);
            walk->hops = NULL; /* told once */
        }
    }
    walk->hops = hops;
    return spot;
}

Spot azure_filter(Walk *walk, uint32_t id, bool inbound, Spot next) {
    if (is_unfiltered(walk, walk_party(walk, id)))
        return next;
    return walk->packet.protocol == PROTOCOL_ANY ? filter_all(walk, id, inbound, next)
                                                 : filter_part(walk, id, inbound, next);
}

/* ---- the host's services -------------------------------------------------------------------------------------------
 */
/* By a rule that names the tag and names to be asked for (udp/53). */
static const NsgRule *names_rule(const NsgRules *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        const NsgRule *rule = &list->rules[i];
        for (uint32_t k = 0; k < rule->to_count; k++)
            if (rule->to[k].tag == TAG_PLATFORM_DNS && ports_contain(&rule->ports, PROTOCOL_UDP, 53))
                return rule;
    }
    return NULL;
}

bool azure_names_stop(Walk *walk, const Party *asker) {
    const uint32_t groups[] = {azure_component(walk, asker)->group, azure_subnet(walk, asker)->group};
    static const char *const codes[] = {"NIC_NSG_RULE", "SUBNET_NSG_RULE"};
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
        const NsgRule *rule = groups[i] != 0 ? names_rule(netstate_nsg(walk->state, groups[i] - 1, false)) : NULL;
        if (rule == NULL || rule->access == NSG_ALLOW)
            continue;
        walk->spot = walk_stop(walk, VERDICT_DENY, codes[i], rule->element, asker->place);
        return true;
    }
    return false;
}
