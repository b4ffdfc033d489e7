/* walk.c - follows one connection: the driver, and the steps that are the same for every provider. */
#include "reach/walk.h"

#include <stddef.h>
#include <string.h>

#include "base/bug.h"
#include "reach/gateways.h"
#include "reach/workloads.h"

enum { STEPS_MOST = 64 /* what goes on for longer goes round in circles */ };

/* ---- for steps -----------------------------------------------------------------------------------------------------
 */
Spot walk_stop(Walk *walk, VerdictKind kind, const char *code, uint32_t element, PlaceId at) {
    walk->verdict = (Verdict){.kind = kind, .reply = walk->reply, .element = element, .code = code, .at = at};
    return spot_at(SPOT_STOPPED, walk->spot.kind);
}

void walk_remember(Walk *walk, HopKind kind, uint32_t element, uint32_t subject) {
    g_array_append_vals(walk->hops, &(HopRecord){kind, element, subject}, 1);
}

const Prefix *walk_address(const Walk *walk, Host host) {
    static const Prefix some_public = {.family = 4}, some_public6 = {.family = 6};
    const Party *party = walk_party(walk, host.party);
    if (walk->packet.family == 6)
        return party->address6.family == 6 ? &party->address6 : &some_public6;
    return host.public_side && party->network != NO_NETWORK ? &some_public : &party->address;
}

static bool endpoint_listens(const Reach *reach, const Party *party, uint8_t protocol, uint16_t port) {
    for (uint32_t i = 0; i < reach->model->endpoint_count; i++) {
        const Endpoint *endpoint = &reach->model->endpoints[i];
        for (uint32_t s = 0; endpoint->component == party->id && s < endpoint->service_count; s++)
            if (party_listens(reach, &reach->parties[reach->first_class[endpoint->services[s]]], protocol, port))
                return true;
    }
    return false;
}

/* The provider's own services answer where no port is declared; so does the internet at large. */
bool party_listens(const Reach *reach, const Party *party, uint8_t protocol, uint16_t port) {
    if (party->component == NULL)
        return true;
    const Component *component = party->component;
    bool silent = component->listens.count == 0;
    Attachment at = component->kind->passage.attachment;
    if (silent && (at == ATTACH_EDGE || at == ATTACH_SERVICE))
        return true;
    if (silent && party->kind == PARTY_ENDPOINT)
        return endpoint_listens(reach, party, protocol, port);
    return ports_contain(&component->listens, (Protocol)protocol, port);
}

Spot walk_deliver(Walk *walk) {
    uint32_t id = walk->spot.id;
    const Party *party = walk_party(walk, id);
    uint32_t element;
    if (walk->reply) {
        walk_hop(walk, HOP_BACK, 0, id);
    } else if (party->kind == PARTY_SERVICE && !service_lets_in(walk, party, &element)) {
        return walk_stop(walk, VERDICT_DENY, "SERVICE_FIREWALL", element, party->place);
    } else if (!host_lets_in(walk, id) || !workloads_let_in(walk, id)) {
        return spot_at(SPOT_STOPPED, 0);
    } else if (!walk->unfiltered && !walk->beneath &&
               !party_listens(walk->reach, party, walk->packet.protocol, walk->port)) {
        return walk_stop(walk, VERDICT_DENY, "LISTENER_MISSING", party->element, party->place);
    } else {
        walk_hop(walk, HOP_LISTENS, 0, id);
    }
    return spot_at(SPOT_ARRIVED, id);
}

/* ---- common steps --------------------------------------------------------------------------------------------------
 */
static Spot outside_leave(Walk *walk) {
    walk_hop(walk, HOP_LEAVES, 0, walk->spot.id);
    if (walk->endpoint != NO_JOIN) /* the request came through it, or directly */
        return spot_at(SPOT_ENDPOINT, walk->endpoint);
    if (walk->directly)
        return spot_at(SPOT_ENTER_SUBNET, walk->packet.to.party);
    return spot_at(SPOT_INTERNET, 0);
}

