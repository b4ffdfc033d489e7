/* graph_private.h - a Graph as its own folder sees it (private to graph/). */
#ifndef FAULTLINE_GRAPH_GRAPH_PRIVATE_H
#define FAULTLINE_GRAPH_GRAPH_PRIVATE_H

#include <glib.h>
#include <igraph.h>

#include "graph/graph.h"

typedef struct {
    uint32_t from, to;
} Edge;

/* Edges are collected, then sealed by the first question: sorted, without repeats and loops, so that everything
 * after depends on the set only. Sealed, edges[first[v]] .. edges[first[v + 1] - 1] leave v. Adding unseals. */
struct Graph {
    uint32_t vertices;
    GArray *edges; /* of Edge */
    uint32_t *first;
    bool sealed;
    igraph_t ig; /* valid while sealed */
};

void graph_seal(Graph *graph);

static inline const Edge *graph_edges(const Graph *graph) { return (const Edge *)(void *)graph->edges->data; }

/* igraph answers only what we asked rightly; anything else has already been reported by the handler. */
void graph_check(igraph_error_t status);

#endif
