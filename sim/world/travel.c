/* travel.c - a request on its way along its flow, and what can happen to it.
 *
 * From the client (or from a unit that must meet its requests in order) the way is computed ahead as far as the next such unit; there
 * the request gets an event. At each unit it is checked that the unit works, that the hop is allowed (reach/) and that nothing was
 * dropped. When the truth changes while something is under way, travel_look_again computes it anew or lets it die; an answer
 * under way dies with any unit that the request passed. */
#include "world/state.h"

#define HOP_STEPS 64u /* draws that one hop of one attempt may use */

static const LoadSpec *load_of(const World *w, const Slot *slot) { return &w->model->loads[slot->load]; }

static const Component *population_component(const World *w, const Slot *slot) {
    return &w->model->components[load_of(w, slot)->population];
}

/* Where the request is or is bound for, and where it came from. */
static UnitId unit_of(const Slot *slot) { return slot->path[slot->path_length - 1]; }

static UnitId from_of(const World *w, const Slot *slot) {
    return slot->path_length > 1 ? slot->path[slot->path_length - 2] : population_component(w, slot)->first_unit;
}

static Request request_of(const World *w, const Slot *slot, UnitId unit, SimTime now) {
    const Session *session = &slot->session;
    const Population *population = &w->populations[load_of(w, slot)->population];
    return (Request){
        .luck = stream_draw(&population->requests, session_key(session) << 20 | (session->requests & 0xfffff)),
        .now = now,
        .unit = unit,
        .from = unit,
        .population = population->component,
        .session = session->serial,
        .number = session->requests,
        .resolver = session->resolver,
        .step = slot->step,
        .attempt = (uint8_t)MIN(session->attempt, 255u),
        .write = slot->write,
        .hostile = slot->hostile,
    };
}

/* A hop's draws: the crossing has the first half of its steps, what happens at the unit the second. */
static void set_hop_luck(Request *rq) { rq->luck.step = ((uint64_t)rq->attempt * 16 + rq->step + 1) * HOP_STEPS; }
static void set_unit_luck(Request *rq) {
    set_hop_luck(rq);
    rq->luck.step += HOP_STEPS / 2;
}

/* The client knows at `known`, or at its timeout if that comes first. */
static void conclude(World *w, Slot *slot, Cause cause, SimTime known) {
    const Component *population = population_component(w, slot);
    SimTime timeout = simtime_add(slot->sent, population->kind->timeout(population->spec));
    if (simtime_before(timeout, known)) {
        known = timeout;
        if (cause == CAUSE_NONE)
            cause = CAUSE_SLOW;
    }
    slot->cause = (uint8_t)cause;
    session_schedule(w, slot, simtime_max(known, world_now(w)), PHASE_DELIVER, SLOT_ANSWERED);
}

void travel_fail(World *w, Slot *slot, Cause cause, UnitId unit, uint32_t rule, SimTime known) {
    slot->blamed = unit;
    slot->rule = rule;
    conclude(w, slot, cause, known);
}

static uint16_t spot_at(const World *w, const Slot *slot, uint32_t upto) {
    uint16_t spot = w->populations[load_of(w, slot)->population].spot;
    for (uint32_t i = 0; i < upto; i++)
        if (w->unit_spot[slot->path[i]] != SPOT_NOWHERE)
            spot = w->unit_spot[slot->path[i]];
    return spot;
}

/* The answer goes back the way the request came: what that takes, and whether it arrives. */
static SimTime way_back(World *w, const Slot *slot, SimTime ready, Draw *luck, bool *dropped) {
    uint16_t spots[PATH_MOST + 1];
    uint16_t spot = spots[0] = w->populations[load_of(w, slot)->population].spot;
    for (uint32_t i = 0; i < slot->path_length; i++) {
        uint16_t next = w->unit_spot[slot->path[i]];
        spots[i + 1] = spot = next == SPOT_NOWHERE ? spot : next;
    }
    for (uint32_t i = slot->path_length; i > 0; i--)
        if (w->unit_spot[slot->path[i - 1]] != SPOT_NOWHERE)
            ready = geography_cross(w, spots[i], spots[i - 1], ready, CARRY_ANSWER, luck, dropped);
    return ready;
}

