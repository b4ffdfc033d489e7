/* test_bucket.c - objects that are copied to other regions: when they are there, what is old until then, and what is
 * nowhere else when their region goes down. */
#include <glib.h>

#include "tests/unit/kinds/fake.h"

extern const Kind kind_bucket;

enum { REGIONS_MOST = 3 };

typedef struct {
    Fake *fake;
    PlaceId at[REGIONS_MOST];
    ComponentId copies[REGIONS_MOST];
    UnitId units[REGIONS_MOST];
} Buckets;

/* A second between any two regions. */
static Buckets buckets_new(uint32_t count, const char *keys) {
    static const char *const places[] = {"here", "there", "yonder"}, *const names[] = {"s[a].b", "s[b].b", "s[c].b"};
    Buckets buckets = {.fake = fake_new(1)};
    for (uint32_t i = 0; i < count; i++)
        buckets.at[i] = fake_place(buckets.fake, places[i]);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = i + 1; k < count; k++)
            fake_distance(buckets.fake, buckets.at[i], buckets.at[k], SIMTIME_S(1));
    for (uint32_t i = 0; i < count; i++) {
        buckets.copies[i] = fake_component(buckets.fake, names[i], &kind_bucket, keys, buckets.at[i]);
        buckets.units[i] = fake_unit(buckets.fake, buckets.copies[i], buckets.at[i]);
    }
    fake_copies(buckets.fake, buckets.copies, count);
    fake_start(buckets.fake);
    return buckets;
}

static void touch_at(const Buckets *buckets, int64_t second, uint32_t copy, Touch touch) {
    fake_advance(buckets->fake, SIMTIME_S(second));
    fake_touch(buckets->fake, buckets->units[copy], 1, touch);
}

/* How long ago the newer one was put that a reader there does not see; none: he sees the newest. */
static void assert_reads(const Buckets *buckets, int64_t second, uint32_t copy, bool stale, int64_t since) {
    touch_at(buckets, second, copy, TOUCH_READ);
    const Fact *read = fake_last(buckets->fake, FACT_READ);
    g_assert_cmpuint(read->component, ==, buckets->copies[copy]);
    g_assert_cmpint(read->amount, ==, stale);
    assert_ns(read->span, SIMTIME_S(since));
}

/* Put at 10 s, with a lag of 30 s and a second's way it is there at 41 s; who put it sees it at once. */
static void test_lag(void) {
    Buckets buckets = buckets_new(2, "{replicas: {regions: async}, lag: 30 s}");
    assert_reads(&buckets, 5, 1, false, 0);
    touch_at(&buckets, 10, 0, TOUCH_PUT);
    const Fact *stored = fake_last(buckets.fake, FACT_STORED);
    g_assert_cmpint(stored->amount, ==, 1);
    g_assert_cmpuint(stored->subject, ==, 1);
    assert_reads(&buckets, 10, 0, false, 0);
    assert_reads(&buckets, 40, 1, true, 30);
    g_assert_cmpuint(fake_facts(buckets.fake, FACT_COPIED), ==, 0);
    assert_reads(&buckets, 41, 1, false, 0);
    const Fact *copied = fake_last(buckets.fake, FACT_COPIED);
    g_assert_cmpuint(copied->component, ==, buckets.copies[0]);
    g_assert_cmpuint(copied->other, ==, buckets.copies[1]);
    g_assert_cmpint(copied->amount, ==, 1);
    assert_ns(copied->span, SIMTIME_S(31));
    fake_free(buckets.fake);
}

/* Without replicas, and without other regions, nothing is copied and nobody is told about reads. */
static void test_alone(void) {
    for (uint32_t count = 1; count <= 2; count++) {
        Buckets buckets = buckets_new(count, count == 1 ? "{replicas: {regions: async}}" : NULL);
        touch_at(&buckets, 10, 0, TOUCH_PUT);
        touch_at(&buckets, 20, 0, TOUCH_READ);
        g_assert_cmpuint(fake_last(buckets.fake, FACT_STORED)->subject, ==, 0);
        g_assert_cmpuint(fake_facts(buckets.fake, FACT_READ), ==, 0);
        g_assert_cmpuint(fake_timers(buckets.fake), ==, 0);
        fake_free(buckets.fake);
    }
}

/* Of four puts, one each ten seconds, those of the last lag are nowhere else when their region goes down; when it is
 * back they are there, and are copied a lag later. */
