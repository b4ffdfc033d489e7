/* messages.c - messages in time: kept, given to whoever has room, worked on, given again, or given up.
 *
 * What is taken from a keeper that hides it comes back into sight when its time is over, unless it was worked on
 * before: so a worker that dies loses nothing, and one that is too slow has it done twice. What is brought by a trigger
 * is tried again as its receiver's rules say. Every message ends in one entry of its shelf's ledger. */
#include "world/messages.h"

#include <string.h>

enum { KEEP_STEP = 0, RETRY_STEP = 64 }; /* a message's own draws: when it is kept, and after each failure */

/* ---- Life of the whole ------------------------------------------------------------------- */

Messages *messages_new(World *w) {
    Messages *m = w->messages = g_new0(Messages, 1);
    m->fed = g_new0(uint32_t *, w->component_count + 1);
    m->fed_count = g_new0(uint32_t, w->component_count + 1);
    m->taken = g_new0(uint32_t, w->model->unit_count + 1);
    m->taken_by = g_new0(uint32_t, w->component_count + 1);
    m->numbers = g_new0(uint32_t, w->model->flow_count + 1);
    shelves_build(w);
    return m;
}

void messages_free(World *w) {
    Messages *m = w->messages;
    for (uint32_t s = 0; s < m->shelf_count; s++)
        shelf_clear(&m->shelves[s]);
    for (ComponentId c = 0; c < w->component_count; c++)
        g_free(m->fed[c]);
    gpointer owned[] = {m->shelves, m->fed, m->fed_count, m->messages, m->jobs, m->taken, m->taken_by, m->numbers, m};
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
}

void messages_start(World *w) {
    Messages *m = w->messages;
    m->message_count = m->job_count = 0;
    m->message_free = m->job_free = NO_MESSAGE;
    m->order = 0;
    memset(m->taken, 0, sizeof *m->taken * w->model->unit_count);
    memset(m->taken_by, 0, sizeof *m->taken_by * w->component_count);
    memset(m->numbers, 0, sizeof *m->numbers * w->model->flow_count);
    for (uint32_t s = 0; s < m->shelf_count; s++)
        shelf_start(w, &m->shelves[s]);
}

/* ---- Kept -------------------------------------------------------------------------------- */

static uint32_t message_new(World *w, uint32_t shelf, uint32_t job) {
    Messages *m = w->messages;
    uint32_t index = m->message_free;
    if (index != NO_MESSAGE) {
        m->message_free = m->messages[index].free_next;
    } else {
        if (m->message_count == m->message_room) {
            m->message_room = MAX(2 * m->message_room, 256);
            m->messages = g_renew(Message, m->messages, m->message_room);
        }
        index = m->message_count++;
    }
    m->messages[index] = (Message){.job = job, .shelf = shelf};
    m->jobs[job].messages++;
    m->shelves[shelf].kept++;
    return index;
}

static void message_release(World *w, uint32_t index) {
    Message *message = &w->messages->messages[index];
    if (!message->settled || message->running > 0 || message->entries > 0)
        return;
    job_release(w, message->job);
    message->shelf = NO_SHELF;
    message->free_next = w->messages->message_free;
    w->messages->message_free = index;
}

static Draw message_luck(const Shelf *shelf, const Message *message, uint64_t key, uint64_t step) {
    Draw luck = stream_draw(&shelf->population.sessions, key);
    luck.step = step + 4096 * (uint64_t)message->copy;
    return luck;
}

/* The keeper may give it out once more. */
static void keep_one(World *w, uint32_t s, uint32_t job, SimTime at, bool write, uint32_t copy) {
    Shelf *shelf = &w->messages->shelves[s];
    uint32_t index = message_new(w, s, job);
    Message *message = &w->messages->messages[index];
    message->write = write;
    message->copy = copy;
    message_note(w, message, (Fact){.kind = FACT_KEPT, .unit = NO_UNIT});
    if (shelf->rules) {
        const void *spec = w->model->components[shelf->keeper].spec;
        Draw luck = message_luck(shelf, message, w->messages->jobs[job].key, KEEP_STEP);
        int64_t twice = shelf->rules->twice && copy == 0 ? shelf->rules->twice(spec) : 0;
        if (twice > 0 && draw_chance(&luck, twice))
            keep_one(w, s, job, at, write, 1);
        if (shelf->rules->ready)
            at = simtime_add(at, shelf->rules->ready(spec, &luck));
    }
    shelf_later(w, shelf, index, at);
}

