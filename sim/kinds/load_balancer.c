/* load_balancer.c - spreads requests over healthy targets: a node in each zone checks and uses targets for itself.
 *
 * A node acts on what its own checks have seen, never on the truth. A target is known to it from the moment it serves
 * until it is taken away; a new one needs one good check, one that was down `pass_after`. With `when_all_fail: open`
 * (AWS) a node that sees no healthy target uses all that it knows.
 *
 * A node that is dead, or has no healthy target when zones do not share theirs, leaves the balancer's own name; when
 * none is left all are given out. Clients keep what the name said for up to `ttl`, and a retry tries the next address.
 * The provider checks its nodes as the nodes check targets (assumption).
 *
 * Weights, one for each component among the targets, say which share of the requests each gets; an order to switch
 * moves them. With `sticky` a session goes back to the machine that answered it first, while that may be used.
 *
 * Left out on purpose: slow start, and the deregistration delay: a target that is taken away gets
 * no new requests, and what it has it finishes. */
#include <glib.h>

#include "base/bug.h"
#include "base/watch.h"
#include "contract/kind.h"
#include "read/weights.h"

enum { ALGORITHM_ROUND_ROBIN, ALGORITHM_RANDOM };
static const char *const algorithm_words[] = {"round_robin", "random", NULL};
enum { FAIL_OPEN, FAIL_CLOSED };
static const char *const fail_words[] = {"open", "closed", NULL};

/* How a node checks a target, and the provider a node. Counts are in a row. */
typedef struct {
    SimTime every, timeout;
    int64_t fail_after, pass_after;
    bool from_response;
} BalancerHealthCheck;

typedef struct {
    bool cross_zone, keeps_client_address, sticky;
    const Node *weights; /* a list, or NULL */
    int algorithm, when_all_fail;
    SimTime ttl, delay;
    BalancerHealthCheck health_check;
} BalancerSpec;

/* One node's view of one target. */
typedef struct {
    Watch watch;
    SimTime phase;
    bool registered; /* known: checked, and used when nothing is healthy */
} Sight;

typedef struct {
    UnitId unit;
    bool listed;      /* in the balancer's name */
    SimTime changed;  /* when `listed` changed last */
    uint32_t changes; /* how often it did */
    UnitId *usable;   /* targets that it would use now, in order */
    uint32_t usable_count, turn;
    Sight *sights; /* one a target */
    Watch self;    /* what the provider's name service sees of this node */
    SimTime self_phase;
} BalancerNode;

/* One of the components that are targets. */
typedef struct {
    UnitId first;
    uint32_t count;
    int64_t weight; /* millionths of what was written */
} BalancerTeam;

typedef struct {
    uint32_t node_count, target_count;
    BalancerNode *nodes;
    UnitId *targets;
    BalancerTeam *teams; /* the components among its targets */
    uint32_t team_count;
    bool weighted; /* the teams' weights are not all alike */
    bool settled;  /* the checks have seen how everything was at the start of the run */
    Stream cache_age, luck;
} BalancerState;

#define ALB "AWS Application Load Balancer guide, target-group-health-checks"

static const Field check_fields[] = {
    FIELD_ROW(BalancerHealthCheck, every, FIELD_TYPE_TIME, "30 s", "1 ms", NULL,
              "time between two checks of one target by one node", ALB),
    FIELD_TIME(BalancerHealthCheck, timeout, "5 s", "how long a node waits for a silent target", ALB),
    FIELD_COUNT(BalancerHealthCheck, fail_after, "2", "1", "10", "failed checks in a row that make a target unhealthy",
                ALB),
    FIELD_COUNT(BalancerHealthCheck, pass_after, "5", "1", "10",
                "good checks in a row that heal it; a new target needs one", ALB),
    FIELD_BOOL(BalancerHealthCheck, from_response, "no",
               "the time to the next check counts from the end of the last one", ALB),
    FIELD_END,
};

