/* overlays.c - networks of one's own: an agent on each machine keeps a tunnel open to a node, and nodes keep some to
 * each other.
 *
 * What machines of different networks send each other goes from agent to agent. The networks beneath see tunnels: each
 * is a connection like any other, opened by the machine, so it must be let through there and back; between two nodes
 * either may open it. What is inside is seen by the two ends only: no route, group or list on the way is asked about
 * it, but the machine's own rules are. A machine uses the first node that works and that it gets a tunnel to: of its
 * own zone, of its own network, then any other. Without one its agent has no route. Source: WireGuard's description
 * of its protocol (one port of UDP at the node; keepalives hold the way back open). */
#include <stdlib.h>

#include "reach/gateways.h"

static int compare_ids(const void *a, const void *b) {
    ComponentId x = *(const ComponentId *)a, y = *(const ComponentId *)b;
    return (x > y) - (x < y);
}

static bool joins(const Join *overlay, ComponentId id) {
    return bsearch(&id, overlay->members, overlay->member_count, sizeof id, compare_ids) != NULL;
}

void overlays_init(Reach *reach) {
    const Model *model = reach->model;
    for (uint32_t j = 0; j < model->join_count; j++)
        for (uint32_t i = 0; i < reach->class_count; i++)
            reach->parties[i].member = reach->parties[i].member || joins(&model->joins[j], reach->parties[i].id);
}

uint32_t overlay_between(const Reach *reach, const Party *client, const Party *server) {
    const Model *model = reach->model;
    if (!client->member || client->network == server->network)
        return NO_JOIN;
    for (uint32_t j = 0; j < model->join_count; j++)
        if (joins(&model->joins[j], client->id) && joins(&model->joins[j], server->id))
            return j;
    return NO_JOIN;
}

/* ---- tunnels -------------------------------------------------------------------------------------------------------
 */
/* What stood in the way, if anything did: kept to be told. */
typedef struct {
    bool none_works;
    Verdict refused;
} Trouble;

static bool is_working(const Walk *walk, uint32_t id) {
    const Reach *reach = walk->reach;
    const Component *component = walk_party(walk, id)->component;
    bool works = false;
    for (uint32_t u = component->first_unit; u < component->first_unit + component->unit_count; u++)
        works = works || (reach->class_of_unit[u] == id && !netstate_unit_is_down(walk->state, u));
    return works && netstate_dark(walk->state, walk_party(walk, id)->place) == NO_PLACE;
}

/* A machine's own agent needs no tunnel to itself. */
static bool tunnel_opens(const Walk *walk, const Join *overlay, uint32_t from, uint32_t to, Trouble *trouble) {
    Query query = {.from = from,
                   .to = to,
                   .protocol = (Protocol)overlay->facts.carrier_protocol,
                   .port = overlay->facts.carrier_port,
                   .beneath = true};
    Verdict verdict = {.kind = VERDICT_REACH};
    if (from != to)
        verdict = walk_query(walk->reach, walk->state, &query, NULL, NULL);
    if (verdict.kind != VERDICT_REACH && trouble->refused.kind == VERDICT_REACH)
        trouble->refused = verdict;
    return verdict.kind == VERDICT_REACH;
}

static bool tunnel_stands(const Walk *walk, const Join *overlay, uint32_t a, uint32_t b, Trouble *trouble) {
    return tunnel_opens(walk, overlay, a, b, trouble) || tunnel_opens(walk, overlay, b, a, trouble);
}

/* ---- nodes ---------------------------------------------------------------------------------------------------------
 */
/* 0: of the machine's own zone; 1: of its network; 2: elsewhere. */
static int remoteness(const Walk *walk, const Party *machine, const Party *node) {
    const Place *places = walk->reach->model->places;
    if (machine->network != node->network)
        return 2;
    return places[machine->place].parent == places[node->place].parent ? 0 : 1;
}

/* The next node of that remoteness that works, after `after` (a party; NO_PARTY: from the first on), as written. */
static uint32_t node_next(const Walk *walk, const Join *overlay, uint32_t machine, int remote, uint32_t after) {
    const Reach *reach = walk->reach;
    bool passed = after == NO_PARTY;
    for (uint32_t n = 0; n < overlay->node_count; n++)
        for (uint32_t i = reach->first_class[overlay->nodes[n]]; class_is_of(reach, i, overlay->nodes[n]); i++) {
            if (passed && remoteness(walk, walk_party(walk, machine), walk_party(walk, i)) == remote &&
                is_working(walk, i))
                return i;
            passed = passed || i == after;
        }
    return NO_PARTY;
}

