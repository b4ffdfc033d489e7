/* fake.c - arrays and a list of timers, where the world has an engine, a map and a network. */
#include "tests/unit/kinds/fake.h"

#include "read/fields.h"
#include "tests/unit/kinds/fake_inside.h"

static void plain_start(Ctx *cx) { (void)cx; }
static const Field no_fields[] = {FIELD_END};
const Kind fake_plain = {.name = "plain", .role = ROLE_COMPUTE, .fields = no_fields, .start = plain_start};
const Kind fake_edge = {.name = "edge", .role = ROLE_EDGE, .fields = no_fields, .start = plain_start};

/* ---- Building ---- */

Fake *fake_new(uint64_t seed) {
    Fake *fake = g_new0(Fake, 1);
    fake->luck = (Luck){seed, 0};
    fake->tree = tree_new();
    fake->components = g_array_new(FALSE, FALSE, sizeof(Component));
    fake->units = g_array_new(FALSE, FALSE, sizeof(UnitView));
    fake->probes = g_array_new(FALSE, FALSE, sizeof(int));
    fake->beside = g_array_new(FALSE, FALSE, sizeof(UnitId));
    fake->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    fake->timers = g_array_new(FALSE, FALSE, sizeof(Timer));
    fake->facts = g_array_new(FALSE, FALSE, sizeof(Fact));
    return fake;
}

void fake_free(Fake *fake) {
    for (ComponentId c = 0; c < fake->components->len; c++) {
        Component *component = component_of(fake, c);
        if (fake->started && component->kind->end)
            component->kind->end(fake_ctx(fake, c));
        g_free(component->cx.state);
        g_free((void *)component->cx.spec);
        g_array_unref(component->targets);
        g_array_unref(component->copies);
        g_array_unref(component->holders);
    }
    g_array_unref(fake->components);
    g_array_unref(fake->units);
    g_array_unref(fake->probes);
    g_array_unref(fake->beside);
    g_ptr_array_unref(fake->jobs);
    g_array_unref(fake->timers);
    g_array_unref(fake->facts);
    tree_free(fake->tree);
    g_free(fake);
}

PlaceId fake_place(Fake *fake, const char *name) {
    g_assert_cmpuint(fake->place_count, <, PLACES_MOST);
    fake->places[fake->place_count] = name;
    fake->control[fake->place_count] = true;
    return fake->place_count++;
}

void fake_distance(Fake *fake, PlaceId a, PlaceId b, SimTime one_way) {
    fake->distance[a][b] = fake->distance[b][a] = one_way;
}

/* Everything that was complained about, as printed; allocated. */
static char *complaints(const Diagnostics *diagnostics) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    diagnostics_print(diagnostics, out, 0);
    fclose(out);
    char *copy = g_strdup(text);
    free(text);
    return copy;
}

static void *read_spec(Tree *tree, const Field *fields, size_t size, const char *keys, Diagnostics *diagnostics) {
    const Node *map = keys ? tree_value(tree, "keys", keys, diagnostics) : NULL;
    void *spec = g_malloc0(MAX(size, 1));
    AssumedList *assumed = assumed_new();
    fields_read(fields, map, NULL, NULL, tree, "it", spec, assumed, diagnostics);
    assumed_free(assumed);
    return spec;
}

void *fake_spec(Fake *fake, const Field *fields, size_t size, const char *keys) {
    Diagnostics *diagnostics = diagnostics_new();
    void *spec = read_spec(fake->tree, fields, size, keys, diagnostics);
    char *text = complaints(diagnostics);
    g_assert_cmpstr(text, ==, "");
    g_free(text);
    diagnostics_free(diagnostics);
    return spec;
}

char *fake_complaints(const Field *fields, size_t size, const char *keys) {
    Tree *tree = tree_new();
    Diagnostics *diagnostics = diagnostics_new();
    g_free(read_spec(tree, fields, size, keys, diagnostics));
    char *text = complaints(diagnostics);
    diagnostics_free(diagnostics);
    tree_free(tree);
    return text;
}

char *fake_check(const Kind *kind, const char *keys) {
    Tree *tree = tree_new();
    Diagnostics *diagnostics = diagnostics_new();
    void *spec = read_spec(tree, kind->fields, kind->spec_size, keys, diagnostics);
    g_assert_cmpuint(diagnostics_count(diagnostics), ==, 0);
    kind->check(spec, "it", MARK_NONE, diagnostics);
    char *text = complaints(diagnostics);
    g_free(spec);
    diagnostics_free(diagnostics);
    tree_free(tree);
    return text;
}

