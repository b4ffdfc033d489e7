/* render.c - `faultline render FILE`: draws a record, or runs a pattern or scenario once and draws that. */
#include <stdio.h>
#include <string.h>

#include "base/outfile.h"
#include "commands/picture.h"
#include "commands/reading.h"
#include "pipeline.h"

typedef struct {
    ReadingOptions reading;
    char *folder, *formats;
} RenderOptions;

static int draw_record(const char *file, const RenderOptions *options, const CommandEnv *env) {
    GError *error = NULL;
    const char *folder = options->folder ? options->folder : ".";
    int status = picture_draw(file, folder, options->formats ? options->formats : "svg", env, &error);
    if (error) {
        fprintf(stderr, "faultline render: %s\n", error->message);
        g_error_free(error);
    }
    return status;
}

/* The record of one run goes to the folder too: a picture without its record could not be drawn again. */
static int draw_model(const char *file, const RenderOptions *options, const CommandEnv *env) {
    Reading reading;
    reading_init(&reading, file, &options->reading, NULL, env);
    int status = reading_tell(&reading);
    if (reading.model) {
        GError *error = NULL;
        Pipeline *pipeline = pipeline_new(reading.model);
        pipeline_run(pipeline, 1, NULL, NULL);
        char *record = NULL;
        const char *folder = options->folder ? options->folder : ".";
        if (outfile_folder(folder, &error) && pipeline_write_record(pipeline, folder, &record, &error))
            status = draw_record(record, options, env);
        if (error) {
            fprintf(stderr, "faultline render: %s\n", error->message);
            g_error_free(error);
            status = EXIT_MACHINE;
        }
        g_free(record);
        pipeline_free(pipeline);
    }
    reading_clear(&reading);
    return status;
}

static int render_run(int argc, char **argv, const CommandEnv *env) {
    RenderOptions options = {0};
    const GOptionEntry entries[] = {
        READING_OPTIONS(options.reading),
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder, "write into DIR (default: here)", "DIR"},
        {"format", 'f', 0, G_OPTION_ARG_STRING, &options.formats,
         "dot, svg, html; several joined by commas (default: svg)", "LIST"},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    int status;
    bool good = arguments_parse(&argc, &argv, entries, "FILE", "draw a record, a pattern or a scenario", &status);
    if (good && argc != 2) {
        fputs("faultline render: name one record, pattern or scenario file\n", stderr);
        status = EXIT_INPUT;
    } else if (good) {
        status = g_str_has_suffix(argv[1], ".json") ? draw_record(argv[1], &options, env)
                                                    : draw_model(argv[1], &options, env);
    }
    reading_options_clear(&options.reading);
    g_free(options.folder);
    g_free(options.formats);
    return status;
}

const Command command_render = {
    .name = "render",
    .arguments = "FILE",
    .summary = "draw a record, a pattern or a scenario",
    .run = render_run,
};
