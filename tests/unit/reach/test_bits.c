/* test_bits.c - the bits say what single verdicts say, before and after rules change. */
#include <glib.h>
#include <string.h>

#include "tests/unit/reach/drafted.h"
#include "tests/unit/reach/estate.h"
#include "tests/unit/reach/maker.h"

enum { NETWORKS = 1500, EXTRA = 100, GATEWAYS = 3 + 1 /* NAT gateways and a peering */ };

static const Service services[] = {{PROTOCOL_TCP, 80}, {PROTOCOL_TCP, 443}, {PROTOCOL_UDP, 53}, {PROTOCOL_ICMP, 0}};

static uint32_t assert_same(const Reach *reach, const NetState *state, const ReachBits *bits) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(reach, &classes), connected = 0;
    for (uint32_t s = 0; s < G_N_ELEMENTS(services); s++) {
        for (uint32_t a = 0; a <= count; a++) {
            for (uint32_t b = 0; b <= count; b++) {
                Query query = {.from = a < count ? a : CLASS_INTERNET,
                               .to = b < count ? b : CLASS_INTERNET,
                               .protocol = services[s].protocol,
                               .port = services[s].port};
                bool expected = reach_verdict(reach, state, query).kind == VERDICT_REACH;
                g_assert_cmpint(reach_bits_connect(bits, s, query.from, query.to), ==, expected);
                connected += expected;
            }
        }
    }
    return connected;
}

static void disturb(const Model *model, NetState *state, Draw *luck) {
    for (PlaceId p = 0; p < model->place_count; p++)
        netstate_place_down(state, p, draw_below(luck, 100) == 0);
    for (ComponentId c = 0; c < model->component_count; c++)
        netstate_isolate(state, c, draw_below(luck, 100) == 0);
    if (draw_below(luck, 5) == 0)
        netstate_link_cut(state, (PlaceId)draw_below(luck, model->place_count),
                          (PlaceId)draw_below(luck, model->place_count), true);
}

/* Change some rules of some groups and follow each. */
static void change(const Model *model, NetState *state, ReachBits *bits, Draw *luck) {
    static const char *const rules[] = {"any any", "tcp/80 0.0.0.0/0", "tcp/443 10.0.0.0/16", "any 10.0.0.0/24",
                                        "icmp any"};
    for (int i = 0; i < 3; i++) {
        uint32_t group = (uint32_t)draw_below(luck, model->group_count);
        bool inbound = draw_below(luck, 3) > 0;
        const SecurityGroup *owner = &model->groups[group];
        uint32_t count = inbound ? owner->inbound_count : owner->outbound_count;
        if (count > 0 && draw_below(luck, 2) == 0) {
            const Rule *old = (inbound ? owner->inbound : owner->outbound) + draw_below(luck, count);
            netstate_rule_remove(state, group, inbound, old);
        } else {
            Rule rule = draft_rule(model, rules[draw_below(luck, G_N_ELEMENTS(rules))]);
            netstate_rule_add(state, group, inbound, &rule);
        }
        reach_bits_follow(bits, group);
    }
}

static void test_same(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test_bits", "same");
    uint32_t before = 0, after = 0, differ = 0;
    for (uint64_t round = 0; round < NETWORKS; round++) {
        Draw luck = stream_draw(&stream, round);
        GPtrArray *lines = maker_network(&luck);
        Draft *draft = maker_build(lines, UINT_MAX);
        const Model *model = draft_model(draft);
        Reach *reach = reach_new(model);
        NetState *state = netstate_new(model);
        disturb(model, state, &luck);
        ReachBits *bits = reach_bits_new(reach, state, services, G_N_ELEMENTS(services));
        uint32_t connected = assert_same(reach, state, bits);
        change(model, state, bits, &luck);
        uint32_t now = assert_same(reach, state, bits);
        before += connected;
        after += now;
        differ += connected != now;
        reach_bits_free(bits);
        netstate_free(state);
        reach_free(reach);
        draft_free(draft);
        g_ptr_array_free(lines, TRUE);
    }
    g_test_message("%u pairs connected before, %u after; %u networks changed", before, after, differ);
    g_assert_cmpuint(differ, >, NETWORKS / 10);
    reach_bits_free(NULL);
}

