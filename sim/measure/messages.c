/* messages.c - the ledger of messages, by what keeps them: how many, how many waited, and what became of them. */
#include <glib.h>
#include <string.h>

#include "base/bug.h"
#include "measure/plugin.h"

typedef struct {
    int64_t kept, done, given_up, ready, waiting, most;
} Kept;

typedef struct {
    const MeasureSetup *setup;
    Kept *of; /* by component; one more for all of them */
} MessagesState;

static void messages_start(void *state, const MeasureSetup *setup) {
    MessagesState *s = state;
    s->setup = setup;
    s->of = g_new0(Kept, setup->component_count + 1);
}

static void messages_begin(void *state) {
    MessagesState *s = state;
    memset(s->of, 0, sizeof *s->of * (s->setup->component_count + 1));
}

static void messages_clear(void *state) { g_free(((MessagesState *)state)->of); }

static void messages_count(Kept *kept, const Fact *fact) {
    switch (fact->kind) {
    case FACT_KEPT: kept->kept++; break;
    case FACT_READY:
        kept->waiting += fact->amount < 0 ? -1 : 1;
        kept->most = MAX(kept->most, kept->waiting);
        break;
    case FACT_TAKEN: kept->waiting--; break;
    case FACT_WORKED: kept->done += fact->cause == CAUSE_NONE && fact->amount == 0; break;
    case FACT_GIVEN_UP: kept->given_up++; break;
    default: BUG_IF(true, "a fact that is not about messages");
    }
}

static void messages_see(void *state, const Fact *fact) {
    MessagesState *s = state;
    messages_count(&s->of[fact->component], fact);
    messages_count(&s->of[s->setup->component_count], fact);
}

static void messages_put(Sheet *sheet, const char *of, const Kept *kept) {
    sheet_put(sheet, NULL, of, NULL, kept->kept);
    sheet_put(sheet, "done", of, NULL, kept->done);
    sheet_put(sheet, "given_up", of, NULL, kept->given_up);
    sheet_put(sheet, "waiting", of, NULL, kept->waiting);
    sheet_put(sheet, "waiting_most", of, NULL, kept->most);
}

static void messages_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const MessagesState *s = state;
    if (end->setup->flow_count == 0)
        return;
    for (ComponentId c = 0; c < end->setup->component_count; c++)
        if (s->of[c].kept > 0)
            messages_put(sheet, end->setup->components[c], &s->of[c]);
    messages_put(sheet, NULL, &s->of[end->setup->component_count]);
}

static const MeasurePart parts[] = {
    {"done", UNIT_NONE, "messages", "worked on with success"},
    {"given_up", UNIT_NONE, "messages", "given up"},
    {"waiting", UNIT_NONE, "messages", "waiting at the end"},
    {"waiting_most", UNIT_NONE, "messages", "most that waited at a time"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_messages = {
    .help =
        "What was handed off: messages kept. waiting: those that somebody could take, and nobody had the room for, at "
        "the end; waiting_most: at any time. [component] names those that one component kept.",
    .parts = parts,
    .wants = FACT_BIT(FACT_KEPT) | FACT_BIT(FACT_READY) | FACT_BIT(FACT_TAKEN) | FACT_BIT(FACT_WORKED) |
             FACT_BIT(FACT_GIVEN_UP),
    .whole_run = true,
    .state_size = sizeof(MessagesState),
    .start = messages_start,
    .begin = messages_begin,
    .see = messages_see,
    .end = messages_end,
    .clear = messages_clear,
};
