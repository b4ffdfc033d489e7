/* rights.c - writes random estates with rights, and reads them. */
#include "tests/unit/reach/rights.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "catalogue/catalogue.h"

enum { ROLES = 4 };

/* Who acts under a role, and must be trusted by it. */
static const char *const holders[] = {"staff", "site.web", "site.batch", "site.db", "site.cache", "site.fn", "far.box"};

typedef struct {
    Draw *luck;
    GString *text;
    uint32_t role_of[G_N_ELEMENTS(holders)]; /* ROLES: none */
} Pen;

static bool chance(Pen *pen, uint32_t percent) { return draw_below(pen->luck, 100) < percent; }
static const char *pick(Pen *pen, const char *const *from, size_t count) { return from[draw_below(pen->luck, count)]; }
#define PICK(pen, list) pick(pen, list, G_N_ELEMENTS(list))

/* ---- policies ------------------------------------------------------------------------------------------------------
 */
static void write_when(Pen *pen) {
    static const char *const conditions[] = {"source_ip: 203.0.113.0/24",
                                             "source_ip: 203.0.113.0/28",
                                             "source_ip: 0.0.0.0/0",
                                             "source_ip: site.nat",
                                             "source_ip: hq",
                                             "source_ip: [hq, site.web]",
                                             "not_source_ip: site.nat",
                                             "source_endpoint: site.s3",
                                             "source_endpoint: [site.s3, site.sqs]",
                                             "not_source_endpoint: site.s3",
                                             "source_network: site",
                                             "not_source_network: site",
                                             "vpc_source_ip: 10.0.0.0/16",
                                             "not_vpc_source_ip: 10.0.0.0/8",
                                             "vpc_source_ip: 10.9.0.0/16",
                                             "encrypted: yes",
                                             "encrypted: no"};
    g_string_append_printf(pen->text, ", when: {%s}", PICK(pen, conditions));
}

/* Statements of roles and accounts say on what, those of services to whom, those of endpoints both. */
static void write_policy(Pen *pen, const char *key, const char *kind, bool names, bool limits) {
    static const char *const subjects[] = {"r0", "r1", "r2", "r3", "main", "other", "anyone", "anyone", "[r1, r2]"};
    static const char *const things[] = {"anything",  "anything", "site.data", "site.images",
                                         "site.jobs", "site.fn",  "far.vault", "[site.data, site.jobs]"};
    static const char *const assumed[] = {"anything", "r0", "r1", "r3", "[r0, r2]"};
    static const char *const every[] = {
        "any",        "any",           "bucket:get",      "bucket:put",      "bucket:*",
        "queue:send", "queue:receive", "function:invoke", "function:update", "role:assume",
        "role:assume"};
    static const char *const bucket[] = {"get", "put", "any", "[get, put]"},
                             *const queue[] = {"send", "receive", "any"},
                             *const function[] = {"invoke", "update", "any"},
                             *const passing[] = {"any", "any", "bucket:get", "bucket:*", "queue:send", "queue:*"};
    uint32_t count = (uint32_t)draw_below(pen->luck, 4);
    g_string_append_printf(pen->text, "%s: [", key);
    for (uint32_t i = 0; i < count; i++) {
        const char *action = kind[0] == 'b'   ? PICK(pen, bucket)
                             : kind[0] == 'e' ? PICK(pen, passing)
                             : kind[0] == 'q' ? PICK(pen, queue)
                             : kind[0] == 'f' ? PICK(pen, function)
                                              : PICK(pen, every);
        g_string_append_printf(pen->text, "%s{%s: %s", i > 0 ? ", " : "", chance(pen, 80) ? "allow" : "deny", action);
        if (names)
            g_string_append_printf(pen->text, ", to: %s", PICK(pen, subjects));
        if (limits)
            g_string_append_printf(pen->text, ", on: %s",
                                   action[0] == 'r' && action[1] == 'o' ? PICK(pen, assumed) : PICK(pen, things));
        if (chance(pen, 30))
            write_when(pen);
        g_string_append(pen->text, "}");
    }
    g_string_append(pen->text, "]");
}

