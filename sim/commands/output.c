/* output.c - a finished run goes to standard output and into a folder. */
#include "commands/output.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/outfile.h"
#include "commands/picture.h"
#include "report/report.h"

void output_options_clear(OutputOptions *options) {
    g_free(options->folder);
    g_free(options->format);
}

bool output_options_check(const OutputOptions *options, const char *command) {
    if (!options->format || report_format(options->format))
        return true;
    char *format = escape_terminal(options->format);
    fprintf(stderr, "faultline %s: there is no format '%s'; known:", command, format);
    for (const ReportFormat *const *known = report_formats; *known; known++)
        fprintf(stderr, " %s", (*known)->name);
    fputc('\n', stderr);
    g_free(format);
    return false;
}

static bool write_file(const char *folder, const char *name, const char *text, GError **error) {
    char *path = g_build_filename(folder, name, NULL);
    bool written = outfile_write(path, text, strlen(text), error);
    g_free(path);
    return written;
}

/* Report, record and pictures, each whole or not there. */
static int write_folder(Pipeline *pipeline, const OutputOptions *options, const CommandEnv *env, GError **error) {
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

static int expectations_status(Pipeline *pipeline) {
    const Model *model = study_model(pipeline_study(pipeline));
    for (uint32_t e = 0; e < model->expect_count; e++)
        if (expectation_fails(&model->expects[e], pipeline_judge(pipeline, e)->verdict))
            return EXIT_MISSED;
    return EXIT_DONE;
}

int output_pipeline(Pipeline *pipeline, const OutputOptions *options, const char *command, const CommandEnv *env) {
    GError *error = NULL;
    int status = expectations_status(pipeline);
    ReportInput input = {pipeline_record(pipeline), env->colour, env->width};
    char *report = report_format(options->format ? options->format : "text")->write(&input);
    if (!outfile_stdout(report, strlen(report), &error) ||
        (options->folder && write_folder(pipeline, options, env, &error) != EXIT_DONE))
        status = EXIT_MACHINE;
    if (error) {
        fprintf(stderr, "faultline %s: %s\n", command, error->message);
        g_error_free(error);
    }
    g_free(report);
    return status;
}
