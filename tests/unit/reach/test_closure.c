/* test_closure.c - what follows from a compromise, against a fixpoint without queues or order, on random estates; each
 * step is looked at by itself, and so is each control that is said to matter. */
#include <glib.h>
#include <string.h>

#include "reach/closure.h"
#include "tests/unit/reach/rights.h"

enum { ESTATES = 120, CONTROLLED = 5 };

/* ---- the same by brute force ---------------------------------------------------------------------------------------
 */
typedef struct {
    const Opened *r;
    const Model *model;
    const EndpointClass *classes;
    uint32_t class_count, without;
    bool *owned, *connected, *held; /* by component, component, role */
    uint64_t *used;                 /* by component: actions */
    bool grown;
} Brute;

static void set(Brute *b, bool *what) {
    b->grown = b->grown || !*what;
    *what = true;
}

static Access ask(const Brute *b, ClassId from, uint32_t role, ComponentId service, int action) {
    return reach_access(
        b->r->reach, b->r->state,
        (AccessQuery){.from = from, .role = role, .service = service, .action = action, .without = b->without});
}

/* Some place that is owned, and a role in hand or none; or a role in hand alone. */
static bool can_use(const Brute *b, ComponentId service, int action) {
    if (ask(b, CLASS_INTERNET, NO_ROLE, service, action).allowed)
        return false; /* everybody can */
    for (uint32_t role = 0; role <= b->model->policies.role_count; role++) {
        bool nobody = role == b->model->policies.role_count;
        if (!nobody && !b->held[role])
            continue;
        uint32_t as = nobody ? NO_ROLE : role;
        if (!nobody && ask(b, CLASS_INTERNET, as, service, action).allowed)
            return true;
        for (ClassId from = 0; from < b->class_count; from++)
            if (b->owned[b->classes[from].component] && ask(b, from, as, service, action).allowed)
                return true;
    }
    return false;
}

static Verdict connect(const Brute *b, ClassId from, ClassId to, const PortRange *ports) {
    Query query = {.from = from, .to = to, .protocol = (Protocol)ports->protocol, .port = ports->first, .seized = true};
    query.protocol = ports->protocol == PROTOCOL_ANY ? PROTOCOL_TCP : query.protocol;
    return reach_verdict(b->r->reach, b->r->state, query);
}

/* Services are not connected to, but used. */
static bool can_connect(const Brute *b, ComponentId target) {
    const Component *server = &b->model->components[target];
    if (server->kind->passage.attachment == ATTACH_SERVICE)
        return false;
    for (ClassId to = 0; to < b->class_count; to++)
        for (ClassId from = 0; from < b->class_count && b->classes[to].component == target; from++)
            for (uint32_t i = 0; i < server->listens.count; i++)
                if (b->owned[b->classes[from].component] && b->classes[from].component != target &&
                    connect(b, from, to, &server->listens.range[i]).kind == VERDICT_REACH &&
                    connect(b, CLASS_INTERNET, to, &server->listens.range[i]).kind != VERDICT_REACH)
                    return true;
    return false;
}

/* What an attacker can want: things that do or keep something. */
static bool is_asset(const Model *model, ComponentId id) {
    static const char *const none[] = {"nat_gateway", "gateway_endpoint", "interface_endpoint", "vpn", "dns", "users"};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
        if (strcmp(model->components[id].kind->name, none[i]) == 0)
            return false;
    return model->components[id].kind->passage.attachment != ATTACH_OUTSIDE;
}

static void find_in(Brute *b, ComponentId id) {
    const PolicyBook *book = &b->model->policies;
    for (uint32_t i = 0; i < book->keep_count[id]; i++)
        if (book->roles[book->keeps[id][i]].element != b->without)
            set(b, &b->held[book->keeps[id][i]]);
}

static void launch_from(Brute *b, ComponentId source) {
    for (ComponentId id = 0; id < b->model->component_count; id++)
        if (b->model->policies.image_of[id] == source)
            set(b, &b->owned[id]);
}

static void grow_services(Brute *b) {
    for (ComponentId id = 0; id < b->model->component_count; id++) {
        const KindAction *actions = b->model->components[id].kind->actions;
        for (int a = 0; actions != NULL && actions[a].name != NULL; a++) {
            if (b->used[id] >> a & 1 || !can_use(b, id, a))
                continue;
            b->used[id] |= UINT64_C(1) << a;
            b->grown = true;
            if (actions[a].means & ACTION_READS)
                find_in(b, id);
            if (actions[a].means & ACTION_WRITES)
                launch_from(b, id);
            if (actions[a].means & ACTION_RULES)
                set(b, &b->owned[id]);
        }
    }
}

