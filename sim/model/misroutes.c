/* misroutes.c - a wrong route that gets into every table of a network: one change of routes for each table. */
#include <string.h>

#include "model/build.h"

/* {to, via} as if somebody had written it into the table. */
static Node *route_node(Build *build, const Node *entry, const WrongRoute *wrong) {
    const char *const keys[] = {"to", "via"}, *const values[] = {wrong->to, wrong->via};
    Node *node = tree_alloc(build->tree, sizeof *node);
    NodeEntry *entries = tree_alloc(build->tree, G_N_ELEMENTS(keys) * sizeof *entries);
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        const Node *written = node_get(entry, keys[i]);
        Node *value = tree_alloc(build->tree, sizeof *value);
        *value = (Node){.type = NODE_SCALAR,
                        .mark = written != NULL ? written->mark : entry->mark,
                        .text = tree_string(build->tree, values[i])};
        entries[i] = (NodeEntry){keys[i], value->mark, value};
    }
    *node = (Node){.type = NODE_MAP, .mark = entry->mark, .count = G_N_ELEMENTS(keys), .entries = entries};
    return node;
}

/* What is to just that prefix gives way while the wrong one is there; a network's own range cannot. */
static void old_leave(const RouteTable *table, TimelineEvent event, const char *text, GArray *events) {
    Prefix to = event.route.to;
    event.removes = true;
    event.text = text;
    for (uint32_t r = 0; r < table->route_count; r++) {
        event.route = table->routes[r];
        if (prefix_equal(&event.route.to, &to) && event.route.target != ROUTE_LOCAL && !event.route.from_list)
            g_array_append_val(events, event);
    }
}

static void table_lead_astray(Build *build, uint32_t index, const Node *node, TimelineEvent event, GArray *events) {
    const RouteTable *table = &build->model->route_tables[index];
    GArray *routes = g_array_new(FALSE, FALSE, sizeof(Route));
    event.group = index;
    route_read_into(build, table, node, routes);
    for (guint i = 0; i < routes->len; i++) {
        event.route = g_array_index(routes, Route, i);
        old_leave(table, event, keep(build, "%s, in the place of another in %s", event.text, table->name), events);
        TimelineEvent wrong = event;
        wrong.text = keep(build, "%s, in %s", event.text, table->name);
        g_array_append_val(events, wrong);
    }
    g_array_free(routes, TRUE);
}

static void complain_stack(Build *build, const Node *node) {
    GPtrArray *names = g_ptr_array_new();
    for (uint32_t i = 0; i < build->stack_count; i++)
        g_ptr_array_add(names, (char *)build->stacks[i].name);
    for (uint32_t i = 0; i < build->site_count; i++)
        g_ptr_array_add(names, (char *)build->sites[i].name);
    complain_name(build, node->mark, node->text, names, "stacks and sites",
                  "there is no stack or site '%s' to misroute", node->text);
}

void misroute_read(Build *build, const Node *entry, const Node *where, const EventKeys *keys, const WrongRoute *wrong,
                   GArray *events) {
    uint32_t *networks, count;
    if (scalar_of(build, where, "where the wrong route gets in") == NULL)
        return;
    count = networks_named(build, where->text, &networks);
    if (count == 0)
        complain_stack(build, where);
    const char *what = keep(build, "misroute %s: %s via %s", where->text, wrong->to, wrong->via);
    TimelineEvent event = {.kind = EVENT_CHANGE,
                           .change = CHANGE_ROUTE,
                           .at = keys->at,
                           .lasts = keys->lasts,
                           .mark = entry->mark,
                           .text = event_text(build, what, keys)};
    const Node *node = route_node(build, entry, wrong);
    for (uint32_t n = 0; n < count; n++)
        for (uint32_t t = 0; t < build->model->route_table_count; t++)
            if (build->model->route_tables[t].network == networks[n])
                table_lead_astray(build, t, node, event, events);
}
