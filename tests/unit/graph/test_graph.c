/* test_graph.c - every structural answer against brute force on small random graphs. */
#include "graph/graph.h"

#include <glib.h>
#include <string.h>

#include "base/luck.h"

enum { MOST = 8, ROUNDS = 1500 };

/* The same graph as a matrix, which is all that the oracles use. */
typedef struct {
    uint32_t n;
    bool edge[MOST][MOST];
} Plain;

static Graph *random_graph(Draw *luck, Plain *plain) {
    memset(plain, 0, sizeof *plain);
    plain->n = 2 + (uint32_t)draw_below(luck, MOST - 1);
    Graph *graph = graph_new(plain->n);
    uint64_t edges = draw_below(luck, 1 + plain->n * (plain->n - 1) * 2 / 3);
    for (uint64_t i = 0; i < edges; i++) {
        uint32_t a = (uint32_t)draw_below(luck, plain->n), b = (uint32_t)draw_below(luck, plain->n);
        graph_add(graph, a, b); /* repeats and loops on purpose */
        plain->edge[a][b] = a != b;
    }
    return graph;
}

/* Whether `from` leads to `to` when the vertices in `gone` (a bit each) are not there. */
static bool leads(const Plain *plain, uint32_t from, uint32_t to, unsigned gone) {
    unsigned seen = 1u << from, before = 0;
    if (gone >> from & 1 || gone >> to & 1)
        return false;
    while (seen != before) {
        before = seen;
        for (uint32_t a = 0; a < plain->n; a++)
            for (uint32_t b = 0; b < plain->n; b++)
                if (seen >> a & 1 && plain->edge[a][b] && !(gone >> b & 1))
                    seen |= 1u << b;
    }
    return seen >> to & 1;
}

static void each_graph(const char *purpose, void (*check)(Graph *, const Plain *, Draw *)) {
    Stream stream = luck_stream((Luck){1, 0}, "test_graph", purpose);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        Draw luck = stream_draw(&stream, round);
        Plain plain;
        Graph *graph = random_graph(&luck, &plain);
        check(graph, &plain, &luck);
        graph_free(graph);
    }
}

static void check_reachable(Graph *graph, const Plain *plain, Draw *luck) {
    uint32_t sources[2] = {(uint32_t)draw_below(luck, plain->n), (uint32_t)draw_below(luck, plain->n)};
    bool reached[MOST];
    graph_reachable(graph, sources, 2, reached);
    for (uint32_t v = 0; v < plain->n; v++)
        g_assert_cmpint(reached[v], ==, leads(plain, sources[0], v, 0) || leads(plain, sources[1], v, 0));
    graph_reachable(graph, NULL, 0, reached);
    for (uint32_t v = 0; v < plain->n; v++)
        g_assert_false(reached[v]);
}

/* d dominates v when v is reached, but not without d; the immediate one is dominated by all the others. */
static void check_dominators(Graph *graph, const Plain *plain, Draw *luck) {
    uint32_t root = (uint32_t)draw_below(luck, plain->n), dominator[MOST];
    graph_dominators(graph, root, dominator);
    for (uint32_t v = 0; v < plain->n; v++) {
        unsigned chain = 0, expected = 0;
        for (uint32_t d = dominator[v]; d != GRAPH_NONE; d = dominator[d])
            chain |= 1u << d;
        for (uint32_t d = 0; d < plain->n; d++)
            if (d != v && v != root && leads(plain, root, v, 0) && !leads(plain, root, v, 1u << d))
                expected |= 1u << d;
        g_assert_cmphex(chain, ==, expected);
    }
}

static void check_single_points(Graph *graph, const Plain *plain, Draw *luck) {
    uint32_t sources[2] = {(uint32_t)draw_below(luck, plain->n), (uint32_t)draw_below(luck, plain->n)};
    uint32_t target = (uint32_t)draw_below(luck, plain->n), *points, seen = 0;
    uint32_t found = graph_single_points(graph, sources, 2, target, &points);
    bool any = leads(plain, sources[0], target, 0) || leads(plain, sources[1], target, 0);
    for (uint32_t v = 0; v < plain->n; v++) {
        bool still = leads(plain, sources[0], target, 1u << v) || leads(plain, sources[1], target, 1u << v);
        if (v != target && any && !still)
            g_assert_cmpuint(points[seen++], ==, v);
    }
    g_assert_cmpuint(seen, ==, found);
    g_free(points);
}

static unsigned bits_of(const GraphCut *cut) {
    unsigned bits = 0;
    for (uint32_t i = 0; i < cut->count; i++) {
        g_assert_true(i == 0 || cut->vertices[i - 1] < cut->vertices[i]);
        bits |= 1u << cut->vertices[i];
    }
    return bits;
}

static int64_t cost_of(unsigned set, const int64_t *cost) {
    int64_t sum = 0;
    for (uint32_t v = 0; v < MOST; v++)
        sum += set >> v & 1 ? (cost != NULL ? cost[v] : 1) : 0;
    return sum;
}

