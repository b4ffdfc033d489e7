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

static void acl_follow(AclRules *list) {
    list->rules = (const AclRule *)(void *)list->own->data;
    list->count = list->own->len;
}

static void acl_own(AclRules *list) {
    GArray *own = g_array_new(FALSE, FALSE, sizeof(AclRule));
    g_array_append_vals(own, list->rules, list->count);
    list->own = own;
    acl_follow(list);
}

static void table_follow(NetState *state, uint32_t table) {
    state->tables[table].routes = (Route *)(void *)state->routes[table]->data;
    state->tables[table].route_count = state->routes[table]->len;
}

static void table_own(NetState *state, uint32_t table) {
    state->routes[table] = g_array_new(FALSE, FALSE, sizeof(Route));
    g_array_append_vals(state->routes[table], state->tables[table].routes, state->tables[table].route_count);
    table_follow(state, table);
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

static void acls_reset(NetState *state) {
    for (uint32_t a = 0; a < state->model->acl_count; a++) {
        const Acl *acl = &state->model->acls[a];
        for (uint32_t inbound = 0; inbound < 2; inbound++) {
            AclRules *list = &state->acls[2 * a + inbound];
            g_clear_pointer(&list->own, g_array_unref);
            list->rules = inbound ? acl->inbound : acl->outbound;
            list->count = inbound ? acl->inbound_count : acl->outbound_count;
        }
    }
}

static void tables_reset(NetState *state) {
    for (uint32_t t = 0; t < state->model->route_table_count; t++) {
        g_clear_pointer(&state->routes[t], g_array_unref);
        state->tables[t] = state->model->route_tables[t];
    }
}

void netstate_reset(NetState *state) {
    const Model *model = state->model;
    state->epoch = 1;
    memset(state->down, 0, model->place_count * sizeof *state->down);
    memset(state->dark, 0xff, model->place_count * sizeof *state->dark); /* NO_PLACE */
    memset(state->isolated, 0, model->component_count * sizeof *state->isolated);
    memset(state->units, 0, model->unit_count * sizeof *state->units);
    g_array_set_size(state->cuts, 0);
    lists_reset(state);
    acls_reset(state);
    netstate_nsgs_reset(state);
    tables_reset(state);
    netstate_workloads_reset(state);
}

NetState *netstate_new(const Model *model) {
    NetState *state = g_new0(NetState, 1);
    state->model = model;
    state->down = g_new(bool, model->place_count);
    state->dark = g_new(PlaceId, model->place_count);
    state->isolated = g_new(bool, model->component_count);
    state->units = g_new(uint8_t, model->unit_count);
    state->cuts = g_array_new(FALSE, FALSE, sizeof(Cut));
    state->lists = g_new0(RuleList, 2 * (gsize)model->group_count);
    state->acls = g_new0(AclRules, 2 * (gsize)model->acl_count);
    state->nsgs = g_new0(NsgList, 2 * (gsize)model->azure.group_count);
    state->tables = g_new0(RouteTable, model->route_table_count);
    state->routes = g_new0(GArray *, model->route_table_count);
    netstate_workloads_init(state);
    netstate_reset(state);
    return state;
}

/* Of ACLs and route tables. */
static void lists_copy(NetState *copy, const NetState *state) {
    netstate_nsgs_copy(copy, state);
    netstate_workloads_copy(copy, state);
    for (uint32_t i = 0; i < 2 * state->model->acl_count; i++) {
        if (state->acls[i].own == NULL)
            continue;
        copy->acls[i] = state->acls[i];
        acl_own(&copy->acls[i]);
    }
    for (uint32_t t = 0; t < state->model->route_table_count; t++) {
        if (state->routes[t] == NULL)
            continue;
        copy->tables[t] = state->tables[t];
        table_own(copy, t);
    }
}

NetState *netstate_copy(const NetState *state) {
    const Model *model = state->model;
    NetState *copy = netstate_new(model);
    copy->epoch = state->epoch;
    memcpy(copy->down, state->down, model->place_count * sizeof *copy->down);
    memcpy(copy->dark, state->dark, model->place_count * sizeof *copy->dark);
    memcpy(copy->isolated, state->isolated, model->component_count * sizeof *copy->isolated);
    memcpy(copy->units, state->units, model->unit_count * sizeof *copy->units);
    g_array_append_vals(copy->cuts, state->cuts->data, state->cuts->len);
    for (uint32_t i = 0; i < 2 * model->group_count; i++) {
        if (state->lists[i].own == NULL)
            continue;
        copy->lists[i] = (RuleList){.rules = state->lists[i].rules, .count = state->lists[i].count};
        list_own(&copy->lists[i]);
    }
    lists_copy(copy, state);
    return copy;
}

void netstate_free(NetState *state) {
    if (state == NULL)
        return;
    lists_reset(state);
    acls_reset(state);
    netstate_nsgs_reset(state);
    tables_reset(state);
    netstate_workloads_clear(state);
    g_free(state->acls);
    g_free(state->nsgs);
    g_free(state->tables);
    g_free(state->routes);
    g_array_free(state->cuts, TRUE);
    g_free(state->lists);
    g_free(state->isolated);
    g_free(state->units);
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

/* ---- ACLs and routes -----------------------------------------------------------------------------------------------
 */
static AclRules *acl_change(NetState *state, uint32_t acl, bool inbound) {
    BUG_IF(acl >= state->model->acl_count, "no such network ACL");
    AclRules *list = &state->acls[2 * acl + inbound];
    if (list->own == NULL)
        acl_own(list);
    return list;
}

void netstate_acl_add(NetState *state, uint32_t acl, bool inbound, const AclRule *rule) {
    AclRules *list = acl_change(state, acl, inbound);
    uint32_t at = list->count;
    while (at > 0 && list->rules[at - 1].number > rule->number)
        at--;
    g_array_insert_vals(list->own, at, rule, 1);
    acl_follow(list);
    state->epoch++;
}

bool netstate_acl_remove(NetState *state, uint32_t acl, bool inbound, const AclRule *rule) {
    AclRules *list = acl_change(state, acl, inbound);
    for (uint32_t i = 0; i < list->count; i++) {
        if (!acl_rule_equal(&list->rules[i], rule))
            continue;
        g_array_remove_index(list->own, i);
        acl_follow(list);
        state->epoch++;
        return true;
    }
    return false;
}

static GArray *table_change(NetState *state, uint32_t table) {
    BUG_IF(table >= state->model->route_table_count, "no such route table");
    if (state->routes[table] == NULL)
        table_own(state, table);
    return state->routes[table];
}

void netstate_route_add(NetState *state, uint32_t table, const Route *route) {
    g_array_append_vals(table_change(state, table), route, 1);
    table_follow(state, table);
    state->epoch++;
}

bool netstate_route_remove(NetState *state, uint32_t table, const Route *route) {
    GArray *routes = table_change(state, table);
    for (guint i = 0; i < routes->len; i++) {
        if (!route_equal(&g_array_index(routes, Route, i), route))
            continue;
        g_array_remove_index(routes, i);
        table_follow(state, table);
        state->epoch++;
        return true;
    }
    return false;
}

void netstate_change(NetState *state, const TimelineEvent *event, bool undo) {
    BUG_IF(event->kind != EVENT_CHANGE, "nothing that changes the model");
    uint32_t id = event->group;
    bool removes = event->removes != undo;
    switch (event->change) {
    case CHANGE_GROUP:
        if (removes)
            netstate_rule_remove(state, id, event->inbound, &event->rule);
        else
            netstate_rule_add(state, id, event->inbound, &event->rule);
        break;
    case CHANGE_ACL:
        if (removes)
            netstate_acl_remove(state, id, event->inbound, &event->acl_rule);
        else
            netstate_acl_add(state, id, event->inbound, &event->acl_rule);
        break;
    case CHANGE_NSG:
        if (removes)
            netstate_nsg_remove(state, id, event->inbound, event->nsg_rule.priority);
        else
            netstate_nsg_add(state, id, event->inbound, &event->nsg_rule);
        break;
    case CHANGE_ROUTE:
        if (removes)
            netstate_route_remove(state, id, &event->route);
        else
            netstate_route_add(state, id, &event->route);
        break;
    case CHANGE_WORKLOADS: netstate_workloads_change(state, &event->workloads, undo); break;
    }
}

void netstate_isolate(NetState *state, ComponentId component, bool isolated) {
    BUG_IF(component >= state->model->component_count, "no such component");
    if (state->isolated[component] == isolated)
        return;
    state->isolated[component] = isolated;
    state->epoch++;
}

/* ---- units of gateways ---------------------------------------------------------------------------------------------
 */
static void unit_mark(NetState *state, UnitId unit, uint8_t bit, bool on) {
    BUG_IF(unit >= state->model->unit_count, "no such unit");
    uint8_t marks = on ? state->units[unit] | bit : state->units[unit] & (uint8_t)~bit;
    if (marks == state->units[unit])
        return;
    state->units[unit] = marks;
    state->epoch++;
}

void netstate_unit_down(NetState *state, UnitId unit, bool down) { unit_mark(state, unit, UNIT_IS_DOWN, down); }

void netstate_unit_unnoticed(NetState *state, UnitId unit, bool unnoticed) {
    unit_mark(state, unit, UNIT_IS_UNNOTICED, unnoticed);
}
