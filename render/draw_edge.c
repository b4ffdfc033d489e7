/* draw_edge.c - arrows: as wide as their traffic, coloured by how well it fares, with all that is known in a tooltip.
 */
#include <math.h>

#include "render/draw_parts.h"
#include "render/words.h"

enum { HEAD = 8 }; /* length of the head of the thinnest arrow */

static double distance(Point a, Point b) { return sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)); }

/* Colour says how requests fare; what carries none, or cannot, has colours of its own. */
const char *draw_edge_colour(const Edge *edge, const EdgeLook *look) {
    if (!edge->intended)
        return INTRUDER;
    if (!look->reaches)
        return BAD;
    if (edge->kind != LINK_REQUEST)
        return INK_SOFT;
    return look->requests_per_s > 0 ? palette_share(look->good_share) : UNKNOWN;
}

/* Dashes repeat what colour says for those who see or print none. */
static const char *dash_of(const Edge *edge, const EdgeLook *look) {
    if (!look->reaches)
        return "6 4";
    return edge->kind == LINK_LOOKUP    ? "1.5 3.5"
           : edge->kind == LINK_REPLICA ? "8 3 2 3"
           : edge->kind == LINK_IMAGE   ? "5 3"
           : edge->kind == LINK_TRIGGER ? "2 2"
                                        : NULL;
}

/* By the square root, so that a tenth of the traffic is still a third of the width. */
double draw_edge_width(const Drawing *drawing, const Edge *edge, const EdgeLook *look) {
    if (edge->kind != LINK_REQUEST || look->requests_per_s <= 0 || drawing->most_requests <= 0)
        return 1.3;
    return 1.3 + 4.2 * sqrt(look->requests_per_s / drawing->most_requests);
}

static double head_length(double width) { return HEAD + 1.1 * (width - 1.3); }

static void draw_head(Svg *svg, Point tip, Point from, double width, const char *colour) {
    double length = distance(from, tip), size = head_length(width), half = size * 0.46;
    if (length < 0.01)
        return;
    double ux = (tip.x - from.x) / length, uy = (tip.y - from.y) / length;
    GString *path = g_string_new(NULL);
    path_move(path, tip);
    path_line(path, (Point){tip.x - ux * size - uy * half, tip.y - uy * size + ux * half});
    path_line(path, (Point){tip.x - ux * size + uy * half, tip.y - uy * size - ux * half});
    g_string_append_c(path, 'Z');
    svg_path(svg, path->str, (Paint){.fill = colour});
    g_string_free(path, TRUE);
}

/* The line stops inside the head, so that a thick one does not show beside the tip. */
static Point shortened(Point tip, Point from, double by) {
    double length = distance(from, tip);
    if (length <= by)
        return tip;
    return (Point){tip.x - (tip.x - from.x) / length * by, tip.y - (tip.y - from.y) / length * by};
}

static void append_reason(GString *tip, const EdgeLook *look) {
    g_string_append_printf(tip, "\n%s", look->verdict);
    if (look->rule != NULL)
        g_string_append_printf(tip, ", decided by %s", look->rule);
}

static void append_traffic(GString *tip, const EdgeLook *look) {
    if (look->requests_per_s < 0)
        return;
    char *rate = words_rate(look->requests_per_s);
    g_string_append_printf(tip, "\n%s%s", rate, look->shared ? " over all zones" : "");
    g_free(rate);
    if (look->good_share >= 0) {
        char *share = words_share(look->good_share);
        g_string_append_printf(tip, ", %s good", share);
        g_free(share);
    }
}

