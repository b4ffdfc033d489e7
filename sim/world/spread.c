/* spread.c - what follows from what an attacker owns: what that exposes, and what falls to him without more ado.
 *
 * reach/closure.h says what follows at once; here it becomes facts, and a threat that spreads goes on from there: each
 * machine that it can connect to is tried once, with its own luck, and falls only if the way is still open when its
 * time has come. */
#include "reach/closure.h"
#include "world/state.h"

static bool is_spreading(const World *w, ComponentId from) {
    const Security *security = &w->security[from];
    const TimelineEvent *event = &w->model->timeline[security->event];
    return security->owned && event->threat->spreads != NULL && event->threat->spreads(event->spec);
}

/* Time and chance of the threat, with the luck of the machine that it goes to. */
static void spread_to(World *w, ComponentId from, ComponentId to) {
    uint32_t e = w->security[from].event;
    const TimelineEvent *event = &w->model->timeline[e];
    char *purpose = g_strdup_printf("time to compromise %s", w->model->components[to].name);
    Stream stream = luck_stream(w->luck, event->text, purpose);
    Draw luck = stream_draw(&stream, 0);
    g_free(purpose);
    w->security[to].tried = true;
    w->security[to].event = e;
    world_schedule(w, simtime_add(world_now(w), event->threat->time_to(event->spec, &luck)), PHASE_FAULT, HANDLE_OWNED,
                   e, to);
}

/* The component that a step of the closure goes back to; roles lead back to where they were taken from. */
static ComponentId source_of(const Closure *closure, ComponentId component) {
    uint32_t thing = closure->steps[component].before;
    while (thing != UINT32_MAX && thing >= closure->component_count)
        thing = closure->steps[thing].before;
    return thing;
}

static void tell(World *w, const Closure *closure, ComponentId component) {
    w->security[component].told = true;
    world_note(w, (Fact){.kind = FACT_EXPOSED,
                         .component = component,
                         .unit = NO_UNIT,
                         .other = source_of(closure, component),
                         .rule = closure->steps[component].element});
}

static void follow_component(World *w, const Closure *closure, ComponentId component) {
    Security *security = &w->security[component];
    const Kind *kind = w->model->components[component].kind;
    security->exposed = closure->holds[component] >= HOLD_EXPOSED;
    if (!security->exposed || security->owned)
        return;
    if (!security->told)
        tell(w, closure, component);
    ComponentId from = source_of(closure, component);
    if (closure_follows(closure, component)) {
        attack_owned(w, w->security[from].event, component);
        return;
    }
    bool can_fall = closure->steps[component].kind == STEP_CONNECTS && !kind->managed;
    if (can_fall && !security->tried && is_spreading(w, from))
        spread_to(w, from, component);
}

static void look_once(World *w) {
    const Model *model = w->model;
    bool *owned = g_new0(bool, model->component_count + 1);
    for (ComponentId c = 0; c < model->component_count; c++)
        owned[c] = w->security[c].owned;
    Closure *closure = closure_new(w->reach, w->net, owned, 0);
    for (ComponentId c = 0; c < model->component_count; c++)
        follow_component(w, closure, c);
    closure_free(closure);
    g_free(owned);
}

/* What falls at once may open more, so it is looked at until nothing changes. */
void spread_follow(World *w) {
    while (w->attacked && w->spread_epoch != netstate_epoch(w->net)) {
        w->spread_epoch = netstate_epoch(w->net);
        look_once(w);
    }
}
