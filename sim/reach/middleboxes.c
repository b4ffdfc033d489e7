/* middleboxes.c - interfaces that pass packets on: NAT gateways, appliances, endpoints of services.
 *
 * An appliance may send packets on under its own address, as Azure Firewall does with those to public addresses: "Azure
 * Firewall SNAT private IP address ranges".
 *
 * What remembers connections knows only those that it has seen: an answer that comes to it and was not asked through it
 * is dropped, and so is an exchange of which it sees one direction only (pitfall P-28). */
#include "base/bug.h"
#include "reach/gateways.h"

/* ---- interfaces ----------------------------------------------------------------------------------------------------
 */
uint32_t interface_in(const Reach *reach, ComponentId component, PlaceId place) {
    PlaceId zone = place != NO_PLACE ? reach->model->places[place].parent : NO_PLACE;
    uint32_t first = reach->first_class[component];
    BUG_IF(first == reach->class_count || reach->parties[first].network == NO_NETWORK, "no interface in any subnet");
    for (uint32_t i = first; class_is_of(reach, i, component); i++)
        if (reach->parties[i].place == place)
            return i;
    for (uint32_t i = first; class_is_of(reach, i, component); i++)
        if (reach->model->places[reach->parties[i].place].parent == zone)
            return i;
    return first;
}

static bool is_down(const Walk *walk, const Party *party) {
    return party->unit != NO_UNIT && netstate_unit_is_down(walk->state, party->unit);
}

/* ---- NAT gateways --------------------------------------------------------------------------------------------------
 */
bool nat_push(Walk *walk, uint32_t nat, bool public_side) {
    if (walk->nat_count == WALK_NATS_MOST)
        return false;
    walk->nats[walk->nat_count].party = nat;
    walk->nats[walk->nat_count++].hidden = walk->packet.from;
    walk->nat = nat;
    walk->packet.from = (Host){nat, public_side};
    return true;
}

/* An answer is known by the last translation that is left: it is addressed to who made it. */
bool nat_pop(Walk *walk, uint32_t nat) {
    Packet *packet = &walk->packet;
    if (walk->nat_left == 0 || packet->to.party != nat)
        return false;
    packet->to = walk->nats[--walk->nat_left].hidden;
    packet->first = walk->nat_left > 0 ? NAT_FIRST : walk->client_first;
    packet->last = walk->nat_left > 0 ? NAT_LAST : walk->client_last;
    return true;
}

/* Hides who sends, and lets in only what answers a connection that it has seen. Only for interfaces of its own network:
 * what came in through a peering or a line cannot use it. */
static Spot enter_nat(Walk *walk, const Party *gateway) {
    const Packet *packet = &walk->packet;
    uint32_t nat = walk->spot.id;
    bool addressed = packet->to.party == nat && !packet->to.public_side;
    bool icmp = packet->protocol == PROTOCOL_ICMP && walk->reach->rules[gateway->network]->nat_passes_icmp;
    if (packet->protocol != PROTOCOL_TCP && packet->protocol != PROTOCOL_UDP && !icmp)
        return walk_stop(walk, VERDICT_DENY, "PROTOCOL_RESTRICTION", gateway->element, gateway->place);
    if (walk->reply ? packet->to.public_side || !nat_pop(walk, nat) : addressed)
        return walk_stop(walk, VERDICT_DENY, "NAT_NO_SESSION", gateway->element, gateway->place);
    if (!walk->reply && walk->foreign)
        return walk_stop(walk, VERDICT_DENY, "NGW_REQUIRES_SOURCE_IN_VPC", gateway->element, gateway->place);
    if (!walk->reply && !nat_push(walk, nat, false))
        return walk_stop(walk, VERDICT_BLACKHOLE, "ROUTING_LOOP", gateway->element, gateway->place);
    walk_hop(walk, walk->reply ? HOP_RESTORE : HOP_TRANSLATE, gateway->element, nat);
    return spot_at(SPOT_LEAVE_HOST, nat);
}

/* ---- appliances ----------------------------------------------------------------------------------------------------
 */
static uint32_t seen_find(const Walk *walk, uint32_t party) {
    uint32_t i = 0;
    while (i < walk->seen_count && walk->seen[i] != party)
        i++;
    return i;
}

/* False: it does not know the connection, and drops the packet. */
static bool appliance_remembers(Walk *walk, uint32_t id) {
    uint32_t i = seen_find(walk, id);
    if (walk->reply) {
        walk->seen_back |= i < walk->seen_count ? 1u << i : 0;
        return i < walk->seen_count;
    }
    if (i == walk->seen_count && i < WALK_SEEN_MOST)
        walk->seen[walk->seen_count++] = id;
    return true;
}

static Spot appliance_leave(Walk *walk, const Party *appliance) {
    Host to = walk->packet.to;
    bool near = !to.public_side && walk_party(walk, to.party)->place == appliance->place &&
                !walk->reach->rules[appliance->network]->filters_within;
    return near ? spot_at(SPOT_ENTER_HOST, to.party) : spot_at(SPOT_LEAVE_SUBNET, walk->spot.id);
}

