/* city.c - writes random estates that have a bit of everything. */
#include "tests/unit/reach/city.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    Draw *luck;
    GString *text;
    bool site;
} Pen;

static bool chance(Pen *pen, uint32_t percent) { return draw_below(pen->luck, 100) < percent; }
static const char *either(Pen *pen, uint32_t percent, const char *one, const char *other) {
    return chance(pen, percent) ? one : other;
}

G_GNUC_PRINTF(2, 3) static void say(Pen *pen, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(pen->text, format, arguments);
    va_end(arguments);
}

/* ---- who may ------------------------------------------------------------------------------------------------------
 */
static void group(Pen *pen, const char *name, const char *const *peers, size_t count, const char *port) {
    say(pen, "      %s: {inbound: [", name);
    for (size_t i = 0; i < count; i++)
        if (chance(pen, i == 0 ? 85 : 35))
            say(pen, "{from: %s, port: %s}, ", peers[i], chance(pen, 75) ? port : "any");
    say(pen, "]%s}\n", either(pen, 8, ", outbound: [{to: network, port: any}]", ""));
}
#define GROUP(pen, name, port, ...) \
    group(pen, name, (const char *const[]){__VA_ARGS__}, G_N_ELEMENTS(((const char *const[]){__VA_ARGS__})), port)

static void groups(Pen *pen) {
    say(pen, "    security_groups:\n");
    GROUP(pen, "lb", "[80, 443]", "internet", "web", "10.0.0.0/8");
    GROUP(pen, "web", "8080", "lb", "bastion", "internet", "worker");
    GROUP(pen, "cache", "6379", "web", "worker", "internet");
    GROUP(pen, "db", "5432", "[web, worker]", "10.0.0.0/8", "bastion");
    GROUP(pen, "bastion", "22", "internet", "web");
    GROUP(pen, "proxy", "3128", "[web, worker]", "internet");
    GROUP(pen, "worker", "22", "bastion", "internet");
}

/* ---- what there is ------------------------------------------------------------------------------------------------
 */
static void edge(Pen *pen) {
    say(pen, "places: {office: {latitude: 52.5, longitude: 13.4, cidr: 203.0.113.0/24}}\n");
    if (pen->site)
        say(pen,
            "sites:\n  hq: {at: europe, cidr: 192.168.0.0/16, internet: %s%s, components: {erp: {kind: data_centre, "
            "listens: 443}}}\nconnections:\n  vpn: {kind: vpn, from: back, to: hq}\n",
            either(pen, 60, "yes", "no"), either(pen, 30, ", firewall: {inbound: [{from: back, port: 443}]}", ""));
    say(pen,
        "users:\n  people: {from: europe}\n  staff: {from: office}\nedge:\n  dns: {kind: dns, targets: shop.lb}\n");
    say(pen, "  cdn: {kind: cdn, targets: shop.lb%s}\n", either(pen, 50, ", listens: 443", ""));
    say(pen, "  partner: {kind: outside_service, at: europe%s}\n  stranger: {kind: outside_service, at: europe}\n",
        either(pen, 70, ", listens: [443, 8443]", ""));
}

