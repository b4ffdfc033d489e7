/* buses.h - arrows between neighbouring columns, straightened. */
#ifndef FAULTLINE_RENDER_BUSES_H
#define FAULTLINE_RENDER_BUSES_H

#include "render/layout.h"

/* Replace the engine's curves between neighbouring columns by level and upright lines with round corners. All arrows
 * that leave one box share a track, like the wires of a bus; different boxes have tracks of their own, so that it stays
 * clear who reaches whom. Where something is in the way the engine's curve stays. O(edges x (edges + boxes)). */
void buses_add(const Diagram *diagram, Layout *layout);

#endif