static Spot internet_pass(Walk *walk) {
    const Party *to = walk_party(walk, walk->packet.to.party);
    walk->middlebox = true; /* by IPv6 addresses stay what they are, but nobody's groups are known out there */
    walk_hop(walk, HOP_INTERNET, 0, 0);
    return to->network == NO_NETWORK ? spot_at(SPOT_ENTER_HOST, walk->packet.to.party)
                                     : spot_at(SPOT_GATEWAY_IN, to->network);
}

static Spot (*const common_step[SPOT_KINDS])(Walk *) = {
    [SPOT_LEAVE_HOST] = outside_leave, [SPOT_INTERNET] = internet_pass,
    [SPOT_PEERING] = gateways_peering, [SPOT_PRIVATE_OUT] = gateways_private_out,
    [SPOT_LINE] = gateways_line,       [SPOT_PRIVATE_IN] = gateways_private_in,
    [SPOT_HUB] = hubs_cross,           [SPOT_ENDPOINT] = gateways_endpoint,
    [SPOT_ENTER_HOST] = walk_deliver,
};

Spot walk_route_from(Walk *walk, const Party *party, uint32_t subject) {
    const ProviderRules *rules = walk->reach->rules[party->network];
    return rules->route != NULL ? rules->route(walk, party, subject) : spot_at(SPOT_ENTER_SUBNET, subject);
}

/* ---- the driver ----------------------------------------------------------------------------------------------------
 */
static bool spot_has_party(SpotKind kind) {
    return kind <= SPOT_ROUTER || kind == SPOT_ENTER_SUBNET || kind == SPOT_ENTER_HOST;
}

static uint32_t spot_network(const Walk *walk, Spot spot) {
    if (spot_has_party(spot.kind))
        return walk_party(walk, spot.id)->network;
    if (spot.kind == SPOT_GATEWAY_OUT || spot.kind == SPOT_GATEWAY_IN || spot.kind == SPOT_EGRESS_ONLY ||
        spot.kind == SPOT_PRIVATE_OUT || spot.kind == SPOT_PRIVATE_IN)
        return spot.id;
    return spot.kind == SPOT_INTERNET ? NO_NETWORK : walk->network;
}

static PlaceId spot_place(const Walk *walk, Spot spot) {
    if (spot_has_party(spot.kind))
        return walk_party(walk, spot.id)->place;
    return walk->network == NO_NETWORK ? NO_PLACE : walk->reach->model->networks[walk->network].region;
}

/* Whatever the element is, nothing passes where a place is down, a link is cut or a component is cut off. False: the
 * walk has stopped. */
bool walk_enter(Walk *walk) {
    const Model *model = walk->reach->model;
    Spot spot = walk->spot;
    walk->network = spot_network(walk, spot);
    PlaceId place = spot_place(walk, spot), dark = netstate_dark(walk->state, place);
    if (dark != NO_PLACE) {
        walk->spot = walk_stop(walk, VERDICT_NO_PATH, "BAD_STATE", model->places[dark].element, dark);
    } else if (spot_has_party(spot.kind)) {
        const Party *party = walk_party(walk, spot.id);
        bool at_host = spot.kind == SPOT_LEAVE_HOST || spot.kind == SPOT_ENTER_HOST;
        if (walk->interface != place && netstate_severed(walk->state, walk->interface, place))
            walk->spot = walk_stop(walk, VERDICT_NO_PATH, "LINK_CUT", 0, place);
        else if (at_host && (!walk->unfiltered || gateways_passes(party)) && party->component != NULL &&
                 walk->state->isolated[party->id])
            walk->spot = walk_stop(walk, VERDICT_DENY, "ISOLATED", party->element, party->place);
        walk->interface = place;
    }
    return walk->spot.kind != SPOT_STOPPED;
}

/* The provider's own, where it has one. */
static Spot (*step_of(const Walk *walk))(Walk *) {
    SpotKind kind = walk->spot.kind;
    Spot (*own)(Walk *) = walk->network == NO_NETWORK ? NULL : walk->reach->rules[walk->network]->step[kind];
    Spot (*step)(Walk *) = own != NULL ? own : common_step[kind];
    BUG_IF(step == NULL, "nobody knows this step");
    return step;
}

