/* layout_dot.c - hands a Diagram to Graphviz's dot and reads the geometry back; runs in a child process.
 *
 * What is avoided, because it was seen to crash or to lose edges in Graphviz 2.42: labels on edges, ports with compound
 * edges, splines other than `true`, constraint=false, freeing a layout. Only two plug-ins are there, both linked in:
 * with those found at run time the text size would depend on the installed fonts. */
#include "render/layout_dot.h"

#include <graphviz/gvc.h>

#include "render/cgraph_ids.h"

extern gvplugin_library_t gvplugin_dot_layout_LTX_library;
extern gvplugin_library_t gvplugin_core_LTX_library;

static void set_whole(void *object, const char *name, int value) {
    char *text = g_strdup_printf("%d", value);
    cgraph_set(object, name, text);
    g_free(text);
}

/* dot measures in inches of 72 points; a point is a pixel here. Exact for whole pixels when read back and rounded. */
static void set_pixels(void *object, const char *name, double pixels) {
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    cgraph_set(object, name, g_ascii_formatd(number, sizeof number, "%.6f", pixels / 72));
}

double layout_label_height(Level level) {
    switch (level) {
    case LEVEL_SUBNET: return 18;
    case LEVEL_ZONE: return 20;
    case LEVEL_NETWORK: return 22;
    default: return 26;
    }
}

static int margin_of(Level level) {
    switch (level) {
    case LEVEL_SUBNET: return 8;
    case LEVEL_ZONE: return 8;
    default: return 12;
    }
}

/* The engine keeps room for a line of text when it is told of one; the letter itself is never drawn. Its height is
 * 1.2 font sizes and 8 points around. */
static void set_frame(Agraph_t *frame, Level level) {
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    cgraph_set(frame, "label", "x");
    cgraph_set(frame, "fontsize",
               g_ascii_formatd(number, sizeof number, "%.4f", (layout_label_height(level) - 8) / 1.2));
    set_whole(frame, "margin", margin_of(level));
}

/* Names are numbers of ours; what people named never gets here. */
static Agraph_t **make_frames(const Diagram *diagram, Agraph_t *graph) {
    Agraph_t **frames = g_new0(Agraph_t *, (gsize)diagram->cluster_count + 1);
    for (int i = 0; i < diagram->cluster_count; i++) {
        const Cluster *cluster = &diagram->clusters[i];
        char *name = g_strdup_printf("cluster%d", i);
        frames[i] = agsubg(cluster->parent == NO_ID ? graph : frames[cluster->parent], name, TRUE);
        set_frame(frames[i], cluster->level);
        g_free(name);
    }
    return frames;
}

/* Made last to first: from left to right dot stacks what comes first at the bottom, and people read from the top. */
static Agnode_t **make_nodes(const Diagram *diagram, Agraph_t *graph, Agraph_t **frames) {
    Agnode_t **nodes = g_new0(Agnode_t *, (gsize)diagram->box_count + 1);
    for (int i = diagram->box_count - 1; i >= 0; i--) {
        char *name = g_strdup_printf("n%d", i);
        int cluster = diagram->boxes[i].cluster;
        nodes[i] = agnode(cluster == NO_ID ? graph : frames[cluster], name, TRUE);
        g_free(name);
    }
    return nodes;
}

/* Arrows within a zone are kept straight first; what asks for a name may bend. */
static int weight_of(const Diagram *diagram, const Edge *edge) {
    const Box *from = &diagram->boxes[edge->from], *to = &diagram->boxes[edge->to];
    if (edge->kind == LINK_LOOKUP)
        return 1;
    return from->zone != NO_ID && from->zone == to->zone ? 20 : 4;
}

static Agedge_t **make_edges(const Diagram *diagram, Agraph_t *graph, Agnode_t **nodes) {
    Agedge_t **edges = g_new0(Agedge_t *, (gsize)diagram->edge_count + 1);
    for (int i = 0; i < diagram->edge_count; i++) {
        const Edge *edge = &diagram->edges[i];
        if (!edge->in_layout)
            continue;
        char *name = g_strdup_printf("e%d", i);
        edges[i] = agedge(graph, nodes[edge->from], nodes[edge->to], name, TRUE);
        set_whole(edges[i], "weight", weight_of(diagram, edge));
        g_free(name);
    }
    return edges;
}

/* What passes gateways turns often: more tracks side by side. */
static int gap_of(const Diagram *diagram) {
    int gateways = 0;
    for (int i = 0; i < diagram->box_count; i++)
        gateways += diagram->boxes[i].role == ROLE_GATEWAY;
    return gateways > 4 ? 104 : 72;
}

