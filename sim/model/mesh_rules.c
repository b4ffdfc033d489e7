/* mesh_rules.c - the rules of authorisation policies: callers, ports, methods and paths. */
#include <string.h>

#include "model/workloads_build.h"

bool texts_match(const TextMatches *matches, const char *text) {
    for (uint32_t i = 0; i < matches->count; i++) {
        const TextMatch *match = &matches->items[i];
        if (match->prefix ? strncmp(match->text, text, strlen(match->text)) == 0 : strcmp(match->text, text) == 0)
            return true;
    }
    return false;
}

/* A star at the end stands for whatever follows. */
static TextMatches texts_read(Build *build, const Node *node, const char *what) {
    TextMatches matches = {0};
    uint32_t count;
    const Node *const *items = items_of(build, node, what, &count);
    matches.items = tree_alloc(build->tree, (count + 1) * sizeof *matches.items);
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], what);
        size_t length = text != NULL ? strlen(text) : 0;
        if (text == NULL || length == 0)
            continue;
        if (memchr(text, '*', length - 1) != NULL)
            complain(build, items[i]->mark, "write /admin/*", "%s: a star may stand at the end only", what);
        bool prefix = text[length - 1] == '*';
        matches.items[matches.count++] =
            (TextMatch){prefix ? keep(build, "%.*s", (int)length - 1, text) : text, prefix};
    }
    return matches;
}

/* Every workload of that stack's mesh whose identity or namespace is meant; all copies of a stack are one mesh. */
static void callers_meant(Build *build, const PolicyDraft *draft, const TextMatch *match, bool by_namespace,
                          GArray *ids) {
    const WorkloadBook *book = &build->model->book;
    TextMatches one = {(TextMatch *)(uintptr_t)match, 1};
    for (ComponentId id = 0; id < build->model->component_count; id++) {
        const Workload *workload = &book->workloads[id];
        if (!workload->sidecar || build->drafts[id].stack != draft->stack)
            continue;
        if (texts_match(&one, by_namespace ? book->namespaces[workload->namespace].label : workload->identity))
            g_array_append_val(ids, id);
    }
}

static Callers callers_read(Build *build, const PolicyDraft *draft, const Node *node, const char *what) {
    bool by_namespace = strstr(what, "namespaces") != NULL;
    TextMatches matches = texts_read(build, node, what);
    Callers callers = {.written = node != NULL};
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    for (uint32_t i = 0; i < matches.count; i++) {
        const TextMatch *match = &matches.items[i];
        guint before = ids->len;
        if (!by_namespace && strcmp(match->text, "authenticated") == 0) {
            callers.anyone = true;
            continue;
        }
        if (!by_namespace && !match->prefix && strchr(match->text, '/') == NULL) {
            complain(build, node->mark, keep(build, "write %s: [shop/web]", what),
                     "'%s' is no identity: that is a namespace, a slash and a service account", match->text);
            continue;
        }
        callers_meant(build, draft, match, by_namespace, ids);
        if (ids->len == before)
            warn(build, node->mark, "identities come from namespace: and service_account: of what has a sidecar",
                 "%s: nobody in the mesh is '%s%s'", draft->owner, match->text, match->prefix ? "*" : "");
    }
    g_array_sort(ids, compare_ids);
    callers.members = members_keep(build, ids);
    return callers;
}

static PortSet ports_or_none(Build *build, const Node *node, const char *what) {
    PortSet ports = {0};
    if (node != NULL)
        ports_of(build, node, what, &ports);
    return ports;
}

static AuthorizeRule rule_read_one(Build *build, const PolicyDraft *draft, const Node *node, const char *key,
                                   uint32_t number) {
    AuthorizeRuleKeys keys = {0};
    bool nothing = node->type == NODE_SCALAR && node->text[0] == '\0';
    if (!nothing)
        read_quietly(build, authorize_rule_keys, node, keep(build, "%s %s", draft->owner, key), &keys);
    AuthorizeRule rule = {.principals = callers_read(build, draft, keys.principals, "principals"),
                          .not_principals = callers_read(build, draft, keys.not_principals, "not_principals"),
                          .namespaces = callers_read(build, draft, keys.namespaces, "namespaces"),
                          .not_namespaces = callers_read(build, draft, keys.not_namespaces, "not_namespaces"),
                          .ports = ports_or_none(build, keys.ports, "ports"),
                          .not_ports = ports_or_none(build, keys.not_ports, "not_ports"),
                          .methods = texts_read(build, keys.methods, "methods"),
                          .not_methods = texts_read(build, keys.not_methods, "not_methods"),
                          .paths = texts_read(build, keys.paths, "paths"),
                          .not_paths = texts_read(build, keys.not_paths, "not_paths")};
    const Node *const *items = items_of(build, keys.ip_blocks, "ip_blocks", &rule.range_count);
    rule.ranges = tree_alloc(build->tree, (rule.range_count + 1) * sizeof *rule.ranges);
    for (uint32_t i = 0; i < rule.range_count; i++)
        rule.ranges[i] = range_of(build, items[i], "ip_blocks");
    rule.element = element_add(build, node->mark, "authorization policy %s %s %u", draft->name,
                               strcmp(key, "rules") == 0 ? "rule" : key, (unsigned)number);
    return rule;
}

AuthorizeRule *authorize_rules_read(Build *build, const PolicyDraft *draft, const Node *list, const char *key,
                                    uint32_t *count) {
    const Node *const *items = list_of(build, list, key, "write [{principals: shop/web, ports: 8080}]", count);
    AuthorizeRule *rules = tree_alloc(build->tree, (*count + 1) * sizeof *rules);
    for (uint32_t i = 0; i < *count; i++)
        rules[i] = rule_read_one(build, draft, items[i], key, i + 1);
    return rules;
}
