/* show.h - the two pages of `faultline show` (private to commands/). */
#ifndef FAULTLINE_COMMANDS_SHOW_H
#define FAULTLINE_COMMANDS_SHOW_H

#include <glib.h>

#include "model/model.h"

void show_inventory(GString *out, const Model *model, int width);
void show_assumed(GString *out, const Model *model, int width);

#endif
