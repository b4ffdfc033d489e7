/* controls.c - security groups and their rules.
 *
 * Every component in subnets has at least one group: those it names, or the one of its own name, which exists even if
 * nobody declares it. What a group does that says nothing about a direction stands in the provider's file. */
#include <inttypes.h>
#include <string.h>

#include "model/build.h"

static const char CLUSTER_GROUP[] = "cluster"; /* of the interfaces of a cluster's nodes */

/* --- ports -------------------------------------------------------------------------------------------------------- */

/* Lists are joined by blanks, which is how net/ports writes several. */
bool ports_of(Build *build, const Node *node, const char *what, PortSet *ports) {
    uint32_t count;
    const Node *const *items = items_of(build, node, what, &count);
    GString *joined = g_string_new(NULL);
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], what);
        g_string_append_printf(joined, "%s%s", i > 0 ? " " : "", text != NULL ? text : "");
    }
    char *why = NULL;
    bool good = count > 0 && ports_parse(joined->str, ports, &why);
    if (!good && count > 0)
        complain(build, node->mark, NULL, "%s: %s", what, why != NULL ? why : "no ports");
    g_free(why);
    g_string_free(joined, TRUE);
    return good;
}

/* --- rules -------------------------------------------------------------------------------------------------------- */

static bool networks_peered(const Model *model, uint32_t a, uint32_t b) {
    bool peered = false;
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *peering = &model->joins[i];
        if (peering->shape != JOIN_PEERING)
            continue;
        peered = peered || (peering->a == a && peering->b == b) || (peering->a == b && peering->b == a);
    }
    return peered && model->networks[a].region == model->networks[b].region;
}

/* Names have neither slashes nor colons nor begin with a digit, so this cannot take a group for a range. */
static bool looks_like_address(const char *text) {
    return strchr(text, '/') != NULL || strchr(text, ':') != NULL || (text[0] >= '0' && text[0] <= '9');
}

/* A rule can name groups of its own network, and of networks of the same region that are peered with it. */
static bool peer_elsewhere(Build *build, const GroupDraft *own, const Peer *peer, const char *text, Mark mark) {
    const Model *model = build->model;
    bool same_region = false;
    for (uint32_t i = 0; i < peer->group_count; i++) {
        uint32_t network = build->groups[peer->groups[i]].group.network;
        if (network == own->group.network || networks_peered(model, network, own->group.network))
            return true;
        same_region = same_region || model->networks[network].region == model->networks[own->group.network].region;
    }
    if (!same_region)
        complain(build, mark, "name its range of addresses instead",
                 "'%s' is a group of another region, which a rule cannot name", text);
    else
        warn(build, mark, "name a range of addresses instead",
             "'%s' is a group of another network, so this rule never matches", text);
    return same_region;
}

/* Words first, then names of groups. */
static bool peer_read(Build *build, uint32_t group, const char *text, const Node *node, Peer *peer) {
    const GroupDraft *own = &build->groups[group];
    *peer = (Peer){.kind = PEER_GROUP};
    if (strcmp(text, "internet") == 0) {
        peer->kind = PEER_INTERNET;
    } else if (strcmp(text, "anyone") == 0 || strcmp(text, "any") == 0) {
        peer->kind = PEER_ANY;
    } else if (strcmp(text, "self") == 0) {
        peer->groups = tree_alloc(build->tree, sizeof *peer->groups);
        peer->groups[0] = group;
        peer->group_count = 1;
    } else {
        Scope scope = {own->stack->name, own->copy->region};
        peer->group_count = groups_find(build, scope, text, node->mark, &peer->groups);
        return peer->group_count > 0 && peer_elsewhere(build, own, peer, text, node->mark);
    }
    return true;
}

/* Denials are asked for so often that they get an answer of their own. */
static bool refuse_denial(Build *build, uint32_t group, const Node *map) {
    static const char *const words[] = {"deny", "action", "block"};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        const Node *node = node_get(map, words[i]);
        if (node == NULL || (i == 1 && node->type == NODE_SCALAR && strcmp(node->text, "allow") == 0))
            continue;
        complain(build, node_key_mark(map, words[i]), "leave it out: what no rule allows is denied",
                 "a security group of %s only allows, so '%s' has no meaning in it",
                 build->groups[group].stack->provider, words[i]);
        return true;
    }
    return false;
}

/* The ranges that a peer means: one that is written, those of a list, those of the own network (of both families).
 * False: it is no word for ranges. */
