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
 * With `primary` only that region's copy works at first; the others stand by with fewer machines, or none, and grow to
 * `start` when that region is given up (runbook.c).
 * A refresh replaces all machines by new ones of the group's present image, a share at a time: the old ones go, new
 * ones start, and when they have served for a while the next share follows. Left out on purpose: machines of different
 * sizes, and spot interruptions. */
#include <glib.h>
#include <inttypes.h>

#include "kinds/machines.h"

static const char *const state_words[] = {"instance", "zone", "region", "shared", NULL};

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

static const Field refresh_fields[] = {
    FIELD_ROW(Refresh, every, FIELD_TYPE_TIME, NULL, "1 s", NULL,
              "the group refreshes itself so often; otherwise only when a timeline orders it", NULL),
    FIELD_TIME(Refresh, settle, "60 s", "how long a batch must have served before the next one begins",
               "assumption: two good checks of a balancer"),
    FIELD_ROW(Refresh, batch, FIELD_TYPE_SHARE, "10 %", "0.1 %", "100 %",
              "share of the group that is replaced at a time",
              "AWS Auto Scaling guide, instance refresh: 90 % stay in service"),
    FIELD_BOOL(Refresh, surge, "no", "launch the new machines first, and retire the old ones when they serve",
               "AWS Auto Scaling guide, instance refresh: terminates first unless told otherwise"),
    FIELD_END,
};

static const Field instances_fields[] = {
    FIELD_GROUP(InstancesSpec, count, count_fields, "how many machines"),
    FIELD_TEXT(InstancesSpec, primary, NULL,
               "the region that works while it is not given up; copies elsewhere stand by until then"),
    FIELD_COUNT(InstancesSpec, standby, "0", "0", "10000",
                "with primary: how many run (never fewer) in a copy that stands by; 0 keeps it switched off", NULL),
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
    FIELD_SHARE(InstancesSpec, crash, "0 %", "chance that a worker dies half-way through a request or a message", NULL),
    FIELD_GROUP(InstancesSpec, scaling, scaling_fields, "how the group follows the load"),
    FIELD_GROUP(InstancesSpec, refresh, refresh_fields, "how machines are replaced by new ones from the image"),
    FIELD_END,
};

static void instances_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    const InstanceCount *count = &((const InstancesSpec *)spec)->count;
    if (count->min > count->start || count->start > count->max)
        diag_error(diagnostics, mark, "keep min <= start <= max",
                   "%s: count has min %" PRId64 ", start %" PRId64 ", max %" PRId64, name, count->min, count->start,
                   count->max);
    if (((const InstancesSpec *)spec)->standby > count->max)
        diag_error(diagnostics, mark, "keep standby <= max", "%s: more stand by than there can be", name);
    if (((const InstancesSpec *)spec)->standby > 0 && !((const InstancesSpec *)spec)->primary)
        diag_error(diagnostics, mark, "name the region that works: primary: us-east-1",
                   "%s: it does not say for which region these machines stand by", name);
}

static uint32_t instances_count(const void *spec) { return (uint32_t)((const InstancesSpec *)spec)->count.max; }

static int instances_state_scope(const void *spec) { return ((const InstancesSpec *)spec)->session_state; }

static void group_refresh(Ctx *cx, InstancesState *state) {
    const Refresh *refresh = &((const InstancesSpec *)cx->spec)->refresh;
    machines_refresh(cx, state, (Order){.share = refresh->batch, .settle = refresh->settle, .surge = refresh->surge});
    ctx_timer(cx, simtime_add(cx->now, refresh->every), TIMER_REFRESH, 0);
}

static uint32_t instances_image(const Ctx *cx, UnitId unit) {
    const InstancesState *state = cx->state;
    return state->machines ? state->machines[unit - state->first].image : 0;
}

static void instances_on_order(Ctx *cx, const Order *order) { machines_refresh(cx, cx->state, *order); }

