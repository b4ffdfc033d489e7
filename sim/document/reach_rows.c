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

static char *question(const char *from, const Row *row) {
    return g_strdup_printf("%s > %s > %s", from, row->to, row->port);
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

/* What the whole internet can reach, every neighbour can: only the internet's own row is news. */
static bool is_public(GHashTable *known, const Row *row) {
    char *key = question("internet", row);
    const Row *from_internet = g_hash_table_lookup(known, key);
    g_free(key);
    return from_internet && from_internet != row && g_str_equal(from_internet->verdicts[0], "REACH");
}

static void add_row(Record *record, GHashTable *known, const Row *row) {
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
                                           .excess = any && !row->intended && !is_public(known, row),
                                           .broken = row->intended && !all,
                                           .before = row->verdicts[0],
                                           .during = row->verdicts[1],
                                           .after = row->verdicts[2],
                                           .rule = row->rule});
}

static Row *row_of(const Model *model, const Reach *reach, Snapshot *const *snapshots, uint32_t count,
                   const MatrixRow *asked) {
    Row *row = g_new0(Row, 1);
    PortSet set = {{{(uint8_t)asked->protocol, asked->port, asked->port}}, 1};
    uint32_t element = 0;
    row->from = g_strdup(component_name(model, reach, asked->from));
    row->to = g_strdup(component_name(model, reach, asked->to));
    row->port = ports_text(&set);
    row->intended = asked->intended;
    for (uint32_t m = 0; m < 3; m++)
        row->verdicts[m] = verdict_in(reach, snapshots[MIN(m, count - 1)], asked, &element);
    row->rule = element ? model->elements[element].text : NULL;
    return row;
}

void document_reach(Record *record, const Model *model, const Reach *reach, Snapshot *const *snapshots,
                    uint32_t count) {
    uint32_t questions = 0;
    if (count == 0)
        return;
    MatrixRow *matrix = reach_matrix(reach, snapshots[0]->net, &questions);
    GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL); /* for lookup only */
    for (uint32_t q = 0; q < questions; q++) {
        Row *row = row_of(model, reach, snapshots, count, &matrix[q]);
        char *key = question(row->from, row);
        Row *same = g_hash_table_lookup(known, key);
        if (same) {
            merge(same, row);
            row_free(row);
            g_free(key);
        } else {
            g_ptr_array_add(rows, row);
            g_hash_table_insert(known, key, row);
        }
    }
    for (guint r = 0; r < rows->len; r++)
        add_row(record, known, rows->pdata[r]);
    g_hash_table_destroy(known);
    g_ptr_array_free(rows, TRUE);
    g_free(matrix);
}
