/* dns.c - an authoritative name service with health checks: latency, weighted, failover and utilisation policies.
 *
 * Each target is watched by uncoordinated checkers all over the world; it counts as healthy while more than
 * `healthy_share` of them say so. Answers change by health alone, on the data plane, so no control plane is needed for
 * that. When nothing is healthy every target is given out (as Route 53 does): a wrong answer is no worse than none.
 *
 * A check goes through the target to what is behind it: a balancer with no working target fails it. An edge (a firewall
 * in front) among the targets stands before the others and is not an answer, unless there are only edges.
 *
 * Left out on purpose: the hands that edit the records (an order to switch moves weights at once), and the minute that
 * those may take to spread. */
#include <glib.h>

#include "base/bug.h"
#include "base/int128.h"
#include "base/watch.h"
#include "contract/kind.h"
#include "read/weights.h"

enum { POLICY_LATENCY, POLICY_WEIGHTED, POLICY_PRIMARY, POLICY_UTILISATION };
static const char *const policy_words[] = {"latency", "weighted", "failover", "utilisation", NULL};

/* How each checker works, and how many of them make a verdict. */
typedef struct {
    SimTime every, timeout;
    int64_t fail_after, checkers, healthy_share;
    bool from_response;
} DnsHealthCheck;

/* What a target can take, and how often its meter is read. */
typedef struct {
    SimTime every;
    int64_t capacity, above;
} DnsUtilisation;

typedef struct {
    int policy;
    DnsUtilisation utilisation;
    SimTime ttl;
    const Node *weights; /* a list, or NULL; not names, since equal weights are common */
    const char *primary;
    bool fails_back;
    DnsHealthCheck health_check;
} DnsSpec;

typedef struct {
    ComponentId component;
    PlaceId place;
    int64_t weight;
    uint64_t met, busy; /* requests when its meter was last read; in the interval before that */
    Watch watch;
    SimTime *phases; /* of the checkers, ascending */
} DnsTarget;

typedef struct {
    uint32_t count, primary;
    uint32_t current; /* failover without fails_back: what is given out */
    DnsTarget *targets;
    bool settled; /* the checkers have seen how everything was at the start of the run */
    bool finer;   /* weights are in millionths of what was written */
} DnsState;

enum { TIMER_METERS = INT32_MAX }; /* else what a timer is about is a target */

#define ROUTE53 "AWS Route 53 developer guide, health-checks-creating-values"
#define CHECKERS "AWS Route 53 developer guide, dns-failover-determining-health-of-endpoints"

static const Field check_fields[] = {
    FIELD_ROW(DnsHealthCheck, every, FIELD_TYPE_TIME, "30 s", "1 ms", NULL, "time between two checks of one checker",
              ROUTE53),
    FIELD_COUNT(DnsHealthCheck, fail_after, "3", "1", "10",
                "failed checks in a row that make a target unhealthy, and good ones that heal it", ROUTE53),
    FIELD_TIME(DnsHealthCheck, timeout, "4 s", "how long a checker waits for a silent target", CHECKERS),
    FIELD_COUNT(DnsHealthCheck, checkers, "16", "1", "1000", "uncoordinated checkers per target", CHECKERS),
    FIELD_SHARE(DnsHealthCheck, healthy_share, "18 %",
                "a target is healthy while more than this share of checkers say so", CHECKERS),
    FIELD_BOOL(DnsHealthCheck, from_response, "yes", "the time to the next check counts from the end of the last one",
               ROUTE53),
    FIELD_END,
};

static const Field utilisation_fields[] = {
    FIELD_ROW(DnsUtilisation, every, FIELD_TYPE_TIME, "60 s", "1 s", NULL, "how often the targets' meters are read",
              "Amazon CloudWatch guide: one-minute metrics"),
    FIELD_RATE(DnsUtilisation, capacity, "100/s", "requests that one target can take", NULL),
    FIELD_SHARE(DnsUtilisation, above, "80 %", "a target is full above this share of its capacity", NULL),
    FIELD_END,
};

static const Field dns_fields[] = {
    FIELD_WORD(DnsSpec, policy, policy_words, "latency", "which of the healthy targets an asker is given", NULL),
    FIELD_TIME(DnsSpec, ttl, "60 s", "how long an answer may be cached",
               "AWS Route 53 developer guide, best-practices-dns: 60 s with health checks"),
    FIELD_NODE(DnsSpec, weights,
               "weighted: a list of whole numbers up to 1000000, one a target by name (default: 1 each)"),
    FIELD_TEXT(DnsSpec, primary, NULL,
               "failover: the region that answers while it is healthy (default: the first by name)"),
    FIELD_BOOL(DnsSpec, fails_back, "yes",
               "failover: answers with the primary again as soon as it is healthy; otherwise stays where it went",
               "AWS Route 53 developer guide, dns-failover-types: active-passive"),
    FIELD_GROUP(DnsSpec, utilisation, utilisation_fields,
                "utilisation: the nearest target that is not full answers, else the one that is least so"),
    FIELD_GROUP(DnsSpec, health_check, check_fields, "how targets are checked"),
    FIELD_END,
};

