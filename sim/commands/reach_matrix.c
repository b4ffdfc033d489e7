/* reach_matrix.c - the whole of `faultline reach FILE`: what a review stops at, then who connects to whom. */
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "commands/print.h"
#include "commands/reach_view.h"

/* --- text --------------------------------------------------------------------------------------------------------- */

static char *pair_text(const char *from, const char *to, const char *port) {
    char *text = g_strdup_printf("%s -> %s %s", from, to, port), *safe = escape_terminal(text);
    g_free(text);
    return safe;
}

static void row_print(GString *out, const char *pair, const char *answer, int width) {
    static const int starts[] = {2, 58};
    const char *cells[] = {pair, answer};
    print_row(out, cells, starts, 2, width);
}

static void because_print(GString *out, const Model *model, uint32_t element, int width) {
    const char *text = reach_element_text(model, element);
    char *place = reach_place_text(model, element);
    if (text != NULL) {
        char *whole = place != NULL ? g_strdup_printf("%s  [%s]", text, place) : g_strdup(text);
        char *safe = escape_terminal(whole);
        print_words(out, safe, 0, 6, width);
        g_free(safe);
        g_free(whole);
    }
    g_free(place);
}

static void audit_print(GString *out, const ReachView *view, const AuditRow *findings, uint32_t count, int width) {
    for (AuditKind kind = 0; kind < AUDIT_KINDS; kind++) {
        uint32_t of_kind = 0;
        for (uint32_t i = 0; i < count; i++)
            of_kind += findings[i].kind == kind;
        g_string_append_printf(out, "%-11s %4u  %s\n", audit_name(kind), of_kind, audit_about(kind));
        for (uint32_t i = 0; i < count; i++) {
            const MatrixRow *row = &findings[i].row;
            if (findings[i].kind != kind)
                continue;
            char *from = reach_party_name(view, row->from, true), *to = reach_party_name(view, row->to, true);
            char *port = reach_port_text(row->protocol, row->port), *pair = pair_text(from, to, port);
            row_print(out, pair, verdict_name(row->verdict.kind), width);
            if (kind != AUDIT_PUBLIC && kind != AUDIT_HOST) /* the same rows in another light */
                because_print(out, view->reading.model, row->verdict.element, width);
            g_free(from);
            g_free(to);
            g_free(port);
            g_free(pair);
        }
    }
}

static void lines_print(GString *out, const GArray *lines, bool all, int width) {
    uint32_t hidden = 0;
    print_heading(out, all ? "EVERY QUESTION" : "WHO CONNECTS TO WHOM");
    for (guint i = 0; i < lines->len; i++) {
        const ReachLine *line = &g_array_index(lines, ReachLine, i);
        bool open = line->row.verdict.kind == VERDICT_REACH;
        if (!open && !line->row.intended && !all) {
            hidden++;
            continue;
        }
        char *verdict = reach_verdict_text(&line->row.verdict), *pair = pair_text(line->from, line->to, line->port);
        char *answer = g_strdup_printf("%s%s", verdict, line->row.intended ? ", meant" : "");
        row_print(out, pair, answer, width);
        g_free(verdict);
        g_free(answer);
        g_free(pair);
    }
    if (hidden > 0)
        g_string_append_printf(out, "  and %u more that are not meant and do not connect (--all lists them)\n", hidden);
}

/* --- CSV and JSON ------------------------------------------------------------------------------------------------- */

static void csv_print(GString *out, const ReachView *view, const GArray *lines) {
    g_string_append(out, "from,to,port,verdict,reply,code,meant,decided_by,where\n");
    for (guint i = 0; i < lines->len; i++) {
        const ReachLine *line = &g_array_index(lines, ReachLine, i);
        const Verdict *verdict = &line->row.verdict;
        char *place = reach_place_text(view->reading.model, verdict->element);
        const char *element = reach_element_text(view->reading.model, verdict->element);
        const char *cells[] = {line->from,
                               line->to,
                               line->port,
                               verdict_name(verdict->kind),
                               verdict->reply ? "yes" : "no",
                               verdict->code,
                               line->row.intended ? "yes" : "no",
                               element != NULL ? element : "",
                               place != NULL ? place : ""};
        for (size_t c = 0; c < G_N_ELEMENTS(cells); c++) {
            char *safe = escape_csv(cells[c]);
            g_string_append_printf(out, "%s%s", c > 0 ? "," : "", safe);
            g_free(safe);
        }
        g_string_append_c(out, '\n');
        g_free(place);
    }
}

static void row_json(JsonWriter *json, const ReachView *view, const char *kind, const char *from, const char *to,
                     const MatrixRow *row) {
    char *place = reach_place_text(view->reading.model, row->verdict.element);
    char *port = reach_port_text(row->protocol, row->port);
    json_begin_object_inline(json, NULL);
    if (kind != NULL)
        json_string(json, "kind", kind);
    json_string(json, "from", from);
    json_string(json, "to", to);
    json_string(json, "port", port);
    json_string(json, "verdict", verdict_name(row->verdict.kind));
    json_bool(json, "reply", row->verdict.reply);
    json_string(json, "code", row->verdict.code);
    json_bool(json, "meant", row->intended);
    json_string(json, "decided_by", reach_element_text(view->reading.model, row->verdict.element));
    json_string(json, "where", place);
    json_end(json);
    g_free(place);
    g_free(port);
}

static void json_print(GString *out, const ReachView *view, const GArray *lines, const AuditRow *findings,
                       uint32_t count) {
    JsonWriter *json = json_document("faultline-matrix/1");
    json_string(json, "design", view->title);
    json_begin_array(json, "findings");
    for (uint32_t i = 0; i < count; i++) {
        char *from = reach_party_name(view, findings[i].row.from, true),
             *to = reach_party_name(view, findings[i].row.to, true);
        row_json(json, view, audit_name(findings[i].kind), from, to, &findings[i].row);
        g_free(from);
        g_free(to);
    }
    json_end(json);
    json_begin_array(json, "matrix");
    for (guint i = 0; i < lines->len; i++) {
        const ReachLine *line = &g_array_index(lines, ReachLine, i);
        row_json(json, view, NULL, line->from, line->to, &line->row);
    }
    json_end(json);
    reach_rights_json(json, view);
    print_json(out, json);
}

/* --- the page ----------------------------------------------------------------------------------------------------- */

int reach_page_matrix(GString *out, const ReachView *view, bool all, TableFormat format, int width) {
    uint32_t row_count, found;
    MatrixRow *rows = reach_matrix(view->reach, view->state, &row_count);
    AuditRow *findings = reach_audit(view->reach, view->state, rows, row_count, &found);
    GArray *lines = reach_lines(view, rows, row_count);
    if (format == TABLE_CSV) {
        csv_print(out, view, lines);
    } else if (format == TABLE_JSON) {
        json_print(out, view, lines, findings, found);
    } else {
        char *title = escape_terminal(view->title);
        g_string_append_printf(out, "Who can reach whom in %s\n\n", title);
        audit_print(out, view, findings, found, width);
        lines_print(out, lines, all, width);
        reach_rights_print(out, view, all, width);
        g_free(title);
    }
    g_array_free(lines, TRUE);
    g_free(findings);
    g_free(rows);
    return EXIT_DONE;
}
