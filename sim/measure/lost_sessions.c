/* lost_sessions.c - sessions that broke, by the one cause each counts under, and by whether they ever had an answer. */
#include <glib.h>

#include "measure/loss.h"
#include "measure/plugin.h"

typedef struct {
    int64_t causes[LOSSES], fresh, established;
} Losses;

typedef struct {
    const MeasureSetup *setup;
    Losses *of;          /* by population; one more for all of them */
    int64_t *by_element; /* denied sessions by deciding element */
} LostState;

static void lost_start(void *state, const MeasureSetup *setup) {
    LostState *s = state;
    s->setup = setup;
    s->of = g_new(Losses, setup->population_count + 1);
    s->by_element = g_new(int64_t, setup->element_count + 1);
}

static void lost_begin(void *state) {
    LostState *s = state;
    for (uint32_t i = 0; i <= s->setup->population_count; i++)
        s->of[i] = (Losses){.fresh = 0};
    for (uint32_t i = 0; i <= s->setup->element_count; i++)
        s->by_element[i] = 0;
}

static void lost_clear(void *state) {
    LostState *s = state;
    g_free(s->of);
    g_free(s->by_element);
}

static void losses_add(Losses *losses, Loss loss, bool established) {
    losses->causes[loss]++;
    losses->established += established;
    losses->fresh += !established;
}

/* A rule is named once for all populations; the ledger (balance.c) splits by both. */
static void lost_see(void *state, const Fact *fact) {
    LostState *s = state;
    Loss loss = loss_of(fact);
    bool established = fact->flags & BROKEN_ESTABLISHED;
    uint32_t all = s->setup->population_count, population = setup_population(s->setup, fact->component);
    losses_add(&s->of[all], loss, established);
    if (population < all)
        losses_add(&s->of[population], loss, established);
    if (loss == LOSS_DENIED && fact->rule < s->setup->element_count)
        s->by_element[fact->rule]++;
}

static void losses_put(const MeasureSetup *setup, Sheet *sheet, const char *of, const Losses *losses) {
    sheet_put(sheet, NULL, of, NULL, losses->fresh + losses->established);
    sheet_put(sheet, "new", of, NULL, losses->fresh);
    sheet_put(sheet, "established", of, NULL, losses->established);
    for (Loss loss = LOSS_IN_FLIGHT; loss < LOSSES; loss++)
        if (loss_is_told(setup, loss))
            sheet_put(sheet, loss_name(loss), of, NULL, losses->causes[loss]);
}

static void lost_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const LostState *s = state;
    uint32_t all = end->setup->population_count;
    losses_put(end->setup, sheet, NULL, &s->of[all]);
    for (uint32_t i = 0; i < all && all > 1; i++)
        losses_put(end->setup, sheet, end->setup->populations[i].name, &s->of[i]);
    for (uint32_t i = 0; i < end->setup->element_count; i++)
        if (s->by_element[i])
            sheet_put(sheet, "denied", NULL, end->setup->elements[i], s->by_element[i]);
}

static const MeasurePart parts[] = {
    {"new", UNIT_NONE, "sessions", "new sessions that never got in"},
    {"established", UNIT_NONE, "sessions", "sessions that had been served"},
    LOSS_PARTS,
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_lost_sessions = {
    .help =
        "Sessions that broke: their users gave up, or their state died. A failed request that a retry saves within the "
        "user's "
        "patience loses nothing; a user who comes back does so as a new session. new: never had a good answer; "
        "established: "
        "had one; the two add up to the whole, and so do the causes from in_flight to other: in_flight, established "
        "and the "
        "place died or slowed; stale_dns, new and sent there by an answer that the authority no longer gave; "
        "undetected, "
        "new and sent there because nobody had noticed; overload, a queue was full or the answer too late; no_target; "
        "denied, no_route; blocked; data, no primary took writes; cut; untrusted, no valid certificate or token (where "
        "there are any); hijacked, sent to an "
        "attacker's machine (where names are forged); limited, over a rate limit, unauthorised, let in by "
        "no policy, and gateway_timeout, answered by a gateway that gave up on what is behind it (where something "
        "meters its callers); other.",
    .parts = parts,
    .wants = FACT_BIT(FACT_BROKEN),
    .state_size = sizeof(LostState),
    .start = lost_start,
    .begin = lost_begin,
    .see = lost_see,
    .end = lost_end,
    .clear = lost_clear,
};