static void answer(World *w, Slot *slot, Request *rq, Cause cause, SimTime ready) {
    bool dropped = false;
    rq->step = 15;
    set_hop_luck(rq);
    SimTime known = way_back(w, slot, ready, &rq->luck, &dropped);
    if (dropped)
        travel_fail(w, slot, CAUSE_DROPPED, rq->unit, 0, SIMTIME_NEVER);
    else if (cause != CAUSE_NONE)
        travel_fail(w, slot, cause, rq->unit, 0, known);
    else
        conclude(w, slot, CAUSE_NONE, known);
}

static Cause cause_of_verdict(const World *w, const Verdict *verdict, const Request *rq) {
    if (w->security[w->units[rq->unit].component].isolated || w->security[w->units[rq->from].component].isolated)
        return CAUSE_CUT;
    return verdict->kind == VERDICT_DENY ? CAUSE_DENIED : CAUSE_NO_ROUTE;
}

/* May the request be worked on at this unit? False: it failed and the client will know. A filter and a dead host say nothing; a host
 * that refuses, and a missing route, are known as soon as word comes back. */
static bool admitted(World *w, Slot *slot, Request *rq) {
    const UnitView *unit = &w->units[rq->unit];
    Traffic *traffic = &w->traffic[(size_t)w->units[rq->from].component * w->model->component_count + unit->component];
    traffic->tried++;
    const Verdict *verdict = world_verdict(w, rq->from, rq->unit, unit->component);
    if (unit_works(unit) && verdict->kind == VERDICT_REACH &&
        !(unit->condition.loss > 0 && draw_chance(&rq->luck, unit->condition.loss)))
        return true;
    traffic->failed++;
    SimTime back = simtime_add(rq->now, slot->way);
    if (!unit_works(unit))
        travel_fail(w, slot, unit->condition.refuses ? CAUSE_REFUSED : CAUSE_SILENT, rq->unit, 0,
                    unit->condition.refuses ? back : SIMTIME_NEVER);
    else if (verdict->kind != VERDICT_REACH)
        travel_fail(w, slot, cause_of_verdict(w, verdict, rq), rq->unit, verdict->element,
                    verdict->kind == VERDICT_NO_ROUTE ? back : SIMTIME_NEVER);
    else
        travel_fail(w, slot, CAUSE_DROPPED, rq->unit, 0, SIMTIME_NEVER);
    return false;
}

static const Kind *kind_of_unit(const World *w, UnitId unit) {
    return w->model->components[w->units[unit].component].kind;
}

/* Let the unit work on it; *outcome is made in place. */
static void meet(World *w, Slot *slot, Request *rq, Outcome *outcome) {
    ComponentId component = w->units[rq->unit].component;
    const Kind *kind = w->model->components[component].kind;
    w->meetings[component].met++;
    if (kind->on_request)
        *outcome = kind->on_request(world_ctx(w, component), rq);
    else
        *outcome = outcome_pass(rq->now);
    if (outcome->kind == OUTCOME_FAIL) {
        w->meetings[component].turned_away++;
        return;
    }
    if (kind->role == ROLE_COMPUTE && slot->server_at == NOT_MET)
        slot->server_at = (uint8_t)(slot->path_length - 1);
    if (kind->in_order) {
        slot->station_at = (uint8_t)(slot->path_length - 1);
        slot->arrived = rq->now;
        slot->start = outcome->start;
        slot->ready = outcome->ready;
    }
}

/* The component of the next step that requests pass through, in this session's copy; NO_COMPONENT at the end of the flow. */
static ComponentId next_component(const World *w, const Slot *slot, uint8_t *step) {
    uint32_t copy = slot->session.entry == NO_COMPONENT ? 0 : w->copy_index[slot->session.entry];
    const Way *route = &w->ways[load_of(w, slot)->flow * w->copies_most + copy];
    for (uint8_t s = (uint8_t)(*step + 1); s < route->steps; s++) {
        if (route->step[s] == NO_COMPONENT)
            continue;
        *step = s;
        return route->step[s];
    }
    return NO_COMPONENT;
}

static UnitId door_of(World *w, Slot *slot, const Request *rq, ComponentId component) {
    const Component *next = &w->model->components[component];
    bool entry = component == slot->session.entry;
    if (entry && slot->session.node != NO_UNIT)
        return slot->session.node;
    UnitId unit = next->first_unit;
    if (next->kind->door) {
        unit = next->kind->door(world_ctx(w, component), rq);
    } else {
        for (uint32_t u = next->unit_count; u > 0; u--)
            if (unit_works(&w->units[next->first_unit + u - 1]))
                unit = next->first_unit + u - 1;
    }
    if (entry)
        slot->session.node = unit;
    return unit;
}

