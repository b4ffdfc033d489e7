/* test_overlay.c - overlays: which node carries, what becomes of it when nodes die or their filters change, and what
 * the machines' own firewalls still say. */
#include <stdio.h>
#include <string.h>

#include "catalogue/catalogue.h"
#include "reach/reach.h"
#include "tests/unit/reach/opened.h"

static const char pattern[] =
    "pattern: estate\nprovider: aws\n"
    "connections: {bridge: {kind: overlay, nodes: [site.relay, far.gate], members: [site.web, far.api]}}\n"
    "stacks:\n"
    "  site:\n"
    "    copies: [us-east-1]\n"
    "    zones: [a, b]\n"
    "    subnets: {public: {routes: [{to: internet, via: internet_gateway}]}, app: }\n"
    "    components:\n"
    "      relay: {kind: instances, subnet: public, public: yes, count: {min: 2, start: 2, max: 2}}\n"
    "      web: {kind: instances, subnet: app, listens: 80, count: {min: 2, start: 2, max: 2}}\n"
    "      other: {kind: instances, subnet: app, listens: 80}\n"
    "    security_groups:\n"
    "      relay: {inbound: [{from: internet, port: udp/51820}]}\n"
    "  far:\n"
    "    copies: [us-east-1]\n"
    "    zones: [a]\n"
    "    subnets: {all: {routes: [{to: internet, via: internet_gateway}]}}\n"
    "    components:\n"
    "      gate: {kind: instances, subnet: all, public: yes, count: {min: 1, start: 1, max: 1}}\n"
    "      api: {kind: instances, subnet: all, public: yes, listens: 443, host_firewall: [site.web 443]}\n"
    "    security_groups: {gate: {inbound: [{from: api, port: udp/51820}]}, api: {inbound: []}}\n";

/* The class of its unit of that number. */
static ClassId class_of(const Opened *estate, const char *name, uint32_t unit) {
    return reach_class_of_unit(estate->reach,
                               estate->model->components[opened_component(estate, name)].first_unit + unit);
}

static Query to_api(const Opened *estate, uint32_t web) {
    return (Query){.from = class_of(estate, "site.web", web),
                   .to = class_of(estate, "far.api", 0),
                   .protocol = PROTOCOL_TCP,
                   .port = 443};
}

static void assert_code(const Opened *estate, Query query, const char *code) {
    g_assert_cmpstr(reach_verdict(estate->reach, estate->state, query).code, ==, code);
}

static bool tells(const Opened *estate, Query query, const char *what) {
    Explanation *told = reach_explain(estate->reach, estate->state, query);
    bool found = false;
    for (uint32_t i = 0; i < told->forward_count; i++)
        found = found || strstr(told->forward[i].text, what) != NULL;
    explanation_free(told);
    return found;
}

/* All units beside that one: there is room for more than run. */
static void down(const Opened *estate, const char *name, uint32_t unit, bool is_down) {
    const Component *of = &estate->model->components[opened_component(estate, name)];
    for (uint32_t u = 0; u < of->unit_count; u++)
        if (reach_class_of_unit(estate->reach, of->first_unit + u) == class_of(estate, name, unit))
            netstate_unit_down(estate->state, of->first_unit + u, is_down);
}

/* The one of its own zone; then of its network; then any; then none. A dead relay is of no use to its own zone only. */
static void test_nodes(void) {
    Opened estate;
    opened_text(&estate, g_strdup(pattern), "aws", NULL);
    assert_code(&estate, to_api(&estate, 0), "");
    g_assert_true(tells(&estate, to_api(&estate, 0), "site[us-east-1].relay carries"));
    g_assert_true(tells(&estate, to_api(&estate, 0), "far[us-east-1].gate carries"));
    down(&estate, "site.relay", 0, true);
    assert_code(&estate, to_api(&estate, 0), "");
    down(&estate, "far.gate", 0, true); /* the api opens a tunnel to the relay that is left */
    assert_code(&estate, to_api(&estate, 0), "");
    g_assert_false(tells(&estate, to_api(&estate, 1), "far[us-east-1].gate carries"));
    down(&estate, "site.relay", 1, true);
    assert_code(&estate, to_api(&estate, 0), "OVERLAY_NODE_DOWN");
    down(&estate, "far.gate", 0, false); /* nobody of the other network gets a tunnel to it: its group lets none in */
    assert_code(&estate, to_api(&estate, 0), "OVERLAY_NODE_UNREACHABLE");
    down(&estate, "site.relay", 1, false);
    down(&estate, "bridge", 0, true);
    assert_code(&estate, to_api(&estate, 0), "OVERLAY_NODE_DOWN");
    opened_close(&estate);
}

