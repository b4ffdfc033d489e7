/* lanes.h - ways for the arrows that the layout engine never saw: copies of data. */
#ifndef FAULTLINE_RENDER_LANES_H
#define FAULTLINE_RENDER_LANES_H

#include "render/layout.h"

/* Give every edge that is not in the layout a curve, and widen the frames around it where it runs outside the inner
 * ones. Boxes one above the other are joined directly; others by a bracket to the right of their regions, all from one
 * box in one lane. O(edges x (boxes + frames)). */
void lanes_add(const Diagram *diagram, Layout *layout);

#endif
