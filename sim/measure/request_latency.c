/* request_latency.c - how long good answers took, from the first attempt of the request. */
#include "measure/plugin.h"

typedef struct {
    Histogram *spans;
} LatencyState;

static void latency_begin(void *state) {
    LatencyState *s = state;
    histogram_free(s->spans);
    s->spans = histogram_new();
}

static void latency_see(void *state, const Fact *fact) { histogram_add(((LatencyState *)state)->spans, fact->span.ns); }

static void latency_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)end;
    sheet_pool(sheet, NULL, NULL, ((LatencyState *)state)->spans);
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
