/* sites.c - places on premises: what each says, the firewall at its border, and the table that its router goes by. */
#include <string.h>

#include "model/build.h"

/* ---- reading -------------------------------------------------------------------------------------------------------
 */
void sites_read(Build *build) {
    NodeEntry *entries = sorted_entries(build, build->pattern.sites, "sites", &build->site_count);
    build->sites = tree_alloc(build->tree, (build->site_count + 1) * sizeof *build->sites);
    for (uint32_t i = 0; i < build->site_count; i++) {
        SiteDraft *site = &build->sites[i];
        *site = (SiteDraft){.name = entries[i].key, .mark = entries[i].mark, .place = NO_PLACE, .network = NO_INDEX};
        name_is_good(build, site->name, site->mark, "a site");
        if (node_get(build->pattern.stacks, site->name) != NULL)
            complain(build, site->mark, "choose another name", "there is a stack '%s' already", site->name);
        read_quietly(build, site_keys, entries[i].value, keep(build, "site %s", site->name), &site->keys);
    }
}

/* ---- the border ----------------------------------------------------------------------------------------------------
 */
/* Ranges and words only: security groups mean nothing on premises. */
static bool peer_of(Build *build, const Node *node, Peer *peer) {
    const char *text = scalar_of(build, node, "a peer");
    *peer = (Peer){.kind = PEER_CIDR};
    uint32_t *networks, count = text != NULL ? networks_named(build, text, &networks) : 0;
    if (text == NULL)
        return false;
    if (strcmp(text, "internet") == 0)
        peer->kind = PEER_INTERNET;
    else if (strcmp(text, "anyone") == 0 || strcmp(text, "any") == 0)
        peer->kind = PEER_ANY;
    else if (count == 1)
        peer->cidr = build->model->networks[networks[0]].cidr;
    else
        peer->cidr = range_of(build, node, "a peer");
    return peer->kind != PEER_CIDR || peer->cidr.family != 0;
}

static void rule_of(Build *build, const SiteDraft *site, const Node *node, bool inbound, uint32_t number,
                    GArray *rules) {
    RuleKeys keys = {0};
    const char *way = inbound ? "inbound" : "outbound", *word = inbound ? "from" : "to";
    const char *where = keep(build, "firewall of site %s, %s rule %u", site->name, way, number);
    if (!read_quietly(build, rule_keys, node, where, &keys))
        return;
    const Node *peers = inbound ? keys.from : keys.to;
    Rule rule = {.mark = node->mark};
    if (peers == NULL || keys.port == NULL) {
        complain(build, node->mark, keep(build, "write {%s: 10.0.0.0/16, port: 443}", word),
                 "the rule does not say '%s'", peers == NULL ? word : "port");
        return;
    }
    if (!ports_of(build, keys.port, "port", &rule.ports))
        return;
    char *port_text = ports_text(&rule.ports), *peer_text = node_text(peers);
    rule.element = element_add(build, node->mark, "%s (%s %s %s)", where, port_text, word, peer_text);
    g_free(port_text);
    g_free(peer_text);
    uint32_t count;
    const Node *const *items = items_of(build, peers, word, &count);
    for (uint32_t i = 0; i < count; i++)
        if (peer_of(build, items[i], &rule.peer))
            g_array_append_val(rules, rule);
}

static Rule *rules_of(Build *build, const SiteDraft *site, const Node *list, bool inbound, uint32_t *filled) {
    GArray *rules = g_array_new(FALSE, FALSE, sizeof(Rule));
    uint32_t count;
    const Node *const *items =
        list_of(build, list, inbound ? "inbound" : "outbound",
                inbound ? "write [{from: 10.0.0.0/16, port: 443}]" : "write [{to: 10.0.0.0/16, port: 443}]", &count);
    for (uint32_t i = 0; i < count; i++)
        rule_of(build, site, items[i], inbound, i + 1, rules);
    return keep_array(build, rules, filled);
}

static void border_build(Build *build, const SiteDraft *draft, Site *site) {
    FirewallKeys keys = {0};
    if (draft->keys.firewall == NULL || !read_quietly(build, firewall_keys, draft->keys.firewall,
                                                      keep(build, "the firewall of %s", draft->name), &keys))
        return;
    site->filters_inbound = keys.inbound != NULL;
    site->filters_outbound = keys.outbound != NULL;
    site->inbound = rules_of(build, draft, keys.inbound, true, &site->inbound_count);
    site->outbound = rules_of(build, draft, keys.outbound, false, &site->outbound_count);
}

/* ---- all -----------------------------------------------------------------------------------------------------------
 */
void sites_build(Build *build) {
    Model *model = build->model;
    model->site_count = build->site_count;
    model->sites = tree_alloc(build->tree, (build->site_count + 1) * sizeof *model->sites);
    for (uint32_t i = 0; i < build->site_count; i++) {
        const SiteDraft *draft = &build->sites[i];
        Site *site = &model->sites[i];
        *site = (Site){.name = draft->name,
                       .place = draft->place,
                       .network = draft->network,
                       .internet = draft->keys.internet,
                       .table = draft->place != NO_PLACE ? model->places[draft->place].route_table : NO_TABLE,
                       .element = element_add(build, draft->mark, "firewall of site %s: no rule matches", draft->name),
                       .mark = draft->mark};
        border_build(build, draft, site);
        if (draft->network == NO_INDEX)
            continue;
        Network *network = &model->networks[draft->network];
        network->internet_gateway = draft->keys.internet;
        network->element = network->private_element = element_add(build, draft->mark, "border of site %s", draft->name);
    }
}
