/* fake.c - arrays and a list of timers, where the world has an engine, a map and a network. */
#include "tests/unit/kinds/fake.h"

#include <string.h>

#include "read/fields.h"
#include "read/tree.h"

enum { PLACES_MOST = 32 };

typedef struct {
    const char *name;
    const Kind *kind;
    PlaceId place;
    UnitId first;
    uint32_t count;
    GArray *targets, *copies; /* ComponentId */
    Ctx cx;
} Component;

typedef struct {
    SimTime at;
    uint64_t serial;
    ComponentId component;
    uint32_t what, subject;
} Timer;

struct Fake {
    Luck luck;
    Tree *tree;
    SimTime now;
    const char *places[PLACES_MOST];
    bool control[PLACES_MOST];
    SimTime distance[PLACES_MOST][PLACES_MOST];
    uint32_t place_count;
    GArray *components; /* Component */
    GArray *units;      /* UnitView */
    GArray *probes;     /* int by unit: what probes see, or -1 */
    GPtrArray *jobs;    /* GArray of Job by unit */
    GArray *timers;     /* Timer, in order of setting */
    GArray *facts;      /* Fact */
    uint64_t serial;
    uint64_t unnoticed; /* bits: units of lines that are down, and nobody knows */
    bool started, dirty;
};

static void plain_start(Ctx *cx) { (void)cx; }
static const Field no_fields[] = {FIELD_END};
const Kind fake_plain = {.name = "plain", .role = ROLE_COMPUTE, .fields = no_fields, .start = plain_start};
const Kind fake_edge = {.name = "edge", .role = ROLE_EDGE, .fields = no_fields, .start = plain_start};

static Component *component_of(const Fake *fake, ComponentId id) {
    g_assert_cmpuint(id, <, fake->components->len);
    return &g_array_index(fake->components, Component, id);
}

static UnitView *unit_of(const Fake *fake, UnitId id) {
    g_assert_cmpuint(id, <, fake->units->len);
    return &g_array_index(fake->units, UnitView, id);
}

/* ---- What a plug-in may ask of the world ---- */

static uint32_t op_units(const Ctx *cx, ComponentId component, UnitId *first) {
    *first = component_of(cx->world, component)->first;
    return component_of(cx->world, component)->count;
}

static const UnitView *op_unit(const Ctx *cx, UnitId unit) { return unit_of(cx->world, unit); }

static void op_set_state(Ctx *cx, UnitId unit, UnitState state) {
    Fake *fake = cx->world;
    g_assert_cmpuint(unit_of(fake, unit)->component, ==, cx->self);
    fake->dirty = fake->dirty || unit_of(fake, unit)->state != state;
    unit_of(fake, unit)->state = state;
}

static uint32_t op_targets(const Ctx *cx, const ComponentId **targets) {
    const GArray *array = component_of(cx->world, cx->self)->targets;
    *targets = (const ComponentId *)(const void *)array->data;
    return array->len;
}

static bool op_control(const Ctx *cx, PlaceId place) {
    const Fake *fake = cx->world;
    PlaceId asked = place == NO_PLACE ? component_of(fake, cx->self)->place : place;
    return asked == NO_PLACE || fake->control[asked];
}

static ProbeResult op_probe(Ctx *cx, UnitId from, UnitId to) {
    Fake *fake = cx->world;
    const UnitView *unit = unit_of(fake, to);
    int forced = g_array_index(fake->probes, int, to);
    (void)from;
    if (forced >= 0)
        return (ProbeResult)forced;
    if (unit_works(unit))
        return PROBE_GOOD;
    return unit->condition.refuses || unit->state != UNIT_SERVING ? PROBE_REFUSED : PROBE_SILENT;
}

static SimTime op_distance(const Ctx *cx, PlaceId from, PlaceId to) {
    const Fake *fake = cx->world;
    g_assert_true(from < fake->place_count && to < fake->place_count);
    return fake->distance[from][to];
}

static PlaceId stands_at(const UnitView *unit) { return unit->zone == NO_PLACE ? unit->region : unit->zone; }

