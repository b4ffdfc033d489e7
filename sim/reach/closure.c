/* closure.c - follows a compromise breadth first: over verdicts from what is owned, over credentials from what is held.
 *
 * Two rounds. The first takes what needs nothing more; the second lets exposed machines fall as well, and whatever that
 * adds is at risk. A thing keeps the first step that led to it, so paths are shortest. */
#include "reach/closure.h"

#include "base/bug.h"
#include "reach/reach_private.h"

typedef struct {
    Closure *closure;
    const Reach *reach;
    const Model *model;
    const NetState *state;
    uint32_t without;
    const EndpointClass *classes;
    uint32_t class_count;
    uint64_t *tried; /* by component: actions that are known to be possible */
    bool *owned;     /* by component: acts for the attacker */
    bool *held;      /* by role */
    uint32_t *queue; /* things that are owned or held, to be followed */
    uint32_t head, tail;
    bool breaking; /* the second round */
} Spread;

const char *hold_name(Hold hold) {
    static const char *const names[] = {"safe", "at risk", "exposed", "compromised"};
    BUG_IF((unsigned)hold >= G_N_ELEMENTS(names), "no such hold");
    return names[hold];
}

bool closure_is_asset(const Model *model, ComponentId component) {
    const Kind *kind = model->components[component].kind;
    bool provides_way = kind->role == ROLE_LINK && (kind->managed || kind->passage.attachment == ATTACH_JOIN);
    bool others = kind->passage.attachment == ATTACH_OUTSIDE; /* users, and what others run */
    return !others && kind->role != ROLE_NAME && !provides_way;
}

/* ---- reaching things -----------------------------------------------------------------------------------------------
 */
static uint32_t thing_of_role(const Spread *spread, uint32_t role) { return spread->model->component_count + role; }

/* The first step that leads to a thing is kept. */
static void step_keep(Spread *spread, uint32_t thing, Step step) {
    Closure *closure = spread->closure;
    if (closure->steps[thing].kind != STEP_NONE)
        return;
    step.depth = step.before != UINT32_MAX ? closure->steps[step.before].depth + 1 : 0;
    closure->steps[thing] = step;
}

static void expose(Spread *spread, ComponentId component, Step step) {
    Hold *hold = &spread->closure->holds[component];
    step_keep(spread, component, step);
    if (*hold == HOLD_SAFE)
        *hold = spread->breaking ? HOLD_AT_RISK : HOLD_EXPOSED;
}

/* From now on the attacker works from there, too. */
static void own(Spread *spread, ComponentId component, Step step) {
    if (spread->owned[component])
        return;
    expose(spread, component, step);
    spread->owned[component] = true;
    if (!spread->breaking)
        spread->closure->holds[component] = HOLD_COMPROMISED;
    spread->queue[spread->tail++] = component;
}

static void hold_role(Spread *spread, uint32_t role, Step step) {
    if (spread->held[role] || spread->model->policies.roles[role].element == spread->without)
        return;
    step_keep(spread, thing_of_role(spread, role), step);
    spread->held[role] = true;
    spread->queue[spread->tail++] = thing_of_role(spread, role);
}

/* ---- connections ---------------------------------------------------------------------------------------------------
 */
static bool open_to_all(const Spread *spread, Query query) {
    query.from = CLASS_INTERNET;
    return reach_verdict(spread->reach, spread->state, query).kind == VERDICT_REACH;
}

static void connect_to(Spread *spread, ClassId from, ClassId to, const PortRange *ports) {
    Query query = {.from = from,
                   .to = to,
                   .protocol = ports->protocol == PROTOCOL_ANY ? PROTOCOL_TCP : (Protocol)ports->protocol,
                   .port = ports->first,
                   .seized = true};
    Verdict verdict = reach_verdict(spread->reach, spread->state, query);
    if (verdict.kind != VERDICT_REACH || open_to_all(spread, query))
        return;
    expose(spread, spread->classes[to].component,
           (Step){.kind = STEP_CONNECTS,
                  .before = spread->classes[from].component,
                  .from = from,
                  .query = query,
                  .door = NO_COMPONENT,
                  .element = verdict.element});
}

