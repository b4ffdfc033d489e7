/* links.c - which connections a picture shows. A name is asked by who stands before it in a flow; who stands behind it
 * is connected to that asker, not to the name. Copies of a replicated store are joined in a chain by name. */
#include "document/links.h"

static int by_ends(gconstpointer a, gconstpointer b) {
    const DocumentLink *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

static void add(GArray *links, const Model *model, ComponentId from, ComponentId to, uint32_t flow,
                RecordLinkKind kind) {
    for (guint l = 0; l < links->len; l++) {
        const DocumentLink *link = &g_array_index(links, DocumentLink, l);
        if (link->from == from && link->to == to && link->kind == kind)
            return;
    }
    PlaceId a = model->components[from].place, b = model->components[to].place;
    bool far = a != NO_PLACE && b != NO_PLACE && a != b && model->places[b].level != PLACE_PROVIDER &&
               model->places[a].level != PLACE_PROVIDER;
    DocumentLink link = {from, to, flow, kind, far ? model_one_way(model, a, b) : SIMTIME_NEVER};
    g_array_append_val(links, link);
}

static ComponentId in_copy(const FlowStep *step, uint32_t copy) { return step->by_copy[step->copies == 1 ? 0 : copy]; }

static bool is_name(const Model *model, const FlowStep *step) {
    return model->components[step->by_copy[0]].kind->role == ROLE_NAME;
}

static void add_flow(GArray *links, const Model *model, uint32_t f) {
    const Flow *flow = &model->flows[f];
    uint32_t before = 0;
    for (uint32_t s = 1; s < flow->step_count; s++) {
        const FlowStep *from = &flow->steps[before], *to = &flow->steps[s];
        bool name = is_name(model, to);
        uint32_t copies = MAX(from->copies, to->copies);
        for (uint32_t c = 0; c < copies; c++)
            add(links, model, in_copy(from, c), in_copy(to, c), name ? RECORD_NONE : f,
                name ? RECORD_LOOKUP : RECORD_REQUEST);
        if (!name)
            before = s;
    }
}

static void add_replicas(GArray *links, const Model *model) {
    for (ComponentId c = 0; c < model->component_count; c++) {
        const Component *component = &model->components[c];
        if (component->kind->role != ROLE_STORE || !component->stack)
            continue;
        for (ComponentId o = c + 1; o < model->component_count; o++) {
            const Component *other = &model->components[o];
            bool copy = other->kind == component->kind && other->stack && g_str_equal(other->stack, component->stack) &&
                        g_str_equal(other->label, component->label);
            if (copy) {
                add(links, model, c, o, RECORD_NONE, RECORD_REPLICA);
                break;
            }
        }
    }
}

GArray *document_links(const Model *model) {
    GArray *links = g_array_new(FALSE, FALSE, sizeof(DocumentLink));
    for (uint32_t f = 0; f < model->flow_count; f++)
        add_flow(links, model, f);
    add_replicas(links, model);
    g_array_sort(links, by_ends);
    return links;
}
