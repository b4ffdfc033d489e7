/* instances.c - an auto-scaling group of equal machines: each a first-come first-served station with a bounded queue.
 *
 * A status check finds a dead machine; the group then terminates it and launches another in a zone that works, which serves
 * after its boot time. Launching and terminating need the region's control plane; without it the group waits. Load moves the wanted
 * number between min and max by a target utilisation. After a zone comes back the group evens out, launching before it retires.
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

typedef struct {
    Station station;
    bool down;         /* its condition is not up */
    int64_t speed;
    uint32_t launches; /* generation of the boot timer */
} Machine;

typedef struct {
    UnitId first;
    uint32_t count;
    uint32_t wanted;
    Machine *machines;
    Stream boots;
    uint64_t launched;
    SimTime status_phase, changed; /* `changed`: last scaling */
    StationSum busy_before;        /* busy time of all machines at the last scaling tick */
    bool blocked, uneven;
} InstancesState;

enum { TIMER_STATUS, TIMER_BOOTED, TIMER_SCALE };

#define BOOT "assumption after Mao and Humphrey 2012 (97 s) and arXiv 2107.03467 (faster since): median 45 s, p95 90 s"

static const Field count_fields[] = {
    FIELD_COUNT(InstanceCount, min, "2", "0", "10000", "never fewer than this", NULL),
    FIELD_COUNT(InstanceCount, start, "2", "0", "10000", "how many run at the start", NULL),
    FIELD_COUNT(InstanceCount, max, "8", "1", "10000", "never more than this, in all zones together", NULL),
    FIELD_END,
};

static const Field scaling_fields[] = {
    FIELD_BOOL(Scaling, enabled, "yes", "follow the load between min and max", NULL),
    FIELD_SHARE(Scaling, target, "60 %", "utilisation of the workers that the group steers for", NULL),
    FIELD_TIME(Scaling, every, "60 s", "how often it looks", "AWS Auto Scaling guide: one-minute metrics"),
    FIELD_TIME(Scaling, cooldown, "300 s", "wait after a change before it shrinks", "AWS Auto Scaling guide, cooldowns"),
    FIELD_END,
};

static const Field instances_fields[] = {
    FIELD_GROUP(InstancesSpec, count, count_fields, "how many machines"),
    FIELD_COUNT(InstancesSpec, workers, "4", "1", "100000", "requests that one machine serves at a time", NULL),
    FIELD_COUNT(InstancesSpec, queue, "100", "0", "1000000", "requests that may wait at one machine; further ones are turned away", NULL),
    FIELD_LAW(InstancesSpec, service, "exponential(40 ms)", "time that one request keeps a worker busy", NULL),
    FIELD_LAW(InstancesSpec, boot, "lognormal(median 45 s p95 90 s)", "from launch to serving", BOOT),
    FIELD_TIME(InstancesSpec, status_check, "60 s", "how often dead machines are looked for", "AWS EC2 guide: status checks every 60 s"),
    FIELD_BOOL(InstancesSpec, replace, "yes", "replace dead machines", NULL),
    FIELD_WORD(InstancesSpec, session_state, state_words, "region", "where sessions live: they die with their machine, zone or region, or with nothing", NULL),
    FIELD_GROUP(InstancesSpec, scaling, scaling_fields, "how the group follows the load"),
    FIELD_END,
};

static void instances_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    const InstanceCount *count = &((const InstancesSpec *)spec)->count;
    if (count->min > count->start || count->start > count->max)
        diag_error(diagnostics, mark, "keep min <= start <= max",
                   "%s: count has min %" PRId64 ", start %" PRId64 ", max %" PRId64, name, count->min, count->start, count->max);
}

static uint32_t instances_count(const void *spec) { return (uint32_t)((const InstancesSpec *)spec)->count.max; }

static int instances_state_scope(const void *spec) { return ((const InstancesSpec *)spec)->session_state; }

static bool machine_serves(const Ctx *cx, const InstancesState *state, uint32_t m) {
    return ctx_unit(cx, state->first + m)->state == UNIT_SERVING && !state->machines[m].down;
}

static bool machine_counts(const Ctx *cx, const InstancesState *state, uint32_t m) {
    return ctx_unit(cx, state->first + m)->state == UNIT_BOOTING || machine_serves(cx, state, m);
}

static uint32_t group_size(const Ctx *cx, const InstancesState *state, bool serving_only) {
    uint32_t size = 0;
    for (uint32_t m = 0; m < state->count; m++)
        size += serving_only ? machine_serves(cx, state, m) : machine_counts(cx, state, m);
    return size;
}

static uint32_t zone_size(const Ctx *cx, const InstancesState *state, PlaceId zone) {
    uint32_t size = 0;
    for (uint32_t m = 0; m < state->count; m++)
        size += ctx_unit(cx, state->first + m)->zone == zone && machine_counts(cx, state, m);
    return size;
}