static void connect_from(Spread *spread, ClassId from) {
    for (ClassId to = 0; to < spread->class_count; to++) {
        ComponentId target = spread->classes[to].component;
        const Component *server = &spread->model->components[target];
        if (spread->closure->holds[target] != HOLD_SAFE || server->kind->passage.attachment == ATTACH_SERVICE)
            continue;
        for (uint32_t i = 0; i < server->listens.count; i++)
            connect_to(spread, from, to, &server->listens.range[i]);
    }
}

/* ---- services ------------------------------------------------------------------------------------------------------
 */
static void find_in(Spread *spread, ComponentId component) {
    const PolicyBook *book = &spread->model->policies;
    for (uint32_t i = 0; i < book->keep_count[component]; i++)
        hold_role(spread, book->keeps[component][i], (Step){.kind = STEP_FINDS, .before = component});
}

static void poison(Spread *spread, ComponentId source) {
    for (ComponentId id = 0; id < spread->model->component_count; id++)
        if (spread->model->policies.image_of[id] == source)
            own(spread, id, (Step){.kind = STEP_IMAGE, .before = source});
}

/* What having done this to a service means beyond itself. */
static void used(Spread *spread, ComponentId service, int means) {
    if (means & ACTION_READS)
        find_in(spread, service);
    if (means & ACTION_WRITES)
        poison(spread, service);
    if (means & ACTION_RULES)
        own(spread, service, spread->closure->steps[service]);
}

static bool allowed(const Spread *spread, AccessQuery query, Access *access) {
    *access = reach_access(spread->reach, spread->state, query);
    return access->allowed;
}

static void use(Spread *spread, AccessQuery query, uint32_t before) {
    uint64_t bit = UINT64_C(1) << query.action;
    Access access, unused;
    if ((spread->tried[query.service] & bit) || !allowed(spread, query, &access))
        return;
    AccessQuery nobody = query;
    nobody.from = CLASS_INTERNET;
    nobody.role = NO_ROLE;
    if (allowed(spread, nobody, &unused))
        return;
    spread->tried[query.service] |= bit;
    expose(spread, query.service,
           (Step){.kind = STEP_USES,
                  .before = before,
                  .from = query.from,
                  .use = query,
                  .door = access.door,
                  .element = access.element});
    if (!spread->breaking || spread->closure->holds[query.service] == HOLD_AT_RISK)
        spread->closure->actions[query.service] |= bit;
    used(spread, query.service, spread->model->components[query.service].kind->actions[query.action].means);
}

/* What an access follows from: a place that is owned and a role that is held; of the two, the one that came later. */
static uint32_t later_of(const Spread *spread, ClassId from, uint32_t role) {
    const Step *steps = spread->closure->steps;
    uint32_t held = role != NO_ROLE ? thing_of_role(spread, role) : UINT32_MAX;
    uint32_t owned = from != CLASS_INTERNET ? spread->classes[from].component : held;
    return held == UINT32_MAX || steps[owned].depth > steps[held].depth ? owned : held;
}

/* With a role (or as nobody) from one place on the network. */
static void use_from(Spread *spread, ClassId from, uint32_t role) {
    uint32_t before = later_of(spread, from, role);
    for (ComponentId service = 0; service < spread->model->component_count; service++) {
        const KindAction *actions = spread->model->components[service].kind->actions;
        for (int action = 0; actions != NULL && actions[action].name != NULL; action++)
            use(spread,
                (AccessQuery){
                    .from = from, .role = role, .service = service, .action = action, .without = spread->without},
                before);
    }
}

/* ---- following -----------------------------------------------------------------------------------------------------
 */
