/* azure_bits.c - whom the network security groups of a class let in from or out to, a whole network at a time.
 *
 * A rule's other side is told by the subnet (ranges, tags) or by the component (members); so a list is walked once for
 * a class, each rule deciding for those that no rule before it meant. */
#include <string.h>

#include "reach/azure.h"
#include "reach/bits.h"

typedef struct {
    const ReachBits *bits;
    const Net *other;
    Walk walk; /* so much of one as matching asks for */
    ClassId own;
    bool inbound;
    Service service;
} Sieve;

/* What a list says of the classes of the other network. */
typedef struct {
    Word *left, *matched, *allowed, *settled; /* settled: no group is asked any more */
} Sorted;

static void members_add(const Sieve *sieve, const NsgPeer *peer, Word *out) {
    for (uint32_t t = 0; t < sieve->other->team_count; t++) {
        const Team *team = &sieve->other->teams[t];
        for (uint32_t i = 0; i < peer->member_count; i++)
            for (uint32_t k = 0; peer->members[i] == team->component && k < team->count; k++)
                bit_set(out, team->first + k);
    }
}

static void peers_add(const Sieve *sieve, const NsgPeer *peer, Word *out) {
    const Party *own = &sieve->bits->reach->parties[sieve->own];
    if (peer->kind == NSG_PEER_MEMBERS) {
        members_add(sieve, peer, out);
        return;
    }
    for (uint32_t s = 0; s < sieve->other->subnet_count; s++) {
        const Word *mask = sieve->other->subnet_masks + (size_t)s * sieve->other->words;
        if (azure_side_matches(&sieve->walk, own, peer, 1, (Host){sieve->other->some_class[s], false}))
            for (uint32_t w = 0; w < sieve->other->words; w++)
                out[w] |= mask[w];
    }
}

/* Those of the other network that the rule means. */
static void rule_match(const Sieve *sieve, const NsgRule *rule, Word *out) {
    const Party *own = &sieve->bits->reach->parties[sieve->own];
    const NsgPeer *near = sieve->inbound ? rule->to : rule->from, *far = sieve->inbound ? rule->from : rule->to;
    uint32_t near_count = sieve->inbound ? rule->to_count : rule->from_count,
             far_count = sieve->inbound ? rule->from_count : rule->to_count;
    memset(out, far_count == 0 ? 0xff : 0, sieve->other->words * sizeof(Word));
    if (!ports_contain(&rule->ports, sieve->service.protocol, sieve->service.port) ||
        !azure_side_matches(&sieve->walk, own, near, near_count, (Host){sieve->own, false}))
        memset(out, 0, sieve->other->words * sizeof(Word));
    else
        for (uint32_t i = 0; i < far_count; i++)
            peers_add(sieve, &far[i], out);
}

/* Whom none of the rules means stays in `left`. */
static void list_sort(const Sieve *sieve, const NsgRules *list, const Sorted *sorted) {
    memset(sorted->left, 0xff, sieve->other->words * sizeof(Word));
    memset(sorted->allowed, 0, sieve->other->words * sizeof(Word));
    memset(sorted->settled, 0, sieve->other->words * sizeof(Word));
    for (uint32_t i = 0; i < list->count; i++) {
        const NsgRule *rule = &list->rules[i];
        rule_match(sieve, rule, sorted->matched);
        for (uint32_t w = 0; w < sieve->other->words; w++) {
            Word decided = sorted->matched[w] & sorted->left[w];
            sorted->left[w] &= ~decided;
            sorted->allowed[w] |= rule->access == NSG_ALLOW ? decided : 0;
            sorted->settled[w] |= rule->access == NSG_ALWAYS_ALLOW ? decided : 0;
        }
    }
}

/* Of those in *out, whom the group does not allow goes. */
static void group_sieve(const Sieve *sieve, uint32_t group, const Sorted *sorted, Word *out) {
    if (group == 0)
        return;
    list_sort(sieve, netstate_nsg(sieve->bits->state, group - 1, sieve->inbound), sorted);
    for (uint32_t w = 0; w < sieve->other->words; w++)
        out[w] &= sorted->allowed[w];
}

void azure_lets(const ReachBits *bits, ClassId own, uint32_t other, uint32_t service, uint8_t family, bool inbound,
                Word *out) {
    const Model *model = bits->reach->model;
    const Party *party = &bits->reach->parties[own];
    Sieve sieve = {
        .bits = bits, .other = &bits->nets[other], .own = own, .inbound = inbound, .service = bits->services[service]};
    sieve.walk.reach = bits->reach;
    sieve.walk.state = bits->state;
    sieve.walk.packet.family = family;
    size_t words = sieve.other->words;
    Word *space = g_new(Word, 5 * words), *settled = space + 4 * words;
    Sorted sorted = {space, space + words, space + 2 * words, space + 3 * words};
    const AzureNetwork *network = &model->azure.networks[party->network];
    list_sort(&sieve, inbound ? &network->inbound : &network->outbound, &sorted);
    memcpy(settled, sorted.settled, words * sizeof(Word));
    for (size_t w = 0; w < words; w++)
        out[w] = sorted.left[w] | sorted.allowed[w];
    group_sieve(&sieve, azure_component(&sieve.walk, party)->group, &sorted, out);
    group_sieve(&sieve, azure_subnet(&sieve.walk, party)->group, &sorted, out);
    for (size_t w = 0; w < words; w++)
        out[w] |= settled[w];
    g_free(space);
}
