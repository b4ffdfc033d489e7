/* set.c - all measures over the facts of a run: who wants which fact, and what is known about each name. */
#include <glib.h>
#include <string.h>

#include "base/bug.h"
#include "base/diag.h"
#include "measure/parts.h"
#include "measure/plugin.h"

#define MEASURE(name, unit, noun, denominator, window) extern const MeasureKind measure_##name;
#include "measure/measures.def"
#undef MEASURE

static const MeasureInfo infos[] = {
#define MEASURE(name, unit, noun, denominator, window) {#name, UNIT_##unit, noun, denominator, window, &measure_##name},
#include "measure/measures.def"
#undef MEASURE
};

enum { MEASURES = G_N_ELEMENTS(infos) };

static const MeasurePart no_parts[] = {{NULL, UNIT_NONE, NULL, NULL}};
static const int64_t usual_quantiles[] = {500000000, 900000000, 950000000, 990000000, 999000000};

typedef struct {
    void (*see)(void *state, const Fact *fact);
    void *state;
} Subscriber;

/* Facts of one kind, of sessions that replace no broken one (0) and of those that do (1): two rows. Facts that are not
 * about sessions may be in either. */
enum { ROWS = 2 * FACTS };
static inline uint32_t row_of(const Fact *fact) { return 2 * (uint32_t)fact->kind + (fact->other != UINT32_MAX); }

/* subscribers[first[row]] up to subscribers[first[row + 1]] want facts of that row. */
typedef struct {
    uint32_t first[ROWS + 1];
    Subscriber subscribers[MEASURES * ROWS];
} Dispatch;

struct MeasureSet {
    SimTime warm_up;
    const MeasureSetup *setup;
    Sheet *sheet;
    void *states[MEASURES];
    Dispatch early, late; /* before warm_up, and from then on */
    uint64_t wants;
    uint64_t seen[FACTS]; /* facts from warm_up on */
};

/* ---- Names ------------------------------------------------------------------------------- */

uint32_t measure_count(void) { return MEASURES; }

const MeasureInfo *measure_info(uint32_t i) {
    BUG_IF(i >= MEASURES, "no such measure");
    return &infos[i];
}

const char *measure_help(const MeasureInfo *info) { return info->kind->help; }

const MeasurePart *measure_parts(const MeasureInfo *info) { return info->kind->parts ? info->kind->parts : no_parts; }

bool measure_is_pooled(const MeasureInfo *info) { return info->kind->pooled; }

bool measure_is_series(const MeasureInfo *info) { return info->kind->series_only; }
bool measure_more_is_better(const MeasureInfo *info) { return info->kind->more_is_better; }

/* Is this word exactly the next `length` bytes of the text? Names come from users, so they are never copied to compare.
 */
static bool spells(const char *word, const char *text, size_t length) {
    return strlen(word) == length && memcmp(word, text, length) == 0;
}

static const MeasureInfo *find_info(const char *text, size_t length) {
    for (uint32_t i = 0; i < MEASURES; i++)
        if (spells(infos[i].name, text, length))
            return &infos[i];
    return NULL;
}

static const MeasurePart *find_part(const MeasureInfo *info, const char *text, size_t length) {
    const MeasurePart *part = measure_parts(info);
    while (part->name && !spells(part->name, text, length))
        part++;
    return part->name ? part : NULL;
}

bool measure_parse(const char *name, const MeasureInfo **info, const MeasurePart **part, char **of) {
    const char *bracket = strchr(name, '[');
    size_t length = bracket ? (size_t)(bracket - name) : strlen(name);
    const char *dot = memchr(name, '.', length);
    size_t head = dot ? (size_t)(dot - name) : length;
    const MeasureInfo *found = find_info(name, head);
    const MeasurePart *inner = found && dot ? find_part(found, dot + 1, length - head - 1) : NULL;
    if (found == NULL || (dot && inner == NULL) || (bracket && !g_str_has_suffix(bracket, "]")))
        return false;
    if (info)
        *info = found;
    if (part)
        *part = inner;
    if (of)
        *of = bracket ? g_strndup(bracket + 1, strlen(bracket) - 2) : NULL;
    return true;
}

