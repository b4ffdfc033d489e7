/* reach_diff.c - `faultline reach A --against ...`: the connections that two designs, or two instants, do not share. */
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "commands/print.h"
#include "commands/reach_view.h"

/* --- both sides, under the same names ------------------------------------------------------------------------------
 */

typedef struct {
    char *pair; /* "site[us-east-1].lb -> site[us-east-1].web tcp/8080" */
    const ReachView *view;
    Verdict verdict;
} Side;

static void answer_clear(gpointer pointer) { g_free(((Side *)pointer)->pair); }

static int compare_answers(gconstpointer a, gconstpointer b) {
    return strcmp(((const Side *)a)->pair, ((const Side *)b)->pair);
}

static GArray *answers_of(const ReachView *view) {
    GArray *answers = g_array_new(FALSE, FALSE, sizeof(Side));
    g_array_set_clear_func(answers, answer_clear);
    uint32_t count;
    MatrixRow *rows = reach_matrix(view->reach, view->state, &count);
    GArray *lines = reach_lines(view, rows, count);
    for (guint i = 0; i < lines->len; i++) {
        const ReachLine *line = &g_array_index(lines, ReachLine, i);
        Side side = {g_strdup_printf("%s -> %s %s", line->from, line->to, line->port), view, line->row.verdict};
        g_array_append_val(answers, side);
    }
    g_array_free(lines, TRUE);
    g_free(rows);
    g_array_sort(answers, compare_answers);
    return answers;
}

/* --- differences -------------------------------------------------------------------------------------------------- */

typedef enum { DIFF_OPENED, DIFF_CLOSED, DIFF_REASON, DIFFS } DiffKind;
static const char *const diff_words[DIFFS] = {"opened", "closed", "other reason"};

typedef struct {
    DiffKind kind;
    const Side *a, *b; /* NULL: nobody there to ask */
} Diff;

static bool is_open(const Side *answer) { return answer != NULL && answer->verdict.kind == VERDICT_REACH; }

/* A question that only one side has is a difference when the answer there is yes. */
static void diff_add(GArray *diffs, const Side *a, const Side *b) {
    Diff diff = {is_open(b) ? DIFF_OPENED : DIFF_CLOSED, a, b};
    if (is_open(a) == is_open(b)) {
        if (is_open(a) || a == NULL || b == NULL ||
            (a->verdict.kind == b->verdict.kind && a->verdict.reply == b->verdict.reply &&
             strcmp(a->verdict.code, b->verdict.code) == 0))
            return;
        diff.kind = DIFF_REASON;
    }
    g_array_append_val(diffs, diff);
}

static GArray *diffs_of(const GArray *a, const GArray *b) {
    GArray *diffs = g_array_new(FALSE, FALSE, sizeof(Diff));
    guint i = 0, k = 0;
    while (i < a->len || k < b->len) {
        const Side *x = i < a->len ? &g_array_index(a, Side, i) : NULL;
        const Side *y = k < b->len ? &g_array_index(b, Side, k) : NULL;
        int order = x == NULL ? 1 : y == NULL ? -1 : compare_answers(x, y);
        diff_add(diffs, order <= 0 ? x : NULL, order >= 0 ? y : NULL);
        i += order <= 0;
        k += order >= 0;
    }
    return diffs;
}

/* --- text --------------------------------------------------------------------------------------------------------- */

static void side_print(GString *out, const char *head, const Side *answer, int width) {
    GString *text = g_string_new(NULL);
    if (answer == NULL) {
        g_string_append(text, "there is no such pair");
    } else {
        const Model *model = answer->view->reading.model;
        char *verdict = reach_verdict_text(&answer->verdict), *place = reach_place_text(model, answer->verdict.element);
        const char *element = reach_element_text(model, answer->verdict.element);
        g_string_append_printf(text, "%s%s%s", verdict, element != NULL ? ", by " : "", element != NULL ? element : "");
        if (place != NULL)
            g_string_append_printf(text, "  [%s]", place);
        g_free(verdict);
        g_free(place);
    }
    char *safe = escape_terminal(text->str);
    g_string_append_printf(out, "    %-8s", head);
    print_words(out, safe, 12, 12, width);
    g_free(safe);
    g_string_free(text, TRUE);
}

