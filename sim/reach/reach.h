/* reach.h - who can talk to whom, and which rule decided. The door of reach/.
 *
 * Pure: the same (Model, NetState, Query) gives the same Verdict. Nothing here asserts reachability; it is always
 * computed by walking the declared controls, forward and reply. Units of one component in one subnet are one class:
 * verdicts are per class. */
#ifndef FAULTLINE_REACH_REACH_H
#define FAULTLINE_REACH_REACH_H

#include <stdint.h>

#include "model/model.h"
#include "reach/netstate.h"

typedef enum { VERDICT_REACH, VERDICT_DENY, VERDICT_NO_ROUTE, VERDICT_BLACKHOLE, VERDICT_NO_PATH } VerdictKind;
const char *verdict_name(VerdictKind kind); /* "REACH", "DENY", "NO-ROUTE", ... */

#define CLASS_INTERNET UINT32_MAX
typedef uint32_t ClassId; /* an index of classes, or CLASS_INTERNET */

typedef struct {
    ComponentId component;
    PlaceId subnet; /* NO_PLACE: not in a subnet */
} EndpointClass;

/* The classes of a model, sorted by component, then subnet. Owned by the Reach. */
typedef struct Reach Reach;
Reach *reach_new(const Model *model);
void reach_free(Reach *reach);
uint32_t reach_classes(const Reach *reach, const EndpointClass **classes);
ClassId reach_class_of_unit(const Reach *reach, UnitId unit);
ComponentId reach_class_component(const Reach *reach, ClassId id); /* NO_COMPONENT: CLASS_INTERNET */

typedef struct {
    ClassId from, to;
    Protocol protocol;
    uint16_t port;          /* of the server */
    uint16_t client_port;   /* 0: any that the client's kind uses; the answer must get back to every one of them */
    bool by_public_address; /* use the server's public address where a private one would do */
    uint8_t family;         /* 4 or 6; 0: IPv4 or, where both ends have it and IPv4 does not do, IPv6 */
    bool probe;             /* a health check: some providers send them from an address of their own */
    ClassId on_behalf;      /* from a balancer that keeps the client's address: 1 + the client; 0: anybody out there */
    const char *method, *path; /* of the request, where sidecars are asked; NULL: any, and one that passes is enough */
    bool unguarded;            /* no agent runs on the server's machine: its own firewall does not hold */
    bool beneath;              /* a tunnel of an overlay itself, between a machine and a node */
    bool seized;               /* whoever asks owns the client: what that enforces on itself does not hold */
} Query;

typedef struct {
    VerdictKind kind;
    bool reply;       /* decided on the way back */
    uint32_t element; /* the deciding element of model->elements, 0 when every filter let it pass by default */
    const char *code; /* stable reason code, static: "ENI_SG_RULES_MISMATCH", "" for REACH */
    PlaceId at;       /* where it was decided, or NO_PLACE */
    bool heard;       /* a denial that is told to the client at once: a sidecar answers, a filter says nothing */
} Verdict;

/* Reason codes, those of AWS's VPC Reachability Analyzer where it has one; docs/reachability.md tells more of each.
 * - DENY, by a filter: ENI_SG_RULES_MISMATCH (element: the first group), SUBNET_ACL_RESTRICTION, NIC_NSG_RULE,
 *   SUBNET_NSG_RULE, ADMIN_RULE, STANDARD_IP_CLOSED (a public address that needs a group, and there is none),
 *   NO_INPUT_ENDPOINT, INPUT_ENDPOINT_ACL, SERVICE_FIREWALL, FIREWALL_RULES_RESTRICTION (at a site's border)
 * - DENY, of a pod or in a mesh: NETWORK_POLICY_EGRESS, NETWORK_POLICY_INGRESS (element: the first policy that
 *   isolates it), MTLS_REQUIRED (a plain connection where mutual TLS is demanded), AUTHORIZATION_POLICY_CUSTOM,
 *   AUTHORIZATION_POLICY_DENY, AUTHORIZATION_POLICY_NO_ALLOW (there are ALLOW policies, and none matches)
 * - DENY, at an end: LISTENER_MISSING, ISOLATED (cut off by a response), NOT_A_TARGET (of a balancer),
 *   VPCE_INTRA_VPC_TRAFFIC
 * - DENY, before a packet leaves: NOT_ON_ALLOWLIST (of a proxy, or of an agent on the host), NAME_REFUSED
 * - DENY, in a gateway: NAT_NO_SESSION, EIGW_NO_SESSION, PROTOCOL_RESTRICTION, NGW_REQUIRES_SOURCE_IN_VPC,
 *   VPCE_GATEWAY_PROTOCOL_RESTRICTION, ASYMMETRIC_ROUTE (a stateful appliance sees one way of the connection only)
 * - NO-ROUTE, in a table: NO_ROUTE_TO_DESTINATION, ASYMMETRIC_RETURN (answers to the internet would leave elsewhere),
 *   TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT, TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION, TGW_ROUTE_AZ_RESTRICTION
 * - NO-ROUTE, for want of an address: UNASSOCIATED_COMPONENT (in no subnet), IPV6_ADDRESS_MISSING, NO_OUTBOUND_ACCESS,
 *   IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS, IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS,
 *   IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS, PCX_REQUIRES_ADDRESS_IN_VPC_CIDR,
 *   VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS, VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION
 * - NO-ROUTE, in an overlay: OVERLAY_NODE_DOWN (no node works), OVERLAY_NODE_UNREACHABLE (no tunnel gets to one)
 * - BLACKHOLE: BAD_STATE_ROUTE (the entry leads to nothing), TGW_RTB_BAD_STATE_ROUTE, BAD_STATE_VPN (the tunnel that is
 *   used is dead), ROUTING_LOOP
 * - NO-PATH: BAD_STATE (a place or gateway on the way is down; `at` names it), LINK_CUT (the link into the place `at`)
 *
 * The provider's edge answers on every port when it declares none, and everybody can reach it; its name service cannot
 * be blocked by filters (semantics B.1). Clients use a server's private address within a network and into a peered one,
 * else its public one if it has any. For a REACH, `element` is the rule that let it in, 0 when nothing had to. Cost:
 * O(rules on the way); well below 1 us. */
