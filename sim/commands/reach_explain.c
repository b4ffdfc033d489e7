/* reach_explain.c - one question of `faultline reach`: the way there and back, who decided, and what would change it.
 */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "commands/print.h"
#include "commands/reach_view.h"

/* --- who is meant ------------------------------------------------------------------------------------------------- */

/* Without its copy, as people type it. */
static char *plain_name(const Component *component) {
    return component->stack != NULL ? g_strdup_printf("%s.%s", component->stack, component->label)
                                    : g_strdup(component->name);
}

static GArray *classes_named(const ReachView *view, const char *name) {
    GArray *found = g_array_new(FALSE, FALSE, sizeof(ClassId));
    const EndpointClass *classes;
    uint32_t count = reach_classes(view->reach, &classes);
    ComponentId *components = NULL;
    uint32_t component_count = model_find(view->reading.model, name, &components);
    for (ClassId id = 0; id < count; id++)
        for (uint32_t c = 0; c < component_count; c++)
            if (classes[id].component == components[c])
                g_array_append_val(found, id);
    ClassId internet = CLASS_INTERNET;
    if (strcmp(name, "internet") == 0)
        g_array_append_val(found, internet);
    g_free(components);
    if (found->len > 0)
        return found;
    const Model *model = view->reading.model;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (uint32_t c = 0; c < model->component_count; c++)
        g_ptr_array_add(names, plain_name(&model->components[c]));
    g_ptr_array_add(names, g_strdup("internet"));
    g_ptr_array_add(names, NULL);
    const char *near = suggest_nearest(name, (const char *const *)names->pdata);
    char *safe = escape_terminal(name);
    fprintf(stderr, "faultline reach: there is no component '%s'%s%s%s\n", safe, near != NULL ? "; did you mean '" : "",
            near != NULL ? near : "; `faultline show FILE` lists them", near != NULL ? "'?" : "");
    g_free(safe);
    g_ptr_array_free(names, TRUE);
    g_array_free(found, TRUE);
    return NULL;
}

static bool is_single(const PortSet *ports) {
    const PortRange *range = &ports->range[0];
    bool ported = range->protocol == PROTOCOL_TCP || range->protocol == PROTOCOL_UDP;
    return ports->count == 1 && range->protocol != PROTOCOL_ANY && (!ported || range->first == range->last);
}

/* The question between two classes as the user put it. */
static bool query_of(const ReachView *view, const ReachAsk *ask, ClassId from, ClassId to, Query *query) {
    *query = reach_usual(view->reach, from, to);
    if (ask->port != NULL) {
        PortSet ports;
        char *why = NULL;
        if (!ports_parse(ask->port, &ports, &why) || !is_single(&ports)) {
            fprintf(stderr, "faultline reach: --port %s: %s\n", ask->port,
                    why != NULL ? why : "name one port: tcp/443");
            g_free(why);
            return false;
        }
        query->protocol = (Protocol)ports.range[0].protocol;
        query->port = ports.range[0].first;
    }
    query->client_port = ask->client_port;
    query->by_public_address = ask->by_public_address;
    query->family = ask->family;
    query->method = ask->method;
    query->path = ask->path;
    return true;
}

/* --- groups of like answers --------------------------------------------------------------------------------------- */

typedef struct {
    ComponentId from, to;
    uint32_t pairs; /* of their classes */
} Alike;

typedef struct {
    Query query;
    Verdict verdict;
    GArray *others; /* of Alike: pairs with the same answer */
} Told;

static void answer_free(gpointer pointer) {
    Told *answer = pointer;
    g_array_free(answer->others, TRUE);
    g_free(answer);
}

static bool alike(const Verdict *a, const Verdict *b) {
    return a->kind == b->kind && a->reply == b->reply && strcmp(a->code, b->code) == 0;
}

static char *pair_text(const ReachView *view, const Query *query) {
    char *a = reach_class_name(view->reach, query->from), *b = reach_class_name(view->reach, query->to);
    char *port = reach_port_text(query->protocol, query->port);
    char *text = g_strdup_printf("%s -> %s %s%s%s%s%s", a, b, port, query->method != NULL ? " " : "",
                                 query->method != NULL ? query->method : "", query->path != NULL ? " " : "",
                                 query->path != NULL ? query->path : "");
    g_free(a);
    g_free(b);
    g_free(port);
    return text;
}

