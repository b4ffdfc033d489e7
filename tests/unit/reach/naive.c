/* naive.c - one packet at a time, as an engineer with a notebook would follow it. */
#include "tests/unit/reach/naive.h"

#include <glib.h>

#include "contract/kind.h"

typedef uint32_t Ip;

/* ---- who has which address -----------------------------------------------------------------------------------------
 */
/* Private: tens and hundreds in the subnet. Public: 54.x components, 55.x NAT gateways, 56.x outside; 198.18.0.1 is
 * anybody on the internet. */
enum { PUBLIC_HOSTS = 54 << 24, PUBLIC_NATS = 55 << 24, PUBLIC_OUTSIDE = 56 << 24 };
#define ANYBODY ((Ip)0xc6120001)

static Ip subnet_base(const Naive *n, PlaceId subnet) { return (Ip)n->model->places[subnet].cidr.base; }

static bool inside(const Naive *n, NaiveEnd end) {
    return end.component != NO_COMPONENT &&
           n->model->components[end.component].kind->passage.attachment == ATTACH_SUBNETS;
}

static bool is_nat(const Naive *n, ComponentId id) {
    return n->model->components[id].kind->passage.mode == PASSAGE_TRANSLATES;
}

static Ip private_ip(const Naive *n, NaiveEnd end) { return subnet_base(n, end.subnet) + 10 + end.component; }
static Ip nat_ip(const Naive *n, uint32_t nat) {
    return subnet_base(n, n->model->units[n->model->components[nat].first_unit].subnet) + 200 + nat;
}

static Ip public_ip(const Naive *n, NaiveEnd end) {
    if (end.component == NO_COMPONENT)
        return ANYBODY;
    if (inside(n, end))
        return (Ip)PUBLIC_HOSTS + end.subnet * 256 + end.component;
    PlaceId place = n->model->components[end.component].place;
    const Place *at = &n->model->places[place];
    return at->level == PLACE_OUTSIDE && at->cidr.family == 4 ? (Ip)at->cidr.base + 5
                                                              : (Ip)PUBLIC_OUTSIDE + end.component;
}

static bool in_prefix(const Prefix *prefix, Ip ip) {
    if (prefix->family != 4)
        return false;
    for (unsigned bit = 0; bit < prefix->length; bit++)
        if (((prefix->base >> (31 - bit)) & 1) != ((ip >> (31 - bit)) & 1))
            return false;
    return true;
}

static bool is_private(Ip ip) { return ip >> 24 == 10; }

/* ---- one journey ---------------------------------------------------------------------------------------------------
 */
typedef struct {
    const Naive *n;
    NaiveEnd client, server;
    Protocol protocol;
    Ip src, dst;
    uint16_t src_port, dst_port;
    bool reply;
    uint32_t steps;  /* elements passed: to compare how far journeys came */
    bool translated; /* by `nat`, from original_ip and original_port, to port nat_port */
    uint32_t nat;
    Ip original_ip;
    uint16_t original_port, nat_port;
    PlaceId last; /* where the last interface was */
    Verdict verdict;
} Journey;

static bool fail(Journey *j, VerdictKind kind, const char *code, uint32_t element, PlaceId at) {
    j->verdict = (Verdict){.kind = kind, .reply = j->reply, .element = element, .code = code, .at = at};
    return false;
}

static bool within(const Model *model, PlaceId inner, PlaceId outer) {
    if (inner == NO_PLACE)
        return false;
    return inner == outer || within(model, model->places[inner].parent, outer);
}

/* Stand somewhere: the place and all around it must be up. */
static bool stand(Journey *j, PlaceId place) {
    PlaceId worst = NO_PLACE;
    j->steps++;
    for (PlaceId p = place; p != NO_PLACE; p = j->n->model->places[p].parent)
        if (j->n->down[p])
            worst = p;
    return worst == NO_PLACE || fail(j, VERDICT_NO_PATH, "BAD_STATE", j->n->model->places[worst].element, worst);
}

