/* draw_label.c - a few words beside each arrow, where they hide nothing.
 *
 * The layout engine is not asked for room for labels (it loses edges over them), so places along each arrow are tried
 * and the cheapest is taken: near the middle, off the line, clear of other arrows; never on a box, a frame's title or
 * another label. What finds no place is left to the tooltip. */
#include <math.h>
#include <string.h>

#include "render/draw_parts.h"
#include "render/metrics.h"
#include "render/words.h"

enum {
    STEPS = 12,      /* straight pieces in which a curve is walked */
    PLACES = 23,     /* tried along an arrow */
    LINE = 12,       /* height of a line of text */
    SHORTEN = 20,    /* what it costs to leave out the second line */
    AMBIGUOUS = 30,  /* what it costs to stand where arrows run together */
    COST_MOST = 100, /* a label that hides more is left out */
    EDGES_MOST = 250 /* with more arrows than this there is no room, and no time, for labels */
};
static const double label_size = 9.5;

/* One label while its place is sought: one or two lines. */
typedef struct {
    const char *lines[2];
    double half[2]; /* widths */
    int count;
} Label;

/* How a label stands to its arrow: in the way of it, above and below a level stretch, right of an upright one. */
typedef enum { SPOT_ON, SPOT_BESIDE, SPOT_RIGHT } SpotKind;

typedef struct {
    double cost;
    Point at;
    SpotKind kind;
} Spot;

/* ---- Along a curve --------------------------------------------------------------------------- */

static Point bezier_at(const Point *p, double t) {
    double u = 1 - t, a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;
    return (Point){a * p[0].x + b * p[1].x + c * p[2].x + d * p[3].x,
                   a * p[0].y + b * p[1].y + c * p[2].y + d * p[3].y};
}

static double distance(Point a, Point b) { return sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)); }

/* The curve as a row of corners (Point). */
static GArray *walk(const Curve *curve) {
    GArray *corners = g_array_new(FALSE, FALSE, sizeof(Point));
    g_array_append_val(corners, curve->points[0]);
    for (int p = 0; p + 3 < curve->count; p += 3)
        for (int s = 1; s <= STEPS; s++) {
            Point at = bezier_at(curve->points + p, (double)s / STEPS);
            g_array_append_val(corners, at);
        }
    return corners;
}

static double length_of(const GArray *corners) {
    double all = 0;
    for (guint i = 1; i < corners->len; i++)
        all += distance(g_array_index(corners, Point, i - 1), g_array_index(corners, Point, i));
    return all;
}

/* The point after `way` pixels, and how a label may stand there. */
static Point along(const GArray *corners, double way, SpotKind *kind) {
    *kind = SPOT_ON;
    for (guint i = 1; i < corners->len; i++) {
        Point a = g_array_index(corners, Point, i - 1), b = g_array_index(corners, Point, i);
        double step = distance(a, b);
        if (step > 0 && way <= step) {
            if (fabs(b.y - a.y) < 0.12 * fabs(b.x - a.x))
                *kind = SPOT_BESIDE;
            else if (fabs(b.x - a.x) < 0.12 * fabs(b.y - a.y))
                *kind = SPOT_RIGHT;
            return (Point){a.x + way / step * (b.x - a.x), a.y + way / step * (b.y - a.y)};
        }
        way -= step;
    }
    return g_array_index(corners, Point, corners->len - 1);
}

/* ---- Places ---------------------------------------------------------------------------------- */

static bool overlap(Rect a, Rect b) { return a.x0 < b.x1 && a.x1 > b.x0 && a.y0 < b.y1 && a.y1 > b.y0; }

static bool is_free(const Drawing *drawing, Rect r) {
    for (guint i = 0; i < drawing->taken->len; i++)
        if (overlap(r, g_array_index(drawing->taken, Rect, i)))
            return false;
    return true;
}

/* The same link from the same box: a label may stand on the common stretch of both. */
static bool are_siblings(const Diagram *diagram, int a, int b) {
    return diagram->edges[a].from == diagram->edges[b].from && diagram->edges[a].links[0] == diagram->edges[b].links[0];
}

/* How much of other arrows lies in `r`: each short piece of one that carries requests counts 4, of another kind 1. With
 * `own` the arrow itself and its siblings count, too. */
static int hidden(const Diagram *diagram, GArray *const *walks, int edge, bool own, Rect r) {
    int sum = 0;
    for (int e = 0; e < diagram->edge_count; e++)
        for (guint i = 1; (own || !are_siblings(diagram, e, edge)) && i < walks[e]->len; i++) {
            Point a = g_array_index(walks[e], Point, i - 1), b = g_array_index(walks[e], Point, i);
            if (overlap(r, (Rect){MIN(a.x, b.x) - 2, MIN(a.y, b.y) - 2, MAX(a.x, b.x) + 2, MAX(a.y, b.y) + 2}))
                sum += diagram->edges[e].kind == LINK_REQUEST ? 4 : 1;
        }
    return sum;
}