static bool ranges_read(Build *build, const GroupDraft *own, const Node *node, const char *text, GArray *ranges) {
    const Network *network = &build->model->networks[own->group.network];
    Prefix *listed, one;
    uint32_t count = prefix_list_find(build, own->stack, text, &listed);
    if (strcmp(text, "network") == 0) {
        g_array_append_val(ranges, network->cidr);
        if (network->cidr6.family != 0)
            g_array_append_val(ranges, network->cidr6);
    } else if (looks_like_address(text)) {
        one = range_of(build, node, "a peer");
        if (one.family != 0)
            g_array_append_val(ranges, one);
    } else if (count > 0) {
        g_array_append_vals(ranges, listed, count);
    } else {
        return false;
    }
    return true;
}

/* One rule of the table for each peer; all of a list share the element, because they are one rule to the user. */
static bool rule_add(Build *build, uint32_t group, const Node *peer_node, const PortSet *ports, Mark mark,
                     uint32_t element, GArray *rules) {
    Rule rule = {.ports = *ports, .element = element, .mark = mark};
    const char *text = scalar_of(build, peer_node, "a peer");
    GArray *ranges = g_array_new(FALSE, FALSE, sizeof(Prefix));
    guint before = rules->len;
    if (text != NULL && ranges_read(build, &build->groups[group], peer_node, text, ranges)) {
        for (guint i = 0; i < ranges->len; i++) {
            rule.peer = (Peer){.kind = PEER_CIDR, .cidr = g_array_index(ranges, Prefix, i)};
            g_array_append_val(rules, rule);
        }
    } else if (text != NULL && peer_read(build, group, text, peer_node, &rule.peer)) {
        g_array_append_val(rules, rule);
    }
    g_array_free(ranges, TRUE);
    return rules->len > before;
}

/* Also used by changes in a timeline, whose rules read like those of a group. */
bool rule_read(Build *build, uint32_t group, const Node *node, bool inbound, const char *where, GArray *rules) {
    static const char *const known[] = {"deny", "action", "block", NULL};
    RuleKeys keys = {0};
    if (!read_but(build, rule_keys, node, known, where, &keys) || refuse_denial(build, group, node))
        return false;
    const Node *peers = inbound ? keys.from : keys.to, *wrong = inbound ? keys.to : keys.from;
    const char *word = inbound ? "from" : "to";
    if (wrong != NULL) {
        complain(build, node_key_mark(node, inbound ? "to" : "from"), keep(build, "write %s:", word),
                 "an %s rule says who it is %s", inbound ? "inbound" : "outbound", word);
        return false;
    }
    PortSet ports = {0};
    bool good = keys.port != NULL && ports_of(build, keys.port, "port", &ports);
    if (keys.port == NULL)
        complain(build, node->mark, "add port: 443, or port: any", "the rule does not say its port");
    if (peers == NULL)
        complain(build, node->mark, keep(build, "add %s: GROUP, a range, internet or anyone", word),
                 "the rule does not say who it is %s", word);
    uint32_t count;
    const Node *const *items = items_of(build, peers, word, &count);
    char *port_text = ports_text(&ports), *peer_text = peers != NULL ? node_text(peers) : g_strdup("");
    uint32_t element = element_add(build, node->mark, "%s (%s %s %s)", where, port_text, word, peer_text);
    for (uint32_t i = 0; i < count; i++)
        good = rule_add(build, group, items[i], &ports, node->mark, element, rules) && good;
    g_free(port_text);
    g_free(peer_text);
    return good && count > 0;
}

/* --- one direction of a group ------------------------------------------------------------------------------------- */

static void rules_of_list(Build *build, uint32_t group, const Node *list, bool inbound, const char *kind,
                          GArray *rules) {
    const char *way = inbound ? "inbound" : "outbound";
    uint32_t count;
    const Node *const *items =
        list_of(build, list, way, inbound ? "write [{from: lb, port: 8080}]" : "write [{to: db, port: 5432}]", &count);
    for (uint32_t i = 0; i < count; i++) {
        const char *where =
            keep(build, "security group %s %s %s %" PRIu32, build->groups[group].group.name, way, kind, i + 1);
        rule_read(build, group, items[i], inbound, where, rules);
    }
}

/* A provider's rules: `inbound` and `outbound` hold where a group says nothing. */
static void rules_of_provider(Build *build, uint32_t group, const char *key, bool inbound, GArray *rules) {
    const GroupDraft *draft = &build->groups[group];
    const Node *provider = provider_root(build, draft->stack->provider), *all = NULL;
    if (strcmp(draft->label, "default") == 0)
        all = node_get(provider, "default_security_group");
    else if (strcmp(draft->label, CLUSTER_GROUP) == 0)
        all = node_get(provider, "cluster_security_group");
    const Node *entry = node_get(all != NULL ? all : node_get(provider, "security_group"), key);
    const Node *value = node_get(entry, "value"), *source = node_get(entry, "source");
    if (value == NULL)
        return;
    rules_of_list(build, group, value, inbound, "default rule", rules);
    if (draft->copy != &draft->stack->copies[0])
        return; /* listed once for all copies */
    char *text = value->count > 0 ? node_text(value) : g_strdup("nothing");
    assumed_add(build->assumed, keep(build, "security group %s.%s", draft->stack->name, draft->label), key, text,
                source != NULL ? source->text : "provider default");
    g_free(text);
}