/* The cut parts the two, no subset of vertices does so for less, and no other cheapest one is nearer to the source:
 * everything that another cheapest cut leaves to the source side, this cut's source side is part of. */
static void check_vertex_cut_of(Graph *graph, const Plain *plain, uint32_t source, uint32_t target,
                                const int64_t *cost) {
    GraphCut cut;
    bool parted = graph_vertex_cut(graph, source, target, cost, &cut);
    unsigned set = bits_of(&cut), ends = 1u << source | 1u << target;
    g_assert_cmpint(parted, ==, !plain->edge[source][target]);
    if (parted) {
        g_assert_false(leads(plain, source, target, set) || (set & ends));
        g_assert_cmpint(cost_of(set, cost), ==, cut.cost);
    }
    for (unsigned other = 0; parted && other < 1u << plain->n; other++) {
        if (other & ends || leads(plain, source, target, other))
            continue;
        g_assert_cmpint(cost_of(other, cost), >=, cut.cost);
        for (uint32_t v = 0; v < plain->n && cost_of(other, cost) == cut.cost; v++)
            if (leads(plain, source, v, set))
                g_assert_true(leads(plain, source, v, other) || (cost != NULL && other & set));
    }
    graph_cut_clear(&cut);
}

static void check_vertex_cut(Graph *graph, const Plain *plain, Draw *luck) {
    int64_t cost[MOST];
    uint32_t source = (uint32_t)draw_below(luck, plain->n), target = (uint32_t)draw_below(luck, plain->n);
    if (source == target)
        return;
    for (uint32_t v = 0; v < MOST; v++)
        cost[v] = 1 + (int64_t)draw_below(luck, 4);
    check_vertex_cut_of(graph, plain, source, target, NULL);
    check_vertex_cut_of(graph, plain, source, target, cost);
}

/* Least number of edges from a set with the source to the rest with the target, over all such sets. */
static void check_edge_cut(Graph *graph, const Plain *plain, Draw *luck) {
    uint32_t source = (uint32_t)draw_below(luck, plain->n), target = (uint32_t)draw_below(luck, plain->n);
    GraphCut cut;
    if (source == target)
        return;
    int64_t least = INT64_MAX;
    for (unsigned set = 0; set < 1u << plain->n; set++) {
        int64_t crossing = 0;
        if (!(set >> source & 1) || set >> target & 1)
            continue;
        for (uint32_t a = 0; a < plain->n; a++)
            for (uint32_t b = 0; b < plain->n; b++)
                crossing += set >> a & 1 && !(set >> b & 1) && plain->edge[a][b];
        least = MIN(least, crossing);
    }
    graph_edge_cut(graph, source, target, &cut);
    g_assert_cmpint(cut.cost, ==, least);
    g_assert_cmpint(cut.count, ==, least);
    Plain without = *plain;
    for (uint32_t i = 0; i < cut.count; i++) {
        g_assert_true(without.edge[cut.edges[i][0]][cut.edges[i][1]]);
        without.edge[cut.edges[i][0]][cut.edges[i][1]] = false;
    }
    g_assert_false(leads(&without, source, target, 0));
    graph_cut_clear(&cut);
}

/* All simple paths from the end of `path`; counted, and the largest family of disjoint ones found by trying all. */
typedef struct {
    unsigned inner[4096]; /* inner vertices of each path, as bits */
    uint32_t length[4096], count;
} AllPaths;

static void walk(const Plain *plain, uint32_t at, uint32_t target, unsigned seen, unsigned inner, uint32_t length,
                 AllPaths *all) {
    if (at == target) {
        all->inner[all->count] = inner;
        all->length[all->count++] = length;
        return;
    }
    for (uint32_t next = 0; next < plain->n; next++)
        if (plain->edge[at][next] && !(seen >> next & 1))
            walk(plain, next, target, seen | 1u << next, inner | (next == target ? 0 : 1u << next), length + 1, all);
}

static uint32_t most_disjoint(const AllPaths *all, uint32_t from, unsigned used) {
    uint32_t best = 0;
    for (uint32_t i = from; i < all->count; i++)
        if (!(all->inner[i] & used))
            best = MAX(best, 1 + most_disjoint(all, i + 1, used | all->inner[i]));
    return best;
}

static void check_disjoint_paths(Graph *graph, const Plain *plain, Draw *luck) {
    uint32_t source = (uint32_t)draw_below(luck, plain->n), target = (uint32_t)draw_below(luck, plain->n);
    AllPaths all = {.count = 0};
    if (source == target || plain->n > 6)
        return;
    walk(plain, source, target, 1u << source, 0, 1, &all);
    g_assert_cmpuint(graph_disjoint_paths(graph, source, target), ==, most_disjoint(&all, 0, 0));
}