/* All arrows leave on the right and arrive on the left in the middle: every role's outline has a point there. The gaps
 * leave room for a frame's margins, a track or two (buses.h) and a label of about eight digits. */
static void set_defaults(Agraph_t *graph, const Diagram *diagram) {
    static char *const rows[][3] = {
        {"G", "rankdir", "LR"},     {"G", "splines", "true"}, {"N", "shape", "box"},
        {"N", "fixedsize", "true"}, {"N", "label", ""},       {"E", "arrowhead", "none"},
        {"E", "tailport", "e"},     {"E", "headport", "w"},   {"E", "weight", "1"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        int type = *rows[i][0] == 'G' ? AGRAPH : *rows[i][0] == 'N' ? AGNODE : AGEDGE;
        agattr(graph, type, rows[i][1], rows[i][2]);
    }
    char width[] = "width", height[] = "height", none[] = "";
    agattr(graph, AGNODE, width, none);
    agattr(graph, AGNODE, height, none);
    set_pixels(graph, "nodesep", 18);
    set_pixels(graph, "ranksep", gap_of(diagram));
}

/* ---- The way back ---------------------------------------------------------------------------- */

static void put(FILE *out, LaidKind kind, int id, const Point *points, int count) {
    Laid header = {(int)kind, id, count};
    fwrite(&header, sizeof header, 1, out);
    if (count > 0)
        fwrite(points, sizeof *points, (size_t)count, out);
}

/* The engine's y grows upwards from the bottom of its bounding box. */
static Point turn(const boxf *all, double x, double y) { return (Point){x - all->LL.x, all->UR.y - y}; }

static void put_rect(FILE *out, LaidKind kind, int id, const boxf *all, boxf its) {
    Point corners[2] = {turn(all, its.LL.x, its.UR.y), turn(all, its.UR.x, its.LL.y)};
    put(out, kind, id, corners, 2);
}

/* Each Bezier piece as its own record: more than one a edge is a finding of layout.c. */
static void put_edge(FILE *out, int id, const boxf *all, Agedge_t *edge) {
    if (ED_spl(edge) == NULL)
        return; /* lost; layout.c notices */
    for (int b = 0; b < ED_spl(edge)->size; b++) {
        const bezier *curve = &ED_spl(edge)->list[b];
        Point *points = g_new(Point, (gsize)curve->size);
        for (int i = 0; i < curve->size; i++)
            points[i] = turn(all, curve->list[i].x, curve->list[i].y);
        put(out, LAID_EDGE, id, points, curve->size);
        g_free(points);
    }
}

bool layout_dot(const void *what, FILE *out) {
    const Diagram *diagram = what;
    lt_symlist_t builtins[] = {{"gvplugin_dot_layout_LTX_library", &gvplugin_dot_layout_LTX_library},
                               {"gvplugin_core_LTX_library", &gvplugin_core_LTX_library},
                               {NULL, NULL}};
    agseterr(AGERR);
    GVC_t *context = gvContextPlugins(builtins, FALSE);
    Agraph_t *graph = cgraph_new();
    set_defaults(graph, diagram);
    Agraph_t **frames = make_frames(diagram, graph);
    Agnode_t **nodes = make_nodes(diagram, graph, frames);
    for (int i = 0; i < diagram->box_count; i++) {
        set_pixels(nodes[i], "width", BOX_WIDTH);
        set_pixels(nodes[i], "height", BOX_HEIGHT);
    }
    Agedge_t **edges = make_edges(diagram, graph, nodes);
    if (gvLayout(context, graph, "dot") != 0)
        return false;
    const boxf all = GD_bb(graph);
    put_rect(out, LAID_DRAWING, 0, &all, all);
    for (int i = 0; i < diagram->box_count; i++) {
        pointf at = ND_coord(nodes[i]);
        boxf its = {{at.x - BOX_WIDTH / 2.0, at.y - BOX_HEIGHT / 2.0},
                    {at.x + BOX_WIDTH / 2.0, at.y + BOX_HEIGHT / 2.0}};
        put_rect(out, LAID_BOX, i, &all, its);
    }
    for (int i = 0; i < diagram->cluster_count; i++)
        put_rect(out, LAID_CLUSTER, i, &all, GD_bb(frames[i]));
    for (int i = 0; i < diagram->edge_count; i++)
        if (edges[i] != NULL)
            put_edge(out, i, &all, edges[i]);
    put(out, LAID_END, 0, NULL, 0);
    return true;
}
