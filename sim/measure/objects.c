/* objects.c - what lies in buckets and archives at the end, as far as flows put it there or took it out. */
#include <glib.h>
#include <string.h>

#include "measure/plugin.h"

typedef struct {
    const MeasureSetup *setup;
    int64_t *there; /* by component */
    bool *seen;
} ObjectsState;

static void objects_start(void *state, const MeasureSetup *setup) {
    ObjectsState *s = state;
    s->setup = setup;
    s->there = g_new0(int64_t, setup->component_count + 1);
    s->seen = g_new0(bool, setup->component_count + 1);
}

static void objects_begin(void *state) {
    ObjectsState *s = state;
    memset(s->there, 0, sizeof *s->there * s->setup->component_count);
    memset(s->seen, 0, sizeof *s->seen * s->setup->component_count);
}

static void objects_clear(void *state) {
    g_free(((ObjectsState *)state)->there);
    g_free(((ObjectsState *)state)->seen);
}

static void objects_see(void *state, const Fact *fact) {
    ObjectsState *s = state;
    s->there[fact->component] += fact->amount;
    s->seen[fact->component] = true;
}

static void objects_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const ObjectsState *s = state;
    for (ComponentId c = 0; c < end->setup->component_count; c++)
        if (s->seen[c])
            sheet_put(sheet, NULL, end->setup->components[c], NULL, s->there[c]);
}

const MeasureKind measure_objects = {
    .help =
        "What flows put into a component, minus what they took out of it for good (`input delete`), at the end of the "
        "run; [component] names it.",
    .wants = FACT_BIT(FACT_STORED),
    .whole_run = true,
    .state_size = sizeof(ObjectsState),
    .start = objects_start,
    .begin = objects_begin,
    .see = objects_see,
    .end = objects_end,
    .clear = objects_clear,
};