static bool walk_go(Walk *walk, uint32_t from) {
    walk->interface = NO_PLACE;
    walk->spot = spot_at(SPOT_LEAVE_HOST, from);
    for (int steps = 0; walk->spot.kind < SPOT_ARRIVED && walk_enter(walk); steps++) {
        if (steps == 0 && !walk->reply && !kubernetes_lets_out(walk, from, false)) {
            walk->spot = spot_at(SPOT_STOPPED, 0);
            break;
        }
        if (steps == STEPS_MOST) {
            walk->spot = walk_stop(walk, VERDICT_BLACKHOLE, "ROUTING_LOOP", 0, walk->interface);
            break;
        }
        walk->spot = step_of(walk)(walk);
    }
    return walk->spot.kind == SPOT_ARRIVED;
}

void walk_turn(Walk *walk) {
    Packet *packet = &walk->packet;
    bool hidden = packet->from.party == walk->nat;
    packet->first = hidden ? NAT_FIRST : walk->client_first;
    packet->last = hidden ? NAT_LAST : walk->client_last;
    Host server = packet->to;
    packet->to = packet->from;
    packet->from = server;
    if (walk->relay != NO_PARTY && !walk->reach->rules[walk_party(walk, walk->relay)->network]->answers_follow_routes)
        packet->to = (Host){walk->relay, false}; /* the provider takes them back to the balancer by itself */
    walk->reply = true;
    walk->nat_left = walk->nat_count;
}

/* ---- a query -------------------------------------------------------------------------------------------------------
 */
/* The interface of an endpoint that stands for a service in the client's network, or in one that is joined to it and
 * shares names; NO_PARTY: the service's public address is used. */
static uint32_t endpoint_for(const Reach *reach, const Party *client, const Party *service) {
    const Model *model = reach->model;
    uint32_t found = NO_PARTY;
    for (uint32_t i = 0; i < model->endpoint_count && client->network != NO_NETWORK; i++) {
        const Endpoint *endpoint = &model->endpoints[i];
        bool own = endpoint->network == client->network;
        bool named =
            own ? endpoint->facts.names != NAMES_NOBODY
                : endpoint->facts.names == NAMES_JOINED && networks_joined(reach, endpoint->network, client->network);
        for (uint32_t s = 0; !endpoint->by_route && named && s < endpoint->service_count; s++)
            if (endpoint->services[s] == service->id && (own || found == NO_PARTY))
                found = interface_in(reach, endpoint->component, client->place);
        if (own && found != NO_PARTY && reach->parties[found].network == client->network)
            return found;
    }
    return found;
}

/* The address a client uses: the private one within a network and into a joined one, or when there is no other. From
 * outside, a party without a public address is known by its NAT gateway's, if by any. */
static Host server_host(const Reach *reach, uint32_t from, uint32_t to, bool by_public, uint8_t family) {
    const Party *client = &reach->parties[from], *server = &reach->parties[to];
    if (server->kind == PARTY_SERVICE && !by_public && family != 6) {
        uint32_t endpoint = endpoint_for(reach, client, server);
        if (endpoint != NO_PARTY)
            return (Host){endpoint, false};
    }
    if (server->network == NO_NETWORK)
        return (Host){to, true};
    if (family == 6)
        return (Host){to, false}; /* its only address, wherever it is seen from */
    if (client->network != NO_NETWORK && !by_public) {
        bool joined = networks_joined(reach, client->network, server->network);
        return (Host){to, !joined && server->public_address};
    }
    return (Host){server->public_address || server->exit == NO_PARTY ? to : server->exit, true};
}

