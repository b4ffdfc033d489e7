/* job_instances.c - machines that live for one job: launched for each message that waits for one, terminated after it.
 *
 * There is none before the first job and none after the last, so nothing can be attacked or billed in between. A launch
 * is an order to the region's control plane, and takes a boot time; without the plane the message waits. Each machine
 * works on one message, and is terminated however that ended: whoever launched it does not look back, so what dies with
 * a machine is gone unless a queue still has it. At most `most` run at a time; further messages wait.
 * Left out on purpose: machines kept warm for the next job; that is what `instances` are for. */
#include <glib.h>

#include "base/law.h"
#include "contract/kind.h"

typedef struct {
    int64_t most, crash;
    Law service, boot;
} JobInstancesSpec;

typedef struct {
    UnitId first;
    uint32_t count, wanted, there; /* there: booting or serving */
    uint32_t *launches;            /* by machine: generation of its boot timer */
    Stream boots;
    uint64_t launched;
    bool blocked;
} JobInstancesState;

#define BOOT "assumption after Mao and Humphrey 2012 (97 s) and arXiv 2107.03467 (faster since): median 45 s, p95 90 s"

static const Field job_instances_fields[] = {
    FIELD_COUNT(JobInstancesSpec, most, "20", "1", "10000", "how many may run at a time", NULL),
    FIELD_LAW(JobInstancesSpec, service, "exponential(60 s)", "time that one job takes on its machine", NULL),
    FIELD_LAW(JobInstancesSpec, boot, "lognormal(median 45 s p95 90 s)", "from launch to work", BOOT),
    FIELD_SHARE(JobInstancesSpec, crash, "0 %", "chance that a machine dies half-way through its job", NULL),
    FIELD_END,
};

static uint32_t job_instances_count(const void *spec) { return (uint32_t)((const JobInstancesSpec *)spec)->most; }

static void job_instances_start(Ctx *cx) {
    JobInstancesState *state = cx->state;
    state->count = ctx_units(cx, cx->self, &state->first);
    state->launches = g_new0(uint32_t, state->count);
    state->boots = ctx_stream(cx, "boot");
    for (uint32_t m = 0; m < state->count; m++)
        ctx_set_state(cx, state->first + m, UNIT_ABSENT);
}

static void job_instances_end(Ctx *cx) { g_free(((JobInstancesState *)cx->state)->launches); }

/* Places are dealt over the zones in turn; the first one free in a zone that works is taken, if the account may have
 * one more. */
static void launch_one(Ctx *cx, JobInstancesState *state, uint32_t *from) {
    const JobInstancesSpec *spec = cx->spec;
    for (uint32_t m = *from; m < state->count; m++) {
        const UnitView *unit = ctx_unit(cx, state->first + m);
        if (unit->state != UNIT_ABSENT || !unit->condition.up)
            continue;
        if (!ctx_granted(cx, state->first + m))
            break;
        Draw luck = stream_draw(&state->boots, state->launched++);
        SimTime boot = law_sample(&spec->boot, &luck);
        ctx_set_state(cx, state->first + m, UNIT_BOOTING);
        ctx_note(cx, (Fact){.kind = FACT_LAUNCHING, .unit = state->first + m, .span = boot});
        ctx_timer(cx, simtime_add(cx->now, boot), ++state->launches[m], m);
        state->there++;
        *from = m + 1;
        return;
    }
    *from = state->count;
}

static void launch_wanted(Ctx *cx, JobInstancesState *state) {
    bool blocked = state->there < state->wanted && !ctx_control(cx, NO_PLACE);
    if (blocked && !state->blocked)
        ctx_note(cx, (Fact){.kind = FACT_BLOCKED_ACTION, .unit = NO_UNIT, .amount = DECISION_LAUNCH});
    state->blocked = blocked;
    for (uint32_t from = 0; !blocked && state->there < state->wanted && from < state->count;)
        launch_one(cx, state, &from);
}

static void machine_gone(Ctx *cx, JobInstancesState *state, UnitId unit) {
    UnitState is = ctx_unit(cx, unit)->state;
    state->there -= is == UNIT_BOOTING || is == UNIT_SERVING;
    state->launches[unit - state->first]++;
    ctx_set_state(cx, unit, UNIT_ABSENT);
}

/* A machine that dies before it has begun is launched again elsewhere; one that works is its message's concern. */
static void job_instances_on_change(Ctx *cx) {
    JobInstancesState *state = cx->state;
    for (uint32_t m = 0; m < state->count && state->there > 0; m++) {
        const UnitView *unit = ctx_unit(cx, state->first + m);
        if (unit->state == UNIT_BOOTING && !unit->condition.up)
            machine_gone(cx, state, state->first + m);
    }
    launch_wanted(cx, state);
}

static void job_instances_on_timer(Ctx *cx, uint32_t launch, uint32_t m) {
    JobInstancesState *state = cx->state;
    if (state->launches[m] != launch || ctx_unit(cx, state->first + m)->state != UNIT_BOOTING)
        return;
    ctx_set_state(cx, state->first + m, UNIT_SERVING);
    ctx_note(cx, (Fact){.kind = FACT_SERVING, .unit = state->first + m});
}

static Outcome job_instances_on_request(Ctx *cx, Request *rq) {
    const JobInstancesSpec *spec = cx->spec;
    SimTime work = work_at_speed(law_sample(&spec->service, &rq->luck), ctx_unit(cx, rq->unit)->condition.speed);
    if (spec->crash > 0 && draw_chance(&rq->luck, spec->crash))
        return outcome_fail(CAUSE_SILENT, simtime_add(rq->now, SIMTIME_NS(work.ns / 2)));
    return outcome_pass(simtime_add(rq->now, work));
}

/* ---- Messages ----------------------------------------------------------------------------- */

static SimTime job_instances_room(Ctx *cx, UnitId unit, uint32_t here, uint32_t all) {
    (void)unit;
    (void)all;
    return here == 0 ? cx->now : SIMTIME_NEVER;
}

static void job_instances_demand(Ctx *cx, uint32_t messages) {
    const JobInstancesSpec *spec = cx->spec;
    JobInstancesState *state = cx->state;
    state->wanted = MIN(messages, (uint32_t)spec->most);
    launch_wanted(cx, state);
}

static void job_instances_worked(Ctx *cx, UnitId unit) {
    JobInstancesState *state = cx->state;
    machine_gone(cx, state, unit);
    state->wanted -= state->wanted > 0;
}

static const MessageRules job_instances_messages = {
    .can = MESSAGES_WORKS, .room = job_instances_room, .demand = job_instances_demand, .worked = job_instances_worked};

static void job_instances_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_UNIT_HOUR, "instance_hour");
}

static const char *const job_instances_shows[] = {"most", NULL};

const Kind kind_job_instances = {
    .name = "job_instances",
    .summary = "machines that are launched for one job each, and terminated after it",
    .role = ROLE_COMPUTE,
    .spread = SPREAD_COUNT,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS},
    .fields = job_instances_fields,
    .shows = job_instances_shows,
    .spec_size = sizeof(JobInstancesSpec),
    .state_size = sizeof(JobInstancesState),
    .messages = &job_instances_messages,
    .count = job_instances_count,
    .start = job_instances_start,
    .on_request = job_instances_on_request,
    .on_change = job_instances_on_change,
    .on_timer = job_instances_on_timer,
    .end = job_instances_end,
    .price = job_instances_price,
};
