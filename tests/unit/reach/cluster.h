/* cluster.h - random small clusters with a mesh, written as a pattern, and who reaches whom in them by the book.
 *
 * The answers come from what was drawn, not from the model, and share no code with sim/: pod by pod, policy by policy,
 * as kubernetes.io (network-policies) and istio.io (authorization-policy, peer_authentication) tell it. */
#ifndef FAULTLINE_TESTS_REACH_CLUSTER_H
#define FAULTLINE_TESTS_REACH_CLUSTER_H

#include <glib.h>
#include <stdbool.h>

#include "base/luck.h"

enum { PODS = 6, SPACES = 3, POLICIES_MOST = 6, RULES_MOST = 2, PEERS_MOST = 2 };
enum { CLUSTER_INTERNET = PODS, CLUSTER_DNS = PODS + 1, CLUSTER_ENDS = PODS + 2 };
enum { UNWRITTEN = -1 };

typedef struct {
    bool pod;                     /* else a machine beside the cluster */
    int space, account, role;     /* role: 0 none, 1 and 2 */
    int sidecar, mtls, port_mtls; /* or UNWRITTEN; port_mtls at port 80 */
    int subnet;
    bool public;
} ClusterPod;
typedef struct {
    int team, mtls;
    bool sidecars;
} ClusterSpace;
typedef enum { PICK_ALL, PICK_APP, PICK_ROLE, PICK_ROLES, PICK_APPS, PICKS } Pick;
typedef struct {
    Pick pick;
    int a, b;
} ClusterSelector;
typedef enum { SPACE_ALL, SPACE_NAME, SPACE_TEAM, SPACE_DNS, SPACE_PICKS } SpacePick;
typedef struct {
    bool pods, spaces; /* which selectors are written; neither: a block */
    ClusterSelector pod;
    SpacePick space;
    int a, block;
} ClusterPeer;
typedef struct {
    ClusterPeer peers[PEERS_MOST];
    int peer_count, ports;
} ClusterRule;
typedef struct {
    int space, types; /* types: 0 unwritten, bit 1 ingress, bit 2 egress */
    ClusterSelector pods;
    ClusterRule rules[2][RULES_MOST]; /* egress, ingress */
    int rule_count[2];                /* UNWRITTEN: no such key */
    bool applied;
} ClusterPolicy;
typedef struct {
    int principals, not_principals, namespaces, not_namespaces, ranges, ports, not_ports, methods, not_methods, paths,
        not_paths; /* 0: not written */
} ClusterCall;
typedef enum { CLUSTER_CUSTOM, CLUSTER_DENY, CLUSTER_ALLOW } ClusterAction;
typedef struct {
    int space; /* SPACES: the root */
    ClusterSelector pods;
    ClusterAction action;
    ClusterCall rules[RULES_MOST], refuses[RULES_MOST];
    int rule_count, refuse_count;
    bool applied;
} ClusterAuthorization;
typedef struct {
    ClusterPod pods[PODS];
    ClusterSpace spaces[SPACES];
    ClusterPolicy policies[POLICIES_MOST];
    ClusterAuthorization authorizations[POLICIES_MOST];
    int policy_count, authorization_count, mtls;
    bool controller;
} Cluster;

Cluster cluster_draw(Draw *luck);
ClusterPolicy cluster_draw_policy(Draw *luck);
ClusterAuthorization cluster_draw_authorization(Draw *luck);
/* As a pattern. `reversed`: policies by names in the opposite order, and each of them twice. */
char *cluster_write(const Cluster *cluster, bool reversed);

typedef struct {
    int from, to; /* pods, CLUSTER_INTERNET, CLUSTER_DNS */
    bool udp;
    int port;
    const char *method, *path; /* NULL: any */
} ClusterQuestion;
ClusterQuestion cluster_ask(Draw *luck);
/* The code that reach/ should give; "": it reaches. */
const char *cluster_answer(const Cluster *cluster, const ClusterQuestion *question);
/* Does a pod with a sidecar take connections without mutual TLS only, whatever single ports say? */
bool cluster_disables_mtls(const Cluster *cluster, int pod);
bool cluster_isolates(const Cluster *cluster, int pod, bool ingress);
bool cluster_selects(const Cluster *cluster, const ClusterPolicy *policy, int pod);
bool cluster_protects(const Cluster *cluster, const ClusterAuthorization *policy, int pod);

/* What a number of ClusterCall and ClusterRule stands for. */
extern const char *const cluster_methods[3], *const cluster_paths[7];

#endif
