/* blocks.c - who reaches whom by private addresses, between two networks or within one, as bits. */
#include <string.h>

#include "reach/bits.h"

typedef struct {
    const ReachBits *bits;
    const Net *from, *to;
    Block *block;
    uint32_t service;
} Fill;

static Word *row_of(const Fill *fill, uint32_t local) {
    return fill->block->rows + ((size_t)fill->service * fill->from->count + local) * fill->to->words;
}
static Word *path_of(const Fill *fill, uint32_t subnet) {
    return fill->block->paths + ((size_t)fill->service * fill->from->subnet_count + subnet) * fill->to->words;
}
static Word *lets_in_of(const Fill *fill, uint32_t team) {
    return fill->block->lets_in + ((size_t)fill->service * fill->to->team_count + team) * fill->from->words;
}
static Word *lets_out_of(const Fill *fill, uint32_t team) {
    return fill->block->lets_out + ((size_t)fill->service * fill->from->team_count + team) * fill->to->words;
}

/* ---- ways between subnets ------------------------------------------------------------------------------------------
 */
static bool is_hidden(const Block *block, uint32_t s, uint32_t t) {
    bool known = false;
    for (uint32_t i = 0; i < block->hidden->len; i++) {
        const SubnetPair *pair = &g_array_index(block->hidden, SubnetPair, i);
        known = known || (pair->from == s && pair->to == t);
    }
    return known;
}

static void path_find(const Fill *fill, uint32_t s, uint32_t t) {
    const ReachBits *bits = fill->bits;
    bool translated = false;
    ClassId a = fill->from->some_class[s], b = fill->to->some_class[t];
    const Party *from = &bits->reach->parties[a], *to = &bits->reach->parties[b];
    if (from->kind == PARTY_NAT || to->kind == PARTY_NAT)
        return; /* never an end */
    if (from->kind != PARTY_INSIDE || to->kind != PARTY_INSIDE)
        translated = true; /* what passes others on has ways of its own */
    else if (from->address6.family == 6 && to->address6.family == 6)
        translated = true; /* either family will do */
    else if (!walk_path(bits->reach, bits->state, a, b, bits->services[fill->service], &translated))
        return;
    const Word *mask = fill->to->subnet_masks + (size_t)t * fill->to->words;
    Word *path = path_of(fill, s);
    for (uint32_t w = 0; w < fill->to->words; w++)
        path[w] |= mask[w];
    if (translated && !is_hidden(fill->block, s, t))
        g_array_append_vals(fill->block->hidden, &(SubnetPair){s, t}, 1);
}

/* Without an ACL anywhere near, a way is open to every service or to none (but NAT gateways choose protocols). */
static bool like_first_service(const Fill *fill) {
    return fill->service > 0 && !fill->from->has_acls && !fill->to->has_acls && fill->block->hidden->len == 0 &&
           fill->bits->services[fill->service].protocol != PROTOCOL_ANY &&
           fill->bits->services[0].protocol != PROTOCOL_ANY;
}

