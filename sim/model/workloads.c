/* workloads.c - which components are pods of a cluster or stand in a mesh, under which names and labels. */
#include <string.h>

#include "model/workloads_build.h"

/* --- small questions ---------------------------------------------------------------------------------------------- */

bool members_have(const Members *members, ComponentId id) {
    uint32_t low = 0, high = members->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (members->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < members->count && members->ids[low] == id;
}

Members members_keep(Build *build, GArray *ids) {
    Members members = {0};
    members.ids = keep_array(build, ids, &members.count);
    return members;
}

const char *mtls_name(MtlsMode mode) { return mode == MTLS_UNSET ? "unset" : mtls_words[mode]; }

MtlsMode mtls_read(Build *build, const Node *node) {
    static const Field row = {.name = "mtls", .type = FIELD_TYPE_WORD, .words = mtls_words};
    int mode = MTLS_UNSET;
    if (node != NULL && !field_value(&row, node, build->tree, &mode, build->diagnostics))
        mode = MTLS_UNSET;
    return (MtlsMode)mode;
}

/* --- namespaces --------------------------------------------------------------------------------------------------- */

static const char NAME_LABEL[] = "kubernetes.io/metadata.name";

/* Every cluster has these two. */
static bool is_always_there(const char *name) {
    return strcmp(name, "default") == 0 || strcmp(name, "kube-system") == 0;
}

uint32_t namespace_find(const Build *build, const Stack *stack, const Copy *copy, const char *name) {
    const WorkloadBook *book = &build->model->book;
    for (uint32_t i = 0; i < book->namespace_count; i++) {
        const Namespace *space = &book->namespaces[i];
        if (strcmp(space->stack, stack->name) == 0 && strcmp(space->copy, copy->region) == 0 &&
            strcmp(space->label, name) == 0)
            return i;
    }
    return NO_INDEX;
}

static bool has_namespace(const GArray *spaces, const Stack *stack, const Copy *copy, const char *name) {
    for (guint i = 0; i < spaces->len; i++) {
        const Namespace *space = &g_array_index(spaces, Namespace, i);
        if (strcmp(space->stack, stack->name) == 0 && strcmp(space->copy, copy->region) == 0 &&
            strcmp(space->label, name) == 0)
            return true;
    }
    return false;
}

/* `node`: what is written of it; NULL: nothing. */
static void namespace_add(Build *build, GArray *spaces, const Stack *stack, const Copy *copy, const char *name,
                          const Node *node, Mark mark) {
    if (has_namespace(spaces, stack, copy, name))
        return;
    NamespaceKeys keys = {0};
    const char *owner = keep(build, "namespace %s.%s", stack->name, name);
    if (node != NULL)
        read_quietly(build, namespace_keys, node, owner, &keys);
    Namespace space = {.name = keep(build, "%s[%s].%s", stack->name, copy->region, name),
                       .label = name,
                       .stack = stack->name,
                       .copy = copy->region,
                       .sidecars = keys.sidecars,
                       .mtls = mtls_read(build, keys.mtls)};
    space.labels = labels_read(build, keys.labels, "labels", (Label){NAME_LABEL, name}, &space.label_count);
    space.element = element_add(build, mark, "mutual TLS of namespace %s", space.name);
    g_array_append_val(spaces, space);
}

/* Once some are declared, a further name is a mistake. */
bool namespace_known(Build *build, const Stack *stack, const Node *map, const char *name) {
    const Node *declared = stack->keys.workloads.namespaces;
    if (declared == NULL || node_get(declared, name) != NULL || is_always_there(name))
        return true;
    const Node *node = node_get(map, "namespace");
    complain_name(build, node != NULL ? node->mark : map->mark, name, keys_of(declared), "namespaces declared",
                  "stack '%s' has no namespace '%s'", stack->name, name);
    return false;
}

static void namespaces_declared(Build *build, const Stack *stack, GArray *spaces) {
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, stack->keys.workloads.namespaces, "namespaces", &count);
    for (uint32_t i = 0; i < count; i++) {
        name_is_good(build, entries[i].key, entries[i].mark, "a namespace");
        for (uint32_t c = 0; c < stack->copy_count; c++)
            namespace_add(build, spaces, stack, &stack->copies[c], entries[i].key, entries[i].value, entries[i].mark);
    }
}

static const char *namespace_of(const ComponentDraft *draft) {
    const char *name = draft->keys->workloads.namespace;
    return name != NULL ? name : "default";
}

static int compare_namespaces(gconstpointer a, gconstpointer b) {
    return strcmp(((const Namespace *)a)->name, ((const Namespace *)b)->name);
}

static const Node *component_node(const ComponentDraft *draft) {
    return node_get(draft->stack->keys.components, draft->component.label);
}

