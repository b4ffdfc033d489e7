/* twin.c - addresses, lines and client ports, as both slow twins see them. */
#include "tests/unit/reach/twin.h"

#include <glib.h>

#include "contract/kind.h"

const char twin_addressless[] = "(no address)";

bool twin_fail(Journey *j, VerdictKind kind, const char *code, uint32_t element, PlaceId at) {
    j->verdict = (Verdict){.kind = kind, .reply = j->reply, .element = element, .code = code, .at = at};
    return false;
}

/* ---- bits and ports ------------------------------------------------------------------------------------------------
 */
bool twin_in_range(const Prefix *range, uint8_t family, Address address) {
    unsigned bits = family == 6 ? 128 : 32;
    if (range->family != family)
        return false;
    for (unsigned bit = 0; bit < range->length; bit++)
        if (((range->base >> (bits - 1 - bit)) & 1) != ((address >> (bits - 1 - bit)) & 1))
            return false;
    return true;
}

bool twin_ports_hold(const PortSet *set, Protocol protocol, uint16_t port) {
    for (uint32_t i = 0; i < set->count; i++) {
        const PortRange *range = &set->range[i];
        if (range->protocol == PROTOCOL_ANY || (range->protocol == protocol && protocol == PROTOCOL_ICMP) ||
            (range->protocol == protocol && range->first <= port && port <= range->last))
            return true;
    }
    return false;
}

bool twin_is_private(uint8_t family, Address address) {
    return family == 4 && (address >> 24 == 10 || address >> 20 == 0xac1 || address >> 16 == 0xc0a8);
}

/* ---- what works ----------------------------------------------------------------------------------------------------
 */
bool twin_stand(Journey *j, PlaceId place) {
    PlaceId worst = NO_PLACE;
    j->steps++;
    for (PlaceId p = place; p != NO_PLACE && j->twin->down != NULL; p = j->model->places[p].parent)
        if (j->twin->down[p])
            worst = p;
    return worst == NO_PLACE || twin_fail(j, VERDICT_NO_PATH, "BAD_STATE", j->model->places[worst].element, worst);
}

bool twin_not_isolated(Journey *j, ComponentId component, PlaceId at) {
    j->steps++;
    if (component == NO_COMPONENT || j->twin->isolated == NULL || !j->twin->isolated[component])
        return true;
    return twin_fail(j, VERDICT_DENY, "ISOLATED", j->model->components[component].element, at);
}

/* ---- where a packet begins ------------------------------------------------------------------------------------------
 */
bool twin_begins(Journey *j, TwinEnd *from) {
    const Model *model = j->model;
    *from = j->reply ? j->server : j->client;
    if (j->reply && j->door.component != NO_COMPONENT)
        *from = j->door;
    PlaceId at = from->subnet != NO_PLACE          ? from->subnet
                 : from->component != NO_COMPONENT ? model->components[from->component].place
                                                   : NO_PLACE;
    if (!j->reply && from->component != NO_COMPONENT &&
        model->components[from->component].kind->passage.mode == PASSAGE_STANDS_FOR)
        return twin_fail(j, VERDICT_DENY, "VPCE_INTRA_VPC_TRAFFIC", model->components[from->component].element, at);
    return twin_stand(j, at) && twin_not_isolated(j, from->component, at);
}

bool twin_unit_up(Journey *j, UnitId unit, PlaceId at) {
    j->steps++;
    if (j->twin->unit_down == NULL || !j->twin->unit_down[unit])
        return true;
    ComponentId component = j->model->units[unit].component;
    uint32_t element = j->model->components[component].element;
    for (uint32_t i = 0; i < j->model->join_count; i++)
        element = j->model->joins[i].component == component ? j->model->joins[i].element : element;
    return twin_fail(j, VERDICT_NO_PATH, "BAD_STATE", element, at);
}

/* ---- who has which address -----------------------------------------------------------------------------------------
 */
bool twin_in_subnet(const Model *model, TwinEnd end) {
    return end.component != NO_COMPONENT && end.subnet != NO_PLACE &&
           model->components[end.component].kind->passage.attachment == ATTACH_SUBNETS;
}

bool twin_is_site(const Model *model, ComponentId component) {
    return component != NO_COMPONENT && model->components[component].kind->passage.attachment == ATTACH_SITE;
}

bool twin_is_service(const Model *model, ComponentId component) {
    return component != NO_COMPONENT && model->components[component].kind->passage.attachment == ATTACH_SERVICE;
}

const Site *twin_site_of(const Model *model, ComponentId component) {
    for (uint32_t s = 0; s < model->site_count; s++)
        if (twin_is_site(model, component) && model->sites[s].place == model->components[component].place)
            return &model->sites[s];
    return NULL;
}

Address twin_private(const Model *model, uint8_t family, TwinEnd end) {
    const Site *site = twin_site_of(model, end.component);
    if (site != NULL)
        return model->networks[site->network].cidr.base + 16 + end.component;
    const Place *subnet = &model->places[end.subnet];
    return (family == 6 ? subnet->cidr6.base : subnet->cidr.base) + 16 + end.component;
}

