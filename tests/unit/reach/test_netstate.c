/* test_netstate.c - what differs from the model: epochs, copies, and the way back to the model. */
#include "reach/netstate.h"

#include <glib.h>

#include "reach/netstate_private.h"
#include "tests/unit/reach/drafted.h"

static const char network[] = "network v us-east-1 10.0.0.0/16\n"
                              "subnet v.a us-east-1a 10.0.1.0/24\n"
                              "subnet v.b us-east-1b 10.0.2.0/24\n"
                              "group v g\n"
                              "rule g in tcp/80 @g\n"
                              "host A v.a g any\n"
                              "host B v.b g any\n";

static const char listed[] = "acl v strict\nentry strict in 100 allow any any\nentry strict out 100 allow any any\n"
                             "uses v.b strict\nroute v.a 203.0.113.0/24 blackhole\n";

/* `more`: further lines, or NULL. */
static void set_up(Drafted *f, gconstpointer more) { drafted_open(f, network, more); }

static void tear_down(Drafted *f, gconstpointer more) {
    (void)more;
    drafted_close(f);
}

static const char *code(const Drafted *f, const NetState *state) {
    Query query = {.from = draft_class(f->model, f->reach, "A"),
                   .to = draft_class(f->model, f->reach, "B"),
                   .protocol = PROTOCOL_TCP,
                   .port = 80};
    return reach_verdict(f->reach, state, query).code;
}

/* Every change moves the epoch on; saying again what holds does not. */
static void test_epoch(Drafted *f, gconstpointer data) {
    (void)data;
    PlaceId a = draft_place(f->model, "us-east-1a"), b = draft_place(f->model, "us-east-1b");
    ComponentId host = draft_component(f->model, "B");
    uint32_t group = draft_group(f->model, "g");
    Rule rule = draft_rule(f->model, "tcp/22 any"), absent = draft_rule(f->model, "tcp/23 any");
    uint64_t epoch = netstate_epoch(f->state);
    g_assert_cmpuint(epoch, ==, 1);
    for (int on = 1; on >= 0; on--) {
        for (int again = 0; again < 2; again++) {
            netstate_place_down(f->state, a, on);
            netstate_link_cut(f->state, a, b, on);
            netstate_isolate(f->state, host, on);
            netstate_unit_down(f->state, 0, on);
            netstate_unit_unnoticed(f->state, 0, on);
        }
        epoch += 5;
        g_assert_cmpuint(netstate_epoch(f->state), ==, epoch);
    }
    netstate_rule_add(f->state, group, true, &rule);
    netstate_rule_add(f->state, group, true, &rule);
    g_assert_true(netstate_rule_remove(f->state, group, true, &rule));
    g_assert_true(netstate_rule_remove(f->state, group, true, &rule));
    g_assert_cmpuint(netstate_epoch(f->state), ==, epoch + 4);
    g_assert_false(netstate_rule_remove(f->state, group, true, &rule));
    g_assert_false(netstate_rule_remove(f->state, group, false, &absent));
    g_assert_cmpuint(netstate_epoch(f->state), ==, epoch + 4);
    g_assert_cmpstr(code(f, f->state), ==, "");
}

static void disturb(const Drafted *f, NetState *state) {
    Rule rule = draft_rule(f->model, "tcp/80 @g");
    g_assert_true(netstate_rule_remove(state, draft_group(f->model, "g"), true, &rule));
    netstate_link_cut(state, draft_place(f->model, "us-east-1b"), draft_place(f->model, "us-east-1a"), true);
    netstate_isolate(state, draft_component(f->model, "B"), true);
    netstate_place_down(state, draft_place(f->model, "us-east-1b"), true);
    g_free(rule.peer.groups);
}

