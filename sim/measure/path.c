/* path.c - walks from a success back to the fault along what made what possible. */
#include "measure/path.h"

#include "base/bug.h"

const char *phase_name(Phase phase) {
    static const char *const names[PHASES] = {"repair",       "detect",    "decide",  "publish",  "client_cache",
                                              "promote_data", "provision", "warm_up", "rebalance"};
    return names[phase];
}

/* ---- Collecting -------------------------------------------------------------------------- */

void path_init(Path *path) {
    path->milestones = g_array_new(FALSE, FALSE, sizeof(Milestone));
    path->asked = g_hash_table_new(NULL, NULL);
    path->published = 0;
}

void path_clear(Path *path) {
    g_array_free(path->milestones, TRUE);
    g_hash_table_destroy(path->asked);
}

void path_empty(Path *path) {
    g_array_set_size(path->milestones, 0);
    g_hash_table_remove_all(path->asked);
    path->published = 0;
}

_Static_assert(sizeof(gsize) == 8, "a resolver's key is two 32-bit numbers in one pointer");

static bool path_is_first_refresh(Path *path, const Fact *fact) {
    gpointer resolver = GSIZE_TO_POINTER(((gsize)fact->component << 32 | (gsize)fact->amount) + 1);
    uint32_t last = GPOINTER_TO_UINT(g_hash_table_lookup(path->asked, resolver));
    g_hash_table_insert(path->asked, resolver, GUINT_TO_POINTER(path->published));
    return last < path->published;
}

/* What somebody noticed an instant ago made him act. */
static void path_turn_inward(Path *path, const Fact *fact) {
    for (guint i = path->milestones->len; i-- > 0;) {
        Milestone *before = &g_array_index(path->milestones, Milestone, i);
        if (!simtime_equal(before->at, fact->at))
            return;
        if (before->kind == FACT_NOTICED && before->component == fact->component)
            before->inward = true;
    }
}

/* A decision that takes people its time (span) takes effect after it; so does what it orders. */
static SimTime path_effect(const Path *path, const Fact *fact) {
    if (fact->kind != FACT_PROMOTING || path->milestones->len == 0)
        return fact->kind == FACT_DECIDED ? simtime_add(fact->at, fact->span) : fact->at;
    const Milestone *last = &g_array_index(path->milestones, Milestone, path->milestones->len - 1);
    bool ordered = last->kind == FACT_DECIDED && last->component == fact->component;
    return ordered ? simtime_max(last->at, fact->at) : fact->at;
}

void path_see(Path *path, const Fact *fact) {
    if (fact->kind == FACT_REFRESHED && !path_is_first_refresh(path, fact))
        return;
    if (fact->kind == FACT_DECIDED || fact->kind == FACT_PROMOTING || fact->kind == FACT_PUBLISHED)
        path_turn_inward(path, fact);
    bool inward = fact->kind == FACT_PUBLISHED && fact->other == fact->component;
    path->published += fact->kind == FACT_PUBLISHED && !inward;
    Milestone milestone = {fact->kind, path_effect(path, fact), fact->component, fact->unit, fact->amount, inward};
    g_array_append_val(path->milestones, milestone);
}

/* ---- What makes what possible ------------------------------------------------------------ */

enum { ANY = -1, SAME_COMPONENT = 1, SAME_UNIT = 2, OUTWARD = 4 };

/* `of` (with that amount) became possible by the last `by` before it, after the phase between them. `by` = FACTS: by
 * the fault itself. Rows of one `of` in order of preference. */
typedef struct {
    FactKind of;
    int of_amount;
    FactKind by;
    int by_amount, same;
    Phase phase;
} Step;

