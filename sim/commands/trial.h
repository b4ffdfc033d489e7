/* trial.h - one file of `faultline test`: run it, judge it, run each `but`, compare with its baseline (private to
 * commands/). */
#ifndef FAULTLINE_COMMANDS_TRIAL_H
#define FAULTLINE_COMMANDS_TRIAL_H

#include "base/date.h"
#include "commands/drift.h"
#include "commands/everywhere.h"
#include "commands/reading.h"
#include "report/report.h"

typedef struct {
    ReadingOptions reading;
    gboolean no_but, write;
    uint32_t jobs;  /* worker processes */
    bool has_today; /* then waivers that ended before that day are over */
    Date today;
    DriftMode drift;
    const char *tolerance;  /* of entries that --write adds */
    Everywhere *everywhere; /* --every-pattern: what other patterns have shown of the scenario; NULL: it has its own */
} TrialOptions;

/* Adds the file and its cases to the report. EXIT_DONE whatever was found; EXIT_INPUT: it, its baseline or a `but`
 * cannot be tried, which is a case, too; EXIT_MACHINE: the baseline cannot be written; EXIT_INTERRUPTED: it was not
 * finished and has no cases. */
int trial_file(TestReport *report, const char *path, const TrialOptions *options, const CommandEnv *env);

#endif
