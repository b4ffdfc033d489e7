/* instances.c - an auto-scaling group of equal machines: each a first-come first-served station with a bounded queue.
 *
 * The group knows what it ordered and what its status checks found, not the truth. A status check finds a dead machine,
 * booting ones too; the group then gives it up and launches another in a zone that works, which serves after its
 * boot time. Launching and terminating need the region's control plane; without it the group waits and starts over when
 * the plane is back. Load moves the wanted number between min and max by a target utilisation; where nothing serves
 * there is nothing to measure, and the wanted number stays. After a zone comes back the next status check evens the
 * group out, launching before it retires. A retired machine gets no new requests, and finishes those that it has.
 *
 * A worker is busy for its own service time; while it waits for a database it serves others (asynchronous workers).
 * Left out on purpose: machines of different sizes, and spot interruptions. */
#include <glib.h>
#include <inttypes.h>

#include "base/law.h"
#include "base/station.h"
#include "contract/kind.h"

static const char *const state_words[] = {"instance", "zone", "region", "shared", NULL};

typedef struct {
    int64_t min, start, max;
} InstanceCount;

/* Target tracking; `target` in parts per billion of the workers. */
typedef struct {
    bool enabled;
    int64_t target;
    SimTime every, cooldown;
} Scaling;

typedef struct {
    InstanceCount count;
    int64_t workers, queue;
    Law service, boot;
    SimTime status_check;
    bool replace;
    int session_state;
    Scaling scaling;
} InstancesSpec;

/* One place for a machine: those that come and go in it are told apart by `launches`. */
typedef struct {
    Station station;
    uint32_t zone;     /* index in zones */
    uint32_t launches; /* generation of the boot timer */
    int64_t speed;     /* at which the station was planned */
    bool up;           /* the truth, as last told */
} Machine;

/* What the group has in a zone, as far as it knows; counted anew before it acts. */
typedef struct {
    PlaceId place;
    uint32_t size;    /* booting or serving */
    uint32_t vacant;  /* first machine that could be launched */
    uint32_t retires; /* last machine that serves */
} Zone;

typedef struct {
    UnitId first;
    uint32_t count, wanted;
    Machine *machines;
    Zone *zones;
    uint32_t zone_count;
    uint32_t size, serving, dead; /* of all zones */
    Stream boots;
    uint64_t launched;
    SimTime status_phase, changed; /* `changed`: last scaling */
    StationSum busy_before;        /* busy time of all machines at the last scaling tick */
    bool looking;                  /* a status check that may find something is due */
    bool blocked, unsettled;
} InstancesState;

#define NO_MACHINE UINT32_MAX

/* A boot timer's `what` is TIMER_BOOTED + the machine; its subject the launch. */
enum { TIMER_STATUS, TIMER_SCALE, TIMER_BOOTED };

#define BOOT "assumption after Mao and Humphrey 2012 (97 s) and arXiv 2107.03467 (faster since): median 45 s, p95 90 s"

static const Field count_fields[] = {
    FIELD_COUNT(InstanceCount, min, "2", "0", "10000", "never fewer than this", NULL),
    FIELD_COUNT(InstanceCount, start, "2", "0", "10000", "how many run at the start", NULL),
    FIELD_COUNT(InstanceCount, max, "8", "1", "10000", "never more than this, in all zones together", NULL),
    FIELD_END,
};

static const Field scaling_fields[] = {
    FIELD_BOOL(Scaling, enabled, "yes", "follow the load between min and max", NULL),
    FIELD_ROW(Scaling, target, FIELD_TYPE_SHARE, "60 %", "1 %", "100 %",
              "utilisation of the workers that the group steers for", NULL),
    FIELD_ROW(Scaling, every, FIELD_TYPE_TIME, "60 s", "1 ms", NULL, "how often it looks",
              "AWS Auto Scaling guide: one-minute metrics"),
    FIELD_TIME(Scaling, cooldown, "300 s", "wait after a change before it shrinks",
               "AWS Auto Scaling guide, cooldowns"),
    FIELD_END,
};

