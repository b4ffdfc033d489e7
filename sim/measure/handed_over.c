/* handed_over.c - sessions whose users took an attacker's machine for the real one, and what they told it. */
#include "measure/plugin.h"

typedef struct {
    const MeasureSetup *setup;
    int64_t sessions, writes;
} HandedState;

static void handed_start(void *state, const MeasureSetup *setup) { ((HandedState *)state)->setup = setup; }

static void handed_begin(void *state) {
    HandedState *s = state;
    s->sessions = s->writes = 0;
}

static void handed_see(void *state, const Fact *fact) {
    HandedState *s = state;
    s->sessions += (fact->flags & BROKEN_HANDED_OVER) != 0;
    s->writes += (fact->flags & BROKEN_WRITING) != 0;
}

/* Nothing is told where no name is forged. */
static void handed_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const HandedState *s = state;
    if (!end->setup->forgeries)
        return;
    sheet_put(sheet, NULL, NULL, NULL, s->sessions);
    sheet_put(sheet, "writes", NULL, NULL, s->writes);
}

static const MeasurePart parts[] = {
    {"writes", UNIT_NONE, "writes", "which told the attacker what they meant to write"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_handed_over = {
    .help = "Sessions that a forged name led to an attacker's machine and whose users took it for the real one: their "
            "credentials are his. writes: of these, the ones that also told him what they meant to write.",
    .parts = parts,
    .wants = FACT_BIT(FACT_BROKEN),
    .state_size = sizeof(HandedState),
    .start = handed_start,
    .begin = handed_begin,
    .see = handed_see,
    .end = handed_end,
};
