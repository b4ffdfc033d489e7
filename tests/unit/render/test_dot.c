/* test_dot.c - the DOT files can be read back, and hold exactly what the diagram holds. */
#include <graphviz/cgraph.h>
#include <string.h>

#include "render/dot.h"
#include "tests/unit/render/fixture.h"

static int count_clusters(Agraph_t *graph) {
    int count = 0;
    for (Agraph_t *sub = agfstsubg(graph); sub != NULL; sub = agnxtsubg(sub))
        count += 1 + count_clusters(sub);
    return count;
}

static void check_shape(SampleShape shape) {
    Fixture f = fixture_new(shape);
    Diagram *diagram = diagram_new(f.document);
    for (int m = 0; m < 3; m++) {
        GError *error = NULL;
        char *text = dot_write(diagram, m, 20, &error);
        g_assert_no_error(error);
        Agraph_t *graph = agmemread(text);
        g_assert_nonnull(graph);
        g_assert_cmpint(agnnodes(graph), ==, diagram->box_count);
        g_assert_cmpint(agnedges(graph), ==, diagram->edge_count);
        g_assert_cmpint(count_clusters(graph), ==, diagram->cluster_count);
        agclose(graph);
        g_free(text);
    }
    diagram_free(diagram);
    fixture_clear(&f);
}

static void test_counts(void) {
    check_shape(SAMPLE_MULTI);
    check_shape(SAMPLE_SINGLE);
    check_shape(SAMPLE_STRESS);
    check_shape(SAMPLE_HUGE);
    check_shape(SAMPLE_HOSTILE);
}

static void test_readable(void) {
    Fixture f = fixture_new(SAMPLE_MULTI);
    Diagram *diagram = diagram_new(f.document);
    char *text = dot_write(diagram, 1, 20, NULL);
    Agraph_t *graph = agmemread(text);
    char name[] = "site[us-east-1].web / us-east-1a / app", label[] = "label", shape[] = "shape";
    Agnode_t *node = agnode(graph, name, FALSE);
    g_assert_nonnull(node);
    g_assert_cmpstr(agget(node, label), ==, "web\\ninstances\\nfailed\\n3 down");
    g_assert_cmpstr(agget(node, shape), ==, "box");
    agclose(graph);
    g_free(text);
    diagram_free(diagram);
    fixture_clear(&f);
}

/* Names that DOT would read as something else, and names that are not unique. */
static void test_odd_names(void) {
    static const char *const names[] = {"%1",    "a\\\\", "<b>bold</b>", "graph", "x\\\" -> y [label=\\\"z", "\\\\N",
                                        "twice", ""};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        GError *error = NULL;
        char *as_name = g_strdup_printf("\"name\": \"%s\",\n      \"label\": \"%s\"", names[i], names[i]);
        Fixture f = fixture_spoiled(SAMPLE_SINGLE, "\"name\": \"dns\",\n      \"label\": \"dns\"", as_name, &error);
        g_assert_no_error(error);
        Diagram *diagram = diagram_new(f.document);
        char *text = dot_write(diagram, 0, 20, &error);
        g_assert_no_error(error);
        Agraph_t *graph = agmemread(text);
        g_assert_nonnull(graph);
        g_assert_cmpint(agnnodes(graph), ==, diagram->box_count);
        g_assert_cmpint(agnedges(graph), ==, diagram->edge_count);
        char label[] = "label";
        for (Agnode_t *node = agfstnode(graph); node != NULL; node = agnxtnode(graph, node))
            g_assert_false(aghtmlstr(agget(node, label)));
        agclose(graph);
        g_free(text);
        diagram_free(diagram);
        fixture_clear(&f);
        g_free(as_name);
    }
}

static void test_equal_names(void) {
    GError *error = NULL;
    Fixture f = fixture_spoiled(SAMPLE_SINGLE, "\"name\": \"dns\"", "\"name\": \"waf\"", &error);
    g_assert_no_error(error);
    Diagram *diagram = diagram_new(f.document);
    char *text = dot_write(diagram, 0, 20, &error);
    Agraph_t *graph = agmemread(text);
    g_assert_cmpint(agnnodes(graph), ==, diagram->box_count);
    agclose(graph);
    g_free(text);
    diagram_free(diagram);
    fixture_clear(&f);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/dot/counts", test_counts);
    g_test_add_func("/render/dot/readable", test_readable);
    g_test_add_func("/render/dot/odd_names", test_odd_names);
    g_test_add_func("/render/dot/equal_names", test_equal_names);
    return g_test_run();
}