static SimTime op_latency(const Ctx *cx, UnitId from, UnitId to) {
    return op_distance(cx, stands_at(unit_of(cx->world, from)), stands_at(unit_of(cx->world, to)));
}

static void op_timer(Ctx *cx, SimTime at, uint32_t what, uint32_t subject) {
    Fake *fake = cx->world;
    g_assert_cmpint(at.ns, >=, fake->now.ns);
    Timer timer = {at, fake->serial++, cx->self, what, subject};
    if (!simtime_is_never(at))
        g_array_append_val(fake->timers, timer);
}

static Stream op_stream(const Ctx *cx, const char *purpose) {
    const Fake *fake = cx->world;
    return luck_stream(fake->luck, component_of(fake, cx->self)->name, purpose);
}

static void op_note(Ctx *cx, const Fact *fact) {
    Fake *fake = cx->world;
    Fact whole = *fact;
    whole.at = fake->now;
    whole.component = cx->self;
    g_array_append_val(fake->facts, whole);
}

/* Of the jobs given to the unit those that are still there; what is done stays as it was. */
static void op_replan(Ctx *cx, UnitId unit) {
    Fake *fake = cx->world;
    GArray *jobs = fake->jobs->pdata[unit], *left = g_array_new(FALSE, FALSE, sizeof(Job));
    for (guint j = 0; j < jobs->len; j++)
        if (simtime_before(fake->now, g_array_index(jobs, Job, j).ready))
            g_array_append_val(left, g_array_index(jobs, Job, j));
    const Kind *kind = component_of(fake, cx->self)->kind;
    kind->on_replan(cx, unit, (Job *)(void *)left->data, left->len);
    for (guint j = 0, l = 0; j < jobs->len; j++)
        if (simtime_before(fake->now, g_array_index(jobs, Job, j).ready))
            g_array_index(jobs, Job, j) = g_array_index(left, Job, l++);
    g_array_unref(left);
}

static int op_role(const Ctx *cx, ComponentId component) { return (int)component_of(cx->world, component)->kind->role; }

static PlaceId op_place(const Ctx *cx, ComponentId component) { return component_of(cx->world, component)->place; }

static bool op_place_is(const Ctx *cx, PlaceId place, const char *name) {
    return place != NO_PLACE && strcmp(((const Fake *)cx->world)->places[place], name) == 0;
}

static uint32_t op_copies(const Ctx *cx, const ComponentId **copies) {
    const GArray *array = component_of(cx->world, cx->self)->copies;
    *copies = (const ComponentId *)(const void *)array->data;
    return array->len;
}

static void *op_copy_state(Ctx *cx, ComponentId copy) { return component_of(cx->world, copy)->cx.state; }

static void op_unnoticed(Ctx *cx, UnitId unit, bool unnoticed) {
    uint64_t *bits = &((Fake *)cx->world)->unnoticed;
    *bits = unnoticed ? *bits | UINT64_C(1) << unit : *bits & ~(UINT64_C(1) << unit);
}

static NameAnswer op_resolve(Ctx *cx, ComponentId name, PlaceId from, Draw *luck) {
    const Kind *kind = component_of(cx->world, name)->kind;
    return kind->resolve ? kind->resolve(fake_ctx(cx->world, name), from, luck)
                         : (NameAnswer){true, name, SIMTIME_NEVER};
}

static const CtxOps fake_ops = {
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
};

/* ---- Building ---- */

Fake *fake_new(uint64_t seed) {
    Fake *fake = g_new0(Fake, 1);
    fake->luck = (Luck){seed, 0};
    fake->tree = tree_new();
    fake->components = g_array_new(FALSE, FALSE, sizeof(Component));
    fake->units = g_array_new(FALSE, FALSE, sizeof(UnitView));
    fake->probes = g_array_new(FALSE, FALSE, sizeof(int));
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
    }
    g_array_unref(fake->components);
    g_array_unref(fake->units);
    g_array_unref(fake->probes);
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
    g_ptr_array_add(fake->jobs, g_array_new(FALSE, FALSE, sizeof(Job)));
    return fake->units->len - 1;
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