static uint64_t key_of(const Session *session) { return session_key(session) << 20 | (session->requests & 0xfffff); }

/* Handed off, a job goes on; whatever else what is put there sets off is a job of its own. */
void messages_put(World *w, const Slot *slot, ComponentId component, SimTime at) {
    Messages *m = w->messages;
    const Session *session = &slot->session;
    bool delivers = slot_delivers(slot);
    for (uint32_t i = 0; i < m->fed_count[component]; i++) {
        uint32_t s = m->fed[component][i];
        const Shelf *shelf = &m->shelves[s];
        bool goes_on = shelf->entrance.flow == slot->entrance->flow && shelf->head == slot->entrance->end;
        if (!goes_on && shelf->head != 1)
            continue;
        uint32_t job = delivers ? m->messages[session->serial].job : NO_MESSAGE;
        if (!goes_on || !delivers) {
            uint64_t key = delivers ? m->jobs[job].key : key_of(session);
            job = job_begin(w, shelf->flow, key, delivers ? at : session->first_try);
        }
        keep_one(w, s, job, at, slot->write, 0);
    }
}

void messages_job(World *w, uint32_t load, uint32_t number) {
    uint32_t s = w->entrances[load].shelf;
    keep_one(w, s, job_begin(w, w->messages->shelves[s].flow, number, clock_of(w)), clock_of(w), false, 0);
}

/* ---- Given up ---------------------------------------------------------------------------- */

/* Dead letters are put where somebody may look at them: what takes them from there begins a job. */
static void put_dead(World *w, ComponentId component, uint64_t key) {
    Messages *m = w->messages;
    for (uint32_t i = 0; i < m->fed_count[component]; i++) {
        const Shelf *shelf = &m->shelves[m->fed[component][i]];
        if (shelf->head == 1)
            keep_one(w, m->fed[component][i], job_begin(w, shelf->flow, key, clock_of(w)), clock_of(w), false, 0);
    }
}

static void in_sight(Shelf *shelf, Message *message) {
    shelf->out -= message->hidden;
    message->hidden = false;
}

/* Who gives it up says where it goes: the keeper of what is taken, the receiver of what is brought. */
static void give_up(World *w, uint32_t index, Cause cause) {
    Message *message = &w->messages->messages[index];
    Shelf *shelf = shelf_of(w, message);
    ComponentId who = shelf->takes ? shelf->keeper : shelf->workers[0];
    uint32_t dead = w->model->components[who].dead_letters;
    uint64_t key = job_of(w, message)->key;
    message->settled = true;
    job_of(w, message)->cause = cause;
    job_of(w, message)->dead = dead != 0;
    shelf->dead += dead != 0;
    shelf->gone += dead == 0;
    message_note(w, message, (Fact){.kind = FACT_GIVEN_UP, .unit = NO_UNIT, .cause = cause, .amount = dead != 0});
    if (dead)
        put_dead(w, dead - 1, key);
}

/* ---- Given ------------------------------------------------------------------------------- */

static UnitId keeper_unit(const World *w, const Shelf *shelf) {
    const Member *member = &w->members[shelf->keeper];
    for (UnitId unit = member->first_unit; unit < member->first_unit + member->unit_count; unit++)
        if (unit_works(&w->units[unit]))
            return unit;
    return NO_UNIT;
}

/* Can it connect to the keeper now? */
static bool can_take(World *w, const Shelf *shelf, UnitId unit, UnitId keeper) {
    uint16_t from = w->briefs[unit].spot, to = w->briefs[keeper].spot;
    bool apart = from != SPOT_NOWHERE && to != SPOT_NOWHERE &&
                 (geography_link(w, from, to)->cut || geography_link(w, to, from)->cut);
    return !apart && world_verdict(w, unit, keeper, shelf->keeper)->kind == VERDICT_REACH;
}

