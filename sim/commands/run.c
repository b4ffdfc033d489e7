/* run.c - `faultline run FILE`: runs a scenario (or a pattern as it stands), reports, and draws. */
#include <stdio.h>
#include <string.h>

#include "base/outfile.h"
#include "commands/bare.h"
#include "commands/picture.h"
#include "commands/progress.h"
#include "commands/reading.h"
#include "pipeline.h"
#include "report/report.h"

typedef struct {
    ReadingOptions reading;
    char *folder, *format, *seed, *replications;
    gboolean html;
} RunOptions;

/* Numbers of --seed and --replications; they replace what the file says. */
static bool number_option(const char *text, const char *name, int64_t least, int64_t *value) {
    char *why = NULL;
    if (!text)
        return true;
    if (!quantity_parse(text, UNIT_NONE, value, &why) || *value < least) {
        fprintf(stderr, "faultline run: --%s %s: %s\n", name, text, why ? why : "too small");
        g_free(why);
        return false;
    }
    return true;
}

static bool apply_options(Model *model, const RunOptions *options) {
    int64_t seed = (int64_t)model->run.seed, replications = model->run.replications;
    if (!number_option(options->seed, "seed", 0, &seed) ||
        !number_option(options->replications, "replications", 1, &replications))
        return false;
    model->run.seed = (uint64_t)seed;
    model->run.replications = (uint32_t)MIN(replications, (int64_t)UINT32_MAX);
    return true;
}

static bool write_file(const char *folder, const char *name, const char *text, GError **error) {
    char *path = g_build_filename(folder, name, NULL);
    bool written = outfile_write(path, text, strlen(text), error);
    g_free(path);
    return written;
}

/* Report, record and pictures, each whole or not there. */
static int write_folder(Pipeline *pipeline, const RunOptions *options, const CommandEnv *env, GError **error) {
    char *record = NULL;
    int status = EXIT_MACHINE;
    ReportInput input = {pipeline_record(pipeline), false, 80};
    char *text = report_text(&input);
    if (outfile_folder(options->folder, error) && write_file(options->folder, "report.txt", text, error) &&
        pipeline_write_record(pipeline, options->folder, &record, error))
        status = picture_draw(record, options->folder, options->html ? "dot,svg,html" : "dot,svg", env, error);
    g_free(text);
    g_free(record);
    return status;
}

static bool format_is_known(const char *format) {
    if (report_format(format))
        return true;
    fprintf(stderr, "faultline run: there is no format '%s'; known:", format);
    for (const ReportFormat *const *known = report_formats; *known; known++)
        fprintf(stderr, " %s", (*known)->name);
    fputc('\n', stderr);
    return false;
}

static int expectations_status(Pipeline *pipeline, const Model *model) {
    for (uint32_t e = 0; e < model->expect_count; e++)
        if (pipeline_judge(pipeline, e)->verdict != FINDING_HOLDS)
            return EXIT_MISSED;
    return EXIT_DONE;
}

static int run_model(Model *model, const RunOptions *options, const CommandEnv *env) {
    GError *error = NULL;
    Pipeline *pipeline = pipeline_new(model);
    Progress progress = progress_begin(env, model->scenario ? model->scenario : model->pattern);
    uint64_t done = pipeline_run(pipeline, model->run.replications, progress_tell, &progress);
    progress_end(&progress);
    int status = done < model->run.replications ? EXIT_INTERRUPTED : expectations_status(pipeline, model);
    ReportInput input = {pipeline_record(pipeline), env->colour, env->width};
    char *report = report_format(options->format ? options->format : "text")->write(&input);
    if (!outfile_stdout(report, strlen(report), &error))
        status = EXIT_MACHINE;
    if (!error && options->folder && write_folder(pipeline, options, env, &error) != EXIT_DONE)
        status = EXIT_MACHINE;
    if (error) {
        fprintf(stderr, "faultline run: %s\n", error->message);
        g_error_free(error);
        status = EXIT_MACHINE;
    }
    g_free(report);
    pipeline_free(pipeline);
    return status;
}

static int run_file(const char *path, const RunOptions *options, const CommandEnv *env) {
    Reading reading;
    reading_init(&reading, path, &options->reading, NULL, env);
    int status = reading_tell(&reading);
    if (reading.model && !reading.model->scenario && reading.model->event_count == 0)
        bare_lose_worst_zone(&reading, path, &options->reading, env);
    if (reading.model)
        status = apply_options(reading.model, options) ? run_model(reading.model, options, env) : EXIT_INPUT;
    reading_clear(&reading);
    return status;
}

static int run_run(int argc, char **argv, const CommandEnv *env) {
    RunOptions options = {0};
    const GOptionEntry entries[] = {
        READING_OPTIONS(options.reading),
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder, "write report, record and diagrams into DIR", "DIR"},
        {"format", 'f', 0, G_OPTION_ARG_STRING, &options.format, "what to print: text, json or csv", "FORMAT"},
        {"seed", 0, 0, G_OPTION_ARG_STRING, &options.seed, "seed of all luck, instead of the file's", "N"},
        {"replications", 'n', 0, G_OPTION_ARG_STRING, &options.replications, "independent runs, instead of the file's",
         "N"},
        {"html", 0, 0, G_OPTION_ARG_NONE, &options.html, "with -o: one page with everything, too", NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    int status;
    bool good = arguments_parse(&argc, &argv, entries, "FILE", "run a scenario or a pattern, and report", &status);
    if (good && argc != 2) {
        fputs("faultline run: name one pattern or scenario file\n", stderr);
        status = EXIT_INPUT;
    } else if (good) {
        status = options.format && !format_is_known(options.format) ? EXIT_INPUT : run_file(argv[1], &options, env);
    }
    reading_options_clear(&options.reading);
    g_free(options.folder);
    g_free(options.format);
    g_free(options.seed);
    g_free(options.replications);
    return status;
}

const Command command_run = {
    .name = "run",
    .arguments = "FILE",
    .summary = "run a scenario or a pattern: report, record, diagrams",
    .run = run_run,
};
