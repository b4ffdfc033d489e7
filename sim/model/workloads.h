/* workloads.h - what runs in a Kubernetes cluster or a mesh: namespaces, network policies, authorisation. Part of
 * model.h, which includes it.
 *
 * A copy of a stack is one cluster. A component with a namespace is a pod of it: network policies select it. One with a
 * sidecar belongs to the stack's mesh. Whom selectors mean is worked out when the model is read: every list of members
 * below is one of ComponentIds. Sources: kubernetes.io, concepts/services-networking/network-policies; istio.io,
 * reference/config/security (semantics B.8, B.9). All tables belong to the model's memory. */
#ifndef FAULTLINE_MODEL_WORKLOADS_H
#define FAULTLINE_MODEL_WORKLOADS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "contract/kind.h"
#include "net/ports.h"
#include "net/prefix.h"

typedef struct {
    const char *key, *value;
} Label;

typedef struct {
    ComponentId *ids; /* sorted */
    uint32_t count;
} Members;
bool members_have(const Members *members, ComponentId id);

/* What a workload demands of who calls it. */
typedef enum {
    MTLS_DISABLE,    /* plain connections only: callers are nobody */
    MTLS_PERMISSIVE, /* plain and mutual TLS alike */
    MTLS_STRICT,     /* mutual TLS only */
    MTLS_UNSET       /* as the namespace, else the mesh says */
} MtlsMode;
const char *mtls_name(MtlsMode mode); /* "strict" */

typedef struct {
    const char *name; /* "site[eu-west-1].shop" */
    const char *label;
    const char *stack, *copy;
    Label *labels; /* by key; with kubernetes.io/metadata.name */
    uint32_t label_count;
    bool sidecars; /* its components have one unless they say otherwise */
    MtlsMode mtls;
    uint32_t element;
} Namespace;

/* Beside each component. All zero where it is neither a pod nor in a mesh. */
typedef struct {
    bool pod;             /* network policies may select it */
    bool sidecar;         /* speaks for it: presents its identity, and asks who calls */
    uint32_t namespace;   /* index in namespaces; meaningful with pod or sidecar */
    const char *identity; /* "shop/web": namespace and service account, what its certificate says; or NULL */
    const char *service_account;
    Label *labels; /* by key; with `app`, its own name where it says no other */
    uint32_t label_count;
    MtlsMode mtls;
    struct PortMtls {
        PortSet ports;
        MtlsMode mode;
    } * port_mtls; /* as written: the first that has the port */
    uint32_t port_mtls_count;
    uint32_t mesh;        /* index in meshes; meaningful with sidecar */
    Members nodes;        /* what it runs on */
    uint32_t *policies;   /* network policies that select it, of either direction */
    uint32_t *authorizes; /* authorisation policies that select it */
    uint32_t policy_count, authorize_count;
    uint32_t element; /* what it says of mutual TLS */
} Workload;

typedef struct {
    const char *name; /* the stack's: its copies share one */
    MtlsMode mtls;
    const char *root_namespace; /* policies there hold everywhere */
    uint32_t element;
} Mesh;

/* ---- network policies ----------------------------------------------------------------------------------------------
 */
typedef struct {
    bool pods; /* else a range */
    Members members;
    bool cluster_dns; /* the cluster's own name service is among them */
    Prefix range, *except;
    uint32_t except_count;
} PolicyPeer;
/* One of the peers, at one of the ports. */
typedef struct {
    PolicyPeer *peers;
    uint32_t peer_count;
    bool anyone; /* no peers written: everybody */
    PortSet ports;
    uint32_t element;
} PolicyRule;
typedef struct {
    const char *name; /* "site[eu-west-1].deny-all" */
    Members selects;
    bool isolates[2];     /* outbound, inbound: what no rule of any policy allows is denied */
    PolicyRule *rules[2]; /* likewise */
    uint32_t rule_count[2];
    bool applied;     /* otherwise only a change of the timeline brings it */
    uint32_t element; /* decides when nothing allows */
} NetworkPolicy;

/* ---- authorisation -------------------------------------------------------------------------------------------------
 */
typedef enum { AUTHORIZE_CUSTOM, AUTHORIZE_DENY, AUTHORIZE_ALLOW } AuthorizeAction; /* in the order of asking */

/* "/admin", or "/admin*" and all that begins so. */
typedef struct {
    const char *text; /* without the star */
    bool prefix;
} TextMatch;
typedef struct {
    TextMatch *items;
    uint32_t count;
} TextMatches;
bool texts_match(const TextMatches *matches, const char *text);

/* Who calls: those of the list that show a certificate, or with `anyone` everybody who does. */
typedef struct {
    bool written, anyone;
    Members members;
} Callers;
/* All that is written must hold; of each list, one. */
typedef struct {
    Callers principals, not_principals, namespaces, not_namespaces;
    Prefix *ranges;
    uint32_t range_count;
    PortSet ports, not_ports; /* no range: any; none */
    TextMatches methods, not_methods, paths, not_paths;
    uint32_t element;
} AuthorizeRule;
typedef struct {
    const char *name;
    AuthorizeAction action;
    Members selects;
    AuthorizeRule *rules; /* one that matches is enough; none never matches */
    uint32_t rule_count;
    AuthorizeRule *refuses; /* CUSTOM: what the one that is asked says no to */
    uint32_t refuse_count;
    Members asks;   /* CUSTOM: the component that is asked; none: it always answers */
    PlaceId *zones; /* those whose sidecars have it; none: all */
    uint32_t zone_count;
    bool applied;
    uint32_t element;
} AuthorizationPolicy;

/* ---- changes in time -----------------------------------------------------------------------------------------------
 */
typedef enum {
    WORKLOADS_POLICY,    /* a network policy is applied (value 1), or taken away (0) */
    WORKLOADS_AUTHORIZE, /* an authorisation policy, likewise */
    WORKLOADS_MESH,      /* mutual TLS of a mesh: value is a MtlsMode */
    WORKLOADS_NAMESPACE, /* ... of a namespace */
    WORKLOADS_WORKLOAD   /* ... of a component */
} WorkloadsChangeKind;
typedef struct {
    WorkloadsChangeKind kind;
    uint32_t id, value;
} WorkloadsChange;

/* NULL tables where nothing is a pod or in a mesh. */
typedef struct {
    Workload *workloads; /* by ComponentId */
    Namespace *namespaces;
    uint32_t namespace_count;
    Mesh *meshes;
    uint32_t mesh_count;
    NetworkPolicy *policies;
    uint32_t policy_count;
    AuthorizationPolicy *authorizations;
    uint32_t authorization_count;
    TextMatch *methods, *paths; /* every one that some policy tells apart; for questions that name none */
    uint32_t method_count, path_count;
    bool *meshed; /* by network: some pod or sidecar is in it */
} WorkloadBook;

#endif
