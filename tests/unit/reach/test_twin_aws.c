/* test_twin_aws.c - on random small estates of AWS reach/ agrees with its slow twin in every verdict. LONG=1: more. */
#include <string.h>

#include "tests/unit/reach/twin_check.h"

/* ---- an estate -----------------------------------------------------------------------------------------------------
 */
typedef struct {
    TwinText *t;
    uint32_t stacks;
    bool hub, peered, line, second_line, tables, lists, six;
} Plan;

static void write_site(Plan *p) {
    TwinText *t = p->t;
    twin_say(t, "sites:\n  hq:\n    at: europe\n    cidr: 192.168.0.0/16\n");
    if (twin_chance(t, 60))
        twin_say(t, "    internet: true\n");
    if (twin_chance(t, 25))
        twin_say(t, "    firewall: {inbound: [{from: 10.0.0.0/8, port: 443}]%s}\n",
                 twin_chance(t, 40) ? ", outbound: [{to: 10.0.0.0/12, port: [80, 443]}]" : "");
    if (twin_chance(t, 20))
        twin_say(t, "    routes: [{to: 10.0.0.0/8, via: vpn}%s]\n",
                 twin_chance(t, 50) ? ", {to: internet, via: vpn}" : "");
    twin_say(t, "    components: {erp: {kind: data_centre, listens: any}, mail: {kind: data_centre, listens: 443%s}}\n",
             twin_chance(t, 40) ? ", public: true" : "");
}

static void write_hub(Plan *p) {
    TwinText *t = p->t;
    p->tables = twin_chance(t, 60);
    twin_say(t, "  hub:\n    kind: transit_gateway\n");
    if (p->tables)
        twin_say(t, "    tables: {one: {routes: [{to: internet, via: %s}%s]}, two: }\n",
                 twin_chance(t, 70) ? "s1" : "blackhole", twin_chance(t, 12) ? ", {to: s0, via: blackhole}" : "");
    twin_say(t, "    attachments:\n");
    for (uint32_t s = 0; s < p->stacks; s++) {
        twin_say(t, "      s%u: {%s%s", s, twin_chance(t, 65) ? "subnet: attach" : "appliance_mode: no",
                 twin_chance(t, 12) ? ", zones: [a]" : "");
        if (p->tables && !twin_chance(t, 5))
            twin_say(t, ", table: %s", twin_chance(t, 60) ? "one" : "two");
        if (p->tables)
            twin_say(t, ", propagates_to: [%s]", twin_chance(t, 80) ? "one, two" : "two");
        twin_say(t, "}\n");
    }
    if (p->tables && !p->line)
        twin_say(t, "      vpn: {table: %s, propagates_to: [one, two]}\n", twin_chance(t, 60) ? "one" : "two");
}

static void write_connections(Plan *p) {
    TwinText *t = p->t;
    p->hub = twin_chance(t, 55);
    p->peered = twin_chance(t, 60);
    p->line = !p->hub || twin_chance(t, 50);
    p->second_line = twin_chance(t, 40);
    twin_say(t, "connections:\n  vpn: {kind: vpn, from: %s, to: hq, routing: %s, dead_peer_detection: %s%s}\n",
             p->line ? "s0" : "hub", twin_chance(t, 50) ? "bgp" : "static", twin_chance(t, 60) ? "clear" : "none",
             twin_chance(t, 25) ? ", advertises: [internet]" : "");
    if (p->second_line)
        twin_say(t, "  dx: {kind: direct_connect, from: s0, to: hq%s}\n",
                 twin_chance(t, 25) ? ", advertises: [192.168.0.0/16, 10.1.0.0/16]" : "");
    if (p->peered)
        twin_say(t, "  pcx: {kind: peering, between: [s0, s1]}\n");
    if (p->hub)
        write_hub(p);
}

static const char *way_out(Plan *p, uint32_t s, const char *subnet) {
    TwinText *t = p->t;
    uint32_t roll = twin_below(t, 100);
    bool edge = strcmp(subnet, "edge") == 0, private_gateway = s == 0 && (p->line || p->second_line);
    if (p->six && !edge && twin_chance(t, 40))
        return "egress_only_gateway";
    if (roll < (edge ? 85u : 30u))
        return "internet_gateway";
    if (roll < 70)
        return "nat";
    if (roll < 80)
        return "fw";
    if (roll < 88 && p->hub)
        return "hub";
    if (roll < 92 && private_gateway)
        return "private_gateway";
    if (roll < 96 && p->peered && s < 2)
        return "pcx";
    return "blackhole";
}