/* Whatever was isolated or dark carries nothing either. */
static void test_cut_off(void) {
    Opened estate;
    opened_text(&estate, g_strdup(pattern), "aws", NULL);
    netstate_isolate(estate.state, opened_component(&estate, "site.relay"), true);
    assert_code(&estate, to_api(&estate, 0), "OVERLAY_NODE_UNREACHABLE");
    netstate_isolate(estate.state, opened_component(&estate, "site.relay"), false);
    netstate_isolate(estate.state, opened_component(&estate, "far.api"), true);
    assert_code(&estate, to_api(&estate, 0), "OVERLAY_NODE_UNREACHABLE"); /* by its own agent */
    netstate_isolate(estate.state, opened_component(&estate, "site.web"), true);
    assert_code(&estate, to_api(&estate, 0), "ISOLATED");
    opened_close(&estate);
}

/* Its members' own firewalls are all that is asked; without the agent that enforces it, one lets everybody in. */
static void test_firewall(void) {
    Opened estate;
    opened_text(&estate, g_strdup(pattern), "aws", NULL);
    Query relay = to_api(&estate, 0);
    relay.from = class_of(&estate, "site.relay", 0);
    assert_code(&estate, relay, "HOST_FIREWALL");
    relay.unguarded = true;
    assert_code(&estate, relay, "");
    Tracking tracking = reach_tracking(estate.reach, estate.state, to_api(&estate, 0));
    g_assert_cmpint(tracking.client, ==, TRACKING_NONE); /* of its tunnels it is */
    opened_close(&estate);
}

static void test_chains(void) {
    Opened estate;
    opened_text(&estate, g_strdup(pattern), "aws", NULL);
    static const char *const carriers[] = {"site.relay", "bridge"};
    ComponentId web = opened_component(&estate, "site.web"), api = opened_component(&estate, "far.api");
    Query last = {.protocol = PROTOCOL_TCP, .port = 443};
    ReachChain chain;
    for (size_t i = 0; i < G_N_ELEMENTS(carriers); i++) {
        ComponentId via = opened_component(&estate, carriers[i]);
        g_assert_false(reach_chain_beside(estate.reach, estate.state, web, api, last, &via, 1, &chain));
    }
    ComponentId other = opened_component(&estate, "site.other");
    g_assert_true(reach_chain_beside(estate.reach, estate.state, web, api, last, &other, 1, &chain));
    g_free(chain.steps);
    opened_close(&estate);
}

static void assert_bits(const Opened *estate, const ReachBits *bits, const Service *service) {
    uint32_t count = reach_classes(estate->reach, &(const EndpointClass *){NULL});
    for (ClassId a = 0; a < count; a++)
        for (ClassId b = 0; b < count; b++) {
            Query query = {.from = a, .to = b, .protocol = service->protocol, .port = service->port};
            bool reaches = reach_verdict(estate->reach, estate->state, query).kind == VERDICT_REACH;
            g_assert_cmpint(reach_bits_connect(bits, 0, a, b), ==, reaches);
        }
}

/* The rule of a node's group is met by members that are neither end of it. */
static void test_bits(void) {
    Opened estate;
    opened_text(&estate, g_strdup(pattern), "aws", NULL);
    Service service = {PROTOCOL_TCP, 443};
    ReachBits *bits = reach_bits_new(estate.reach, estate.state, &service, 1);
    assert_bits(&estate, bits, &service);
    uint32_t group = 0;
    while (!g_str_equal(estate.model->groups[group].name, "site[us-east-1].relay"))
        group++;
    Rule rule = estate.model->groups[group].inbound[0];
    g_assert_true(netstate_rule_remove(estate.state, group, true, &rule));
    reach_bits_follow(bits, group);
    assert_code(&estate, to_api(&estate, 0), "OVERLAY_NODE_UNREACHABLE");
    assert_bits(&estate, bits, &service);
    netstate_rule_add(estate.state, group, true, &rule);
    reach_bits_follow(bits, group);
    assert_code(&estate, to_api(&estate, 0), "");
    assert_bits(&estate, bits, &service);
    reach_bits_free(bits);
    opened_close(&estate);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reach/overlay/nodes", test_nodes);
    g_test_add_func("/reach/overlay/cut-off", test_cut_off);
    g_test_add_func("/reach/overlay/firewall", test_firewall);
    g_test_add_func("/reach/overlay/chains", test_chains);
    g_test_add_func("/reach/overlay/bits", test_bits);
    return g_test_run();
}