static const Field balancer_fields[] = {
    FIELD_BOOL(BalancerSpec, cross_zone, "yes", "a node uses targets of every zone, not only of its own",
               "AWS ALB guide: always on at the balancer"),
    FIELD_BOOL(BalancerSpec, keeps_client_address, "no",
               "its targets see the client's address and not its own, and their filters decide about both",
               "AWS ALB guide: it opens connections of its own"),
    FIELD_BOOL(BalancerSpec, sticky, "no", "a session goes back to the machine that answered it first, while it may",
               "AWS ALB guide: sticky sessions are off unless asked for"),
    FIELD_NODE(BalancerSpec, weights,
               "a list of whole numbers up to 1000000, one for each component among its targets by name (default: 1 "
               "each)"),
    FIELD_WORD(BalancerSpec, algorithm, algorithm_words, "round_robin",
               "how a node picks among the targets it would use", ALB),
    FIELD_WORD(BalancerSpec, when_all_fail, fail_words, "open",
               "what a node without healthy targets does: use all of them, or turn away", ALB),
    FIELD_TIME(BalancerSpec, ttl, "60 s", "how long clients keep a node's address",
               "AWS Elastic Load Balancing guide: TTL 60 s"),
    FIELD_TIME(BalancerSpec, delay, "1 ms", "time that a node needs for a request", NULL),
    FIELD_GROUP(BalancerSpec, health_check, check_fields, "how targets are checked"),
    FIELD_END,
};

/* `fresh`: for a target that was never seen yet, which needs one good check only. */
static WatchPolicy balancer_policy(const Ctx *cx, bool fresh) {
    const BalancerHealthCheck *check = &((const BalancerSpec *)cx->spec)->health_check;
    return (WatchPolicy){check->every, check->timeout, (uint32_t)check->fail_after,
                         fresh ? 1 : (uint32_t)check->pass_after, check->from_response};
}

/* A target that stands in no zone is everybody's. */
static bool in_reach(const Ctx *cx, const BalancerNode *node, UnitId target) {
    PlaceId zone = ctx_unit(cx, target)->zone;
    return ((const BalancerSpec *)cx->spec)->cross_zone || zone == NO_PLACE || zone == ctx_unit(cx, node->unit)->zone;
}

/* The targets that a node may use: those that it sees healthy, or with `all` every one that it knows. */
static void node_collect(const Ctx *cx, const BalancerState *state, BalancerNode *node, bool all) {
    node->usable_count = 0;
    for (uint32_t t = 0; t < state->target_count; t++) {
        const Sight *sight = &node->sights[t];
        if (sight->registered && (all || sight->watch.seen) && in_reach(cx, node, state->targets[t]))
            node->usable[node->usable_count++] = state->targets[t];
    }
}

/* Put the node's address into the balancer's name, or take it out. */
static void node_list(Ctx *cx, BalancerState *state, BalancerNode *node, bool listed) {
    if (listed == node->listed)
        return;
    node->listed = listed;
    if (!state->settled)
        return;
    node->changed = cx->now;
    node->changes++;
    uint32_t given = 0;
    for (uint32_t n = 0; n < state->node_count; n++)
        given += state->nodes[n].listed;
    ctx_note(cx, (Fact){.kind = FACT_PUBLISHED,
                        .unit = node->unit,
                        .other = cx->self,
                        .amount = given ? given : state->node_count});
}

/* What the node would do with a request now, and whether clients should come to it. */
static void node_plan(Ctx *cx, BalancerState *state, BalancerNode *node) {
    const BalancerSpec *spec = cx->spec;
    node_collect(cx, state, node, false);
    node_list(cx, state, node, node->self.seen && (spec->cross_zone || node->usable_count > 0));
    if (node->usable_count == 0 && spec->when_all_fail == FAIL_OPEN)
        node_collect(cx, state, node, true);
}

/* Every unit that the targets may ever have, one after the other; which of them are there is looked up when it matters.
 */
static void balancer_collect_targets(Ctx *cx, BalancerState *state) {
    const ComponentId *components;
    uint32_t count = ctx_targets(cx, &components);
    const BalancerSpec *spec = cx->spec;
    GArray *units = g_array_new(FALSE, FALSE, sizeof(UnitId));
    state->team_count = count;
    state->teams = g_new0(BalancerTeam, count + 1);
    for (uint32_t c = 0; c < count; c++) {
        BalancerTeam *team = &state->teams[c];
        team->weight = weight_at(spec->weights, c) * 1000000;
        team->count = ctx_units(cx, components[c], &team->first);
        state->weighted = state->weighted || team->weight != state->teams[0].weight;
        for (uint32_t u = 0; u < team->count; u++) {
            UnitId unit = team->first + u;
            g_array_append_val(units, unit);
        }
    }
    state->target_count = units->len;
    state->targets = (UnitId *)(void *)g_array_free(units, FALSE);
}

