/* handshake_success.c - of the attempts that came as far as showing who they are, the share that was believed. */
#include "base/int128.h"
#include "measure/plugin.h"

typedef struct {
    const MeasureSetup *setup;
    uint64_t refused;
} HandshakeState;

static void handshake_start(void *state, const MeasureSetup *setup) { ((HandshakeState *)state)->setup = setup; }

static void handshake_begin(void *state) { ((HandshakeState *)state)->refused = 0; }

static void handshake_see(void *state, const Fact *fact) {
    ((HandshakeState *)state)->refused += fact->cause == CAUSE_UNTRUSTED;
}

static void handshake_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const HandshakeState *s = state;
    uint64_t good = end->seen[FACT_SERVED], all = good + s->refused;
    if (s->setup->trust && all > 0)
        sheet_put(sheet, NULL, NULL, NULL, (int64_t)(((Uint128)good * 2000000000 + all) / ((Uint128)2 * all)));
}

const MeasureKind measure_handshake_success = {
    .more_is_better = true,
    .help =
        "Attempts that were answered, as a share of those and of the attempts that failed because a certificate had "
        "run out or a token was missing. A request that a retry saves counts with each attempt. Where nobody has to "
        "show anything it is not measured.",
    .wants = FACT_BIT(FACT_FAILED),
    .counts = FACT_BIT(FACT_SERVED),
    .state_size = sizeof(HandshakeState),
    .start = handshake_start,
    .begin = handshake_begin,
    .see = handshake_see,
    .end = handshake_end,
};
