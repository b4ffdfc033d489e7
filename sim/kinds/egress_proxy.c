/* egress_proxy.c - a proxy through which hosts reach what is outside, and which opens connections to nothing that is
 * not on its allowlist.
 *
 * Connections of its callers end here; its own begin here, so nobody behind it needs a way to the internet. It has a
 * node in each of its zones, each a first-come first-served queue. Callers take one of the nodes by their own luck;
 * with health checks they leave out those whose checks fail, without them they try the next one when an answer does not
 * come. Left out on purpose: what it would find inside the connections. */
#include <glib.h>

#include "base/law.h"
#include "base/station.h"
#include "base/watch.h"
#include "contract/kind.h"

typedef struct {
    bool enabled;
    SimTime every, timeout;
    int64_t fail_after;
} ProxyCheck;

typedef struct {
    int64_t workers, queue;
    Law service;
    ProxyCheck health_check;
} ProxySpec;

typedef struct {
    Station station;
    Watch watch;
    SimTime phase;
    bool up;
} ProxyNode;

typedef struct {
    UnitId first;
    uint32_t count;
    ProxyNode *nodes;
    Stream choice;
    bool settled;
} ProxyState;

#define PROXY "assumption: Squid on 2 vCPU passes some 2,000 requests a second"

static const Field check_fields[] = {
    FIELD_BOOL(ProxyCheck, enabled, "yes", "callers leave out nodes whose checks fail", NULL),
    FIELD_ROW(ProxyCheck, every, FIELD_TYPE_TIME, "10 s", "1 ms", NULL, "time between two checks of a node",
              "assumption, as of a network load balancer"),
    FIELD_TIME(ProxyCheck, timeout, "5 s", "how long a check waits for a silent node", NULL),
    FIELD_COUNT(ProxyCheck, fail_after, "2", "1", "10", "failed checks in a row that take a node out", NULL),
    FIELD_END,
};

static const Field proxy_fields[] = {
    FIELD_COUNT(ProxySpec, workers, "10", "1", "100000", "requests that one node passes on at a time", PROXY),
    FIELD_COUNT(ProxySpec, queue, "100", "0", "1000000", "requests that may wait at one node; others are turned away",
                NULL),
    FIELD_LAW(ProxySpec, service, "exponential(5 ms)", "time that one request keeps a worker busy", PROXY),
    FIELD_GROUP(ProxySpec, health_check, check_fields, "how callers learn that a node is down"),
    FIELD_END,
};

static void proxy_start(Ctx *cx) {
    const ProxySpec *spec = cx->spec;
    ProxyState *state = cx->state;
    state->count = ctx_units(cx, cx->self, &state->first);
    state->nodes = g_new0(ProxyNode, state->count);
    state->choice = ctx_stream(cx, "node taken");
    Stream phase = ctx_stream(cx, "check phase");
    for (uint32_t n = 0; n < state->count; n++) {
        ProxyNode *node = &state->nodes[n];
        Draw luck = stream_draw(&phase, n);
        station_init(&node->station, (uint32_t)spec->workers, (uint32_t)spec->queue);
        node->phase = SIMTIME_NS((int64_t)(draw_unit(&luck) * (double)spec->health_check.every.ns));
        node->watch = watch_settled(true);
        node->up = true;
        ctx_set_state(cx, state->first + n, UNIT_SERVING);
    }
}

static void proxy_end(Ctx *cx) {
    ProxyState *state = cx->state;
    for (uint32_t n = 0; n < state->count; n++)
        station_clear(&state->nodes[n].station);
    g_free(state->nodes);
}

