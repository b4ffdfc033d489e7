/* buses.c - shared upright tracks for arrows that fan out. */
#include "render/buses.h"

#include <math.h>

enum { TRACK_FIRST = 14, TRACK_STEP = 8, TRACKS_MOST = 9, ROOM_FOR_HEAD = 20, RADIUS = 7 };

/* All arrows from one box that have to turn. */
typedef struct {
    int box;
    double x;      /* right side of the box: boxes of a column share it */
    double y0, y1; /* what its track covers */
    int track;     /* or NO_ID: none was free */
} Fan;

static double middle(Rect r) { return (r.y0 + r.y1) / 2; }

/* An arrow of the layout that runs forward and has to change its height. */
static bool turns(const Diagram *diagram, const Layout *layout, int id) {
    const Edge *edge = &diagram->edges[id];
    Rect a = layout->boxes[edge->from], b = layout->boxes[edge->to];
    return edge->in_layout && b.x0 - a.x1 > TRACK_FIRST + ROOM_FOR_HEAD && fabs(middle(a) - middle(b)) > 0.5;
}

static bool is_clear(const Layout *layout, const Diagram *diagram, Rect r) {
    for (int i = 0; i < diagram->box_count; i++) {
        const Rect *box = &layout->boxes[i];
        if (r.x0 < box->x1 && r.x1 > box->x0 && r.y0 < box->y1 + 2 && r.y1 > box->y0 - 2)
            return false;
    }
    return true;
}

/* The fans in the order of their boxes, and what their tracks must cover. */
static GArray *find_fans(const Diagram *diagram, const Layout *layout) {
    GArray *fans = g_array_new(FALSE, FALSE, sizeof(Fan));
    for (int box = 0; box < diagram->box_count; box++) {
        Fan fan = {box, layout->boxes[box].x1, middle(layout->boxes[box]), middle(layout->boxes[box]), NO_ID};
        bool any = false;
        for (int e = 0; e < diagram->edge_count; e++) {
            if (diagram->edges[e].from != box || !turns(diagram, layout, e))
                continue;
            double y = middle(layout->boxes[diagram->edges[e].to]);
            fan.y0 = MIN(fan.y0, y);
            fan.y1 = MAX(fan.y1, y);
            any = true;
        }
        if (any)
            g_array_append_val(fans, fan);
    }
    return fans;
}

/* The innermost track that no earlier fan of the column uses at these heights. */
static void choose_tracks(GArray *fans) {
    for (guint i = 0; i < fans->len; i++) {
        Fan *fan = &g_array_index(fans, Fan, i);
        for (int track = 0; track < TRACKS_MOST && fan->track == NO_ID; track++) {
            bool taken = false;
            for (guint j = 0; j < i && !taken; j++) {
                const Fan *other = &g_array_index(fans, Fan, j);
                taken = other->track == track && fabs(other->x - fan->x) < TRACK_FIRST &&
                        other->y0 < fan->y1 + RADIUS && other->y1 > fan->y0 - RADIUS;
            }
            if (!taken)
                fan->track = track;
        }
    }
}

/* Level, round the corner, upright, round the corner, level. */
static Curve bent(Point from, Point to, double x) {
    double radius = MIN(RADIUS, fabs(to.y - from.y) / 2), turn = to.y > from.y ? radius : -radius;
    Point points[] = {from,
                      from,
                      {x - radius, from.y},
                      {x - radius, from.y},
                      {x, from.y},
                      {x, from.y},
                      {x, from.y + turn},
                      {x, from.y + turn},
                      {x, to.y - turn},
                      {x, to.y - turn},
                      {x, to.y},
                      {x, to.y},
                      {x + radius, to.y},
                      {x + radius, to.y},
                      to,
                      to};
    Curve curve = {g_new(Point, G_N_ELEMENTS(points)), (int)G_N_ELEMENTS(points)};
    for (int i = 0; i < curve.count; i++)
        curve.points[i] = points[i];
    return curve;
}

static void bend(const Diagram *diagram, Layout *layout, int id, int track) {
    const Edge *edge = &diagram->edges[id];
    Rect a = layout->boxes[edge->from], b = layout->boxes[edge->to];
    Point from = {a.x1, middle(a)}, to = {b.x0, middle(b)};
    double x = a.x1 + TRACK_FIRST + track * TRACK_STEP;
    if (x > b.x0 - ROOM_FOR_HEAD)
        return;
    if (!is_clear(layout, diagram, (Rect){a.x1, from.y, x, from.y}) ||
        !is_clear(layout, diagram, (Rect){x, to.y, b.x0, to.y}) ||
        !is_clear(layout, diagram, (Rect){x, MIN(from.y, to.y), x, MAX(from.y, to.y)}))
        return;
    g_free(layout->edges[id].points);
    layout->edges[id] = bent(from, to, x);
}

void buses_add(const Diagram *diagram, Layout *layout) {
    GArray *fans = find_fans(diagram, layout);
    choose_tracks(fans);
    for (guint i = 0; i < fans->len; i++) {
        const Fan *fan = &g_array_index(fans, Fan, i);
        for (int e = 0; fan->track != NO_ID && e < diagram->edge_count; e++)
            if (diagram->edges[e].from == fan->box && turns(diagram, layout, e))
                bend(diagram, layout, e, fan->track);
    }
    g_array_free(fans, TRUE);
}