/* Does another arrow pass where this label would point? Then it could be read as the other's. */
static bool is_ambiguous(const Diagram *diagram, GArray *const *walks, int edge, Point at) {
    return hidden(diagram, walks, edge, false, (Rect){at.x - 1, at.y - 1, at.x + 1, at.y + 1}) >= 4;
}

/* Where the lines of a label stand; returns how many rectangles there are. `width` is the arrow's. */
static int rects_of(const Label *label, Spot spot, double width, Rect rects[2]) {
    Point at = spot.at;
    double off = width / 2 + 2.5, half = MAX(label->half[0], label->count > 1 ? label->half[1] : 0) + 2;
    if (spot.kind == SPOT_BESIDE) {
        for (int i = 0; i < label->count; i++) {
            double y0 = i == 0 ? at.y - off - LINE : at.y + off;
            rects[i] = (Rect){floor(at.x - label->half[i]), floor(y0), ceil(at.x + label->half[i]), ceil(y0 + LINE)};
        }
        return label->count;
    }
    double high = label->count * LINE / 2.0 + 1.5, x = spot.kind == SPOT_RIGHT ? at.x + off + half : at.x;
    rects[0] = (Rect){floor(x - half), floor(at.y - high), ceil(x + half), ceil(at.y + high)};
    return 1;
}

/* Costs: what it hides, without a ground of its own most; a place on the arrow a little. */
static void consider(const Drawing *drawing, GArray *const *walks, int edge, const Label *label, Spot trial,
                     double width, Spot *best) {
    Rect rects[2];
    int count = rects_of(label, trial, width, rects);
    Point tip = g_array_index(walks[edge], Point, walks[edge]->len - 1);
    Rect head = {tip.x - 15, tip.y - 6, tip.x, tip.y + 6};
    trial.cost += trial.kind == SPOT_ON ? 4 : trial.kind == SPOT_RIGHT ? 6 : 0;
    for (int i = 0; i < count; i++) {
        if (!is_free(drawing, rects[i]) || (trial.kind != SPOT_BESIDE && overlap(rects[i], head)))
            return;
        trial.cost += (trial.kind == SPOT_BESIDE ? 6 : 4) *
                      hidden(drawing->diagram, walks, edge, trial.kind != SPOT_ON, rects[i]);
    }
    trial.cost += is_ambiguous(drawing->diagram, walks, edge, trial.at) ? AMBIGUOUS : 0;
    if (trial.cost < best->cost)
        *best = trial;
}

/* Way number i along an arrow, in pixels, and what it costs to be there: first all along it, then just before its tip,
 * where arrows that share a track have parted. */
static double way_of(int i, double length, double *cost) {
    if (i < PLACES) {
        double share = 0.06 + 0.04 * i;
        *cost = 10 * fabs(share - 0.5);
        return share * length;
    }
    *cost = 4;
    return length - 8 - 3 * (i - PLACES);
}

static Spot find_spot(const Drawing *drawing, GArray *const *walks, int edge, const Label *label, double width) {
    Spot best = {.cost = 1e9};
    double length = length_of(walks[edge]);
    for (int i = 0; i < 2 * PLACES; i++) {
        Spot trial = {0};
        double way = way_of(i, length, &trial.cost);
        if (way < 0)
            break;
        trial.at = along(walks[edge], way, &trial.kind);
        consider(drawing, walks, edge, label, trial, width, &best);
        trial.kind = SPOT_ON;
        consider(drawing, walks, edge, label, trial, width, &best);
    }
    return best;
}

/* ---- Labels ---------------------------------------------------------------------------------- */

static void draw_label(Drawing *drawing, const Label *label, Spot spot, double width, bool reaches,
                       const char *colour) {
    Rect rects[2];
    int count = rects_of(label, spot, width, rects);
    for (int i = 0; i < count; i++)
        g_array_append_val(drawing->taken, rects[i]);
    if (spot.kind == SPOT_ON)
        svg_rect(drawing->svg, rects[0], 4, (Paint){.fill = PAPER, .stroke = reaches ? NULL : colour, .opacity = 0.95});
    for (int i = 0; i < label->count; i++) {
        bool own = spot.kind == SPOT_BESIDE; /* each line has its own rectangle */
        double top = own ? rects[i].y0 : rects[0].y0 + 1.5 + i * LINE;
        svg_text(drawing->svg, (Point){own ? spot.at.x : (rects[0].x0 + rects[0].x1) / 2, top + 9.5}, label->lines[i],
                 (TextStyle){.size = label_size, .fill = colour, .bold = i == 0, .anchor = ANCHOR_MIDDLE});
    }
}

