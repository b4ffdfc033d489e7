/* test_follow.c - bits that follow changes of ACLs, routes and groups, one after the other, answer as the verdicts do.
 */
#include <glib.h>

#include "base/luck.h"
#include "tests/unit/reach/estate.h"
#include "tests/unit/reach/maker.h"
#include "tests/unit/reach/opened.h"

enum { NETWORKS = 1000, CHANGES = 12 };

static const Service services[] = {{PROTOCOL_TCP, 80}, {PROTOCOL_UDP, 53}, {PROTOCOL_ICMP, 0}};

typedef struct {
    Draft *draft;
    const Model *model;
    Reach *reach;
    NetState *state;
    const Service *services; /* that are asked about */
    uint32_t service_count;
    ReachBits *bits;
    uint32_t changed; /* answers that some change turned round */
} Follower;

static void follower_look(Follower *f, const Service *asked, uint32_t count) {
    f->services = asked;
    f->service_count = count;
    f->bits = reach_bits_new(f->reach, f->state, asked, count);
}

/* How many pairs reach; every answer is that of the verdict. */
static uint32_t assert_same(const Follower *f) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(f->reach, &classes), reaching = 0;
    for (uint32_t s = 0; s < f->service_count; s++) {
        for (uint32_t a = 0; a <= count; a++) {
            for (uint32_t b = 0; b <= count; b++) {
                Query query = {.from = a < count ? a : CLASS_INTERNET,
                               .to = b < count ? b : CLASS_INTERNET,
                               .protocol = f->services[s].protocol,
                               .port = f->services[s].port};
                bool reaches = reach_verdict(f->reach, f->state, query).kind == VERDICT_REACH;
                g_assert_cmpint(reach_bits_connect(f->bits, s, query.from, query.to), ==, reaches);
                reaching += reaches;
            }
        }
    }
    return reaching;
}