Address twin_border(uint32_t site) { return ((Address)51 << 24) + site; }

Address twin_public(const Model *model, uint8_t family, TwinEnd end) {
    if (family == 6 && twin_in_subnet(model, end))
        return twin_private(model, 6, end);
    if (family == 6)
        return ((Address)0x2a00 << 112) + 1 + (end.component == NO_COMPONENT ? 0 : end.component + 1);
    if (end.component == NO_COMPONENT)
        return TWIN_ANYBODY;
    if (twin_in_subnet(model, end))
        return ((Address)50 << 24) + (Address)end.subnet * 1024 + end.component;
    if (twin_is_site(model, end.component))
        return ((Address)52 << 24) + end.component;
    if (twin_is_service(model, end.component))
        return ((Address)53 << 24) + end.component;
    const Place *at = &model->places[model->components[end.component].place];
    bool known = at->level == PLACE_OUTSIDE && at->cidr.family == 4;
    return known ? at->cidr.base + 5 : ((Address)54 << 24) + end.component;
}

TwinEnd twin_owner(const Model *model, uint8_t family, Address address) {
    for (uint32_t u = 0; u < model->unit_count; u++) {
        TwinEnd end = {model->units[u].component, model->units[u].subnet};
        if ((twin_in_subnet(model, end) || twin_is_site(model, end.component)) &&
            twin_private(model, family, end) == address)
            return end;
    }
    return (TwinEnd){NO_COMPONENT, NO_PLACE};
}

TwinEnd twin_public_owner(const Model *model, uint8_t family, Address address) {
    for (uint32_t u = 0; u < model->unit_count; u++) {
        TwinEnd end = {model->units[u].component, model->units[u].subnet};
        if (model->components[end.component].kind->passage.attachment != ATTACH_JOIN &&
            model->components[end.component].kind->passage.attachment != ATTACH_NETWORK &&
            twin_public(model, family, end) == address)
            return end;
    }
    return (TwinEnd){NO_COMPONENT, NO_PLACE};
}

PlaceId twin_subnet_of(const Model *model, uint32_t network, uint8_t family, Address address) {
    for (PlaceId p = 0; p < model->place_count; p++) {
        const Place *place = &model->places[p];
        if (place->level == PLACE_SUBNET && place->network == network &&
            twin_in_range(family == 6 ? &place->cidr6 : &place->cidr, family, address))
            return p;
    }
    return NO_PLACE;
}

PlaceId twin_zone_of(const Model *model, PlaceId place) {
    while (place != NO_PLACE && model->places[place].level != PLACE_ZONE)
        place = model->places[place].parent;
    return place;
}

UnitId twin_unit_near(const Model *model, ComponentId id, PlaceId zone) {
    const Component *component = &model->components[id];
    for (UnitId u = component->first_unit; u < component->first_unit + component->unit_count; u++)
        if (twin_zone_of(model, model->units[u].subnet) == zone)
            return u;
    return component->first_unit;
}

bool twin_every_packet(Journey *j, TwinFilter filter, const void *at, bool inbound) {
    static const uint16_t ports[] = {1, 80, 443, 900, 1024, 32768, 40001, 49152, 61000};
    static const Protocol protocols[] = {PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ICMP, (Protocol)47};
    if (j->query.protocol != PROTOCOL_ANY)
        return filter(j, at, inbound);
    uint16_t port = j->target_port;
    bool all = true; /* an answer goes to the client's port, whatever the protocol */
    Verdict worst = {.element = UINT32_MAX};
    for (size_t i = 0; i < G_N_ELEMENTS(ports) * G_N_ELEMENTS(protocols); i++) {
        j->query.protocol = protocols[i % G_N_ELEMENTS(protocols)];
        j->target_port = j->reply ? port : ports[i / G_N_ELEMENTS(protocols)];
        if (filter(j, at, inbound))
            continue;
        all = false;
        if (j->verdict.element < worst.element)
            worst = j->verdict;
    }
    j->query.protocol = PROTOCOL_ANY;
    j->target_port = port;
    j->verdict = all ? j->verdict : worst;
    return all;
}

/* ---- lines ---------------------------------------------------------------------------------------------------------
 */
static bool unit_dead(const Journey *j, UnitId unit) { return j->twin->unit_down != NULL && j->twin->unit_down[unit]; }
static bool unit_known_dead(const Journey *j, UnitId unit) {
    return unit_dead(j, unit) && (j->twin->unheeded == NULL || !j->twin->unheeded[unit]);
}

/* The tunnel that packets are sent into: the first that nobody has found dead. NO_UNIT: all were. */
static UnitId tunnel_used(const Journey *j, const Join *line) {
    const Component *component = &j->model->components[line->component];
    for (UnitId u = component->first_unit; u < component->first_unit + component->unit_count; u++)
        if (line->facts.loss == LINE_KEEPS || !unit_known_dead(j, u))
            return u;
    return NO_UNIT;
}