static const Field instances_fields[] = {
    FIELD_GROUP(InstancesSpec, count, count_fields, "how many machines"),
    FIELD_COUNT(InstancesSpec, workers, "4", "1", "100000", "requests that one machine serves at a time", NULL),
    FIELD_COUNT(InstancesSpec, queue, "100", "0", "1000000",
                "requests that may wait at one machine; further ones are turned away", NULL),
    FIELD_LAW(InstancesSpec, service, "exponential(40 ms)", "time that one request keeps a worker busy", NULL),
    FIELD_LAW(InstancesSpec, boot, "lognormal(median 45 s p95 90 s)", "from launch to serving", BOOT),
    FIELD_ROW(InstancesSpec, status_check, FIELD_TYPE_TIME, "60 s", "1 ms", NULL,
              "how often dead machines are looked for", "AWS EC2 guide: status checks every 60 s"),
    FIELD_BOOL(InstancesSpec, replace, "yes", "replace dead machines", NULL),
    FIELD_WORD(InstancesSpec, session_state, state_words, "region",
               "where sessions live: they die with their machine, zone or region, or with nothing", NULL),
    FIELD_GROUP(InstancesSpec, scaling, scaling_fields, "how the group follows the load"),
    FIELD_END,
};

static void instances_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    const InstanceCount *count = &((const InstancesSpec *)spec)->count;
    if (count->min > count->start || count->start > count->max)
        diag_error(diagnostics, mark, "keep min <= start <= max",
                   "%s: count has min %" PRId64 ", start %" PRId64 ", max %" PRId64, name, count->min, count->start,
                   count->max);
}

static uint32_t instances_count(const void *spec) { return (uint32_t)((const InstancesSpec *)spec)->count.max; }

static int instances_state_scope(const void *spec) { return ((const InstancesSpec *)spec)->session_state; }

/* ---- Where the group stands ------------------------------------------------------------------------------------- */

static const UnitView *machine_unit(const Ctx *cx, const InstancesState *state, uint32_t m) {
    return ctx_unit(cx, state->first + m);
}

/* An order to launch in a zone that is down fails at once, so the group only has to try: hence the truth. */
static bool machine_is_vacant(const Ctx *cx, const InstancesState *state, uint32_t m) {
    const UnitView *unit = machine_unit(cx, state, m);
    return unit->state == UNIT_ABSENT && unit->condition.up;
}

/* The first machine of the zone from `m` on that could be launched. */
static uint32_t zone_vacant_from(const Ctx *cx, const InstancesState *state, uint32_t zone, uint32_t m) {
    while (m < state->count && !(state->machines[m].zone == zone && machine_is_vacant(cx, state, m)))
        m++;
    return m < state->count ? m : NO_MACHINE;
}

static void group_count_machine(const Ctx *cx, InstancesState *state, uint32_t m) {
    Zone *zone = &state->zones[state->machines[m].zone];
    UnitState is = machine_unit(cx, state, m)->state;
    bool there = is == UNIT_BOOTING || is == UNIT_SERVING;
    zone->size += there;
    state->size += there;
    state->serving += is == UNIT_SERVING;
    state->dead += is == UNIT_DEAD;
    if (is == UNIT_SERVING)
        zone->retires = m;
    if (zone->vacant == NO_MACHINE && machine_is_vacant(cx, state, m))
        zone->vacant = m;
}

/* O(machines). */
static void group_count(const Ctx *cx, InstancesState *state) {
    state->size = state->serving = state->dead = 0;
    for (uint32_t z = 0; z < state->zone_count; z++)
        state->zones[z] = (Zone){state->zones[z].place, 0, NO_MACHINE, NO_MACHINE};
    for (uint32_t m = 0; m < state->count; m++)
        group_count_machine(cx, state, m);
}

/* Where to launch next: of the zones with room the one where the group has fewest; ties: the first. */
static Zone *group_low(const InstancesState *state) {
    Zone *low = NULL;
    for (uint32_t z = 0; z < state->zone_count; z++)
        if (state->zones[z].vacant != NO_MACHINE && (!low || state->zones[z].size < low->size))
            low = &state->zones[z];
    return low;
}

/* Where to retire next: of the zones that serve the one where the group has most; ties: the last. */
static Zone *group_high(const InstancesState *state) {
    Zone *high = NULL;
    for (uint32_t z = 0; z < state->zone_count; z++)
        if (state->zones[z].retires != NO_MACHINE && (!high || state->zones[z].size >= high->size))
            high = &state->zones[z];
    return high;
}

/* Zones that differ by one are as even as they can be. */
static bool group_is_uneven(const InstancesState *state) {
    const Zone *low = group_low(state), *high = group_high(state);
    return state->size == state->wanted && low && high && high->size > low->size + 1;
}

/* ---- What the group does ------------------------------------------------------------------------------------------
 */

