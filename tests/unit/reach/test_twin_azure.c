/* test_twin_azure.c - on random small networks of Azure reach/ agrees with its slow twin in every verdict. LONG=1:
 * more.
 */
#include "tests/unit/reach/twin_check.h"

enum { SUBNETS = 3, HOSTS = 5, GROUPS = 3 };

/* ---- a network -----------------------------------------------------------------------------------------------------
 */
static void write_rules(TwinText *t, const char *way, const char *word, bool admin) {
    static const char *const peers[] = {"VirtualNetwork",
                                        "VirtualNetwork",
                                        "Internet",
                                        "Internet",
                                        "any",
                                        "any",
                                        "h0",
                                        "h1",
                                        "[h2, h3]",
                                        "10.0.0.0/16",
                                        "10.0.0.0/20",
                                        "AzureLoadBalancer",
                                        "192.168.0.0/16",
                                        "[h3, Internet]",
                                        "Storage",
                                        "203.0.113.0/24",
                                        "10.1.0.0/16",
                                        "network"};
    static const char *const ports[] = {"any", "any", "443", "443", "[80, 443]", "tcp/1-1000", "udp/1-1000", "icmp"};
    uint32_t count = admin ? twin_below(t, 2) : twin_below(t, 4);
    twin_say(t, "%s: [", way);
    for (uint32_t r = 0; r < count; r++) {
        const char *access = twin_chance(t, 82) ? (admin && twin_chance(t, 50) ? "always_allow" : "allow") : "deny";
        twin_say(t, "{priority: %u, %s: %s, %s: %s", 100 + 10 * r, access, twin_pick(t, ports, G_N_ELEMENTS(ports)),
                 word, twin_pick(t, peers, G_N_ELEMENTS(peers)));
        if (twin_chance(t, 20))
            twin_say(t, ", %s: %s", word[0] == 'f' ? "to" : "from", twin_pick(t, peers, G_N_ELEMENTS(peers)));
        twin_say(t, "}, ");
    }
    twin_say(t, "]");
}

static void write_subnets(TwinText *t, bool line) {
    twin_say(t, "    subnets:\n");
    for (uint32_t s = 0; s < SUBNETS; s++) {
        twin_say(t, "      s%u: {cidr: 10.0.%u.0/20, default_outbound_access: %s", s, s * 16,
                 twin_chance(t, 70) ? "yes" : "no");
        if (twin_chance(t, 35))
            twin_say(t, ", network_security_group: g%u", twin_below(t, GROUPS));
        if (twin_chance(t, 25))
            twin_say(t, ", service_endpoints: [bucket]");
        if (line && twin_chance(t, 15))
            twin_say(t, ", route_propagation: no");
        twin_say(t, ", routes: [");
        if (twin_chance(t, 25))
            twin_say(t, "{to: internet, via: %s}, ",
                     twin_chance(t, 30)   ? "nat"
                     : twin_chance(t, 40) ? "fw"
                     : line               ? "line"
                                          : "blackhole");
        if (twin_chance(t, 12))
            twin_say(t, "{to: 10.0.0.0/16, via: %s}, ", twin_chance(t, 60) ? "fw" : "network");
        if (twin_chance(t, 12))
            twin_say(t, "{to: 10.0.%u.0/20, via: %s}, ", 16 * twin_below(t, SUBNETS),
                     twin_chance(t, 50) ? "fw" : "blackhole");
        if (twin_chance(t, 10))
            twin_say(t, "{to: 192.168.0.0/%u, via: blackhole}, ", 15 + twin_below(t, 2));
        if (twin_chance(t, 8))
            twin_say(t, "{to: 203.0.113.0/24, via: internet_gateway}, ");
        twin_say(t, "]}\n");
    }
    twin_say(t, "      doors: {cidr: 10.0.128.0/20, private_endpoint_policies: %s%s}\n",
             twin_chance(t, 50) ? "yes" : "no", twin_chance(t, 50) ? ", network_security_group: g0" : "");
    twin_say(t, "      inspection: {cidr: 10.0.144.0/20, default_outbound_access: %s%s}\n",
             twin_chance(t, 30) ? "yes" : "no",
             line && twin_chance(t, 20) ? ", routes: [{to: internet, via: line}]" : "");
}

