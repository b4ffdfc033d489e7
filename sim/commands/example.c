/* example.c - picks the steps from a cause to a miss out of all that happened in one replication. */
#include "commands/example.h"

#include <math.h>
#include <string.h>

#include "document/document.h"

/* Sessions that broke for one cause. */
typedef struct {
    Cause cause;
    uint64_t sessions;
    Fact first;
} Broken;

typedef struct {
    const Model *model;
    DocumentLog *log;
    SimTime end;     /* nothing after it matters */
    bool from_fault; /* what was measured began at the only fault, and ended then */
    Broken broken[CAUSES];
} Watcher;

static void watcher_see(void *user, const Fact *fact) {
    Watcher *watcher = user;
    if (simtime_before(watcher->end, fact->at))
        return;
    if (fact->kind != FACT_BROKEN) {
        document_log_see(watcher->log, fact);
        return;
    }
    Broken *broken = &watcher->broken[fact->cause];
    if (broken->sessions++ == 0)
        broken->first = *fact;
    broken->cause = fact->cause;
}

/* A time that is measured from a fault on, where there is one fault only. */
static bool is_from_fault(const Model *model, const Expect *expect) {
    const MeasureInfo *info;
    if (expect->kind != EXPECT_MEASURE || expect->denominator || model->event_count == 0 ||
        !simtime_equal(model->timeline[0].at, model->timeline[model->event_count - 1].at))
        return false;
    return measure_parse(expect->metric, &info, NULL, NULL) && !measure_is_pooled(info) && info->unit == UNIT_TIME &&
           g_str_has_prefix(info->window, "each fault");
}

static Watcher watcher_of(const Model *model, const Expect *expect, const Judgement *judgement) {
    Watcher watcher = {.model = model, .log = document_log_new(model), .end = model->run.until};
    watcher.from_fault = is_from_fault(model, expect) && isfinite(judgement->counter_value);
    if (expect->kind != EXPECT_MEASURE)
        watcher.end = judgement->at;
    else if (watcher.from_fault)
        watcher.end = simtime_add(model->timeline[0].at, SIMTIME_NS((int64_t)judgement->counter_value));
    return watcher;
}

/* What matters most comes first; steps that matter less are told where there is room. */
static int rank_of(const TestStep *step, const Expect *expect) {
    static const char *const ranks[][8] = {
        {"fault", "rule", "owned", "respond", "sessions", "verdict", "measured", NULL},
        {"mend", "alert", NULL},
        {"data", "promote", "publish", NULL},
        {"decide", "notice", NULL},
        {"launch", "serve", NULL}};
    int most = expect->kind != EXPECT_MEASURE ? 2 : (int)G_N_ELEMENTS(ranks);
    for (int rank = 0; rank < most; rank++)
        for (const char *const *kind = ranks[rank]; *kind; kind++)
            if (g_str_equal(step->kind, *kind))
                return rank;
    return -1;
}

/* `kind` is static; `what` is copied. */
static void add_step(Example *example, SimTime at, const char *kind, const char *what, const Mark *mark) {
    TestPlace place = {mark && mark->source ? source_name(mark->source) : NULL, mark ? mark->line : 0,
                       mark ? mark->column : 0};
    TestStep step = {at.ns, kind, g_string_chunk_insert(example->texts, what), place};
    g_array_append_val(example->steps, step);
}

/* What was done to the system stands in the scenario. */
static const Mark *mark_of(const Model *model, const char *what) {
    for (uint32_t e = 0; e < model->event_count; e++)
        if (g_str_equal(model->timeline[e].text, what))
            return &model->timeline[e].mark;
    return NULL;
}

static const Element *element_of(const Model *model, uint32_t element) {
    return element > 0 && element < model->element_count ? &model->elements[element] : NULL;
}

static void add_timeline(Example *example, const Watcher *watcher) {
    Record *record = record_new();
    document_timeline(record, watcher->log);
    for (guint i = 0; i < record->timeline->len; i++) {
        const RecordEvent *event = &g_array_index(record->timeline, RecordEvent, i);
        add_step(example, SIMTIME_NS(event->at_ns), g_intern_string(event->kind), event->what,
                 mark_of(watcher->model, event->what));
    }
    record_free(record);
}

/* ---- Sessions ---------------------------------------------------------------------------- */

static int by_sessions(gconstpointer a, gconstpointer b) {
    const Broken *x = a, *y = b;
    if (x->sessions != y->sessions)
        return x->sessions < y->sessions ? 1 : -1;
    return (x->cause > y->cause) - (x->cause < y->cause);
}

static char *broken_text(const Model *model, const Broken *broken, const Element *rule) {
    const Fact *first = &broken->first;
    const char *at = first->unit == NO_UNIT ? NULL : model->components[model->units[first->unit].component].name;
    return g_strdup_printf("%" G_GUINT64_FORMAT " session%s broken: %s%s%s%s%s", broken->sessions,
                           broken->sessions == 1 ? "" : "s", cause_name(broken->cause), at ? ", the first at " : "",
                           at ? at : "", rule ? ", decided by " : "", rule ? rule->text : "");
}