static void write_routes(Plan *p, uint32_t s, const char *subnet) {
    TwinText *t = p->t;
    bool lines = s == 0 && (p->line || p->second_line), strict = p->lists && twin_chance(t, 22);
    twin_say(t, "      %s: {%sroute_propagation: %s, routes: [", subnet, strict ? "acl: strict, " : "",
             lines && twin_chance(t, 50) ? "yes" : "no");
    if (twin_chance(t, 88))
        twin_say(t, "{to: internet, via: %s}, ", way_out(p, s, subnet));
    for (uint32_t other = 0; other < p->stacks; other++) {
        bool peers = p->peered && s + other == 1;
        if (other != s && (p->hub || peers) && twin_chance(t, 88))
            twin_say(t, "{to: s%u, via: %s}, ", other, peers && (!p->hub || twin_chance(t, 60)) ? "pcx" : "hub");
    }
    if ((lines || p->hub) && twin_chance(t, 80))
        twin_say(t, "{to: hq, via: %s}, ", lines && (!p->hub || twin_chance(t, 60)) ? "private_gateway" : "hub");
    if (twin_chance(t, strcmp(subnet, "attach") == 0 ? 90 : 40))
        twin_say(t, "{to: bucket, via: s3}, ");
    if (twin_chance(t, 12))
        twin_say(t, "{to: offices, via: %s}, ", twin_chance(t, 40) ? "internet_gateway" : "blackhole");
    if (twin_chance(t, 8))
        twin_say(t, "{to: 203.0.113.0/24, via: %s}, ", twin_chance(t, 70) ? "internet_gateway" : "blackhole");
    if (strcmp(subnet, "app") == 0 && twin_chance(t, 20))
        twin_say(t, "{to: data, via: fw}, ");
    if (strcmp(subnet, "data") == 0 && twin_chance(t, 20))
        twin_say(t, "{to: app, via: fw}, ");
    twin_say(t, "]}\n");
}

static void write_acl(Plan *p) {
    static const char *const ports[] = {
        "any", "any",  "tcp",     "tcp/1024-65535", "tcp/32768-60999", "tcp/32768-40000", "tcp/40001-65535",
        "udp", "icmp", "tcp/443", "[80, 443]"};
    static const char *const peers[] = {"anyone",         "anyone",         "anyone",   "10.0.0.0/8", "10.1.0.0/16",
                                        "192.168.0.0/16", "203.0.113.0/24", "internet", "network"};
    TwinText *t = p->t;
    twin_say(t, "    acls:\n      strict:\n");
    for (int way = 0; way < 2; way++) {
        twin_say(t, "        %s: [", way == 0 ? "inbound" : "outbound");
        for (uint32_t r = 0, count = twin_below(t, 4); r < count; r++)
            twin_say(t, "{rule: %u, %s: %s, %s: %s}, ", 10 * (r + 1), twin_chance(t, 60) ? "allow" : "deny",
                     twin_pick(t, ports, G_N_ELEMENTS(ports)), way == 0 ? "from" : "to",
                     twin_pick(t, peers, G_N_ELEMENTS(peers)));
        if (twin_chance(t, 75))
            twin_say(t, "{rule: 900, allow: any, %s: anyone}", way == 0 ? "from" : "to");
        twin_say(t, "]\n");
    }
}

static void write_rules(Plan *p, const char *group, uint32_t s, bool outbound) {
    static const char *const peers[] = {
        "anyone",         "anyone",    "anyone",   "anyone",  "internet", "network", "10.0.0.0/8", "10.1.0.0/16",
        "192.168.0.0/16", "0.0.0.0/0", "\"::/0\"", "offices", "web",      "db",      "self"};
    static const char *const ports[] = {"any", "any", "any", "any", "any", "443", "[80, 443]", "udp/1-1000", "icmp"};
    TwinText *t = p->t;
    twin_say(t, "      %s: {", group);
    for (int way = 0; way < (outbound && twin_chance(t, 8) ? 2 : 1); way++) {
        twin_say(t, "%s: [", way == 0 ? "inbound" : ", outbound");
        for (uint32_t r = 0, count = 1 + twin_below(t, 3); r < count; r++)
            twin_say(t, "{%s: %s, port: %s}, ", way == 0 ? "from" : "to",
                     p->peered && s < 2 && twin_chance(t, 12) ? (s == 0 ? "s1.web" : "s0.web")
                                                              : twin_pick(t, peers, G_N_ELEMENTS(peers)),
                     twin_pick(t, ports, G_N_ELEMENTS(ports)));
        twin_say(t, "]");
    }
    twin_say(t, "}\n");
}

