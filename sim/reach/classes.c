/* classes.c - units that no rule can tell apart, and every party there is. */
#include <string.h>

#include "base/bug.h"
#include "reach/walk.h"

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
    party->address6 = place->cidr6;
}

/* Outside, a place may have a range of its own; otherwise an address there is any address that no rule singles out. */
static void party_outside(const Model *model, Party *party, PlaceId place) {
    party->place = place;
    party->public_address = true;
    if (place != NO_PLACE && model->places[place].cidr.family != 0)
        *(model->places[place].cidr.family == 6 ? &party->address6 : &party->address) = model->places[place].cidr;
}

static Party party_blank(PartyKind kind) {
    return (Party){.kind = kind,
                   .id = NO_COMPONENT,
                   .place = NO_PLACE,
                   .network = NO_NETWORK,
                   .address = {.family = 4},
                   .unit = NO_UNIT,
                   .exit = NO_PARTY};
}

static PartyKind party_kind(const Component *component, PlaceId subnet) {
    switch (component->kind->passage.attachment) {
    case ATTACH_SUBNETS:
        if (subnet == NO_PLACE)
            return component->kind->passage.subnet_optional ? PARTY_OUTSIDE : PARTY_LOOSE;
        switch (component->kind->passage.mode) {
        case PASSAGE_TRANSLATES: return PARTY_NAT;
        case PASSAGE_FORWARDS:
        case PASSAGE_FILTERS: return PARTY_APPLIANCE;
        case PASSAGE_STANDS_FOR: return PARTY_ENDPOINT;
        default: return PARTY_INSIDE;
        }
    case ATTACH_NAME: return PARTY_NAME;
    case ATTACH_SERVICE: return PARTY_SERVICE;
    case ATTACH_SITE: return PARTY_INSIDE;
    case ATTACH_NETWORK:
    case ATTACH_JOIN: return PARTY_LINK;
    case ATTACH_EDGE:
    case ATTACH_OUTSIDE: break;
    }
    return PARTY_OUTSIDE;
}

/* Who stands in a subnet, or in the one range of a site. */
static void party_inside(const Model *model, Party *party, const EndpointClass *class) {
    const Component *component = party->component;
    party_in_subnet(model, party, class->subnet != NO_PLACE ? class->subnet : component->place);
    party->public_address = component->public_address || party->kind == PARTY_NAT;
    party->relays = party->facts.keeps_client_address;
    for (uint32_t u = 0; party->kind != PARTY_INSIDE && u < component->unit_count; u++)
        if (model->units[component->first_unit + u].subnet == class->subnet) /* one a zone */
            party->unit = component->first_unit + u;
}

static Party party_of(const Model *model, const EndpointClass *class) {
    const Component *component = &model->components[class->component];
    Party party = party_blank(party_kind(component, class->subnet));
    party.id = class->component;
    party.component = component;
    party.element = component->element;
    party.name = component->name;
    if (component->kind->passes != NULL)
        party.facts = component->kind->passes(component->spec);
    if (party.facts.called == CALLED_BY_QUESTIONS)
        party.kind = PARTY_NAME; /* no more than a name service that answers */
    switch (party.kind) {
    case PARTY_INSIDE:
    case PARTY_NAT:
    case PARTY_APPLIANCE:
    case PARTY_ENDPOINT: party_inside(model, &party, class); break;
    default: party_outside(model, &party, component->place); break;
    }
    return party;
}

/* Hides who leaves the site for the internet. */
static Party party_of_border(const Model *model, const Site *site) {
    Party party = party_blank(PARTY_NAT);
    party_in_subnet(model, &party, site->place);
    party.name = site->name;
    return party;
}

static void first_classes(Reach *reach) {
    reach->first_class = g_new(uint32_t, reach->model->component_count + 1);
    for (ComponentId c = 0; c < reach->model->component_count; c++)
        reach->first_class[c] = reach->class_count;
    for (uint32_t i = reach->class_count; i-- > 0;)
        reach->first_class[reach->classes[i].component] = i;
}

void classes_init(Reach *reach) {
    const Model *model = reach->model;
    classes_collect(reach);
    classes_of_units(reach);
    first_classes(reach);
    reach->party_count = reach->class_count + 1 + model->site_count;
    reach->parties = g_new(Party, reach->party_count);
    for (uint32_t i = 0; i < reach->class_count; i++)
        reach->parties[i] = party_of(model, &reach->classes[i]);
    Party *internet = &reach->parties[party_of_class(reach, CLASS_INTERNET)];
    *internet = party_blank(PARTY_OUTSIDE);
    internet->name = "internet";
    egress_init(reach);
    host_firewalls_init(reach);
    overlays_init(reach);
    for (uint32_t i = 0; i < model->site_count; i++)
        reach->parties[party_of_site(reach, i)] = party_of_border(model, &model->sites[i]);
}

/* Of a subnet's interfaces one speaks for all: their way out is the same. */
void exits_init(Reach *reach) {
    NetState *state = netstate_new(reach->model);
    uint32_t *known = g_new(uint32_t, reach->model->place_count + 1);
    for (PlaceId p = 0; p < reach->model->place_count; p++)
        known[p] = reach->party_count; /* not asked yet */
    for (uint32_t i = 0; i < reach->class_count; i++) {
        Party *party = &reach->parties[i];
        if (party->network == NO_NETWORK || party->kind == PARTY_ENDPOINT)
            continue;
        if (known[party->place] == reach->party_count)
            known[party->place] = walk_exit(reach, state, i);
        party->exit = known[party->place];
    }
    g_free(known);
    netstate_free(state);
}
