/* mesh.c - meshes and their authorisation policies: whom a policy protects, and in which order policies are asked.
 *
 * CUSTOM is asked first, then DENY; then, without any ALLOW policy at the workload, everything passes, else one of
 * them must match. A policy without rules matches nothing, so an ALLOW policy without rules allows nothing (istio.io,
 * authorization-policy). */
#include <stddef.h>
#include <string.h>

#include "model/workloads_build.h"

/* --- meshes ------------------------------------------------------------------------------------------------------- */

/* A stack has one mesh, written or not: sidecars without a word about it are in a permissive one. */
void meshes_build(Build *build) {
    WorkloadBook *book = &build->model->book;
    book->meshes = tree_alloc(build->tree, (build->stack_count + 1) * sizeof *book->meshes);
    for (uint32_t s = 0; s < build->stack_count; s++) {
        const Stack *stack = &build->stacks[s];
        const Node *node = stack->keys.workloads.mesh;
        MeshKeys keys = {.root_namespace = "istio-system"};
        if (node != NULL)
            read_quietly(build, mesh_keys, node, keep(build, "mesh of %s", stack->name), &keys);
        MtlsMode mode = mtls_read(build, keys.mtls);
        book->meshes[book->mesh_count++] = (Mesh){.name = stack->name,
                                                  .mtls = mode != MTLS_UNSET ? mode : MTLS_PERMISSIVE,
                                                  .root_namespace = keys.root_namespace,
                                                  .element = element_add(build, node != NULL ? node->mark : stack->mark,
                                                                         "mutual TLS of mesh %s", stack->name)};
    }
}

/* --- policies ----------------------------------------------------------------------------------------------------- */

/* Workloads of the copy with a sidecar; a policy of the root namespace holds in all. */
static Members protected_by(Build *build, const PolicyDraft *draft, const AuthorizationKeys *keys) {
    const WorkloadBook *book = &build->model->book;
    Selector selector = selector_read(build, keys->selector, "selector", "app");
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    for (ComponentId id = 0; id < build->model->component_count; id++) {
        const Workload *workload = &book->workloads[id];
        if (!workload->sidecar || build->drafts[id].copy != draft->copy)
            continue;
        bool there = strcmp(keys->namespace, book->meshes[workload->mesh].root_namespace) == 0 ||
                     strcmp(keys->namespace, book->namespaces[workload->namespace].label) == 0;
        if (there && selector_takes(&selector, workload->labels, workload->label_count))
            g_array_append_val(ids, id);
    }
    return members_keep(build, ids);
}

static Members asked_by(Build *build, const PolicyDraft *draft, const AuthorizationKeys *keys) {
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    if (keys->asks != NULL && keys->action != AUTHORIZE_CUSTOM)
        complain(build, keys->asks->mark, "write action: custom, or leave it out",
                 "only a custom policy asks somebody");
    const char *text = keys->asks != NULL ? scalar_of(build, keys->asks, "asks") : NULL;
    ComponentId *found;
    Scope scope = {draft->stack->name, draft->copy->region};
    uint32_t count = text != NULL ? names_find(build, scope, text, 0, keys->asks->mark, &found) : 0;
    if (count > 0)
        g_array_append_vals(ids, found, count);
    return members_keep(build, ids);
}

/* A change of configuration reaches sidecars by and by: these are the copy's zones where they have it. */
static PlaceId *zones_of(Build *build, const PolicyDraft *draft, const Node *node, uint32_t *zone_count) {
    const Copy *copy = draft->copy;
    uint32_t count;
    const Node *const *items = items_of(build, node, "zones", &count);
    GArray *zones = g_array_new(FALSE, FALSE, sizeof(PlaceId));
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], "zones");
        guint before = zones->len;
        for (uint32_t z = 0; text != NULL && z < copy->zone_count; z++)
            if (strcmp(text, copy->zone_suffixes[z]) == 0 || strcmp(text, copy->zone_names[z]) == 0)
                g_array_append_val(zones, copy->zones[z]);
        if (text != NULL && zones->len == before)
            complain(build, items[i]->mark, "name one of its stack's zones", "%s: there is no zone '%s'", draft->owner,
                     text);
    }
    return keep_array(build, zones, zone_count);
}

/* The mesh's root namespace need not be declared: nothing runs in it that the pattern must know. */
static bool is_root(const Build *build, const Stack *stack, const char *name) {
    const WorkloadBook *book = &build->model->book;
    for (uint32_t i = 0; i < book->mesh_count; i++)
        if (strcmp(book->meshes[i].name, stack->name) == 0 && strcmp(book->meshes[i].root_namespace, name) == 0)
            return true;
    return false;
}

