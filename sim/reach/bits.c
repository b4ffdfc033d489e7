/* bits.c - every pair of classes at several services, as bits. */
#include "reach/bits.h"

#include <string.h>

#include "base/bug.h"
#include "reach/access.h"
#include "reach/workloads.h"

/* ---- networks ------------------------------------------------------------------------------------------------------
 */
static void net_number(ReachBits *bits, Net *net, uint32_t network) {
    const Reach *reach = bits->reach;
    GArray *classes = g_array_new(FALSE, FALSE, sizeof(ClassId)), *teams = g_array_new(FALSE, FALSE, sizeof(Team));
    for (ClassId id = 0; id < reach->class_count; id++) {
        if (reach->parties[id].network != network)
            continue;
        Team *last = teams->len > 0 ? &g_array_index(teams, Team, teams->len - 1) : NULL;
        if (last != NULL && reach->rules[network]->lets == NULL && last->component == reach->classes[id].component)
            last->count++;
        else
            g_array_append_vals(teams, &(Team){reach->classes[id].component, classes->len, 1}, 1);
        bits->local[id] = classes->len;
        g_array_append_vals(classes, &id, 1);
    }
    net->count = classes->len;
    net->words = words_for(net->count);
    net->classes = (ClassId *)(void *)g_array_free(classes, FALSE);
    net->team_count = teams->len;
    net->teams = (Team *)(void *)g_array_free(teams, FALSE);
    net->team_of = g_new(uint32_t, net->count + 1);
    for (uint32_t t = 0; t < net->team_count; t++)
        for (uint32_t i = 0; i < net->teams[t].count; i++)
            net->team_of[net->teams[t].first + i] = t;
}

/* Those of one subnet whose ways are alike: ACLs tell apart from which ports clients connect, and gateways are no
 * hosts.
 */
typedef struct {
    PlaceId subnet;
    uint16_t first, last;
    PartyKind kind;
    bool gated, relays, member;
    const Allowlist *allows;
} Corner;

static Corner corner_of(const ReachBits *bits, ClassId id) {
    const Component *component = &bits->reach->model->components[bits->reach->classes[id].component];
    Corner corner = {.subnet = bits->reach->parties[id].place, /* of a site: where that is */
                     .kind = bits->reach->parties[id].kind,
                     .gated = access_gates(bits->reach, id),
                     .relays = bits->reach->parties[id].relays,
                     .member = bits->reach->parties[id].member,
                     .allows = bits->reach->parties[id].allows};
    if (bits->has_acls) {
        corner.first = component->client_first;
        corner.last = component->client_last;
    }
    return corner;
}

static uint32_t corner_number(GArray *corners, Corner corner) {
    uint32_t i = 0;
    for (; i < corners->len; i++) {
        const Corner *at = &g_array_index(corners, Corner, i);
        if (at->subnet == corner.subnet && at->first == corner.first && at->last == corner.last &&
            at->kind == corner.kind && at->relays == corner.relays && at->gated == corner.gated &&
            at->allows == corner.allows && at->member == corner.member)
            return i;
    }
    g_array_append_vals(corners, &corner, 1);
    return i;
}

static void net_subnets(const ReachBits *bits, Net *net) {
    GArray *corners = g_array_new(FALSE, FALSE, sizeof(Corner));
    net->subnet_of = g_new(uint32_t, net->count);
    for (uint32_t i = 0; i < net->count; i++)
        net->subnet_of[i] = corner_number(corners, corner_of(bits, net->classes[i]));
    net->subnet_count = corners->len;
    net->subnets = g_new(PlaceId, net->subnet_count);
    for (uint32_t s = 0; s < net->subnet_count; s++)
        net->subnets[s] = g_array_index(corners, Corner, s).subnet;
    g_array_free(corners, TRUE);
    net->subnet_masks = g_new0(Word, (size_t)net->subnet_count * net->words);
    net->some_class = g_new(ClassId, net->subnet_count);
    for (uint32_t i = 0; i < net->count; i++) {
        bit_set(net->subnet_masks + (size_t)net->subnet_of[i] * net->words, i);
        net->some_class[net->subnet_of[i]] = net->classes[i];
    }
}

