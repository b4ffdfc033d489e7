/* test_egress_proxy.c - a proxy's queue is bounded, and callers leave out a node when its checks have failed, not
 * before. */
#include <glib.h>

#include "tests/unit/kinds/fake.h"

extern const Kind kind_egress_proxy, kind_bastion, kind_outside_service;

enum { NODES = 2, CALLERS = 400 };

static SimTime seconds(int64_t s) { return (SimTime){s * 1000000000}; }

static UnitId proxy_new(Fake *fake, const char *keys) {
    PlaceId a = fake_place(fake, "zone a"), b = fake_place(fake, "zone b");
    ComponentId proxy = fake_component(fake, "proxy", &kind_egress_proxy, keys, a);
    UnitId first = fake_unit(fake, proxy, a);
    fake_unit(fake, proxy, b);
    fake_start(fake);
    return first;
}

/* How many of the callers take the first node. */
static uint32_t callers_of_first(Fake *fake, UnitId first) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < CALLERS; i++) {
        Request request = fake_request_of(fake, i);
        count += kind_egress_proxy.door(fake_ctx(fake, 0), &request) == first;
    }
    return count;
}

/* Two workers at 10 s each and room for three: the sixth at once is turned away, one at the other node is not. */
static void test_full(void) {
    Fake *fake = fake_new(1);
    UnitId first = proxy_new(fake, "{workers: 2, queue: 3, service: 10 s}");
    for (uint32_t i = 0; i < 5; i++) {
        Outcome outcome = fake_request(fake, first, fake_request_of(fake, i));
        g_assert_cmpint(outcome.kind, ==, OUTCOME_PASS);
        assert_ns(outcome.ready, seconds(10 * (i / 2 + 1)));
    }
    Outcome outcome = fake_request(fake, first, fake_request_of(fake, 5));
    g_assert_cmpint(outcome.kind, ==, OUTCOME_FAIL);
    g_assert_cmpint(outcome.cause, ==, CAUSE_FULL);
    outcome = fake_request(fake, first + 1, fake_request_of(fake, 6));
    g_assert_cmpint(outcome.kind, ==, OUTCOME_PASS);
    fake_free(fake);
}

/* What waited in a node that died is gone with it. */
static void test_died(void) {
    Fake *fake = fake_new(1);
    UnitId first = proxy_new(fake, "{workers: 1, queue: 0, service: 100 s}");
    fake_request(fake, first, fake_request_of(fake, 0));
    fake_down(fake, first);
    fake_up(fake, first);
    g_assert_cmpint(fake_request(fake, first, fake_request_of(fake, 1)).kind, ==, OUTCOME_PASS);
    fake_free(fake);
}

static void test_checks(void) {
    Fake *fake = fake_new(1);
    UnitId first = proxy_new(fake, "{health_check: {every: 10 s, fail_after: 2, timeout: 1 s}}");
    uint32_t both = callers_of_first(fake, first);
    g_assert_cmpuint(both, >, CALLERS / 2 - 60);
    g_assert_cmpuint(both, <, CALLERS / 2 + 60);
    fake_advance(fake, seconds(100));
    fake_down(fake, first);
    fake_advance(fake, seconds(105));
    g_assert_cmpuint(callers_of_first(fake, first), ==, both);
    fake_advance(fake, seconds(122));
    g_assert_cmpuint(callers_of_first(fake, first), ==, 0);
    g_assert_cmpuint(fake_facts(fake, FACT_NOTICED), ==, 1);
    g_assert_false(kind_egress_proxy.takes(fake_ctx(fake, 0), first));
    fake_up(fake, first);
    fake_advance(fake, seconds(150));
    g_assert_cmpuint(callers_of_first(fake, first), ==, both);
    fake_free(fake);
}

/* Without checks nobody learns; a caller's next attempt takes the other node. When all are dead, all are tried. */
static void test_unchecked(void) {
    Fake *fake = fake_new(1);
    UnitId first = proxy_new(fake, "{health_check: {enabled: no}}");
    uint32_t both = callers_of_first(fake, first);
    fake_down(fake, first);
    fake_advance(fake, seconds(1000));
    g_assert_cmpuint(callers_of_first(fake, first), ==, both);
    Request request = fake_request_of(fake, 7);
    UnitId taken = kind_egress_proxy.door(fake_ctx(fake, 0), &request);
    request.attempt = 1;
    g_assert_cmpuint(kind_egress_proxy.door(fake_ctx(fake, 0), &request), !=, taken);
    fake_free(fake);
}

static void test_all_dead(void) {
    Fake *fake = fake_new(1);
    UnitId first = proxy_new(fake, NULL);
    fake_down(fake, first);
    fake_down(fake, first + 1);
    fake_advance(fake, seconds(100));
    uint32_t taken = callers_of_first(fake, first);
    g_assert_cmpuint(taken, >, 0);
    g_assert_cmpuint(taken, <, CALLERS);
    fake_free(fake);
}

/* A share of those who come to a bastion is not let in; what others run only takes its time. */
static void test_neighbours(void) {
    Fake *fake = fake_new(1);
    PlaceId zone = fake_place(fake, "zone a");
    ComponentId bastion = fake_component(fake, "bastion", &kind_bastion, "{check: 1 s, refuses: 25 %}", zone);
    UnitId door = fake_unit(fake, bastion, zone);
    ComponentId partner = fake_component(fake, "partner", &kind_outside_service, "{service: 2 s}", zone);
    UnitId machine = fake_unit(fake, partner, zone);
    fake_start(fake);
    uint32_t refused = 0;
    for (uint32_t i = 0; i < CALLERS; i++) {
        Outcome outcome = fake_request(fake, door, fake_request_of(fake, i));
        assert_ns(outcome.ready, seconds(1));
        refused += outcome.kind == OUTCOME_FAIL;
    }
    g_assert_cmpuint(refused, >, CALLERS / 4 - 40);
    g_assert_cmpuint(refused, <, CALLERS / 4 + 40);
    assert_ns(fake_request(fake, machine, fake_request_of(fake, 0)).ready, seconds(2));
    fake_free(fake);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/egress-proxy/full", test_full);
    g_test_add_func("/egress-proxy/died", test_died);
    g_test_add_func("/egress-proxy/checks", test_checks);
    g_test_add_func("/egress-proxy/unchecked", test_unchecked);
    g_test_add_func("/egress-proxy/all-dead", test_all_dead);
    g_test_add_func("/egress-proxy/neighbours", test_neighbours);
    return g_test_run();
}
