/* paths.c - the k shortest paths, in an order of their own. */
#include "base/bug.h"
#include "graph/graph.h"
#include "graph/graph_private.h"

/* Shorter first; among equals by the first vertex that differs. */
static int path_compare(const void *a, const void *b) {
    const GraphPath *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? -1 : 1;
    for (uint32_t i = 0; i < x->count; i++)
        if (x->vertices[i] != y->vertices[i])
            return x->vertices[i] < y->vertices[i] ? -1 : 1;
    return 0;
}

static GraphPath path_copy(const igraph_vector_int_t *from) {
    GraphPath path = {.count = (uint32_t)igraph_vector_int_size(from)};
    path.vertices = g_new(uint32_t, path.count);
    for (uint32_t i = 0; i < path.count; i++)
        path.vertices[i] = (uint32_t)VECTOR(*from)[i];
    return path;
}

uint32_t graph_shortest_paths(Graph *graph, uint32_t source, uint32_t target, uint32_t most, GraphPath **paths) {
    igraph_vector_int_list_t found;
    BUG_IF(source == target || source >= graph->vertices || target >= graph->vertices, "no such source or target");
    graph_seal(graph);
    graph_check(igraph_vector_int_list_init(&found, 0));
    if (most > 0)
        graph_check(igraph_get_k_shortest_paths(&graph->ig, NULL, &found, NULL, most, source, target, IGRAPH_OUT));
    uint32_t count = (uint32_t)igraph_vector_int_list_size(&found);
    *paths = g_new(GraphPath, count);
    for (uint32_t i = 0; i < count; i++)
        (*paths)[i] = path_copy(igraph_vector_int_list_get_ptr(&found, i));
    igraph_vector_int_list_destroy(&found);
    if (count > 1)
        qsort(*paths, count, sizeof **paths, path_compare);
    return count;
}

void graph_paths_free(GraphPath *paths, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        g_free(paths[i].vertices);
    g_free(paths);
}
