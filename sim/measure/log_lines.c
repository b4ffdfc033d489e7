/* log_lines.c - lines of logs that somebody can still read at the end, and those that nobody ever will. */
#include <glib.h>

#include "measure/plugin.h"

typedef struct {
    const MeasureSetup *setup;
    int64_t *readable; /* by component: of a store, at last; -1: it is none */
    int64_t gone, lag;
} LineState;

static void lines_start(void *state, const MeasureSetup *setup) {
    LineState *s = state;
    s->setup = setup;
    s->readable = g_new(int64_t, setup->component_count + 1);
}

static void lines_begin(void *state) {
    LineState *s = state;
    s->gone = s->lag = 0;
    for (uint32_t c = 0; c < s->setup->component_count; c++)
        s->readable[c] = -1;
}

static void lines_clear(void *state) { g_free(((LineState *)state)->readable); }

static void lines_see(void *state, const Fact *fact) {
    LineState *s = state;
    if (fact->kind == FACT_LINES) {
        s->readable[fact->component] = fact->amount;
        return;
    }
    s->gone += fact->amount;
    s->lag = MAX(s->lag, fact->span.ns);
}

/* Nothing is told where nothing is logged. */
static void lines_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const LineState *s = state;
    int64_t all = 0;
    bool any = false;
    for (uint32_t c = 0; c < end->setup->component_count; c++) {
        any = any || s->readable[c] >= 0;
        all += MAX(s->readable[c], 0);
    }
    if (!any)
        return;
    sheet_put(sheet, NULL, NULL, NULL, all);
    sheet_put(sheet, "gone", NULL, NULL, s->gone);
    sheet_put(sheet, "lag", NULL, NULL, s->lag);
}

static const MeasurePart parts[] = {
    {"gone", UNIT_NONE, "lines", "that died with their writer before they were shipped"},
    {"lag", UNIT_TIME, NULL, "from the last batch to such a death, the longest"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_log_lines = {
    .help =
        "Lines that log stores hold and that can be read at the end: not those of a store that is down, nor those past "
        "its retention. gone: lines that died with their writer; lag: how old the last batch was then.",
    .parts = parts,
    .wants = FACT_BIT(FACT_LINES) | FACT_BIT(FACT_LINES_GONE),
    .whole_run = true,
    .state_size = sizeof(LineState),
    .start = lines_start,
    .begin = lines_begin,
    .see = lines_see,
    .end = lines_end,
    .clear = lines_clear,
};