static void write_components(Plan *p) {
    TwinText *t = p->t;
    twin_say(t, "    components:\n      nat: {kind: nat_gateway, subnet: edge%s}\n",
             twin_chance(t, 50) ? ", zones: 1" : "");
    twin_say(t, "      fw: {kind: appliance, subnet: edge, stateful: %s, bypass: %s%s%s}\n",
             twin_chance(t, 60) ? "yes" : "no", twin_chance(t, 30) ? "yes" : "no",
             twin_chance(t, 50) ? ", zones: 1" : "", twin_chance(t, 15) ? ", security_group: fw" : "");
    twin_say(t, "      s3: {kind: gateway_endpoint, service: bucket}\n      store: {kind: bucket}\n"
                "      jobs: {kind: queue}\n");
    if (twin_chance(t, 60))
        twin_say(t, "      sqs: {kind: interface_endpoint, service: queue, subnet: data, private_names: %s}\n",
                 twin_chance(t, 40)   ? "joined"
                 : twin_chance(t, 80) ? "network"
                                      : "nobody");
    twin_say(t, "      web: {kind: instances, subnet: app, listens: any%s%s}\n",
             twin_chance(t, 80) ? ", public: true" : "", twin_chance(t, 30) ? ", client_ports: 49152-65535" : "");
    twin_say(t, "      db: {kind: instances, subnet: data, listens: %s%s}\n", twin_chance(t, 60) ? "any" : "443",
             twin_chance(t, 60) ? ", public: true" : "");
    twin_say(t, "      front: {kind: instances, subnet: edge, listens: any, security_group: [web, db]%s}\n",
             twin_chance(t, 80) ? ", public: true" : "");
}

static void write_stack(Plan *p, uint32_t s) {
    TwinText *t = p->t;
    twin_say(t, "  s%u:\n    copies: [us-east-1]\n    zones: [%s]\n", s, twin_chance(t, 70) ? "a, b" : "a");
    p->six = twin_chance(t, 40);
    twin_say(t, "    network: {cidr: 10.%u.0.0/16%s%s}\n", s, p->six ? ", cidr6: auto" : "",
             twin_chance(t, 12)
                 ? (twin_chance(t, 70) ? ", ingress: [{to: app, via: fw}]" : ", ingress: [{to: app, via: nat}]")
                 : "");
    twin_say(t, "    prefix_lists: {offices: [203.0.113.0/24, 198.51.100.0/24]}\n    subnets:\n");
    write_routes(p, s, "app");
    write_routes(p, s, "attach");
    write_routes(p, s, "data");
    write_routes(p, s, "edge");
    write_acl(p);
    write_components(p);
    twin_say(t, "    security_groups:\n");
    write_rules(p, "web", s, true);
    write_rules(p, "db", s, true);
    twin_say(t, "      fw: {inbound: [{from: %s, port: any}]}\n", twin_chance(t, 70) ? "anyone" : "10.0.0.0/15");
    twin_say(t, "      sqs: {inbound: [{from: %s, port: %s}]}\n",
             twin_chance(t, 60)   ? "10.0.0.0/8"
             : twin_chance(t, 50) ? "web"
                                  : "anyone",
             twin_chance(t, 70) ? "any" : "443");
}

static void write_estate(TwinText *t) {
    Plan p = {.t = t};
    p.lists = twin_chance(t, 70);
    p.stacks = 2 + twin_below(t, 2);
    twin_say(t, "pattern: estate\nprovider: aws\n"
                "places: {office: {latitude: 52.5, longitude: 13.4, cidr: 203.0.113.0/24}}\n"
                "users: {staff: {from: office}}\n");
    write_site(&p);
    write_connections(&p);
    twin_say(t, "stacks:\n");
    for (uint32_t s = 0; s < p.stacks; s++)
        write_stack(&p, s);
    twin_say(t, "flows:\n  - visit: users -> s0.web\n");
}

/* ---- the trial -----------------------------------------------------------------------------------------------------
 */
static const char *const codes[] = {"REACH",
                                    "ENI_SG_RULES_MISMATCH",
                                    "SUBNET_ACL_RESTRICTION",
                                    "LISTENER_MISSING",
                                    "ISOLATED",
                                    "NAT_NO_SESSION",
                                    "EIGW_NO_SESSION",
                                    "PROTOCOL_RESTRICTION",
                                    "NO_ROUTE_TO_DESTINATION",
                                    "IPV6_ADDRESS_MISSING",
                                    "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
                                    "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS",
                                    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS",
                                    "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
                                    "NGW_REQUIRES_SOURCE_IN_VPC",
                                    "VPCE_INTRA_VPC_TRAFFIC",
                                    "VPCE_GATEWAY_PROTOCOL_RESTRICTION",
                                    "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION",
                                    "ASYMMETRIC_ROUTE",
                                    "FIREWALL_RULES_RESTRICTION",
                                    "VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
                                    "TGW_ROUTE_AZ_RESTRICTION",
                                    "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION",
                                    "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT",
                                    "TGW_RTB_BAD_STATE_ROUTE",
                                    "BAD_STATE_VPN",
                                    "ROUTING_LOOP",
                                    "BAD_STATE_ROUTE",
                                    "BAD_STATE",
                                    NULL};

static void test_twin(void) {
    static const TwinTrial trial = {.provider = "aws",
                                    .name = "aws",
                                    .write = write_estate,
                                    .ask = twin_aws_verdict,
                                    .networks = 3000,
                                    .long_networks = 100000,
                                    .codes = codes};
    twin_run(&trial);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reach/twin-aws", test_twin);
    return g_test_run();
}
