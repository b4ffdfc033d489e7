/* judge.c - is an exact value inside the interval of a sample? */
#include "tests/theory/judge.h"

#include <glib.h>
#include <math.h>

void moments_add(Moments *m, double x) {
    if (m->count++ == 0)
        m->shift = x;
    m->sum += x - m->shift;
    m->squares += (x - m->shift) * (x - m->shift);
}

uint64_t judge_seeds(void) { return g_test_slow() ? JUDGE_SEEDS : 1; }

/* Upper quantile of the standard normal, by bisection of erfc. */
static double normal_quantile(double above) {
    double low = 0, high = 20;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        *(erfc(middle / sqrt(2)) / 2 > above ? &low : &high) = middle;
    }
    return low;
}

/* Upper quantile of Student's t by the expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5), good to a
 * thousandth from 30 degrees on. */
static double student_quantile(double above, double degrees) {
    double z = normal_quantile(above), z2 = z * z, n = degrees;
    double g1 = (z2 + 1) * z / 4, g2 = ((5 * z2 + 16) * z2 + 3) * z / 96;
    double g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) * z / 384;
    return z + g1 / n + g2 / (n * n) + g3 / (n * n * n);
}

/* The mean, and half the width of its interval. */
static double mean_of(const Moments *m, uint32_t rows, double *half) {
    g_assert_cmpuint(m->count, >=, JUDGE_LEAST);
    double n = m->count, variance = (m->squares - m->sum * m->sum / n) / (n - 1);
    *half = student_quantile(0.001 / 2 / rows, n - 1) * sqrt(MAX(variance, 0) / n);
    return m->shift + m->sum / n;
}

static void judge(const char *system, const char *row, uint64_t seed, double low, double high, double exact) {
    double half = (high - low) / 2;
    g_test_message("%-24s %-22s seed %d: exact %.6f, measured %.6f, half-width %.2f %%", system, row, (int)seed, exact,
                   (low + high) / 2, 100 * half / exact);
    g_assert_cmpfloat(half, <, 0.01 * exact);
    g_assert_cmpfloat(low, <=, exact);
    g_assert_cmpfloat(high, >=, exact);
}

void judge_row(const char *system, const char *row, uint64_t seed, const Moments *m, double exact, uint32_t rows) {
    double half, mean = mean_of(m, rows, &half);
    judge(system, row, seed, mean - half, mean + half, exact);
}

void judge_deviation(const char *system, const char *row, uint64_t seed, const Moments *m, double exact,
                     uint32_t rows) {
    double half, mean = mean_of(m, rows, &half);
    judge(system, row, seed, sqrt(MAX(mean - half, 0)), sqrt(mean + half), exact);
}

void judge_range(const char *system, uint64_t seed, double least, double most, double low, double high, uint64_t count,
                 uint32_t rows) {
    double gap = (high - low) * -log(0.001 / 2 / rows) / (double)count;
    g_test_message("%-24s %-22s seed %d: exact %.6f to %.6f, measured %.6f to %.6f", system, "range", (int)seed, low,
                   high, least, most);
    g_assert_cmpfloat(gap, <, 0.01 * high);
    g_assert_cmpfloat(least, >=, low);
    g_assert_cmpfloat(least, <=, low + gap);
    g_assert_cmpfloat(most, <=, high);
    g_assert_cmpfloat(most, >=, high - gap);
}
