/* show_ways.c - how packets get about: route tables, sites and connections, for `faultline show`. */
#include <inttypes.h>
#include <string.h>

#include "commands/print.h"
#include "commands/show.h"

char *show_without_copy(const char *text, const char *copy) {
    char *bracketed = g_strdup_printf("[%s]", copy);
    char **parts = g_strsplit(text, bracketed, -1);
    char *plain = g_strjoinv("", parts);
    g_strfreev(parts);
    g_free(bracketed);
    return plain;
}

bool show_network_speaks(const Model *model, uint32_t network) {
    for (uint32_t i = 0; i < network; i++)
        if (strcmp(model->networks[i].stack, model->networks[network].stack) == 0)
            return false;
    return true;
}

/* ---- routes --------------------------------------------------------------------------------------------------------
 */
static const char *via_text(const Model *model, const Route *route) {
    switch (route->target) {
    case ROUTE_LOCAL: return "";
    case ROUTE_INTERNET_GATEWAY: return "internet gateway";
    case ROUTE_EGRESS_ONLY: return "egress-only gateway";
    case ROUTE_BLACKHOLE: return "nowhere (blackhole)";
    case ROUTE_PRIVATE_GATEWAY: return "private gateway";
    case ROUTE_INTERFACE: return model->components[route->via].label;
    case ROUTE_ENDPOINT: return model->components[model->endpoints[route->via].component].label;
    case ROUTE_JOIN: return model->components[model->joins[route->via].component].label;
    }
    return "";
}

static char *to_text(const Model *model, const Route *route) {
    if (route->target == ROUTE_ENDPOINT)
        return g_strdup(model->endpoints[route->via].facts.service);
    if (route->to.length == 0)
        return g_strdup(route->to.family == 6 ? "internet (IPv6)" : "internet");
    return prefix_text(&route->to);
}

static void route_append(GString *text, const Model *model, const Route *route) {
    char *to = to_text(model, route);
    g_string_append(text, text->len > 0 ? "; " : "");
    if (route->target == ROUTE_LOCAL)
        g_string_append(text, "its network");
    else
        g_string_append_printf(text, "%s via %s%s", to, via_text(model, route),
                               route->propagated ? " (learnt)"
                               : route->system   ? " (the provider's)"
                                                 : "");
    g_free(to);
}

static void routes(GString *out, const Model *model, int width) {
    static const int starts[] = {2, 21};
    if (model->route_table_count > 0)
        print_heading(out, "ROUTES");
    for (uint32_t i = 0; i < model->route_table_count; i++) {
        const RouteTable *table = &model->route_tables[i];
        if (!show_network_speaks(model, table->network))
            continue;
        GString *text = g_string_new(NULL);
        for (uint32_t r = 0; r < table->route_count; r++)
            if (table->routes[r].target != ROUTE_LOCAL || table->routes[r].to.family == 4)
                route_append(text, model, &table->routes[r]);
        char *name = show_without_copy(table->name, model->networks[table->network].copy);
        const char *cells[] = {name, text->str};
        print_row(out, cells, starts, 2, width);
        g_free(name);
        g_string_free(text, TRUE);
    }
}

/* ---- sites ---------------------------------------------------------------------------------------------------------
 */
static void rules_append(GString *text, const Model *model, const Rule *rules, uint32_t count, bool inbound) {
    g_string_append_printf(text, "%slets %s", text->len > 0 ? "; " : "", inbound ? "in" : "out");
    for (uint32_t i = 0; i < count; i++) {
        char *rule = rule_text(model, &rules[i], inbound);
        g_string_append_printf(text, "%s %s", i > 0 ? "," : "", rule);
        g_free(rule);
    }
    if (count == 0)
        g_string_append(text, " nothing");
}

