/* estate.c - a large, regular estate. */
#include "tests/unit/reach/estate.h"

#include <glib.h>

enum { TIERS = 4 };

const Service estate_services[ESTATE_SERVICES] = {{PROTOCOL_TCP, 22},   {PROTOCOL_TCP, 80},   {PROTOCOL_TCP, 443},
                                                  {PROTOCOL_TCP, 3306}, {PROTOCOL_TCP, 5432}, {PROTOCOL_TCP, 6379},
                                                  {PROTOCOL_TCP, 8080}, {PROTOCOL_UDP, 53}};

G_GNUC_PRINTF(2, 3) static void say(Draft *draft, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    draft_line(draft, line);
    g_free(line);
}

/* Tier 0 is public, the others leave through the NAT gateway of their network. */
static void make_network(Draft *draft, uint32_t n, bool acls) {
    say(draft, "network n%u us-east-1 10.%u.0.0/16 gateway", n, n);
    for (uint32_t t = 0; t < TIERS; t++)
        for (uint32_t z = 0; z < ESTATE_ZONES; z++)
            say(draft, "subnet n%u.t%uz%u us-east-1%c 10.%u.%u.0/20", n, t, z, 'a' + (int)z, n,
                16 * (t * ESTATE_ZONES + z));
    say(draft, "nat nat%u n%u.t0z0", n, n);
    if (n % 2 == 1)
        say(draft, "peering p%u n%u n%u", n, n - 1, n);
    if (acls)
        say(draft, "acl n%u a%u", n, n);
    for (int way = 0; acls && way < 2; way++)
        say(draft, "entry a%u %s 100 allow any any", n, way == 0 ? "in" : "out");
}

static void make_routes(Draft *draft, uint32_t n, uint32_t networks, bool acls) {
    uint32_t peer = n % 2 == 1 ? n - 1 : n + 1;
    for (uint32_t t = 0; t < TIERS; t++) {
        for (uint32_t z = 0; z < ESTATE_ZONES; z++) {
            if (t == 0)
                say(draft, "route n%u.t%uz%u 0.0.0.0/0 gateway", n, t, z);
            else
                say(draft, "route n%u.t%uz%u 0.0.0.0/0 nat nat%u", n, t, z, n);
            if (peer < networks)
                say(draft, "route n%u.t%uz%u 10.%u.0.0/16 peering p%u", n, t, z, peer, MAX(n, peer));
            if (acls && t == TIERS - 1)
                say(draft, "uses n%u.t%uz%u a%u", n, t, z, n);
        }
    }
}

/* Component c of tier t listens at a port or two, and lets in two others, the administrators' range, and in tier 0
 * everybody. */
static void make_component(Draft *draft, uint32_t n, uint32_t c, uint32_t components, uint32_t units) {
    const Service *own = &estate_services[1 + c % (ESTATE_SERVICES - 2)];
    uint32_t tier = c % TIERS;
    say(draft, "rule g%u-%u in tcp/%u @g%u-%u,g%u-%u", n, c, own->port, n, (c + 1) % components, n,
        (c * 7 + 3) % components);
    say(draft, "rule g%u-%u in tcp/22 10.%u.0.0/20", n, c, n);
    if (tier == 0)
        say(draft, "rule g%u-%u in tcp/%u any", n, c, own->port);
    if (c % 5 == 0)
        say(draft, "rule g%u-%u in udp/53 10.0.0.0/8", n, c);
    GString *line = g_string_new(NULL);
    g_string_printf(line, "host h%u-%u ", n, c);
    for (uint32_t z = 0; z < ESTATE_ZONES; z++)
        g_string_append_printf(line, "%sn%u.t%uz%u", z > 0 ? "," : "", n, tier, z);
    g_string_append_printf(line, " g%u-%u tcp/22,tcp/%u,udp/53 units=%u%s", n, c, own->port, units,
                           tier == 0 ? " public" : "");
    draft_line(draft, line->str);
    g_string_free(line, TRUE);
}

Draft *estate_new(uint32_t networks, uint32_t components, uint32_t units, bool acls) {
    Draft *draft = draft_new();
    for (uint32_t n = 0; n < networks; n++)
        make_network(draft, n, acls);
    for (uint32_t n = 0; n < networks; n++) {
        make_routes(draft, n, networks, acls);
        for (uint32_t c = 0; c < components; c++)
            say(draft, "group n%u g%u-%u", n, n, c);
        for (uint32_t c = 0; c < components; c++)
            make_component(draft, n, c, components, units);
    }
    return draft;
}

/* ---- Azure ---------------------------------------------------------------------------------------------------------
 */
static void azure_groups(GString *text, uint32_t n, uint32_t components) {
    g_string_append(text,
                    "    network_security_groups:\n"
                    "      fence: {inbound: [{priority: 100, allow: any, from: VirtualNetwork}, "
                    "{priority: 200, allow: [80, 443], from: Internet}, {priority: 300, deny: any, from: any}]}\n");
    for (uint32_t c = 0; c < components; c++) {
        const Service *own = &estate_services[1 + c % (ESTATE_SERVICES - 2)];
        g_string_append_printf(text,
                               "      g%u: {inbound: [{priority: 100, allow: %u, from: [h%u, h%u]}, "
                               "{priority: 110, allow: 22, from: 10.%u.0.0/20}, {priority: 120, deny: %u, from: any}, "
                               "{priority: 130, deny: 22, from: VirtualNetwork}]}\n",
                               c, own->port, (c + 1) % components, (c * 7 + 3) % components, n, own->port);
    }
}

static void azure_network(GString *text, uint32_t n, uint32_t components, uint32_t units) {
    g_string_append_printf(text,
                           "  n%u:\n    copies: [westeurope]\n    zones: %d\n    network: {cidr: 10.%u.0.0/16}\n"
                           "    subnets: {t0: , t1: {network_security_group: fence}, t2: , t3: }\n",
                           n, ESTATE_ZONES, n);
    azure_groups(text, n, components);
    g_string_append(text, "    components:\n");
    for (uint32_t c = 0; c < components; c++) {
        const Service *own = &estate_services[1 + c % (ESTATE_SERVICES - 2)];
        g_string_append_printf(text,
                               "      h%u: {kind: instances, subnet: t%u, listens: [22, %u, udp/53], "
                               "network_security_group: g%u, count: {min: %u, start: %u, max: %u}%s}\n",
                               c, c % TIERS, own->port, c, units, units, units, c % TIERS == 0 ? ", public: true" : "");
    }
}

char *estate_azure(uint32_t networks, uint32_t components, uint32_t units) {
    GString *text = g_string_new("pattern: estate\nprovider: azure\nconnections:\n");
    for (uint32_t n = 1; n < networks; n += 2)
        g_string_append_printf(text, "  p%u: {kind: peering, between: [n%u, n%u]}\n", n, n - 1, n);
    g_string_append(text, "stacks:\n");
    for (uint32_t n = 0; n < networks; n++)
        azure_network(text, n, components, units);
    return g_string_free(text, FALSE);
}
