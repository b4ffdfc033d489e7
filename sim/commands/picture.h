/* picture.h - hands a record to faultline-render, the other program (private to commands/). */
#ifndef FAULTLINE_COMMANDS_PICTURE_H
#define FAULTLINE_COMMANDS_PICTURE_H

#include <glib.h>

#include "commands/commands.h"

/* Runs `faultline-render RECORD -o FOLDER --format FORMATS`; found beside this program, then in ../libexec/faultline,
 * then on PATH. Returns its exit status (0, 2 or 3), or EXIT_MACHINE with *error set when it could not be started. */
int picture_draw(const char *record_file, const char *folder, const char *formats, const CommandEnv *env,
                 GError **error);

#endif
