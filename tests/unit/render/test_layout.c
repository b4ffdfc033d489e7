/* test_layout.c - everything has its place: apart from its neighbours, inside its frame, the same every time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "render/child.h"
#include "render/layout.h"
#include "tests/unit/render/fixture.h"

static bool overlap(Rect a, Rect b) { return a.x0 < b.x1 && a.x1 > b.x0 && a.y0 < b.y1 && a.y1 > b.y0; }

static bool inside(Rect a, Rect b) { return a.x0 >= b.x0 && a.x1 <= b.x1 && a.y0 >= b.y0 && a.y1 <= b.y1; }

static Layout *lay_out(const Diagram *diagram) {
    GError *error = NULL;
    Layout *layout = layout_new(diagram, LAYOUT_TIMEOUT_S, &error);
    g_assert_no_error(error);
    return layout;
}

static void check_boxes(const Diagram *diagram, const Layout *layout) {
    Rect all = {0, 0, layout->width, layout->height};
    for (int i = 0; i < diagram->box_count; i++) {
        Rect box = layout->boxes[i];
        g_assert_cmpfloat_with_epsilon(box.x1 - box.x0, BOX_WIDTH, 0.11);
        g_assert_cmpfloat_with_epsilon(box.y1 - box.y0, BOX_HEIGHT, 0.11);
        g_assert_true(inside(box, all));
        for (int j = 0; j < i; j++)
            g_assert_false(overlap(box, layout->boxes[j]));
        for (int c = 0; c < diagram->cluster_count; c++) {
            bool its_own = false;
            for (int up = diagram->boxes[i].cluster; up != NO_ID; up = diagram->clusters[up].parent)
                its_own |= up == c;
            g_assert_true(its_own ? inside(box, layout->clusters[c]) : !overlap(box, layout->clusters[c]));
        }
    }
}

static void check_frames(const Diagram *diagram, const Layout *layout) {
    for (int c = 0; c < diagram->cluster_count; c++) {
        int parent = diagram->clusters[c].parent;
        if (parent != NO_ID)
            g_assert_true(inside(layout->clusters[c], layout->clusters[parent]));
        for (int other = 0; other < c; other++)
            if (diagram->clusters[other].parent == parent)
                g_assert_false(overlap(layout->clusters[c], layout->clusters[other]));
    }
}

/* Arrows begin and end at their boxes. */
static void check_edges(const Diagram *diagram, const Layout *layout) {
    for (int i = 0; i < diagram->edge_count; i++) {
        const Curve *curve = &layout->edges[i];
        Rect from = layout->boxes[diagram->edges[i].from], to = layout->boxes[diagram->edges[i].to];
        g_assert_cmpint(curve->count % 3, ==, 1);
        Point first = curve->points[0], last = curve->points[curve->count - 1];
        g_assert_true(overlap((Rect){first.x - 2, first.y - 2, first.x + 2, first.y + 2}, from));
        g_assert_true(overlap((Rect){last.x - 2, last.y - 2, last.x + 2, last.y + 2}, to));
    }
}

static void test_all_in_place(void) {
    const SampleShape shapes[] = {SAMPLE_MULTI, SAMPLE_SINGLE, SAMPLE_STRESS, SAMPLE_HUGE};
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        Fixture f = fixture_new(shapes[i]);
        Diagram *diagram = diagram_new(f.document);
        Layout *layout = lay_out(diagram);
        check_boxes(diagram, layout);
        check_frames(diagram, layout);
        check_edges(diagram, layout);
        layout_free(layout);
        diagram_free(diagram);
        fixture_clear(&f);
    }
}