/* When the unit could take one: now, later, or when something changes. */
static SimTime room_at(World *w, const Shelf *shelf, ComponentId component, UnitId unit, UnitId keeper) {
    const MessageRules *rules = w->members[component].kind->messages;
    if (!unit_works(&w->units[unit]) || w->security[component].isolated)
        return SIMTIME_NEVER;
    if (shelf->takes && !can_take(w, shelf, unit, keeper))
        return SIMTIME_NEVER;
    if (!rules->room)
        return clock_of(w);
    return rules->room(world_ctx(w, component), unit, w->messages->taken[unit], w->messages->taken_by[component]);
}

/* The next in turn that has room. *at: when to look again, if none has. */
static UnitId find_worker(World *w, Shelf *shelf, SimTime *at) {
    UnitId keeper = keeper_unit(w, shelf);
    *at = SIMTIME_NEVER;
    if (keeper == NO_UNIT)
        return NO_UNIT;
    uint32_t units = 0;
    for (uint32_t i = 0; i < shelf->worker_count; i++)
        units += w->members[shelf->workers[i]].unit_count;
    for (uint32_t tried = 0; tried < units; tried++) {
        const Member *member = &w->members[shelf->workers[shelf->worker]];
        UnitId unit = member->first_unit + shelf->unit;
        SimTime room = room_at(w, shelf, shelf->workers[shelf->worker], unit, keeper);
        if (++shelf->unit == member->unit_count) {
            shelf->unit = 0;
            shelf->worker = (shelf->worker + 1) % shelf->worker_count;
        }
        if (!simtime_before(clock_of(w), room))
            return unit;
        *at = simtime_min(*at, room);
    }
    return NO_UNIT;
}

/* Who is launched for his work must know how much there is. */
static void tell_demand(World *w, ComponentId component) {
    const Messages *m = w->messages;
    const MessageRules *rules = w->members[component].kind->messages;
    if (!rules->demand)
        return;
    uint32_t waiting = 0;
    for (uint32_t s = 0; s < m->shelf_count; s++)
        if (m->shelves[s].workers[0] == component)
            waiting += m->shelves[s].ready.length;
    rules->demand(world_ctx(w, component), waiting + m->taken_by[component]);
}

/* A delivery: a session of one request whose client is who works on it. */
static void take(World *w, Shelf *shelf, uint32_t index, UnitId unit) {
    Messages *m = w->messages;
    Message *message = &m->messages[index];
    ComponentId component = w->briefs[unit].component;
    m->taken[unit]++;
    m->taken_by[component]++;
    polls_unit(w, unit);
    message->running++;
    message->deliveries++;
    message->hidden = true;
    shelf->out++;
    message_note(w, message,
                 (Fact){.kind = FACT_TAKEN,
                        .unit = unit,
                        .amount = message->deliveries,
                        .span = simtime_sub(clock_of(w), message->since)});
    Slot *slot = slot_take(w);
    slot->entrance = &shelf->entrance;
    slot->write = message->write;
    slot->blamed = NO_UNIT;
    slot->sent = clock_of(w);
    slot->server_at = slot->station_at = NOT_MET;
    slot->path[0] = unit;
    slot->path_length = 1;
    slot->session = (Session){.serial = index,
                              .attempt = MIN(message->deliveries - 1 + 64 * message->copy, 255),
                              .name = NO_COMPONENT,
                              .entry = component,
                              .node = unit,
                              .instead_of = UINT32_MAX,
                              .home_zone = NO_PLACE,
                              .home_region = NO_PLACE,
                              .home_unit = NO_UNIT,
                              .arrived = clock_of(w),
                              .first_try = clock_of(w),
                              .ends = SIMTIME_NS((int64_t)m->jobs[message->job].key)};
    SimTime way = SIMTIME_ZERO;
    if (shelf->takes) {
        w->members[shelf->keeper].meetings.met += 2; /* it is received, and will be deleted */
        way = geography_delay(w, shelf->population.spot, w->briefs[unit].spot);
    }
    session_schedule(w, slot, simtime_add(clock_of(w), way), PHASE_DELIVER, SLOT_TAKEN);
    shelf_later(w, shelf, index, simtime_add(clock_of(w), shelf->hidden));
}

