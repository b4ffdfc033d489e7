/* filters_text.c - entries of network ACLs as text, and what filters and IPv6 add to the model's canonical text. */
#include <inttypes.h>

#include "model/build.h"

/* "100 deny tcp/80 from 10.0.0.0/8": an entry without its list; allocated. */
char *acl_rule_text(const AclRule *rule, bool inbound) {
    char *ports = ports_text(&rule->ports);
    char *range = rule->cidr.family != 0 ? prefix_text(&rule->cidr) : g_strdup("anyone");
    char *text = g_strdup_printf("%" PRIu32 " %s %s %s %s", rule->number, rule->allow ? "allow" : "deny", ports,
                                 inbound ? "from" : "to", range);
    g_free(range);
    g_free(ports);
    return text;
}

static void entries_text(GString *out, const AclRule *rules, uint32_t count, bool inbound) {
    for (uint32_t i = 0; i < count; i++) {
        char *text = acl_rule_text(&rules[i], inbound);
        g_string_append_printf(out, " %s\n", text);
        g_free(text);
    }
}

static void range_text(GString *out, const char *what, const char *name, const Prefix *range) {
    if (range->family == 0)
        return;
    char *text = prefix_text(range);
    g_string_append_printf(out, "%s %s %s\n", what, name, text);
    g_free(text);
}

/* Nothing for a model that has none of it. */
void filters_digest(GString *out, const Model *model) {
    for (uint32_t i = 0; i < model->acl_count; i++) {
        const Acl *acl = &model->acls[i];
        g_string_append_printf(out, "acl %s network %" PRIu32 "\n", acl->name, acl->network);
        entries_text(out, acl->inbound, acl->inbound_count, true);
        entries_text(out, acl->outbound, acl->outbound_count, false);
    }
    for (uint32_t i = 0; i < model->network_count; i++) {
        range_text(out, "network6", model->networks[i].name, &model->networks[i].cidr6);
        if (model->networks[i].egress_only)
            g_string_append_printf(out, "egress-only gateway of %s\n", model->networks[i].name);
    }
    for (PlaceId p = 0; p < model->place_count; p++) {
        if (model->places[p].acl != 0)
            g_string_append_printf(out, "acl of %s %" PRIu32 "\n", model->places[p].path, model->places[p].acl);
        range_text(out, "subnet6", model->places[p].path, &model->places[p].cidr6);
    }
    for (uint32_t i = 0; i < model->component_count; i++) {
        const Component *component = &model->components[i];
        bool own = component->kind->client_first != 0; /* a kind's change is a change of the program */
        if (component->client_first != (own ? component->kind->client_first : CLIENT_PORTS_FIRST) ||
            component->client_last != (own ? component->kind->client_last : CLIENT_PORTS_LAST))
            g_string_append_printf(out, "client ports of %s %u-%u\n", component->name, component->client_first,
                                   component->client_last);
    }
}
