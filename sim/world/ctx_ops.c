/* ctx_ops.c - the world's side of Ctx: what kinds may ask and do. */
#include "world/state.h"

/* At the port that the client says, else at the first that the server listens on. */
static Query query_of(const World *w, UnitId from, UnitId to, ComponentId to_component) {
    const PortSet *listens = &w->model->components[to_component].listens;
    uint16_t port = w->model->components[w->units[from].component].target_port;
    Query query = {.from = w->briefs[from].class, .to = w->briefs[to].class, .protocol = PROTOCOL_TCP, .port = port};
    if (listens->count > 0 && (port == 0 || !ports_contain(listens, PROTOCOL_TCP, port))) {
        query.protocol =
            listens->range[0].protocol == PROTOCOL_ANY ? PROTOCOL_TCP : (Protocol)listens->range[0].protocol;
        query.port = listens->range[0].first;
    }
    return query;
}

/* A machine of the first image, where only later ones bring the agent. */
static bool is_unguarded(World *w, UnitId unit) {
    const Component *component = &w->model->components[w->units[unit].component];
    return component->agent_late && component->kind->image &&
           component->kind->image(world_ctx(w, w->units[unit].component), unit) == 0;
}

bool world_runs(World *w, ClassId id, bool unguarded) {
    bool runs = id == CLASS_INTERNET && !unguarded;
    ComponentId component = reach_class_component(w->reach, id);
    if (component == NO_COMPONENT || !w->model->components[component].agent_late)
        return !unguarded;
    const Component *of = &w->model->components[component];
    for (UnitId u = of->first_unit; u < of->first_unit + of->unit_count; u++)
        runs = runs || (w->briefs[u].class == id && unit_works(&w->units[u]) && is_unguarded(w, u) == unguarded);
    return runs;
}

const Verdict *world_verdict(World *w, UnitId from, UnitId to, ComponentId to_component) {
    ClassId a = w->briefs[from].class, b = w->briefs[to].class;
    size_t pair = (size_t)a * w->class_count + b;
    bool several = w->variants > 1, seized = several && is_unguarded(w, from), bare = several && is_unguarded(w, to);
    CachedVerdict *cached = &w->verdicts[pair * w->variants + seized + 2 * bare];
    uint64_t epoch = netstate_epoch(w->net);
    if (cached->epoch != epoch) {
        Query query = query_of(w, from, to, to_component);
        query.seized = seized;
        query.unguarded = bare;
        *cached = (CachedVerdict){epoch, reach_verdict(w->reach, w->net, query)};
    }
    const Component *components = w->model->components;
    bool alike = !several ||
                 (!components[w->units[from].component].agent_late && !components[w->units[to].component].agent_late);
    w->gates[pair].open = alike && epoch == w->epoch && cached->verdict.kind == VERDICT_REACH;
    return &cached->verdict;
}

static uint32_t op_units(const Ctx *cx, ComponentId component, UnitId *first) {
    const World *w = cx->world;
    *first = w->model->components[component].first_unit;
    return w->model->components[component].unit_count;
}

static const UnitView *op_unit(const Ctx *cx, UnitId unit) { return &((const World *)cx->world)->units[unit]; }

static void op_set_state(Ctx *cx, UnitId unit, UnitState state) {
    World *w = cx->world;
    UnitView *view = &w->units[unit];
    BUG_IF(w->copies[view->component][0] != w->copies[cx->self][0], "a kind may change its own units only");
    UnitState before = view->state;
    if (before == state)
        return;
    view->state = state;
    if (state == UNIT_ABSENT)
        attack_unit_gone(w, unit);
    unit_follow(w, unit);
    w->dirty = true;
    if (w->model->components[view->component].carries)
        netstate_unit_down(w->net, unit, !unit_works(view));
    if (w->members[view->component].kind->spread == SPREAD_BESIDE || w->model->components[view->component].carries)
        w->truth_changed = true; /* what goes through it may go on, or not */
    if (!w->running)
        return; /* first states are reported together, once all kinds have started */
    UnitState shown = before == UNIT_SERVING && !view->condition.up ? UNIT_DEAD : before;
    UnitState now = state == UNIT_SERVING && !view->condition.up ? UNIT_DEAD : state;
    if (shown != now)
        world_note(w, (Fact){.kind = FACT_UNIT,
                             .component = view->component,
                             .unit = unit,
                             .place = view->region,
                             .other = shown,
                             .amount = now});
}

static uint32_t op_targets(const Ctx *cx, const ComponentId **targets) {
    const Component *component = &((const World *)cx->world)->model->components[cx->self];
    *targets = component->targets;
    return component->target_count;
}

