/* kubernetes.c - network policies: whose pods they isolate, and what their rules let through.
 *
 * A policy isolates the pods that it selects, for the directions of its policy_types; what no rule of any policy allows
 * of an isolated pod is denied. There is no deny and no order (kubernetes.io, network-policies). */
#include <stddef.h>
#include <string.h>

#include "model/workloads_build.h"

enum { OUT, IN }; /* as in isolates[] and rules[] */

/* The pods of the copy that a pair of selectors means; a namespace selector that is not written means `own`. */
static Members pods_meant(Build *build, const PolicyDraft *draft, const Selector *pods, const Selector *spaces,
                          const char *own) {
    const WorkloadBook *book = &build->model->book;
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    for (ComponentId id = 0; id < build->model->component_count; id++) {
        const Workload *workload = &book->workloads[id];
        if (!workload->pod || build->drafts[id].copy != draft->copy)
            continue;
        const Namespace *space = &book->namespaces[workload->namespace];
        bool there = spaces->written ? selector_takes(spaces, space->labels, space->label_count)
                                     : strcmp(space->label, own) == 0;
        if (there && selector_takes(pods, workload->labels, workload->label_count))
            g_array_append_val(ids, id);
    }
    return members_keep(build, ids);
}

/* The cluster's name service: what CoreDNS is installed as everywhere. */
static bool means_dns(Build *build, const PolicyDraft *draft, const Selector *pods, const Selector *spaces,
                      const char *own) {
    static const char NAME[] = "kube-system";
    const Label app = {"k8s-app", "kube-dns"}, name = {"kubernetes.io/metadata.name", NAME};
    uint32_t found = namespace_find(build, draft->stack, draft->copy, NAME);
    const Namespace *space = found != NO_INDEX ? &build->model->book.namespaces[found] : NULL;
    bool there = !spaces->written ? strcmp(own, NAME) == 0
                 : space != NULL  ? selector_takes(spaces, space->labels, space->label_count)
                                  : selector_takes(spaces, &name, 1);
    return there && selector_takes(pods, &app, 1);
}

/* --- peers -------------------------------------------------------------------------------------------------------- */

static Prefix *ranges_read(Build *build, const Node *node, const char *what, uint32_t *count) {
    const Node *const *items = items_of(build, node, what, count);
    Prefix *ranges = tree_alloc(build->tree, (*count + 1) * sizeof *ranges);
    for (uint32_t i = 0; i < *count; i++)
        ranges[i] = range_of(build, items[i], what);
    return ranges;
}

static void block_read(Build *build, const PolicyDraft *draft, const Node *node, PolicyPeer *peer) {
    IpBlockKeys keys = {0};
    if (node->type == NODE_SCALAR)
        keys.cidr = node;
    else
        read_quietly(build, ip_block_keys, node, keep(build, "%s ip_block", draft->owner), &keys);
    if (keys.cidr == NULL)
        complain(build, node->mark, "write ip_block: {cidr: 10.0.0.0/8}", "an ip_block says its cidr");
    else
        peer->range = range_of(build, keys.cidr, "cidr");
    peer->except = ranges_read(build, keys.except, "except", &peer->except_count);
    for (uint32_t i = 0; i < peer->except_count && peer->range.family != 0; i++)
        if (peer->except[i].family != 0 && !prefix_contains(&peer->range, &peer->except[i]))
            complain(build, keys.except->mark, "name a part of it", "what is excepted lies outside the ip_block");
}

/* A bare word means pods by their label `app`. */
static PolicyPeer peer_read(Build *build, const PolicyDraft *draft, const Node *node, const char *own) {
    PolicyPeerKeys keys = {0};
    PolicyPeer peer = {.pods = true};
    if (node->type == NODE_SCALAR)
        keys.pod_selector = node;
    else
        read_quietly(build, policy_peer_keys, node, keep(build, "%s peer", draft->owner), &keys);
    bool selects = keys.pod_selector != NULL || keys.namespace_selector != NULL;
    if (selects == (keys.ip_block != NULL)) {
        complain(build, node->mark, "write {pod_selector: {app: web}}, or {ip_block: {cidr: 10.0.0.0/8}}",
                 "a peer is pods, chosen by labels, or a block of addresses");
        return peer;
    }
    if (!selects) {
        peer.pods = false;
        block_read(build, draft, keys.ip_block, &peer);
        return peer;
    }
    Selector pods = selector_read(build, keys.pod_selector, "pod_selector", "app");
    Selector spaces =
        selector_read(build, keys.namespace_selector, "namespace_selector", "kubernetes.io/metadata.name");
    peer.members = pods_meant(build, draft, &pods, &spaces, own);
    peer.cluster_dns = means_dns(build, draft, &pods, &spaces, own);
    if (peer.members.count == 0 && !peer.cluster_dns)
        warn(build, node->mark, "compare labels with those of the pods", "%s: a peer that means no pod", draft->owner);
    return peer;
}

/* --- rules -------------------------------------------------------------------------------------------------------- */

