/* netstate.c - what differs from the Model now. */
#include "reach/netstate.h"

#include <string.h>

#include "base/bug.h"
#include "reach/netstate_private.h"

/* ---- life ----------------------------------------------------------------------------------------------------------
 */
static void rule_release(void *rule) { g_free(((Rule *)rule)->peer.groups); }

static Rule rule_copy(const Rule *rule) {
    Rule copy = *rule;
    copy.peer.groups = g_memdup2(rule->peer.groups, rule->peer.group_count * sizeof *rule->peer.groups);
    return copy;
}

static void list_follow(RuleList *list) {
    list->rules = (const Rule *)(void *)list->own->data;
    list->count = list->own->len;
}

static void list_own(RuleList *list) {
    GArray *own = g_array_new(FALSE, FALSE, sizeof(Rule));
    g_array_set_clear_func(own, rule_release);
    for (uint32_t i = 0; i < list->count; i++) {
        Rule copy = rule_copy(&list->rules[i]);
        g_array_append_vals(own, &copy, 1);
    }
    list->own = own;
    list_follow(list);
}

static void lists_reset(NetState *state) {
    for (uint32_t g = 0; g < state->model->group_count; g++) {
        const SecurityGroup *group = &state->model->groups[g];
        for (uint32_t inbound = 0; inbound < 2; inbound++) {
            RuleList *list = &state->lists[2 * g + inbound];
            g_clear_pointer(&list->own, g_array_unref);
            list->rules = inbound ? group->inbound : group->outbound;
            list->count = inbound ? group->inbound_count : group->outbound_count;
        }
    }
}

void netstate_reset(NetState *state) {
    const Model *model = state->model;
    state->epoch = 1;
    memset(state->down, 0, model->place_count * sizeof *state->down);
    memset(state->dark, 0xff, model->place_count * sizeof *state->dark); /* NO_PLACE */
    memset(state->isolated, 0, model->component_count * sizeof *state->isolated);
    g_array_set_size(state->cuts, 0);
    lists_reset(state);
}

NetState *netstate_new(const Model *model) {
    NetState *state = g_new0(NetState, 1);
    state->model = model;
    state->down = g_new(bool, model->place_count);
    state->dark = g_new(PlaceId, model->place_count);
    state->isolated = g_new(bool, model->component_count);
    state->cuts = g_array_new(FALSE, FALSE, sizeof(Cut));
    state->lists = g_new0(RuleList, 2 * (gsize)model->group_count);
    netstate_reset(state);
    return state;
}

NetState *netstate_copy(const NetState *state) {
    const Model *model = state->model;
    NetState *copy = netstate_new(model);
    copy->epoch = state->epoch;
    memcpy(copy->down, state->down, model->place_count * sizeof *copy->down);
    memcpy(copy->dark, state->dark, model->place_count * sizeof *copy->dark);
    memcpy(copy->isolated, state->isolated, model->component_count * sizeof *copy->isolated);
    g_array_append_vals(copy->cuts, state->cuts->data, state->cuts->len);
    for (uint32_t i = 0; i < 2 * model->group_count; i++) {
        if (state->lists[i].own == NULL)
            continue;
        copy->lists[i] = (RuleList){.rules = state->lists[i].rules, .count = state->lists[i].count};
        list_own(&copy->lists[i]);
    }
    return copy;
}

void netstate_free(NetState *state) {
    if (state == NULL)
        return;
    lists_reset(state);
    g_array_free(state->cuts, TRUE);
    g_free(state->lists);
    g_free(state->isolated);
    g_free(state->dark);
    g_free(state->down);
    g_free(state);
}

uint64_t netstate_epoch(const NetState *state) { return state->epoch; }

/* ---- places and links ----------------------------------------------------------------------------------------------
 */
/* Parents may stand anywhere in the table, so each place looks up its own line; there are few places. */
static PlaceId outermost_down(const NetState *state, PlaceId place) {
    PlaceId found = NO_PLACE;
    for (; place != NO_PLACE; place = state->model->places[place].parent)
        if (state->down[place])
            found = place;
    return found;
}

void netstate_place_down(NetState *state, PlaceId place, bool down) {
    BUG_IF(place >= state->model->place_count, "no such place");
    if (state->down[place] == down)
        return;
    state->down[place] = down;
    for (PlaceId i = 0; i < state->model->place_count; i++)
        state->dark[i] = outermost_down(state, i);
    state->epoch++;
}

static uint32_t cut_find(const NetState *state, PlaceId from, PlaceId to) {
    uint32_t i = 0;
    while (i < state->cuts->len) {
        const Cut *cut = &g_array_index(state->cuts, Cut, i);
        if (cut->from == from && cut->to == to)
            break;
        i++;
    }
    return i;
}

void netstate_link_cut(NetState *state, PlaceId from, PlaceId to, bool cut) {
    uint32_t at = cut_find(state, from, to);
    BUG_IF(from >= state->model->place_count || to >= state->model->place_count, "no such place");
    if ((at < state->cuts->len) == cut)
        return;
    if (cut)
        g_array_append_vals(state->cuts, &(Cut){from, to}, 1);
    else
        g_array_remove_index_fast(state->cuts, at);
    state->epoch++;
}

static bool encloses(const Model *model, PlaceId outer, PlaceId inner) {
    while (inner != NO_PLACE && inner != outer)
        inner = model->places[inner].parent;
    return inner == outer;
}

/* A crossing leaves the one place and enters the other; what stays in either does not cross. */
bool netstate_severed(const NetState *state, PlaceId from, PlaceId to) {
    for (uint32_t i = 0; i < state->cuts->len; i++) {
        const Cut *cut = &g_array_index(state->cuts, Cut, i);
        const Model *model = state->model;
        if (encloses(model, cut->from, from) && encloses(model, cut->to, to) && !encloses(model, cut->to, from) &&
            !encloses(model, cut->from, to))
            return true;
    }
    return false;
}

/* ---- rules and components ------------------------------------------------------------------------------------------
 */
static RuleList *list_change(NetState *state, uint32_t group, bool inbound) {
    BUG_IF(group >= state->model->group_count, "no such security group");
    RuleList *list = &state->lists[2 * group + inbound];
    if (list->own == NULL)
        list_own(list);
    return list;
}

void netstate_rule_add(NetState *state, uint32_t group, bool inbound, const Rule *rule) {
    RuleList *list = list_change(state, group, inbound);
    Rule copy = rule_copy(rule);
    g_array_append_vals(list->own, &copy, 1);
    list_follow(list);
    state->epoch++;
}

bool netstate_rule_remove(NetState *state, uint32_t group, bool inbound, const Rule *rule) {
    RuleList *list = list_change(state, group, inbound);
    for (uint32_t i = 0; i < list->count; i++) {
        if (!rule_equal(&list->rules[i], rule))
            continue;
        g_array_remove_index(list->own, i);
        list_follow(list);
        state->epoch++;
        return true;
    }
    return false;
}

void netstate_isolate(NetState *state, ComponentId component, bool isolated) {
    BUG_IF(component >= state->model->component_count, "no such component");
    if (state->isolated[component] == isolated)
        return;
    state->isolated[component] = isolated;
    state->epoch++;
}