Verdict reach_verdict(const Reach *reach, const NetState *state, Query query);
/* Whether it was an allowlist or a filter of names that denied. */
bool reach_turned_back(const Verdict *verdict);
/* CLASS_INTERNET as a server means "anything out there": it listens on every port. */
/* The units of appliances that the packets of a working connection pass on the way there, in order; at most `most`. */
uint32_t reach_inspectors(const Reach *reach, const NetState *state, Query query, UnitId *units, uint32_t most);
/* Whether health checks of a class come from another address than what it passes on: then ask with `probe`. */
bool reach_probes_differ(const Reach *reach, ClassId from);
/* Does that component, as a server, take no mutual TLS now? False too of what is in no mesh: nobody says so of it. */
bool reach_disables_mtls(const NetState *state, ComponentId server);
/* The question that is asked when the one connects to the other: at the client's target_port if it has one, else the
 * first port that the server listens on; tcp/443 when it says none. */
Query reach_usual(const Reach *reach, ClassId from, ClassId to);

/* What the filters of each end remember of a connection. What is not tracked, a changed rule cuts at once. */
typedef enum { TRACKING_NONE, TRACKING_TRACKED, TRACKING_UNTRACKED } TrackingKind; /* NONE: no filter there */
const char *tracking_name(TrackingKind kind); /* "unfiltered", "tracked", "untracked" */
typedef struct {
    TrackingKind client, server;
    const char *why_client, *why_server; /* static: "a NAT gateway stands in the way"; "" when there is no filter */
} Tracking;

/* The same with the hops walked. */
typedef struct {
    const char *text; /* owned by the list: "security group site[us-east-1].lb outbound: rule 1 allows" */
    uint32_t element;
} Hop;
typedef struct {
    Verdict verdict;
    Hop *forward, *back;
    uint32_t forward_count, back_count;
    /* The client's ports (of 1-65535) that answers get back to; meaningful when the way there is open. Empty: none.
     * Past PORT_SET_MOST ranges it stops. Of what has no ports, and of all traffic: everything or nothing. */
    PortSet client_ports;
    uint8_t family; /* 4 or 6: what the hops speak of */
    Tracking tracking;
} Explanation;
Explanation *reach_explain(const Reach *reach, const NetState *state, Query query);
void explanation_free(Explanation *explanation);

/* What filters remember of a connection that works (of what does not: NONE). O(rules). */
Tracking reach_tracking(const Reach *reach, const NetState *state, Query query);
/* What becomes of a connection that was opened as things were `before`, now: REACH, it lives on; else what cuts it.
 * Filters that track it are not asked again; ACLs, routes, places, links and isolation are. What did not work before
 * is asked as if it were new. Decision 0008 has requests ask anew, as connections of their own. */
Verdict reach_survives(const Reach *reach, const NetState *before, const NetState *now, Query query);

/* Every pair of classes (and the internet as a source) at every port that the target listens on or some flow means:
 * rows in canonical order. Of a range of ports the first stands for all. Left out: name services as sources (they only
 * answer). The provider's edge without `listens` is asked at the ports of its targets. */
typedef struct {
    ClassId from, to;
    Protocol protocol;
    uint16_t port;
    Verdict verdict;
    bool intended; /* some flow means it */
} MatrixRow;
MatrixRow *reach_matrix(const Reach *reach, const NetState *state, uint32_t *count); /* g_free */

/* The least that would turn a verdict round: changes which together do it, none of them needless. Each was tried on a
 * copy of the state; when the last cannot be (nothing listens there, an address is missing), `seen` is false and the
 * list says what comes first. To close: of several single rules that would do, the one nearest to the server. To open:
 * at most eight; where several routes lead on, each is followed to its end, and the one that needs the
 * fewest changes is told. Empty: there is nothing that a rule could do. Cost: a walk for each change, and for each
 * route that is followed. */