/* When a checker sends its first check: anywhere in its interval, apart from all others. */
static SimTime balancer_phase(const Stream *stream, uint64_t number, SimTime every) {
    Draw luck = stream_draw(stream, number);
    return SIMTIME_NS((int64_t)(draw_unit(&luck) * (double)every.ns));
}

static void balancer_start(Ctx *cx) {
    const BalancerSpec *spec = cx->spec;
    BalancerState *state = cx->state;
    UnitId first;
    state->node_count = ctx_units(cx, cx->self, &first);
    state->nodes = g_new0(BalancerNode, state->node_count);
    balancer_collect_targets(cx, state);
    state->cache_age = ctx_stream(cx, "address age");
    state->luck = ctx_stream(cx, "choice");
    Stream phases = ctx_stream(cx, "check phase");
    for (uint32_t n = 0; n < state->node_count; n++) {
        BalancerNode *node = &state->nodes[n];
        *node = (BalancerNode){.unit = first + n, .listed = true, .changed = SIMTIME_NS(INT64_MIN / 2)};
        node->usable = g_new(UnitId, state->target_count + 1);
        node->sights = g_new0(Sight, state->target_count + 1);
        node->self_phase = balancer_phase(&phases, UINT64_MAX - n, spec->health_check.every);
        ctx_set_state(cx, node->unit, UNIT_SERVING);
        for (uint32_t t = 0; t < state->target_count; t++)
            node->sights[t].phase = balancer_phase(&phases, ((uint64_t)n << 32) + t, spec->health_check.every);
    }
}

static void balancer_end(Ctx *cx) {
    BalancerState *state = cx->state;
    for (uint32_t n = 0; n < state->node_count; n++) {
        g_free(state->nodes[n].usable);
        g_free(state->nodes[n].sights);
    }
    g_free(state->nodes);
    g_free(state->targets);
    g_free(state->teams);
}

/* A target that is not there to be checked is unknown; one that died as it was launched never became known. */
static bool is_absent(const Sight *sight, UnitState state) {
    return state == UNIT_ABSENT || state == UNIT_BOOTING || (state == UNIT_DEAD && !sight->registered);
}

/* Watches are about targets, and the last one of a node about the node itself: their timers carry this number. */
static uint32_t timer_number(const BalancerState *state, uint32_t n, uint32_t t) {
    return n * (state->target_count + 1) + t;
}

/* What the node's checks of one target will see from now on. */
static void sight_update(Ctx *cx, BalancerState *state, uint32_t n, uint32_t t) {
    BalancerNode *node = &state->nodes[n];
    Sight *sight = &node->sights[t];
    UnitId target = state->targets[t];
    if (is_absent(sight, ctx_unit(cx, target)->state)) {
        *sight = (Sight){.phase = sight->phase, .watch.generation = sight->watch.generation};
        return;
    }
    bool fresh = !sight->registered;
    sight->registered = true;
    ProbeResult seen = ctx_probe(cx, node->unit, target);
    if (!state->settled) {
        sight->watch = watch_settled(seen == PROBE_GOOD);
        return;
    }
    WatchPolicy policy = balancer_policy(cx, fresh);
    SimTime at = watch_tell(&sight->watch, &policy, sight->phase, seen == PROBE_GOOD, seen == PROBE_SILENT, cx->now);
    if (!simtime_is_never(at))
        ctx_timer(cx, at, timer_number(state, n, t), sight->watch.generation);
}

static void node_update(Ctx *cx, BalancerState *state, uint32_t n) {
    BalancerNode *node = &state->nodes[n];
    const UnitView *unit = ctx_unit(cx, node->unit);
    WatchPolicy policy = balancer_policy(cx, false);
    if (!state->settled)
        node->self = watch_settled(unit_works(unit));
    SimTime at =
        watch_tell(&node->self, &policy, node->self_phase, unit_works(unit), !unit->condition.refuses, cx->now);
    if (!simtime_is_never(at))
        ctx_timer(cx, at, timer_number(state, n, state->target_count), node->self.generation);
    for (uint32_t t = 0; t < state->target_count; t++)
        sight_update(cx, state, n, t);
    node_plan(cx, state, node);
}

/* Anything may have changed anywhere: look at all. A watch that hears nothing new costs a comparison. O(nodes x
 * targets). */