ComponentId fake_component(Fake *fake, const char *name, const Kind *kind, const char *keys, PlaceId place) {
    Component component = {.name = name, .kind = kind, .place = place, .first = fake->units->len};
    ComponentId id = fake->components->len;
    component.targets = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    component.copies = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    component.holders = g_array_new(FALSE, FALSE, sizeof(UnitId));
    g_array_append_val(component.copies, id);
    component.cx = (Ctx){&fake_ops,
                         fake,
                         id,
                         fake_spec(fake, kind->fields, kind->spec_size, keys),
                         g_malloc0(MAX(kind->state_size, 1)),
                         SIMTIME_ZERO};
    g_array_append_val(fake->components, component);
    return id;
}

UnitId fake_unit(Fake *fake, ComponentId component, PlaceId zone) {
    Component *of = component_of(fake, component);
    g_assert_cmpuint(of->first + of->count, ==, fake->units->len); /* a component's units follow one another */
    UnitView unit = {component, of->count++, zone, of->place, UNIT_SERVING, CONDITION_HEALTHY};
    int nothing = -1;
    g_array_append_val(fake->units, unit);
    g_array_append_val(fake->probes, nothing);
    UnitId itself = fake->beside->len;
    g_array_append_val(fake->beside, itself);
    g_ptr_array_add(fake->jobs, g_array_new(FALSE, FALSE, sizeof(Job)));
    return fake->units->len - 1;
}

void fake_beside(Fake *fake, UnitId own, UnitId host) { g_array_index(fake->beside, UnitId, own) = host; }

void fake_holder(Fake *fake, ComponentId authority, UnitId unit) {
    g_array_append_val(component_of(fake, authority)->holders, unit);
}

void fake_target(Fake *fake, ComponentId from, ComponentId to) {
    g_array_append_val(component_of(fake, from)->targets, to);
}

void fake_copies(Fake *fake, const ComponentId *copies, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        g_array_set_size(component_of(fake, copies[i])->copies, 0);
        g_array_append_vals(component_of(fake, copies[i])->copies, copies, count);
    }
}

/* ---- Running ---- */

static void settle(Fake *fake) {
    for (uint32_t rounds = 0; fake->dirty; rounds++) {
        g_assert_cmpuint(rounds, <, 64);
        fake->dirty = false;
        for (ComponentId c = 0; c < fake->components->len; c++)
            if (component_of(fake, c)->kind->on_change)
                component_of(fake, c)->kind->on_change(fake_ctx(fake, c));
    }
}

void fake_start(Fake *fake) {
    for (int populations = 0; populations < 2; populations++)
        for (ComponentId c = 0; c < fake->components->len; c++) {
            const Kind *kind = component_of(fake, c)->kind;
            if (kind->start && (kind->role == ROLE_POPULATION) == populations)
                kind->start(fake_ctx(fake, c));
        }
    fake->started = fake->dirty = true;
    settle(fake);
}

/* The next timer up to `until`, or -1. */
static int64_t next_timer(const Fake *fake, SimTime until) {
    int64_t next = -1;
    for (guint t = 0; t < fake->timers->len; t++) {
        const Timer *timer = &g_array_index(fake->timers, Timer, t);
        if (simtime_before(until, timer->at))
            continue;
        if (next < 0 || simtime_before(timer->at, g_array_index(fake->timers, Timer, next).at))
            next = t;
    }
    return next;
}

void fake_advance(Fake *fake, SimTime until) {
    for (int64_t next; (next = next_timer(fake, until)) >= 0;) {
        Timer timer = g_array_index(fake->timers, Timer, next);
        g_array_remove_index(fake->timers, (guint)next);
        fake->now = timer.at;
        component_of(fake, timer.component)->kind->on_timer(fake_ctx(fake, timer.component), timer.what, timer.subject);
        settle(fake);
    }
    fake->now = until;
}

/* Before the start nobody listens. */
static void told(Fake *fake) {
    fake->dirty = true;
    if (fake->started)
        settle(fake);
}

void fake_bend(Fake *fake, UnitId unit, Condition condition) {
    unit_of(fake, unit)->condition = condition;
    told(fake);
}

void fake_down(Fake *fake, UnitId unit) {
    Condition down = CONDITION_HEALTHY;
    down.up = false;
    fake_bend(fake, unit, down);
}

void fake_up(Fake *fake, UnitId unit) { fake_bend(fake, unit, CONDITION_HEALTHY); }

void fake_zone(Fake *fake, PlaceId zone, bool up) {
    for (UnitId u = 0; u < fake->units->len; u++)
        if (unit_of(fake, u)->zone == zone || unit_of(fake, u)->region == zone)
            unit_of(fake, u)->condition.up = up;
    told(fake);
}

void fake_control(Fake *fake, PlaceId place, bool answers) {
    fake->control[place] = answers;
    told(fake);
}

void fake_state(Fake *fake, UnitId unit, UnitState state) {
    unit_of(fake, unit)->state = state;
    told(fake);
}

