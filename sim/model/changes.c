/* changes.c - what a timeline changes in the model: rules of security groups, entries of network ACLs, routes. */
#include <inttypes.h>
#include <string.h>

#include "model/build.h"

/* What all events of one entry share. */
typedef struct {
    const EventKeys *keys;
    TimelineEvent event;
    const char *name; /* of the group, ACL or table */
} Plan;

static void event_add(Build *build, const Plan *plan, const TimelineEvent *event, const char *what, GArray *events) {
    TimelineEvent whole = *event;
    whole.text = event_text(build, what, plan->keys);
    g_array_append_val(events, whole);
}

static const char *way_of(const Plan *plan) { return plan->event.inbound ? "inbound" : "outbound"; }

/* ---- rules of security groups --------------------------------------------------------------------------------------
 */
/* A list of peers is several rules, so several events at one instant. */
static void group_plan(Build *build, const Plan *plan, const Node *rule, GArray *events) {
    char *at = quantity_text(plan->keys->at.ns, UNIT_TIME);
    const char *where = keep(build, "security group %s %s rule added at %s", plan->name, way_of(plan), at);
    GArray *rules = g_array_new(FALSE, FALSE, sizeof(Rule));
    rule_read(build, plan->event.group, rule, plan->event.inbound, where, rules);
    for (guint i = 0; i < rules->len; i++) {
        TimelineEvent event = plan->event;
        event.rule = g_array_index(rules, Rule, i);
        char *text = rule_text(build->model, &event.rule, event.inbound);
        event_add(
            build, plan, &event,
            keep(build, "%s %s %s rule %s", event.removes ? "remove from" : "add to", plan->name, way_of(plan), text),
            events);
        g_free(text);
    }
    g_array_free(rules, TRUE);
    g_free(at);
}

/* ---- what is there -------------------------------------------------------------------------------------------------
 */
static bool changes_same(const TimelineEvent *event, const Plan *plan) {
    return event->kind == EVENT_CHANGE && event->change == plan->event.change && event->group == plan->event.group &&
           event->inbound == plan->event.inbound && event->at.ns <= plan->event.at.ns;
}

/* The entries of the ACL, one way, when the plan comes: as declared, and as earlier events leave them. */
static GArray *entries_there(const Build *build, const Plan *plan, const GArray *events) {
    const Acl *acl = &build->model->acls[plan->event.group];
    GArray *there = g_array_new(FALSE, FALSE, sizeof(AclRule));
    g_array_append_vals(there, plan->event.inbound ? acl->inbound : acl->outbound,
                        plan->event.inbound ? acl->inbound_count : acl->outbound_count);
    for (guint e = 0; e < events->len; e++) {
        const TimelineEvent *event = &g_array_index(events, TimelineEvent, e);
        if (!changes_same(event, plan))
            continue;
        if (!event->removes)
            g_array_append_val(there, event->acl_rule);
        for (guint i = 0; event->removes && i < there->len; i++)
            if (acl_rule_equal(&g_array_index(there, AclRule, i), &event->acl_rule))
                g_array_remove_index(there, i--);
    }
    return there;
}

static GArray *routes_there(const Build *build, const Plan *plan, const GArray *events) {
    const RouteTable *table = &build->model->route_tables[plan->event.group];
    GArray *there = g_array_new(FALSE, FALSE, sizeof(Route));
    g_array_append_vals(there, table->routes, table->route_count);
    for (guint e = 0; e < events->len; e++) {
        const TimelineEvent *event = &g_array_index(events, TimelineEvent, e);
        if (!changes_same(event, plan))
            continue;
        if (!event->removes)
            g_array_append_val(there, event->route);
        for (guint i = 0; event->removes && i < there->len; i++)
            if (route_equal(&g_array_index(there, Route, i), &event->route))
                g_array_remove_index(there, i--);
    }
    return there;
}