static void sites(GString *out, const Model *model, int width) {
    static const int starts[] = {2, 21, 40};
    if (model->site_count > 0)
        print_heading(out, "SITES");
    for (uint32_t i = 0; i < model->site_count; i++) {
        const Site *site = &model->sites[i];
        GString *text = g_string_new(site->internet ? "own way to the internet" : NULL);
        if (site->filters_inbound)
            rules_append(text, model, site->inbound, site->inbound_count, true);
        if (site->filters_outbound)
            rules_append(text, model, site->outbound, site->outbound_count, false);
        char *range = prefix_text(&model->networks[site->network].cidr);
        const char *cells[] = {site->name, range, text->str};
        print_row(out, cells, starts, 3, width);
        g_free(range);
        g_string_free(text, TRUE);
    }
}

/* ---- connections ---------------------------------------------------------------------------------------------------
 */
static const char *end_text(const Model *model, uint32_t network, uint32_t hub) {
    if (network != NO_JOIN)
        return model->networks[network].name;
    return hub != NO_JOIN ? model->components[model->joins[hub].component].name : "";
}

static void attachments_append(GString *text, const Model *model, const Join *hub) {
    for (uint32_t a = 0; a < hub->attachment_count; a++) {
        const HubAttachment *attachment = &hub->attachments[a];
        const char *name = attachment->network != NO_JOIN
                               ? model->networks[attachment->network].name
                               : model->components[model->joins[attachment->line].component].name;
        const char *table = attachment->table != NO_JOIN ? strrchr(hub->tables[attachment->table].name, '.') + 1 : NULL;
        g_string_append_printf(text, "%s%s", a > 0 ? ", " : "", name);
        if (table != NULL && hub->table_count > 1)
            g_string_append_printf(text, " (asks %s)", table);
        else if (table == NULL)
            g_string_append(text, " (asks no table)");
    }
}

static void hub_tables(GString *out, const Model *model, const Join *hub, int width) {
    static const int starts[] = {4, 21};
    for (uint32_t t = 0; t < hub->table_count; t++) {
        const HubTable *table = &hub->tables[t];
        GString *text = g_string_new(NULL);
        for (uint32_t r = 0; r < table->route_count; r++) {
            const HubRoute *route = &table->routes[r];
            const HubAttachment *to = route->attachment != NO_JOIN ? &hub->attachments[route->attachment] : NULL;
            char *range = route->to.length == 0 ? g_strdup("internet") : prefix_text(&route->to);
            const char *via = to == NULL               ? "nowhere (blackhole)"
                              : to->network != NO_JOIN ? model->networks[to->network].name
                                                       : model->components[model->joins[to->line].component].name;
            g_string_append_printf(text, "%s%s via %s", r > 0 ? "; " : "", range, via);
            g_free(range);
        }
        const char *cells[] = {strrchr(table->name, '.') + 1, text->str};
        print_row(out, cells, starts, 2, width);
        g_string_free(text, TRUE);
    }
}

/* "site.web, hq.erp (carried by site.relay)" */
static void members_append(GString *text, const Model *model, const Join *join) {
    for (uint32_t i = 0; i < join->member_count; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", model->components[join->members[i]].name);
    for (uint32_t i = 0; i < join->node_count; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "; carried by ", model->components[join->nodes[i]].name);
}

static void connections(GString *out, const Model *model, int width) {
    static const int starts[] = {2, 21, 40};
    if (model->join_count > 0)
        print_heading(out, "CONNECTIONS");
    for (uint32_t i = 0; i < model->join_count; i++) {
        const Join *join = &model->joins[i];
        const Component *component = &model->components[join->component];
        GString *text = g_string_new(NULL);
        if (join->shape == JOIN_HUB)
            attachments_append(text, model, join);
        else if (join->shape == JOIN_OVERLAY)
            members_append(text, model, join);
        else
            g_string_printf(text, "%s - %s", end_text(model, join->a, join->hub_a),
                            end_text(model, join->b, join->hub_b));
        const char *cells[] = {component->name, component->kind->name, text->str};
        print_row(out, cells, starts, 3, width);
        g_string_free(text, TRUE);
        if (join->shape == JOIN_HUB)
            hub_tables(out, model, join, width);
    }
}

void show_ways(GString *out, const Model *model, int width) {
    routes(out, model, width);
    sites(out, model, width);
    connections(out, model, width);
}
