/* loads.c - what arrives where, what can notice, and what is then done. */
#include <string.h>

#include "model/build.h"

/* The struct of a kind's own keys behind those that every such thing has; NULL after a complaint. */
static void *read_joined(Build *build, const Field *head, size_t head_size, const Field *own, size_t own_size,
                         const Node *node, const char *owner, const void **spec) {
    size_t spec_at;
    Field *rows = language_join(head, head_size, own, &spec_at);
    char *keys = tree_alloc(build->tree, spec_at + own_size);
    bool good = fields_read(rows, node, NULL, NULL, build->tree, owner, keys, build->assumed, build->diagnostics);
    g_free(rows);
    *spec = keys + spec_at;
    return good ? keys : NULL;
}

/* --- loads -------------------------------------------------------------------------------------------------------- */

/* Poisson unless somebody says otherwise: it is what many independent users make. */
static const LoadKind *load_kind(Build *build, const Node *load, Mark mark) {
    const Node *node = node_get(load, "kind");
    const char *name = node != NULL ? scalar_of(build, node, "kind") : "poisson";
    uint32_t index = name != NULL ? plugin_find(build, PLUGIN_LOAD, name, node != NULL ? node->mark : mark) : NO_INDEX;
    return index != NO_INDEX ? build->catalogue->loads[index] : NULL;
}

static bool flow_starts_at(const Flow *flow, ComponentId population) {
    for (uint32_t i = 0; i < flow->steps[0].copies; i++) {
        if (flow->steps[0].by_copy[i] == population)
            return true;
    }
    return false;
}

/* Three mistakes: no flow at all, several and none chosen, or one that is not there. */
static void complain_enter(Build *build, const char *enter, Mark mark, ComponentId population, GPtrArray *starting) {
    const char *name = build->model->components[population].name;
    bool exists = false;
    for (uint32_t f = 0; f < build->model->flow_count && enter != NULL; f++)
        exists = exists || strcmp(build->model->flows[f].name, enter) == 0;
    char *mend = mend_name(enter != NULL ? enter : "", starting, keep(build, "flows that start at '%s'", name));
    if (enter == NULL)
        complain(build, mark, starting->len > 0 ? keep(build, "add enter: %s", (char *)starting->pdata[0]) : mend,
                 starting->len > 0 ? "several flows start at '%s': say which one the load enters"
                                   : "no flow starts at '%s'",
                 name);
    else
        complain(build, mark, mend, exists ? "flow '%s' does not start at this population" : "there is no flow '%s'",
                 enter);
    g_free(mend);
}

/* The flow that `enter` names, or the only one that starts at the population. */
static uint32_t load_flow(Build *build, const LoadKeys *keys, const Node *load, ComponentId population, Mark mark) {
    const Model *model = build->model;
    GPtrArray *starting = g_ptr_array_new();
    uint32_t found = NO_INDEX;
    for (uint32_t f = 0; f < model->flow_count; f++) {
        if (!flow_starts_at(&model->flows[f], population))
            continue;
        g_ptr_array_add(starting, (char *)model->flows[f].name);
        if (keys->enter == NULL || strcmp(keys->enter, model->flows[f].name) == 0)
            found = f;
    }
    const Node *enter = node_get(load, "enter");
    if (keys->enter != NULL ? has_failed(build, "flow %s", keys->enter) || has_failed(build, "flow ")
                            : starting->len == 0 && g_hash_table_size(build->failed) > 0) {
        found = NO_INDEX; /* the flow's own mistake has been told */
    } else if (found == NO_INDEX || (keys->enter == NULL && starting->len > 1)) {
        complain_enter(build, keys->enter, enter != NULL ? enter->mark : mark, population, starting);
        found = NO_INDEX;
    }
    g_ptr_array_free(starting, TRUE);
    return found;
}

