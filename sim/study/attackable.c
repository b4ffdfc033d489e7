/* attackable.c - whether policies and the reach of a compromise are as a scenario expects. */
#include "study/attackable.h"

#include <glib.h>

static bool is_meant(const ComponentId *ids, uint32_t count, ComponentId id) {
    for (uint32_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* ---- allowed ---- */

static char *access_told(const Model *model, const Reach *reach, const AccessQuery *query, const Access *access) {
    char *question = access_text(reach, query);
    char *text = g_strdup_printf("%s: %s%s%s, decided by %s%s%s", question,
                                 access->allowed                         ? "ALLOW"
                                 : access->network.kind != VERDICT_REACH ? verdict_name(access->network.kind)
                                                                         : "DENY",
                                 access->allowed ? "" : " ", access->code, model->elements[access->element].text,
                                 access->door != NO_COMPONENT ? ", through " : "",
                                 access->door != NO_COMPONENT ? model->components[access->door].name : "");
    g_free(question);
    return text;
}

static char *allowed_miss(const Model *model, const Reach *reach, const NetState *net, const Expect *expect,
                          ClassId from) {
    for (uint32_t i = 0; i < expect->to_count; i++) {
        AccessQuery query = {.from = from, .role = ROLE_OWN, .service = expect->to[i]};
        query.action = kind_action(model->components[query.service].kind, expect->action);
        Access access = reach_access(reach, net, query);
        if (access.allowed == expect->negated)
            return access_told(model, reach, &query, &access);
    }
    return NULL;
}

static char *pairs_miss(const Model *model, const Reach *reach, const NetState *net, const Expect *expect) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(reach, &classes);
    char *miss = is_meant(expect->from, expect->from_count, NO_COMPONENT)
                     ? allowed_miss(model, reach, net, expect, CLASS_INTERNET)
                     : NULL;
    for (ClassId from = 0; from < count && miss == NULL; from++)
        if (is_meant(expect->from, expect->from_count, classes[from].component))
            miss = allowed_miss(model, reach, net, expect, from);
    return miss;
}

/* ---- blast radius ---- */

/* The whole way to it: what to look at. */
static char *path_told(const Closure *closure, ComponentId component) {
    uint32_t *things, count = closure_path(closure, component, &things);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s is %s", closure_thing_name(closure, component),
                           hold_name(closure->holds[component]));
    for (uint32_t i = 1; i < count; i++) {
        char *step = closure_step_text(closure, things[i]);
        g_string_append_printf(text, "%s %s", i == 1 ? ":" : "; then", step);
        g_free(step);
    }
    g_free(things);
    return g_string_free(text, FALSE);
}

static char *radius_miss(const Model *model, const Reach *reach, const NetState *net, const Expect *expect) {
    bool *owned = g_new0(bool, model->component_count + 1);
    for (uint32_t i = 0; i < expect->from_count; i++)
        owned[expect->from[i]] = true;
    Closure *closure = closure_new(reach, net, owned, 0);
    Hold least = expect->kind == EXPECT_BLAST_RADIUS ? HOLD_AT_RISK : HOLD_EXPOSED;
    char *miss = NULL;
    for (Hold hold = HOLD_COMPROMISED; hold >= least && miss == NULL; hold--) /* the worst of them */
        for (ComponentId id = 0; id < model->component_count && miss == NULL; id++)
            if (closure->holds[id] == hold && !owned[id] && !is_meant(expect->to, expect->to_count, id))
                miss = path_told(closure, id);
    closure_free(closure);
    g_free(owned);
    return miss;
}

char *attackable_miss(const Model *model, const Reach *reach, const NetState *net, const Expect *expect) {
    return expect->kind == EXPECT_ALLOWED ? pairs_miss(model, reach, net, expect)
                                          : radius_miss(model, reach, net, expect);
}