bool twin_line_known(const Journey *j, const Join *line) { return tunnel_used(j, line) != NO_UNIT; }

bool twin_line_carries(Journey *j, const Join *line, PlaceId at) {
    UnitId used = tunnel_used(j, line);
    j->steps++;
    return (used != NO_UNIT && !unit_dead(j, used)) ||
           twin_fail(j, VERDICT_BLACKHOLE, "BAD_STATE_VPN", line->element, at);
}

static bool hub_holds(const Model *model, uint32_t hub, uint32_t network, uint32_t depth) {
    const Join *join = &model->joins[hub];
    for (uint32_t a = 0; a < join->attachment_count; a++) {
        const HubAttachment *attachment = &join->attachments[a];
        if (attachment->network == network)
            return true;
        if (attachment->line == NO_JOIN)
            continue;
        const Join *line = &model->joins[attachment->line];
        if (line->shape == JOIN_LINE && line->b == network)
            return true;
        uint32_t far = line->hub_a == hub ? line->hub_b : line->hub_a;
        if (line->shape == JOIN_PEERING && far != NO_JOIN && depth < 3 && hub_holds(model, far, network, depth + 1))
            return true;
    }
    return false;
}

bool twin_joined(const Model *model, uint32_t a, uint32_t b) {
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        if (join->shape != JOIN_HUB && ((join->a == a && join->b == b) || (join->a == b && join->b == a)))
            return true;
        if (join->shape == JOIN_HUB && hub_holds(model, i, a, 0) && hub_holds(model, i, b, 0))
            return true;
    }
    return a == b;
}

/* ---- there and back ------------------------------------------------------------------------------------------------
 */
/* A stateful appliance that saw the request must see the answer. */
static bool seen_both_ways(Journey *j) {
    for (uint32_t i = 0; i < j->seen_count; i++) {
        bool again = false;
        for (uint32_t k = 0; k < j->seen_back_count; k++)
            again = again || j->seen_back[k] == j->seen[i];
        UnitId unit = j->seen[i];
        if (!again)
            return twin_fail(j, VERDICT_DENY, "ASYMMETRIC_ROUTE",
                             j->model->components[j->model->units[unit].component].element,
                             j->model->units[unit].subnet);
    }
    return true;
}

static bool both_ways(Journey *j, uint16_t client_port, uint16_t translated_port, bool (*begin)(Journey *j),
                      TwinWay one_way) {
    j->source_port = client_port;
    j->target_port = j->query.port;
    j->translated_port = translated_port;
    j->door = (TwinEnd){NO_COMPONENT, NO_PLACE};
    if (!begin(j) || !one_way(j))
        return false;
    Address seen = j->source;
    uint16_t seen_port = j->source_port;
    j->source = j->target;
    j->source_port = j->target_port;
    j->target = seen;
    j->target_port = seen_port;
    j->reply = true;
    j->unrecognised = false;
    j->depth = 0;
    return one_way(j) && seen_both_ways(j);
}

static void client_range(const Model *model, TwinEnd end, uint16_t *first, uint16_t *last) {
    *first = CLIENT_PORTS_FIRST;
    *last = CLIENT_PORTS_LAST;
    if (end.component != NO_COMPONENT && model->components[end.component].client_first != 0) {
        *first = model->components[end.component].client_first;
        *last = model->components[end.component].client_last;
    }
}

Verdict twin_verdict(const Twin *twin, TwinEnd from, TwinEnd to, Query query, uint8_t family, bool (*begin)(Journey *j),
                     TwinWay one_way) {
    Verdict verdict = {.kind = VERDICT_REACH, .code = "", .at = NO_PLACE};
    uint32_t shortest = UINT32_MAX;
    uint16_t first, last;
    client_range(twin->model, from, &first, &last);
    for (uint32_t i = 0; i <= twin->port_count; i++) {
        uint16_t port = query.client_port != 0 ? query.client_port : i < twin->port_count ? twin->ports[i] : first;
        if ((query.client_port != 0 && i > 0) || (query.client_port == 0 && (port < first || port > last)))
            continue;
        for (uint32_t k = 0; k < twin->port_count; k++) {
            Journey j = {.twin = twin, .model = twin->model, .query = query, .client = from, .server = to};
            j.family = family;
            j.from_zone = NO_PLACE;
            j.verdict = (Verdict){.kind = VERDICT_REACH, .code = "", .at = NO_PLACE};
            bool reaches = both_ways(&j, port, twin->ports[k], begin, one_way);
            if (!reaches && j.steps < shortest) {
                shortest = j.steps;
                verdict = j.verdict;
                if (j.addressless)
                    verdict.code = twin_addressless;
            }
            if (j.translation_count == 0)
                break; /* nobody has translated: other ports of a gateway change nothing */
        }
    }
    return verdict;
}
