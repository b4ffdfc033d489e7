/* model.c - read, expand, check, seal: the steps in their order; and the few questions a sealed model answers. */
#include "model/model.h"

#include <string.h>

#include "base/bug.h"
#include "model/build.h"

/* --- inputs ------------------------------------------------------------------------------------------------------- */

ModelInputs *model_inputs_new(void) {
    ModelInputs *inputs = g_new(ModelInputs, 1);
    inputs->sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_free);
    inputs->trees = g_ptr_array_new_with_free_func((GDestroyNotify)tree_free);
    return inputs;
}

void model_inputs_free(ModelInputs *inputs) {
    if (inputs == NULL)
        return;
    g_ptr_array_free(inputs->trees, TRUE); /* trees point into sources */
    g_ptr_array_free(inputs->sources, TRUE);
    g_free(inputs);
}

/* --- building ----------------------------------------------------------------------------------------------------- */

/* Element 0 is "nothing", so that 0 can mean that no element decided. */
static void build_init(Build *build, const ModelRequest *request, const Catalogue *catalogue,
                       Diagnostics *diagnostics) {
    *build = (Build){.request = request, .catalogue = catalogue, .diagnostics = diagnostics};
    build->model = g_new0(Model, 1);
    build->tree = tree_new();
    g_ptr_array_add(request->inputs->trees, build->tree);
    build->assumed = build->model->assumed = assumed_new();
    build->said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    build->seen = g_hash_table_new(NULL, NULL);
    build->failed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    build->folders = g_ptr_array_new();
    build->sources = g_ptr_array_new();
    build->source_labels = g_ptr_array_new();
    build->provider_names = g_ptr_array_new();
    build->provider_roots = g_ptr_array_new();
    build->elements = g_array_new(FALSE, FALSE, sizeof(Element));
    element_add(build, MARK_NONE, "nothing");
}

static void build_clear(Build *build) {
    g_hash_table_destroy(build->said);
    g_hash_table_destroy(build->seen);
    g_hash_table_destroy(build->failed);
    GPtrArray *const arrays[] = {build->folders, build->sources, build->source_labels, build->provider_names,
                                 build->provider_roots};
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_ptr_array_free(arrays[i], TRUE);
    if (build->elements != NULL)
        g_array_free(build->elements, TRUE);
}

/* Titles of the model, which reports begin with. */
static void names_copy(Build *build) {
    Model *model = build->model;
    model->catalogue = build->catalogue;
    model->pattern = build->pattern.pattern;
    model->about = build->pattern.about;
    model->provider = build->pattern.provider;
    model->scenario = build->scenario_tree != NULL ? build->scenario.scenario : NULL;
    model->claim = build->scenario.claim;
}

static void changes_copy(Build *build, const char *option, const char *const *texts) {
    Model *model = build->model;
    for (; texts != NULL && *texts != NULL; texts++)
        model->changes[model->change_count++] = (ModelChange){option, tree_string(build->tree, *texts)};
}

/* For the record, which embeds what was read and how it was bent. */
static void sources_copy(Build *build) {
    Model *model = build->model;
    model->source_count = build->sources->len;
    model->sources = tree_alloc(build->tree, (model->source_count + 1) * sizeof *model->sources);
    model->source_labels = tree_alloc(build->tree, (model->source_count + 1) * sizeof *model->source_labels);
    const char *const *sets = build->request->sets, *const *events = build->request->events;
    size_t most = 1;
    for (size_t i = 0; sets != NULL && sets[i] != NULL; i++)
        most++;
    for (size_t i = 0; events != NULL && events[i] != NULL; i++)
        most++;
    model->changes = tree_alloc(build->tree, most * sizeof *model->changes);
    changes_copy(build, "set", sets);
    changes_copy(build, "event", events);
    for (uint32_t i = 0; i < model->source_count; i++) {
        model->sources[i] = build->sources->pdata[i];
        model->source_labels[i] = build->source_labels->pdata[i];
    }
}

/* Every step runs even when an earlier one found mistakes: more of them are told at once. */
static void build_all(Build *build) {
    read_defaults(build);
    stacks_read(build);
    sites_read(build);
    places_build(build);
    networks_build(build);
    ranges6_build(build);
    prefix_lists_check(build);
    acls_build(build);
    components_build(build);
    endpoints_build(build);
    joins_build(build);
    routes_build(build);
    sites_build(build);
    groups_build(build);
    azure_build(build);
    flows_build(build);
    policies_build(build);
    allowlists_build(build);
    workloads_build(build);
    trust_build(build);
    if (diagnostics_errors(build->diagnostics) == 0)
        units_build(build); /* counts of a kind mean something only when its spec is whole */
    defaults_build(build);
    loads_build(build);
    timeline_build(build);
    failures_build(build);
    expects_build(build);
}

/* Sealed only when this reading added no error; warnings do not count. */
Model *model_read(const ModelRequest *request, const Catalogue *catalogue, Diagnostics *diagnostics, GError **error) {
    BUG_IF(request->inputs == NULL, "somebody must keep what is read");
    uint32_t errors = diagnostics_errors(diagnostics);
    Build build;
    build_init(&build, request, catalogue, diagnostics);
    if (read_inputs(&build) && sets_apply(&build))
        build_all(&build);
    bool sealed = build.error == NULL && build.pattern_tree != NULL && diagnostics_errors(diagnostics) == errors;
    if (sealed) {
        names_copy(&build);
        sources_copy(&build);
        build.model->elements = keep_array(&build, build.elements, &build.model->element_count);
        build.elements = NULL;
        digests_build(&build);
    } else {
        g_clear_pointer(&build.model, model_free);
    }
    if (build.error != NULL)
        g_propagate_error(error, build.error);
    build_clear(&build);
    return build.model;
}

void model_free(Model *model) {
    if (model == NULL)
        return;
    assumed_free(model->assumed);
    g_free(model->byte_digest);
    g_free(model->model_digest);
    g_free(model); /* the rest belongs to the inputs */
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

char *model_unit_name(const Model *model, UnitId unit) {
    const ModelUnit *at = &model->units[unit];
    return g_strdup_printf("%s/%u", model->components[at->component].name, at->ordinal);
}

/* As deep as places nest: five steps at most. */
PlaceId model_enclosing(const Model *model, PlaceId place, PlaceLevel level) {
    while (place != NO_PLACE && model->places[place].level != level)
        place = model->places[place].parent;
    return place;
}
