/* reach.c - the door: one Reach for a model, its classes, single verdicts and names. */
#include "reach/reach.h"

#include "base/bug.h"
#include "reach/walk.h"

const char *verdict_name(VerdictKind kind) {
    static const char *const names[] = {"REACH", "DENY", "NO-ROUTE", "BLACKHOLE", "NO-PATH"};
    BUG_IF((unsigned)kind >= G_N_ELEMENTS(names), "no such verdict");
    return names[kind];
}

Reach *reach_new(const Model *model) {
    Reach *reach = g_new0(Reach, 1);
    reach->model = model;
    classes_init(reach);
    intents_init(reach);
    reach->rules = g_new(const ProviderRules *, model->network_count);
    for (uint32_t i = 0; i < model->network_count; i++)
        reach->rules[i] = &aws_rules;
    return reach;
}

void reach_free(Reach *reach) {
    if (reach == NULL)
        return;
    g_free(reach->classes);
    g_free(reach->class_of_unit);
    g_free(reach->parties);
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

Verdict reach_verdict(const Reach *reach, const NetState *state, Query query) {
    return walk_query(reach, state, &query, NULL, NULL);
}

char *reach_class_name(const Reach *reach, ClassId id) {
    if (id == CLASS_INTERNET)
        return g_strdup("internet");
    BUG_IF(id >= reach->class_count, "no such class");
    const EndpointClass *class = &reach->classes[id];
    const char *name = reach->model->components[class->component].name;
    bool alone = (id == 0 || reach->classes[id - 1].component != class->component) &&
                 (id + 1 == reach->class_count || reach->classes[id + 1].component != class->component);
    if (alone || class->subnet == NO_PLACE)
        return g_strdup(name);
    return g_strdup_printf("%s in %s", name, reach->model->places[class->subnet].name);
}
