/* fake_ops.c - what a plug-in may ask of the fake world, and do to it. */
#include <string.h>

#include "tests/unit/kinds/fake_inside.h"

static uint32_t op_units(const Ctx *cx, ComponentId component, UnitId *first) {
    *first = component_of(cx->world, component)->first;
    return component_of(cx->world, component)->count;
}

static const UnitView *op_unit(const Ctx *cx, UnitId unit) { return unit_of(cx->world, unit); }

static void op_set_state(Ctx *cx, UnitId unit, UnitState state) {
    Fake *fake = cx->world;
    bool own = false;
    const GArray *copies = component_of(fake, cx->self)->copies;
    for (guint c = 0; c < copies->len; c++)
        own = own || g_array_index(copies, ComponentId, c) == unit_of(fake, unit)->component;
    g_assert_true(own);
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

static UnitId op_beside(const Ctx *cx, UnitId unit) {
    return g_array_index(((const Fake *)cx->world)->beside, UnitId, unit);
}

static uint32_t op_holders(const Ctx *cx, const UnitId **units) {
    const GArray *holders = component_of(cx->world, cx->self)->holders;
    *units = (const UnitId *)(const void *)holders->data;
    return holders->len;
}

static void op_declare(Ctx *cx, PlaceId region) {
    Fake *fake = cx->world;
    fake->dirty = fake->dirty || !fake->declared[region];
    fake->declared[region] = true;
}

static bool op_declared(const Ctx *cx, PlaceId region) { return ((const Fake *)cx->world)->declared[region]; }

static bool op_carries(const Ctx *cx, UnitId from, UnitId to) {
    const Fake *fake = cx->world;
    return (fake->cut >> (8 * stands_at(unit_of(fake, from)) + stands_at(unit_of(fake, to))) & 1) == 0;
}

static uint64_t op_met(const Ctx *cx, ComponentId component) { return component_of(cx->world, component)->met; }

const CtxOps fake_ops = {
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
    .beside = op_beside,
    .holders = op_holders,
    .declare = op_declare,
    .declared = op_declared,
    .met = op_met,
    .carries = op_carries,
};
