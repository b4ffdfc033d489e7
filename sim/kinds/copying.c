/* copying.c - copies what is put into a store to its other regions, and knows what is old, and what is gone. */
#include "kinds/copying.h"

#include "base/bug.h"

static Copying *copying_of(Ctx *cx, const CopyRules *rules) { return rules->of(cx->state); }

static Copying *copying_at(Ctx *cx, const CopyRules *rules, uint32_t copy) {
    return rules->of(ctx_copy_state(cx, copying_of(cx, rules)->copies[copy]));
}

static UnitId unit_at(const Ctx *cx, ComponentId copy) {
    UnitId first;
    ctx_units(cx, copy, &first);
    return first;
}

void copying_start(Ctx *cx, const CopyRules *rules) {
    Copying *c = copying_of(cx, rules);
    c->count = ctx_copies(cx, &c->copies);
    while (c->copies[c->self] != cx->self)
        c->self++;
    c->names = rules->names;
    c->up = true;
    c->newest = c->self == 0 ? g_new0(Newest, c->names) : NULL;
    c->has = g_new0(uint64_t, c->names);
    c->originals = g_array_new(FALSE, FALSE, sizeof(Original));
    c->crossings = g_array_new(FALSE, FALSE, sizeof(Crossing));
    c->free_originals = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    c->free_crossings = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    c->luck = ctx_stream(cx, "copying");
}

/* A place for one more: one that is free again, or a new one. */
static uint32_t take_place(GArray *array, GArray *free) {
    uint32_t place = array->len;
    if (free->len > 0) {
        place = g_array_index(free, uint32_t, free->len - 1);
        g_array_set_size(free, free->len - 1);
    } else {
        g_array_set_size(array, array->len + 1);
    }
    return place;
}

/* Each try of each copy has draws of its own. */
static void crossing_begin(Ctx *cx, const CopyRules *rules, uint32_t index) {
    Copying *c = copying_of(cx, rules);
    Crossing *crossing = &g_array_index(c->crossings, Crossing, index);
    const Original *original = &g_array_index(c->originals, Original, crossing->original);
    Draw luck = stream_draw(&c->luck, original->version << 8 | crossing->to);
    luck.step = 64 * (uint64_t)crossing->tries++;
    crossing->waits = false;
    SimTime way = ctx_latency(cx, unit_at(cx, cx->self), unit_at(cx, c->copies[crossing->to]));
    ctx_timer(cx, simtime_add(cx->now, simtime_add(law_sample(rules->lag, &luck), way)), 0, index);
}

void copying_put(Ctx *cx, const CopyRules *rules, uint32_t name) {
    Copying *c = copying_of(cx, rules), *first = copying_at(cx, rules, 0);
    uint32_t place = take_place(c->originals, c->free_originals);
    Original original = {cx->now, ++first->versions, name, c->count - 1, false};
    g_array_index(c->originals, Original, place) = original;
    first->newest[name] = (Newest){original.version, cx->now};
    c->has[name] = original.version;
    c->put++;
    for (uint32_t to = 0; to < c->count; to++) {
        if (to == c->self)
            continue;
        uint32_t index = take_place(c->crossings, c->free_crossings);
        g_array_index(c->crossings, Crossing, index) = (Crossing){place, to, 0, false};
        crossing_begin(cx, rules, index);
    }
}

/* Whoever reads what was put last but has not got here gets what was there before. */
void copying_read(Ctx *cx, const CopyRules *rules, uint32_t name) {
    const Newest *newest = &copying_at(cx, rules, 0)->newest[name];
    bool stale = copying_of(cx, rules)->has[name] < newest->version;
    ctx_note(cx, (Fact){.kind = FACT_READ,
                        .unit = NO_UNIT,
                        .amount = stale,
                        .span = stale ? simtime_sub(cx->now, newest->put) : SIMTIME_ZERO});
}

/* Can anything be copied from here to there now? */
static bool is_open(const Ctx *cx, const Copying *c, uint32_t to) {
    UnitId from = unit_at(cx, cx->self), there = unit_at(cx, c->copies[to]);
    const UnitView *source = ctx_unit(cx, from);
    return unit_works(source) && source->condition.issues && unit_works(ctx_unit(cx, there)) &&
           ctx_carries(cx, from, there);
}

/* What is overtaken by a newer version on its way is no news. */
static void arrive(Ctx *cx, const CopyRules *rules, uint32_t index) {
    Copying *c = copying_of(cx, rules);
    const Crossing crossing = g_array_index(c->crossings, Crossing, index);
    Original *original = &g_array_index(c->originals, Original, crossing.original);
    void *state = ctx_copy_state(cx, c->copies[crossing.to]);
    Copying *there = rules->of(state);
    there->has[original->name] = MAX(there->has[original->name], original->version);
    ctx_copied(cx, 1, rules->size);
    ctx_note(cx, (Fact){.kind = FACT_COPIED,
                        .unit = NO_UNIT,
                        .other = c->copies[crossing.to],
                        .amount = rules->adds(state),
                        .span = simtime_sub(cx->now, original->put)});
    original->copied = true;
    c->arrived++;
    g_array_append_val(c->free_crossings, index);
    if (--original->left == 0)
        g_array_append_val(c->free_originals, crossing.original);
}

void copying_on_timer(Ctx *cx, const CopyRules *rules, uint32_t index) {
    Copying *c = copying_of(cx, rules);
    Crossing *crossing = &g_array_index(c->crossings, Crossing, index);
    if (is_open(cx, c, crossing->to))
        arrive(cx, rules, index);
    else
        crossing->waits = true;
}

/* Tells how much lies nowhere else while this copy is down; and that it is there again. */
static void tell_gone(Ctx *cx, Copying *c, bool up) {
    int64_t gone = 0;
    SimTime oldest = cx->now;
    for (guint i = 0; i < c->originals->len && !up; i++) {
        const Original *original = &g_array_index(c->originals, Original, i);
        if (original->left == 0 || original->copied)
            continue;
        gone++;
        oldest = simtime_min(oldest, original->put);
    }
    if (gone != c->gone)
        ctx_note(cx, (Fact){.kind = FACT_OBJECTS_GONE,
                            .unit = NO_UNIT,
                            .amount = gone - c->gone,
                            .span = simtime_sub(cx->now, oldest)});
    c->gone = gone;
}

void copying_on_change(Ctx *cx, const CopyRules *rules) {
    Copying *c = copying_of(cx, rules);
    bool up = unit_works(ctx_unit(cx, unit_at(cx, cx->self)));
    if (up != c->up)
        tell_gone(cx, c, up);
    c->up = up;
    for (guint i = 0; i < c->crossings->len && up; i++) {
        const Crossing *crossing = &g_array_index(c->crossings, Crossing, i);
        if (crossing->waits && is_open(cx, c, crossing->to))
            crossing_begin(cx, rules, i);
    }
}

void copying_end(Ctx *cx, const CopyRules *rules) {
    Copying *c = copying_of(cx, rules);
    uint64_t under_way = c->crossings->len - c->free_crossings->len;
    BUG_IF(c->put * (c->count - 1) != c->arrived + under_way, "the ledger of objects does not balance");
    g_free(c->newest);
    g_free(c->has);
    GArray *arrays[] = {c->originals, c->crossings, c->free_originals, c->free_crossings};
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_array_free(arrays[i], TRUE);
}
