/* test_azure.c - Azure's effective routes against the example of its manual; defaults that decide verdicts. */
#include <glib.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "reach/azure.h"
#include "tests/unit/reach/opened.h"

static const RouteTable *table_named(const Model *model, const char *name) {
    for (uint32_t i = 0; i < model->route_table_count; i++)
        if (strcmp(model->route_tables[i].name, name) == 0)
            return &model->route_tables[i];
    g_assert_not_reached();
}

/* One line an entry, as the portal lists them: "Active User 10.0.0.0/24". */
static char *effective(const Opened *sheet, const RouteTable *table) {
    GString *text = g_string_new(NULL);
    for (uint32_t i = 0; i < table->route_count; i++) {
        const Route *route = &table->routes[i];
        static const char *const targets[] = {
            [ROUTE_LOCAL] = "network",       [ROUTE_INTERNET_GATEWAY] = "internet", [ROUTE_BLACKHOLE] = "none",
            [ROUTE_INTERFACE] = "appliance", [ROUTE_PRIVATE_GATEWAY] = "gateway",   [ROUTE_JOIN] = "peering"};
        char *to = prefix_text(&route->to);
        bool active = azure_route_is_active(sheet->reach, sheet->state, table, route);
        g_string_append_printf(text, "%s %s %s %s\n", active ? "Active" : "Invalid",
                               route->propagated ? "Gateway"
                               : route->system   ? "Default"
                                                 : "User",
                               to, targets[route->target]);
        g_free(to);
    }
    return g_string_free(text, FALSE);
}

/* Rows 1 to 12 of Subnet1 but the tenth, which is no prefix here (service endpoints are asked before all routes), and
 * the rows of Subnet2; ours also have 172.16.0.0/12, which the manual's list of defaults has and its example leaves
 * out. */
static void test_manual_example(void) {
    Opened sheet;
    opened_file(&sheet, "tests/verdicts/cases/azure-effective-routes.yaml");
    char *first = effective(&sheet, table_named(sheet.model, "site[westeurope].first"));
    char *second = effective(&sheet, table_named(sheet.model, "site[westeurope].second"));
    g_assert_cmpstr(first, ==,
                    "Active User 10.0.0.0/24 network\n"
                    "Invalid Default 10.0.0.0/16 network\n"
                    "Active User 10.0.0.0/16 appliance\n"
                    "Active User 10.1.0.0/16 none\n"
                    "Invalid Default 10.1.0.0/16 peering\n"
                    "Active User 10.2.0.0/16 none\n"
                    "Invalid Default 10.2.0.0/16 peering\n"
                    "Active User 10.10.0.0/16 appliance\n"
                    "Invalid Gateway 10.10.0.0/16 gateway\n"
                    "Active User 0.0.0.0/0 appliance\n"
                    "Invalid Default 0.0.0.0/0 internet\n");
    g_assert_cmpstr(second, ==,
                    "Active User 10.0.0.0/24 appliance\n"
                    "Active Default 10.0.0.0/16 network\n"
                    "Active Default 10.1.0.0/16 peering\n"
                    "Active Default 10.2.0.0/16 peering\n"
                    "Active Gateway 10.10.0.0/16 gateway\n"
                    "Active Default 192.168.0.0/16 none\n"
                    "Active Default 172.16.0.0/12 none\n"
                    "Active Default 100.64.0.0/10 none\n"
                    "Active Default 10.0.0.0/8 none\n"
                    "Active Default 0.0.0.0/0 internet\n");
    g_free(first);
    g_free(second);
    opened_close(&sheet);
}

/* Who teaches the network's own range, or a peer's, teaches in vain. */
static void test_learnt_own(void) {
    Opened sheet;
    opened_file(&sheet, "tests/verdicts/cases/exact-azure-learnt-own.yaml");
    char *text = effective(&sheet, table_named(sheet.model, "site[westeurope].one"));
    g_assert_nonnull(strstr(text, "Active Default 10.0.0.0/16 network\n"));
    g_assert_nonnull(strstr(text, "Invalid Gateway 10.0.0.0/16 gateway\n"));
    g_assert_nonnull(strstr(text, "Active Default 10.1.0.0/16 peering\n"));
    g_assert_nonnull(strstr(text, "Invalid Gateway 10.1.0.0/16 gateway\n"));
    g_assert_nonnull(strstr(text, "Active Gateway 192.168.0.0/16 gateway\n"));
    g_free(text);
    opened_close(&sheet);
}

