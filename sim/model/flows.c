/* flows.c - what is meant to talk to what: the steps of each flow, and each component's targets.
 *
 * From a component of a copy a step leads to the same copy of the next one where there is one, else to all that the
 * step names. A component that says its `targets` has these; otherwise those that the flows imply. */
#include <string.h>

#include "model/build.h"

static bool is_population(const Build *build, ComponentId id) {
    return build->model->components[id].kind->role == ROLE_POPULATION;
}

/* `- visit: a -> b` or `- {name: visit, path: a -> b}`. */
static const Node *flow_entry(Build *build, const Node *node, const char **name, Mark *mark) {
    if (node->type != NODE_MAP) {
        complain(build, node->mark, "write - visit: users -> dns -> site.lb", "a flow must be name: path, not %s",
                 node_type_name(node));
        return NULL;
    }
    if (node->count == 1 && strcmp(node->entries[0].key, "path") != 0 && strcmp(node->entries[0].key, "name") != 0) {
        *name = node->entries[0].key;
        *mark = node->entries[0].mark;
        return scalar_of(build, node->entries[0].value, "the path of a flow") != NULL ? node->entries[0].value : NULL;
    }
    FlowKeys keys = {0};
    if (!read_quietly(build, flow_keys, node, "a flow", &keys))
        return NULL;
    *name = keys.name;
    *mark = node_get(node, "name")->mark;
    return node_get(node, "path");
}

static int compare_flows(gconstpointer a, gconstpointer b) {
    return strcmp(((const Flow *)a)->name, ((const Flow *)b)->name);
}

/* A flow that could not be read leaves its name for those loads that enter it. */
static void flow_read(Build *build, const Node *node, GArray *flows) {
    Flow flow = {0};
    const Node *path = flow_entry(build, node, &flow.name, &flow.mark);
    if (path == NULL || !name_is_good(build, flow.name, flow.mark, "a flow") || !flow_steps_read(build, &flow, path)) {
        fail_name(build, "flow %s", flow.name != NULL ? flow.name : "");
        return;
    }
    for (guint i = 0; i < flows->len; i++) {
        if (strcmp(g_array_index(flows, Flow, i).name, flow.name) == 0)
            complain(build, flow.mark, "choose another name", "there is a flow '%s' already", flow.name);
    }
    g_array_append_val(flows, flow);
}

/* --- from step to step -------------------------------------------------------------------------------------------- */

static bool same_copy(const Component *a, const Component *b) {
    return a->stack != NULL && b->stack != NULL && strcmp(a->copy, b->copy) == 0;
}

/* Those of a step that `from` leads to. */
static void step_pair(const Model *model, ComponentId from, const FlowStep *step, GArray *to) {
    guint before = to->len;
    for (uint32_t i = 0; i < step->copies; i++) {
        if (same_copy(&model->components[from], &model->components[step->by_copy[i]]))
            g_array_append_val(to, step->by_copy[i]);
    }
    if (to->len == before)
        g_array_append_vals(to, step->by_copy, step->copies);
}

/* A name stands for what serves behind it: edge filters in between see the requests, but nobody is given their address.
 */
static const FlowStep *step_after(const Model *model, const Flow *flow, uint32_t s, const Component *from) {
    uint32_t end = flow_leg_end(flow, s);
    for (s++; s < end && flow->steps[s].connector == CONNECTOR_CALLS; s++) {
        const FlowStep *step = &flow->steps[s];
        if (from->kind->role != ROLE_NAME || model->components[step->by_copy[0]].kind->role != ROLE_EDGE)
            return step;
    }
    return NULL;
}

static bool stands_at(const FlowStep *step, ComponentId id) {
    for (uint32_t i = 0; i < step->copies; i++)
        if (step->by_copy[i] == id)
            return true;
    return false;
}