typedef struct {
    uint32_t party;
    int remote;
} NodeAt;

/* Walks through all nodes from near to far; party NO_PARTY when there are no more. */
static NodeAt node_after(const Walk *walk, const Join *overlay, uint32_t machine, NodeAt at) {
    at.party = node_next(walk, overlay, machine, at.remote, at.party);
    while (at.party == NO_PARTY && at.remote < 2)
        at.party = node_next(walk, overlay, machine, ++at.remote, NO_PARTY);
    return at;
}

static const NodeAt before_all = {NO_PARTY, 0};

/* The node of the server that the node `near` gets on to; NO_PARTY: none. */
static uint32_t far_node(const Walk *walk, const Join *overlay, uint32_t near, uint32_t server, Trouble *trouble) {
    NodeAt far = node_after(walk, overlay, server, before_all);
    while (far.party != NO_PARTY && !(tunnel_opens(walk, overlay, server, far.party, trouble) &&
                                      tunnel_stands(walk, overlay, near, far.party, trouble)))
        far = node_after(walk, overlay, server, far);
    return far.party;
}

/* By which nodes the two machines are joined; false: by none. */
static bool nodes_find(const Walk *walk, const Join *overlay, uint32_t client, uint32_t server, uint32_t nodes[2],
                       Trouble *trouble) {
    NodeAt near = node_after(walk, overlay, client, before_all);
    trouble->none_works = near.party == NO_PARTY || gateways_is_down(walk, overlay->component);
    for (; !trouble->none_works && near.party != NO_PARTY; near = node_after(walk, overlay, client, near)) {
        if (!tunnel_opens(walk, overlay, client, near.party, trouble))
            continue;
        nodes[0] = near.party;
        nodes[1] = far_node(walk, overlay, near.party, server, trouble);
        if (nodes[1] != NO_PARTY)
            return true;
    }
    return false;
}

/* ---- the way -------------------------------------------------------------------------------------------------------
 */
static bool host_stands(Walk *walk, SpotKind kind, uint32_t party) {
    walk->interface = NO_PLACE; /* links are the tunnels' affair */
    walk->spot = spot_at(kind, party);
    return walk_enter(walk);
}

static void nodes_hop(Walk *walk, uint32_t overlay, const uint32_t nodes[2]) {
    walk_hop(walk, HOP_OVERLAY, walk->reach->model->joins[overlay].element, overlay);
    for (int i = 0; i < (nodes[0] == nodes[1] ? 1 : 2); i++)
        walk_hop(walk, HOP_OVERLAY_NODE, walk_party(walk, nodes[i])->element, nodes[i]);
}

static bool no_tunnel(Walk *walk, const Join *overlay, uint32_t from, const Trouble *trouble) {
    const char *code = trouble->none_works ? "OVERLAY_NODE_DOWN" : "OVERLAY_NODE_UNREACHABLE";
    uint32_t element = trouble->none_works ? overlay->element : trouble->refused.element;
    walk->spot = walk_stop(walk, VERDICT_NO_ROUTE, code, element, walk_party(walk, from)->place);
    return false;
}

bool overlay_walk(Walk *walk, uint32_t overlay, uint32_t from, uint32_t to, uint32_t *there) {
    const Join *join = &walk->reach->model->joins[overlay];
    uint32_t nodes[2];
    Trouble trouble = {0};
    walk->packet.from = (Host){from, false};
    walk->packet.to = (Host){to, false};
    if (egress_stops(walk, walk_party(walk, from), walk_party(walk, to)))
        return false;
    if (!host_stands(walk, SPOT_LEAVE_HOST, from))
        return false;
    walk_hop(walk, HOP_LEAVES, 0, from);
    if (!nodes_find(walk, join, from, to, nodes, &trouble))
        return no_tunnel(walk, join, from, &trouble);
    nodes_hop(walk, overlay, nodes);
    if (!host_stands(walk, SPOT_ENTER_HOST, to) || walk_deliver(walk).kind != SPOT_ARRIVED)
        return false;
    *there = walk->hops != NULL ? walk->hops->len : 0;
    walk_turn(walk);
    nodes_hop(walk, overlay, (uint32_t[2]){nodes[1], nodes[0]});
    walk->spot = spot_at(SPOT_ENTER_HOST, from); /* which stands: it has asked */
    return walk_deliver(walk).kind == SPOT_ARRIVED;
}