static void nets_init(ReachBits *bits) {
    const Model *model = bits->reach->model;
    bits->nets = g_new0(Net, model->network_count);
    bits->local = g_new0(uint32_t, bits->reach->class_count);
    for (uint32_t p = 0; p < model->place_count; p++)
        if (model->places[p].acl != 0)
            bits->nets[model->places[p].network].has_acls = bits->has_acls = true;
    for (ClassId id = 0; id < bits->reach->class_count; id++) {
        const Party *party = &bits->reach->parties[id];
        if (party->network == NO_NETWORK)
            continue;
        Net *net = &bits->nets[party->network];
        net->has_appliances = net->has_appliances || party->kind == PARTY_APPLIANCE;
    }
    for (uint32_t n = 0; n < model->network_count; n++) {
        for (uint32_t i = 0; i < model->site_count; i++)
            bits->nets[n].has_site = bits->nets[n].has_site || networks_joined(bits->reach, n, model->sites[i].network);
        net_number(bits, &bits->nets[n], n);
        net_subnets(bits, &bits->nets[n]);
    }
    bits_acls_init(bits);
}

static void blocks_init(ReachBits *bits) {
    uint32_t count = bits->reach->model->network_count;
    bits->block_of = g_new0(Block *, (size_t)count * count);
    for (uint32_t from = 0; from < count; from++)
        for (uint32_t to = 0; to < count; to++)
            if (networks_joined(bits->reach, from, to))
                bits->block_of[(size_t)from * count + to] = block_new(bits, from, to);
}

/* ---- outside -------------------------------------------------------------------------------------------------------
 */
static Word *outside_row(Word *rows, const ReachBits *bits, uint32_t service, uint32_t outsider) {
    return rows + ((size_t)service * bits->outsider_count + outsider) * bits->party_words;
}

static ClassId class_of_party(const Reach *reach, uint32_t party) {
    return party == reach->class_count ? CLASS_INTERNET : party;
}

static void outside_ask(ReachBits *bits, uint32_t service, uint32_t outsider, uint32_t party) {
    const Reach *reach = bits->reach;
    ClassId out = class_of_party(reach, bits->outsiders[outsider]), other = class_of_party(reach, party);
    Query query = {
        .from = out, .to = other, .protocol = bits->services[service].protocol, .port = bits->services[service].port};
    bit_put(outside_row(bits->outside_to, bits, service, outsider), party,
            reach_verdict(reach, bits->state, query).kind == VERDICT_REACH);
    query.from = other;
    query.to = out;
    bit_put(outside_row(bits->to_outside, bits, service, outsider), party,
            reach_verdict(reach, bits->state, query).kind == VERDICT_REACH);
}

/* To a server a client behind a NAT gateway differs from another public one by its range of ports, which only ACLs see.
 */
static void nat_ask(ReachBits *bits, uint32_t service, ClassId server) {
    const Reach *reach = bits->reach;
    const Party *party = &reach->parties[server];
    Word *row = bits->behind_nat + (size_t)service * bits->party_words;
    bool lets = bit_get(outside_row(bits->outside_to, bits, service, bits->outsider_count - 1), server);
    if (lets && party->network != NO_NETWORK && bits->nets[party->network].has_acls)
        lets = walk_from_nat(reach, bits->state, server, bits->services[service]);
    bit_put(row, server, lets);
}

void bits_ask_outside(ReachBits *bits, uint32_t service, ClassId id) {
    for (uint32_t o = 0; o < bits->outsider_count; o++)
        outside_ask(bits, service, o, id);
    nat_ask(bits, service, id);
}

/* Class by class: what is known of one stays at hand. */
static void bits_ask_all_outside(ReachBits *bits, ClassId id) {
    for (uint32_t service = 0; service < bits->service_count; service++)
        bits_ask_outside(bits, service, id);
}