static void test_gone(void) {
    Buckets buckets = buckets_new(2, "{replicas: {regions: async}, lag: 14 s}");
    for (int64_t s = 10; s <= 40; s += 10)
        touch_at(&buckets, s, 0, TOUCH_PUT);
    fake_advance(buckets.fake, SIMTIME_S(44));
    fake_down(buckets.fake, buckets.units[0]);
    const Fact *gone = fake_last(buckets.fake, FACT_OBJECTS_GONE);
    g_assert_cmpint(gone->amount, ==, 2);
    assert_ns(gone->span, SIMTIME_S(14));
    g_assert_cmpuint(fake_facts(buckets.fake, FACT_COPIED), ==, 2);
    fake_advance(buckets.fake, SIMTIME_S(1000));
    g_assert_cmpuint(fake_facts(buckets.fake, FACT_COPIED), ==, 2);
    fake_up(buckets.fake, buckets.units[0]);
    g_assert_cmpint(fake_last(buckets.fake, FACT_OBJECTS_GONE)->amount, ==, -2);
    fake_advance(buckets.fake, SIMTIME_S(1014));
    g_assert_cmpuint(fake_facts(buckets.fake, FACT_COPIED), ==, 2);
    fake_advance(buckets.fake, SIMTIME_S(1015));
    g_assert_cmpuint(fake_facts(buckets.fake, FACT_COPIED), ==, 4);
    fake_free(buckets.fake);
}

/* What one of three regions has is not gone. */
static void test_three(void) {
    Buckets buckets = buckets_new(3, "{replicas: {regions: async}, lag: 10 s}");
    fake_cut(buckets.fake, buckets.at[0], buckets.at[1], true);
    touch_at(&buckets, 10, 0, TOUCH_PUT);
    g_assert_cmpuint(fake_last(buckets.fake, FACT_STORED)->subject, ==, 2);
    touch_at(&buckets, 25, 0, TOUCH_PUT);
    fake_advance(buckets.fake, SIMTIME_S(30));
    fake_down(buckets.fake, buckets.units[0]);
    g_assert_cmpuint(fake_facts(buckets.fake, FACT_COPIED), ==, 1);
    g_assert_cmpuint(fake_last(buckets.fake, FACT_COPIED)->other, ==, buckets.copies[2]);
    g_assert_cmpint(fake_last(buckets.fake, FACT_OBJECTS_GONE)->amount, ==, 1);
    fake_free(buckets.fake);
}

/* Each copy of each object has a lag of its own. */
static void test_luck(void) {
    Buckets buckets = buckets_new(3, "{replicas: {regions: async}, lag: exponential(100 s)}");
    for (int64_t s = 0; s < 20; s++)
        touch_at(&buckets, s, 0, TOUCH_PUT);
    fake_advance(buckets.fake, SIMTIME_S(10000));
    g_assert_cmpuint(fake_facts(buckets.fake, FACT_COPIED), ==, 40);
    for (uint32_t i = 0; i < 40; i++)
        for (uint32_t k = 0; k < i; k++)
            g_assert_cmpint(fake_fact(buckets.fake, FACT_COPIED, i)->span.ns, !=,
                            fake_fact(buckets.fake, FACT_COPIED, k)->span.ns);
    fake_free(buckets.fake);
}

/* Nothing is copied while the link that way is cut, the other end is down, or the source no longer copies; the other
 * way goes on. */
static void test_interrupted(void) {
    for (int how = 0; how < 3; how++) {
        Buckets buckets = buckets_new(2, "{replicas: {regions: async}, lag: 10 s}");
        Condition stopped = CONDITION_HEALTHY;
        stopped.issues = false;
        touch_at(&buckets, 10, 0, TOUCH_PUT);
        if (how == 0)
            fake_cut(buckets.fake, buckets.at[0], buckets.at[1], true);
        if (how == 1)
            fake_down(buckets.fake, buckets.units[1]);
        if (how == 2)
            fake_bend(buckets.fake, buckets.units[0], stopped);
        if (how != 1)
            touch_at(&buckets, 12, 1, TOUCH_PUT);
        fake_advance(buckets.fake, SIMTIME_S(100));
        g_assert_cmpuint(fake_facts(buckets.fake, FACT_COPIED), ==, how != 1);
        g_assert_cmpuint(fake_facts(buckets.fake, FACT_OBJECTS_GONE), ==, 0);
        fake_cut(buckets.fake, buckets.at[0], buckets.at[1], false);
        fake_bend(buckets.fake, buckets.units[0], CONDITION_HEALTHY);
        fake_up(buckets.fake, buckets.units[1]);
        fake_advance(buckets.fake, SIMTIME_S(111));
        g_assert_cmpuint(fake_facts(buckets.fake, FACT_COPIED), ==, how == 1 ? 1 : 2);
        fake_free(buckets.fake);
    }
}

