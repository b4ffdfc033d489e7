/* reach_rights.c - who may do what with a provider's services: the policies' side of `faultline reach FILE`. */
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "commands/print.h"
#include "commands/reach_view.h"
#include "reach/access.h"

static const char *role_name(const Model *model, uint32_t role) {
    return role != NO_ROLE ? model->policies.roles[role].name : NULL;
}

static const char *action_name(const Model *model, const AccessQuery *query) {
    return model->components[query->service].kind->actions[query->action].name;
}

/* Classes of one component mostly fare alike, and are said once then. */
static bool said_before(const ReachView *view, const AccessRow *rows, uint32_t at) {
    const AccessRow *row = &rows[at];
    for (uint32_t i = 0; i < at; i++) {
        const AccessRow *other = &rows[i];
        if (reach_class_component(view->reach, other->query.from) ==
                reach_class_component(view->reach, row->query.from) &&
            other->query.service == row->query.service && other->query.action == row->query.action &&
            other->access.allowed == row->access.allowed && other->access.element == row->access.element &&
            other->access.door == row->access.door && strcmp(other->access.code, row->access.code) == 0)
            return true;
    }
    return false;
}

/* ---- text ----------------------------------------------------------------------------------------------------------
 */
static void row_print(GString *out, const ReachView *view, const AccessRow *row, int width) {
    static const int starts[] = {2, 58};
    const Model *model = view->reading.model;
    char *from = reach_party_name(view, row->query.from, true);
    const char *role = role_name(model, row->access.role);
    char *question = g_strdup_printf("%s%s%s: %s %s", from, role != NULL ? " as " : "", role != NULL ? role : "",
                                     action_name(model, &row->query), model->components[row->query.service].name);
    char *answer = g_strdup_printf("%s%s%s%s%s",
                                   row->access.allowed                         ? "ALLOW"
                                   : row->access.network.kind != VERDICT_REACH ? verdict_name(row->access.network.kind)
                                                                               : "DENY",
                                   row->access.allowed ? "" : " ", row->access.code,
                                   row->access.door != NO_COMPONENT ? " through " : "",
                                   row->access.door != NO_COMPONENT ? model->components[row->access.door].name : "");
    char *safe = escape_terminal(question), *told = escape_terminal(answer);
    const char *cells[] = {safe, told};
    print_row(out, cells, starts, 2, width);
    g_free(from);
    g_free(question);
    g_free(answer);
    g_free(safe);
    g_free(told);
}

void reach_rights_print(GString *out, const ReachView *view, bool all, int width) {
    uint32_t count, hidden = 0, shown = 0;
    AccessRow *rows = reach_accesses(view->reach, view->state, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (said_before(view, rows, i))
            continue;
        if (!rows[i].access.allowed && !all) {
            hidden++;
            continue;
        }
        if (shown++ == 0)
            print_heading(out, "WHO MAY DO WHAT");
        row_print(out, view, &rows[i], width);
    }
    if (hidden > 0 && shown == 0)
        print_heading(out, "WHO MAY DO WHAT");
    if (hidden > 0)
        g_string_append_printf(out, "  and %u more that are not allowed (--all lists them)\n", hidden);
    g_free(rows);
}

/* ---- JSON ----------------------------------------------------------------------------------------------------------
 */
void reach_rights_json(JsonWriter *json, const ReachView *view) {
    const Model *model = view->reading.model;
    uint32_t count;
    AccessRow *rows = reach_accesses(view->reach, view->state, &count);
    json_begin_array(json, "rights");
    for (uint32_t i = 0; i < count; i++) {
        const Access *access = &rows[i].access;
        if (said_before(view, rows, i))
            continue;
        char *from = reach_party_name(view, rows[i].query.from, true),
             *place = reach_place_text(model, access->element);
        json_begin_object_inline(json, NULL);
        json_string(json, "from", from);
        json_string(json, "role", role_name(model, access->role));
        json_string(json, "action", action_name(model, &rows[i].query));
        json_string(json, "service", model->components[rows[i].query.service].name);
        json_bool(json, "allowed", access->allowed);
        json_string(json, "network", verdict_name(access->network.kind));
        json_string(json, "code", access->code);
        json_string(json, "through", access->door != NO_COMPONENT ? model->components[access->door].name : NULL);
        json_string(json, "decided_by", reach_element_text(model, access->element));
        json_string(json, "where", place);
        json_end(json);
        g_free(from);
        g_free(place);
    }
    json_end(json);
    g_free(rows);
}
