/* world.c - makes a world, runs it, and lets others look at it. */
#include <stdlib.h>
#include <string.h>

#include "world/state.h"

static void build_copies(World *w) {
    const Model *model = w->model;
    w->copy_index = g_new0(uint32_t, model->component_count);
    w->copies = g_new0(ComponentId *, model->component_count);
    w->copy_count = g_new0(uint32_t, model->component_count);
    for (ComponentId c = 0; c < model->component_count; c++) {
        const Component *component = &model->components[c];
        GArray *found = g_array_new(FALSE, FALSE, sizeof(ComponentId));
        for (ComponentId o = 0; o < model->component_count; o++) {
            const Component *other = &model->components[o];
            bool same = o == c || (component->stack && other->stack && g_str_equal(component->stack, other->stack) &&
                                   g_str_equal(component->label, other->label));
            if (o == c)
                w->copy_index[c] = found->len;
            if (same)
                g_array_append_val(found, o);
        }
        w->copy_count[c] = found->len;
        w->copies[c] = (ComponentId *)(void *)g_array_free(found, FALSE);
    }
}

/* The steps of a flow in one copy: after each one where requests go next, and how each is come to. Who works in a leg
 * may make several calls; after each of them an answer goes back to him. */
static void build_way(const World *w, Way *way, const Flow *flow, uint32_t copy) {
    BUG_IF(flow->step_count > STEPS_MOST, "a flow has more steps than a way holds");
    const Stop none = {NO_COMPONENT, 0, KEEP_NOT};
    Stop next = none;
    for (uint32_t s = STEPS_MOST; s-- > 0;) {
        way->after[s] = next;
        way->after[WAY_TO(s)] = none;
        if (s >= flow->step_count)
            continue;
        ComponentId component = flow->steps[s].by_copy[MIN(copy, flow->steps[s].copies - 1)];
        if (w->members[component].kind->role != ROLE_NAME)
            next = (Stop){component, (uint8_t)s, (uint8_t)objects_keep(w, flow, s)};
        way->after[WAY_TO(s)] = next;
        if (flow->steps[s].connector != CONNECTOR_CALLS)
            next = none;
    }
}

static void build_routes(World *w) {
    const Model *model = w->model;
    w->copies_most = 1;
    for (ComponentId c = 0; c < model->component_count; c++)
        w->copies_most = MAX(w->copies_most, w->copy_count[c]);
    w->ways = g_new0(Way, (size_t)model->flow_count * w->copies_most + 1);
    for (uint32_t f = 0; f < model->flow_count; f++)
        for (uint32_t copy = 0; copy < w->copies_most; copy++)
            build_way(w, &w->ways[f * w->copies_most + copy], &model->flows[f], copy);
    for (uint32_t l = 0; l < model->load_count; l++) {
        const LoadSpec *load = &model->loads[l];
        const Flow *flow = &model->flows[load->flow];
        w->entrances[l] = (Entrance){.population = &w->populations[load->population],
                                     .ways = &w->ways[load->flow * w->copies_most],
                                     .flow = flow,
                                     .name = flow->step_count > 1 ? flow->steps[1].by_copy[0] : NO_COMPONENT,
                                     .shelf = NO_SHELF,
                                     .end = (uint8_t)flow_leg_end(flow, 0)};
    }
}

static int scope_of(const Component *component) {
    return component->kind->state_scope ? component->kind->state_scope(component->spec) : SCOPE_SHARED;
}

static Population population_new(const World *w, ComponentId c) {
    const Component *component = &w->model->components[c];
    const Kind *kind = component->kind;
    BUG_IF(component->unit_count == 0, "a population needs a unit to send from");
    return (Population){
        .component = c,
        .unit = component->first_unit,
        .spot = w->briefs[component->first_unit].spot,
        .kind = kind,
        .timeout = kind->timeout(component->spec),
        .returns_after = kind->returns_after ? kind->returns_after(component->spec) : SIMTIME_ZERO,
        .write_share = kind->write_share ? kind->write_share(component->spec) : 0,
        .hostile_share = kind->hostile_share ? kind->hostile_share(component->spec) : 0,
    };
}

/* What has no door of its own is called at its first unit; but a cluster's service, and a sidecar that calls, choose;
 * and so does who calls machines some of which have an agent. */
static bool spreads(const Model *model, ComponentId id) {
    const Workload *workloads = model->book.workloads;
    return (workloads != NULL && (workloads[id].pod || workloads[id].sidecar)) ||
           (model->trust.any && model->trust.sidecar[id] != NO_COMPONENT) || model->components[id].agent_late;
}

