/* test_takeover.c - how long an attacker takes, or that he never manages; who notices, and what is then done. */
#include "tests/unit/kinds/fake.h"

#include "contract/response.h"
#include "contract/sensor.h"
#include "contract/threat.h"

extern const ThreatKind threat_takeover;
extern const SensorKind sensor_host_agent;
extern const ResponseKind response_isolate;

static Draw draw_of(uint64_t number) {
    Stream stream = luck_stream((Luck){1, 0}, "test", "attack");
    return stream_draw(&stream, number);
}

/* Of 10,000 attackers, how many never manage; those who do take what the law says. */
static int failures(const char *keys, SimTime takes) {
    Fake *fake = fake_new(1);
    void *spec = fake_spec(fake, threat_takeover.fields, threat_takeover.spec_size, keys);
    int never = 0;
    for (uint64_t i = 0; i < 10000; i++) {
        Draw draw = draw_of(i);
        SimTime time = threat_takeover.time_to(spec, &draw);
        never += simtime_is_never(time);
        if (!simtime_is_never(time))
            assert_ns(time, takes);
    }
    g_free(spec);
    fake_free(fake);
    return never;
}

static void test_chance(void) {
    g_assert_cmpint(failures(NULL, SIMTIME_ZERO), ==, 0);
    g_assert_cmpint(failures("{takes: 5 min}", SIMTIME_S(300)), ==, 0);
    g_assert_cmpint(failures("{takes: 5 min, chance: 0 %}", SIMTIME_ZERO), ==, 10000); /* never, not at once */
    g_assert_cmpint(ABS(failures("{takes: 5 min, chance: 30 %}", SIMTIME_S(300)) - 7000), <, 190); /* sd 46 */
}

/* Who manages takes as long as he would have if it had been certain. */
static void test_same_time_whatever_the_chance(void) {
    Fake *fake = fake_new(1);
    void *certain = fake_spec(fake, threat_takeover.fields, threat_takeover.spec_size, "{takes: exponential(1 h)}");
    void *maybe =
        fake_spec(fake, threat_takeover.fields, threat_takeover.spec_size, "{takes: exponential(1 h), chance: 50 %}");
    for (uint64_t i = 0; i < 1000; i++) {
        Draw a = draw_of(i), b = draw_of(i);
        SimTime sure = threat_takeover.time_to(certain, &a), perhaps = threat_takeover.time_to(maybe, &b);
        if (!simtime_is_never(perhaps))
            assert_ns(perhaps, sure);
    }
    g_free(certain);
    g_free(maybe);
    fake_free(fake);
}

/* ---- Noticing ---- */

static void test_host_agent(void) {
    static const char *const keys[] = {"{detects: 0 %, after: 1 min}", "{detects: 25 %, after: 1 min}",
                                       "{detects: 100 %, after: 1 min}"};
    static const int wanted[] = {0, 2500, 10000};
    Fact fact = {.kind = FACT_OWNED, .at = SIMTIME_S(500)};
    g_assert_cmpuint(sensor_host_agent.sees, ==, FACT_BIT(FACT_OWNED));
    for (int i = 0; i < 3; i++) {
        Fake *fake = fake_new(1);
        void *spec = fake_spec(fake, sensor_host_agent.fields, sensor_host_agent.spec_size, keys[i]);
        int noticed = 0;
        for (uint64_t n = 0; n < 10000; n++) {
            Draw draw = draw_of(n);
            SimTime at = sensor_host_agent.notice(spec, &fact, &draw);
            noticed += !simtime_is_never(at);
            if (!simtime_is_never(at))
                assert_ns(at, SIMTIME_S(560));
        }
        g_assert_cmpint(ABS(noticed - wanted[i]), <=, i == 1 ? 180 : 0); /* sd 43 */
        g_free(spec);
        fake_free(fake);
    }
}

/* ---- Responding ---- */

static void test_isolate(void) {
    Fake *fake = fake_new(1);
    void *spec = fake_spec(fake, response_isolate.fields, response_isolate.spec_size, "{after: 10 min, lasts: 2 h}");
    Draw draw = draw_of(0);
    assert_ns(response_isolate.after(spec, &draw), SIMTIME_S(600));
    assert_ns(response_isolate.holds(spec), SIMTIME_S(7200));
    g_assert_true(response_isolate.cuts);
    g_assert_true(response_isolate.evicts);
    g_free(spec);
    fake_free(fake);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/takeover/chance", test_chance);
    g_test_add_func("/takeover/same-time-whatever-the-chance", test_same_time_whatever_the_chance);
    g_test_add_func("/takeover/host-agent", test_host_agent);
    g_test_add_func("/takeover/isolate", test_isolate);
    return g_test_run();
}
