/* transit.c - transit gateways: the table of the attachment a packet comes by says which attachment it leaves by. */
#include "reach/gateways.h"

static uint32_t attachment_of(const Join *hub, uint32_t network, uint32_t join) {
    for (uint32_t a = 0; a < hub->attachment_count; a++)
        if (hub->attachments[a].network == network && hub->attachments[a].line == join)
            return a;
    return NO_JOIN;
}

static PlaceId region_of(const Walk *walk, const Join *hub) {
    return walk->reach->model->components[hub->component].place;
}

static uint32_t zone_index(const HubAttachment *attachment, PlaceId zone) {
    uint32_t z = 0;
    while (z < attachment->zone_count && attachment->zones[z] != zone)
        z++;
    return z;
}

static PlaceId zone_of(const Walk *walk, PlaceId place) {
    return place == NO_PLACE ? NO_PLACE : model_enclosing(walk->reach->model, place, PLACE_ZONE);
}

/* A zone without an interface of the attachment cannot use the hub (pitfall P-25). */
Spot hubs_from_network(Walk *walk, uint32_t id, const Party *party) {
    const Join *hub = &walk->reach->model->joins[id];
    uint32_t a = attachment_of(hub, party->network, NO_JOIN);
    if (a == NO_JOIN)
        return walk_stop(walk, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", hub->element, party->place);
    const HubAttachment *attachment = &hub->attachments[a];
    PlaceId zone = zone_of(walk, party->place);
    if (zone != NO_PLACE && zone_index(attachment, zone) == attachment->zone_count)
        return walk_stop(walk, VERDICT_NO_ROUTE, "TGW_ROUTE_AZ_RESTRICTION", attachment->element, party->place);
    walk->attachment = a;
    return spot_at(SPOT_HUB, id);
}

Spot hubs_from_join(Walk *walk, uint32_t id, uint32_t join) {
    walk->attachment = attachment_of(&walk->reach->model->joins[id], NO_JOIN, join);
    walk->network = NO_NETWORK;
    return spot_at(SPOT_HUB, id);
}

/* Whether what the attachment taught the tables still holds. */
static bool is_withdrawn(const Walk *walk, const Join *hub, const HubRoute *route) {
    if (route->origin == HUB_STATIC || route->attachment == NO_JOIN)
        return false;
    uint32_t line = hub->attachments[route->attachment].line;
    return line != NO_JOIN && line_is_withdrawn(walk->state, &walk->reach->model->joins[line]);
}

/* Sorted: the longest prefix first, and at equal length written before learnt (B.3). */
static const HubRoute *table_find(const Walk *walk, const Join *hub, const HubTable *table, const Prefix *address) {
    for (uint32_t i = 0; i < table->route_count; i++)
        if (prefix_contains(&table->routes[i].to, address) && !is_withdrawn(walk, hub, &table->routes[i]))
            return &table->routes[i];
    return NULL;
}

/* ---- leaving the hub -----------------------------------------------------------------------------------------------
 */
/* The first zone of the attachment that is up, or the first of all. */
static uint32_t zone_up(const Walk *walk, const HubAttachment *attachment) {
    for (uint32_t z = 0; z < attachment->zone_count; z++)
        if (netstate_dark(walk->state, attachment->zones[z]) == NO_PLACE)
            return z;
    return 0;
}

/* By the zone that the packet comes from, if the attachment has an interface there; in appliance mode by the same as in
 * the other direction. What comes by a line is of no zone, and enters by the first that is up. */
static uint32_t zone_choose(Walk *walk, uint32_t hub, uint32_t a, const HubAttachment *attachment) {
    const HubAttachment *from = &walk->reach->model->joins[hub].attachments[walk->attachment];
    PlaceId zone = from->line != NO_JOIN ? NO_PLACE : zone_of(walk, walk->interface);
    for (uint32_t i = 0; i < walk->kept_count; i++)
        if (walk->kept[i].hub == hub && walk->kept[i].attachment == a)
            return zone_index(attachment, walk->kept[i].zone);
    uint32_t z = zone_index(attachment, zone);
    if (z == attachment->zone_count)
        z = zone_up(walk, attachment);
    if (attachment->appliance_mode && walk->kept_count < WALK_KEPT_MOST) {
        walk->kept[walk->kept_count].hub = hub;
        walk->kept[walk->kept_count].attachment = a;
        walk->kept[walk->kept_count++].zone = attachment->zones[z];
    }
    return z;
}

/* The table of the attachment's own subnet leads on, where one was named; else the network delivers. */
static Spot into_network(Walk *walk, uint32_t id, uint32_t a, const HubAttachment *attachment) {
    const Model *model = walk->reach->model;
    Host to = walk->packet.to;
    bool bound = !to.public_side && walk_party(walk, to.party)->network == attachment->network;
    const Network *network = &model->networks[attachment->network];
    PlaceId subnet = attachment->zone_count > 0 ? attachment->subnets[zone_choose(walk, id, a, attachment)] : NO_PLACE;
    if (subnet == NO_PLACE && !bound)
        return walk_stop(walk, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", attachment->element, network->region);
    if (subnet == NO_PLACE)
        return spot_at(SPOT_ENTER_SUBNET, to.party);
    PlaceId dark = netstate_dark(walk->state, subnet);
    if (dark != NO_PLACE)
        return walk_stop(walk, VERDICT_NO_PATH, "BAD_STATE", model->places[dark].element, dark);
    walk->network = attachment->network;
    Party inner = {.kind = PARTY_INSIDE,
                   .id = NO_COMPONENT,
                   .place = subnet,
                   .network = attachment->network,
                   .routes = &model->route_tables[model->places[subnet].route_table],
                   .unit = NO_UNIT,
                   .exit = NO_PARTY};
    walk->interface = subnet;
    return walk_route_from(walk, &inner, walk->packet.to.party);
}

static Spot into_line(Walk *walk, uint32_t hub, uint32_t join) {
    const Model *model = walk->reach->model;
    const Join *line = &model->joins[join];
    walk->network = NO_NETWORK;
    if (line->shape == JOIN_LINE)
        return spot_at(SPOT_LINE, join);
    if (gateways_is_down(walk, line->component))
        return walk_stop(walk, VERDICT_NO_PATH, "BAD_STATE", line->element, model->components[line->component].place);
    walk_hop(walk, HOP_PEERING, line->element, join);
    return hubs_from_join(walk, line->hub_a == hub ? line->hub_b : line->hub_a, join);
}

Spot hubs_cross(Walk *walk) {
    const Model *model = walk->reach->model;
    uint32_t id = walk->spot.id;
    const Join *hub = &model->joins[id];
    PlaceId at = region_of(walk, hub);
    walk->middlebox = true; /* security groups cannot be named across it */
    walk->hub = true;
    if (gateways_is_down(walk, hub->component))
        return walk_stop(walk, VERDICT_NO_PATH, "BAD_STATE", hub->element, at);
    const HubAttachment *from = &hub->attachments[walk->attachment];
    if (from->table == NO_JOIN)
        return walk_stop(walk, VERDICT_NO_ROUTE, "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION", from->element, at);
    const HubTable *table = &hub->tables[from->table];
    const HubRoute *route = table_find(walk, hub, table, walk_address(walk, walk->packet.to));
    if (route == NULL)
        return walk_stop(walk, VERDICT_NO_ROUTE, "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT", table->element, at);
    if (route->attachment == NO_JOIN)
        return walk_stop(walk, VERDICT_BLACKHOLE, "TGW_RTB_BAD_STATE_ROUTE", route->element, at);
    walk_hop(walk, HOP_HUB, route->element, id);
    const HubAttachment *to = &hub->attachments[route->attachment];
    return to->network != NO_JOIN ? into_network(walk, id, route->attachment, to) : into_line(walk, id, to->line);
}
