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

/* His code sits in the machines that run now: in all of them, or in the one that he aimed at. Those launched later come
 * clean from their image; so he stays until the last of these is replaced. What a provider runs is not replaced so. */
static void implant(World *w, const TimelineEvent *event, ComponentId component) {
    const Component *whom = &w->model->components[component];
    bool one = event->target.kind == TARGET_UNIT && w->units[event->target.unit].component == component;
    for (UnitId u = whom->first_unit; u < whom->first_unit + whom->unit_count; u++) {
        bool runs = w->units[u].state == UNIT_SERVING || w->units[u].state == UNIT_BOOTING;
        if (whom->kind->managed || !runs || w->implanted[u] || (one && u != event->target.unit))
            continue;
        w->implanted[u] = true;
        w->security[component].implants++;
        world_note(w, (Fact){.kind = FACT_DRIFTED, .component = component, .unit = u, .amount = 1});
    }
}

static void evict(World *w, ComponentId component) {
    Security *security = &w->security[component];
    const Component *whom = &w->model->components[component];
    if (security->owned)
        world_note(w, (Fact){.kind = FACT_EVICTED,
                             .component = component,
                             .unit = NO_UNIT,
                             .span = simtime_sub(world_now(w), security->since)});
    for (UnitId u = whom->first_unit; u < whom->first_unit + whom->unit_count; u++) {
        if (w->implanted[u])
            world_note(w, (Fact){.kind = FACT_DRIFTED, .component = component, .unit = u, .amount = 0});
        w->implanted[u] = false;
    }
    security->implants = 0;
    security->owned = security->tried = false;
    w->spread_epoch = 0;
}

void attack_unit_gone(World *w, UnitId unit) {
    if (!w->implanted[unit])
        return;
    ComponentId component = w->units[unit].component;
    w->implanted[unit] = false;
    if (--w->security[component].implants == 0)
        evict(w, component);
}

/* What comes over from elsewhere needs the way to be open still. */
void attack_owned(World *w, uint32_t e, ComponentId component) {
    Security *security = &w->security[component];
    if (security->owned || (!is_aimed_at(&w->model->timeline[e], component) && !security->exposed))
        return;
    security->owned = w->attacked = true;
    security->since = world_now(w);
    security->event = e;
    implant(w, &w->model->timeline[e], component);
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

/* The first time is news. Requests are computed ahead, so it may lie a little ahead; sensors see it when it comes. */
void attack_turned_back(World *w, ComponentId from, ComponentId to, uint32_t list, SimTime at) {
    if (w->security[from].turned_back)
        return;
    w->security[from].turned_back = true;
    Fact fact = {
        .kind = FACT_TURNED_BACK, .at = world_now(w), .component = from, .unit = NO_UNIT, .other = to, .rule = list};
    world_report(w, &fact);
    fact.at = simtime_max(at, fact.at);
    let_sensors_see(w, &fact);
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
    if (kind->evicts)
        evict(w, component);
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
