/* cluster_naive.c - who reaches whom in a drawn cluster, one policy after the other, by the book. */
#include <string.h>

#include "tests/unit/reach/cluster.h"

enum { DISABLED, PERMISSIVE, STRICT };

/* ---- who is who ----------------------------------------------------------------------------------------------------
 */
static bool is_pod(const Cluster *cluster, int end) { return end < PODS && cluster->pods[end].pod; }

static bool is_role(const ClusterPod *pod, int role) { return pod->pod && pod->role == role; }

static bool picks(const Cluster *cluster, const ClusterSelector *selector, int p) {
    const ClusterPod *pod = &cluster->pods[p];
    switch (selector->pick) {
    case PICK_APP: return p == selector->a;
    case PICK_ROLE: return is_role(pod, selector->a % 2 + 1);
    case PICK_ROLES: return is_role(pod, 1) || is_role(pod, 2);
    case PICK_APPS: return p == selector->a || p == selector->b;
    default: return true;
    }
}

static bool has_sidecar(const Cluster *cluster, int end) {
    if (end >= PODS)
        return false;
    const ClusterPod *pod = &cluster->pods[end];
    if (pod->sidecar != UNWRITTEN)
        return pod->sidecar == 1;
    return pod->pod && cluster->spaces[pod->space].sidecars;
}

/* What is no pod stands in the namespace "default" with the account "default". */
static int space_of(const Cluster *cluster, int p) { return cluster->pods[p].pod ? cluster->pods[p].space : -1; }
static int account_of(const Cluster *cluster, int p) { return cluster->pods[p].pod ? cluster->pods[p].account : 0; }

/* ---- network policies ----------------------------------------------------------------------------------------------
 */
bool cluster_selects(const Cluster *cluster, const ClusterPolicy *policy, int p) {
    return is_pod(cluster, p) && cluster->pods[p].space == policy->space && picks(cluster, &policy->pods, p);
}

static bool isolates(const ClusterPolicy *policy, bool ingress) {
    if (policy->types != 0)
        return policy->types & (ingress ? 1 : 2);
    return ingress || policy->rule_count[0] != UNWRITTEN;
}

bool cluster_isolates(const Cluster *cluster, int pod, bool ingress) {
    for (int i = 0; cluster->controller && i < cluster->policy_count; i++) {
        const ClusterPolicy *policy = &cluster->policies[i];
        if (policy->applied && isolates(policy, ingress) && cluster_selects(cluster, policy, pod))
            return true;
    }
    return false;
}

/* Blocks: everything; the network; its first subnet; all but the network; the network but its second subnet. Of what
 * is outside, and of the name service, nothing is known but that everything holds it. */
static bool block_holds(int block, int subnet) {
    static const bool holds[5][3] = {
        {true, true, true}, {false, true, true}, {false, true, false}, {true, false, false}, {false, true, false}};
    return holds[block][subnet + 1];
}

static bool space_is(const Cluster *cluster, const ClusterPeer *peer, int space) {
    switch (peer->space) {
    case SPACE_NAME: return space == peer->a;
    case SPACE_TEAM: return cluster->spaces[space].team == peer->a % 2;
    case SPACE_DNS: return false;
    default: return true;
    }
}

static bool peer_is(const Cluster *cluster, const ClusterPolicy *policy, const ClusterPeer *peer, int other) {
    if (!peer->pods && !peer->spaces)
        return block_holds(peer->block, other < PODS ? cluster->pods[other].subnet : -1);
    if (other == CLUSTER_DNS) /* in kube-system, with a label that no selector here asks for */
        return peer->spaces && (peer->space == SPACE_ALL || peer->space == SPACE_DNS) &&
               (!peer->pods || peer->pod.pick == PICK_ALL);
    if (!is_pod(cluster, other))
        return false;
    int space = cluster->pods[other].space;
    bool there = peer->spaces ? space_is(cluster, peer, space) : space == policy->space;
    return there && (!peer->pods || picks(cluster, &peer->pod, other));
}