/* Come to an interface in `place`: no cut link in between. */
static bool come(Journey *j, PlaceId place) {
    const Model *model = j->n->model;
    PlaceId last = j->last;
    if (!stand(j, place))
        return false;
    j->last = place;
    for (uint32_t i = 0; i < j->n->cut_count; i++) {
        NaiveCut cut = j->n->cuts[i];
        if (within(model, last, cut.from) && within(model, place, cut.to) && !within(model, last, cut.to) &&
            !within(model, place, cut.from))
            return fail(j, VERDICT_NO_PATH, "LINK_CUT", 0, place);
    }
    return true;
}

static bool not_isolated(Journey *j, ComponentId component, PlaceId at) {
    if (component == NO_COMPONENT || !j->n->isolated[component])
        return true;
    return fail(j, VERDICT_DENY, "ISOLATED", j->n->model->components[component].element, at);
}

static bool port_in(const PortSet *set, Protocol protocol, uint16_t port) {
    for (uint32_t i = 0; i < set->count; i++) {
        const PortRange *range = &set->range[i];
        if (range->protocol == PROTOCOL_ANY || (range->protocol == protocol && protocol == PROTOCOL_ICMP) ||
            (range->protocol == protocol && range->first <= port && port <= range->last))
            return true;
    }
    return false;
}

/* ---- filters -------------------------------------------------------------------------------------------------------
 */
/* Is `ip` the private address of an interface that carries the group, in a network that group references reach? */
static bool ip_in_group(const Naive *n, uint32_t group, Ip ip, uint32_t own_network) {
    const Model *model = n->model;
    for (uint32_t u = 0; u < model->unit_count; u++) {
        NaiveEnd end = {model->units[u].component, model->units[u].subnet};
        if (!inside(n, end) || private_ip(n, end) != ip)
            continue;
        uint32_t network = model->places[end.subnet].network;
        if (network != own_network && model->networks[network].region != model->networks[own_network].region)
            continue;
        const Component *component = &model->components[end.component];
        for (uint32_t g = 0; g < component->group_count; g++)
            if (component->groups[g] == group)
                return true;
    }
    return false;
}

static bool rule_allows(const Journey *j, const Rule *rule, Ip other, uint32_t network) {
    if (!port_in(&rule->ports, j->protocol, j->dst_port))
        return false;
    if (rule->peer.kind == PEER_CIDR)
        return in_prefix(&rule->peer.cidr, other);
    for (uint32_t g = 0; rule->peer.kind == PEER_GROUP && g < rule->peer.group_count; g++)
        if (ip_in_group(j->n, rule->peer.groups[g], other, network))
            return true;
    return rule->peer.kind != PEER_GROUP;
}

static bool security_groups(Journey *j, NaiveEnd end, bool inbound) {
    const Model *model = j->n->model;
    const Component *component = &model->components[end.component];
    uint32_t network = model->places[end.subnet].network;
    j->steps++;
    if (j->reply || component->group_count == 0)
        return true;
    for (uint32_t g = 0; g < component->group_count; g++) {
        const SecurityGroup *group = &model->groups[component->groups[g]];
        for (uint32_t r = 0; r < (inbound ? group->inbound_count : group->outbound_count); r++)
            if (rule_allows(j, inbound ? &group->inbound[r] : &group->outbound[r], inbound ? j->src : j->dst, network))
                return true;
    }
    return fail(j, VERDICT_DENY, "ENI_SG_RULES_MISMATCH", model->groups[component->groups[0]].element, end.subnet);
}

static bool acl(Journey *j, PlaceId subnet, bool inbound) {
    const Place *place = &j->n->model->places[subnet];
    j->steps++;
    if (place->acl == 0)
        return true;
    const Acl *list = &j->n->model->acls[place->acl - 1];
    uint32_t count = inbound ? list->inbound_count : list->outbound_count, element = list->element, lowest = UINT32_MAX;
    bool allowed = false;
    for (uint32_t r = 0; r < count; r++) {
        const AclRule *rule = inbound ? &list->inbound[r] : &list->outbound[r];
        bool address = rule->cidr.family == 0 || in_prefix(&rule->cidr, inbound ? j->src : j->dst);
        if (address && port_in(&rule->ports, j->protocol, j->dst_port) && rule->number < lowest) {
            lowest = rule->number;
            allowed = rule->allow;
            element = rule->element;
        }
    }
    return allowed || fail(j, VERDICT_DENY, "SUBNET_ACL_RESTRICTION", element, subnet);
}