/* Try both lines, then the first alone. */
static void place_label(Drawing *drawing, GArray *const *walks, int id, const char *first, const char *second) {
    const Edge *edge = &drawing->diagram->edges[id];
    const EdgeLook *look = &drawing->look->edges[id];
    double width = draw_edge_width(drawing, edge, look);
    char *lines[2] = {metrics_fit(first, label_size, true, 130),
                      metrics_fit(second != NULL ? second : "", label_size, false, 130)};
    Label label = {
        {lines[0], lines[1]},
        {metrics_width(lines[0], label_size, true) / 2 + 1.5, metrics_width(lines[1], label_size, false) / 2 + 1.5},
        second != NULL ? 2 : 1};
    Spot spot = find_spot(drawing, walks, id, &label, width);
    if (label.count == 2 && spot.cost > SHORTEN) {
        label.count = 1;
        Spot other = find_spot(drawing, walks, id, &label, width);
        if (other.cost + SHORTEN < spot.cost)
            spot = other;
        else
            label.count = 2;
    }
    const char *colour = draw_edge_colour(edge, look);
    if (strcmp(colour, UNKNOWN) == 0)
        colour = INK_SOFT; /* it is to be read */
    if (spot.cost < COST_MOST)
        draw_label(drawing, &label, spot, width, look->reaches, colour);
    g_free(lines[0]);
    g_free(lines[1]);
}

/* Which of several flows an arrow without requests belongs to is said where its link arrives, once. */
static bool says_flow(const Diagram *diagram, int id, int link) {
    const LinkEdges *shown = &diagram->shown[link];
    int end = diagram->document->links[link].to;
    for (int i = 0; i < shown->count; i++) {
        const Edge *edge = &diagram->edges[shown->edges[i]];
        if (diagram->boxes[edge->to].component == end || (edge->both && diagram->boxes[edge->from].component == end))
            return shown->edges[i] == id;
    }
    return false;
}

static bool has_flows(const Document *document) {
    const char *first = NULL;
    for (int l = 0; l < document->link_count; l++) {
        const char *flow = document->links[l].flow;
        if (flow != NULL && first != NULL && strcmp(flow, first) != 0)
            return true;
        first = first != NULL ? first : flow;
    }
    return false;
}

static void label_flows(Drawing *drawing, GArray *const *walks, int id) {
    const Edge *edge = &drawing->diagram->edges[id];
    GString *names = g_string_new(NULL);
    for (int i = 0; i < edge->link_count; i++) {
        const char *flow = drawing->diagram->document->links[edge->links[i]].flow;
        if (flow != NULL && says_flow(drawing->diagram, id, edge->links[i]))
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", flow);
    }
    if (names->len > 0)
        place_label(drawing, walks, id, names->str, NULL);
    g_string_free(names, TRUE);
}

static void label_edge(Drawing *drawing, GArray *const *walks, int id) {
    const EdgeLook *look = &drawing->look->edges[id];
    if (!look->first || drawing->diagram->edges[id].kind == LINK_REPLICA)
        return;
    if (!look->reaches) {
        char *word = g_strndup(look->verdict, strcspn(look->verdict, " @"));
        char *label = g_strdup_printf("%s (%d)", word, draw_note_number(drawing->notes, look));
        place_label(drawing, walks, id, label, NULL);
        g_free(label);
        g_free(word);
        return;
    }
    if (drawing->diagram->edges[id].kind != LINK_REQUEST || look->requests_per_s <= 0)
        return;
    char *rate = words_rate(look->requests_per_s), *sum = g_strconcat(look->shared ? "\xCE\xA3 " : "", rate, NULL);
    char *share = look->good_share >= 0 && look->good_share < 0.99 ? words_share(look->good_share) : NULL;
    char *good = share != NULL ? g_strconcat(share, " good", NULL) : NULL;
    place_label(drawing, walks, id, sum, good);
    g_free(rate);
    g_free(sum);
    g_free(share);
    g_free(good);
}

void draw_edge_labels(Drawing *drawing) {
    int count = drawing->diagram->edge_count;
    if (count > EDGES_MOST)
        return;
    GArray **walks = g_new0(GArray *, (gsize)count + 1);
    for (int i = 0; i < count; i++)
        walks[i] = walk(&drawing->layout->edges[i]);
    for (int i = 0; i < count; i++) /* what does not work has the first choice of room */
        if (!drawing->look->edges[i].reaches)
            label_edge(drawing, walks, i);
    for (int i = 0; i < count; i++)
        if (drawing->look->edges[i].reaches)
            label_edge(drawing, walks, i);
    for (int i = 0; i < count && has_flows(drawing->diagram->document); i++) {
        const EdgeLook *look = &drawing->look->edges[i];
        if (drawing->diagram->edges[i].kind == LINK_REQUEST && look->reaches && look->requests_per_s <= 0)
            label_flows(drawing, walks, i);
    }
    for (int i = 0; i < count; i++)
        g_array_free(walks[i], TRUE);
    g_free(walks);
}
