/* reach_lines.c - rows of a matrix as lines to print: joined where all classes of two components agree. */
#include <string.h>

#include "commands/reach_view.h"

/* --- lines: rows of the matrix, joined where all classes of two components agree -----------------------------------
 */

static void line_clear(gpointer pointer) {
    ReachLine *line = pointer;
    g_free(line->from);
    g_free(line->to);
    g_free(line->port);
}

static bool one_question(const ReachView *view, const MatrixRow *a, const MatrixRow *b) {
    return reach_class_component(view->reach, a->from) == reach_class_component(view->reach, b->from) &&
           reach_class_component(view->reach, a->to) == reach_class_component(view->reach, b->to) &&
           a->protocol == b->protocol && a->port == b->port;
}

static bool one_answer(const MatrixRow *a, const MatrixRow *b) {
    return a->verdict.kind == b->verdict.kind && a->verdict.reply == b->verdict.reply &&
           strcmp(a->verdict.code, b->verdict.code) == 0;
}

char *reach_party_name(const ReachView *view, ClassId id, bool whole) {
    ComponentId component = reach_class_component(view->reach, id);
    if (!whole || component == NO_COMPONENT)
        return reach_class_name(view->reach, id);
    return g_strdup(view->reading.model->components[component].name);
}

static void line_add(const ReachView *view, GArray *lines, const MatrixRow *row, bool whole) {
    ReachLine line = {*row, reach_party_name(view, row->from, whole), reach_party_name(view, row->to, whole),
                      reach_port_text(row->protocol, row->port)};
    g_array_append_val(lines, line);
}

static gint compare_question(gconstpointer a, gconstpointer b, gpointer user) {
    const ReachView *view = user;
    const MatrixRow *x = a, *y = b;
    uint64_t left[] = {reach_class_component(view->reach, x->from),
                       reach_class_component(view->reach, x->to),
                       x->protocol,
                       x->port,
                       x->from,
                       x->to};
    uint64_t right[] = {reach_class_component(view->reach, y->from),
                        reach_class_component(view->reach, y->to),
                        y->protocol,
                        y->port,
                        y->from,
                        y->to};
    for (size_t i = 0; i < G_N_ELEMENTS(left); i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

/* What has no interface of its own does not meet itself on any network. */
static bool is_outside(const ReachView *view, ClassId id) {
    const EndpointClass *classes;
    reach_classes(view->reach, &classes);
    return id == CLASS_INTERNET || classes[id].subnet == NO_PLACE;
}

GArray *reach_lines(const ReachView *view, MatrixRow *rows, uint32_t count) {
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(ReachLine));
    g_array_set_clear_func(lines, line_clear);
    g_qsort_with_data(rows, (gint)count, sizeof *rows, compare_question, (gpointer)(uintptr_t)view);
    for (uint32_t i = 0, end; i < count; i = end) {
        bool agree = true, itself = rows[i].from == rows[i].to && is_outside(view, rows[i].to);
        for (end = i + 1; end < count && one_question(view, &rows[i], &rows[end]); end++)
            agree = agree && one_answer(&rows[i], &rows[end]);
        for (uint32_t k = i; k < (agree ? i + 1 : end) && !itself; k++)
            line_add(view, lines, &rows[k], agree);
    }
    return lines;
}
