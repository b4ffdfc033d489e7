/* travel.c - a request on its way along its flow, and what can happen to it.
 *
 * From the client (or from a unit that must meet its requests in order) the way is computed ahead as far as the next
 * such unit; there the request gets an event. At each unit it is checked that the unit works, that the hop is allowed
 * (reach/) and that nothing was dropped. When the truth changes while something is under way, travel_look_again
 * computes it anew or lets it die; an answer under way dies with any unit that the request passed. */
#include "world/state.h"

#define HOP_STEPS 64u /* draws that one hop of one attempt may use */

/* Where the request is or is bound for, and where it came from. */
static UnitId unit_of(const Slot *slot) { return slot->path[slot->path_length - 1]; }

static UnitId from_of(const Slot *slot) {
    return slot->path_length > 1 ? slot->path[slot->path_length - 2] : population_of(slot)->unit;
}

/* The draws of the session's present request; a delivery's are its job's. */
static inline Draw luck_of(const Population *population, const Session *session) {
    if (__builtin_expect(population->delivers, 0))
        return stream_draw(&population->requests, (uint64_t)session->ends.ns);
    return stream_draw(&population->requests, session_key(session) << 20 | (session->requests & 0xfffff));
}

/* The request as the unit at hand sees it. */
static inline Request request_of(const Slot *slot, UnitId unit, SimTime now) {
    const Session *session = &slot->session;
    const Population *population = population_of(slot);
    return (Request){
        .luck = luck_of(population, session),
        .now = now,
        .unit = unit,
        .from = unit,
        .population = population->component,
        .session = session->serial,
        .number = session->requests,
        .resolver = session->resolver,
        .home = session->home_unit,
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

/* Who works on a message hears of silence when his own patience is over; of his own death nobody hears, and then there
 * is nobody who waits. */
static void conclude_delivery(World *w, Slot *slot, Cause cause, SimTime known) {
    SimTime left = slot->station_at != NOT_MET ? simtime_max(clock_of(w), slot->ready) : clock_of(w);
    if (simtime_is_never(known))
        known = slot->blamed == slot->path[0] ? clock_of(w) : later(left, w->model->network.connect_timeout);
    slot->cause = (uint8_t)cause;
    session_schedule(w, slot, simtime_max(known, clock_of(w)), PHASE_DELIVER, SLOT_ANSWERED);
}

/* The client knows at `known`, or at its timeout if that comes first. */
static void conclude(World *w, Slot *slot, Cause cause, SimTime known) {
    if (__builtin_expect(w->impatient, 0) && patience_ends(w, slot, &known))
        cause = CAUSE_GATEWAY;
    if (__builtin_expect(slot_delivers(slot), 0)) {
        conclude_delivery(w, slot, cause, known);
        return;
    }
    SimTime timeout = later(slot->sent, population_of(slot)->timeout);
    if (simtime_before(timeout, known)) {
        known = timeout;
        cause = cause == CAUSE_NONE ? CAUSE_SLOW : cause;
    }
    slot->cause = (uint8_t)cause;
    if (cause == CAUSE_NONE && !slot->ahead && session_foresees(w, slot, known))
        session_served(w, slot, known);
    else
        session_schedule(w, slot, simtime_max(known, clock_of(w)), PHASE_DELIVER, SLOT_ANSWERED);
}

void travel_fail(World *w, Slot *slot, Cause cause, UnitId unit, uint32_t rule, SimTime known) {
    slot->blamed = unit;
    slot->rule = rule;
    conclude(w, slot, cause, known);
}

/* The last place on the map that the request has come to; an edge service is wherever the request is. */
static uint16_t spot_of(const World *w, const Slot *slot) {
    for (uint32_t i = slot->path_length; i > 0; i--)
        if (w->briefs[slot->path[i - 1]].spot != SPOT_NOWHERE)
            return w->briefs[slot->path[i - 1]].spot;
    return population_of(slot)->spot;
}

static inline SimTime cross_back(World *w, uint16_t from, uint16_t to, SimTime at, Draw *luck, bool *dropped) {
    Link *link = geography_link(w, from, to);
    *dropped = link_loses(link, luck) || *dropped;
    return link_cross(w, link, at, CARRY_ANSWER);
}

/* The answer goes back the way the request came: what that takes, and whether it arrives. */
static SimTime way_back(World *w, const Slot *slot, SimTime ready, Draw *luck, bool *dropped) {
    uint16_t here = SPOT_NOWHERE;
    bool delivered = false;
    for (uint32_t i = slot->path_length; w->inspection && i > slot_delivers(slot); i--)
        ready = inspection_pass(w, i > 1 ? slot->path[i - 2] : population_of(slot)->unit, slot->path[i - 1], ready,
                                CARRY_ANSWER, luck);
    for (uint32_t i = slot->path_length; i > 0; i--) {
        uint16_t next = w->briefs[slot->path[i - 1]].spot;
        if (next == SPOT_NOWHERE) {
            delivered = delivered || w->briefs[slot->path[i - 1]].delivers;
            continue;
        }
        if (here != SPOT_NOWHERE)
            ready = cross_back(w, here, next, ready, luck, dropped);
        here = next;
    }
    w->delivered += delivered;
    if (here == SPOT_NOWHERE || slot_delivers(slot)) /* who works on a message is the first of its path */
        return ready;
    w->delivered_on += delivered;
    return cross_back(w, here, population_of(slot)->spot, ready, luck, dropped);
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
    if (w->members[w->briefs[rq->unit].component].kind->meters && verdict->kind == VERDICT_DENY &&
        (g_str_has_prefix(verdict->code, "DENIED_BY_") || g_str_has_prefix(verdict->code, "NOT_ALLOWED_BY_")))
        return CAUSE_UNAUTHORISED;
    return verdict->kind == VERDICT_DENY ? CAUSE_DENIED : CAUSE_NO_ROUTE;
}

/* A filter says nothing; a missing route, and a gateway that knows its callers, are heard. */
static void fail_by_verdict(World *w, Slot *slot, const Request *rq, const Verdict *verdict, SimTime back) {
    Cause cause = cause_of_verdict(w, verdict, rq);
    bool heard = verdict->kind == VERDICT_NO_ROUTE || verdict->heard || cause == CAUSE_UNAUTHORISED;
    travel_fail(w, slot, cause, rq->unit, verdict->element, heard ? back : SIMTIME_NEVER);
}

/* May the request be worked on at this unit, which is not as it should be, or not yet known to be open to it? False: it
 * failed and the client will know. A filter and a dead host say nothing; a host that refuses, and a missing route, are
 * known as soon as word comes back. */
static bool admitted_after_all(World *w, Slot *slot, Request *rq, Traffic *traffic) {
    const UnitView *unit = &w->units[rq->unit];
    const Verdict *verdict = world_verdict(w, rq->from, rq->unit, unit->component);
    Refusal refusal = {CAUSE_NONE, NO_UNIT};
    if (unit_works(unit) && verdict->kind == VERDICT_REACH &&
        !(unit->condition.loss > 0 && draw_chance(&rq->luck, unit->condition.loss))) {
        refusal = flood_turns_away(w, rq) ? (Refusal){CAUSE_FULL, rq->unit} : trust_refuses(w, slot, rq);
        if (refusal.cause == CAUSE_NONE)
            return true;
    }
    traffic->failed++;
    SimTime back = simtime_add(rq->now, slot->way);
    if (verdict->kind == VERDICT_DENY && reach_turned_back(verdict))
        attack_turned_back(w, w->units[rq->from].component, unit->component, verdict->element, rq->now);
    if (refusal.cause != CAUSE_NONE)
        travel_fail(w, slot, refusal.cause, refusal.unit, 0,
                    refusal.cause == CAUSE_SILENT || refusal.cause == CAUSE_FULL ? SIMTIME_NEVER : back);
    else if (!unit_works(unit))
        travel_fail(w, slot, unit->condition.refuses ? CAUSE_REFUSED : CAUSE_SILENT, rq->unit, 0,
                    unit->condition.refuses ? back : SIMTIME_NEVER);
    else if (verdict->kind != VERDICT_REACH)
        fail_by_verdict(w, slot, rq, verdict, back);
    else
        travel_fail(w, slot, CAUSE_DROPPED, rq->unit, 0, SIMTIME_NEVER);
    return false;
}

static inline bool admitted(World *w, Slot *slot, Request *rq) {
    const Brief *from = &w->briefs[rq->from], *to = &w->briefs[rq->unit];
    Gate *gate = &w->gates[(size_t)from->class * w->class_count + to->class];
    gate->traffic.tried++;
    return __builtin_expect(to->plain && gate->open, 1) || admitted_after_all(w, slot, rq, &gate->traffic);
}

static void turn_away(World *w, Slot *slot, Request *rq, Member *member, const Outcome *outcome) {
    member->meetings.turned_away++;
    if (outcome->cause == CAUSE_SILENT) /* it died over it: who waits for an answer hears nothing */
        travel_fail(w, slot, CAUSE_SILENT, rq->unit, 0, slot_delivers(slot) ? outcome->ready : SIMTIME_NEVER);
    else
        answer(w, slot, rq, outcome->cause, outcome->ready);
}

/* Let the unit at hand work on the request, until rq->now. True: it goes on, to the unit *to of the next component or
 * (NO_UNIT) through its door; otherwise an answer is on its way. */
static inline bool meet(World *w, Slot *slot, Request *rq, Member *member, UnitId *to) {
    member->meetings.met++;
    *to = NO_UNIT;
    if (!member->on_request)
        return true;
    member->cx.now = clock_of(w);
    const Outcome outcome = member->on_request(&member->cx, rq);
    if (outcome.kind == OUTCOME_FAIL) {
        turn_away(w, slot, rq, member, &outcome);
        return false;
    }
    if (member->computes && slot->server_at == NOT_MET)
        slot->server_at = (uint8_t)(slot->path_length - 1);
    if (member->in_order) {
        slot->station_at = (uint8_t)(slot->path_length - 1);
        slot->arrived = rq->now;
        slot->start = outcome.start;
        slot->ready = outcome.ready;
    }
    rq->now = outcome.ready;
    if (outcome.kind == OUTCOME_PASS_TO)
        *to = outcome.unit;
    if (outcome.kind == OUTCOME_ANSWER)
        answer(w, slot, rq, CAUSE_NONE, outcome.ready);
    return outcome.kind != OUTCOME_ANSWER;
}

/* The flow in this session's copy. */
static const Way *way_of(const World *w, const Slot *slot) {
    ComponentId entry = slot->session.entry;
    return &slot->entrance->ways[entry == NO_COMPONENT ? 0 : w->copy_index[entry]];
}

static UnitId first_working(const World *w, const Member *member) {
    for (UnitId unit = member->first_unit; unit < member->first_unit + member->unit_count; unit++)
        if (unit_works(&w->units[unit]))
            return unit;
    return member->first_unit;
}

/* Any that works, each as likely, by a draw that this hop has for itself. */
static UnitId some_working(const World *w, const Member *member, const Request *rq) {
    uint32_t working = 0;
    for (UnitId u = 0; u < member->unit_count; u++)
        working += unit_works(&w->units[member->first_unit + u]);
    if (working == 0)
        return member->first_unit;
    Draw luck = rq->luck;
    luck.step = ((uint64_t)rq->attempt * 16 + rq->step + 2) * HOP_STEPS - 1;
    uint64_t chosen = draw_below(&luck, working);
    for (UnitId unit = member->first_unit;; unit++)
        if (unit_works(&w->units[unit]) && chosen-- == 0)
            return unit;
}

static inline UnitId door_of(World *w, Slot *slot, const Request *rq, ComponentId component) {
    bool entry = component == slot->session.entry;
    if (entry && slot->session.node != NO_UNIT)
        return slot->session.node;
    const Member *member = &w->members[component];
    UnitId unit = member->door      ? member->door(world_ctx(w, component), rq)
                  : member->spreads ? some_working(w, member, rq)
                                    : first_working(w, member);
    if (entry)
        slot->session.node = unit;
    return unit;
}

/* Cross from `spot` to `unit`. False: dropped on the way (the client will know). */
static inline bool hop(World *w, Slot *slot, Request *rq, uint16_t *spot, UnitId unit) {
    BUG_IF(slot->path_length == PATH_MOST, "a flow has more steps than a path holds");
    const Brief *brief = &w->briefs[unit];
    SimTime arrives = rq->now;
    Link *link = NULL;
    slot->path[slot->path_length++] = unit;
    slot->step = rq->step;
    rq->from = rq->unit;
    rq->unit = unit;
    if (brief->spot != SPOT_NOWHERE) { /* an edge service is wherever the request is */
        link = geography_link(w, *spot, brief->spot);
        arrives = link_cross(w, link, arrives, CARRY_REQUEST);
        *spot = brief->spot;
    }
    /* A delay of the unit is on its way in, so that what meets requests in order meets them at the clock's own time. */
    if (__builtin_expect(!brief->plain, 0)) {
        arrives = later(arrives, w->units[unit].condition.delay);
        if (w->model->trust.any)
            arrives = later(arrives, trust_delay(w, slot, rq->from, unit));
        if (w->inspection) {
            set_hop_luck(rq);
            rq->luck.step += HOP_STEPS / 4;
            arrives = inspection_pass(w, rq->from, unit, arrives, CARRY_REQUEST, &rq->luck);
        }
    }
    slot->way = later(slot->way, simtime_sub(arrives, rq->now));
    rq->now = arrives;
    if (__builtin_expect(!link || !link->drops, 1))
        return true;
    set_hop_luck(rq);
    if (!link_loses(link, &rq->luck))
        return true;
    travel_fail(w, slot, CAUSE_DROPPED, unit, 0, SIMTIME_NEVER);
    return false;
}

/* From unit to unit until the next one that meets requests in order, or the end. The request stands at `here` and is
 * worked on first; or (NULL) it is done with and goes on at rq->now from `spot` to the next component. */
static void go_on(World *w, Slot *slot, Request *rq, uint16_t spot, Member *here) {
    const Way *way = way_of(w, slot);
    UnitId to = NO_UNIT;
    for (;;) {
        if (here && !(admitted(w, slot, rq) && meet(w, slot, rq, here, &to)))
            return;
        const Stop *next = &way->after[rq->step];
        if (next->component == NO_COMPONENT) {
            answer(w, slot, rq, CAUSE_NONE, rq->now);
            return;
        }
        rq->step = next->step;
        if (to == NO_UNIT)
            to = door_of(w, slot, rq, next->component);
        if (!hop(w, slot, rq, &spot, to))
            return;
        here = &w->members[w->briefs[to].component];
        if (here->in_order || next->keep) {
            session_schedule(w, slot, rq->now, PHASE_DELIVER, slot->ahead ? SLOT_SENDING : SLOT_TRAVELLING);
            return;
        }
        set_unit_luck(rq);
    }
}

static bool draws_write(const Population *population, const Session *session) {
    Draw luck = luck_of(population, session);
    return population->write_share > 0 && draw_chance(&luck, population->write_share);
}

void travel_send(World *w, Slot *slot, SimTime at) {
    const Population *population = population_of(slot);
    slot->sent = at;
    slot->step = slot->path_length = 0;
    slot->way = SIMTIME_ZERO;
    slot->station_at = slot->server_at = NOT_MET;
    slot->ahead = simtime_before(clock_of(w), at);
    if (slot->session.attempt == 0)
        slot->write = draws_write(population, &slot->session);
    if (__builtin_expect(w->model->forgeries, 0) && forgery_catches(w, slot))
        return;
    Request rq = request_of(slot, population->unit, at);
    go_on(w, slot, &rq, population->spot, NULL);
}

/* What is kept here is kept when this unit has done its part, whether or not the answer ever gets back. */
static void deliver_kept(World *w, Slot *slot, Request *rq, Keep keep) {
    Member *member = &w->members[w->briefs[rq->unit].component];
    uint64_t turned_away = member->meetings.turned_away;
    const Slot asked = *slot; /* when its answer is certain, it is about the next request by then */
    UnitId to;
    rq->write = rq->write || keep == KEEP_ALL;
    if (!admitted(w, slot, rq))
        return;
    bool passes = meet(w, slot, rq, member, &to);
    if (member->meetings.turned_away == turned_away)
        objects_touch(w, &asked, rq, keep);
    if (passes)
        go_on(w, slot, rq, spot_of(w, slot), NULL);
}

void travel_deliver(World *w, Slot *slot) {
    Request rq = request_of(slot, unit_of(slot), clock_of(w));
    rq.from = from_of(slot);
    set_unit_luck(&rq);
    slot->ahead = false;
    Keep keep = (Keep)way_of(w, slot)->after[WAY_TO(slot->step)].keep;
    if (keep != KEEP_NOT)
        deliver_kept(w, slot, &rq, keep);
    else
        go_on(w, slot, &rq, spot_of(w, slot), &w->members[w->briefs[rq.unit].component]);
}

/* Nobody asks whether it may get there: who takes has connected already, and what sets him off is the provider. */
void travel_work(World *w, Slot *slot) {
    Request rq = request_of(slot, unit_of(slot), clock_of(w));
    const UnitView *unit = &w->units[rq.unit];
    UnitId to;
    slot->step = rq.step = slot->entrance->first;
    set_unit_luck(&rq);
    if (w->security[unit->component].isolated)
        travel_fail(w, slot, CAUSE_CUT, rq.unit, 0, SIMTIME_NEVER);
    else if (!unit_works(unit))
        travel_fail(w, slot, CAUSE_SILENT, rq.unit, 0, SIMTIME_NEVER);
    else if (meet(w, slot, &rq, &w->members[unit->component], &to))
        go_on(w, slot, &rq, spot_of(w, slot), NULL);
}

void travel_call(World *w, Slot *slot, uint8_t step) {
    slot->path_length = 1;
    slot->way = SIMTIME_ZERO;
    slot->station_at = NOT_MET;
    slot->sent = clock_of(w);
    slot->step = WAY_TO(step);
    Request rq = request_of(slot, slot->path[0], clock_of(w));
    go_on(w, slot, &rq, spot_of(w, slot), NULL);
}

/* What is under way has met something that no longer works: the client gets silence, a reset, or nothing because it was
 * cut. */
static void die_with(World *w, Slot *slot, UnitId unit) {
    const UnitView *dead = &w->units[unit];
    if (w->security[dead->component].isolated)
        travel_fail(w, slot, CAUSE_CUT, unit, 0, SIMTIME_NEVER);
    else if (dead->condition.refuses || dead->state != UNIT_SERVING)
        travel_fail(w, slot, CAUSE_REFUSED, unit, 0, simtime_add(clock_of(w), slot->way));
    else
        travel_fail(w, slot, CAUSE_SILENT, unit, 0, SIMTIME_NEVER);
}

static void look_at(World *w, Slot *slot) {
    if (slot->ahead && simtime_before(clock_of(w), slot->sent) &&
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
        UnitId sidecar = trust_down(w, slot->path[i]);
        if ((!unit_works(unit) && unit->state == UNIT_SERVING) || sidecar != NO_UNIT) {
            die_with(w, slot, sidecar != NO_UNIT ? sidecar : slot->path[i]);
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
    return slot->station_at != NOT_MET && slot->path[slot->station_at] == unit && under_way &&
           simtime_before(clock_of(w), slot->ready);
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
    Request rq = request_of(slot, unit_of(slot), job->ready);
    const Flow *flow = slot->entrance->flow;
    for (uint8_t s = slot->entrance->first; s < slot->entrance->end; s++)
        for (uint32_t c = 0; c < flow->steps[s].copies; c++)
            if (flow->steps[s].by_copy[c] == w->units[unit_of(slot)].component)
                rq.step = s;
    go_on(w, slot, &rq, spot_of(w, slot), NULL);
}

void travel_replan(World *w, UnitId unit) {
    const Kind *kind = w->members[w->units[unit].component].kind;
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
