/* controls.h - what decides about packets: security groups, ACLs, route tables, as model.h holds it. */
#ifndef FAULTLINE_MODEL_CONTROLS_H
#define FAULTLINE_MODEL_CONTROLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "contract/request.h"
#include "net/ports.h"
#include "net/prefix.h"

typedef enum { PEER_CIDR, PEER_GROUP, PEER_INTERNET, PEER_ANY } PeerKind;

typedef struct {
    PeerKind kind;
    Prefix cidr;      /* PEER_CIDR */
    uint32_t *groups; /* PEER_GROUP: security groups named (several when the name means several copies); count below */
    uint32_t group_count;
} Peer;

typedef struct {
    Peer peer;
    PortSet ports;    /* protocol and ports */
    uint32_t element; /* its number in `elements`, for verdicts */
    Mark mark;
} Rule;

typedef struct {
    const char *name; /* "site[us-east-1].web" */
    uint32_t network;
    Rule *inbound, *outbound;
    uint32_t inbound_count, outbound_count;
    uint32_t element; /* the group itself: decides when no rule matches */
    Mark mark;
} SecurityGroup;

typedef enum {
    ROUTE_LOCAL,
    ROUTE_INTERNET_GATEWAY,
    ROUTE_BLACKHOLE,
    ROUTE_EGRESS_ONLY,     /* IPv6 out, and answers */
    ROUTE_INTERFACE,       /* via: a component with interfaces */
    ROUTE_ENDPOINT,        /* via: index in endpoints */
    ROUTE_PRIVATE_GATEWAY, /* the network's own, which chooses the line; via: the line that taught it, or NO_JOIN */
    ROUTE_JOIN             /* via: index in joins: a peering, a hub; in a site: a line */
} RouteTarget;
typedef struct {
    Prefix to;
    RouteTarget target;
    uint32_t element;
    Mark mark;
    uint32_t via;    /* in the table that target names */
    bool system;     /* the provider's own: loses to any other of the same length (azure) */
    bool propagated; /* learnt, not written: loses to a written one of the same length, and always to local */
    bool from_list;  /* of a prefix list: loses to a single range of the same length, beats what was learnt */
} Route;
typedef struct {
    const char *name;
    uint32_t network;
    Route *routes; /* longest prefix first */
    uint32_t route_count;
    uint32_t element; /* the table itself: decides when no entry matches */
    Mark mark;
} RouteTable;

/* A subnet's list, asked only when traffic enters or leaves the subnet; stateless; the lowest number that matches
 * decides, and when none does the answer is no. */
typedef struct {
    uint32_t number; /* 1..32766 */
    bool allow;
    Prefix cidr;   /* of the other side; family 0: any address */
    PortSet ports; /* of the packet's destination: replies go to the client's port */
    uint32_t element;
    Mark mark;
} AclRule;
typedef struct {
    const char *name;
    uint32_t network;
    AclRule *inbound, *outbound; /* ascending numbers */
    uint32_t inbound_count, outbound_count;
    uint32_t element; /* the list itself (rule "*"): decides when no rule matches */
    Mark mark;
} Acl;

/* Everything that can decide a verdict, for printing: "security group site[us-east-1].db inbound rule 1". Element 0 is
 * "nothing". */
typedef struct {
    const char *text;
    Mark mark;
} Element;

#endif