/* A copy has it all and goes its own way. */
static void test_copy(Drafted *f, gconstpointer data) {
    (void)data;
    disturb(f, f->state);
    NetState *copy = netstate_copy(f->state);
    g_assert_cmpuint(netstate_epoch(copy), ==, netstate_epoch(f->state));
    netstate_reset(f->state);
    g_assert_cmpuint(netstate_epoch(f->state), ==, 1);
    g_assert_cmpstr(code(f, f->state), ==, "");
    g_assert_cmpstr(code(f, copy), ==, "BAD_STATE");
    netstate_place_down(copy, draft_place(f->model, "us-east-1b"), false);
    g_assert_cmpstr(code(f, copy), ==, "ISOLATED");
    netstate_isolate(copy, draft_component(f->model, "B"), false);
    g_assert_cmpstr(code(f, copy), ==, "ENI_SG_RULES_MISMATCH");
    Rule rule = draft_rule(f->model, "tcp/80 @g");
    netstate_rule_add(copy, draft_group(f->model, "g"), true, &rule);
    rule.peer.groups[0] = 99; /* the state keeps a copy */
    g_assert_cmpstr(code(f, copy), ==, "LINK_CUT");
    netstate_link_cut(copy, draft_place(f->model, "us-east-1b"), draft_place(f->model, "us-east-1a"), false);
    g_assert_cmpstr(code(f, copy), ==, "");
    g_free(rule.peer.groups);
    netstate_free(copy);
}

/* Several cuts are told apart. */
static void test_cuts(Drafted *f, gconstpointer data) {
    (void)data;
    PlaceId a = draft_place(f->model, "us-east-1a"), b = draft_place(f->model, "us-east-1b");
    netstate_link_cut(f->state, b, draft_place(f->model, "aws"), true);
    netstate_link_cut(f->state, a, b, true);
    netstate_link_cut(f->state, b, a, true);
    g_assert_cmpuint(netstate_epoch(f->state), ==, 4);
    netstate_link_cut(f->state, b, a, false);
    g_assert_cmpstr(code(f, f->state), ==, "LINK_CUT");
    netstate_link_cut(f->state, a, b, false);
    g_assert_cmpstr(code(f, f->state), ==, "");
    g_assert_cmpuint(netstate_epoch(f->state), ==, 6);
}

static void test_reset(Drafted *f, gconstpointer data) {
    (void)data;
    for (int i = 0; i < 2; i++) {
        disturb(f, f->state);
        g_assert_cmpstr(code(f, f->state), ==, "BAD_STATE");
        netstate_reset(f->state);
        g_assert_cmpstr(code(f, f->state), ==, "");
    }
    netstate_free(NULL);
}

/* ---- ACLs and routes -----------------------------------------------------------------------------------------------
 */
static AclRule deny(uint32_t number) {
    AclRule rule = {.number = number};
    g_assert_true(ports_add(&rule.ports, (PortRange){PROTOCOL_TCP, 80, 80}));
    return rule;
}

/* Entries keep the order of their numbers, so a lower one decides wherever it came. */
static void test_acl(Drafted *f, gconstpointer data) {
    (void)data;
    NetState *state = f->state;
    AclRule late = deny(101), early = deny(99), late_again = deny(101);
    netstate_acl_add(state, 0, true, &late);
    g_assert_cmpuint(netstate_epoch(state), ==, 2);
    g_assert_cmpstr(code(f, state), ==, "");
    netstate_acl_add(state, 0, true, &early);
    g_assert_cmpstr(code(f, state), ==, "SUBNET_ACL_RESTRICTION");
    NetState *copy = netstate_copy(state);
    g_assert_true(netstate_acl_remove(state, 0, true, &early));
    g_assert_false(netstate_acl_remove(state, 0, true, &early));
    g_assert_false(netstate_acl_remove(state, 0, false, &late));
    g_assert_cmpstr(code(f, state), ==, "");
    g_assert_cmpuint(netstate_epoch(state), ==, 4);
    g_assert_cmpstr(code(f, copy), ==, "SUBNET_ACL_RESTRICTION");
    g_assert_true(netstate_acl_remove(state, 0, true, &late_again)); /* equal is enough */
    netstate_reset(copy);
    g_assert_cmpstr(code(f, copy), ==, "");
    netstate_free(copy);
}