static void follow_component(Spread *spread, ComponentId component) {
    const PolicyBook *book = &spread->model->policies;
    if (book->role_of[component] != NO_ROLE)
        hold_role(spread, book->role_of[component], (Step){.kind = STEP_METADATA, .before = component});
    find_in(spread, component);
    poison(spread, component);
    for (ClassId from = 0; from < spread->class_count; from++) {
        if (spread->classes[from].component != component)
            continue;
        connect_from(spread, from);
        use_from(spread, from, NO_ROLE);
        for (uint32_t role = 0; role < book->role_count; role++)
            if (spread->held[role])
                use_from(spread, from, role);
    }
}

/* Credentials work from wherever the attacker is, his own machine too. Who they were taken from comes first. */
static void follow_role(Spread *spread, uint32_t role) {
    const PolicyBook *book = &spread->model->policies;
    for (uint32_t target = 0; target < book->role_count; target++)
        if (reach_assume(spread->reach, role, target, spread->without).allowed)
            hold_role(spread, target, (Step){.kind = STEP_ASSUMES, .before = thing_of_role(spread, role)});
    for (ClassId from = 0; from < spread->class_count; from++)
        if (spread->owned[spread->classes[from].component])
            use_from(spread, from, role);
    use_from(spread, CLASS_INTERNET, role);
}

static void follow_all(Spread *spread) {
    while (spread->head < spread->tail) {
        uint32_t thing = spread->queue[spread->head++];
        if (thing < spread->model->component_count)
            follow_component(spread, thing);
        else
            follow_role(spread, thing - spread->model->component_count);
    }
}

/* A machine that the customer runs, that could be connected to. */
static bool can_fall(const Spread *spread, ComponentId component) {
    return !spread->owned[component] && spread->closure->steps[component].kind == STEP_CONNECTS &&
           !component_is_managed(&spread->model->components[component]);
}

/* Until nothing more falls. */
static void break_in(Spread *spread) {
    spread->breaking = true;
    for (bool more = true; more;) {
        more = false;
        for (ComponentId id = 0; id < spread->model->component_count; id++) {
            if (!can_fall(spread, id))
                continue;
            own(spread, id, spread->closure->steps[id]);
            more = true;
        }
        follow_all(spread);
    }
}

static void closure_count(Closure *closure, const Model *model) {
    for (ComponentId id = 0; id < closure->component_count; id++) {
        closure->assets += closure_is_asset(model, id);
        closure->compromised += closure->holds[id] == HOLD_COMPROMISED;
        closure->exposed += closure->holds[id] == HOLD_EXPOSED;
        closure->at_risk += closure->holds[id] == HOLD_AT_RISK;
    }
}

Closure *closure_new(const Reach *reach, const NetState *state, const bool *owned, uint32_t without) {
    const Model *model = reach->model;
    uint32_t components = model->component_count, roles = model->policies.role_count;
    Closure *closure = g_new0(Closure, 1);
    closure->reach = reach;
    closure->component_count = components;
    closure->holds = g_new0(Hold, components + 1);
    closure->steps = g_new0(Step, components + roles + 1);
    closure->actions = g_new0(uint64_t, components + 1);
    Spread spread = {.closure = closure, .reach = reach, .model = model, .state = state, .without = without};
    spread.class_count = reach_classes(reach, &spread.classes);
    spread.tried = g_new0(uint64_t, components + 1);
    spread.owned = g_new0(bool, components + 1);
    spread.held = g_new0(bool, roles + 1);
    spread.queue = g_new0(uint32_t, components + roles + 1);
    for (ComponentId id = 0; id < components; id++)
        if (owned[id])
            own(&spread, id, (Step){.kind = STEP_DECLARED, .before = UINT32_MAX});
    follow_all(&spread);
    break_in(&spread);
    closure_count(closure, model);
    g_free(spread.tried);
    g_free(spread.owned);
    g_free(spread.held);
    g_free(spread.queue);
    return closure;
}

void closure_free(Closure *closure) {
    if (closure == NULL)
        return;
    g_free(closure->holds);
    g_free(closure->steps);
    g_free(closure->actions);
    g_free(closure);
}
