/* commands.h - the verbs of the faultline program. One file a verb and one line in commands.def.
 *
 * A command gets its own arguments (argv[0] is the verb) and returns the exit status: 0 done; 1 an expectation was
 * missed, or a difference found; 2 the user's input; 3 the machine's failure. It never calls exit. */
#ifndef FAULTLINE_COMMANDS_COMMANDS_H
#define FAULTLINE_COMMANDS_COMMANDS_H

#include <stdbool.h>

#include "contract/catalogue.h"

enum { EXIT_DONE = 0, EXIT_MISSED = 1, EXIT_INPUT = 2, EXIT_MACHINE = 3, EXIT_OURS = 70, EXIT_INTERRUPTED = 130 };

typedef struct {
    const Catalogue *catalogue;
    const char *program_folder;  /* where the executable stands; NULL: unknown */
    const char *patterns_folder; /* the installed one */
    bool colour;                 /* stdout is a terminal and NO_COLOR is not set */
    bool progress;               /* stderr is a terminal */
    int width;                   /* columns to write for */
} CommandEnv;

typedef struct {
    const char *name, *arguments, *summary;
    int (*run)(int argc, char **argv, const CommandEnv *env);
} Command;

/* All commands in the order of commands.def; NULL-terminated. */
extern const Command *const commands[];

#endif
