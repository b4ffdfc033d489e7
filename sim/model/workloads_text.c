/* workloads_text.c - clusters and meshes as text, for the model's digest. */
#include <inttypes.h>

#include "model/build.h"

static void members_text(GString *out, const char *what, const Members *members) {
    g_string_append_printf(out, " %s", what);
    for (uint32_t i = 0; i < members->count; i++)
        g_string_append_printf(out, " %" PRIu32, members->ids[i]);
}

static void range_text(GString *out, const char *what, const Prefix *range) {
    char *text = prefix_text(range);
    g_string_append_printf(out, " %s %s", what, text);
    g_free(text);
}

static void port_text(GString *out, const char *what, const PortSet *ports) {
    char *text = ports_text(ports);
    g_string_append_printf(out, " %s %s", what, text);
    g_free(text);
}

static void policy_text(GString *out, const NetworkPolicy *policy) {
    g_string_append_printf(out, "network policy %s isolates %d %d applied %d", policy->name, policy->isolates[0],
                           policy->isolates[1], policy->applied);
    members_text(out, "selects", &policy->selects);
    for (int way = 0; way < 2; way++) {
        for (uint32_t r = 0; r < policy->rule_count[way]; r++) {
            const PolicyRule *rule = &policy->rules[way][r];
            g_string_append_printf(out, "\n way %d anyone %d", way, rule->anyone);
            port_text(out, "ports", &rule->ports);
            for (uint32_t p = 0; p < rule->peer_count; p++) {
                const PolicyPeer *peer = &rule->peers[p];
                members_text(out, peer->cluster_dns ? "dns and" : "pods", &peer->members);
                if (!peer->pods)
                    range_text(out, "range", &peer->range);
                for (uint32_t e = 0; e < peer->except_count; e++)
                    range_text(out, "except", &peer->except[e]);
            }
        }
    }
    g_string_append_c(out, '\n');
}

static void callers_text(GString *out, const char *what, const Callers *callers) {
    if (!callers->written)
        return;
    members_text(out, what, &callers->members);
    g_string_append(out, callers->anyone ? " authenticated" : "");
}

static void texts_text(GString *out, const char *what, const TextMatches *matches) {
    for (uint32_t i = 0; i < matches->count; i++)
        g_string_append_printf(out, " %s %s%s", what, matches->items[i].text, matches->items[i].prefix ? "*" : "");
}

static void rules_text(GString *out, const char *what, const AuthorizeRule *rules, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const AuthorizeRule *rule = &rules[i];
        g_string_append_printf(out, "\n %s", what);
        callers_text(out, "principals", &rule->principals);
        callers_text(out, "not principals", &rule->not_principals);
        callers_text(out, "namespaces", &rule->namespaces);
        callers_text(out, "not namespaces", &rule->not_namespaces);
        for (uint32_t r = 0; r < rule->range_count; r++)
            range_text(out, "from", &rule->ranges[r]);
        port_text(out, "ports", &rule->ports);
        port_text(out, "not ports", &rule->not_ports);
        texts_text(out, "method", &rule->methods);
        texts_text(out, "not method", &rule->not_methods);
        texts_text(out, "path", &rule->paths);
        texts_text(out, "not path", &rule->not_paths);
    }
}

static void authorization_text(GString *out, const AuthorizationPolicy *policy) {
    g_string_append_printf(out, "authorization policy %s action %d applied %d", policy->name, (int)policy->action,
                           policy->applied);
    members_text(out, "selects", &policy->selects);
    members_text(out, "asks", &policy->asks);
    members_text(out, "zones", &(Members){policy->zones, policy->zone_count});
    rules_text(out, "rule", policy->rules, policy->rule_count);
    rules_text(out, "refuses", policy->refuses, policy->refuse_count);
    g_string_append_c(out, '\n');
}

static void workload_text(GString *out, const Model *model, ComponentId id) {
    const Workload *workload = &model->book.workloads[id];
    if (!workload->pod && !workload->sidecar)
        return;
    g_string_append_printf(out, "workload %s pod %d sidecar %d identity %s mtls %d", model->components[id].name,
                           workload->pod, workload->sidecar, workload->identity, (int)workload->mtls);
    for (uint32_t i = 0; i < workload->port_mtls_count; i++) {
        port_text(out, "at", &workload->port_mtls[i].ports);
        g_string_append_printf(out, " %d", (int)workload->port_mtls[i].mode);
    }
    members_text(out, "on", &workload->nodes);
    g_string_append_c(out, '\n');
}

void workloads_text(GString *out, const Model *model) {
    const WorkloadBook *book = &model->book;
    if (book->workloads == NULL)
        return;
    for (uint32_t i = 0; i < book->namespace_count; i++)
        g_string_append_printf(out, "namespace %s mtls %d\n", book->namespaces[i].name, (int)book->namespaces[i].mtls);
    for (uint32_t i = 0; i < book->mesh_count; i++)
        g_string_append_printf(out, "mesh %s mtls %d\n", book->meshes[i].name, (int)book->meshes[i].mtls);
    for (ComponentId id = 0; id < model->component_count; id++)
        workload_text(out, model, id);
    for (uint32_t i = 0; i < book->policy_count; i++)
        policy_text(out, &book->policies[i]);
    for (uint32_t i = 0; i < book->authorization_count; i++)
        authorization_text(out, &book->authorizations[i]);
}