static void outside_init(ReachBits *bits) {
    const Reach *reach = bits->reach;
    GArray *outsiders = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t party = 0; party <= reach->class_count; party++)
        if (reach->parties[party].network == NO_NETWORK && reach->parties[party].kind != PARTY_LINK)
            g_array_append_vals(outsiders, &party, 1);
    bits->outsider_count = outsiders->len;
    bits->outsider_at = g_new0(uint32_t, reach->class_count + 1);
    for (uint32_t o = 0; o < outsiders->len; o++)
        bits->outsider_at[g_array_index(outsiders, uint32_t, o)] = o;
    bits->outsiders = (uint32_t *)(void *)g_array_free(outsiders, FALSE);
    bits->party_words = words_for(reach->class_count + 1);
    size_t rows = (size_t)bits->service_count * bits->outsider_count;
    bits->outside_to = g_new0(Word, rows * bits->party_words);
    bits->to_outside = g_new0(Word, rows * bits->party_words);
    bits->behind_nat = g_new0(Word, (size_t)bits->service_count * bits->party_words);
    for (uint32_t service = 0; service < bits->service_count; service++)
        for (uint32_t o = 0; o < bits->outsider_count; o++)
            outside_ask(bits, service, o, reach->class_count);
    for (ClassId id = 0; id < reach->class_count; id++)
        bits_ask_all_outside(bits, id);
}

/* ---- the door ------------------------------------------------------------------------------------------------------
 */
/* Of a subnet's interfaces one speaks for all: their way out is the same. */
static void exits_fill(ReachBits *bits) {
    const Reach *reach = bits->reach;
    uint32_t *known = g_new(uint32_t, reach->model->place_count + 1), unknown = reach->party_count;
    bits->exits = g_new0(uint32_t, reach->class_count + 1);
    for (PlaceId p = 0; p < reach->model->place_count; p++)
        known[p] = unknown;
    for (ClassId id = 0; id < reach->class_count; id++) {
        const Party *party = &reach->parties[id];
        if (party->kind != PARTY_INSIDE) /* connects to nobody over the internet, or is asked one by one */
            continue;
        if (known[party->place] == unknown)
            known[party->place] = walk_exit(reach, bits->state, id);
        bits->exits[id] = known[party->place];
    }
    g_free(known);
}

void bits_fill(ReachBits *bits) {
    nets_init(bits);
    blocks_init(bits);
    outside_init(bits);
    exits_fill(bits);
}

ReachBits *reach_bits_new(const Reach *reach, const NetState *state, const Service *services, uint32_t count) {
    ReachBits *bits = g_new0(ReachBits, 1);
    bits->reach = reach;
    bits->state = state;
    bits->services = g_memdup2(services, count * sizeof *services);
    bits->service_count = count;
    bits_fill(bits);
    return bits;
}

void bits_clear(ReachBits *bits) {
    uint32_t networks = bits->reach->model->network_count;
    for (uint32_t n = 0; n < networks; n++) {
        g_free(bits->nets[n].classes);
        g_free(bits->nets[n].teams);
        g_free(bits->nets[n].team_of);
        g_free(bits->nets[n].subnets);
        g_free(bits->nets[n].subnet_of);
        g_free(bits->nets[n].subnet_masks);
        g_free(bits->nets[n].some_class);
    }
    bits_acls_clear(bits);
    for (size_t i = 0; i < (size_t)networks * networks; i++)
        block_free(bits->block_of[i]);
    g_free(bits->nets);
    g_free(bits->block_of);
    g_free(bits->local);
    g_free(bits->outsiders);
    g_free(bits->outsider_at);
    g_free(bits->outside_to);
    g_free(bits->to_outside);
    g_free(bits->behind_nat);
    g_free(bits->exits);
}

void reach_bits_free(ReachBits *bits) {
    if (bits == NULL)
        return;
    bits_clear(bits);
    g_free(bits->services);
    g_free(bits);
}

/* A pair that does not look like any other two strangers: through appliances; through a site; by IPv6, for the bits of
 * those outside do not say by which family; or through ACLs from ports of its own. A server answers all strangers as it
 * answers the internet, but a client may be let out to some of them only. */