static void build_components(World *w) {
    const Model *model = w->model;
    w->component_count = model->component_count;
    w->members = g_aligned_alloc0(model->component_count + 1, sizeof(Member), _Alignof(Member));
    w->states = g_new0(void *, model->component_count);
    w->populations = g_new0(Population, model->component_count);
    for (ComponentId c = 0; c < model->component_count; c++) {
        const Component *component = &model->components[c];
        w->states[c] = g_malloc0(MAX(component->kind->state_size, 1));
        w->impatient = w->impatient || component->kind->patience;
        w->members[c] = (Member){.cx = {&world_ops, w, c, component->spec, w->states[c], SIMTIME_ZERO},
                                 .on_request = component->kind->on_request,
                                 .in_order = component->kind->in_order,
                                 .spreads = spreads(w->model, c),
                                 .computes = component->kind->role == ROLE_COMPUTE,
                                 .door = component->kind->door,
                                 .kind = component->kind,
                                 .first_unit = component->first_unit,
                                 .unit_count = component->unit_count,
                                 .state_scope = scope_of(component)};
        if (component->kind->role == ROLE_POPULATION)
            w->populations[c] = population_new(w, c);
    }
}

World *world_new(const Model *model, const Reach *reach) {
    World *w = g_new0(World, 1);
    const EndpointClass *classes;
    w->model = model;
    w->reach = reach;
    w->net = netstate_new(model);
    w->engine = engine_new();
    w->units = g_new0(UnitView, model->unit_count);
    w->control = g_new0(bool, model->place_count);
    w->declared = g_new0(bool, model->place_count + 1);
    w->holdings = g_new0(Holding, model->event_count + 1);
    w->security = g_new0(Security, model->component_count);
    w->implanted = g_new0(bool, model->unit_count + 1);
    w->load_streams = g_new0(Stream, model->load_count + 1);
    w->load_numbers = g_new0(uint64_t, model->load_count + 1);
    w->class_count = reach_classes(reach, &classes);
    w->variants = 1;
    for (ComponentId c = 0; c < model->component_count; c++)
        w->variants = model->components[c].agent_late ? 4 : w->variants;
    w->verdicts = g_new0(CachedVerdict, (size_t)w->class_count * w->class_count * w->variants);
    w->gates = g_new0(Gate, (size_t)w->class_count * w->class_count);
    w->first_class = g_new0(uint32_t, model->component_count + 1);
    for (ComponentId c = 0, id = 0; c <= model->component_count; c++) {
        while (id < w->class_count && classes[id].component < c)
            id++;
        w->first_class[c] = id;
    }
    w->briefs = g_new0(Brief, model->unit_count);
    w->entrances = g_new0(Entrance, model->load_count + 1);
    for (UnitId u = 0; u < model->unit_count; u++)
        w->briefs[u] = (Brief){.component = model->units[u].component,
                               .class = reach_class_of_unit(reach, u),
                               .delivers = model->components[model->units[u].component].kind->delivers,
                               .region = model->units[u].region};
    geography_init(w);
    build_components(w);
    build_copies(w);
    build_routes(w);
    w->fronts = flood_fronts(model);
    w->inspection = inspection_new(w);
    w->failures = failures_new(model);
    w->newcomers = newcomers_new(w);
    messages_new(w);
    return w;
}

static void free_holdings(World *w) {
    for (uint32_t e = 0; e < w->model->event_count; e++)
        g_clear_pointer(&w->holdings[e].until, g_free);
}

void world_free(World *w) {
    if (!w)
        return;
    free_holdings(w);
    for (ComponentId c = 0; c < w->model->component_count; c++) {
        g_free(w->states[c]);
        g_free(w->copies[c]);
    }
    free(w->slots);
    g_aligned_free(w->members);
    horizon_clear(&w->horizon);
    failures_free(w->failures, w->model);
    newcomers_free(w->newcomers);
    inspection_free(w->inspection);
    messages_free(w);
    geography_clear(w);
    netstate_free(w->net);
    engine_free(w->engine);
    gpointer owned[] = {w->units,    w->briefs,      w->control,      w->holdings,     w->security,  w->gates,
                        w->verdicts, w->first_class, w->load_streams, w->load_numbers, w->audience,  w->states,
                        w->copies,   w->copy_index,  w->copy_count,   w->populations,  w->entrances, w->ways,
                        w->declared, w->implanted,   w->fronts};
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    g_free(w);
}

void world_report_at(World *w, SimTime at, Fact *fact) {
    const Observer *end = w->audience + w->audience_of[fact->kind + 1];
    fact->at = at;
    for (const Observer *o = w->audience + w->audience_of[fact->kind]; o < end; o++)
        o->see(o->user, fact);
}

/* Sorts the observers by what they want; the order of those who want the same stays. */
static void assemble_audience(World *w, const Observer *observers, uint32_t count) {
    uint32_t used = 0;
    w->audience = g_renew(Observer, w->audience, (gsize)count * FACTS + 1);
    for (uint32_t kind = 0; kind < FACTS; kind++) {
        w->audience_of[kind] = used;
        for (uint32_t o = 0; o < count; o++)
            if (observers[o].wants & FACT_BIT(kind))
                w->audience[used++] = observers[o];
    }
    w->audience_of[FACTS] = used;
}