static void diffs_print(GString *out, const ReachView *a, const ReachView *b, const GArray *diffs, int width) {
    uint32_t counts[DIFFS] = {0};
    for (guint i = 0; i < diffs->len; i++)
        counts[g_array_index(diffs, Diff, i).kind]++;
    char *from = escape_terminal(a->title), *to = escape_terminal(b->title);
    char *title = g_strdup_printf("Who can reach whom: from %s to %s", from, to);
    print_words(out, title, 2, 2, width);
    g_string_append_printf(out, "%u opened, %u closed, %u closed for another reason\n", counts[DIFF_OPENED],
                           counts[DIFF_CLOSED], counts[DIFF_REASON]);
    for (DiffKind kind = 0; kind < DIFFS; kind++) {
        for (guint i = 0; i < diffs->len; i++) {
            const Diff *diff = &g_array_index(diffs, Diff, i);
            if (diff->kind != kind)
                continue;
            char *pair = escape_terminal(diff->a != NULL ? diff->a->pair : diff->b->pair);
            g_string_append_printf(out, "\n%c ", "+-~"[kind]);
            print_words(out, pair, 2, 2, width);
            side_print(out, "before", diff->a, width);
            side_print(out, "after", diff->b, width);
            g_free(pair);
        }
    }
    g_free(title);
    g_free(from);
    g_free(to);
}

/* --- CSV and JSON ------------------------------------------------------------------------------------------------- */

static void csv_side(GString *out, const Side *answer) {
    char *verdict = answer != NULL ? reach_verdict_text(&answer->verdict) : g_strdup("");
    const char *element =
        answer != NULL ? reach_element_text(answer->view->reading.model, answer->verdict.element) : NULL;
    char *safe = escape_csv(element != NULL ? element : "");
    g_string_append_printf(out, ",%s,%s", verdict, safe);
    g_free(safe);
    g_free(verdict);
}

static void diffs_csv(GString *out, const GArray *diffs) {
    g_string_append(out, "difference,pair,before,before_by,after,after_by\n");
    for (guint i = 0; i < diffs->len; i++) {
        const Diff *diff = &g_array_index(diffs, Diff, i);
        char *pair = escape_csv(diff->a != NULL ? diff->a->pair : diff->b->pair);
        g_string_append_printf(out, "%s,%s", diff_words[diff->kind], pair);
        csv_side(out, diff->a);
        csv_side(out, diff->b);
        g_string_append_c(out, '\n');
        g_free(pair);
    }
}

static void json_side(JsonWriter *json, const char *key, const Side *answer) {
    if (answer == NULL) {
        json_null(json, key);
        return;
    }
    const Model *model = answer->view->reading.model;
    char *place = reach_place_text(model, answer->verdict.element);
    json_begin_object_inline(json, key);
    json_string(json, "verdict", verdict_name(answer->verdict.kind));
    json_bool(json, "reply", answer->verdict.reply);
    json_string(json, "code", answer->verdict.code);
    json_string(json, "decided_by", reach_element_text(model, answer->verdict.element));
    json_string(json, "where", place);
    json_end(json);
    g_free(place);
}

static void diffs_json(GString *out, const ReachView *a, const ReachView *b, const GArray *diffs) {
    JsonWriter *json = json_document("faultline-reach-difference/1");
    json_string(json, "before", a->title);
    json_string(json, "after", b->title);
    json_begin_array(json, "differences");
    for (guint i = 0; i < diffs->len; i++) {
        const Diff *diff = &g_array_index(diffs, Diff, i);
        json_begin_object(json, NULL);
        json_string(json, "difference", diff_words[diff->kind]);
        json_string(json, "pair", diff->a != NULL ? diff->a->pair : diff->b->pair);
        json_side(json, "before", diff->a);
        json_side(json, "after", diff->b);
        json_end(json);
    }
    json_end(json);
    print_json(out, json);
}

/* --- the page ----------------------------------------------------------------------------------------------------- */

int reach_page_diff(GString *out, const ReachView *a, const ReachView *b, TableFormat format, int width) {
    GArray *before = answers_of(a), *after = answers_of(b), *diffs = diffs_of(before, after);
    int status = diffs->len > 0 ? EXIT_MISSED : EXIT_DONE;
    if (format == TABLE_CSV)
        diffs_csv(out, diffs);
    else if (format == TABLE_JSON)
        diffs_json(out, a, b, diffs);
    else
        diffs_print(out, a, b, diffs, width);
    g_array_free(diffs, TRUE);
    g_array_free(before, TRUE);
    g_array_free(after, TRUE);
    return status;
}

void reach_diff_count(const ReachView *a, const ReachView *b, uint32_t *opened, uint32_t *closed) {
    GArray *before = answers_of(a), *after = answers_of(b), *diffs = diffs_of(before, after);
    *opened = *closed = 0;
    for (guint i = 0; i < diffs->len; i++) {
        *opened += g_array_index(diffs, Diff, i).kind == DIFF_OPENED;
        *closed += g_array_index(diffs, Diff, i).kind == DIFF_CLOSED;
    }
    g_array_free(diffs, TRUE);
    g_array_free(before, TRUE);
    g_array_free(after, TRUE);
}
