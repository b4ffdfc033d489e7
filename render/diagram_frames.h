/* diagram_frames.h - the frames of a Diagram, and the one that each of its boxes stands in. */
#ifndef FAULTLINE_RENDER_DIAGRAM_FRAMES_H
#define FAULTLINE_RENDER_DIAGRAM_FRAMES_H

#include "render/diagram.h"

/* Fills in the clusters of a Diagram that has its boxes, and the cluster of each box. O(places x networks + boxes). */
void diagram_frame(Diagram *diagram);

/* Zeroed memory that lives as long as the Diagram. */
void *diagram_take(Diagram *diagram, size_t count, size_t size);

#endif
