/* timeline.c - what the scenario does to the world, and when. */
#include "world/state.h"

void timeline_schedule(World *w) {
    for (uint32_t e = 0; e < w->model->event_count; e++)
        world_schedule(w, w->model->timeline[e].at, PHASE_FAULT, HANDLE_FAULT_BEGIN, e, 0);
}

static void apply_change(World *w, const TimelineEvent *event, bool undo) {
    netstate_change(w->net, event, undo);
    w->truth_changed = w->dirty = true;
    world_note(w, (Fact){.kind = FACT_RULES,
                         .component = NO_COMPONENT,
                         .unit = NO_UNIT,
                         .subject = (uint32_t)netstate_epoch(w->net)});
}

static void give(World *w, ComponentId component, const Order *order) {
    const Component *whom = &w->model->components[component];
    if (whom->kind->obeys && whom->kind->obeys(whom->spec, order->act))
        whom->kind->on_order(world_ctx(w, component), order);
}

static bool sends_to(const Component *component, ComponentId target) {
    for (uint32_t t = 0; t < component->target_count; t++)
        if (component->targets[t] == target)
            return true;
    return false;
}

/* Who obeys is told: of an order about two, whoever sends to both. */
static void give_order(World *w, const TimelineEvent *event) {
    const Model *model = w->model;
    const Target *target = &event->target;
    Order order = event->order->order(event->spec);
    order.act = event->order->act;
    for (uint32_t f = 0; f < target->component_count; f++) {
        order.from = target->components[f];
        if (!event->order->pair)
            give(w, order.from, &order);
        for (uint32_t t = 0; t < target->to_component_count; t++) {
            order.to = target->to_components[t];
            for (ComponentId c = 0; c < model->component_count; c++)
                if (sends_to(&model->components[c], order.from) && sends_to(&model->components[c], order.to))
                    give(w, c, &order);
        }
    }
}

void timeline_begin(World *w, uint32_t e) {
    const TimelineEvent *event = &w->model->timeline[e];
    w->holdings[e].holds = true;
    world_note(w, (Fact){.kind = FACT_FAULT_BEGAN, .component = NO_COMPONENT, .unit = NO_UNIT, .subject = e});
    if (event->kind == EVENT_CHANGE)
        apply_change(w, event, false);
    else if (event->kind == EVENT_THREAT)
        attack_begin(w, e);
    else if (event->kind == EVENT_ORDER)
        give_order(w, event);
    else
        conditions_follow(w);
    if (event->kind == EVENT_FAULT && event->fault->source)
        world_schedule(w, simtime_add(world_now(w), w->model->network.absorber_delay), PHASE_FAULT, HANDLE_MITIGATED, e,
                       0);
    SimTime end = simtime_add(world_now(w), event->lasts);
    world_schedule(w, end, PHASE_FAULT, HANDLE_FAULT_END, e, 0);
}

/* Does `a` come before `b`, if it matters: by beginning, then by length, however they were written? */
static bool comes_before(const TimelineEvent *a, const TimelineEvent *b) {
    if (!simtime_equal(a->at, b->at))
        return simtime_before(a->at, b->at);
    return simtime_equal(a->lasts, b->lasts) ? a < b : simtime_before(a->lasts, b->lasts);
}

/* How many earlier entries did the same to the same target: tells their luck apart, whenever they happen. */
static uint64_t occasions_before(const Model *model, uint32_t e) {
    const TimelineEvent *event = &model->timeline[e];
    uint64_t count = 0;
    for (uint32_t i = 0; i < model->event_count; i++) {
        const TimelineEvent *other = &model->timeline[i];
        count += other->fault == event->fault && g_str_equal(other->target.text, event->target.text) &&
                 comes_before(other, event);
    }
    return count;
}

/* Each unit that was hit comes back at its own time: drawn by its component's name, its ordinal, and what hit it, so
 * that no other component, and no other time of the fault, moves it. */
static void draw_recoveries(World *w, uint32_t e) {
    const TimelineEvent *event = &w->model->timeline[e];
    char *purpose = g_strdup_printf("recovery from %s of %s", event->fault->name, event->target.text);
    uint64_t occasion = occasions_before(w->model, e) << 32;
    w->holdings[e].until = g_new(SimTime, w->model->unit_count);
    for (UnitId u = 0; u < w->model->unit_count; u++) {
        Stream stream = luck_stream(w->luck, w->model->components[w->units[u].component].name, purpose);
        Draw luck = stream_draw(&stream, occasion | w->units[u].ordinal);
        SimTime back = simtime_add(world_now(w), law_sample(&event->recovery, &luck));
        w->holdings[e].until[u] = back;
        if (conditions_hit(w->model, &event->target, u))
            world_schedule(w, back, PHASE_FAULT, HANDLE_HEAL, e, u);
    }
    g_free(purpose);
}

void timeline_end(World *w, uint32_t e) {
    const TimelineEvent *event = &w->model->timeline[e];
    w->holdings[e].holds = false;
    world_note(w, (Fact){.kind = FACT_FAULT_ENDED, .component = NO_COMPONENT, .unit = NO_UNIT, .subject = e});
    if (event->kind == EVENT_CHANGE) {
        apply_change(w, event, true); /* a rule added is removed, and the other way round */
    } else if (event->kind == EVENT_FAULT) {
        if (event->has_recovery)
            draw_recoveries(w, e);
        conditions_follow(w);
    }
}

void timeline_heal(World *w, uint32_t e, UnitId unit) {
    (void)e;
    (void)unit;
    conditions_follow(w);
}
