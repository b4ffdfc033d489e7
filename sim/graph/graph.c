/* graph.c - the graph itself, what it reaches, its dominators and strong components.
 *
 * Left out on purpose: transitive closure (igraph's eats all memory on cycles), articulation points and bridges (they
 * ignore direction; dominators are what "depends on" means), centralities (their bits differ by machine). */
#include "graph/graph.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"
#include "graph/graph_private.h"

/* ---- igraph's complaints -------------------------------------------------------------------------------------------
 */
enum { EXIT_SELF_TEST = 70 };

/* Everything handed to igraph was checked here, so an error is a bug of ours (or no memory is left). */
static void on_error(const char *reason, const char *file, int line, igraph_error_t number) {
    (void)number;
    bug_report(file, line, "igraph", "no error", reason);
}

/* Must not return, and the library's state is unsound: say so and leave. */
static void on_fatal(const char *reason, const char *file, int line) {
    fprintf(stderr, "igraph: %s (%s:%d)\n", reason, file, line);
    _exit(EXIT_SELF_TEST);
}

void graph_init(void) {
    igraph_set_error_handler(on_error);
    igraph_set_warning_handler(igraph_warning_handler_ignore); /* e.g. "couldn't reach some vertices": an answer */
    igraph_set_fatal_handler(on_fatal);
    igraph_set_interruption_handler(NULL); /* nothing here runs long enough to be interrupted */
}

void graph_check(igraph_error_t status) { BUG_IF(status != IGRAPH_SUCCESS, "igraph failed without an error"); }

/* ---- the graph -----------------------------------------------------------------------------------------------------
 */
Graph *graph_new(uint32_t vertices) {
    Graph *graph = g_new0(Graph, 1);
    graph_init();
    graph->vertices = vertices;
    graph->edges = g_array_new(FALSE, FALSE, sizeof(Edge));
    return graph;
}

static void graph_unseal(Graph *graph) {
    if (graph->sealed)
        igraph_destroy(&graph->ig);
    g_clear_pointer(&graph->first, g_free);
    graph->sealed = false;
}

void graph_free(Graph *graph) {
    if (graph == NULL)
        return;
    graph_unseal(graph);
    g_array_free(graph->edges, TRUE);
    g_free(graph);
}

uint32_t graph_vertices(const Graph *graph) { return graph->vertices; }

void graph_add(Graph *graph, uint32_t from, uint32_t to) {
    BUG_IF(from >= graph->vertices || to >= graph->vertices, "an edge leads out of the graph");
    graph_unseal(graph);
    if (from != to)
        g_array_append_vals(graph->edges, &(Edge){from, to}, 1);
}