static void dns_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    const DnsSpec *dns = spec;
    if (dns->weights && dns->policy != POLICY_WEIGHTED)
        diag_error(diagnostics, mark, "write policy: weighted", "%s: weights do nothing under this policy", name);
    if (dns->primary && dns->policy != POLICY_PRIMARY)
        diag_error(diagnostics, mark, "write policy: failover", "%s: primary does nothing under this policy", name);
    weights_check(dns->weights, name, diagnostics);
}

/* watch_tell_many finds the checker that decides by its rank. */
static int by_time(gconstpointer a, gconstpointer b) {
    int64_t x = ((const SimTime *)a)->ns, y = ((const SimTime *)b)->ns;
    return (x > y) - (x < y);
}

/* What a check of this target would see now: good when it works through any of its units. */
static ProbeResult dns_look(Ctx *cx, ComponentId target) {
    UnitId first;
    uint32_t count = ctx_units(cx, target, &first);
    bool refused = count > 0;
    for (uint32_t i = 0; i < count; i++) {
        ProbeResult result = ctx_probe(cx, NO_UNIT, first + i);
        if (result == PROBE_GOOD)
            return PROBE_GOOD;
        refused = refused && result == PROBE_REFUSED;
    }
    return refused ? PROBE_REFUSED : PROBE_SILENT;
}

/* Populations resolve the name as they start, so what is healthy is looked up here, and once more when all have
 * started. */
static void dns_add_target(Ctx *cx, DnsState *state, ComponentId component) {
    const DnsSpec *spec = cx->spec;
    DnsTarget *target = &state->targets[state->count];
    *target = (DnsTarget){.component = component,
                          .place = ctx_place(cx, component),
                          .weight = weight_at(spec->weights, state->count),
                          .watch = watch_settled(dns_look(cx, component) == PROBE_GOOD)};
    uint32_t checkers = (uint32_t)spec->health_check.checkers;
    target->phases = g_new(SimTime, checkers);
    Stream stream = ctx_stream(cx, "checker phase");
    for (uint32_t i = 0; i < checkers; i++) {
        Draw luck = stream_draw(&stream, ((uint64_t)state->count << 32) + i);
        target->phases[i] = SIMTIME_NS((int64_t)(draw_unit(&luck) * (double)spec->health_check.every.ns));
    }
    qsort(target->phases, checkers, sizeof(SimTime), by_time);
    if (spec->primary && ctx_place_is(cx, target->place, spec->primary))
        state->primary = state->count;
    state->count++;
}

/* What requests pass on their way to a region, not one of the regions' doors. */
static bool is_edge(const Ctx *cx, ComponentId component) { return ctx_role(cx, component) == ROLE_EDGE; }

static void dns_start(Ctx *cx) {
    DnsState *state = cx->state;
    const ComponentId *targets;
    uint32_t count = ctx_targets(cx, &targets), edges = 0;
    for (uint32_t i = 0; i < count; i++)
        edges += is_edge(cx, targets[i]);
    state->targets = g_new0(DnsTarget, count);
    for (uint32_t i = 0; i < count; i++)
        if (edges == count || !is_edge(cx, targets[i]))
            dns_add_target(cx, state, targets[i]);
    state->current = state->primary;
    const DnsSpec *spec = cx->spec;
    if (spec->policy == POLICY_UTILISATION)
        ctx_timer(cx, spec->utilisation.every, TIMER_METERS, 0);
}

static void dns_end(Ctx *cx) {
    DnsState *state = cx->state;
    for (uint32_t i = 0; i < state->count; i++)
        g_free(state->targets[i].phases);
    g_free(state->targets);
}

static void dns_on_change(Ctx *cx) {
    const DnsHealthCheck *check = &((const DnsSpec *)cx->spec)->health_check;
    DnsState *state = cx->state;
    WatchPolicy policy = {check->every, check->timeout, (uint32_t)check->fail_after, (uint32_t)check->fail_after,
                          check->from_response};
    for (uint32_t i = 0; i < state->count; i++) {
        DnsTarget *target = &state->targets[i];
        ProbeResult seen = dns_look(cx, target->component);
        if (!state->settled) {
            target->watch = watch_settled(seen == PROBE_GOOD);
            continue;
        }
        SimTime at = watch_tell_many(&target->watch, &policy, target->phases, (uint32_t)check->checkers,
                                     check->healthy_share, seen == PROBE_GOOD, seen == PROBE_SILENT, cx->now);
        if (!simtime_is_never(at))
            ctx_timer(cx, at, i, target->watch.generation);
    }
    state->settled = true;
}

