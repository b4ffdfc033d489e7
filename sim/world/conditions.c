/* conditions.c - folds everything that holds now over a healthy Condition, for each unit, place and control plane.
 *
 * Nothing is ever undone: when a fault begins or ends, all is folded again from scratch. Costs faults x units; faults
 * are rare. */
#include "world/state.h"

bool conditions_hit(const Model *model, const Target *target, UnitId unit) {
    const ModelUnit *at = &model->units[unit];
    switch (target->kind) {
    case TARGET_UNIT: return target->unit == unit;
    case TARGET_COMPONENT:
        for (uint32_t c = 0; c < target->component_count; c++)
            if (target->components[c] == at->component)
                return true;
        return false;
    case TARGET_PLACE:
        for (uint32_t p = 0; p < target->place_count; p++) {
            PlaceId place = target->places[p];
            PlaceId stands = at->subnet != NO_PLACE ? at->subnet : at->zone != NO_PLACE ? at->zone : at->region;
            if (stands == NO_PLACE)
                stands = model->components[at->component].place;
            if (stands != NO_PLACE && model_enclosing(model, stands, model->places[place].level) == place)
                return true;
        }
        return false;
    default: return false;
    }
}

static Condition bent_by(const TimelineEvent *event) {
    Condition bent = CONDITION_HEALTHY;
    event->fault->bend(event->spec, &bent);
    return bent;
}

/* The same at one of the units: a flood is shared out. */
static Condition bent_at(const World *w, uint32_t e, UnitId unit) {
    Condition bent = bent_by(&w->model->timeline[e]);
    if (bent.flood > 0)
        bent.flood = flood_part(w, e, unit, bent.flood);
    return bent;
}

/* Does the event bend this unit now? With a recovery law each unit is back at an instant of its own. */
static bool bends_unit(const World *w, uint32_t e, UnitId unit) {
    const TimelineEvent *event = &w->model->timeline[e];
    const Holding *holding = &w->holdings[e];
    if (event->kind != EVENT_FAULT || !(holding->holds || holding->until))
        return false;
    if (!conditions_hit(w->model, &event->target, unit))
        return false;
    return holding->holds || simtime_before(world_now(w), holding->until[unit]);
}

static UnitState shown_state(const UnitView *unit) {
    return unit->state == UNIT_SERVING && !unit->condition.up ? UNIT_DEAD : unit->state;
}

static void fold_unit(World *w, UnitId u) {
    UnitView *unit = &w->units[u];
    Condition condition = CONDITION_HEALTHY;
    for (uint32_t e = 0; e < w->model->event_count; e++)
        if (bends_unit(w, e, u))
            condition = condition_join(condition, bent_at(w, e, u));
    failures_bend_unit(w, u, &condition);
    if (condition.crashed && !w->members[unit->component].kind->restarts)
        condition = condition_join(
            condition, (Condition){.refuses = true, .control = true, .speed = WHOLE, .issues = true, .trusted = true});
    if (condition_equal(&condition, &unit->condition))
        return;
    UnitState before = shown_state(unit);
    unit->condition = condition;
    w->truth_changed = true;
    if (w->members[unit->component].kind->role == ROLE_LINK)
        netstate_unit_down(w->net, u, !condition.up);
    if (w->model->components[unit->component].carries)
        netstate_unit_down(w->net, u, !unit_works(unit));
    if (shown_state(unit) != before)
        world_note(w, (Fact){.kind = FACT_UNIT,
                             .component = unit->component,
                             .unit = u,
                             .place = unit->region,
                             .other = before,
                             .amount = shown_state(unit)});
}

static bool place_targeted(const Model *model, const Target *target, PlaceId place) {
    for (uint32_t p = 0; p < target->place_count; p++)
        if (model_enclosing(model, place, model->places[target->places[p]].level) == target->places[p])
            return true;
    return false;
}

/* A place that is down takes its network elements down; a region that is down takes its control plane along. */
void conditions_bend_place(const Model *model, const Target *target, const Condition *bent, PlaceId place, bool *up,
                           bool *control) {
    bool whole = target->kind == TARGET_PLACE;
    if ((!whole && target->kind != TARGET_CONTROL) || !place_targeted(model, target, place))
        return;
    *up = *up && (bent->up || !whole);
    *control = *control && bent->control && bent->up;
}

static void fold_place(World *w, PlaceId place) {
    const Model *model = w->model;
    bool up = true, control = true;
    for (uint32_t e = 0; e < model->event_count; e++) {
        const TimelineEvent *event = &model->timeline[e];
        if (!w->holdings[e].holds || event->kind != EVENT_FAULT)
            continue;
        Condition bent = bent_by(event);
        conditions_bend_place(model, &event->target, &bent, place, &up, &control);
    }
    failures_bend_place(w, place, &up, &control);
    if (control != w->control[place]) {
        w->control[place] = control;
        w->dirty = true;
    }
    netstate_place_down(w->net, place, !up);
}

void conditions_follow_places(World *w) {
    uint64_t epoch = netstate_epoch(w->net);
    for (PlaceId p = 0; p < w->model->place_count; p++)
        fold_place(w, p);
    for (UnitId u = 0; u < w->model->unit_count; u++)
        fold_unit(w, u);
    if (netstate_epoch(w->net) != epoch)
        w->truth_changed = true; /* a place may be back before the first of its units */
    if (w->truth_changed)
        w->dirty = true;
}

void conditions_follow(World *w) {
    geography_follow(w);
    conditions_follow_places(w);
}
