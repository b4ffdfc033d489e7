/* test_loads.c - arrivals: like clockwork to the nanosecond, or independent of each other. */
#include <math.h>
#include <string.h>

#include "tests/unit/kinds/fake.h"

#include "contract/load.h"

extern const LoadKind load_poisson, load_steady;

typedef struct {
    Fake *fake;
    const LoadKind *kind;
    void *spec;
    Stream stream;
} Load;

static Load load_new(const LoadKind *kind, const char *keys, uint64_t seed) {
    Load load = {fake_new(1), kind, NULL, luck_stream((Luck){seed, 0}, "users", "arrival")};
    load.spec = fake_spec(load.fake, kind->fields, kind->spec_size, keys);
    return load;
}

static void load_free(Load *load) {
    g_free(load->spec);
    fake_free(load->fake);
}

static SimTime next(const Load *load, SimTime last, uint64_t number) {
    Draw luck = stream_draw(&load->stream, number);
    return load->kind->next(load->spec, last, number, &luck);
}

/* ---- Steady ---- */

/* (n + 1/2) / rate, cut to whole ns: 20/s comes out even, 3/s never drifts, 1/y is far apart. */
static void test_steady_exact(void) {
    Load load = load_new(&load_steady, "{rate: 20/s}", 1);
    assert_ns(next(&load, SIMTIME_ZERO, 0), SIMTIME_MS(25));
    for (int64_t n = 0; n < 1000; n++)
        assert_ns(next(&load, SIMTIME_S(77), (uint64_t)n), SIMTIME_MS(25 + 50 * n)); /* whatever came last */
    load_free(&load);
    load = load_new(&load_steady, "{rate: 3/s}", 1);
    assert_ns(next(&load, SIMTIME_ZERO, 0), SIMTIME_NS(166666666));
    assert_ns(next(&load, SIMTIME_ZERO, 1), SIMTIME_NS(500000000));
    assert_ns(next(&load, SIMTIME_ZERO, 3000000001), SIMTIME_NS(1000000000500000000));
    assert_ns(next(&load, SIMTIME_ZERO, UINT64_MAX), SIMTIME_NEVER);
    load_free(&load);
}

static void test_steady_needs_no_luck(void) {
    Load a = load_new(&load_steady, "{rate: 7/s}", 1), b = load_new(&load_steady, "{rate: 7/s}", 2);
    for (uint64_t n = 0; n < 100; n++)
        assert_ns(next(&a, SIMTIME_ZERO, n), next(&b, SIMTIME_ZERO, n));
    load_free(&a);
    load_free(&b);
}

/* ---- Poisson ---- */

/* 20,000 windows of 1 s at 50/s: mean 50 and variance 50 of the counts, and neighbours have nothing to do with each
 * other. */
static void test_poisson_counts(void) {
    enum { WINDOWS = 20000 };
    Load load = load_new(&load_poisson, "{rate: 50/s}", 3);
    int *counts = g_new0(int, WINDOWS);
    SimTime at = SIMTIME_ZERO;
    for (uint64_t n = 0;; n++) {
        at = next(&load, at, n);
        if (at.ns >= WINDOWS * INT64_C(1000000000))
            break;
        counts[at.ns / 1000000000]++;
    }
    double mean = 0, variance = 0, together = 0;
    for (int w = 0; w < WINDOWS; w++)
        mean += counts[w] / (double)WINDOWS;
    for (int w = 0; w < WINDOWS; w++) {
        variance += (counts[w] - mean) * (counts[w] - mean) / WINDOWS;
        together += w > 0 ? (counts[w] - mean) * (counts[w - 1] - mean) / WINDOWS : 0;
    }
    g_assert_cmpfloat(fabs(mean - 50), <, 0.2);             /* sd 0.05 */
    g_assert_cmpfloat(fabs(variance - 50), <, 2.1);         /* sd 0.5 */
    g_assert_cmpfloat(fabs(together / variance), <, 0.029); /* sd 0.007 */
    g_free(counts);
    load_free(&load);
}

