/* azure_rules.c - the rules of network security groups and network managers, from YAML and from the provider's file. */
#include <string.h>

#include "model/azure_build.h"

typedef struct {
    Build *build;
    const RuleSource *from;
    bool inbound;
    GArray *rules; /* of NsgRule */
} Reader;

/* --- peers -------------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *word;
    ServiceTag tag;
} TagWord;
static const TagWord tag_words[] = {
    {"VirtualNetwork", TAG_VIRTUAL_NETWORK},
    {"AzureLoadBalancer", TAG_LOAD_BALANCER},
    {"Internet", TAG_INTERNET},
    {"internet", TAG_INTERNET},
    {"AzurePlatformDNS", TAG_PLATFORM_DNS},
    {"AzurePlatformIMDS", TAG_PLATFORM_IMDS},
    {"AzurePlatformLKM", TAG_PLATFORM_LKM},
};

static const Node *service_tags(Build *build, const Stack *stack) {
    return node_get(provider_root(build, stack->provider), "service_tags");
}

/* "Storage": the kinds that the provider's file lists for the tag. */
static bool peer_tag(Build *build, const Stack *stack, const char *text, NsgPeer *peer) {
    peer->kind = NSG_PEER_TAG;
    for (size_t i = 0; i < G_N_ELEMENTS(tag_words); i++) {
        if (strcmp(text, tag_words[i].word) == 0) {
            peer->tag = tag_words[i].tag;
            return true;
        }
    }
    const Node *kinds = node_get(service_tags(build, stack), text);
    if (kinds == NULL || kinds->type != NODE_LIST)
        return false;
    const Kind **means = tree_alloc(build->tree, (kinds->count + 1) * sizeof *means);
    uint32_t kept = 0;
    for (size_t i = 0; i < kinds->count; i++) {
        uint32_t kind = plugin_index(build, PLUGIN_KIND, kinds->items[i]->text);
        if (kind != NO_INDEX)
            means[kept++] = build->catalogue->kinds[kind];
    }
    peer->tag = TAG_SERVICE;
    peer->kinds = means;
    return true;
}

static bool looks_like_range(const char *text) {
    return strchr(text, '/') != NULL || strchr(text, ':') != NULL || text[strspn(text, "0123456789.")] == '\0';
}

/* An application security group is a set of interfaces of one network; here every component is one. */
static bool peer_members(Reader *reader, const char *text, Mark mark, NsgPeer *peer) {
    Build *build = reader->build;
    Scope scope = {reader->from->stack->name, reader->from->copy->region};
    peer->kind = NSG_PEER_MEMBERS;
    peer->member_count = names_find(build, scope, text, 0, mark, &peer->members);
    for (uint32_t i = 0; i < peer->member_count; i++) {
        const ComponentDraft *draft = &build->drafts[peer->members[i]];
        if (draft->stack != reader->from->stack || draft->component.kind->passage.attachment != ATTACH_SUBNETS) {
            complain(build, mark, "name its range of addresses, or a tag",
                     "'%s' has no interface in this network, so no rule can mean it", text);
            return false;
        }
    }
    return peer->member_count > 0;
}

/* A mistyped tag is likelier than a component whose name looks like one. */
static char *mend_tag(Build *build, const Stack *stack, const char *text) {
    GPtrArray *names = keys_of(service_tags(build, stack));
    for (size_t i = 0; i < G_N_ELEMENTS(tag_words); i++)
        g_ptr_array_add(names, (char *)tag_words[i].word);
    g_ptr_array_add(names, NULL);
    const char *near = suggest_nearest(text, (const char *const *)names->pdata);
    char *mend = near != NULL ? g_strdup_printf("did you mean '%s'?", near) : NULL;
    g_ptr_array_free(names, TRUE);
    return mend;
}

static bool peer_read(Reader *reader, const Node *node, NsgPeer *peer) {
    Build *build = reader->build;
    const RuleSource *from = reader->from;
    const char *text = scalar_of(build, node, "a peer");
    *peer = (NsgPeer){.kind = NSG_PEER_ANY};
    if (text == NULL)
        return false;
    if (strcmp(text, "any") == 0 || strcmp(text, "anyone") == 0)
        return true;
    if (strcmp(text, "network") == 0) {
        peer->kind = NSG_PEER_RANGE;
        peer->range = build->model->networks[from->copy->network].cidr;
        return true;
    }
    if (peer_tag(build, from->stack, text, peer))
        return true;
    if (looks_like_range(text)) {
        peer->kind = NSG_PEER_RANGE;
        peer->range = range_of(build, node, "a range");
        return peer->range.family != 0;
    }
    char *mend = mend_tag(build, from->stack, text);
    bool mistyped = mend != NULL && strchr(text, '.') == NULL && g_ascii_isupper(text[0]);
    if (mistyped)
        complain(build, node->mark, mend, "there is no tag '%s'", text);
    g_free(mend);
    return !mistyped && peer_members(reader, text, node->mark, peer);
}

static bool peers_read(Reader *reader, const Node *node, const char *what, NsgPeer **peers, uint32_t *count) {
    uint32_t items_count;
    const Node *const *items = items_of(reader->build, node, what, &items_count);
    GArray *read = g_array_new(FALSE, FALSE, sizeof(NsgPeer));
    bool good = true;
    for (uint32_t i = 0; i < items_count; i++) {
        NsgPeer peer;
        good = peer_read(reader, items[i], &peer) && good;
        g_array_append_val(read, peer);
    }
    *peers = keep_array(reader->build, read, count);
    return good;
}

