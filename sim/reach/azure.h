/* azure.h - what the files azure*.c of reach/ share (private to them).
 *
 * Order (semantics B.0, B.5): out of an interface its own group, then the subnet's; into it the subnet's, then its own;
 * rules of the network manager before either. Both are asked within a subnet, too. What was let through one way is
 * remembered, so answers are not asked about. Addresses are private ones: before translation on the way out, after it
 * on the way in. */
#ifndef FAULTLINE_REACH_AZURE_H
#define FAULTLINE_REACH_AZURE_H

#include "reach/walk.h"

/* ---- azure_rules.c ---- */
/* The filters of an interface, and the one that decides; `next` when the packet passes. */
Spot azure_filter(Walk *walk, uint32_t party, bool inbound, Spot next);
/* Whether one side of a packet is one of those that a rule in front of `own` names; none named: any is. */
bool azure_side_matches(const Walk *walk, const Party *own, const NsgPeer *peers, uint32_t count, Host host);
/* Names are answered by the host, at 168.63.129.16: nothing but a rule by its tag holds them up. True: it has. */
bool azure_names_stop(Walk *walk, const Party *asker);

/* ---- azure_bits.c ---- */
/* ProviderRules.lets: neither for "all traffic", nor for what a way translates. O(rules x subnets). */
void azure_lets(const ReachBits *bits, ClassId own, uint32_t other, uint32_t service, uint8_t family, bool inbound,
                uint64_t *out);

/* ---- azure_routes.c ---- */
/* The entry that decides, or NULL. At the same prefix written routes beat learnt ones, and those the provider's own;
 * its own for the network and for peers are preferred to learnt ones that are more specific
 * (virtual-networks-udr-overview, "How Azure selects a route"). O(entries that match x entries). */
const Route *azure_route_find(const Reach *reach, const NetState *state, const RouteTable *table,
                              const Prefix *address);
/* Active or, as Azure says, invalid: another entry of the same prefix is used. */
bool azure_route_is_active(const Reach *reach, const NetState *state, const RouteTable *table, const Route *route);

/* ---- azure_services.c ---- */
/* The endpoint of a classic service for a port from outside: the port inside in *inside. False: a denial, with its
 * code and element. */
bool azure_endpoint_opens(const Walk *walk, const ClassicService *service, uint16_t *inside, const char **code,
                          uint32_t *element);
/* Whether the subnet calls that service by a service endpoint. */
bool azure_calls_directly(const Walk *walk, const Party *from, const Party *to);

static inline const AzureSubnet *azure_subnet(const Walk *walk, const Party *party) {
    return &walk->reach->model->azure.subnets[party->place];
}
static inline const AzureComponent *azure_component(const Walk *walk, const Party *party) {
    static const AzureComponent plain = {0};
    return party->id != NO_COMPONENT ? &walk->reach->model->azure.components[party->id] : &plain;
}

#endif
