/* cache.c - keeps answers in memory in front of a store: reads that it has end here, the rest goes on.
 *
 * A node in each zone, each with what it has seen itself; a request goes to the node of its own zone while that works,
 * else to another. Of the reads a share can be kept at all; they are of `objects` that are asked for equally often, and
 * each miss brings one in. So a node that begins empty, because it has died, gets warm by what it misses, and the store
 * behind it meets nearly everything meanwhile. All begin warm.
 * Left out on purpose: expiry, and popular objects, by which a real one is half warm sooner. */
#include <glib.h>

#include "contract/kind.h"

typedef struct {
    int64_t hit_ratio, objects;
    SimTime delay;
} CacheSpec;

typedef struct {
    UnitId first;
    uint32_t count;
    int64_t *held; /* by node: of the objects */
} CacheState;

static const Field cache_fields[] = {
    FIELD_SHARE(CacheSpec, hit_ratio, "80 %", "share of reads that a warm one answers", NULL),
    FIELD_COUNT(CacheSpec, objects, "10000", "1", "1000000000", "different things that are read", NULL),
    FIELD_TIME(CacheSpec, delay, "500 us", "time to look for one",
               "assumption: a round trip to memory of another host"),
    FIELD_END,
};

static void cache_start(Ctx *cx) {
    const CacheSpec *spec = cx->spec;
    CacheState *state = cx->state;
    state->count = ctx_units(cx, cx->self, &state->first);
    state->held = g_new(int64_t, state->count + 1);
    for (uint32_t n = 0; n < state->count; n++) {
        state->held[n] = spec->objects;
        ctx_set_state(cx, state->first + n, UNIT_SERVING);
    }
}

static void cache_end(Ctx *cx) { g_free(((CacheState *)cx->state)->held); }

/* What was in memory is gone with the node. */
static void cache_on_change(Ctx *cx) {
    CacheState *state = cx->state;
    for (uint32_t n = 0; n < state->count; n++)
        if (!unit_works(ctx_unit(cx, state->first + n)))
            state->held[n] = 0;
}

/* The node of the caller's zone, else the next that works: clients know their nodes. */
static UnitId cache_door(Ctx *cx, const Request *rq) {
    const CacheState *state = cx->state;
    PlaceId zone = ctx_unit(cx, rq->unit)->zone;
    UnitId other = NO_UNIT;
    for (UnitId node = state->first; node < state->first + state->count; node++) {
        const UnitView *unit = ctx_unit(cx, node);
        if (unit_works(unit) && unit->zone == zone)
            return node;
        if (unit_works(unit) && other == NO_UNIT)
            other = node;
    }
    return other != NO_UNIT ? other : state->first;
}

/* The thing asked for is any of the objects: there with chance held / objects. */
static Outcome cache_on_request(Ctx *cx, Request *rq) {
    const CacheSpec *spec = cx->spec;
    CacheState *state = cx->state;
    int64_t *held = &state->held[rq->unit - state->first];
    SimTime ready = simtime_add(rq->now, spec->delay);
    if (rq->write || !draw_chance(&rq->luck, spec->hit_ratio))
        return outcome_pass(ready);
    if ((int64_t)draw_below(&rq->luck, (uint64_t)spec->objects) < *held)
        return outcome_answer(ready);
    *held += *held < spec->objects;
    return outcome_pass(ready);
}

static void cache_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_UNIT_HOUR, "cache_hour");
}

static const char *const cache_shows[] = {"hit_ratio", "objects", NULL};

const Kind kind_cache = {
    .name = "cache",
    .summary = "keeps answers in memory in front of a store, and begins empty when it has died",
    .role = ROLE_STORE,
    .spread = SPREAD_ZONES,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS},
    .fields = cache_fields,
    .shows = cache_shows,
    .spec_size = sizeof(CacheSpec),
    .state_size = sizeof(CacheState),
    .in_order = true, /* what one request brings in the next one finds */
    .start = cache_start,
    .end = cache_end,
    .door = cache_door,
    .on_request = cache_on_request,
    .on_change = cache_on_change,
    .price = cache_price,
};
