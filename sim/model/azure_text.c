/* azure_text.c - network security groups and all that goes with them as text, for reports and for the model's digest.
 */
#include <inttypes.h>

#include "model/build.h"

static void peer_text(GString *out, const Model *model, const NsgPeer *peer) {
    static const char *const tags[] = {"VirtualNetwork",   "AzureLoadBalancer", "Internet",        "service",
                                       "AzurePlatformDNS", "AzurePlatformIMDS", "AzurePlatformLKM"};
    char *range = NULL;
    switch (peer->kind) {
    case NSG_PEER_ANY: g_string_append(out, "any"); break;
    case NSG_PEER_RANGE: g_string_append(out, range = prefix_text(&peer->range)); break;
    case NSG_PEER_TAG:
        g_string_append(out, tags[peer->tag]);
        for (const Kind *const *kind = peer->kinds; kind != NULL && *kind != NULL; kind++)
            g_string_append_printf(out, " %s", (*kind)->name);
        break;
    case NSG_PEER_MEMBERS:
        for (uint32_t i = 0; i < peer->member_count; i++)
            g_string_append_printf(out, "%s%s", i > 0 ? " " : "", model->components[peer->members[i]].name);
        break;
    }
    g_free(range);
}

static void side_text(GString *out, const Model *model, const char *word, const NsgPeer *peers, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        g_string_append(out, i == 0 ? word : ", ");
        peer_text(out, model, &peers[i]);
    }
}

char *nsg_rule_text(const Model *model, const NsgRule *rule) {
    static const char *const accesses[] = {"deny", "allow", "always_allow"};
    char *ports = ports_text(&rule->ports);
    GString *text = g_string_new(NULL);
    g_string_printf(text, "%" PRIu32 " %s %s", rule->priority, accesses[rule->access], ports);
    side_text(text, model, " from ", rule->from, rule->from_count);
    side_text(text, model, " to ", rule->to, rule->to_count);
    g_free(ports);
    return g_string_free(text, FALSE);
}

static void rules_text(GString *out, const Model *model, const char *way, const NsgRules *rules) {
    for (uint32_t i = 0; i < rules->count; i++) {
        char *text = nsg_rule_text(model, &rules->rules[i]);
        g_string_append_printf(out, " %s %s\n", way, text);
        g_free(text);
    }
}

static void subnet_text(GString *out, const Model *model, PlaceId place) {
    const AzureSubnet *subnet = &model->azure.subnets[place];
    g_string_append_printf(out, "azure subnet %s group %" PRIu32 " outbound %d policies %d", model->places[place].name,
                           subnet->group, subnet->default_outbound, subnet->private_endpoint_policies);
    for (const Kind *const *kind = subnet->services; kind != NULL && *kind != NULL; kind++)
        g_string_append_printf(out, " %s", (*kind)->name);
    g_string_append_c(out, '\n');
}

static void classic_text(GString *out, const ClassicService *service) {
    for (uint32_t i = 0; i < service->count; i++) {
        const InputEndpoint *endpoint = &service->endpoints[i];
        g_string_append_printf(out, " endpoint %u %u %u\n", endpoint->protocol, endpoint->outside, endpoint->inside);
        for (uint32_t k = 0; k < endpoint->acl_count; k++) {
            char *range = prefix_text(&endpoint->acl[k].range);
            g_string_append_printf(out, "  %" PRIu32 " %d %s\n", endpoint->acl[k].order, endpoint->acl[k].permit,
                                   range);
            g_free(range);
        }
    }
}

static void firewall_text(GString *out, const ServiceFirewall *firewall) {
    g_string_append(out, firewall->present ? " firewall" : "");
    for (uint32_t i = 0; i < firewall->subnet_count; i++)
        g_string_append_printf(out, " %" PRIu32, firewall->subnets[i]);
    for (uint32_t i = 0; i < firewall->range_count; i++) {
        char *range = prefix_text(&firewall->ranges[i]);
        g_string_append_printf(out, " %s", range);
        g_free(range);
    }
    g_string_append(out, firewall->present ? "\n" : "");
}

void azure_text(GString *out, const Model *model) {
    const AzureControls *azure = &model->azure;
    if (azure->networks == NULL)
        return;
    for (uint32_t i = 0; i < azure->group_count; i++) {
        g_string_append_printf(out, "network security group %s\n", azure->groups[i].name);
        rules_text(out, model, "in", &azure->groups[i].inbound);
        rules_text(out, model, "out", &azure->groups[i].outbound);
    }
    for (uint32_t i = 0; i < model->network_count; i++) {
        g_string_append_printf(out, "admin rules %s\n", model->networks[i].name);
        rules_text(out, model, "in", &azure->networks[i].inbound);
        rules_text(out, model, "out", &azure->networks[i].outbound);
    }
    for (PlaceId p = 0; p < model->place_count; p++)
        if (model->places[p].level == PLACE_SUBNET)
            subnet_text(out, model, p);
    for (ComponentId c = 0; c < model->component_count; c++) {
        const AzureComponent *component = &azure->components[c];
        g_string_append_printf(out, "azure %s group %" PRIu32 " basic %d classic %d\n", model->components[c].name,
                               component->group, component->basic_ip, component->classic.classic);
        classic_text(out, &component->classic);
        firewall_text(out, &component->firewall);
    }
}
