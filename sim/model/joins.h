/* joins.h - what joins networks to each other, to sites and to a provider's services, as model.h holds it.
 *
 * A Join is a component under `connections:` (one for each copy that it joins). An Endpoint is a component of a stack
 * through which a provider's service is reached without the internet. Both tables are sorted by component, so by name.
 * Units of these components can fail like any others: `fail: link`, `fail: vpn/0`. */
#ifndef FAULTLINE_MODEL_JOINS_H
#define FAULTLINE_MODEL_JOINS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "contract/kind.h"
#include "model/controls.h"
#include "net/prefix.h"

#define NO_JOIN UINT32_MAX

/* Who learns or writes what in the table of a hub. */
typedef enum { HUB_STATIC, HUB_NETWORK, HUB_DIRECT, HUB_LEARNT } HubOrigin; /* the first wins at equal length */
typedef struct {
    Prefix to;
    HubOrigin origin;
    uint32_t attachment; /* of the hub; NO_JOIN: dropped (a blackhole) */
    uint32_t element;
    Mark mark;
} HubRoute;
typedef struct {
    const char *name; /* "hub.spokes" */
    HubRoute *routes; /* longest prefix first */
    uint32_t route_count;
    uint32_t element; /* the table itself: decides when no entry matches */
} HubTable;

typedef struct {
    uint32_t network; /* of a stack; or NO_JOIN */
    uint32_t line;    /* index in joins of the line or peering at whose other end the packet comes out; or NO_JOIN */
    uint32_t table;   /* that packets from here are looked up in: index in tables; NO_JOIN: associated with none */
    PlaceId *zones;   /* network: where it has an interface, sorted */
    PlaceId *subnets; /* network: beside zones; the subnet of that interface, or NO_PLACE when none was named */
    uint32_t zone_count;
    bool appliance_mode; /* both directions of a connection enter the network in the same zone */
    uint32_t element;
} HubAttachment;

typedef struct {
    ComponentId component;
    JoinShape shape;
    PassageFacts facts;
    uint32_t element;
    /* JOIN_PEERING, JOIN_LINE: networks, the site's last; NO_JOIN where the end is a hub */
    uint32_t a, b;
    uint32_t hub_a, hub_b; /* joins; or NO_JOIN */
    Prefix *to_a, *to_b;   /* JOIN_LINE: ranges that are known to lie at its end a, b */
    uint32_t to_a_count, to_b_count;
    /* JOIN_HUB */
    HubAttachment *attachments;
    uint32_t attachment_count;
    HubTable *tables;
    uint32_t table_count;
    /* JOIN_OVERLAY */
    ComponentId *nodes; /* machines that carry, as written: the first that can be used is */
    uint32_t node_count;
    ComponentId *members; /* machines on which an agent runs, nodes too; sorted */
    uint32_t member_count;
} Join;

typedef struct {
    ComponentId component;
    uint32_t network;
    PassageFacts facts;
    ComponentId *services; /* the components that it leads to, in its own region; sorted */
    uint32_t service_count;
    bool by_route; /* reached by a route (ATTACH_NETWORK), not by an interface */
} Endpoint;

/* A place on premises: a Network whose provider is PROVIDER_SITE, with one flat range and a border. */
#define PROVIDER_SITE "on_premises"
#define NO_SITE UINT32_MAX
#define NO_TABLE UINT32_MAX
typedef struct {
    const char *name;
    PlaceId place;    /* PLACE_OUTSIDE of its own, of the same name */
    uint32_t network; /* whose region is that place */
    bool internet;    /* has its own way to the internet, behind NAT */
    uint32_t table;   /* index in route_tables */
    /* What the firewall at its border lets in and out, of both lines and internet; it remembers connections. */
    bool filters_inbound, filters_outbound; /* false: everything passes */
    Rule *inbound, *outbound;               /* PEER_CIDR, PEER_INTERNET, PEER_ANY */
    uint32_t inbound_count, outbound_count;
    uint32_t element; /* the border: decides when no rule matches */
    Mark mark;
} Site;

#endif
