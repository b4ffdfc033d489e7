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

/* Who takes a message connects to its keeper; what sets something off connects to nothing. */
static void add_flow(GArray *links, const Model *model, uint32_t f) {
    const Flow *flow = &model->flows[f];
    uint32_t before = 0;
    for (uint32_t s = 1; s < flow->step_count; s++) {
        uint32_t back = flow->steps[s].connector == CONNECTOR_THEN ? flow_leg_begin(flow, s) : before;
        const FlowStep *from = &flow->steps[back], *to = &flow->steps[s];
        bool name = is_name(model, to);
        uint32_t copies = MAX(from->copies, to->copies);
        bool takes = flow->steps[s].connector == CONNECTOR_TAKES;
        RecordLinkKind kind = name                                             ? RECORD_LOOKUP
                              : flow->steps[s].connector == CONNECTOR_TRIGGERS ? RECORD_TRIGGER
                                                                               : RECORD_REQUEST;
        for (uint32_t c = 0; c < copies; c++)
            add(links, model, in_copy(takes ? to : from, c), in_copy(takes ? from : to, c),
                kind == RECORD_REQUEST ? f : RECORD_NONE, kind);
        if (!name)
            before = s;
    }
}

/* A store that says what its other regions have says so. */
static bool is_replicated(const Component *component) {
    if (component->kind->role != ROLE_STORE || !component->stack)
        return false;
    char *regions = fields_text(component->kind->fields, component->spec, "replicas.regions");
    bool none = regions && g_str_equal(regions, "none");
    g_free(regions);
    return !none;
}

static void add_replicas(GArray *links, const Model *model) {
    for (ComponentId c = 0; c < model->component_count; c++) {
        const Component *component = &model->components[c];
        if (!is_replicated(component))
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

static bool hub_owns(const Join *hub, uint32_t element) {
    for (uint32_t a = 0; a < hub->attachment_count; a++)
        if (hub->attachments[a].element == element)
            return true;
    for (uint32_t t = 0; t < hub->table_count; t++) {
        if (hub->tables[t].element == element)
            return true;
        for (uint32_t r = 0; r < hub->tables[t].route_count; r++)
            if (hub->tables[t].routes[r].element == element)
                return true;
    }
    return false;
}

ComponentId document_carrier(const Model *model, uint32_t element) {
    if (element == 0)
        return NO_COMPONENT;
    for (ComponentId c = 0; c < model->component_count; c++)
        if (model->components[c].kind->role == ROLE_LINK && model->components[c].element == element)
            return c;
    for (uint32_t j = 0; j < model->join_count; j++)
        if (model->joins[j].element == element || hub_owns(&model->joins[j], element))
            return model->joins[j].component;
    return NO_COMPONENT;
}

bool document_connecting(const Model *model, const Reach *reach, const NetState *net, const DocumentLink *link,
                         Query *query) {
    const Component *from = &model->components[link->from], *to = &model->components[link->to];
    for (uint32_t a = 0; a < from->unit_count; a++)
        for (uint32_t b = 0; b < to->unit_count; b++) {
            ClassId client = reach_class_of_unit(reach, from->first_unit + a);
            ClassId server = reach_class_of_unit(reach, to->first_unit + b);
            bool again = (a > 0 && client == reach_class_of_unit(reach, from->first_unit + a - 1)) ||
                         (b > 0 && server == reach_class_of_unit(reach, to->first_unit + b - 1));
            if (again)
                continue;
            *query = reach_usual(reach, client, server);
            if (reach_verdict(reach, net, *query).kind == VERDICT_REACH)
                return true;
        }
    return false;
}

static void add_images(GArray *links, const Model *model) {
    for (ComponentId c = 0; c < model->component_count; c++)
        if (model->policies.image_of[c] != NO_COMPONENT)
            add(links, model, model->policies.image_of[c], c, RECORD_NONE, RECORD_IMAGE);
}

GArray *document_links(const Model *model) {
    GArray *links = g_array_new(FALSE, FALSE, sizeof(DocumentLink));
    for (uint32_t f = 0; f < model->flow_count; f++)
        add_flow(links, model, f);
    add_replicas(links, model);
    add_images(links, model);
    g_array_sort(links, by_ends);
    return links;
}