/* The target may be given out: it is healthy, or nothing is. */
static bool is_usable(const DnsState *state, uint32_t target, bool all) {
    return all || state->targets[target].watch.seen;
}

static uint32_t count_healthy(const DnsState *state) {
    uint32_t healthy = 0;
    for (uint32_t i = 0; i < state->count; i++)
        healthy += state->targets[i].watch.seen;
    return healthy;
}

/* The primary while it is usable, else the first by name that is. */
static uint32_t dns_first(const DnsState *state, bool all) {
    uint32_t first = 0;
    while (!is_usable(state, first, all))
        first++;
    return is_usable(state, state->primary, all) ? state->primary : first;
}

static uint32_t dns_first_or_kept(const DnsSpec *spec, const DnsState *state, bool all) {
    return spec->fails_back ? dns_first(state, all) : state->current;
}

static void dns_read_meters(Ctx *cx) {
    const DnsSpec *spec = cx->spec;
    DnsState *state = cx->state;
    for (uint32_t i = 0; i < state->count; i++) {
        uint64_t met = ctx_met(cx, state->targets[i].component);
        state->targets[i].busy = met - state->targets[i].met;
        state->targets[i].met = met;
    }
    ctx_timer(cx, simtime_add(cx->now, spec->utilisation.every), TIMER_METERS, 0);
}

/* Enough checkers agree. The answer changes with the verdict: it is given out from this instant on. */
static void dns_on_timer(Ctx *cx, uint32_t what, uint32_t generation) {
    DnsState *state = cx->state;
    if (what == TIMER_METERS) {
        dns_read_meters(cx);
        return;
    }
    DnsTarget *target = &state->targets[what];
    if (!watch_notice(&target->watch, generation))
        return;
    uint32_t healthy = count_healthy(state);
    if (healthy > 0 && !state->targets[state->current].watch.seen)
        state->current = dns_first(state, false);
    ctx_note(cx,
             (Fact){.kind = FACT_NOTICED, .unit = NO_UNIT, .other = target->component, .amount = target->watch.seen});
    ctx_note(cx, (Fact){.kind = FACT_PUBLISHED,
                        .unit = NO_UNIT,
                        .other = target->component,
                        .amount = healthy > 0 ? healthy : state->count});
}

static bool dns_obeys(const void *spec, OrderAct act) {
    return act == ACT_SHIFT && ((const DnsSpec *)spec)->policy == POLICY_WEIGHTED;
}

/* Of the weight that the two have, the second gets its share; all weights become finer first, so that nothing is
 * rounded away. */
static void dns_on_order(Ctx *cx, const Order *order) {
    DnsState *state = cx->state;
    DnsTarget *from = NULL, *to = NULL;
    for (uint32_t i = 0; i < state->count; i++) {
        if (!state->finer)
            state->targets[i].weight *= 1000000;
        from = state->targets[i].component == order->from ? &state->targets[i] : from;
        to = state->targets[i].component == order->to ? &state->targets[i] : to;
    }
    state->finer = true;
    if (from && to)
        weights_shift(&from->weight, &to->weight, order->share);
    ctx_note(cx, (Fact){.kind = FACT_PUBLISHED, .unit = NO_UNIT, .other = order->to, .amount = count_healthy(state)});
}

/* The nearest usable target; ties go to the first by name. */
static uint32_t dns_nearest(const Ctx *cx, const DnsState *state, PlaceId from, bool all) {
    uint32_t best = UINT32_MAX;
    SimTime nearest = SIMTIME_NEVER;
    for (uint32_t i = 0; i < state->count; i++) {
        if (!is_usable(state, i, all))
            continue;
        SimTime distance = ctx_distance(cx, from, state->targets[i].place);
        if (best == UINT32_MAX || simtime_before(distance, nearest)) {
            best = i;
            nearest = distance;
        }
    }
    return best;
}

static bool dns_is_full(const DnsUtilisation *spec, const DnsTarget *target) {
    Int128 room = (Int128)spec->capacity * spec->above / 1000000000 * spec->every.ns; /* requests times 10^18 */
    return (Int128)target->busy * 1000000000 * 1000000000 > room;
}

/* The nearest usable target with room, or of those that are full the one that has least to do. */
static uint32_t dns_roomiest(const Ctx *cx, const DnsState *state, PlaceId from, bool all) {
    const DnsUtilisation *spec = &((const DnsSpec *)cx->spec)->utilisation;
    uint32_t best = UINT32_MAX, least = UINT32_MAX;
    for (uint32_t i = 0; i < state->count; i++) {
        const DnsTarget *target = &state->targets[i];
        if (!is_usable(state, i, all))
            continue;
        if (least == UINT32_MAX || target->busy < state->targets[least].busy)
            least = i;
        if (!dns_is_full(spec, target) &&
            (best == UINT32_MAX ||
             simtime_before(ctx_distance(cx, from, target->place), ctx_distance(cx, from, state->targets[best].place))))
            best = i;
    }
    return best != UINT32_MAX ? best : least;
}