/* Over all flows, wherever the component is a step of one. */
static void targets_implied(const Model *model, ComponentId id, GArray *to) {
    for (uint32_t f = 0; f < model->flow_count; f++) {
        const Flow *flow = &model->flows[f];
        for (uint32_t s = 0; s < flow->step_count; s++) {
            bool here = stands_at(&flow->steps[s], id);
            const FlowStep *next = here ? step_after(model, flow, s, &model->components[id]) : NULL;
            if (next != NULL)
                step_pair(model, id, next, to);
            uint32_t from, other;
            bool calls_later = s > 0 && flow->steps[s].connector != CONNECTOR_CALLS &&
                               flow_connection(flow, s, &from, &other) && stands_at(&flow->steps[from], id);
            if (calls_later)
                step_pair(model, id, &flow->steps[other], to);
        }
    }
}

/* Where a kind says by name that messages go which it gives up: what keeps them must be able to. */
static void dead_letters_build(Build *build, ComponentId id) {
    Component *component = &build->model->components[id];
    const MessageRules *rules = component->kind->messages;
    const char *name = rules != NULL && rules->dead_letters != NULL ? rules->dead_letters(component->spec) : NULL;
    if (name == NULL)
        return;
    ComponentId *found;
    if (names_find(build, (Scope){component->stack, component->copy}, name, 0, component->mark, &found) == 0)
        return;
    const Kind *kind = build->model->components[found[0]].kind;
    if (kind->messages == NULL || !(kind->messages->can & (MESSAGES_HOLDS | MESSAGES_TRIGGERS)))
        complain(build, component->mark, "name a queue", "'%s' keeps no messages, so it can have no dead letters",
                 name);
    component->dead_letters = 1 + found[0];
}

/* --- targets ------------------------------------------------------------------------------------------------------ */

/* "web:8080" -> "web", 8080. */
static const char *split_port(Build *build, const Node *item, uint16_t *port) {
    const char *text = scalar_of(build, item, "targets"), *colon = text != NULL ? strrchr(text, ':') : NULL;
    *port = 0;
    if (colon == NULL)
        return text;
    size_t digits = strspn(colon + 1, "0123456789");
    uint32_t number = 0;
    for (size_t i = 0; i < digits && number <= 65535; i++)
        number = number * 10 + (uint32_t)(colon[1 + i] - '0');
    if (digits == 0 || colon[1 + digits] != '\0' || number == 0 || number > 65535) {
        complain(build, item->mark, "write component or component:8080", "'%s' is no port", colon + 1);
        return NULL;
    }
    *port = (uint16_t)number;
    char *name = g_strndup(text, (gsize)(colon - text));
    const char *kept = tree_string(build->tree, name);
    g_free(name);
    return kept;
}

/* A component has one port for all its targets, as a balancer has one for its group. */
static void target_add(Build *build, ComponentId id, const Node *item, GArray *to) {
    Component *component = &build->model->components[id];
    uint16_t port;
    const char *name = split_port(build, item, &port);
    ComponentId *found;
    uint32_t count = 0;
    if (name != NULL)
        count = names_find(build, (Scope){component->stack, component->copy}, name, 0, item->mark, &found);
    for (uint32_t i = 0; i < count; i++) {
        if (found[i] == id || is_population(build, found[i]))
            complain(build, item->mark, NULL, "'%s' cannot be a target of '%s'", name, component->label);
        else
            g_array_append_val(to, found[i]);
    }
    if (port != 0 && component->target_port != 0 && port != component->target_port)
        complain(build, item->mark, "use one port", "'%s' has targets at ports %u and %u", component->label,
                 component->target_port, port);
    if (port != 0)
        component->target_port = port;
}

static void sort_once(GArray *ids) {
    g_array_sort(ids, compare_ids);
    for (guint i = 1; i < ids->len;) {
        if (g_array_index(ids, uint32_t, i) == g_array_index(ids, uint32_t, i - 1))
            g_array_remove_index(ids, i);
        else
            i++;
    }
}