/* A larger, regular one: two joined networks and one apart, with and without ACLs. */
static void test_estate(gconstpointer acls) {
    Draft *draft = estate_new(3, 12, 2, acls != NULL);
    for (uint32_t i = 0; i < EXTRA; i++) { /* so that one network needs more words than the others */
        char *line = g_strdup_printf("host x%u n0.t%uz1 g0-%u any%s", i, i % 4, i % 12, i % 3 == 0 ? " public" : "");
        draft_line(draft, line);
        g_free(line);
    }
    const Model *model = draft_model(draft);
    Reach *reach = reach_new(model);
    NetState *state = netstate_new(model);
    ReachBits *bits = reach_bits_new(reach, state, estate_services, ESTATE_SERVICES);
    const EndpointClass *classes;
    uint32_t count = reach_classes(reach, &classes), connected = 0;
    g_assert_cmpuint(count, ==, 3 * 12 * ESTATE_ZONES + EXTRA + GATEWAYS);
    for (uint32_t s = 0; s < ESTATE_SERVICES; s++) {
        for (ClassId a = 0; a < count; a++) {
            for (ClassId b = 0; b < count; b++) {
                Query query = {
                    .from = a, .to = b, .protocol = estate_services[s].protocol, .port = estate_services[s].port};
                bool expected = reach_verdict(reach, state, query).kind == VERDICT_REACH;
                g_assert_cmpint(reach_bits_connect(bits, s, a, b), ==, expected);
                connected += expected;
            }
        }
    }
    g_assert_cmpuint(connected, >, count);
    reach_bits_free(bits);
    netstate_free(state);
    reach_free(reach);
    draft_free(draft);
}

/* From one network into a joined one through a NAT gateway: servers see its address, not the client's. */
static const char hidden[] = "network a us-east-1 10.0.0.0/16\nnetwork b us-east-1 10.1.0.0/16\n"
                             "subnet a.x us-east-1a 10.0.1.0/24\nsubnet a.y us-east-1b 10.0.2.0/24\n"
                             "subnet b.x us-east-1a 10.1.1.0/24\npeering ab a b\nnat n a.y\n"
                             "route a.x 10.1.0.0/16 nat n\nroute a.y 10.1.0.0/16 peering ab\n"
                             "route b.x 10.0.0.0/16 peering ab\n"
                             "group a ga\ngroup b by-group\ngroup b by-range\ngroup b by-client\n"
                             "rule by-group in any @ga\nrule by-range in tcp/80,udp/53 10.0.2.0/24\n"
                             "rule by-client in any 10.0.1.0/24\n"
                             "host A a.x ga any\nhost Y a.y ga any\n"
                             "host G b.x by-group any\nhost R b.x by-range any\nhost C b.x by-client any\n";
static const char late[] = "acl b strict\nuses b.x strict\nentry strict out 1 allow any any\n"
                           "entry strict in 1 deny tcp/80 any\nentry strict in 2 allow any any\n";

static void test_hidden(gconstpointer acls) {
    Drafted at;
    drafted_open(&at, hidden, acls != NULL ? late : NULL);
    ReachBits *bits = reach_bits_new(at.reach, at.state, services, G_N_ELEMENTS(services));
    ClassId client = draft_class(at.model, at.reach, "A"), server = draft_class(at.model, at.reach, "R");
    g_assert_true(reach_bits_connect(bits, 2, client, server)); /* udp/53 */
    g_assert_cmpint(reach_bits_connect(bits, 0, client, server), ==, acls == NULL);
    g_assert_false(reach_bits_connect(bits, 2, client, draft_class(at.model, at.reach, "G")));
    g_assert_false(reach_bits_connect(bits, 2, client, draft_class(at.model, at.reach, "C")));
    g_assert_cmpuint(assert_same(at.reach, at.state, bits), >, 0);
    Rule rule = draft_rule(at.model, "any 10.0.2.0/24");
    netstate_rule_add(at.state, draft_group(at.model, "by-group"), true, &rule);
    reach_bits_follow(bits, draft_group(at.model, "by-group"));
    g_assert_true(reach_bits_connect(bits, 2, client, draft_class(at.model, at.reach, "G")));
    assert_same(at.reach, at.state, bits);
    uint32_t own = draft_group(at.model, "ga"); /* the client's side of it */
    g_assert_true(netstate_rule_remove(at.state, own, false, &at.model->groups[own].outbound[0]));
    reach_bits_follow(bits, own);
    g_assert_false(reach_bits_connect(bits, 2, client, server));
    assert_same(at.reach, at.state, bits);
    netstate_rule_add(at.state, own, false, &at.model->groups[own].outbound[0]);
    reach_bits_follow(bits, own);
    g_assert_true(reach_bits_connect(bits, 2, client, server));
    assert_same(at.reach, at.state, bits);
    reach_bits_free(bits);
    drafted_close(&at);
}

