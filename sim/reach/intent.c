/* intent.c - what the flows of a model mean: which component connects to which, on which ports. */
#include <string.h>

#include "base/bug.h"
#include "reach/reach_private.h"

bool intent_pairs(const Model *model, ComponentId from, ComponentId to) {
    const Component *a = &model->components[from], *b = &model->components[to];
    bool one_stack = a->stack != NULL && b->stack != NULL && strcmp(a->stack, b->stack) == 0;
    return !one_stack || strcmp(a->copy, b->copy) == 0;
}

static void ports_join(PortSet *into, const PortSet *from) {
    for (uint32_t i = 0; i < from->count; i++)
        if (!ports_add(into, from->range[i]))
            return; /* more ranges than a set can hold: the rest is never asked about */
}

/* What a component answers on: what it listens on; the provider's edge, when it says nothing, what its targets do. */
PortSet service_ports(const Model *model, ComponentId id) {
    const Component *component = &model->components[id];
    PortSet ports = component->listens;
    if (ports.count == 0 && component->kind->passage.attachment == ATTACH_EDGE)
        for (uint32_t i = 0; i < component->target_count; i++)
            ports_join(&ports, &model->components[component->targets[i]].listens);
    return ports;
}

PortSet intent_ports_between(const Model *model, ComponentId from, ComponentId to) {
    const Component *client = &model->components[from];
    PortSet ports = {0};
    for (uint32_t i = 0; client->target_port != 0 && i < client->target_count; i++)
        if (client->targets[i] == to)
            ports_add(&ports, (PortRange){PROTOCOL_TCP, client->target_port, client->target_port});
    return ports.count > 0 ? ports : service_ports(model, to);
}

/* ---- all of them, once ---------------------------------------------------------------------------------------------
 */
static void intents_between(const Model *model, const FlowStep *a, const FlowStep *b, GArray *out) {
    for (uint32_t i = 0; i < a->copies; i++) {
        for (uint32_t k = 0; k < b->copies; k++) {
            Intent intent = {.from = a->by_copy[i], .to = b->by_copy[k]};
            if (!intent_pairs(model, intent.from, intent.to))
                continue;
            intent.ports = intent_ports_between(model, intent.from, intent.to);
            g_array_append_vals(out, &intent, 1);
        }
    }
}

static bool is_name(const Model *model, const FlowStep *step) {
    return model->components[step->by_copy[0]].kind->role == ROLE_NAME;
}

static int intent_compare(gconstpointer a, gconstpointer b) {
    const Intent *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

/* A step connects to the name servers that follow it, and to the first thing behind them; who takes messages connects
 * to what keeps them. */
void intents_init(Reach *reach) {
    const Model *model = reach->model;
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Intent));
    for (uint32_t f = 0; f < model->flow_count; f++) {
        const Flow *flow = &model->flows[f];
        for (uint32_t s = 1; s < flow->step_count; s++) {
            uint32_t from, to;
            if (!flow_connection(flow, s, &from, &to))
                continue;
            while (is_name(model, &flow->steps[from])) /* none begins a flow */
                from--;
            intents_between(model, &flow->steps[from], &flow->steps[to], found);
        }
    }
    g_array_sort(found, intent_compare);
    Intent *all = (Intent *)(void *)found->data;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < found->len; i++) {
        if (kept > 0 && intent_compare(&all[kept - 1], &all[i]) == 0)
            ports_join(&all[kept - 1].ports, &all[i].ports);
        else
            all[kept++] = all[i];
    }
    reach->intent_count = kept;
    reach->intents = (Intent *)(void *)g_array_free(found, FALSE);
}

/* ---- asking --------------------------------------------------------------------------------------------------------
 */
/* It asks who calls, and this one is somebody: what he may is not meant for anybody. */
static bool is_for_a_role(const Model *model, const Intent *intent) {
    return model->components[intent->to].kind->actions != NULL && model->policies.role_of[intent->from] != NO_ROLE;
}

/* What any population anywhere is meant to reach, anybody on the internet is. */
static PortSet public_intent(const Reach *reach, ComponentId to) {
    PortSet ports = {0};
    for (uint32_t i = 0; i < reach->intent_count; i++) {
        const Intent *intent = &reach->intents[i];
        const Component *from = &reach->model->components[intent->from];
        if (intent->to == to && from->kind->passage.attachment == ATTACH_OUTSIDE &&
            !is_for_a_role(reach->model, intent))
            ports_join(&ports, &intent->ports);
    }
    return ports;
}

PortSet intent_ports(const Reach *reach, ClassId from, ClassId to) {
    BUG_IF(to >= reach->class_count, "no such class");
    ComponentId target = reach->classes[to].component;
    if (from == CLASS_INTERNET) {
        PortSet ports = public_intent(reach, target);
        return ports_found_at(reach, from, to, &ports);
    }
    Intent key = {.from = reach->classes[from].component, .to = target};
    const Intent *found = bsearch(&key, reach->intents, reach->intent_count, sizeof key,
                                  (int (*)(const void *, const void *))intent_compare);
    return found != NULL ? ports_found_at(reach, from, to, &found->ports) : (PortSet){0};
}
