/* walk.c - follows one connection: the driver, and the steps that are the same for every provider. */
#include "reach/walk.h"

#include "base/bug.h"

enum {
    STEPS_MOST = 64, /* no way through the elements there are is longer */
    EPHEMERAL_FIRST = 32768,
    EPHEMERAL_LAST = 60999, /* Linux, net.ipv4.ip_local_port_range */
    NAT_FIRST = 1024,
    NAT_LAST = 65535 /* a NAT gateway's, semantics B.2 */
};

/* ---- for steps -----------------------------------------------------------------------------------------------------
 */
Spot walk_stop(Walk *walk, VerdictKind kind, const char *code, uint32_t element, PlaceId at) {
    walk->verdict = (Verdict){.kind = kind, .reply = walk->reply, .element = element, .code = code, .at = at};
    return spot_at(SPOT_STOPPED, 0);
}

void walk_remember(Walk *walk, HopKind kind, uint32_t element, uint32_t subject) {
    g_array_append_vals(walk->hops, &(HopRecord){kind, element, subject}, 1);
}

const Prefix *walk_address(const Walk *walk, Host host) {
    static const Prefix some_public = {.family = 4};
    const Party *party = walk_party(walk, host.party);
    return host.public_side && party->network != NO_NETWORK ? &some_public : &party->address;
}

/* The provider's own services answer where no port is declared; so does the internet at large. */
static bool party_listens(const Party *party, uint8_t protocol, uint16_t port) {
    if (party->component == NULL)
        return true;
    const Component *component = party->component;
    if (component->listens.count == 0 && component->kind->passage.attachment == ATTACH_EDGE)
        return true;
    return ports_contain(&component->listens, (Protocol)protocol, port);
}

Spot walk_deliver(Walk *walk) {
    uint32_t id = walk->spot.id;
    const Party *party = walk_party(walk, id);
    if (walk->reply) {
        walk_hop(walk, HOP_BACK, 0, id);
    } else if (!walk->unfiltered && !party_listens(party, walk->packet.protocol, walk->port)) {
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
    return spot_at(SPOT_INTERNET, 0);
}

static Spot internet_pass(Walk *walk) {
    const Party *to = walk_party(walk, walk->packet.to.party);
    walk_hop(walk, HOP_INTERNET, 0, 0);
    return to->network == NO_NETWORK ? spot_at(SPOT_ENTER_HOST, walk->packet.to.party)
                                     : spot_at(SPOT_GATEWAY_IN, to->network);
}

static Spot (*const common_step[SPOT_KINDS])(Walk *) = {
    [SPOT_LEAVE_HOST] = outside_leave,
    [SPOT_INTERNET] = internet_pass,
    [SPOT_ENTER_HOST] = walk_deliver,
};

/* ---- the driver ----------------------------------------------------------------------------------------------------
 */
static bool spot_has_party(SpotKind kind) {
    return kind <= SPOT_ROUTER || kind == SPOT_ENTER_SUBNET || kind == SPOT_ENTER_HOST;
}

static uint32_t spot_network(const Walk *walk, Spot spot) {
    if (spot_has_party(spot.kind))
        return walk_party(walk, spot.id)->network;
    if (spot.kind == SPOT_GATEWAY_OUT || spot.kind == SPOT_GATEWAY_IN)
        return spot.id;
    return spot.kind == SPOT_PEERING ? walk->network : NO_NETWORK;
}

static PlaceId spot_place(const Walk *walk, Spot spot) {
    if (spot_has_party(spot.kind))
        return walk_party(walk, spot.id)->place;
    return walk->network == NO_NETWORK ? NO_PLACE : walk->reach->model->networks[walk->network].region;
}

/* Whatever the element is, nothing passes where a place is down, a link is cut or a component is cut off. False: the
 * walk has stopped. */
static bool spot_enter(Walk *walk) {
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
        else if (at_host && !walk->unfiltered && party->component != NULL && walk->state->isolated[party->id])
            walk->spot = walk_stop(walk, VERDICT_DENY, "ISOLATED", party->element, party->place);
        walk->interface = place;
    }
    return walk->spot.kind != SPOT_STOPPED;
}

static bool walk_go(Walk *walk, uint32_t from) {
    walk->interface = NO_PLACE;
    walk->spot = spot_at(SPOT_LEAVE_HOST, from);
    for (int steps = 0; walk->spot.kind < SPOT_ARRIVED && spot_enter(walk); steps++) {
        BUG_IF(steps == STEPS_MOST, "a packet goes round in circles");
        walk->spot = (walk->network == NO_NETWORK ? common_step
                                                  : walk->reach->rules[walk->network]->step)[walk->spot.kind](walk);
    }
    return walk->spot.kind == SPOT_ARRIVED;
}

/* The answer starts where the request ended, to the address that the server saw. */
static void walk_turn(Walk *walk) {
    Packet *packet = &walk->packet;
    bool hidden = packet->from.party == walk->nat;
    packet->first = hidden ? NAT_FIRST : walk->client_first;
    packet->last = hidden ? NAT_LAST : walk->client_last;
    Host server = packet->to;
    packet->to = packet->from;
    packet->from = server;
    walk->reply = true;
}

