/* persistence.c - for how long an attacker keeps what he has come to own. */
#include <glib.h>

#include "measure/plugin.h"

typedef struct {
    uint32_t components;
    bool *owned; /* by component */
    bool any;
    SimTime longest; /* of what he has lost again */
} PersistenceState;

static void persistence_start(void *state, const MeasureSetup *setup) {
    PersistenceState *s = state;
    s->components = setup->component_count;
    s->owned = g_new0(bool, setup->component_count + 1);
}

static void persistence_begin(void *state) {
    PersistenceState *s = state;
    for (uint32_t c = 0; c < s->components; c++)
        s->owned[c] = false;
    s->any = false;
    s->longest = SIMTIME_ZERO;
}

static void persistence_clear(void *state) { g_free(((PersistenceState *)state)->owned); }

static void persistence_see(void *state, const Fact *fact) {
    PersistenceState *s = state;
    s->any = true;
    s->owned[fact->component] = fact->kind == FACT_OWNED;
    if (fact->kind == FACT_EVICTED)
        s->longest = simtime_max(s->longest, fact->span);
}

static void persistence_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)end;
    const PersistenceState *s = state;
    bool still = false;
    for (uint32_t c = 0; c < s->components; c++)
        still = still || s->owned[c];
    if (s->any)
        sheet_put(sheet, NULL, NULL, NULL, still ? SIMTIME_NEVER.ns : s->longest.ns);
}

const MeasureKind measure_persistence = {
    .help = "The longest time for which an attacker owned a component, until the last machine with his code in it was "
            "replaced or cut off; never when he still owns one at the end.",
    .wants = FACT_BIT(FACT_OWNED) | FACT_BIT(FACT_EVICTED),
    .whole_run = true,
    .state_size = sizeof(PersistenceState),
    .start = persistence_start,
    .begin = persistence_begin,
    .see = persistence_see,
    .end = persistence_end,
    .clear = persistence_clear,
};
