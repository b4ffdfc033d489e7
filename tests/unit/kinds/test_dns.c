/* test_dns.c - which answer an asker gets, and when many checkers agree that it must be another one. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/kinds/fake.h"

extern const Kind kind_dns;

enum { REGIONS = 3 };

typedef struct {
    Fake *fake;
    PlaceId here, regions[REGIONS];
    ComponentId dns, targets[REGIONS];
    UnitId self, units[REGIONS][2];
} Zone;

/* A name for one component of two units in each of three regions, 30, 10 and 20 ms away. */
static Zone zone_new(const char *keys, uint64_t seed) {
    static const char *const names[] = {"eu-west-1", "us-east-1", "us-west-2"};
    static const int ms[] = {30, 10, 20};
    Zone zone = {.fake = fake_new(seed)};
    zone.here = fake_place(zone.fake, "here");
    zone.dns = fake_component(zone.fake, "dns", &kind_dns, keys, zone.here);
    zone.self = fake_unit(zone.fake, zone.dns, NO_PLACE);
    for (int r = 0; r < REGIONS; r++) {
        zone.regions[r] = fake_place(zone.fake, names[r]);
        fake_distance(zone.fake, zone.here, zone.regions[r], SIMTIME_MS(ms[r]));
        zone.targets[r] = fake_component(zone.fake, names[r], &fake_plain, NULL, zone.regions[r]);
        zone.units[r][0] = fake_unit(zone.fake, zone.targets[r], NO_PLACE);
        zone.units[r][1] = fake_unit(zone.fake, zone.targets[r], NO_PLACE);
        fake_target(zone.fake, zone.dns, zone.targets[r]);
    }
    return zone;
}

static Zone zone_started(const char *keys) {
    Zone zone = zone_new(keys, 1);
    fake_start(zone.fake);
    return zone;
}

static void region_set(Zone *zone, int region, bool up) { fake_zone(zone->fake, zone->regions[region], up); }

/* The index of the region that asker `number` is given. */
static int answer(Zone *zone, uint64_t number) {
    NameAnswer given = fake_resolve(zone->fake, zone->dns, zone->here, number);
    g_assert_true(given.any);
    for (int r = 0; r < REGIONS; r++)
        if (given.target == zone->targets[r])
            return r;
    g_assert_not_reached();
}

static void let_pass(Zone *zone, int64_t seconds) {
    fake_advance(zone->fake, simtime_add(fake_now(zone->fake), SIMTIME_S(seconds)));
}

/* ---- Answers ---- */

static void test_latency(void) {
    Zone zone = zone_started("{ttl: 45 s}");
    g_assert_cmpint(answer(&zone, 0), ==, 1);
    assert_ns(fake_resolve(zone.fake, zone.dns, zone.here, 0).ttl, SIMTIME_S(45));
    region_set(&zone, 1, false);
    g_assert_cmpint(answer(&zone, 0), ==, 1); /* nobody knows yet */
    let_pass(&zone, 200);
    g_assert_cmpint(answer(&zone, 0), ==, 2);
    region_set(&zone, 2, false);
    let_pass(&zone, 200);
    g_assert_cmpint(answer(&zone, 0), ==, 0);
    region_set(&zone, 0, false); /* nothing is healthy: as if all were */
    let_pass(&zone, 200);
    g_assert_cmpint(answer(&zone, 0), ==, 1);
    region_set(&zone, 0, true);
    let_pass(&zone, 200);
    g_assert_cmpint(answer(&zone, 0), ==, 0);
    fake_free(zone.fake);
}

static void test_latency_tie(void) {
    Zone zone = zone_new("{policy: latency}", 1);
    for (int r = 0; r < REGIONS; r++)
        fake_distance(zone.fake, zone.here, zone.regions[r], SIMTIME_MS(5));
    fake_start(zone.fake);
    g_assert_cmpint(answer(&zone, 0), ==, 0);
    fake_free(zone.fake);
}

