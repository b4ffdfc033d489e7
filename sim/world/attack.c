/* attack.c - somebody takes a component over; sensors may notice; responses act, and their cost falls on the same
 * users. */
#include "world/state.h"

/* The luck of what somebody does to, or about, one component: by both names, so that no other component moves it. */
static Draw luck_about(const World *w, const char *owner, const char *purpose, ComponentId component, uint64_t number) {
    char *about = g_strdup_printf("%s %s", purpose, w->model->components[component].name);
    Stream stream = luck_stream(w->luck, owner, about);
    g_free(about);
    return stream_draw(&stream, number);
}

void attack_begin(World *w, uint32_t e) {
    const TimelineEvent *event = &w->model->timeline[e];
    for (uint32_t c = 0; c < event->target.component_count; c++) {
        Draw luck = luck_about(w, event->text, "time to compromise", event->target.components[c], 0);
        SimTime takes = event->threat->time_to(event->spec, &luck);
        world_schedule(w, simtime_add(world_now(w), takes), PHASE_FAULT, HANDLE_OWNED, e, event->target.components[c]);
    }
}

static bool watches(const SensorSpec *sensor, ComponentId component) {
    for (uint32_t i = 0; i < sensor->watch_count; i++)
        if (sensor->watches[i] == component)
            return true;
    return false;
}

static void let_sensors_see(World *w, const Fact *fact) {
    for (uint32_t s = 0; s < w->model->sensor_count; s++) {
        const SensorSpec *sensor = &w->model->sensors[s];
        if (!(sensor->kind->sees & FACT_BIT(fact->kind)) || !watches(sensor, fact->component))
            continue;
        Draw luck = luck_about(w, sensor->name, "notice", fact->component, (uint64_t)fact->kind);
        SimTime at = sensor->kind->notice(sensor->spec, fact, &luck);
        world_schedule(w, at, PHASE_TIMER, HANDLE_ALERT, s, fact->component);
    }
}

static bool is_aimed_at(const TimelineEvent *event, ComponentId component) {
    for (uint32_t c = 0; c < event->target.component_count; c++)
        if (event->target.components[c] == component)
            return true;
    return false;
}

/* What comes over from elsewhere needs the way to be open still. */
void attack_owned(World *w, uint32_t e, ComponentId component) {
    Security *security = &w->security[component];
    if (security->owned || (!is_aimed_at(&w->model->timeline[e], component) && !security->exposed))
        return;
    security->owned = w->attacked = true;
    security->event = e;
    w->spread_epoch = 0;
    Fact fact = {.kind = FACT_OWNED,
                 .at = world_now(w),
                 .component = component,
                 .unit = NO_UNIT,
                 .other = NO_COMPONENT,
                 .subject = e};
    world_report(w, &fact);
    let_sensors_see(w, &fact);
}

void attack_alert(World *w, uint32_t s, ComponentId component) {
    world_note(w, (Fact){.kind = FACT_ALERT, .component = component, .unit = NO_UNIT, .subject = s, .amount = 1});
    for (uint32_t r = 0; r < w->model->response_count; r++) {
        const ResponseSpec *response = &w->model->responses[r];
        if (response->sensor != s)
            continue;
        Draw luck = luck_about(w, response->name, "response", component, 0);
        SimTime at = simtime_add(world_now(w), response->kind->after(response->spec, &luck));
        world_schedule(w, at, PHASE_TIMER, HANDLE_RESPONSE, r, component);
    }
}

static void set_isolated(World *w, ComponentId component, int change) {
    Security *security = &w->security[component];
    security->isolations = (uint32_t)((int64_t)security->isolations + change);
    bool isolated = security->isolations > 0;
    if (isolated == security->isolated)
        return;
    security->isolated = isolated;
    netstate_isolate(w->net, component, isolated);
    w->dirty = w->truth_changed = true;
}

void attack_respond(World *w, uint32_t r, ComponentId component) {
    const ResponseKind *kind = w->model->responses[r].kind;
    if (kind->evicts) {
        w->security[component].owned = w->security[component].tried = false;
        w->spread_epoch = 0;
    }
    if (kind->cuts)
        set_isolated(w, component, 1);
    world_note(w, (Fact){.kind = FACT_RESPONDED, .component = component, .unit = NO_UNIT, .subject = r});
    if (!kind->cuts)
        return;
    SimTime end = simtime_add(world_now(w), kind->holds(w->model->responses[r].spec));
    world_schedule(w, end, PHASE_TIMER, HANDLE_RELEASE, r, component);
}

void attack_release(World *w, uint32_t r, ComponentId component) {
    (void)r;
    set_isolated(w, component, -1);
    world_note(w, (Fact){.kind = FACT_RULES,
                         .component = component,
                         .unit = NO_UNIT,
                         .subject = (uint32_t)netstate_epoch(w->net)});
}