static void namespaces_build(Build *build) {
    GArray *spaces = g_array_new(FALSE, FALSE, sizeof(Namespace));
    for (uint32_t s = 0; s < build->stack_count; s++)
        namespaces_declared(build, &build->stacks[s], spaces);
    for (uint32_t i = 0; i < build->model->component_count; i++) {
        const ComponentDraft *draft = &build->drafts[i];
        if (draft->stack == NULL)
            continue;
        namespace_known(build, draft->stack, component_node(draft), namespace_of(draft));
        namespace_add(build, spaces, draft->stack, draft->copy, namespace_of(draft), NULL, draft->component.mark);
    }
    g_array_sort(spaces, compare_namespaces);
    WorkloadBook *book = &build->model->book;
    book->namespaces = keep_array(build, spaces, &book->namespace_count);
}

/* --- workloads ---------------------------------------------------------------------------------------------------- */

static bool is_written(const WorkloadComponentKeys *keys) {
    return keys->namespace != NULL || keys->service_account != NULL || keys->labels != NULL || keys->sidecar != NULL ||
           keys->mtls != NULL || keys->port_mtls != NULL || keys->runs_on != NULL;
}

/* Which components have a sidecar in time beside them by name; one that names nobody stands beside all of the mesh, so
 * it makes nobody part of it. Names that are wrong are complained about again, and so not told twice (trust.c). */
static bool *beside_read(Build *build) {
    const Model *model = build->model;
    bool *beside = tree_alloc(build->tree, (model->component_count + 1) * sizeof *beside);
    for (ComponentId id = 0; id < model->component_count; id++) {
        const ComponentDraft *draft = &build->drafts[id];
        if (draft->component.kind->spread != SPREAD_BESIDE)
            continue;
        uint32_t count;
        const Node *const *items = items_of(build, draft->keys->beside, "beside", &count);
        for (uint32_t i = 0; i < count; i++) {
            ComponentId *found;
            const char *text = scalar_of(build, items[i], "beside");
            Scope scope = {draft->component.stack, draft->component.copy};
            uint32_t named = text != NULL ? names_find(build, scope, text, 0, items[i]->mark, &found) : 0;
            for (uint32_t n = 0; n < named; n++)
                beside[found[n]] = true;
        }
    }
    return beside;
}

static bool sidecar_read(Build *build, ComponentId id, const Node *node, bool beside, bool otherwise) {
    static const Field row = {.name = "sidecar", .type = FIELD_TYPE_BOOL};
    bool value = otherwise || beside;
    if (node != NULL && field_value(&row, node, build->tree, &value, build->diagnostics) && beside && !value)
        complain(build, node->mark, "leave it out", "'%s' has a sidecar, which stands beside it",
                 build->model->components[id].label);
    return value;
}

/* "8080: permissive" in the order of the keys. */
static struct PortMtls *port_mtls_read(Build *build, const Node *node, uint32_t *count) {
    NodeEntry *entries = sorted_entries(build, node, "port_mtls", count);
    struct PortMtls *modes = tree_alloc(build->tree, (*count + 1) * sizeof *modes);
    for (uint32_t i = 0; i < *count; i++) {
        char *why = NULL;
        if (!ports_parse(entries[i].key, &modes[i].ports, &why))
            complain(build, entries[i].mark, "write port_mtls: {8080: permissive}", "%s", why);
        g_free(why);
        modes[i].mode = mtls_read(build, entries[i].value);
    }
    return modes;
}

static Members nodes_read(Build *build, const ComponentDraft *draft, const Node *node) {
    uint32_t count;
    const Node *const *items = items_of(build, node, "runs_on", &count);
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    for (uint32_t i = 0; i < count; i++) {
        ComponentId *found;
        const char *text = scalar_of(build, items[i], "runs_on");
        Scope scope = {draft->component.stack, draft->component.copy};
        uint32_t more = text != NULL ? names_find(build, scope, text, 0, items[i]->mark, &found) : 0;
        if (more > 0)
            g_array_append_vals(ids, found, more);
    }
    g_array_sort(ids, compare_ids);
    return members_keep(build, ids);
}

static uint32_t mesh_of(const WorkloadBook *book, const char *stack) {
    uint32_t i = 0;
    while (i < book->mesh_count && strcmp(book->meshes[i].name, stack) != 0)
        i++;
    return i;
}

