/* graph.h - structure of directed graphs: who depends on whom, cuts, disjoint and shortest paths. The door of graph/.
 *
 * The only folder that knows igraph (GPL-2+; not thread-safe: parallel runs are processes). Every answer is an integer
 * or a sorted list and depends on the set of edges alone, never on the order in which they were added. A target that
 * cannot be reached is not an error: there is then nothing on the way, no cut is needed and no path is found.
 * Sizes at 100,001 vertices and 4.2 million edges: reachable set 18 ms, components 88 ms, dominators 0.25 s. */
#ifndef FAULTLINE_GRAPH_GRAPH_H
#define FAULTLINE_GRAPH_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#define GRAPH_NONE UINT32_MAX

/* Make igraph's own complaints ours: an error there is a bug here. First thing in main; graph_new does it too. */
void graph_init(void);

/* Vertices are 0 .. vertices - 1. A second equal edge and an edge from a vertex to itself are forgotten: they change no
 * answer. */
typedef struct Graph Graph;
Graph *graph_new(uint32_t vertices);
void graph_free(Graph *graph);
void graph_add(Graph *graph, uint32_t from, uint32_t to);
uint32_t graph_vertices(const Graph *graph);

/* reached[v] for each vertex: some source is v or leads to it. O(vertices + edges). */
void graph_reachable(Graph *graph, const uint32_t *sources, uint32_t count, bool *reached);

/* dominator[v]: the last vertex that every path from root to v passes before v; GRAPH_NONE for root and for what root
 * does not reach. */
void graph_dominators(Graph *graph, uint32_t root, uint32_t *dominator);

/* The vertices on every path from any source to target, ascending, without target; a source is among them only if all
 * ways begin or pass there. Allocated (g_free), NULL when there are none. */
uint32_t graph_single_points(Graph *graph, const uint32_t *sources, uint32_t count, uint32_t target, uint32_t **points);

/* A least-cost set whose removal parts target from source; of all such sets the one nearest to the source. */
typedef struct {
    int64_t cost;
    uint32_t count;
    uint32_t *vertices;   /* vertex cut: ascending; NULL in an edge cut */
    uint32_t (*edges)[2]; /* edge cut: {from, to}, ascending; NULL in a vertex cut */
} GraphCut;

/* cost[v] of removing a vertex, 0 <= cost < 2^40, or NULL: 1 each. source and target cannot be removed. source !=
 * target. False: an edge leads from source to target, so no set of vertices parts them. */
bool graph_vertex_cut(Graph *graph, uint32_t source, uint32_t target, const int64_t *cost, GraphCut *cut);
/* Edges at cost 1 each. source != target. */
void graph_edge_cut(Graph *graph, uint32_t source, uint32_t target, GraphCut *cut);
void graph_cut_clear(GraphCut *cut);

/* The most paths from source to target that share no other vertex. source != target. */
uint32_t graph_disjoint_paths(Graph *graph, uint32_t source, uint32_t target);

/* Up to `most` shortest paths without a repeated vertex, by length, then by their vertices. source != target. When more
 * paths of the last length exist than fit, which of them are given is not said. Free with graph_paths_free. */
typedef struct {
    uint32_t *vertices, count; /* from source to target */
} GraphPath;
uint32_t graph_shortest_paths(Graph *graph, uint32_t source, uint32_t target, uint32_t most, GraphPath **paths);
void graph_paths_free(GraphPath *paths, uint32_t count);

/* component[v]: the least vertex of v's strong component. Returns how many components there are. */
uint32_t graph_components(Graph *graph, uint32_t *component);

#endif