static void alike_add(GArray *others, ComponentId from, ComponentId to) {
    Alike *last = others->len > 0 ? &g_array_index(others, Alike, others->len - 1) : NULL;
    Alike fresh = {from, to, 1};
    if (last != NULL && last->from == from && last->to == to)
        last->pairs++;
    else
        g_array_append_val(others, fresh);
}

static void answer_add(GPtrArray *answers, const ReachView *view, const Query *query) {
    Verdict verdict = reach_verdict(view->reach, view->state, *query);
    for (guint i = 0; i < answers->len; i++) {
        Told *known = answers->pdata[i];
        if (alike(&known->verdict, &verdict)) {
            alike_add(known->others, reach_class_component(view->reach, query->from),
                      reach_class_component(view->reach, query->to));
            return;
        }
    }
    Told *fresh = g_new0(Told, 1);
    *fresh = (Told){*query, verdict, g_array_new(FALSE, FALSE, sizeof(Alike))};
    g_ptr_array_add(answers, fresh);
}

/* A stack's name on both sides means each copy with itself, as in expectations. */
static bool pairs_copies(const ReachView *view, const ReachAsk *ask, ClassId from, ClassId to) {
    const Component *components = view->reading.model->components;
    ComponentId a = reach_class_component(view->reach, from), b = reach_class_component(view->reach, to);
    if (a == NO_COMPONENT || b == NO_COMPONENT || strchr(ask->from, '[') != NULL || strchr(ask->to, '[') != NULL)
        return false;
    return components[a].stack != NULL && g_strcmp0(components[a].stack, components[b].stack) == 0;
}

static bool is_asked(const ReachView *view, const ReachAsk *ask, ClassId from, ClassId to) {
    const Component *components = view->reading.model->components;
    return !pairs_copies(view, ask, from, to) ||
           g_strcmp0(components[reach_class_component(view->reach, from)].copy,
                     components[reach_class_component(view->reach, to)].copy) == 0;
}

static GPtrArray *answers_of(const ReachView *view, const ReachAsk *ask) {
    GArray *from = classes_named(view, ask->from), *to = from != NULL ? classes_named(view, ask->to) : NULL;
    GPtrArray *answers = to != NULL ? g_ptr_array_new_with_free_func(answer_free) : NULL;
    for (guint i = 0; answers != NULL && i < from->len; i++) {
        for (guint k = 0; answers != NULL && k < to->len; k++) {
            ClassId a = g_array_index(from, ClassId, i), b = g_array_index(to, ClassId, k);
            Query query;
            if ((a == b && from->len > 1) || !is_asked(view, ask, a, b))
                continue;
            if (query_of(view, ask, a, b, &query))
                answer_add(answers, view, &query);
            else
                g_clear_pointer(&answers, g_ptr_array_unref);
        }
    }
    if (from != NULL)
        g_array_free(from, TRUE);
    if (to != NULL)
        g_array_free(to, TRUE);
    return answers;
}

/* --- what of the client's ports ----------------------------------------------------------------------------------- */

/* Answers get back to some of the client's ports only: those to which they do not, as a set. */
static PortSet ports_missing(const PortSet *passing, Protocol protocol) {
    PortSet missing = {0};
    uint32_t next = 1;
    for (uint32_t i = 0; i <= passing->count; i++) {
        uint32_t first = i < passing->count ? passing->range[i].first : UINT16_MAX + 1u;
        if (first > next)
            ports_add(&missing, (PortRange){(uint8_t)protocol, (uint16_t)next, (uint16_t)(first - 1)});
        next = i < passing->count ? passing->range[i].last + 1u : next;
    }
    return missing;
}

/* "answers to client ports tcp/1-1023 are blocked by ..." ; NULL: to none. */
static char *partial_text(const ReachView *view, const Query *query, const Explanation *told) {
    bool ported = query->protocol == PROTOCOL_TCP || query->protocol == PROTOCOL_UDP;
    PortSet missing = ports_missing(&told->client_ports, query->protocol);
    if (!ported || told->client_ports.count == 0 || missing.count == 0)
        return NULL;
    Query closed = *query;
    closed.client_port = missing.range[0].first;
    Verdict verdict = reach_verdict(view->reach, view->state, closed);
    const char *element = reach_element_text(view->reading.model, verdict.element);
    char *ports = ports_text(&missing), *reason = reach_verdict_text(&verdict);
    char *text = g_strdup_printf("allowed, but answers to client ports %s are blocked: %s%s%s", ports, reason,
                                 element != NULL ? " by " : "", element != NULL ? element : "");
    g_free(ports);
    g_free(reason);
    return text;
}

