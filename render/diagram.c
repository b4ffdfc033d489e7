/* diagram.c - which boxes, frames and arrows stand for a record. */
#include "render/diagram.h"

#include "render/diagram_frames.h"
#include "render/diagram_look.h"

void *diagram_take(Diagram *diagram, size_t count, size_t size) {
    void *block = g_malloc0_n(count > 0 ? count : 1, size);
    g_ptr_array_add(diagram->blocks, block);
    return block;
}

/* ---- Boxes ----------------------------------------------------------------------------------- */

static bool same_box(const Box *a, const Box *b) {
    return a->component == b->component && a->place == b->place && a->zone == b->zone && a->subnet == b->subnet;
}

/* Add a box unless the same stands among those from `since` on. */
static void add_box(GArray *boxes, guint since, Box box) {
    for (guint i = since; i < boxes->len; i++)
        if (same_box(&g_array_index(boxes, Box, i), &box))
            return;
    g_array_append_val(boxes, box);
}

static void add_boxes_of(const Document *document, Detail detail, int id, GArray *boxes) {
    const Component *component = &document->components[id];
    Box box = {.component = id, .place = NO_ID, .zone = NO_ID, .subnet = NO_ID, .role = component->role};
    int region = document_place_at(document, component->place, LEVEL_REGION);
    if (detail == DETAIL_OUTLINE && region != NO_ID) {
        box.component = NO_ID;
        box.place = region;
        box.role = ROLE_COMPUTE;
        add_box(boxes, 0, box);
        return;
    }
    guint since = boxes->len;
    for (int i = 0; detail == DETAIL_ZONES && i < component->unit_count; i++) {
        box.zone = component->units[i].zone;
        box.subnet = component->units[i].subnet;
        add_box(boxes, since, box);
    }
    if (boxes->len == since)
        g_array_append_val(boxes, box);
}

static GArray *all_boxes(const Document *document, Detail detail) {
    GArray *boxes = g_array_new(FALSE, FALSE, sizeof(Box));
    for (int i = 0; i < document->component_count; i++)
        add_boxes_of(document, detail, i, boxes);
    return boxes;
}

int diagram_box_count(const Document *document, Detail detail) {
    GArray *boxes = all_boxes(document, detail);
    int count = (int)boxes->len;
    g_array_free(boxes, TRUE);
    return count;
}

/* ---- Arrows ---------------------------------------------------------------------------------- */

/* Edges while they are being found. */
typedef struct {
    Diagram *diagram;
    GArray *edges;      /* Edge; links are filled in at the end */
    GArray *members;    /* Member */
    GHashTable *lookup; /* text of ends and kind -> index + 1; never walked */
} Finder;

/* Link `link` is part of edge `edge`. */
typedef struct {
    int edge, link;
} Member;

static char *edge_key(int from, int to, LinkKind kind) { return g_strdup_printf("%d %d %d", from, to, (int)kind); }

static bool carries(const Diagram *diagram, int box) { return diagram->boxes[box].role == ROLE_GATEWAY; }

static int look_up(const Finder *finder, int from, int to, LinkKind kind) {
    char *key = edge_key(from, to, kind);
    int found = GPOINTER_TO_INT(g_hash_table_lookup(finder->lookup, key)) - 1;
    g_free(key);
    return found;
}

/* What goes through a gateway one way and the other shares an arrow. */
static int find_edge(const Finder *finder, int from, int to, LinkKind kind) {
    int found = look_up(finder, from, to, kind);
    bool shared = carries(finder->diagram, from) || carries(finder->diagram, to);
    return found == NO_ID && shared ? look_up(finder, to, from, kind) : found;
}

/* A VPN, a peering: it belongs to no stack. */
static bool joins_networks(const Diagram *diagram, int box) {
    const Box *its = &diagram->boxes[box];
    return its->role == ROLE_GATEWAY && diagram->document->components[its->component].stack == NULL;
}