/* ---- routes --------------------------------------------------------------------------------------------------------
 */
static const Route *lookup(const RouteTable *table, Ip ip) {
    const Route *local = NULL;
    for (uint32_t i = 0; i < table->route_count; i++)
        if (table->routes[i].target == ROUTE_LOCAL && in_prefix(&table->routes[i].to, ip))
            local = &table->routes[i];
    for (int length = 32; length >= 0; length--) {
        for (int learnt = 0; learnt < 2; learnt++) {
            for (uint32_t i = 0; i < table->route_count; i++) {
                const Route *route = &table->routes[i];
                bool fits =
                    route->to.length == length && route->propagated == (learnt == 1) && in_prefix(&route->to, ip);
                if (fits && !(learnt == 1 && local != NULL))
                    return route;
            }
        }
    }
    return NULL;
}

/* ---- moving --------------------------------------------------------------------------------------------------------
 */
static bool from_subnet(Journey *j, PlaceId subnet, bool is_nat);

/* The interface in this network that has the private address dst. */
static bool to_interface(Journey *j, PlaceId subnet);

static bool arrive_outside(Journey *j) {
    NaiveEnd end = j->reply ? j->client : j->server;
    PlaceId place = end.component == NO_COMPONENT ? NO_PLACE : j->n->model->components[end.component].place;
    if (!come(j, place) || !not_isolated(j, end.component, place))
        return false;
    if (j->reply || end.component == NO_COMPONENT)
        return true;
    const Component *component = &j->n->model->components[end.component];
    if (component->kind->passage.attachment == ATTACH_EDGE && component->listens.count == 0)
        return true;
    return port_in(&component->listens, j->protocol, j->dst_port) ||
           fail(j, VERDICT_DENY, "LISTENER_MISSING", component->element, place);
}