/* In sight, for the first time or again: to those who may take it, or out for good. */
static void show(World *w, Shelf *shelf, uint32_t index) {
    Message *message = &w->messages->messages[index];
    message->entries--;
    in_sight(shelf, message);
    if (message->settled) {
        message_release(w, index);
        return;
    }
    if (shelf->deliveries_most > 0 && message->deliveries >= shelf->deliveries_most) {
        give_up(w, index, message->cause != CAUSE_NONE ? message->cause : CAUSE_SLOW);
        message_release(w, index);
        return;
    }
    message->since = clock_of(w);
    message->ready = true;
    message->entries++;
    g_queue_push_tail(&shelf->ready, GUINT_TO_POINTER(index));
    message_note(w, message, (Fact){.kind = FACT_READY, .unit = NO_UNIT, .amount = message->deliveries});
}

/* One from the head of the line. False: nobody has room. */
static bool give_one(World *w, Shelf *shelf) {
    uint32_t index = GPOINTER_TO_UINT(g_queue_peek_head(&shelf->ready));
    Message *message = &w->messages->messages[index];
    SimTime again = SIMTIME_NEVER;
    UnitId unit = NO_UNIT;
    if (!message->settled && shelf->out < shelf->in_flight_most)
        unit = find_worker(w, shelf, &again);
    if (!message->settled && unit == NO_UNIT) {
        shelf_wake(w, shelf, again);
        return false;
    }
    g_queue_pop_head(&shelf->ready);
    message->entries--;
    message->ready = false;
    if (message->settled)
        message_release(w, index);
    else
        take(w, shelf, index, unit);
    return true;
}

void messages_give(World *w, uint32_t s) {
    Shelf *shelf = &w->messages->shelves[s];
    uint32_t index;
    if (!simtime_before(clock_of(w), shelf->wake))
        shelf->wake = SIMTIME_NEVER;
    while (shelf_due(w, shelf, &index))
        show(w, shelf, index);
    tell_demand(w, shelf->workers[0]);
    while (!g_queue_is_empty(&shelf->ready) && give_one(w, shelf)) {}
    if (shelf->later->len > 0)
        shelf_wake(w, shelf, ((const Due *)(const void *)shelf->later->data)->at);
}

void messages_follow(World *w) {
    polls_follow(w);
    for (uint32_t s = 0; s < w->messages->shelf_count; s++)
        if (!g_queue_is_empty(&w->messages->shelves[s].ready))
            shelf_wake(w, &w->messages->shelves[s], clock_of(w));
}

/* ---- Worked on --------------------------------------------------------------------------- */

static void done(World *w, uint32_t index) {
    Message *message = &w->messages->messages[index];
    Shelf *shelf = shelf_of(w, message);
    bool counts = !message->settled;
    job_of(w, message)->done |= UINT32_C(1) << shelf->head;
    if (!counts)
        return;
    message->settled = true;
    shelf->done++;
    in_sight(shelf, message);
    if (message->ready)
        message_note(w, message, (Fact){.kind = FACT_READY, .unit = NO_UNIT, .amount = -1});
    if (shelf->last)
        job_finish(w, message->job);
}

/* What is hidden comes into sight by itself; anything else is tried again as its receiver says. */
static void failed(World *w, uint32_t index, Cause cause, ComponentId worker) {
    Message *message = &w->messages->messages[index];
    Shelf *shelf = shelf_of(w, message);
    const MessageRules *rules = w->members[worker].kind->messages;
    message->cause = cause;
    if (message->settled || !simtime_is_never(shelf->hidden))
        return;
    SimTime wait = SIMTIME_NEVER;
    if (rules->retry) {
        Draw luck = message_luck(shelf, message, job_of(w, message)->key, RETRY_STEP * message->deliveries);
        wait = rules->retry(w->model->components[worker].spec, message->deliveries, &luck);
    }
    if (simtime_is_never(wait))
        give_up(w, index, cause);
    else
        shelf_later(w, shelf, index, simtime_add(clock_of(w), wait));
}