void world_schedule(World *w, SimTime at, EventPhase phase, uint32_t handler, uint32_t subject, uint64_t detail) {
    if (engine_schedule(w->engine, at, phase, handler, subject, detail) != EVENT_NONE)
        horizon_add(&w->horizon, at);
}

/* Kinds may change units in answer to a change; that is told again, until all is quiet. */
void world_settle(World *w) {
    for (uint32_t rounds = 0; w->dirty; rounds++) {
        BUG_IF(rounds > 64, "the kinds keep changing things at one instant");
        bool look_again = w->truth_changed;
        w->dirty = w->truth_changed = false;
        for (ComponentId c = 0; c < w->model->component_count; c++) {
            const Kind *kind = w->model->components[c].kind;
            if (kind->on_change)
                kind->on_change(world_ctx(w, c));
        }
        if (look_again)
            travel_look_again(w);
        messages_follow(w);
    }
}

/* Events of sessions never change the truth; after any other, what is kept about it for the sessions is looked up anew.
 */
static void follow_truth(World *w) {
    uint64_t epoch = netstate_epoch(w->net);
    for (size_t pair = 0; epoch != w->epoch && pair < (size_t)w->class_count * w->class_count; pair++)
        w->gates[pair].open = false;
    w->epoch = epoch;
    for (UnitId u = 0; w->truth_changed && u < w->model->unit_count; u++)
        unit_follow(w, u);
}

static void reset_units(World *w) {
    const Model *model = w->model;
    for (UnitId u = 0; u < model->unit_count; u++) {
        const ModelUnit *unit = &model->units[u];
        w->units[u] =
            (UnitView){unit->component, unit->ordinal, unit->zone, unit->region, UNIT_SERVING, CONDITION_HEALTHY};
        unit_follow(w, u);
    }
    for (PlaceId p = 0; p < model->place_count; p++) {
        w->control[p] = true;
        w->declared[p] = false;
    }
}

static void reset(World *w, Luck luck) {
    const Model *model = w->model;
    engine_reset(w->engine);
    horizon_reset(&w->horizon, model->run.until);
    failures_reset(w);
    netstate_reset(w->net);
    free_holdings(w);
    w->luck = luck;
    memset(w->holdings, 0, sizeof(Holding) * (model->event_count + 1));
    memset(w->security, 0, sizeof(Security) * model->component_count);
    memset(w->implanted, 0, sizeof(bool) * model->unit_count);
    memset(w->verdicts, 0, sizeof(CachedVerdict) * w->class_count * w->class_count * w->variants);
    memset(w->gates, 0, sizeof(Gate) * w->class_count * w->class_count);
    w->slot_count = w->live = w->live_peak = 0;
    w->slot_free = UINT32_MAX;
    w->requests = w->delivered = w->delivered_on = w->copied = 0;
    w->dirty = w->truth_changed = w->running = w->attacked = false;
    w->spread_epoch = w->flood_epoch = 0;
    if (w->fronts)
        memset(w->fronts, 0, sizeof(Front) * model->unit_count);
    for (ComponentId c = 0; c < model->component_count; c++) {
        memset(w->states[c], 0, MAX(model->components[c].kind->state_size, 1));
        w->members[c].meetings = (Meetings){0};
    }
    inspection_reset(w);
    reset_units(w);
    geography_reset(w);
    follow_truth(w);
    w->truth_changed = false;
}

static void start_kinds(World *w) {
    const Model *model = w->model;
    /* Populations ask names when they start, so they come last. */
    for (int populations = 0; populations < 2; populations++)
        for (ComponentId c = 0; c < model->component_count; c++) {
            const Kind *kind = model->components[c].kind;
            if (kind->start && (kind->role == ROLE_POPULATION) == populations)
                kind->start(world_ctx(w, c));
        }
    w->running = true;
    for (UnitId u = 0; u < model->unit_count; u++)
        world_note(w, (Fact){.kind = FACT_UNIT,
                             .component = w->units[u].component,
                             .unit = u,
                             .place = w->units[u].region,
                             .other = UNIT_ABSENT,
                             .amount = w->units[u].state});
    w->dirty = true;
    world_settle(w);
}

