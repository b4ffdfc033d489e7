/* timeline.c - what the scenario does to the world, and when. */
#include "world/state.h"

void timeline_schedule(World *w) {
    for (uint32_t e = 0; e < w->model->event_count; e++)
        engine_schedule(w->engine, w->model->timeline[e].at, PHASE_FAULT, HANDLE_FAULT_BEGIN, e, 0);
}

static void apply_change(World *w, const TimelineEvent *event) {
    if (event->removes)
        netstate_rule_remove(w->net, event->group, event->inbound, &event->rule);
    else
        netstate_rule_add(w->net, event->group, event->inbound, &event->rule);
    w->truth_changed = w->dirty = true;
    world_note(w, (Fact){.kind = FACT_RULES, .component = NO_COMPONENT, .unit = NO_UNIT,
                         .subject = (uint32_t)netstate_epoch(w->net)});
}

void timeline_begin(World *w, uint32_t e) {
    const TimelineEvent *event = &w->model->timeline[e];
    w->holdings[e].holds = true;
    world_note(w, (Fact){.kind = FACT_FAULT_BEGAN, .component = NO_COMPONENT, .unit = NO_UNIT, .subject = e});
    if (event->kind == EVENT_CHANGE)
        apply_change(w, event);
    else if (event->kind == EVENT_THREAT)
        attack_begin(w, e);
    else
        conditions_follow(w);
    SimTime end = simtime_add(world_now(w), event->lasts);
    engine_schedule(w->engine, end, PHASE_FAULT, HANDLE_FAULT_END, e, 0);
}

/* A change that was meant to last is taken back by its opposite: a rule added is removed and the other way round. */
static void end_change(World *w, const TimelineEvent *event) {
    TimelineEvent opposite = *event;
    opposite.removes = !event->removes;
    apply_change(w, &opposite);
}

/* Each unit that was hit comes back at its own time, drawn by the event and the unit. */
static void draw_recoveries(World *w, uint32_t e) {
    const TimelineEvent *event = &w->model->timeline[e];
    Stream stream = luck_stream(w->luck, event->text, "recovery");
    w->holdings[e].until = g_new(SimTime, w->model->unit_count);
    for (UnitId u = 0; u < w->model->unit_count; u++) {
        Draw luck = stream_draw(&stream, u);
        SimTime back = simtime_add(world_now(w), law_sample(&event->recovery, &luck));
        w->holdings[e].until[u] = back;
        if (conditions_hit(w->model, &event->target, u))
            engine_schedule(w->engine, back, PHASE_FAULT, HANDLE_HEAL, e, u);
    }
}

void timeline_end(World *w, uint32_t e) {
    const TimelineEvent *event = &w->model->timeline[e];
    w->holdings[e].holds = false;
    world_note(w, (Fact){.kind = FACT_FAULT_ENDED, .component = NO_COMPONENT, .unit = NO_UNIT, .subject = e});
    if (event->kind == EVENT_CHANGE) {
        end_change(w, event);
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
