/* language_workloads.c - the keys of namespaces, network policies, meshes and their authorisation. */
#include "model/language_workloads.h"

#define APPLIED(S) FIELD_BOOL(S, applied, "yes", "no: it waits for a change of the timeline", "Kubernetes: as written")

const char *const mtls_words[] = {"disable", "permissive", "strict", NULL};
const char *const authorize_words[] = {"custom", "deny", "allow", NULL};

const Field namespace_keys[] = {
    FIELD_TEXT(NamespaceKeys, about, NULL, "what it is for"),
    FIELD_NODE(NamespaceKeys, labels, "for selectors; kubernetes.io/metadata.name is its name"),
    FIELD_BOOL(NamespaceKeys, sidecars, NULL, "its components have sidecars unless they say otherwise", NULL),
    FIELD_NODE(NamespaceKeys, mtls, "of callers: strict, permissive or disable; otherwise the mesh's"),
    FIELD_END,
};

const Field network_policy_keys[] = {
    FIELD_TEXT(NetworkPolicyKeys, about, NULL, "what it is for"),
    FIELD_TEXT(NetworkPolicyKeys, namespace, "default", "the namespace whose pods it selects"),
    FIELD_NODE(NetworkPolicyKeys, pod_selector, "of those pods which: {app: web}, or web; otherwise all"),
    FIELD_NODE(NetworkPolicyKeys, policy_types,
               "the directions it isolates: [ingress, egress]; otherwise ingress, and egress where it has rules"),
    FIELD_NODE(NetworkPolicyKeys, ingress, "who may connect to them: a list of {from, ports}"),
    FIELD_NODE(NetworkPolicyKeys, egress, "what they may connect to: a list of {to, ports}"),
    APPLIED(NetworkPolicyKeys),
    FIELD_END,
};

const Field policy_rule_keys[] = {
    FIELD_NODE(PolicyRuleKeys, from, "ingress: a list of peers, one of which it must be; otherwise anyone"),
    FIELD_NODE(PolicyRuleKeys, to, "egress: likewise"),
    FIELD_NODE(PolicyRuleKeys, ports, "ports of the pod that is called: 5432, [udp/53, tcp/53]; otherwise all"),
    FIELD_END,
};

const Field policy_peer_keys[] = {
    FIELD_NODE(PolicyPeerKeys, pod_selector, "pods with these labels, of the policy's own namespace"),
    FIELD_NODE(PolicyPeerKeys, namespace_selector, "pods of namespaces with these labels; together: those pods there"),
    FIELD_NODE(PolicyPeerKeys, ip_block, "addresses: {cidr, except}, and nothing else beside it"),
    FIELD_END,
};

const Field ip_block_keys[] = {
    FIELD_NODE(IpBlockKeys, cidr, "a range of addresses"),
    FIELD_NODE(IpBlockKeys, except, "ranges within it that are not meant"),
    FIELD_END,
};

const Field mesh_keys[] = {
    FIELD_TEXT(MeshKeys, about, NULL, "what it is for"),
    FIELD_NODE(MeshKeys, mtls, "of callers: strict, permissive or disable; otherwise permissive"),
    FIELD_TEXT(MeshKeys, root_namespace, "istio-system", "authorisation policies in it hold in all namespaces"),
    FIELD_END,
};

const Field authorization_keys[] = {
    FIELD_TEXT(AuthorizationKeys, about, NULL, "what it is for"),
    FIELD_TEXT(AuthorizationKeys, namespace, "default", "the namespace whose workloads it protects"),
    FIELD_NODE(AuthorizationKeys, selector, "of those workloads which: {app: db}, or db; otherwise all"),
    FIELD_WORD(AuthorizationKeys, action, authorize_words, "allow", "custom is asked first, then deny, then allow",
               "Istio, authorization-policy: ALLOW"),
    FIELD_NODE(AuthorizationKeys, zones, "the zones whose sidecars have it so far: [a]; otherwise all"),
    FIELD_NODE(AuthorizationKeys, rules, "what it speaks of: a list; none matches nothing, {} matches everything"),
    FIELD_NODE(AuthorizationKeys, asks, "custom: the component that decides; while it cannot be reached: nobody"),
    FIELD_NODE(AuthorizationKeys, refuses, "custom: what that one says no to: a list like rules"),
    APPLIED(AuthorizationKeys),
    FIELD_END,
};

const Field authorize_rule_keys[] = {
    FIELD_NODE(AuthorizeRuleKeys, principals, "identities: shop/web (namespace and service account), or authenticated"),
    FIELD_NODE(AuthorizeRuleKeys, not_principals, "none of these"),
    FIELD_NODE(AuthorizeRuleKeys, namespaces, "namespaces of the caller's identity"),
    FIELD_NODE(AuthorizeRuleKeys, not_namespaces, "none of these"),
    FIELD_NODE(AuthorizeRuleKeys, ip_blocks, "ranges of the caller's address"),
    FIELD_NODE(AuthorizeRuleKeys, ports, "ports that are called"),
    FIELD_NODE(AuthorizeRuleKeys, not_ports, "none of these"),
    FIELD_NODE(AuthorizeRuleKeys, methods, "methods of the request: [GET, HEAD]"),
    FIELD_NODE(AuthorizeRuleKeys, not_methods, "none of these"),
    FIELD_NODE(AuthorizeRuleKeys, paths, "paths of the request: /admin, or /admin/* for all that begins so"),
    FIELD_NODE(AuthorizeRuleKeys, not_paths, "none of these"),
    FIELD_END,
};
