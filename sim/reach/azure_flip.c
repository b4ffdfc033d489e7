/* azure_flip.c - the one rule of a network security group that would turn its word round. */
#include "reach/azure_flip.h"

#include <inttypes.h>

#include "reach/walk.h"

enum { PRIORITY_LEAST = 100, PRIORITY_MOST = 4096 };

typedef struct {
    uint32_t group, priority;
    bool inbound;
} Standing; /* where a rule stands */

static bool rule_find(const Reach *reach, const NetState *state, uint32_t element, Standing *standing) {
    for (uint32_t g = 0; g < reach->model->azure.group_count; g++)
        for (int inbound = 0; inbound < 2; inbound++) {
            const NsgRules *rules = netstate_nsg(state, g, inbound);
            for (uint32_t i = 0; i < rules->count; i++)
                if (rules->rules[i].element == element) {
                    *standing = (Standing){g, rules->rules[i].priority, inbound};
                    return true;
                }
        }
    return false;
}

/* The highest free one before the rule; 0: none. */
static uint32_t priority_before(const NetState *state, const Standing *standing) {
    const NsgRules *rules = netstate_nsg(state, standing->group, standing->inbound);
    for (uint32_t priority = MIN(standing->priority - 1, PRIORITY_MOST); priority >= PRIORITY_LEAST; priority--) {
        bool taken = false;
        for (uint32_t i = 0; i < rules->count; i++)
            taken = taken || rules->rules[i].priority == priority;
        if (!taken)
            return priority;
    }
    return 0;
}

/* Whether who stands in that network sees the other side, the client where `inbound`, by a public address, so that only
 * a rule for everybody outside can mean it. */
static bool is_outside(const Reach *reach, const Query *query, uint32_t network, const Party *other, bool inbound) {
    if (other->network == NO_NETWORK || query->by_public_address)
        return true;
    if (inbound && other->relays && other->public_address && !query->probe)
        return true; /* before the balancer stands anybody out there */
    return !networks_joined(reach, network, other->network) && (inbound || other->public_address);
}

/* The other side as a rule would name it: a component of the same network, everybody outside, or a range. */
static NsgPeer *peer_new(uint32_t network, const Party *other, bool outside, char **text) {
    NsgPeer *peer = g_new0(NsgPeer, 1);
    if (outside) {
        *peer = (NsgPeer){.kind = NSG_PEER_TAG, .tag = TAG_INTERNET};
        *text = g_strdup("Internet");
    } else if (other->network == network) {
        *peer = (NsgPeer){.kind = NSG_PEER_MEMBERS, .members = g_memdup2(&other->id, sizeof other->id)};
        peer->member_count = 1;
        *text = g_strdup(other->component->label);
    } else {
        *peer = (NsgPeer){.kind = NSG_PEER_RANGE, .range = other->address};
        *text = prefix_text(&other->address);
    }
    return peer;
}

static NsgPeer *prober_new(char **text) {
    NsgPeer *peer = g_new0(NsgPeer, 1);
    *peer = (NsgPeer){.kind = NSG_PEER_TAG, .tag = TAG_LOAD_BALANCER};
    *text = g_strdup("AzureLoadBalancer");
    return peer;
}

/* To open, as it was seen where the walk has stopped: something on the way may hide who asks. */
static NsgPeer *peer_of(const Reach *reach, const NetState *state, const Query *query, const Standing *standing,
                        bool allow, char **text) {
    const Party *other = &reach->parties[party_of_class(reach, standing->inbound ? query->from : query->to)];
    uint32_t network = reach->model->azure.groups[standing->group].network;
    if (query->probe && other->relays)
        return prober_new(text);
    if (!allow)
        return peer_new(network, other, is_outside(reach, query, network, other, standing->inbound), text);
    Walk walk;
    walk_ended(reach, state, query, &walk);
    Host seen = standing->inbound ? walk.packet.from : walk.packet.to;
    return peer_new(network, walk_party(&walk, seen.party), seen.public_side, text);
}

char *azure_flip(const Reach *reach, NetState *state, const Query *query, uint32_t *element, bool allow,
                 GPtrArray *peers) {
    Standing standing;
    if (!rule_find(reach, state, *element, &standing))
        return NULL;
    uint32_t priority = priority_before(state, &standing);
    if (priority == 0)
        return NULL;
    const NetworkSecurityGroup *group = &reach->model->azure.groups[standing.group];
    char *named = NULL;
    NsgPeer *peer = peer_of(reach, state, query, &standing, allow, &named);
    g_ptr_array_add(peers, peer);
    NsgRule rule = {.priority = priority, .access = allow ? NSG_ALLOW : NSG_DENY, .element = group->element};
    rule.from = standing.inbound ? peer : NULL;
    rule.to = standing.inbound ? NULL : peer;
    rule.from_count = standing.inbound;
    rule.to_count = !standing.inbound;
    ports_add(&rule.ports, (PortRange){(uint8_t)query->protocol, query->port, query->port});
    char *ports = ports_text(&rule.ports);
    netstate_nsg_add(state, standing.group, standing.inbound, &rule);
    char *text = g_strdup_printf("add to network security group %s, %s: {priority: %" PRIu32 ", %s: %s, %s: %s}",
                                 group->name, standing.inbound ? "inbound" : "outbound", priority,
                                 allow ? "allow" : "deny", ports, standing.inbound ? "from" : "to", named);
    *element = group->element;
    g_free(ports);
    g_free(named);
    return text;
}

static void peer_free(gpointer pointer) {
    NsgPeer *peer = pointer;
    g_free(peer->members);
    g_free(peer);
}

GPtrArray *azure_flip_peers(void) { return g_ptr_array_new_with_free_func(peer_free); }