/* What a gateway has learnt goes with its lines, and the provider's own entry of that prefix comes back. */
static void test_withdrawn(void) {
    Opened sheet;
    opened_file(&sheet, "tests/verdicts/cases/azure-effective-routes.yaml");
    const RouteTable *table = table_named(sheet.model, "site[westeurope].second");
    Prefix there;
    char *why = NULL;
    g_assert_true(prefix_parse("10.10.7.7", &there, &why));
    const Route *route = azure_route_find(sheet.reach, sheet.state, table, &there);
    g_assert_true(route->propagated);
    ComponentId *gateway;
    g_assert_cmpuint(model_find(sheet.model, "gateway", &gateway), ==, 1);
    const Component *line = &sheet.model->components[*gateway];
    for (uint32_t i = 0; i < line->unit_count; i++)
        netstate_unit_down(sheet.state, line->first_unit + i, true);
    route = azure_route_find(sheet.reach, sheet.state, table, &there);
    g_assert_cmpint(route->target, ==, ROUTE_BLACKHOLE);
    g_assert_cmpuint(route->to.length, ==, 8);
    g_free(gateway);
    opened_close(&sheet);
}

static char *balancer_says(const char *path, const char *key) {
    Opened sheet;
    opened_file(&sheet, path);
    ComponentId *balancer;
    g_assert_cmpuint(model_find(sheet.model, "site.lb", &balancer), >, 0);
    const Component *component = &sheet.model->components[*balancer];
    char *text = fields_text(component->kind->fields, component->spec, key);
    g_free(balancer);
    opened_close(&sheet);
    return text;
}

/* Case B-42: all targets fail their checks. */
static void test_balancers(void) {
    static const struct {
        const char *path, *key, *value;
    } rows[] = {{"patterns/azure-public.yaml", "when_all_fail", "closed"},
                {"patterns/azure-public.yaml", "keeps_client_address", "yes"},
                {"patterns/single-region-web.yaml", "when_all_fail", "open"},
                {"patterns/single-region-web.yaml", "keeps_client_address", "no"}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *text = balancer_says(rows[i].path, rows[i].key);
        g_assert_cmpstr(text, ==, rows[i].value);
        g_free(text);
    }
}

/* Rules in the order in which they are asked, with the provider's own behind the user's. */
static void test_rules(void) {
    Opened sheet;
    opened_file(&sheet, "tests/verdicts/cases/azure-priorities.yaml");
    const NetworkSecurityGroup *group = &sheet.model->azure.groups[0];
    static const char *const texts[] = {"200 deny tcp/9000 from any",
                                        "300 allow tcp/8080-9000 from site[westeurope].web",
                                        "400 deny any from VirtualNetwork",
                                        "65000 allow any from VirtualNetwork to VirtualNetwork",
                                        "65001 allow any from AzureLoadBalancer",
                                        "65500 deny any from any"};
    g_assert_cmpuint(group->inbound.count, ==, G_N_ELEMENTS(texts));
    for (uint32_t i = 0; i < group->inbound.count; i++) {
        char *text = nsg_rule_text(sheet.model, &group->inbound.rules[i]);
        g_assert_cmpstr(text, ==, texts[i]);
        g_free(text);
    }
    opened_close(&sheet);
}

/* Behind the balancer the machine sees the client that the question names. */
static void test_on_behalf(void) {
    Opened sheet;
    opened_file(&sheet, "patterns/azure-public.yaml");
    const EndpointClass *classes;
    uint32_t count = reach_classes(sheet.reach, &classes);
    Query query = {.protocol = PROTOCOL_TCP, .port = 443};
    ClassId office = CLASS_INTERNET;
    for (ClassId i = 0; i < count; i++) {
        const char *label = sheet.model->components[classes[i].component].label;
        query.from = strcmp(label, "lb") == 0 ? i : query.from;
        query.to = strcmp(label, "web") == 0 ? i : query.to;
        office = strcmp(label, "administrators") == 0 ? i : office;
    }
    g_assert_cmpint(reach_verdict(sheet.reach, sheet.state, query).kind, ==, VERDICT_REACH);
    query.on_behalf = 1 + office;
    g_assert_cmpint(reach_verdict(sheet.reach, sheet.state, query).kind, ==, VERDICT_REACH);
    query.on_behalf = 1 + query.to; /* a neighbour comes by the public address, too */
    g_assert_cmpstr(reach_verdict(sheet.reach, sheet.state, query).code, ==, "");
    opened_close(&sheet);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/azure/effective-routes", test_manual_example);
    g_test_add_func("/azure/withdrawn", test_withdrawn);
    g_test_add_func("/azure/learnt-own", test_learnt_own);
    g_test_add_func("/azure/balancers", test_balancers);
    g_test_add_func("/azure/rules", test_rules);
    g_test_add_func("/azure/on-behalf", test_on_behalf);
    return g_test_run();
}