/* ---- a query -------------------------------------------------------------------------------------------------------
 */
bool networks_joined(const Model *model, uint32_t a, uint32_t b) {
    if (a == b)
        return true;
    for (uint32_t i = 0; i < model->peering_count; i++) {
        const Peering *peering = &model->peerings[i];
        if ((peering->a == a && peering->b == b) || (peering->a == b && peering->b == a))
            return true;
    }
    return false;
}

/* The address a client uses: the private one within a network and into a joined one, or when there is no other. From
 * outside, a party without a public address is known by its NAT gateway's, if by any. */
static Host server_host(const Reach *reach, uint32_t from, uint32_t to, bool by_public) {
    const Party *client = &reach->parties[from], *server = &reach->parties[to];
    if (server->network == NO_NETWORK)
        return (Host){to, true};
    if (client->network != NO_NETWORK && !by_public) {
        bool joined = networks_joined(reach->model, client->network, server->network);
        return (Host){to, !joined && server->public_address};
    }
    return (Host){server->public_address || server->exit == NO_PARTY ? to : server->exit, true};
}

/* Names are answered beside the network: no route, no filter. Only what is down or cut off stands in the way. */
static bool walk_name(Walk *walk, uint32_t from, uint32_t to) {
    const Party *asker = walk_party(walk, from), *server = walk_party(walk, to);
    walk->interface = NO_PLACE;
    walk->spot = spot_at(SPOT_LEAVE_HOST, from);
    if (!spot_enter(walk))
        return false;
    walk->spot = spot_at(SPOT_ENTER_HOST, to);
    if (!spot_enter(walk))
        return false;
    walk->reply = true;
    if (netstate_severed(walk->state, server->place, asker->place))
        walk->spot = walk_stop(walk, VERDICT_NO_PATH, "LINK_CUT", 0, asker->place);
    walk_hop(walk, HOP_NAME, 0, to);
    return walk->spot.kind != SPOT_STOPPED;
}

static bool walk_run(Walk *walk, uint32_t from, uint32_t to, uint32_t *there) {
    const Party *client = walk_party(walk, from), *server = walk_party(walk, to);
    const Party *loose = client->kind == PARTY_LOOSE ? client : server->kind == PARTY_LOOSE ? server : NULL;
    if (loose != NULL) {
        walk_stop(walk, VERDICT_NO_ROUTE, "UNASSOCIATED_COMPONENT", loose->element, loose->place);
        return false;
    }
    bool arrived = server->kind == PARTY_NAME ? walk_name(walk, from, to) : walk_go(walk, from);
    *there = walk->hops != NULL ? walk->hops->len : 0;
    if (!arrived || server->kind == PARTY_NAME)
        return arrived;
    walk_turn(walk);
    return walk_go(walk, walk->packet.from.party);
}

static Walk walk_new(const Reach *reach, const NetState *state, const Query *query) {
    uint32_t from = party_of_class(reach, query->from), to = party_of_class(reach, query->to);
    BUG_IF(from > reach->class_count || to > reach->class_count, "no such class");
    Walk walk = {.reach = reach, .state = state, .port = query->port, .nat = NO_PARTY};
    walk.client_first = query->client_port != 0 ? query->client_port : EPHEMERAL_FIRST;
    walk.client_last = query->client_port != 0 ? query->client_port : EPHEMERAL_LAST;
    walk.packet = (Packet){.from = {from, reach->parties[from].network == NO_NETWORK},
                           .to = server_host(reach, from, to, query->by_public_address),
                           .protocol = (uint8_t)query->protocol,
                           .first = query->port,
                           .last = query->port};
    return walk;
}

Verdict walk_query(const Reach *reach, const NetState *state, const Query *query, GArray *hops, uint32_t *there) {
    uint32_t unwanted;
    Walk walk = walk_new(reach, state, query);
    walk.hops = hops;
    if (walk_run(&walk, party_of_class(reach, query->from), party_of_class(reach, query->to),
                 there ? there : &unwanted))
        walk.verdict = (Verdict){.kind = VERDICT_REACH, .element = walk.allowed_by, .code = "", .at = NO_PLACE};
    return walk.verdict;
}

bool walk_path(const Reach *reach, const NetState *state, ClassId from, ClassId to, Service service, bool *translated) {
    Query query = {.from = from, .to = to, .protocol = service.protocol, .port = service.port};
    Walk walk = walk_new(reach, state, &query);
    uint32_t unwanted;
    walk.unfiltered = true;
    bool open = walk_run(&walk, party_of_class(reach, from), party_of_class(reach, to), &unwanted);
    *translated = walk.nat != NO_PARTY;
    return open;
}

bool walk_from_nat(const Reach *reach, const NetState *state, ClassId server, Service service) {
    Query query = {.from = CLASS_INTERNET, .to = server, .protocol = service.protocol, .port = service.port};
    Walk walk = walk_new(reach, state, &query);
    uint32_t unwanted;
    walk.client_first = NAT_FIRST;
    walk.client_last = NAT_LAST;
    return walk_run(&walk, party_of_class(reach, CLASS_INTERNET), server, &unwanted);
}
