/* show.c - `faultline show FILE`: the inventory of a model; with --assumed, every default that was used. */
#include <stdio.h>

#include "commands/print.h"
#include "commands/reading.h"
#include "commands/show.h"

static int show_file(const char *path, const ReadingOptions *options, bool assumed, const CommandEnv *env) {
    Reading reading;
    reading_init(&reading, path, options, NULL, env);
    int status = reading_tell(&reading);
    if (reading.model != NULL) {
        GString *out = g_string_new(NULL);
        if (assumed)
            show_assumed(out, reading.model, env->width);
        else
            show_inventory(out, reading.model, env->width);
        status = print_out(out);
    }
    reading_clear(&reading);
    return status;
}

static int show_run(int argc, char **argv, const CommandEnv *env) {
    ReadingOptions options = {0};
    gboolean assumed = FALSE;
    const GOptionEntry entries[] = {
        {"assumed", 'a', 0, G_OPTION_ARG_NONE, &assumed, "every default that was used, with its source", NULL},
        READING_OPTIONS(options),
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    int status;
    bool good = arguments_parse(&argc, &argv, entries, "FILE", "the inventory of a pattern or scenario", &status);
    if (good && argc != 2) {
        fputs("faultline show: name one pattern or scenario file\n", stderr);
        status = EXIT_INPUT;
    } else if (good) {
        status = show_file(argv[1], &options, assumed, env);
    }
    reading_options_clear(&options);
    return status;
}

const Command command_show = {
    .name = "show",
    .arguments = "FILE [--assumed]",
    .summary = "the inventory of a pattern or scenario",
    .run = show_run,
};