/* The machine to launch next: absent, in a zone that works, where the group has fewest. */
static uint32_t machine_to_launch(const Ctx *cx, const InstancesState *state, uint32_t *fewest) {
    uint32_t best = UINT32_MAX;
    for (uint32_t m = 0; m < state->count; m++) {
        const UnitView *unit = ctx_unit(cx, state->first + m);
        if (unit->state != UNIT_ABSENT || !unit->condition.up)
            continue;
        uint32_t size = zone_size(cx, state, unit->zone);
        if (best == UINT32_MAX || size < *fewest) {
            best = m;
            *fewest = size;
        }
    }
    return best;
}

/* The machine to retire next: serving, last of the zone where the group has most. */
static uint32_t machine_to_retire(const Ctx *cx, const InstancesState *state, uint32_t *most) {
    uint32_t best = UINT32_MAX;
    for (uint32_t m = 0; m < state->count; m++) {
        if (!machine_serves(cx, state, m))
            continue;
        uint32_t size = zone_size(cx, state, ctx_unit(cx, state->first + m)->zone);
        if (best == UINT32_MAX || size >= *most) {
            best = m;
            *most = size;
        }
    }
    return best;
}

static void machine_launch(Ctx *cx, InstancesState *state, uint32_t m) {
    const InstancesSpec *spec = cx->spec;
    Draw luck = stream_draw(&state->boots, state->launched++);
    SimTime boot = law_sample(&spec->boot, &luck);
    Machine *machine = &state->machines[m];
    ctx_set_state(cx, state->first + m, UNIT_BOOTING);
    ctx_note(cx, (Fact){.kind = FACT_LAUNCHING, .unit = state->first + m, .span = boot});
    ctx_timer(cx, simtime_add(cx->now, boot), TIMER_BOOTED, m | (++machine->launches << 16));
}

/* Orders need the control plane. Says once that they wait, and starts over when the plane answers (on_change). */
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

static void group_bury(Ctx *cx, InstancesState *state) {
    for (uint32_t m = 0; m < state->count; m++)
        if (ctx_unit(cx, state->first + m)->state == UNIT_DEAD)
            ctx_set_state(cx, state->first + m, UNIT_ABSENT);
}

/* Bring the group to the wanted number, then even it out over the zones, launching before retiring. */
static void group_reconcile(Ctx *cx, InstancesState *state) {
    uint32_t size = group_size(cx, state, false), serving = group_size(cx, state, true);
    uint32_t fewest = 0, most = 0;
    bool dead = false;
    for (uint32_t m = 0; m < state->count; m++)
        dead = dead || ctx_unit(cx, state->first + m)->state == UNIT_DEAD;
    uint32_t low = machine_to_launch(cx, state, &fewest), high = machine_to_retire(cx, state, &most);
    bool uneven = size == state->wanted && low != UINT32_MAX && high != UINT32_MAX && most > fewest + 1;
    if (size == state->wanted && serving == size && !dead && !uneven) {
        if (state->uneven)
            ctx_note(cx, (Fact){.kind = FACT_REBALANCED, .unit = NO_UNIT, .amount = size});
        state->uneven = false;
        return;
    }
    state->uneven = true;
    if (!dead && size == state->wanted && !uneven)
        return;
    if (!group_may_act(cx, state, size < state->wanted ? DECISION_LAUNCH : DECISION_RETIRE))
        return;
    group_bury(cx, state);
    for (; size < state->wanted + uneven; size++) {
        uint32_t m = machine_to_launch(cx, state, &fewest);
        if (m == UINT32_MAX)
            break;
        machine_launch(cx, state, m);
    }
    for (; serving > state->wanted; serving--)
        ctx_set_state(cx, state->first + machine_to_retire(cx, state, &most), UNIT_ABSENT);
}

static SimTime next_tick(SimTime now, SimTime phase, SimTime every) {
    int64_t since = now.ns - phase.ns;
    int64_t ticks = since < 0 ? 0 : since / every.ns + 1;
    return simtime_add(phase, SIMTIME_NS(ticks * every.ns));
}

static void instances_start(Ctx *cx) {
    const InstancesSpec *spec = cx->spec;
    InstancesState *state = cx->state;
    state->count = ctx_units(cx, cx->self, &state->first);
    state->wanted = (uint32_t)spec->count.start;
    state->machines = g_new0(Machine, state->count);
    state->boots = ctx_stream(cx, "boot");
    Stream phase = ctx_stream(cx, "status check phase");
    Draw luck = stream_draw(&phase, 0);
    state->status_phase = SIMTIME_NS((int64_t)(draw_unit(&luck) * (double)spec->status_check.ns));
    for (uint32_t m = 0; m < state->count; m++) {
        station_init(&state->machines[m].station, (uint32_t)spec->workers, (uint32_t)spec->queue);
        state->machines[m].speed = WHOLE;
        ctx_set_state(cx, state->first + m, m < state->wanted ? UNIT_SERVING : UNIT_ABSENT);
    }
    if (spec->scaling.enabled)
        ctx_timer(cx, spec->scaling.every, TIMER_SCALE, 0);
}

