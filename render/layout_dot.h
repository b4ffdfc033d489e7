/* layout_dot.h - the layout engine itself (runs only in the child of layout.c). */
#ifndef FAULTLINE_RENDER_LAYOUT_DOT_H
#define FAULTLINE_RENDER_LAYOUT_DOT_H

#include <stdio.h>

#include "render/layout.h"

/* Kinds of things in the stream from the child: each is a header, then `count` points. */
typedef enum { LAID_DRAWING = 1, LAID_BOX, LAID_CLUSTER, LAID_EDGE, LAID_END } LaidKind;
typedef struct {
    int kind, id, count;
} Laid;

/* Height of the line of text at the top of a frame, by level. */
double layout_label_height(Level level);

/* Lay the Diagram out and write the stream. */
bool layout_dot(const void *diagram, FILE *out);

#endif