static void write_maybe(Pen *pen, uint32_t percent, const char *key, const char *kind, bool names, bool limits) {
    if (!chance(pen, percent))
        return;
    g_string_append(pen->text, ", ");
    write_policy(pen, key, kind, names, limits);
}

static void write_roles(Pen *pen) {
    static const char *const trusted[] = {"r0", "r1", "r2", "r3", "main", "other", "anyone", "r1"};
    g_string_append(pen->text, "accounts:\n");
    for (int i = 0; i < 2; i++) {
        g_string_append_printf(pen->text, "  %s: {about: one", i == 0 ? "main" : "other");
        write_maybe(pen, 25, "service_control_policy", "any", false, true);
        g_string_append(pen->text, "}\n");
    }
    g_string_append(pen->text, "roles:\n");
    for (int i = 0; i < ROLES; i++) {
        g_string_append_printf(pen->text, "  r%d: {account: %s", i, chance(pen, 70) ? "main" : "other");
        write_maybe(pen, 85, "policy", "any", false, true);
        write_maybe(pen, 15, "permissions_boundary", "any", false, true);
        write_maybe(pen, 15, "session_policy", "any", false, true);
        if (chance(pen, 60)) {
            g_string_append_printf(pen->text, ", trusted_by: [%s", PICK(pen, trusted));
            for (size_t h = 0; h < G_N_ELEMENTS(holders); h++)
                if (pen->role_of[h] == (uint32_t)i)
                    g_string_append_printf(pen->text, ", %s", holders[h]);
            g_string_append(pen->text, "]");
        }
        g_string_append(pen->text, "}\n");
    }
}

/* ---- components ----------------------------------------------------------------------------------------------------
 */
static void write_own(Pen *pen, const char *name) {
    for (size_t h = 0; h < G_N_ELEMENTS(holders); h++)
        if (g_str_has_suffix(holders[h], name) && pen->role_of[h] < ROLES)
            g_string_append_printf(pen->text, ", role: r%u", pen->role_of[h]);
    if (strcmp(name, "fn") != 0 && chance(pen, 20)) /* a function keeps something else */
        g_string_append_printf(pen->text, ", keeps: r%u", (unsigned)draw_below(pen->luck, ROLES));
    if (chance(pen, 20))
        g_string_append_printf(pen->text, ", image_from: %s", chance(pen, 70) ? "site.images" : "site.data");
}

static void write_service(Pen *pen, const char *name, const char *kind) {
    g_string_append_printf(pen->text, "      %s: {kind: %s", name, kind);
    write_maybe(pen, 75, "policy", kind, true, false);
    if (kind[0] == 'f')
        write_own(pen, name);
    else if (chance(pen, 35))
        g_string_append_printf(pen->text, ", keeps: r%u", (unsigned)draw_below(pen->luck, ROLES));
    if (kind[0] == 'f' && chance(pen, 50))
        g_string_append(pen->text, ", subnet: app");
    g_string_append(pen->text, "}\n");
}

static void write_host(Pen *pen, const char *name, const char *rest) {
    g_string_append_printf(pen->text, "      %s: {%s", name, rest);
    write_own(pen, name);
    g_string_append(pen->text, "}\n");
}

static void write_group(Pen *pen, const char *name, const char *port) {
    static const char *const peers[] = {"internet",   "web",          "batch",         "db",
                                        "10.0.0.0/8", "[web, batch]", "192.168.0.0/16"};
    g_string_append_printf(pen->text, "      %s: {inbound: [", name);
    for (int i = 0; i < 2; i++)
        if (chance(pen, 65))
            g_string_append_printf(pen->text, "{from: %s, port: %s}, ", PICK(pen, peers), port);
    g_string_append(pen->text, chance(pen, 12) ? "], outbound: [{to: network, port: any}]}\n" : "]}\n");
}