/* ---- entries of network ACLs ---------------------------------------------------------------------------------------
 */
/* `remove: {inbound: 100}`; both entries where one number was written for both families. */
static void acl_plan_remove(Build *build, const Plan *plan, const Node *node, GArray *events) {
    static const Field row = {.name = "rule", .type = FIELD_TYPE_COUNT, .least = "1", .most = "32766"};
    int64_t number = 0;
    bool found = false;
    if (!field_value(&row, node, build->tree, &number, build->diagnostics))
        return;
    GArray *there = entries_there(build, plan, events);
    for (guint i = 0; i < there->len; i++) {
        TimelineEvent event = plan->event;
        event.acl_rule = g_array_index(there, AclRule, i);
        if (event.acl_rule.number != number)
            continue;
        event_add(build, plan, &event,
                  keep(build, "remove from network ACL %s %s rule %" PRId64, plan->name, way_of(plan), number), events);
        found = true;
    }
    if (!found)
        complain(build, node->mark, "name a number that it has", "network ACL %s has no %s entry %" PRId64 " to remove",
                 plan->name, way_of(plan), number);
    g_array_free(there, TRUE);
}

static void acl_plan_add(Build *build, const Plan *plan, const Node *node, GArray *events) {
    const Acl *acl = &build->model->acls[plan->event.group];
    GArray *rules = g_array_new(FALSE, FALSE, sizeof(AclRule)), *there = entries_there(build, plan, events);
    acl_rule_read(build, acl, node, plan->event.inbound, keep(build, "network ACL %s", plan->name), rules);
    for (guint i = 0; i < rules->len; i++) {
        TimelineEvent event = plan->event;
        event.acl_rule = g_array_index(rules, AclRule, i);
        uint32_t number = event.acl_rule.number;
        for (guint k = 0; k < there->len; k++)
            if (g_array_index(there, AclRule, k).number == number)
                complain(build, node->mark, "remove that one first, or choose another number",
                         "network ACL %s has %s entry %" PRIu32 " already", plan->name, way_of(plan), number);
        char *text = acl_rule_text(&event.acl_rule, event.inbound);
        event_add(build, plan, &event, keep(build, "add to network ACL %s %s rule %s", plan->name, way_of(plan), text),
                  events);
        g_free(text);
    }
    g_array_free(there, TRUE);
    g_array_free(rules, TRUE);
}

/* ---- rules of network security groups ------------------------------------------------------------------------------
 */
/* The rule of that priority when the plan comes: as declared, or as earlier events leave it; NULL: none. */
static const NsgRule *nsg_rule_there(const Build *build, const Plan *plan, uint32_t priority, const GArray *events) {
    const NetworkSecurityGroup *group = &build->model->azure.groups[plan->event.group];
    const NsgRules *rules = plan->event.inbound ? &group->inbound : &group->outbound;
    const NsgRule *there = NULL;
    for (uint32_t i = 0; i < rules->count; i++)
        there = rules->rules[i].priority == priority ? &rules->rules[i] : there;
    for (guint e = 0; e < events->len; e++) {
        const TimelineEvent *before = &g_array_index(events, TimelineEvent, e);
        if (changes_same(before, plan) && before->nsg_rule.priority == priority)
            there = before->removes ? NULL : &before->nsg_rule;
    }
    return there;
}