static char *tooltip_of(const Diagram *diagram, const Edge *edge, const EdgeLook *look) {
    static const char *const verbs[] = {" to ", " asks ", " copies to ", " gives its image to "};
    const Document *document = diagram->document;
    GString *tip = g_string_new(NULL);
    for (int i = 0; i < edge->link_count && i < 6; i++) {
        const Link *link = &document->links[edge->links[i]];
        g_string_append_printf(tip, "%s%s%s%s", i > 0 ? "\n" : "", document->components[link->from].name,
                               verbs[link->kind], document->components[link->to].name);
        if (link->ports != NULL)
            g_string_append_printf(tip, " on %s", link->ports);
        if (link->latency_ns != NO_TIME) {
            char *latency = words_time(link->latency_ns);
            g_string_append_printf(tip, ", %s away", latency);
            g_free(latency);
        }
    }
    if (edge->link_count > 6)
        g_string_append_printf(tip, "\nand %d more", edge->link_count - 6);
    if (!edge->intended)
        g_string_append(tip, "\nno flow asks for this");
    append_reason(tip, look);
    append_traffic(tip, look);
    return g_string_free(tip, FALSE);
}

/* Where the curve comes from when it reaches its tip. */
static Point before_tip(const Curve *curve) {
    int i = curve->count - 2;
    while (i > 0 && distance(curve->points[i], curve->points[curve->count - 1]) < 0.5)
        i--;
    return curve->points[i];
}

/* And where it goes to when it leaves its start. */
static Point after_start(const Curve *curve) {
    int i = 1;
    while (i < curve->count - 1 && distance(curve->points[i], curve->points[0]) < 0.5)
        i++;
    return curve->points[i];
}

/* Which ends have a head. What passes a connection between networks arrives behind it. */
typedef struct {
    bool from, to;
} Heads;

static Heads heads_of(const Diagram *diagram, const Edge *edge) {
    bool from_gateway = diagram->boxes[edge->from].role == ROLE_GATEWAY,
         to_gateway = diagram->boxes[edge->to].role == ROLE_GATEWAY;
    return (Heads){edge->both && !(edge->pipe && from_gateway), !(edge->pipe && to_gateway)};
}

static void draw_arrow(Drawing *drawing, int id) {
    const Edge *edge = &drawing->diagram->edges[id];
    const EdgeLook *look = &drawing->look->edges[id];
    const Curve *curve = &drawing->layout->edges[id];
    const Point *points = curve->points;
    const char *colour = draw_edge_colour(edge, look);
    double width = draw_edge_width(drawing, edge, look);
    Heads ends = heads_of(drawing->diagram, edge);
    Point tip = points[curve->count - 1], from = before_tip(curve),
          end = ends.to ? shortened(tip, from, head_length(width) - 1) : tip;
    GString *path = g_string_new(NULL);
    path_move(path, points[0]);
    for (int i = 1; i + 2 < curve->count; i += 3) {
        bool last = i + 3 == curve->count;
        bool straight = last && distance(points[i + 1], tip) < 0.5; /* then the control point moves with the end */
        path_curve(path, points[i], straight ? end : points[i + 1], last ? end : points[i + 2]);
    }
    char *tooltip = tooltip_of(drawing->diagram, edge, look);
    svg_group(drawing->svg, tooltip);
    svg_path(drawing->svg, path->str, (Paint){.stroke = "transparent", .width = 12}); /* easier to point at */
    double pipe = edge->pipe ? DRAW_PIPE : 0;
    svg_path(drawing->svg, path->str, (Paint){.stroke = colour, .width = width + pipe, .dash = dash_of(edge, look)});
    if (edge->pipe)
        svg_path(drawing->svg, path->str, (Paint){.stroke = PAPER, .width = MAX(pipe - 1.3, 1)});
    if (ends.to)
        draw_head(drawing->svg, tip, from, width, colour);
    if (ends.from)
        draw_head(drawing->svg, points[0], after_start(curve), width, colour);
    svg_group_end(drawing->svg);
    g_free(tooltip);
    g_string_free(path, TRUE);
}

void draw_edges(Drawing *drawing) {
    for (int i = 0; i < drawing->diagram->edge_count; i++)
        draw_arrow(drawing, i);
}
