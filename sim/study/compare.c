/* compare.c - pairs replications and looks at their differences. */
#include "study/compare.h"

#include <math.h>
#include <string.h>

#include "base/bug.h"
#include "study/evidence.h"

const char *compared_name(ComparedFinding finding) {
    static const char *const names[] = {"the same", "resolved", "not resolved", "one-sided"};
    BUG_IF((unsigned)finding >= G_N_ELEMENTS(names), "no such finding");
    return names[finding];
}

/* ---- Which metrics there are ------------------------------------------------------------- */

static int compare_rows(gconstpointer a, gconstpointer b) {
    const Compared *x = a, *y = b;
    int order = strcmp(x->metric, y->metric);
    return order != 0 ? order : g_strcmp0(x->of, y->of);
}

static void row_clear(gpointer pointer) {
    Compared *row = pointer;
    g_free(row->metric);
    g_free(row->of);
}

/* Splits that have no name in the language (by the deciding rule, by the price) are left out. */
static void rows_add(GArray *rows, const MeasureSet *set) {
    const MeasureColumn *const *columns;
    uint32_t count = measure_set_columns(set, &columns);
    for (uint32_t i = 0; i < count; i++) {
        const MeasureColumn *column = columns[i];
        if (column->by != NULL)
            continue;
        Compared row = {.metric = g_strconcat(column->info->name, column->part != NULL ? "." : NULL,
                                              column->part != NULL ? column->part->name : NULL, NULL),
                        .of = g_strdup(column->of),
                        .info = column->info,
                        .part = column->part,
                        .against = UINT64_MAX};
        g_array_append_val(rows, row);
    }
}

static GArray *rows_of(const MeasureSet *a, const MeasureSet *b) {
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Compared)), *kept = g_array_new(FALSE, FALSE, sizeof(Compared));
    g_array_set_clear_func(kept, row_clear);
    rows_add(rows, a);
    rows_add(rows, b);
    g_array_sort(rows, compare_rows);
    for (guint i = 0; i < rows->len; i++) {
        Compared *row = &g_array_index(rows, Compared, i);
        if (i + 1 < rows->len && compare_rows(row, row + 1) == 0)
            row_clear(row);
        else
            g_array_append_vals(kept, row, 1);
    }
    g_array_free(rows, TRUE);
    return kept;
}

/* ---- One metric -------------------------------------------------------------------------- */

typedef struct {
    double *a, *b, *differences;
    uint64_t *replications, count;
} Pairs;

static void pairs_clear(Pairs *pairs) {
    g_free(pairs->a);
    g_free(pairs->b);
    g_free(pairs->differences);
    g_free(pairs->replications);
}

static void pair_add(Pairs *pairs, Compared *row, uint64_t replication, double a, double b) {
    row->never_a += isinf(a) != 0;
    row->never_b += isinf(b) != 0;
    if (isinf(a) || isinf(b))
        return;
    pairs->a[pairs->count] = a;
    pairs->b[pairs->count] = b;
    pairs->differences[pairs->count] = b - a;
    pairs->replications[pairs->count++] = replication;
}

/* Both are in order of their replications. */
static Pairs pairs_of(Compared *row, const Evidence *a, const Evidence *b) {
    uint64_t most = MIN(a->n, b->n) + 1, i = 0, k = 0;
    Pairs pairs = {g_new(double, most), g_new(double, most), g_new(double, most), g_new(uint64_t, most), 0};
    while (i < a->n || k < b->n) {
        bool left = k == b->n || (i < a->n && a->replications[i] <= b->replications[k]);
        bool right = i == a->n || (k < b->n && b->replications[k] <= a->replications[i]);
        if (left && right)
            pair_add(&pairs, row, a->replications[i], a->values[i], b->values[k]);
        row->only_a += left && !right;
        row->only_b += right && !left;
        i += left;
        k += right;
    }
    return pairs;
}

static double mean_of(const double *values, uint64_t n) {
    double sum = 0;
    for (uint64_t i = 0; i < n; i++)
        sum += values[i];
    return n > 0 ? sum / (double)n : 0;
}

/* Half the width for two samples without common luck: variances add. */
static double width_apart(const Pairs *pairs) {
    Interval a = interval_mean(pairs->a, pairs->count), b = interval_mean(pairs->b, pairs->count);
    double x = (a.high - a.low) / 2, y = (b.high - b.low) / 2;
    return a.exists && b.exists ? sqrt(x * x + y * y) : 0;
}

static void find_against(Compared *row, const Pairs *pairs) {
    for (uint64_t i = 0; i < pairs->count; i++) {
        double difference = pairs->differences[i];
        bool opposite = (row->difference < 0 && difference > 0) || (row->difference > 0 && difference < 0);
        if (opposite && fabs(difference) > fabs(row->against_difference)) {
            row->against = pairs->replications[i];
            row->against_difference = difference;
        }
    }
}

static ComparedFinding finding_of(const Compared *row, const Pairs *pairs) {
    bool equal = row->only_a == 0 && row->only_b == 0 && row->never_a == row->never_b;
    for (uint64_t i = 0; i < pairs->count && equal; i++)
        equal = pairs->differences[i] == 0;
    if (equal)
        return COMPARED_SAME;
    if (row->never_a != row->never_b || row->pairs == 0)
        return COMPARED_ONE_SIDED;
    bool resolved = row->interval.exists && (row->interval.low > 0 || row->interval.high < 0);
    return resolved ? COMPARED_RESOLVED : COMPARED_UNRESOLVED;
}

static void row_fill(Compared *row, const MeasureSet *a, const MeasureSet *b) {
    Expect expect = {.metric = row->metric, .of = row->of, .statistic = STATISTIC_MEAN};
    Evidence left = evidence_of(&expect, a), right = evidence_of(&expect, b);
    Pairs pairs = pairs_of(row, &left, &right);
    row->pairs = pairs.count;
    row->a = mean_of(pairs.a, pairs.count);
    row->b = mean_of(pairs.b, pairs.count);
    row->difference = mean_of(pairs.differences, pairs.count);
    row->interval = interval_mean(pairs.differences, pairs.count);
    row->apart = width_apart(&pairs);
    find_against(row, &pairs);
    row->finding = finding_of(row, &pairs);
    pairs_clear(&pairs);
    evidence_clear(&left);
    evidence_clear(&right);
}

MetricSummary metric_summary(const MeasureSet *measures, const char *metric) {
    Expect expect = {.metric = metric, .statistic = STATISTIC_MEAN};
    Evidence evidence = evidence_of(&expect, measures);
    MetricSummary summary = {0};
    for (uint64_t i = 0; i < evidence.n; i++) /* the finite ones move to the front */
        if (!isinf(evidence.values[i]))
            evidence.values[summary.n++] = evidence.values[i];
    summary.never = evidence.n - summary.n;
    summary.mean = mean_of(evidence.values, summary.n);
    summary.interval = interval_mean(evidence.values, summary.n);
    evidence_clear(&evidence);
    return summary;
}

GArray *compare_sets(const MeasureSet *a, const MeasureSet *b) {
    GArray *rows = rows_of(a, b);
    for (guint i = 0; i < rows->len; i++)
        row_fill(&g_array_index(rows, Compared, i), a, b);
    return rows;
}
