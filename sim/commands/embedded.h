/* embedded.h - the model that a record, or a file of parts, was made of: read again from the texts that it embeds
 * (private to commands/). */
#ifndef FAULTLINE_COMMANDS_EMBEDDED_H
#define FAULTLINE_COMMANDS_EMBEDDED_H

#include "commands/reading.h"
#include "read/json_in.h"

/* Reads `manifest`, `changes` and `inputs` of the document, with its seed and, unless it says none, its number of
 * replications. False: *status
 * says how to end, and why was told; `name` is the file's, for messages. Another version is refused: its numbers may
 * differ. Clear the reading in any case. */
bool embedded_read(Reading *reading, const JsonIn *root, const char *name, const char *command, const CommandEnv *env,
                   int *status);

#endif