char *measure_suggest(const char *name) {
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (uint32_t i = 0; i < MEASURES; i++) {
        g_ptr_array_add(names, g_strdup(infos[i].name));
        for (const MeasurePart *part = measure_parts(&infos[i]); part->name; part++)
            g_ptr_array_add(names, g_strdup_printf("%s.%s", infos[i].name, part->name));
    }
    g_ptr_array_add(names, NULL);
    const char *nearest = suggest_nearest(name, (const char *const *)(gconstpointer)names->pdata);
    char *copy = g_strdup(nearest);
    g_ptr_array_free(names, TRUE);
    return copy;
}

char *measure_column_name(const MeasureColumn *column) {
    GString *text = g_string_new(column->info->name);
    if (column->part)
        g_string_append_printf(text, ".%s", column->part->name);
    if (column->of)
        g_string_append_printf(text, "[%s]", column->of);
    return g_string_free(text, FALSE);
}

/* ---- Setting up -------------------------------------------------------------------------- */

/* One flat list sorted by kind of fact, so that a fact costs one look-up and its subscribers' calls. Only measures of
 * the whole run are in the list for the warm-up. */
static void dispatch_build(Dispatch *dispatch, void *const *states, bool early) {
    uint32_t used = 0;
    for (uint32_t row = 0; row < ROWS; row++) {
        dispatch->first[row] = used;
        for (uint32_t i = 0; i < MEASURES; i++) {
            const MeasureKind *kind = infos[i].kind;
            uint64_t wanted = kind->wants | (row % 2 ? kind->wants_returned : 0);
            if ((wanted & FACT_BIT(row / 2)) && (!early || kind->whole_run))
                dispatch->subscribers[used++] = (Subscriber){kind->see, states[i]};
        }
    }
    dispatch->first[ROWS] = used;
}