/* A balancer sends only to its targets, so a flow that goes elsewhere from it could never work. */
static void targets_against_flows(Build *build, ComponentId id, const GArray *to) {
    const Model *model = build->model;
    const Component *component = &model->components[id];
    GArray *implied = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    if (component->kind->role == ROLE_BALANCER || component->kind->role == ROLE_NAME)
        targets_implied(model, id, implied);
    for (guint i = 0; i < implied->len; i++) {
        bool listed = false;
        for (guint k = 0; k < to->len; k++)
            listed = listed || g_array_index(to, ComponentId, k) == g_array_index(implied, ComponentId, i);
        if (!listed)
            complain(build, build->drafts[id].keys->targets->mark, "add it, or leave targets: out",
                     "a flow leads from '%s' to '%s', which is not among its targets", component->label,
                     model->components[g_array_index(implied, ComponentId, i)].label);
    }
    g_array_free(implied, TRUE);
}

/* Written targets replace implied ones: a name that stands before a filter still answers with what is behind it. */
static void targets_build(Build *build, ComponentId id) {
    Component *component = &build->model->components[id];
    const Node *written = build->drafts[id].keys->targets;
    GArray *to = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    uint32_t count;
    const Node *const *items = items_of(build, written, "targets", &count);
    for (uint32_t i = 0; i < count; i++)
        target_add(build, id, items[i], to);
    if (written == NULL)
        targets_implied(build->model, id, to);
    else if (to->len > 0)
        targets_against_flows(build, id, to);
    sort_once(to);
    component->targets = keep_array(build, to, &component->target_count);
}

/* --- ports -------------------------------------------------------------------------------------------------------- */

/* `targets: web:8080` says that web listens there, when web itself does not say where. */
static void listens_imply(Build *build, const Component *from) {
    for (uint32_t i = 0; from->target_port != 0 && i < from->target_count; i++) {
        Component *to = &build->model->components[from->targets[i]];
        const ComponentKeys *keys = build->drafts[from->targets[i]].keys;
        if (keys->listens == NULL) {
            ports_add(&to->listens, (PortRange){PROTOCOL_TCP, from->target_port, from->target_port});
        } else if (!ports_contain(&to->listens, PROTOCOL_TCP, from->target_port)) {
            char *ports = ports_text(&to->listens);
            complain(build, from->mark, NULL, "'%s' has targets at port %u, but '%s' listens on %s", from->label,
                     from->target_port, to->label, ports);
            g_free(ports);
        }
    }
}

/* A flow to something that does not listen can never work, and nobody means that. */
static void listens_check(Build *build, const Flow *flow) {
    uint32_t from, to;
    for (uint32_t s = 1; s < flow->step_count; s++) {
        if (!flow_connection(flow, s, &from, &to))
            continue;
        const Component *component = &build->model->components[flow->steps[to].by_copy[0]];
        bool says = build->drafts[flow->steps[to].by_copy[0]].keys->listens != NULL;
        if (component->listens.count == 0 && !says && component->kind->passage.attachment == ATTACH_SUBNETS)
            complain(build, component->mark, "add listens: 8080", "flow '%s' leads to '%s', which listens on no port",
                     flow->name, flow->steps[to].text);
    }
}

/* Targets need flows, ports need targets, and checks need ports. */
void flows_build(Build *build) {
    Model *model = build->model;
    GArray *flows = g_array_new(FALSE, FALSE, sizeof(Flow));
    uint32_t count;
    const Node *const *items =
        list_of(build, build->pattern.flows, "flows", "write - visit: users -> dns -> site.lb", &count);
    for (uint32_t i = 0; i < count; i++) {
        if (!items[i]->broken)
            flow_read(build, items[i], flows);
    }
    g_array_sort(flows, compare_flows);
    model->flows = keep_array(build, flows, &model->flow_count);
    for (ComponentId id = 0; id < model->component_count; id++)
        targets_build(build, id);
    for (ComponentId id = 0; id < model->component_count; id++)
        listens_imply(build, &model->components[id]);
    for (uint32_t f = 0; f < model->flow_count; f++)
        listens_check(build, &model->flows[f]);
    for (ComponentId id = 0; id < model->component_count; id++)
        dead_letters_build(build, id);
}