static Prefix some_range(Draw *luck) {
    static const char *const texts[] = {"0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "10.0.1.0/24"};
    Prefix range;
    char *why = NULL;
    g_assert_true(prefix_parse(texts[draw_below(luck, G_N_ELEMENTS(texts))], &range, &why));
    return range;
}

static PortSet some_ports(Draw *luck) {
    static const char *const texts[] = {"any", "tcp", "tcp/80", "udp", "tcp/1-40000"};
    PortSet ports;
    char *why = NULL;
    g_assert_true(ports_parse(texts[draw_below(luck, G_N_ELEMENTS(texts))], &ports, &why));
    return ports;
}

static void change_acl(Follower *f, Draw *luck) {
    if (f->model->acl_count == 0)
        return;
    uint32_t acl = (uint32_t)draw_below(luck, f->model->acl_count);
    bool inbound = draw_below(luck, 2) == 0;
    const Acl *declared = &f->model->acls[acl];
    uint32_t count = inbound ? declared->inbound_count : declared->outbound_count;
    AclRule rule = {.number = 1 + (uint32_t)draw_below(luck, 300), .allow = draw_below(luck, 2) == 0};
    rule.cidr = draw_below(luck, 2) == 0 ? some_range(luck) : (Prefix){0};
    rule.ports = some_ports(luck);
    if (count > 0 && draw_below(luck, 3) == 0)
        netstate_acl_remove(f->state, acl, inbound,
                            &(inbound ? declared->inbound : declared->outbound)[draw_below(luck, count)]);
    else
        netstate_acl_add(f->state, acl, inbound, &rule);
    reach_bits_follow_acl(f->bits, acl);
}

static void change_route(Follower *f, Draw *luck) {
    uint32_t table = (uint32_t)draw_below(luck, f->model->route_table_count);
    const RouteTable *declared = &f->model->route_tables[table];
    Route route = declared->routes[draw_below(luck, declared->route_count)];
    if (route.target != ROUTE_LOCAL && draw_below(luck, 2) == 0) {
        if (!netstate_route_remove(f->state, table, &route))
            netstate_route_add(f->state, table, &route);
    } else {
        route = (Route){.to = some_range(luck), .target = ROUTE_BLACKHOLE};
        if (draw_below(luck, 2) == 0)
            route.target = ROUTE_INTERNET_GATEWAY;
        netstate_route_add(f->state, table, &route);
    }
    reach_bits_follow_table(f->bits, table);
}

static void change_group(Follower *f, Draw *luck) {
    uint32_t group = (uint32_t)draw_below(luck, f->model->group_count);
    Rule rule = {.peer = {.kind = PEER_CIDR, .cidr = some_range(luck)}, .ports = some_ports(luck)};
    netstate_rule_add(f->state, group, draw_below(luck, 2) == 0, &rule);
    reach_bits_follow(f->bits, group);
}

/* Changes on changes: what one leaves behind must not show in the next. */
static void follow_many(Follower *f, Draw *luck) {
    f->model = draft_model(f->draft);
    f->reach = reach_new(f->model);
    f->state = netstate_new(f->model);
    follower_look(f, services, G_N_ELEMENTS(services));
    uint32_t before = assert_same(f);
    for (int i = 0; i < CHANGES; i++) {
        uint64_t which = draw_below(luck, 5);
        if (which < 2)
            change_acl(f, luck);
        else if (which < 4)
            change_route(f, luck);
        else
            change_group(f, luck);
        uint32_t after = assert_same(f);
        f->changed += after != before;
        before = after;
    }
    reach_bits_free(f->bits);
    netstate_free(f->state);
    reach_free(f->reach);
    draft_free(f->draft);
}

static void test_random(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test_follow", "changes");
    Follower f = {0};
    for (uint64_t round = 0; round < NETWORKS; round++) {
        Draw luck = stream_draw(&stream, round);
        GPtrArray *lines = maker_network(&luck);
        f.draft = maker_build(lines, UINT_MAX);
        follow_many(&f, &luck);
        g_ptr_array_free(lines, TRUE);
    }
    g_test_message("%u of %d changes changed an answer", f.changed, NETWORKS * CHANGES);
    g_assert_cmpuint(f.changed, >, NETWORKS / 2);
}

/* IPv6 beside IPv4, and clients from ports of their own. */
static void test_enriched(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test_follow", "enriched");
    Follower f = {0};
    for (uint64_t round = 0; round < NETWORKS; round++) {
        Draw luck = stream_draw(&stream, round);
        GPtrArray *lines = maker_network(&luck), *rich = maker_enrich(lines, &luck);
        f.draft = maker_build(rich, UINT_MAX);
        follow_many(&f, &luck);
        g_ptr_array_free(rich, TRUE);
        g_ptr_array_free(lines, TRUE);
    }
    g_assert_cmpuint(f.changed, >, NETWORKS / 2);
}

/* In a regular estate: tables of subnets with a NAT gateway, and without. */
static void test_estate(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test_follow", "estate");
    Draw luck = stream_draw(&stream, 0);
    Follower f = {.draft = estate_new(3, 6, 2, true)};
    follow_many(&f, &luck);
}

/* Clients below the ports of gateways: entries for their answers, at the very first and the very last of them. */
static const char low[] =
    "pattern: low\nprovider: aws\nedge: {cdn: {kind: cdn, targets: site.web}}\n"
    "connections:\n"
    "  alpha: {kind: transit_gateway, attachments: {site: , across: }}\n"
    "  beta: {kind: transit_gateway, attachments: {other: , across: }}\n"
    "  across: {kind: peering, between: [alpha, beta]}\n"
    "stacks:\n"
    "  other:\n    copies: [us-east-1]\n    zones: [a]\n    subnets: {app: }\n"
    "    components: {x: {kind: instances, subnet: app}}\n"
    "  site:\n    copies: [us-east-1]\n    zones: [a]\n"
    "    subnets: {left: {acl: left}, right: {acl: right}, wide: {acl: wide}}\n"
    "    acls:\n"
    "      left: {inbound: [{rule: 9, allow: tcp/601-700, from: network}], outbound: [{rule: 9, allow: any, to: "
    "network}]}\n"
    "      right: {inbound: [{rule: 9, allow: tcp/600-699, from: network}], outbound: [{rule: 9, allow: any, to: "
    "network}]}\n"
    "      wide: {inbound: [{rule: 9, allow: any, from: network}], outbound: [{rule: 9, allow: udp, to: network}]}\n"
    "    components:\n"
    "      one: {kind: instances, subnet: left, client_ports: 600-700}\n"
    "      two: {kind: instances, subnet: right, client_ports: 600-700}\n"
    "      web: {kind: instances, subnet: wide, listens: 80}\n"
    "    security_groups: {one: {inbound: []}, two: {inbound: []}, web: {inbound: [{from: network, port: 80}]}}\n";

static void follower_open(Follower *f, Opened *opened, const char *text) {
    opened_text(opened, g_strdup(text), "aws", NULL);
    *f = (Follower){.model = opened->model, .reach = opened->reach, .state = opened->state};
}

static void follower_close(Follower *f, Opened *opened) {
    reach_bits_free(f->bits);
    opened_close(opened);
}

static void follow_entry(Follower *f, const char *acl, bool inbound, AclRule rule) {
    for (uint32_t i = 0; i < f->model->acl_count; i++) {
        if (!g_str_has_suffix(f->model->acls[i].name, acl))
            continue;
        netstate_acl_add(f->state, i, inbound, &rule);
        reach_bits_follow_acl(f->bits, i);
    }
}

static void test_low_ports(void) {
    static const struct {
        const char *acl;
        bool inbound;
        uint32_t number;
        PortRange answers;
        uint32_t opened; /* pairs that reach then */
    } steps[] = {{"wide", false, 2, {PROTOCOL_TCP, 600, 700}, 0},
                 {"left", true, 2, {PROTOCOL_TCP, 600, 600}, 1},
                 {"right", true, 2, {PROTOCOL_TCP, 700, 700}, 2},
                 {"wide", false, 1, {PROTOCOL_TCP, 600, 700}, 0}}; /* the first entry denies */
    Opened opened;
    Follower f;
    follower_open(&f, &opened, low);
    follower_look(&f, services, G_N_ELEMENTS(services));
    uint32_t before = assert_same(&f);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        AclRule rule = {.number = steps[i].number,
                        .allow = steps[i].number > 1,
                        .ports = {.range = {steps[i].answers}, .count = 1}};
        follow_entry(&f, steps[i].acl, steps[i].inbound, rule);
        g_assert_cmpuint(assert_same(&f), ==, before + steps[i].opened);
    }
    follower_close(&f, &opened);
}