/* --- text --------------------------------------------------------------------------------------------------------- */

static void hops_print(GString *out, const Model *model, const char *title, const Hop *hops, uint32_t count,
                       int width) {
    if (count == 0)
        return;
    g_string_append_printf(out, "\n  %s\n", title);
    for (uint32_t i = 0; i < count; i++) {
        char *place = reach_place_text(model, hops[i].element), *number = g_strdup_printf("%4u  ", i + 1);
        char *text = place != NULL ? g_strdup_printf("%s  [%s]", hops[i].text, place) : g_strdup(hops[i].text);
        char *safe = escape_terminal(text);
        g_string_append(out, number);
        print_words(out, safe, 6, 6, width);
        g_free(number);
        g_free(place);
        g_free(text);
        g_free(safe);
    }
}

/* "line" of the summary under a heading word. */
static void line_print(GString *out, const char *head, const char *text, int width) {
    char *safe = escape_terminal(text);
    g_string_append_printf(out, "  %-11s ", head);
    print_words(out, safe, 14, 14, width);
    g_free(safe);
}

static void decided_print(GString *out, const Model *model, const Verdict *verdict, int width) {
    const char *element = reach_element_text(model, verdict->element);
    char *place = reach_place_text(model, verdict->element);
    if (element != NULL) {
        char *text = place != NULL ? g_strdup_printf("%s  [%s]", element, place) : g_strdup(element);
        line_print(out, "decided by", text, width);
        g_free(text);
    }
    g_free(place);
}

static void flip_print(GString *out, const Flip *flip, bool open, int width) {
    for (uint32_t i = 0; i < flip->count; i++)
        line_print(out, i > 0 ? "and" : open ? "to close it" : "to open it", flip->changes[i], width);
    if (flip->count > 0 && !flip->seen)
        line_print(out, "", open ? "(more lets it through)" : "(then ask again: more may be in the way)", width);
}

/* "site[eu-west-1].lb -> site[eu-west-1].web (4 pairs of subnets)"; allocated. */
static char *alike_text(const ReachView *view, const Alike *like) {
    const Component *components = view->reading.model->components;
    const char *from = like->from != NO_COMPONENT ? components[like->from].name : "internet";
    const char *to = like->to != NO_COMPONENT ? components[like->to].name : "internet";
    char *text = g_strdup_printf("%s -> %s", from, to);
    if (like->pairs > 1) {
        char *more = g_strdup_printf("%s (%u pairs of subnets)", text, like->pairs);
        g_free(text);
        text = more;
    }
    return text;
}

static void others_print(GString *out, const ReachView *view, const GArray *others, int width) {
    for (guint i = 0; i < others->len; i++) {
        char *text = alike_text(view, &g_array_index(others, Alike, i));
        line_print(out, i == 0 ? "the same" : "", text, width);
        g_free(text);
    }
}

/* What would become of the connection if a rule changed; nothing where no filter stands. */
static void tracking_print(GString *out, const Tracking *tracking, int width) {
    const struct {
        const char *who, *why;
        TrackingKind kind;
    } ends[] = {{"client", tracking->why_client, tracking->client}, {"server", tracking->why_server, tracking->server}};
    bool first = true;
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (ends[i].kind == TRACKING_NONE)
            continue;
        char *text =
            g_strdup_printf("%s by the filters of the %s (%s): a changed rule %s", tracking_name(ends[i].kind),
                            ends[i].who, ends[i].why, ends[i].kind == TRACKING_TRACKED ? "does not cut it" : "cuts it");
        line_print(out, first ? "when open" : "", text, width);
        first = false;
        g_free(text);
    }
}

