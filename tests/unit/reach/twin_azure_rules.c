/* twin_azure_rules.c - what network security groups and the rules of a network manager say of one packet. */
#include "contract/kind.h"
#include "tests/unit/reach/twin_azure.h"

#define HOST_ADDRESS ((Address)0xa83f8110) /* 168.63.129.16 */

uint32_t twin_azure_network(const Model *model, TwinEnd end) {
    const Site *site = twin_site_of(model, end.component);
    if (site != NULL)
        return site->network;
    return twin_in_subnet(model, end) ? model->places[end.subnet].network : UINT32_MAX;
}

/* ---- network security groups ---------------------------------------------------------------------------------------
 */
static bool in_virtual_network(const Journey *j, PlaceId subnet, Address address) {
    const Model *model = j->model;
    const AzureNetwork *network = &model->azure.networks[model->places[subnet].network];
    const RouteTable *table = &model->route_tables[model->places[subnet].route_table];
    for (uint32_t i = 0; i < network->range_count; i++)
        if (twin_in_range(&network->ranges[i], 4, address))
            return true;
    for (uint32_t i = 0; i < table->route_count; i++)
        if (!table->routes[i].system && !table->routes[i].propagated && twin_in_range(&table->routes[i].to, 4, address))
            return true;
    return false;
}

static bool tag_holds(const Journey *j, const NsgPeer *peer, PlaceId subnet, Address address) {
    TwinEnd owner = twin_public_owner(j->model, 4, address);
    switch (peer->tag) {
    case TAG_VIRTUAL_NETWORK: return in_virtual_network(j, subnet, address);
    case TAG_LOAD_BALANCER: return address == HOST_ADDRESS;
    case TAG_INTERNET: return !twin_is_private(4, address);
    case TAG_SERVICE: break;
    default: return false;
    }
    for (const Kind *const *kind = peer->kinds; twin_is_service(j->model, owner.component) && *kind != NULL; kind++)
        if (j->model->components[owner.component].kind == *kind)
            return true;
    return false;
}

static bool side_holds(const Journey *j, const NsgPeer *peers, uint32_t count, PlaceId subnet, Address address) {
    TwinEnd owner = twin_owner(j->model, 4, address);
    for (uint32_t i = 0; i < count; i++) {
        const NsgPeer *peer = &peers[i];
        if (peer->kind == NSG_PEER_ANY || (peer->kind == NSG_PEER_RANGE && twin_in_range(&peer->range, 4, address)) ||
            (peer->kind == NSG_PEER_TAG && tag_holds(j, peer, subnet, address)))
            return true;
        for (uint32_t m = 0; peer->kind == NSG_PEER_MEMBERS && m < peer->member_count; m++)
            if (peer->members[m] == owner.component)
                return true;
    }
    return count == 0;
}

static const NsgRule *first_rule(const Journey *j, const NsgRules *rules, PlaceId subnet) {
    const NsgRule *first = NULL;
    for (uint32_t r = 0; r < rules->count; r++) {
        const NsgRule *rule = &rules->rules[r];
        if (twin_ports_hold(&rule->ports, j->query.protocol, j->target_port) &&
            side_holds(j, rule->from, rule->from_count, subnet, j->source) &&
            side_holds(j, rule->to, rule->to_count, subnet, j->target) &&
            (first == NULL || rule->priority < first->priority))
            first = rule;
    }
    return first;
}

static bool group_passes(Journey *j, uint32_t group, PlaceId subnet, bool inbound, const char *code) {
    j->steps++;
    if (group == 0 || j->reply)
        return true;
    const NetworkSecurityGroup *found = &j->model->azure.groups[group - 1];
    const NsgRule *rule = first_rule(j, inbound ? &found->inbound : &found->outbound, subnet);
    return (rule != NULL && rule->access != NSG_DENY) ||
           twin_fail(j, VERDICT_DENY, code, rule != NULL ? rule->element : found->element, subnet);
}

static bool filters_pass(Journey *j, const void *at, bool inbound) {
    TwinEnd end = *(const TwinEnd *)at;
    const AzureControls *azure = &j->model->azure;
    const AzureNetwork *network = &azure->networks[j->model->places[end.subnet].network];
    bool spared = j->model->components[end.component].kind->passage.mode == PASSAGE_STANDS_FOR &&
                  !azure->subnets[end.subnet].private_endpoint_policies;
    if (j->reply || spared)
        return true;
    const NsgRule *rule = first_rule(j, inbound ? &network->inbound : &network->outbound, end.subnet);
    if (rule != NULL && rule->access == NSG_DENY)
        return twin_fail(j, VERDICT_DENY, "ADMIN_RULE", rule->element, end.subnet);
    if (rule != NULL && rule->access == NSG_ALWAYS_ALLOW)
        return true;
    uint32_t own = azure->components[end.component].group, around = azure->subnets[end.subnet].group;
    const AzureComponent *controls = &azure->components[end.component];
    if (inbound && j->publicly && own == 0 && around == 0 && !controls->basic_ip && !controls->classic.classic)
        return twin_fail(j, VERDICT_DENY, "STANDARD_IP_CLOSED", j->model->components[end.component].element,
                         end.subnet);
    if (inbound)
        return group_passes(j, around, end.subnet, true, "SUBNET_NSG_RULE") &&
               group_passes(j, own, end.subnet, true, "NIC_NSG_RULE");
    return group_passes(j, own, end.subnet, false, "NIC_NSG_RULE") &&
           group_passes(j, around, end.subnet, false, "SUBNET_NSG_RULE");
}

bool twin_azure_filters(Journey *j, TwinEnd end, bool inbound) {
    return twin_every_packet(j, filters_pass, &end, inbound);
}
