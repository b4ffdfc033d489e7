/* naive6.c - one packet there, one packet back, for each port that the client may use. */
#include "tests/unit/reach/naive6.h"

#include <string.h>

enum { NOWHERE = -1 };

typedef struct {
    const Model *model;
    Naive6End source, target; /* of this packet */
    Protocol protocol;
    uint16_t to_port; /* the packet's own destination port */
    uint16_t service; /* the server's */
    bool reply;
    int left_by_egress; /* network whose egress-only gateway the request left by */
    int stage;          /* how far it came */
} Packet6;

static int network_of(const Model *model, Naive6End end) {
    return end.subnet == NO_PLACE ? NOWHERE : (int)model->places[end.subnet].network;
}

/* Interfaces are numbered in their subnet's range; whoever is outside has an address that no range here holds. */
static Address address_of(const Model *model, Naive6End end) {
    if (end.subnet == NO_PLACE)
        return (Address)0x2a00 << 112 | 1;
    return model->places[end.subnet].cidr6.base + 16 + end.component;
}

static bool range_holds(const Prefix *range, Address address) {
    return range->family == 6 && (range->length == 0 || (range->base ^ address) >> (128 - range->length) == 0);
}

static bool ports_hold(const PortSet *set, Protocol protocol, uint16_t port) {
    for (uint32_t i = 0; i < set->count; i++) {
        const PortRange *range = &set->range[i];
        if (range->protocol == PROTOCOL_ANY || (range->protocol == protocol && protocol == PROTOCOL_ICMP) ||
            (range->protocol == protocol && port >= range->first && port <= range->last))
            return true;
    }
    return false;
}

/* ---- filters -------------------------------------------------------------------------------------------------------
 */
static bool are_near(const Model *model, uint32_t a, uint32_t b) {
    bool near = a == b;
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        bool between = (join->a == a && join->b == b) || (join->a == b && join->b == a);
        near = near || (between && model->networks[a].region == model->networks[b].region);
    }
    return near;
}

/* `through_internet`: the packet came from out there. */
static bool peer_fits(const Packet6 *p, Naive6End own, Naive6End other, const Peer *peer, bool through_internet) {
    if (peer->kind == PEER_CIDR)
        return range_holds(&peer->cidr, address_of(p->model, other));
    if (peer->kind != PEER_GROUP)
        return true;
    int mine = network_of(p->model, own), theirs = network_of(p->model, other);
    if (theirs == NOWHERE || through_internet || !are_near(p->model, (uint32_t)mine, (uint32_t)theirs))
        return false;
    const Component *member = &p->model->components[other.component];
    for (uint32_t i = 0; i < peer->group_count; i++)
        for (uint32_t k = 0; k < member->group_count; k++)
            if (peer->groups[i] == member->groups[k])
                return true;
    return false;
}

static bool groups_let(const Packet6 *p, Naive6End own, Naive6End other, bool inbound, bool through_internet) {
    const Component *component = &p->model->components[own.component];
    bool let = component->group_count == 0;
    for (uint32_t g = 0; g < component->group_count; g++) {
        const SecurityGroup *group = &p->model->groups[component->groups[g]];
        const Rule *rules = inbound ? group->inbound : group->outbound;
        for (uint32_t i = 0; i < (inbound ? group->inbound_count : group->outbound_count); i++)
            let = let || (ports_hold(&rules[i].ports, p->protocol, p->service) &&
                          peer_fits(p, own, other, &rules[i].peer, through_internet));
    }
    return let;
}

/* The entry with the lowest number that matches. */
static bool acl_lets(const Packet6 *p, PlaceId subnet, bool inbound, Naive6End other) {
    uint32_t number = p->model->places[subnet].acl;
    if (number == 0)
        return true;
    const Acl *acl = &p->model->acls[number - 1];
    const AclRule *rules = inbound ? acl->inbound : acl->outbound, *found = NULL;
    for (uint32_t i = 0; i < (inbound ? acl->inbound_count : acl->outbound_count); i++) {
        bool fits = ports_hold(&rules[i].ports, p->protocol, p->to_port) &&
                    (rules[i].cidr.family == 0 || range_holds(&rules[i].cidr, address_of(p->model, other)));
        if (fits && (found == NULL || rules[i].number < found->number))
            found = &rules[i];
    }
    return found != NULL && found->allow;
}

/* ---- the way of a packet -------------------------------------------------------------------------------------------
 */
static const char *arrive(const Packet6 *p, bool through_internet) {
    if (p->reply || p->target.component == NO_COMPONENT)
        return NULL;
    const Component *component = &p->model->components[p->target.component];
    if (p->target.subnet != NO_PLACE && !groups_let(p, p->target, p->source, true, through_internet))
        return "ENI_SG_RULES_MISMATCH";
    bool edge = component->kind->passage.attachment == ATTACH_EDGE && component->listens.count == 0;
    return edge || ports_hold(&component->listens, p->protocol, p->service) ? NULL : "LISTENER_MISSING";
}