/* `remove: {inbound: 300}`; what is added must have a priority of its own. */
static void nsg_plan(Build *build, const Plan *plan, const Node *node, GArray *events) {
    static const Field row = {.name = "priority", .type = FIELD_TYPE_COUNT, .least = "100", .most = "4096"};
    TimelineEvent event = plan->event;
    int64_t priority = 0;
    if (event.removes ? !field_value(&row, node, build->tree, &priority, build->diagnostics)
                      : !azure_rule_read(build, event.group, node, event.inbound, &event.nsg_rule))
        return;
    uint32_t number = event.removes ? (uint32_t)priority : event.nsg_rule.priority;
    const NsgRule *there = nsg_rule_there(build, plan, number, events);
    if ((there != NULL) != event.removes) {
        complain(build, node->mark, event.removes ? "name a priority that it has" : "choose another priority",
                 "network security group %s has %s %s rule %" PRIu32, plan->name, there != NULL ? "already an" : "no",
                 way_of(plan), number);
        return;
    }
    if (event.removes)
        event.nsg_rule = *there;
    char *text = nsg_rule_text(build->model, &event.nsg_rule);
    event_add(build, plan, &event,
              keep(build, "%s network security group %s %s rule %s", event.removes ? "remove from" : "add to",
                   plan->name, way_of(plan), text),
              events);
    g_free(text);
}

/* ---- routes --------------------------------------------------------------------------------------------------------
 */
/* The written routes that are there to one of the ranges that `to` means are taken away; how many. */
static uint32_t routes_leave(Build *build, const Plan *plan, const Node *to, GArray *events) {
    Prefix *ranges;
    uint32_t count = route_ranges(build, &build->model->route_tables[plan->event.group], to, &ranges), found = 0;
    bool list = strpbrk(to->text, "/:.") == NULL && strcmp(to->text, "internet") != 0;
    GArray *there = routes_there(build, plan, events);
    for (guint r = 0; r < there->len; r++) {
        TimelineEvent event = plan->event;
        event.removes = true;
        event.route = g_array_index(there, Route, r);
        bool meant = false;
        for (uint32_t i = 0; i < count; i++)
            meant = meant || prefix_equal(&event.route.to, &ranges[i]);
        if (!meant || event.route.target == ROUTE_LOCAL || event.route.system || event.route.propagated ||
            event.route.from_list != list)
            continue;
        event_add(build, plan, &event, keep(build, "remove from route table %s the route to %s", plan->name, to->text),
                  events);
        found++;
    }
    if (count > 0 && found == 0)
        complain(build, to->mark, "name what one of its own routes leads to", "route table %s has no route to %s",
                 plan->name, to->text);
    g_array_free(there, TRUE);
    return found;
}

static void routes_come(Build *build, const Plan *plan, const Node *node, GArray *events) {
    const RouteTable *table = &build->model->route_tables[plan->event.group];
    GArray *routes = g_array_new(FALSE, FALSE, sizeof(Route));
    route_read_into(build, table, node, routes);
    for (guint i = 0; i < routes->len; i++) {
        TimelineEvent event = plan->event;
        event.removes = false;
        event.route = g_array_index(routes, Route, i);
        event_add(build, plan, &event,
                  keep(build, "add to route table %s: %s via %s", plan->name, node_get(node, "to")->text,
                       node_get(node, "via")->text),
                  events);
    }
    g_array_free(routes, TRUE);
}

/* What is replaced is taken away and the other put there, at one instant. */
static void table_plan(Build *build, const Plan *plan, const ChangeKeys *change, GArray *events) {
    const Node *node = change->add != NULL ? change->add : change->remove != NULL ? change->remove : change->replace;
    const Node *to = node_get(node, "to"), *via = node_get(node, "via");
    if (to == NULL || to->type != NODE_SCALAR || (via == NULL) != (change->remove != NULL)) {
        complain(build, node->mark, change->remove != NULL ? "write {to: internet}" : "write {to: internet, via: nat}",
                 change->remove != NULL ? "a route is taken away by what it leads to" : "a route says to: and via:");
        return;
    }
    if (change->add == NULL && routes_leave(build, plan, to, events) == 0)
        return;
    if (change->remove == NULL)
        routes_come(build, plan, node, events);
}

/* ---- an entry ------------------------------------------------------------------------------------------------------
 */
