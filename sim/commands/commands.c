/* commands.c - the list of verbs. */
#include "commands/commands.h"

#include <stddef.h>

#define COMMAND(name) extern const Command command_##name;
#include "commands/commands.def"
#undef COMMAND

const Command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "commands/commands.def"
#undef COMMAND
    NULL};
