/* layout.c - runs the layout engine in a child and believes nothing that comes back unchecked. */
#include "render/layout.h"

#include <math.h>
#include <string.h>

#include "render/buses.h"
#include "render/child.h"
#include "render/lanes.h"
#include "render/layout_dot.h"

/* What came back, while it is being read. */
typedef struct {
    const guint8 *at, *end;
    const Diagram *diagram;
    Layout *layout;
    bool *box_seen, *cluster_seen;
    bool drawn, ended, broken;
} Reader;

/* Geometry is kept in tenths of a pixel: machines may differ in the last bits of what the engine computes. */
static double tenth(double x) { return floor(x * 10 + 0.5) / 10; }

static bool take_bytes(Reader *reader, void *to, size_t size) {
    if ((size_t)(reader->end - reader->at) < size)
        return false;
    memcpy(to, reader->at, size);
    reader->at += size;
    return true;
}

/* Points far away or not numbers would only be drawn wrong later. */
static bool take_points(Reader *reader, Point *points, int count) {
    if (!take_bytes(reader, points, (size_t)count * sizeof *points))
        return false;
    for (int i = 0; i < count; i++) {
        if (!(fabs(points[i].x) < 1e7 && fabs(points[i].y) < 1e7))
            return false;
        points[i] = (Point){tenth(points[i].x), tenth(points[i].y)};
    }
    return true;
}

static bool take_rect(Reader *reader, int id, int count, bool *seen, Rect *to) {
    Point corners[2];
    if (id < 0 || id >= count || seen[id] || !take_points(reader, corners, 2))
        return false;
    seen[id] = true;
    *to = (Rect){corners[0].x, corners[0].y, corners[1].x, corners[1].y};
    return to->x0 <= to->x1 && to->y0 <= to->y1;
}

/* In one piece: more than one means that the engine split an edge, which it does for compound ones only. */
static bool take_curve(Reader *reader, int id, int count) {
    if (id < 0 || id >= reader->diagram->edge_count || count < 4 || count % 3 != 1 || count > 100000)
        return false;
    Curve *curve = &reader->layout->edges[id];
    if (curve->count != 0)
        return false; /* a second time, or in pieces */
    curve->points = g_new0(Point, (gsize)count);
    curve->count = count;
    return take_points(reader, curve->points, count);
}

static bool take_one(Reader *reader, const Laid *header) {
    Layout *layout = reader->layout;
    Point corners[2];
    switch (header->kind) {
    case LAID_DRAWING:
        if (reader->drawn || !take_points(reader, corners, 2))
            return false;
        reader->drawn = true;
        layout->width = corners[1].x;
        layout->height = corners[1].y;
        return true;
    case LAID_BOX:
        return take_rect(reader, header->id, reader->diagram->box_count, reader->box_seen,
                         layout->boxes + MAX(header->id, 0));
    case LAID_CLUSTER:
        return take_rect(reader, header->id, reader->diagram->cluster_count, reader->cluster_seen,
                         layout->clusters + MAX(header->id, 0));
    case LAID_EDGE: return take_curve(reader, header->id, header->count);
    case LAID_END: reader->ended = true; return true;
    default: return false;
    }
}

/* Every box, frame and edge came back, and nothing else. */
static bool complete(const Reader *reader) {
    const Diagram *diagram = reader->diagram;
    bool all = reader->drawn && reader->ended && reader->at == reader->end;
    for (int i = 0; i < diagram->box_count; i++)
        all &= reader->box_seen[i];
    for (int i = 0; i < diagram->cluster_count; i++)
        all &= reader->cluster_seen[i];
    for (int i = 0; i < diagram->edge_count; i++)
        all &= (reader->layout->edges[i].count != 0) == diagram->edges[i].in_layout;
    return all;
}

static bool read_back(const Diagram *diagram, const GByteArray *bytes, Layout *layout) {
    Reader reader = {.at = bytes->data, .end = bytes->data + bytes->len, .diagram = diagram, .layout = layout};
    reader.box_seen = g_new0(bool, (gsize)diagram->box_count + 1);
    reader.cluster_seen = g_new0(bool, (gsize)diagram->cluster_count + 1);
    Laid header;
    bool sound = true;
    while (sound && !reader.ended)
        sound = take_bytes(&reader, &header, sizeof header) && take_one(&reader, &header);
    sound = sound && complete(&reader);
    g_free(reader.box_seen);
    g_free(reader.cluster_seen);
    return sound;
}

Layout *layout_new(const Diagram *diagram, int seconds, GError **error) {
    GByteArray *bytes = child_run("the layout", layout_dot, diagram, seconds, error);
    if (bytes == NULL)
        return NULL;
    Layout *layout = g_new0(Layout, 1);
    layout->boxes = g_new0(Rect, (gsize)diagram->box_count + 1);
    layout->clusters = g_new0(Rect, (gsize)diagram->cluster_count + 1);
    layout->edges = g_new0(Curve, (gsize)diagram->edge_count + 1);
    layout->edge_count = diagram->edge_count;
    bool sound = read_back(diagram, bytes, layout);
    g_byte_array_free(bytes, TRUE);
    if (sound) {
        buses_add(diagram, layout);
        lanes_add(diagram, layout);
        return layout;
    }
    layout_free(layout);
    g_set_error(error, CHILD_ERROR, CHILD_FAILED, "the layout came back without some of its %d boxes and %d arrows",
                diagram->box_count, diagram->edge_count);
    return NULL;
}

void layout_free(Layout *layout) {
    if (layout == NULL)
        return;
    for (int i = 0; i < layout->edge_count; i++)
        g_free(layout->edges[i].points);
    g_free(layout->boxes);
    g_free(layout->clusters);
    g_free(layout->edges);
    g_free(layout);
}
