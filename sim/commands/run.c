/* run.c - `faultline run FILE`: runs a scenario (or a pattern as it stands), reports, and draws. */
#include <stdio.h>

#include "commands/bare.h"
#include "commands/effort.h"
#include "commands/output.h"
#include "commands/reading.h"

typedef struct {
    ReadingOptions reading;
    EffortOptions effort;
    OutputOptions output;
} RunOptions;

/* What was finished is reported, also after ^C; the status says that it is not all. */
static int run_whole(const Effort *effort, const Model *model, const RunOptions *options, const CommandEnv *env) {
    Pipeline *pipeline = pipeline_new(model);
    int ran = effort_run(effort, pipeline, "run", env), status = ran;
    bool told = ran == EXIT_DONE || ran == EXIT_INTERRUPTED || ran == EXIT_MISSED;
    if (told && measure_set_replications(study_measures(pipeline_study(pipeline))) > 0) {
        int reported = output_pipeline(pipeline, &options->output, "run", env);
        status = reported == EXIT_MACHINE || ran == EXIT_DONE ? reported : ran;
    }
    pipeline_free(pipeline);
    return status;
}

static int run_model(Model *model, const RunOptions *options, const CommandEnv *env) {
    Effort effort;
    int status = EXIT_INPUT;
    if (effort_init(&effort, &options->effort, model, "run"))
        status =
            effort.shard.of ? effort_run_shard(&effort, model, "run", env) : run_whole(&effort, model, options, env);
    effort_clear(&effort);
    return status;
}

static int run_file(const char *path, const RunOptions *options, const CommandEnv *env) {
    Reading reading;
    reading_init(&reading, path, &options->reading, NULL, env);
    int status = reading_tell(&reading);
    if (reading.model && !reading.model->scenario && reading.model->event_count == 0)
        bare_lose_worst_zone(&reading, path, &options->reading, env);
    if (reading.model)
        status = run_model(reading.model, options, env);
    reading_clear(&reading);
    return status;
}

static int run_run(int argc, char **argv, const CommandEnv *env) {
    RunOptions options = {0};
    const GOptionEntry entries[] = {READING_OPTIONS(options.reading),
                                    EFFORT_OPTIONS(options.effort),
                                    OUTPUT_OPTIONS(options.output),
                                    {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    int status;
    bool good = arguments_parse(&argc, &argv, entries, "FILE", "run a scenario or a pattern, and report", &status);
    if (good && argc != 2) {
        fputs("faultline run: name one pattern or scenario file\n", stderr);
        status = EXIT_INPUT;
    } else if (good) {
        status = output_options_check(&options.output, "run") ? run_file(argv[1], &options, env) : EXIT_INPUT;
    }
    reading_options_clear(&options.reading);
    effort_options_clear(&options.effort);
    output_options_clear(&options.output);
    return status;
}

const Command command_run = {
    .name = "run",
    .arguments = "FILE",
    .summary = "run a scenario or a pattern: report, record, diagrams",
    .run = run_run,
};
