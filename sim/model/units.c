/* units.c - the units of each component: what can fail by itself. Dealt over zones in turn, by ordinal. */
#include <string.h>

#include "model/build.h"

enum { UNITS_MOST = 4000000 };

/* Of the component's `subnet:`, in its stack. */
static uint32_t subnet_index(const ComponentDraft *draft) {
    for (uint32_t s = 0; draft->keys->subnet != NULL && s < draft->stack->subnet_count; s++) {
        if (strcmp(draft->stack->subnets[s].name, draft->keys->subnet) == 0)
            return s;
    }
    return NO_INDEX;
}

/* The subnet of the component's `subnet:` name in that zone of its copy. */
static PlaceId subnet_in(const ComponentDraft *draft, PlaceId zone) {
    uint32_t s = draft->stack != NULL ? subnet_index(draft) : NO_INDEX;
    for (uint32_t z = 0; s != NO_INDEX && z < draft->copy->zone_count; z++) {
        if (draft->copy->zones[z] == zone)
            return draft->copy->subnets[s * draft->copy->zone_count + z];
    }
    return NO_PLACE;
}

/* The most there can be: a group that scales has its units from the start, most of them absent. */
static uint32_t units_needed(const Build *build, ComponentId id) {
    const Component *component = &build->model->components[id];
    switch (component->kind->spread) {
    case SPREAD_ONE: return 1;
    case SPREAD_ZONES: return component->zone_count > 0 ? component->zone_count : 1;
    case SPREAD_COUNT: /* any one zone may have to hold them all */
        return (component->kind->count != NULL ? component->kind->count(component->spec) : 1) *
               MAX(component->zone_count, 1);
    case SPREAD_BESIDE: return trust_units(build, id);
    }
    return 1;
}

/* A single unit has an interface in the first zone's subnet, and belongs to no zone: it moves. */
static ModelUnit unit_make(const Build *build, ComponentId id, uint32_t ordinal) {
    const Component *component = &build->model->components[id];
    ModelUnit unit = {.component = id, .ordinal = ordinal, .subnet = NO_PLACE, .zone = NO_PLACE, .region = NO_PLACE};
    if (component->stack == NULL)
        return unit;
    unit.region = component->place;
    if (component->zone_count == 0)
        return unit;
    PlaceId zone = component->zones[ordinal % component->zone_count];
    unit.subnet = subnet_in(&build->drafts[id], zone);
    if (component->kind->spread != SPREAD_ONE)
        unit.zone = zone;
    return unit;
}

/* What stands beside others is counted when they are. */
static void units_count(const Build *build) {
    for (int beside = 0; beside < 2; beside++)
        for (ComponentId id = 0; id < build->model->component_count; id++)
            if ((build->model->components[id].kind->spread == SPREAD_BESIDE) == beside)
                build->model->components[id].unit_count = units_needed(build, id);
}

void units_build(Build *build) {
    Model *model = build->model;
    units_count(build);
    GArray *units = g_array_new(FALSE, FALSE, sizeof(ModelUnit));
    for (ComponentId id = 0; id < model->component_count; id++) {
        Component *component = &model->components[id];
        component->first_unit = units->len;
        if ((uint64_t)units->len + component->unit_count > UNITS_MOST) {
            complain(build, component->mark, NULL, "the model has more than %d units", UNITS_MOST);
            for (; id < model->component_count; id++)
                model->components[id].unit_count = 0;
            break;
        }
        for (uint32_t ordinal = 0; ordinal < component->unit_count; ordinal++) {
            ModelUnit unit = unit_make(build, id, ordinal);
            g_array_append_val(units, unit);
        }
    }
    model->units = keep_array(build, units, &model->unit_count);
    trust_pair(build);
}