static const Step steps[] = {
    {FACT_REFRESHED, ANY, FACT_PUBLISHED, ANY, OUTWARD, PHASE_CLIENT_CACHE},
    {FACT_REFRESHED, ANY, FACTS, ANY, 0, PHASE_CLIENT_CACHE},
    {FACT_PUBLISHED, ANY, FACT_DECIDED, DECISION_EDIT_NAME, SAME_COMPONENT, PHASE_PUBLISH},
    {FACT_PUBLISHED, ANY, FACT_NOTICED, ANY, SAME_COMPONENT, PHASE_PUBLISH},
    {FACT_PUBLISHED, ANY, FACTS, ANY, 0, PHASE_DETECT},
    {FACT_NOTICED, 1, FACT_SERVING, ANY, SAME_UNIT, PHASE_WARM_UP},
    {FACT_NOTICED, 1, FACT_FAULT_ENDED, ANY, 0, PHASE_DETECT},
    {FACT_NOTICED, 1, FACT_SERVING, ANY, 0, PHASE_WARM_UP}, /* a name, of a region where machines have started */
    {FACT_NOTICED, ANY, FACTS, ANY, 0, PHASE_DETECT},
    {FACT_DECIDED, ANY, FACT_NOTICED, 0, SAME_COMPONENT, PHASE_DECIDE},
    {FACT_DECIDED, DECISION_LAUNCH, FACT_DECIDED, DECISION_DECLARE, 0, PHASE_PROVISION},
    {FACT_DECIDED, DECISION_PROMOTE, FACT_DECIDED, DECISION_DECLARE, 0, PHASE_PROVISION},
    {FACT_DECIDED, DECISION_LAUNCH, FACT_REFRESHED, ANY, 0, PHASE_DECIDE},
    {FACT_DECIDED, ANY, FACTS, ANY, 0, PHASE_DECIDE},
    {FACT_PROMOTING, ANY, FACT_DECIDED, DECISION_PROMOTE, SAME_COMPONENT, PHASE_DECIDE},
    {FACT_PROMOTING, ANY, FACT_NOTICED, 0, SAME_COMPONENT, PHASE_DECIDE},
    {FACT_PROMOTING, ANY, FACTS, ANY, 0, PHASE_DETECT},
    {FACT_PROMOTED, ANY, FACT_PROMOTING, ANY, SAME_COMPONENT, PHASE_PROMOTE_DATA},
    {FACT_PROMOTED, ANY, FACTS, ANY, 0, PHASE_PROMOTE_DATA},
    {FACT_SERVING, ANY, FACT_LAUNCHING, ANY, SAME_UNIT, PHASE_PROVISION},
    {FACT_SERVING, ANY, FACTS, ANY, 0, PHASE_PROVISION},
    {FACT_LAUNCHING, ANY, FACT_DECIDED, DECISION_LAUNCH, SAME_COMPONENT, PHASE_PROVISION},
    {FACT_LAUNCHING, ANY, FACT_NOTICED, 0, SAME_COMPONENT, PHASE_DECIDE},
    {FACT_LAUNCHING, ANY, FACT_REFRESHED, ANY, 0, PHASE_DECIDE},
    {FACT_LAUNCHING, ANY, FACTS, ANY, 0, PHASE_DECIDE},
    {FACT_REBALANCED, ANY, FACT_SERVING, ANY, SAME_COMPONENT, PHASE_REBALANCE},
    {FACT_REBALANCED, ANY, FACTS, ANY, 0, PHASE_REBALANCE},
    {FACT_RESPONDED, ANY, FACTS, ANY, 0, PHASE_DECIDE},
    {FACT_RULES, ANY, FACTS, ANY, 0, PHASE_REPAIR},
    {FACT_FAULT_ENDED, ANY, FACTS, ANY, 0, PHASE_REPAIR},
};

/* What takes away the reason for which sessions fail. Of all that do, the last before the success bound it; `second`
 * ones only where there is no other: capacity helps nobody before a balancer trusts it. */
static const struct {
    TrialKind wanted;
    FactKind by;
    int amount;
    bool second;
} releases[] = {
    {TRIAL_WANTS_NAME, FACT_REFRESHED, ANY, false},    {TRIAL_WANTS_NAME, FACT_FAULT_ENDED, ANY, false},
    {TRIAL_WANTS_DATA, FACT_PROMOTED, ANY, false},     {TRIAL_WANTS_DATA, FACT_FAULT_ENDED, ANY, false},
    {TRIAL_WANTS_ROOM, FACT_NOTICED, 1, false},        {TRIAL_WANTS_ROOM, FACT_FAULT_ENDED, ANY, false},
    {TRIAL_WANTS_ROOM, FACT_SERVING, ANY, true},       {TRIAL_WANTS_ROOM, FACT_REBALANCED, ANY, true},
    {TRIAL_WANTS_PLACE, FACT_NOTICED, 0, false},       {TRIAL_WANTS_PLACE, FACT_PUBLISHED, ANY, false},
    {TRIAL_WANTS_PLACE, FACT_REFRESHED, ANY, false},   {TRIAL_WANTS_PLACE, FACT_PROMOTED, ANY, false},
    {TRIAL_WANTS_PLACE, FACT_FAULT_ENDED, ANY, false}, {TRIAL_WANTS_RULE, FACT_RULES, ANY, false},
    {TRIAL_WANTS_RULE, FACT_RESPONDED, ANY, false},    {TRIAL_WANTS_RULE, FACT_FAULT_ENDED, ANY, false},
};

