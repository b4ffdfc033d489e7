/* runbook.c - what people do when a region is lost: an alarm, a decision, and the order to go over to another region.
 *
 * It watches its targets in one region as a name service does, from outside. When they are found dead, people decide
 * whether to give the region up; an alarm that ends before that is called off. What they have decided takes effect when
 * everything that templates build has been built: from then on what stands by in other regions takes over (`primary`
 * of instances and of databases).
 *
 * Left out on purpose: the way back. Giving the region its work again is a plan of its own, made in quiet times. */
#include <glib.h>

#include "base/law.h"
#include "base/watch.h"
#include "contract/kind.h"

typedef struct {
    SimTime every, timeout;
    int64_t fail_after;
} RunbookAlarm;

typedef struct {
    const char *region;
    RunbookAlarm alarm;
    Law decision, prepare;
} RunbookSpec;

typedef enum { QUIET, DECIDING, PREPARING, DECLARED } RunbookStage;

typedef struct {
    PlaceId region;
    Watch watch;
    SimTime phase;
    Stream luck;
    RunbookStage stage;
    uint32_t alarms; /* so far: numbers the draws, and the timers of each */
    bool settled;    /* has seen how everything was at the start of the run */
} RunbookState;

enum { TIMER_SEEN, TIMER_DECIDED, TIMER_PREPARED };

static const Field alarm_fields[] = {
    FIELD_ROW(RunbookAlarm, every, FIELD_TYPE_TIME, "60 s", "1 ms", NULL, "time between two looks at the region",
              "Amazon CloudWatch guide: alarms on one-minute metrics"),
    FIELD_TIME(RunbookAlarm, timeout, "4 s", "how long a silent target is waited for",
               "AWS Route 53: TCP connect within 4 s; taken for alarms too"),
    FIELD_COUNT(RunbookAlarm, fail_after, "3", "1", "10", "failed looks in a row that raise the alarm",
                "assumption: three of three"),
    FIELD_END,
};

static const Field runbook_fields[] = {
    FIELD_TEXT(RunbookSpec, region, NULL, "the region that it watches (default: that of the first target by name)"),
    FIELD_GROUP(RunbookSpec, alarm, alarm_fields, "how the targets there are watched"),
    FIELD_LAW(RunbookSpec, decision, "lognormal(median 15 min p95 60 min)",
              "how long people take, from the alarm, to decide that the region is given up", NULL),
    FIELD_LAW(RunbookSpec, prepare, "0 s",
              "from that until what templates build elsewhere is there: networks, balancers, permissions", NULL),
    FIELD_END,
};

static bool runbook_watches(const Ctx *cx, ComponentId target) {
    return ctx_place(cx, target) == ((const RunbookState *)cx->state)->region;
}

/* Good when something there works; silent unless all refuse. */
static ProbeResult runbook_look(Ctx *cx) {
    const ComponentId *targets;
    uint32_t count = ctx_targets(cx, &targets), looked = 0, refused = 0;
    for (uint32_t t = 0; t < count; t++) {
        UnitId first;
        uint32_t units = runbook_watches(cx, targets[t]) ? ctx_units(cx, targets[t], &first) : 0;
        for (uint32_t u = 0; u < units; u++) {
            ProbeResult seen = ctx_probe(cx, NO_UNIT, first + u);
            if (seen == PROBE_GOOD)
                return PROBE_GOOD;
            looked++;
            refused += seen == PROBE_REFUSED;
        }
    }
    return looked == refused ? PROBE_REFUSED : PROBE_SILENT;
}

