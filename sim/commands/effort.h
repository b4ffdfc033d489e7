/* effort.h - how much is run, by whom, and where it is kept: the options of `run` about replications (private to
 * commands/). */
#ifndef FAULTLINE_COMMANDS_EFFORT_H
#define FAULTLINE_COMMANDS_EFFORT_H

#include <glib.h>

#include "commands/commands.h"
#include "commands/shard.h"
#include "pipeline.h"

/* Filled by GOption. */
typedef struct {
    char *seed, *replications, *jobs, *save, *resume, *shard, *until;
} EffortOptions;

/* Seed, replications and jobs alone. */
#define EFFORT_LUCK_OPTIONS(options)                                                                                 \
    EFFORT_ROW("seed", 0, STRING, (options).seed, "seed of all luck, instead of the file's", "N"),                   \
        EFFORT_ROW("replications", 'n', STRING, (options).replications, "independent runs, instead of the file's",   \
                   "N"),                                                                                             \
        EFFORT_ROW("jobs", 'j', STRING, (options).jobs, "worker processes, or auto (default: 1); changes no result", \
                   "J")
#define EFFORT_OPTIONS(options)                                                                                     \
    EFFORT_LUCK_OPTIONS(options),                                                                                   \
        EFFORT_ROW("until", 0, STRING, (options).until, "when to stop: \"lost_sessions within 5 %\" (or after -n)", \
                   "RULE"),                                                                                         \
        EFFORT_ROW("save", 0, FILENAME, (options).save, "keep finished replications in FILE, a new one", "FILE"),   \
        EFFORT_ROW("resume", 0, FILENAME, (options).resume, "go on with FILE, or begin it", "FILE"),                \
        EFFORT_ROW("shard", 0, STRING, (options).shard, "only part K of N, for merge; auto: ask the cluster", "K/N")
#define EFFORT_ROW(name, letter, type, member, help, word) \
    { name, letter, 0, G_OPTION_ARG_##type, &(member), help, word }

void effort_options_clear(EffortOptions *options);

/* The options, checked. */
typedef struct {
    uint32_t jobs;
    Shard shard; /* of 0: none */
    char *path;  /* of the part file; NULL: none */
    bool resume;
    Until *until; /* NULL: no rule */
} Effort;

/* Seed and replications go to the model. False: why was told. Clear in any case. */
bool effort_init(Effort *effort, const EffortOptions *options, Model *model, const char *command);
void effort_clear(Effort *effort);

/* "--jobs 4" or "auto"; false: why was told. */
bool effort_jobs(const char *text, const char *command, uint32_t *jobs);

/* Runs what the effort says, with a progress line. The exit status of the running itself: EXIT_DONE when all that was
 * asked for is done; else it was told what happened, and nothing may be reported unless it is EXIT_INTERRUPTED or
 * EXIT_MISSED (the rule was not met). */
int effort_run(const Effort *effort, Pipeline *pipeline, const char *command, const CommandEnv *env);
/* The same for one shard: there is nothing to report afterwards. */
int effort_run_shard(const Effort *effort, const Model *model, const char *command, const CommandEnv *env);

#endif