/* All traffic is shut out by whatever shuts out a part of it. */
static void test_everything(void) {
    static const Service everything[] = {{PROTOCOL_ANY, 0}};
    static const char plain[] = "pattern: plain\nprovider: aws\nstacks:\n"
                                "  site:\n    copies: [us-east-1]\n    zones: [a]\n"
                                "    subnets: {left: , right: {acl: open}}\n"
                                "    acls:\n"
                                "      open:\n"
                                "        inbound: [{rule: 9, allow: any, from: network}]\n"
                                "        outbound: [{rule: 9, allow: any, to: network}]\n"
                                "    components:\n"
                                "      client: {kind: instances, subnet: left}\n"
                                "      server: {kind: instances, subnet: right, listens: any}\n"
                                "    security_groups: {server: {inbound: [{from: network, port: any}]}}\n";
    Opened opened;
    Follower f;
    follower_open(&f, &opened, plain);
    follower_look(&f, everything, G_N_ELEMENTS(everything));
    uint32_t before = assert_same(&f);
    AclRule deny = {.number = 1, .ports = {.range = {{PROTOCOL_UDP, 53, 53}}, .count = 1}}, part = deny;
    follow_entry(&f, "open", true, deny);
    g_assert_cmpuint(assert_same(&f), <, before);
    uint32_t acl = f.model->places[f.model->units[f.model->unit_count - 1].subnet].acl - 1;
    g_assert_true(netstate_acl_remove(f.state, acl, true, &deny));
    reach_bits_follow_acl(f.bits, acl);
    g_assert_cmpuint(assert_same(&f), ==, before);
    part.number = 9; /* one entry for another, at once */
    part.allow = true;
    g_assert_true(netstate_acl_remove(f.state, acl, true, &f.model->acls[acl].inbound[0]));
    follow_entry(&f, "open", true, part);
    g_assert_cmpuint(assert_same(&f), <, before);
    follower_close(&f, &opened);
}

/* The group of what stands in the way of others: of them too answers change, inside and on the internet. */
static const char passed[] =
    "pattern: passed\nprovider: aws\nstacks:\n"
    "  site:\n    copies: [us-east-1]\n    zones: [a]\n    network: {ingress: [{to: front, via: fw}]}\n"
    "    subnets:\n"
    "      front: {routes: [{to: internet, via: fw}, {to: rear, via: fw}]}\n"
    "      rear: {routes: [{to: front, via: fw}]}\n"
    "      middle: {routes: [{to: internet, via: internet_gateway}]}\n"
    "    components:\n"
    "      fw: {kind: appliance, subnet: middle, security_group: shared}\n"
    "      rear: {kind: instances, subnet: rear, listens: 80}\n"
    "      web: {kind: instances, subnet: front, listens: 80, public: true}\n"
    "      with: {kind: instances, subnet: rear, listens: 80, security_group: shared}\n"
    "    security_groups:\n"
    "      rear: {inbound: [{from: anyone, port: any}]}\n"
    "      shared: {inbound: [{from: anyone, port: any}]}\n"
    "      web: {inbound: [{from: anyone, port: any}]}\n";

