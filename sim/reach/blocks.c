/* blocks.c - who reaches whom by private addresses, between two networks or within one, as bits. */
#include <string.h>

#include "reach/access.h"
#include "reach/bits.h"
#include "reach/workloads.h"

typedef struct {
    const ReachBits *bits;
    const Net *from, *to;
    Block *block;
    uint32_t service;
    uint32_t family; /* 0: IPv4; 1: IPv6 */
} Fill;

/* Rows that differ by family stand side by side. */
static size_t layer_of(const Fill *fill) { return (size_t)fill->service * fill->block->families + fill->family; }

static Word *row_of(const Fill *fill, uint32_t local) {
    return fill->block->rows + ((size_t)fill->service * fill->from->count + local) * fill->to->words;
}
static Word *agreed_of(const Fill *fill, uint32_t local) {
    return fill->block->agreed + (layer_of(fill) * fill->from->count + local) * fill->to->words;
}
static Word *path_of(const Fill *fill, uint32_t subnet) {
    return fill->block->paths + (layer_of(fill) * fill->from->subnet_count + subnet) * fill->to->words;
}
static Word *lets_in_of(const Fill *fill, uint32_t team) {
    return fill->block->lets_in + (layer_of(fill) * fill->to->team_count + team) * fill->from->words;
}
static Word *lets_out_of(const Fill *fill, uint32_t team) {
    return fill->block->lets_out + (layer_of(fill) * fill->from->team_count + team) * fill->to->words;
}

/* ---- ways between subnets ------------------------------------------------------------------------------------------
 */
static bool *hidden_of(const Fill *fill, uint32_t s, uint32_t t) {
    return &fill->block->hidden[(size_t)s * fill->to->subnet_count + t];
}

static uint8_t family_of(const Fill *fill) { return fill->family == 0 ? 4 : 6; }

static void path_find(const Fill *fill, uint32_t s, uint32_t t) {
    const ReachBits *bits = fill->bits;
    bool translated = false;
    ClassId a = fill->from->some_class[s], b = fill->to->some_class[t];
    const Party *from = &bits->reach->parties[a], *to = &bits->reach->parties[b];
    if (from->kind == PARTY_NAT || to->kind == PARTY_NAT)
        return; /* never an end */
    if (from->kind != PARTY_INSIDE || to->kind != PARTY_INSIDE || from->relays || to->relays || from->allows != NULL ||
        access_gates(bits->reach, b) || (from->member && to->member))
        translated = true; /* what passes others on has ways of its own */
    else if (!walk_path(bits->reach, bits->state, a, b, bits->services[fill->service], family_of(fill), &translated))
        return;
    const Word *mask = fill->to->subnet_masks + (size_t)t * fill->to->words;
    Word *path = path_of(fill, s);
    for (uint32_t w = 0; w < fill->to->words; w++)
        path[w] |= mask[w];
    *hidden_of(fill, s, t) |= translated;
}

/* The first service to which the same ways are open: only ACLs tell services apart, near either end or, where a way
 * may lead through an appliance, anywhere. */
static uint32_t twin_of(const Fill *fill) {
    const uint32_t *from = fill->from->like, *to = fill->to->like, *through = fill->bits->through;
    uint32_t own = fill->service, twin = 0;
    while (from[twin] != from[own] || to[twin] != to[own] || through[twin] != through[own])
        twin++;
    return twin;
}

static void paths_find(const Fill *fill) {
    size_t words = (size_t)fill->from->subnet_count * fill->to->words;
    Fill twin = *fill;
    twin.service = twin_of(fill);
    if (twin.service != fill->service) {
        memcpy(path_of(fill, 0), path_of(&twin, 0), words * sizeof(Word));
        return;
    }
    for (uint32_t s = 0; s < fill->from->subnet_count; s++)
        for (uint32_t t = 0; t < fill->to->subnet_count; t++)
            path_find(fill, s, t);
}

/* ---- security groups -----------------------------------------------------------------------------------------------
 */
static void add_subnets(const Net *net, const ReachBits *bits, const Prefix *cidr, Word *out) {
    for (uint32_t s = 0; s < net->subnet_count; s++) {
        const Word *mask = net->subnet_masks + (size_t)s * net->words;
        const Party *party = &bits->reach->parties[net->some_class[s]];
        if (!prefix_contains(cidr, cidr->family == 6 ? &party->address6 : &party->address))
            continue;
        for (uint32_t w = 0; w < net->words; w++)
            out[w] |= mask[w];
    }
}

