/* cluster.c - draws random clusters and writes them as patterns. */
#include "tests/unit/reach/cluster.h"

static int below(Draw *luck, int bound) { return (int)draw_below(luck, (uint64_t)bound); }
static bool chance(Draw *luck, int percent) { return below(luck, 100) < percent; }
static int maybe(Draw *luck, int percent, int bound) { return chance(luck, percent) ? below(luck, bound) : UNWRITTEN; }

const char *const cluster_methods[3] = {"GET", "POST", "DELETE"};
const char *const cluster_paths[7] = {"/a", "/ab", "/a/", "/a/x", "/b", "/bc", "/zzz"};

/* ---- drawing -------------------------------------------------------------------------------------------------------
 */
static ClusterSelector selector_draw(Draw *luck) {
    return (ClusterSelector){(Pick)(chance(luck, 35) ? PICK_ALL : below(luck, PICKS)), below(luck, PODS),
                             below(luck, PODS)};
}

static ClusterPeer peer_draw(Draw *luck) {
    ClusterPeer peer = {.pods = chance(luck, 50), .spaces = chance(luck, 50), .pod = selector_draw(luck)};
    peer.space = (SpacePick)below(luck, SPACE_PICKS);
    peer.a = below(luck, SPACES);
    peer.block = below(luck, 5);
    return peer;
}

static ClusterRule rule_draw(Draw *luck) {
    ClusterRule rule = {.peer_count = below(luck, PEERS_MOST + 1), .ports = chance(luck, 50) ? 0 : below(luck, 5)};
    for (int i = 0; i < PEERS_MOST; i++)
        rule.peers[i] = peer_draw(luck);
    return rule;
}

ClusterPolicy cluster_draw_policy(Draw *luck) {
    ClusterPolicy policy = {.space = below(luck, SPACES),
                            .types = chance(luck, 40) ? 0 : 1 + below(luck, 3),
                            .pods = selector_draw(luck),
                            .applied = chance(luck, 90)};
    for (int way = 0; way < 2; way++) {
        policy.rule_count[way] = chance(luck, 30) ? UNWRITTEN : below(luck, RULES_MOST + 1);
        for (int i = 0; i < RULES_MOST; i++)
            policy.rules[way][i] = rule_draw(luck);
    }
    return policy;
}

static int seldom(Draw *luck, int bound) { return chance(luck, 20) ? 1 + below(luck, bound - 1) : 0; }

static ClusterCall call_draw(Draw *luck) {
    return (ClusterCall){.principals = seldom(luck, 5),
                         .not_principals = seldom(luck, 5),
                         .namespaces = seldom(luck, 3),
                         .not_namespaces = seldom(luck, 3),
                         .ranges = seldom(luck, 3),
                         .ports = seldom(luck, 3),
                         .not_ports = seldom(luck, 2),
                         .methods = seldom(luck, 3),
                         .not_methods = seldom(luck, 2),
                         .paths = seldom(luck, 4),
                         .not_paths = seldom(luck, 3)};
}

ClusterAuthorization cluster_draw_authorization(Draw *luck) {
    ClusterAuthorization policy = {.space = below(luck, SPACES + 1),
                                   .pods = selector_draw(luck),
                                   .action = chance(luck, 40) ? CLUSTER_ALLOW : (ClusterAction)below(luck, 3),
                                   .rule_count = chance(luck, 15) ? 0 : 1 + below(luck, RULES_MOST),
                                   .refuse_count = 1 + below(luck, RULES_MOST),
                                   .applied = chance(luck, 90)};
    for (int i = 0; i < RULES_MOST; i++) {
        policy.rules[i] = call_draw(luck);
        policy.refuses[i] = call_draw(luck);
    }
    return policy;
}

static ClusterPod pod_draw(Draw *luck) {
    return (ClusterPod){.pod = chance(luck, 85),
                        .space = below(luck, SPACES),
                        .account = below(luck, 3),
                        .role = below(luck, 3),
                        .sidecar = maybe(luck, 40, 2),
                        .mtls = maybe(luck, 15, 3),
                        .port_mtls = maybe(luck, 10, 3),
                        .subnet = below(luck, 2),
                        .public = chance(luck, 40)};
}

