/* interval.c - Student, Wilson, delta method and order statistics, without libm. */
#include "study/interval.h"

#include <math.h>

#include "base/bug.h"

static const double NORMAL_975 = 1.959963984540054;

double student_975(uint64_t freedom) {
    static const double table[] = {12.706204736, 4.302652730, 3.182446305, 2.776445105, 2.570581836, 2.446911851,
                                   2.364624252,  2.306004135, 2.262157163, 2.228138852, 2.200985160, 2.178812830,
                                   2.160368656,  2.144786688, 2.131449546, 2.119905299, 2.109815578, 2.100922040,
                                   2.093024054,  2.085963447, 2.079613845, 2.073873068, 2.068657610, 2.063898562,
                                   2.059538553,  2.055529439, 2.051830516, 2.048407142, 2.045229642, 2.042272456};
    BUG_IF(freedom == 0, "one value has no deviation");
    if (freedom <= sizeof table / sizeof table[0])
        return table[freedom - 1];
    double v = (double)freedom, x = NORMAL_975, x2 = x * x;
    double g1 = x * (x2 + 1) / 4;
    double g2 = x * ((5 * x2 + 16) * x2 + 3) / 96;
    double g3 = x * (((3 * x2 + 19) * x2 + 17) * x2 - 15) / 384;
    double g4 = x * ((((79 * x2 + 776) * x2 + 1482) * x2 - 1920) * x2 - 945) / 92160;
    return x + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v;
}

static double mean_of(const double *values, uint64_t n) {
    double sum = 0;
    for (uint64_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

Interval interval_mean(const double *values, uint64_t n) {
    if (n < 2)
        return (Interval){.exists = false};
    double mean = mean_of(values, n), squares = 0;
    for (uint64_t i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    double half = student_975(n - 1) * sqrt(squares / (double)(n - 1) / (double)n);
    return (Interval){true, mean - half, mean + half};
}

Interval interval_ratio(const double *a, const double *b, uint64_t n) {
    double under = n ? mean_of(b, n) : 0;
    if (n < 2 || under <= 0)
        return (Interval){.exists = false};
    double ratio = mean_of(a, n) / under, squares = 0;
    for (uint64_t i = 0; i < n; i++)
        squares += (a[i] - ratio * b[i]) * (a[i] - ratio * b[i]);
    double half = student_975(n - 1) * sqrt(squares / (double)(n - 1) / (double)n) / under;
    return (Interval){true, ratio - half, ratio + half};
}

Interval interval_share(uint64_t hits, uint64_t n) {
    BUG_IF(hits > n, "more hits than trials");
    if (n == 0)
        return (Interval){.exists = false};
    double z2 = NORMAL_975 * NORMAL_975, count = (double)n, share = (double)hits / count;
    double centre = (share + z2 / (2 * count)) / (1 + z2 / count);
    double half = NORMAL_975 / (1 + z2 / count) * sqrt(share * (1 - share) / count + z2 / (4 * count * count));
    return (Interval){true, hits == 0 ? 0 : centre - half, hits == n ? 1 : centre + half};
}

/* ---- Order statistics -------------------------------------------------------------------- */

/* Binomial weights relative to the one at the mode, walked outwards by their ratio: nothing under- or overflows. The
 * weight of k + 1 is that of k times odds * (n - k) / (k + 1). */
typedef struct {
    double n, odds;
    uint64_t mode;
} Binomial;

static double weight_up(const Binomial *law, uint64_t k) { return law->odds * (law->n - (double)k) / ((double)k + 1); }

/* The sum of all weights; stops where they no longer count. */
static double total_weight(const Binomial *law) {
    double total = 1, weight = 1;
    for (uint64_t k = law->mode; k > 0 && weight > 1e-18; k--)
        total += weight /= weight_up(law, k - 1);
    weight = 1;
    for (uint64_t k = law->mode; (double)k < law->n && weight > 1e-18; k++)
        total += weight *= weight_up(law, k);
    return total;
}

static const double EACH_TAIL = 0.025;

/* The largest l with P(B < l) <= 2.5 %: walk down from the mode, subtracting from P(B <= mode - 1). */
static uint64_t low_rank(const Binomial *law, double total) {
    double below = 0, weight = 1;
    for (uint64_t k = law->mode; k > 0 && weight > 1e-18; k--)
        below += weight /= weight_up(law, k - 1);
    uint64_t l = law->mode;
    for (weight = 1; l > 0 && below > EACH_TAIL * total; l--)
        below -= weight /= weight_up(law, l - 1);
    return l;
}

/* The smallest u with P(B >= u) <= 2.5 %. */
static uint64_t high_rank(const Binomial *law, double total) {
    double above = 0, weight = 1;
    for (uint64_t k = law->mode; (double)k < law->n && weight > 1e-18; k++)
        above += weight *= weight_up(law, k);
    uint64_t u = law->mode + 1;
    for (weight = 1; (double)u <= law->n && above > EACH_TAIL * total; u++)
        above -= weight *= weight_up(law, u - 1);
    return u;
}

Ranks interval_quantile(uint64_t n, int64_t q_ppb) {
    BUG_IF(q_ppb <= 0 || q_ppb >= 1000000000, "a quantile lies between 0 and 100 %");
    if (n == 0)
        return (Ranks){0, 1};
    double q = (double)q_ppb / 1e9;
    Binomial law = {(double)n, q / (1 - q), (uint64_t)(((double)n + 1) * q)};
    law.mode = law.mode > n ? n : law.mode;
    double total = total_weight(&law);
    return (Ranks){low_rank(&law, total), high_rank(&law, total)};
}