/* Names are answered beside the network: no route, no filter. Only what is down or cut off stands in the way. */
static bool walk_name(Walk *walk, uint32_t from, uint32_t to) {
    const Party *asker = walk_party(walk, from), *server = walk_party(walk, to);
    walk->interface = NO_PLACE;
    walk->spot = spot_at(SPOT_LEAVE_HOST, from);
    if (!walk_enter(walk) || !kubernetes_lets_out(walk, from, true))
        return false;
    const ProviderRules *rules = asker->network != NO_NETWORK ? walk->reach->rules[asker->network] : NULL;
    if (rules != NULL && rules->names_stop != NULL && rules->names_stop(walk, asker))
        return false;
    walk->spot = spot_at(SPOT_ENTER_HOST, to);
    if (!walk_enter(walk))
        return false;
    walk->reply = true;
    if (netstate_severed(walk->state, server->place, asker->place))
        walk->spot = walk_stop(walk, VERDICT_NO_PATH, "LINK_CUT", 0, asker->place);
    walk_hop(walk, HOP_NAME, 0, to);
    return walk->spot.kind != SPOT_STOPPED;
}

/* Whoever is on the internet has addresses of both families. */
static bool speaks(const Party *party, uint8_t family) {
    return family != 6 || party->network == NO_NETWORK || party->address6.family == 6;
}

static bool is_no_end(const Party *party) { return party->kind == PARTY_LOOSE || party->kind == PARTY_LINK; }

static bool walk_run(Walk *walk, uint32_t from, uint32_t to, uint32_t *there) {
    const Party *client = walk_party(walk, from), *server = walk_party(walk, to);
    const Party *loose = is_no_end(client) ? client : is_no_end(server) ? server : NULL;
    if (loose != NULL) {
        walk_stop(walk, VERDICT_NO_ROUTE, "UNASSOCIATED_COMPONENT", loose->element, loose->place);
        return false;
    }
    if (client->kind == PARTY_NAT || client->kind == PARTY_ENDPOINT) {
        const char *code = client->kind == PARTY_NAT ? "NAT_NO_SESSION" : "VPCE_INTRA_VPC_TRAFFIC";
        walk_stop(walk, VERDICT_DENY, code, client->element, client->place); /* begins nothing by itself */
        return false;
    }
    const Party *lacks = !speaks(client, walk->packet.family)   ? client
                         : !speaks(server, walk->packet.family) ? server
                                                                : NULL;
    if (lacks != NULL) {
        walk_stop(walk, VERDICT_NO_ROUTE, "IPV6_ADDRESS_MISSING", lacks->element, lacks->place);
        return false;
    }
    uint32_t overlay = walk->beneath || walk->directly ? NO_JOIN : overlay_between(walk->reach, client, server);
    if (overlay != NO_JOIN)
        return overlay_walk(walk, overlay, from, to, there);
    if (walk->packet.family == 6)
        walk_hop(walk, HOP_FAMILY6, 0, from);
    if (egress_stops(walk, client, server))
        return false;
    bool arrived = server->kind == PARTY_NAME ? walk_name(walk, from, to) : walk_go(walk, from);
    *there = walk->hops != NULL ? walk->hops->len : 0;
    if (!arrived || server->kind == PARTY_NAME)
        return arrived;
    walk_turn(walk);
    return walk_go(walk, walk->packet.from.party) && middleboxes_end(walk);
}

/* The ports that it connects from. */
static void client_range(const Party *party, uint16_t *first, uint16_t *last) {
    const Component *component = party->component;
    bool known = component != NULL && component->client_first != 0;
    *first = known ? component->client_first : CLIENT_PORTS_FIRST;
    *last = known ? component->client_last : CLIENT_PORTS_LAST;
}

/* Who is seen behind a balancer that keeps the client's address: the client when the query names one, else anybody out
 * there when the balancer is public, else somebody where it stands itself. */
static Host client_behind(const Reach *reach, const Query *query, uint32_t balancer) {
    bool open = reach->parties[balancer].public_address;
    if (query->on_behalf == 0)
        return open ? (Host){party_of_class(reach, CLASS_INTERNET), true} : (Host){balancer, false};
    uint32_t client = party_of_class(reach, query->on_behalf - 1);
    return (Host){client, open || reach->parties[client].network == NO_NETWORK};
}

