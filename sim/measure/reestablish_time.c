/* reestablish_time.c - how long users who were thrown out were without the service. */
#include "measure/chain.h"
#include "measure/plugin.h"

typedef struct {
    Chain chain;
    Histogram *waits;
} ReestablishState;

static void reestablish_begin(void *state) {
    ReestablishState *s = state;
    chain_empty(&s->chain);
    histogram_free(s->waits);
    s->waits = histogram_new();
}

static void reestablish_see(void *state, const Fact *fact) {
    ReestablishState *s = state;
    SimTime since;
    if (chain_see(&s->chain, fact, &since))
        histogram_add(s->waits, simtime_sub(fact->at, since).ns);
}

static void reestablish_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)end;
    sheet_pool(sheet, NULL, NULL, ((ReestablishState *)state)->waits);
}

static void reestablish_clear(void *state) {
    ReestablishState *s = state;
    chain_clear(&s->chain);
    histogram_free(s->waits);
}

const MeasureKind measure_reestablish_time = {
    .help = "From the moment at which a session broke to the first good answer of the session that replaced it. If the "
            "replacement "
            "broke as well, the wait goes on with its own. Users who did not come back, or not in time, are not in it.",
    .wants = FACT_BIT(FACT_BROKEN),
    .wants_returned = CHAIN_FACTS,
    .pooled = true,
    .state_size = sizeof(ReestablishState),
    .begin = reestablish_begin,
    .see = reestablish_see,
    .end = reestablish_end,
    .clear = reestablish_clear,
};
