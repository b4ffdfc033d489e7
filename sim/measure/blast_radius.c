/* blast_radius.c - how much a compromise opened: components that were exposed by it or fell after it. */
#include "measure/plugin.h"

typedef struct {
    int64_t exposed, owned;
} BlastState;

static void blast_see(void *state, const Fact *fact) {
    BlastState *s = state;
    s->exposed += fact->kind == FACT_EXPOSED;
    s->owned += fact->kind == FACT_OWNED;
}

static void blast_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)end;
    const BlastState *s = state;
    sheet_put(sheet, NULL, NULL, NULL, s->exposed);
    sheet_put(sheet, "compromised", NULL, NULL, s->owned);
}

static const MeasurePart parts[] = {
    {"compromised", UNIT_NONE, "components", "components that the attacker came to own"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_blast_radius = {
    .help = "Components that at some time could be connected to or used from what an attacker owned, and not by "
            "everybody; each once. What the scenario itself hands to the attacker does not count. compromised: those "
            "that he owned, these too.",
    .parts = parts,
    .wants = FACT_BIT(FACT_EXPOSED) | FACT_BIT(FACT_OWNED),
    .whole_run = true,
    .state_size = sizeof(BlastState),
    .see = blast_see,
    .end = blast_end,
};
