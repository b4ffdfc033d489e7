/* test_faults.c - what each fault does to a healthy condition, and that any number of them may overlap in any order. */
#include <string.h>

#include "tests/unit/kinds/fake.h"

#include "contract/fault.h"

extern const FaultKind fault_outage, fault_slowdown, fault_loss, fault_partition, fault_control_loss, fault_crash,
    fault_expiry, fault_hijack, fault_misroute, fault_rotation_loss;

static const FaultKind *const all[] = {&fault_outage,       &fault_slowdown, &fault_loss,   &fault_partition,
                                       &fault_control_loss, &fault_crash,    &fault_expiry, &fault_rotation_loss};

/* What the fault makes of a healthy thing. */
static Condition bent(const FaultKind *fault, const char *keys) {
    Fake *fake = fake_new(1);
    void *spec = fake_spec(fake, fault->fields, fault->spec_size, keys);
    Condition condition = CONDITION_HEALTHY;
    fault->bend(spec, &condition);
    g_free(spec);
    fake_free(fake);
    return condition;
}

static void assert_equal(Condition a, Condition b) {
    g_assert_cmpint(a.up, ==, b.up);
    g_assert_cmpint(a.refuses, ==, b.refuses);
    g_assert_cmpint(a.control, ==, b.control);
    g_assert_cmpint(a.speed, ==, b.speed);
    g_assert_cmpint(a.loss, ==, b.loss);
    assert_ns(a.delay, b.delay);
    g_assert_cmpint(a.issues, ==, b.issues);
    g_assert_cmpint(a.trusted, ==, b.trusted);
    g_assert_cmpint(a.crashed, ==, b.crashed);
}

static void test_each(void) {
    Condition wanted = CONDITION_HEALTHY;
    wanted.up = false;
    assert_equal(bent(&fault_outage, NULL), wanted);
    assert_equal(bent(&fault_outage, "{as: blackhole}"), wanted);
    wanted.refuses = true;
    assert_equal(bent(&fault_outage, "{as: refuse}"), wanted);
    wanted = CONDITION_HEALTHY;
    wanted.speed = WHOLE / 4;
    assert_equal(bent(&fault_slowdown, NULL), wanted);
    wanted.speed = WHOLE / 2;
    wanted.delay = SIMTIME_MS(30);
    assert_equal(bent(&fault_slowdown, "{to: 50 %, by: 30 ms}"), wanted);
    wanted = CONDITION_HEALTHY;
    wanted.loss = WHOLE / 100 * 7;
    assert_equal(bent(&fault_loss, "{share: 7 %}"), wanted);
    wanted.loss = WHOLE;
    assert_equal(bent(&fault_partition, NULL), wanted);
    wanted = CONDITION_HEALTHY;
    wanted.control = false;
    assert_equal(bent(&fault_control_loss, NULL), wanted);
    wanted = CONDITION_HEALTHY;
    wanted.crashed = true;
    assert_equal(bent(&fault_crash, NULL), wanted);
    wanted = CONDITION_HEALTHY;
    wanted.trusted = false;
    assert_equal(bent(&fault_expiry, NULL), wanted);
    wanted = CONDITION_HEALTHY;
    wanted.issues = false;
    assert_equal(bent(&fault_rotation_loss, NULL), wanted);
}

