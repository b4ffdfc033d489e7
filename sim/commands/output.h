/* output.h - what is done with a run when it is over: report, folder, exit status (private to commands/). */
#ifndef FAULTLINE_COMMANDS_OUTPUT_H
#define FAULTLINE_COMMANDS_OUTPUT_H

#include <glib.h>

#include "commands/commands.h"
#include "pipeline.h"

/* -o, --format and --html, filled by GOption. */
typedef struct {
    char *folder, *format;
    gboolean html;
} OutputOptions;

#define OUTPUT_OPTIONS(options)                                                                                        \
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &(options).folder, "write report, record and diagrams into DIR", "DIR"}, \
        {"format", 'f', 0, G_OPTION_ARG_STRING, &(options).format, "what to print: text, json or csv", "FORMAT"}, {    \
        "html", 0, 0, G_OPTION_ARG_NONE, &(options).html, "with -o: one page with everything, too", NULL               \
    }

void output_options_clear(OutputOptions *options);
/* Is there such a format? If not, says so. */
bool output_options_check(const OutputOptions *options, const char *command);

/* Prints the report and fills the folder. The exit status: that of the expectations, or EXIT_MACHINE. */
int output_pipeline(Pipeline *pipeline, const OutputOptions *options, const char *command, const CommandEnv *env);

#endif
