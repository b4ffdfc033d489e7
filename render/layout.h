/* layout.h - where everything of a Diagram stands: found by Graphviz's dot, in a child process.
 *
 * Pixels, x to the right and y down, origin at the top left corner of the drawing area. The engine sees synthetic
 * names, whole sizes and no text at all, so nothing of the input can reach it, and no font can change the result. */
#ifndef FAULTLINE_RENDER_LAYOUT_H
#define FAULTLINE_RENDER_LAYOUT_H

#include "render/diagram.h"

enum {
    BOX_WIDTH = 176,
    BOX_HEIGHT = 78,
    LAYOUT_TIMEOUT_S = 20 /* default; a picture of the largest readable size takes under 0.2 s */
};

typedef struct {
    double x, y;
} Point;

typedef struct {
    double x0, y0, x1, y1;
} Rect;

/* Bezier curves end to end: 1 + 3n control points from the first box to the second. */
typedef struct {
    Point *points;
    int count;
} Curve;

typedef struct {
    double width, height;
    Rect *boxes, *clusters; /* as in the Diagram */
    Curve *edges;
    int edge_count;
} Layout;

/* Lay out; NULL and an error (CHILD_ERROR) when the engine takes longer than `seconds`, dies, or returns anything but
 * each box, frame and edge exactly once. */
Layout *layout_new(const Diagram *diagram, int seconds, GError **error);
void layout_free(Layout *layout);

#endif