/* --- one rule ----------------------------------------------------------------------------------------------------- */

/* Exactly one of the words says what happens, and to which ports. */
static bool access_read(Build *build, const Node *node, const NsgRuleKeys *keys, NsgRule *rule) {
    const Node *const said[] = {keys->deny, keys->allow, keys->always_allow};
    static const char *const words[] = {"deny", "allow", "always_allow"};
    uint32_t found = 0;
    bool good = true;
    for (uint32_t i = 0; i < G_N_ELEMENTS(said); i++) {
        if (said[i] == NULL)
            continue;
        rule->access = (NsgAccess)i;
        good = ports_of(build, said[i], words[i], &rule->ports) && good;
        found++;
    }
    if (found != 1)
        complain(build, node->mark, "write allow: tcp/443, or deny: any",
                 found == 0 ? "the rule does not say what it allows or denies" : "the rule both allows and denies");
    return good && found == 1;
}

static bool other_side_said(Build *build, const Node *node, const NsgRuleKeys *keys, bool inbound) {
    const char *word = inbound ? "from" : "to";
    if ((inbound ? keys->from : keys->to) != NULL)
        return true;
    complain(build, node->mark, keep(build, "add %s: a range, a tag, a component or any", word),
             "the rule does not say who it is %s", word);
    return false;
}

static void rule_read_one(Reader *reader, const Field *fields, const Node *node, const char *kind) {
    Build *build = reader->build;
    const char *way = reader->inbound ? "inbound" : "outbound";
    NsgRuleKeys keys = {0};
    if (!read_quietly(build, fields, node, keep(build, "a rule of %s", reader->from->owner), &keys))
        return;
    NsgRule rule = {.priority = (uint32_t)keys.priority, .mark = node->mark};
    bool good = access_read(build, node, &keys, &rule);
    good = other_side_said(build, node, &keys, reader->inbound) && good;
    good = peers_read(reader, keys.from, "from", &rule.from, &rule.from_count) && good;
    good = peers_read(reader, keys.to, "to", &rule.to, &rule.to_count) && good;
    for (guint i = 0; i < reader->rules->len; i++) {
        if (g_array_index(reader->rules, NsgRule, i).priority == rule.priority) {
            complain(build, node_get(node, "priority")->mark, "give each rule a priority of its own",
                     "%s has two %s rules of priority %u", reader->from->owner, way, rule.priority);
            good = false;
        }
    }
    if (!good)
        return;
    rule.element = element_add(build, node->mark, "%s %s %s %u%s%s", reader->from->owner, way, kind, rule.priority,
                               keys.name != NULL ? ", " : "", keys.name != NULL ? keys.name : "");
    g_array_append_val(reader->rules, rule);
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

static int compare_priorities(gconstpointer a, gconstpointer b) {
    uint32_t x = ((const NsgRule *)a)->priority, y = ((const NsgRule *)b)->priority;
    return (x > y) - (x < y);
}

/* Once for all copies: "network security group site.app". */
static void defaults_assume(Build *build, const RuleSource *from, const char *way) {
    const Node *own = node_get(from->defaults, way), *value = node_get(own, "value"), *source = node_get(own, "source");
    if (value == NULL || from->copy != &from->stack->copies[0])
        return;
    char *text = node_text(value);
    assumed_add(build->assumed, keep(build, "network security group %s%s", from->stack->name, strchr(from->owner, '.')),
                way, text, source != NULL ? source->text : "provider default");
    g_free(text);
}

NsgRules azure_rules_read(Build *build, const RuleSource *from, bool inbound) {
    Reader reader = {build, from, inbound, g_array_new(FALSE, FALSE, sizeof(NsgRule))};
    const char *way = inbound ? "inbound" : "outbound";
    uint32_t count;
    const Node *const *items = list_of(build, node_get(from->written, way), way,
                                       "write [{priority: 100, allow: tcp/443, from: Internet}]", &count);
    for (uint32_t i = 0; i < count; i++)
        rule_read_one(&reader, from->fields, items[i], "rule");
    const Node *own = node_get(from->defaults, way), *value = node_get(own, "value");
    items = list_of(build, value, way, NULL, &count);
    for (uint32_t i = 0; i < count; i++)
        rule_read_one(&reader, nsg_default_keys, items[i], "default rule");
    defaults_assume(build, from, way);
    g_array_sort(reader.rules, compare_priorities);
    NsgRules rules;
    rules.rules = keep_array(build, reader.rules, &rules.count);
    return rules;
}

/* For a timeline: the group is known by then, and so are its stack and copy. */
bool azure_rule_read(Build *build, uint32_t group, const Node *node, bool inbound, NsgRule *rule) {
    const NetworkSecurityGroup *owner = &build->model->azure.groups[group];
    RuleSource from = {.fields = nsg_rule_keys, .owner = keep(build, "network security group %s", owner->name)};
    for (uint32_t s = 0; s < build->stack_count; s++)
        for (uint32_t c = 0; c < build->stacks[s].copy_count; c++)
            if (build->stacks[s].copies[c].network == owner->network) {
                from.stack = &build->stacks[s];
                from.copy = &build->stacks[s].copies[c];
            }
    Reader reader = {build, &from, inbound, g_array_new(FALSE, FALSE, sizeof(NsgRule))};
    rule_read_one(&reader, from.fields, node, "rule");
    bool good = reader.rules->len == 1;
    if (good)
        *rule = g_array_index(reader.rules, NsgRule, 0);
    g_array_free(reader.rules, TRUE);
    return good;
}