typedef struct {
    char **changes; /* NULL-terminated: "add to security group site[us-east-1].web, inbound: {from: site[us-east-1].lb,
                       port: tcp/22}" */
    uint32_t *elements; /* what each is about: a rule to take away, a group to add to; 0: no element */
    uint32_t count;
    bool seen; /* with all of them the verdict is the other one */
} Flip;
Flip *reach_flip(const Reach *reach, const NetState *state, Query query);
void flip_free(Flip *flip);

/* What somebody who reviews the network would stop at, from the matrix and a look at the ports of management. */
typedef struct {
    AuditKind kind;
    MatrixRow row; /* one of the pairs of classes for which it holds; a verdict of LISTENER_MISSING got through, too */
} AuditRow;
/* One row for each pair of components (or the internet) and port for which some pair of their classes has it, by kind,
 * then as in the matrix. g_free. `rows` is the matrix in that state. O(rows). */
AuditRow *reach_audit(const Reach *reach, const NetState *state, const MatrixRow *rows, uint32_t row_count,
                      uint32_t *count);

/* A connection that a relay (a proxy, a bastion) opens for the client: the verdict of the connection to the relay,
 * where it listens, if that is not REACH, else of the one from the relay to the server. Any node of the relay will do.
 * *leg: the question that was decided. */
bool reach_relays(const Model *model, ComponentId component);
Verdict reach_through(const Reach *reach, const NetState *state, Query query, ComponentId relay, Query *leg);

/* The same for whole estates, as bits: which classes connect to which at each of several services. The answers are
 * those of reach_verdict, found by parts: ways depend on subnets, rules on components. At 8 services, 9,600
 * units in 1,200 classes take 7 ms, 96,000 in 12,000 take 0.13 s, a changed rule 0.05 and 0.2 ms, a question 14 ns.
 * `state` is borrowed; after rules of one group, entries of one ACL or routes of one table changed in it, the
 * reach_bits_follow of that brings the bits up to date; after any other change make new ones. */
typedef struct {
    Protocol protocol;
    uint16_t port;
} Service;
typedef struct ReachBits ReachBits;
ReachBits *reach_bits_new(const Reach *reach, const NetState *state, const Service *services, uint32_t count);
void reach_bits_free(ReachBits *bits);
bool reach_bits_connect(const ReachBits *bits, uint32_t service, ClassId from, ClassId to);
void reach_bits_follow(ReachBits *bits, uint32_t group);
void reach_bits_follow_acl(ReachBits *bits, uint32_t acl);
void reach_bits_follow_table(ReachBits *bits, uint32_t table);

/* "site[us-east-1].lb"; "site[us-east-1].lb in us-east-1a" when its units are in several zones, with the subnet's name
 * when they are in several subnets of that zone; "internet". Allocated. */
char *reach_class_name(const Reach *reach, ClassId id);

/* The units that every way from the populations to `target` must pass, by the steps of flows that are reachable now:
 * its single points of failure (dominators). Name servers on the flow count; populations do not; a component with
 * several units in one place counts none of them. All units that there can be are taken to be there. Sorted; g_free;
 * NULL when there are none. */
uint32_t reach_single_points(const Reach *reach, const NetState *state, ComponentId target, uint32_t **units);
/* The same, where reaching any one of the targets will do: the copies of a component. */
uint32_t reach_single_points_of(const Reach *reach, const NetState *state, const ComponentId *targets, uint32_t count,
                                uint32_t **units);

/* The fewest units whose loss parts every population from all of the targets: a minimum cut, the one nearest to the
 * users. As many ways that share no unit lead there (Menger). Sorted; g_free. 0 when nobody gets there as it is. */
uint32_t reach_minimum_cut(const Reach *reach, const NetState *state, const ComponentId *targets, uint32_t count,
                           uint32_t **units);

/* Chains of connections, whoever means them: from a component (NO_COMPONENT: the internet) to one that it can connect
 * to at a port where that listens, and on from there, as somebody who took one after the other would go. Populations
 * and name services are no stepping stones. O(components^2) verdicts a call. */
typedef struct {
    ComponentId *steps; /* from the first to the last; NO_COMPONENT: the internet */
    uint32_t count;
} ReachChain;
/* Up to `most` shortest, by length, then by names. */
uint32_t reach_chains(const Reach *reach, const NetState *state, ComponentId from, ComponentId to, uint32_t most,
                      ReachChain **chains);
void reach_chains_free(ReachChain *chains, uint32_t count);
/* The components that every chain passes, without its two ends; sorted; g_free. */
uint32_t reach_choke_points(const Reach *reach, const NetState *state, ComponentId from, ComponentId to,
                            ComponentId **points);
/* Is there a chain that neither steps on any of `via` nor is carried by it (a gateway or an appliance on the way)? The
 * internet is an end of it or no part of it. `last` says the protocol and port of the last connection. *chain: the
 * shortest; g_free its steps. */
bool reach_chain_beside(const Reach *reach, const NetState *state, ComponentId from, ComponentId to, Query last,
                        const ComponentId *via, uint32_t via_count, ReachChain *chain);
/* How many chains there are that share no stepping stone. */
uint32_t reach_disjoint_chains(const Reach *reach, const NetState *state, ComponentId from, ComponentId to);

#endif