static void shares(Zone *zone, int counts[REGIONS]) {
    memset(counts, 0, REGIONS * sizeof *counts);
    for (uint64_t i = 0; i < 40000; i++)
        counts[answer(zone, i)]++;
}

static void test_weighted(void) {
    Zone zone = zone_started("{policy: weighted, weights: [5, 3, 0]}");
    int before[REGIONS], after[REGIONS];
    shares(&zone, before);
    g_assert_cmpint(ABS(before[0] - 25000), <, 400); /* sd 97 */
    g_assert_cmpint(before[2], ==, 0);
    region_set(&zone, 0, false);
    let_pass(&zone, 200);
    shares(&zone, after);
    g_assert_cmpint(after[1], ==, 40000);
    region_set(&zone, 1, false); /* what weighs nothing serves when nothing else does */
    let_pass(&zone, 200);
    shares(&zone, after);
    g_assert_cmpint(after[2], ==, 40000);
    region_set(&zone, 2, false); /* nothing is healthy: as in the beginning */
    let_pass(&zone, 200);
    shares(&zone, after);
    for (int r = 0; r < REGIONS; r++)
        g_assert_cmpint(after[r], ==, before[r]);
    fake_free(zone.fake);
}

/* A target that dies moves its own askers, by the weights of the others, and nobody else. */
static void test_weighted_stays(void) {
    Zone zone = zone_started("{policy: weighted, weights: [4, 3, 1]}");
    int *given = g_new(int, 40000), moved[REGIONS] = {0};
    for (uint64_t i = 0; i < 40000; i++)
        given[i] = answer(&zone, i);
    region_set(&zone, 0, false);
    let_pass(&zone, 200);
    for (uint64_t i = 0; i < 40000; i++) {
        if (given[i] == 0)
            moved[answer(&zone, i)]++;
        else
            g_assert_cmpint(answer(&zone, i), ==, given[i]);
    }
    g_assert_cmpint(moved[0], ==, 0);
    g_assert_cmpint(ABS(moved[1] - 3 * moved[2]), <, 1000); /* of about 20000; sd 245 */
    g_free(given);
    fake_free(zone.fake);
}

static void test_weights_default(void) {
    Zone zone = zone_started("{policy: weighted, weights: [2]}");
    int counts[REGIONS];
    shares(&zone, counts); /* the others weigh 1 */
    g_assert_cmpint(ABS(counts[0] - 20000), <, 400);
    g_assert_cmpint(ABS(counts[1] - 10000), <, 400);
    fake_free(zone.fake);
    zone = zone_started("{policy: weighted, weights: [0, 0, 0]}");
    shares(&zone, counts);
    for (int r = 0; r < REGIONS; r++)
        g_assert_cmpint(ABS(counts[r] - 13333), <, 400);
    fake_free(zone.fake);
}

static void test_primary(void) {
    Zone zone = zone_started("{policy: failover, primary: us-west-2}");
    g_assert_cmpint(answer(&zone, 0), ==, 2);
    region_set(&zone, 0, false);
    region_set(&zone, 2, false);
    let_pass(&zone, 200);
    g_assert_cmpint(answer(&zone, 0), ==, 1);
    region_set(&zone, 0, true);
    let_pass(&zone, 200);
    g_assert_cmpint(answer(&zone, 0), ==, 0); /* the first by name that is healthy */
    region_set(&zone, 2, true);
    let_pass(&zone, 200);
    g_assert_cmpint(answer(&zone, 0), ==, 2);
    for (int r = 0; r < REGIONS; r++)
        region_set(&zone, r, false);
    let_pass(&zone, 200);
    g_assert_cmpint(answer(&zone, 0), ==, 2);
    fake_free(zone.fake);
    zone = zone_started("{policy: failover}");
    g_assert_cmpint(answer(&zone, 0), ==, 0);
    fake_free(zone.fake);
}