static int edge_compare(gconstpointer a, gconstpointer b) {
    const Edge *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

/* Sort, drop repeats, and note where the edges of each vertex begin. */
static void graph_sort(Graph *graph) {
    g_array_sort(graph->edges, edge_compare);
    Edge *edges = (Edge *)(void *)graph->edges->data;
    uint32_t kept = 0;
    graph->first = g_new0(uint32_t, (gsize)graph->vertices + 1);
    for (uint32_t i = 0; i < graph->edges->len; i++) {
        if (kept > 0 && edge_compare(&edges[kept - 1], &edges[i]) == 0)
            continue;
        edges[kept++] = edges[i];
        graph->first[edges[i].from + 1]++;
    }
    g_array_set_size(graph->edges, kept);
    for (uint32_t v = 0; v < graph->vertices; v++)
        graph->first[v + 1] += graph->first[v];
}

void graph_seal(Graph *graph) {
    igraph_vector_int_t ends;
    if (graph->sealed)
        return;
    graph_sort(graph);
    const Edge *edges = graph_edges(graph);
    graph_check(igraph_vector_int_init(&ends, 2 * (igraph_integer_t)graph->edges->len));
    for (uint32_t i = 0; i < graph->edges->len; i++) {
        VECTOR(ends)[2 * i] = edges[i].from;
        VECTOR(ends)[2 * i + 1] = edges[i].to;
    }
    graph_check(igraph_create(&graph->ig, &ends, graph->vertices, IGRAPH_DIRECTED));
    igraph_vector_int_destroy(&ends);
    graph->sealed = true;
}

/* ---- questions -----------------------------------------------------------------------------------------------------
 */
/* Own breadth-first search on arrays: it is four times as fast as igraph_subcomponent, and copies nothing. */
void graph_reachable(Graph *graph, const uint32_t *sources, uint32_t count, bool *reached) {
    uint32_t *queue = g_new(uint32_t, graph->vertices), head = 0, tail = 0;
    graph_seal(graph);
    const Edge *edges = graph_edges(graph);
    memset(reached, 0, graph->vertices * sizeof *reached);
    for (uint32_t i = 0; i < count; i++) {
        BUG_IF(sources[i] >= graph->vertices, "a source is not in the graph");
        if (!reached[sources[i]])
            queue[tail++] = sources[i];
        reached[sources[i]] = true;
    }
    while (head < tail) {
        uint32_t at = queue[head++];
        for (uint32_t e = graph->first[at]; e < graph->first[at + 1]; e++) {
            if (!reached[edges[e].to])
                queue[tail++] = edges[e].to;
            reached[edges[e].to] = true;
        }
    }
    g_free(queue);
}

/* igraph says -1 for the root and less for what the root does not reach; here both are GRAPH_NONE. */
void graph_dominators(Graph *graph, uint32_t root, uint32_t *dominator) {
    igraph_vector_int_t found;
    BUG_IF(root >= graph->vertices, "the root is not in the graph");
    graph_seal(graph);
    graph_check(igraph_vector_int_init(&found, 0));
    graph_check(igraph_dominator_tree(&graph->ig, root, &found, NULL, NULL, IGRAPH_OUT));
    for (uint32_t v = 0; v < graph->vertices; v++)
        dominator[v] = VECTOR(found)[v] < 0 || v == root ? GRAPH_NONE : (uint32_t)VECTOR(found)[v];
    igraph_vector_int_destroy(&found);
}

static int vertex_compare(gconstpointer a, gconstpointer b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* With a super source before all sources, the points are the dominators of the target. */
uint32_t graph_single_points(Graph *graph, const uint32_t *sources, uint32_t count, uint32_t target,
                             uint32_t **points) {
    uint32_t super = graph->vertices;
    GArray *chain = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t *dominator = g_new(uint32_t, (gsize)super + 1);
    Graph *whole = graph_new(super + 1);

    BUG_IF(target >= graph->vertices, "the target is not in the graph");
    graph_seal(graph);
    g_array_append_vals(whole->edges, graph->edges->data, graph->edges->len);
    for (uint32_t i = 0; i < count; i++)
        graph_add(whole, super, sources[i]);
    graph_dominators(whole, super, dominator);
    for (uint32_t v = dominator[target]; v != GRAPH_NONE && v != super; v = dominator[v])
        g_array_append_vals(chain, &v, 1);
    g_array_sort(chain, vertex_compare);
    graph_free(whole);
    g_free(dominator);

    uint32_t found = chain->len;
    *points = (uint32_t *)(void *)g_array_free(chain, found == 0);
    return found;
}

uint32_t graph_components(Graph *graph, uint32_t *component) {
    igraph_vector_int_t member;
    igraph_integer_t components = 0;
    graph_seal(graph);
    graph_check(igraph_vector_int_init(&member, 0));
    graph_check(igraph_connected_components(&graph->ig, &member, NULL, &components, IGRAPH_STRONG));

    /* igraph numbers components as it finds them; name each by its least vertex instead. */
    uint32_t *least = g_new(uint32_t, (gsize)components + 1);
    for (uint32_t v = graph->vertices; v-- > 0;)
        least[VECTOR(member)[v]] = v;
    for (uint32_t v = 0; v < graph->vertices; v++)
        component[v] = least[VECTOR(member)[v]];
    g_free(least);
    igraph_vector_int_destroy(&member);
    return (uint32_t)components;
}