/* What a change of the timeline does, and its opposite. */
static void test_changes(Drafted *f, gconstpointer data) {
    (void)data;
    const Model *model = f->model;
    NetState *state = f->state;
    const RouteTable *table = &model->route_tables[0];
    Rule rule = draft_rule(model, "tcp/80 @g");
    const TimelineEvent changes[] = {
        {.kind = EVENT_CHANGE, .change = CHANGE_GROUP, .group = 0, .inbound = true, .removes = true, .rule = rule},
        {.kind = EVENT_CHANGE, .change = CHANGE_ACL, .group = 0, .inbound = true, .acl_rule = deny(1)},
        {.kind = EVENT_CHANGE, .change = CHANGE_ROUTE, .removes = true, .route = table->routes[0]},
    };
    static const char *const codes[] = {"ENI_SG_RULES_MISMATCH", "SUBNET_ACL_RESTRICTION", "NO_ROUTE_TO_DESTINATION"};
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        netstate_change(state, &changes[i], false);
        g_assert_cmpstr(code(f, state), ==, codes[i]);
        NetState *copy = netstate_copy(state);
        netstate_change(state, &changes[i], true);
        g_assert_cmpstr(code(f, state), ==, "");
        g_assert_cmpstr(code(f, copy), ==, codes[i]);
        netstate_free(copy);
    }
    g_assert_cmpuint(netstate_epoch(state), ==, 1 + 2 * G_N_ELEMENTS(changes));
    Route beside = {.to = table->routes[0].to, .target = ROUTE_BLACKHOLE};
    g_assert_false(netstate_route_remove(state, 0, &beside));
    netstate_route_add(state, 0, &beside); /* a local route is as long, and stands first */
    g_assert_cmpstr(code(f, state), ==, "");
    g_assert_true(netstate_route_remove(state, 0, &table->routes[0]));
    g_assert_cmpstr(code(f, state), ==, "BAD_STATE_ROUTE");
    netstate_reset(state);
    g_assert_cmpstr(code(f, state), ==, "");
    g_free(rule.peer.groups);
}

/* ---- what is tried out ---------------------------------------------------------------------------------------------
 */
/* A grant is for one kind of door, between two, at one port; and no longer than until the next reset. */
static void test_grants(Drafted *f, gconstpointer data) {
    (void)data;
    const WorkloadsGrant grant = {GRANT_IN, 0, 1, PROTOCOL_TCP, 80};
    const WorkloadsGrant others[] = {{GRANT_OUT, 0, 1, PROTOCOL_TCP, 80},
                                     {GRANT_IN, 1, 1, PROTOCOL_TCP, 80},
                                     {GRANT_IN, 0, 0, PROTOCOL_TCP, 80},
                                     {GRANT_IN, 0, 1, PROTOCOL_UDP, 80},
                                     {GRANT_IN, 0, 1, PROTOCOL_TCP, 81}};
    g_assert_false(netstate_workloads_granted(f->state, &grant));
    netstate_workloads_grant(f->state, &grant);
    netstate_workloads_take(f->state, 7);
    g_assert_cmpuint(netstate_epoch(f->state), ==, 3);
    NetState *copy = netstate_copy(f->state);
    netstate_reset(f->state);
    g_assert_false(netstate_workloads_granted(f->state, &grant));
    g_assert_false(netstate_workloads_taken(f->state, 7));
    g_assert_true(netstate_workloads_granted(copy, &grant));
    g_assert_true(netstate_workloads_taken(copy, 7));
    g_assert_false(netstate_workloads_taken(copy, 8));
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        g_assert_false(netstate_workloads_granted(copy, &others[i]));
    netstate_free(copy);
}

/* What was never done cannot be taken back. */
static void test_never_done(Drafted *f, gconstpointer data) {
    (void)data;
    const WorkloadsChange change = {.kind = WORKLOADS_POLICY, .value = 1};
    netstate_workloads_change(f->state, &change, true);
    g_assert_cmpstr(code(f, f->state), ==, "");
    g_assert_false(reach_disables_mtls(f->state, 0)); /* where there is no mesh, nobody does */
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add("/netstate/epoch", Drafted, NULL, set_up, test_epoch, tear_down);
    g_test_add("/netstate/copy", Drafted, NULL, set_up, test_copy, tear_down);
    g_test_add("/netstate/cuts", Drafted, NULL, set_up, test_cuts, tear_down);
    g_test_add("/netstate/acl", Drafted, listed, set_up, test_acl, tear_down);
    g_test_add("/netstate/changes", Drafted, listed, set_up, test_changes, tear_down);
    g_test_add("/netstate/reset", Drafted, NULL, set_up, test_reset, tear_down);
    g_test_add("/netstate/grants", Drafted, NULL, set_up, test_grants, tear_down);
    g_test_add("/netstate/never-done", Drafted, NULL, set_up, test_never_done, tear_down);
    return g_test_run();
}
