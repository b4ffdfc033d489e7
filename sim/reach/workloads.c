/* workloads.c - what clusters and meshes say of a connection in words, and the least that would let it pass. */
#include "reach/workloads.h"

#include <string.h>

/* Asked only where there are workloads. */
static const Workload *workload_at(const Reach *reach, const Party *party) {
    return party->id != NO_COMPONENT ? &reach->model->book.workloads[party->id] : NULL;
}

char *workloads_hop_text(const Reach *reach, const HopRecord *hop) {
    const Party *party = &reach->parties[hop->subject];
    const Workload *workload = workload_at(reach, party);
    const char *element = hop->element != 0 ? reach->model->elements[hop->element].text : NULL;
    switch (hop->kind) {
    case HOP_POLICY_OUT:
        return element != NULL ? g_strdup_printf("%s: allows", element)
                               : g_strdup_printf("no network policy isolates %s for egress", party->name);
    case HOP_POLICY_IN:
        return element != NULL ? g_strdup_printf("%s: allows", element)
                               : g_strdup_printf("no network policy isolates %s for ingress", party->name);
    case HOP_IDENTITY: return g_strdup_printf("mutual TLS: %s shows its identity %s", party->name, workload->identity);
    case HOP_PLAIN: return g_strdup_printf("%s: %s shows no identity, and need not", element, party->name);
    default: break;
    }
    return element != NULL ? g_strdup_printf("%s: allows", element)
                           : g_strdup_printf("no ALLOW policy protects %s: whoever is not denied may", party->name);
}

/* ---- flips ---------------------------------------------------------------------------------------------------------
 */
/* How a peer of a network policy means the party: pods by labels, others by addresses. */
static char *peer_text(const Reach *reach, const Party *own, const Party *other) {
    const Workload *workload = workload_at(reach, other), *mine = workload_at(reach, own);
    if (workload == NULL || !workload->pod || other->network != own->network) {
        char *range = prefix_text(&other->address), *text = g_strdup_printf("{ip_block: {cidr: %s}}", range);
        g_free(range);
        return text;
    }
    const char *app = other->name;
    for (uint32_t i = 0; i < workload->label_count; i++)
        if (strcmp(workload->labels[i].key, "app") == 0)
            app = workload->labels[i].value;
    const Namespace *space = &reach->model->book.namespaces[workload->namespace];
    return mine->namespace == workload->namespace
               ? g_strdup_printf("{pod_selector: %s}", app)
               : g_strdup_printf("{pod_selector: %s, namespace_selector: %s}", app, space->label);
}

static const char *text_of(const Reach *reach, uint32_t element) { return reach->model->elements[element].text; }

char *workloads_open(const Reach *reach, NetState *state, const Query *query, const Verdict *verdict) {
    bool out = strcmp(verdict->code, "NETWORK_POLICY_EGRESS") == 0,
         in = strcmp(verdict->code, "NETWORK_POLICY_INGRESS") == 0,
         call = strcmp(verdict->code, "AUTHORIZATION_POLICY_NO_ALLOW") == 0;
    const Party *client = &reach->parties[party_of_class(reach, query->from)],
                *server = &reach->parties[party_of_class(reach, query->to)];
    if (!out && !in && !call)
        return NULL;
    const Workload *caller = workload_at(reach, client);
    if (call && (caller == NULL || !caller->sidecar))
        return NULL; /* nobody whom a rule could name */
    WorkloadsGrant grant = {.kind = out  ? GRANT_OUT
                                    : in ? GRANT_IN
                                         : GRANT_CALL,
                            .from = client->id,
                            .to = server->id,
                            .protocol = (uint8_t)query->protocol,
                            .port = query->port};
    if (netstate_workloads_granted(state, &grant))
        return NULL; /* it did not help */
    netstate_workloads_grant(state, &grant);
    PortSet set = {0};
    ports_add(&set, (PortRange){(uint8_t)query->protocol, query->port, query->port});
    char *ports = ports_text(&set),
         *peer = call ? NULL : peer_text(reach, out ? client : server, out ? server : client);
    char *text = call ? g_strdup_printf("add to %s, rules: {principals: %s, ports: %s}",
                                        text_of(reach, verdict->element), caller->identity, ports)
                      : g_strdup_printf("add to %s, %s: {%s: [%s], ports: %s}", text_of(reach, verdict->element),
                                        out ? "egress" : "ingress", out ? "to" : "from", peer, ports);
    g_free(ports);
    g_free(peer);
    return text;
}

static bool is_of_policy(const WorkloadBook *book, uint32_t element) {
    for (uint32_t i = 0; i < book->policy_count; i++)
        for (int way = 0; way < 2; way++)
            for (uint32_t r = 0; r < book->policies[i].rule_count[way]; r++)
                if (book->policies[i].rules[way][r].element == element)
                    return true;
    for (uint32_t i = 0; i < book->authorization_count; i++)
        for (uint32_t r = 0; r < book->authorizations[i].rule_count; r++)
            if (book->authorizations[i].rules[r].element == element)
                return true;
    return false;
}

bool workloads_close(const Reach *reach, NetState *state, uint32_t element) {
    if (!is_of_policy(&reach->model->book, element) || netstate_workloads_taken(state, element))
        return false;
    netstate_workloads_take(state, element);
    return true;
}
