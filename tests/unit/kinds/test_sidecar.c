/* test_sidecar.c - a sidecar that crashes, is found and is started again; one that crashes anew at every start. */
#include "tests/unit/kinds/fake.h"

extern const Kind kind_sidecar;

enum { PROXIES = 50 };

typedef struct {
    Fake *fake;
    ComponentId sidecar;
    UnitId first, host;
} Pod;

static Pod pod_new(uint64_t seed, const char *keys) {
    Pod pod = {.fake = fake_new(seed)};
    PlaceId zone = fake_place(pod.fake, "us-east-1a");
    ComponentId web = fake_component(pod.fake, "web", &fake_plain, NULL, zone);
    for (uint32_t p = 0; p < PROXIES; p++) {
        UnitId unit = fake_unit(pod.fake, web, zone);
        pod.host = p == 0 ? unit : pod.host;
    }
    pod.sidecar = fake_component(pod.fake, "proxy", &kind_sidecar, keys, zone);
    for (uint32_t p = 0; p < PROXIES; p++) {
        UnitId unit = fake_unit(pod.fake, pod.sidecar, zone);
        pod.first = p == 0 ? unit : pod.first;
        fake_beside(pod.fake, unit, pod.host + p);
    }
    fake_start(pod.fake);
    return pod;
}

static SimTime seconds(double s) { return SIMTIME_NS((int64_t)(s * 1e9)); }

static void crash(Pod *pod, uint32_t proxy, bool crashed) {
    Condition condition = CONDITION_HEALTHY;
    condition.crashed = crashed;
    fake_bend(pod->fake, pod->first + proxy, condition);
}

static uint32_t working(const Pod *pod) { return fake_count(pod->fake, pod->sidecar, UNIT_SERVING); }

/* Nothing listens where it was, so a probe fails at once: the third is 20 s to 30 s after the crash, and one second
 * later it serves. */
static void test_restarts(void) {
    Pod pod = pod_new(1, "{restart: 1 s}");
    fake_advance(pod.fake, seconds(100));
    for (uint32_t p = 0; p < PROXIES; p++) {
        crash(&pod, p, true);
        crash(&pod, p, false);
    }
    g_assert_cmpuint(working(&pod), ==, 0);
    fake_advance(pod.fake, seconds(120.9));
    g_assert_cmpuint(working(&pod), ==, 0);
    fake_advance(pod.fake, seconds(126));
    g_assert_cmpuint(working(&pod), >, PROXIES / 4);
    g_assert_cmpuint(working(&pod), <, 3 * PROXIES / 4);
    fake_advance(pod.fake, seconds(131));
    g_assert_cmpuint(working(&pod), ==, PROXIES);
    g_assert_cmpuint(fake_facts(pod.fake, FACT_NOTICED), ==, PROXIES);
    g_assert_cmpuint(fake_facts(pod.fake, FACT_RESTARTED), ==, PROXIES);
    fake_free(pod.fake);
}

/* Found by a single probe a second, it is back sooner; without restarts never. */
static void test_liveness_decides(void) {
    Pod fast = pod_new(2, "{restart: 1 s, liveness: {every: 1 s, fail_after: 1}}"),
        never = pod_new(2, "{restarts: no}");
    crash(&fast, 0, true);
    crash(&fast, 0, false);
    crash(&never, 0, true);
    crash(&never, 0, false);
    fake_advance(fast.fake, seconds(2.1));
    fake_advance(never.fake, seconds(86400));
    g_assert_cmpuint(working(&fast), ==, PROXIES);
    g_assert_cmpuint(working(&never), ==, PROXIES - 1);
    fake_free(fast.fake);
    fake_free(never.fake);
}

/* As long as what ended it is there, each start fails, and the waits are 10 s, 20 s, 40 s, ... */
static void test_crash_loop(void) {
    Pod pod = pod_new(3, "{restart: 1 s, liveness: {every: 1 s, fail_after: 1}, longest_backoff: 40 s}");
    crash(&pod, 0, true);
    fake_advance(pod.fake, seconds(160));
    static const double gaps[] = {10, 20, 40, 40, 40};
    g_assert_cmpuint(fake_facts(pod.fake, FACT_RESTARTED), ==, 1 + G_N_ELEMENTS(gaps));
    for (uint32_t i = 0; i < G_N_ELEMENTS(gaps); i++) {
        const Fact *a = fake_fact(pod.fake, FACT_RESTARTED, i), *b = fake_fact(pod.fake, FACT_RESTARTED, i + 1);
        g_assert_cmpint(a->amount, ==, 1);
        assert_ns(simtime_sub(b->at, a->at), seconds(gaps[i]));
    }
    crash(&pod, 0, false);
    g_assert_cmpuint(working(&pod), ==, PROXIES - 1);
    fake_advance(pod.fake, seconds(240));
    g_assert_cmpuint(working(&pod), ==, PROXIES);
    g_assert_cmpint(fake_last(pod.fake, FACT_RESTARTED)->amount, ==, 0);
    fake_free(pod.fake);
}

/* It comes and goes with its machine; where there is none nothing can crash. */
static void test_with_its_host(void) {
    Pod pod = pod_new(4, NULL);
    fake_state(pod.fake, pod.host, UNIT_ABSENT);
    g_assert_cmpint(fake_state_of(pod.fake, pod.first), ==, UNIT_ABSENT);
    crash(&pod, 0, true);
    crash(&pod, 0, false);
    fake_state(pod.fake, pod.host, UNIT_BOOTING);
    g_assert_cmpint(fake_state_of(pod.fake, pod.first), ==, UNIT_SERVING);
    fake_free(pod.fake);
}

static void test_escorts(void) {
    Fake *fake = fake_new(1);
    void *spec = fake_spec(fake, kind_sidecar.fields, kind_sidecar.spec_size, "{latency: 2 ms, reconnect_after: 0 s}");
    Escort escort = kind_sidecar.escorts(spec);
    assert_ns(escort.latency, SIMTIME_MS(2));
    assert_ns(escort.handshake, SIMTIME_MS(3));
    assert_ns(escort.keeps, SIMTIME_ZERO);
    g_free(spec);
    fake_free(fake);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sidecar/restarts", test_restarts);
    g_test_add_func("/sidecar/liveness-decides", test_liveness_decides);
    g_test_add_func("/sidecar/crash-loop", test_crash_loop);
    g_test_add_func("/sidecar/with-its-host", test_with_its_host);
    g_test_add_func("/sidecar/escorts", test_escorts);
    return g_test_run();
}