/* Each gap is exponential: the share of gaps beyond x is exp(-x). */
static void test_poisson_gaps(void) {
    enum { GAPS = 100000 };
    Load load = load_new(&load_poisson, "{rate: 4/s}", 3);
    int beyond[6] = {0};
    for (uint64_t n = 0; n < GAPS; n++) {
        double gap = (double)next(&load, SIMTIME_ZERO, n).ns * 4e-9;
        for (int i = 0; i < 6; i++)
            beyond[i] += gap > 0.5 * i;
    }
    for (int i = 0; i < 6; i++) {
        double wanted = exp(-0.5 * i);
        g_assert_cmpfloat(fabs((double)beyond[i] / GAPS - wanted), <, 4 * sqrt(wanted * (1 - wanted) / GAPS) + 1e-4);
    }
    load_free(&load);
}

/* The gap belongs to the number: it is the same wherever the last arrival was, and whoever else draws. */
static void test_poisson_by_number(void) {
    Load load = load_new(&load_poisson, "{rate: 4/s}", 3);
    for (uint64_t n = 0; n < 1000; n++) {
        int64_t gap = next(&load, SIMTIME_ZERO, n).ns;
        g_assert_cmpint(next(&load, SIMTIME_S(123), n).ns, ==, gap + 123000000000);
        g_assert_cmpint(next(&load, SIMTIME_ZERO, n + 1).ns, !=, gap);
    }
    load_free(&load);
    /* Twice the rate, half the gap: two designs are compared under the same luck. */
    Load slow = load_new(&load_poisson, "{rate: 4/s}", 3), fast = load_new(&load_poisson, "{rate: 8/s}", 3);
    for (uint64_t n = 0; n < 1000; n++)
        g_assert_cmpint(ABS(next(&slow, SIMTIME_ZERO, n).ns - 2 * next(&fast, SIMTIME_ZERO, n).ns), <=, 2);
    load_free(&slow);
    load_free(&fast);
}

/* As rare as can be written: later than time itself is never, and never before. */
static void test_rare(void) {
    Load load = load_new(&load_poisson, "{rate: 0.000000001/s}", 3);
    g_assert_cmpint(load.kind->mean_rate(load.spec), ==, 1); /* one in 31.7 years */
    uint32_t nevers = 0;
    for (uint64_t n = 0; n < 100000; n++) {
        SimTime at = next(&load, SIMTIME_ZERO, n);
        g_assert_cmpint(at.ns, >=, 0);
        nevers += simtime_is_never(at);
    }
    g_assert_cmpuint(nevers, >, 0); /* beyond 4.6e18 ns: exp(-4.6) of them */
    g_assert_cmpuint(nevers, <, 3000);
    assert_ns(next(&load, SIMTIME_NEVER, 0), SIMTIME_NEVER);
    load_free(&load);
}

/* ---- Both ---- */

static void test_mean_rate_and_check(void) {
    static const LoadKind *const kinds[] = {&load_poisson, &load_steady};
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
        Load load = load_new(kinds[k], "{rate: 90/min}", 1);
        g_assert_cmpint(kinds[k]->mean_rate(load.spec), ==, 1500000000); /* in 1e9 s */
        Diagnostics *diagnostics = diagnostics_new();
        kinds[k]->check(load.spec, MARK_NONE, diagnostics);
        g_assert_cmpuint(diagnostics_count(diagnostics), ==, 0);
        *(int64_t *)load.spec = 0;
        kinds[k]->check(load.spec, MARK_NONE, diagnostics);
        g_assert_cmpuint(diagnostics_errors(diagnostics), ==, 1);
        diagnostics_free(diagnostics);
        load_free(&load);
        char *text = fake_complaints(kinds[k]->fields, kinds[k]->spec_size, NULL);
        g_assert_nonnull(strstr(text, "rate")); /* has no default */
        g_free(text);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/loads/steady-exact", test_steady_exact);
    g_test_add_func("/loads/steady-needs-no-luck", test_steady_needs_no_luck);
    g_test_add_func("/loads/poisson-counts", test_poisson_counts);
    g_test_add_func("/loads/poisson-gaps", test_poisson_gaps);
    g_test_add_func("/loads/poisson-by-number", test_poisson_by_number);
    g_test_add_func("/loads/rare", test_rare);
    g_test_add_func("/loads/mean-rate-and-check", test_mean_rate_and_check);
    return g_test_run();
}