static void runbook_start(Ctx *cx) {
    const RunbookSpec *spec = cx->spec;
    RunbookState *state = cx->state;
    const ComponentId *targets;
    uint32_t count = ctx_targets(cx, &targets);
    state->region = NO_PLACE;
    for (uint32_t t = 0; t < count && state->region == NO_PLACE; t++)
        if (!spec->region || ctx_place_is(cx, ctx_place(cx, targets[t]), spec->region))
            state->region = ctx_place(cx, targets[t]);
    Stream phase = ctx_stream(cx, "alarm phase");
    Draw luck = stream_draw(&phase, 0);
    state->phase = SIMTIME_NS((int64_t)(draw_unit(&luck) * (double)spec->alarm.every.ns));
    state->luck = ctx_stream(cx, "people");
}

/* Every step has a draw of its own, so that one law never moves another's luck. */
static void runbook_wait(Ctx *cx, const Law *law, uint32_t timer) {
    RunbookState *state = cx->state;
    Draw luck = stream_draw(&state->luck, ((uint64_t)state->alarms << 8) | timer);
    ctx_timer(cx, simtime_add(cx->now, law_sample(law, &luck)), timer, state->alarms);
}

static void runbook_on_change(Ctx *cx) {
    const RunbookSpec *spec = cx->spec;
    RunbookState *state = cx->state;
    if (state->region == NO_PLACE || state->stage >= PREPARING)
        return;
    ProbeResult seen = runbook_look(cx);
    if (!state->settled) {
        state->watch = watch_settled(seen == PROBE_GOOD);
        state->settled = true;
        return;
    }
    uint32_t needed = (uint32_t)spec->alarm.fail_after;
    WatchPolicy policy = {spec->alarm.every, spec->alarm.timeout, needed, needed, false};
    SimTime at = watch_tell(&state->watch, &policy, state->phase, seen == PROBE_GOOD, seen == PROBE_SILENT, cx->now);
    if (!simtime_is_never(at))
        ctx_timer(cx, at, TIMER_SEEN, state->watch.generation);
}

/* The alarm: people come together. Its end, while they still talk: they go home. */
static void runbook_seen(Ctx *cx) {
    const RunbookSpec *spec = cx->spec;
    RunbookState *state = cx->state;
    const ComponentId *targets;
    uint32_t count = ctx_targets(cx, &targets), first = 0;
    while (first < count && !runbook_watches(cx, targets[first]))
        first++;
    ctx_note(cx, (Fact){.kind = FACT_NOTICED, .unit = NO_UNIT, .other = targets[first], .amount = state->watch.seen});
    if (state->stage >= PREPARING)
        return;
    state->stage = state->watch.seen ? QUIET : DECIDING;
    state->alarms++;
    if (state->stage == DECIDING)
        runbook_wait(cx, &spec->decision, TIMER_DECIDED);
}

static void runbook_on_timer(Ctx *cx, uint32_t what, uint32_t subject) {
    const RunbookSpec *spec = cx->spec;
    RunbookState *state = cx->state;
    if (what == TIMER_SEEN && watch_notice(&state->watch, subject)) {
        runbook_seen(cx);
    } else if (what == TIMER_DECIDED && state->stage == DECIDING && subject == state->alarms) {
        state->stage = PREPARING;
        ctx_note(cx, (Fact){.kind = FACT_DECIDED, .unit = NO_UNIT, .amount = DECISION_DECLARE});
        runbook_wait(cx, &spec->prepare, TIMER_PREPARED);
    } else if (what == TIMER_PREPARED && state->stage == PREPARING) {
        state->stage = DECLARED;
        ctx_declare(cx, state->region);
    }
}

static const char *const runbook_shows[] = {"region", "decision", "prepare", NULL};

const Kind kind_runbook = {
    .name = "runbook",
    .summary = "people who give a lost region up: an alarm, a decision, and what takes over elsewhere",
    .role = ROLE_NAME,
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_ATTACHES, .attachment = ATTACH_NAME},
    .fields = runbook_fields,
    .shows = runbook_shows,
    .spec_size = sizeof(RunbookSpec),
    .state_size = sizeof(RunbookState),
    .managed = true,
    .start = runbook_start,
    .on_change = runbook_on_change,
    .on_timer = runbook_on_timer,
};
