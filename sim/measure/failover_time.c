/* failover_time.c - how long until new sessions are served again as before the fault, and what that time went into. */
#include <glib.h>

#include "measure/groups.h"
#include "measure/path.h"
#include "measure/plugin.h"
#include "measure/recovery.h"

/* How many of the last failures say what the recovery waited for; odd, so that two reasons cannot tie. */
enum { WITNESSES = 9 };

typedef struct {
    const MeasureSetup *setup;
    FaultGroups groups;
    SimTime *began;  /* by group; never: has not */
    GArray *changes; /* SimTime: faults beginning and ending, in order */
    GArray *trials;  /* Trial: new sessions decided after the first fault */
    Share before;    /* from warm_up to the first fault */
    Path path;
} FailoverState;

static void failover_start(void *state, const MeasureSetup *setup) {
    FailoverState *s = state;
    s->setup = setup;
    s->groups = groups_new(setup);
    s->began = g_new(SimTime, s->groups.count + 1);
    s->changes = g_array_new(FALSE, FALSE, sizeof(SimTime));
    s->trials = g_array_new(FALSE, FALSE, sizeof(Trial));
    path_init(&s->path);
}

static void failover_begin(void *state) {
    FailoverState *s = state;
    for (uint32_t i = 0; i < s->groups.count; i++)
        s->began[i] = SIMTIME_NEVER;
    g_array_set_size(s->changes, 0);
    g_array_set_size(s->trials, 0);
    path_empty(&s->path);
    s->before = (Share){0, 0};
}

static void failover_clear(void *state) {
    FailoverState *s = state;
    groups_clear(&s->groups);
    g_free(s->began);
    g_array_free(s->changes, TRUE);
    g_array_free(s->trials, TRUE);
    path_clear(&s->path);
}

/* Before the first fault only the mean counts; after it every decision is kept, since which window counts is known only
 * at the end. 16 bytes a session. */
static void failover_decided(FailoverState *s, SimTime at, TrialKind kind) {
    Trial trial = {at, kind};
    if (s->changes->len > 0)
        g_array_append_val(s->trials, trial);
    else if (!simtime_before(at, s->setup->warm_up))
        s->before = (Share){s->before.served + (kind == TRIAL_SERVED), s->before.decided + 1};
}

/* The same instants serve as horizons; an end is a milestone, too, because a repair can be what users waited for. */
static void failover_fault(FailoverState *s, const Fact *fact) {
    uint32_t group = groups_of_event(&s->groups, s->setup, fact->subject);
    if (group == UINT32_MAX)
        return;
    g_array_append_val(s->changes, fact->at);
    if (fact->kind == FACT_FAULT_BEGAN)
        s->began[group] = simtime_min(s->began[group], fact->at);
    else
        path_see(&s->path, fact);
}

static void failover_see(void *state, const Fact *fact) {
    FailoverState *s = state;
    switch (fact->kind) {
    case FACT_ESTABLISHED: failover_decided(s, fact->at, TRIAL_SERVED); break;
    case FACT_BROKEN:
        if (!(fact->flags & BROKEN_ESTABLISHED))
            failover_decided(s, SIMTIME_NS(fact->at.ns - fact->amount), trial_kind(loss_of(fact)));
        break;
    case FACT_FAULT_BEGAN:
    case FACT_FAULT_ENDED: failover_fault(s, fact); break;
    default:
        if (s->changes->len > 0)
            path_see(&s->path, fact);
    }
}

static int by_time(gconstpointer a, gconstpointer b) {
    int64_t x = ((const Trial *)a)->at.ns, y = ((const Trial *)b)->at.ns;
    return (x > y) - (x < y);
}

/* The last failure that the recovering window tolerates, or the last one before it: index, -1 for none. */
static int64_t last_failure(const Trial *trials, uint32_t count, uint32_t success) {
    SimTime edge = simtime_add(trials[success].at, RECOVERY_WINDOW);
    int64_t last = -1;
    for (uint32_t i = 0; i < count && simtime_before(trials[i].at, edge); i++)
        last = trials[i].kind != TRIAL_SERVED ? i : last;
    return last;
}

/* What most of the last failures up to that one wanted. */
static TrialKind wanted_by(const Trial *trials, int64_t last) {
    int votes[TRIAL_KINDS] = {0}, witnesses = 0;
    for (int64_t i = last; i >= 0 && witnesses < WITNESSES; i--)
        if (trials[i].kind != TRIAL_SERVED) {
            votes[trials[i].kind]++;
            witnesses++;
        }
    TrialKind most = TRIAL_SERVED;
    for (TrialKind kind = TRIAL_SERVED; kind < TRIAL_KINDS; kind++)
        if (votes[kind] > votes[most])
            most = kind;
    return most;
}

