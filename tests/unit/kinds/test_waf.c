/* test_waf.c - what a firewall at the edge drops, of attacks and of the rest. */
#include <string.h>

#include "tests/unit/kinds/fake.h"

extern const Kind kind_waf;

typedef struct {
    Fake *fake;
    UnitId unit;
} Edge;

static Edge edge_new(const char *keys) {
    Edge edge = {.fake = fake_new(2)};
    ComponentId waf = fake_component(edge.fake, "waf", &kind_waf, keys, fake_place(edge.fake, "edge"));
    edge.unit = fake_unit(edge.fake, waf, NO_PLACE);
    fake_start(edge.fake);
    return edge;
}

/* Of 10,000 requests so many are dropped; each takes the delay, whatever becomes of it. */
static int dropped(Edge *edge, bool hostile, SimTime delay) {
    int count = 0;
    for (uint32_t i = 0; i < 10000; i++) {
        Request request = fake_request_of(edge->fake, i);
        request.hostile = hostile;
        Outcome outcome = fake_request(edge->fake, edge->unit, request);
        assert_ns(outcome.ready, simtime_add(fake_now(edge->fake), delay));
        count += outcome.kind == OUTCOME_FAIL;
        if (outcome.kind == OUTCOME_FAIL)
            g_assert_cmpint(outcome.cause, ==, CAUSE_BLOCKED);
        else
            g_assert_cmpint(outcome.kind, ==, OUTCOME_PASS);
    }
    return count;
}

static void test_all_or_nothing(void) {
    Edge edge = edge_new("{catches: 100 %, delay: 5 ms}");
    fake_advance(edge.fake, SIMTIME_S(3));
    g_assert_cmpint(dropped(&edge, true, SIMTIME_MS(5)), ==, 10000);
    g_assert_cmpint(dropped(&edge, false, SIMTIME_MS(5)), ==, 0);
    fake_free(edge.fake);
    edge = edge_new("{catches: 0 %, false_positives: 100 %}");
    g_assert_cmpint(dropped(&edge, true, SIMTIME_MS(1)), ==, 0);
    g_assert_cmpint(dropped(&edge, false, SIMTIME_MS(1)), ==, 10000);
    fake_free(edge.fake);
}

static void test_shares(void) {
    Edge edge = edge_new("{catches: 95 %, false_positives: 2 %}");
    g_assert_cmpint(ABS(dropped(&edge, true, SIMTIME_MS(1)) - 9500), <, 90); /* sd 22 */
    g_assert_cmpint(ABS(dropped(&edge, false, SIMTIME_MS(1)) - 200), <, 60); /* sd 14 */
    fake_free(edge.fake);
}

/* The same request meets the same fate, whoever else asked before. */
static void test_by_own_luck(void) {
    Edge a = edge_new("{catches: 50 %}"), b = edge_new("{catches: 50 %}");
    for (uint32_t i = 0; i < 20; i++) {
        Request request = fake_request_of(a.fake, i);
        request.hostile = true;
        OutcomeKind first = fake_request(a.fake, a.unit, request).kind;
        dropped(&b, false, SIMTIME_MS(1));
        g_assert_cmpint(fake_request(b.fake, b.unit, request).kind, ==, first);
    }
    fake_free(a.fake);
    fake_free(b.fake);
}

static void bill(void *user, CostBasis basis, const char *price_name) {
    g_string_append_printf(user, "%d %s;", (int)basis, price_name);
}

static void test_price(void) {
    GString *items = g_string_new(NULL);
    CostSheet sheet = {.user = items, .item = bill};
    kind_waf.price(NULL, &sheet);
    g_assert_cmpstr(items->str, ==, "1 waf_hour;3 waf_million_requests;");
    g_string_free(items, TRUE);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/waf/all-or-nothing", test_all_or_nothing);
    g_test_add_func("/waf/shares", test_shares);
    g_test_add_func("/waf/by-own-luck", test_by_own_luck);
    g_test_add_func("/waf/price", test_price);
    return g_test_run();
}