static bool instances_obeys(const void *spec, OrderAct act) {
    (void)spec;
    return act == ACT_REFRESH;
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

/* The place of the region that this copy stands by for. */
static PlaceId group_primary(Ctx *cx) {
    const InstancesSpec *spec = cx->spec;
    const ComponentId *copies;
    uint32_t count = ctx_copies(cx, &copies);
    for (uint32_t i = 0; i < count && spec->primary; i++)
        if (copies[i] != cx->self && ctx_place_is(cx, ctx_place(cx, copies[i]), spec->primary))
            return ctx_place(cx, copies[i]);
    return NO_PLACE;
}

static int64_t group_least(const InstancesSpec *spec, const InstancesState *state) {
    return state->asleep ? spec->standby : spec->count.min;
}

/* The region that it stood by for is given up: it is the one that works now. */
static void group_wake(Ctx *cx, InstancesState *state) {
    const InstancesSpec *spec = cx->spec;
    state->asleep = false;
    if (state->wanted >= (uint32_t)spec->count.start)
        return;
    state->wanted = (uint32_t)spec->count.start;
    state->changed = cx->now;
    ctx_note(cx, (Fact){.kind = FACT_DECIDED, .unit = NO_UNIT, .amount = DECISION_LAUNCH});
    machines_reconcile(cx, state);
}

/* The first `start` places are taken; they are dealt over the zones in turn, so the group begins evenly. */
static void instances_start(Ctx *cx) {
    const InstancesSpec *spec = cx->spec;
    InstancesState *state = cx->state;
    state->count = ctx_units(cx, cx->self, &state->first);
    state->primary = group_primary(cx);
    state->asleep = state->primary != NO_PLACE;
    state->wanted = (uint32_t)(state->asleep ? spec->standby : spec->count.start);
    state->machines = g_new0(Machine, state->count);
    state->zones = g_new0(Zone, state->count);
    state->boots = ctx_stream(cx, "boot");
    Stream phase = ctx_stream(cx, "status check phase");
    Draw luck = stream_draw(&phase, 0);
    state->status_phase = SIMTIME_NS((int64_t)(draw_unit(&luck) * (double)spec->status_check.ns));
    for (uint32_t m = 0; m < state->count; m++) {
        Machine *machine = &state->machines[m];
        *machine = (Machine){.zone = zone_of(state, machines_unit(cx, state, m)->zone), .speed = WHOLE, .up = true};
        station_init(&machine->station, (uint32_t)spec->workers, (uint32_t)spec->queue);
        ctx_set_state(cx, state->first + m, m < state->wanted ? UNIT_SERVING : UNIT_ABSENT);
    }
    if (spec->scaling.enabled && !ctx_idle(cx))
        ctx_timer(cx, spec->scaling.every, TIMER_SCALE, 0);
    if (spec->refresh.every.ns > 0)
        ctx_timer(cx, spec->refresh.every, TIMER_REFRESH, 0);
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
    const UnitView *unit = machines_unit(cx, state, m);
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
    if (state->asleep && ctx_declared(cx, state->primary))
        group_wake(cx, state);
    if (state->blocked)
        machines_reconcile(cx, state);
    machines_refresh_follow(cx, state);
}

/* A status check: what it finds dead is given up. */
static void group_look(Ctx *cx, InstancesState *state) {
    const InstancesSpec *spec = cx->spec;
    state->looking = false;
    for (uint32_t m = 0; m < state->count && spec->replace; m++) {
        const UnitView *unit = machines_unit(cx, state, m);
        if (unit->condition.up || (unit->state != UNIT_SERVING && unit->state != UNIT_BOOTING))
            continue;
        UnitId dead = state->first + m;
        ctx_set_state(cx, dead, UNIT_DEAD);
        ctx_note(cx, (Fact){.kind = FACT_NOTICED, .unit = dead, .other = NO_COMPONENT, .amount = 0});
        ctx_note(cx, (Fact){.kind = FACT_DECIDED, .unit = dead, .amount = DECISION_LAUNCH});
    }
    machines_reconcile(cx, state);
}

/* A machine whose zone died while it booted counts as serving until a status check finds it. */
static void machine_booted(Ctx *cx, InstancesState *state, uint32_t m, uint32_t launch) {
    Machine *machine = &state->machines[m];
    const UnitView *unit = machines_unit(cx, state, m);
    if (unit->state != UNIT_BOOTING || machine->launches != launch)
        return;
    machine->speed = unit->condition.speed; /* now: a replan would bring back the work of the one before it */
    station_drop_all(&machine->station, cx->now);
    ctx_set_state(cx, state->first + m, UNIT_SERVING);
    if (unit->condition.up)
        ctx_note(cx, (Fact){.kind = FACT_SERVING, .unit = state->first + m});
    machines_reconcile(cx, state);
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
    return CLAMP(fit, group_least(spec, state), spec->count.max);
}

/* Grows at once; shrinks only when the last change is a cooldown ago. */
static void group_scale(Ctx *cx, InstancesState *state) {
    const InstancesSpec *spec = cx->spec;
    int64_t fit = group_fit(cx, state);
    bool cool = !simtime_before(cx->now, simtime_add(state->changed, spec->scaling.cooldown));
    machines_count(cx, state);
    if (state->serving > 0 && (fit > state->wanted || (fit < state->wanted && cool))) {
        DecisionKind what = fit > state->wanted ? DECISION_LAUNCH : DECISION_RETIRE;
        state->wanted = (uint32_t)fit;
        state->changed = cx->now;
        ctx_note(cx, (Fact){.kind = FACT_DECIDED, .unit = NO_UNIT, .amount = what});
    }
    machines_reconcile(cx, state);
    ctx_timer(cx, simtime_add(cx->now, spec->scaling.every), TIMER_SCALE, 0);
}

static void instances_on_timer(Ctx *cx, uint32_t what, uint32_t subject) {
    InstancesState *state = cx->state;
    if (what == TIMER_STATUS)
        group_look(cx, state);
    else if (what == TIMER_SCALE)
        group_scale(cx, state);
    else if (what == TIMER_SETTLED)
        machines_refresh_settled(cx, state, subject);
    else if (what == TIMER_REFRESH)
        group_refresh(cx, state);
    else
        machine_booted(cx, state, what - TIMER_BOOTED, subject);
}

/* ---- Requests -----------------------------------------------------------------------------------------------------
 */

/* A full queue is known at once: the machine itself turns the request away. */
static Outcome instances_on_request(Ctx *cx, Request *rq) {
    const InstancesSpec *spec = cx->spec;
    InstancesState *state = cx->state;
    Machine *machine = &state->machines[rq->unit - state->first];
    SimTime work = work_at_speed(law_sample(&spec->service, &rq->luck), machine->speed), start, ready;
    bool crashes = spec->crash > 0 && draw_chance(&rq->luck, spec->crash);
    if (!station_offer(&machine->station, rq->now, crashes ? SIMTIME_NS(work.ns / 2) : work, &start, &ready))
        return outcome_fail(CAUSE_FULL, rq->now);
    if (crashes)
        return outcome_fail(CAUSE_SILENT, ready);
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

/* Of messages each machine takes as many at a time as it has workers. */
static SimTime instances_room(Ctx *cx, UnitId unit, uint32_t here, uint32_t all) {
    (void)unit;
    (void)all;
    return here < (uint64_t)((const InstancesSpec *)cx->spec)->workers ? cx->now : SIMTIME_NEVER;
}

static const MessageRules instances_messages = {.can = MESSAGES_WORKS, .room = instances_room};

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
    .messages = &instances_messages,
    .check = instances_check,
    .count = instances_count,
    .state_scope = instances_state_scope,
    .image = instances_image,
    .obeys = instances_obeys,
    .start = instances_start,
    .on_request = instances_on_request,
    .on_change = instances_on_change,
    .on_timer = instances_on_timer,
    .on_order = instances_on_order,
    .on_replan = instances_on_replan,
    .end = instances_end,
    .price = instances_price,
};
