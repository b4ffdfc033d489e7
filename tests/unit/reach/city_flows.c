/* city_flows.c - what flows mean, a second time. */
#include "tests/unit/reach/city_flows.h"

#include <glib.h>
#include <string.h>

#include "tests/unit/reach/city.h"

City city_open(Opened *opened, Draw *luck) {
    rights_read(opened, city_write(luck));
    City city = {.r = opened, .model = opened->model};
    city.count = reach_classes(opened->reach, &city.classes);
    return city;
}

const Component *city_component(const City *c, ClassId id) {
    return id == CLASS_INTERNET ? NULL : &c->model->components[c->classes[id].component];
}
static Attachment attachment(const Component *component) { return component->kind->passage.attachment; }
bool city_is(const Component *component, const char *kind) { return strcmp(component->kind->name, kind) == 0; }
ClassId city_source(const City *c, uint32_t i) { return i < c->count ? i : CLASS_INTERNET; }

Verdict city_ask(const City *c, ClassId from, ClassId to, Protocol protocol, uint16_t port) {
    return reach_verdict(c->r->reach, c->r->state, (Query){.from = from, .to = to, .protocol = protocol, .port = port});
}

/* ---- what flows mean -----------------------------------------------------------------------------------------------
 */
void ports_put(Ports *ports, uint32_t port) {
    uint32_t i = 0;
    while (i < ports->count && ports->at[i] < port)
        i++;
    if (i < ports->count && ports->at[i] == port)
        return;
    g_assert_cmpuint(ports->count, <, PORTS_MOST);
    memmove(ports->at + i + 1, ports->at + i, (ports->count - i) * sizeof *ports->at);
    ports->at[i] = port;
    ports->count++;
}

bool ports_have(const Ports *ports, uint32_t port) {
    for (uint32_t i = 0; i < ports->count; i++)
        if (ports->at[i] == port)
            return true;
    return false;
}

static Ports ports_of_set(const PortSet *set) {
    Ports ports = {0};
    for (uint32_t i = 0; i < set->count; i++)
        for (uint32_t port = set->range[i].first; port <= set->range[i].last; port++)
            ports_put(&ports, (uint32_t)set->range[i].protocol << 16 | port);
    return ports;
}

/* What it answers on; the provider's edge at the ports of its targets when it says nothing. */
Ports city_answers_on(const City *c, ComponentId id) {
    const Component *component = &c->model->components[id];
    Ports ports = ports_of_set(&component->listens);
    for (uint32_t t = 0;
         attachment(component) == ATTACH_EDGE && component->listens.count == 0 && t < component->target_count; t++) {
        Ports more = ports_of_set(&c->model->components[component->targets[t]].listens);
        for (uint32_t i = 0; i < more.count; i++)
            ports_put(&ports, more.at[i]);
    }
    return ports;
}

/* A client that was given a port for its targets connects there, everybody else where they listen. */
Ports city_ports_between(const City *c, ComponentId from, ComponentId to) {
    const Component *client = &c->model->components[from];
    for (uint32_t t = 0; t < client->target_count; t++)
        if (client->targets[t] == to && client->target_port != 0)
            return (Ports){{(uint32_t)PROTOCOL_TCP << 16 | client->target_port}, 1};
    return city_answers_on(c, to);
}

/* Copies of one stack keep to themselves. */
bool city_may_pair(const City *c, ComponentId from, ComponentId to) {
    const Component *a = &c->model->components[from], *b = &c->model->components[to];
    bool one = a->stack != NULL && b->stack != NULL && strcmp(a->stack, b->stack) == 0;
    return !one || g_strcmp0(a->copy, b->copy) == 0;
}

bool city_in_step(const FlowStep *step, ComponentId id) {
    for (uint32_t i = 0; i < step->copies; i++)
        if (step->by_copy[i] == id)
            return true;
    return false;
}

bool city_is_name(const City *c, const FlowStep *step) {
    return city_is(&c->model->components[step->by_copy[0]], "dns");
}

/* Who opens the connection of step s, and to whom; false: nobody does. */
bool city_callers(const City *c, const Flow *flow, uint32_t s, uint32_t *from, uint32_t *to) {
    uint32_t head = s - 1;
    *from = s - 1;
    *to = s;
    switch (flow->steps[s].connector) {
    case CONNECTOR_TRIGGERS: return false;
    case CONNECTOR_TAKES:
        *from = s;
        *to = s - 1;
        return true;
    case CONNECTOR_THEN:
        while (head > 0 && flow->steps[head].connector != CONNECTOR_TAKES &&
               flow->steps[head].connector != CONNECTOR_TRIGGERS)
            head--;
        *from = head;
        return true;
    case CONNECTOR_CALLS: break;
    }
    while (city_is_name(c, &flow->steps[*from]))
        (*from)--;
    return true;
}

static Ports meant(const City *c, ComponentId from, ComponentId to) {
    Ports ports = {0};
    for (uint32_t f = 0; f < c->model->flow_count; f++)
        for (uint32_t s = 1; s < c->model->flows[f].step_count; s++) {
            uint32_t a, b;
            const Flow *flow = &c->model->flows[f];
            if (!city_callers(c, flow, s, &a, &b) || !city_in_step(&flow->steps[a], from) ||
                !city_in_step(&flow->steps[b], to) || !city_may_pair(c, from, to))
                continue;
            Ports more = city_ports_between(c, from, to);
            for (uint32_t i = 0; i < more.count; i++)
                ports_put(&ports, more.at[i]);
        }
    return ports;
}

/* What any users are meant to reach, anybody on the internet is. */
Ports city_meant(const City *c, ClassId from, ComponentId to) {
    Ports ports = {0};
    if (from != CLASS_INTERNET)
        return meant(c, c->classes[from].component, to);
    for (ComponentId id = 0; id < c->model->component_count; id++) {
        Ports more = attachment(&c->model->components[id]) == ATTACH_OUTSIDE ? meant(c, id, to) : (Ports){0};
        for (uint32_t i = 0; i < more.count; i++)
            ports_put(&ports, more.at[i]);
    }
    return ports;
}
