/* svg.h - the only writer of SVG: shapes and text in, safe markup out.
 *
 * All text passes one escaping function; colours, dashes and path data come from this program's own sources. Numbers
 * are written with at most two decimals, so that the bytes do not depend on the last bits of a machine's arithmetic. */
#ifndef FAULTLINE_RENDER_SVG_H
#define FAULTLINE_RENDER_SVG_H

#include <glib.h>
#include <stdbool.h>

#include "render/layout.h"

/* How a shape is painted. NULL fill or stroke: none; a width of 0 is 1; an opacity of 0 is 1. */
typedef struct {
    const char *fill, *stroke;
    double width;
    const char *dash; /* "4 3"; NULL: solid */
    double opacity;
} Paint;

typedef enum { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END } Anchor;

typedef struct {
    double size; /* pixels */
    const char *fill;
    bool bold, italic;
    Anchor anchor;
    double room; /* cut to this width with an ellipsis; 0: never */
} TextStyle;

typedef struct {
    GString *out;
    char *hatch; /* private: the fill of what has failed; its id begins with the picture's name */
} Svg;

/* `name` (a checked moment name or a word of ours) begins all ids, so that several pictures can stand in one page. The
 * picture is called `title` by screen readers. */
Svg svg_begin(double width, double height, const char *name, const char *title);
/* The markup, allocated (g_free). `standalone`: with an XML declaration, as a file of its own. */
char *svg_end(Svg *svg, bool standalone);

/* A group with a tooltip (NULL: without one). Empty lines of the tooltip are the caller's business. */
void svg_group(Svg *svg, const char *tooltip);
/* A group whose origin is at `origin`. */
void svg_group_at(Svg *svg, Point origin);
void svg_group_end(Svg *svg);
void svg_rect(Svg *svg, Rect rect, double radius, Paint paint);
void svg_circle(Svg *svg, Point centre, double radius, Paint paint);
void svg_line(Svg *svg, Point from, Point to, Paint paint);
void svg_path(Svg *svg, const char *data, Paint paint);
/* The path moved by (x, y) and scaled. */
void svg_icon(Svg *svg, const char *data, double x, double y, double scale, Paint paint);
/* Returns the width that the text takes at the most. */
double svg_text(Svg *svg, Point at, const char *text, TextStyle style);
/* The hatching that marks what has failed, as a fill. Valid until svg_end. */
const char *svg_hatch(Svg *svg);

/* Path data, piece by piece. */
void path_move(GString *path, Point to);
void path_line(GString *path, Point to);
void path_curve(GString *path, Point a, Point b, Point to);
void path_number(GString *path, double x);

#endif
