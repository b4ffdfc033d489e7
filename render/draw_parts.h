/* draw_parts.h - what the parts of a picture share (private to draw*.c). */
#ifndef FAULTLINE_RENDER_DRAW_PARTS_H
#define FAULTLINE_RENDER_DRAW_PARTS_H

#include "render/palette.h"
#include "render/svg.h"

/* How far apart the two lines of a connection between networks are. */
#define DRAW_PIPE 4.0

typedef struct {
    Svg *svg;
    const Diagram *diagram;
    const Layout *layout;
    const Moment *moment;
    const MomentLook *look;
    double most_requests; /* of any edge at any moment: the widest arrow */
    GArray *taken;        /* Rect: where no label may go */
    const GArray *notes;  /* why arrows cannot connect; see draw_notes_of */
} Drawing;

void draw_frames(Drawing *drawing);
void draw_edges(Drawing *drawing);
void draw_boxes(Drawing *drawing);
void draw_edge_labels(Drawing *drawing);

/* The reasons why arrows cannot connect at a moment, each once, in the order of the arrows; their numbers (from 1; 0:
 * none), and the list itself, below `at`. */
GArray *draw_notes_of(const Diagram *diagram, const MomentLook *look);
int draw_note_number(const GArray *notes, const EdgeLook *look);
double draw_notes_height(const GArray *notes);
void draw_notes(Svg *svg, const Diagram *diagram, const GArray *notes, Point at, double room);

const char *draw_edge_colour(const Edge *edge, const EdgeLook *look);
double draw_edge_width(const Drawing *drawing, const Edge *edge, const EdgeLook *look);

/* Two levels of the same shape: for boxes and for the legend. */
void draw_role_shape(Svg *svg, Role role, Rect rect, Paint paint);
void draw_role_tile(Svg *svg, Role role, const char *symbol, Rect rect, const char *colour);
/* A white word on coloured ground; right edge at x. Returns its left edge. */
double draw_tag(Svg *svg, const char *word, double right, double middle, const char *ground);

#endif