/* Whatever the order in which versions arrive, who has the newest keeps it. */
static void test_overtaken(void) {
    uint32_t overtaken = 0;
    Buckets buckets = buckets_new(2, "{replicas: {regions: async}, lag: discrete(5 s 50 % or 100 s)}");
    for (int64_t s = 10; s <= 2000; s += 10) {
        touch_at(&buckets, s, 0, TOUCH_PUT);
        touch_at(&buckets, s + 7, 1, TOUCH_READ);
        overtaken += fake_last(buckets.fake, FACT_READ)->amount == 0;
    }
    g_assert_cmpuint(overtaken, >, 70);
    g_assert_cmpuint(overtaken, <, 130);
    fake_advance(buckets.fake, SIMTIME_S(3000));
    assert_reads(&buckets, 3000, 1, false, 0);
    g_assert_cmpuint(fake_facts(buckets.fake, FACT_COPIED), ==, 200);
    fake_free(buckets.fake);
}

/* A set of objects stays what it is: a put replaces one, here and there. One that was taken out can be put again. */
static void test_set(void) {
    Buckets buckets = buckets_new(2, "{replicas: {regions: async}, lag: 1 s, objects: 3}");
    g_assert_cmpint(fake_fact(buckets.fake, FACT_STORED, 0)->amount, ==, 3);
    static const struct {
        Touch touch;
        int64_t more;
    } steps[] = {{TOUCH_PUT, 0},      {TOUCH_REMOVED, -1}, {TOUCH_PUT, 1},      {TOUCH_PUT, 0},
                 {TOUCH_REMOVED, -1}, {TOUCH_REMOVED, -1}, {TOUCH_REMOVED, -1}, {TOUCH_REMOVED, 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        touch_at(&buckets, 10, 0, steps[i].touch);
        g_assert_cmpint(fake_last(buckets.fake, FACT_STORED)->amount, ==, steps[i].more);
    }
    fake_advance(buckets.fake, SIMTIME_S(20));
    g_assert_cmpuint(fake_facts(buckets.fake, FACT_COPIED), ==, 3);
    g_assert_cmpint(fake_last(buckets.fake, FACT_COPIED)->amount, ==, 0);
    fake_free(buckets.fake);
}

/* Whatever fails and whenever: each copy of what was put arrives in the end, once. The kind checks its ledger when it
 * ends. */
static void test_ledger(void) {
    GRand *luck = g_rand_new_with_seed(7);
    for (int round = 0; round < 200; round++) {
        Buckets buckets = buckets_new(3, "{replicas: {regions: async}, lag: exponential(20 s), objects: 5}");
        uint32_t put = 0;
        for (int64_t s = 0; s < 300; s += g_rand_int_range(luck, 1, 20)) {
            fake_advance(buckets.fake, SIMTIME_S(s));
            uint32_t copy = (uint32_t)g_rand_int_range(luck, 0, 3), to = (copy + 1) % 3;
            switch (g_rand_int_range(luck, 0, 5)) {
            case 0: fake_down(buckets.fake, buckets.units[copy]); break;
            case 1: fake_up(buckets.fake, buckets.units[copy]); break;
            case 2: fake_cut(buckets.fake, buckets.at[copy], buckets.at[to], g_rand_boolean(luck)); break;
            default: fake_touch(buckets.fake, buckets.units[copy], (uint32_t)s, TOUCH_PUT); put++;
            }
        }
        if (round % 2 == 0) {
            for (uint32_t copy = 0; copy < 3; copy++) {
                fake_up(buckets.fake, buckets.units[copy]);
                fake_cut(buckets.fake, buckets.at[copy], buckets.at[(copy + 1) % 3], false);
            }
            fake_advance(buckets.fake, SIMTIME_S(2000));
            g_assert_cmpuint(fake_facts(buckets.fake, FACT_COPIED), ==, 2 * put);
        }
        fake_free(buckets.fake);
    }
    g_rand_free(luck);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bucket/lag", test_lag);
    g_test_add_func("/bucket/alone", test_alone);
    g_test_add_func("/bucket/gone", test_gone);
    g_test_add_func("/bucket/three-regions", test_three);
    g_test_add_func("/bucket/luck", test_luck);
    g_test_add_func("/bucket/interrupted", test_interrupted);
    g_test_add_func("/bucket/overtaken", test_overtaken);
    g_test_add_func("/bucket/set", test_set);
    g_test_add_func("/bucket/ledger", test_ledger);
    return g_test_run();
}
