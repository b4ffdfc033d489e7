/* success_rate.c - the share of what users asked for that they got. */
#include "base/int128.h"
#include "measure/plugin.h"

typedef struct {
    int64_t failed_new;
} SuccessState;

static void success_see(void *state, const Fact *fact) {
    SuccessState *s = state;
    s->failed_new += !(fact->flags & BROKEN_ESTABLISHED);
}

/* good of all in parts per billion, rounded to nearest; no value when nothing was decided. */
static void share_put(Sheet *sheet, const char *part, uint64_t good, uint64_t all) {
    if (all > 0)
        sheet_put(sheet, part, NULL, NULL, (int64_t)(((Uint128)good * 2000000000 + all) / ((Uint128)2 * all)));
}

static void success_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const SuccessState *s = state;
    uint64_t served = end->seen[FACT_SERVED], established = end->seen[FACT_ESTABLISHED];
    share_put(sheet, NULL, served, served + end->seen[FACT_BROKEN]);
    share_put(sheet, "new", established, established + (uint64_t)s->failed_new);
}

static const MeasurePart parts[] = {
    {"new", UNIT_SHARE, NULL, "new sessions served"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_success_rate = {
    .more_is_better = true,
    .help = "Requests answered well as a share of those decided: answered, or given up (which breaks the session). A "
            "request that "
            "a retry saves is answered. new: new sessions with a first good answer, as a share of those decided.",
    .parts = parts,
    .wants = FACT_BIT(FACT_BROKEN),
    .counts = FACT_BIT(FACT_SERVED) | FACT_BIT(FACT_BROKEN) | FACT_BIT(FACT_ESTABLISHED),
    .state_size = sizeof(SuccessState),
    .see = success_see,
    .end = success_end,
};
