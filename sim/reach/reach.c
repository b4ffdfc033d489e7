/* reach.c - the door: one Reach for a model, its classes, single verdicts and names. */
#include "reach/reach.h"

#include "base/bug.h"
#include "reach/access.h"
#include "reach/walk.h"

const char *verdict_name(VerdictKind kind) {
    static const char *const names[] = {"REACH", "DENY", "NO-ROUTE", "BLACKHOLE", "NO-PATH"};
    BUG_IF((unsigned)kind >= G_N_ELEMENTS(names), "no such verdict");
    return names[kind];
}

static bool has_network_security_groups(const Model *model, uint32_t network) {
    return model->azure.networks != NULL && model->azure.networks[network].style == STYLE_NETWORK_SECURITY_GROUPS;
}

Reach *reach_new(const Model *model) {
    Reach *reach = g_new0(Reach, 1);
    reach->model = model;
    classes_init(reach);
    intents_init(reach);
    reach->rules = g_new(const ProviderRules *, model->network_count);
    for (uint32_t i = 0; i < model->network_count; i++)
        reach->rules[i] = model->networks[i].site != NO_SITE      ? &on_premises_rules
                          : has_network_security_groups(model, i) ? &azure_rules
                                                                  : &aws_rules;
    joined_init(reach);
    exits_init(reach);
    return reach;
}

void reach_free(Reach *reach) {
    if (reach == NULL)
        return;
    g_free(reach->classes);
    g_free(reach->class_of_unit);
    g_free(reach->parties);
    g_free(reach->first_class);
    g_free(reach->joined);
    g_free(reach->rules);
    g_free(reach->intents);
    g_free(reach);
}

uint32_t reach_classes(const Reach *reach, const EndpointClass **classes) {
    *classes = reach->classes;
    return reach->class_count;
}

ClassId reach_class_of_unit(const Reach *reach, UnitId unit) {
    BUG_IF(unit >= reach->model->unit_count, "no such unit");
    return reach->class_of_unit[unit];
}

ComponentId reach_class_component(const Reach *reach, ClassId id) {
    return id == CLASS_INTERNET ? NO_COMPONENT : reach->classes[id].component;
}

Verdict reach_verdict(const Reach *reach, const NetState *state, Query query) {
    Verdict verdict = walk_query(reach, state, &query, NULL, NULL);
    return access_gate(reach, state, &query, verdict);
}

bool reach_probes_differ(const Reach *reach, ClassId from) {
    BUG_IF(from >= reach->class_count, "no such class");
    return reach->parties[from].relays;
}

char *reach_class_name(const Reach *reach, ClassId id) {
    if (id == CLASS_INTERNET)
        return g_strdup("internet");
    BUG_IF(id >= reach->class_count, "no such class");
    const Place *places = reach->model->places;
    const EndpointClass *class = &reach->classes[id];
    const char *name = reach->model->components[class->component].name;
    if (class->subnet == NO_PLACE)
        return g_strdup(name);
    uint32_t all = 0, in_zone = 0;
    for (ClassId i = 0; i < reach->class_count; i++) {
        if (reach->classes[i].component != class->component || reach->classes[i].subnet == NO_PLACE)
            continue;
        all++;
        in_zone += places[reach->classes[i].subnet].parent == places[class->subnet].parent;
    }
    if (all == 1)
        return g_strdup(name);
    return g_strdup_printf("%s in %s", name, places[in_zone == 1 ? places[class->subnet].parent : class->subnet].name);
}

Query reach_usual(const Reach *reach, ClassId from, ClassId to) {
    Query query = {.from = from, .to = to, .protocol = PROTOCOL_TCP};
    PortSet ports = {0};
    if (to != CLASS_INTERNET && from != CLASS_INTERNET)
        ports = intent_ports_between(reach->model, reach->classes[from].component, reach->classes[to].component);
    else if (to != CLASS_INTERNET)
        ports = service_ports(reach->model, reach->classes[to].component);
    if (to != CLASS_INTERNET)
        ports = ports_found_at(reach, from, to, &ports);
    if (ports.count > 0 && ports.range[0].protocol != PROTOCOL_ANY)
        query.protocol = (Protocol)ports.range[0].protocol;
    query.port = ports.count > 0 ? ports.range[0].first : 443;
    return query;
}