/* Cross from `spot` to `unit`. False: dropped on the way (the client will know). */
static bool hop(World *w, Slot *slot, Request *rq, uint16_t *spot, UnitId unit) {
    BUG_IF(slot->path_length == PATH_MOST, "a flow has more steps than a path holds");
    bool dropped = false;
    uint16_t to = w->unit_spot[unit];
    SimTime arrives = rq->now;
    slot->path[slot->path_length++] = unit;
    slot->step = rq->step;
    set_hop_luck(rq);
    if (to != SPOT_NOWHERE) { /* an edge service is wherever the request is */
        arrives = geography_cross(w, *spot, to, rq->now, CARRY_REQUEST, &rq->luck, &dropped);
        *spot = to;
    }
    /* A delay of the unit is on its way in, so that what meets requests in order meets them at the clock's own time. */
    arrives = simtime_add(arrives, w->units[unit].condition.delay);
    slot->way = simtime_add(slot->way, simtime_sub(arrives, rq->now));
    rq->from = rq->unit;
    rq->unit = unit;
    rq->now = arrives;
    if (dropped)
        travel_fail(w, slot, CAUSE_DROPPED, unit, 0, SIMTIME_NEVER);
    return !dropped;
}

/* Work at the present unit is planned; go on until the next unit that meets requests in order, or the end. */
static void go_on(World *w, Slot *slot, Request *rq, uint16_t spot, Outcome *outcome) {
    for (;;) {
        if (outcome->kind == OUTCOME_FAIL) {
            answer(w, slot, rq, outcome->cause, outcome->ready);
            return;
        }
        rq->now = outcome->ready;
        ComponentId next = outcome->kind == OUTCOME_ANSWER ? NO_COMPONENT : next_component(w, slot, &rq->step);
        if (next == NO_COMPONENT) {
            answer(w, slot, rq, CAUSE_NONE, outcome->ready);
            return;
        }
        UnitId unit = outcome->kind == OUTCOME_PASS_TO ? outcome->unit : door_of(w, slot, rq, next);
        if (!hop(w, slot, rq, &spot, unit))
            return;
        if (kind_of_unit(w, unit)->in_order) {
            session_schedule(w, slot, rq->now, PHASE_DELIVER, slot->ahead ? SLOT_SENDING : SLOT_TRAVELLING);
            return;
        }
        set_unit_luck(rq);
        if (!admitted(w, slot, rq))
            return;
        meet(w, slot, rq, outcome);
    }
}

void travel_send(World *w, Slot *slot, SimTime at) {
    const Component *population = population_component(w, slot);
    slot->sent = at;
    slot->step = slot->path_length = 0;
    slot->way = SIMTIME_ZERO;
    slot->station_at = slot->server_at = NOT_MET;
    slot->ahead = simtime_before(world_now(w), at);
    Request rq = request_of(w, slot, population->first_unit, at);
    if (slot->session.attempt == 0) {
        Draw luck = rq.luck;
        slot->write = draw_chance(&luck, population->kind->write_share ? population->kind->write_share(population->spec) : 0);
        rq.write = slot->write;
    }
    Outcome outcome = outcome_pass(at);
    go_on(w, slot, &rq, w->populations[load_of(w, slot)->population].spot, &outcome);
}

void travel_deliver(World *w, Slot *slot) {
    Request rq = request_of(w, slot, unit_of(slot), world_now(w));
    rq.from = from_of(w, slot);
    set_unit_luck(&rq);
    slot->ahead = false;
    if (!admitted(w, slot, &rq))
        return;
    Outcome outcome;
    meet(w, slot, &rq, &outcome);
    go_on(w, slot, &rq, spot_at(w, slot, slot->path_length), &outcome);
}

