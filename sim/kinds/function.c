/* function.c - code that a provider runs when it is called: no machine to log in to, and none to keep.
 *
 * With a subnet it connects from interfaces there, which never have a public address: in a subnet with a route to an
 * internet gateway it still has no way out, and needs a NAT gateway (AWS Lambda guide, configuration-vpc). Without a
 * subnet it connects from the provider's own network, which leads to the internet. Nobody connects to it: it is called
 * through the service's API, as a policy allows.
 *
 * Each call runs in an environment of its own. One that has ended a call stays for a while for the next; a call that
 * finds none idle waits for a cold start. So many may run at a time: from the first call that is turned away the limit
 * grows from `burst` by `ramp` a minute up to `limit`, and starts anew once fewer than `burst` run. What a trigger
 * brings waits for room, and what failed is tried again. Left out on purpose: what is behind it counts for its
 * messages, not for calls (a caller's wait holds no environment). */
#include <glib.h>

#include "base/law.h"
#include "contract/kind.h"

typedef struct {
    int64_t limit, burst, ramp;
} Concurrency;

typedef struct {
    Law service, cold_start;
    SimTime keeps;
    int64_t cold;
    Concurrency concurrency;
    int64_t crash, retries;
    SimTime retry_after;
    const char *dead_letters;
} FunctionSpec;

typedef struct {
    GArray *running; /* int64_t: heap of the instants at which calls end */
    GArray *idle;    /* int64_t: since when, ascending; the last is taken first */
    guint gone;      /* of idle: so many from the front are no more */
    bool ramps;
    SimTime since; /* ramps: it was first turned away */
} FunctionState;

static const Field concurrency_fields[] = {
    FIELD_COUNT(Concurrency, limit, "1000", "1", "10000000", "calls at a time, at most",
                "AWS Lambda guide, invocation-scaling: 1,000 a region"),
    FIELD_COUNT(Concurrency, burst, "1000", "1", "10000000", "calls at a time that may run at once",
                "AWS Lambda guide, invocation-scaling, 2022: 500 to 3,000 by region"),
    FIELD_COUNT(Concurrency, ramp, "500", "0", "10000000", "how many more a minute later, and so on",
                "AWS Lambda guide, invocation-scaling, 2022: 500 each minute"),
    FIELD_END,
};

static const Field function_fields[] = {
    FIELD_LAW(FunctionSpec, service, "exponential(50 ms)", "time of one call", NULL),
    FIELD_LAW(FunctionSpec, cold_start, "uniform(100 ms to 1 s)",
              "what a call waits for that finds no environment idle",
              "AWS Lambda guide, lambda-runtime-environment: from under 100 ms to over 1 s"),
    FIELD_TIME(FunctionSpec, keeps, "10 min", "how long an idle environment is kept",
               "assumption: some minutes; the provider does not say"),
    FIELD_SHARE(FunctionSpec, cold, "0 %", "share of calls that find none although one should be idle", NULL),
    FIELD_GROUP(FunctionSpec, concurrency, concurrency_fields, "how many calls may run at a time"),
    FIELD_SHARE(FunctionSpec, crash, "0 %", "chance that a call fails half-way", NULL),
    FIELD_COUNT(FunctionSpec, retries, "2", "0", "2", "further tries of what a trigger brought and that failed",
                "AWS Lambda guide, invocation-async: two"),
    FIELD_TIME(FunctionSpec, retry_after, "1 min", "the wait before the first of them; the second waits twice as long",
               "AWS Lambda guide, invocation-async: 1 min, then 2 min"),
    FIELD_TEXT(FunctionSpec, dead_letters, NULL, "the queue that gets what failed for the last time"),
    FIELD_END,
};

static void function_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    const Concurrency *c = &((const FunctionSpec *)spec)->concurrency;
    if (c->limit > c->burst && c->ramp == 0)
        diag_error(diagnostics, mark, "write ramp: 500, or burst as high as limit",
                   "%s: concurrency never grows from its burst to its limit", name);
}

static void function_start(Ctx *cx) {
    FunctionState *state = cx->state;
    state->running = g_array_new(FALSE, FALSE, sizeof(int64_t));
    state->idle = g_array_new(FALSE, FALSE, sizeof(int64_t));
}

static void function_end(Ctx *cx) {
    FunctionState *state = cx->state;
    g_array_free(state->running, TRUE);
    g_array_free(state->idle, TRUE);
}

/* ---- Environments ------------------------------------------------------------------------- */

static void running_add(GArray *heap, int64_t end) {
    g_array_append_val(heap, end);
    int64_t *ends = (int64_t *)(void *)heap->data;
    guint i = heap->len - 1;
    for (; i > 0 && end < ends[(i - 1) / 2]; i = (i - 1) / 2)
        ends[i] = ends[(i - 1) / 2];
    ends[i] = end;
}

static int64_t running_take(GArray *heap) {
    int64_t *ends = (int64_t *)(void *)heap->data, first = ends[0], last = ends[heap->len - 1];
    guint count = heap->len - 1, i = 0;
    for (guint child = 1; child < count; child = 2 * i + 1) {
        child += child + 1 < count && ends[child + 1] < ends[child];
        if (ends[child] >= last)
            break;
        ends[i] = ends[child];
        i = child;
    }
    ends[i] = last;
    g_array_set_size(heap, count);
    return first;
}

