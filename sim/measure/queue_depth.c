/* queue_depth.c - how many messages waited at each keeper, over time. */
#include <glib.h>

#include "measure/bucket.h"
#include "measure/plugin.h"

typedef struct {
    const MeasureSetup *setup;
    SimTime width;
    uint32_t buckets;
    int64_t *waiting; /* by component */
    int64_t *most;    /* [component * buckets + bucket] */
    uint32_t *upto;   /* by component: the bucket that has been written last */
} DepthState;

static void depth_start(void *state, const MeasureSetup *setup) {
    DepthState *s = state;
    size_t rows = setup->flow_count > 0 ? setup->component_count : 0;
    s->setup = setup;
    s->width = bucket_width(setup->until);
    s->buckets = bucket_count(setup->until, s->width);
    s->waiting = g_new(int64_t, rows + 1);
    s->upto = g_new(uint32_t, rows + 1);
    s->most = g_new(int64_t, rows * s->buckets + 1);
}

static void depth_begin(void *state) {
    DepthState *s = state;
    size_t rows = s->setup->flow_count > 0 ? s->setup->component_count : 0;
    for (size_t c = 0; c < rows; c++) {
        s->waiting[c] = 0;
        s->upto[c] = 0;
    }
    for (size_t i = 0; i < rows * s->buckets; i++)
        s->most[i] = 0;
}

static void depth_clear(void *state) {
    DepthState *s = state;
    g_free(s->waiting);
    g_free(s->upto);
    g_free(s->most);
}

/* What waits goes on waiting through the buckets in between. */
static void depth_advance(DepthState *s, ComponentId c, SimTime now) {
    uint32_t bucket = MIN((uint32_t)(now.ns / s->width.ns), s->buckets - 1);
    while (s->upto[c] < bucket)
        s->most[(size_t)c * s->buckets + ++s->upto[c]] = s->waiting[c];
}

static void depth_see(void *state, const Fact *fact) {
    DepthState *s = state;
    ComponentId c = fact->component;
    depth_advance(s, c, fact->at);
    s->waiting[c] += fact->kind == FACT_READY && fact->amount >= 0 ? 1 : -1;
    int64_t *most = &s->most[(size_t)c * s->buckets + s->upto[c]];
    *most = MAX(*most, s->waiting[c]);
}

static void depth_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    DepthState *s = state;
    for (ComponentId c = 0; end->setup->flow_count > 0 && c < end->setup->component_count; c++) {
        int64_t any = 0;
        depth_advance(s, c, end->setup->until);
        for (uint32_t b = 0; b < s->buckets; b++)
            any |= s->most[(size_t)c * s->buckets + b];
        if (any)
            sheet_series(sheet, "waiting", end->setup->components[c], "messages", s->width,
                         &s->most[(size_t)c * s->buckets], s->buckets);
    }
}

const MeasureKind measure_queue_depth = {
    .help =
        "Series of the first replication: the most messages that waited at each component at a time (waiting), in each "
        "stretch of time.",
    .wants = FACT_BIT(FACT_READY) | FACT_BIT(FACT_TAKEN),
    .whole_run = true,
    .series_only = true,
    .state_size = sizeof(DepthState),
    .start = depth_start,
    .begin = depth_begin,
    .see = depth_see,
    .end = depth_end,
    .clear = depth_clear,
};