/* What the user wrote replaces the provider's rules of that direction. */
static Rule *rules_build(Build *build, uint32_t group, bool inbound, uint32_t *count) {
    const GroupKeys *keys = build->groups[group].keys;
    const Node *written = keys == NULL ? NULL : inbound ? keys->inbound : keys->outbound;
    GArray *rules = g_array_new(FALSE, FALSE, sizeof(Rule));
    if (written != NULL)
        rules_of_list(build, group, written, inbound, "rule", rules);
    else
        rules_of_provider(build, group, inbound ? "inbound" : "outbound", inbound, rules);
    return keep_array(build, rules, count);
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

/* A group of a stack is a group in each copy, in that copy's network. */
static void draft_add(Build *build, GArray *drafts, const Stack *stack, const char *label, const GroupKeys *keys,
                      Mark mark) {
    for (uint32_t c = 0; c < stack->copy_count; c++) {
        const Copy *copy = &stack->copies[c];
        GroupDraft draft = {.label = label,
                            .stack = stack,
                            .copy = copy,
                            .keys = keys,
                            .group = {.name = keep(build, "%s[%s].%s", stack->name, copy->region, label),
                                      .network = copy->network,
                                      .mark = mark}};
        g_array_append_val(drafts, draft);
    }
}

/* Groups that somebody wrote, whether or not a component uses them. */
static void declared_collect(Build *build, const Stack *stack, GArray *drafts) {
    static const char *const known[] = {"deny", NULL};
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, stack->keys.security_groups, "security_groups", &count);
    for (uint32_t i = 0; i < count; i++) {
        const char *owner = keep(build, "security group %s.%s", stack->name, entries[i].key);
        GroupKeys *keys = tree_alloc(build->tree, sizeof *keys);
        name_is_good(build, entries[i].key, entries[i].mark, "a security group");
        read_but(build, group_keys, entries[i].value, known, owner, keys);
        if (node_get(entries[i].value, "deny") != NULL)
            complain(build, node_key_mark(entries[i].value, "deny"), "leave it out: what no rule allows is denied",
                     "a security group of %s only allows, so 'deny' has no meaning in it", stack->provider);
        draft_add(build, drafts, stack, entries[i].key, keys, entries[i].mark);
    }
    if (count > 0 && stack->copy_count > 0 && stack->copies[0].network == NO_INDEX)
        complain(build, entries[0].mark, "add subnets:", "stack '%s' has security groups and no network", stack->name);
}

static bool names_default(const Node *groups) {
    if (groups == NULL || groups->type != NODE_LIST)
        return groups != NULL && groups->type == NODE_SCALAR && strcmp(groups->text, "default") == 0;
    bool does = false;
    for (size_t i = 0; i < groups->count; i++)
        does = does || names_default(groups->items[i]);
    return does;
}

/* The group of a component that names none: that of its own name; of pods, which share the interfaces of their nodes,
 * the cluster's, unless one of their own name is written. */
static const char *own_label(const ComponentDraft *component) {
    const char *label = component->component.label;
    bool pod = component->keys->workloads.namespace != NULL;
    return pod && node_get(component->stack->keys.security_groups, label) == NULL ? CLUSTER_GROUP : label;
}

/* The group that exists or is made for a component without being declared: the network's default one, or that of the
 * component's own name. NULL: neither. */
static const char *implied_label(const ComponentDraft *component) {
    if (component->component.kind->passage.attachment != ATTACH_SUBNETS)
        return NULL;
    if (component->keys->security_group == NULL)
        return component->component.kind->passage.groups == GROUPS_OWN ? own_label(component) : NULL;
    return names_default(component->keys->security_group) ? "default" : NULL;
}

/* Groups that components have and nobody declared. */
static void implied_collect(Build *build, const Stack *stack, GArray *drafts, guint declared) {
    for (uint32_t i = 0; i < build->model->component_count; i++) {
        const ComponentDraft *component = &build->drafts[i];
        if (component->stack != stack || component->copy != &stack->copies[0])
            continue;
        const char *label = implied_label(component);
        bool there = label == NULL;
        for (guint g = declared; g < drafts->len && !there; g++)
            there = strcmp(g_array_index(drafts, GroupDraft, g).label, label) == 0;
        if (!there)
            draft_add(build, drafts, stack, label, NULL, component->component.mark);
    }
}

static int compare_groups(gconstpointer a, gconstpointer b) {
    return strcmp(((const GroupDraft *)a)->group.name, ((const GroupDraft *)b)->group.name);
}

