/* ranges6.c - IPv6 ranges: one for a network, a /64 of it for each subnet; beside IPv4, never instead of it.
 *
 * A cloud gives out ranges of its own; these are numbered from the range for documentation (RFC 3849), a /56 for each
 * network (AWS VPC user guide, "vpc-cidr-blocks": a fixed /56, subnets of /64). */
#include <string.h>

#include "model/build.h"

enum { NETWORK_LENGTH = 56, SUBNET_LENGTH = 64, NETWORKS_MOST = 1 << 16 };

/* What is written for the copy; NULL: nothing. */
static const Node *written(Build *build, const Stack *stack, const Copy *copy) {
    NetworkKeys keys = {0};
    read_quietly(build, network_keys, stack->keys.network, keep(build, "the network of stack %s", stack->name), &keys);
    if (keys.cidr6 == NULL || keys.cidr6->type != NODE_MAP)
        return keys.cidr6;
    const Node *own = node_get(keys.cidr6, copy->region);
    if (own == NULL)
        complain(build, keys.cidr6->mark, keep(build, "add %s: auto, or a range", copy->region),
                 "the network of stack %s has no IPv6 range for copy %s", stack->name, copy->region);
    return own;
}

static bool is_auto(const Node *node) {
    return node->type == NODE_SCALAR && (strcmp(node->text, "auto") == 0 || node->text[0] == '\0');
}

/* A range that somebody wrote. */
static void network_write(Build *build, Network *network, const Node *node) {
    Prefix range = range_of(build, node, "cidr6");
    if (range.family == 0)
        return;
    if (range.family != 6 || range.length > SUBNET_LENGTH)
        complain(build, node->mark, "write cidr6: auto, or a range like 2001:db8:1::/56",
                 "cidr6 must be an IPv6 range of at most /%d, from which subnets get a /%d each", SUBNET_LENGTH,
                 SUBNET_LENGTH);
    else
        network->cidr6 = range;
    network->mark = node->mark;
}

static bool is_free(const Model *model, const Prefix *range, uint32_t but) {
    for (uint32_t i = 0; i < model->network_count; i++)
        if (i != but && model->networks[i].cidr6.family != 0 && prefix_overlaps(&model->networks[i].cidr6, range))
            return false;
    return true;
}

/* Written ranges are stepped over, as in IPv4. */
static void network_number(Build *build, uint32_t index, uint32_t *next) {
    Model *model = build->model;
    const Prefix documentation = {.base = (Address)0x20010db8 << 96, .length = 32, .family = 6};
    for (; *next < NETWORKS_MOST && model->networks[index].cidr6.family == 0; (*next)++) {
        Prefix part = prefix_part(&documentation, NETWORK_LENGTH, *next);
        if (is_free(model, &part, index))
            model->networks[index].cidr6 = part;
    }
}

/* A /64 for each subnet, in the order of names, as they stand in the table of places. */
static void subnets_number(Build *build, uint32_t network) {
    Model *model = build->model;
    const Network *in = &model->networks[network];
    uint32_t next = 0;
    for (PlaceId p = 0; p < model->place_count && in->cidr6.family != 0; p++) {
        Place *place = &model->places[p];
        if (place->level != PLACE_SUBNET || place->network != network)
            continue;
        uint8_t bits = (uint8_t)(SUBNET_LENGTH - in->cidr6.length);
        if (bits < 32 && next >> bits != 0) {
            complain(build, in->mark, "write a larger range", "the IPv6 range of network %s has no room for subnet %s",
                     in->name, place->name);
            return;
        }
        place->cidr6 = prefix_part(&in->cidr6, SUBNET_LENGTH, next++);
    }
}

static void overlaps_tell(Build *build) {
    const Model *model = build->model;
    for (uint32_t i = 0; i < model->network_count; i++)
        if (model->networks[i].cidr6.family != 0 && !is_free(model, &model->networks[i].cidr6, i))
            complain(build, model->networks[i].mark, "give each network a range of its own, or cidr6: auto",
                     "the IPv6 range of network %s overlaps another one's", model->networks[i].name);
}

void ranges6_build(Build *build) {
    uint32_t next = 0;
    bool *wanted = g_new0(bool, build->model->network_count + 1);
    for (uint32_t s = 0; s < build->stack_count; s++) {
        const Stack *stack = &build->stacks[s];
        for (uint32_t c = 0; c < stack->copy_count; c++) {
            const Node *node = stack->keys.network != NULL ? written(build, stack, &stack->copies[c]) : NULL;
            uint32_t network = stack->copies[c].network;
            if (node == NULL || network == NO_INDEX)
                continue;
            wanted[network] = is_auto(node);
            if (!wanted[network])
                network_write(build, &build->model->networks[network], node);
        }
    }
    overlaps_tell(build);
    for (uint32_t n = 0; n < build->model->network_count; n++) {
        if (wanted[n])
            network_number(build, n, &next);
        subnets_number(build, n);
    }
    g_free(wanted);
}
