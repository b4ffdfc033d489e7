/* stale_reads.c - reads that got what was there before, because what was put elsewhere had not been copied yet. */
#include <glib.h>
#include <string.h>

#include "measure/plugin.h"

typedef struct {
    int64_t reads, stale, age;
} Reads;

typedef struct {
    const MeasureSetup *setup;
    Reads *of; /* by component; one more for all of them */
} StaleState;

static void stale_start(void *state, const MeasureSetup *setup) {
    StaleState *s = state;
    s->setup = setup;
    s->of = g_new0(Reads, setup->component_count + 1);
}

static void stale_begin(void *state) {
    StaleState *s = state;
    memset(s->of, 0, sizeof *s->of * (s->setup->component_count + 1));
}

static void stale_clear(void *state) { g_free(((StaleState *)state)->of); }

static void reads_count(Reads *reads, const Fact *fact) {
    reads->reads++;
    reads->stale += fact->amount;
    reads->age = MAX(reads->age, fact->span.ns);
}

static void stale_see(void *state, const Fact *fact) {
    StaleState *s = state;
    reads_count(&s->of[fact->component], fact);
    reads_count(&s->of[s->setup->component_count], fact);
}

static void reads_put(Sheet *sheet, const char *of, const Reads *reads) {
    if (reads->reads == 0)
        return;
    sheet_put(sheet, NULL, of, NULL, reads->stale);
    sheet_put(sheet, "reads", of, NULL, reads->reads);
    sheet_put(sheet, "age", of, NULL, reads->age);
}

static void stale_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const StaleState *s = state;
    for (ComponentId c = 0; c < end->setup->component_count; c++)
        reads_put(sheet, end->setup->components[c], &s->of[c]);
    reads_put(sheet, NULL, &s->of[end->setup->component_count]);
}

static const MeasurePart parts[] = {
    {"reads", UNIT_NONE, "reads", "of stores that are copied between regions"},
    {"age", UNIT_TIME, NULL, "since the newer one was put, the longest"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_stale_reads = {
    .help = "Reads of a store that is copied between regions which got an object of which there was a newer one in "
            "another "
            "region. reads: all reads of such stores; age: how long ago that newer one had been put, at most. "
            "[component] names those of one copy.",
    .parts = parts,
    .wants = FACT_BIT(FACT_READ),
    .state_size = sizeof(StaleState),
    .start = stale_start,
    .begin = stale_begin,
    .see = stale_see,
    .end = stale_end,
    .clear = stale_clear,
};
