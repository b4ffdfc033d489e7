/* endpoints.c - through which components a provider's services are reached without the internet.
 *
 * An endpoint says a kind of service (`bucket`), and leads to all of that kind in its region, or the name of one
 * component. */
#include <string.h>

#include "model/build.h"

static bool is_service(const Component *component) { return component->kind->passage.attachment == ATTACH_SERVICE; }

/* The words that may stand as `service`: kinds of services. */
static const Kind *service_kind(const Build *build, const char *word) {
    for (const Kind *const *kind = build->catalogue->kinds; *kind != NULL; kind++)
        if ((*kind)->passage.attachment == ATTACH_SERVICE && strcmp((*kind)->name, word) == 0)
            return *kind;
    return NULL;
}

static void complain_service(Build *build, const Component *component, const char *word) {
    GPtrArray *names = g_ptr_array_new();
    for (const Kind *const *kind = build->catalogue->kinds; *kind != NULL; kind++)
        if ((*kind)->passage.attachment == ATTACH_SERVICE)
            g_ptr_array_add(names, (char *)(*kind)->name);
    complain_name(build, component->mark, word, names, "services known", "'%s' leads to '%s', which is no service",
                  component->name, word);
}

/* The same region of the same provider, whosever account it is in. */
static bool is_one_region(const Model *model, PlaceId a, PlaceId b) {
    if (a == b || a == NO_PLACE || b == NO_PLACE)
        return a == b;
    return strcmp(model->places[a].name, model->places[b].name) == 0 &&
           model_enclosing(model, a, PLACE_PROVIDER) == model_enclosing(model, b, PLACE_PROVIDER);
}

/* An endpoint belongs to a region, as the services do that it leads to, those of other accounts too. */
static void services_find(Build *build, const Component *component, Endpoint *endpoint) {
    const char *word = endpoint->facts.service;
    const Kind *kind = service_kind(build, word);
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    ComponentId *named = NULL;
    uint32_t count = kind == NULL ? model_find(build->model, word, &named) : 0;
    if (kind == NULL && count == 0 && component->stack != NULL) {
        g_free(named);
        count = model_find(build->model, keep(build, "%s.%s", component->stack, word), &named);
    }
    bool known = kind != NULL;
    for (ComponentId i = 0; i < build->model->component_count; i++) {
        const Component *service = &build->model->components[i];
        bool meant = service->kind == kind;
        for (uint32_t n = 0; n < count; n++)
            meant = meant || (named[n] == i && is_service(service));
        known = known || meant;
        if (meant && is_one_region(build->model, service->place, component->place))
            g_array_append_val(ids, i);
    }
    g_free(named);
    if (!known)
        complain_service(build, component, word);
    endpoint->services = keep_array(build, ids, &endpoint->service_count);
}

void endpoints_build(Build *build) {
    Model *model = build->model;
    GArray *endpoints = g_array_new(FALSE, FALSE, sizeof(Endpoint));
    for (ComponentId i = 0; i < model->component_count; i++) {
        const Component *component = &model->components[i];
        const Kind *kind = component->kind;
        PassageFacts facts = kind->passes != NULL ? kind->passes(component->spec) : (PassageFacts){0};
        if (facts.service == NULL || build->drafts[i].copy == NULL)
            continue;
        Endpoint endpoint = {.component = i,
                             .network = build->drafts[i].copy->network,
                             .facts = facts,
                             .by_route = kind->passage.attachment == ATTACH_NETWORK};
        if (endpoint.network == NO_INDEX)
            complain(build, component->mark, "add subnets:", "'%s' is an endpoint, and its stack has no network",
                     component->name);
        services_find(build, component, &endpoint);
        g_array_append_val(endpoints, endpoint);
    }
    model->endpoints = keep_array(build, endpoints, &model->endpoint_count);
}