/* All traffic is a service of its own: a NAT gateway, which refuses it as such, passes on some of its parts. */
static void test_everything(void) {
    static const Service asked[] = {{PROTOCOL_ANY, 0}, {PROTOCOL_UDP, 53}, {PROTOCOL_ANY, 0}};
    Drafted at;
    drafted_open(&at, hidden, NULL);
    ReachBits *bits = reach_bits_new(at.reach, at.state, asked, G_N_ELEMENTS(asked));
    ClassId client = draft_class(at.model, at.reach, "A"), near = draft_class(at.model, at.reach, "Y"),
            server = draft_class(at.model, at.reach, "R"), open = draft_class(at.model, at.reach, "G");
    for (uint32_t s = 0; s < G_N_ELEMENTS(asked); s++) {
        g_assert_cmpint(reach_bits_connect(bits, s, client, server), ==, s == 1);
        g_assert_true(reach_bits_connect(bits, s, near, open));
    }
    reach_bits_free(bits);
    drafted_close(&at);
}

/* An ACL that tells services apart by their answers alone, and then by their ports. */
static void test_answers(void) {
    static const char answers[] = "acl b answers\nuses b.x answers\nentry answers in 1 allow any any\n"
                                  "entry answers out 1 allow tcp/1024-65535 any\n";
    Drafted at;
    drafted_open(&at, hidden, answers);
    ReachBits *bits = reach_bits_new(at.reach, at.state, services, G_N_ELEMENTS(services));
    ClassId client = draft_class(at.model, at.reach, "Y"), server = draft_class(at.model, at.reach, "R");
    g_assert_true(reach_bits_connect(bits, 0, client, server));
    g_assert_false(reach_bits_connect(bits, 2, client, server)); /* udp/53: no answer */
    g_assert_cmpuint(assert_same(at.reach, at.state, bits), >, 0);
    AclRule rule = {.number = 0, .allow = false};
    ports_add(&rule.ports, (PortRange){PROTOCOL_TCP, 80, 80});
    netstate_acl_add(at.state, 0, true, &rule);
    reach_bits_follow_acl(bits, 0);
    g_assert_false(reach_bits_connect(bits, 0, client, server));
    assert_same(at.reach, at.state, bits);
    reach_bits_free(bits);
    drafted_close(&at);
}

/* One service is shut out by an ACL; the others keep being asked one by one, also when a group changes afterwards. */
static void test_remembered(void) {
    static const char open[] =
        "acl b open\nuses b.x open\nentry open in 5 allow any any\nentry open out 5 allow any any\n";
    Drafted at;
    drafted_open(&at, hidden, open);
    ReachBits *bits = reach_bits_new(at.reach, at.state, services, G_N_ELEMENTS(services));
    AclRule deny = {.number = 1, .allow = false};
    ports_add(&deny.ports, (PortRange){PROTOCOL_TCP, 80, 80});
    netstate_acl_add(at.state, 0, true, &deny);
    reach_bits_follow_acl(bits, 0);
    assert_same(at.reach, at.state, bits);
    Rule rule = draft_rule(at.model, "tcp/443 172.16.0.0/12");
    netstate_rule_add(at.state, draft_group(at.model, "by-range"), true, &rule);
    reach_bits_follow(bits, draft_group(at.model, "by-range"));
    g_assert_true(
        reach_bits_connect(bits, 2, draft_class(at.model, at.reach, "A"), draft_class(at.model, at.reach, "R")));
    assert_same(at.reach, at.state, bits);
    reach_bits_free(bits);
    drafted_close(&at);
}

