/* reach_rows.c - reachability before, during and after, one row a question; classes of a component that agree share a
 * row. */
#include <string.h>

#include "document/document.h"

typedef struct {
    char *from, *to, *port;
    bool intended;
    const char *verdicts[3];
    const char *rule;
} Row;

static bool same_question(const Row *a, const Row *b) {
    return g_str_equal(a->from, b->from) && g_str_equal(a->to, b->to) && g_str_equal(a->port, b->port);
}

static void row_free(gpointer pointer) {
    Row *row = pointer;
    g_free(row->from);
    g_free(row->to);
    g_free(row->port);
    g_free(row);
}

static const char *component_name(const Model *model, const Reach *reach, ClassId id) {
    const EndpointClass *classes;
    reach_classes(reach, &classes);
    return id == CLASS_INTERNET ? "internet" : model->components[classes[id].component].name;
}

static const char *verdict_in(const Reach *reach, const Snapshot *snapshot, const MatrixRow *row, uint32_t *element) {
    Query query = {.from = row->from, .to = row->to, .protocol = row->protocol, .port = row->port};
    Verdict verdict = reach_verdict(reach, snapshot->net, query);
    if (*element == 0 && (verdict.kind == VERDICT_REACH) != row->intended)
        *element = verdict.element;
    return verdict_name(verdict.kind);
}

/* A question of several classes keeps the worse answer for what is meant, and the better one for what is not. */
static void merge(Row *into, const Row *row) {
    for (int m = 0; m < 3; m++) {
        bool reach = g_str_equal(row->verdicts[m], "REACH");
        if (into->verdicts[m] != row->verdicts[m] && reach != into->intended)
            into->verdicts[m] = row->verdicts[m];
    }
    if (!into->rule)
        into->rule = row->rule;
}

static void add_row(Record *record, const Row *row) {
    bool any = false, all = true;
    for (int m = 0; m < 3; m++) {
        bool reach = g_str_equal(row->verdicts[m], "REACH");
        any = any || reach;
        all = all && reach;
    }
    record_add_reach(record, (RecordReach){.from = row->from,
                                           .to = row->to,
                                           .port = row->port,
                                           .intended = row->intended,
                                           .excess = any && !row->intended,
                                           .broken = row->intended && !all,
                                           .before = row->verdicts[0],
                                           .during = row->verdicts[1],
                                           .after = row->verdicts[2],
                                           .rule = row->rule});
}

void document_reach(Record *record, const Model *model, const Reach *reach, Snapshot *const *snapshots,
                    uint32_t count) {
    uint32_t questions = 0;
    if (count == 0)
        return;
    MatrixRow *matrix = reach_matrix(reach, snapshots[0]->net, &questions);
    GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
    for (uint32_t q = 0; q < questions; q++) {
        Row *row = g_new0(Row, 1);
        PortRange port = {(uint8_t)matrix[q].protocol, matrix[q].port, matrix[q].port};
        PortSet set = {{port}, 1};
        uint32_t element = 0;
        *row = (Row){g_strdup(component_name(model, reach, matrix[q].from)),
                     g_strdup(component_name(model, reach, matrix[q].to)),
                     ports_text(&set),
                     matrix[q].intended,
                     {NULL, NULL, NULL},
                     NULL};
        for (uint32_t m = 0; m < 3; m++)
            row->verdicts[m] = verdict_in(reach, snapshots[MIN(m, count - 1)], &matrix[q], &element);
        row->rule = element ? model->elements[element].text : NULL;
        Row *last = rows->len ? rows->pdata[rows->len - 1] : NULL;
        if (last && same_question(last, row)) {
            merge(last, row);
            row_free(row);
        } else {
            g_ptr_array_add(rows, row);
        }
    }
    for (guint r = 0; r < rows->len; r++)
        add_row(record, rows->pdata[r]);
    g_ptr_array_free(rows, TRUE);
    g_free(matrix);
}