/* Across the internet to whoever has the public address dst. */
static bool over_internet(Journey *j) {
    const Model *model = j->n->model;
    NaiveEnd ends[2] = {j->client, j->server};
    for (int i = 0; i < 2; i++)
        if (!inside(j->n, ends[i]) && public_ip(j->n, ends[i]) == j->dst && (i == 0) == j->reply)
            return arrive_outside(j);
    Ip private = 0;
    bool has_public = false;
    PlaceId subnet = NO_PLACE;
    for (uint32_t u = 0; u < model->unit_count; u++) {
        NaiveEnd end = {model->units[u].component, model->units[u].subnet};
        if (!inside(j->n, end) || public_ip(j->n, end) != j->dst)
            continue;
        subnet = end.subnet;
        private = private_ip(j->n, end);
        has_public = model->components[end.component].public_address;
    }
    for (uint32_t i = 0; i < model->component_count; i++) {
        if (is_nat(j->n, i) && j->dst == (Ip)PUBLIC_NATS + i) {
            subnet = model->units[model->components[i].first_unit].subnet;
            private = nat_ip(j->n, i);
            has_public = true;
        }
    }
    g_assert_true(subnet != NO_PLACE);
    const Network *network = &model->networks[model->places[subnet].network];
    if (!stand(j, network->region))
        return false;
    if (!network->internet_gateway)
        return fail(j, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", network->element, network->region);
    if (!has_public)
        return fail(j, VERDICT_NO_ROUTE, "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS", network->element, network->region);
    j->dst = private;
    return come(j, subnet) && acl(j, subnet, true) && to_interface(j, subnet);
}

static bool out_of_gateway(Journey *j, uint32_t network_id) {
    const Model *model = j->n->model;
    const Network *network = &model->networks[network_id];
    Ip public = 0;
    if (!stand(j, network->region))
        return false;
    if (is_private(j->dst))
        return fail(j, VERDICT_NO_ROUTE, "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", network->element,
                    network->region);
    for (uint32_t u = 0; u < model->unit_count; u++) {
        NaiveEnd end = {model->units[u].component, model->units[u].subnet};
        if (inside(j->n, end) && private_ip(j->n, end) == j->src && model->components[end.component].public_address)
        public = public_ip(j->n, end);
    }
    for (uint32_t i = 0; i < model->component_count; i++)
        if (is_nat(j->n, i) && nat_ip(j->n, i) == j->src)
    public = (Ip)PUBLIC_NATS + i;
    if (public == 0)
        return fail(j, VERDICT_NO_ROUTE, "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", network->element, network->region);
    j->src = public;
    return over_internet(j);
}

/* The subnet, here or elsewhere, that holds a private address. */
static PlaceId subnet_of(const Naive *n, Ip ip) {
    for (PlaceId p = 0; p < n->model->place_count; p++)
        if (n->model->places[p].level == PLACE_SUBNET && in_prefix(&n->model->places[p].cidr, ip))
            return p;
    return NO_PLACE;
}

static bool into_subnet_of_dst(Journey *j) {
    PlaceId subnet = subnet_of(j->n, j->dst);
    return come(j, subnet) && acl(j, subnet, true) && to_interface(j, subnet);
}

static bool through_nat(Journey *j, uint32_t nat) {
    const Model *model = j->n->model;
    PlaceId at = model->units[model->components[nat].first_unit].subnet;
    uint32_t element = model->components[nat].element;
    if (!come(j, at) || !not_isolated(j, nat, at))
        return false;
    if (j->reply) {
        if (!j->translated || j->nat != nat || j->dst != nat_ip(j->n, nat) || j->dst_port != j->nat_port)
            return fail(j, VERDICT_DENY, "NAT_NO_SESSION", element, at);
        j->dst = j->original_ip;
        j->dst_port = j->original_port;
    } else {
        if (j->dst == nat_ip(j->n, nat))
            return fail(j, VERDICT_DENY, "NAT_NO_SESSION", element, at);
        j->translated = true;
        j->nat = nat;
        j->original_ip = j->src;
        j->original_port = j->src_port;
        j->src = nat_ip(j->n, nat);
        j->src_port = j->nat_port;
    }
    return from_subnet(j, at, true);
}

static bool to_nat(Journey *j, PlaceId subnet, uint32_t nat, const Route *route, bool is_nat) {
    const Model *model = j->n->model;
    PlaceId there = model->units[model->components[nat].first_unit].subnet;
    if (is_nat || model->places[there].network != model->places[subnet].network)
        return fail(j, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, subnet);
    if (there != subnet && (!come(j, there) || !acl(j, there, true)))
        return false;
    return through_nat(j, nat);
}

static bool over_peering(Journey *j, PlaceId subnet, uint32_t id) {
    const Model *model = j->n->model;
    const Join *peering = &model->joins[id];
    uint32_t here = model->places[subnet].network;
    PlaceId region = model->networks[here].region;
    if (!stand(j, region))
        return false;
    if (here != peering->a && here != peering->b)
        return fail(j, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", peering->element, region);
    if (!in_prefix(&model->networks[here == peering->a ? peering->b : peering->a].cidr, j->dst))
        return fail(j, VERDICT_NO_ROUTE, "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", peering->element, region);
    return into_subnet_of_dst(j);
}

/* From an interface in `subnet` onwards. */
static bool from_subnet(Journey *j, PlaceId subnet, bool is_nat) {
    const Model *model = j->n->model;
    const Place *place = &model->places[subnet];
    if (in_prefix(&place->cidr, j->dst))
        return to_interface(j, subnet);
    if (!acl(j, subnet, false))
        return false;
    const RouteTable *table = &model->route_tables[place->route_table];
    const Route *route = lookup(table, j->dst);
    j->steps++;
    if (route == NULL)
        return fail(j, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", table->element, subnet);
    if (route->target == ROUTE_LOCAL)
        return into_subnet_of_dst(j);
    if (route->target == ROUTE_INTERNET_GATEWAY && model->networks[place->network].internet_gateway)
        return out_of_gateway(j, place->network);
    if (route->target == ROUTE_INTERFACE)
        return to_nat(j, subnet, route->via, route, is_nat);
    if (route->target == ROUTE_JOIN)
        return over_peering(j, subnet, route->via);
    return fail(j, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, subnet);
}

static bool to_interface(Journey *j, PlaceId subnet) {
    const Model *model = j->n->model;
    for (uint32_t i = 0; i < model->component_count; i++)
        if (is_nat(j->n, i) && nat_ip(j->n, i) == j->dst)
            return through_nat(j, i);
    NaiveEnd end = j->reply ? j->client : j->server;
    g_assert_cmphex(private_ip(j->n, end), ==, j->dst);
    if (!come(j, subnet) || !not_isolated(j, end.component, subnet) || !security_groups(j, end, true))
        return false;
    const Component *component = &model->components[end.component];
    return j->reply || port_in(&component->listens, j->protocol, j->dst_port) ||
           fail(j, VERDICT_DENY, "LISTENER_MISSING", component->element, subnet);
}

static bool one_way(Journey *j, NaiveEnd from) {
    PlaceId at = from.subnet;
    if (!inside(j->n, from))
        at = from.component == NO_COMPONENT ? NO_PLACE : j->n->model->components[from.component].place;
    j->last = NO_PLACE;
    if (!come(j, at) || !not_isolated(j, from.component, at))
        return false;
    if (!inside(j->n, from))
        return over_internet(j);
    return security_groups(j, from, false) && from_subnet(j, at, false);
}

/* ---- a connection --------------------------------------------------------------------------------------------------
 */
static bool joined(const Model *model, uint32_t a, uint32_t b) {
    bool any = a == b;
    for (uint32_t i = 0; i < model->join_count; i++)
        any = any || (model->joins[i].a == a && model->joins[i].b == b) ||
              (model->joins[i].a == b && model->joins[i].b == a);
    return any;
}

static Ip server_address(const Naive *n, NaiveEnd from, NaiveEnd to, bool by_public) {
    const Model *model = n->model;
    if (!inside(n, to))
        return public_ip(n, to);
    bool has_public = model->components[to.component].public_address;
    if (inside(n, from) && !by_public) {
        bool near = joined(model, model->places[from.subnet].network, model->places[to.subnet].network);
        return near || !has_public ? private_ip(n, to) : public_ip(n, to);
    }
    const Route *out = lookup(&model->route_tables[model->places[to.subnet].route_table], ANYBODY);
    if (!has_public && out != NULL && out->target == ROUTE_INTERFACE)
        return (Ip)PUBLIC_NATS + out->via;
    return public_ip(n, to);
}

static bool both_ways(Journey *j, uint16_t port, uint16_t client_port, uint16_t nat_port, bool by_public) {
    NaiveEnd client = j->client, server = j->server;
    j->src = inside(j->n, client) ? private_ip(j->n, client) : public_ip(j->n, client);
    j->dst = server_address(j->n, client, server, by_public);
    j->src_port = client_port;
    j->dst_port = port;
    j->nat_port = nat_port;
    if (!one_way(j, client))
        return false;
    Ip seen = j->src;
    uint16_t seen_port = j->src_port;
    j->src = inside(j->n, server) ? private_ip(j->n, server) : public_ip(j->n, server);
    j->src_port = port;
    j->dst = seen;
    j->dst_port = seen_port;
    j->reply = true;
    return one_way(j, server);
}

Verdict naive_verdict(const Naive *naive, NaiveEnd from, NaiveEnd to, Protocol protocol, uint16_t port,
                      uint16_t client_port, bool by_public_address) {
    Verdict verdict = {.kind = VERDICT_REACH, .code = "", .at = NO_PLACE};
    uint32_t shortest = UINT32_MAX;
    for (uint32_t i = 0; i < naive->port_count; i++) {
        if (client_port != 0 ? i > 0 : naive->ports[i] < 32768 || naive->ports[i] > 60999)
            continue;
        for (uint32_t k = 0; k < naive->port_count; k++) {
            Journey j = {.n = naive, .client = from, .server = to, .protocol = protocol};
            if (both_ways(&j, port, client_port != 0 ? client_port : naive->ports[i], naive->ports[k],
                          by_public_address))
                continue;
            if (j.steps < shortest) {
                shortest = j.steps;
                verdict = j.verdict;
            }
        }
    }
    return verdict;
}
