/* test_edge_kinds.c - what a delivery network keeps, what a cache forgets, and whom a gateway lets through. */
#include <string.h>

#include "tests/unit/kinds/fake.h"

extern const Kind kind_api_gateway, kind_cache, kind_cdn;

typedef struct {
    Fake *fake;
    UnitId first;
    PlaceId zones[2];
} Edge;

static Edge edge_new(const Kind *kind, const char *keys, int units) {
    Edge edge = {.fake = fake_new(2)};
    edge.zones[0] = fake_place(edge.fake, "zone a");
    edge.zones[1] = fake_place(edge.fake, "zone b");
    ComponentId component = fake_component(edge.fake, "it", kind, keys, edge.zones[0]);
    edge.first = fake_unit(edge.fake, component, edge.zones[0]);
    if (units > 1)
        fake_unit(edge.fake, component, edge.zones[1]);
    fake_start(edge.fake);
    return edge;
}

static int count(Edge *edge, UnitId unit, uint32_t from, uint32_t to, bool write, OutcomeKind kind) {
    int found = 0;
    for (uint32_t i = from; i < to; i++) {
        Request request = fake_request_of(edge->fake, i);
        request.write = write;
        found += fake_request(edge->fake, unit, request).kind == kind;
    }
    return found;
}

/* ---- cdn ---- */

static void test_cdn(void) {
    Edge edge = edge_new(&kind_cdn, "{static_share: 50 %, hit_ratio: 80 %}", 1);
    g_assert_cmpint(ABS(count(&edge, edge.first, 0, 10000, false, OUTCOME_ANSWER) - 4000), <, 200); /* sd 49 */
    g_assert_cmpint(count(&edge, edge.first, 0, 1000, true, OUTCOME_ANSWER), ==, 0);
    fake_free(edge.fake);
    edge = edge_new(&kind_cdn, "{static_share: 100 %, hit_ratio: 100 %, round_trip: 20 ms, delay: 2 ms}", 1);
    Request request = fake_request_of(edge.fake, 0);
    assert_ns(fake_request(edge.fake, edge.first, request).ready, SIMTIME_MS(22));
    request.write = true;
    Outcome outcome = fake_request(edge.fake, edge.first, request);
    g_assert_cmpint(outcome.kind, ==, OUTCOME_PASS);
    assert_ns(outcome.ready, SIMTIME_MS(2));
    fake_free(edge.fake);
}

/* ---- cache ---- */

static void test_cache_warm(void) {
    Edge edge = edge_new(&kind_cache, "{hit_ratio: 70 %, objects: 50}", 1);
    g_assert_cmpint(ABS(count(&edge, edge.first, 0, 10000, false, OUTCOME_ANSWER) - 7000), <, 190); /* sd 46 */
    g_assert_cmpint(count(&edge, edge.first, 0, 1000, true, OUTCOME_ANSWER), ==, 0);
    fake_free(edge.fake);
}

/* Empty after it has died; each miss brings one thing in, so after n reads the expected share that is missing is
 * (1 - 1/objects)^n. */
static void test_cache_warms(void) {
    Edge edge = edge_new(&kind_cache, "{hit_ratio: 100 %, objects: 1000}", 1);
    fake_down(edge.fake, edge.first);
    fake_up(edge.fake, edge.first);
    g_assert_cmpint(count(&edge, edge.first, 0, 10, false, OUTCOME_ANSWER), <=, 2);
    int early = count(&edge, edge.first, 10, 1010, false, OUTCOME_ANSWER); /* 1000/e = 368 */
    int late = count(&edge, edge.first, 5000, 6000, false, OUTCOME_ANSWER);
    g_assert_cmpint(ABS(early - 374), <, 80);
    g_assert_cmpint(late, >, early);
    count(&edge, edge.first, 10000, 20000, false, OUTCOME_ANSWER);
    g_assert_cmpint(count(&edge, edge.first, 20000, 21000, false, OUTCOME_ANSWER), ==, 1000);
    fake_free(edge.fake);
}

static UnitId door(Edge *edge, const Kind *kind, UnitId from, uint32_t session, uint8_t attempt) {
    Request request = fake_request_of(edge->fake, session);
    request.unit = from;
    request.attempt = attempt;
    return kind->door(fake_ctx(edge->fake, 0), &request);
}

/* The node of one's own zone while it works; and what one node holds the other does not. */
static void test_cache_nodes(void) {
    Edge edge = edge_new(&kind_cache, "{hit_ratio: 100 %, objects: 10}", 2);
    UnitId a = edge.first, b = a + 1;
    g_assert_cmpuint(door(&edge, &kind_cache, b, 0, 0), ==, b);
    fake_down(edge.fake, b);
    g_assert_cmpuint(door(&edge, &kind_cache, b, 0, 0), ==, a);
    fake_up(edge.fake, b);
    g_assert_cmpuint(door(&edge, &kind_cache, b, 0, 0), ==, b);
    g_assert_cmpint(count(&edge, a, 0, 100, false, OUTCOME_ANSWER), ==, 100);
    g_assert_cmpint(count(&edge, b, 0, 100, false, OUTCOME_ANSWER), ==, 90); /* each of the ten missed once */
    fake_free(edge.fake);
}

