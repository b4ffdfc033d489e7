/* reach_through.c - of one question of `faultline reach`: what the proxies and bastions that the client connects to
 * would make of it. */
#include "base/escape.h"
#include "commands/print.h"
#include "commands/reach_view.h"

typedef struct {
    ComponentId relay;
    Verdict verdict;
} Through;

/* Those that the client reaches and that are no end of the question themselves; sorted by name. */
static GArray *throughs_of(const ReachView *view, Query query) {
    const Model *model = view->reading.model;
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Through));
    for (ComponentId id = 0; id < model->component_count; id++) {
        Query leg;
        bool end =
            reach_class_component(view->reach, query.from) == id || reach_class_component(view->reach, query.to) == id;
        if (end || !reach_relays(model, id))
            continue;
        Through through = {id, reach_through(view->reach, view->state, query, id, &leg)};
        if (through.verdict.kind == VERDICT_REACH || reach_class_component(view->reach, leg.from) == id)
            g_array_append_val(found, through);
    }
    return found;
}

void reach_through_print(GString *out, const ReachView *view, Query query, int width) {
    GArray *found = throughs_of(view, query);
    for (guint i = 0; i < found->len; i++) {
        const Through *through = &g_array_index(found, Through, i);
        const char *element = reach_element_text(view->reading.model, through->verdict.element);
        bool decides = element != NULL && through->verdict.kind != VERDICT_REACH;
        char *verdict = reach_verdict_text(&through->verdict);
        char *place = decides ? reach_place_text(view->reading.model, through->verdict.element) : NULL;
        char *text = g_strdup_printf("%s: %s%s%s%s%s%s", view->reading.model->components[through->relay].name, verdict,
                                     decides ? " by " : "", decides ? element : "", place != NULL ? "  [" : "",
                                     place != NULL ? place : "", place != NULL ? "]" : "");
        char *safe = escape_terminal(text);
        g_string_append_printf(out, "  %-11s ", "through");
        print_words(out, safe, 14, 14, width);
        g_free(safe);
        g_free(text);
        g_free(place);
        g_free(verdict);
    }
    g_array_free(found, TRUE);
}

void reach_through_json(JsonWriter *json, const ReachView *view, Query query) {
    GArray *found = throughs_of(view, query);
    json_begin_array(json, "through");
    for (guint i = 0; i < found->len; i++) {
        const Through *through = &g_array_index(found, Through, i);
        json_begin_object_inline(json, NULL);
        json_string(json, "relay", view->reading.model->components[through->relay].name);
        json_string(json, "verdict", verdict_name(through->verdict.kind));
        json_string(json, "code", through->verdict.code);
        json_string(json, "decided_by", reach_element_text(view->reading.model, through->verdict.element));
        json_end(json);
    }
    json_end(json);
    g_array_free(found, TRUE);
}
