/* blocks.c - who reaches whom by private addresses, between two networks or within one, as bits. */
#include <string.h>

#include "reach/bits.h"

typedef struct {
    const ReachBits *bits;
    const Net *from, *to;
    Block *block;
    uint32_t service;
} Job;

static Word *row_of(const Job *job, uint32_t local) {
    return job->block->rows + ((size_t)job->service * job->from->count + local) * job->to->words;
}
static Word *path_of(const Job *job, uint32_t subnet) {
    return job->block->paths + ((size_t)job->service * job->from->subnet_count + subnet) * job->to->words;
}
static Word *lets_in_of(const Job *job, uint32_t team) {
    return job->block->lets_in + ((size_t)job->service * job->to->team_count + team) * job->from->words;
}
static Word *lets_out_of(const Job *job, uint32_t team) {
    return job->block->lets_out + ((size_t)job->service * job->from->team_count + team) * job->to->words;
}

/* ---- ways between subnets ------------------------------------------------------------------------------------------
 */
static ClassId some_class(const Net *net, uint32_t subnet) {
    uint32_t local = 0;
    while (net->subnet_of[local] != subnet)
        local++;
    return net->classes[local];
}

static void path_find(const Job *job, uint32_t s, uint32_t t) {
    const ReachBits *bits = job->bits;
    bool translated = false;
    ClassId a = some_class(job->from, s), b = some_class(job->to, t);
    if (!walk_path(bits->reach, bits->state, a, b, bits->services[job->service], &translated))
        return;
    const Word *mask = job->to->subnet_masks + (size_t)t * job->to->words;
    Word *path = path_of(job, s);
    for (uint32_t w = 0; w < job->to->words; w++)
        path[w] |= mask[w];
    if (translated && job->service == 0)
        g_array_append_vals(job->block->hidden, (uint32_t[2]){s, t}, 1);
}

/* Without an ACL anywhere near, a way is open to every service or to none (but NAT gateways choose protocols). */
static bool like_first_service(const Job *job) {
    return job->service > 0 && !job->from->has_acls && !job->to->has_acls && job->block->hidden->len == 0 &&
           job->bits->services[job->service].protocol != PROTOCOL_ANY &&
           job->bits->services[0].protocol != PROTOCOL_ANY;
}

static void paths_find(const Job *job) {
    size_t words = (size_t)job->from->subnet_count * job->to->words;
    if (like_first_service(job)) {
        memcpy(path_of(job, 0), job->block->paths, words * sizeof(Word));
        return;
    }
    for (uint32_t s = 0; s < job->from->subnet_count; s++)
        for (uint32_t t = 0; t < job->to->subnet_count; t++)
            path_find(job, s, t);
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
    bool near = own == other || model->networks[own].region == model->networks[other].region;
    if (peer->kind == PEER_CIDR)
        add_subnets(net, bits, &peer->cidr, out);
    else if (peer->kind != PEER_GROUP)
        add_range(out, 0, net->count);
    for (uint32_t t = 0; peer->kind == PEER_GROUP && near && t < net->team_count; t++)
        if (component_has(&model->components[net->teams[t].component], peer))
            add_range(out, net->teams[t].first, net->teams[t].count);
}

