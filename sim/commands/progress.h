/* progress.h - one line about how far a long run is, on a terminal only; and a way to stop it with ^C (private to
 * commands/). */
#ifndef FAULTLINE_COMMANDS_PROGRESS_H
#define FAULTLINE_COMMANDS_PROGRESS_H

#include <stdint.h>

#include "commands/commands.h"

typedef struct {
    bool shown;
    const char *what;
    int64_t began_us;
    uint64_t before; /* done when it began */
    bool open;       /* a rule says when it ends: nobody knows how long that is */
    bool inner;      /* another one has begun and not ended: it goes on listening, and tells */
} Progress;

Progress progress_begin(const CommandEnv *env, const char *what); /* `what` borrowed */
/* A StudyProgress; user is the Progress. False after ^C or a polite kill: what is finished is kept. */
bool progress_tell(void *user, uint64_t done, uint64_t of);
void progress_end(Progress *progress); /* wipes the line, and says so when it was stopped */

#endif
