/* recorded.c - who keeps a record of a connection. */
#include "study/recorded.h"

#include <glib.h>

#include "base/units.h"

enum { PASSED_MOST = 8 };

/* Every sensor (by index) and appliance (by component) that keeps a record; what is passed twice is told once. */
typedef struct {
    GArray *sensors, *components;
} Recorders;

static bool watches(const SensorSpec *sensor, ComponentId id) {
    bool found = false;
    for (uint32_t i = 0; i < sensor->watch_count; i++)
        found = found || sensor->watches[i] == id;
    return found && id != NO_COMPONENT;
}

static bool has(const GArray *ids, uint32_t id) {
    bool found = false;
    for (guint i = 0; i < ids->len; i++)
        found = found || g_array_index(ids, uint32_t, i) == id;
    return found;
}

static void passed_add(const Model *model, const Reach *reach, const NetState *net, const Query *query,
                       GArray *components) {
    UnitId units[PASSED_MOST];
    uint32_t count = reach_inspectors(reach, net, *query, units, PASSED_MOST);
    for (uint32_t i = 0; i < count; i++) {
        ComponentId id = model->units[units[i]].component;
        const Component *component = &model->components[id];
        if (component->kind->inspects && component->kind->inspects(component->spec).share == WHOLE &&
            !has(components, id))
            g_array_append_val(components, id);
    }
}

static Recorders recorders_of(const Model *model, const Reach *reach, const NetState *net, const Query *query) {
    Recorders found = {g_array_new(FALSE, FALSE, sizeof(uint32_t)), g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    ComponentId client = reach_class_component(reach, query->from), server = reach_class_component(reach, query->to);
    for (uint32_t i = 0; i < model->sensor_count; i++) {
        const SensorSpec *sensor = &model->sensors[i];
        if (sensor->kind->records && (watches(sensor, client) || watches(sensor, server)))
            g_array_append_val(found.sensors, i);
    }
    passed_add(model, reach, net, query, found.components);
    return found;
}

static void recorders_clear(Recorders *recorders) {
    g_array_free(recorders->sensors, TRUE);
    g_array_free(recorders->components, TRUE);
}

bool recorded(const Model *model, const Reach *reach, const NetState *net, const Query *query, const Expect *expect) {
    Recorders found = recorders_of(model, reach, net, query);
    bool yes = expect->sensor > 0 && has(found.sensors, expect->sensor - 1);
    for (uint32_t i = 0; i < expect->via_count; i++)
        yes = yes || has(found.components, expect->via[i]);
    if (expect->sensor == 0 && expect->via_count == 0)
        yes = found.sensors->len + found.components->len > 0;
    recorders_clear(&found);
    return yes;
}

char *recorders_text(const Model *model, const Reach *reach, const NetState *net, const Query *query) {
    Recorders found = recorders_of(model, reach, net, query);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < found.sensors->len; i++)
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "",
                               model->sensors[g_array_index(found.sensors, uint32_t, i)].name);
    for (guint i = 0; i < found.components->len; i++)
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "",
                               model->components[g_array_index(found.components, uint32_t, i)].name);
    if (text->len == 0)
        g_string_append(text, "nobody");
    recorders_clear(&found);
    return g_string_free(text, FALSE);
}
