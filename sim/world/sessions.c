/* sessions.c - live sessions: arrive, send, learn the answer, pause, leave or give up. One pending event each.
 *
 * Every session ends in exactly one entry of its population's ledger; sessions_check_ledger proves it at the end of
 * each run. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "world/state.h"

/* Big pages, where the system has them: a run touches slots all over, and each would miss the page tables otherwise. */
static void slots_grow(World *w) {
    enum { BIG_PAGE = 2 << 20 };
    uint32_t room = w->slot_room ? 2 * w->slot_room : BIG_PAGE / sizeof(Slot);
    size_t size = (sizeof(Slot) * room + BIG_PAGE - 1) / BIG_PAGE * BIG_PAGE;
    Slot *slots = aligned_alloc(BIG_PAGE, size);
    BUG_IF(!slots, "no memory for another session");
    madvise(slots, size, MADV_HUGEPAGE);
    if (w->slot_count)
        memcpy(slots, w->slots, sizeof(Slot) * w->slot_count);
    free(w->slots);
    w->slots = slots;
    w->slot_room = room;
}

Slot *slot_take(World *w) {
    if (w->slot_free == UINT32_MAX && w->slot_count == w->slot_room)
        slots_grow(w);
    uint32_t index = w->slot_free;
    if (index == UINT32_MAX)
        index = w->slot_count++;
    else
        w->slot_free = w->slots[index].free_next;
    memset(&w->slots[index], 0, sizeof(Slot));
    return &w->slots[index];
}

void slot_give(World *w, Slot *slot) {
    slot->phase = SLOT_FREE;
    slot->pending = EVENT_NONE;
    slot->free_next = w->slot_free;
    w->slot_free = (uint32_t)(slot - w->slots);
}

void session_schedule(World *w, Slot *slot, SimTime at, EventPhase phase, SlotPhase what) {
    slot->phase = (uint8_t)what;
    if (__builtin_expect(slot_delivers(slot), 0)) {
        slot->pending = engine_schedule(w->engine, at, phase, HANDLE_DELIVERY, (uint32_t)(slot - w->slots), 0);
        if (slot->pending != EVENT_NONE)
            horizon_add(&w->horizon, at); /* who works on it may be launched or terminated */
        return;
    }
    slot->pending = engine_schedule(w->engine, at, phase, HANDLE_SESSION, (uint32_t)(slot - w->slots), 0);
}

/* The session's own draws: a block for its beginning and one for each attempt, so that no draw moves another. */
static Draw session_luck(const Population *population, const Session *session) {
    Draw luck = stream_draw(&population->sessions, session_key(session));
    luck.step = ((uint64_t)session->requests + 1) * 256 + (uint64_t)session->attempt * 16;
    return luck;
}

static void report(World *w, const Slot *slot, SimTime at, Fact *fact) {
    const Session *session = &slot->session;
    fact->component = population_of(slot)->component;
    fact->subject = session->serial;
    fact->place = session->established ? session->home_region : NO_PLACE;
    world_report_at(w, at, fact);
}

#define note_session(w, slot, at, ...) report((w), (slot), (at), &__VA_ARGS__)

static void session_over(World *w, Slot *slot) {
    w->live--;
    slot_give(w, slot);
}

static void session_complete(World *w, Slot *slot) {
    population_of(slot)->ledger.completed++;
    note_session(w, slot, clock_of(w),
                 (Fact){.kind = FACT_COMPLETED,
                        .unit = NO_UNIT,
                        .amount = slot->session.requests,
                        .span = simtime_sub(clock_of(w), slot->session.arrived)});
    session_over(w, slot);
}

/* The resolver's answer is stale when the name now means something else. */
static bool name_is_stale(World *w, const Slot *slot) {
    const Session *session = &slot->session;
    Ctx *cx = world_ctx(w, population_of(slot)->component);
    if (session->name == NO_COMPONENT || session->entry == NO_COMPONENT ||
        !w->model->components[session->name].kind->resolve)
        return false;
    Draw luck = session_luck(population_of(slot), session);
    NameAnswer now = cx->ops->resolve(cx, session->name, w->model->components[cx->self].place, &luck);
    return now.any && now.target != session->entry;
}

static uint8_t failure_flags(World *w, const Slot *slot) {
    uint8_t flags = slot->session.established ? BROKEN_ESTABLISHED : 0;
    if (name_is_stale(w, slot))
        flags |= BROKEN_STALE_NAME;
    if (slot->blamed != NO_UNIT && !condition_equal(&w->units[slot->blamed].condition, &CONDITION_HEALTHY))
        flags |= BROKEN_UNDER_FAULT;
    if (w->model->forgeries)
        flags |= forgery_flags(w, slot);
    return flags;
}

/* Gives up. A user who comes back is a new session, linked to this one, with the same resolver and what was left of his
 * time. */