static void dispatch(World *w, const Event *event) {
    switch (event->handler) {
    case HANDLE_ARRIVAL: sessions_arrival(w, event->subject); break;
    case HANDLE_TIMER:
        w->model->components[event->subject].kind->on_timer(world_ctx(w, event->subject),
                                                            (uint32_t)(event->detail >> 32), (uint32_t)event->detail);
        break;
    case HANDLE_FAULT_BEGIN: timeline_begin(w, event->subject); break;
    case HANDLE_FAULT_END: timeline_end(w, event->subject); break;
    case HANDLE_HEAL: timeline_heal(w, event->subject, (UnitId)event->detail); break;
    case HANDLE_OWNED: attack_owned(w, event->subject, (ComponentId)event->detail); break;
    case HANDLE_ALERT: attack_alert(w, event->subject, (ComponentId)event->detail); break;
    case HANDLE_RESPONSE: attack_respond(w, event->subject, (ComponentId)event->detail); break;
    case HANDLE_RELEASE: attack_release(w, event->subject, (ComponentId)event->detail); break;
    case HANDLE_FAILURE: failures_fail(w, event->subject); break;
    case HANDLE_REPAIRED: failures_repaired(w, event->subject); break;
    case HANDLE_MITIGATED: conditions_follow(w); break;
    case HANDLE_SHELF: messages_give(w, event->subject); break;
    case HANDLE_DELIVERY: messages_delivery(w, event->subject, event); break;
    case HANDLE_LOOK: w->looks[event->subject].look(w->looks[event->subject].user, w); break;
    default: BUG_IF(true, "an event of an unknown handler");
    }
}

/* The sessions of the events soon to come will be needed in a moment: ask memory for them now. */
static inline __attribute__((always_inline)) void fetch_ahead(const World *w) {
    uint32_t count;
    const Event *soon = queue_soon(&w->engine->queue, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (soon[i].handler != HANDLE_SESSION)
            continue;
        const char *slot = (const char *)&w->slots[soon[i].subject];
        for (size_t line = 0; line < sizeof(Slot); line += 64)
            __builtin_prefetch(slot + line);
    }
}

void world_run(World *w, Luck luck, const Observer *observers, uint32_t observer_count, const Look *looks,
               uint32_t look_count) {
    assemble_audience(w, observers, observer_count);
    w->looks = looks;
    reset(w, luck);
    BugContext *context = engine_context(w->engine);
    context->seed = luck.seed;
    context->replication = luck.replication;
    bug_context(context);
    messages_start(w);
    start_kinds(w);
    timeline_schedule(w);
    failures_start(w);
    sessions_start(w);
    newcomers_start(w);
    for (uint32_t l = 0; l < look_count; l++)
        world_schedule(w, looks[l].at, PHASE_SAMPLE, HANDLE_LOOK, l, 0);
    Event event;
    while (engine_next(w->engine, w->model->run.until, &event)) {
        fetch_ahead(w);
        if (event.handler == HANDLE_SESSION) {
            sessions_event(w, event.subject, &event);
            if (w->dirty)
                world_settle(w);
            continue;
        }
        dispatch(w, &event);
        if (event.handler != HANDLE_ARRIVAL)
            flood_follow(w);
        follow_truth(w);
        spread_follow(w);
        if (w->dirty)
            world_settle(w);
        if (event.handler == HANDLE_ARRIVAL)
            continue;
        newcomers_follow(w);
        horizon_pass(&w->horizon, event.at);
    }
    sessions_check_ledger(w);
    messages_end(w);
    for (ComponentId c = 0; c < w->model->component_count; c++)
        if (w->model->components[c].kind->end)
            w->model->components[c].kind->end(world_ctx(w, c));
    bug_context(NULL);
    assemble_audience(w, NULL, 0);
}

const Model *world_model(const World *w) { return w->model; }
SimTime world_now(const World *w) { return engine_now(w->engine); }
const UnitView *world_unit(const World *w, UnitId unit) { return &w->units[unit]; }
const NetState *world_netstate(const World *w) { return w->net; }
bool world_component_owned(const World *w, ComponentId component) { return w->security[component].owned; }
bool world_fault_holds(const World *w, uint32_t e) { return w->holdings[e].holds; }
Traffic world_traffic(const World *w, ComponentId from, ComponentId to) {
    Traffic sum = {0, 0};
    for (uint32_t a = w->first_class[from]; a < w->first_class[from + 1]; a++)
        for (uint32_t b = w->first_class[to]; b < w->first_class[to + 1]; b++) {
            const Traffic *traffic = &w->gates[(size_t)a * w->class_count + b].traffic;
            sum.tried += traffic->tried;
            sum.failed += traffic->failed;
        }
    return sum;
}
Meetings world_meetings(const World *w, ComponentId component) { return w->members[component].meetings; }
PopulationLedger world_ledger(const World *w, ComponentId population) { return w->populations[population].ledger; }
uint64_t world_digest(const World *w) { return engine_digest(w->engine); }

WorldEffort world_effort(const World *w) {
    return (WorldEffort){engine_counts(w->engine).executed, w->requests, w->live_peak, sizeof(Slot) + sizeof(Event)};
}
