/* twin.h - who reaches whom, followed packet by packet on plain addresses: the slow twins of reach/.
 *
 * Written from the documented rules alone and sharing no code with sim/reach: no classes, no sets, no ranges of
 * headers. Every interface has a number for an address, a packet has two of them and two ports, each port that a client
 * may use is tried by itself, and every gateway does to the packet what its manual says. twin_aws.c and twin_azure.c
 * each know one provider; what both need is here. */
#ifndef FAULTLINE_TESTS_REACH_TWIN_H
#define FAULTLINE_TESTS_REACH_TWIN_H

#include "model/model.h"
#include "reach/reach.h"

enum { TWIN_TRANSLATIONS = 6, TWIN_INSPECTED = 16, TWIN_HUBS = 8, TWIN_STEPS = 160 };

/* What differs from the model; all but the model may be NULL. */
typedef struct {
    const Model *model;
    const bool *down;                 /* by place */
    const bool *unit_down, *unheeded; /* by unit; unheeded: dead, and nobody has found out yet */
    const bool *isolated;             /* by component */
    const uint16_t *ports;            /* client ports to try, ascending */
    uint32_t port_count;
} Twin;

/* An end: a component's interface in a subnet (NO_PLACE: elsewhere); NO_COMPONENT: somebody on the internet. */
typedef struct {
    ComponentId component;
    PlaceId subnet;
} TwinEnd;

/* One packet there and one back. */
typedef struct {
    const Twin *twin;
    const Model *model;
    Query query;
    TwinEnd client, server;
    uint8_t family;
    Address source, target; /* of the packet as it is now */
    uint16_t source_port, target_port, translated_port;
    bool reply, unrecognised; /* unrecognised: came through something that hides who sent it */
    uint32_t steps, depth;
    struct Translation {
        uint32_t by; /* a number of the translator */
        Address inner, outer, far;
        uint16_t inner_port;
    } translations[TWIN_TRANSLATIONS];
    uint32_t translation_count;
    UnitId seen[TWIN_INSPECTED], seen_back[TWIN_INSPECTED]; /* stateful appliances */
    uint32_t seen_count, seen_back_count;
    struct HubZone {
        uint32_t hub, attachment;
        PlaceId zone;
    } hub_zones[TWIN_HUBS];
    uint32_t hub_zone_count;
    uint32_t endpoint;       /* 1 + the gateway endpoint that the request went by */
    TwinEnd door;            /* interface endpoint that the request went by; NO_COMPONENT: none */
    uint32_t egress_network; /* 1 + the network whose egress-only gateway it left by */
    PlaceId from_zone;       /* where it last stood */
    bool publicly;           /* azure: it was addressed to the server's public address */
    bool addressless;        /* the server has no address that the client could use */
    Verdict verdict;
} Journey;

/* ---- what both twins ask ---- */
bool twin_fail(Journey *j, VerdictKind kind, const char *code, uint32_t element, PlaceId at);
bool twin_in_range(const Prefix *range, uint8_t family, Address address);
bool twin_ports_hold(const PortSet *set, Protocol protocol, uint16_t port);
bool twin_is_private(uint8_t family, Address address);
/* A place and all around it are up. */
bool twin_stand(Journey *j, PlaceId place);
bool twin_not_isolated(Journey *j, ComponentId component, PlaceId at);
/* The end that sends this packet, which works and may send; an endpoint begins no connections. */
bool twin_begins(Journey *j, TwinEnd *from);
bool twin_unit_up(Journey *j, UnitId unit, PlaceId at);

bool twin_in_subnet(const Model *model, TwinEnd end);
bool twin_is_site(const Model *model, ComponentId component);
bool twin_is_service(const Model *model, ComponentId component);
const Site *twin_site_of(const Model *model, ComponentId component);
Address twin_private(const Model *model, uint8_t family, TwinEnd end);
Address twin_public(const Model *model, uint8_t family, TwinEnd end);
Address twin_border(uint32_t site);
extern const char twin_addressless[]; /* a code: nothing but REACH would be wrong */
#define TWIN_ANYBODY ((Address)0xc6120001)
/* The interface with that private address, or {NO_COMPONENT}. */
TwinEnd twin_owner(const Model *model, uint8_t family, Address address);
TwinEnd twin_public_owner(const Model *model, uint8_t family, Address address);
PlaceId twin_subnet_of(const Model *model, uint32_t network, uint8_t family, Address address);
PlaceId twin_zone_of(const Model *model, PlaceId place);
/* The unit of a component in that zone, or else its first one. */
UnitId twin_unit_near(const Model *model, ComponentId component, PlaceId zone);

/* What is asked about `any` is asked about many packets: the filter must pass them all. Of those it stops, the one that
 * the earliest element stops is told. */
typedef bool (*TwinFilter)(Journey *j, const void *at, bool inbound);
bool twin_every_packet(Journey *j, TwinFilter filter, const void *at, bool inbound);

/* Lines: not known to be dead; the tunnel that they use. */
bool twin_line_known(const Journey *j, const Join *line);
bool twin_line_carries(Journey *j, const Join *line, PlaceId at);
/* Are the two networks joined by anything that leads from one to the other? */
bool twin_joined(const Model *model, uint32_t a, uint32_t b);

/* Both ways for every port of the client; `one_way` moves the packet from one end to the other. */
typedef bool (*TwinWay)(Journey *j);
Verdict twin_verdict(const Twin *twin, TwinEnd from, TwinEnd to, Query query, uint8_t family, bool (*begin)(Journey *j),
                     TwinWay one_way);

Verdict twin_aws_verdict(const Twin *twin, TwinEnd from, TwinEnd to, Query query);
Verdict twin_azure_verdict(const Twin *twin, TwinEnd from, TwinEnd to, Query query);

#endif
