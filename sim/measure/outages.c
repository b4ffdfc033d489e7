/* outages.c - folds facts about newcomers into outages, and charges each to what began last. */
#include "measure/outages.h"

#include <string.h>

#include "base/bug.h"

/* Something that holds: an entry of the timeline, or a law of failure and which of its clocks. */
typedef struct {
    uint32_t cause, subject, clock;
    bool failure;
} Holding;

/* ---- causes ---- */

/* "zone", "zone, uncovered", "zone, common cause": those that the law can have. */
static void add_law(Outages *outages, GPtrArray *names, uint32_t l) {
    static const char *const tails[FAILURE_MODES] = {"", ", uncovered", ", common cause"};
    const MeasureFailure *law = &outages->setup->failures[l];
    for (uint32_t mode = 0; mode < FAILURE_MODES; mode++) {
        outages->first_cause[l * FAILURE_MODES + mode] = names->len;
        if (law->modes & 1u << mode)
            g_ptr_array_add(names, g_strconcat(law->name, tails[mode], NULL));
    }
}

void outages_start(Outages *outages, const MeasureSetup *setup) {
    GPtrArray *names = g_ptr_array_new();
    *outages = (Outages){.setup = setup};
    outages->first_cause = g_new0(uint32_t, setup->failure_count * FAILURE_MODES + 1);
    for (uint32_t l = 0; l < setup->failure_count; l++)
        add_law(outages, names, l);
    for (uint32_t f = 0; f < setup->fault_count; f++)
        g_ptr_array_add(names, g_strdup(setup->faults[f].text));
    g_ptr_array_add(names, g_strdup("other"));
    outages->cause_count = names->len;
    outages->causes = (char **)g_ptr_array_free(names, FALSE);
    outages->lines = g_new0(OutageLine, setup->population_count + 1);
    for (uint32_t i = 0; i <= setup->population_count; i++)
        outages->lines[i].by_cause = g_new0(SimTime, outages->cause_count);
    outages->holding = g_array_new(FALSE, FALSE, sizeof(Holding));
}

void outages_begin(Outages *outages) {
    for (uint32_t i = 0; i <= outages->setup->population_count; i++) {
        SimTime *by_cause = outages->lines[i].by_cause;
        memset(by_cause, 0, sizeof *by_cause * outages->cause_count);
        outages->lines[i] = (OutageLine){.by_cause = by_cause};
    }
    g_array_set_size(outages->holding, 0);
    outages->ended = outages->cause_count - 1;
}

void outages_clear(Outages *outages) {
    for (uint32_t i = 0; i <= outages->setup->population_count; i++)
        g_free(outages->lines[i].by_cause);
    for (uint32_t c = 0; c < outages->cause_count; c++)
        g_free(outages->causes[c]);
    g_free(outages->causes);
    g_free(outages->first_cause);
    g_free(outages->lines);
    g_array_free(outages->holding, TRUE);
}

/* ---- what holds ---- */

static uint32_t cause_of(const Outages *outages, const Fact *fact) {
    const MeasureSetup *setup = outages->setup;
    if (fact->kind == FACT_FAILURE_BEGAN)
        return outages->first_cause[fact->subject * FAILURE_MODES + (uint32_t)fact->amount];
    for (uint32_t f = 0; f < setup->fault_count; f++)
        if (setup->faults[f].event == fact->subject)
            return outages->cause_count - 1 - setup->fault_count + f;
    return outages->cause_count - 1;
}

static void holding_add(Outages *outages, const Fact *fact) {
    bool failure = fact->kind == FACT_FAILURE_BEGAN;
    Holding holding = {cause_of(outages, fact), fact->subject, failure ? fact->other : 0, failure};
    g_array_append_val(outages->holding, holding);
}

static void holding_remove(Outages *outages, const Fact *fact) {
    bool failure = fact->kind == FACT_FAILURE_ENDED;
    uint32_t clock = failure ? fact->other : 0;
    for (guint i = outages->holding->len; i-- > 0;) {
        const Holding *holding = &g_array_index(outages->holding, Holding, i);
        if (holding->failure == failure && holding->subject == fact->subject && holding->clock == clock) {
            outages->ended = holding->cause;
            g_array_remove_index(outages->holding, i);
            return;
        }
    }
}

/* ---- outages ---- */

static void line_close(OutageLine *line, SimTime now) {
    SimTime lasted = simtime_sub(now, line->since);
    line->down = false;
    if (lasted.ns <= 0) /* over before the window began */
        return;
    line->count++;
    line->total = simtime_add(line->total, lasted);
    line->longest = simtime_max(line->longest, lasted);
    line->by_cause[line->cause] = simtime_add(line->by_cause[line->cause], lasted);
}

static void line_tell(const Outages *outages, OutageLine *line, bool down, SimTime now) {
    line->told = true;
    if (down == line->down)
        return;
    if (!down) {
        line_close(line, now);
        return;
    }
    guint held = outages->holding->len;
    line->down = true;
    line->since = simtime_max(now, outages->setup->warm_up);
    line->cause = held > 0 ? g_array_index(outages->holding, Holding, held - 1).cause : outages->ended;
}

static bool any_is_down(const Outages *outages) {
    for (uint32_t i = 0; i < outages->setup->population_count; i++)
        if (outages->lines[i].down)
            return true;
    return false;
}

void outages_see(Outages *outages, const Fact *fact) {
    uint32_t all = outages->setup->population_count, population;
    switch (fact->kind) {
    case FACT_FAILURE_BEGAN:
    case FACT_FAULT_BEGAN: holding_add(outages, fact); break;
    case FACT_FAILURE_ENDED:
    case FACT_FAULT_ENDED: holding_remove(outages, fact); break;
    default:
        population = setup_population(outages->setup, fact->component);
        BUG_IF(population == all, "a newcomer of no population");
        line_tell(outages, &outages->lines[population], fact->amount == 0, fact->at);
        line_tell(outages, &outages->lines[all], any_is_down(outages), fact->at);
    }
}

bool outages_end(Outages *outages) {
    uint32_t all = outages->setup->population_count;
    for (uint32_t i = 0; i <= all; i++)
        if (outages->lines[i].down)
            line_close(&outages->lines[i], outages->setup->until);
    return outages->lines[all].told;
}

bool outages_shows(const Outages *outages, uint32_t i, const char **of) {
    uint32_t all = outages->setup->population_count;
    *of = i < all ? outages->setup->populations[i].name : NULL;
    return i == all || (all > 1 && outages->lines[i].told);
}