static void hosts(Pen *pen) {
    say(pen, "      nat: {kind: nat_gateway, subnet: public%s}\n", either(pen, 50, ", zones: 1", ""));
    say(pen, "      lb: {kind: load_balancer, subnet: public, public: %s, listens: %s, targets: \"web:8080\"}\n",
        either(pen, 85, "true", "false"), either(pen, 60, "443", "[80, 443]"));
    say(pen, "      web: {kind: instances, subnet: %s, listens: 8080, public: %s%s%s}\n",
        either(pen, 75, "app", "public"), either(pen, 35, "true", "false"),
        either(pen, 20, ", allowlist: [db, partner tcp/443, jobs]", ""),
        either(pen, 20, ", host_firewall: [lb 8080, 10.0.0.0/16 22]", ""));
    say(pen, "      cache: {kind: cache, subnet: app, listens: 6379}\n");
    say(pen, "      db: {kind: database, subnet: data, listens: 5432}\n");
    if (chance(pen, 60))
        say(pen, "      bastion: {kind: bastion, subnet: public, public: true, listens: 22}\n");
    else
        say(pen, "      bastion: {kind: instances, subnet: public, public: true, listens: 22}\n");
    say(pen, "      proxy: {kind: egress_proxy, subnet: app, listens: 3128%s}\n",
        either(pen, 70, ", allowlist: [partner]", ""));
    say(pen, "      worker: {kind: instances, subnet: app%s%s%s}\n", either(pen, 40, ", listens: 9000", ""),
        either(pen, 25, ", zones: 1", ""), either(pen, 20, ", host_firewall: [bastion]", ""));
    if (chance(pen, 40))
        say(pen, "      sqs: {kind: interface_endpoint, service: queue, subnet: app}\n");
    say(pen, "      jobs: {kind: queue%s}\n", either(pen, 30, ", policy: [{allow: any, to: anyone}]", ""));
    say(pen, "      store: {kind: bucket}\n      act: {kind: function%s}\n", either(pen, 40, ", subnet: app", ""));
}

static void shop(Pen *pen) {
    const char *internet = either(pen, 85, "{to: internet, via: nat}", "");
    say(pen, "stacks:\n  shop:\n    copies: [us-east-1%s]\n    zones: %s\n    subnets:\n",
        either(pen, 50, ", us-west-2", ""), either(pen, 60, "2", "1"));
    say(pen, "      public: {routes: [%s]}\n", either(pen, 90, "{to: internet, via: internet_gateway}", ""));
    say(pen, "      app: {%sroutes: [%s]}\n", either(pen, 25, "acl: app, ", ""), internet);
    say(pen,
        "      data: \n    acls:\n      app: {inbound: [{rule: 10, allow: any, from: 10.0.0.0/8}, {rule: 20, allow: "
        "tcp/1024-65535, from: any}], outbound: [{rule: 10, allow: any, to: any}]}\n    components:\n");
    hosts(pen);
    groups(pen);
}

static void back(Pen *pen) {
    say(pen, "  back:\n    copies: [us-east-1]\n    zones: 1\n    network: {cidr: 10.9.0.0/16}\n    subnets:\n");
    say(pen, "      all: {routes: [%s%s]}\n", either(pen, 60, "{to: internet, via: internet_gateway}, ", ""),
        pen->site && chance(pen, 80) ? "{to: hq, via: vpn}" : "");
    say(pen, "    components:\n      ledger: {kind: instances, subnet: all, public: %s, listens: [443, 3389]}\n",
        either(pen, 60, "true", "false"));
    say(pen, "    security_groups:\n");
    GROUP(pen, "ledger", "443", "internet", "192.168.0.0/16");
}

char *city_write(Draw *luck) {
    Pen pen = {luck, g_string_new("pattern: estate\nprovider: aws\n"), false};
    pen.site = chance(&pen, 70);
    edge(&pen);
    shop(&pen);
    back(&pen);
    say(&pen, "flows:\n  - visit: people -> dns -> shop.lb -> shop.web -> shop.db\n");
    if (chance(&pen, 70))
        say(&pen, "  - fetch: staff -> cdn -> shop.lb -> shop.web -> shop.cache\n");
    if (chance(&pen, 70))
        say(&pen, "  - order: staff -> shop.lb -> shop.web -> shop.jobs <- shop.worker -> shop.db then shop.store\n");
    if (chance(&pen, 50))
        say(&pen, "  - call: people -> dns -> shop.lb -> shop.web -> partner\n");
    if (chance(&pen, 50))
        say(&pen, "  - send: people -> shop.lb -> shop.web -> shop.store => shop.act\n");
    if (chance(&pen, 50))
        say(&pen, "  - book: staff -> back.ledger%s\n", pen.site ? " -> hq.erp" : "");
    return g_string_free(pen.text, FALSE);
}