void fake_probes_see(Fake *fake, UnitId unit, int result) {
    g_array_index(fake->probes, int, unit) = result;
    told(fake);
}

/* ---- Asking ---- */

SimTime fake_now(const Fake *fake) { return fake->now; }
Ctx *fake_ctx(Fake *fake, ComponentId component) {
    Ctx *cx = &component_of(fake, component)->cx;
    cx->now = fake->now;
    return cx;
}

UnitState fake_state_of(const Fake *fake, UnitId unit) { return unit_of(fake, unit)->state; }
bool fake_unnoticed(const Fake *fake, UnitId unit) { return fake->unnoticed >> unit & 1; }

uint32_t fake_count_in(const Fake *fake, ComponentId component, PlaceId zone, UnitState state) {
    const Component *of = component_of(fake, component);
    uint32_t count = 0;
    for (UnitId u = of->first; u < of->first + of->count; u++)
        count += (zone == NO_PLACE || unit_of(fake, u)->zone == zone) && unit_of(fake, u)->state == state;
    return count;
}

NameAnswer fake_resolve(Fake *fake, ComponentId name, PlaceId from, uint64_t number) {
    Stream asking = luck_stream(fake->luck, "test", "asking");
    Draw luck = stream_draw(&asking, number);
    return component_of(fake, name)->kind->resolve(fake_ctx(fake, name), from, &luck);
}

Request fake_request_of(const Fake *fake, uint32_t session) {
    Stream stream = luck_stream(fake->luck, "test", "request");
    return (Request){.luck = stream_draw(&stream, session),
                     .now = fake->now,
                     .unit = NO_UNIT,
                     .from = NO_UNIT,
                     .population = 0,
                     .session = session,
                     .step = 1};
}

Outcome fake_request(Fake *fake, UnitId unit, Request request) {
    const Component *component = component_of(fake, unit_of(fake, unit)->component);
    request.unit = unit;
    Outcome outcome = component->kind->on_request(fake_ctx(fake, unit_of(fake, unit)->component), &request);
    Job job = {request.now, outcome.start, outcome.ready};
    if (outcome.kind != OUTCOME_FAIL)
        g_array_append_val((GArray *)fake->jobs->pdata[unit], job);
    return outcome;
}

uint32_t fake_jobs(const Fake *fake, UnitId unit, const Job **jobs) {
    const GArray *array = fake->jobs->pdata[unit];
    *jobs = (const Job *)(const void *)array->data;
    return array->len;
}

uint32_t fake_timers(const Fake *fake) { return fake->timers->len; }

uint32_t fake_facts(const Fake *fake, FactKind kind) {
    uint32_t count = 0;
    for (guint f = 0; f < fake->facts->len; f++)
        count += g_array_index(fake->facts, Fact, f).kind == kind;
    return count;
}

const Fact *fake_fact(const Fake *fake, FactKind kind, uint32_t nth) {
    for (guint f = 0; f < fake->facts->len; f++)
        if (g_array_index(fake->facts, Fact, f).kind == kind && nth-- == 0)
            return &g_array_index(fake->facts, Fact, f);
    g_error("no such fact: kind %d", (int)kind);
}

const Fact *fake_last(const Fake *fake, FactKind kind) {
    g_assert_cmpuint(fake_facts(fake, kind), >, 0);
    return fake_fact(fake, kind, fake_facts(fake, kind) - 1);
}

void fake_forget(Fake *fake) { g_array_set_size(fake->facts, 0); }

void fake_cut(Fake *fake, PlaceId from, PlaceId to, bool cut) {
    g_assert_cmpuint(MAX(from, to), <, 8);
    uint64_t bit = UINT64_C(1) << (8 * from + to);
    fake->cut = cut ? fake->cut | bit : fake->cut & ~bit;
    fake->dirty = true;
    settle(fake);
}

void fake_touch(Fake *fake, UnitId unit, uint32_t session, Touch touch) {
    ComponentId component = unit_of(fake, unit)->component;
    Request request = fake_request_of(fake, session);
    request.unit = unit;
    component_of(fake, component)->kind->objects->touched(fake_ctx(fake, component), &request, touch);
}

void fake_met(Fake *fake, ComponentId component, uint64_t requests) { component_of(fake, component)->met = requests; }

void fake_order(Fake *fake, ComponentId component, Order order) {
    Component *whom = component_of(fake, component);
    g_assert_true(whom->kind->obeys && whom->kind->obeys(whom->cx.spec, order.act));
    whom->kind->on_order(fake_ctx(fake, component), &order);
    settle(fake);
}

void fake_declare(Fake *fake, PlaceId region) {
    fake->declared[region] = fake->dirty = true;
    settle(fake);
}

bool fake_declared(const Fake *fake, PlaceId region) { return fake->declared[region]; }