/* What bends nothing, but tells the wrong thing. */
static void test_lies(void) {
    Fake *fake = fake_new(1);
    assert_equal(bent(&fault_hijack, "{to: thief}"), CONDITION_HEALTHY);
    assert_equal(bent(&fault_misroute, "{to: 10.0.0.0/8}"), CONDITION_HEALTHY);
    void *spec = fake_spec(fake, fault_hijack.fields, fault_hijack.spec_size,
                           "{to: thief, resolvers: 20 %, believed: 5 %, ttl: 1 h, flush: yes}");
    Forgery forgery = fault_hijack.forges(spec);
    g_assert_cmpstr(forgery.to, ==, "thief");
    g_assert_cmpint(forgery.resolvers, ==, WHOLE / 5);
    g_assert_cmpint(forgery.believed, ==, WHOLE / 20);
    assert_ns(forgery.ttl, SIMTIME_S(3600));
    g_assert_true(forgery.flush);
    g_free(spec);
    spec = fake_spec(fake, fault_misroute.fields, fault_misroute.spec_size, "{to: internet}");
    g_assert_cmpstr(fault_misroute.routes(spec).to, ==, "internet");
    g_assert_cmpstr(fault_misroute.routes(spec).via, ==, "blackhole");
    g_free(spec);
    Kind name = {.role = ROLE_NAME}, store = {.role = ROLE_STORE};
    g_assert_true(fault_hijack.fits(&name));
    g_assert_false(fault_hijack.fits(&store));
    fake_free(fake);
}

/* Targets, and whether a link carries nothing at all. */
static void test_facts(void) {
    static const int hits[] = {FAULT_HITS_UNITS | FAULT_HITS_LINKS | FAULT_HITS_CONTROL,
                               FAULT_HITS_UNITS | FAULT_HITS_LINKS,
                               FAULT_HITS_UNITS | FAULT_HITS_LINKS,
                               FAULT_HITS_LINKS,
                               FAULT_HITS_UNITS | FAULT_HITS_CONTROL,
                               FAULT_HITS_UNITS,
                               FAULT_HITS_UNITS,
                               FAULT_HITS_UNITS};
    static const bool severs[] = {true, false, false, true, false, false, false, false};
    for (size_t f = 0; f < G_N_ELEMENTS(all); f++) {
        void *spec = g_malloc0(all[f]->spec_size);
        g_assert_cmpint(all[f]->hits, ==, hits[f]);
        g_assert_cmpint(all[f]->is_link_severed && all[f]->is_link_severed(spec), ==, severs[f]);
        for (size_t other = 0; other < f; other++)
            g_assert_cmpstr(all[f]->verb, !=, all[other]->verb);
        g_free(spec);
    }
}

static void test_bounds(void) {
    static const char *const wrong[] = {"{to: 0 %}", "{to: 101 %}", "{to: 0.01 %}", "{by: -1 s}"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        char *text = fake_complaints(fault_slowdown.fields, fault_slowdown.spec_size, wrong[i]);
        g_assert_cmpstr(text, !=, "");
        g_free(text);
    }
    char *text = fake_complaints(fault_slowdown.fields, fault_slowdown.spec_size, "{to: 0.1 %}");
    g_assert_cmpstr(text, ==, "");
    g_free(text);
}

/* ---- Any set of faults ---- */

static Condition random_bend(Draw *draw) {
    const FaultKind *fault = all[draw_below(draw, G_N_ELEMENTS(all))];
    char *keys = NULL;
    if (fault == &fault_slowdown)
        keys = g_strdup_printf("{to: %d.%03d %%, by: %d us}", 1 + (int)draw_below(draw, 99),
                               (int)draw_below(draw, 1000), (int)draw_below(draw, 1000000));
    else if (fault == &fault_loss)
        keys = g_strdup_printf("{share: %d.%06d %%}", (int)draw_below(draw, 100), (int)draw_below(draw, 1000000));
    else if (fault == &fault_outage)
        keys = g_strdup(draw_chance(draw, WHOLE / 2) ? "{as: refuse}" : "{as: blackhole}");
    Condition condition = bent(fault, keys);
    g_free(keys);
    return condition;
}

static void test_join_pairs(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test", "pairs");
    for (uint64_t i = 0; i < 20000; i++) {
        Draw draw = stream_draw(&stream, i);
        Condition a = random_bend(&draw), b = random_bend(&draw);
        assert_equal(condition_join(a, b), condition_join(b, a));
        assert_equal(condition_join(a, CONDITION_HEALTHY), a);
    }
}

