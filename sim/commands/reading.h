/* reading.h - what every command that reads a pattern or scenario does first (private to commands/). */
#ifndef FAULTLINE_COMMANDS_READING_H
#define FAULTLINE_COMMANDS_READING_H

#include <glib.h>

#include "commands/commands.h"
#include "model/model.h"

/* --patterns, --pattern, --set and --event, filled by GOption. */
typedef struct {
    char *patterns, *pattern;
    char **sets, **events;
} ReadingOptions;

#define READING_OPTIONS(options)                                                                                      \
    {"patterns", 0, 0, G_OPTION_ARG_FILENAME, &(options).patterns, "look for patterns in DIR first", "DIR"},          \
        {"pattern", 0, 0, G_OPTION_ARG_FILENAME, &(options).pattern, "a scenario's pattern, instead of its own",      \
         "FILE"},                                                                                                     \
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(options).sets, "set a parameter, or a dotted path", "NAME=VALUE"}, \
    {                                                                                                                 \
        "event", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(options).events,                                                  \
            "a further timeline entry: {at: 10 min, fail: ...}", "ENTRY"                                              \
    }

void reading_options_clear(ReadingOptions *options);

typedef struct {
    ModelInputs *inputs;
    Diagnostics *diagnostics;
    Model *model;       /* NULL: could not be read */
    int status;         /* EXIT_DONE, EXIT_INPUT or EXIT_MACHINE */
    char *inapplicable; /* why the pattern has not what a target means by a rule ("busiest zone"); or NULL */
} Reading;

/* Read a file; `but` bends it further (may be NULL). Nothing is printed. Clear in any case. */
void reading_init(Reading *reading, const char *path, const ReadingOptions *options, const Node *but,
                  const CommandEnv *env);
/* Read what a record or a file of parts embeds: texts under their labels, and the options that bent them. */
void reading_init_texts(Reading *reading, const ModelText *texts, uint32_t count, const char *const *sets,
                        const char *const *events, const CommandEnv *env);
void reading_clear(Reading *reading);
/* Findings to standard error. Returns the status. */
int reading_tell(const Reading *reading);

/* Each expectation that so many runs can never decide, or that asks for what nobody measures, is an error in `found`.
 */
void reading_undecidable(const Model *model, Diagnostics *found);

/* Options and arguments of a command. False: *status says how to end (help was printed, or a mistake told). The
 * remaining arguments stay in argv[1..]. */
bool arguments_parse(int *argc, char ***argv, const GOptionEntry *entries, const char *usage, const char *summary,
                     int *status);

/* Every name that an expectation may measure, ended by a NULL name; g_free. Names live as long as the program. */
MetricRow *metric_rows(void);

#endif
