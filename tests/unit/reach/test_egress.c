/* test_egress.c - allowlists and those who own the host that has one; connections that a proxy opens; what is asked
 * about those outside. */
#include <stdio.h>

#include "catalogue/catalogue.h"
#include "reach/closure.h"
#include "reach/reach.h"
#include "tests/unit/reach/opened.h"

static const char pattern[] = "pattern: estate\nprovider: aws\n"
                              "users: {people: {from: europe}}\n"
                              "edge:\n"
                              "  dns: {kind: dns, targets: site.web}\n"
                              "  partner: {kind: outside_service, at: europe}\n"
                              "  stranger: {kind: outside_service, at: europe, called: address}\n"
                              "stacks:\n"
                              "  site:\n"
                              "    copies: [us-east-1]\n"
                              "    zones: [a, b]\n"
                              "    subnets: {app: {routes: [{to: internet, via: nat}]}, shut: , public: {routes: [{to: "
                              "internet, via: internet_gateway}]}}\n"
                              "    components:\n"
                              "      nat: {kind: nat_gateway, subnet: public}\n"
                              "      web: {kind: instances, subnet: app, listens: 80, allowlist: [db]}\n"
                              "      code: {kind: function, subnet: app, listens: 80, allowlist: [proxy]}\n"
                              "      proxy: {kind: egress_proxy, subnet: app, listens: 3128, allowlist: [partner]}\n"
                              "      db: {kind: database, subnet: shut, listens: 5432}\n"
                              "    security_groups:\n"
                              "      web: {inbound: []}\n"
                              "      code: {inbound: []}\n"
                              "      proxy: {inbound: [{from: code, port: 3128}]}\n"
                              "      db: {inbound: [{from: [web, proxy], port: 5432}]}\n"
                              "flows:\n"
                              "  - visit: people -> dns -> site.web -> site.db\n";

/* The first of its classes. */
static ClassId class_of(const Opened *estate, const char *name) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(estate->reach, &classes);
    ComponentId id = opened_component(estate, name);
    for (ClassId i = 0; i < count; i++)
        if (classes[i].component == id)
            return i;
    g_assert_not_reached();
}

static Query query(const Opened *estate, const char *from, const char *to, uint16_t port) {
    return (Query){.from = class_of(estate, from), .to = class_of(estate, to), .protocol = PROTOCOL_TCP, .port = port};
}

static void assert_verdict(Verdict verdict, VerdictKind kind, const char *code) {
    g_assert_cmpstr(verdict_name(verdict.kind), ==, verdict_name(kind));
    g_assert_cmpstr(verdict.code, ==, code);
}

/* The owner of a host has done away with its agent; what the provider runs cannot be owned. */
static void test_seized(void) {
    Opened estate;
    opened_text(&estate, g_strdup(pattern), "aws", NULL);
    Query asked = query(&estate, "site.web", "stranger", 443);
    assert_verdict(reach_verdict(estate.reach, estate.state, asked), VERDICT_DENY, "NOT_ON_ALLOWLIST");
    g_assert_true(reach_turned_back(&(Verdict){.code = "NOT_ON_ALLOWLIST"}));
    asked.seized = true;
    assert_verdict(reach_verdict(estate.reach, estate.state, asked), VERDICT_REACH, "");
    asked = query(&estate, "site.code", "stranger", 443);
    asked.seized = true;
    assert_verdict(reach_verdict(estate.reach, estate.state, asked), VERDICT_DENY, "NOT_ON_ALLOWLIST");
    opened_close(&estate);
}

/* An owned proxy exposes what the groups behind it let it reach, not only what is on its list; others' machines are
 * nobody's loss. */
static void test_owned(void) {
    Opened estate;
    opened_text(&estate, g_strdup(pattern), "aws", NULL);
    bool *owned = g_new0(bool, estate.model->component_count + 1);
    owned[opened_component(&estate, "site.proxy")] = true;
    Closure *closure = closure_new(estate.reach, estate.state, owned, 0);
    g_assert_cmpint(closure->holds[opened_component(&estate, "site.db")], ==, HOLD_EXPOSED);
    g_assert_cmpint(closure->holds[opened_component(&estate, "partner")], ==, HOLD_SAFE);
    g_assert_false(closure_is_asset(estate.model, opened_component(&estate, "partner")));
    closure_free(closure);
    g_free(owned);
    opened_close(&estate);
}