/* ---- gateway ---- */

static Cause ask(Edge *edge, uint32_t session, ComponentId population) {
    Request request = fake_request_of(edge->fake, session);
    request.population = population;
    return fake_request(edge->fake, edge->first, request).cause;
}

/* Five at once, then one each 100 ms, saved up to five again. */
static void test_gateway_bucket(void) {
    Edge edge = edge_new(&kind_api_gateway, "{rate: 10/s, burst: 5}", 1);
    for (uint32_t i = 0; i < 8; i++)
        g_assert_cmpint(ask(&edge, i, 7), ==, i < 5 ? CAUSE_NONE : CAUSE_LIMITED);
    fake_advance(edge.fake, SIMTIME_MS(99));
    g_assert_cmpint(ask(&edge, 8, 7), ==, CAUSE_LIMITED);
    fake_advance(edge.fake, SIMTIME_MS(100));
    g_assert_cmpint(ask(&edge, 9, 7), ==, CAUSE_NONE);
    g_assert_cmpint(ask(&edge, 10, 7), ==, CAUSE_LIMITED);
    fake_advance(edge.fake, SIMTIME_S(60));
    for (uint32_t i = 11; i < 18; i++)
        g_assert_cmpint(ask(&edge, i, 7), ==, i < 16 ? CAUSE_NONE : CAUSE_LIMITED);
    fake_free(edge.fake);
}

/* In the long run exactly the rate, whatever comes. */
static void test_gateway_rate(void) {
    Edge edge = edge_new(&kind_api_gateway, "{rate: 7/s, burst: 1}", 1);
    int passed = 0;
    for (uint32_t i = 0; i < 10000; i++) {
        fake_advance(edge.fake, SIMTIME_MS(10 * (int64_t)i));
        passed += ask(&edge, i, 7) == CAUSE_NONE;
    }
    g_assert_cmpint(passed, ==, 667); /* at the first of each 150 ms: 10 ms apart, 1/7 s is reached after 15 */
    fake_free(edge.fake);
}

/* One who comes too often does not use up what the others may have. */
static void test_gateway_callers(void) {
    Edge edge = edge_new(&kind_api_gateway, "{rate: 100/s, burst: 10, caller_rate: 1/s, caller_burst: 3}", 1);
    int greedy = 0, modest = 0;
    for (uint32_t i = 0; i < 50; i++)
        greedy += ask(&edge, i, 7) == CAUSE_NONE;
    for (uint32_t i = 50; i < 53; i++)
        modest += ask(&edge, i, 8) == CAUSE_NONE;
    g_assert_cmpint(greedy, ==, 3);
    g_assert_cmpint(modest, ==, 3);
    fake_free(edge.fake);
}

static void test_gateway_times_and_doors(void) {
    Edge edge = edge_new(&kind_api_gateway, "{verify: 4 ms, delay: 1 ms, rate: 1/s, burst: 1}", 2);
    UnitId a = edge.first, b = a + 1;
    Request request = fake_request_of(edge.fake, 0);
    assert_ns(fake_request(edge.fake, a, request).ready, SIMTIME_MS(5));
    assert_ns(fake_request(edge.fake, a, request).ready, SIMTIME_MS(4)); /* who is turned away hears so sooner */
    g_assert_cmpuint(door(&edge, &kind_api_gateway, a, 0, 0), ==, a);
    g_assert_cmpuint(door(&edge, &kind_api_gateway, a, 1, 0), ==, b);
    g_assert_cmpuint(door(&edge, &kind_api_gateway, a, 1, 1), ==, a);
    fake_down(edge.fake, b);
    g_assert_cmpuint(door(&edge, &kind_api_gateway, a, 1, 0), ==, a);
    fake_free(edge.fake);
    char *text = fake_check(&kind_api_gateway, "{rate: 0/s}");
    g_assert_nonnull(strstr(text, "lets nobody through"));
    g_free(text);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kinds/cdn", test_cdn);
    g_test_add_func("/kinds/cache/warm", test_cache_warm);
    g_test_add_func("/kinds/cache/warms", test_cache_warms);
    g_test_add_func("/kinds/cache/nodes", test_cache_nodes);
    g_test_add_func("/kinds/api-gateway/bucket", test_gateway_bucket);
    g_test_add_func("/kinds/api-gateway/rate", test_gateway_rate);
    g_test_add_func("/kinds/api-gateway/callers", test_gateway_callers);
    g_test_add_func("/kinds/api-gateway/times-and-doors", test_gateway_times_and_doors);
    return g_test_run();
}