/* Ids of the ACLs or tables that a name means. */
static GArray *indices_named(Build *build, const ChangeKeys *change, const Node *node) {
    const Model *model = build->model;
    bool acl = change->acl != NULL, nsg = change->network_security_group != NULL;
    const char *text = nsg ? change->network_security_group : acl ? change->acl : change->route_table;
    const char *key = nsg ? "network_security_group" : acl ? "acl" : "route_table";
    const char *what = nsg ? "network security group" : acl ? "network ACL" : "route table";
    uint32_t count = nsg ? model->azure.group_count : acl ? model->acl_count : model->route_table_count;
    GArray *found = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GPtrArray *names = g_ptr_array_new();
    for (uint32_t i = 0; i < count; i++) {
        const char *name = nsg ? model->azure.groups[i].name : acl ? model->acls[i].name : model->route_tables[i].name;
        g_ptr_array_add(names, (char *)name);
        if (name_means(text, name))
            g_array_append_val(found, i);
    }
    if (found->len == 0)
        complain_name(build, node_get(node, key)->mark, text, names, keep(build, "%ss", what), "there is no %s '%s'",
                      what, text);
    else
        g_ptr_array_free(names, TRUE);
    return found;
}

/* {inbound: ...} or {outbound: ...}: which, and what stands there; NULL after a complaint. */
static const Node *direction_read(Build *build, const Node *what, const char *mend, bool *inbound) {
    const Node *in = node_get(what, "inbound"), *out = node_get(what, "outbound");
    if (what->type != NODE_MAP || what->count != 1 || (in == NULL && out == NULL)) {
        complain(build, what->mark, mend, "say inbound or outbound, and the rule");
        return NULL;
    }
    *inbound = in != NULL;
    return in != NULL ? in : out;
}

static void filters_plan(Build *build, Plan *plan, const ChangeKeys *change, const Node *node, GArray *events) {
    const Node *what = change->add != NULL ? change->add : change->remove;
    bool nsg = change->network_security_group != NULL;
    const char *mend = nsg && change->add    ? "write {inbound: {priority: 200, deny: any, from: Internet}}"
                       : nsg                 ? "write {inbound: 300}"
                       : change->acl == NULL ? "write {inbound: {from: web, port: 5432}}"
                       : change->add != NULL ? "write {inbound: {rule: 90, deny: any, from: 10.0.0.0/8}}"
                                             : "write {inbound: 90}";
    if (what == NULL) {
        complain(build, node->mark, "write remove: and add: in two entries", "only routes can be replaced");
        return;
    }
    const Node *rule = direction_read(build, what, mend, &plan->event.inbound);
    if (rule == NULL)
        return;
    plan->event.removes = change->remove != NULL;
    if (nsg)
        nsg_plan(build, plan, rule, events);
    else if (change->acl == NULL)
        group_plan(build, plan, rule, events);
    else if (plan->event.removes)
        acl_plan_remove(build, plan, rule, events);
    else
        acl_plan_add(build, plan, rule, events);
}

/* What the entry changes: its ids and which table they are of. */
static GArray *subjects_read(Build *build, const ChangeKeys *change, const Node *node, ChangeKind *kind) {
    *kind = change->acl != NULL                      ? CHANGE_ACL
            : change->route_table != NULL            ? CHANGE_ROUTE
            : change->network_security_group != NULL ? CHANGE_NSG
                                                     : CHANGE_GROUP;
    if (*kind != CHANGE_GROUP)
        return indices_named(build, change, node);
    GArray *found = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t *groups, count = groups_find(build, (Scope){NULL, NULL}, change->security_group,
                                          node_get(node, "security_group")->mark, &groups);
    g_array_append_vals(found, groups, count);
    return found;
}