/* What a table of fields cannot read: nodes of the kind's own, and a file beside the YAML. The spec is still ours. */
static bool load_prepare(Build *build, const LoadKind *kind, void *spec, const NodeEntry *entry, const Source **file) {
    if (kind->ready != NULL && !kind->ready(spec, build->tree, build->diagnostics))
        return false;
    if (kind->file == NULL)
        return true;
    const Node *named = node_get(entry->value, "file");
    *file = file_beside(build, kind->file(spec), named != NULL ? named->mark : entry->mark);
    return *file != NULL && kind->take(spec, *file, build->tree, build->diagnostics);
}

/* A population with several places has the load in each of them. */
static void load_read(Build *build, const NodeEntry *entry, GArray *loads) {
    ComponentId *found;
    uint32_t count = names_find(build, (Scope){NULL, NULL}, entry->key, NAME_USERS, entry->mark, &found);
    const LoadKind *kind = load_kind(build, entry->value, entry->mark);
    if (kind == NULL || entry->value->broken)
        return;
    const void *spec;
    const char *owner = keep(build, "load of %s", entry->key);
    LoadKeys *keys =
        read_joined(build, load_keys, sizeof *keys, kind->fields, kind->spec_size, entry->value, owner, &spec);
    const Source *file = NULL;
    if (keys != NULL && !load_prepare(build, kind, (void *)(uintptr_t)spec, entry, &file))
        keys = NULL;
    if (keys != NULL && kind->check != NULL)
        kind->check(spec, entry->mark, build->diagnostics);
    for (uint32_t i = 0; keys != NULL && i < count; i++) {
        LoadSpec load = {.population = found[i], .kind = kind, .spec = spec, .file = file, .mark = entry->mark};
        const Kind *at = build->model->components[found[i]].kind;
        if (at->role != ROLE_POPULATION && (at->messages == NULL || !(at->messages->can & MESSAGES_WORKS))) {
            complain(build, entry->mark, "a load arrives at a population, or at what begins a flow of jobs",
                     "'%s' is no population", entry->key);
            return;
        }
        for (guint k = 0; k < loads->len; k++) {
            if (g_array_index(loads, LoadSpec, k).population == found[i])
                complain(build, entry->mark, "keep one of them", "population '%s' has two loads",
                         build->model->components[found[i]].name);
        }
        load.flow = load_flow(build, keys, entry->value, found[i], entry->mark);
        if (load.flow != NO_INDEX)
            g_array_append_val(loads, load);
    }
}

static int compare_loads(gconstpointer a, gconstpointer b) {
    uint32_t x = ((const LoadSpec *)a)->population, y = ((const LoadSpec *)b)->population;
    return (x > y) - (x < y);
}

/* The scenario's load of a population replaces the pattern's as a whole: no key of it shines through. */
static void all_loads(Build *build) {
    GArray *loads = g_array_new(FALSE, FALSE, sizeof(LoadSpec));
    uint32_t count;
    bool nobody = is_none(build->scenario.load); /* also not those of the pattern */
    NodeEntry *entries = sorted_entries(build, nobody ? NULL : build->scenario.load, "load", &count);
    for (uint32_t i = 0; i < count; i++)
        load_read(build, &entries[i], loads);
    entries = sorted_entries(build, nobody ? NULL : build->pattern.load, "load", &count);
    for (uint32_t i = 0; i < count; i++) {
        if (node_get(build->scenario.load, entries[i].key) == NULL)
            load_read(build, &entries[i], loads);
    }
    g_array_sort(loads, compare_loads);
    build->model->loads = keep_array(build, loads, &build->model->load_count);
}

/* --- sensors and responses ---------------------------------------------------------------------------------------- */

