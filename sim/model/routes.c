/* routes.c - one route table for each subnet of a copy, shared by its zones: the local route, and what the user adds.
 */
#include <string.h>

#include "model/build.h"

static int compare_routes(gconstpointer a, gconstpointer b) {
    const Route *x = a, *y = b;
    if (x->to.length != y->to.length)
        return x->to.length > y->to.length ? -1 : 1;
    return x->to.base < y->to.base ? -1 : x->to.base > y->to.base;
}

/* Gateways of further kinds are words here and targets in model.h. */
static bool route_target(Build *build, const Node *node, const RouteKeys *keys, RouteTarget *target) {
    static const char *const words[] = {"internet_gateway", "blackhole", NULL};
    static const RouteTarget targets[] = {ROUTE_INTERNET_GATEWAY, ROUTE_BLACKHOLE};
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcmp(keys->via, words[i]) == 0) {
            *target = targets[i];
            return true;
        }
    }
    const char *near = suggest_nearest(keys->via, words);
    complain(build, node_get(node, "via")->mark,
             near != NULL ? keep(build, "did you mean '%s'?", near) : "via: internet_gateway, or via: blackhole",
             "a route cannot lead to '%s'", keys->via);
    return false;
}

/* A route to the internet gateway is what makes the network have one. */
static void route_read(Build *build, const char *table, const Node *node, Network *network, GArray *routes) {
    RouteKeys keys = {0};
    Route route = {.mark = node->mark};
    if (!read_quietly(build, route_keys, node, keep(build, "a route of %s", table), &keys) ||
        !route_target(build, node, &keys, &route.target))
        return;
    if (strcmp(keys.to, "internet") == 0)
        route.to = (Prefix){.family = network->cidr.family == 6 ? 6 : 4};
    else
        route.to = range_of(build, node_get(node, "to"), "to");
    for (guint i = 0; i < routes->len; i++) {
        if (prefix_equal(&g_array_index(routes, Route, i).to, &route.to))
            complain(build, node->mark, "keep one of them", "the table already has a route to %s", keys.to);
    }
    network->internet_gateway = network->internet_gateway || route.target == ROUTE_INTERNET_GATEWAY;
    route.element = element_add(build, node->mark, "route table %s: %s via %s", table, keys.to, keys.via);
    g_array_append_val(routes, route);
}

/* The table itself is an element, too: it decides when no route matches. */
static RouteTable table_build(Build *build, const Stack *stack, const Copy *copy, uint32_t s) {
    const Subnet *subnet = &stack->subnets[s];
    Network *network = &build->model->networks[copy->network];
    RouteTable table = {
        .name = keep(build, "%s.%s", network->name, subnet->name), .network = copy->network, .mark = subnet->mark};
    table.element = element_add(build, subnet->mark, "route table %s: no route matches", table.name);
    GArray *routes = g_array_new(FALSE, FALSE, sizeof(Route));
    char *range = prefix_text(&network->cidr);
    Route local = {.to = network->cidr,
                   .target = ROUTE_LOCAL,
                   .mark = subnet->mark,
                   .element = element_add(build, subnet->mark, "route table %s: %s local", table.name, range)};
    g_free(range);
    g_array_append_val(routes, local);
    uint32_t count;
    const Node *const *items =
        list_of(build, subnet->keys.routes, "routes", "write [{to: internet, via: internet_gateway}]", &count);
    for (uint32_t i = 0; i < count; i++)
        route_read(build, table.name, items[i], network, routes);
    g_array_sort(routes, compare_routes);
    table.routes = keep_array(build, routes, &table.route_count);
    return table;
}

static int compare_tables(gconstpointer a, gconstpointer b) {
    return strcmp(((const RouteTable *)a)->name, ((const RouteTable *)b)->name);
}

static void tables_of_stack(Build *build, const Stack *stack, GArray *tables) {
    for (uint32_t c = 0; c < stack->copy_count; c++) {
        for (uint32_t s = 0; stack->copies[c].network != NO_INDEX && s < stack->subnet_count; s++) {
            RouteTable table = table_build(build, stack, &stack->copies[c], s);
            g_array_append_val(tables, table);
        }
    }
}

/* "site[us-east-1].app.a" is where "site[us-east-1].app" is laid out: names have no dots of their own. */
static bool is_laid_out(const Place *place, const RouteTable *table) {
    size_t length = strlen(table->name);
    return place->level == PLACE_SUBNET && strncmp(place->name, table->name, length) == 0 &&
           (place->name[length] == '\0' || place->name[length] == '.');
}

void routes_build(Build *build) {
    Model *model = build->model;
    GArray *tables = g_array_new(FALSE, FALSE, sizeof(RouteTable));
    for (uint32_t i = 0; i < build->stack_count; i++)
        tables_of_stack(build, &build->stacks[i], tables);
    g_array_sort(tables, compare_tables);
    model->route_tables = keep_array(build, tables, &model->route_table_count);
    for (uint32_t t = 0; t < model->route_table_count; t++) {
        for (PlaceId p = 0; p < model->place_count; p++) {
            if (is_laid_out(&model->places[p], &model->route_tables[t]))
                model->places[p].route_table = t;
        }
    }
}
