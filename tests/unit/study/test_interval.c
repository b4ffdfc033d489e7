/* test_interval.c - intervals cover what they say they cover; known values of Student, Wilson and order statistics. */
#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "base/luck.h"
#include "study/interval.h"

static void near(double value, double expected, double tolerance) {
    if (!(fabs(value - expected) <= tolerance))
        g_test_message("%.12g is not %.12g", value, expected);
    g_assert_true(fabs(value - expected) <= tolerance);
}

/* Tables: Fisher and Yates; the last three by integrating the density. */
static void test_student(void) {
    near(student_975(1), 12.7062, 1e-4);
    near(student_975(4), 2.77645, 1e-5);
    near(student_975(29), 2.04523, 1e-5);
    near(student_975(30), 2.04227, 1e-5);
    near(student_975(31), 2.0395134463963, 1e-7);
    near(student_975(100), 1.9839715185238, 1e-9);
    near(student_975(399), 1.9659272959212, 1e-9);
    near(student_975(1000000000), 1.9599639868, 1e-8);
    for (uint64_t freedom = 1; freedom < 500; freedom++)
        g_assert_true(student_975(freedom) > student_975(freedom + 1));
}

static void test_mean(void) {
    const double values[] = {1, 2, 3, 4, 5};
    Interval interval = interval_mean(values, 5);
    g_assert_true(interval.exists);
    near(interval.low, 3 - 2.776445105 * sqrt(2.5 / 5), 1e-9);
    near(interval.high, 3 + 2.776445105 * sqrt(2.5 / 5), 1e-9);
    g_assert_false(interval_mean(values, 1).exists);
    g_assert_false(interval_mean(values, 0).exists);
    const double same[] = {7, 7, 7};
    near(interval_mean(same, 3).low, 7, 0);
    near(interval_mean(same, 3).high, 7, 0);
}

static void test_ratio(void) {
    const double a[] = {2, 4, 6}, b[] = {1, 2, 3}, c[] = {1, 1, 1}, none[] = {0, 0, 0};
    near(interval_ratio(a, b, 3).low, 2, 1e-12);
    near(interval_ratio(a, b, 3).high, 2, 1e-12);
    Interval mean = interval_mean(a, 3), plain = interval_ratio(a, c, 3);
    near(plain.low, mean.low, 1e-12);
    near(plain.high, mean.high, 1e-12);
    const double uneven[] = {1, 2, 6}; /* residuals -0.5, -1, 1.5 around the ratio 1.5 */
    near(interval_ratio(uneven, b, 3).high, 1.5 + 4.302652730 * sqrt(3.5 / 2 / 3) / 2, 1e-9);
    g_assert_false(interval_ratio(a, none, 3).exists);
    g_assert_false(interval_ratio(a, b, 1).exists);
}

static void test_share(void) {
    Interval none = interval_share(0, 400), all = interval_share(400, 400), some = interval_share(15, 100);
    near(none.low, 0, 0);
    near(none.high, 0.0095124, 1e-6); /* z^2 / (n + z^2) */
    near(all.low, 1 - 0.0095124, 1e-6);
    near(all.high, 1, 0);
    near(some.low, 0.09305985, 1e-7); /* roots of (p - x)^2 = z^2 x (1 - x) / n */
    near(some.high, 0.23283560, 1e-7);
    g_assert_false(interval_share(0, 0).exists);
}

/* The binomial sums, the slow way: P(low <= B < high) for B ~ Binomial(n, q). */
static double chance_between(uint64_t n, double q, uint64_t low, uint64_t high) {
    double sum = 0;
    for (uint64_t k = low; k < high && k <= n; k++)
        sum += exp(lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1) + (double)k * log(q) +
                   (double)(n - k) * log(1 - q));
    return sum;
}

static void test_ranks(void) {
    g_assert_cmpuint(interval_quantile(367, 990000000).high, ==, 368); /* one too few: there is no such rank */
    g_assert_cmpuint(interval_quantile(368, 990000000).high, ==, 368);
    g_assert_cmpuint(interval_quantile(5, 500000000).low, ==, 0);
    g_assert_cmpuint(interval_quantile(6, 500000000).low, ==, 1);
    g_assert_cmpuint(interval_quantile(6, 500000000).high, ==, 6);
    g_assert_cmpuint(interval_quantile(0, 500000000).high, ==, 1);
    static const int64_t quantiles[] = {1000000, 25000000, 500000000, 900000000, 990000000, 999000000};
    static const uint64_t counts[] = {1, 2, 10, 100, 368, 400, 1000, 5000};
    for (size_t i = 0; i < G_N_ELEMENTS(quantiles); i++)
        for (size_t c = 0; c < G_N_ELEMENTS(counts); c++) {
            double q = (double)quantiles[i] / 1e9;
            uint64_t n = counts[c];
            Ranks ranks = interval_quantile(n, quantiles[i]);
            g_assert_cmpuint(ranks.low, <, ranks.high);
            g_assert_cmpuint(ranks.high, <=, n + 1);
            /* Each tail at most 2.5 %, and one rank nearer would be too much. */
            double below = chance_between(n, q, 0, ranks.low), above = chance_between(n, q, ranks.high, n + 1);
            g_assert_true(below <= 0.025 + 1e-9 && above <= 0.025 + 1e-9);
            g_assert_true(chance_between(n, q, 0, ranks.low + 1) > 0.025 - 1e-9);
            g_assert_true(chance_between(n, q, ranks.high - 1, n + 1) > 0.025 - 1e-9);
        }
}

