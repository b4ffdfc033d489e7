/* balance.c - the ledger of sessions: who arrived has completed, broken under one cause, or is still there. Checked in
 * every run, against a second account that knows each session by its number. */
#include <glib.h>

#include "base/bug.h"
#include "measure/chain.h"
#include "measure/loss.h"
#include "measure/plugin.h"

typedef struct {
    int64_t arrived, completed, returned, reestablished, broken[LOSSES];
    GArray *there; /* uint64_t: one bit a session, set while it goes on */
} Ledger;

typedef struct {
    const MeasureSetup *setup;
    Ledger *ledgers;     /* by population */
    int64_t *by_element; /* denied sessions: [population * elements + element] */
    Chain chain;
} BalanceState;

static void balance_start(void *state, const MeasureSetup *setup) {
    BalanceState *s = state;
    s->setup = setup;
    s->ledgers = g_new0(Ledger, setup->population_count + 1);
    for (uint32_t i = 0; i < setup->population_count; i++)
        s->ledgers[i].there = g_array_new(FALSE, TRUE, sizeof(uint64_t));
    s->by_element = g_new(int64_t, (size_t)setup->population_count * setup->element_count + 1);
}

static void balance_begin(void *state) {
    BalanceState *s = state;
    for (uint32_t i = 0; i < s->setup->population_count; i++) {
        GArray *there = s->ledgers[i].there;
        g_array_set_size(there, 0);
        s->ledgers[i] = (Ledger){.there = there};
    }
    for (size_t i = 0; i < (size_t)s->setup->population_count * s->setup->element_count; i++)
        s->by_element[i] = 0;
    chain_empty(&s->chain);
}

static void balance_clear(void *state) {
    BalanceState *s = state;
    for (uint32_t i = 0; i < s->setup->population_count; i++)
        g_array_free(s->ledgers[i].there, TRUE);
    g_free(s->ledgers);
    g_free(s->by_element);
    chain_clear(&s->chain);
}

static void ledger_arrive(Ledger *ledger, uint32_t serial) {
    if (serial / 64 >= ledger->there->len)
        g_array_set_size(ledger->there, serial / 64 + 1);
    uint64_t *word = &g_array_index(ledger->there, uint64_t, serial / 64), bit = UINT64_C(1) << serial % 64;
    BUG_IF(*word & bit, "a session arrived twice");
    *word |= bit;
    ledger->arrived++;
}

static void ledger_leave(Ledger *ledger, uint32_t serial) {
    BUG_IF(serial / 64 >= ledger->there->len, "a session ended that never arrived");
    uint64_t *word = &g_array_index(ledger->there, uint64_t, serial / 64), bit = UINT64_C(1) << serial % 64;
    BUG_IF(!(*word & bit), "a session ended twice, or never arrived");
    *word &= ~bit;
}

/* Denied sessions are kept by rule, because that is where a mistake in a security group shows. */
static void balance_broken(BalanceState *s, uint32_t population, const Fact *fact) {
    Loss loss = loss_of(fact);
    s->ledgers[population].broken[loss]++;
    if (loss == LOSS_DENIED && fact->rule < s->setup->element_count)
        s->by_element[(size_t)population * s->setup->element_count + fact->rule]++;
}

static void balance_see(void *state, const Fact *fact) {
    BalanceState *s = state;
    uint32_t population = setup_population(s->setup, fact->component);
    BUG_IF(population == s->setup->population_count, "a session of no population");
    Ledger *ledger = &s->ledgers[population];
    SimTime since;
    ledger->reestablished += chain_see(&s->chain, fact, &since);
    if (fact->kind == FACT_ARRIVED) {
        ledger_arrive(ledger, fact->subject);
        ledger->returned += fact->other != UINT32_MAX;
    } else if (fact->kind == FACT_COMPLETED || fact->kind == FACT_BROKEN) {
        ledger_leave(ledger, fact->subject);
        ledger->completed += fact->kind == FACT_COMPLETED;
        if (fact->kind == FACT_BROKEN)
            balance_broken(s, population, fact);
    }
}

/* Counted from the sessions themselves, not as what is left over, or the balance would prove nothing. */
static int64_t ledger_active(const Ledger *ledger) {
    int64_t active = 0;
    for (guint i = 0; i < ledger->there->len; i++)
        active += __builtin_popcountll(g_array_index(ledger->there, uint64_t, i));
    return active;
}

static void ledger_put(const MeasureSetup *setup, Sheet *sheet, const char *of, const Ledger *ledger, int64_t active) {
    sheet_put(sheet, "arrived", of, NULL, ledger->arrived);
    sheet_put(sheet, "completed", of, NULL, ledger->completed);
    sheet_put(sheet, "active", of, NULL, active);
    sheet_put(sheet, "returned", of, NULL, ledger->returned);
    sheet_put(sheet, "reestablished", of, NULL, ledger->reestablished);
    for (Loss loss = LOSS_IN_FLIGHT; loss < LOSSES; loss++)
        if (loss_is_told(setup, loss))
            sheet_put(sheet, loss_name(loss), of, NULL, ledger->broken[loss]);
}

static void balance_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const BalanceState *s = state;
    uint32_t elements = end->setup->element_count;
    for (uint32_t i = 0; i < end->setup->population_count; i++) {
        const Ledger *ledger = &s->ledgers[i];
        const char *of = end->setup->populations[i].name;
        int64_t broken = 0, active = ledger_active(ledger);
        for (Loss loss = LOSS_IN_FLIGHT; loss < LOSSES; loss++)
            broken += ledger->broken[loss];
        BUG_IF(ledger->arrived != ledger->completed + broken + active, "the ledger of sessions does not balance");
        BUG_IF(end->totals->active && (int64_t)end->totals->active[i] != active,
               "the ledger and the world disagree about the sessions that go on");
        ledger_put(end->setup, sheet, of, ledger, active);
        for (uint32_t e = 0; e < elements; e++)
            if (s->by_element[(size_t)i * elements + e])
                sheet_put(sheet, "denied", of, end->setup->elements[e], s->by_element[(size_t)i * elements + e]);
    }
}

static const MeasurePart parts[] = {
    {"arrived", UNIT_NONE, "sessions", "arrived"},
    {"completed", UNIT_NONE, "sessions", "completed"},
    {"active", UNIT_NONE, "sessions", "going on at the end"},
    {"returned", UNIT_NONE, "sessions", "came back after a broken one"},
    {"reestablished", UNIT_NONE, "sessions", "came back and were served"},
    LOSS_PARTS,
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_balance = {
    .help = "The ledger of each population over the whole run, to the unit: arrived = completed + broken (in_flight to "
            "other) + "
            "active. Checked in every run. returned: those among the arrived who replace a broken session; "
            "reestablished: broken sessions whose users came back and were served.",
    .parts = parts,
    .wants = CHAIN_FACTS | FACT_BIT(FACT_COMPLETED),
    .whole_run = true,
    .state_size = sizeof(BalanceState),
    .start = balance_start,
    .begin = balance_begin,
    .see = balance_see,
    .end = balance_end,
    .clear = balance_clear,
};