static void workload_read(Build *build, ComponentId id, bool beside) {
    const ComponentDraft *draft = &build->drafts[id];
    Workload *workload = &build->model->book.workloads[id];
    const WorkloadComponentKeys *keys = &draft->keys->workloads;
    WorkloadBook *book = &build->model->book;
    const Component *component = &draft->component;
    workload->namespace = namespace_find(build, draft->stack, draft->copy, namespace_of(draft));
    const Namespace *space = &book->namespaces[workload->namespace];
    workload->pod = keys->namespace != NULL;
    workload->sidecar = sidecar_read(build, id, keys->sidecar, beside, workload->pod && space->sidecars);
    if (!workload->pod && !workload->sidecar)
        return;
    workload->service_account = keys->service_account != NULL ? keys->service_account : "default";
    workload->identity = keep(build, "%s/%s", space->label, workload->service_account);
    workload->labels =
        labels_read(build, keys->labels, "labels", (Label){"app", component->label}, &workload->label_count);
    workload->mtls = mtls_read(build, keys->mtls);
    workload->port_mtls = port_mtls_read(build, keys->port_mtls, &workload->port_mtls_count);
    workload->mesh = mesh_of(book, draft->stack->name);
    workload->nodes = nodes_read(build, draft, keys->runs_on);
    workload->element = element_add(build, component->mark, "mutual TLS of %s", component->name);
    if (draft->copy->network != NO_INDEX)
        book->meshed[draft->copy->network] = true;
}

/* What can be a pod: something with interfaces in the stack's subnets. */
static bool fits(Build *build, const ComponentDraft *draft) {
    const Component *component = &draft->component;
    if (draft->stack != NULL && component->kind->passage.attachment == ATTACH_SUBNETS)
        return true;
    complain(build, component->mark, "leave namespace, labels, service_account, sidecar and mtls out",
             "'%s' has no interfaces in the subnets of a stack, so it is no workload of a cluster or mesh",
             component->label);
    return false;
}

/* Whether anything in the pattern speaks of clusters or meshes. */
static bool is_meant(const Build *build, const bool *beside) {
    for (uint32_t s = 0; s < build->stack_count; s++) {
        const WorkloadStackKeys *keys = &build->stacks[s].keys.workloads;
        if (keys->namespaces != NULL || keys->network_policies != NULL || keys->mesh != NULL ||
            keys->authorization_policies != NULL || keys->network_policy_controller != NULL)
            return true;
    }
    for (uint32_t i = 0; i < build->model->component_count; i++)
        if (is_written(&build->drafts[i].keys->workloads) || beside[i])
            return true;
    return false;
}

void workloads_build(Build *build) {
    Model *model = build->model;
    WorkloadBook *book = &model->book;
    const bool *beside = beside_read(build);
    if (!is_meant(build, beside))
        return;
    book->workloads = tree_alloc(build->tree, (model->component_count + 1) * sizeof *book->workloads);
    book->meshed = tree_alloc(build->tree, (model->network_count + 1) * sizeof *book->meshed);
    namespaces_build(build);
    meshes_build(build);
    for (uint32_t i = 0; i < model->component_count; i++) {
        const ComponentDraft *draft = &build->drafts[i];
        if ((!is_written(&draft->keys->workloads) || fits(build, draft)) && draft->stack != NULL &&
            draft->component.kind->passage.attachment == ATTACH_SUBNETS)
            workload_read(build, i, beside[i]);
    }
    network_policies_build(build);
    authorizations_build(build);
}

/* --- policies of either sort -------------------------------------------------------------------------------------- */

static int compare_drafts(gconstpointer a, gconstpointer b) {
    return strcmp(((const PolicyDraft *)a)->name, ((const PolicyDraft *)b)->name);
}

GArray *policies_collect(Build *build, size_t member, const char *key, const char *what) {
    GArray *drafts = g_array_new(FALSE, FALSE, sizeof(PolicyDraft));
    for (uint32_t s = 0; s < build->stack_count; s++) {
        const Stack *stack = &build->stacks[s];
        const Node *map = *(const Node *const *)(const void *)((const char *)&stack->keys.workloads + member);
        uint32_t count;
        NodeEntry *entries = sorted_entries(build, map, key, &count);
        for (uint32_t i = 0; i < count; i++) {
            name_is_good(build, entries[i].key, entries[i].mark, what);
            for (uint32_t c = 0; c < stack->copy_count; c++) {
                PolicyDraft draft = {.name =
                                         keep(build, "%s[%s].%s", stack->name, stack->copies[c].region, entries[i].key),
                                     .label = entries[i].key,
                                     .owner = keep(build, "%s %s.%s", what, stack->name, entries[i].key),
                                     .stack = stack,
                                     .copy = &stack->copies[c],
                                     .node = entries[i].value,
                                     .mark = entries[i].mark};
                g_array_append_val(drafts, draft);
            }
        }
    }
    g_array_sort(drafts, compare_drafts);
    return drafts;
}
