/* classes.c - units that no rule can tell apart, and every party there is. */
#include <string.h>

#include "base/bug.h"
#include "reach/reach_private.h"

static int class_compare(gconstpointer a, gconstpointer b) {
    const EndpointClass *x = a, *y = b;
    if (x->component != y->component)
        return x->component < y->component ? -1 : 1;
    return x->subnet < y->subnet ? -1 : x->subnet > y->subnet;
}

/* One class a component and subnet. A component without units still is one class, so that it can be asked about. */
static void classes_collect(Reach *reach) {
    const Model *model = reach->model;
    GArray *classes = g_array_new(FALSE, FALSE, sizeof(EndpointClass));
    for (uint32_t u = 0; u < model->unit_count; u++)
        g_array_append_vals(classes, &(EndpointClass){model->units[u].component, model->units[u].subnet}, 1);
    for (ComponentId c = 0; c < model->component_count; c++)
        if (model->components[c].unit_count == 0)
            g_array_append_vals(classes, &(EndpointClass){c, NO_PLACE}, 1);
    g_array_sort(classes, class_compare);

    EndpointClass *all = (EndpointClass *)(void *)classes->data;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < classes->len; i++)
        if (kept == 0 || class_compare(&all[kept - 1], &all[i]) != 0)
            all[kept++] = all[i];
    reach->class_count = kept;
    reach->classes = (EndpointClass *)(void *)g_array_free(classes, FALSE);
}

static void classes_of_units(Reach *reach) {
    const Model *model = reach->model;
    reach->class_of_unit = g_new(ClassId, model->unit_count);
    for (uint32_t u = 0; u < model->unit_count; u++) {
        EndpointClass key = {model->units[u].component, model->units[u].subnet};
        const EndpointClass *found = bsearch(&key, reach->classes, reach->class_count, sizeof key,
                                             (int (*)(const void *, const void *))class_compare);
        BUG_IF(found == NULL, "a unit without a class");
        reach->class_of_unit[u] = (ClassId)(found - reach->classes);
    }
}

/* ---- parties -------------------------------------------------------------------------------------------------------
 */
static void party_in_subnet(const Model *model, Party *party, PlaceId subnet) {
    const Place *place = &model->places[subnet];
    party->place = subnet;
    party->network = place->network;
    party->routes = &model->route_tables[place->route_table];
    party->acl = place->acl > 0 ? &model->acls[place->acl - 1] : NULL;
    party->address = place->cidr;
}

/* Outside, a place may have a range of its own; otherwise an address there is any address that no rule singles out. */
static void party_outside(const Model *model, Party *party, PlaceId place) {
    party->place = place;
    party->public_address = true;
    if (place != NO_PLACE && model->places[place].level == PLACE_OUTSIDE && model->places[place].cidr.family != 0)
        party->address = model->places[place].cidr;
}

static Party party_blank(PartyKind kind) {
    return (Party){.kind = kind,
                   .id = NO_COMPONENT,
                   .place = NO_PLACE,
                   .network = NO_NETWORK,
                   .address = {.family = 4},
                   .exit = NO_PARTY};
}

static PartyKind party_kind(const Component *component, PlaceId subnet) {
    switch (component->kind->passage.attachment) {
    case ATTACH_SUBNETS: return subnet == NO_PLACE ? PARTY_LOOSE : PARTY_INSIDE;
    case ATTACH_NAME: return PARTY_NAME;
    case ATTACH_EDGE:
    case ATTACH_OUTSIDE: break;
    }
    return PARTY_OUTSIDE;
}

static Party party_of(const Model *model, const EndpointClass *class) {
    const Component *component = &model->components[class->component];
    Party party = party_blank(party_kind(component, class->subnet));
    party.id = class->component;
    party.component = component;
    party.element = component->element;
    party.name = component->name;
    if (party.kind == PARTY_INSIDE) {
        party_in_subnet(model, &party, class->subnet);
        party.public_address = component->public_address;
    } else if (party.kind == PARTY_LOOSE) {
        party.place = component->place;
    } else {
        party_outside(model, &party, component->place);
    }
    return party;
}

static Party party_of_gateway(const Model *model, const NatGateway *nat) {
    Party party = party_blank(PARTY_NAT);
    party_in_subnet(model, &party, nat->subnet);
    party.public_address = true;
    party.element = nat->element;
    party.name = nat->name;
    return party;
}

/* The gateway whose address the internet sees of a party. */
static uint32_t party_exit(const Reach *reach, const Party *party) {
    static const Prefix anywhere = {.family = 4};
    if (party->kind != PARTY_INSIDE)
        return NO_PARTY;
    const Route *route = route_find(party->routes, &anywhere);
    return route != NULL && route->target == ROUTE_NAT_GATEWAY ? party_of_nat(reach, route->via) : NO_PARTY;
}

void classes_init(Reach *reach) {
    const Model *model = reach->model;
    classes_collect(reach);
    classes_of_units(reach);
    reach->party_count = reach->class_count + 1 + model->nat_gateway_count;
    reach->parties = g_new(Party, reach->party_count);
    for (uint32_t i = 0; i < reach->class_count; i++)
        reach->parties[i] = party_of(model, &reach->classes[i]);
    Party *internet = &reach->parties[party_of_class(reach, CLASS_INTERNET)];
    *internet = party_blank(PARTY_OUTSIDE);
    internet->public_address = true;
    internet->name = "internet";
    for (uint32_t i = 0; i < model->nat_gateway_count; i++)
        reach->parties[party_of_nat(reach, i)] = party_of_gateway(model, &model->nat_gateways[i]);
    for (uint32_t i = 0; i < reach->class_count; i++)
        reach->parties[i].exit = party_exit(reach, &reach->parties[i]);
}
