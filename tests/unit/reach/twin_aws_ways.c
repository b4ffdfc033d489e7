/* twin_aws_ways.c - what stands between subnets: NAT gateways, appliances, peerings, lines, hubs, endpoints, borders of
 * sites. */
#include <glib.h>

#include "contract/kind.h"
#include "tests/unit/reach/twin_aws.h"

/* ---- translation ---------------------------------------------------------------------------------------------------
 */
static void translate(Journey *j, uint32_t by, Address outer) {
    if (j->translation_count == TWIN_TRANSLATIONS)
        return;
    j->translations[j->translation_count++] = (struct Translation){by, j->source, outer, j->target, j->source_port};
    j->source = outer;
    j->source_port = j->translated_port;
}

static bool translate_back(Journey *j, uint32_t by) {
    for (uint32_t i = j->translation_count; j->reply && i > 0; i--) {
        const struct Translation *kept = &j->translations[i - 1];
        if (kept->by != by || kept->outer != j->target || kept->far != j->source ||
            j->target_port != j->translated_port)
            continue;
        j->target = kept->inner;
        j->target_port = kept->inner_port;
        return true;
    }
    return false;
}

bool aws_nat(Journey *j, UnitId nat, bool by_gateway) {
    const Model *model = j->model;
    ComponentId id = model->units[nat].component;
    PlaceId at = model->units[nat].subnet;
    uint32_t element = model->components[id].element;
    Address own = twin_private(model, j->family, (TwinEnd){id, at});
    j->steps++;
    if (!twin_not_isolated(j, id, at) || !twin_unit_up(j, nat, at))
        return false;
    Protocol protocol = j->query.protocol;
    if (protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP && protocol != PROTOCOL_ICMP)
        return twin_fail(j, VERDICT_DENY, "PROTOCOL_RESTRICTION", element, at);
    if (j->reply || j->target == own) {
        if (!translate_back(j, nat))
            return twin_fail(j, VERDICT_DENY, "NAT_NO_SESSION", element, at);
        return aws_from_subnet(j, at);
    }
    if (by_gateway)
        return twin_fail(j, VERDICT_DENY, "NGW_REQUIRES_SOURCE_IN_VPC", element, at);
    translate(j, nat, own);
    return aws_from_subnet(j, at);
}

/* ---- appliances ----------------------------------------------------------------------------------------------------
 */
static bool inspected(Journey *j, UnitId unit, uint32_t element, PlaceId at) {
    bool seen = false;
    j->steps++;
    for (uint32_t i = 0; i < j->seen_count; i++)
        seen = seen || j->seen[i] == unit;
    if (!j->reply && !seen && j->seen_count < TWIN_INSPECTED)
        j->seen[j->seen_count++] = unit;
    if (j->reply && j->seen_back_count < TWIN_INSPECTED)
        j->seen_back[j->seen_back_count++] = unit;
    return !j->reply || seen || twin_fail(j, VERDICT_DENY, "ASYMMETRIC_ROUTE", element, at);
}

static bool appliance(Journey *j, UnitId unit) {
    const Model *model = j->model;
    ComponentId id = model->units[unit].component;
    const Component *component = &model->components[id];
    TwinEnd end = {id, model->units[unit].subnet};
    PassageFacts facts = component->kind->passes(component->spec);
    bool passive = j->twin->unit_down != NULL && j->twin->unit_down[unit] && facts.bypassed;
    if (!twin_not_isolated(j, id, end.subnet) || (!passive && !twin_unit_up(j, unit, end.subnet)))
        return false;
    if (!passive && !facts.stateless && !inspected(j, unit, component->element, end.subnet))
        return false;
    if (!passive && (!aws_groups(j, end, true) || !aws_groups(j, end, false)))
        return false;
    j->unrecognised = true;
    return aws_from_subnet(j, end.subnet);
}

