/* bits_acls.c - which services network ACLs tell apart, so that the others need not be asked about again.
 *
 * An entry sees a service twice: by its port on the way there, by the ports of clients on the way back. */
#include <string.h>

#include "reach/bits.h"

/* ---- services that fare alike --------------------------------------------------------------------------------------
 */
static bool entry_tells_apart(const AclRule *entry, Service a, Service b) {
    if (ports_contain(&entry->ports, PROTOCOL_ANY, 0))
        return false;
    return a.protocol != b.protocol ||
           ports_contain(&entry->ports, a.protocol, a.port) != ports_contain(&entry->ports, b.protocol, b.port);
}

static bool acl_tells_apart(const ReachBits *bits, uint32_t acl, Service a, Service b) {
    for (uint32_t way = 0; way < 2; way++) {
        const AclSeen *seen = &bits->seen[2 * acl + way];
        for (uint32_t i = 0; i < seen->count; i++)
            if (entry_tells_apart(&seen->rules[i], a, b))
                return true;
    }
    return false;
}

/* Whether some ACL of the networks that are `meant` does. NAT gateways refuse "all traffic" as such. */
static bool told_apart(const ReachBits *bits, const bool *meant, uint32_t x, uint32_t y) {
    const Model *model = bits->reach->model;
    Service a = bits->services[x], b = bits->services[y];
    if (a.protocol == PROTOCOL_ANY || b.protocol == PROTOCOL_ANY)
        return a.protocol != b.protocol;
    for (uint32_t acl = 0; acl < model->acl_count; acl++)
        if (meant[model->acls[acl].network] && acl_tells_apart(bits, acl, a, b))
            return true;
    return false;
}

static void likes_find(const ReachBits *bits, const bool *meant, uint32_t *like) {
    for (uint32_t service = 0; service < bits->service_count; service++) {
        like[service] = 0;
        while (told_apart(bits, meant, like[service], service))
            like[service]++;
    }
}

static void all_likes_find(ReachBits *bits) {
    uint32_t networks = bits->reach->model->network_count;
    bool *meant = g_new0(bool, networks + 1);
    for (uint32_t n = 0; n < networks; n++) {
        meant[n] = true;
        likes_find(bits, meant, bits->nets[n].like);
        meant[n] = false;
    }
    for (uint32_t n = 0; n < networks; n++)
        meant[n] = bits->nets[n].has_appliances;
    likes_find(bits, meant, bits->through);
    g_free(meant);
}

/* ---- what is seen --------------------------------------------------------------------------------------------------
 */
static void acl_see(const ReachBits *bits, uint32_t acl, uint32_t way) {
    const AclRules *now = netstate_acl(bits->state, &bits->reach->model->acls[acl], way);
    AclSeen *seen = &bits->seen[2 * acl + way];
    g_free(seen->rules);
    *seen = (AclSeen){g_memdup2(now->rules, now->count * sizeof *now->rules), now->count};
}

void bits_acls_init(ReachBits *bits) {
    const Model *model = bits->reach->model;
    bits->seen = g_new0(AclSeen, 2 * (size_t)model->acl_count + 1);
    for (uint32_t i = 0; i < 2 * model->acl_count; i++)
        acl_see(bits, i / 2, i % 2);
    bits->through = g_new(uint32_t, bits->service_count);
    for (uint32_t n = 0; n < model->network_count; n++)
        bits->nets[n].like = g_new(uint32_t, bits->service_count);
    all_likes_find(bits);
}

void bits_acls_clear(ReachBits *bits) {
    for (uint32_t i = 0; i < 2 * bits->reach->model->acl_count; i++)
        g_free(bits->seen[i].rules);
    for (uint32_t n = 0; n < bits->reach->model->network_count; n++)
        g_free(bits->nets[n].like);
    g_free(bits->seen);
    g_free(bits->through);
}

/* ---- what changed --------------------------------------------------------------------------------------------------
 */
/* The ports to which answers pass the ACL, from the lowest to the highest: those of the clients in its subnets on the
 * way in, of anybody on the way out. */
static PortRange answers_through(const ReachBits *bits, const bool *touched, bool inbound) {
    const Reach *reach = bits->reach;
    PortRange ports = {0, inbound ? UINT16_MAX : NAT_FIRST, inbound ? 0 : NAT_LAST};
    for (ClassId id = 0; id < reach->class_count; id++) {
        const Party *party = &reach->parties[id];
        if (inbound && (party->network == NO_NETWORK || !touched[party->place]))
            continue;
        bool known = party->component->client_first != 0;
        uint16_t first = known ? party->component->client_first : CLIENT_PORTS_FIRST;
        uint16_t last = known ? party->component->client_last : CLIENT_PORTS_LAST;
        ports = (PortRange){0, MIN(ports.first, first), MAX(ports.last, last)};
    }
    return ports;
}

static bool entry_concerns(const AclRule *entry, Service service, PortRange answers) {
    if (service.protocol == PROTOCOL_ANY || ports_contain(&entry->ports, service.protocol, service.port))
        return true;
    for (uint32_t i = 0; i < entry->ports.count; i++) {
        const PortRange *range = &entry->ports.range[i];
        if (range->protocol == service.protocol && range->first <= answers.last && answers.first <= range->last)
            return true;
    }
    return false;
}

/* The entries from the first that differs on; those at the end that are the same again are left out. */
static void direction_follow(const ReachBits *bits, uint32_t acl, bool inbound, PortRange answers, bool *services) {
    const AclSeen *seen = &bits->seen[2 * acl + inbound];
    const AclRules *now = netstate_acl(bits->state, &bits->reach->model->acls[acl], inbound);
    uint32_t same = 0, before = seen->count, after = now->count;
    while (same < before && same < after && acl_rule_equal(&seen->rules[same], &now->rules[same]))
        same++;
    while (before > same && after > same && acl_rule_equal(&seen->rules[before - 1], &now->rules[after - 1])) {
        before--;
        after--;
    }
    for (uint32_t i = 0; i < bits->service_count; i++) {
        for (uint32_t k = same; k < before; k++)
            services[i] = services[i] || entry_concerns(&seen->rules[k], bits->services[i], answers);
        for (uint32_t k = same; k < after; k++)
            services[i] = services[i] || entry_concerns(&now->rules[k], bits->services[i], answers);
    }
}

void bits_acls_follow(ReachBits *bits, uint32_t acl, const bool *touched, bool *services) {
    for (uint32_t way = 0; way < 2; way++) {
        direction_follow(bits, acl, way, answers_through(bits, touched, way), services);
        acl_see(bits, acl, way);
    }
    all_likes_find(bits);
}