static void test_dead_server(void) {
    Zone zone = zone_started(NULL);
    fake_down(zone.fake, zone.self);
    g_assert_false(fake_resolve(zone.fake, zone.dns, zone.here, 0).any);
    fake_up(zone.fake, zone.self);
    g_assert_true(fake_resolve(zone.fake, zone.dns, zone.here, 0).any);
    fake_free(zone.fake);
}

/* An edge stands before the others and is no answer; alone it is what the name means. */
static void test_edges(void) {
    for (int others = 0; others < 2; others++) {
        Fake *fake = fake_new(1);
        PlaceId here = fake_place(fake, "here");
        ComponentId dns = fake_component(fake, "dns", &kind_dns, NULL, here);
        fake_unit(fake, dns, NO_PLACE);
        ComponentId edge = fake_component(fake, "waf", &fake_edge, NULL, here), web = NO_COMPONENT;
        fake_unit(fake, edge, NO_PLACE);
        fake_target(fake, dns, edge);
        if (others) {
            web = fake_component(fake, "web", &fake_plain, NULL, here);
            fake_unit(fake, web, NO_PLACE);
            fake_target(fake, dns, web);
        }
        fake_start(fake);
        g_assert_cmpuint(fake_resolve(fake, dns, here, 0).target, ==, others ? web : edge);
        fake_free(fake);
    }
}

static void test_no_targets(void) {
    Fake *fake = fake_new(1);
    PlaceId here = fake_place(fake, "here");
    ComponentId dns = fake_component(fake, "dns", &kind_dns, NULL, here);
    fake_unit(fake, dns, NO_PLACE);
    fake_start(fake);
    g_assert_false(fake_resolve(fake, dns, here, 0).any);
    fake_free(fake);
}

/* ---- Health ---- */

/* When the verdict of `count` checkers, simulated probe by probe, turns after the target did so at `from`: each begins
 * with its first check at or after that, and then takes its gap. */
static int64_t eager(const int64_t *phases, uint32_t count, int64_t share, int64_t every, int64_t wait,
                     bool from_response, uint32_t needed, bool to_up, int64_t from) {
    int64_t *turns = g_new(int64_t, count), verdict = 0;
    for (uint32_t c = 0; c < count; c++) {
        int64_t sent = phases[c];
        while (sent < from)
            sent += every;
        for (uint32_t checks = 1; checks < needed; checks++)
            sent += every + (from_response ? wait : 0);
        turns[c] = sent + wait;
    }
    for (uint32_t c = 0; c < count; c++) { /* at each turn, ask all: more than the share must see it up */
        uint32_t up = 0;
        for (uint32_t other = 0; other < count; other++)
            up += (turns[other] <= turns[c]) == to_up;
        bool is_up = (double)up / count > (double)share / 1e9;
        if (is_up == to_up && (verdict == 0 || turns[c] < verdict))
            verdict = turns[c];
    }
    g_free(turns);
    return verdict;
}

static int64_t noticed(const Zone *zone, int64_t amount) {
    const Fact *fact = fake_last(zone->fake, FACT_NOTICED);
    g_assert_cmpint(fact->amount, ==, amount);
    g_assert_cmpuint(fact->other, ==, zone->targets[0]);
    return fact->at.ns;
}