static void add_range(Word *out, uint32_t first, uint32_t count) {
    for (uint32_t i = first; i < first + count; i++)
        bit_set(out, i);
}

static bool component_has(const Component *component, const Peer *peer) {
    for (uint32_t i = 0; i < component->group_count; i++)
        for (uint32_t k = 0; k < peer->group_count; k++)
            if (component->groups[i] == peer->groups[k])
                return true;
    return false;
}

/* The classes of `others` that a rule of an interface in network `own` speaks of. */
static void add_peers(const ReachBits *bits, uint32_t own, uint32_t other, uint8_t family, const Peer *peer,
                      Word *out) {
    const Model *model = bits->reach->model;
    const Net *net = &bits->nets[other];
    bool near = networks_peered(bits->reach, own, other);
    if (peer->kind == PEER_CIDR && peer->cidr.family == family)
        add_subnets(net, bits, &peer->cidr, out);
    else if (peer->kind == PEER_ANY || peer->kind == PEER_INTERNET)
        add_range(out, 0, net->count);
    for (uint32_t t = 0; peer->kind == PEER_GROUP && near && t < net->team_count; t++)
        if (component_has(&model->components[net->teams[t].component], peer))
            add_range(out, net->teams[t].first, net->teams[t].count);
}

static void groups_let(const Fill *fill, const Component *component, uint32_t own, uint32_t other, bool inbound,
                       Word *out) {
    const ReachBits *bits = fill->bits;
    Service service = bits->services[fill->service];
    if (component->group_count == 0)
        add_range(out, 0, bits->nets[other].count);
    for (uint32_t g = 0; g < component->group_count; g++) {
        const RuleList *list = netstate_rules(bits->state, component->groups[g], inbound);
        for (uint32_t i = 0; i < list->count; i++)
            if (ports_contain(&list->rules[i].ports, service.protocol, service.port))
                add_peers(bits, own, other, family_of(fill), &list->rules[i].peer, out);
    }
}

static void team_lets(const Fill *fill, const Team *team, uint32_t own, uint32_t other, bool inbound, Word *out) {
    const ReachBits *bits = fill->bits;
    const Reach *reach = bits->reach;
    Service service = bits->services[fill->service];
    ClassId first = bits->nets[own].classes[team->first];
    const Party *party = &reach->parties[first];
    memset(out, 0, bits->nets[other].words * sizeof(Word));
    if (bits->state->isolated[team->component] ||
        (inbound && !party_listens(reach, party, (uint8_t)service.protocol, service.port)))
        return;
    if (reach->rules[own]->lets != NULL)
        reach->rules[own]->lets(bits, first, other, fill->service, family_of(fill), inbound, out);
    else
        groups_let(fill, party->component, own, other, inbound, out);
}

/* ---- rows ----------------------------------------------------------------------------------------------------------
 */
/* The bits of a row within a mask: set where, by either family, filters agree and there is a way. */
static void row_refresh(const Fill *fill, uint32_t a, const Word *mask) {
    Word *row = row_of(fill, a);
    Fill by = *fill;
    for (uint32_t w = 0; w < fill->to->words; w++)
        row[w] &= ~mask[w];
    for (by.family = 0; by.family < fill->block->families; by.family++) {
        const Word *path = path_of(&by, fill->from->subnet_of[a]), *agreed = agreed_of(&by, a);
        for (uint32_t w = 0; w < fill->to->words; w++)
            row[w] |= mask[w] & path[w] & agreed[w];
    }
}

/* The columns of a team. */
static void columns_fill(const Fill *fill, uint32_t team) {
    Word *mask = g_new0(Word, fill->to->words);
    Fill by = *fill;
    add_range(mask, fill->to->teams[team].first, fill->to->teams[team].count);
    for (uint32_t a = 0; a < fill->from->count; a++) {
        for (by.family = 0; by.family < fill->block->families; by.family++) {
            const Word *lets_out = lets_out_of(&by, fill->from->team_of[a]);
            bool in = bit_get(lets_in_of(&by, team), a);
            Word *agreed = agreed_of(&by, a);
            for (uint32_t w = 0; w < fill->to->words; w++)
                agreed[w] = (agreed[w] & ~mask[w]) | (in ? mask[w] & lets_out[w] : 0);
        }
        row_refresh(fill, a, mask);
    }
    g_free(mask);
}

