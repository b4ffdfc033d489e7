/* client_failover_time.c - how long until the users behind one resolver get in again: its first new session that works.
 */
#include <glib.h>

#include "measure/groups.h"
#include "measure/plugin.h"

/* firsts[group * populations + population]: SimTime by resolver. SIMTIME_ZERO: nobody has come since the fault; never:
 * they came, and none was served; else the first new session served. */
typedef struct {
    const MeasureSetup *setup;
    FaultGroups groups;
    SimTime *began; /* by group; never: has not */
    GArray **firsts;
    uint32_t begun;
} ClientState;

static void client_start(void *state, const MeasureSetup *setup) {
    ClientState *s = state;
    s->setup = setup;
    s->groups = groups_new(setup);
    s->began = g_new(SimTime, s->groups.count + 1);
    uint32_t count = s->groups.count * setup->population_count;
    s->firsts = g_new0(GArray *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        s->firsts[i] = g_array_new(FALSE, TRUE, sizeof(SimTime));
}

static void client_begin(void *state) {
    ClientState *s = state;
    s->begun = 0;
    for (uint32_t i = 0; i < s->groups.count; i++)
        s->began[i] = SIMTIME_NEVER;
    for (GArray **first = s->firsts; *first; first++)
        g_array_set_size(*first, 0);
}

static void client_clear(void *state) {
    ClientState *s = state;
    groups_clear(&s->groups);
    g_free(s->began);
    for (GArray **first = s->firsts; *first; first++)
        g_array_free(*first, TRUE);
    g_free(s->firsts);
}

/* The resolver's entry; arrays grow with the highest resolver seen, new entries are zero. */
static SimTime *client_entry(GArray *firsts, int64_t resolver) {
    if (resolver >= (int64_t)firsts->len)
        g_array_set_size(firsts, (guint)resolver + 1);
    return &g_array_index(firsts, SimTime, resolver);
}

/* Faults that have not begun have `began` never, which nothing is before. Sessions that arrived before the fault prove
 * nothing about it. */
static void client_session(ClientState *s, const Fact *fact) {
    uint32_t population = setup_population(s->setup, fact->component);
    SimTime arrived = fact->kind == FACT_ARRIVED ? fact->at : SIMTIME_NS(fact->at.ns - fact->span.ns);
    for (uint32_t g = 0; g < s->groups.count && population < s->setup->population_count; g++) {
        if (simtime_before(arrived, s->began[g]))
            continue;
        SimTime *first = client_entry(s->firsts[g * s->setup->population_count + population], fact->amount);
        if (fact->kind == FACT_ARRIVED && first->ns == 0)
            *first = SIMTIME_NEVER;
        if (fact->kind == FACT_ESTABLISHED)
            *first = first->ns == 0 ? fact->at : simtime_min(*first, fact->at);
    }
}

static void client_see(void *state, const Fact *fact) {
    ClientState *s = state;
    if (fact->kind != FACT_FAULT_BEGAN) {
        if (s->begun)
            client_session(s, fact);
        return;
    }
    uint32_t group = groups_of_event(&s->groups, s->setup, fact->subject);
    if (group != UINT32_MAX && simtime_is_never(s->began[group])) {
        s->began[group] = fact->at;
        s->begun++;
    }
}

static void client_end(void *state, const MeasureEnd *end, Sheet *sheet) {
    const ClientState *s = state;
    Histogram *all = histogram_new();
    for (uint32_t g = 0; g < s->groups.count; g++) {
        Histogram *of_group = histogram_new();
        for (uint32_t p = 0; p < end->setup->population_count; p++) {
            const GArray *firsts = s->firsts[g * end->setup->population_count + p];
            for (guint r = 0; r < firsts->len; r++)
                if (g_array_index(firsts, SimTime, r).ns != 0)
                    histogram_add(of_group, simtime_sub(g_array_index(firsts, SimTime, r), s->began[g]).ns);
        }
        if (!simtime_is_never(s->began[g]) && groups_label(&s->groups, g))
            sheet_pool(sheet, NULL, groups_label(&s->groups, g), of_group);
        histogram_merge(all, of_group);
        histogram_free(of_group);
    }
    if (s->begun)
        sheet_pool(sheet, NULL, NULL, all);
    histogram_free(all);
}

const MeasureKind measure_client_failover_time = {
    .help = "Client failover time: for each fault and each resolver that anybody used after it, from the fault to the "
            "first good "
            "answer of a new session behind that resolver; a session is new when it arrived after the fault. Never "
            "when none "
            "was served before the end of the run.",
    .wants = FACT_BIT(FACT_ARRIVED) | FACT_BIT(FACT_ESTABLISHED) | FACT_BIT(FACT_FAULT_BEGAN),
    .whole_run = true,
    .pooled = true,
    .state_size = sizeof(ClientState),
    .start = client_start,
    .begin = client_begin,
    .see = client_see,
    .end = client_end,
    .clear = client_clear,
};