/* A name that means several copies changes each. */
void change_read(Build *build, const Node *entry, const EventKeys *keys, GArray *events) {
    ChangeKeys change = {0};
    const Node *node = node_get(entry, "change");
    if (!read_quietly(build, change_keys, node, "change", &change))
        return;
    if (workloads_change_read(build, node, &change, keys, entry->mark, events))
        return;
    if ((change.security_group != NULL) + (change.network_security_group != NULL) + (change.acl != NULL) +
            (change.route_table != NULL) !=
        1) {
        complain(build, node->mark, "add security_group: site.web, acl: site.app, or route_table: site.app",
                 "a change says what it changes, one thing at a time");
        return;
    }
    if ((change.add != NULL) + (change.remove != NULL) + (change.replace != NULL) != 1) {
        complain(build, node->mark,
                 "add: {inbound: {from: web, port: 5432}}, or remove:", "a change adds or removes one rule");
        return;
    }
    Plan plan = {.keys = keys,
                 .event = {.kind = EVENT_CHANGE, .at = keys->at, .lasts = keys->lasts, .mark = entry->mark}};
    GArray *subjects = subjects_read(build, &change, node, &plan.event.change);
    for (guint i = 0; i < subjects->len; i++) {
        plan.event.group = g_array_index(subjects, uint32_t, i);
        plan.name = plan.event.change == CHANGE_GROUP ? build->groups[plan.event.group].group.name
                    : plan.event.change == CHANGE_ACL ? build->model->acls[plan.event.group].name
                    : plan.event.change == CHANGE_NSG ? build->model->azure.groups[plan.event.group].name
                                                      : build->model->route_tables[plan.event.group].name;
        if (plan.event.change == CHANGE_ROUTE)
            table_plan(build, &plan, &change, events);
        else
            filters_plan(build, &plan, &change, node, events);
    }
    g_array_free(subjects, TRUE);
}

/* ---- rules that are removed must be there --------------------------------------------------------------------------
 */
/* Removing what is not there is a mistake; what an earlier entry adds is there. */
static bool rule_exists(const Model *model, uint32_t e) {
    TimelineEvent *event = &model->timeline[e];
    const SecurityGroup *group = &model->groups[event->group];
    const Rule *rules = event->inbound ? group->inbound : group->outbound;
    for (uint32_t i = 0; i < (event->inbound ? group->inbound_count : group->outbound_count); i++) {
        if (rule_equal(&rules[i], &event->rule)) {
            event->rule.element = rules[i].element;
            return true;
        }
    }
    for (uint32_t i = 0; i < e; i++) {
        const TimelineEvent *before = &model->timeline[i];
        if (before->kind == EVENT_CHANGE && before->change == CHANGE_GROUP && !before->removes &&
            before->group == event->group && before->inbound == event->inbound &&
            rule_equal(&before->rule, &event->rule))
            return true;
    }
    return false;
}

/* Shows what could have been removed. */
static void complain_rule(Build *build, const TimelineEvent *event) {
    const SecurityGroup *group = &build->model->groups[event->group];
    const Rule *rules = event->inbound ? group->inbound : group->outbound;
    uint32_t count = event->inbound ? group->inbound_count : group->outbound_count;
    GString *mend = g_string_new(count > 0 ? "it has: " : "it has none");
    for (uint32_t i = 0; i < count; i++) {
        char *text = rule_text(build->model, &rules[i], event->inbound);
        g_string_append_printf(mend, "%s%s", i > 0 ? "; " : "", text);
        g_free(text);
    }
    char *text = rule_text(build->model, &event->rule, event->inbound);
    complain(build, event->rule.mark, mend->str, "security group %s has no %s rule %s to remove", group->name,
             event->inbound ? "inbound" : "outbound", text);
    g_free(text);
    g_string_free(mend, TRUE);
}

void change_check(Build *build, uint32_t e) {
    const TimelineEvent *event = &build->model->timeline[e];
    if (event->change == CHANGE_GROUP && event->removes && !rule_exists(build->model, e))
        complain_rule(build, event);
}

bool route_equal(const Route *a, const Route *b) {
    return prefix_equal(&a->to, &b->to) && a->target == b->target && a->via == b->via && a->propagated == b->propagated;
}
