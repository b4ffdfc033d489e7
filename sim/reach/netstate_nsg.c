/* netstate_nsg.c - the rules of network security groups as they are now. */
#include "base/bug.h"
#include "reach/netstate_private.h"

static void list_follow(NsgList *list) {
    list->now.rules = (NsgRule *)(void *)list->own->data;
    list->now.count = list->own->len;
}

static void list_own(NsgList *list) {
    GArray *own = g_array_new(FALSE, FALSE, sizeof(NsgRule));
    g_array_append_vals(own, list->now.rules, list->now.count);
    list->own = own;
    list_follow(list);
}

void netstate_nsgs_reset(NetState *state) {
    const AzureControls *azure = &state->model->azure;
    for (uint32_t i = 0; i < 2 * azure->group_count; i++) {
        g_clear_pointer(&state->nsgs[i].own, g_array_unref);
        state->nsgs[i].now = i % 2 ? azure->groups[i / 2].inbound : azure->groups[i / 2].outbound;
    }
}

void netstate_nsgs_copy(NetState *copy, const NetState *state) {
    for (uint32_t i = 0; i < 2 * state->model->azure.group_count; i++) {
        if (state->nsgs[i].own == NULL)
            continue;
        copy->nsgs[i].now = state->nsgs[i].now;
        list_own(&copy->nsgs[i]);
    }
}

static NsgList *list_change(NetState *state, uint32_t group, bool inbound) {
    BUG_IF(group >= state->model->azure.group_count, "no such network security group");
    NsgList *list = &state->nsgs[2 * group + inbound];
    if (list->own == NULL)
        list_own(list);
    return list;
}

void netstate_nsg_add(NetState *state, uint32_t group, bool inbound, const NsgRule *rule) {
    NsgList *list = list_change(state, group, inbound);
    guint at = list->own->len;
    while (at > 0 && g_array_index(list->own, NsgRule, at - 1).priority > rule->priority)
        at--;
    g_array_insert_vals(list->own, at, rule, 1);
    list_follow(list);
    state->epoch++;
}

void netstate_nsg_remove(NetState *state, uint32_t group, bool inbound, uint32_t priority) {
    NsgList *list = list_change(state, group, inbound);
    for (guint i = 0; i < list->own->len; i++) {
        if (g_array_index(list->own, NsgRule, i).priority != priority)
            continue;
        g_array_remove_index(list->own, i);
        list_follow(list);
        state->epoch++;
        return;
    }
}