Cluster cluster_draw(Draw *luck) {
    Cluster cluster = {.mtls = maybe(luck, 70, 3),
                       .controller = chance(luck, 95),
                       .policy_count = chance(luck, 20) ? 0 : 1 + below(luck, 4),
                       .authorization_count = chance(luck, 20) ? 0 : 1 + below(luck, 4)};
    for (int i = 0; i < SPACES; i++)
        cluster.spaces[i] = (ClusterSpace){below(luck, 2), maybe(luck, 30, 3), chance(luck, 60)};
    for (int i = 0; i < PODS; i++)
        cluster.pods[i] = pod_draw(luck);
    for (int i = 0; i < POLICIES_MOST; i++) {
        cluster.policies[i] = cluster_draw_policy(luck);
        cluster.authorizations[i] = cluster_draw_authorization(luck);
    }
    return cluster;
}

ClusterQuestion cluster_ask(Draw *luck) {
    static const int ports[] = {80, 80, 80, 81, 53, 99};
    ClusterQuestion question = {.from = below(luck, PODS + 1), .to = below(luck, CLUSTER_ENDS)};
    if (chance(luck, 60)) /* mostly between pods */
        question.to = below(luck, PODS);
    question.port = question.to == CLUSTER_DNS ? 53 : ports[below(luck, G_N_ELEMENTS(ports))];
    question.udp = question.port == 53 && chance(luck, 60);
    if (chance(luck, 50))
        question.method = cluster_methods[below(luck, G_N_ELEMENTS(cluster_methods))];
    if (chance(luck, 50))
        question.path = cluster_paths[below(luck, G_N_ELEMENTS(cluster_paths))];
    return question;
}

/* ---- writing -------------------------------------------------------------------------------------------------------
 */
static const char *const modes[] = {"disable", "permissive", "strict"};
static const char *const spaces[] = {"na", "nb", "nc", "istio-system"};

static void selector_write(GString *out, const char *key, const ClusterSelector *selector) {
    g_string_append_printf(out, "%s: ", key);
    switch (selector->pick) {
    case PICK_APP: g_string_append_printf(out, "p%d", selector->a); break;
    case PICK_ROLE: g_string_append_printf(out, "{role: r%d}", selector->a % 2 + 1); break;
    case PICK_ROLES: g_string_append(out, "{role: [r1, r2]}"); break;
    case PICK_APPS: g_string_append_printf(out, "{app: [p%d, p%d]}", selector->a, selector->b); break;
    default: g_string_append(out, "{}");
    }
    g_string_append(out, ", ");
}

static void peer_write(GString *out, const ClusterPeer *peer) {
    static const char *const blocks[] = {"{cidr: 0.0.0.0/0}", "10.0.0.0/16", "{cidr: 10.0.0.0/24}",
                                         "{cidr: 0.0.0.0/0, except: [10.0.0.0/16]}",
                                         "{cidr: 10.0.0.0/16, except: 10.0.1.0/24}"};
    g_string_append(out, "{");
    if (peer->pods)
        selector_write(out, "pod_selector", &peer->pod);
    if (peer->spaces)
        g_string_append(out, "namespace_selector: ");
    if (peer->spaces && peer->space == SPACE_ALL)
        g_string_append(out, "{}");
    else if (peer->spaces && peer->space == SPACE_TEAM)
        g_string_append_printf(out, "{team: t%d}", peer->a % 2);
    else if (peer->spaces)
        g_string_append(out, peer->space == SPACE_DNS ? "kube-system" : spaces[peer->a]);
    if (!peer->pods && !peer->spaces)
        g_string_append_printf(out, "ip_block: %s", blocks[peer->block]);
    g_string_append(out, "}, ");
}

