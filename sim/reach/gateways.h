/* gateways.h - steps through what joins networks to each other, to sites and to services (private to reach/).
 *
 * They are the same for every provider: a provider's table of steps names its own where they differ, and the driver
 * falls back to these. A provider's router hands routes that lead to gateways to gateways_route; its step at an
 * interface hands interfaces that pass packets on to gateways_enter. Sources: semantics B.3, B.6. */
#ifndef FAULTLINE_REACH_GATEWAYS_H
#define FAULTLINE_REACH_GATEWAYS_H

#include "reach/walk.h"

/* ---- gateways.c ---- */
/* Where a route leads that leaves the subnet of `party` by an interface, an endpoint, a private gateway or a join. */
Spot gateways_route(Walk *walk, const Party *party, const Route *route);
/* Peerings, private gateways and lines, gateway endpoints. */
bool gateways_is_down(const Walk *walk, ComponentId component);
Spot gateways_peering(Walk *walk);
Spot gateways_private_out(Walk *walk);
Spot gateways_line(Walk *walk);
Spot gateways_private_in(Walk *walk);
Spot gateways_endpoint(Walk *walk);
/* A packet that has come into a network through one of its gateways: to its target, or where the network's ingress
 * table leads it. */
Spot gateways_arrive(Walk *walk, uint32_t network);

/* ---- lines.c ---- */
/* The best line of those that end at that network (its private gateway) and know the address, or of those that have
 * been withdrawn and knew it; NO_JOIN: none. */
uint32_t lines_choose(const Walk *walk, uint32_t network, const Prefix *address, bool withdrawn);
/* Whether its ends have found all of its units down, and withdrawn what they knew. */
bool line_is_withdrawn(const NetState *state, const Join *line);
/* Whether what is sent into it now is lost. */
bool line_is_dead(const NetState *state, const Join *line);

/* ---- transit.c ---- */
Spot hubs_cross(Walk *walk);
/* The packet comes to the hub by the attachment of a network or of a join. */
Spot hubs_from_network(Walk *walk, uint32_t hub, const Party *party);
Spot hubs_from_join(Walk *walk, uint32_t hub, uint32_t join);

/* ---- middleboxes.c ---- */
/* At the interface of a NAT gateway, an appliance or an endpoint (gateways_passes). */
Spot gateways_enter(Walk *walk);
/* On the way back everything that remembers has to be passed again. False: it has stopped. */
bool middleboxes_end(Walk *walk);
static inline bool gateways_passes(const Party *party) {
    return party->kind == PARTY_NAT || party->kind == PARTY_APPLIANCE || party->kind == PARTY_ENDPOINT;
}
/* The interface that the zone of `place` uses of a component that has some: its own zone's, else the first. */
uint32_t interface_in(const Reach *reach, ComponentId component, PlaceId place);
/* A translation is put on top of those before it; *fits is false when there are too many. */
bool nat_push(Walk *walk, uint32_t nat, bool public_side);
bool nat_pop(Walk *walk, uint32_t nat);

#endif