static void grow(Brute *b) {
    const PolicyBook *book = &b->model->policies;
    do {
        b->grown = false;
        for (ComponentId id = 0; id < b->model->component_count; id++) {
            if (b->owned[id]) {
                find_in(b, id);
                launch_from(b, id);
                if (book->role_of[id] != NO_ROLE && book->roles[book->role_of[id]].element != b->without)
                    set(b, &b->held[book->role_of[id]]);
            }
            if (!b->connected[id] && is_asset(b->model, id) && can_connect(b, id))
                set(b, &b->connected[id]);
        }
        for (uint32_t role = 0; role < book->role_count; role++)
            for (uint32_t target = 0; b->held[role] && target < book->role_count; target++)
                if (book->roles[target].element != b->without &&
                    reach_assume(b->r->reach, role, target, b->without).allowed)
                    set(b, &b->held[target]);
        grow_services(b);
    } while (b->grown);
}

static Brute brute_new(const Opened *r, const bool *declared, uint32_t without) {
    uint32_t n = r->model->component_count;
    Brute b = {.r = r, .model = r->model, .without = without};
    b.class_count = reach_classes(r->reach, &b.classes);
    b.owned = g_memdup2(declared, n);
    b.connected = g_new0(bool, n);
    b.held = g_new0(bool, r->model->policies.role_count + 1);
    b.used = g_new0(uint64_t, n);
    grow(&b);
    return b;
}

static void brute_free(Brute *b) {
    g_free(b->owned);
    g_free(b->connected);
    g_free(b->held);
    g_free(b->used);
}

/* Then every machine of the customer's that can be connected to falls as well. */
static void fall(Brute *b) {
    bool more = true;
    while (more) {
        more = false;
        for (ComponentId id = 0; id < b->model->component_count; id++)
            if (b->connected[id] && !b->owned[id] && !b->model->components[id].kind->managed) {
                b->owned[id] = more = true;
            }
        grow(b);
    }
}

static Hold hold_of(const Brute *b, ComponentId id) {
    return b->owned[id] ? HOLD_COMPROMISED : b->connected[id] || b->used[id] != 0 ? HOLD_EXPOSED : HOLD_SAFE;
}

/* ---- one compromise ------------------------------------------------------------------------------------------------
 */
static uint32_t seen_kinds[STEP_ASSUMES + 1], seen_holds[HOLD_COMPROMISED + 1], keys_seen, openings;

static void tell(const Opened *r, const bool *declared, ComponentId id, const Brute *b) {
    g_test_message("%s", r->text);
    for (ComponentId other = 0; other < r->model->component_count; other++)
        if (declared[other])
            g_test_message("declared: %s", r->model->components[other].name);
    g_test_message("%s: owned %d, connected %d, used %" G_GINT64_MODIFIER "x, without %s",
                   r->model->components[id].name, b->owned[id], b->connected[id], b->used[id],
                   r->model->elements[b->without].text);
}

static void check_holds(const Opened *r, const Closure *closure, const bool *declared, uint32_t without) {
    Brute b = brute_new(r, declared, without);
    uint32_t n = r->model->component_count, counts[4] = {0}, assets = 0;
    Hold *first = g_new0(Hold, n);
    for (ComponentId id = 0; id < n; id++) {
        first[id] = hold_of(&b, id);
        if (first[id] != HOLD_SAFE)
            g_assert_cmpuint(closure->actions[id], ==, b.used[id]);
        assets += is_asset(r->model, id);
    }
    fall(&b);
    for (ComponentId id = 0; id < n; id++) {
        bool at_risk = first[id] == HOLD_SAFE && hold_of(&b, id) != HOLD_SAFE;
        Hold hold = at_risk ? HOLD_AT_RISK : first[id];
        if (closure->holds[id] != hold)
            tell(r, declared, id, &b);
        g_assert_cmpstr(hold_name(closure->holds[id]), ==, hold_name(hold));
        if (at_risk)
            g_assert_cmpuint(closure->actions[id], ==, b.used[id]);
        counts[hold]++;
        seen_holds[hold]++;
        g_assert_cmpint(closure_is_asset(r->model, id), ==, is_asset(r->model, id));
        g_assert_cmpint(closure_follows(closure, id), ==, hold == HOLD_COMPROMISED && !declared[id]);
    }
    for (uint32_t role = 0; role < r->model->policies.role_count; role++)
        g_assert_cmpint(closure->steps[n + role].kind != STEP_NONE, ==, b.held[role]);
    g_assert_true(closure->compromised == counts[HOLD_COMPROMISED] && closure->exposed == counts[HOLD_EXPOSED] &&
                  closure->at_risk == counts[HOLD_AT_RISK] && closure->assets == assets);
    g_free(first);
    brute_free(&b);
}