static void walk_init(Walk *walk, const Reach *reach, const NetState *state, const Query *query, uint8_t family) {
    uint32_t from = party_of_class(reach, query->from), to = party_of_class(reach, query->to);
    BUG_IF(from > reach->class_count || to > reach->class_count, "no such class");
    memset(walk, 0, offsetof(Walk, nats));
    walk->reach = reach;
    walk->state = state;
    walk->port = query->port;
    walk->method = query->method;
    walk->path = query->path;
    walk->seized = query->seized;
    walk->beneath = query->beneath;
    walk->unguarded = query->unguarded;
    walk->nat = NO_PARTY;
    walk->egress = NO_NETWORK;
    walk->endpoint = walk->attachment = NO_JOIN;
    walk->service = NO_PARTY;
    client_range(&reach->parties[from], &walk->client_first, &walk->client_last);
    if (query->client_port != 0)
        walk->client_first = walk->client_last = query->client_port;
    walk->client = from;
    walk->server = to;
    bool relays = reach->parties[from].relays && from != to && /* targets stand in the balancer's own network */
                  reach->parties[from].network == reach->parties[to].network;
    walk->relay = relays && !query->probe ? from : NO_PARTY;
    walk->probe = relays && query->probe;
    walk->packet = (Packet){.from = {from, reach->parties[from].network == NO_NETWORK},
                            .to = server_host(reach, from, to, query->by_public_address, family),
                            .protocol = (uint8_t)query->protocol,
                            .family = family,
                            .first = query->port,
                            .last = query->port};
    if (walk->relay != NO_PARTY)
        walk->packet.from = client_behind(reach, query, from);
    if (reach->parties[to].kind == PARTY_SERVICE && walk->packet.to.party != to)
        walk->service = to;
}

static Verdict walk_whole(Walk *walk, const Query *query, uint32_t *there) {
    uint32_t unwanted;
    if (walk_run(walk, party_of_class(walk->reach, query->from), party_of_class(walk->reach, query->to),
                 there ? there : &unwanted))
        walk->verdict = (Verdict){.kind = VERDICT_REACH, .element = walk->allowed_by, .code = "", .at = NO_PLACE};
    return walk->verdict;
}

/* Both ends have addresses of both families, and may choose. */
static bool may_choose(const Reach *reach, const Query *query) {
    const Party *client = &reach->parties[party_of_class(reach, query->from)],
                *server = &reach->parties[party_of_class(reach, query->to)];
    return query->family == 0 && server->kind != PARTY_NAME && speaks(client, 6) && speaks(server, 6) &&
           (client->network != NO_NETWORK || server->network != NO_NETWORK);
}

uint8_t walk_family(const Reach *reach, const NetState *state, const Query *query) {
    if (!may_choose(reach, query))
        return query->family == 6 ? 6 : 4;
    Walk four;
    walk_init(&four, reach, state, query, 4);
    if (walk_whole(&four, query, NULL).kind == VERDICT_REACH)
        return 4;
    Walk six;
    walk_init(&six, reach, state, query, 6);
    return walk_whole(&six, query, NULL).kind == VERDICT_REACH ? 6 : 4;
}

Verdict walk_query(const Reach *reach, const NetState *state, const Query *query, GArray *hops, uint32_t *there) {
    Walk walk;
    walk_init(&walk, reach, state, query, walk_family(reach, state, query));
    walk.hops = hops;
    return walk_whole(&walk, query, there);
}

Verdict walk_ended(const Reach *reach, const NetState *state, const Query *query, Walk *walk) {
    walk_init(walk, reach, state, query, walk_family(reach, state, query));
    return walk_whole(walk, query, NULL);
}

Verdict walk_asking(const Reach *reach, const NetState *state, Query query) {
    Walk walk;
    walk_init(&walk, reach, state, &query, walk_family(reach, state, &query));
    walk.asking = true;
    return walk_whole(&walk, &query, NULL);
}