/* The causes that broke most. */
static void add_broken(Example *example, Watcher *watcher) {
    enum { MOST_CAUSES = 3 };
    qsort(watcher->broken, CAUSES, sizeof watcher->broken[0], by_sessions);
    for (int i = 0; i < MOST_CAUSES && watcher->broken[i].sessions; i++) {
        const Broken *broken = &watcher->broken[i];
        const Element *rule = element_of(watcher->model, broken->first.rule);
        char *text = broken_text(watcher->model, broken, rule);
        add_step(example, broken->first.at, "sessions", text, rule ? &rule->mark : NULL);
        g_free(text);
    }
}

/* ---- Verdicts ---------------------------------------------------------------------------- */

static void add_verdict(Example *example, const Model *model, const Judgement *judgement) {
    const Element *element = element_of(model, judgement->element);
    char *text = element ? g_strdup_printf("decided by %s", element->text) : NULL;
    if (element)
        add_step(example, judgement->at, "verdict", text, &element->mark);
    g_free(text);
}

/* ---- Parts ------------------------------------------------------------------------------- */

/* What one replication says of a measure's part; 0 when there is nothing. */
static int64_t part_value(const MeasureSet *measures, const Expect *expect, const char *part, uint64_t replication) {
    char *name = g_strdup_printf("%s.%s", expect->metric, part);
    const MeasureColumn *column =
        expect->of ? measure_find_by(measures, name, expect->of, NULL) : measure_find(measures, name);
    int64_t value = 0;
    for (uint32_t i = 0; column && i < column->count; i++)
        if (column->samples[i].replication == replication)
            value = column->samples[i].value;
    g_free(name);
    return value;
}

/* What the time went into: "failover_time 1.4 min: detect 43 s, publish 2 s". */
static void add_parts(Example *example, const Watcher *watcher, const Pipeline *pipeline, const Expect *expect,
                      const Judgement *judgement) {
    const MeasureInfo *info;
    const MeasurePart *whole;
    if (!watcher->from_fault || !measure_parse(expect->metric, &info, &whole, NULL) || whole)
        return;
    const MeasureSet *measures = study_measures(pipeline_study(pipeline));
    char *total = value_text(judgement->counter_value, UNIT_TIME);
    GString *text = g_string_new(NULL);
    g_string_printf(text, "%s %s", expect->metric, total);
    const char *sign = ": ";
    for (const MeasurePart *part = measure_parts(info); part->name; part++) {
        int64_t value = part_value(measures, expect, part->name, judgement->replication);
        char *words = value_text((double)value, UNIT_TIME);
        if (value) {
            g_string_append_printf(text, "%s%s %s", sign, part->label, words);
            sign = ", ";
        }
        g_free(words);
    }
    add_step(example, watcher->end, "measured", text->str, NULL);
    g_string_free(text, TRUE);
    g_free(total);
}

/* ---- All --------------------------------------------------------------------------------- */

static int by_instant(gconstpointer a, gconstpointer b) {
    const TestStep *x = a, *y = b;
    return (x->at_ns > y->at_ns) - (x->at_ns < y->at_ns);
}

/* Rank by rank, and within a rank as they were added, until there is no room; then all of them in order of time. */
static void choose_steps(Example *example, const Expect *expect) {
    enum { RANKS = 5 };
    GArray *chosen = g_array_new(FALSE, FALSE, sizeof(TestStep));
    for (int rank = 0; rank < RANKS; rank++)
        for (guint i = 0; i < example->steps->len && chosen->len < EXAMPLE_STEPS; i++)
            if (rank_of(&g_array_index(example->steps, TestStep, i), expect) == rank)
                g_array_append_val(chosen, g_array_index(example->steps, TestStep, i));
    g_array_sort(chosen, by_instant); /* stable: of one instant, causes come before what follows from them */
    g_array_free(example->steps, TRUE);
    example->steps = chosen;
}

Example *example_new(const Pipeline *pipeline, const Model *model, const Expect *expect, const Judgement *judgement) {
    Example *example = g_new0(Example, 1);
    example->texts = g_string_chunk_new(1024);
    example->steps = g_array_new(FALSE, FALSE, sizeof(TestStep));
    Watcher watcher = watcher_of(model, expect, judgement);
    uint64_t sessions = expect->kind == EXPECT_MEASURE ? FACT_BIT(FACT_BROKEN) : 0;
    Observer observer = {document_log_wants() | sessions, watcher_see, &watcher};
    pipeline_watch(pipeline, judgement->replication, &observer);
    add_timeline(example, &watcher);
    add_broken(example, &watcher);
    add_verdict(example, model, judgement);
    add_parts(example, &watcher, pipeline, expect, judgement);
    choose_steps(example, expect);
    document_log_free(watcher.log);
    return example;
}

void example_free(Example *example) {
    if (!example)
        return;
    g_array_free(example->steps, TRUE);
    g_string_chunk_free(example->texts);
    g_free(example);
}
