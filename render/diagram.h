/* diagram.h - what a picture shows, before anybody knows where: boxes, clusters, edges, and how they look at each
 * moment.
 *
 * Pure and deterministic: the same Document gives the same Diagram. The structure is the same at all moments, so that
 * one layout serves all of them and a reader who steps from one to the next sees only what changed. */
#ifndef FAULTLINE_RENDER_DIAGRAM_H
#define FAULTLINE_RENDER_DIAGRAM_H

#include "render/document.h"

/* How much is shown; chosen by counting boxes, never by how long something takes. */
typedef enum {
    DETAIL_ZONES,   /* a box for each component in each of its subnets */
    DETAIL_REGIONS, /* a box for each component */
    DETAIL_OUTLINE  /* a box for each region, and for each component outside regions */
} Detail;

/* The most boxes with which a detail is still readable on a screen (a box is about 180 x 100 pixels with its margins).
 */
enum { DIAGRAM_ZONES_MOST = 40, DIAGRAM_REGIONS_MOST = 100 };

/* A frame around boxes and other frames. Parents come before their children. */
typedef struct {
    int place;  /* in the document */
    int parent; /* cluster, or NO_ID */
    Level level;
    const char *network; /* of LEVEL_NETWORK: its name; `place` is its region. Else NULL */
} Cluster;

typedef struct {
    int component;    /* in the document; NO_ID for the box of a whole region */
    int place;        /* the region of such a box; else NO_ID */
    int zone, subnet; /* of a box for one zone; else NO_ID */
    int cluster;      /* the smallest frame around it, or NO_ID */
    Role role;
} Box;

/* An arrow. Links between the same two boxes share one. */
typedef struct {
    int from, to; /* boxes */
    LinkKind kind;
    bool intended;  /* at least one of its links is */
    bool both;      /* some of its links lead from `to` to `from` (only where one of the two is a gateway) */
    bool pipe;      /* part of a connection between networks */
    bool in_layout; /* false: drawn beside the layout (copies of data), the layout engine never sees it */
    int *links;     /* in the document, ascending */
    int link_count;
} Edge;

/* The edges that show a link, ascending. */
typedef struct {
    int *edges, count;
} LinkEdges;

typedef struct {
    State state;
    int64_t serving, booting, down, absent;
    const char *note; /* may be NULL */
} BoxLook;

typedef struct {
    bool reaches;
    const char *verdict, *rule;        /* of the worst link; rule may be NULL */
    double requests_per_s, good_share; /* negative: unknown */
    bool shared; /* the rate is that of several edges together, because the record does not divide it */
    bool first;  /* the first of those edges: the one that says the number */
} EdgeLook;

typedef struct {
    BoxLook *boxes; /* one a box; likewise edges */
    EdgeLook *edges;
} MomentLook;

typedef struct {
    const Document *document; /* borrowed */
    Detail detail;
    Cluster *clusters;
    Box *boxes;
    Edge *edges;
    LinkEdges *shown;  /* one a link of the document */
    MomentLook *looks; /* one a moment of the document */
    int cluster_count, box_count, edge_count;
    GPtrArray *blocks; /* private: all arrays */
} Diagram;

/* The most detailed diagram that is readable. O(boxes x links). */
Diagram *diagram_new(const Document *document);
/* One of a given detail, however large. */
Diagram *diagram_new_at(const Document *document, Detail detail);
void diagram_free(Diagram *diagram);

/* How many boxes `detail` would show. */
int diagram_box_count(const Document *document, Detail detail);

#endif
