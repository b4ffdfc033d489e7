/* reading.c - what every command that reads a pattern or scenario does first. */
#include "commands/reading.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "measure/measure.h"
#include "study/study.h"

enum { FINDINGS_SHOWN = 50 };

void reading_options_clear(ReadingOptions *options) {
    g_free(options->patterns);
    g_free(options->pattern);
    g_strfreev(options->sets);
    g_strfreev(options->events);
}

MetricRow *metric_rows(void) {
    GArray *rows = g_array_new(TRUE, TRUE, sizeof(MetricRow));
    for (uint32_t i = 0; i < measure_count(); i++) {
        const MeasureInfo *info = measure_info(i);
        for (const MeasurePart *part = measure_parts(info); part->name != NULL; part++) {
            char *name = g_strdup_printf("%s.%s", info->name, part->name);
            MetricRow row = {g_intern_string(name), part->unit};
            g_array_append_val(rows, row);
            g_free(name);
        }
        MetricRow row = {info->name, info->unit};
        g_array_append_val(rows, row);
    }
    return (MetricRow *)(void *)g_array_free(rows, FALSE);
}

static void tell_error(Reading *reading, GError *error) {
    fprintf(stderr, "faultline: %s\n", error->message);
    g_error_free(error);
    reading->status = EXIT_MACHINE;
}

static void reading_make(Reading *reading, ModelRequest request, const CommandEnv *env) {
    MetricRow *metrics = metric_rows();
    GError *error = NULL;
    *reading = (Reading){.inputs = model_inputs_new(), .diagnostics = diagnostics_new()};
    request.inputs = reading->inputs;
    request.installed_folder = env->patterns_folder;
    request.metrics = metrics;
    request.inapplicable = &reading->inapplicable;
    reading->model = model_read(&request, env->catalogue, reading->diagnostics, &error);
    reading->status = reading->model != NULL ? EXIT_DONE : EXIT_INPUT;
    if (error != NULL)
        tell_error(reading, error);
    g_free(metrics);
}

void reading_init(Reading *reading, const char *path, const ReadingOptions *options, const Node *but,
                  const CommandEnv *env) {
    ModelRequest request = {.path = path,
                            .pattern = options->pattern,
                            .patterns_folder = options->patterns,
                            .sets = (const char *const *)options->sets,
                            .events = (const char *const *)options->events,
                            .but = but};
    reading_make(reading, request, env);
}

/* The pattern among the texts: it need not be the one that the scenario names. */
static const char *pattern_among(const ModelText *texts, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        const char *name = g_str_has_prefix(texts[i].label, "patterns/") ? texts[i].label + strlen("patterns/") : NULL;
        if (name != NULL && strchr(name, '/') == NULL)
            return texts[i].label;
    }
    return NULL;
}

void reading_init_texts(Reading *reading, const ModelText *texts, uint32_t count, const char *const *sets,
                        const char *const *events, const CommandEnv *env) {
    static const char scenario[] = "scenario ", patterns[] = "patterns/"; /* how the first label begins */
    const char *path = count ? texts[0].label : "";
    path += g_str_has_prefix(path, scenario)   ? strlen(scenario)
            : g_str_has_prefix(path, patterns) ? strlen(patterns)
                                               : 0;
    ModelRequest request = {.path = path,
                            .pattern = pattern_among(texts, count),
                            .sets = sets,
                            .events = events,
                            .texts = texts,
                            .text_count = count};
    reading_make(reading, request, env);
}

void reading_clear(Reading *reading) {
    model_free(reading->model);
    diagnostics_free(reading->diagnostics);
    model_inputs_free(reading->inputs);
    g_free(reading->inapplicable);
}

int reading_tell(const Reading *reading) {
    diagnostics_print(reading->diagnostics, stderr, FINDINGS_SHOWN);
    return reading->status;
}

void reading_undecidable(const Model *model, Diagnostics *found) {
    for (uint32_t i = 0; i < model->expect_count; i++) {
        const Expect *expect = &model->expects[i];
        char *why = NULL, *mend = NULL;
        uint64_t needed;
        if (!expectation_decidable(expect, model->run.replications, &why, &needed)) {
            mend = needed > 0 ? g_strdup_printf("write run: {replications: %" PRIu64 "}", needed) : NULL;
            diag_error(found, expect->mark, mend, "expectation '%s' can never be decided: %s", expect->id, why);
        }
        g_free(mend);
        g_free(why);
    }
}

bool arguments_parse(int *argc, char ***argv, const GOptionEntry *entries, const char *usage, const char *summary,
                     int *status) {
    GError *error = NULL;
    gboolean help = FALSE;
    const GOptionEntry help_entry[] = {{"help", 'h', 0, G_OPTION_ARG_NONE, &help, "this text", NULL},
                                       {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    char *line = g_strdup_printf("%s - %s", usage, summary);
    GOptionContext *context = g_option_context_new(line);
    g_option_context_set_help_enabled(context, FALSE); /* GLib's own would exit */
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_add_main_entries(context, help_entry, NULL);
    bool good = g_option_context_parse(context, argc, argv, &error);
    *status = good ? EXIT_DONE : EXIT_INPUT;
    if (help) {
        char *text = g_option_context_get_help(context, TRUE, NULL);
        fputs(text, stdout);
        g_free(text);
    } else if (!good) {
        char *reason = escape_terminal(error->message);
        fprintf(stderr, "faultline %s: %s\n", (*argv)[0], reason);
        g_free(reason);
    }
    g_clear_error(&error);
    g_option_context_free(context);
    g_free(line);
    return good && !help;
}