/* Calls that have ended by now leave idle environments; those idle for too long are gone. */
static void environments_follow(FunctionState *state, SimTime now, SimTime keeps) {
    while (state->running->len > 0 && g_array_index(state->running, int64_t, 0) <= now.ns) {
        int64_t since = running_take(state->running);
        g_array_append_val(state->idle, since);
    }
    while (state->gone < state->idle->len &&
           simtime_before(simtime_add(SIMTIME_NS(g_array_index(state->idle, int64_t, state->gone)), keeps), now))
        state->gone++;
    if (state->gone == state->idle->len) {
        g_array_set_size(state->idle, 0);
        state->gone = 0;
    }
}

static bool environment_take(FunctionState *state) {
    if (state->idle->len == state->gone)
        return false;
    g_array_set_size(state->idle, state->idle->len - 1);
    return true;
}

/* ---- How many at a time ------------------------------------------------------------------- */

static uint64_t allowed(const FunctionSpec *spec, const FunctionState *state, SimTime now) {
    const Concurrency *c = &spec->concurrency;
    uint64_t minutes = state->ramps ? (uint64_t)simtime_sub(now, state->since).ns / (uint64_t)SIMTIME_S(60).ns : 0;
    uint64_t limit = (uint64_t)c->limit;
    return MIN(limit, (uint64_t)c->burst + (uint64_t)c->ramp * MIN(minutes, limit));
}

/* With `many` running: is there room for one more? Who is turned away starts the ramp. */
static bool has_room(const FunctionSpec *spec, FunctionState *state, SimTime now, uint64_t many) {
    if (state->ramps && many < (uint64_t)spec->concurrency.burst)
        state->ramps = false;
    if (many < allowed(spec, state, now))
        return true;
    if (!state->ramps)
        state->since = now;
    state->ramps = true;
    return false;
}

/* The next minute of the ramp. */
static SimTime function_room(Ctx *cx, UnitId unit, uint32_t here, uint32_t all) {
    const FunctionSpec *spec = cx->spec;
    FunctionState *state = cx->state;
    (void)unit;
    (void)here;
    if (has_room(spec, state, cx->now, all))
        return cx->now;
    if (allowed(spec, state, cx->now) >= (uint64_t)spec->concurrency.limit)
        return SIMTIME_NEVER;
    int64_t minute = SIMTIME_S(60).ns;
    return SIMTIME_NS(state->since.ns + (simtime_sub(cx->now, state->since).ns / minute + 1) * minute);
}

static Outcome function_on_request(Ctx *cx, Request *rq) {
    const FunctionSpec *spec = cx->spec;
    FunctionState *state = cx->state;
    environments_follow(state, rq->now, spec->keeps);
    if (!has_room(spec, state, rq->now, state->running->len))
        return outcome_fail(CAUSE_FULL, rq->now);
    SimTime work = law_sample(&spec->service, &rq->luck), start = rq->now;
    bool crashes = spec->crash > 0 && draw_chance(&rq->luck, spec->crash);
    bool cold = spec->cold > 0 && draw_chance(&rq->luck, spec->cold);
    if (cold || !environment_take(state))
        start = simtime_add(start, law_sample(&spec->cold_start, &rq->luck));
    SimTime ready = simtime_add(start, crashes ? SIMTIME_NS(work.ns / 2) : work);
    running_add(state->running, ready.ns);
    return crashes ? outcome_fail(CAUSE_REFUSED, ready) : outcome_pass(ready);
}

/* ---- Messages ----------------------------------------------------------------------------- */

static SimTime function_retry(const void *spec, uint32_t tried, Draw *luck) {
    const FunctionSpec *function = spec;
    (void)luck;
    return tried > function->retries ? SIMTIME_NEVER
           : tried > 1               ? simtime_add(function->retry_after, function->retry_after)
                                     : function->retry_after;
}

static const char *function_dead_letters(const void *spec) { return ((const FunctionSpec *)spec)->dead_letters; }

static const MessageRules function_messages = {.can = MESSAGES_TRIGGERS | MESSAGES_WORKS,
                                               .dead_letters = function_dead_letters,
                                               .retry = function_retry,
                                               .room = function_room};

static void function_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_PER_MILLION, "function_million_calls");
}

static const KindAction function_actions[] = {{"invoke", ACTION_WRITES}, {"update", ACTION_RULES}, {NULL, 0}};

static const char *const function_shows[] = {"concurrency.limit", NULL};

const Kind kind_function = {
    .name = "function",
    .summary = "code that a provider runs when it is called",
    .role = ROLE_COMPUTE,
    .symbol = "function",
    .spread = SPREAD_ZONES,
    .passage = {.mode = PASSAGE_TERMINATES,
                .attachment = ATTACH_SUBNETS,
                .no_public_address = true,
                .subnet_optional = true},
    .fields = function_fields,
    .shows = function_shows,
    .spec_size = sizeof(FunctionSpec),
    .state_size = sizeof(FunctionState),
    .in_order = true,
    .client_first = 1024, /* AWS VPC guide, ephemeral ports */
    .client_last = 65535,
    .managed = true,
    .actions = function_actions,
    .messages = &function_messages,
    .check = function_check,
    .start = function_start,
    .on_request = function_on_request,
    .end = function_end,
    .price = function_price,
};
