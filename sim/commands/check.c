/* check.c - `faultline check FILE...`: reads each file, and each `but:` in it, and says what is wrong. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "commands/print.h"
#include "commands/reading.h"
#include "study/study.h"

static uint32_t places_at(const Model *model, PlaceLevel level) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < model->place_count; i++)
        count += model->places[i].level == level;
    return count;
}

static void count_append(GString *out, uint32_t count, const char *one, const char *many) {
    if (count > 0)
        g_string_append_printf(out, ", %" PRIu32 " %s", count, count == 1 ? one : many);
}

static void tell_good(const char *path, const Reading *reading) {
    const Model *model = reading->model;
    char *name = escape_terminal(path);
    GString *out = g_string_new(name);
    g_string_append_printf(out, ": ok: %s%s", model->scenario != NULL ? "scenario of " : "pattern ", model->pattern);
    count_append(out, places_at(model, PLACE_REGION), "region", "regions");
    count_append(out, places_at(model, PLACE_ZONE), "zone", "zones");
    count_append(out, model->component_count, "component", "components");
    count_append(out, model->event_count, "event", "events");
    count_append(out, model->expect_count, "expectation", "expectations");
    count_append(out, diagnostics_count(reading->diagnostics), "warning", "warnings");
    puts(out->str);
    g_string_free(out, TRUE);
    g_free(name);
}

/* Each counter-test must be readable too; what it finds is told under the expectation's name. */
static int check_buts(const char *path, const Reading *reading, const ReadingOptions *options, const CommandEnv *env) {
    int status = EXIT_DONE;
    for (uint32_t i = 0; i < reading->model->expect_count; i++) {
        const Expect *expect = &reading->model->expects[i];
        const Node *set = expect->but != NULL ? node_get(expect->but, "set") : NULL;
        if (set == NULL)
            continue;
        Reading but;
        reading_init(&but, path, options, set, env);
        if (but.model == NULL) {
            fprintf(stderr, "under the `but` of expectation '%s':\n", expect->id);
            status = reading_tell(&but);
        } else if (strcmp(but.model->model_digest, reading->model->model_digest) == 0) {
            Diagnostics *same = diagnostics_new();
            diag_error(same, expect->but->mark, "change something that matters",
                       "this `but` leaves the model as it is");
            diagnostics_print(same, stderr, 0);
            diagnostics_free(same);
            status = EXIT_INPUT;
        }
        reading_clear(&but);
    }
    return status;
}

/* A bound that this many runs can never decide is told before they are run. */
static int check_decidable(const Reading *reading) {
    Diagnostics *found = diagnostics_new();
    reading_undecidable(reading->model, found);
    diagnostics_print(found, stderr, 0);
    int status = diagnostics_errors(found) > 0 ? EXIT_INPUT : EXIT_DONE;
    diagnostics_free(found);
    return status;
}

static int check_file(const char *path, const ReadingOptions *options, const CommandEnv *env) {
    Reading reading;
    reading_init(&reading, path, options, NULL, env);
    int status = reading_tell(&reading);
    if (reading.model != NULL) {
        int decidable = check_decidable(&reading), buts = check_buts(path, &reading, options, env);
        status = MAX(decidable, buts);
    }
    if (status == EXIT_DONE)
        tell_good(path, &reading);
    reading_clear(&reading);
    return status;
}

static int check_run(int argc, char **argv, const CommandEnv *env) {
    ReadingOptions options = {0};
    const GOptionEntry entries[] = {READING_OPTIONS(options), {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    int status;
    bool good =
        arguments_parse(&argc, &argv, entries, "FILE...", "say what is wrong with patterns and scenarios", &status);
    if (good && argc < 2) {
        fputs("faultline check: name a pattern or scenario file\n", stderr);
        status = EXIT_INPUT;
    }
    for (int i = 1; good && i < argc; i++) {
        int one = check_file(argv[i], &options, env);
        status = MAX(status, one);
    }
    reading_options_clear(&options);
    return status;
}

const Command command_check = {
    .name = "check",
    .arguments = "FILE...",
    .summary = "say what is wrong with patterns and scenarios",
    .run = check_run,
};