static void machine_launch(Ctx *cx, InstancesState *state, uint32_t m) {
    const InstancesSpec *spec = cx->spec;
    Draw luck = stream_draw(&state->boots, state->launched++);
    SimTime boot = law_sample(&spec->boot, &luck);
    ctx_set_state(cx, state->first + m, UNIT_BOOTING);
    ctx_note(cx, (Fact){.kind = FACT_LAUNCHING, .unit = state->first + m, .span = boot});
    ctx_timer(cx, simtime_add(cx->now, boot), TIMER_BOOTED + m, ++state->machines[m].launches);
}

/* Orders need the control plane. Says once that they wait; on_change starts over when the plane answers. */
static bool group_may_act(Ctx *cx, InstancesState *state, DecisionKind what) {
    if (ctx_control(cx, NO_PLACE)) {
        state->blocked = false;
        return true;
    }
    if (!state->blocked)
        ctx_note(cx, (Fact){.kind = FACT_BLOCKED_ACTION, .unit = NO_UNIT, .amount = what});
    state->blocked = true;
    return false;
}

/* Dead machines are terminated; their places are free again (where the zone works). */
static void group_bury(Ctx *cx, InstancesState *state) {
    for (uint32_t m = 0; m < state->count; m++)
        if (machine_unit(cx, state, m)->state == UNIT_DEAD)
            ctx_set_state(cx, state->first + m, UNIT_ABSENT);
    group_count(cx, state);
}

/* Launch until there are `size`, as far as there is room. */
static bool group_grow(Ctx *cx, InstancesState *state, uint32_t size) {
    bool grown = false;
    for (Zone *low; state->size < size && (low = group_low(state)); state->size++) {
        machine_launch(cx, state, low->vacant);
        low->vacant = zone_vacant_from(cx, state, (uint32_t)(low - state->zones), low->vacant + 1);
        low->size++;
        grown = true;
    }
    return grown;
}

/* What it had to do it finishes; its station is emptied when the next machine takes its place. */
static void group_retire_one(Ctx *cx, InstancesState *state) {
    ctx_set_state(cx, state->first + group_high(state)->retires, UNIT_ABSENT);
    group_count(cx, state);
}

/* One round of orders; true when it may have left more to do. Only what serves is retired, so a group that evens out
 * has one more than it wants until the new one has booted. */
static bool group_act(Ctx *cx, InstancesState *state) {
    group_count(cx, state);
    bool uneven = group_is_uneven(state);
    if (state->dead == 0 && !uneven && state->size >= state->wanted && state->serving <= state->wanted) {
        bool waits = state->size != state->wanted || state->serving != state->wanted; /* for a boot */
        if (state->unsettled && !waits)
            ctx_note(cx, (Fact){.kind = FACT_REBALANCED, .unit = NO_UNIT, .amount = state->size});
        state->unsettled = state->unsettled && waits;
        state->blocked = false; /* whatever was to be done, it is no more */
        return false;
    }
    state->unsettled = true;
    if (!group_may_act(cx, state, uneven || state->size < state->wanted ? DECISION_LAUNCH : DECISION_RETIRE))
        return false;
    bool acts = state->dead > 0 || state->serving > state->wanted;
    if (state->dead > 0)
        group_bury(cx, state);
    acts = group_grow(cx, state, state->wanted + uneven) || acts;
    while (state->serving > state->wanted)
        group_retire_one(cx, state);
    return acts;
}

/* Bring the group to the wanted number, evenly over the zones that work. O(machines) a round, few rounds. */
static void group_reconcile(Ctx *cx, InstancesState *state) {
    while (group_act(cx, state)) {}
}

/* ---- A run --------------------------------------------------------------------------------------------------------
 */

/* The zone's index, in order of first use. */
static uint32_t zone_of(InstancesState *state, PlaceId place) {
    uint32_t z = 0;
    while (z < state->zone_count && state->zones[z].place != place)
        z++;
    if (z == state->zone_count)
        state->zones[state->zone_count++].place = place;
    return z;
}