static bool is_singular(const ReachBits *bits, const Party *client, const Party *server) {
    bool own_ports = client->component->client_first != 0 && (client->component->client_first != CLIENT_PORTS_FIRST ||
                                                              client->component->client_last != CLIENT_PORTS_LAST);
    return bits->reach->rules[client->network]->by_pairs || network_is_meshed(bits->reach, client->network) ||
           (bits->nets[client->network].has_site && bits->nets[server->network].has_site) ||
           bits->nets[client->network].has_appliances || bits->nets[server->network].has_appliances ||
           client->address6.family == 6 || server->address6.family == 6 || client->allows != NULL ||
           server->admits != NULL || access_gates(bits->reach, (ClassId)(server - bits->reach->parties)) ||
           client->member || (own_ports && bits->nets[server->network].has_acls);
}

/* Two networks that are not joined meet on the internet: the client gets out, the server lets in, and no cut lies
 * between the places where their packets enter it. */
static bool connects_publicly(const ReachBits *bits, uint32_t service, ClassId from, ClassId to) {
    const Reach *reach = bits->reach;
    const Party *client = &reach->parties[from], *server = &reach->parties[to];
    uint32_t internet = bits->outsider_count - 1;
    if (is_singular(bits, client, server)) {
        Service asked = bits->services[service];
        Query query = {.from = from, .to = to, .protocol = asked.protocol, .port = asked.port};
        return reach_verdict(reach, bits->state, query).kind == VERDICT_REACH;
    }
    if (!server->public_address || !bit_get(outside_row(bits->to_outside, bits, service, internet), from))
        return false;
    uint32_t nat = bits->exits[from];
    const Word *row = nat != NO_PARTY ? bits->behind_nat + (size_t)service * bits->party_words
                                      : outside_row(bits->outside_to, bits, service, internet);
    PlaceId door = nat != NO_PARTY ? reach->parties[nat].place : client->place;
    return bit_get(row, to) && !netstate_severed(bits->state, door, server->place) &&
           !netstate_severed(bits->state, server->place, door);
}

bool reach_bits_connect(const ReachBits *bits, uint32_t service, ClassId from, ClassId to) {
    const Reach *reach = bits->reach;
    uint32_t a = party_of_class(reach, from), b = party_of_class(reach, to);
    BUG_IF(service >= bits->service_count || a > reach->class_count || b > reach->class_count,
           "no such service or class");
    uint32_t n = reach->parties[a].network, m = reach->parties[b].network;
    if (reach->parties[a].kind == PARTY_LINK || reach->parties[b].kind == PARTY_LINK)
        return false; /* no end of any connection */
    if (n == NO_NETWORK)
        return bit_get(outside_row(bits->outside_to, bits, service, bits->outsider_at[a]), b);
    if (m == NO_NETWORK)
        return bit_get(outside_row(bits->to_outside, bits, service, bits->outsider_at[b]), a);
    const Block *block = bits->block_of[(size_t)n * reach->model->network_count + m];
    if (block == NULL)
        return connects_publicly(bits, service, from, to);
    return bit_get(block_row(bits, block, service, bits->local[from]), bits->local[to]);
}

static bool has_group(const Component *component, uint32_t group) {
    bool has = false;
    for (uint32_t i = 0; i < component->group_count; i++)
        has = has || component->groups[i] == group;
    return has;
}

static bool is_filtered(const ReachBits *bits, ClassId id, uint32_t group) {
    return has_group(&bits->reach->model->components[bits->reach->classes[id].component], group);
}

/* An endpoint or an appliance stands in the way of others, too. */
void reach_bits_follow(ReachBits *bits, uint32_t group) {
    const Model *model = bits->reach->model;
    size_t blocks = (size_t)model->network_count * model->network_count;
    bool passed = false;
    for (ClassId id = 0; id < bits->reach->class_count; id++) {
        ComponentId component = bits->reach->classes[id].component;
        if (!is_filtered(bits, id, group))
            continue;
        bool first = id == 0 || bits->reach->classes[id - 1].component != component;
        for (size_t i = 0; first && i < blocks; i++)
            if (bits->block_of[i] != NULL)
                block_follow(bits, bits->block_of[i], component);
        passed = passed || bits->reach->parties[id].kind != PARTY_INSIDE;
    }
    for (ClassId id = 0; id < bits->reach->class_count; id++)
        if (passed || is_filtered(bits, id, group))
            bits_ask_all_outside(bits, id);
}