static void write_site(Pen *pen) {
    g_string_append_printf(pen->text,
                           "  site:\n    copies: [us-east-1]\n    zones: 1\n    account: main\n"
                           "    network: {cidr: 10.0.0.0/16}\n    subnets:\n"
                           "      app: {routes: [{to: internet, via: nat}%s%s]}\n"
                           "      public: {routes: [{to: internet, via: internet_gateway}%s]}\n"
                           "    components:\n      nat: {kind: nat_gateway, subnet: public}\n",
                           chance(pen, 70) ? ", {to: bucket, via: s3}" : "",
                           chance(pen, 50) ? ", {to: hq, via: vpn}" : "",
                           chance(pen, 30) ? ", {to: bucket, via: s3}" : "");
    g_string_append(pen->text, "      s3: {kind: gateway_endpoint, service: bucket");
    write_maybe(pen, 35, "policy", "endpoint", true, true);
    g_string_append_printf(pen->text,
                           "}\n      sqs: {kind: interface_endpoint, service: queue, subnet: app, private_names: %s",
                           chance(pen, 75) ? "network" : "nobody");
    write_maybe(pen, 35, "policy", "endpoint", true, true);
    g_string_append(pen->text, "}\n");
    write_host(pen, "web", "kind: instances, subnet: public, public: true, listens: 80");
    write_host(pen, "batch", "kind: instances, subnet: app, listens: [8080, udp/53]");
    write_host(pen, "db", "kind: database, subnet: app, listens: 5432");
    write_host(pen, "cache", "kind: instances, subnet: app, listens: any");
    write_service(pen, "data", "bucket");
    write_service(pen, "images", "bucket");
    write_service(pen, "jobs", "queue");
    write_service(pen, "fn", "function");
    g_string_append(pen->text, "    security_groups:\n");
    write_group(pen, "web", "80");
    write_group(pen, "batch", "[8080, udp/53]");
    write_group(pen, "db", "5432");
    write_group(pen, "cache", "6379");
    g_string_append_printf(pen->text, "      sqs: {inbound: [{from: %s, port: 443}]}\n",
                           chance(pen, 60) ? "network" : "web");
}

static char *pattern(Draw *luck) {
    Pen pen = {luck, g_string_new("pattern: estate\nprovider: aws\n"), {0}};
    for (size_t h = 0; h < G_N_ELEMENTS(holders); h++)
        pen.role_of[h] = chance(&pen, h == 0 ? 100 : 55) ? (uint32_t)draw_below(luck, ROLES) : ROLES;
    g_string_append_printf(pen.text,
                           "places: {office: {latitude: 52.5, longitude: 13.4, cidr: 203.0.113.0/28}}\n"
                           "sites:\n  hq: {at: europe, cidr: 192.168.0.0/16, internet: %s, components: {erp: {kind: "
                           "data_centre, listens: 443}}}\n"
                           "connections:\n  vpn: {kind: vpn, from: site, to: hq}\n",
                           chance(&pen, 70) ? "yes" : "no");
    g_string_append_printf(pen.text, "users:\n  staff: {from: office, role: r%u}\n  visitors: {from: europe}\n",
                           pen.role_of[0]);
    write_roles(&pen);
    g_string_append(pen.text, "stacks:\n");
    write_site(&pen);
    g_string_append(pen.text, "  far:\n    copies: [us-east-1]\n    zones: 1\n    account: other\n    network: {cidr: "
                              "10.1.0.0/16}\n    subnets: {all: {routes: [{to: internet, via: internet_gateway}]}}\n"
                              "    components:\n");
    write_host(&pen, "box", "kind: instances, subnet: all, public: true, listens: 22");
    write_service(&pen, "vault", "bucket");
    g_string_append(pen.text, "    security_groups:\n      box: {inbound: [{from: internet, port: 22}]}\n");
    return g_string_free(pen.text, FALSE);
}

/* ---- reading -------------------------------------------------------------------------------------------------------
 */
static const char places[] =
    "defaults: places\nsource: \"assumption: the city of the region\"\n"
    "outside: {europe: {latitude: 50.11, longitude: 8.68}}\n"
    "aws: {us-east-1: {latitude: 38.95, longitude: -77.45, zones: [a, b]}, us-west-2: {latitude: 45.9, "
    "longitude: -119.3, zones: [a, b]}}\n";

void rights_open(Opened *rights, Draw *luck) { rights_read(rights, pattern(luck)); }

void rights_read(Opened *rights, char *text) { opened_text(rights, text, "aws", places); }
