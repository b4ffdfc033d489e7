/* expired_certificates.c - of the certificates that are held, the share that has run out, over time. */
#include <glib.h>

#include "base/int128.h"
#include "measure/plugin.h"

/* Of one authority. */
typedef struct {
    uint32_t expired, held;
    SimTime since;                  /* it has been so since */
    Int128 expired_time, held_time; /* ns of certificates, in the window */
} Issued;

typedef struct {
    const MeasureSetup *setup;
    Issued *issued; /* by component */
} ExpiredState;

static void expired_start(void *state, const MeasureSetup *setup) {
    ExpiredState *s = state;
    s->setup = setup;
    s->issued = g_new0(Issued, setup->component_count + 1);
}

static void expired_begin(void *state) {
    ExpiredState *s = state;
    for (uint32_t c = 0; c < s->setup->component_count; c++)
        s->issued[c] = (Issued){.since = SIMTIME_ZERO};
}

static void expired_clear(void *state) { g_free(((ExpiredState *)state)->issued); }

static void issued_until(const MeasureSetup *setup, Issued *issued, SimTime now) {
    int64_t span = now.ns - MAX(issued->since.ns, setup->warm_up.ns);
    if (span > 0) {
        issued->expired_time += (Int128)span * issued->expired;
        issued->held_time += (Int128)span * issued->held;
    }
    issued->since = now;
}

/* How many are held is known from the first that runs out; before it there was nothing to tell. */
static void expired_see(void *state, const Fact *fact) {
    ExpiredState *s = state;
    Issued *issued = &s->issued[fact->component];
    if (issued->held == 0)
        issued->held = fact->subject;
    issued_until(s->setup, issued, fact->at);
    issued->expired = fact->other;
    issued->held = fact->subject;
}

static void expired_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    ExpiredState *s = state;
    Int128 expired = 0, held = 0;
    for (uint32_t c = 0; c < s->setup->component_count; c++) {
        issued_until(s->setup, &s->issued[c], end->setup->until);
        expired += s->issued[c].expired_time;
        held += s->issued[c].held_time;
    }
    if (end->setup->trust)
        sheet_put(sheet, NULL, NULL, NULL, held > 0 ? (int64_t)((expired * 2000000000 + held) / (held * 2)) : 0);
}

const MeasureKind measure_expired_certificates = {
    .help =
        "Of the certificates that units hold of those authorities of which any ran out: the share that had run out, "
        "as a mean over time.",
    .wants = FACT_BIT(FACT_EXPIRED),
    .whole_run = true,
    .state_size = sizeof(ExpiredState),
    .start = expired_start,
    .begin = expired_begin,
    .see = expired_see,
    .end = expired_end,
    .clear = expired_clear,
};
