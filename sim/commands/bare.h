/* bare.h - what a pattern that is run without a scenario goes through (private to commands/). */
#ifndef FAULTLINE_COMMANDS_BARE_H
#define FAULTLINE_COMMANDS_BARE_H

#include "commands/reading.h"

/* Every zone of the pattern dies once, in a run of its own, under the pattern's own load; `reading` becomes the one in
 * which most sessions broke (the first by name of equals). Without zones it stays as it is. Says on standard error what
 * was chosen. */
void bare_lose_worst_zone(Reading *reading, const char *path, const ReadingOptions *options, const CommandEnv *env);

#endif