static void node_follow(Ctx *cx, ProxyState *state, uint32_t n) {
    const ProxyCheck *check = &((const ProxySpec *)cx->spec)->health_check;
    const UnitView *unit = ctx_unit(cx, state->first + n);
    ProxyNode *node = &state->nodes[n];
    bool works = unit_works(unit);
    if (node->up && !works)
        station_drop_all(&node->station, cx->now);
    node->up = works;
    if (!check->enabled)
        return;
    if (!state->settled)
        node->watch = watch_settled(works);
    WatchPolicy policy = {check->every, check->timeout, (uint32_t)check->fail_after, (uint32_t)check->fail_after,
                          false};
    SimTime at = watch_tell(&node->watch, &policy, node->phase, works, !unit->condition.refuses, cx->now);
    if (!simtime_is_never(at))
        ctx_timer(cx, at, n, node->watch.generation);
}

static void proxy_on_change(Ctx *cx) {
    ProxyState *state = cx->state;
    for (uint32_t n = 0; n < state->count; n++)
        node_follow(cx, state, n);
    state->settled = true;
}

static void proxy_on_timer(Ctx *cx, uint32_t n, uint32_t generation) {
    ProxyState *state = cx->state;
    Watch *watch = &state->nodes[n].watch;
    if (watch_notice(watch, generation))
        ctx_note(cx,
                 (Fact){.kind = FACT_NOTICED, .unit = state->first + n, .other = NO_COMPONENT, .amount = watch->seen});
}

/* Nodes that callers use: those whose checks pass, or all when none does. */
static uint32_t nodes_seen(const ProxyState *state) {
    uint32_t seen = 0;
    for (uint32_t n = 0; n < state->count; n++)
        seen += state->nodes[n].watch.seen;
    return seen;
}

/* By the caller's own luck, at each retry the next. */
static UnitId proxy_door(Ctx *cx, const Request *rq) {
    const ProxyState *state = cx->state;
    uint32_t seen = nodes_seen(state), choices = seen > 0 ? seen : state->count;
    Draw luck = stream_draw(&state->choice, rq->luck.key[0] ^ ((uint64_t)rq->number << 32 | rq->session));
    uint32_t pick = (uint32_t)((draw_below(&luck, choices) + rq->attempt) % choices), n = 0;
    while ((seen > 0 && !state->nodes[n].watch.seen) || pick-- > 0)
        n++;
    return state->first + n;
}

static Outcome proxy_on_request(Ctx *cx, Request *rq) {
    const ProxySpec *spec = cx->spec;
    ProxyState *state = cx->state;
    SimTime start, ready;
    int64_t speed = ctx_unit(cx, rq->unit)->condition.speed;
    SimTime work = law_sample(&spec->service, &rq->luck);
    if (speed != WHOLE)
        work.ns = (int64_t)((double)work.ns * ((double)WHOLE / (double)speed));
    if (!station_offer(&state->nodes[rq->unit - state->first].station, rq->now, work, &start, &ready))
        return outcome_fail(CAUSE_FULL, rq->now);
    Outcome outcome = outcome_pass(ready);
    outcome.start = start;
    return outcome;
}

static bool proxy_takes(Ctx *cx, UnitId own) {
    const ProxyState *state = cx->state;
    return nodes_seen(state) == 0 || state->nodes[own - state->first].watch.seen;
}

static void proxy_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_UNIT_HOUR, "egress_proxy_hour");
}

static const char *const proxy_shows[] = {"workers", "queue", NULL};

const Kind kind_egress_proxy = {
    .name = "egress_proxy",
    .summary = "opens connections to what is outside, for its callers, and only to what is on its allowlist",
    .role = ROLE_COMPUTE,
    .symbol = "inspection",
    .spread = SPREAD_ZONES,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS, .relays = true},
    .fields = proxy_fields,
    .shows = proxy_shows,
    .spec_size = sizeof(ProxySpec),
    .state_size = sizeof(ProxyState),
    .in_order = true,
    .start = proxy_start,
    .end = proxy_end,
    .door = proxy_door,
    .on_request = proxy_on_request,
    .on_change = proxy_on_change,
    .on_timer = proxy_on_timer,
    .takes = proxy_takes,
    .price = proxy_price,
};
