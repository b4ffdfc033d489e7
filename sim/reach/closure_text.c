/* closure_text.c - the paths of a compromise, and each of their steps in words. */
#include "reach/closure.h"
#include "reach/reach_private.h"

bool closure_follows(const Closure *closure, ComponentId component) {
    return closure->holds[component] == HOLD_COMPROMISED && closure->steps[component].kind != STEP_DECLARED;
}

uint32_t closure_path(const Closure *closure, uint32_t thing, uint32_t **things) {
    *things = NULL;
    if (closure->steps[thing].kind == STEP_NONE)
        return 0;
    uint32_t count = closure->steps[thing].depth + 1;
    *things = g_new(uint32_t, count);
    for (uint32_t i = count; i-- > 0; thing = closure->steps[thing].before)
        (*things)[i] = thing;
    return count;
}

const char *closure_thing_name(const Closure *closure, uint32_t thing) {
    const Model *model = closure->reach->model;
    return thing < closure->component_count ? model->components[thing].name
                                            : model->policies.roles[thing - closure->component_count].name;
}

/* Where the deciding element stands is the reader's to look up; what it is belongs into the sentence. */
static char *allowed_by(const Closure *closure, uint32_t element) {
    return element != 0 ? g_strdup_printf(": %s", closure->reach->model->elements[element].text) : g_strdup("");
}

static const char *component_of_class(const Closure *closure, ClassId id) {
    return closure->reach->model->components[closure->reach->classes[id].component].name;
}

static char *connects_text(const Closure *closure, const Step *step, const char *name) {
    PortSet ports = {.count = 1};
    ports.range[0] = (PortRange){(uint8_t)step->query.protocol, step->query.port, step->query.port};
    char *port = ports_text(&ports), *by = allowed_by(closure, step->element);
    char *text = g_strdup_printf("%s connects to %s on %s%s", component_of_class(closure, step->from), name, port, by);
    g_free(port);
    g_free(by);
    return text;
}

static char *uses_text(const Closure *closure, const Step *step, const char *name) {
    const Model *model = closure->reach->model;
    const AccessQuery *use = &step->use;
    const char *action = model->components[use->service].kind->actions[use->action].name;
    const char *from = step->from == CLASS_INTERNET ? "a machine of his own" : component_of_class(closure, step->from);
    char *by = allowed_by(closure, step->element);
    char *text = g_strdup_printf("%s%s may %s %s from %s%s%s%s", use->role != NO_ROLE ? "role " : "",
                                 use->role != NO_ROLE ? model->policies.roles[use->role].name : "anybody", action, name,
                                 from, step->door != NO_COMPONENT ? " through " : "",
                                 step->door != NO_COMPONENT ? model->components[step->door].name : "", by);
    g_free(by);
    return text;
}

char *closure_step_text(const Closure *closure, uint32_t thing) {
    const Step *step = &closure->steps[thing];
    const char *name = closure_thing_name(closure, thing);
    const char *before = step->before != UINT32_MAX ? closure_thing_name(closure, step->before) : "";
    switch (step->kind) {
    case STEP_NONE: break;
    case STEP_DECLARED: return g_strdup_printf("%s is compromised", name);
    case STEP_CONNECTS: return connects_text(closure, step, name);
    case STEP_USES: return uses_text(closure, step, name);
    case STEP_IMAGE: return g_strdup_printf("%s is launched from an image that %s gives it", name, before);
    case STEP_METADATA: return g_strdup_printf("%s acts under role %s, so he has its credentials", before, name);
    case STEP_FINDS: return g_strdup_printf("credentials of role %s lie in %s", name, before);
    case STEP_ASSUMES: return g_strdup_printf("role %s trusts role %s", name, before);
    }
    return g_strdup_printf("%s is not reached", name);
}
