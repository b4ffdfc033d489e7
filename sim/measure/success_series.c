/* success_series.c - new sessions over time, and what became of them; established ones, and when they broke. */
#include <glib.h>

#include "measure/bucket.h"
#include "measure/plugin.h"

enum { ARRIVED, GOOD, BROKEN, INTERRUPTED, LINES };
static const char *const lines[LINES] = {"arrived", "good", "broken", "interrupted"};

/* values[(population * LINES + line) * buckets + bucket]; the population after the last is all of them. */
typedef struct {
    const MeasureSetup *setup;
    SimTime width;
    uint32_t buckets;
    int64_t *values;
} SeriesState;

static size_t series_size(const SeriesState *s) {
    return (size_t)(s->setup->population_count + 1) * LINES * s->buckets;
}

static void series_start(void *state, const MeasureSetup *setup) {
    SeriesState *s = state;
    s->setup = setup;
    s->width = bucket_width(setup->until);
    s->buckets = bucket_count(setup->until, s->width);
    s->values = g_new(int64_t, series_size(s));
}

static void series_begin(void *state) {
    SeriesState *s = state;
    for (size_t i = 0; i < series_size(s); i++)
        s->values[i] = 0;
}

static void series_count(SeriesState *s, uint32_t population, int line, int64_t bucket) {
    s->values[((size_t)population * LINES + (size_t)line) * s->buckets + (size_t)bucket]++;
}

static void series_see(void *state, const Fact *fact) {
    SeriesState *s = state;
    int line = fact->kind == FACT_ARRIVED ? ARRIVED : fact->kind == FACT_ESTABLISHED ? GOOD : BROKEN;
    if (line == BROKEN && (fact->flags & BROKEN_ESTABLISHED))
        line = INTERRUPTED;
    int64_t at = fact->at.ns;
    if (line == GOOD || line == BROKEN)
        at -= fact->span.ns; /* back to its arrival */
    int64_t bucket = at / s->width.ns;
    if (bucket < 0 || bucket >= s->buckets)
        return;
    uint32_t all = s->setup->population_count, population = setup_population(s->setup, fact->component);
    series_count(s, all, line, bucket);
    if (population < all)
        series_count(s, population, line, bucket);
}

static void series_put(Sheet *sheet, const SeriesState *s, const char *of, uint32_t population) {
    for (int line = 0; line < LINES; line++)
        sheet_series(sheet, lines[line], of, "sessions", s->width,
                     &s->values[((size_t)population * LINES + (size_t)line) * s->buckets], s->buckets);
}

/* Where nobody comes there is nothing to draw. */
static bool anybody_came(const SeriesState *s) {
    size_t first = (size_t)s->setup->population_count * LINES * s->buckets;
    for (size_t i = first; i < first + (size_t)LINES * s->buckets; i++)
        if (s->values[i] > 0)
            return true;
    return false;
}

static void series_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const SeriesState *s = state;
    uint32_t all = end->setup->population_count;
    if (!anybody_came(s))
        return;
    series_put(sheet, s, NULL, all);
    for (uint32_t i = 0; i < all && all > 1; i++)
        series_put(sheet, s, end->setup->populations[i].name, i);
}

static void series_clear(void *state) { g_free(((SeriesState *)state)->values); }

const MeasureKind measure_success_series = {
    .help =
        "Series of the first replication: sessions that arrived in each stretch of time (arrived), those of them that "
        "had a "
        "good answer (good) or gave up before one (broken), and established sessions that broke in it (interrupted).",
    .wants = FACT_BIT(FACT_ARRIVED) | FACT_BIT(FACT_ESTABLISHED) | FACT_BIT(FACT_BROKEN),
    .whole_run = true,
    .series_only = true,
    .state_size = sizeof(SeriesState),
    .start = series_start,
    .begin = series_begin,
    .see = series_see,
    .end = series_end,
    .clear = series_clear,
};
