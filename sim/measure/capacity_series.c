/* capacity_series.c - how many units of each component took requests, over time. */
#include <glib.h>

#include "base/int128.h"
#include "contract/ctx.h"
#include "measure/bucket.h"
#include "measure/plugin.h"

typedef struct {
    const MeasureSetup *setup;
    SimTime width;
    uint32_t buckets;
    int64_t *serving, *capacity; /* units now, by component: taking requests; running at all */
    Int128 *sums;                /* unit-ns, [(2 * component + line) * buckets + bucket]; line 0 serving, 1 capacity */
    SimTime *since;
} CapacityState;

static void capacity_start(void *state, const MeasureSetup *setup) {
    CapacityState *s = state;
    s->setup = setup;
    s->width = bucket_width(setup->until);
    s->buckets = bucket_count(setup->until, s->width);
    s->serving = g_new(int64_t, setup->component_count + 1);
    s->capacity = g_new(int64_t, setup->component_count + 1);
    s->since = g_new(SimTime, setup->component_count + 1);
    s->sums = g_new(Int128, (size_t)2 * setup->component_count * s->buckets + 1);
}

static void capacity_begin(void *state) {
    CapacityState *s = state;
    for (uint32_t c = 0; c < s->setup->component_count; c++) {
        s->serving[c] = s->capacity[c] = 0;
        s->since[c] = SIMTIME_ZERO;
    }
    for (size_t i = 0; i < (size_t)2 * s->setup->component_count * s->buckets; i++)
        s->sums[i] = 0;
}

static void capacity_clear(void *state) {
    CapacityState *s = state;
    g_free(s->serving);
    g_free(s->capacity);
    g_free(s->since);
    g_free(s->sums);
}

/* Add what stood from `since` until now to the buckets in between. Total cost over a run: facts + buckets. */
static void capacity_advance(CapacityState *s, ComponentId c, SimTime now) {
    Int128 *sums = &s->sums[(size_t)2 * c * s->buckets];
    while (simtime_before(s->since[c], now)) {
        int64_t bucket = s->since[c].ns / s->width.ns;
        int64_t edge = (bucket + 1) * s->width.ns, step = (edge < now.ns ? edge : now.ns) - s->since[c].ns;
        if (bucket >= s->buckets)
            break;
        sums[bucket] += (Int128)s->serving[c] * step;
        sums[s->buckets + bucket] += (Int128)s->capacity[c] * step;
        s->since[c].ns += step;
    }
}

static bool is_there(int64_t state) { return state == UNIT_SERVING || state == UNIT_BOOTING; }

static void capacity_see(void *state, const Fact *fact) {
    CapacityState *s = state;
    ComponentId c = fact->component;
    capacity_advance(s, c, fact->at);
    s->serving[c] += (fact->amount == UNIT_SERVING) - (fact->other == UNIT_SERVING);
    s->capacity[c] += is_there(fact->amount) - is_there(fact->other);
}

/* Unit-ns of a bucket become the mean number of units in it, rounded to nearest. */
static void capacity_put(const CapacityState *s, Sheet *sheet, ComponentId c, int line, const char *name) {
    const Int128 *sums = &s->sums[((size_t)2 * c + (size_t)line) * s->buckets];
    int64_t *means = g_new(int64_t, s->buckets);
    bool any = false;
    for (uint32_t b = 0; b < s->buckets; b++) {
        int64_t width = b + 1 < s->buckets ? s->width.ns : s->setup->until.ns - (int64_t)b * s->width.ns;
        means[b] = width > 0 ? (int64_t)((sums[b] + width / 2) / width) : 0;
        any = any || means[b] > 0;
    }
    if (any)
        sheet_series(sheet, name, s->setup->components[c], "units", s->width, means, s->buckets);
    g_free(means);
}

/* Populations have a unit for the world's sake only. */
static void capacity_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    CapacityState *s = state;
    for (ComponentId c = 0; c < end->setup->component_count; c++) {
        if (setup_population(end->setup, c) < end->setup->population_count)
            continue;
        capacity_advance(s, c, end->setup->until);
        capacity_put(s, sheet, c, 0, "serving");
        capacity_put(s, sheet, c, 1, "capacity");
    }
}

const MeasureKind measure_capacity_series = {
    .help = "Series of the first replication: mean number of units of each component that took requests (serving), and "
            "that ran "
            "or booted (capacity), in each stretch of time.",
    .wants = FACT_BIT(FACT_UNIT),
    .whole_run = true,
    .series_only = true,
    .state_size = sizeof(CapacityState),
    .start = capacity_start,
    .begin = capacity_begin,
    .see = capacity_see,
    .end = capacity_end,
    .clear = capacity_clear,
};
