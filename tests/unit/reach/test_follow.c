/* test_follow.c - bits that follow changes of ACLs, routes and groups, one after the other, answer as the verdicts do.
 */
#include <glib.h>

#include "base/luck.h"
#include "tests/unit/reach/estate.h"
#include "tests/unit/reach/maker.h"

enum { NETWORKS = 1000, CHANGES = 12 };

static const Service services[] = {{PROTOCOL_TCP, 80}, {PROTOCOL_UDP, 53}, {PROTOCOL_ICMP, 0}};

typedef struct {
    Draft *draft;
    const Model *model;
    Reach *reach;
    NetState *state;
    ReachBits *bits;
    uint32_t changed; /* answers that some change turned round */
} Follower;

/* How many pairs reach; every answer is that of the verdict. */
static uint32_t assert_same(const Follower *f) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(f->reach, &classes), reaching = 0;
    for (uint32_t s = 0; s < G_N_ELEMENTS(services); s++) {
        for (uint32_t a = 0; a <= count; a++) {
            for (uint32_t b = 0; b <= count; b++) {
                Query query = {.from = a < count ? a : CLASS_INTERNET,
                               .to = b < count ? b : CLASS_INTERNET,
                               .protocol = services[s].protocol,
                               .port = services[s].port};
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
    f->bits = reach_bits_new(f->reach, f->state, services, G_N_ELEMENTS(services));
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

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/follow/random", test_random);
    g_test_add_func("/follow/enriched", test_enriched);
    g_test_add_func("/follow/estate", test_estate);
    return g_test_run();
}