enum { FAULTS = 8 };

/* Join those that hold, in the order that `order` says. */
static Condition fold(const Condition *faults, const bool *holds, const uint32_t *order) {
    Condition all_together = CONDITION_HEALTHY;
    for (int i = 0; i < FAULTS; i++)
        if (holds[order[i]])
            all_together = condition_join(all_together, faults[order[i]]);
    return all_together;
}

static void shuffle(uint32_t *order, Draw *draw) {
    for (uint32_t i = FAULTS - 1; i > 0; i--) {
        uint32_t j = (uint32_t)draw_below(draw, i + 1), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

/* Faults begin and end in any order. What holds is the same whichever came first: exactly but for the rounding of
 * products (the world always folds in the order of the timeline, so even that cannot be seen); and in the end nothing
 * is left. */
static void test_any_order(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test", "sets");
    for (uint64_t i = 0; i < 2000; i++) {
        Draw draw = stream_draw(&stream, i);
        uint32_t order[FAULTS], timeline[FAULTS];
        Condition faults[FAULTS];
        bool holds[FAULTS] = {false};
        for (uint32_t f = 0; f < FAULTS; f++) {
            faults[f] = random_bend(&draw);
            order[f] = timeline[f] = f;
        }
        for (int end = 0; end < 2; end++) {
            shuffle(order, &draw);
            for (int f = 0; f < FAULTS; f++) {
                holds[order[f]] = !end;
                Condition one = fold(faults, holds, timeline), other = fold(faults, holds, order);
                g_assert_cmpint(ABS(one.speed - other.speed), <=, FAULTS);
                g_assert_cmpint(ABS(one.loss - other.loss), <=, FAULTS);
                g_assert_cmpint(one.speed, >=, 1);
                g_assert_true(one.loss >= 0 && one.loss <= WHOLE);
                g_assert_false(one.up && one.refuses);
                other.speed = one.speed;
                other.loss = one.loss;
                assert_equal(one, other);
            }
        }
        assert_equal(fold(faults, holds, order), CONDITION_HEALTHY);
    }
}

/* Nothing is left to refuse where the power is gone: silence wins. */
static void test_silence_wins(void) {
    Condition silent = bent(&fault_outage, "{as: blackhole}"), refusing = bent(&fault_outage, "{as: refuse}");
    g_assert_false(condition_join(silent, refusing).refuses);
    g_assert_false(condition_join(refusing, silent).refuses);
    g_assert_true(condition_join(refusing, refusing).refuses);
    g_assert_true(condition_join(refusing, bent(&fault_slowdown, NULL)).refuses);
}

static void test_products(void) {
    Condition slow = bent(&fault_slowdown, "{to: 0.1 %, by: 1 s}"), lossy = bent(&fault_loss, "{share: 50 %}");
    Condition both =
        condition_join(bent(&fault_slowdown, "{to: 50 %, by: 10 ms}"), bent(&fault_slowdown, "{to: 30 %, by: 5 ms}"));
    g_assert_cmpint(both.speed, ==, 150000000);
    assert_ns(both.delay, SIMTIME_MS(15));
    g_assert_cmpint(condition_join(lossy, bent(&fault_loss, "{share: 20 %}")).loss, ==, 600000000); /* 1 - 0.5 x 0.8 */
    for (int i = 0; i < 10; i++)
        both = condition_join(both, slow);
    g_assert_cmpint(both.speed, ==, 1); /* never none: what is left of a job would take for ever */
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/faults/each", test_each);
    g_test_add_func("/faults/lies", test_lies);
    g_test_add_func("/faults/facts", test_facts);
    g_test_add_func("/faults/bounds", test_bounds);
    g_test_add_func("/faults/join-pairs", test_join_pairs);
    g_test_add_func("/faults/any-order", test_any_order);
    g_test_add_func("/faults/silence-wins", test_silence_wins);
    g_test_add_func("/faults/products", test_products);
    return g_test_run();
}