static void check_use(const Opened *r, const Closure *closure, const Step *step) {
    const EndpointClass *classes;
    Access access = reach_access(r->reach, r->state, step->use);
    const Step *steps = closure->steps;
    uint32_t n = closure->component_count, later = UINT32_MAX;
    reach_classes(r->reach, &classes);
    g_assert_true(access.allowed && access.element == step->element && access.door == step->door);
    g_assert_true(step->use.from == step->from);
    if (step->use.role != NO_ROLE) {
        g_assert_true(steps[n + step->use.role].kind != STEP_NONE);
        later = n + step->use.role;
    }
    if (step->from != CLASS_INTERNET) {
        ComponentId place = classes[step->from].component;
        g_assert_true(steps[place].kind != STEP_NONE);
        later = later == UINT32_MAX || steps[place].depth > steps[later].depth ? place : later;
    }
    g_assert_cmpuint(step->before, ==, later);
}

static bool keeps(const Model *model, ComponentId id, uint32_t role) {
    for (uint32_t i = 0; i < model->policies.keep_count[id]; i++)
        if (model->policies.keeps[id][i] == role)
            return true;
    return false;
}

static void check_step(const Opened *r, const Closure *closure, const bool *declared, uint32_t thing) {
    const Step *step = &closure->steps[thing];
    const EndpointClass *classes;
    uint32_t n = closure->component_count, role = thing - n, count;
    reach_classes(r->reach, &classes);
    seen_kinds[step->kind]++;
    if (step->kind != STEP_NONE && step->kind != STEP_DECLARED) {
        g_assert_true(closure->steps[step->before].kind != STEP_NONE);
        g_assert_cmpuint(step->depth, ==, closure->steps[step->before].depth + 1);
    }
    switch (step->kind) {
    case STEP_NONE: return;
    case STEP_DECLARED: g_assert_true(declared[thing] && step->before == UINT32_MAX && step->depth == 0); return;
    case STEP_CONNECTS: {
        Verdict verdict = reach_verdict(r->reach, r->state, step->query);
        g_assert_true(verdict.kind == VERDICT_REACH && verdict.element == step->element);
        g_assert_true(classes[step->query.to].component == thing && step->query.from == step->from &&
                      classes[step->from].component == step->before && step->door == NO_COMPONENT);
        g_assert_true(ports_contain(&r->model->components[thing].listens, step->query.protocol, step->query.port));
        break;
    }
    case STEP_USES:
        g_assert_cmpuint(step->use.service, ==, thing);
        check_use(r, closure, step);
        break;
    case STEP_IMAGE: g_assert_cmpuint(r->model->policies.image_of[thing], ==, step->before); break;
    case STEP_METADATA: g_assert_cmpuint(r->model->policies.role_of[step->before], ==, role); break;
    case STEP_FINDS: g_assert_true(keeps(r->model, step->before, role)); break;
    case STEP_ASSUMES: g_assert_true(reach_assume(r->reach, step->before - n, role, 0).allowed); break;
    }
    uint32_t *things;
    count = closure_path(closure, thing, &things);
    g_assert_true(count == step->depth + 1 && things[count - 1] == thing && closure->steps[things[0]].depth == 0);
    for (uint32_t i = 1; i < count; i++)
        g_assert_cmpuint(closure->steps[things[i]].before, ==, things[i - 1]);
    g_free(things);
}

/* ---- what would have helped ----------------------------------------------------------------------------------------
 */
static bool remove_from_tables(const Model *model, NetState *state, uint32_t element) {
    bool any = false;
    for (uint32_t g = 0; g < model->group_count; g++)
        for (int in = 0; in < 2; in++)
            for (uint32_t i = 0; i < (in ? model->groups[g].inbound_count : model->groups[g].outbound_count); i++) {
                const Rule *rule = in ? &model->groups[g].inbound[i] : &model->groups[g].outbound[i];
                any = (rule->element == element && netstate_rule_remove(state, g, in, rule)) || any;
            }
    for (uint32_t t = 0; t < model->route_table_count; t++)
        for (uint32_t i = 0; i < model->route_tables[t].route_count; i++) {
            const Route *route = &model->route_tables[t].routes[i];
            any =
                (route->element == element && route->target != ROUTE_LOCAL && netstate_route_remove(state, t, route)) ||
                any;
        }
    return any;
}

static bool better_without(const Opened *r, const bool *declared, ComponentId id, Hold hold, uint32_t element) {
    Opened other = *r;
    other.state = netstate_copy(r->state);
    remove_from_tables(r->model, other.state, element);
    Brute b = brute_new(&other, declared, element);
    Hold now = hold_of(&b, id);
    fall(&b);
    if (now == HOLD_SAFE && hold_of(&b, id) != HOLD_SAFE)
        now = HOLD_AT_RISK;
    brute_free(&b);
    netstate_free(other.state);
    return now < hold;
}