/* ---- Coverage: many small studies with a known answer ------------------------------------ */

enum { EXPERIMENTS = 4000 };

static int by_value(gconstpointer a, gconstpointer b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct {
    uint64_t n;
    double share; /* of the experiments whose interval held the answer */
} Coverage;

static Coverage cover_mean(uint64_t n, bool normal) {
    Stream stream = luck_stream((Luck){1, n}, "coverage", normal ? "normal" : "exponential");
    double *values = g_new(double, n);
    int held = 0;
    for (uint64_t e = 0; e < EXPERIMENTS; e++) {
        Draw draw = stream_draw(&stream, e);
        for (uint64_t i = 0; i < n; i++)
            values[i] = normal ? 1 + draw_normal(&draw) : draw_exponential(&draw);
        Interval interval = interval_mean(values, n);
        held += interval.low <= 1 && 1 <= interval.high;
    }
    g_free(values);
    return (Coverage){n, (double)held / EXPERIMENTS};
}

/* Four standard errors of 4000 trials are 1.4 %. */
static void test_mean_coverage(void) {
    static const uint64_t counts[] = {2, 5, 30, 100};
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        near(cover_mean(counts[i], true).share, 0.95, 0.014);
    near(cover_mean(400, false).share, 0.95, 0.016); /* a skewed law needs more of them */
}

static void test_quantile_coverage(void) {
    static const struct {
        uint64_t n;
        int64_t q;
        double value;
    } rows[] = {{30, 500000000, 0.693147181}, {400, 990000000, 4.605170186}, {100, 900000000, 2.302585093}};
    for (size_t r = 0; r < G_N_ELEMENTS(rows); r++) {
        Stream stream = luck_stream((Luck){2, r}, "coverage", "quantile");
        double *values = g_new(double, rows[r].n);
        Ranks ranks = interval_quantile(rows[r].n, rows[r].q);
        int held = 0;
        for (uint64_t e = 0; e < EXPERIMENTS; e++) {
            Draw draw = stream_draw(&stream, e);
            for (uint64_t i = 0; i < rows[r].n; i++)
                values[i] = draw_exponential(&draw);
            qsort(values, rows[r].n, sizeof *values, by_value);
            held += values[ranks.low - 1] <= rows[r].value && rows[r].value <= values[ranks.high - 1];
        }
        double exact = chance_between(rows[r].n, (double)rows[r].q / 1e9, ranks.low, ranks.high);
        g_assert_true(exact >= 0.95);
        near((double)held / EXPERIMENTS, exact, 0.014);
        g_free(values);
    }
}

static void test_share_coverage(void) {
    static const double shares[] = {0.02, 0.1, 0.5};
    for (size_t s = 0; s < G_N_ELEMENTS(shares); s++) {
        Stream stream = luck_stream((Luck){3, s}, "coverage", "share");
        int held = 0;
        for (uint64_t e = 0; e < EXPERIMENTS; e++) {
            Draw draw = stream_draw(&stream, e);
            uint64_t hits = 0;
            for (int i = 0; i < 200; i++)
                hits += draw_unit(&draw) < shares[s];
            Interval interval = interval_share(hits, 200);
            held += interval.low <= shares[s] && shares[s] <= interval.high;
        }
        near((double)held / EXPERIMENTS, 0.95, 0.03); /* Wilson's own coverage waves around 95 % */
    }
}

/* Pairs with the same luck in both: Poisson-like counts a out of b. */
static void test_ratio_coverage(void) {
    enum { N = 60 };
    Stream stream = luck_stream((Luck){4, 0}, "coverage", "ratio");
    double a[N], b[N];
    int held = 0;
    for (uint64_t e = 0; e < EXPERIMENTS; e++) {
        Draw draw = stream_draw(&stream, e);
        for (int i = 0; i < N; i++) {
            b[i] = 100 + 10 * draw_normal(&draw);
            a[i] = 0.3 * b[i] + 2 * draw_normal(&draw);
        }
        Interval interval = interval_ratio(a, b, N);
        held += interval.low <= 0.3 && 0.3 <= interval.high;
    }
    near((double)held / EXPERIMENTS, 0.95, 0.014);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/interval/student", test_student);
    g_test_add_func("/interval/mean", test_mean);
    g_test_add_func("/interval/ratio", test_ratio);
    g_test_add_func("/interval/share", test_share);
    g_test_add_func("/interval/ranks", test_ranks);
    g_test_add_func("/interval/mean coverage", test_mean_coverage);
    g_test_add_func("/interval/quantile coverage", test_quantile_coverage);
    g_test_add_func("/interval/share coverage", test_share_coverage);
    g_test_add_func("/interval/ratio coverage", test_ratio_coverage);
    return g_test_run();
}