static PolicyRule rule_of(Build *build, const PolicyDraft *draft, const Node *node, int way, const char *own,
                          uint32_t number) {
    static const char *const words[] = {"egress", "ingress"};
    PolicyRuleKeys keys = {0};
    PolicyRule rule = {0};
    read_quietly(build, policy_rule_keys, node, keep(build, "%s %s rule", draft->owner, words[way]), &keys);
    const Node *peers = way == IN ? keys.from : keys.to, *wrong = way == IN ? keys.to : keys.from;
    if (wrong != NULL)
        complain(build, wrong->mark, way == IN ? "write from:" : "write to:", "an %s rule says who it is %s",
                 words[way], way == IN ? "from" : "to");
    uint32_t count = 0;
    const Node *const *items = NULL;
    if (peers != NULL && peers->type == NODE_MAP)
        complain(build, peers->mark, "write a list: [{pod_selector: {app: web}}]", "peers are a list");
    else
        items = items_of(build, peers, way == IN ? "from" : "to", &count);
    rule.peers = tree_alloc(build->tree, (count + 1) * sizeof *rule.peers);
    for (uint32_t i = 0; i < count; i++)
        rule.peers[rule.peer_count++] = peer_read(build, draft, items[i], own);
    rule.anyone = count == 0;
    if (keys.ports == NULL || !ports_of(build, keys.ports, "ports", &rule.ports))
        ports_add(&rule.ports, (PortRange){PROTOCOL_ANY, 0, UINT16_MAX});
    rule.element =
        element_add(build, node->mark, "network policy %s %s rule %u", draft->name, words[way], (unsigned)number);
    return rule;
}

static void rules_of(Build *build, const PolicyDraft *draft, const Node *list, int way, const char *own,
                     NetworkPolicy *policy) {
    uint32_t count;
    const Node *const *items = list_of(build, list, way == IN ? "ingress" : "egress",
                                       way == IN ? "write [{from: [{pod_selector: {app: web}}], ports: 5432}]"
                                                 : "write [{to: [{pod_selector: {app: db}}], ports: 5432}]",
                                       &count);
    policy->rules[way] = tree_alloc(build->tree, (count + 1) * sizeof *policy->rules[way]);
    for (uint32_t i = 0; i < count; i++)
        policy->rules[way][policy->rule_count[way]++] = rule_of(build, draft, items[i], way, own, i + 1);
}

/* Without policy_types: ingress always, egress where rules for it are written. */
static void types_read(Build *build, const NetworkPolicyKeys *keys, NetworkPolicy *policy) {
    uint32_t count;
    const Node *const *items = items_of(build, keys->policy_types, "policy_types", &count);
    policy->isolates[IN] = keys->policy_types == NULL;
    policy->isolates[OUT] = keys->policy_types == NULL && keys->egress != NULL;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], "policy_types");
        bool in = text != NULL && g_ascii_strcasecmp(text, "ingress") == 0;
        bool out = text != NULL && g_ascii_strcasecmp(text, "egress") == 0;
        if (text != NULL && !in && !out)
            complain(build, items[i]->mark, "write policy_types: [ingress, egress]", "'%s' is no direction", text);
        policy->isolates[IN] = policy->isolates[IN] || in;
        policy->isolates[OUT] = policy->isolates[OUT] || out;
    }
    const Node *idle = keys->ingress != NULL && !policy->isolates[IN]   ? keys->ingress
                       : keys->egress != NULL && !policy->isolates[OUT] ? keys->egress
                                                                        : NULL;
    if (idle != NULL)
        warn(build, idle->mark, "add the direction to policy_types",
             "these rules have no effect: policy_types does not name their direction");
}

static NetworkPolicy policy_of(Build *build, const PolicyDraft *draft) {
    NetworkPolicyKeys keys = {0};
    NetworkPolicy policy = {.name = draft->name};
    if (!read_quietly(build, network_policy_keys, draft->node, draft->owner, &keys) ||
        !namespace_known(build, draft->stack, draft->node, keys.namespace))
        return policy;
    Selector pods = selector_read(build, keys.pod_selector, "pod_selector", "app"), own = {0};
    policy.selects = pods_meant(build, draft, &pods, &own, keys.namespace);
    policy.applied = keys.applied;
    policy.element = element_add(build, draft->mark, "network policy %s", draft->name);
    types_read(build, &keys, &policy);
    rules_of(build, draft, keys.ingress, IN, keys.namespace, &policy);
    rules_of(build, draft, keys.egress, OUT, keys.namespace, &policy);
    if (policy.selects.count == 0)
        warn(build, draft->mark, "compare its namespace and pod_selector with the pods", "%s selects no pod",
             draft->owner);
    return policy;
}

/* Whether somebody enforces policies there. */
static bool is_enforced(Build *build, const Stack *stack) {
    static const Field row = {.name = "network_policy_controller", .type = FIELD_TYPE_BOOL};
    bool enforced = true;
    if (stack->keys.workloads.network_policy_controller != NULL)
        field_value(&row, stack->keys.workloads.network_policy_controller, build->tree, &enforced, build->diagnostics);
    return enforced;
}

/* What nobody enforces selects nobody. */
void network_policies_build(Build *build) {
    WorkloadBook *book = &build->model->book;
    GArray *drafts =
        policies_collect(build, offsetof(WorkloadStackKeys, network_policies), "network_policies", "network policy");
    book->policies = tree_alloc(build->tree, (drafts->len + 1) * sizeof *book->policies);
    book->policy_count = drafts->len;
    for (guint i = 0; i < drafts->len; i++) {
        const PolicyDraft *draft = &g_array_index(drafts, PolicyDraft, i);
        book->policies[i] = policy_of(build, draft);
        if (!is_enforced(build, draft->stack))
            book->policies[i].selects.count = 0;
    }
    for (ComponentId id = 0; id < build->model->component_count; id++) {
        GArray *ids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        for (uint32_t i = 0; i < book->policy_count; i++)
            if (members_have(&book->policies[i].selects, id))
                g_array_append_val(ids, i);
        book->workloads[id].policies = keep_array(build, ids, &book->workloads[id].policy_count);
    }
    g_array_free(drafts, TRUE);
}
