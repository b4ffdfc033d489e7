/* language_workloads.h - the maps of clusters and meshes, as structs (private to model/). */
#ifndef FAULTLINE_MODEL_LANGUAGE_WORKLOADS_H
#define FAULTLINE_MODEL_LANGUAGE_WORKLOADS_H

#include "read/fields.h"

/* Members of the structs of stacks and components; their rows stand in those tables. */
typedef struct {
    const Node *namespaces, *network_policies, *network_policy_controller, *mesh, *authorization_policies;
} WorkloadStackKeys;

typedef struct {
    const char *namespace, *service_account;
    const Node *labels, *sidecar, *mtls, *port_mtls, *runs_on;
} WorkloadComponentKeys;

#define WORKLOAD_ROW(S, member, type, help) \
    { #member, type, offsetof(S, workloads.member), NULL, NULL, NULL, help, NULL, NULL, NULL }
#define WORKLOAD_STACK_ROWS(S)                                                                                       \
    WORKLOAD_ROW(S, namespaces, FIELD_TYPE_NODE, "of its Kubernetes cluster, by name: {labels, sidecars, mtls}"),    \
        WORKLOAD_ROW(S, network_policies, FIELD_TYPE_NODE, "Kubernetes network policies by name"),                   \
        WORKLOAD_ROW(S, network_policy_controller, FIELD_TYPE_NODE,                                                  \
                     "no: nothing in the cluster enforces network policies, so they have no effect; otherwise yes"), \
        WORKLOAD_ROW(S, mesh, FIELD_TYPE_NODE, "the mesh of its sidecars: {mtls, root_namespace}"),                  \
        WORKLOAD_ROW(S, authorization_policies, FIELD_TYPE_NODE, "who may call what in the mesh: policies by name")
#define WORKLOAD_COMPONENT_ROWS(S)                                                                                     \
    WORKLOAD_ROW(S, namespace, FIELD_TYPE_TEXT, "makes it pods of the stack's cluster, in that namespace"),            \
        WORKLOAD_ROW(S, labels, FIELD_TYPE_NODE, "of its pods, for selectors; `app` is its name unless said here"),    \
        WORKLOAD_ROW(S, service_account, FIELD_TYPE_TEXT, "its identity in the mesh; otherwise default"),              \
        WORKLOAD_ROW(S, sidecar, FIELD_TYPE_NODE,                                                                      \
                     "yes: a proxy beside each unit shows its identity and asks for the caller's; otherwise as its "   \
                     "namespace says"),                                                                                \
        WORKLOAD_ROW(S, mtls, FIELD_TYPE_NODE, "of its callers: strict, permissive or disable; else its namespace's"), \
        WORKLOAD_ROW(S, port_mtls, FIELD_TYPE_NODE, "the same by port: {8080: permissive}"),                           \
        WORKLOAD_ROW(S, runs_on, FIELD_TYPE_NODE, "the components that are its nodes, which always reach it")

typedef struct {
    const char *about;
    const Node *labels, *mtls;
    bool sidecars;
} NamespaceKeys;

typedef struct {
    const char *about, *namespace;
    const Node *pod_selector, *policy_types, *ingress, *egress;
    bool applied;
} NetworkPolicyKeys;

typedef struct {
    const Node *from, *to, *ports;
} PolicyRuleKeys;

typedef struct {
    const Node *pod_selector, *namespace_selector, *ip_block;
} PolicyPeerKeys;

typedef struct {
    const Node *cidr, *except;
} IpBlockKeys;

typedef struct {
    const char *about, *root_namespace;
    const Node *mtls;
} MeshKeys;

typedef struct {
    const char *about, *namespace;
    const Node *selector, *rules, *refuses, *asks, *zones;
    int action; /* an AuthorizeAction */
    bool applied;
} AuthorizationKeys;

typedef struct {
    const Node *principals, *not_principals, *namespaces, *not_namespaces, *ip_blocks, *ports, *not_ports, *methods,
        *not_methods, *paths, *not_paths;
} AuthorizeRuleKeys;

extern const Field namespace_keys[], network_policy_keys[], policy_rule_keys[], policy_peer_keys[], ip_block_keys[],
    mesh_keys[], authorization_keys[], authorize_rule_keys[];

/* Beside MtlsMode and AuthorizeAction, NULL-terminated. */
extern const char *const mtls_words[], *const authorize_words[];

#endif