/* A stranger's record need not look like ours: everything in one place, everyone connected to everyone, even back. */
static void test_mesh(void) {
    enum { N = 12 };
    GString *text = g_string_new("{\"format\": \"faultline-record/1\", \"manifest\": {\"version\": \"1\", \"seed\": 1, "
                                 "\"replications\": 1}, \"title\": {\"pattern\": \"mesh\"}, \"run\": {\"until_ns\": 1},"
                                 "\"components\": [");
    for (int i = 0; i < N; i++)
        g_string_append_printf(text, "%s{\"name\": \"c%d\", \"label\": \"c\", \"kind\": \"k\", \"role\": \"compute\"}",
                               i > 0 ? "," : "", i);
    g_string_append(text, "], \"links\": [");
    for (int i = 0; i < N * N; i++)
        g_string_append_printf(text, "%s{\"from\": %d, \"to\": %d}", i > 0 ? "," : "", i / N, i % N);
    g_string_append(text, "]}");
    GError *error = NULL;
    JsonDoc *json = json_in_read(text->str, text->len, &error);
    Document *document = document_new(json, &error);
    g_assert_no_error(error);
    Diagram *diagram = diagram_new(document);
    g_assert_cmpint(diagram->edge_count, ==, N * N - N); /* a box has no arrow to itself */
    Layout *layout = lay_out(diagram);
    check_boxes(diagram, layout);
    layout_free(layout);
    diagram_free(diagram);
    document_free(document);
    json_in_free(json);
    g_string_free(text, TRUE);
}

static void test_same_again(void) {
    Fixture f = fixture_new(SAMPLE_MULTI);
    Diagram *diagram = diagram_new(f.document);
    Layout *first = lay_out(diagram);
    for (int k = 0; k < 5; k++) {
        Layout *again = lay_out(diagram);
        for (int i = 0; i < diagram->box_count; i++)
            g_assert_true(memcmp(&first->boxes[i], &again->boxes[i], sizeof(Rect)) == 0);
        for (int i = 0; i < diagram->edge_count; i++) {
            g_assert_cmpint(first->edges[i].count, ==, again->edges[i].count);
            g_assert_true(memcmp(first->edges[i].points, again->edges[i].points,
                                 (gsize)first->edges[i].count * sizeof(Point)) == 0);
        }
        layout_free(again);
    }
    layout_free(first);
    diagram_free(diagram);
    fixture_clear(&f);
}

/* Regions are stacked in the order of the record. */
static void test_order(void) {
    Fixture f = fixture_new(SAMPLE_STRESS);
    Diagram *diagram = diagram_new(f.document);
    Layout *layout = lay_out(diagram);
    double y = -1;
    for (int c = 0; c < diagram->cluster_count; c++) {
        if (diagram->clusters[c].level != LEVEL_REGION)
            continue;
        g_assert_cmpfloat(layout->clusters[c].y0, >, y);
        y = layout->clusters[c].y0;
    }
    layout_free(layout);
    diagram_free(diagram);
    fixture_clear(&f);
}

/* ---- The child process ---------------------------------------------------------------------------------------------
 */

static bool say_hello(const void *what, FILE *out) { return fputs(what, out) >= 0; }
static bool give_up(const void *what, FILE *out) { return what == NULL && out == NULL; }
static bool sleep_long(const void *what, FILE *out) { return what != out && sleep(60) == 0; }

static bool crash(const void *what, FILE *out) {
    (void)what, (void)out;
    abort();
}

static void test_child(void) {
    GError *error = NULL;
    GByteArray *bytes = child_run("the work", say_hello, "hello", 5, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(bytes->len, ==, 5);
    g_assert_true(memcmp(bytes->data, "hello", 5) == 0);
    g_byte_array_free(bytes, TRUE);
    g_assert_null(child_run("the work", give_up, "x", 5, &error));
    g_assert_error(error, CHILD_ERROR, CHILD_FAILED);
    g_clear_error(&error);
    g_assert_null(child_run("the work", crash, NULL, 5, &error));
    g_assert_error(error, CHILD_ERROR, CHILD_CRASHED);
    g_clear_error(&error);
    g_assert_null(child_run("the work", sleep_long, NULL, 1, &error));
    g_assert_error(error, CHILD_ERROR, CHILD_TIMEOUT);
    g_assert_true(g_str_has_prefix(error->message, "the work took more than 1 s"));
    g_clear_error(&error);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/layout/all_in_place", test_all_in_place);
    g_test_add_func("/render/layout/mesh", test_mesh);
    g_test_add_func("/render/layout/same_again", test_same_again);
    g_test_add_func("/render/layout/order", test_order);
    g_test_add_func("/render/layout/child", test_child);
    return g_test_run();
}
