/* forgery.c - names whose answers somebody forges, and what becomes of the sessions of those who follow them.
 *
 * A resolver that believes a forger asks nobody else; which resolvers do is settled by their number, so a share of them
 * is that share. A session that was sent to the forger's machine is gone for the service: whether its user told the
 * machine his secrets, or saw that something was wrong, is drawn by the session's own luck. */
#include "world/state.h"

static bool forges_now(const World *w, uint32_t e, ComponentId name) {
    const TimelineEvent *event = &w->model->timeline[e];
    if (event->kind != EVENT_FAULT || event->forged == NO_COMPONENT || !w->holdings[e].holds)
        return false;
    for (uint32_t i = 0; i < event->target.component_count; i++)
        if (event->target.components[i] == name)
            return true;
    return false;
}

/* Of 1000 resolvers and 10 % the first hundred, in steps that go evenly through their numbers. */
static bool believes(uint32_t resolver, int64_t share) {
    return ((int64_t)resolver + 1) * share / WHOLE > (int64_t)resolver * share / WHOLE;
}

bool forgery_answers(const World *w, ComponentId name, uint32_t resolver, NameAnswer *answer) {
    for (uint32_t e = 0; e < w->model->event_count && w->model->forgeries; e++) {
        const TimelineEvent *event = &w->model->timeline[e];
        if (!forges_now(w, e, name))
            continue;
        Forgery forgery = event->fault->forges(event->spec);
        if (!believes(resolver, forgery.resolvers))
            continue;
        SimTime left = simtime_sub(simtime_add(event->at, event->lasts), clock_of(w));
        *answer = (NameAnswer){true, event->forged, forgery.flush ? simtime_min(forgery.ttl, left) : forgery.ttl};
        return true;
    }
    return false;
}

/* The event by which the session's address was forged, or NULL. */
static const TimelineEvent *forger_of(const World *w, const Session *session) {
    for (uint32_t e = 0; e < w->model->event_count && session->entry != NO_COMPONENT; e++) {
        const TimelineEvent *event = &w->model->timeline[e];
        if (event->kind != EVENT_FAULT || event->forged != session->entry)
            continue;
        for (uint32_t i = 0; i < event->target.component_count; i++)
            if (event->target.components[i] == session->name)
                return event;
    }
    return NULL;
}

bool forgery_catches(World *w, Slot *slot) {
    const TimelineEvent *event = forger_of(w, &slot->session);
    if (event == NULL)
        return false;
    UnitId machine = w->model->components[event->forged].first_unit;
    SimTime way = geography_delay(w, population_of(slot)->spot, w->briefs[machine].spot);
    travel_fail(w, slot, CAUSE_HIJACKED, machine, 0, later(slot->sent, later(way, way)));
    return true;
}

uint8_t forgery_flags(const World *w, const Slot *slot) {
    const TimelineEvent *event = slot->cause == CAUSE_HIJACKED ? forger_of(w, &slot->session) : NULL;
    if (event == NULL)
        return 0;
    Draw luck = stream_draw(&population_of(slot)->sessions, session_key(&slot->session));
    luck.step = 200; /* far from its beginning, and before its first request: see sessions.c */
    if (!draw_chance(&luck, event->fault->forges(event->spec).believed))
        return 0;
    return (uint8_t)(BROKEN_HANDED_OVER | (slot->write ? BROKEN_WRITING : 0));
}