static void balancer_on_change(Ctx *cx) {
    BalancerState *state = cx->state;
    for (uint32_t n = 0; n < state->node_count; n++)
        node_update(cx, state, n);
    state->settled = true;
}

static void balancer_on_timer(Ctx *cx, uint32_t what, uint32_t generation) {
    BalancerState *state = cx->state;
    BalancerNode *node = &state->nodes[what / (state->target_count + 1)];
    uint32_t t = what % (state->target_count + 1);
    bool about_self = t == state->target_count;
    Watch *watch = about_self ? &node->self : &node->sights[t].watch;
    if (!watch_notice(watch, generation)) /* the truth changed back before the verdict */
        return;
    ctx_note(cx, (Fact){.kind = FACT_NOTICED,
                        .unit = about_self ? node->unit : state->targets[t],
                        .other = NO_COMPONENT,
                        .amount = watch->seen});
    node_plan(cx, state, node);
}

/* A number that is this client's alone: ids move when a component is added, the key of the population's luck is made
 * from its name. */
static uint64_t client_number(const Request *rq, uint32_t high, uint32_t low) {
    return rq->luck.key[0] ^ ((uint64_t)high << 32 | low);
}

/* Is the node's address still (or already) among those that this client's resolver gives out? */
static bool node_known(const Ctx *cx, const BalancerState *state, uint32_t n, const Request *rq) {
    const BalancerNode *node = &state->nodes[n];
    SimTime ttl = ((const BalancerSpec *)cx->spec)->ttl;
    if (!simtime_before(rq->now, SIMTIME_NS(node->changed.ns + ttl.ns))) /* no cache is older */
        return node->listed;
    Draw age = stream_draw(&state->cache_age, client_number(rq, n, rq->resolver));
    age.step = node->changes; /* each change finds the cache at another age */
    SimTime lag = SIMTIME_NS((int64_t)(draw_unit(&age) * (double)ttl.ns));
    bool caught_up = !simtime_before(rq->now, SIMTIME_NS(node->changed.ns + lag.ns));
    return caught_up ? node->listed : !node->listed;
}

/* A client takes one of the addresses it knows (of all, when it knows none) by its own luck, at each retry the next. */
static UnitId balancer_door(Ctx *cx, const Request *rq) {
    const BalancerState *state = cx->state;
    uint32_t known = 0;
    for (uint32_t n = 0; n < state->node_count; n++)
        known += node_known(cx, state, n, rq);
    uint32_t choices = known > 0 ? known : state->node_count;
    Draw luck = stream_draw(&state->luck, client_number(rq, 0, rq->session));
    uint32_t pick = (uint32_t)((draw_below(&luck, choices) + rq->attempt) % choices);
    for (uint32_t n = 0; n < state->node_count; n++)
        if ((known == 0 || node_known(cx, state, n, rq)) && pick-- == 0)
            return state->nodes[n].unit;
    BUG_IF(true, "a client that chose no address");
}

static bool in_team(const BalancerTeam *team, UnitId unit) {
    return unit >= team->first && unit - team->first < team->count;
}

/* How many of the team the node may use. */
static uint32_t team_usable(const BalancerTeam *team, const BalancerNode *node) {
    uint32_t usable = 0;
    for (uint32_t i = 0; i < node->usable_count; i++)
        usable += in_team(team, node->usable[i]);
    return usable;
}

/* The team that is next: drawn by weight among those of which the node may use something; the first of them when they
 * weigh nothing. */
static const BalancerTeam *node_team(const BalancerState *state, const BalancerNode *node, Draw *luck) {
    const BalancerTeam *team = state->teams, *end = team + state->team_count;
    int64_t total = 0;
    for (; team < end; team++)
        total += team_usable(team, node) > 0 ? team->weight : 0;
    int64_t ticket = total > 0 ? (int64_t)draw_below(luck, (uint64_t)total) : 0;
    for (team = state->teams; team < end; team++) {
        bool usable = team_usable(team, node) > 0;
        ticket -= usable ? team->weight : 0;
        if (usable && (total == 0 || ticket < 0))
            return team;
    }
    BUG_IF(true, "a node that may use nothing was asked");
}