static void add_edge(Finder *finder, int link, int from, int to) {
    const Link *its = &finder->diagram->document->links[link];
    if (from == to)
        return; /* both ends are in the same region's box */
    int edge = find_edge(finder, from, to, its->kind);
    if (edge == NO_ID) {
        Edge fresh = {.from = from, .to = to, .kind = its->kind, .in_layout = its->kind != LINK_REPLICA};
        fresh.pipe = joins_networks(finder->diagram, from) || joins_networks(finder->diagram, to);
        g_array_append_val(finder->edges, fresh);
        edge = (int)finder->edges->len - 1;
        g_hash_table_insert(finder->lookup, edge_key(from, to, its->kind), GINT_TO_POINTER(edge + 1));
    }
    Edge *found = &g_array_index(finder->edges, Edge, edge);
    found->intended |= its->intended;
    found->both |= found->from != from;
    Member member = {edge, link};
    g_array_append_val(finder->members, member);
}

/* The boxes of a component are neighbours in the list. */
typedef struct {
    int first, end;
} Range;

static Range boxes_of(const Diagram *diagram, int component) {
    const Document *document = diagram->document;
    int region = document_place_at(document, document->components[component].place, LEVEL_REGION);
    Range range = {0, 0};
    for (int i = 0; i < diagram->box_count; i++) {
        const Box *box = &diagram->boxes[i];
        if (box->component == component || (box->component == NO_ID && box->place == region)) {
            if (range.end == 0)
                range.first = i;
            range.end = i + 1;
        }
    }
    return range;
}

static bool share_zone(const Diagram *diagram, int a, int b) {
    return diagram->boxes[a].zone != NO_ID && diagram->boxes[a].zone == diagram->boxes[b].zone;
}

/* Boxes in equal zones are joined; all pairs would hide the picture behind a mesh. A box without a partner in its zone
 * is joined to all at the other end, so that no box is left without an arrow that its link promises. */
static void join_zones(Finder *finder, int link, Range from, Range to) {
    const Diagram *diagram = finder->diagram;
    for (int a = from.first; a < from.end; a++) {
        bool paired = false;
        for (int b = to.first; b < to.end && !paired; b++)
            paired = share_zone(diagram, a, b);
        for (int b = to.first; b < to.end; b++)
            if (!paired || share_zone(diagram, a, b))
                add_edge(finder, link, a, b);
    }
    for (int b = to.first; b < to.end; b++) {
        bool met = false;
        for (int a = from.first; a < from.end && !met; a++)
            met = find_edge(finder, a, b, diagram->document->links[link].kind) != NO_ID;
        for (int a = from.first; a < from.end && !met; a++)
            add_edge(finder, link, a, b);
    }
}

/* From one end to the other through what carries the link. */
static void join_through(Finder *finder, int id, Range from, Range to) {
    const Link *link = &finder->diagram->document->links[id];
    for (int v = 0; v < link->via_count; v++) {
        Range via = boxes_of(finder->diagram, link->via[v]);
        join_zones(finder, id, from, via);
        from = via;
    }
    join_zones(finder, id, from, to);
}

/* Copies of data: within a component from zone to zone in a chain, between components once. */
static void join_replicas(Finder *finder, int link, Range from, Range to) {
    if (from.first != to.first) {
        add_edge(finder, link, from.first, to.first);
        return;
    }
    for (int b = from.first + 1; b < from.end; b++)
        add_edge(finder, link, b - 1, b);
}

static int by_edge(gconstpointer a, gconstpointer b) {
    const Member *x = a, *y = b;
    return x->edge != y->edge ? (x->edge < y->edge ? -1 : 1) : (x->link > y->link) - (x->link < y->link);
}

/* Hand every edge its stretch of the sorted members. */
static void fill_links(Diagram *diagram, GArray *members) {
    int *links = diagram_take(diagram, members->len, sizeof *links);
    g_array_sort(members, by_edge);
    int at = 0;
    for (guint i = 0; i < members->len; i++) {
        const Member *member = &g_array_index(members, Member, i);
        Edge *edge = &diagram->edges[member->edge];
        if (edge->link_count == 0)
            edge->links = links + at;
        else if (edge->links[edge->link_count - 1] == member->link)
            continue;
        links[at++] = member->link;
        edge->link_count++;
    }
}

