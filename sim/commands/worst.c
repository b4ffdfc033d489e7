/* worst.c - `faultline worst S`: which single failure, or pair of them, hurts a metric most.
 *
 * Every zone, region, control plane of a region, link between two of these and component fails once, each in a run of
 * its own under the same luck; what hurts most can be written out as a scenario. Instances are left out: a fleet loses
 * one of many. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/outfile.h"
#include "commands/print.h"
#include "commands/worst_page.h"

enum { PAIRED = 8 }; /* so many singles are paired: 28 runs */

/* --- what can fail ------------------------------------------------------------------------------------------------ */

static void failure_clear(gpointer pointer) {
    Failure *failure = pointer;
    g_free(failure->event);
    g_free(failure->what);
}

/* Names of copies have brackets, which YAML wants quoted. */
static void failure_add(GArray *failures, const char *verb, char *what) {
    const char *quote = strpbrk(what, "[]") != NULL ? "\"" : "";
    Failure failure = {
        .event = g_strdup_printf("%s: %s%s%s", verb, quote, what, quote), .what = what, .serial = failures->len};
    g_array_append_val(failures, failure);
}

/* A region that two accounts share is one place to the user. */
static bool is_first(const Model *model, PlaceId place) {
    for (PlaceId p = 0; p < place; p++)
        if (model->places[p].level == model->places[place].level &&
            strcmp(model->places[p].name, model->places[place].name) == 0)
            return false;
    return true;
}

static void links_add(const Model *model, PlaceId a, GArray *failures) {
    for (PlaceId b = a + 1; b < model->place_count; b++) {
        bool zones = model->places[a].level == PLACE_ZONE && model->places[b].level == PLACE_ZONE &&
                     model->places[a].parent == model->places[b].parent;
        bool regions = model->places[a].level == PLACE_REGION && model->places[b].level == PLACE_REGION;
        if ((zones || regions) && is_first(model, b))
            failure_add(failures, "partition",
                        g_strdup_printf("link %s <-> %s", model->places[a].name, model->places[b].name));
    }
}

static void places_add(const Model *model, GArray *failures) {
    for (PlaceId p = 0; p < model->place_count; p++) {
        const Place *place = &model->places[p];
        if ((place->level != PLACE_ZONE && place->level != PLACE_REGION) || !is_first(model, p))
            continue;
        failure_add(failures, "fail",
                    g_strdup_printf("%s %s", place->level == PLACE_ZONE ? "zone" : "region", place->name));
        if (place->level == PLACE_REGION)
            failure_add(failures, "freeze", g_strdup_printf("control_plane %s", place->name));
        links_add(model, p, failures);
    }
}

static GArray *failures_of(const Model *model) {
    GArray *failures = g_array_new(FALSE, FALSE, sizeof(Failure));
    g_array_set_clear_func(failures, failure_clear);
    places_add(model, failures);
    for (ComponentId c = 0; c < model->component_count; c++)
        if (model->components[c].kind->role != ROLE_POPULATION && model->components[c].unit_count > 0)
            failure_add(failures, "fail", g_strdup(model->components[c].name));
    return failures;
}

/* --- trying them -------------------------------------------------------------------------------------------------- */

static int failure_try(const Trial *trial, Failure *failure, const char *const *events) {
    DesignSource source = {trial->path, NULL, NULL, events, &trial->options->reading};
    Design design;
    int status = design_init(&design, &source, trial->env);
    if (status == EXIT_DONE)
        status = design_run(&design, &trial->first, &trial->options->effort, "worst", trial->env);
    if (status == EXIT_DONE)
        failure->hurt = metric_summary(design_measures(&design), trial->metric);
    design_clear(&design);
    return status;
}

static int singles_try(const Trial *trial, GArray *failures) {
    int status = EXIT_DONE;
    for (guint i = 0; i < failures->len && status == EXIT_DONE; i++) {
        Failure *failure = &g_array_index(failures, Failure, i);
        char *entry = worst_entry(trial, failure->event);
        status = failure_try(trial, failure, (const char *const[]){entry, NULL});
        g_free(entry);
    }
    return status;
}

/* Pairs of those that hurt most alone, both at one instant. */
static int pairs_try(const Trial *trial, const GArray *singles, GArray *pairs) {
    int status = EXIT_DONE;
    guint most = MIN(singles->len, PAIRED);
    for (guint i = 0; i < most; i++) {
        for (guint k = i + 1; k < most && status == EXIT_DONE; k++) {
            const Failure *a = &g_array_index(singles, Failure, i), *b = &g_array_index(singles, Failure, k);
            char *one = worst_entry(trial, a->event), *two = worst_entry(trial, b->event);
            Failure pair = {.event = g_strdup_printf("%s\n%s", a->event, b->event),
                            .what = g_strdup_printf("%s + %s", a->what, b->what),
                            .serial = pairs->len};
            status = failure_try(trial, &pair, (const char *const[]){one, two, NULL});
            g_array_append_val(pairs, pair);
            g_free(one);
            g_free(two);
        }
    }
    return status;
}

/* What hurts more than any number is what is never over. */
static double size_of(const MetricSummary *hurt) {
    return hurt->n == 0 && hurt->never > 0 ? (double)INFINITY : hurt->mean;
}

/* The worst first; among equals in the order in which they were tried. */
static gint compare_failures(gconstpointer a, gconstpointer b, gpointer more_is_better) {
    const Failure *x = a, *y = b;
    double sign = *(bool *)more_is_better ? -1 : 1, left = sign * size_of(&x->hurt), right = sign * size_of(&y->hurt);
    if (x->hurt.never != y->hurt.never)
        return x->hurt.never > y->hurt.never ? -1 : 1;
    if (left != right)
        return left > right ? -1 : 1;
    return x->serial < y->serial ? -1 : x->serial > y->serial;
}