static bool op_control(const Ctx *cx, PlaceId place) {
    const World *w = cx->world;
    if (place == NO_PLACE)
        place = w->model->components[cx->self].place;
    return place == NO_PLACE || w->control[place];
}

/* Some balancers' checks come from another address than what they pass on; few are asked, so none is kept. */
static bool check_is_open(const World *w, UnitId from, UnitId to) {
    Query query = query_of(w, from, to, w->units[to].component);
    query.probe = true;
    return reach_verdict(w->reach, w->net, query).kind == VERDICT_REACH;
}

static bool unit_is_open(World *w, UnitId from, UnitId to) {
    if (from != NO_UNIT && reach_probes_differ(w->reach, w->briefs[from].class))
        return check_is_open(w, from, to);
    return from == NO_UNIT || world_verdict(w, from, to, w->units[to].component)->kind == VERDICT_REACH;
}

/* A probe of a balancer goes through it: something behind it must work and be open to it. */
static ProbeResult probe_behind(World *w, UnitId balancer) {
    const Component *component = &w->model->components[w->units[balancer].component];
    for (uint32_t t = 0; t < component->target_count; t++) {
        const Component *target = &w->model->components[component->targets[t]];
        for (uint32_t u = 0; u < target->unit_count; u++)
            if (unit_works(&w->units[target->first_unit + u]) && unit_is_open(w, balancer, target->first_unit + u))
                return PROBE_GOOD;
    }
    return component->target_count ? PROBE_REFUSED : PROBE_GOOD;
}

static ProbeResult op_probe(Ctx *cx, UnitId from, UnitId to) {
    World *w = cx->world;
    const UnitView *unit = &w->units[to];
    if (!unit_works(unit))
        return unit->condition.refuses || unit->state != UNIT_SERVING ? PROBE_REFUSED : PROBE_SILENT;
    if (!unit_is_open(w, from, to))
        return PROBE_SILENT;
    if (trust_down(w, to) != NO_UNIT) /* nothing gets past its sidecar */
        return PROBE_REFUSED;
    if (from == NO_UNIT && w->model->components[unit->component].kind->role == ROLE_BALANCER)
        return probe_behind(w, to);
    return PROBE_GOOD;
}

static SimTime op_latency(const Ctx *cx, UnitId from, UnitId to) {
    const World *w = cx->world;
    return geography_delay(w, w->briefs[from].spot, w->briefs[to].spot);
}

static SimTime op_distance(const Ctx *cx, PlaceId from, PlaceId to) {
    const World *w = cx->world;
    return from == NO_PLACE || to == NO_PLACE ? SIMTIME_ZERO : geography_distance(w, from, to);
}

static void op_timer(Ctx *cx, SimTime at, uint32_t what, uint32_t subject) {
    World *w = cx->world;
    world_schedule(w, at, PHASE_TIMER, HANDLE_TIMER, cx->self, (uint64_t)what << 32 | subject);
}

static Stream op_stream(const Ctx *cx, const char *purpose) {
    const World *w = cx->world;
    return luck_stream(w->luck, w->model->components[cx->self].name, purpose);
}

static void op_note(Ctx *cx, const Fact *fact) {
    Fact whole = *fact;
    whole.component = cx->self;
    world_report(cx->world, &whole);
}

static void op_replan(Ctx *cx, UnitId unit) { travel_replan(cx->world, unit); }

/* Those whose packets it carries see another way open, or closed. */
static void op_unnoticed(Ctx *cx, UnitId unit, bool unnoticed) {
    World *w = cx->world;
    uint64_t epoch = netstate_epoch(w->net);
    netstate_unit_unnoticed(w->net, unit, unnoticed);
    if (netstate_epoch(w->net) != epoch)
        w->truth_changed = w->dirty = true;
}

static int op_role(const Ctx *cx, ComponentId component) {
    return (int)((const World *)cx->world)->model->components[component].kind->role;
}

static PlaceId op_place(const Ctx *cx, ComponentId component) {
    return ((const World *)cx->world)->model->components[component].place;
}

static bool op_place_is(const Ctx *cx, PlaceId place, const char *name) {
    const World *w = cx->world;
    return place != NO_PLACE && g_str_equal(w->model->places[place].name, name);
}

static uint32_t op_copies(const Ctx *cx, const ComponentId **copies) {
    const World *w = cx->world;
    *copies = w->copies[cx->self];
    return w->copy_count[cx->self];
}