static bool fits(int amount, const Milestone *milestone) { return amount == ANY || amount == milestone->amount; }

static bool milestone_releases(const Milestone *milestone, TrialKind wanted, bool second) {
    for (size_t i = 0; i < G_N_ELEMENTS(releases); i++)
        if (releases[i].wanted == wanted && releases[i].by == milestone->kind && releases[i].second == second &&
            fits(releases[i].amount, milestone))
            return milestone->kind != FACT_NOTICED || !milestone->inward;
    return false;
}

static const Milestone *path_at(const Path *path, guint i) { return &g_array_index(path->milestones, Milestone, i); }

static int64_t path_last(const Path *path, SimTime from, SimTime until, TrialKind wanted, bool second, bool any) {
    for (guint i = path->milestones->len; i-- > 0;) {
        const Milestone *milestone = path_at(path, i);
        if (!simtime_before(milestone->at, from) && !simtime_before(until, milestone->at) &&
            (any || milestone_releases(milestone, wanted, second)))
            return i;
    }
    return -1;
}

/* The first milestone after `trouble`, up to `until`, that releases; -1: none. */
static int64_t path_first(const Path *path, SimTime trouble, SimTime until, TrialKind wanted) {
    for (guint i = 0; i < path->milestones->len; i++) {
        const Milestone *milestone = path_at(path, i);
        if (simtime_before(trouble, milestone->at) && !simtime_before(until, milestone->at) &&
            milestone_releases(milestone, wanted, false))
            return i;
    }
    return -1;
}

/* The milestone that released the success; any at all when nothing is known to; -1: none. */
static int64_t path_release(const Path *path, SimTime from, SimTime success, SimTime trouble, TrialKind wanted) {
    int64_t found = -1;
    if (simtime_before(success, trouble))
        found = path_first(path, trouble, simtime_add(success, RECOVERY_WINDOW), wanted);
    if (found < 0)
        found = path_last(path, from, success, wanted, false, false);
    if (found < 0)
        found = path_last(path, from, success, wanted, true, false);
    return found < 0 ? path_last(path, from, success, wanted, false, true) : found;
}

static bool step_fits(const Step *step, const Milestone *of, const Milestone *by) {
    return by->kind == step->by && fits(step->by_amount, by) && !simtime_before(of->at, by->at) &&
           (!(step->same & OUTWARD) || !by->inward) &&
           (!(step->same & SAME_COMPONENT) || by->component == of->component) &&
           (!(step->same & SAME_UNIT) || by->unit == of->unit);
}

/* The milestone before `of` on the path, -1 for the fault, and the phase between the two. */
static int64_t path_before(const Path *path, SimTime from, guint of, Phase *phase) {
    const Milestone *here = path_at(path, of);
    for (size_t s = 0; s < G_N_ELEMENTS(steps); s++) {
        const Step *step = &steps[s];
        if (step->of != here->kind || !fits(step->of_amount, here))
            continue;
        *phase = step->phase;
        if (step->by == FACTS)
            return -1;
        for (guint i = of; i-- > 0;)
            if (!simtime_before(path_at(path, i)->at, from) && step_fits(step, here, path_at(path, i)))
                return i;
    }
    BUG_IF(true, "a milestone that nothing makes possible");
    return -1;
}

void path_split(const Path *path, SimTime from, SimTime success, SimTime trouble, TrialKind wanted,
                SimTime phases[PHASES]) {
    for (int p = 0; p < PHASES; p++)
        phases[p] = SIMTIME_ZERO;
    SimTime later = success;
    int64_t at = path_release(path, from, success, trouble, wanted);
    /* When the last thing that happened is that a name changed, what was waited for is those who had kept the old
     * answer. */
    Phase phase = at >= 0 && path_at(path, (guint)at)->kind == FACT_PUBLISHED ? PHASE_CLIENT_CACHE : PHASE_REBALANCE;
    while (at >= 0) {
        SimTime here = simtime_min(path_at(path, (guint)at)->at, success);
        phases[phase].ns += later.ns - here.ns;
        later = here;
        at = path_before(path, from, (guint)at, &phase);
    }
    phases[phase].ns += later.ns - from.ns;
}