static const char *enter(Packet6 *p, bool through_internet) {
    p->stage = 4;
    if (!acl_lets(p, p->target.subnet, true, p->source))
        return "SUBNET_ACL_RESTRICTION";
    return arrive(p, through_internet);
}

static const char *from_internet(Packet6 *p) {
    p->stage = 3;
    int to = network_of(p->model, p->target);
    if (to == NOWHERE)
        return arrive(p, true);
    const Network *network = &p->model->networks[to];
    bool answers_egress = p->reply && p->left_by_egress == to;
    if (!answers_egress && !network->internet_gateway)
        return network->egress_only ? "EIGW_NO_SESSION" : "NO_ROUTE_TO_DESTINATION";
    return enter(p, true);
}

static const Route *longest(const Packet6 *p) {
    const RouteTable *table = &p->model->route_tables[p->model->places[p->source.subnet].route_table];
    const Route *best = NULL;
    for (uint32_t i = 0; i < table->route_count; i++)
        if (range_holds(&table->routes[i].to, address_of(p->model, p->target)) &&
            (best == NULL || table->routes[i].to.length > best->to.length))
            best = &table->routes[i];
    return best;
}

static const char *routed(Packet6 *p) {
    const Route *route = longest(p);
    int here = network_of(p->model, p->source);
    if (route == NULL)
        return "NO_ROUTE_TO_DESTINATION";
    if (route->target == ROUTE_LOCAL)
        return enter(p, false);
    if (route->target == ROUTE_EGRESS_ONLY) {
        if (p->reply && p->left_by_egress != here)
            return "EIGW_NO_SESSION";
        p->left_by_egress = here;
        return from_internet(p);
    }
    if (route->target == ROUTE_INTERNET_GATEWAY && p->model->networks[here].internet_gateway)
        return from_internet(p);
    return "BAD_STATE_ROUTE";
}

/* NULL: it is there. */
static const char *send(Packet6 *p) {
    if (p->source.subnet == NO_PLACE)
        return from_internet(p);
    if (!p->reply && !groups_let(p, p->source, p->target, false, false))
        return "ENI_SG_RULES_MISMATCH";
    if (p->source.subnet == p->target.subnet)
        return arrive(p, false);
    if (!acl_lets(p, p->source.subnet, false, p->target))
        return "SUBNET_ACL_RESTRICTION";
    p->stage = 2;
    return routed(p);
}

/* ---- there and back ------------------------------------------------------------------------------------------------
 */
static bool has_address(const Model *model, Naive6End end) {
    return end.subnet == NO_PLACE || model->places[end.subnet].cidr6.family == 6;
}

static const char *back(const Packet6 *there, uint16_t client_port, int *stage) {
    Packet6 answer = *there;
    answer.source = there->target;
    answer.target = there->source;
    answer.reply = true;
    answer.to_port = client_port;
    answer.stage = 1;
    const char *why = send(&answer);
    *stage = answer.stage;
    return why;
}

/* Answers go to all of the client's ports; of those that fail, the one that fails first on its way is told. */
static const char *all_back(const Packet6 *there, uint16_t first, uint16_t last, const uint16_t *ports,
                            uint32_t count) {
    int earliest, stage;
    const char *told = back(there, first, &earliest);
    for (uint32_t i = 0; i < count; i++) {
        if (ports[i] <= first || ports[i] > last)
            continue;
        const char *why = back(there, ports[i], &stage);
        if (why != NULL && (told == NULL || stage < earliest)) {
            told = why;
            earliest = stage;
        }
    }
    return told;
}

const char *naive6_answer(const Model *model, Naive6End from, Naive6End to, Protocol protocol, uint16_t port,
                          const uint16_t *ports, uint32_t count) {
    if (!has_address(model, from) || !has_address(model, to))
        return "IPV6_ADDRESS_MISSING";
    Packet6 packet = {model, from, to, protocol, port, port, false, NOWHERE, 0};
    const char *why = send(&packet);
    if (why != NULL)
        return why;
    const Component *client = from.component != NO_COMPONENT ? &model->components[from.component] : NULL;
    bool own = client != NULL && client->client_first != 0;
    why = all_back(&packet, own ? client->client_first : 32768, own ? client->client_last : 60999, ports, count);
    if (why == NULL)
        return "REACH";
    char *text = g_strconcat("(reply)", why, NULL);
    const char *kept = g_intern_string(text);
    g_free(text);
    return kept;
}