static void *op_copy_state(Ctx *cx, ComponentId copy) { return ((World *)cx->world)->states[copy]; }

/* A component that is not a name means itself: the nearest of its copies, for as long as one likes. */
static NameAnswer means_itself(const World *w, ComponentId component, PlaceId from) {
    NameAnswer answer = {true, component, SIMTIME_NEVER};
    SimTime nearest = SIMTIME_NEVER;
    for (uint32_t i = 0; i < w->copy_count[component]; i++) {
        ComponentId copy = w->copies[component][i];
        PlaceId place = w->model->components[copy].place;
        SimTime distance = place == NO_PLACE ? SIMTIME_ZERO : geography_distance(w, from, place);
        if (simtime_before(distance, nearest)) {
            nearest = distance;
            answer.target = copy;
        }
    }
    return answer;
}

static NameAnswer op_resolve(Ctx *cx, ComponentId name, PlaceId from, Draw *luck) {
    World *w = cx->world;
    const Kind *kind = w->model->components[name].kind;
    if (!kind->resolve)
        return means_itself(w, name, from);
    return kind->resolve(world_ctx(w, name), from, luck);
}

static bool op_forged(const Ctx *cx, ComponentId name, uint32_t resolver, NameAnswer *answer) {
    return forgery_answers(cx->world, name, resolver, answer);
}

static bool op_idle(const Ctx *cx) { return ((const World *)cx->world)->model->load_count == 0; }

static void op_declare(Ctx *cx, PlaceId region) {
    World *w = cx->world;
    w->dirty = w->dirty || !w->declared[region];
    w->declared[region] = true;
}

static bool op_declared(const Ctx *cx, PlaceId region) { return ((const World *)cx->world)->declared[region]; }

static UnitId op_beside(const Ctx *cx, UnitId unit) {
    const TrustBook *trust = &((const World *)cx->world)->model->trust;
    return trust->any ? trust->beside[unit] : unit;
}

static uint32_t op_holders(const Ctx *cx, const UnitId **units) {
    const TrustBook *trust = &((const World *)cx->world)->model->trust;
    *units = trust->any ? trust->holders[cx->self] : NULL;
    return trust->any ? trust->holder_count[cx->self] : 0;
}

static void op_copied(Ctx *cx, uint32_t regions, int64_t bytes) {
    World *w = cx->world;
    uint64_t each = bytes > 0 ? (uint64_t)bytes : (uint64_t)w->carried[CARRY_REQUEST] / 8;
    w->copied += regions * each;
}

static bool op_carries(const Ctx *cx, UnitId from, UnitId to) {
    World *w = cx->world;
    uint16_t a = w->briefs[from].spot, b = w->briefs[to].spot;
    return a == SPOT_NOWHERE || b == SPOT_NOWHERE || !geography_link(w, a, b)->cut;
}

/* Counted anew when somebody asks: machines of the region's account that run or boot. */
static bool op_granted(const Ctx *cx, UnitId unit) {
    const World *w = cx->world;
    const PolicyBook *book = &w->model->policies;
    uint32_t account = book->account_of[w->units[unit].component];
    int64_t most = account == NO_ACCOUNT ? 0 : book->accounts[account].limits.instances, run = 0;
    for (UnitId u = 0; u < w->model->unit_count && most > 0; u++) {
        const Kind *kind = w->members[w->units[u].component].kind;
        bool there = w->units[u].state == UNIT_BOOTING || w->units[u].state == UNIT_SERVING;
        run += there && kind->role == ROLE_COMPUTE && !kind->managed && w->units[u].region == w->units[unit].region;
    }
    return most == 0 || run < most;
}

static uint64_t op_met(const Ctx *cx, ComponentId component) {
    return ((const World *)cx->world)->members[component].meetings.met;
}

const CtxOps world_ops = {
    .units = op_units,
    .unit = op_unit,
    .set_state = op_set_state,
    .targets = op_targets,
    .control = op_control,
    .probe = op_probe,
    .latency = op_latency,
    .distance = op_distance,
    .timer = op_timer,
    .stream = op_stream,
    .note = op_note,
    .replan = op_replan,
    .role = op_role,
    .place = op_place,
    .place_is = op_place_is,
    .copies = op_copies,
    .copy_state = op_copy_state,
    .resolve = op_resolve,
    .unnoticed = op_unnoticed,
    .idle = op_idle,
    .copied = op_copied,
    .carries = op_carries,
    .granted = op_granted,
    .forged = op_forged,
    .beside = op_beside,
    .holders = op_holders,
    .declare = op_declare,
    .declared = op_declared,
    .met = op_met,
};
