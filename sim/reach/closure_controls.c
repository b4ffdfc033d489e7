/* closure_controls.c - the single controls that a path of a compromise hangs on, found by taking each away. */
#include "reach/closure.h"
#include "reach/walk.h"

/* ---- what stands on the path ---------------------------------------------------------------------------------------
 */
static void candidate_add(GArray *candidates, uint32_t element) {
    for (guint i = 0; i < candidates->len; i++)
        if (g_array_index(candidates, uint32_t, i) == element)
            return;
    if (element != 0)
        g_array_append_val(candidates, element);
}

static void candidates_of_way(const Reach *reach, const NetState *state, const Query *query, GArray *candidates) {
    GArray *hops = g_array_new(FALSE, FALSE, sizeof(HopRecord));
    uint32_t there = 0;
    walk_query(reach, state, query, hops, &there);
    for (uint32_t i = 0; i < there; i++)
        candidate_add(candidates, g_array_index(hops, HopRecord, i).element);
    g_array_free(hops, TRUE);
}

/* What decided comes first: it is what somebody would change. */
static GArray *candidates_find(const Closure *closure, const NetState *state, uint32_t thing) {
    const Model *model = closure->reach->model;
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t *things, count = closure_path(closure, thing, &things);
    for (uint32_t i = count; i-- > 0;) {
        const Step *step = &closure->steps[things[i]];
        candidate_add(candidates, step->element);
        if (things[i] >= closure->component_count)
            candidate_add(candidates, model->policies.roles[things[i] - closure->component_count].element);
        if (step->kind == STEP_CONNECTS)
            candidates_of_way(closure->reach, state, &step->query, candidates);
    }
    g_free(things);
    return candidates;
}

/* ---- taking one away -----------------------------------------------------------------------------------------------
 */
static void rules_remove(const Model *model, NetState *state, uint32_t element) {
    for (uint32_t group = 0; group < model->group_count; group++)
        for (int inbound = 0; inbound < 2; inbound++) {
            const RuleList *list = netstate_rules(state, group, inbound);
            for (uint32_t i = 0; i < list->count;) {
                Rule rule = list->rules[i];
                bool gone = rule.element == element && netstate_rule_remove(state, group, inbound, &rule);
                i += gone ? 0 : 1;
            }
        }
}

static void routes_remove(const Model *model, NetState *state, uint32_t element) {
    for (uint32_t table = 0; table < model->route_table_count; table++)
        for (uint32_t i = 0; i < model->route_tables[table].route_count; i++)
            if (model->route_tables[table].routes[i].element == element &&
                model->route_tables[table].routes[i].target != ROUTE_LOCAL)
                netstate_route_remove(state, table, &model->route_tables[table].routes[i]);
}

static bool helps(const Closure *closure, const NetState *state, const bool *owned, ComponentId component,
                  uint32_t element) {
    NetState *without = netstate_copy(state);
    rules_remove(closure->reach->model, without, element);
    routes_remove(closure->reach->model, without, element);
    Closure *better = closure_new(closure->reach, without, owned, element);
    bool helped = better->holds[component] < closure->holds[component];
    closure_free(better);
    netstate_free(without);
    return helped;
}

uint32_t closure_controls(const Closure *closure, const NetState *state, const bool *owned, ComponentId component,
                          uint32_t **elements) {
    GArray *candidates = candidates_find(closure, state, component),
           *keys = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < candidates->len; i++) {
        uint32_t element = g_array_index(candidates, uint32_t, i);
        if (helps(closure, state, owned, component, element))
            g_array_append_val(keys, element);
    }
    g_array_free(candidates, TRUE);
    uint32_t count = keys->len;
    *elements = (uint32_t *)(void *)g_array_free(keys, FALSE);
    return count;
}

/* ---- adding one ----------------------------------------------------------------------------------------------------
 */
/* Between two classes, at the port where the target listens. */
static char *opening_between(const Reach *reach, const NetState *state, ClassId from, ClassId to) {
    Flip *flip = reach_flip(reach, state, reach_usual(reach, from, to));
    char *text = flip->count == 1 && flip->seen ? g_strdup(flip->changes[0]) : NULL;
    flip_free(flip);
    return text;
}

char *closure_opening(const Closure *closure, const NetState *state, ComponentId component) {
    const Reach *reach = closure->reach;
    char *text = NULL;
    if (reach->model->components[component].kind->passage.attachment == ATTACH_SERVICE)
        return NULL;
    for (ClassId from = 0; from < reach->class_count; from++)
        for (ClassId to = 0; to < reach->class_count && text == NULL; to++)
            if (closure->holds[reach->classes[from].component] == HOLD_COMPROMISED &&
                reach->classes[to].component == component)
                text = opening_between(reach, state, from, to);
    return text;
}
