/* acls.c - network ACLs: numbered lists of a subnet, asked in ascending order; the first that matches decides.
 *
 * A custom ACL starts with no entry, so it lets nothing pass. The network's default one lets everything pass, and may
 * be written, too: under the name `default`. What either is before anybody writes stands in the provider's file. */
#include <inttypes.h>
#include <string.h>

#include "model/build.h"

typedef struct {
    Acl acl;
    const char *label;
    const Stack *stack;
    const Copy *copy;
    const AclKeys *keys;
} AclDraft;

/* --- entries ------------------------------------------------------------------------------------------------------ */

/* An ACL knows addresses only. `any` and `internet` are both families, which AWS writes as two entries. */
static bool other_read(Build *build, const Network *network, const Node *node, const char *way, AclRule *rule,
                       bool *also6) {
    const char *text = scalar_of(build, node, way);
    *also6 = false;
    if (text == NULL)
        return false;
    if (strcmp(text, "internet") == 0 || strcmp(text, "anyone") == 0 || strcmp(text, "any") == 0)
        return true;
    if (strcmp(text, "network") == 0) {
        rule->cidr = network->cidr;
        *also6 = network->cidr6.family != 0;
        return true;
    }
    if (strpbrk(text, "/:.") == NULL) {
        complain(build, node->mark, "write a range of addresses, internet, anyone or network",
                 "an ACL knows addresses only, so '%s' means nothing to it", text);
        return false;
    }
    rule->cidr = range_of(build, node, way);
    return rule->cidr.family != 0;
}

/* Exactly one of `allow` and `deny`, which say the ports. */
static bool action_read(Build *build, const Node *node, const AclRuleKeys *keys, AclRule *rule) {
    if ((keys->allow == NULL) == (keys->deny == NULL)) {
        complain(build, node->mark, "write allow: tcp/443, or deny: any", "an entry of an ACL allows or denies");
        return false;
    }
    rule->allow = keys->allow != NULL;
    return ports_of(build, rule->allow ? keys->allow : keys->deny, rule->allow ? "allow" : "deny", &rule->ports);
}

bool acl_rule_read(Build *build, const Acl *acl, const Node *node, bool inbound, const char *where, GArray *rules) {
    AclRuleKeys keys = {0};
    if (!read_quietly(build, acl_rule_keys, node, where, &keys))
        return false;
    const char *way = inbound ? "from" : "to", *wrong = inbound ? "to" : "from";
    AclRule rule = {.number = (uint32_t)keys.rule, .mark = node->mark};
    bool also6, good = action_read(build, node, &keys, &rule);
    if (node_get(node, wrong) != NULL) {
        complain(build, node_key_mark(node, wrong), keep(build, "write %s:", way), "an %s entry says who it is %s",
                 inbound ? "inbound" : "outbound", way);
        return false;
    }
    if (node_get(node, way) == NULL) {
        complain(build, node->mark, keep(build, "add %s: internet, or a range", way),
                 "the entry does not say who it is %s", way);
        return false;
    }
    const Network *network = &build->model->networks[acl->network];
    if (!other_read(build, network, node_get(node, way), way, &rule, &also6) || !good)
        return false;
    char *ports = ports_text(&rule.ports);
    rule.element = element_add(build, node->mark, "network ACL %s %s rule %" PRIu32 " (%s %s %s %s)", acl->name,
                               inbound ? "inbound" : "outbound", rule.number, rule.allow ? "allow" : "deny", ports, way,
                               node_get(node, way)->text);
    g_free(ports);
    g_array_append_val(rules, rule);
    if (also6) {
        rule.cidr = network->cidr6;
        g_array_append_val(rules, rule);
    }
    return true;
}

static int compare_numbers(gconstpointer a, gconstpointer b) {
    const AclRule *x = a, *y = b;
    return x->number != y->number ? (x->number < y->number ? -1 : 1) : (int)x->cidr.family - (int)y->cidr.family;
}

/* More than can be had at all is a mistake, more than is granted is not. */
static void quota_check(Build *build, const AclDraft *draft, uint32_t entries, const char *way) {
    const char *provider = draft->stack->provider;
    int64_t granted = provider_limit(build, provider, "rules_per_acl");
    int64_t most = provider_limit(build, provider, "rules_per_acl_most");
    if (most > 0 && entries + 1 > most)
        complain(build, draft->acl.mark, "join entries by larger ranges",
                 "network ACL %s has %" PRIu32 " %s entries; with the last one, which denies, %s can have %" PRId64,
                 draft->acl.name, entries, way, provider, most);
    else if (granted > 0 && entries + 1 > granted)
        warn(build, draft->acl.mark, "ask for a higher quota, or write fewer",
             "network ACL %s has %" PRIu32 " %s entries; with the last one, which denies, %s allows %" PRId64,
             draft->acl.name, entries, way, provider, granted);
}

