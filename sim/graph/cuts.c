/* cuts.c - least cuts and disjoint paths, by maximum flow on a graph whose vertices are split in two.
 *
 * One way for all three: igraph's own vertex connectivity refuses adjacent ends, and its list of all least cuts missed
 * some before 0.10.11. The cut is read off the residual graph here, because which of several least cuts igraph names is
 * not said. */
#include <string.h>

#include "base/bug.h"
#include "graph/graph.h"
#include "graph/graph_private.h"

/* Capacities are whole numbers kept in doubles: exact while their sum stays below 2^53. */
#define COST_MOST ((int64_t)1 << 40)
#define SUM_MOST ((int64_t)1 << 52)

/* A flow problem: edge i has capacity[i], in the order of the sealed edges of `graph`. */
typedef struct {
    Graph *graph;
    igraph_vector_t capacity;
} Net;

/* Vertex v becomes v (in) and v + n (out); the edge between them carries the cost of removing it. */
static uint32_t half_in(uint32_t v) { return v; }
static uint32_t half_out(const Graph *graph, uint32_t v) { return v + graph->vertices; }

/* igraph takes NaN, negative and missing capacities without a word: that none comes in is checked here. */
static void net_set(Net *net, uint32_t edge, int64_t capacity) {
    BUG_IF(capacity < 0 || capacity > SUM_MOST, "a capacity is out of range");
    VECTOR(net->capacity)[edge] = (igraph_real_t)capacity;
}

static void net_init(Net *net, Graph *graph) {
    net->graph = graph;
    graph_seal(graph);
    graph_check(igraph_vector_init(&net->capacity, (igraph_integer_t)graph->edges->len));
}

/* Largest flow from source to target, and for the vertices behind it whether the flow's residual graph reaches them
 * from the source: the side of the source in the least cut that is nearest to it, which is the same for every largest
 * flow. source == target would never end in igraph before 0.10.8. */
static int64_t net_solve(Net *net, uint32_t source, uint32_t target, bool *source_side) {
    Graph *graph = net->graph;
    const Edge *edges = graph_edges(graph);
    igraph_vector_t flow;
    igraph_real_t value = 0;

    BUG_IF(source == target || source >= graph->vertices || target >= graph->vertices, "no such source or target");
    graph_check(igraph_vector_init(&flow, 0));
    graph_check(igraph_maxflow(&graph->ig, &value, &flow, NULL, NULL, NULL, source, target, &net->capacity, NULL));
    Graph *residual = graph_new(graph->vertices);
    for (uint32_t i = 0; i < graph->edges->len; i++) {
        if (VECTOR(flow)[i] < VECTOR(net->capacity)[i])
            graph_add(residual, edges[i].from, edges[i].to);
        if (VECTOR(flow)[i] > 0)
            graph_add(residual, edges[i].to, edges[i].from);
    }
    graph_reachable(residual, &source, 1, source_side);
    graph_free(residual);
    igraph_vector_destroy(&flow);
    return (int64_t)value;
}

/* The split graph: inner edges first in meaning, not in order; `cost` NULL means 1 each; between vertices, `wide`. */
static void split_init(Net *net, Graph *graph, const int64_t *cost, int64_t wide) {
    Graph *split = graph_new(2 * graph->vertices);
    graph_seal(graph);
    const Edge *edges = graph_edges(graph);
    for (uint32_t v = 0; v < graph->vertices; v++)
        graph_add(split, half_in(v), half_out(graph, v));
    for (uint32_t i = 0; i < graph->edges->len; i++)
        graph_add(split, half_out(graph, edges[i].from), half_in(edges[i].to));
    net_init(net, split);
    edges = graph_edges(split);
    for (uint32_t i = 0; i < split->edges->len; i++) {
        bool inner = edges[i].from < graph->vertices;
        net_set(net, i, !inner ? wide : cost != NULL ? cost[edges[i].from] : 1);
    }
}

static void split_clear(Net *net) {
    graph_free(net->graph);
    igraph_vector_destroy(&net->capacity);
}

static int64_t cost_sum(const Graph *graph, const int64_t *cost) {
    int64_t sum = 0;
    for (uint32_t v = 0; v < graph->vertices; v++) {
        BUG_IF(cost != NULL && (cost[v] < 0 || cost[v] >= COST_MOST), "the cost of a vertex is out of range");
        sum += cost != NULL ? cost[v] : 1;
        BUG_IF(sum >= SUM_MOST, "the costs of all vertices add up to too much");
    }
    return sum;
}

static bool has_edge(Graph *graph, uint32_t from, uint32_t to) {
    graph_seal(graph);
    for (uint32_t e = graph->first[from]; e < graph->first[from + 1]; e++)
        if (graph_edges(graph)[e].to == to)
            return true;
    return false;
}

bool graph_vertex_cut(Graph *graph, uint32_t source, uint32_t target, const int64_t *cost, GraphCut *cut) {
    GArray *vertices = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    Net net;

    *cut = (GraphCut){0};
    BUG_IF(source >= graph->vertices || target >= graph->vertices, "no such source or target");
    int64_t wide = cost_sum(graph, cost) + 1;
    bool parted = !has_edge(graph, source, target);
    if (parted) {
        bool *side = g_new(bool, 2 * (gsize)graph->vertices);
        split_init(&net, graph, cost, wide);
        cut->cost = net_solve(&net, half_out(graph, source), half_in(target), side);
        for (uint32_t v = 0; v < graph->vertices; v++)
            if (side[half_in(v)] && !side[half_out(graph, v)])
                g_array_append_vals(vertices, &v, 1);
        split_clear(&net);
        g_free(side);
    }
    cut->count = vertices->len;
    cut->vertices = (uint32_t *)(void *)g_array_free(vertices, cut->count == 0);
    return parted;
}

/* No splitting needed: the edges themselves have capacity 1. */
void graph_edge_cut(Graph *graph, uint32_t source, uint32_t target, GraphCut *cut) {
    bool *side = g_new(bool, graph->vertices);
    GArray *list = g_array_new(FALSE, FALSE, sizeof *cut->edges);
    Net net;

    *cut = (GraphCut){0};
    net_init(&net, graph);
    for (uint32_t i = 0; i < graph->edges->len; i++)
        net_set(&net, i, 1);
    cut->cost = net_solve(&net, source, target, side);
    for (uint32_t i = 0; i < graph->edges->len; i++) {
        Edge edge = graph_edges(graph)[i];
        if (side[edge.from] && !side[edge.to])
            g_array_append_vals(list, &(uint32_t[2]){edge.from, edge.to}, 1);
    }
    igraph_vector_destroy(&net.capacity);
    g_free(side);
    cut->count = list->len;
    cut->edges = (uint32_t(*)[2])(void *)g_array_free(list, cut->count == 0);
}

void graph_cut_clear(GraphCut *cut) {
    g_free(cut->vertices);
    g_free(cut->edges);
    *cut = (GraphCut){0};
}

/* The split graph with capacity 1 everywhere: each vertex and each edge serves one path (Menger). */
uint32_t graph_disjoint_paths(Graph *graph, uint32_t source, uint32_t target) {
    Net net;
    bool *side = g_new(bool, 2 * (gsize)graph->vertices);
    split_init(&net, graph, NULL, 1);
    int64_t paths = net_solve(&net, half_out(graph, source), half_in(target), side);
    split_clear(&net);
    g_free(side);
    return (uint32_t)paths;
}