/* Whoever waits for this one's room may have it. */
static void room_again(World *w, ComponentId component) {
    for (uint32_t s = 0; s < w->messages->shelf_count; s++) {
        Shelf *shelf = &w->messages->shelves[s];
        for (uint32_t i = 0; !g_queue_is_empty(&shelf->ready) && i < shelf->worker_count; i++)
            if (shelf->workers[i] == component)
                shelf_wake(w, shelf, clock_of(w));
    }
}

static void delivery_over(World *w, Slot *slot, Cause cause) {
    Messages *m = w->messages;
    UnitId unit = slot->path[0];
    ComponentId worker = w->briefs[unit].component;
    uint32_t index = slot->session.serial;
    Shelf *shelf = shelf_of(w, &m->messages[index]);
    bool again = m->messages[index].settled || (job_of(w, &m->messages[index])->done >> shelf->head & 1);
    message_note(w, &m->messages[index],
                 (Fact){.kind = FACT_WORKED,
                        .unit = unit,
                        .cause = cause,
                        .amount = again,
                        .span = simtime_sub(clock_of(w), slot->session.arrived)});
    m->taken[unit]--;
    m->taken_by[worker]--;
    polls_unit(w, unit);
    m->messages[index].running--;
    if (!shelf->takes)
        in_sight(shelf, &m->messages[index]);
    slot_give(w, slot);
    if (w->members[worker].kind->messages->worked)
        w->members[worker].kind->messages->worked(world_ctx(w, worker), unit);
    if (cause == CAUSE_NONE)
        done(w, index);
    else
        failed(w, index, cause, worker);
    message_release(w, index);
    room_again(w, worker);
}

/* An answer is back, or will not come: the next call, or the end. What works alone is handed off by itself. */
static void delivery_answered(World *w, Slot *slot) {
    const Shelf *shelf = &w->messages->shelves[slot->entrance->shelf];
    uint32_t call = slot->session.resolver + 1;
    if (slot->cause == CAUSE_NONE && call < shelf->call_count) {
        slot->session.resolver = call;
        travel_call(w, slot, shelf->calls[call]);
        return;
    }
    if (slot->cause == CAUSE_NONE && shelf->call_count == 0 && !shelf->last) {
        objects_count(w, w->briefs[slot->path[0]].component, 1);
        messages_put(w, slot, w->briefs[slot->path[0]].component, clock_of(w));
    }
    delivery_over(w, slot, (Cause)slot->cause);
}

void messages_delivery(World *w, uint32_t index, const Event *event) {
    Slot *slot = &w->slots[index];
    if (engine_is_stale(w->engine, event, slot->pending))
        return;
    switch ((SlotPhase)slot->phase) {
    case SLOT_TAKEN: travel_work(w, slot); break;
    case SLOT_TRAVELLING: travel_deliver(w, slot); break;
    case SLOT_ANSWERED: delivery_answered(w, slot); break;
    default: BUG_IF(true, "a delivery in a session's phase");
    }
}

void messages_end(World *w) {
    polls_end(w);
    const Messages *m = w->messages;
    uint64_t *active = g_new0(uint64_t, m->shelf_count + 1);
    for (uint32_t i = 0; i < m->message_count; i++)
        if (m->messages[i].shelf != NO_SHELF && !m->messages[i].settled)
            active[m->messages[i].shelf]++;
    for (uint32_t s = 0; s < m->shelf_count; s++) {
        const Shelf *shelf = &m->shelves[s];
        BUG_IF(shelf->kept != shelf->done + shelf->gone + shelf->dead + active[s],
               "the ledger of messages does not balance");
    }
    g_free(active);
}