static void instances_end(Ctx *cx) {
    InstancesState *state = cx->state;
    for (uint32_t m = 0; m < state->count; m++)
        station_clear(&state->machines[m].station);
    g_free(state->machines);
}

static void machine_follow(Ctx *cx, InstancesState *state, uint32_t m) {
    const InstancesSpec *spec = cx->spec;
    Machine *machine = &state->machines[m];
    const UnitView *unit = ctx_unit(cx, state->first + m);
    bool down = unit->state == UNIT_SERVING && !unit->condition.up;
    if (down && !machine->down) {
        station_drop_all(&machine->station, cx->now);
        if (spec->replace)
            ctx_timer(cx, next_tick(cx->now, state->status_phase, spec->status_check), TIMER_STATUS, m);
    }
    machine->down = down;
    if (unit->condition.speed != machine->speed && unit->state == UNIT_SERVING)
        ctx_replan(cx, state->first + m);
}

static void instances_on_change(Ctx *cx) {
    InstancesState *state = cx->state;
    for (uint32_t m = 0; m < state->count; m++)
        machine_follow(cx, state, m);
    if (state->blocked)
        group_reconcile(cx, state);
}

static void machine_booted(Ctx *cx, InstancesState *state, uint32_t m, uint32_t generation) {
    Machine *machine = &state->machines[m];
    const UnitView *unit = ctx_unit(cx, state->first + m);
    if (unit->state != UNIT_BOOTING || (machine->launches & 0xffff) != generation)
        return;
    if (!unit->condition.up) {
        ctx_set_state(cx, state->first + m, UNIT_DEAD);
    } else {
        machine->speed = unit->condition.speed;
        machine->down = false;
        ctx_set_state(cx, state->first + m, UNIT_SERVING);
        ctx_note(cx, (Fact){.kind = FACT_SERVING, .unit = state->first + m});
    }
    group_reconcile(cx, state);
}

/* Target tracking: as many machines as would bring the utilisation of the last interval to the target. */
static void group_scale(Ctx *cx, InstancesState *state) {
    const InstancesSpec *spec = cx->spec;
    StationSum busy = 0;
    for (uint32_t m = 0; m < state->count; m++)
        busy += station_busy(&state->machines[m].station, cx->now);
    double used = (double)(int64_t)(busy - state->busy_before);
    state->busy_before = busy;
    double per_machine = (double)spec->scaling.every.ns * (double)spec->workers * (double)spec->scaling.target / (double)WHOLE;
    int64_t fit = (int64_t)(used / per_machine) + 1;
    fit = CLAMP(fit, spec->count.min, spec->count.max);
    bool cool = !simtime_before(cx->now, simtime_add(state->changed, spec->scaling.cooldown));
    if (fit > state->wanted || (fit < state->wanted && cool)) {
        state->wanted = (uint32_t)fit;
        state->changed = cx->now;
        ctx_note(cx, (Fact){.kind = FACT_DECIDED, .unit = NO_UNIT, .amount = DECISION_LAUNCH});
    }
    group_reconcile(cx, state);
    ctx_timer(cx, simtime_add(cx->now, spec->scaling.every), TIMER_SCALE, 0);
}

static void instances_on_timer(Ctx *cx, uint32_t what, uint32_t subject) {
    InstancesState *state = cx->state;
    if (what == TIMER_SCALE) {
        group_scale(cx, state);
    } else if (what == TIMER_BOOTED) {
        machine_booted(cx, state, subject & 0xffff, subject >> 16);
    } else if (state->machines[subject].down) {
        ctx_set_state(cx, state->first + subject, UNIT_DEAD);
        state->machines[subject].down = false;
        ctx_note(cx, (Fact){.kind = FACT_NOTICED, .unit = state->first + subject, .other = NO_COMPONENT, .amount = 0});
        ctx_note(cx, (Fact){.kind = FACT_DECIDED, .unit = state->first + subject, .amount = DECISION_LAUNCH});
        group_reconcile(cx, state);
    }
}

static SimTime at_speed(SimTime work, int64_t speed) {
    return speed == WHOLE ? work : SIMTIME_NS((int64_t)((double)work.ns * ((double)WHOLE / (double)speed) + 0.5));
}

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
    StationJob *left = g_new(StationJob, count + 1);
    for (uint32_t j = 0; j < count; j++) {
        SimTime from = simtime_max(jobs[j].start, cx->now);
        double factor = (double)machine->speed / (double)speed;
        left[j] = (StationJob){.left = SIMTIME_NS((int64_t)((double)(jobs[j].ready.ns - from.ns) * factor + 0.5))};
        left[j].started = !simtime_before(cx->now, jobs[j].start);
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
    .passage = {PASSAGE_TERMINATES, ATTACH_SUBNETS, false},
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