/* Everything but the users, unless it is said. */
static void watches_read(Build *build, const Node *node, SensorSpec *sensor) {
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    uint32_t count;
    const Node *const *items = items_of(build, node, "watches", &count);
    for (uint32_t i = 0; i < count; i++) {
        ComponentId *found;
        const char *text = scalar_of(build, items[i], "watches");
        uint32_t meant = text != NULL ? names_find(build, (Scope){NULL, NULL}, text, 0, items[i]->mark, &found) : 0;
        if (meant > 0)
            g_array_append_vals(ids, found, meant);
    }
    for (ComponentId id = 0; node == NULL && id < build->model->component_count; id++) {
        if (build->model->components[id].kind->role != ROLE_POPULATION)
            g_array_append_val(ids, id);
    }
    g_array_sort(ids, compare_ids);
    sensor->watches = keep_array(build, ids, &sensor->watch_count);
}

/* Index of the kind that a map names; NO_INDEX after a complaint. */
static uint32_t kind_of(Build *build, PluginList list, const NodeEntry *entry, const char *what) {
    const Node *node = node_get(entry->value, "kind");
    if (entry->value->broken || !name_is_good(build, entry->key, entry->mark, what))
        return NO_INDEX;
    if (node == NULL)
        complain(build, entry->mark, keep(build, "see `faultline list %ss`", what + 2), "'%s' does not say its kind",
                 entry->key);
    const char *name = scalar_of(build, node, "kind");
    return name != NULL ? plugin_find(build, list, name, node->mark) : NO_INDEX;
}

static void all_sensors(Build *build) {
    GArray *sensors = g_array_new(FALSE, FALSE, sizeof(SensorSpec));
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, build->pattern.sensors, "sensors", &count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = kind_of(build, PLUGIN_SENSOR, &entries[i], "a sensor");
        if (index == NO_INDEX)
            continue;
        SensorSpec sensor = {.name = entries[i].key, .kind = build->catalogue->sensors[index], .mark = entries[i].mark};
        SensorKeys *keys = read_joined(build, sensor_keys, sizeof *keys, sensor.kind->fields, sensor.kind->spec_size,
                                       entries[i].value, keep(build, "sensor %s", entries[i].key), &sensor.spec);
        if (keys == NULL)
            continue;
        watches_read(build, keys->watches, &sensor);
        g_array_append_val(sensors, sensor);
    }
    build->model->sensors = keep_array(build, sensors, &build->model->sensor_count);
}

/* Responses are read after sensors, whose order is final by then. */
static bool sensor_find(Build *build, const char *name, Mark mark, uint32_t *sensor) {
    GPtrArray *names = g_ptr_array_new();
    bool found = false;
    for (uint32_t i = 0; i < build->model->sensor_count && !found; i++) {
        *sensor = i;
        found = strcmp(build->model->sensors[i].name, name) == 0;
        g_ptr_array_add(names, (char *)build->model->sensors[i].name);
    }
    if (!found)
        complain_name(build, mark, name, names, "sensors declared", "there is no sensor '%s'", name);
    else
        g_ptr_array_free(names, TRUE);
    return found;
}

static void all_responses(Build *build) {
    GArray *responses = g_array_new(FALSE, FALSE, sizeof(ResponseSpec));
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, build->pattern.responses, "responses", &count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = kind_of(build, PLUGIN_RESPONSE, &entries[i], "a response");
        if (index == NO_INDEX)
            continue;
        ResponseSpec response = {
            .name = entries[i].key, .kind = build->catalogue->responses[index], .mark = entries[i].mark};
        ResponseKeys *keys =
            read_joined(build, response_keys, sizeof *keys, response.kind->fields, response.kind->spec_size,
                        entries[i].value, keep(build, "response %s", entries[i].key), &response.spec);
        if (keys != NULL &&
            sensor_find(build, keys->sensor, node_get(entries[i].value, "sensor")->mark, &response.sensor))
            g_array_append_val(responses, response);
    }
    build->model->responses = keep_array(build, responses, &build->model->response_count);
}

void loads_build(Build *build) {
    all_loads(build);
    all_sensors(build);
    all_responses(build);
}