/* What belongs to somebody else, answers for names or joins networks for the provider is nothing to lose. */
static void test_assets(void) {
    static const struct {
        const char *name;
        bool asset;
    } answers[] = {{"people", false},     {"dns", false},       {"partner", false}, {"mesh", false},
                   {"line", false},       {"near.nat", false},  {"near.s3", false}, {"near.sqs", false},
                   {"near.names", false}, {"near.fw", true},    {"near.web", true}, {"near.db", true},
                   {"near.data", true},   {"near.proxy", true}, {"hq.erp", true}};
    Opened estate;
    opened_text(&estate,
                g_strdup("pattern: estate\nprovider: aws\nusers: {people: {from: europe}}\n"
                         "edge: {dns: {kind: dns, targets: near.web}, partner: {kind: outside_service, at: europe}}\n"
                         "sites: {hq: {at: europe, cidr: 192.168.0.0/16, components: {erp: {kind: data_centre}}}}\n"
                         "connections:\n"
                         "  mesh: {kind: overlay, nodes: near.proxy, members: [near.web, hq.erp]}\n"
                         "  line: {kind: vpn, from: near, to: hq}\n"
                         "stacks:\n  near:\n    copies: [us-east-1]\n    zones: 1\n"
                         "    subnets: {app: , public: {routes: [{to: internet, via: internet_gateway}]}}\n"
                         "    components:\n"
                         "      nat: {kind: nat_gateway, subnet: public}\n"
                         "      s3: {kind: gateway_endpoint, service: bucket}\n"
                         "      sqs: {kind: interface_endpoint, service: queue, subnet: app}\n"
                         "      names: {kind: dns_filter, allowlist: [partner]}\n"
                         "      fw: {kind: appliance, subnet: public}\n"
                         "      web: {kind: instances, subnet: app}\n"
                         "      db: {kind: database, subnet: app}\n"
                         "      data: {kind: bucket}\n"
                         "      proxy: {kind: egress_proxy, subnet: public, public: true, listens: 3128}\n"
                         "    security_groups: {proxy: {inbound: [{from: anyone, port: 3128}]}}\n"),
                "aws", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++)
        if (closure_is_asset(estate.model, opened_component(&estate, answers[i].name)) != answers[i].asset)
            g_error("%s", answers[i].name);
    ReachChain *chains; /* nor is it taken over on the way to something else */
    g_assert_cmpuint(
        reach_chains(estate.reach, estate.state, NO_COMPONENT, opened_component(&estate, "near.proxy"), 9, &chains), ==,
        1);
    g_assert_cmpuint(chains[0].count, ==, 2);
    reach_chains_free(chains, 1);
    opened_close(&estate);
}

/* Through the proxy: what it may, no more; and only for those who reach it. */
static void test_through(void) {
    Opened estate;
    opened_text(&estate, g_strdup(pattern), "aws", NULL);
    ComponentId proxy = opened_component(&estate, "site.proxy");
    Query leg, asked = query(&estate, "site.code", "partner", 443);
    g_assert_true(reach_relays(estate.model, proxy));
    g_assert_false(reach_relays(estate.model, opened_component(&estate, "site.web")));
    assert_verdict(reach_verdict(estate.reach, estate.state, asked), VERDICT_DENY, "NOT_ON_ALLOWLIST");
    assert_verdict(reach_through(estate.reach, estate.state, asked, proxy, &leg), VERDICT_REACH, "");
    asked = query(&estate, "site.code", "stranger", 443);
    assert_verdict(reach_through(estate.reach, estate.state, asked, proxy, &leg), VERDICT_DENY, "NOT_ON_ALLOWLIST");
    g_assert_cmpuint(leg.from, ==, class_of(&estate, "site.proxy"));
    asked = query(&estate, "site.db", "partner", 443);
    assert_verdict(reach_through(estate.reach, estate.state, asked, proxy, &leg), VERDICT_DENY,
                   "ENI_SG_RULES_MISMATCH");
    g_assert_cmpuint(leg.from, ==, asked.from);
    g_assert_cmpuint(leg.port, ==, 3128);
    netstate_isolate(estate.state, proxy, true);
    asked = query(&estate, "site.code", "partner", 443);
    assert_verdict(reach_through(estate.reach, estate.state, asked, proxy, &leg), VERDICT_DENY, "ISOLATED");
    opened_close(&estate);
}

/* What those outside do with each other is not asked, nor what others' machines would begin. */
static void test_matrix(void) {
    Opened estate;
    opened_text(&estate, g_strdup(pattern), "aws", NULL);
    uint32_t count, seen = 0;
    MatrixRow *rows = reach_matrix(estate.reach, estate.state, &count);
    ClassId partner = class_of(&estate, "partner"), people = class_of(&estate, "people");
    for (uint32_t i = 0; i < count; i++) {
        g_assert_cmpuint(rows[i].from, !=, partner);
        if (rows[i].to != partner)
            continue;
        g_assert_cmpuint(rows[i].from, !=, CLASS_INTERNET);
        g_assert_cmpuint(rows[i].from, !=, people);
        seen++;
    }
    g_assert_cmpuint(seen, >, 0);
    g_free(rows);
    opened_close(&estate);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/egress/seized", test_seized);
    g_test_add_func("/egress/owned", test_owned);
    g_test_add_func("/egress/assets", test_assets);
    g_test_add_func("/egress/through", test_through);
    g_test_add_func("/egress/matrix", test_matrix);
    return g_test_run();
}
