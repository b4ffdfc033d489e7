/* test_coverage.c - a 95 % interval holds the true value in 95 % of experiments: 10,000 of 200 replications each, drawn
 * from laws whose mean, quantiles and shares are known in closed form.
 *
 * Means (Student) and ratios (delta method) must cover in 94 to 96 %, quantiles (order statistics) and shares (Wilson)
 * in 94 to 99 %: these are discrete, so they cannot be exact and are made not to be too narrow. With 10,000 experiments
 * the coverage itself is known to +-0.43 % (two standard deviations). */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "study/interval.h"

enum { EXPERIMENTS = 10000, REPLICATIONS = 200 };

/* splitmix64 (Steele, Lea, Flood 2014): seeds differ, so experiments are independent. */
typedef struct {
    uint64_t state;
} Dice;

static uint64_t dice_word(Dice *dice) {
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double dice_share(Dice *dice) { return ((double)(dice_word(dice) >> 11) + 0.5) / 0x1p53; }
static double dice_exponential(Dice *dice) { return -log(dice_share(dice)); }

static double draw_uniform(Dice *dice) { return dice_share(dice); }
static double draw_normal(Dice *dice) { return sqrt(2 * dice_exponential(dice)) * cos(2 * G_PI * dice_share(dice)); }
/* The number of sessions that a fault of 10 minutes breaks where 1 comes in 6 s: Poisson with mean 100. */
static double draw_poisson(Dice *dice) {
    double count = 0;
    for (double at = dice_exponential(dice); at < 100; at += dice_exponential(dice))
        count++;
    return count;
}
/* The longest of 3 exponential steps: mean 11/6. */
static double draw_longest(Dice *dice) {
    double longest = 0;
    for (int i = 0; i < 3; i++)
        longest = fmax(longest, dice_exponential(dice));
    return longest;
}

typedef struct {
    const char *name;
    double (*draw)(Dice *dice);
    double truth;
    int64_t quantile; /* ppb; 0: the mean */
} Case;

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool covers(const Case *one, double *values) {
    Interval interval;
    if (one->quantile) {
        qsort(values, REPLICATIONS, sizeof *values, by_value);
        Ranks ranks = interval_quantile(REPLICATIONS, one->quantile);
        g_assert_cmpuint(ranks.low, >=, 1);
        g_assert_cmpuint(ranks.high, <=, REPLICATIONS);
        interval = (Interval){true, values[ranks.low - 1], values[ranks.high - 1]};
    } else {
        interval = interval_mean(values, REPLICATIONS);
    }
    return interval.low <= one->truth && one->truth <= interval.high;
}

static double coverage_of(const Case *one) {
    double values[REPLICATIONS];
    int covered = 0;
    for (int e = 0; e < EXPERIMENTS; e++) {
        Dice dice = {(uint64_t)e << 20};
        for (int r = 0; r < REPLICATIONS; r++)
            values[r] = one->draw(&dice);
        covered += covers(one, values);
    }
    double share = (double)covered / EXPERIMENTS;
    g_test_message("%-32s %.2f %%", one->name, share * 100);
    return share;
}

static void within(const char *name, double share, double low, double high) {
    if (share < low || share > high)
        g_test_message("%s: covered in %.2f %%, wanted %.0f to %.0f %%", name, share * 100, low * 100, high * 100);
    g_assert_true(share >= low && share <= high);
}

static void test_means(void) {
    static const Case cases[] = {{"uniform", draw_uniform, 0.5, 0},
                                 {"normal", draw_normal, 0, 0},
                                 {"exponential", dice_exponential, 1, 0},
                                 {"Poisson", draw_poisson, 100, 0},
                                 {"longest of three", draw_longest, 11.0 / 6, 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        within(cases[i].name, coverage_of(&cases[i]), 0.94, 0.96);
}

static void test_quantiles(void) {
    const Case cases[] = {{"median of an exponential", dice_exponential, log(2), 500000000},
                          {"90 % of an exponential", dice_exponential, log(10), 900000000},
                          {"95 % of an exponential", dice_exponential, log(20), 950000000},
                          {"50 % of a normal", draw_normal, 0, 500000000},
                          {"90 % of the longest of three", draw_longest, -log(1 - cbrt(0.9)), 900000000}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        within(cases[i].name, coverage_of(&cases[i]), 0.94, 0.99);
}

/* Sum of a over sum of b: sessions lost of those that came, where both vary together. */
static void test_ratios(void) {
    double tops[REPLICATIONS], bottoms[REPLICATIONS];
    int covered = 0;
    for (int e = 0; e < EXPERIMENTS; e++) {
        Dice dice = {(uint64_t)e << 20 | 1};
        for (int r = 0; r < REPLICATIONS; r++) {
            bottoms[r] = 50 + 100 * dice_share(&dice);
            tops[r] = bottoms[r] * 0.1 * dice_exponential(&dice);
        }
        Interval interval = interval_ratio(tops, bottoms, REPLICATIONS);
        covered += interval.low <= 0.1 && 0.1 <= interval.high;
    }
    within("ratio", (double)covered / EXPERIMENTS, 0.94, 0.96);
}

/* Where fewer than five hits are expected Wilson's interval may cover a little less: 93.6 % of a share of 0.02. */
static void test_shares(void) {
    static const double shares[] = {0.05, 0.1, 0.3, 0.5, 0.9};
    for (size_t i = 0; i < G_N_ELEMENTS(shares); i++) {
        int covered = 0;
        for (int e = 0; e < EXPERIMENTS; e++) {
            Dice dice = {(uint64_t)e << 20 | 2};
            uint64_t hits = 0;
            for (int r = 0; r < REPLICATIONS; r++)
                hits += dice_share(&dice) < shares[i];
            Interval interval = interval_share(hits, REPLICATIONS);
            covered += interval.low <= shares[i] && shares[i] <= interval.high;
        }
        char *name = g_strdup_printf("share of %g", shares[i]);
        g_test_message("%-32s %.2f %%", name, covered * 100.0 / EXPERIMENTS);
        within(name, (double)covered / EXPERIMENTS, 0.94, 0.99);
        g_free(name);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/coverage/means", test_means);
    g_test_add_func("/coverage/ratios", test_ratios);
    g_test_add_func("/coverage/quantiles", test_quantiles);
    g_test_add_func("/coverage/shares", test_shares);
    return g_test_run();
}