static AuthorizationPolicy policy_of(Build *build, const PolicyDraft *draft) {
    AuthorizationKeys keys = {0};
    AuthorizationPolicy policy = {.name = draft->name};
    if (!read_quietly(build, authorization_keys, draft->node, draft->owner, &keys) ||
        (!is_root(build, draft->stack, keys.namespace) &&
         !namespace_known(build, draft->stack, draft->node, keys.namespace)))
        return policy;
    policy.action = (AuthorizeAction)keys.action;
    policy.applied = keys.applied;
    policy.selects = protected_by(build, draft, &keys);
    policy.asks = asked_by(build, draft, &keys);
    policy.zones = zones_of(build, draft, keys.zones, &policy.zone_count);
    policy.element = element_add(build, draft->mark, "authorization policy %s", draft->name);
    policy.rules = authorize_rules_read(build, draft, keys.rules, "rules", &policy.rule_count);
    policy.refuses = authorize_rules_read(build, draft, keys.refuses, "refuses", &policy.refuse_count);
    if (keys.refuses != NULL && policy.action != AUTHORIZE_CUSTOM)
        complain(build, keys.refuses->mark, "write rules:", "only a custom policy has somebody who refuses");
    if (policy.selects.count == 0)
        warn(build, draft->mark, "compare its namespace and selector with the workloads that have sidecars",
             "%s protects nobody", draft->owner);
    return policy;
}

/* --- what a question without a method or path may be about -------------------------------------------------------- */

static void texts_gather(GArray *all, const TextMatches *matches) {
    g_array_append_vals(all, matches->items, matches->count);
}

static void rules_gather(GArray *methods, GArray *paths, const AuthorizeRule *rules, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        texts_gather(methods, &rules[i].methods);
        texts_gather(methods, &rules[i].not_methods);
        texts_gather(paths, &rules[i].paths);
        texts_gather(paths, &rules[i].not_paths);
    }
}

static int compare_matches(gconstpointer a, gconstpointer b) {
    const TextMatch *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order != 0 ? order : (int)x->prefix - (int)y->prefix;
}

static TextMatch *each_once(Build *build, GArray *all, uint32_t *count) {
    g_array_sort(all, compare_matches);
    for (guint i = all->len; i-- > 1;)
        if (compare_matches(&g_array_index(all, TextMatch, i), &g_array_index(all, TextMatch, i - 1)) == 0)
            g_array_remove_index(all, i);
    return keep_array(build, all, count);
}

static void operations_build(Build *build) {
    WorkloadBook *book = &build->model->book;
    GArray *methods = g_array_new(FALSE, FALSE, sizeof(TextMatch)),
           *paths = g_array_new(FALSE, FALSE, sizeof(TextMatch));
    for (uint32_t i = 0; i < book->authorization_count; i++) {
        const AuthorizationPolicy *policy = &book->authorizations[i];
        rules_gather(methods, paths, policy->rules, policy->rule_count);
        rules_gather(methods, paths, policy->refuses, policy->refuse_count);
    }
    book->methods = each_once(build, methods, &book->method_count);
    book->paths = each_once(build, paths, &book->path_count);
}

void authorizations_build(Build *build) {
    WorkloadBook *book = &build->model->book;
    GArray *drafts = policies_collect(build, offsetof(WorkloadStackKeys, authorization_policies),
                                      "authorization_policies", "authorization policy");
    book->authorizations = tree_alloc(build->tree, (drafts->len + 1) * sizeof *book->authorizations);
    book->authorization_count = drafts->len;
    for (guint i = 0; i < drafts->len; i++)
        book->authorizations[i] = policy_of(build, &g_array_index(drafts, PolicyDraft, i));
    for (ComponentId id = 0; id < build->model->component_count; id++) {
        GArray *ids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        for (int action = AUTHORIZE_CUSTOM; action <= AUTHORIZE_ALLOW; action++) /* in the order of asking */
            for (uint32_t i = 0; i < book->authorization_count; i++)
                if (book->authorizations[i].action == (AuthorizeAction)action &&
                    members_have(&book->authorizations[i].selects, id))
                    g_array_append_val(ids, i);
        book->workloads[id].authorizes = keep_array(build, ids, &book->workloads[id].authorize_count);
    }
    operations_build(build);
    g_array_free(drafts, TRUE);
}
