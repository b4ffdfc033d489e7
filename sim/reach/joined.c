/* joined.c - which networks use each other's private addresses, because something joins them. */
#include "reach/walk.h"

/* Hubs that are peered are one for this: each is known by the first of them. */
static void hubs_merge(const Model *model, uint32_t *first) {
    for (uint32_t i = 0; i < model->join_count; i++)
        first[i] = i;
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        if (join->shape != JOIN_PEERING || join->hub_a == NO_JOIN)
            continue;
        uint32_t a = first[join->hub_a], b = first[join->hub_b], least = MIN(a, b);
        for (uint32_t k = 0; k < model->join_count; k++)
            first[k] = first[k] == a || first[k] == b ? least : first[k];
    }
}

/* Everything attached to the hub, by itself or behind a line. */
static void hub_networks(const Model *model, const Join *hub, GArray *networks) {
    for (uint32_t a = 0; a < hub->attachment_count; a++) {
        const HubAttachment *attachment = &hub->attachments[a];
        uint32_t network = attachment->network;
        if (network == NO_JOIN)
            network = model->joins[attachment->line].b; /* none behind a peering of two hubs */
        if (network != NO_JOIN)
            g_array_append_val(networks, network);
    }
}

static void join_pair(const Reach *reach, uint32_t a, uint32_t b, uint8_t how) {
    uint32_t count = reach->model->network_count;
    reach->joined[(size_t)a * count + b] |= how;
    reach->joined[(size_t)b * count + a] |= how;
}

static void hub_join(const Reach *reach, const uint32_t *first, uint32_t hub) {
    const Model *model = reach->model;
    GArray *networks = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < model->join_count; i++)
        if (first[i] == hub)
            hub_networks(model, &model->joins[i], networks);
    for (guint a = 0; a < networks->len; a++)
        for (guint b = 0; b < a; b++)
            join_pair(reach, g_array_index(networks, uint32_t, a), g_array_index(networks, uint32_t, b),
                      NETWORKS_JOINED);
    g_array_free(networks, TRUE);
}

/* What lies behind the gateway that one of two peers lends the other. */
static void lent_join(const Reach *reach, const Join *peering) {
    for (uint32_t i = 0; i < reach->model->join_count; i++) {
        const Join *line = &reach->model->joins[i];
        if (line->shape == JOIN_LINE && (line->a == peering->a || line->a == peering->b))
            join_pair(reach, line->a == peering->a ? peering->b : peering->a, line->b, NETWORKS_JOINED);
    }
}

void joined_init(Reach *reach) {
    const Model *model = reach->model;
    uint32_t *first = g_new(uint32_t, model->join_count + 1);
    reach->joined = g_new0(uint8_t, (size_t)model->network_count * model->network_count + 1);
    hubs_merge(model, first);
    for (uint32_t n = 0; n < model->network_count; n++)
        join_pair(reach, n, n, NETWORKS_JOINED | NETWORKS_PEERED);
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        if (join->shape == JOIN_HUB)
            hub_join(reach, first, i);
        if (join->facts.lends_gateway)
            lent_join(reach, join);
        if (join->a == NO_JOIN) /* a hub, what hangs on one, or an overlay */
            continue;
        bool near = model->networks[join->a].region == model->networks[join->b].region; /* no site is in a region */
        join_pair(reach, join->a, join->b, near ? NETWORKS_JOINED | NETWORKS_PEERED : NETWORKS_JOINED);
    }
    g_free(first);
}

bool networks_joined(const Reach *reach, uint32_t a, uint32_t b) {
    return reach->joined[(size_t)a * reach->model->network_count + b] & NETWORKS_JOINED;
}

bool networks_peered(const Reach *reach, uint32_t a, uint32_t b) {
    return reach->joined[(size_t)a * reach->model->network_count + b] & NETWORKS_PEERED;
}