/* Groups must all be known before the first rule names one. */
static void table_build(Build *build) {
    GArray *drafts = g_array_new(FALSE, FALSE, sizeof(GroupDraft));
    for (uint32_t i = 0; i < build->stack_count; i++) {
        guint before = drafts->len;
        if (has_network_security_groups(build, &build->stacks[i]))
            continue; /* it has no such groups */
        declared_collect(build, &build->stacks[i], drafts);
        if (build->stacks[i].copy_count > 0 && build->stacks[i].copies[0].network != NO_INDEX)
            implied_collect(build, &build->stacks[i], drafts, before);
        else
            g_array_set_size(drafts, before);
    }
    g_array_sort(drafts, compare_groups);
    build->groups = keep_array(build, drafts, &build->model->group_count);
    for (uint32_t i = 0; i < build->model->group_count; i++)
        build->groups[i].group.element = element_add(build, build->groups[i].group.mark,
                                                     "security group %s: no rule matches", build->groups[i].group.name);
}

/* A component without interfaces in subnets has no groups, and naming one is a mistake. */
static void component_groups(Build *build, uint32_t id) {
    const ComponentDraft *draft = &build->drafts[id];
    Component *component = &build->model->components[id];
    if (component->kind->passage.attachment != ATTACH_SUBNETS || draft->stack == NULL) {
        if (draft->keys->security_group != NULL)
            complain(build, draft->keys->security_group->mark, "leave it out",
                     "'%s' has no interfaces in subnets, so no group", component->label);
        return;
    }
    if (has_network_security_groups(build, draft->stack))
        return; /* azure.c */
    GroupUse use = component->kind->passage.groups;
    if (use == GROUPS_NEVER && draft->keys->security_group != NULL)
        complain(build, draft->keys->security_group->mark, "leave it out", "a %s has no security group",
                 component->kind->name);
    if (use == GROUPS_NEVER || (use == GROUPS_NAMED && draft->keys->security_group == NULL))
        return;
    Scope scope = {component->stack, component->copy};
    Node own = {.type = NODE_SCALAR, .text = own_label(draft), .mark = component->mark};
    const Node *named = draft->keys->security_group != NULL ? draft->keys->security_group : &own;
    uint32_t count;
    const Node *const *items = items_of(build, named, "security_group", &count);
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < count && draft->copy->network != NO_INDEX; i++) {
        uint32_t *found;
        const char *text = scalar_of(build, items[i], "security_group");
        if (text != NULL && groups_find(build, scope, text, items[i]->mark, &found) > 0)
            g_array_append_val(ids, found[0]);
    }
    g_array_sort(ids, compare_ids);
    component->groups = keep_array(build, ids, &component->group_count);
}

void groups_build(Build *build) {
    table_build(build);
    Model *model = build->model;
    for (uint32_t i = 0; i < model->component_count; i++)
        component_groups(build, i);
    model->groups = tree_alloc(build->tree, (model->group_count + 1) * sizeof *model->groups);
    for (uint32_t i = 0; i < model->group_count; i++) {
        SecurityGroup *group = &build->groups[i].group;
        group->inbound = rules_build(build, i, true, &group->inbound_count);
        group->outbound = rules_build(build, i, false, &group->outbound_count);
        model->groups[i] = *group;
    }
    quotas_check(build);
}

/* --- for others --------------------------------------------------------------------------------------------------- */

/* Groups are sorted ids, so equal sets are equal bytes. */
bool rule_equal(const Rule *a, const Rule *b) {
    const Peer *x = &a->peer, *y = &b->peer;
    if (x->kind != y->kind || x->group_count != y->group_count || !ports_equal(&a->ports, &b->ports))
        return false;
    if (x->kind == PEER_CIDR)
        return prefix_equal(&x->cidr, &y->cidr);
    return x->kind != PEER_GROUP || memcmp(x->groups, y->groups, x->group_count * sizeof *x->groups) == 0;
}

/* Reads like the rule in the file, with groups by their whole names. */
char *rule_text(const Model *model, const Rule *rule, bool inbound) {
    char *ports = ports_text(&rule->ports), *range = NULL;
    GString *text = g_string_new(ports);
    g_string_append(text, inbound ? " from " : " to ");
    switch (rule->peer.kind) {
    case PEER_INTERNET: g_string_append(text, "internet"); break;
    case PEER_ANY: g_string_append(text, "anyone"); break;
    case PEER_CIDR: g_string_append(text, range = prefix_text(&rule->peer.cidr)); break;
    case PEER_GROUP:
        for (uint32_t i = 0; i < rule->peer.group_count; i++)
            g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", model->groups[rule->peer.groups[i]].name);
    }
    g_free(range);
    g_free(ports);
    return g_string_free(text, FALSE);
}