static void agreed_find(const Fill *fill, uint32_t a, uint32_t team) {
    const Word *lets_out = lets_out_of(fill, team);
    Word *agreed = agreed_of(fill, a);
    memset(agreed, 0, fill->to->words * sizeof(Word));
    for (uint32_t t = 0; t < fill->to->team_count; t++)
        if (bit_get(lets_in_of(fill, t), a))
            add_range(agreed, fill->to->teams[t].first, fill->to->teams[t].count);
    for (uint32_t w = 0; w < fill->to->words; w++)
        agreed[w] &= lets_out[w];
}

/* The rows of a team. */
static void rows_fill(const Fill *fill, uint32_t team) {
    const Team *client = &fill->from->teams[team];
    Fill by = *fill;
    Word *mask = g_new(Word, fill->to->words + 1);
    memset(mask, 0xff, fill->to->words * sizeof(Word));
    for (uint32_t a = client->first; a < client->first + client->count; a++) {
        for (by.family = 0; by.family < fill->block->families; by.family++)
            agreed_find(&by, a, team);
        row_refresh(fill, a, mask);
    }
    g_free(mask);
}

static void pair_ask(const Fill *fill, uint32_t a, uint32_t b) {
    const ReachBits *bits = fill->bits;
    Service service = bits->services[fill->service];
    Query query = {
        .from = fill->from->classes[a], .to = fill->to->classes[b], .protocol = service.protocol, .port = service.port};
    bit_put(row_of(fill, a), b, reach_verdict(bits->reach, bits->state, query).kind == VERDICT_REACH);
}

/* One end of the pair is of the component, or it may be met on the way; NO_COMPONENT: all are. */
static bool is_of(const Fill *fill, ComponentId component, uint32_t a, uint32_t b) {
    const Reach *reach = fill->bits->reach;
    return component == NO_COMPONENT || reach->parties[reach->first_class[component]].kind != PARTY_INSIDE ||
           reach->model->components[component].carries ||
           reach->classes[fill->from->classes[a]].component == component ||
           reach->classes[fill->to->classes[b]].component == component;
}

static void pairs_ask(const Fill *fill, ComponentId component) {
    for (uint32_t a = 0; a < fill->from->count; a++)
        for (uint32_t b = 0; b < fill->to->count; b++)
            if (is_of(fill, component, a, b))
                pair_ask(fill, a, b);
}

static bool is_touched(const Fill *fill, const bool *touched, uint32_t s, uint32_t t) {
    return touched == NULL || touched[fill->from->subnets[s]] || touched[fill->to->subnets[t]];
}

/* Pairs that do not factor are asked one by one: those with an end in a subnet that is `touched` (by place), or NULL.
 */
static void hidden_fill(const Fill *fill, const bool *touched, ComponentId component) {
    for (uint32_t a = 0; a < fill->from->count; a++)
        for (uint32_t b = 0; b < fill->to->count; b++) {
            uint32_t s = fill->from->subnet_of[a], t = fill->to->subnet_of[b];
            if (*hidden_of(fill, s, t) && is_touched(fill, touched, s, t) && is_of(fill, component, a, b))
                pair_ask(fill, a, b);
        }
}

/* Most blocks have nothing hidden. */
static bool has_hidden(const Fill *fill) {
    size_t pairs = (size_t)fill->from->subnet_count * fill->to->subnet_count;
    return memchr(fill->block->hidden, true, pairs) != NULL;
}

/* ---- a block -------------------------------------------------------------------------------------------------------
 */
static Fill fill_of(const ReachBits *bits, Block *block, uint32_t service) {
    return (Fill){.bits = bits,
                  .from = &bits->nets[block->from],
                  .to = &bits->nets[block->to],
                  .block = block,
                  .service = service};
}

/* "All traffic" has to be let through part by part where rules deny: no service like the others. */
static bool is_by_pairs(const Fill *fill) {
    bool whole = fill->bits->services[fill->service].protocol == PROTOCOL_ANY;
    return fill->block->by_pairs || (whole && fill->bits->reach->rules[fill->block->to]->lets != NULL);
}

