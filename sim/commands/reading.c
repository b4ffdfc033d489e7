/* reading.c - what every command that reads a pattern or scenario does first. */
#include "commands/reading.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "measure/measure.h"

enum { FINDINGS_SHOWN = 50 };

void reading_options_clear(ReadingOptions *options) {
    g_free(options->patterns);
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

void reading_init(Reading *reading, const char *path, const ReadingOptions *options, const Node *but,
                  const CommandEnv *env) {
    MetricRow *metrics = metric_rows();
    GError *error = NULL;
    *reading = (Reading){.inputs = model_inputs_new(), .diagnostics = diagnostics_new()};
    ModelRequest request = {.path = path,
                            .patterns_folder = options->patterns,
                            .sets = (const char *const *)options->sets,
                            .events = (const char *const *)options->events,
                            .but = but,
                            .inputs = reading->inputs,
                            .installed_folder = env->patterns_folder,
                            .metrics = metrics};
    reading->model = model_read(&request, env->catalogue, reading->diagnostics, &error);
    reading->status = reading->model != NULL ? EXIT_DONE : EXIT_INPUT;
    if (error != NULL)
        tell_error(reading, error);
    g_free(metrics);
}

void reading_clear(Reading *reading) {
    model_free(reading->model);
    diagnostics_free(reading->diagnostics);
    model_inputs_free(reading->inputs);
}

int reading_tell(const Reading *reading) {
    diagnostics_print(reading->diagnostics, stderr, FINDINGS_SHOWN);
    return reading->status;
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