static void session_break(World *w, Slot *slot, const Visit *visit) {
    population_of(slot)->ledger.broken++;
    note_session(w, slot, clock_of(w),
                 (Fact){.kind = FACT_BROKEN,
                        .cause = visit->cause,
                        .unit = slot->blamed,
                        .rule = slot->rule,
                        .flags = failure_flags(w, slot),
                        .other = slot->session.instead_of,
                        .amount = simtime_sub(clock_of(w), slot->sent).ns,
                        .span = simtime_sub(clock_of(w), slot->session.arrived)});
    w->live--;
    if (!visit->again) {
        slot_give(w, slot);
        return;
    }
    SimTime at = simtime_add(clock_of(w), population_of(slot)->returns_after);
    session_schedule(w, slot, at, PHASE_ARRIVE, SLOT_RETURNING);
}

static void session_go_on(World *w, Slot *slot, const Visit *visit) {
    switch (visit->kind) {
    case VISIT_SEND: travel_send(w, slot, visit->at); break;
    case VISIT_WAIT: session_schedule(w, slot, visit->at, PHASE_TIMER, SLOT_WAITING); break;
    case VISIT_LEAVE: session_schedule(w, slot, visit->at, PHASE_TIMER, SLOT_LEAVING); break;
    case VISIT_BREAK: session_break(w, slot, visit); break;
    }
}

static void session_begin(World *w, Slot *slot) {
    Population *population = population_of(slot);
    Session *session = &slot->session;
    uint32_t instead_of = session->instead_of, resolver = session->resolver, person = session->person;
    uint16_t returns = (uint16_t)(session->returns + (instead_of != UINT32_MAX));
    SimTime ends = session->ends;
    *session = (Session){.serial = (uint32_t)population->next_serial++,
                         .resolver = resolver,
                         .name = slot->entrance->name,
                         .entry = NO_COMPONENT,
                         .node = NO_UNIT,
                         .instead_of = instead_of,
                         .home_zone = NO_PLACE,
                         .home_region = NO_PLACE,
                         .home_unit = NO_UNIT,
                         .person = person,
                         .returns = returns,
                         .arrived = clock_of(w),
                         .ends = ends};
    slot->blamed = NO_UNIT;
    slot->rule = 0;
    slot->sent = clock_of(w);
    Draw luck = stream_draw(&population->sessions, session_key(session));
    slot->hostile = population->hostile_share > 0 && draw_chance(&luck, population->hostile_share);
    luck.step = 8;
    population->ledger.arrived++;
    w->live++;
    w->live_peak = MAX(w->live_peak, w->live);
    Visit visit = population->kind->first(world_ctx(w, population->component), session, &luck);
    note_session(w, slot, clock_of(w),
                 (Fact){.kind = FACT_ARRIVED, .unit = NO_UNIT, .amount = session->resolver, .other = instead_of});
    session_go_on(w, slot, &visit);
}

static void schedule_arrival(World *w, uint32_t l, SimTime last) {
    const LoadSpec *load = &w->model->loads[l];
    uint64_t number = w->load_numbers[l]++;
    Draw luck = stream_draw(&w->load_streams[l], number);
    engine_schedule(w->engine, load->kind->next(load->spec, last, number, &luck), PHASE_ARRIVE, HANDLE_ARRIVAL, l, 0);
}

void sessions_start(World *w) {
    const Model *model = w->model;
    for (ComponentId c = 0; c < model->component_count; c++) {
        w->populations[c].sessions = luck_stream(w->luck, model->components[c].name, "session");
        w->populations[c].requests = luck_stream(w->luck, model->components[c].name, "request");
        w->populations[c].next_serial = 0;
        w->populations[c].ledger = (PopulationLedger){0};
    }
    for (uint32_t l = 0; l < model->load_count; l++) {
        w->load_streams[l] = luck_stream(w->luck, model->components[model->loads[l].population].name, "arrival");
        w->load_numbers[l] = 0;
        schedule_arrival(w, l, SIMTIME_ZERO);
    }
}

void sessions_arrival(World *w, uint32_t l) {
    uint32_t person = (uint32_t)(w->load_numbers[l] - 1); /* the one that was scheduled last */
    schedule_arrival(w, l, clock_of(w));
    if (w->entrances[l].shelf != NO_SHELF) {
        messages_job(w, l, person);
        return;
    }
    Slot *slot = slot_take(w);
    slot->entrance = &w->entrances[l];
    slot->session.person = person;
    slot->session.instead_of = UINT32_MAX;
    session_begin(w, slot);
}

static bool state_is_there(const World *w, const Session *session, UnitId server) {
    switch (w->members[w->briefs[server].component].state_scope) {
    case SCOPE_UNIT: return session->home_unit == server;
    case SCOPE_ZONE: return session->home_zone == w->units[server].zone;
    case SCOPE_REGION: return session->home_region == w->briefs[server].region;
    default: return true;
    }
}

/* The first good answer of a machine settles where the session lives; later ones must come from where its state is.
 * What no machine answered (a delivery network did, say) is of no session. */
