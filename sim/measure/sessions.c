/* sessions.c - sessions that arrived. */
#include <glib.h>

#include "measure/plugin.h"

typedef struct {
    const MeasureSetup *setup;
    int64_t *arrived; /* by population */
    int64_t returned;
} SessionsState;

static void sessions_start(void *state, const MeasureSetup *setup) {
    SessionsState *s = state;
    s->setup = setup;
    s->arrived = g_new0(int64_t, setup->population_count + 1);
}

static void sessions_begin(void *state) {
    SessionsState *s = state;
    s->returned = 0;
    for (uint32_t i = 0; i <= s->setup->population_count; i++)
        s->arrived[i] = 0;
}

static void sessions_see(void *state, const Fact *fact) {
    SessionsState *s = state;
    s->arrived[setup_population(s->setup, fact->component)]++;
    s->returned += fact->other != UINT32_MAX;
}

static void sessions_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const SessionsState *s = state;
    uint32_t count = end->setup->population_count;
    sheet_put(sheet, NULL, NULL, NULL, (int64_t)end->seen[FACT_ARRIVED]);
    sheet_put(sheet, "returned", NULL, NULL, s->returned);
    for (uint32_t i = 0; i < count && count > 1; i++)
        sheet_put(sheet, NULL, end->setup->populations[i].name, NULL, s->arrived[i]);
}

static void sessions_clear(void *state) { g_free(((SessionsState *)state)->arrived); }

static const MeasurePart parts[] = {
    {"returned", UNIT_NONE, "sessions", "sessions of users who came back"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_sessions = {
    .help = "Sessions that arrived, users who came back after a broken one included (returned).",
    .parts = parts,
    .wants = FACT_BIT(FACT_ARRIVED),
    .counts = FACT_BIT(FACT_ARRIVED),
    .state_size = sizeof(SessionsState),
    .start = sessions_start,
    .begin = sessions_begin,
    .see = sessions_see,
    .end = sessions_end,
    .clear = sessions_clear,
};
