/* draw.h - a Diagram at one moment as SVG. */
#ifndef FAULTLINE_RENDER_DRAW_H
#define FAULTLINE_RENDER_DRAW_H

#include "render/diagram.h"
#include "render/layout.h"

/* The picture, allocated (g_free). `standalone`: a file of its own; else a piece of a page. The same arguments give the
 * same bytes. O(boxes + edges^2): labels are kept clear of each other. */
char *draw_moment(const Diagram *diagram, const Layout *layout, int moment, bool standalone);

#endif