/* The way loses its NAT gateway, and pairs that were asked one by one look like any other; and back again. */
static void test_unhidden(void) {
    Drafted at;
    drafted_open(&at, hidden, NULL);
    ReachBits *bits = reach_bits_new(at.reach, at.state, services, G_N_ELEMENTS(services));
    uint32_t table = at.model->places[draft_place(at.model, "a.x")].route_table;
    Route through = {0}, straight = {0};
    for (uint32_t t = 0; t < at.model->route_table_count; t++)
        for (uint32_t i = 0; i < at.model->route_tables[t].route_count; i++) {
            const Route *route = &at.model->route_tables[t].routes[i];
            if (t == table && route->target == ROUTE_INTERFACE)
                through = *route;
            if (route->target == ROUTE_JOIN && prefix_equal(&route->to, &at.model->networks[1].cidr))
                straight = *route;
        }
    ClassId client = draft_class(at.model, at.reach, "A");
    for (int turn = 0; turn < 2; turn++) {
        netstate_route_remove(at.state, table, turn == 0 ? &through : &straight);
        netstate_route_add(at.state, table, turn == 0 ? &straight : &through);
        reach_bits_follow_table(bits, table);
        g_assert_cmpint(reach_bits_connect(bits, 2, client, draft_class(at.model, at.reach, "R")), ==, turn == 1);
        g_assert_cmpint(reach_bits_connect(bits, 2, client, draft_class(at.model, at.reach, "G")), ==, turn == 0);
        g_assert_cmpint(reach_bits_connect(bits, 2, client, draft_class(at.model, at.reach, "C")), ==, turn == 0);
        assert_same(at.reach, at.state, bits);
    }
    reach_bits_free(bits);
    drafted_close(&at);
}

/* Networks that are not joined, one behind a NAT gateway whose wider range of ports the other's ACL does not let back;
 * and a peering between regions, across which no rule may name a group. */
static const char apart[] =
    "network a us-east-1 10.0.0.0/16 gateway\nnetwork b us-east-1 10.1.0.0/16 gateway\n"
    "network c us-west-2 10.2.0.0/16\npeering bc b c\n"
    "subnet a.x us-east-1a 10.0.1.0/24\nsubnet a.y us-east-1b 10.0.2.0/24\n"
    "subnet b.x us-east-1a 10.1.1.0/24\nsubnet c.x us-west-2a 10.2.1.0/24\n"
    "nat n a.y\nroute a.x 0.0.0.0/0 nat n\nroute a.y 0.0.0.0/0 gateway\n"
    "route b.x 0.0.0.0/0 gateway\nroute b.x 10.2.0.0/16 peering bc\nroute c.x 10.1.0.0/16 peering bc\n"
    "group c gc\nrule gc in any any\ngroup b gb shut\nrule gb in any any\nrule gb out any @gc\n"
    "host A a.x - any\nhost Y a.y - any public\nhost B b.x gb any public\nhost C c.x gc any\n"
    "acl b strict\nuses b.x strict\nentry strict in 1 allow any any\n"
    "entry strict out 1 allow tcp/32768-60999,udp any\nentry strict out 2 allow icmp any\n";

static void test_apart(void) {
    Drafted at;
    drafted_open(&at, apart, NULL);
    ReachBits *bits = reach_bits_new(at.reach, at.state, services, G_N_ELEMENTS(services));
    ClassId a = draft_class(at.model, at.reach, "A"), y = draft_class(at.model, at.reach, "Y"),
            b = draft_class(at.model, at.reach, "B");
    g_assert_false(reach_bits_connect(bits, 0, a, b)); /* tcp/80: its answers go to any port of 1024-65535 */
    g_assert_true(reach_bits_connect(bits, 0, y, b));
    g_assert_true(reach_bits_connect(bits, 2, a, b));
    g_assert_false(reach_bits_connect(bits, 2, b, draft_class(at.model, at.reach, "C")));
    assert_same(at.reach, at.state, bits);
    reach_bits_follow(bits, draft_group(at.model, "gb"));
    assert_same(at.reach, at.state, bits);
    reach_bits_free(bits);
    drafted_close(&at);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bits/same", test_same);
    g_test_add_data_func("/bits/estate/plain", NULL, test_estate);
    g_test_add_data_func("/bits/estate/acls", "acls", test_estate);
    g_test_add_data_func("/bits/hidden/plain", NULL, test_hidden);
    g_test_add_data_func("/bits/hidden/acls", "acls", test_hidden);
    g_test_add_func("/bits/everything", test_everything);
    g_test_add_func("/bits/answers", test_answers);
    g_test_add_func("/bits/remembered", test_remembered);
    g_test_add_func("/bits/unhidden", test_unhidden);
    g_test_add_func("/bits/apart", test_apart);
    return g_test_run();
}