static void rule_write(GString *out, const ClusterRule *rule, const char *word) {
    static const char *const ports[] = {"", "ports: 80", "ports: [80, 81]", "ports: udp/53", "ports: [tcp/80-90, udp]"};
    g_string_append_printf(out, "{%s%s", ports[rule->ports], rule->ports > 0 && rule->peer_count > 0 ? ", " : "");
    for (int i = 0; i < rule->peer_count; i++) {
        if (i == 0)
            g_string_append_printf(out, "%s: [", word);
        peer_write(out, &rule->peers[i]);
    }
    g_string_append(out, rule->peer_count > 0 ? "]}, " : "}, ");
}

static void policy_write(GString *out, const char *name, const ClusterPolicy *policy) {
    static const char *const types[] = {"", "[ingress]", "[Egress]", "[ingress, egress]"};
    g_string_append_printf(out, "      %s: {namespace: %s, ", name, spaces[policy->space]);
    selector_write(out, "pod_selector", &policy->pods);
    if (policy->types != 0)
        g_string_append_printf(out, "policy_types: %s, ", types[policy->types]);
    for (int way = 0; way < 2; way++) {
        if (policy->rule_count[way] == UNWRITTEN)
            continue;
        g_string_append(out, way == 1 ? "ingress: [" : "egress: [");
        for (int i = 0; i < policy->rule_count[way]; i++)
            rule_write(out, &policy->rules[way][i], way == 1 ? "from" : "to");
        g_string_append(out, "], ");
    }
    g_string_append_printf(out, "applied: %s}\n", policy->applied ? "yes" : "no");
}

static void field_write(GString *out, const char *key, int value, const char *const *texts) {
    if (value > 0)
        g_string_append_printf(out, "%s: %s, ", key, texts[value]);
}

static void calls_write(GString *out, const char *key, const ClusterCall *calls, int count) {
    static const char *const who[] = {"", "na/s1", "nb/*", "authenticated", "[na/default, nc/s2]"};
    static const char *const where[] = {"", "na", "[nb, nc]"}, *const ranges[] = {"", "10.0.0.0/24", "[0.0.0.0/0]"};
    static const char *const ports[] = {"", "80", "[80, 81]"}, *const not_ports[] = {"", "81"};
    static const char *const methods[] = {"", "GET", "[GET, POST]"}, *const not_methods[] = {"", "POST"};
    static const char *const paths[] = {"", "/a", "/a*", "[/a/*, /b]"}, *const not_paths[] = {"", "/a/x", "[/b*]"};
    g_string_append_printf(out, "%s: [", key);
    for (int i = 0; i < count; i++) {
        const ClusterCall *call = &calls[i];
        g_string_append(out, "{");
        field_write(out, "principals", call->principals, who);
        field_write(out, "not_principals", call->not_principals, who);
        field_write(out, "namespaces", call->namespaces, where);
        field_write(out, "not_namespaces", call->not_namespaces, where);
        field_write(out, "ip_blocks", call->ranges, ranges);
        field_write(out, "ports", call->ports, ports);
        field_write(out, "not_ports", call->not_ports, not_ports);
        field_write(out, "methods", call->methods, methods);
        field_write(out, "not_methods", call->not_methods, not_methods);
        field_write(out, "paths", call->paths, paths);
        field_write(out, "not_paths", call->not_paths, not_paths);
        g_string_append(out, "}, ");
    }
    g_string_append(out, "], ");
}

static void authorization_write(GString *out, const char *name, const ClusterAuthorization *policy) {
    static const char *const actions[] = {"custom", "deny", "allow"};
    g_string_append_printf(out, "      %s: {namespace: %s, action: %s, ", name, spaces[policy->space],
                           actions[policy->action]);
    selector_write(out, "selector", &policy->pods);
    calls_write(out, "rules", policy->rules, policy->rule_count);
    if (policy->action == CLUSTER_CUSTOM)
        calls_write(out, "refuses", policy->refuses, policy->refuse_count);
    g_string_append_printf(out, "applied: %s}\n", policy->applied ? "yes" : "no");
}

