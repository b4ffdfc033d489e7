/* lanes.c - joins boxes that hold copies of the same data, clear of everything else. */
#include "render/lanes.h"

enum { LANE_FIRST = 14, LANE_STEP = 9, LANES_MOST = 8, BEND = 12, RIM = 12 };

static Curve curve_new(const Point *points, int count) {
    Curve curve = {g_new(Point, (gsize)count), count};
    for (int i = 0; i < count; i++)
        curve.points[i] = points[i];
    return curve;
}

static bool crosses_box(const Diagram *diagram, const Layout *layout, double x, double y0, double y1) {
    for (int i = 0; i < diagram->box_count; i++) {
        const Rect *r = &layout->boxes[i];
        if (r->x0 < x + 3 && r->x1 > x - 3 && r->y0 < y1 - 1 && r->y1 > y0 + 1)
            return true;
    }
    return false;
}

/* Straight down, or up a little further left: copies both ways stay apart. False when something stands between. */
static bool join_directly(const Diagram *diagram, Layout *layout, int id) {
    const Edge *edge = &diagram->edges[id];
    Rect a = layout->boxes[edge->from], b = layout->boxes[edge->to];
    bool down = a.y0 < b.y0;
    double x = MIN(a.x1, b.x1) - (down ? 9 : 19), top = MIN(a.y1, b.y1), bottom = MAX(a.y0, b.y0);
    if (x < MAX(a.x0, b.x0) || top >= bottom || crosses_box(diagram, layout, x, top, bottom))
        return false;
    double from = down ? a.y1 : a.y0, to = down ? b.y0 : b.y1, third = (to - from) / 3;
    Point points[] = {{x, from}, {x, from + third}, {x, to - third}, {x, to}};
    layout->edges[id] = curve_new(points, (int)G_N_ELEMENTS(points));
    return true;
}

/* The right rim of all inner frames and boxes between two heights, from `x` on. */
static double clear_of(const Diagram *diagram, const Layout *layout, double x, double y0, double y1) {
    for (int i = 0; i < diagram->cluster_count; i++) {
        const Rect *r = &layout->clusters[i];
        if (diagram->clusters[i].level > LEVEL_ACCOUNT && r->y0 < y1 && r->y1 > y0)
            x = MAX(x, r->x1);
    }
    for (int i = 0; i < diagram->box_count; i++) {
        const Rect *r = &layout->boxes[i];
        if (r->y0 < y1 && r->y1 > y0)
            x = MAX(x, r->x1);
    }
    return x;
}

/* Lanes from the inside out; all brackets that leave one box share one, and with many boxes they begin again. */
static int lane_of(const Diagram *diagram, const int *lanes, int id, int *used) {
    for (int e = 0; e < id; e++)
        if (lanes[e] != NO_ID && diagram->edges[e].from == diagram->edges[id].from)
            return lanes[e];
    return (*used)++ % LANES_MOST;
}

static void widen(const Diagram *diagram, Layout *layout, int box, double x) {
    for (int c = diagram->boxes[box].cluster; c != NO_ID; c = diagram->clusters[c].parent)
        if (diagram->clusters[c].level <= LEVEL_ACCOUNT)
            layout->clusters[c].x1 = MAX(layout->clusters[c].x1, x += RIM);
    layout->width = MAX(layout->width, x);
}

static void join_by_bracket(const Diagram *diagram, Layout *layout, int id, int lane) {
    const Edge *edge = &diagram->edges[id];
    Rect a = layout->boxes[edge->from], b = layout->boxes[edge->to];
    double ya = (a.y0 + a.y1) / 2 + 12, yb = (b.y0 + b.y1) / 2 + 12, turn = yb > ya ? BEND : -BEND;
    double x = clear_of(diagram, layout, MAX(a.x1, b.x1), MIN(ya, yb), MAX(ya, yb)) + LANE_FIRST + lane * LANE_STEP;
    Point points[] = {{a.x1, ya},     {a.x1, ya},     {x - BEND, ya}, {x - BEND, ya}, /* out */
                      {x, ya},        {x, ya},        {x, ya + turn},                 /* round the corner */
                      {x, ya + turn}, {x, yb - turn}, {x, yb - turn},                 /* along */
                      {x, yb},        {x, yb},        {x - BEND, yb},                 /* round the other */
                      {x - BEND, yb}, {b.x1, yb},     {b.x1, yb}};                    /* and in */
    layout->edges[id] = curve_new(points, (int)G_N_ELEMENTS(points));
    widen(diagram, layout, edge->from, x);
    widen(diagram, layout, edge->to, x);
}

void lanes_add(const Diagram *diagram, Layout *layout) {
    int *lanes = g_new(int, (gsize)diagram->edge_count + 1), used = 0;
    for (int i = 0; i < diagram->edge_count; i++) {
        lanes[i] = NO_ID;
        if (diagram->edges[i].in_layout || join_directly(diagram, layout, i))
            continue;
        lanes[i] = lane_of(diagram, lanes, i, &used);
        join_by_bracket(diagram, layout, i, lanes[i]);
    }
    g_free(lanes);
}