static void write_hosts(TwinText *t) {
    static const char *const listens[] = {"any", "any", "any", "443", "[80, 443]"};
    twin_say(t,
             "    components:\n      nat: {kind: nat_gateway, subnet: inspection}\n"
             "      fw: {kind: appliance, subnet: inspection, translates: %s%s%s}\n",
             twin_chance(t, 70)   ? "internet"
             : twin_chance(t, 50) ? "always"
                                  : "never",
             twin_chance(t, 25) ? ", network_security_group: g1" : "", twin_chance(t, 60) ? ", public: true" : "");
    twin_say(t, "      store: {kind: bucket, listens: 443%s}\n      jobs: {kind: queue, listens: 443}\n",
             twin_chance(t, 60) ? ", firewall: {subnets: [s0], ranges: [203.0.113.0/24]}" : "");
    twin_say(t, "      door: {kind: interface_endpoint, service: %s, subnet: doors, private_names: %s}\n",
             twin_chance(t, 50) ? "bucket" : "queue",
             twin_chance(t, 50)   ? "joined"
             : twin_chance(t, 50) ? "network"
                                  : "nobody");
    for (uint32_t h = 0; h < HOSTS; h++) {
        bool public = twin_chance(t, 60);
        twin_say(t, "      h%u: {kind: instances, subnet: s%u, listens: %s", h, twin_below(t, SUBNETS),
                 twin_pick(t, listens, G_N_ELEMENTS(listens)));
        if (public)
            twin_say(t, ", public: true, public_ip: %s", twin_chance(t, 60) ? "basic" : "standard");
        else if (twin_chance(t, 40))
            twin_say(t, ", input_endpoints: [{public: 443, port: %u%s}]", twin_chance(t, 50) ? 443 : 80,
                     twin_chance(t, 40)   ? ""
                     : twin_chance(t, 50) ? ", acl: [{order: 10, permit: 203.0.113.0/24}]"
                                          : ", acl: [{order: 20, deny: 203.0.113.0/24}]");
        if (twin_chance(t, 40))
            twin_say(t, ", network_security_group: g%u", twin_below(t, GROUPS));
        twin_say(t, "}\n");
    }
}

static void write_network(TwinText *t) {
    bool line = twin_chance(t, 70), peered = twin_chance(t, 70), lent = line && peered && twin_chance(t, 50);
    twin_say(t, "pattern: estate\nprovider: azure\n"
                "places: {office: {latitude: 52.5, longitude: 13.4, cidr: 203.0.113.0/24}}\n"
                "users: {staff: {from: office}}\n");
    twin_say(t,
             "sites:\n  hq: {at: europe, cidr: 192.168.0.0/16, internet: %s, components: {erp: {kind: data_centre, "
             "listens: any}}}\n",
             twin_chance(t, 60) ? "yes" : "no");
    if (line || peered)
        twin_say(t, "connections:\n");
    if (line)
        twin_say(t, "  line: {kind: vpn, from: site, to: hq, routing: bgp%s}\n",
                 twin_chance(t, 25) ? ", advertises: [192.168.0.0/16, 10.0.16.0/20, 10.1.0.0/18]" : "");
    if (peered)
        twin_say(t, "  pair: {kind: peering, between: [site, other]%s}\n", lent ? ", gateway_transit: yes" : "");
    twin_say(t, "stacks:\n  site:\n    copies: [westeurope]\n    zones: 1\n    network: {cidr: 10.0.0.0/16}\n");
    if (twin_chance(t, 30)) {
        twin_say(t, "    admin_rules: {");
        write_rules(t, "inbound", "from", true);
        twin_say(t, ", ");
        write_rules(t, "outbound", "to", true);
        twin_say(t, "}\n");
    }
    write_subnets(t, line);
    twin_say(t, "    network_security_groups:\n");
    for (uint32_t g = 0; g < GROUPS; g++) {
        twin_say(t, "      g%u: {", g);
        write_rules(t, "inbound", "from", false);
        twin_say(t, ", ");
        write_rules(t, "outbound", "to", false);
        twin_say(t, "}\n");
    }
    write_hosts(t);
    twin_say(t, "  other:\n    copies: [westeurope]\n    zones: 1\n    network: {cidr: 10.1.0.0/16}\n"
                "    subnets: {all: {default_outbound_access: yes}}\n"
                "    components: {peer: {kind: instances, subnet: all, listens: any}}\n"
                "flows:\n  - visit: users -> site.h0\n");
}

/* ---- the trial -----------------------------------------------------------------------------------------------------
 */
static const char *const codes[] = {"REACH",
                                    "NIC_NSG_RULE",
                                    "SUBNET_NSG_RULE",
                                    "ADMIN_RULE",
                                    "STANDARD_IP_CLOSED",
                                    "NO_INPUT_ENDPOINT",
                                    "INPUT_ENDPOINT_ACL",
                                    "SERVICE_FIREWALL",
                                    "NO_OUTBOUND_ACCESS",
                                    "ASYMMETRIC_RETURN",
                                    "ASYMMETRIC_ROUTE",
                                    "LISTENER_MISSING",
                                    "VPCE_INTRA_VPC_TRAFFIC",
                                    "NO_ROUTE_TO_DESTINATION",
                                    "NAT_NO_SESSION",
                                    "BAD_STATE_VPN",
                                    "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS",
                                    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS",
                                    "ISOLATED",
                                    "BAD_STATE_ROUTE",
                                    "BAD_STATE",
                                    NULL};

static void test_twin(void) {
    static const TwinTrial trial = {.provider = "azure",
                                    .name = "azure",
                                    .write = write_network,
                                    .ask = twin_azure_verdict,
                                    .networks = 3000,
                                    .long_networks = 100000,
                                    .codes = codes};
    twin_run(&trial);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reach/twin-azure", test_twin);
    return g_test_run();
}
