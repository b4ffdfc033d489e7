/* dot.h - a Diagram at one moment in the DOT language, for those who want to lay it out or restyle it themselves. */
#ifndef FAULTLINE_RENDER_DOT_H
#define FAULTLINE_RENDER_DOT_H

#include "render/diagram.h"

/* The text (g_free), written by cgraph in a child process: nodes are named after components and zones, frames are
 * clusters, states are colours and words. NULL and an error as child_run. Same bytes for the same arguments. */
char *dot_write(const Diagram *diagram, int moment, int seconds, GError **error);

#endif