static int length_compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void check_path(const Plain *plain, const GraphPath *path, uint32_t source, uint32_t target) {
    unsigned seen = 0;
    g_assert_cmpuint(path->vertices[0], ==, source);
    g_assert_cmpuint(path->vertices[path->count - 1], ==, target);
    for (uint32_t i = 0; i < path->count; i++) {
        g_assert_false(seen >> path->vertices[i] & 1);
        seen |= 1u << path->vertices[i];
        g_assert_true(i == 0 || plain->edge[path->vertices[i - 1]][path->vertices[i]]);
    }
}

static void check_shortest_paths(Graph *graph, const Plain *plain, Draw *luck) {
    uint32_t source = (uint32_t)draw_below(luck, plain->n), target = (uint32_t)draw_below(luck, plain->n);
    uint32_t most = (uint32_t)draw_below(luck, 9);
    AllPaths *all = g_new0(AllPaths, 1);
    GraphPath *paths;
    if (source != target) {
        walk(plain, source, target, 1u << source, 0, 1, all);
        qsort(all->length, all->count, sizeof *all->length, length_compare);
        uint32_t count = graph_shortest_paths(graph, source, target, most, &paths);
        g_assert_cmpuint(count, ==, MIN(most, all->count));
        for (uint32_t i = 0; i < count; i++) {
            check_path(plain, &paths[i], source, target);
            g_assert_cmpuint(paths[i].count, ==, all->length[i]);
            g_assert_true(i == 0 || paths[i - 1].count < paths[i].count ||
                          memcmp(paths[i - 1].vertices, paths[i].vertices, paths[i].count * sizeof(uint32_t)) != 0);
        }
        graph_paths_free(paths, count);
    }
    g_free(all);
}

static void check_components(Graph *graph, const Plain *plain, Draw *luck) {
    (void)luck;
    uint32_t component[MOST], count = 0;
    uint32_t found = graph_components(graph, component);
    for (uint32_t v = 0; v < plain->n; v++) {
        uint32_t least = 0;
        while (!leads(plain, v, least, 0) || !leads(plain, least, v, 0))
            least++;
        g_assert_cmpuint(component[v], ==, least);
        count += least == v;
    }
    g_assert_cmpuint(found, ==, count);
}

static void test_reachable(void) { each_graph("reachable", check_reachable); }
static void test_dominators(void) { each_graph("dominators", check_dominators); }
static void test_single_points(void) { each_graph("single points", check_single_points); }
static void test_vertex_cut(void) { each_graph("vertex cut", check_vertex_cut); }
static void test_edge_cut(void) { each_graph("edge cut", check_edge_cut); }
static void test_disjoint_paths(void) { each_graph("disjoint paths", check_disjoint_paths); }
static void test_shortest_paths(void) { each_graph("shortest paths", check_shortest_paths); }
static void test_components(void) { each_graph("components", check_components); }

/* Answers follow from the set of edges: adding them backwards, twice, or after a question changes nothing. */
static void test_order(void) {
    static const uint32_t edges[][2] = {{0, 1}, {0, 2}, {1, 3}, {2, 3}, {3, 4}, {4, 0}, {1, 4}};
    Graph *a = graph_new(5), *b = graph_new(5);
    GraphPath *x, *y;
    for (size_t i = 0; i < G_N_ELEMENTS(edges); i++) {
        graph_add(a, edges[i][0], edges[i][1]);
        graph_add(b, edges[G_N_ELEMENTS(edges) - 1 - i][0], edges[G_N_ELEMENTS(edges) - 1 - i][1]);
        graph_disjoint_paths(a, 0, 4);
    }
    graph_add(b, 2, 3);
    uint32_t n = graph_shortest_paths(a, 0, 4, 9, &x), m = graph_shortest_paths(b, 0, 4, 9, &y);
    g_assert_cmpuint(n, ==, 3);
    g_assert_cmpuint(n, ==, m);
    for (uint32_t i = 0; i < n; i++) {
        g_assert_cmpuint(x[i].count, ==, y[i].count);
        g_assert_true(memcmp(x[i].vertices, y[i].vertices, x[i].count * sizeof(uint32_t)) == 0);
    }
    graph_paths_free(x, n);
    graph_paths_free(y, m);
    graph_free(a);
    graph_free(b);
}

static void test_same_ends(void) {
    if (g_test_subprocess()) {
        GraphCut cut;
        graph_edge_cut(graph_new(2), 1, 1, &cut);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*no such source or target*");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    graph_init();
    g_test_add_func("/graph/reachable", test_reachable);
    g_test_add_func("/graph/dominators", test_dominators);
    g_test_add_func("/graph/single-points", test_single_points);
    g_test_add_func("/graph/vertex-cut", test_vertex_cut);
    g_test_add_func("/graph/edge-cut", test_edge_cut);
    g_test_add_func("/graph/disjoint-paths", test_disjoint_paths);
    g_test_add_func("/graph/shortest-paths", test_shortest_paths);
    g_test_add_func("/graph/components", test_components);
    g_test_add_func("/graph/order", test_order);
    g_test_add_func("/graph/same-ends", test_same_ends);
    return g_test_run();
}