/* What it sends on under its own address. Where routes then lead decides which of its addresses that is: the private
 * one, or at the network's way out to the internet the public one. */
static bool appliance_hides(const Walk *walk, const Party *appliance) {
    if (walk->reply || walk->packet.family == 6 || appliance->facts.hides == HIDES_NOBODY)
        return false;
    bool public_target = walk->packet.to.public_side || !prefix_is_private(walk_address(walk, walk->packet.to));
    return appliance->facts.hides == HIDES_EVERYBODY || public_target;
}

static Spot enter_appliance(Walk *walk, const Party *appliance) {
    const ProviderRules *rules = walk->reach->rules[appliance->network];
    uint32_t id = walk->spot.id, element;
    walk->middlebox = walk->appliance = true;
    walk->foreign = false; /* goes on from an interface of the network */
    if (is_down(walk, appliance) && !appliance->facts.bypassed)
        return walk_stop(walk, VERDICT_NO_PATH, "BAD_STATE", appliance->element, appliance->place);
    if (is_down(walk, appliance)) {
        walk_hop(walk, HOP_BYPASS, appliance->element, id);
        return appliance_leave(walk, appliance);
    }
    if (!walk->reply && rules->passes != NULL && !rules->passes(walk, appliance, &element))
        return walk_stop(walk, VERDICT_DENY, "ENI_SG_RULES_MISMATCH", element, appliance->place);
    if (!appliance->facts.stateless && !appliance_remembers(walk, id))
        return walk_stop(walk, VERDICT_DENY, "ASYMMETRIC_ROUTE", appliance->element, appliance->place);
    walk_hop(walk, HOP_APPLIANCE, appliance->element, id);
    if (appliance_hides(walk, appliance)) {
        if (!nat_push(walk, id, false))
            return walk_stop(walk, VERDICT_BLACKHOLE, "ROUTING_LOOP", appliance->element, appliance->place);
        walk_hop(walk, HOP_TRANSLATE, appliance->element, id);
    }
    return appliance_leave(walk, appliance);
}

/* At its own address: an answer to what it hid goes on; its public one is where others are known by, and nobody but
 * those it has hidden is let in by it. */
static Spot appliance_addressed(Walk *walk, const Party *appliance) {
    uint32_t id = walk->spot.id;
    if (nat_pop(walk, id)) {
        walk_hop(walk, HOP_RESTORE, appliance->element, id);
        return enter_appliance(walk, appliance);
    }
    if (!walk->reply && walk->server != id)
        return walk_stop(walk, VERDICT_DENY, "NAT_NO_SESSION", appliance->element, appliance->place);
    return walk_deliver(walk);
}

bool middleboxes_end(Walk *walk) {
    for (uint32_t i = 0; i < walk->seen_count; i++) {
        if (walk->seen_back >> i & 1)
            continue;
        const Party *missed = walk_party(walk, walk->seen[i]);
        walk->spot = walk_stop(walk, VERDICT_DENY, "ASYMMETRIC_ROUTE", missed->element, missed->place);
        return false;
    }
    return true;
}

/* ---- endpoints -----------------------------------------------------------------------------------------------------
 */
/* Its interface has been reached; the rest of the way is the provider's. */
static Spot enter_endpoint(Walk *walk, const Party *endpoint) {
    const Model *model = walk->reach->model;
    if (is_down(walk, endpoint))
        return walk_stop(walk, VERDICT_NO_PATH, "BAD_STATE", endpoint->element, endpoint->place);
    if (walk->service == NO_PARTY)
        return walk_deliver(walk);
    const Party *service = walk_party(walk, walk->service);
    PlaceId dark = netstate_dark(walk->state, service->place);
    if (dark != NO_PLACE)
        return walk_stop(walk, VERDICT_NO_PATH, "BAD_STATE", model->places[dark].element, dark);
    if (walk->state->isolated[service->id])
        return walk_stop(walk, VERDICT_DENY, "ISOLATED", service->element, service->place);
    walk_hop(walk, HOP_ENDPOINT, endpoint->element, endpoint->id);
    return walk_deliver(walk);
}

Spot gateways_enter(Walk *walk) {
    const Party *party = walk_party(walk, walk->spot.id);
    Host to = walk->packet.to;
    bool ends_here = to.party == walk->spot.id && !to.public_side;
    if (ends_here && walk->unfiltered && party->kind != PARTY_APPLIANCE)
        return walk_deliver(walk);
    switch (party->kind) {
    case PARTY_NAT:
        if (is_down(walk, party))
            return walk_stop(walk, VERDICT_NO_PATH, "BAD_STATE", party->element, party->place);
        return enter_nat(walk, party);
    case PARTY_APPLIANCE: return ends_here ? appliance_addressed(walk, party) : enter_appliance(walk, party);
    case PARTY_ENDPOINT: return enter_endpoint(walk, party);
    default: break;
    }
    BUG_IF(true, "nothing that passes packets on");
    return walk_deliver(walk);
}
