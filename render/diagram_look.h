/* diagram_look.h - how boxes and arrows look at one moment (private to diagram.c). */
#ifndef FAULTLINE_RENDER_DIAGRAM_LOOK_H
#define FAULTLINE_RENDER_DIAGRAM_LOOK_H

#include "render/diagram.h"

/* Fill `look`, whose arrays are there and zeroed. */
void diagram_look(const Diagram *diagram, const Moment *moment, MomentLook *look);

#endif