typedef struct {
    SimTime total, phases[PHASES]; /* phases: only when total is finite */
} Failover;

/* The times after `from` at which a fault begins or ends, and the end of the run. */
static GArray *horizons_after(const FailoverState *s, SimTime from) {
    GArray *horizons = g_array_new(FALSE, FALSE, sizeof(SimTime));
    for (guint i = 0; i < s->changes->len; i++) {
        SimTime at = g_array_index(s->changes, SimTime, i);
        if (simtime_before(from, at))
            g_array_append_val(horizons, at);
    }
    g_array_append_val(horizons, s->setup->until);
    return horizons;
}

/* One group of faults: when it was over, and why then. */
static Failover failover_of(const FailoverState *s, SimTime from) {
    const Trial *trials = (const Trial *)(gpointer)s->trials->data;
    uint32_t count = s->trials->len;
    while (count > 0 && simtime_before(trials->at, from)) {
        trials++;
        count--;
    }
    GArray *horizons = horizons_after(s, from);
    Recovery found =
        recovery_find(trials, count, from, (const SimTime *)(gpointer)horizons->data, horizons->len, s->before);
    g_array_free(horizons, TRUE);
    Failover failover = {.total = simtime_sub(found.at, from)};
    if (found.recovered && found.index != UINT32_MAX) {
        int64_t last = last_failure(trials, count, found.index);
        SimTime trouble = last >= 0 ? trials[last].at : SIMTIME_ZERO;
        path_split(&s->path, from, found.at, trouble, wanted_by(trials, last), failover.phases);
    }
    return failover;
}

static void failover_put(Sheet *sheet, const char *of, const Failover *failover) {
    sheet_put(sheet, NULL, of, NULL, failover->total.ns);
    for (Phase phase = PHASE_REPAIR; phase < PHASES && !simtime_is_never(failover->total); phase++)
        sheet_put(sheet, phase_name(phase), of, NULL, failover->phases[phase].ns);
}

static void failover_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    (void)end;
    FailoverState *s = state;
    g_array_sort(s->trials, by_time);
    Failover longest = {.total = SIMTIME_NS(-1)};
    for (uint32_t i = 0; i < s->groups.count; i++) {
        if (simtime_is_never(s->began[i]))
            continue;
        Failover failover = failover_of(s, s->began[i]);
        if (simtime_before(longest.total, failover.total))
            longest = failover;
        if (groups_label(&s->groups, i))
            failover_put(sheet, groups_label(&s->groups, i), &failover);
    }
    if (longest.total.ns >= 0)
        failover_put(sheet, NULL, &longest);
}

static const MeasurePart parts[] = {
    {"repair", UNIT_TIME, NULL, "repair"},
    {"detect", UNIT_TIME, NULL, "detect"},
    {"decide", UNIT_TIME, NULL, "decide"},
    {"publish", UNIT_TIME, NULL, "publish"},
    {"client_cache", UNIT_TIME, NULL, "client cache"},
    {"promote_data", UNIT_TIME, NULL, "promote data"},
    {"provision", UNIT_TIME, NULL, "provision"},
    {"warm_up", UNIT_TIME, NULL, "warm up"},
    {"rebalance", UNIT_TIME, NULL, "rebalance"},
    {NULL, UNIT_NONE, NULL, NULL},
};

const MeasureKind measure_failover_time = {
    .help =
        "Service failover time: from a fault to the first new session served in the first 60 s window in which "
        "new-session "
        "success is at least 99 % of its mean between warm-up and the first fault, and stays so until the next fault "
        "begins "
        "or ends (if there is no such window before that, until the one after, and so on to the end of the run). Zero "
        "when "
        "new sessions were never in trouble, never when they stay in trouble. With several faults, the longest; "
        "[fault] "
        "names one. The parts are the critical path backwards from the recovering success; they add up to the whole.",
    .parts = parts,
    .wants = PATH_FACTS | FACT_BIT(FACT_ESTABLISHED) | FACT_BIT(FACT_BROKEN) | FACT_BIT(FACT_FAULT_BEGAN),
    .whole_run = true,
    .state_size = sizeof(FailoverState),
    .start = failover_start,
    .begin = failover_begin,
    .see = failover_see,
    .end = failover_end,
    .clear = failover_clear,
};