/* The first `start` places are taken; they are dealt over the zones in turn, so the group begins evenly. */
static void instances_start(Ctx *cx) {
    const InstancesSpec *spec = cx->spec;
    InstancesState *state = cx->state;
    state->count = ctx_units(cx, cx->self, &state->first);
    state->wanted = (uint32_t)spec->count.start;
    state->machines = g_new0(Machine, state->count);
    state->zones = g_new0(Zone, state->count);
    state->boots = ctx_stream(cx, "boot");
    Stream phase = ctx_stream(cx, "status check phase");
    Draw luck = stream_draw(&phase, 0);
    state->status_phase = SIMTIME_NS((int64_t)(draw_unit(&luck) * (double)spec->status_check.ns));
    for (uint32_t m = 0; m < state->count; m++) {
        Machine *machine = &state->machines[m];
        *machine = (Machine){.zone = zone_of(state, machine_unit(cx, state, m)->zone), .speed = WHOLE, .up = true};
        station_init(&machine->station, (uint32_t)spec->workers, (uint32_t)spec->queue);
        ctx_set_state(cx, state->first + m, m < state->wanted ? UNIT_SERVING : UNIT_ABSENT);
    }
    if (spec->scaling.enabled && !ctx_idle(cx))
        ctx_timer(cx, spec->scaling.every, TIMER_SCALE, 0);
}

static void instances_end(Ctx *cx) {
    InstancesState *state = cx->state;
    for (uint32_t m = 0; m < state->count; m++)
        station_clear(&state->machines[m].station);
    g_free(state->machines);
    g_free(state->zones);
}

/* The first tick at or after `now`: what happens at the instant of a check is seen by it, as in base/probe.h. */
static SimTime next_tick(SimTime now, SimTime phase, SimTime every) {
    int64_t since = now.ns - phase.ns;
    int64_t ticks = since <= 0 ? 0 : (since - 1) / every.ns + 1;
    return SIMTIME_NS(phase.ns + ticks * every.ns);
}

/* Take note of the truth; true when the machine, or its empty place, went down or came back. */
static bool machine_follow(Ctx *cx, InstancesState *state, uint32_t m) {
    Machine *machine = &state->machines[m];
    const UnitView *unit = machine_unit(cx, state, m);
    bool turned = unit->condition.up != machine->up;
    machine->up = unit->condition.up;
    if (turned && !machine->up)
        station_drop_all(&machine->station, cx->now);
    if (machine->up && unit->state == UNIT_SERVING && unit->condition.speed != machine->speed)
        ctx_replan(cx, state->first + m);
    return turned;
}

static void instances_on_change(Ctx *cx) {
    const InstancesSpec *spec = cx->spec;
    InstancesState *state = cx->state;
    bool turned = false;
    for (uint32_t m = 0; m < state->count; m++)
        turned = machine_follow(cx, state, m) || turned;
    if (turned && !state->looking) {
        state->looking = true;
        ctx_timer(cx, next_tick(cx->now, state->status_phase, spec->status_check), TIMER_STATUS, 0);
    }
    if (state->blocked)
        group_reconcile(cx, state);
}

/* A status check: what it finds dead is given up. */
static void group_look(Ctx *cx, InstancesState *state) {
    const InstancesSpec *spec = cx->spec;
    state->looking = false;
    for (uint32_t m = 0; m < state->count && spec->replace; m++) {
        const UnitView *unit = machine_unit(cx, state, m);
        if (unit->condition.up || (unit->state != UNIT_SERVING && unit->state != UNIT_BOOTING))
            continue;
        UnitId dead = state->first + m;
        ctx_set_state(cx, dead, UNIT_DEAD);
        ctx_note(cx, (Fact){.kind = FACT_NOTICED, .unit = dead, .other = NO_COMPONENT, .amount = 0});
        ctx_note(cx, (Fact){.kind = FACT_DECIDED, .unit = dead, .amount = DECISION_LAUNCH});
    }
    group_reconcile(cx, state);
}

/* A machine whose zone died while it booted counts as serving until a status check finds it. */
static void machine_booted(Ctx *cx, InstancesState *state, uint32_t m, uint32_t launch) {
    Machine *machine = &state->machines[m];
    const UnitView *unit = machine_unit(cx, state, m);
    if (unit->state != UNIT_BOOTING || machine->launches != launch)
        return;
    machine->speed = unit->condition.speed; /* now: a replan would bring back the work of the one before it */
    station_drop_all(&machine->station, cx->now);
    ctx_set_state(cx, state->first + m, UNIT_SERVING);
    if (unit->condition.up)
        ctx_note(cx, (Fact){.kind = FACT_SERVING, .unit = state->first + m});
    group_reconcile(cx, state);
}

/* As many machines as would have had the target utilisation over the last interval: ceil(busy / (interval workers
 * target)). */