static void block_fill(const ReachBits *bits, Block *block, uint32_t service) {
    Fill fill = fill_of(bits, block, service);
    if (is_by_pairs(&fill)) {
        pairs_ask(&fill, NO_COMPONENT);
        return;
    }
    for (fill.family = 0; fill.family < block->families; fill.family++) {
        paths_find(&fill);
        for (uint32_t t = 0; t < fill.to->team_count; t++)
            team_lets(&fill, &fill.to->teams[t], block->to, block->from, true, lets_in_of(&fill, t));
        for (uint32_t t = 0; t < fill.from->team_count; t++)
            team_lets(&fill, &fill.from->teams[t], block->from, block->to, false, lets_out_of(&fill, t));
    }
    for (uint32_t t = 0; t < fill.from->team_count; t++)
        rows_fill(&fill, t);
    if (has_hidden(&fill))
        hidden_fill(&fill, NULL, NO_COMPONENT);
}

Block *block_new(const ReachBits *bits, uint32_t from, uint32_t to) {
    const Net *a = &bits->nets[from], *b = &bits->nets[to];
    Block *block = g_new0(Block, 1);
    const Network *networks = bits->reach->model->networks;
    bool six = networks[from].cidr6.family == 6 && networks[to].cidr6.family == 6;
    *block = (Block){.from = from, .to = to, .families = six ? 2 : 1};
    size_t services = bits->service_count, layers = services * block->families;
    block->by_pairs = bits->reach->rules[from]->by_pairs || /* what crosses the border of a site is hidden */
                      network_is_meshed(bits->reach, from) || network_is_meshed(bits->reach, to) ||
                      (bits->reach->model->allow.guarded != NULL && bits->reach->model->allow.guarded[to]);
    block->rows = g_new0(Word, services * a->count * b->words);
    block->paths = g_new0(Word, layers * a->subnet_count * b->words);
    block->agreed = g_new0(Word, layers * a->count * b->words);
    block->lets_in = g_new0(Word, layers * b->team_count * a->words);
    block->lets_out = g_new0(Word, layers * a->team_count * b->words);
    block->hidden = g_new0(bool, (size_t)a->subnet_count * b->subnet_count + 1);
    for (uint32_t service = 0; service < services; service++)
        block_fill(bits, block, service);
    return block;
}

void block_free(Block *block) {
    if (block == NULL)
        return;
    g_free(block->rows);
    g_free(block->paths);
    g_free(block->agreed);
    g_free(block->lets_in);
    g_free(block->lets_out);
    g_free(block->hidden);
    g_free(block);
}

/* The filters of a component changed. */
static void lets_again(Fill *fill, ComponentId component) {
    const Block *block = fill->block;
    for (fill->family = 0; fill->family < block->families; fill->family++) {
        for (uint32_t t = 0; t < fill->to->team_count; t++)
            if (fill->to->teams[t].component == component)
                team_lets(fill, &fill->to->teams[t], block->to, block->from, true, lets_in_of(fill, t));
        for (uint32_t t = 0; t < fill->from->team_count; t++)
            if (fill->from->teams[t].component == component)
                team_lets(fill, &fill->from->teams[t], block->from, block->to, false, lets_out_of(fill, t));
    }
}

void block_follow(const ReachBits *bits, Block *block, ComponentId component) {
    for (uint32_t service = 0; service < bits->service_count; service++) {
        Fill fill = fill_of(bits, block, service);
        if (is_by_pairs(&fill)) {
            pairs_ask(&fill, component);
            continue;
        }
        lets_again(&fill, component);
        for (uint32_t t = 0; t < fill.to->team_count; t++)
            if (fill.to->teams[t].component == component)
                columns_fill(&fill, t);
        for (uint32_t t = 0; t < fill.from->team_count; t++)
            if (fill.from->teams[t].component == component)
                rows_fill(&fill, t);
        if (has_hidden(&fill))
            hidden_fill(&fill, NULL, component);
    }
}

/* ---- ways that changed ---------------------------------------------------------------------------------------------
 */
/* Ways from and to some subnets, and what they depend on, being brought up to date. */
typedef struct {
    Fill fill;
    const bool *touched; /* by place */
    bool *before;        /* what was hidden */
    Word *servers;       /* of those subnets to which the ways from one changed */
} Again;

