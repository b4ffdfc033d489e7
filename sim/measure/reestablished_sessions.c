/* reestablished_sessions.c - broken sessions whose users came back and were served. */
#include "measure/chain.h"
#include "measure/plugin.h"

typedef struct {
    Chain chain;
    int64_t count;
} ReestablishedState;

static void reestablished_begin(void *state) {
    ReestablishedState *s = state;
    chain_empty(&s->chain);
    s->count = 0;
}

static void reestablished_see(void *state, const Fact *fact) {
    ReestablishedState *s = state;
    SimTime since;
    s->count += chain_see(&s->chain, fact, &since);
}

static void reestablished_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)end;
    sheet_put(sheet, NULL, NULL, NULL, ((ReestablishedState *)state)->count);
}

static void reestablished_clear(void *state) { chain_clear(&((ReestablishedState *)state)->chain); }

const MeasureKind measure_reestablished_sessions = {
    .help = "Users whose session broke, who came back, and were served in a new session.",
    .wants = FACT_BIT(FACT_BROKEN),
    .wants_returned = CHAIN_FACTS,
    .state_size = sizeof(ReestablishedState),
    .begin = reestablished_begin,
    .see = reestablished_see,
    .end = reestablished_end,
    .clear = reestablished_clear,
};