/* subnet NO_PLACE: from a gateway of the network. */
bool aws_interface(Journey *j, PlaceId subnet, const Route *route) {
    const Model *model = j->model;
    UnitId unit = twin_unit_near(model, route->via, j->from_zone);
    PlaceId there = model->units[unit].subnet;
    if (!twin_stand(j, there) || (there != subnet && !aws_acl(j, there, true)))
        return false;
    return model->components[route->via].kind->passage.mode == PASSAGE_TRANSLATES ? aws_nat(j, unit, subnet == NO_PLACE)
                                                                                  : appliance(j, unit);
}

/* ---- peerings ------------------------------------------------------------------------------------------------------
 */
static UnitId first_unit(const Model *model, ComponentId id) { return model->components[id].first_unit; }

bool aws_peering(Journey *j, PlaceId subnet, const Join *peering) {
    const Model *model = j->model;
    uint32_t here = model->places[subnet].network, far = here == peering->a ? peering->b : peering->a;
    const Network *own = &model->networks[here], *other = &model->networks[far];
    bool from = twin_in_range(j->family == 6 ? &own->cidr6 : &own->cidr, j->family, j->source);
    bool to = twin_in_range(j->family == 6 ? &other->cidr6 : &other->cidr, j->family, j->target);
    if (!twin_stand(j, own->region) || (from && !twin_unit_up(j, first_unit(model, peering->component), own->region)))
        return false;
    if (!from || !to)
        return twin_fail(j, VERDICT_NO_ROUTE, "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", peering->element, own->region);
    return aws_into_subnet(j, far);
}

/* ---- lines and private gateways ------------------------------------------------------------------------------------
 */
static int knows(const Journey *j, const Join *line) {
    int longest = -1;
    for (uint32_t i = 0; i < line->to_b_count; i++)
        if (twin_in_range(&line->to_b[i], j->family, j->target) && line->to_b[i].length > longest)
            longest = line->to_b[i].length;
    return longest;
}

static const Join *line_chosen(const Journey *j, uint32_t network, bool known_only) {
    const Join *best = NULL;
    for (uint32_t i = 0; i < j->model->join_count; i++) {
        const Join *line = &j->model->joins[i];
        if (line->shape != JOIN_LINE || line->a != network || knows(j, line) < 0 ||
            (known_only && !twin_line_known(j, line)))
            continue;
        if (best == NULL || knows(j, line) > knows(j, best) ||
            (knows(j, line) == knows(j, best) && line->facts.rank < best->facts.rank))
            best = line;
    }
    return best;
}

static const Site *site_at(const Model *model, uint32_t network) {
    return &model->sites[model->networks[network].site];
}

