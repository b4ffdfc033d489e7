/* bits_follow.c - brings bits up to date after an ACL or a route table changed: what depends on its subnets.
 *
 * Ways are kept by pairs of subnets, so those from and to the subnets of the list are worked out again. Where something
 * in such a subnet passes other packets on (a NAT gateway, an appliance, the interface of a hub), ways between other
 * subnets may lead through it, and everything is. */
#include <string.h>

#include "reach/bits.h"

static bool hubs_stand_in(const Model *model, const bool *touched) {
    bool stand = false;
    for (uint32_t i = 0; i < model->join_count; i++)
        for (uint32_t a = 0; a < model->joins[i].attachment_count; a++)
            for (uint32_t z = 0; z < model->joins[i].attachments[a].zone_count; z++) {
                PlaceId subnet = model->joins[i].attachments[a].subnets[z];
                stand = stand || (subnet != NO_PLACE && touched[subnet]);
            }
    return stand;
}

/* Does anything there but hosts stand? */
static bool is_passed(const ReachBits *bits, const bool *touched) {
    bool passed = hubs_stand_in(bits->reach->model, touched);
    for (uint32_t i = 0; i < bits->reach->party_count; i++) {
        const Party *party = &bits->reach->parties[i];
        bool carries = party->kind != PARTY_INSIDE || party->component->carries;
        passed = passed || (carries && party->network != NO_NETWORK && touched[party->place]);
    }
    return passed;
}

static void subnets_follow(ReachBits *bits, const bool *touched, const bool *services) {
    const Reach *reach = bits->reach;
    size_t blocks = (size_t)reach->model->network_count * reach->model->network_count;
    for (size_t i = 0; i < blocks; i++)
        if (bits->block_of[i] != NULL)
            block_follow_subnets(bits, bits->block_of[i], touched, services);
    for (ClassId id = 0; id < reach->class_count; id++) {
        const Party *party = &reach->parties[id];
        if (party->network == NO_NETWORK || !touched[party->place])
            continue;
        for (uint32_t service = 0; service < bits->service_count; service++)
            if (services[service])
                bits_ask_outside(bits, service, id);
        bits->exits[id] = walk_exit(reach, bits->state, id);
    }
}

static void everything_follow(ReachBits *bits) {
    bits_clear(bits);
    bits_fill(bits);
}

void reach_bits_follow_acl(ReachBits *bits, uint32_t acl) {
    const Model *model = bits->reach->model;
    bool *touched = g_new0(bool, model->place_count + 1);
    for (PlaceId p = 0; p < model->place_count; p++)
        touched[p] = model->places[p].acl == acl + 1;
    if (is_passed(bits, touched)) {
        everything_follow(bits);
    } else {
        bool *services = g_new0(bool, bits->service_count + 1);
        bits_acls_follow(bits, acl, touched, services);
        subnets_follow(bits, touched, services);
        g_free(services);
    }
    g_free(touched);
}

void reach_bits_follow_table(ReachBits *bits, uint32_t table) {
    const Model *model = bits->reach->model;
    bool *touched = g_new0(bool, model->place_count + 1),
         everything = true; /* one of no subnet is a site's or a gateway's */
    for (PlaceId p = 0; p < model->place_count; p++) {
        touched[p] = model->places[p].level == PLACE_SUBNET && model->places[p].route_table == table;
        everything = everything && !touched[p];
    }
    if (everything || is_passed(bits, touched)) {
        everything_follow(bits);
    } else {
        bool *services = g_new(bool, bits->service_count + 1);
        memset(services, true, bits->service_count * sizeof *services);
        subnets_follow(bits, touched, services);
        g_free(services);
    }
    g_free(touched);
}
