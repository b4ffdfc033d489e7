/* telling.h - where what a test found is told, and in which formats (private to commands/).
 *
 * One run may be told several times: to standard output in one format, and into files in others. On standard output
 * each file is told as soon as it is done, if the format can; files are written at the end, each whole or not at all.
 */
#ifndef FAULTLINE_COMMANDS_TELLING_H
#define FAULTLINE_COMMANDS_TELLING_H

#include "commands/commands.h"
#include "report/report.h"

typedef struct Telling Telling;

/* formats: what --format gave, "NAME" or "NAME=FILE", NULL-terminated, or NULL: text. At most one has no FILE: it goes
 * to `output`, or to standard output when that is NULL; without one, standard output gets text. NULL: why was told. */
Telling *telling_new(char *const *formats, const char *output, const CommandEnv *env);
void telling_free(Telling *telling);
/* "text, json, junit"; allocated. */
char *telling_formats(void);

/* Both return EXIT_DONE, or EXIT_MACHINE after saying why. */
int telling_file(const Telling *telling, const TestReport *report, uint32_t file);
int telling_end(const Telling *telling, const TestReport *report);

#endif