static bool settle_home(World *w, Slot *slot, UnitId server) {
    Session *session = &slot->session;
    bool settled = session->home_unit != NO_UNIT;
    if (server != NO_UNIT && settled && !state_is_there(w, session, server))
        return false;
    if (server != NO_UNIT && !settled) {
        session->home_unit = server;
        session->home_zone = w->units[server].zone;
        session->home_region = w->units[server].region;
    }
    if (!session->established) {
        session->established = true;
        note_session(w, slot, clock_of(w),
                     (Fact){.kind = FACT_ESTABLISHED,
                            .unit = server,
                            .other = session->instead_of,
                            .amount = session->resolver,
                            .span = simtime_sub(clock_of(w), session->arrived)});
    }
    return true;
}

static UnitId server_of(const Slot *slot) { return slot->server_at == NOT_MET ? NO_UNIT : slot->path[slot->server_at]; }

/* A first answer is news: who waits for one hears of it in order of time. */
bool session_foresees(const World *w, const Slot *slot, SimTime at) {
    UnitId server = server_of(slot);
    return slot->session.established && simtime_before(clock_of(w), at) && horizon_is_beyond(&w->horizon, at) &&
           (server == NO_UNIT || state_is_there(w, &slot->session, server));
}

static void report_failure(World *w, Slot *slot) {
    note_session(w, slot, clock_of(w),
                 (Fact){.kind = FACT_FAILED,
                        .cause = (Cause)slot->cause,
                        .unit = slot->blamed,
                        .rule = slot->rule,
                        .flags = failure_flags(w, slot),
                        .amount = slot->session.attempt,
                        .span = simtime_sub(clock_of(w), slot->sent)});
}

/* The client knows, at `at`, how his attempt ended: what he does next. */
static void session_next(World *w, Slot *slot, SimTime at) {
    const Population *population = population_of(slot);
    Cause cause = (Cause)slot->cause;
    Answer answer = {cause == CAUSE_NONE, cause, at, slot->blamed, slot->rule, server_of(slot)};
    Draw luck = session_luck(population, &slot->session);
    Ctx *cx = world_ctx(w, population->component);
    cx->now = at;
    Visit visit = population->kind->next(cx, &slot->session, &answer, &luck);
    w->requests++;
    session_go_on(w, slot, &visit);
}

void session_served(World *w, Slot *slot, SimTime at) {
    Session *session = &slot->session;
    slot->blamed = NO_UNIT;
    slot->rule = 0;
    session->requests++;
    note_session(w, slot, at,
                 (Fact){.kind = FACT_SERVED,
                        .unit = slot->path_length ? slot->path[slot->path_length - 1] : NO_UNIT,
                        .amount = session->attempt + 1,
                        .span = simtime_sub(at, session->first_try)});
    session_next(w, slot, at);
}

static void session_answered(World *w, Slot *slot) {
    if (slot->cause == CAUSE_NONE && !settle_home(w, slot, server_of(slot)))
        slot->cause = CAUSE_STATE_GONE;
    if (slot->cause == CAUSE_NONE) {
        session_served(w, slot, clock_of(w));
        return;
    }
    report_failure(w, slot);
    session_next(w, slot, clock_of(w));
}

static void session_resume(World *w, Slot *slot) {
    Population *population = population_of(slot);
    Draw luck = session_luck(population, &slot->session);
    luck.step += 8;
    Visit visit = population->kind->resume(world_ctx(w, population->component), &slot->session, &luck);
    session_go_on(w, slot, &visit);
}

void sessions_event(World *w, uint32_t index, const Event *event) {
    Slot *slot = &w->slots[index];
    if (engine_is_stale(w->engine, event, slot->pending))
        return;
    switch ((SlotPhase)slot->phase) {
    case SLOT_RETURNING:
        slot->session.instead_of = slot->session.serial;
        session_begin(w, slot);
        break;
    case SLOT_SENDING:
    case SLOT_TRAVELLING: travel_deliver(w, slot); break;
    case SLOT_ANSWERED: session_answered(w, slot); break;
    case SLOT_WAITING: session_resume(w, slot); break;
    case SLOT_LEAVING: session_complete(w, slot); break;
    case SLOT_TAKEN:
    case SLOT_FREE: BUG_IF(true, "an event of a session that is over");
    }
}

void sessions_check_ledger(const World *w) {
    const Model *model = w->model;
    uint64_t *active = g_new0(uint64_t, model->component_count + 1);
    for (uint32_t s = 0; s < w->slot_count; s++)
        if (w->slots[s].phase != SLOT_FREE && w->slots[s].phase != SLOT_RETURNING && !slot_delivers(&w->slots[s]))
            active[population_of(&w->slots[s])->component]++;
    for (ComponentId c = 0; c < model->component_count; c++) {
        PopulationLedger *ledger = &w->populations[c].ledger;
        ledger->active = active[c];
        BUG_IF(ledger->arrived != ledger->completed + ledger->broken + ledger->active, "the ledger does not balance");
    }
    EngineCounts counts = engine_counts(w->engine);
    BUG_IF(counts.executed != counts.scheduled - counts.cancelled - counts.pending,
           "the engine's counts do not balance");
    g_free(active);
}