/* The same the other way round. */
static void fill_shown(Diagram *diagram) {
    int all = 0, at = 0;
    diagram->shown = diagram_take(diagram, (size_t)diagram->document->link_count, sizeof(LinkEdges));
    for (int e = 0; e < diagram->edge_count; e++)
        for (int i = 0; i < diagram->edges[e].link_count; i++, all++)
            diagram->shown[diagram->edges[e].links[i]].count++;
    int *edges = diagram_take(diagram, (size_t)all, sizeof *edges);
    for (int l = 0; l < diagram->document->link_count; l++) {
        diagram->shown[l].edges = edges + at;
        at += diagram->shown[l].count;
        diagram->shown[l].count = 0;
    }
    for (int e = 0; e < diagram->edge_count; e++)
        for (int i = 0; i < diagram->edges[e].link_count; i++) {
            LinkEdges *shown = &diagram->shown[diagram->edges[e].links[i]];
            shown->edges[shown->count++] = e;
        }
}

static void join(Finder *finder, int id) {
    const Link *link = &finder->diagram->document->links[id];
    Range from = boxes_of(finder->diagram, link->from), to = boxes_of(finder->diagram, link->to);
    if (link->kind == LINK_REPLICA)
        join_replicas(finder, id, from, to);
    else
        join_through(finder, id, from, to);
}

/* Through gateways from a place outside: arrows that it shares with a link that leads there point that way, so that the
 * place stands behind what uses it. */
static bool comes_back(const Document *document, const Link *link) {
    int place = document->components[link->from].place;
    return link->via_count > 0 && place != NO_ID && document->places[place].level == LEVEL_OUTSIDE;
}

static void add_edges(Diagram *diagram) {
    Finder finder = {diagram, g_array_new(FALSE, FALSE, sizeof(Edge)), g_array_new(FALSE, FALSE, sizeof(Member)),
                     g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    for (int i = 0; i < diagram->document->link_count; i++)
        if (!comes_back(diagram->document, &diagram->document->links[i]))
            join(&finder, i);
    for (int i = 0; i < diagram->document->link_count; i++)
        if (comes_back(diagram->document, &diagram->document->links[i]))
            join(&finder, i);
    diagram->edge_count = (int)finder.edges->len;
    diagram->edges = (Edge *)(void *)g_array_free(finder.edges, FALSE);
    g_ptr_array_add(diagram->blocks, diagram->edges);
    g_hash_table_destroy(finder.lookup);
    fill_links(diagram, finder.members);
    fill_shown(diagram);
    g_array_free(finder.members, TRUE);
}

/* ---- The whole ------------------------------------------------------------------------------- */

Diagram *diagram_new_at(const Document *document, Detail detail) {
    Diagram *diagram = g_new0(Diagram, 1);
    diagram->document = document;
    diagram->detail = detail;
    diagram->blocks = g_ptr_array_new_with_free_func(g_free);
    GArray *boxes = all_boxes(document, detail);
    diagram->box_count = (int)boxes->len;
    diagram->boxes = (Box *)(void *)g_array_free(boxes, FALSE);
    g_ptr_array_add(diagram->blocks, diagram->boxes);
    diagram_frame(diagram);
    add_edges(diagram);
    diagram->looks = diagram_take(diagram, (size_t)document->moment_count, sizeof(MomentLook));
    for (int m = 0; m < document->moment_count; m++) {
        diagram->looks[m].boxes = diagram_take(diagram, (size_t)diagram->box_count, sizeof(BoxLook));
        diagram->looks[m].edges = diagram_take(diagram, (size_t)diagram->edge_count, sizeof(EdgeLook));
        diagram_look(diagram, &document->moments[m], &diagram->looks[m]);
    }
    return diagram;
}

Diagram *diagram_new(const Document *document) {
    if (diagram_box_count(document, DETAIL_ZONES) <= DIAGRAM_ZONES_MOST)
        return diagram_new_at(document, DETAIL_ZONES);
    if (diagram_box_count(document, DETAIL_REGIONS) <= DIAGRAM_REGIONS_MOST)
        return diagram_new_at(document, DETAIL_REGIONS);
    return diagram_new_at(document, DETAIL_OUTLINE);
}

void diagram_free(Diagram *diagram) {
    if (diagram == NULL)
        return;
    g_ptr_array_free(diagram->blocks, TRUE);
    g_free(diagram);
}