/* What is under way has met something that no longer works: the client gets silence, a reset, or nothing because it was cut. */
static void die_with(World *w, Slot *slot, UnitId unit) {
    const UnitView *dead = &w->units[unit];
    if (w->security[dead->component].isolated)
        travel_fail(w, slot, CAUSE_CUT, unit, 0, SIMTIME_NEVER);
    else if (dead->condition.refuses)
        travel_fail(w, slot, CAUSE_REFUSED, unit, 0, simtime_add(world_now(w), slot->way));
    else
        travel_fail(w, slot, CAUSE_SILENT, unit, 0, SIMTIME_NEVER);
}

static void look_at(World *w, Slot *slot) {
    if (slot->ahead && simtime_before(world_now(w), slot->sent) &&
        (slot->phase == SLOT_SENDING || slot->phase == SLOT_ANSWERED)) {
        travel_send(w, slot, slot->sent);
        return;
    }
    uint32_t passed = slot->path_length;
    if (slot->phase == SLOT_TRAVELLING || slot->phase == SLOT_SENDING)
        passed--; /* the last one is only bound for: it is asked on arrival */
    else if (slot->phase != SLOT_ANSWERED || slot->cause != CAUSE_NONE)
        return;
    for (uint32_t i = 0; i < passed; i++) {
        const UnitView *unit = &w->units[slot->path[i]];
        if (!unit_works(unit) && unit->state == UNIT_SERVING) {
            die_with(w, slot, slot->path[i]);
            return;
        }
        if (w->security[unit->component].isolated) {
            die_with(w, slot, slot->path[i]);
            return;
        }
    }
}

void travel_look_again(World *w) {
    for (uint32_t s = 0; s < w->slot_count; s++)
        if (w->slots[s].phase != SLOT_FREE)
            look_at(w, &w->slots[s]);
}

static bool is_at(const World *w, const Slot *slot, UnitId unit) {
    bool under_way = slot->phase == SLOT_TRAVELLING || (slot->phase == SLOT_ANSWERED && slot->cause != CAUSE_SILENT);
    return slot->station_at != NOT_MET && slot->path[slot->station_at] == unit && under_way && simtime_before(world_now(w), slot->ready);
}

static int by_arrival(gconstpointer a, gconstpointer b) {
    const Slot *x = *(Slot *const *)a, *y = *(Slot *const *)b;
    if (x->arrived.ns != y->arrived.ns)
        return x->arrived.ns < y->arrived.ns ? -1 : 1;
    if (x->start.ns != y->start.ns)
        return x->start.ns < y->start.ns ? -1 : 1;
    return (x->session.serial > y->session.serial) - (x->session.serial < y->session.serial);
}

/* From its station, with a new time to leave it, the request goes on as it would have. */
static void go_on_from_station(World *w, Slot *slot, const Job *job) {
    if (simtime_equal(job->ready, slot->ready))
        return;
    slot->start = job->start;
    slot->ready = job->ready;
    slot->path_length = (uint8_t)(slot->station_at + 1u);
    Request rq = request_of(w, slot, unit_of(slot), job->ready);
    const Flow *flow = &w->model->flows[load_of(w, slot)->flow];
    for (uint8_t s = 0; s < flow->step_count; s++)
        for (uint32_t c = 0; c < flow->steps[s].copies; c++)
            if (flow->steps[s].by_copy[c] == w->units[unit_of(slot)].component)
                rq.step = s;
    Outcome outcome = outcome_pass(job->ready);
    go_on(w, slot, &rq, spot_at(w, slot, slot->path_length), &outcome);
}

void travel_replan(World *w, UnitId unit) {
    const Kind *kind = kind_of_unit(w, unit);
    GPtrArray *here = g_ptr_array_new();
    for (uint32_t s = 0; s < w->slot_count; s++)
        if (w->slots[s].phase != SLOT_FREE && is_at(w, &w->slots[s], unit))
            g_ptr_array_add(here, &w->slots[s]);
    g_ptr_array_sort(here, by_arrival);
    Job *jobs = g_new0(Job, here->len + 1);
    for (uint32_t j = 0; j < here->len; j++) {
        const Slot *slot = here->pdata[j];
        jobs[j] = (Job){slot->arrived, slot->start, slot->ready};
    }
    if (kind->on_replan)
        kind->on_replan(world_ctx(w, w->units[unit].component), unit, jobs, here->len);
    for (uint32_t j = 0; j < here->len && kind->on_replan; j++)
        go_on_from_station(w, here->pdata[j], &jobs[j]);
    g_free(jobs);
    g_ptr_array_free(here, TRUE);
}