/* Sorting by number: the order in which they are written means nothing. */
static AclRule *rules_build(Build *build, const AclDraft *draft, bool inbound, uint32_t *count) {
    const char *way = inbound ? "inbound" : "outbound";
    const Node *list = inbound ? draft->keys->inbound : draft->keys->outbound;
    const Node *provider = provider_root(build, draft->stack->provider);
    const Node *new = node_get(provider, strcmp(draft->label, "default") == 0 ? "default_acl" : "acl");
    if (list == NULL)
        list = node_get(node_get(new, way), "value");
    GArray *rules = g_array_new(FALSE, FALSE, sizeof(AclRule));
    uint32_t items;
    const Node *const *item = list_of(build, list, way, "write [{rule: 100, allow: tcp/443, from: internet}]", &items);
    for (uint32_t i = 0; i < items; i++) {
        guint before = rules->len;
        const char *where = keep(build, "network ACL %s.%s %s", draft->stack->name, draft->label, way);
        if (!acl_rule_read(build, &draft->acl, item[i], inbound, where, rules))
            continue;
        for (guint k = 0; k < before; k++)
            if (g_array_index(rules, AclRule, k).number == g_array_index(rules, AclRule, before).number)
                complain(build, item[i]->mark, "give it another number",
                         "%s entry %" PRIu32 " is there already, at line %u", way,
                         g_array_index(rules, AclRule, k).number, g_array_index(rules, AclRule, k).mark.line);
    }
    quota_check(build, draft, items, way);
    g_array_sort(rules, compare_numbers);
    return keep_array(build, rules, count);
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

/* An ACL of a stack is one in each copy. */
static void stack_collect(Build *build, const Stack *stack, GArray *drafts) {
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, stack->keys.acls, "acls", &count);
    if (count > 0 && node_get(provider_root(build, stack->provider), "acl") == NULL) {
        complain(build, entries[0].mark, "write network_security_groups: and name one in a subnet",
                 "%s has no network ACLs", stack->provider);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        AclKeys *keys = tree_alloc(build->tree, sizeof *keys);
        name_is_good(build, entries[i].key, entries[i].mark, "a network ACL");
        read_quietly(build, acl_keys, entries[i].value, keep(build, "network ACL %s.%s", stack->name, entries[i].key),
                     keys);
        for (uint32_t c = 0; c < stack->copy_count; c++) {
            const Copy *copy = &stack->copies[c];
            if (copy->network == NO_INDEX)
                continue;
            AclDraft draft = {.label = entries[i].key, .stack = stack, .copy = copy, .keys = keys};
            draft.acl = (Acl){.name = keep(build, "%s[%s].%s", stack->name, copy->region, entries[i].key),
                              .network = copy->network,
                              .mark = entries[i].mark};
            g_array_append_val(drafts, draft);
        }
    }
}

static int compare_drafts(gconstpointer a, gconstpointer b) {
    return strcmp(((const AclDraft *)a)->acl.name, ((const AclDraft *)b)->acl.name);
}

/* The index of a copy's ACL, or NO_INDEX. */
static uint32_t draft_find(const GArray *drafts, const Copy *copy, const char *label) {
    for (guint i = 0; i < drafts->len; i++) {
        const AclDraft *draft = &g_array_index(drafts, AclDraft, i);
        if (draft->copy == copy && strcmp(draft->label, label) == 0)
            return i;
    }
    return NO_INDEX;
}

static void complain_acl(Build *build, const Stack *stack, const Subnet *subnet) {
    const Node *node = node_get(node_get(stack->keys.subnets, subnet->name), "acl");
    if (has_network_security_groups(build, stack)) {
        complain(build, node->mark, "write network_security_group: NAME", "%s has no network ACLs", stack->provider);
        return;
    }
    complain_name(build, node->mark, subnet->keys.acl, keys_of(stack->keys.acls), "network ACLs of this stack",
                  "stack '%s' has no network ACL '%s'", stack->name, subnet->keys.acl);
}

/* Subnets that name none have the default one, which is no element as long as nobody writes it. */
static void subnets_follow(Build *build, const GArray *drafts, const Stack *stack, const Copy *copy) {
    for (uint32_t s = 0; s < stack->subnet_count; s++) {
        const Subnet *subnet = &stack->subnets[s];
        uint32_t acl = draft_find(drafts, copy, subnet->keys.acl != NULL ? subnet->keys.acl : "default");
        if (acl == NO_INDEX && subnet->keys.acl != NULL && strcmp(subnet->keys.acl, "default") != 0)
            complain_acl(build, stack, subnet);
        for (uint32_t z = 0; z < copy->zone_count && acl != NO_INDEX; z++)
            build->model->places[copy->subnets[s * copy->zone_count + z]].acl = acl + 1;
    }
}

void acls_build(Build *build) {
    Model *model = build->model;
    GArray *drafts = g_array_new(FALSE, FALSE, sizeof(AclDraft));
    for (uint32_t s = 0; s < build->stack_count; s++)
        stack_collect(build, &build->stacks[s], drafts);
    g_array_sort(drafts, compare_drafts);
    model->acl_count = drafts->len;
    model->acls = tree_alloc(build->tree, (drafts->len + 1) * sizeof *model->acls);
    for (guint i = 0; i < drafts->len; i++) {
        AclDraft *draft = &g_array_index(drafts, AclDraft, i);
        Acl *acl = &draft->acl;
        acl->element = element_add(build, acl->mark, "network ACL %s: no entry matches (rule *)", acl->name);
        acl->inbound = rules_build(build, draft, true, &acl->inbound_count);
        acl->outbound = rules_build(build, draft, false, &acl->outbound_count);
        model->acls[i] = *acl;
    }
    for (uint32_t s = 0; s < build->stack_count; s++)
        for (uint32_t c = 0; c < build->stacks[s].copy_count; c++)
            if (build->stacks[s].copies[c].network != NO_INDEX)
                subnets_follow(build, drafts, &build->stacks[s], &build->stacks[s].copies[c]);
    g_array_free(drafts, TRUE);
}

/* --- for others --------------------------------------------------------------------------------------------------- */

bool acl_rule_equal(const AclRule *a, const AclRule *b) {
    return a->number == b->number && a->allow == b->allow && prefix_equal(&a->cidr, &b->cidr) &&
           ports_equal(&a->ports, &b->ports);
}