/* O(teams x targets). */
static UnitId node_by_weight(const BalancerState *state, BalancerNode *node, bool random, Draw *luck) {
    const BalancerTeam *team = node_team(state, node, luck);
    uint32_t usable = team_usable(team, node);
    uint32_t pick = random ? (uint32_t)draw_below(luck, usable) : node->turn++ % usable;
    for (uint32_t i = 0; i < node->usable_count; i++)
        if (in_team(team, node->usable[i]) && pick-- == 0)
            return node->usable[i];
    BUG_IF(true, "a team lost a target while it was counted");
}

static bool node_may_use(const BalancerNode *node, UnitId target) {
    for (uint32_t i = 0; i < node->usable_count; i++)
        if (node->usable[i] == target)
            return true;
    return false;
}

/* The node itself was found to work by whoever brings the request. */
static Outcome balancer_on_request(Ctx *cx, Request *rq) {
    const BalancerSpec *spec = cx->spec;
    BalancerState *state = cx->state;
    BalancerNode *node = &state->nodes[rq->unit - state->nodes[0].unit];
    SimTime ready = simtime_add(rq->now, spec->delay);
    if (node->usable_count == 0)
        return outcome_fail(CAUSE_NO_TARGET, ready);
    if (spec->sticky && rq->home != NO_UNIT && node_may_use(node, rq->home))
        return outcome_pass_to(rq->home, ready);
    if (state->weighted)
        return outcome_pass_to(node_by_weight(state, node, spec->algorithm == ALGORITHM_RANDOM, &rq->luck), ready);
    uint32_t pick = spec->algorithm == ALGORITHM_RANDOM ? (uint32_t)draw_below(&rq->luck, node->usable_count)
                                                        : node->turn++ % node->usable_count;
    return outcome_pass_to(node->usable[pick], ready);
}

/* Of an address that nobody has cached yet: only those that the name gives out, or all when it gives out none. */
static bool balancer_takes(Ctx *cx, UnitId own) {
    const BalancerState *state = cx->state;
    bool any = false;
    for (uint32_t n = 0; n < state->node_count; n++)
        any = any || state->nodes[n].listed;
    return !any || state->nodes[own - state->nodes[0].unit].listed;
}

static bool balancer_sends(Ctx *cx, UnitId own, UnitId to) {
    const BalancerState *state = cx->state;
    return node_may_use(&state->nodes[own - state->nodes[0].unit], to);
}

static void balancer_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    (void)mark;
    weights_check(((const BalancerSpec *)spec)->weights, name, diagnostics);
}

static bool balancer_obeys(const void *spec, OrderAct act) {
    (void)spec;
    return act == ACT_SHIFT;
}

/* Nobody has to ask a name again: the next request goes by the new weights. */
static void balancer_on_order(Ctx *cx, const Order *order) {
    BalancerState *state = cx->state;
    const ComponentId *components;
    int64_t *from = NULL, *to = NULL;
    for (uint32_t c = 0; c < ctx_targets(cx, &components); c++) {
        from = components[c] == order->from ? &state->teams[c].weight : from;
        to = components[c] == order->to ? &state->teams[c].weight : to;
    }
    if (from && to)
        weights_shift(from, to, order->share);
    state->weighted = true;
}

static PassageFacts balancer_passes(const void *spec) {
    return (PassageFacts){.keeps_client_address = ((const BalancerSpec *)spec)->keeps_client_address};
}

static void balancer_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_COMPONENT_HOUR, "load_balancer_hour");
}

static const char *const balancer_shows[] = {"cross_zone", "health_check.every", NULL};

const Kind kind_load_balancer = {
    .name = "load_balancer",
    .summary = "spreads requests over targets that its own checks see healthy; a node in each zone",
    .role = ROLE_BALANCER,
    .spread = SPREAD_ZONES,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS},
    .client_first = 1024, /* VPC user guide, "ephemeral ports": requests from Elastic Load Balancing */
    .client_last = 65535,
    .fields = balancer_fields,
    .passes = balancer_passes,
    .shows = balancer_shows,
    .spec_size = sizeof(BalancerSpec),
    .state_size = sizeof(BalancerState),
    .in_order = true,
    .managed = true,
    .check = balancer_check,
    .obeys = balancer_obeys,
    .start = balancer_start,
    .end = balancer_end,
    .door = balancer_door,
    .on_request = balancer_on_request,
    .on_change = balancer_on_change,
    .on_timer = balancer_on_timer,
    .on_order = balancer_on_order,
    .takes = balancer_takes,
    .sends = balancer_sends,
    .price = balancer_price,
};
