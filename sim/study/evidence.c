/* evidence.c - lines up the columns that an expectation speaks of. */
#include "study/evidence.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "base/int128.h"

static double number(int64_t value) { return value == INT64_MAX ? (double)INFINITY : (double)value; }

static const MeasureColumn *column_of(const MeasureSet *measures, const char *metric, const char *of) {
    return of ? measure_find_by(measures, metric, of, NULL) : measure_find(measures, metric);
}

static void evidence_room(Evidence *evidence, uint64_t room) {
    evidence->replications = g_new(uint64_t, room + 1);
    evidence->values = g_new(double, room + 1);
    evidence->tops = g_new(double, room + 1);
    evidence->bottoms = g_new(double, room + 1);
}

static void evidence_add(Evidence *evidence, uint64_t replication, double value, double top, double bottom) {
    evidence->replications[evidence->n] = replication;
    evidence->values[evidence->n] = value;
    evidence->tops[evidence->n] = top;
    evidence->bottoms[evidence->n++] = bottom;
}

void evidence_clear(Evidence *evidence) {
    g_free(evidence->replications);
    g_free(evidence->values);
    g_free(evidence->tops);
    g_free(evidence->bottoms);
    *evidence = (Evidence){.known = false};
}

/* ---- One value a replication ------------------------------------------------------------- */

/* A plain metric is a ratio with 1 below: then one estimator serves both. */
static void add_plain(Evidence *evidence, const MeasureColumn *column) {
    evidence_room(evidence, column->count);
    for (uint32_t i = 0; i < column->count; i++) {
        double value = number(column->samples[i].value);
        evidence_add(evidence, column->samples[i].replication, value, value, 1);
    }
}

/* Pairs of equal replications; both columns are sorted by it. A ratio over nothing does not exist. Parts per billion.
 */
static void add_ratio(Evidence *evidence, const MeasureColumn *top, const MeasureColumn *bottom) {
    evidence->unit = UNIT_SHARE;
    evidence_room(evidence, top->count);
    for (uint32_t i = 0, j = 0; i < top->count; i++) {
        while (j < bottom->count && bottom->samples[j].replication < top->samples[i].replication)
            j++;
        if (j == bottom->count || bottom->samples[j].replication != top->samples[i].replication)
            continue;
        double a = number(top->samples[i].value) * 1e9, b = number(bottom->samples[j].value);
        if (b > 0)
            evidence_add(evidence, top->samples[i].replication, a / b, a, b);
    }
}

static int by_value(gconstpointer a, gconstpointer b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The ceil(q n)-th smallest. */
static double sample_quantile(const double *values, uint64_t n, int64_t q_ppb) {
    double *sorted = g_memdup2(values, n * sizeof *values);
    qsort(sorted, n, sizeof *sorted, by_value);
    uint64_t rank = (uint64_t)(((Uint128)n * (uint64_t)q_ppb + 999999999) / 1000000000);
    double value = sorted[rank > 0 ? rank - 1 : 0];
    g_free(sorted);
    return value;
}

/* What the statistic is, over all replications together. */
static double plain_estimate(const Evidence *evidence, const Expect *expect) {
    double top = 0, bottom = 0, least = (double)INFINITY, most = -(double)INFINITY;
    for (uint64_t i = 0; i < evidence->n; i++) {
        top += evidence->tops[i];
        bottom += evidence->bottoms[i];
        least = fmin(least, evidence->values[i]);
        most = fmax(most, evidence->values[i]);
    }
    switch (expect->statistic) {
    case STATISTIC_MEAN: return top / bottom;
    case STATISTIC_QUANTILE: return sample_quantile(evidence->values, evidence->n, expect->quantile);
    case STATISTIC_MIN: return least;
    case STATISTIC_MAX: return most;
    case STATISTIC_EVERY: break;
    }
    bool wants_little = expect->comparison == COMPARE_LESS || expect->comparison == COMPARE_LESS_EQUAL;
    return wants_little ? most : least; /* the one that comes nearest to breaking the bound */
}

/* ---- Pooled ------------------------------------------------------------------------------ */

/* What one replication says about the statistic: its mean, or the observation that comes nearest to breaking the bound.
 */
static double pool_value(const MeasurePool *pool, const Expect *expect) {
    bool same = expect->statistic == STATISTIC_EVERY && expect->comparison == COMPARE_EQUAL;
    if (same && (pool->never || pool->max != expect->bound)) /* one that is not equal, if there is one */
        return pool->never ? (double)INFINITY : (double)pool->max;
    bool wants_little = expect->comparison == COMPARE_LESS || expect->comparison == COMPARE_LESS_EQUAL;
    bool most = expect->statistic == STATISTIC_MAX || (expect->statistic == STATISTIC_EVERY && wants_little);
    if (expect->statistic == STATISTIC_MEAN)
        return pool->never ? (double)INFINITY : (double)pool->sum / (double)pool->count;
    if (most)
        return pool->never ? (double)INFINITY : (double)pool->max;
    return pool->never == pool->count ? (double)INFINITY : (double)pool->min;
}

/* Observations of one replication depend on each other (a slow minute makes many slow answers), so only replications
 * count as independent: their own quantiles, means and extremes are the sample. */
static void add_pooled(Evidence *evidence, const MeasureSet *measures, const MeasureColumn *column,
                       const Expect *expect) {
    evidence->pooled = true;
    if (expect->statistic == STATISTIC_QUANTILE) {
        const MeasureColumn *quantile = measure_pool_quantile(measures, column, expect->quantile);
        if (quantile)
            add_plain(evidence, quantile);
        evidence->estimate = number(histogram_quantile(column->pool, expect->quantile));
        return;
    }
    evidence_room(evidence, column->pool_count);
    for (uint32_t i = 0; i < column->pool_count; i++) {
        const MeasurePool *pool = &column->pools[i];
        if (pool->count > 0)
            evidence_add(evidence, pool->replication, pool_value(pool, expect),
                         pool->never ? (double)INFINITY : (double)pool->sum, (double)pool->count);
    }
    if (evidence->n)
        evidence->estimate = plain_estimate(evidence, expect);
}

Evidence evidence_of(const Expect *expect, const MeasureSet *measures) {
    const MeasureColumn *column = column_of(measures, expect->metric, expect->of);
    const MeasureColumn *under = expect->denominator ? column_of(measures, expect->denominator, expect->of) : NULL;
    Evidence evidence = {.known = column != NULL && (under != NULL || expect->denominator == NULL)};
    if (!evidence.known)
        return evidence;
    evidence.unit = measure_unit(column);
    if (column->pool && under == NULL) {
        add_pooled(&evidence, measures, column, expect);
        return evidence;
    }
    if (under)
        add_ratio(&evidence, column, under);
    else
        add_plain(&evidence, column);
    if (evidence.n)
        evidence.estimate = plain_estimate(&evidence, expect);
    return evidence;
}