bool aws_private_gateway(Journey *j, PlaceId subnet) {
    uint32_t id = j->model->places[subnet].network;
    const Network *network = &j->model->networks[id];
    if (!twin_stand(j, network->region))
        return false;
    const Join *line = line_chosen(j, id, true), *dead = line_chosen(j, id, false);
    if (dead == NULL)
        return twin_fail(j, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", network->private_element, network->region);
    if (!twin_line_carries(j, line != NULL ? line : dead, network->region))
        return false;
    return aws_border_in(j, site_at(j->model, line->b), false);
}

static bool private_gateway_in(Journey *j, uint32_t id) {
    const Network *network = &j->model->networks[id];
    if (!twin_stand(j, network->region))
        return false;
    if (!twin_in_range(&network->cidr, j->family, j->target))
        return twin_fail(j, VERDICT_NO_ROUTE, "VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", network->private_element,
                         network->region);
    return aws_through_gateway(j, id);
}

/* ---- hubs ----------------------------------------------------------------------------------------------------------
 */
static bool hub_routed(Journey *j, uint32_t hub, uint32_t attachment, PlaceId zone);

static bool hub_line_known(const Journey *j, const HubAttachment *attachment) {
    return attachment->line == NO_JOIN || j->model->joins[attachment->line].shape != JOIN_LINE ||
           twin_line_known(j, &j->model->joins[attachment->line]);
}

static const HubRoute *hub_lookup(const Journey *j, const Join *hub, const HubTable *table) {
    const HubRoute *best = NULL;
    for (uint32_t i = 0; i < table->route_count; i++) {
        const HubRoute *route = &table->routes[i];
        if (!twin_in_range(&route->to, j->family, j->target))
            continue;
        if (route->origin >= HUB_NETWORK && route->attachment != NO_JOIN &&
            !hub_line_known(j, &hub->attachments[route->attachment]))
            continue;
        if (best == NULL || route->to.length > best->to.length ||
            (route->to.length == best->to.length && route->origin < best->origin))
            best = route;
    }
    return best;
}

static bool lights_on(const Journey *j, PlaceId place) {
    for (; place != NO_PLACE && j->twin->down != NULL; place = j->model->places[place].parent)
        if (j->twin->down[place])
            return false;
    return true;
}

/* In which zone packets come out into the network: that of the sender where there is an interface, or else the first
 * that is up; in appliance mode answers keep to the zone of the request. */
static uint32_t zone_out(Journey *j, uint32_t hub, uint32_t a, PlaceId zone) {
    const HubAttachment *attachment = &j->model->joins[hub].attachments[a];
    for (uint32_t i = 0; attachment->appliance_mode && i < j->hub_zone_count; i++)
        if (j->hub_zones[i].hub == hub && j->hub_zones[i].attachment == a)
            zone = j->hub_zones[i].zone;
    uint32_t chosen = attachment->zone_count;
    for (uint32_t z = attachment->zone_count; z-- > 0;)
        chosen = lights_on(j, attachment->zones[z]) ? z : chosen;
    if (chosen == attachment->zone_count)
        chosen = 0;
    for (uint32_t z = 0; z < attachment->zone_count; z++)
        chosen = attachment->zones[z] == zone ? z : chosen;
    if (!j->reply && j->hub_zone_count < TWIN_HUBS)
        j->hub_zones[j->hub_zone_count++] = (struct HubZone){hub, a, attachment->zones[chosen]};
    return chosen;
}

static bool hub_out(Journey *j, uint32_t hub, uint32_t a, PlaceId zone) {
    const Model *model = j->model;
    const HubAttachment *attachment = &model->joins[hub].attachments[a];
    if (attachment->line != NO_JOIN) {
        const Join *line = &model->joins[attachment->line];
        PlaceId region = model->components[model->joins[hub].component].place;
        if (line->shape == JOIN_LINE)
            return twin_line_carries(j, line, region) && aws_border_in(j, site_at(model, line->b), false);
        uint32_t far = line->hub_a == hub ? line->hub_b : line->hub_a;
        if (!twin_unit_up(j, first_unit(model, line->component), region))
            return false;
        for (uint32_t i = 0; i < model->joins[far].attachment_count; i++)
            if (model->joins[far].attachments[i].line == attachment->line)
                return hub_routed(j, far, i, NO_PLACE);
    }
    j->unrecognised = true;
    uint32_t z = zone_out(j, hub, a, zone);
    PlaceId subnet = attachment->subnets[z];
    if (subnet != NO_PLACE)
        return twin_stand(j, subnet) && aws_routed(j, subnet);
    if (twin_subnet_of(model, attachment->network, j->family, j->target) == NO_PLACE)
        return twin_fail(j, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", attachment->element, NO_PLACE);
    return aws_into_subnet(j, attachment->network);
}

static bool hub_routed(Journey *j, uint32_t hub, uint32_t a, PlaceId zone) {
    const Join *join = &j->model->joins[hub];
    const HubAttachment *attachment = &join->attachments[a];
    PlaceId region = j->model->components[join->component].place;
    if (++j->depth > TWIN_STEPS)
        return twin_fail(j, VERDICT_BLACKHOLE, "ROUTING_LOOP", 0, region);
    if (!twin_stand(j, region) || !twin_unit_up(j, first_unit(j->model, join->component), region))
        return false;
    if (attachment->table == NO_JOIN)
        return twin_fail(j, VERDICT_NO_ROUTE, "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION", attachment->element, region);
    const HubTable *table = &join->tables[attachment->table];
    const HubRoute *route = hub_lookup(j, join, table);
    if (route == NULL)
        return twin_fail(j, VERDICT_NO_ROUTE, "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT", table->element, region);
    if (route->attachment == NO_JOIN)
        return twin_fail(j, VERDICT_BLACKHOLE, "TGW_RTB_BAD_STATE_ROUTE", route->element, region);
    return hub_out(j, hub, route->attachment, zone);
}

bool aws_hub_from_subnet(Journey *j, PlaceId subnet, uint32_t hub) {
    const Join *join = &j->model->joins[hub];
    PlaceId zone = twin_zone_of(j->model, subnet);
    for (uint32_t a = 0; a < join->attachment_count; a++) {
        const HubAttachment *attachment = &join->attachments[a];
        if (attachment->network != j->model->places[subnet].network)
            continue;
        bool here = false;
        for (uint32_t z = 0; z < attachment->zone_count; z++)
            here = here || attachment->zones[z] == zone;
        if (!here)
            return twin_fail(j, VERDICT_NO_ROUTE, "TGW_ROUTE_AZ_RESTRICTION", attachment->element, subnet);
        return hub_routed(j, hub, a, zone);
    }
    return twin_fail(j, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", join->element, subnet);
}

static bool hub_from_line(Journey *j, uint32_t hub, uint32_t line) {
    const Join *join = &j->model->joins[hub];
    for (uint32_t a = 0; a < join->attachment_count; a++)
        if (join->attachments[a].line == line)
            return hub_routed(j, hub, a, NO_PLACE);
    return twin_fail(j, VERDICT_BLACKHOLE, "NOT_ATTACHED", join->element, NO_PLACE);
}

/* ---- endpoints of services -----------------------------------------------------------------------------------------
 */
bool aws_gateway_endpoint(Journey *j, PlaceId subnet, uint32_t id) {
    const Model *model = j->model;
    const Endpoint *endpoint = &model->endpoints[id];
    const Component *component = &model->components[endpoint->component];
    const Network *network = &model->networks[endpoint->network];
    ComponentId service = twin_public_owner(model, j->family, j->target).component;
    if (!twin_stand(j, network->region) || !twin_unit_up(j, component->first_unit, network->region))
        return false;
    if (j->reply)
        return twin_fail(j, VERDICT_DENY, "ASYMMETRIC_ROUTE", component->element, subnet);
    if (!twin_in_range(j->family == 6 ? &network->cidr6 : &network->cidr, j->family, j->source))
        return twin_fail(j, VERDICT_NO_ROUTE, "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION", component->element,
                         subnet);
    if (j->query.protocol != PROTOCOL_TCP && j->query.protocol != PROTOCOL_ICMP)
        return twin_fail(j, VERDICT_DENY, "VPCE_GATEWAY_PROTOCOL_RESTRICTION", component->element, subnet);
    j->endpoint = id + 1;
    return twin_stand(j, network->region) && twin_not_isolated(j, service, network->region) &&
           aws_listens(j, service, network->region);
}

/* ---- sites ---------------------------------------------------------------------------------------------------------
 */
static bool firewall_passes(Journey *j, const void *at, bool inbound) {
    const Site *site = at;
    const Rule *rules = inbound ? site->inbound : site->outbound;
    bool filters = inbound ? site->filters_inbound : site->filters_outbound, passes = !filters;
    j->steps++;
    for (uint32_t r = 0; r < (inbound ? site->inbound_count : site->outbound_count); r++) {
        const Rule *rule = &rules[r];
        passes = passes || (twin_ports_hold(&rule->ports, j->query.protocol, j->target_port) &&
                            (rule->peer.kind != PEER_CIDR ||
                             twin_in_range(&rule->peer.cidr, j->family, inbound ? j->source : j->target)));
    }
    return passes || j->reply || twin_fail(j, VERDICT_DENY, "FIREWALL_RULES_RESTRICTION", site->element, site->place);
}

static bool firewall(Journey *j, const Site *site, bool inbound) {
    return twin_every_packet(j, firewall_passes, site, inbound);
}

/* To a component of the site. */
bool aws_into_site(Journey *j, const Site *site) {
    TwinEnd end = twin_owner(j->model, 4, j->target);
    return twin_stand(j, site->place) && twin_not_isolated(j, end.component, site->place) &&
           aws_listens(j, end.component, site->place);
}

/* From outside, by a line or over the internet. */
bool aws_border_in(Journey *j, const Site *site, bool from_internet) {
    const Network *network = &j->model->networks[site->network];
    uint32_t by = UINT32_MAX - (uint32_t)(site - j->model->sites);
    if (!twin_stand(j, site->place))
        return false;
    if (j->target == twin_border((uint32_t)(site - j->model->sites)) && !translate_back(j, by))
        return twin_fail(j, VERDICT_DENY, "NAT_NO_SESSION", network->element, site->place);
    TwinEnd owner = twin_public_owner(j->model, 4, j->target);
    if (from_internet && twin_is_site(j->model, owner.component)) {
        const Component *component = &j->model->components[owner.component];
        if (!site->internet)
            return twin_fail(j, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", network->element, site->place);
        if (!component->public_address)
            return twin_fail(j, VERDICT_NO_ROUTE, "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS", network->element,
                             site->place);
        j->target = twin_private(j->model, 4, owner);
    }
    return firewall(j, site, true) && aws_site_routed(j, site);
}

static bool site_to_internet(Journey *j, const Site *site) {
    TwinEnd owner = twin_owner(j->model, 4, j->source);
    const Network *network = &j->model->networks[site->network];
    if (twin_is_private(4, j->target))
        return twin_fail(j, VERDICT_NO_ROUTE, "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", network->element,
                         site->place);
    bool known = twin_is_site(j->model, owner.component) && j->model->components[owner.component].public_address;
    if (known)
        j->source = twin_public(j->model, 4, owner);
    else if (j->reply)
        return twin_fail(j, VERDICT_DENY, "NAT_NO_SESSION", network->element, site->place);
    else
        translate(j, UINT32_MAX - (uint32_t)(site - j->model->sites), twin_border((uint32_t)(site - j->model->sites)));
    return aws_over_internet(j);
}

bool aws_site_routed(Journey *j, const Site *site) {
    const Model *model = j->model;
    const RouteTable *table = &model->route_tables[site->table];
    const Route *route = aws_lookup(j, table);
    if (++j->depth > TWIN_STEPS)
        return twin_fail(j, VERDICT_BLACKHOLE, "ROUTING_LOOP", 0, site->place);
    if (route == NULL)
        return twin_fail(j, VERDICT_NO_ROUTE, "NO_ROUTE_TO_DESTINATION", table->element, site->place);
    if (route->target == ROUTE_LOCAL)
        return aws_into_site(j, site);
    if (route->target == ROUTE_BLACKHOLE)
        return twin_fail(j, VERDICT_BLACKHOLE, "BAD_STATE_ROUTE", route->element, site->place);
    if (!firewall(j, site, false))
        return false;
    if (route->target == ROUTE_INTERNET_GATEWAY)
        return site_to_internet(j, site);
    const Join *line = &model->joins[route->via];
    if (!twin_line_carries(j, line, site->place))
        return false;
    return line->hub_a != NO_JOIN ? hub_from_line(j, line->hub_a, route->via) : private_gateway_in(j, line->a);
}