static const Word *servers_of(const Fill *fill, uint32_t t) {
    return fill->to->subnet_masks + (size_t)t * fill->to->words;
}

/* The bits between a subnet and some servers, after the ways between them changed. */
static void rows_refresh(const Fill *fill, uint32_t s, const Word *servers) {
    const Word *clients = fill->from->subnet_masks + (size_t)s * fill->from->words;
    for (uint32_t w = 0; w < fill->from->words; w++)
        for (Word left = clients[w]; left != 0; left &= left - 1)
            row_refresh(fill, w * WORD_BITS + (uint32_t)__builtin_ctzll(left), servers);
}

/* Whether the way by this family is another than before. */
static bool path_again(const Fill *fill, uint32_t s, uint32_t t) {
    const Word *mask = fill->to->subnet_masks + (size_t)t * fill->to->words;
    uint32_t any = fill->bits->local[fill->to->some_class[t]];
    Word *path = path_of(fill, s);
    bool before = bit_get(path, any);
    Fill twin = *fill;
    twin.service = twin_of(fill);
    for (uint32_t w = 0; w < fill->to->words; w++)
        path[w] &= ~mask[w];
    if (twin.service == fill->service)
        path_find(fill, s, t);
    else if (bit_get(path_of(&twin, s), any))
        for (uint32_t w = 0; w < fill->to->words; w++)
            path[w] |= mask[w];
    return bit_get(path, any) != before;
}

static bool paths_again(Fill *fill, uint32_t s, uint32_t t) {
    bool other = false;
    for (fill->family = 0; fill->family < fill->block->families; fill->family++)
        other |= path_again(fill, s, t);
    return other;
}

static void service_follow(Again *again) {
    Fill *fill = &again->fill;
    for (uint32_t s = 0; s < fill->from->subnet_count; s++) {
        bool any = false;
        memset(again->servers, 0, fill->to->words * sizeof(Word));
        for (uint32_t t = 0; t < fill->to->subnet_count; t++) {
            if (!is_touched(fill, again->touched, s, t) || !paths_again(fill, s, t))
                continue;
            any = true;
            for (uint32_t w = 0; w < fill->to->words; w++)
                again->servers[w] |= servers_of(fill, t)[w];
        }
        if (any)
            rows_refresh(fill, s, again->servers);
    }
}

static void hidden_forget(const Again *again) {
    const Fill *fill = &again->fill;
    for (uint32_t s = 0; s < fill->from->subnet_count; s++)
        for (uint32_t t = 0; t < fill->to->subnet_count; t++)
            if (is_touched(fill, again->touched, s, t))
                *hidden_of(fill, s, t) = false;
}

/* Pairs that were hidden and are no more look like any other, so their bits are put together anew. */
static void unhidden_refresh(const Again *again) {
    const Fill *fill = &again->fill;
    for (uint32_t s = 0; s < fill->from->subnet_count; s++)
        for (uint32_t t = 0; t < fill->to->subnet_count; t++)
            if (again->before[(size_t)s * fill->to->subnet_count + t] && !*hidden_of(fill, s, t))
                rows_refresh(fill, s, servers_of(fill, t));
}

/* As long as some services keep what they had, pairs that were hidden for them stay so. */
void block_follow_subnets(const ReachBits *bits, Block *block, const bool *touched, const bool *services) {
    Again again = {fill_of(bits, block, 0), touched, NULL, NULL};
    Fill *fill = &again.fill;
    again.servers = g_new(Word, fill->to->words + 1);
    again.before = g_memdup2(block->hidden, (size_t)fill->from->subnet_count * fill->to->subnet_count);
    bool all = true;
    for (uint32_t service = 0; service < bits->service_count; service++)
        all = all && services[service];
    if (all)
        hidden_forget(&again);
    for (fill->service = 0; fill->service < bits->service_count; fill->service++) {
        if (services[fill->service] && is_by_pairs(fill))
            pairs_ask(fill, NO_COMPONENT);
        else if (services[fill->service])
            service_follow(&again);
    }
    for (fill->service = 0; fill->service < bits->service_count; fill->service++) {
        if (!services[fill->service] || is_by_pairs(fill))
            continue;
        unhidden_refresh(&again);
        if (has_hidden(fill))
            hidden_fill(fill, touched, NO_COMPONENT);
    }
    g_free(again.servers);
    g_free(again.before);
}