static int scenario_write(const Trial *trial, const Failure *failure, const char *path) {
    char *text = worst_scenario(trial, failure);
    GError *error = NULL;
    bool written = outfile_write(path, text, strlen(text), &error);
    if (!written) {
        fprintf(stderr, "faultline worst: %s\n", error->message);
        g_error_free(error);
    }
    g_free(text);
    return written ? EXIT_DONE : EXIT_MACHINE;
}

/* --- the command -------------------------------------------------------------------------------------------------- */

/* The worst of all is the one written out: of the pairs, too, where they were asked for. */
static const Failure *worst_of(const GArray *singles, const GArray *pairs, bool *more_is_better) {
    const Failure *single = singles->len > 0 ? &g_array_index(singles, Failure, 0) : NULL;
    const Failure *pair = pairs->len > 0 ? &g_array_index(pairs, Failure, 0) : NULL;
    if (single == NULL || pair == NULL)
        return single;
    Failure later = *pair;
    later.serial += singles->len;
    return compare_failures(&later, single, more_is_better) < 0 ? pair : single;
}

static int tell(const Trial *trial, const GArray *singles, const GArray *pairs, bool *more_is_better) {
    GString *out = g_string_new(NULL);
    worst_print(out, trial, singles, pairs);
    int status = print_out(out);
    const Failure *worst = worst_of(singles, pairs, more_is_better);
    if (status == EXIT_DONE && trial->options->output != NULL && worst != NULL)
        status = scenario_write(trial, worst, trial->options->output);
    return status;
}

static int worst_find(const Trial *trial) {
    const MeasureInfo *info;
    measure_parse(trial->metric, &info, NULL, NULL);
    bool more = measure_more_is_better(info);
    GArray *singles = failures_of(trial->first.reading.model), *pairs = g_array_new(FALSE, FALSE, sizeof(Failure));
    g_array_set_clear_func(pairs, failure_clear);
    int status = singles_try(trial, singles);
    g_array_sort_with_data(singles, compare_failures, &more);
    if (status == EXIT_DONE && trial->options->pairs)
        status = pairs_try(trial, singles, pairs);
    g_array_sort_with_data(pairs, compare_failures, &more);
    if (status == EXIT_DONE)
        status = tell(trial, singles, pairs, &more);
    g_array_free(singles, TRUE);
    g_array_free(pairs, TRUE);
    return status;
}

static int worst_file(Trial *trial) {
    DesignSource source = {trial->path, NULL, NULL, NULL, &trial->options->reading};
    int status = design_init(&trial->first, &source, trial->env);
    if (status == EXIT_DONE)
        status = design_run(&trial->first, &trial->first, &trial->options->effort, "worst", trial->env);
    if (status == EXIT_DONE) {
        trial->healthy = metric_summary(design_measures(&trial->first), trial->metric);
        status = worst_find(trial);
    }
    design_clear(&trial->first);
    return status;
}

static bool time_good(const char *text, const char *option) {
    char *why = NULL;
    int64_t value;
    bool good = quantity_parse(text, UNIT_TIME, &value, &why);
    if (!good)
        fprintf(stderr, "faultline worst: --%s %s: %s\n", option, text, why);
    g_free(why);
    return good;
}

static bool options_good(const WorstOptions *options, Trial *trial) {
    char *metrics[] = {(char *)(uintptr_t)trial->metric, NULL};
    return table_format_read(options->format, "worst", &trial->format) && metrics_known(metrics, "worst") &&
           time_good(trial->at, "at") && time_good(trial->lasts, "for");
}

static int worst_run(int argc, char **argv, const CommandEnv *env) {
    WorstOptions options = {0};
    const GOptionEntry entries[] = {
        {"metric", 'm', 0, G_OPTION_ARG_STRING, &options.metric, "what is hurt (default: lost_sessions)", "METRIC"},
        {"at", 0, 0, G_OPTION_ARG_STRING, &options.at, "when it fails (default: 20 min)", "TIME"},
        {"for", 0, 0, G_OPTION_ARG_STRING, &options.lasts, "for how long (default: 20 min)", "TIME"},
        {"pairs", 0, 0, G_OPTION_ARG_NONE, &options.pairs, "also pairs of the eight that hurt most", NULL},
        {"all", 0, 0, G_OPTION_ARG_NONE, &options.all, "list every failure that was tried", NULL},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, "write the worst as a scenario", "FILE"},
        {"format", 'f', 0, G_OPTION_ARG_STRING, &options.format, "what to print: text, csv or json", "FORMAT"},
        EFFORT_LUCK_OPTIONS(options.effort),
        READING_OPTIONS(options.reading),
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    int status;
    bool good = arguments_parse(&argc, &argv, entries, "FILE", "which failure hurts most", &status);
    if (good && argc != 2) {
        fputs("faultline worst: name one pattern or scenario file\n", stderr);
        status = EXIT_INPUT;
    } else if (good) {
        Trial trial = {.path = argv[1],
                       .metric = options.metric != NULL ? options.metric : "lost_sessions",
                       .at = options.at != NULL ? options.at : "20 min",
                       .lasts = options.lasts != NULL ? options.lasts : "20 min",
                       .options = &options,
                       .env = env};
        status = options_good(&options, &trial) ? worst_file(&trial) : EXIT_INPUT;
    }
    reading_options_clear(&options.reading);
    effort_options_clear(&options.effort);
    g_free(options.metric);
    g_free(options.at);
    g_free(options.lasts);
    g_free(options.format);
    g_free(options.output);
    return status;
}

const Command command_worst = {
    .name = "worst",
    .arguments = "FILE",
    .summary = "which failure, or pair of them, hurts most",
    .run = worst_run,
};