static bool ports_hold(int ports, bool udp, int port) {
    switch (ports) {
    case 1: return !udp && port == 80;
    case 2: return !udp && (port == 80 || port == 81);
    case 3: return udp && port == 53;
    case 4: return udp || (port >= 80 && port <= 90);
    default: return true;
    }
}

static bool policy_allows(const Cluster *cluster, const ClusterPolicy *policy, bool ingress, int other,
                          const ClusterQuestion *question) {
    for (int r = 0; r < policy->rule_count[ingress]; r++) {
        const ClusterRule *rule = &policy->rules[ingress][r];
        if (!ports_hold(rule->ports, question->udp, question->port))
            continue;
        if (rule->peer_count == 0)
            return true;
        for (int i = 0; i < rule->peer_count; i++)
            if (peer_is(cluster, policy, &rule->peers[i], other))
                return true;
    }
    return false;
}

static bool policies_allow(const Cluster *cluster, int pod, bool ingress, int other, const ClusterQuestion *question) {
    if (!is_pod(cluster, pod) || !cluster_isolates(cluster, pod, ingress))
        return true;
    for (int i = 0; i < cluster->policy_count; i++) {
        const ClusterPolicy *policy = &cluster->policies[i];
        if (policy->applied && isolates(policy, ingress) && cluster_selects(cluster, policy, pod) &&
            policy_allows(cluster, policy, ingress, other, question))
            return true;
    }
    return false;
}

/* ---- the mesh ------------------------------------------------------------------------------------------------------
 */
static int mode_of(const Cluster *cluster, int server, const ClusterQuestion *question) {
    const ClusterPod *pod = &cluster->pods[server];
    if (pod->port_mtls != UNWRITTEN && question->port == 80 && !question->udp)
        return pod->port_mtls;
    if (pod->mtls != UNWRITTEN)
        return pod->mtls;
    if (pod->pod && cluster->spaces[pod->space].mtls != UNWRITTEN)
        return cluster->spaces[pod->space].mtls;
    return cluster->mtls != UNWRITTEN ? cluster->mtls : PERMISSIVE;
}

bool cluster_disables_mtls(const Cluster *cluster, int pod) {
    return has_sidecar(cluster, pod) && mode_of(cluster, pod, &(ClusterQuestion){.port = 1}) == DISABLED;
}

bool cluster_protects(const Cluster *cluster, const ClusterAuthorization *policy, int p) {
    bool there = policy->space == SPACES || policy->space == space_of(cluster, p);
    if (!has_sidecar(cluster, p) || !there)
        return false;
    return picks(cluster, &policy->pods, p);
}

/* caller -1: nobody who is known. */
static bool is_principal(const Cluster *cluster, int who, int caller) {
    if (caller < 0)
        return false;
    int space = space_of(cluster, caller), account = account_of(cluster, caller);
    switch (who) {
    case 1: return space == 0 && account == 1;
    case 2: return space == 1;
    case 3: return true;
    default: return (space == 0 && account == 0) || (space == 2 && account == 2);
    }
}

static bool is_space(const Cluster *cluster, int where, int caller) {
    int space = caller >= 0 ? space_of(cluster, caller) : -1;
    return where == 1 ? space == 0 : space == 1 || space == 2;
}

