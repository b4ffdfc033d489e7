/* request_latency.c - how long good answers took, from the first attempt of the request. */
#include "measure/plugin.h"

enum { BATCH = 256 };

/* Once per request: answers wait in a batch, because adding many in a row is cheaper than one now and then. */
typedef struct {
    Histogram *spans;
    uint32_t waiting;
    int64_t batch[BATCH];
} LatencyState;

static void latency_begin(void *state) {
    LatencyState *s = state;
    histogram_free(s->spans);
    s->spans = histogram_new();
    s->waiting = 0;
}

static void latency_flush(LatencyState *s) {
    for (uint32_t i = 0; i < s->waiting; i++)
        histogram_add(s->spans, s->batch[i]);
    s->waiting = 0;
}

static void latency_see(void *state, const Fact *fact) {
    LatencyState *s = state;
    s->batch[s->waiting++] = fact->span.ns;
    if (s->waiting == BATCH)
        latency_flush(s);
}

static void latency_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)end;
    LatencyState *s = state;
    latency_flush(s);
    sheet_pool(sheet, NULL, NULL, s->spans);
}

static void latency_clear(void *state) { histogram_free(((LatencyState *)state)->spans); }

const MeasureKind measure_request_latency = {
    .help = "From the first attempt of a request to its good answer, failed attempts and pauses between them included. "
            "Requests "
            "that never got one are not in it: see success_rate.",
    .wants = FACT_BIT(FACT_SERVED),
    .pooled = true,
    .state_size = sizeof(LatencyState),
    .begin = latency_begin,
    .see = latency_see,
    .end = latency_end,
    .clear = latency_clear,
};
