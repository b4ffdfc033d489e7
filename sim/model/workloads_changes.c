/* workloads_changes.c - what a timeline changes in clusters and meshes: policies that come and go, mutual TLS. */

#include "model/workloads_build.h"

typedef struct {
    WorkloadsChangeKind kind;
    const char *text, *key, *what;
    const Node *node;
} Subject;

static uint32_t how_many(const Model *model, WorkloadsChangeKind kind) {
    const WorkloadBook *book = &model->book;
    switch (kind) {
    case WORKLOADS_POLICY: return book->policy_count;
    case WORKLOADS_AUTHORIZE: return book->authorization_count;
    case WORKLOADS_MESH: return book->mesh_count;
    case WORKLOADS_NAMESPACE: return book->namespace_count;
    case WORKLOADS_WORKLOAD: break;
    }
    return book->workloads != NULL ? model->component_count : 0;
}

/* NULL: it is nothing of that kind. */
static const char *name_of(const Model *model, WorkloadsChangeKind kind, uint32_t i) {
    const WorkloadBook *book = &model->book;
    switch (kind) {
    case WORKLOADS_POLICY: return book->policies[i].name;
    case WORKLOADS_AUTHORIZE: return book->authorizations[i].name;
    case WORKLOADS_MESH: return book->meshes[i].name;
    case WORKLOADS_NAMESPACE: return book->namespaces[i].name;
    case WORKLOADS_WORKLOAD: break;
    }
    return book->workloads[i].sidecar ? model->components[i].name : NULL;
}

/* Ids of what is meant; a complaint when there are none. */
static GArray *ids_named(Build *build, const Subject *subject) {
    GArray *found = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GPtrArray *names = g_ptr_array_new();
    for (uint32_t i = 0; i < how_many(build->model, subject->kind); i++) {
        const char *name = name_of(build->model, subject->kind, i);
        if (name == NULL)
            continue;
        g_ptr_array_add(names, (char *)name);
        if (name_means(subject->text, name))
            g_array_append_val(found, i);
    }
    if (found->len == 0)
        complain_name(build, node_get(subject->node, subject->key)->mark, subject->text, names,
                      keep(build, "%s known", subject->key), "there is no %s '%s'", subject->what, subject->text);
    else
        g_ptr_array_free(names, TRUE);
    return found;
}

/* `applied: yes`, or `mtls: strict`; false after a complaint. */
static bool value_read(Build *build, const ChangeKeys *keys, const Subject *subject, uint32_t *value) {
    static const Field row = {.name = "applied", .type = FIELD_TYPE_BOOL};
    bool policy = subject->kind == WORKLOADS_POLICY || subject->kind == WORKLOADS_AUTHORIZE, applied = false;
    const Node *node = policy ? keys->applied : keys->mtls, *other = policy ? keys->mtls : keys->applied;
    if (node == NULL || other != NULL || keys->add != NULL || keys->remove != NULL || keys->replace != NULL) {
        complain(build, subject->node->mark, policy ? "write applied: yes, or applied: no" : "write mtls: strict",
                 policy ? "a policy is applied or not" : "of a %s its mtls changes", subject->what);
        return false;
    }
    if (policy && !field_value(&row, node, build->tree, &applied, build->diagnostics))
        return false;
    *value = policy ? applied : mtls_read(build, node);
    return *value != MTLS_UNSET;
}

static const char *said(Build *build, const Subject *subject, const char *name, uint32_t value) {
    if (subject->kind == WORKLOADS_POLICY || subject->kind == WORKLOADS_AUTHORIZE)
        return keep(build, "%s %s %s", value ? "apply" : "take away", subject->what, name);
    return keep(build, "%s %s: mtls %s", subject->what, name, mtls_name((MtlsMode)value));
}

bool workloads_change_read(Build *build, const Node *node, const ChangeKeys *keys, const EventKeys *when, Mark mark,
                           GArray *events) {
    const Subject subjects[] = {
        {WORKLOADS_POLICY, keys->network_policy, "network_policy", "network policy", node},
        {WORKLOADS_AUTHORIZE, keys->authorization_policy, "authorization_policy", "authorization policy", node},
        {WORKLOADS_MESH, keys->mesh, "mesh", "mesh", node},
        {WORKLOADS_NAMESPACE, keys->namespace, "namespace", "namespace", node},
        {WORKLOADS_WORKLOAD, keys->workload, "workload", "workload", node},
    };
    const Subject *subject = NULL;
    uint32_t named = 0, value;
    for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++) {
        named += subjects[i].text != NULL;
        subject = subjects[i].text != NULL ? &subjects[i] : subject;
    }
    if (named == 0)
        return false;
    if (named > 1) {
        complain(build, node->mark, "make several entries", "a change says what it changes, one thing at a time");
        return true;
    }
    GArray *ids = ids_named(build, subject);
    if (ids->len > 0 && value_read(build, keys, subject, &value)) {
        for (guint i = 0; i < ids->len; i++) {
            uint32_t id = g_array_index(ids, uint32_t, i);
            const char *name = name_of(build->model, subject->kind, id);
            TimelineEvent event = {.kind = EVENT_CHANGE,
                                   .at = when->at,
                                   .lasts = when->lasts,
                                   .mark = mark,
                                   .change = CHANGE_WORKLOADS,
                                   .workloads = {subject->kind, id, value},
                                   .text = event_text(build, said(build, subject, name, value), when)};
            g_array_append_val(events, event);
        }
    }
    g_array_free(ids, TRUE);
    return true;
}
