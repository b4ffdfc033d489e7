/* netstate_workloads.c - which policies of clusters and meshes hold now, and who demands mutual TLS. */
#include <string.h>

#include "reach/netstate_private.h"
#include "reach/reach.h"

/* The model's, then the changes in the order in which they came. */
static void follow(NetState *state) {
    const Model *model = state->model;
    const WorkloadBook *book = &model->book;
    WorkloadsNow *now = &state->workloads;
    for (uint32_t i = 0; i < book->policy_count; i++)
        now->applied[i] = book->policies[i].applied;
    for (uint32_t i = 0; i < book->authorization_count; i++)
        now->authorizes[i] = book->authorizations[i].applied;
    for (uint32_t i = 0; i < book->mesh_count; i++)
        now->meshes[i] = (uint8_t)book->meshes[i].mtls;
    for (uint32_t i = 0; i < book->namespace_count; i++)
        now->namespaces[i] = (uint8_t)book->namespaces[i].mtls;
    for (uint32_t i = 0; book->workloads != NULL && i < model->component_count; i++)
        now->workloads[i] = (uint8_t)book->workloads[i].mtls;
    for (guint i = 0; i < now->changes->len; i++) {
        const WorkloadsChange *change = &g_array_index(now->changes, WorkloadsChange, i);
        switch (change->kind) {
        case WORKLOADS_POLICY: now->applied[change->id] = change->value; break;
        case WORKLOADS_AUTHORIZE: now->authorizes[change->id] = change->value; break;
        case WORKLOADS_MESH: now->meshes[change->id] = (uint8_t)change->value; break;
        case WORKLOADS_NAMESPACE: now->namespaces[change->id] = (uint8_t)change->value; break;
        case WORKLOADS_WORKLOAD: now->workloads[change->id] = (uint8_t)change->value; break;
        }
    }
}

void netstate_workloads_init(NetState *state) {
    const Model *model = state->model;
    const WorkloadBook *book = &model->book;
    WorkloadsNow *now = &state->workloads;
    now->changes = g_array_new(FALSE, FALSE, sizeof(WorkloadsChange));
    now->grants = g_array_new(FALSE, FALSE, sizeof(WorkloadsGrant));
    now->without = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    now->applied = g_new0(bool, book->policy_count);
    now->authorizes = g_new0(bool, book->authorization_count);
    now->meshes = g_new0(uint8_t, book->mesh_count);
    now->namespaces = g_new0(uint8_t, book->namespace_count);
    now->workloads = g_new0(uint8_t, book->workloads != NULL ? model->component_count : 0);
}

void netstate_workloads_reset(NetState *state) {
    g_array_set_size(state->workloads.changes, 0);
    g_array_set_size(state->workloads.grants, 0);
    g_array_set_size(state->workloads.without, 0);
    follow(state);
}

void netstate_workloads_copy(NetState *copy, const NetState *state) {
    const WorkloadsNow *now = &state->workloads;
    g_array_append_vals(copy->workloads.changes, now->changes->data, now->changes->len);
    g_array_append_vals(copy->workloads.grants, now->grants->data, now->grants->len);
    g_array_append_vals(copy->workloads.without, now->without->data, now->without->len);
    follow(copy);
}

void netstate_workloads_clear(NetState *state) {
    WorkloadsNow *now = &state->workloads;
    g_array_free(now->changes, TRUE);
    g_array_free(now->grants, TRUE);
    g_array_free(now->without, TRUE);
    g_free(now->applied);
    g_free(now->authorizes);
    g_free(now->meshes);
    g_free(now->namespaces);
    g_free(now->workloads);
}

/* The latest equal one is taken back: others of the same thing go on to hold. */
static void take_back(GArray *changes, const WorkloadsChange *change) {
    for (guint i = changes->len; i-- > 0;) {
        const WorkloadsChange *at = &g_array_index(changes, WorkloadsChange, i);
        if (at->kind == change->kind && at->id == change->id && at->value == change->value) {
            g_array_remove_index(changes, i);
            return;
        }
    }
}

void netstate_workloads_change(NetState *state, const WorkloadsChange *change, bool undo) {
    if (undo)
        take_back(state->workloads.changes, change);
    else
        g_array_append_val(state->workloads.changes, *change);
    follow(state);
    state->epoch++;
}

void netstate_workloads_grant(NetState *state, const WorkloadsGrant *grant) {
    g_array_append_val(state->workloads.grants, *grant);
    state->epoch++;
}

bool netstate_workloads_granted(const NetState *state, const WorkloadsGrant *grant) {
    for (guint i = 0; i < state->workloads.grants->len; i++) {
        const WorkloadsGrant *at = &g_array_index(state->workloads.grants, WorkloadsGrant, i);
        if (at->kind == grant->kind && at->from == grant->from && at->to == grant->to &&
            at->protocol == grant->protocol && at->port == grant->port)
            return true;
    }
    return false;
}

/* As mode_at (mesh.c), but for single ports. */
bool reach_disables_mtls(const NetState *state, ComponentId server) {
    const WorkloadBook *book = &state->model->book;
    const WorkloadsNow *now = &state->workloads;
    const Workload *workload = book->workloads != NULL ? &book->workloads[server] : NULL;
    if (workload == NULL || !workload->sidecar)
        return false;
    MtlsMode mode = (MtlsMode)now->workloads[server];
    if (mode == MTLS_UNSET)
        mode = (MtlsMode)now->namespaces[workload->namespace];
    return (mode == MTLS_UNSET ? (MtlsMode)now->meshes[workload->mesh] : mode) == MTLS_DISABLE;
}

void netstate_workloads_take(NetState *state, uint32_t element) {
    g_array_append_val(state->workloads.without, element);
    state->epoch++;
}

bool netstate_workloads_taken(const NetState *state, uint32_t element) {
    for (guint i = 0; i < state->workloads.without->len; i++)
        if (g_array_index(state->workloads.without, uint32_t, i) == element)
            return true;
    return false;
}