static int64_t group_fit(const Ctx *cx, InstancesState *state) {
    const InstancesSpec *spec = cx->spec;
    StationSum busy = 0;
    for (uint32_t m = 0; m < state->count; m++)
        busy += station_busy(&state->machines[m].station, cx->now);
    StationSum used = (busy - state->busy_before) * WHOLE;
    state->busy_before = busy;
    StationSum one = (StationSum)spec->scaling.every.ns * spec->workers * spec->scaling.target;
    int64_t fit = used <= 0 ? 0 : (int64_t)((used - 1) / one) + 1;
    return CLAMP(fit, spec->count.min, spec->count.max);
}

/* Grows at once; shrinks only when the last change is a cooldown ago. */
static void group_scale(Ctx *cx, InstancesState *state) {
    const InstancesSpec *spec = cx->spec;
    int64_t fit = group_fit(cx, state);
    bool cool = !simtime_before(cx->now, simtime_add(state->changed, spec->scaling.cooldown));
    group_count(cx, state);
    if (state->serving > 0 && (fit > state->wanted || (fit < state->wanted && cool))) {
        DecisionKind what = fit > state->wanted ? DECISION_LAUNCH : DECISION_RETIRE;
        state->wanted = (uint32_t)fit;
        state->changed = cx->now;
        ctx_note(cx, (Fact){.kind = FACT_DECIDED, .unit = NO_UNIT, .amount = what});
    }
    group_reconcile(cx, state);
    ctx_timer(cx, simtime_add(cx->now, spec->scaling.every), TIMER_SCALE, 0);
}

static void instances_on_timer(Ctx *cx, uint32_t what, uint32_t subject) {
    InstancesState *state = cx->state;
    if (what == TIMER_STATUS)
        group_look(cx, state);
    else if (what == TIMER_SCALE)
        group_scale(cx, state);
    else
        machine_booted(cx, state, what - TIMER_BOOTED, subject);
}

/* ---- Requests -----------------------------------------------------------------------------------------------------
 */

static SimTime at_speed(SimTime work, int64_t speed) {
    return speed == WHOLE ? work : SIMTIME_NS((int64_t)((double)work.ns * ((double)WHOLE / (double)speed) + 0.5));
}

/* A full queue is known at once: the machine itself turns the request away. */
static Outcome instances_on_request(Ctx *cx, Request *rq) {
    const InstancesSpec *spec = cx->spec;
    InstancesState *state = cx->state;
    Machine *machine = &state->machines[rq->unit - state->first];
    SimTime work = at_speed(law_sample(&spec->service, &rq->luck), machine->speed), start, ready;
    if (!station_offer(&machine->station, rq->now, work, &start, &ready))
        return outcome_fail(CAUSE_FULL, rq->now);
    Outcome outcome = outcome_pass(ready);
    outcome.start = start;
    return outcome;
}

/* The machine's speed changed: what is left of each job takes longer or shorter; the order stays. */
static void instances_on_replan(Ctx *cx, UnitId unit, Job *jobs, uint32_t count) {
    InstancesState *state = cx->state;
    Machine *machine = &state->machines[unit - state->first];
    int64_t speed = ctx_unit(cx, unit)->condition.speed;
    double factor = (double)machine->speed / (double)speed;
    StationJob *left = g_new(StationJob, count + 1);
    for (uint32_t j = 0; j < count; j++) {
        SimTime from = simtime_max(jobs[j].start, cx->now);
        left[j] = (StationJob){.left = SIMTIME_NS((int64_t)((double)(jobs[j].ready.ns - from.ns) * factor + 0.5)),
                               .started = !simtime_before(cx->now, jobs[j].start)};
    }
    station_restore(&machine->station, cx->now, left, count);
    for (uint32_t j = 0; j < count; j++) {
        jobs[j].start = left[j].started ? jobs[j].start : left[j].start;
        jobs[j].ready = left[j].finish;
    }
    machine->speed = speed;
    g_free(left);
}

static void instances_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_UNIT_HOUR, "instance_hour");
}

static const char *const instances_shows[] = {"count.start", "count.max", "workers", NULL};

const Kind kind_instances = {
    .name = "instances",
    .summary = "an auto-scaling group of equal machines, each a queue with workers",
    .role = ROLE_COMPUTE,
    .spread = SPREAD_COUNT,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS},
    .fields = instances_fields,
    .shows = instances_shows,
    .spec_size = sizeof(InstancesSpec),
    .state_size = sizeof(InstancesState),
    .in_order = true,
    .check = instances_check,
    .count = instances_count,
    .state_scope = instances_state_scope,
    .start = instances_start,
    .on_request = instances_on_request,
    .on_change = instances_on_change,
    .on_timer = instances_on_timer,
    .on_replan = instances_on_replan,
    .end = instances_end,
    .price = instances_price,
};