static void test_passed(void) {
    Opened opened;
    Follower f;
    follower_open(&f, &opened, passed);
    follower_look(&f, services, G_N_ELEMENTS(services));
    ComponentId web = opened_component(&opened, "site.web"), rear = opened_component(&opened, "site.rear");
    ClassId front = reach_class_of_unit(f.reach, f.model->components[web].first_unit),
            behind = reach_class_of_unit(f.reach, f.model->components[rear].first_unit);
    uint32_t group = f.model->components[opened_component(&opened, "site.fw")].groups[0], table = 0;
    while (!g_str_has_suffix(f.model->route_tables[table].name, " ingress"))
        table++;
    const Route *ingress = &f.model->route_tables[table].routes[0];
    while (ingress->target != ROUTE_INTERFACE)
        ingress++;
    g_assert_true(netstate_route_remove(f.state, table, ingress));
    reach_bits_follow_table(f.bits, table);
    g_assert_false(reach_bits_connect(f.bits, 0, CLASS_INTERNET, front)); /* but it would answer through fw */
    assert_same(&f);
    netstate_route_add(f.state, table, ingress);
    reach_bits_follow_table(f.bits, table);
    for (int turn = 0; turn < 2; turn++) {
        g_assert_cmpint(reach_bits_connect(f.bits, 0, CLASS_INTERNET, front), ==, turn == 0);
        g_assert_cmpint(reach_bits_connect(f.bits, 0, front, behind), ==, turn == 0);
        assert_same(&f);
        netstate_rule_remove(f.state, group, true, &f.model->groups[group].inbound[0]);
        reach_bits_follow(f.bits, group);
    }
    follower_close(&f, &opened);
}

/* The ACL and the table of a NAT gateway's subnet are those of everybody behind it. */
static const char behind[] = "network a us-east-1 10.0.0.0/16 gateway\n"
                             "subnet a.x us-east-1a 10.0.1.0/24\nsubnet a.y us-east-1a 10.0.2.0/24\nnat n a.y\n"
                             "route a.x 0.0.0.0/0 nat n\nroute a.y 0.0.0.0/0 gateway\nhost A a.x - -\n"
                             "acl a open\nuses a.y open\n"
                             "entry open in 9 allow any any\nentry open out 9 allow any any\n";

static void test_behind(void) {
    Follower f = {.draft = draft_new()};
    draft_text(f.draft, behind);
    f.model = draft_model(f.draft);
    f.reach = reach_new(f.model);
    f.state = netstate_new(f.model);
    follower_look(&f, services, G_N_ELEMENTS(services));
    ClassId client = draft_class(f.model, f.reach, "A");
    uint32_t table = f.model->places[draft_place(f.model, "a.y")].route_table;
    AclRule deny = {.number = 1, .ports = {.range = {{PROTOCOL_TCP, 80, 80}}, .count = 1}};
    g_assert_true(reach_bits_connect(f.bits, 0, client, CLASS_INTERNET));
    netstate_acl_add(f.state, 0, true, &deny);
    reach_bits_follow_acl(f.bits, 0);
    g_assert_false(reach_bits_connect(f.bits, 0, client, CLASS_INTERNET));
    g_assert_true(reach_bits_connect(f.bits, 1, client, CLASS_INTERNET));
    assert_same(&f);
    for (uint32_t i = 0; i < f.model->route_tables[table].route_count; i++)
        if (f.model->route_tables[table].routes[i].target == ROUTE_INTERNET_GATEWAY)
            netstate_route_remove(f.state, table, &f.model->route_tables[table].routes[i]);
    reach_bits_follow_table(f.bits, table);
    g_assert_false(reach_bits_connect(f.bits, 1, client, CLASS_INTERNET));
    assert_same(&f);
    reach_bits_free(f.bits);
    netstate_free(f.state);
    reach_free(f.reach);
    draft_free(f.draft);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/follow/random", test_random);
    g_test_add_func("/follow/enriched", test_enriched);
    g_test_add_func("/follow/estate", test_estate);
    g_test_add_func("/follow/low-ports", test_low_ports);
    g_test_add_func("/follow/everything", test_everything);
    g_test_add_func("/follow/passed", test_passed);
    g_test_add_func("/follow/behind", test_behind);
    return g_test_run();
}
