/* reach_structure.c - `faultline reach FILE --structure`: what all depends on, and by which chains somebody gets there.
 */
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "commands/print.h"
#include "commands/reach_view.h"

enum { CHAINS_SHOWN = 5 };

/* --- what is looked at -------------------------------------------------------------------------------------------- */

/* The copies of a component, as one target. */
typedef struct {
    char *name; /* "site.db" */
    ComponentId *members;
    uint32_t count;
} Aim;

static void aim_clear(gpointer pointer) {
    Aim *aim = pointer;
    g_free(aim->name);
    g_free(aim->members);
}

/* All that flows end in. */
static GArray *aims_of(const Model *model) {
    GArray *aims = g_array_new(FALSE, FALSE, sizeof(Aim));
    g_array_set_clear_func(aims, aim_clear);
    for (uint32_t f = 0; f < model->flow_count; f++) {
        const FlowStep *last = &model->flows[f].steps[model->flows[f].step_count - 1];
        bool known = false;
        for (guint i = 0; i < aims->len; i++)
            known = known || strcmp(g_array_index(aims, Aim, i).name, last->text) == 0;
        Aim aim = {g_strdup(last->text), g_memdup2(last->by_copy, last->copies * sizeof *last->by_copy), last->copies};
        if (known)
            aim_clear(&aim);
        else
            g_array_append_val(aims, aim);
    }
    return aims;
}

/* --- rows: head and text ------------------------------------------------------------------------------------------ */

typedef struct {
    const char *key, *head;
    GPtrArray *lines; /* owned texts */
} Row;

static void row_clear(gpointer row) { g_ptr_array_free(((Row *)row)->lines, TRUE); }

static Row *row_add(GArray *rows, const char *key, const char *head) {
    Row row = {key, head, g_ptr_array_new_with_free_func(g_free)};
    g_array_append_val(rows, row);
    return &g_array_index(rows, Row, rows->len - 1);
}

static void units_add(Row *row, const Model *model, uint32_t *units, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        g_ptr_array_add(row->lines, model_unit_name(model, units[i]));
    g_free(units);
}

static const char *step_name(const Model *model, ComponentId id) {
    return id == NO_COMPONENT ? "internet" : model->components[id].name;
}

static void chains_add(Row *row, const ReachView *view, ComponentId to) {
    const Model *model = view->reading.model;
    ReachChain *chains;
    uint32_t count = reach_chains(view->reach, view->state, NO_COMPONENT, to, CHAINS_SHOWN, &chains);
    for (uint32_t i = 0; i < count; i++) {
        GString *text = g_string_new(step_name(model, chains[i].steps[0]));
        for (uint32_t k = 1; k < chains[i].count; k++)
            g_string_append_printf(text, " -> %s", step_name(model, chains[i].steps[k]));
        g_ptr_array_add(row->lines, g_string_free(text, FALSE));
    }
    reach_chains_free(chains, count);
}

static void chokes_add(Row *row, const ReachView *view, ComponentId to) {
    ComponentId *points = NULL;
    uint32_t count = reach_choke_points(view->reach, view->state, NO_COMPONENT, to, &points);
    for (uint32_t i = 0; i < count; i++)
        g_ptr_array_add(row->lines, g_strdup(step_name(view->reading.model, points[i])));
    g_free(points);
}

/* Of several copies the first stands for all in what is asked about one component. */
static GArray *rows_of(const ReachView *view, const Aim *aim) {
    const Model *model = view->reading.model;
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));
    g_array_set_clear_func(rows, row_clear);
    uint32_t *units = NULL, count = reach_single_points_of(view->reach, view->state, aim->members, aim->count, &units);
    units_add(row_add(rows, "single_points", "single points of failure"), model, units, count);
    count = reach_minimum_cut(view->reach, view->state, aim->members, aim->count, &units);
    units_add(row_add(rows, "minimum_cut", "fewest units that part the users from it"), model, units, count);
    Row *disjoint = row_add(rows, "disjoint_chains", "chains from the internet that share nothing");
    g_ptr_array_add(disjoint->lines, g_strdup_printf("%u", reach_disjoint_chains(view->reach, view->state, NO_COMPONENT,
                                                                                 aim->members[0])));
    chokes_add(row_add(rows, "choke_points", "what each such chain must pass"), view, aim->members[0]);
    chains_add(row_add(rows, "chains", "the shortest chains"), view, aim->members[0]);
    return rows;
}

/* --- the page ----------------------------------------------------------------------------------------------------- */

static void aim_print(GString *out, const ReachView *view, const Aim *aim, int width) {
    GArray *rows = rows_of(view, aim);
    char *name = escape_terminal(aim->name);
    g_string_append_printf(out, "\n%s\n", name);
    for (guint i = 0; i < rows->len; i++) {
        const Row *row = &g_array_index(rows, Row, i);
        g_string_append_printf(out, "  %s:%s\n", row->head, row->lines->len == 0 ? " none" : "");
        for (guint k = 0; k < row->lines->len; k++) {
            char *safe = escape_terminal(row->lines->pdata[k]);
            print_words(out, safe, 0, 6, width);
            g_free(safe);
        }
    }
    g_free(name);
    g_array_free(rows, TRUE);
}

static void aim_json(JsonWriter *json, const ReachView *view, const Aim *aim) {
    GArray *rows = rows_of(view, aim);
    json_begin_object(json, NULL);
    json_string(json, "to", aim->name);
    for (guint i = 0; i < rows->len; i++) {
        const Row *row = &g_array_index(rows, Row, i);
        json_begin_array(json, row->key);
        for (guint k = 0; k < row->lines->len; k++)
            json_string(json, NULL, row->lines->pdata[k]);
        json_end(json);
    }
    json_end(json);
    g_array_free(rows, TRUE);
}

int reach_page_structure(GString *out, const ReachView *view, TableFormat format, int width) {
    GArray *aims = aims_of(view->reading.model);
    JsonWriter *json = format == TABLE_JSON ? json_document("faultline-structure/1") : NULL;
    if (json != NULL) {
        json_string(json, "design", view->title);
        json_begin_array(json, "structure");
    } else {
        char *title = escape_terminal(view->title);
        g_string_append_printf(out, "What the ends of flows depend on in %s\n", title);
        g_free(title);
    }
    for (guint i = 0; i < aims->len; i++) {
        if (json != NULL)
            aim_json(json, view, &g_array_index(aims, Aim, i));
        else
            aim_print(out, view, &g_array_index(aims, Aim, i), width);
    }
    if (json != NULL) {
        json_end(json);
        print_json(out, json);
    }
    g_array_free(aims, TRUE);
    return EXIT_DONE;
}