/* One long silent spell and the recovery from it, for random settings: the same instants as probe by probe. */
static void test_against_eager(void) {
    for (uint64_t seed = 0; seed < 300; seed++) {
        Stream stream = luck_stream((Luck){seed, 0}, "test", "settings");
        Draw draw = stream_draw(&stream, 0);
        int64_t every = 1000 + (int64_t)draw_below(&draw, 60000), timeout = (int64_t)draw_below(&draw, 20000);
        uint32_t count = 1 + (uint32_t)draw_below(&draw, 40), needed = 1 + (uint32_t)draw_below(&draw, 10);
        int64_t percent = (int64_t)draw_below(&draw, 100);
        bool from_response = draw_chance(&draw, 500000000), refuses = draw_chance(&draw, 500000000);
        char *keys =
            g_strdup_printf("{health_check: {every: %d ms, timeout: %d ms, fail_after: %u, checkers: %u, "
                            "healthy_share: %d %%, from_response: %s}}",
                            (int)every, (int)timeout, needed, count, (int)percent, from_response ? "yes" : "no");
        Zone zone = zone_new(keys, seed);
        fake_start(zone.fake);
        int64_t *phases = g_new(int64_t, count);
        Stream luck = luck_stream((Luck){seed, 0}, "dns", "checker phase");
        for (uint32_t c = 0; c < count; c++) {
            Draw phase = stream_draw(&luck, c);
            phases[c] = (int64_t)(draw_unit(&phase) * (double)every * 1e6);
        }
        int64_t down = (int64_t)draw_below(&draw, 1000000000000), up = down + 2000000000000;
        fake_advance(zone.fake, SIMTIME_NS(down));
        Condition dead = {.up = false, .refuses = refuses, .control = true, .speed = WHOLE};
        fake_bend(zone.fake, zone.units[0][0], dead);
        g_assert_cmpuint(fake_timers(zone.fake), ==, 0); /* the other unit works */
        fake_bend(zone.fake, zone.units[0][1], dead);
        fake_advance(zone.fake, SIMTIME_NS(up));
        g_assert_cmpint(noticed(&zone, 0), ==,
                        eager(phases, count, percent * 10000000, every * 1000000, refuses ? 0 : timeout * 1000000,
                              from_response, needed, false, down));
        fake_up(zone.fake, zone.units[0][0]);
        fake_advance(zone.fake, SIMTIME_NS(up + 2000000000000));
        g_assert_cmpint(noticed(&zone, 1), ==,
                        eager(phases, count, percent * 10000000, every * 1000000, 0, false, needed, true, up));
        g_assert_cmpuint(fake_facts(zone.fake, FACT_NOTICED), ==, 2);
        g_free(phases);
        g_free(keys);
        fake_free(zone.fake);
    }
}

/* Route 53's defaults: 16 checkers, 18 %: the 14th must turn. Mean of an order statistic: (k-1)(I+tau) + tau + I 14/17.
 */
static void test_mean_detection(void) {
    enum { RUNS = 400 };
    double sum = 0;
    for (uint64_t seed = 0; seed < RUNS; seed++) {
        Zone zone = zone_new(NULL, 1000 + seed);
        fake_start(zone.fake);
        fake_advance(zone.fake, SIMTIME_S(500));
        region_set(&zone, 0, false);
        fake_advance(zone.fake, SIMTIME_S(700));
        sum += (double)(noticed(&zone, 0) - 500000000000) / 1e9;
        fake_free(zone.fake);
    }
    double exact = 2 * 34.0 + 4.0 + 30.0 * 14 / 17; /* 96.7 s; sd of one 2.7 s, of the mean 0.135 s */
    g_assert_cmpfloat(ABS(sum / RUNS - exact), <, 0.54);
}

/* Refused by all units: known at once; one silent unit among them, wherever, makes the check wait. */
static void test_refused_and_mixed(void) {
    int64_t took[3];
    for (int silent = 0; silent < 3; silent++) {
        Zone zone = zone_started("{health_check: {from_response: no}}");
        Condition dead = {.up = false, .control = true, .speed = WHOLE};
        fake_advance(zone.fake, SIMTIME_S(500));
        for (int u = 0; u < 2; u++) {
            dead.refuses = u != silent;
            fake_bend(zone.fake, zone.units[0][u], dead);
        }
        let_pass(&zone, 200);
        took[silent] = noticed(&zone, 0) - 500000000000;
        fake_free(zone.fake);
    }
    g_assert_cmpint(took[0] - took[2], ==, 4000000000);
    g_assert_cmpint(took[1] - took[2], ==, 4000000000);
}