static bool is_route(const Model *model, uint32_t element) {
    for (uint32_t t = 0; t < model->route_table_count; t++)
        for (uint32_t i = 0; i < model->route_tables[t].route_count; i++)
            if (model->route_tables[t].routes[i].element == element)
                return true;
    return false;
}

/* All that helps by itself is found, and nothing else; of routes only those that lead there. */
static void check_controls(const Opened *r, const Closure *closure, const bool *declared, ComponentId id) {
    uint32_t *keys, count = closure_controls(closure, r->state, declared, id, &keys);
    for (uint32_t element = 1; element < r->model->element_count && closure->holds[id] != HOLD_SAFE; element++) {
        bool found = false;
        for (uint32_t i = 0; i < count; i++)
            found = found || keys[i] == element;
        bool helps = !declared[id] && better_without(r, declared, id, closure->holds[id], element);
        if (!found && is_route(r->model, element))
            continue;
        if (found != helps) {
            char *step = closure_step_text(closure, id);
            g_test_message("%s: %s; %s of '%s'", r->text, step, found ? "no need" : "nothing said",
                           r->model->elements[element].text);
            g_free(step);
        }
        g_assert_cmpint(found, ==, helps);
    }
    keys_seen += count;
    g_free(keys);
}

/* A single change by which something compromised would connect to it where it listens. */
static void check_opening(const Opened *r, const Closure *closure, ComponentId id) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(r->reach, &classes);
    char *text = closure_opening(closure, r->state, id);
    bool service = r->model->components[id].kind->passage.attachment == ATTACH_SERVICE, expected = false, same = false;
    for (ClassId from = 0; from < count && !service; from++)
        for (ClassId to = 0; to < count; to++) {
            if (classes[to].component != id || closure->holds[classes[from].component] != HOLD_COMPROMISED)
                continue;
            Flip *flip = reach_flip(r->reach, r->state, reach_usual(r->reach, from, to));
            bool single = flip->count == 1 && flip->seen;
            expected = expected || single;
            same = same || (single && text != NULL && strcmp(text, flip->changes[0]) == 0);
            flip_free(flip);
        }
    g_assert_cmpint(text != NULL, ==, expected);
    g_assert_true(!expected || same);
    openings += expected;
    g_free(text);
}

/* ---- many ----------------------------------------------------------------------------------------------------------
 */
static void check_all(const Opened *r, const bool *declared, uint64_t n, Draw *luck) {
    const Model *model = r->model;
    Closure *closure = closure_new(r->reach, r->state, declared, 0);
    check_holds(r, closure, declared, 0);
    for (uint32_t thing = 0; thing < model->component_count + model->policies.role_count; thing++)
        check_step(r, closure, declared, thing);
    ComponentId some = (ComponentId)draw_below(luck, model->component_count);
    for (ComponentId id = 0; id < model->component_count && n < CONTROLLED; id++)
        if (id == some || (closure->holds[id] != HOLD_SAFE && !declared[id]))
            check_controls(r, closure, declared, id);
    if (closure->holds[some] == HOLD_SAFE && is_asset(model, some))
        check_opening(r, closure, some);
    closure_free(closure);
    uint32_t without = (uint32_t)draw_below(luck, model->element_count);
    closure = closure_new(r->reach, r->state, declared, without);
    check_holds(r, closure, declared, without);
    closure_free(closure);
}

static void test_random(void) {
    Stream stream = luck_stream((Luck){14, 0}, "test_closure", "estates");
    for (uint64_t n = 0; n < ESTATES; n++) {
        Draw luck = stream_draw(&stream, n);
        Opened r;
        rights_open(&r, &luck);
        bool *declared = g_new0(bool, r.model->component_count + 1);
        for (int i = 0; i < 3; i++) {
            ComponentId id = (ComponentId)draw_below(&luck, r.model->component_count);
            declared[id] = is_asset(r.model, id);
            check_all(&r, declared, n, &luck);
        }
        g_free(declared);
        opened_close(&r);
    }
    for (int kind = STEP_DECLARED; kind <= STEP_ASSUMES; kind++) {
        g_test_message("steps of kind %d: %u", kind, seen_kinds[kind]);
        g_assert_cmpuint(seen_kinds[kind], >, 15);
    }
    for (int hold = HOLD_SAFE; hold <= HOLD_COMPROMISED; hold++) {
        g_test_message("%s: %u", hold_name((Hold)hold), seen_holds[hold]);
        g_assert_cmpuint(seen_holds[hold], >, 50);
    }
    g_test_message("controls %u, openings %u", keys_seen, openings);
    g_assert_true(keys_seen > 10 && openings > 20);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/closure/random", test_random);
    return g_test_run();
}