/* The one target that an asker is given under a policy that draws nothing. */
static uint32_t dns_only(const Ctx *cx, const DnsState *state, PlaceId from, bool all) {
    const DnsSpec *spec = cx->spec;
    switch (spec->policy) {
    case POLICY_UTILISATION: return dns_roomiest(cx, state, from, all);
    case POLICY_PRIMARY: return dns_first_or_kept(spec, state, all);
    default: return dns_nearest(cx, state, from, all);
    }
}

/* Draws among the targets (only the usable ones, if so) by weight; all equal when they weigh nothing, as Route 53. */
static uint32_t draw_target(const DnsState *state, bool all, bool only_usable, Draw *luck) {
    int64_t total = 0, candidates = 0;
    for (uint32_t i = 0; i < state->count; i++) {
        bool candidate = !only_usable || is_usable(state, i, all);
        total += candidate ? state->targets[i].weight : 0;
        candidates += candidate;
    }
    int64_t ticket = (int64_t)draw_below(luck, (uint64_t)(total > 0 ? total : candidates));
    for (uint32_t i = 0; i < state->count; i++) {
        if (only_usable && !is_usable(state, i, all))
            continue;
        ticket -= total > 0 ? state->targets[i].weight : 1;
        if (ticket < 0)
            return i;
    }
    BUG_IF(true, "a ticket that nobody sold");
}

/* The ticket is drawn over all weights first and kept while its owner is usable, so that a target that fails moves only
 * its own askers. */
static uint32_t dns_weighted(const DnsState *state, bool all, Draw *luck) {
    uint32_t drawn = draw_target(state, all, false, luck);
    return is_usable(state, drawn, all) ? drawn : draw_target(state, all, true, luck);
}

/* An authority that is down says nothing; resolvers go on with what they have. */
static NameAnswer dns_resolve(Ctx *cx, PlaceId from, Draw *luck) {
    const DnsSpec *spec = cx->spec;
    const DnsState *state = cx->state;
    UnitId self;
    ctx_units(cx, cx->self, &self);
    if (state->count == 0 || !unit_works(ctx_unit(cx, self)))
        return (NameAnswer){.any = false, .target = NO_COMPONENT};
    bool all = count_healthy(state) == 0;
    uint32_t chosen = spec->policy == POLICY_WEIGHTED ? dns_weighted(state, all, luck) : dns_only(cx, state, from, all);
    return (NameAnswer){true, state->targets[chosen].component, spec->ttl};
}

static int64_t dns_weight_left(const DnsState *state, bool all) {
    int64_t total = 0;
    for (uint32_t i = 0; i < state->count; i++)
        total += is_usable(state, i, all) ? state->targets[i].weight : 0;
    return total;
}

/* Weighted answers could be any that weighs something; the other policies have but one. */
static bool dns_names(Ctx *cx, PlaceId from, ComponentId target) {
    const DnsSpec *spec = cx->spec;
    const DnsState *state = cx->state;
    UnitId self;
    ctx_units(cx, cx->self, &self);
    if (state->count == 0 || !unit_works(ctx_unit(cx, self)))
        return false;
    bool all = count_healthy(state) == 0;
    if (spec->policy != POLICY_WEIGHTED)
        return state->targets[dns_only(cx, state, from, all)].component == target;
    for (uint32_t i = 0; i < state->count; i++)
        if (state->targets[i].component == target)
            return is_usable(state, i, all) && (state->targets[i].weight > 0 || dns_weight_left(state, all) == 0);
    return false;
}

static void dns_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_COMPONENT_HOUR, "dns_health_check_hour");
}

static const char *const dns_shows[] = {"policy", "ttl", "health_check.every", NULL};

const Kind kind_dns = {
    .name = "dns",
    .summary = "an authoritative name with health checks; latency, weighted or failover answers",
    .role = ROLE_NAME,
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_ATTACHES, .attachment = ATTACH_NAME},
    .fields = dns_fields,
    .shows = dns_shows,
    .spec_size = sizeof(DnsSpec),
    .state_size = sizeof(DnsState),
    .managed = true,
    .check = dns_check,
    .obeys = dns_obeys,
    .start = dns_start,
    .end = dns_end,
    .on_change = dns_on_change,
    .on_timer = dns_on_timer,
    .on_order = dns_on_order,
    .names = dns_names,
    .resolve = dns_resolve,
    .price = dns_price,
};
