/* worst_page.c - which failures hurt most: as text, CSV, JSON, and as a scenario ready to commit. */
#include "commands/worst_page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "commands/print.h"

enum { SHOWN = 12 };

char *worst_entry(const Trial *trial, const char *event) {
    return g_strdup_printf("{at: %s, %s, for: %s}", trial->at, event, trial->lasts);
}

/* --- printing ----------------------------------------------------------------------------------------------------- */

static char *size_text(const MetricSummary *hurt, Unit unit) {
    return hurt->n == 0 && hurt->never > 0 ? g_strdup("never") : summary_text(hurt, unit);
}

static void list_print(GString *out, const Trial *trial, const char *heading, const GArray *failures) {
    static const int starts[] = {0, 6, 56};
    print_heading(out, heading);
    guint shown = trial->options->all ? failures->len : MIN(failures->len, SHOWN);
    for (guint i = 0; i < shown; i++) {
        const Failure *failure = &g_array_index(failures, Failure, i);
        char *rank = g_strdup_printf("%3u.", i + 1), *what = escape_terminal(failure->what);
        char *size = size_text(&failure->hurt, metric_unit(trial->metric));
        const char *cells[] = {rank, what, size};
        print_row(out, cells, starts, G_N_ELEMENTS(cells), trial->env->width);
        if (failure->hurt.never > 0)
            g_string_append_printf(out, "      never over in %" PRIu64 " replications\n", failure->hurt.never);
        g_free(rank);
        g_free(what);
        g_free(size);
    }
    if (shown < failures->len)
        g_string_append_printf(out, "      and %u that hurt less (--all lists them)\n", failures->len - shown);
}

static void text_print(GString *out, const Trial *trial, const GArray *singles, const GArray *pairs) {
    char *healthy = size_text(&trial->healthy, metric_unit(trial->metric)), *path = escape_terminal(trial->path);
    char *head = g_strdup_printf("%s: %s under each failure at %s for %s, %" PRIu64 " replications (without any: %s)",
                                 path, trial->metric, trial->at, trial->lasts,
                                 measure_set_replications(design_measures(&trial->first)), healthy);
    print_words(out, head, 0, 0, trial->env->width);
    list_print(out, trial, "SINGLE FAILURES", singles);
    if (pairs->len > 0)
        list_print(out, trial, "PAIRS, AT ONE INSTANT", pairs);
    g_free(head);
    g_free(path);
    g_free(healthy);
}

static void rows_json(JsonWriter *json, const char *key, const GArray *failures) {
    json_begin_array(json, key);
    for (guint i = 0; i < failures->len; i++) {
        const Failure *failure = &g_array_index(failures, Failure, i);
        json_begin_object_inline(json, NULL);
        json_string(json, "fails", failure->what);
        json_summary(json, &failure->hurt);
        json_end(json);
    }
    json_end(json);
}

static void json_print(GString *out, const Trial *trial, const GArray *singles, const GArray *pairs) {
    JsonWriter *json = json_document("faultline-worst/1");
    json_string(json, "metric", trial->metric);
    json_string(json, "at", trial->at);
    json_string(json, "for", trial->lasts);
    if (trial->healthy.n > 0)
        json_double(json, "without", trial->healthy.mean);
    rows_json(json, "singles", singles);
    rows_json(json, "pairs", pairs);
    print_json(out, json);
}

static void csv_print(GString *out, const GArray *failures) {
    for (guint i = 0; i < failures->len; i++) {
        const Failure *failure = &g_array_index(failures, Failure, i);
        char *what = escape_csv(failure->what);
        const Interval *interval = &failure->hurt.interval;
        const double numbers[] = {failure->hurt.mean, interval->low, interval->high};
        g_string_append(out, what);
        for (size_t n = 0; n < G_N_ELEMENTS(numbers); n++) {
            g_string_append_c(out, ',');
            csv_number(out, n == 0 ? failure->hurt.n > 0 : interval->exists, numbers[n]);
        }
        g_string_append_printf(out, ",%" PRIu64 "\n", failure->hurt.never);
        g_free(what);
    }
}

void worst_print(GString *out, const Trial *trial, const GArray *singles, const GArray *pairs) {
    if (trial->format == TABLE_JSON) {
        json_print(out, trial, singles, pairs);
    } else if (trial->format == TABLE_CSV) {
        g_string_append(out, "fails,mean,low,high,never\n");
        csv_print(out, singles);
        csv_print(out, pairs);
    } else {
        text_print(out, trial, singles, pairs);
    }
}

/* --- the scenario, ready to commit -------------------------------------------------------------------------------- */

/* What was found becomes a claim: the interval's upper end, rounded up, is the bound that may not be passed. */
char *worst_scenario(const Trial *trial, const Failure *failure) {
    const Model *model = trial->first.reading.model;
    GString *text = g_string_new(NULL);
    char **events = g_strsplit(failure->event, "\n", -1);
    g_string_append_printf(text, "scenario: the worst failure for %s\n", trial->metric);
    g_string_append_printf(text, "about: Of all single failures that were tried%s, this one hurts most.\n",
                           events[1] != NULL ? ", and of pairs of the worst" : "");
    g_string_append_printf(text, "pattern: %s\ntimeline:\n", model->pattern);
    for (char **event = events; *event != NULL; event++) {
        char *entry = worst_entry(trial, *event);
        g_string_append_printf(text, "  - %s\n", entry);
        g_free(entry);
    }
    char *until = quantity_text(model->run.until.ns, UNIT_TIME);
    g_string_append_printf(text, "run: {until: %s, replications: %" PRIu32 ", seed: %" PRIu64 "}\n", until,
                           model->run.replications, model->run.seed);
    const MeasureInfo *info;
    measure_parse(trial->metric, &info, NULL, NULL);
    bool more = measure_more_is_better(info);
    if (failure->hurt.n > 0 && failure->hurt.interval.exists) {
        double edge = more ? failure->hurt.interval.low : failure->hurt.interval.high;
        char *bound = quantity_text((int64_t)(more ? floor(edge) : ceil(edge)), metric_unit(trial->metric));
        g_string_append_printf(text, "expect:\n  - {id: no-worse, metric: %s, mean: \"%s %s\"}\n", trial->metric,
                               more ? ">=" : "<=", bound);
        g_free(bound);
    }
    g_free(until);
    g_strfreev(events);
    return g_string_free(text, FALSE);
}
