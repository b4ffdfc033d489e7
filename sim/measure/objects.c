/* objects.c - what lies in buckets and archives at the end, as far as flows put it there or took it out; and what of it
 * has got to other regions. */
#include <glib.h>
#include <string.h>

#include "base/bug.h"
#include "measure/plugin.h"

typedef struct {
    int64_t there, due, copied; /* due: copies that what was put into it is to have elsewhere; copied: those it got */
    bool seen;
} Store;

typedef struct {
    const MeasureSetup *setup;
    Store *of; /* by component */
    int64_t gone, lag;
} ObjectsState;

static void objects_start(void *state, const MeasureSetup *setup) {
    ObjectsState *s = state;
    s->setup = setup;
    s->of = g_new0(Store, setup->component_count + 1);
}

static void objects_begin(void *state) {
    ObjectsState *s = state;
    memset(s->of, 0, sizeof *s->of * s->setup->component_count);
    s->gone = s->lag = 0;
}

static void objects_clear(void *state) { g_free(((ObjectsState *)state)->of); }

static void objects_see(void *state, const Fact *fact) {
    ObjectsState *s = state;
    Store *store = &s->of[fact->kind == FACT_COPIED ? fact->other : fact->component];
    switch (fact->kind) {
    case FACT_STORED: store->due += fact->subject; break;
    case FACT_COPIED: store->copied++; break;
    case FACT_OBJECTS_GONE:
        s->gone += fact->amount;
        s->lag = fact->amount > 0 ? MAX(s->lag, fact->span.ns) : s->lag;
        return;
    default: BUG_IF(true, "a fact that is not about objects");
    }
    store->there += fact->amount;
    store->seen = true;
}

static void objects_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const ObjectsState *s = state;
    int64_t due = 0, copied = 0;
    for (ComponentId c = 0; c < end->setup->component_count; c++) {
        const Store *store = &s->of[c];
        due += store->due;
        copied += store->copied;
        if (store->seen)
            sheet_put(sheet, NULL, end->setup->components[c], NULL, store->there);
        if (store->copied > 0)
            sheet_put(sheet, "copied", end->setup->components[c], NULL, store->copied);
    }
    BUG_IF(copied > due || s->gone > due - copied, "the ledger of objects does not balance");
    if (due == 0)
        return;
    sheet_put(sheet, "copied", NULL, NULL, copied);
    sheet_put(sheet, "behind", NULL, NULL, due - copied);
    sheet_put(sheet, "gone", NULL, NULL, s->gone);
    sheet_put(sheet, "lag", NULL, NULL, s->lag);
}

static const MeasurePart parts[] = {
    {"copied", UNIT_NONE, "objects", "copied to another region"},
    {"behind", UNIT_NONE, "objects", "not copied yet at the end"},
    {"gone", UNIT_NONE, "objects", "only where a region is down at the end"},
    {"lag", UNIT_TIME, NULL, "age of the oldest such object when its region went down, the longest"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_objects = {
    .help =
        "What flows put into a component, minus what they took out of it for good (`input delete`), at the end of the "
        "run; with what was copied to it. copied: objects that got to another region; behind: those that had not at "
        "the end, gone among them: those that lie nowhere but where the store is down. lag: how long the oldest of "
        "those had been there when that store went down. [component] names it; copied[component]: to it.",
    .parts = parts,
    .wants = FACT_BIT(FACT_STORED) | FACT_BIT(FACT_COPIED) | FACT_BIT(FACT_OBJECTS_GONE),
    .whole_run = true,
    .state_size = sizeof(ObjectsState),
    .start = objects_start,
    .begin = objects_begin,
    .see = objects_see,
    .end = objects_end,
    .clear = objects_clear,
};