static void answer_print(GString *out, const ReachView *view, const Told *answer, int width) {
    const Model *model = view->reading.model;
    Explanation *told = reach_explain(view->reach, view->state, answer->query);
    Flip *flip = reach_flip(view->reach, view->state, answer->query);
    char *pair = pair_text(view, &answer->query), *verdict = reach_verdict_text(&told->verdict);
    char *head = g_strdup_printf("%s: %s", pair, verdict), *safe = escape_terminal(head);
    char *partial = partial_text(view, &answer->query, told);
    print_words(out, safe, 0, 0, width);
    decided_print(out, model, &told->verdict, width);
    if (partial != NULL)
        line_print(out, "in part", partial, width);
    reach_through_print(out, view, answer->query, width);
    flip_print(out, flip, told->verdict.kind == VERDICT_REACH, width);
    tracking_print(out, &told->tracking, width);
    others_print(out, view, answer->others, width);
    hops_print(out, model, "there", told->forward, told->forward_count, width);
    hops_print(out, model, "and back", told->back, told->back_count, width);
    g_free(partial);
    g_free(safe);
    g_free(head);
    g_free(pair);
    g_free(verdict);
    flip_free(flip);
    explanation_free(told);
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

static void hops_json(JsonWriter *json, const char *key, const Model *model, const Hop *hops, uint32_t count) {
    json_begin_array(json, key);
    for (uint32_t i = 0; i < count; i++) {
        char *place = reach_place_text(model, hops[i].element);
        json_begin_object_inline(json, NULL);
        json_string(json, "text", hops[i].text);
        json_string(json, "where", place);
        json_end(json);
        g_free(place);
    }
    json_end(json);
}

static void answer_json(JsonWriter *json, const ReachView *view, const Told *answer) {
    const Model *model = view->reading.model;
    Explanation *told = reach_explain(view->reach, view->state, answer->query);
    Flip *flip = reach_flip(view->reach, view->state, answer->query);
    char *from = reach_class_name(view->reach, answer->query.from),
         *to = reach_class_name(view->reach, answer->query.to);
    char *port = reach_port_text(answer->query.protocol, answer->query.port);
    char *place = reach_place_text(model, told->verdict.element), *ports = ports_text(&told->client_ports);
    json_begin_object(json, NULL);
    json_string(json, "from", from);
    json_string(json, "to", to);
    json_string(json, "port", port);
    json_string(json, "verdict", verdict_name(told->verdict.kind));
    json_bool(json, "reply", told->verdict.reply);
    json_string(json, "code", told->verdict.code);
    json_string(json, "decided_by", reach_element_text(model, told->verdict.element));
    json_string(json, "where", place);
    json_string(json, "client_ports", ports);
    json_int(json, "family", told->family);
    json_string(json, "tracking_client", tracking_name(told->tracking.client));
    json_string(json, "tracking_server", tracking_name(told->tracking.server));
    hops_json(json, "forward", model, told->forward, told->forward_count);
    hops_json(json, "back", model, told->back, told->back_count);
    json_begin_array(json, "flip");
    for (uint32_t i = 0; i < flip->count; i++)
        json_string(json, NULL, flip->changes[i]);
    json_end(json);
    json_bool(json, "flip_seen", flip->seen);
    reach_through_json(json, view, answer->query);
    json_begin_array(json, "the_same");
    for (guint i = 0; i < answer->others->len; i++) {
        char *text = alike_text(view, &g_array_index(answer->others, Alike, i));
        json_string(json, NULL, text);
        g_free(text);
    }
    json_end(json);
    json_end(json);
    g_free(from);
    g_free(to);
    g_free(port);
    g_free(place);
    g_free(ports);
    flip_free(flip);
    explanation_free(told);
}

/* --- the page ----------------------------------------------------------------------------------------------------- */

int reach_page_explain(GString *out, const ReachView *view, const ReachAsk *ask, TableFormat format, int width) {
    GPtrArray *answers = answers_of(view, ask);
    if (answers == NULL)
        return EXIT_INPUT;
    JsonWriter *json = format == TABLE_JSON ? json_document("faultline-explanation/1") : NULL;
    if (json != NULL) {
        json_string(json, "design", view->title);
        json_begin_array(json, "answers");
    }
    for (guint i = 0; i < answers->len; i++) {
        if (json != NULL)
            answer_json(json, view, answers->pdata[i]);
        else
            answer_print(out, view, answers->pdata[i], width);
        if (json == NULL && i + 1 < answers->len)
            g_string_append_c(out, '\n');
    }
    if (json != NULL) {
        json_end(json);
        print_json(out, json);
    }
    g_ptr_array_free(answers, TRUE);
    return EXIT_DONE;
}