static void paths_find(const Fill *fill) {
    size_t words = (size_t)fill->from->subnet_count * fill->to->words;
    if (like_first_service(fill)) {
        memcpy(path_of(fill, 0), fill->block->paths, words * sizeof(Word));
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
        if (!prefix_contains(cidr, &bits->reach->model->places[net->subnets[s]].cidr))
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
static void add_peers(const ReachBits *bits, uint32_t own, uint32_t other, const Peer *peer, Word *out) {
    const Model *model = bits->reach->model;
    const Net *net = &bits->nets[other];
    bool near = networks_peered(bits->reach, own, other);
    if (peer->kind == PEER_CIDR)
        add_subnets(net, bits, &peer->cidr, out);
    else if (peer->kind != PEER_GROUP)
        add_range(out, 0, net->count);
    for (uint32_t t = 0; peer->kind == PEER_GROUP && near && t < net->team_count; t++)
        if (component_has(&model->components[net->teams[t].component], peer))
            add_range(out, net->teams[t].first, net->teams[t].count);
}

static void team_lets(const Fill *fill, const Team *team, uint32_t own, uint32_t other, bool inbound, Word *out) {
    const ReachBits *bits = fill->bits;
    const Component *component = &bits->reach->model->components[team->component];
    Service service = bits->services[fill->service];
    const Party *party = &bits->reach->parties[bits->reach->first_class[team->component]];
    memset(out, 0, bits->nets[other].words * sizeof(Word));
    if (bits->state->isolated[team->component] || party->kind == PARTY_NAT ||
        (inbound ? !party_listens(bits->reach, party, (uint8_t)service.protocol, service.port)
                 : party->kind == PARTY_ENDPOINT))
        return;
    if (component->group_count == 0)
        add_range(out, 0, bits->nets[other].count);
    for (uint32_t g = 0; g < component->group_count; g++) {
        const RuleList *list = netstate_rules(bits->state, component->groups[g], inbound);
        for (uint32_t i = 0; i < list->count; i++)
            if (ports_contain(&list->rules[i].ports, service.protocol, service.port))
                add_peers(bits, own, other, &list->rules[i].peer, out);
    }
}

/* ---- rows ----------------------------------------------------------------------------------------------------------
 */
/* The columns of a team: set where it lets in, and the client's groups and a way agree. */
static void columns_fill(const Fill *fill, uint32_t team) {
    const Team *server = &fill->to->teams[team];
    const Word *lets_in = lets_in_of(fill, team);
    for (uint32_t t = 0; t < fill->from->team_count; t++) {
        const Team *client = &fill->from->teams[t];
        const Word *lets_out = lets_out_of(fill, t);
        for (uint32_t a = client->first; a < client->first + client->count; a++) {
            const Word *path = path_of(fill, fill->from->subnet_of[a]);
            bool in = bit_get(lets_in, a);
            for (uint32_t b = server->first; b < server->first + server->count; b++)
                bit_put(row_of(fill, a), b, in && bit_get(lets_out, b) && bit_get(path, b));
        }
    }
}

/* The rows of a team. */
static void rows_fill(const Fill *fill, uint32_t team) {
    const Team *client = &fill->from->teams[team];
    const Word *lets_out = lets_out_of(fill, team);
    for (uint32_t a = client->first; a < client->first + client->count; a++) {
        const Word *path = path_of(fill, fill->from->subnet_of[a]);
        Word *row = row_of(fill, a);
        memset(row, 0, fill->to->words * sizeof(Word));
        for (uint32_t t = 0; t < fill->to->team_count; t++)
            if (bit_get(lets_in_of(fill, t), a))
                add_range(row, fill->to->teams[t].first, fill->to->teams[t].count);
        for (uint32_t w = 0; w < fill->to->words; w++)
            row[w] &= lets_out[w] & path[w];
    }
}

static void pair_ask(const Fill *fill, uint32_t a, uint32_t b) {
    const ReachBits *bits = fill->bits;
    Service service = bits->services[fill->service];
    Query query = {
        .from = fill->from->classes[a], .to = fill->to->classes[b], .protocol = service.protocol, .port = service.port};
    bit_put(row_of(fill, a), b, reach_verdict(bits->reach, bits->state, query).kind == VERDICT_REACH);
}

/* Behind a NAT gateway the server sees another address than the client's: such pairs are asked one by one. */
static void hidden_fill(const Fill *fill) {
    for (uint32_t i = 0; i < fill->block->hidden->len; i++) {
        const SubnetPair *pair = &g_array_index(fill->block->hidden, SubnetPair, i);
        for (uint32_t a = 0; a < fill->from->count; a++) {
            for (uint32_t b = 0; b < fill->to->count; b++) {
                if (fill->from->subnet_of[a] != pair->from || fill->to->subnet_of[b] != pair->to)
                    continue;
                pair_ask(fill, a, b);
            }
        }
    }
}

/* ---- a block -------------------------------------------------------------------------------------------------------
 */
static Fill fill_of(const ReachBits *bits, Block *block, uint32_t service) {
    return (Fill){bits, &bits->nets[block->from], &bits->nets[block->to], block, service};
}

/* Every pair one end of which is of the component, or simply every pair. */
static void pairs_ask(const Fill *fill, ComponentId component) {
    const EndpointClass *classes = fill->bits->reach->classes;
    for (uint32_t a = 0; a < fill->from->count; a++)
        for (uint32_t b = 0; b < fill->to->count; b++)
            if (component == NO_COMPONENT || classes[fill->from->classes[a]].component == component ||
                classes[fill->to->classes[b]].component == component)
                pair_ask(fill, a, b);
}

static void block_fill(const ReachBits *bits, Block *block, uint32_t service) {
    Fill fill = fill_of(bits, block, service);
    if (block->by_pairs) {
        pairs_ask(&fill, NO_COMPONENT);
        return;
    }
    paths_find(&fill);
    for (uint32_t t = 0; t < fill.to->team_count; t++)
        team_lets(&fill, &fill.to->teams[t], block->to, block->from, true, lets_in_of(&fill, t));
    for (uint32_t t = 0; t < fill.from->team_count; t++) {
        team_lets(&fill, &fill.from->teams[t], block->from, block->to, false, lets_out_of(&fill, t));
        rows_fill(&fill, t);
    }
    hidden_fill(&fill);
}

/* Behind a balancer that keeps the client's address, filters speak of somebody else. */
static bool has_relays(const Reach *reach, const Net *net) {
    bool has = false;
    for (uint32_t i = 0; i < net->count; i++)
        has = has || reach->parties[net->classes[i]].relays;
    return has;
}

Block *block_new(const ReachBits *bits, uint32_t from, uint32_t to) {
    const Net *a = &bits->nets[from], *b = &bits->nets[to];
    Block *block = g_new0(Block, 1);
    size_t services = bits->service_count;
    *block = (Block){.from = from, .to = to};
    block->by_pairs = bits->reach->rules[from]->by_pairs || bits->reach->rules[to]->by_pairs ||
                      (from == to && has_relays(bits->reach, a));
    block->rows = g_new0(Word, services * a->count * b->words);
    block->paths = g_new0(Word, services * a->subnet_count * b->words);
    block->lets_in = g_new0(Word, services * b->team_count * a->words);
    block->lets_out = g_new0(Word, services * a->team_count * b->words);
    block->hidden = g_array_new(FALSE, FALSE, sizeof(SubnetPair));
    for (uint32_t service = 0; service < services; service++)
        block_fill(bits, block, service);
    return block;
}

void block_free(Block *block) {
    if (block == NULL)
        return;
    g_free(block->rows);
    g_free(block->paths);
    g_free(block->lets_in);
    g_free(block->lets_out);
    g_array_free(block->hidden, TRUE);
    g_free(block);
}

/* ---- ways that changed ---------------------------------------------------------------------------------------------
 */
static uint32_t *teams_of(const Net *net) {
    uint32_t *team_of = g_new(uint32_t, net->count + 1);
    for (uint32_t t = 0; t < net->team_count; t++)
        for (uint32_t i = 0; i < net->teams[t].count; i++)
            team_of[net->teams[t].first + i] = t;
    return team_of;
}

/* The bits between two subnets, after the way between them changed. */
static void pair_refresh(const Fill *fill, uint32_t s, uint32_t t, const uint32_t *from_team, const uint32_t *to_team) {
    for (uint32_t a = 0; a < fill->from->count; a++) {
        for (uint32_t b = 0; fill->from->subnet_of[a] == s && b < fill->to->count; b++)
            if (fill->to->subnet_of[b] == t)
                bit_put(row_of(fill, a), b,
                        bit_get(lets_in_of(fill, to_team[b]), a) && bit_get(lets_out_of(fill, from_team[a]), b) &&
                            bit_get(path_of(fill, s), b));
    }
}

/* Whether the way is another than before. */
static bool path_again(const Fill *fill, uint32_t s, uint32_t t) {
    const Word *mask = fill->to->subnet_masks + (size_t)t * fill->to->words;
    uint32_t any = fill->bits->local[fill->to->some_class[t]];
    Word *path = path_of(fill, s);
    bool before = bit_get(path, any);
    for (uint32_t w = 0; w < fill->to->words; w++)
        path[w] &= ~mask[w];
    if (!like_first_service(fill))
        path_find(fill, s, t);
    else if (bit_get(fill->block->paths + (size_t)s * fill->to->words, any))
        for (uint32_t w = 0; w < fill->to->words; w++)
            path[w] |= mask[w];
    return bit_get(path, any) != before;
}

static void hidden_forget(const Fill *fill, const bool *touched) {
    GArray *hidden = fill->block->hidden;
    for (guint i = hidden->len; i-- > 0;) {
        const SubnetPair *pair = &g_array_index(hidden, SubnetPair, i);
        if (touched[fill->from->subnets[pair->from]] || touched[fill->to->subnets[pair->to]])
            g_array_remove_index_fast(hidden, i);
    }
}

static void service_follow(const Fill *fill, const bool *touched, const uint32_t *from_team, const uint32_t *to_team) {
    for (uint32_t s = 0; s < fill->from->subnet_count; s++)
        for (uint32_t t = 0; t < fill->to->subnet_count; t++)
            if ((touched[fill->from->subnets[s]] || touched[fill->to->subnets[t]]) && path_again(fill, s, t))
                pair_refresh(fill, s, t, from_team, to_team);
}

/* Pairs that were hidden and are no more look like any other, so their bits are put together anew. */
static void unhidden_refresh(const Fill *fill, const GArray *before, const uint32_t *from_team,
                             const uint32_t *to_team) {
    for (guint i = 0; i < before->len; i++) {
        const SubnetPair *pair = &g_array_index(before, SubnetPair, i);
        if (!is_hidden(fill->block, pair->from, pair->to))
            pair_refresh(fill, pair->from, pair->to, from_team, to_team);
    }
}

void block_follow_subnets(const ReachBits *bits, Block *block, const bool *touched) {
    Fill fill = fill_of(bits, block, 0);
    uint32_t *from_team = teams_of(fill.from), *to_team = teams_of(fill.to);
    GArray *before = g_array_copy(block->hidden);
    hidden_forget(&fill, touched);
    for (fill.service = 0; fill.service < bits->service_count; fill.service++) {
        if (block->by_pairs)
            pairs_ask(&fill, NO_COMPONENT);
        else
            service_follow(&fill, touched, from_team, to_team);
    }
    for (fill.service = 0; fill.service < bits->service_count && !block->by_pairs; fill.service++) {
        unhidden_refresh(&fill, before, from_team, to_team);
        hidden_fill(&fill);
    }
    g_array_free(before, TRUE);
    g_free(from_team);
    g_free(to_team);
}

void block_follow(const ReachBits *bits, Block *block, ComponentId component) {
    for (uint32_t service = 0; service < bits->service_count; service++) {
        Fill fill = fill_of(bits, block, service);
        if (block->by_pairs) {
            pairs_ask(&fill, component);
            continue;
        }
        for (uint32_t t = 0; t < fill.to->team_count; t++) {
            if (fill.to->teams[t].component != component)
                continue;
            team_lets(&fill, &fill.to->teams[t], block->to, block->from, true, lets_in_of(&fill, t));
            columns_fill(&fill, t);
        }
        for (uint32_t t = 0; t < fill.from->team_count; t++) {
            if (fill.from->teams[t].component != component)
                continue;
            team_lets(&fill, &fill.from->teams[t], block->from, block->to, false, lets_out_of(&fill, t));
            rows_fill(&fill, t);
        }
        hidden_fill(&fill);
    }
}