/* AWS EC2 user guide, "security-group-connection-tracking": what is always tracked. */
static Remembered remembered_by(const Walk *walk, const Query *query) {
    const Party *server = walk_party(walk, party_of_class(walk->reach, query->to));
    if (walk->hub)
        return (Remembered){"a transit gateway stands in the way", NO_NETWORK};
    if (walk->appliance)
        return (Remembered){"an appliance stands in the way", NO_NETWORK};
    if (server->relays || walk_party(walk, walk->client)->relays)
        return (Remembered){"a balancer that keeps the client's address stands in the way", NO_NETWORK};
    if (server->kind == PARTY_ENDPOINT || (walk->service != NO_PARTY && walk->endpoint == NO_JOIN))
        return (Remembered){"an interface endpoint stands in the way", NO_NETWORK};
    if (walk->nat != NO_PARTY)
        return (Remembered){"a NAT gateway stands in the way", walk_party(walk, walk->nat)->network};
    if (walk->egress != NO_NETWORK)
        return (Remembered){"an egress-only gateway stands in the way", walk->egress};
    return (Remembered){NULL, NO_NETWORK};
}

Verdict walk_remembered(const Reach *reach, const NetState *state, const Query *query, Remembered *remembered) {
    Walk walk;
    walk_init(&walk, reach, state, query, walk_family(reach, state, query));
    walk_whole(&walk, query, NULL);
    *remembered = remembered_by(&walk, query);
    return walk.verdict;
}

Verdict walk_established(const Reach *reach, const NetState *before, const NetState *now, const Query *query,
                         Remembered remembered) {
    Walk walk;
    walk_init(&walk, reach, now, query, walk_family(reach, before, query));
    walk.before = before;
    walk.remembered = remembered;
    return walk_whole(&walk, query, NULL);
}

bool walk_path(const Reach *reach, const NetState *state, ClassId from, ClassId to, Service service, uint8_t family,
               bool *translated) {
    Query query = {.from = from, .to = to, .protocol = service.protocol, .port = service.port};
    Walk walk;
    walk_init(&walk, reach, state, &query, family);
    uint32_t unwanted;
    walk.unfiltered = true;
    uint32_t n = reach->parties[party_of_class(reach, from)].network,
             m = reach->parties[party_of_class(reach, to)].network;
    bool open = walk_run(&walk, party_of_class(reach, from), party_of_class(reach, to), &unwanted);
    *translated =
        walk.nat != NO_PARTY || walk.appliance || walk.border || (walk.middlebox && networks_peered(reach, n, m));
    return open;
}

bool walk_from_nat(const Reach *reach, const NetState *state, ClassId server, Service service) {
    Query query = {.from = CLASS_INTERNET, .to = server, .protocol = service.protocol, .port = service.port};
    Walk walk;
    walk_init(&walk, reach, state, &query, 4);
    uint32_t unwanted;
    walk.client_first = NAT_FIRST;
    walk.client_last = NAT_LAST;
    return walk_run(&walk, party_of_class(reach, CLASS_INTERNET), server, &unwanted);
}

uint32_t walk_exit(const Reach *reach, const NetState *state, ClassId from) {
    static const Prefix anywhere = {.family = 4};
    const Party *party = &reach->parties[from];
    const Route *route = route_find(reach, state, party->routes, &anywhere, NULL);
    bool known = route == NULL ||
                 (route->target == ROUTE_INTERNET_GATEWAY && reach->model->networks[party->network].site == NO_SITE) ||
                 route->target == ROUTE_BLACKHOLE;
    uint32_t gateway = NO_PARTY;
    if (!known && route->target == ROUTE_INTERFACE)
        gateway = interface_in(reach, route->via, party->place);
    if (known || (gateway != NO_PARTY && reach->parties[gateway].kind == PARTY_NAT))
        return gateway;
    Query query = {.from = from, .to = CLASS_INTERNET, .protocol = PROTOCOL_TCP, .port = 443};
    Walk walk;
    walk_init(&walk, reach, state, &query, 4);
    walk.unfiltered = true;
    walk_go(&walk, from);
    return walk.nat;
}