static int by_value(gconstpointer a, gconstpointer b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The usual quantiles and those of the setup, each once. */
static Sheet *set_sheet(const MeasureSetup *setup) {
    GArray *all = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_array_append_vals(all, usual_quantiles, G_N_ELEMENTS(usual_quantiles));
    if (setup->quantile_count)
        g_array_append_vals(all, setup->quantiles, setup->quantile_count);
    g_array_sort(all, by_value);
    for (guint i = all->len; i-- > 1;)
        if (g_array_index(all, int64_t, i) == g_array_index(all, int64_t, i - 1))
            g_array_remove_index(all, i);
    Sheet *sheet = sheet_new((const int64_t *)(gpointer)all->data, all->len);
    g_array_free(all, TRUE);
    return sheet;
}

MeasureSet *measure_set_new(const MeasureSetup *setup) {
    MeasureSet *set = g_new0(MeasureSet, 1);
    set->setup = setup;
    set->warm_up = setup->warm_up;
    set->sheet = set_sheet(setup);
    for (uint32_t i = 0; i < MEASURES; i++) {
        const MeasureKind *kind = infos[i].kind;
        set->states[i] = g_malloc0(kind->state_size ? kind->state_size : 1);
        if (kind->start)
            kind->start(set->states[i], setup);
        BUG_IF((kind->wants | kind->wants_returned) != 0 && kind->see == NULL, "a measure wants facts but cannot see");
        set->wants |= kind->wants | kind->wants_returned | kind->counts;
    }
    dispatch_build(&set->early, set->states, true);
    dispatch_build(&set->late, set->states, false);
    return set;
}

void measure_set_free(MeasureSet *set) {
    if (set == NULL)
        return;
    for (uint32_t i = 0; i < MEASURES; i++) {
        if (infos[i].kind->clear)
            infos[i].kind->clear(set->states[i]);
        g_free(set->states[i]);
    }
    sheet_free(set->sheet);
    g_free(set);
}

uint64_t measure_set_wants(const MeasureSet *set) { return set->wants; }

/* ---- Running ----------------------------------------------------------------------------- */

void measure_set_begin(MeasureSet *set, uint64_t replication) {
    sheet_begin(set->sheet, replication);
    memset(set->seen, 0, sizeof set->seen);
    for (uint32_t i = 0; i < MEASURES; i++) {
        const MeasureKind *kind = infos[i].kind;
        if (kind->begin)
            kind->begin(set->states[i]);
        else
            memset(set->states[i], 0, kind->state_size);
    }
}

/* Called for every request of a run: a table, and no test but the one for the warm-up. */
void measure_set_see(void *user, const Fact *fact) {
    MeasureSet *set = user;
    bool early = simtime_before(fact->at, set->warm_up);
    const Dispatch *dispatch = early ? &set->early : &set->late;
    set->seen[fact->kind] += !early;
    uint32_t row = row_of(fact);
    const Subscriber *end = &dispatch->subscribers[dispatch->first[row + 1]];
    for (const Subscriber *s = &dispatch->subscribers[dispatch->first[row]]; s < end; s++)
        s->see(s->state, fact);
}

void measure_set_end(MeasureSet *set, const MeasureTotals *totals) {
    static const MeasureTotals nothing = {.requests = NULL};
    MeasureEnd end = {set->setup, totals ? totals : &nothing, set->seen};
    for (uint32_t i = 0; i < MEASURES; i++) {
        sheet_measure(set->sheet, &infos[i]);
        infos[i].kind->end(set->states[i], &end, set->sheet);
    }
    sheet_end(set->sheet);
}

void measure_set_merge(MeasureSet *into, const MeasureSet *from) { sheet_merge(into->sheet, from->sheet); }

void measure_set_pack(const MeasureSet *set, bool series, GByteArray *out) { parts_pack(set->sheet, series, out); }

bool measure_set_unpack(MeasureSet *set, Unpack *from) { return parts_unpack(set->sheet, from); }

void measure_set_forget(MeasureSet *set) { sheet_forget(set->sheet); }

/* ---- Results ----------------------------------------------------------------------------- */

uint64_t measure_set_replications(const MeasureSet *set) { return sheet_replications(set->sheet); }

uint32_t measure_set_columns(const MeasureSet *set, const MeasureColumn *const **columns) {
    return sheet_columns(set->sheet, columns);
}

const MeasureColumn *measure_find(const MeasureSet *set, const char *name) {
    const MeasureInfo *info;
    const MeasurePart *part;
    char *of;
    if (!measure_parse(name, &info, &part, &of))
        return NULL;
    const MeasureColumn *found = sheet_find(set->sheet, info, part, of, NULL);
    g_free(of);
    return found;
}

const MeasureColumn *measure_find_by(const MeasureSet *set, const char *name, const char *of, const char *by) {
    const MeasureInfo *info;
    const MeasurePart *part;
    return measure_parse(name, &info, &part, NULL) ? sheet_find(set->sheet, info, part, of, by) : NULL;
}

const MeasureColumn *measure_pool_quantile(const MeasureSet *set, const MeasureColumn *pooled, int64_t q_ppb) {
    return sheet_quantile(set->sheet, pooled, q_ppb);
}

uint32_t measure_set_series(const MeasureSet *set, const MeasureSeries **series) {
    return sheet_all_series(set->sheet, series);
}

/* Series of all populations together. */
static const MeasureSeries *series_named(const MeasureSet *set, const char *name) {
    const MeasureSeries *all;
    uint32_t count = measure_set_series(set, &all);
    for (uint32_t i = 0; i < count; i++)
        if (all[i].of == NULL && strcmp(all[i].name, name) == 0)
            return &all[i];
    return NULL;
}

/* Shares are compared as products of counts, so equal ones are equal; then the first stays. */
SimTime measure_worst_moment(const MeasureSet *set) {
    const MeasureSeries *good = series_named(set, "good"), *broken = series_named(set, "broken");
    if (good == NULL || broken == NULL)
        return SIMTIME_NEVER;
    SimTime fault = set->setup->fault_count ? set->setup->faults[0].at : set->setup->warm_up;
    int64_t worst = -1;
    for (int64_t i = fault.ns / good->bucket.ns; i < good->count; i++) {
        int64_t decided = good->values[i] + broken->values[i];
        if (decided > 0 && (worst < 0 || good->values[i] * (good->values[worst] + broken->values[worst]) <
                                             good->values[worst] * decided))
            worst = i;
    }
    if (worst < 0)
        return SIMTIME_NEVER;
    SimTime middle = SIMTIME_NS(worst * good->bucket.ns + good->bucket.ns / 2);
    return simtime_min(simtime_max(middle, fault), set->setup->until);
}