static void test_facts(void) {
    Zone zone = zone_started(NULL);
    const int64_t given[] = {2, 1, 3}; /* when none is healthy all are given out */
    for (int r = 0; r < REGIONS; r++) {
        region_set(&zone, r, false);
        let_pass(&zone, 200);
        const Fact *published = fake_last(zone.fake, FACT_PUBLISHED), *seen = fake_last(zone.fake, FACT_NOTICED);
        g_assert_cmpint(published->amount, ==, given[r]);
        g_assert_cmpuint(published->other, ==, zone.targets[r]);
        g_assert_cmpint(published->at.ns, ==, seen->at.ns); /* health alone: no edit, no delay */
        g_assert_cmpuint(seen->component, ==, zone.dns);
    }
    g_assert_cmpuint(fake_facts(zone.fake, FACT_PUBLISHED), ==, 3);
    fake_free(zone.fake);
}

static void test_blip_is_missed(void) {
    Zone zone = zone_started(NULL);
    for (int i = 0; i < 20; i++) {
        region_set(&zone, 0, false);
        let_pass(&zone, 60); /* three checks of one checker take more than that */
        region_set(&zone, 0, true);
        let_pass(&zone, 300);
    }
    g_assert_cmpuint(fake_facts(zone.fake, FACT_NOTICED), ==, 0);
    fake_free(zone.fake);
}

/* What is down as the run begins has long been seen; what fails at its first instant has not. */
static void test_start_is_settled(void) {
    Zone zone = zone_new(NULL, 1);
    region_set(&zone, 1, false);
    fake_start(zone.fake);
    g_assert_cmpint(answer(&zone, 0), ==, 2);
    region_set(&zone, 2, false);
    g_assert_cmpint(answer(&zone, 0), ==, 2);
    let_pass(&zone, 200);
    g_assert_cmpint(answer(&zone, 0), ==, 0);
    g_assert_cmpuint(fake_facts(zone.fake, FACT_NOTICED), ==, 1);
    fake_free(zone.fake);
}

/* ---- Mistakes of users ---- */

static void assert_complaint(const char *keys, const char *part) {
    char *text = fake_check(&kind_dns, keys);
    if (part ? !strstr(text, part) : *text != '\0')
        g_test_fail_printf("%s: %s", keys, text);
    g_free(text);
}

static void test_check(void) {
    assert_complaint(NULL, NULL);
    assert_complaint("{policy: weighted, weights: [3, 1, 0]}", NULL);
    assert_complaint("{policy: failover, primary: eu-west-1}", NULL);
    assert_complaint("{policy: weighted, weights: [3, x]}", "x is no weight");
    assert_complaint("{policy: weighted, weights: [-1]}", "-1 is no weight");
    assert_complaint("{policy: weighted, weights: [9000000000000000000]}", "over 1000000");
    assert_complaint("{policy: weighted, weights: 3}", "weights are a list");
    assert_complaint("{policy: weighted, weights: [[1, 2]]}", "is no weight");
    assert_complaint("{policy: latency, weights: [3, 1]}", "weights do nothing");
    assert_complaint("{policy: latency, primary: eu-west-1}", "primary does nothing");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dns/latency", test_latency);
    g_test_add_func("/dns/latency-tie", test_latency_tie);
    g_test_add_func("/dns/weighted", test_weighted);
    g_test_add_func("/dns/weighted-stays", test_weighted_stays);
    g_test_add_func("/dns/weights-default", test_weights_default);
    g_test_add_func("/dns/primary", test_primary);
    g_test_add_func("/dns/dead-server", test_dead_server);
    g_test_add_func("/dns/edges", test_edges);
    g_test_add_func("/dns/no-targets", test_no_targets);
    g_test_add_func("/dns/against-eager", test_against_eager);
    g_test_add_func("/dns/mean-detection", test_mean_detection);
    g_test_add_func("/dns/refused-and-mixed", test_refused_and_mixed);
    g_test_add_func("/dns/facts", test_facts);
    g_test_add_func("/dns/blip-is-missed", test_blip_is_missed);
    g_test_add_func("/dns/start-is-settled", test_start_is_settled);
    g_test_add_func("/dns/check", test_check);
    return g_test_run();
}