static void team_lets(const Job *job, const Team *team, uint32_t own, uint32_t other, bool inbound, Word *out) {
    const ReachBits *bits = job->bits;
    const Component *component = &bits->reach->model->components[team->component];
    Service service = bits->services[job->service];
    memset(out, 0, bits->nets[other].words * sizeof(Word));
    if (bits->state->isolated[team->component] ||
        (inbound && !ports_contain(&component->listens, service.protocol, service.port)))
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
static void columns_fill(const Job *job, uint32_t team) {
    const Team *server = &job->to->teams[team];
    const Word *lets_in = lets_in_of(job, team);
    for (uint32_t t = 0; t < job->from->team_count; t++) {
        const Team *client = &job->from->teams[t];
        const Word *lets_out = lets_out_of(job, t);
        for (uint32_t a = client->first; a < client->first + client->count; a++) {
            const Word *path = path_of(job, job->from->subnet_of[a]);
            bool in = bit_get(lets_in, a);
            for (uint32_t b = server->first; b < server->first + server->count; b++)
                bit_put(row_of(job, a), b, in && bit_get(lets_out, b) && bit_get(path, b));
        }
    }
}

/* The rows of a team. */
static void rows_fill(const Job *job, uint32_t team) {
    const Team *client = &job->from->teams[team];
    const Word *lets_out = lets_out_of(job, team);
    for (uint32_t a = client->first; a < client->first + client->count; a++) {
        const Word *path = path_of(job, job->from->subnet_of[a]);
        Word *row = row_of(job, a);
        memset(row, 0, job->to->words * sizeof(Word));
        for (uint32_t t = 0; t < job->to->team_count; t++)
            if (bit_get(lets_in_of(job, t), a))
                add_range(row, job->to->teams[t].first, job->to->teams[t].count);
        for (uint32_t w = 0; w < job->to->words; w++)
            row[w] &= lets_out[w] & path[w];
    }
}

/* Behind a NAT gateway the server sees another address than the client's: such pairs are asked one by one. */
static void hidden_fill(const Job *job) {
    const ReachBits *bits = job->bits;
    Service service = bits->services[job->service];
    for (uint32_t i = 0; i < job->block->hidden->len; i++) {
        const uint32_t *pair = &g_array_index(job->block->hidden, uint32_t, 2 * i);
        for (uint32_t a = 0; a < job->from->count; a++) {
            for (uint32_t b = 0; b < job->to->count; b++) {
                if (job->from->subnet_of[a] != pair[0] || job->to->subnet_of[b] != pair[1])
                    continue;
                Query query = {.from = job->from->classes[a],
                               .to = job->to->classes[b],
                               .protocol = service.protocol,
                               .port = service.port};
                bit_put(row_of(job, a), b, reach_verdict(bits->reach, bits->state, query).kind == VERDICT_REACH);
            }
        }
    }
}

/* ---- a block -------------------------------------------------------------------------------------------------------
 */
static Job job_of(const ReachBits *bits, Block *block, uint32_t service) {
    return (Job){bits, &bits->nets[block->from], &bits->nets[block->to], block, service};
}

static void block_fill(const ReachBits *bits, Block *block, uint32_t service) {
    Job job = job_of(bits, block, service);
    paths_find(&job);
    for (uint32_t t = 0; t < job.to->team_count; t++)
        team_lets(&job, &job.to->teams[t], block->to, block->from, true, lets_in_of(&job, t));
    for (uint32_t t = 0; t < job.from->team_count; t++) {
        team_lets(&job, &job.from->teams[t], block->from, block->to, false, lets_out_of(&job, t));
        rows_fill(&job, t);
    }
    hidden_fill(&job);
}

Block *block_new(const ReachBits *bits, uint32_t from, uint32_t to) {
    const Net *a = &bits->nets[from], *b = &bits->nets[to];
    Block *block = g_new0(Block, 1);
    size_t services = bits->service_count;
    *block = (Block){.from = from, .to = to};
    block->rows = g_new0(Word, services * a->count * b->words);
    block->paths = g_new0(Word, services * a->subnet_count * b->words);
    block->lets_in = g_new0(Word, services * b->team_count * a->words);
    block->lets_out = g_new0(Word, services * a->team_count * b->words);
    block->hidden = g_array_new(FALSE, FALSE, 2 * sizeof(uint32_t));
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

void block_follow(const ReachBits *bits, Block *block, ComponentId component) {
    for (uint32_t service = 0; service < bits->service_count; service++) {
        Job job = job_of(bits, block, service);
        for (uint32_t t = 0; t < job.to->team_count; t++) {
            if (job.to->teams[t].component != component)
                continue;
            team_lets(&job, &job.to->teams[t], block->to, block->from, true, lets_in_of(&job, t));
            columns_fill(&job, t);
        }
        for (uint32_t t = 0; t < job.from->team_count; t++) {
            if (job.from->teams[t].component != component)
                continue;
            team_lets(&job, &job.from->teams[t], block->from, block->to, false, lets_out_of(&job, t));
            rows_fill(&job, t);
        }
        hidden_fill(&job);
    }
}