static void pod_write(GString *out, int p, const ClusterPod *pod, bool sidecars) {
    static const char *const accounts[] = {"default", "s1", "s2"};
    g_string_append_printf(out, "      p%d: {kind: instances, subnet: s%d, listens: any, ", p, pod->subnet);
    if (pod->pod)
        g_string_append_printf(out, "namespace: %s, ", spaces[pod->space]);
    else
        g_string_append(out, "security_group: cluster, ");
    if (pod->public)
        g_string_append(out, "public: yes, ");
    if (pod->sidecar != UNWRITTEN)
        g_string_append_printf(out, "sidecar: %s, ", pod->sidecar ? "yes" : "no");
    if (pod->role > 0 && pod->pod)
        g_string_append_printf(out, "labels: {role: r%d}, ", pod->role);
    if (pod->account > 0 && pod->pod)
        g_string_append_printf(out, "service_account: %s, ", accounts[pod->account]);
    if (pod->mtls != UNWRITTEN && (pod->sidecar == 1 || (pod->pod && sidecars)))
        g_string_append_printf(out, "mtls: %s, ", modes[pod->mtls]);
    if (pod->port_mtls != UNWRITTEN && (pod->sidecar == 1 || (pod->pod && sidecars)))
        g_string_append_printf(out, "port_mtls: {80: %s}, ", modes[pod->port_mtls]);
    g_string_append(out, "}\n");
}

static void policies_write(GString *out, const Cluster *cluster, bool reversed) {
    g_string_append(out, cluster->policy_count > 0 ? "    network_policies:\n" : "");
    for (int twice = 0; twice <= reversed; twice++)
        for (int i = 0; i < cluster->policy_count; i++) {
            char *name = g_strdup_printf("n%d-%d", reversed ? 9 - i : i, twice);
            policy_write(out, name, &cluster->policies[i]);
            g_free(name);
        }
    g_string_append(out, cluster->authorization_count > 0 ? "    authorization_policies:\n" : "");
    for (int twice = 0; twice <= reversed; twice++)
        for (int i = 0; i < cluster->authorization_count; i++) {
            char *name = g_strdup_printf("a%d-%d", reversed ? 9 - i : i, twice);
            authorization_write(out, name, &cluster->authorizations[i]);
            g_free(name);
        }
}

char *cluster_write(const Cluster *cluster, bool reversed) {
    GString *out = g_string_new("pattern: estate\nprovider: aws\nedge: {dns: {kind: dns, targets: site.p0}}\nstacks:\n"
                                "  site:\n    copies: [us-east-1]\n    zones: 1\n    network: {cidr: 10.0.0.0/16}\n"
                                "    subnets:\n");
    for (int s = 0; s < 2; s++)
        g_string_append_printf(
            out, "      s%d: {cidr: 10.0.%d.0/24, routes: [{to: internet, via: internet_gateway}]}\n", s, s);
    g_string_append(out, "    security_groups: {cluster: {inbound: [{from: anyone, port: any}]}}\n    namespaces:\n");
    for (int i = 0; i < SPACES; i++) {
        const ClusterSpace *space = &cluster->spaces[i];
        g_string_append_printf(out, "      %s: {labels: {team: t%d}, sidecars: %s%s%s}\n", spaces[i], space->team,
                               space->sidecars ? "yes" : "no", space->mtls != UNWRITTEN ? ", mtls: " : "",
                               space->mtls != UNWRITTEN ? modes[space->mtls] : "");
    }
    if (cluster->mtls != UNWRITTEN)
        g_string_append_printf(out, "    mesh: {mtls: %s}\n", modes[cluster->mtls]);
    if (!cluster->controller)
        g_string_append(out, "    network_policy_controller: no\n");
    policies_write(out, cluster, reversed);
    g_string_append(out, "    components:\n");
    for (int p = 0; p < PODS; p++)
        pod_write(out, p, &cluster->pods[p], cluster->spaces[cluster->pods[p].space].sidecars);
    return g_string_free(out, FALSE);
}