static bool starts(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

static bool path_is(int paths, const char *path) {
    return paths == 1   ? strcmp(path, "/a") == 0
           : paths == 2 ? starts(path, "/a")
                        : starts(path, "/a/") || strcmp(path, "/b") == 0;
}

static bool call_is(const Cluster *cluster, const ClusterCall *call, int from, int caller,
                    const ClusterQuestion *question) {
    const char *method = question->method, *path = question->path;
    bool tcp = !question->udp, first = from < PODS && cluster->pods[from].subnet == 0;
    bool low = tcp && question->port == 80, high = tcp && question->port == 81;
    if ((call->principals && !is_principal(cluster, call->principals, caller)) ||
        (call->not_principals && is_principal(cluster, call->not_principals, caller)) ||
        (call->namespaces && !is_space(cluster, call->namespaces, caller)) ||
        (call->not_namespaces && is_space(cluster, call->not_namespaces, caller)))
        return false;
    if ((call->ranges == 1 && !first) || (call->ports == 1 && !low) || (call->ports == 2 && !low && !high) ||
        (call->not_ports && high))
        return false;
    if ((call->methods == 1 && strcmp(method, "GET") != 0) ||
        (call->methods == 2 && strcmp(method, "GET") != 0 && strcmp(method, "POST") != 0) ||
        (call->not_methods && strcmp(method, "POST") == 0))
        return false;
    return (!call->paths || path_is(call->paths, path)) && !(call->not_paths == 1 && strcmp(path, "/a/x") == 0) &&
           !(call->not_paths == 2 && starts(path, "/b"));
}

static bool any_call(const Cluster *cluster, const ClusterCall *calls, int count, int from, int caller,
                     const ClusterQuestion *question) {
    for (int i = 0; i < count; i++)
        if (call_is(cluster, &calls[i], from, caller, question))
            return true;
    return false;
}

/* One request with a method and a path. */
static const char *authorize(const Cluster *cluster, int caller, const ClusterQuestion *question) {
    bool allows = false, allowed = false;
    const char *denied = "";
    for (int i = 0; i < cluster->authorization_count; i++) {
        const ClusterAuthorization *policy = &cluster->authorizations[i];
        if (!policy->applied || !cluster_protects(cluster, policy, question->to))
            continue;
        bool matches = any_call(cluster, policy->rules, policy->rule_count, question->from, caller, question);
        bool refused =
            matches && any_call(cluster, policy->refuses, policy->refuse_count, question->from, caller, question);
        allows = allows || policy->action == CLUSTER_ALLOW;
        allowed = allowed || (policy->action == CLUSTER_ALLOW && matches);
        if (policy->action == CLUSTER_CUSTOM && refused)
            denied = "AUTHORIZATION_POLICY_CUSTOM";
        else if (policy->action == CLUSTER_DENY && matches && denied[0] == '\0')
            denied = "AUTHORIZATION_POLICY_DENY";
    }
    return denied[0] != '\0' ? denied : allows && !allowed ? "AUTHORIZATION_POLICY_NO_ALLOW" : "";
}

/* Any request: one that passes is enough; otherwise all that can be said is that none does. */
static const char *authorize_any(const Cluster *cluster, int caller, const ClusterQuestion *question) {
    ClusterQuestion one = *question;
    if (question->method != NULL && question->path != NULL)
        return authorize(cluster, caller, question);
    for (size_t m = 0; m < (question->method != NULL ? 1 : G_N_ELEMENTS(cluster_methods)); m++)
        for (size_t p = 0; p < (question->path != NULL ? 1 : G_N_ELEMENTS(cluster_paths)); p++) {
            one.method = question->method != NULL ? question->method : cluster_methods[m];
            one.path = question->path != NULL ? question->path : cluster_paths[p];
            if (authorize(cluster, caller, &one)[0] == '\0')
                return "";
        }
    return "NONE_PASSES";
}

/* ---- all of it -----------------------------------------------------------------------------------------------------
 */
static const char *network(const Cluster *cluster, const ClusterQuestion *question) {
    int from = question->from, to = question->to;
    if (from == CLUSTER_INTERNET && to < PODS && !cluster->pods[to].public)
        return "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS";
    if (from < PODS && to == CLUSTER_INTERNET && !cluster->pods[from].public)
        return "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS";
    return "";
}

const char *cluster_answer(const Cluster *cluster, const ClusterQuestion *question) {
    int from = question->from, to = question->to;
    if (!policies_allow(cluster, from, false, to, question))
        return "NETWORK_POLICY_EGRESS";
    const char *unreached = network(cluster, question);
    if (unreached[0] != '\0' || to >= PODS)
        return unreached;
    if (!policies_allow(cluster, to, true, from, question))
        return "NETWORK_POLICY_INGRESS";
    if (!has_sidecar(cluster, to))
        return "";
    int mode = mode_of(cluster, to, question);
    int caller = has_sidecar(cluster, from) && mode != DISABLED ? from : -1;
    if (mode == STRICT && caller < 0)
        return "MTLS_REQUIRED";
    return authorize_any(cluster, caller, question);
}
