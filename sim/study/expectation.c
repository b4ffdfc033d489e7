/* expectation.c - a bound, the evidence and its interval give a verdict. */
#include "study/expectation.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "study/evidence.h"

const char *finding_name(Finding verdict) {
    static const char *const names[] = {"holds", "missed", "undecided"};
    return names[verdict];
}

const char *expectation_but_name(Finding of_changed_model) {
    static const char *const names[] = {"still holds", "fails as it should", "undecided"};
    return names[of_changed_model];
}

void judgement_clear(Judgement *judgement) {
    g_free(judgement->measured);
    g_free(judgement->counterexample);
    g_free(judgement->why);
    *judgement = (Judgement){.verdict = FINDING_UNDECIDED, .replication = UINT64_MAX};
}

char *value_text(double value, Unit unit) {
    if (!isfinite(value))
        return g_strdup("never");
    if (unit == UNIT_NONE && (value >= 1e15 || value != (double)(int64_t)value)) {
        char digits[G_ASCII_DTOSTR_BUF_SIZE];
        return g_strdup(g_ascii_formatd(digits, sizeof digits, value < 100 ? "%.2f" : "%.1f", value));
    }
    return quantity_brief((int64_t)(value < 0 ? value - 0.5 : value + 0.5), unit);
}

/* ---- Bounds ------------------------------------------------------------------------------ */

static bool satisfies(double value, Comparison comparison, double bound) {
    switch (comparison) {
    case COMPARE_LESS: return value < bound;
    case COMPARE_LESS_EQUAL: return value <= bound;
    case COMPARE_EQUAL: return !(value < bound) && !(value > bound);
    case COMPARE_GREATER_EQUAL: return value >= bound;
    case COMPARE_GREATER: return value > bound;
    }
    BUG_IF(true, "an unknown comparison");
    return false;
}

static double bound_of(const Expect *expect) {
    return expect->bound == INT64_MAX ? (double)INFINITY : (double)expect->bound;
}

/* All of the interval, none of it, or neither. Bounds are half lines or a point, so its ends tell, except for a point
 * inside. */
static Finding finding_of(Interval interval, const Expect *expect) {
    double bound = bound_of(expect);
    bool low = satisfies(interval.low, expect->comparison, bound),
         high = satisfies(interval.high, expect->comparison, bound);
    if (low && high)
        return FINDING_HOLDS;
    bool inside = interval.low <= bound && bound <= interval.high;
    return low || high || (expect->comparison == COMPARE_EQUAL && inside) ? FINDING_UNDECIDED : FINDING_MISSED;
}

/* ---- Intervals of the evidence ----------------------------------------------------------- */

/* One infinite value makes a mean infinite, and its interval, too. */
static bool any_never(const double *values, uint64_t n) {
    for (uint64_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return true;
    return false;
}

static int by_value(gconstpointer a, gconstpointer b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Ends that N is too small for reach as far as values can. */
static Interval quantile_interval(const Evidence *evidence, int64_t q_ppb) {
    double *sorted = g_memdup2(evidence->values, evidence->n * sizeof *sorted);
    qsort(sorted, evidence->n, sizeof *sorted, by_value);
    Ranks ranks = interval_quantile(evidence->n, q_ppb);
    Interval interval = {true, ranks.low ? sorted[ranks.low - 1] : -(double)INFINITY,
                         ranks.high <= evidence->n ? sorted[ranks.high - 1] : (double)INFINITY};
    interval.exists = ranks.low > 0 && ranks.high <= evidence->n;
    g_free(sorted);
    return interval;
}

/* Quantiles of replications, some of them never: from the least to never. */
static Interval pooled_interval(const Evidence *evidence) {
    if (!any_never(evidence->values, evidence->n))
        return interval_mean(evidence->values, evidence->n);
    double least = (double)INFINITY;
    for (uint64_t i = 0; i < evidence->n; i++)
        least = fmin(least, evidence->values[i]);
    return (Interval){true, least, (double)INFINITY};
}

static Interval statistic_interval(const Evidence *evidence, const Expect *expect) {
    switch (expect->statistic) {
    case STATISTIC_MEAN:
        if (any_never(evidence->tops, evidence->n))
            return (Interval){true, (double)INFINITY, (double)INFINITY};
        return interval_ratio(evidence->tops, evidence->bottoms, evidence->n);
    case STATISTIC_QUANTILE:
        return evidence->pooled ? pooled_interval(evidence) : quantile_interval(evidence, expect->quantile);
    case STATISTIC_MIN:
    case STATISTIC_MAX:
    case STATISTIC_EVERY: break;
    }
    return (Interval){true, evidence->estimate, evidence->estimate};
}

/* Nothing that is measured is less than zero, and no share of a whole more than it. */
static Interval evidence_interval(const Evidence *evidence, const Expect *expect) {
    Interval interval = statistic_interval(evidence, expect);
    interval.low = interval.low < 0 && interval.exists ? 0 : interval.low;
    if (evidence->unit == UNIT_SHARE && expect->denominator == NULL && isfinite(interval.high))
        interval.high = fmin(interval.high, 1e9);
    return interval;
}

/* `every` is about the runs that there were: each value counts. */
static Finding finding_of_every(const Evidence *evidence, const Expect *expect) {
    for (uint64_t i = 0; i < evidence->n; i++)
        if (!satisfies(evidence->values[i], expect->comparison, bound_of(expect)))
            return FINDING_MISSED;
    return FINDING_HOLDS;
}

/* ---- Judging ----------------------------------------------------------------------------- */

/* In how many replications it never happened, with Wilson's interval; NULL: in none. */
static char *never_text(const Evidence *evidence) {
    uint64_t never = 0;
    for (uint64_t i = 0; i < evidence->n; i++)
        never += isfinite(evidence->values[i]) ? 0 : 1;
    if (never == 0)
        return NULL;
    if (never == evidence->n)
        return g_strdup_printf("never, in any of %" G_GUINT64_FORMAT, evidence->n);
    Interval share = interval_share(never, evidence->n);
    char *low = value_text(share.low * 1e9, UNIT_SHARE), *high = value_text(share.high * 1e9, UNIT_SHARE);
    char *text = g_strdup_printf("never in %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " (%s to %s)", never,
                                 evidence->n, low, high);
    g_free(low);
    g_free(high);
    return text;
}

static char *measured_text(const Evidence *evidence, Interval interval) {
    char *value = value_text(evidence->estimate, evidence->unit), *never = never_text(evidence);
    char *low = value_text(interval.low, evidence->unit), *high = value_text(interval.high, evidence->unit);
    char *range = !interval.exists || g_str_equal(low, high) ? g_strdup("") : g_strdup_printf(" (%s to %s)", low, high);
    bool finite = isfinite(evidence->estimate);
    char *text =
        finite ? g_strconcat(value, range, never ? "; " : NULL, never, NULL) : g_strconcat(never ? never : value, NULL);
    char *owned[] = {value, never, low, high, range};
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    return text;
}

/* The first replication that breaks the bound: it can be run again alone, by seed and number. */
static void find_counterexample(Judgement *judgement, const Evidence *evidence, const Expect *expect) {
    for (uint64_t i = 0; i < evidence->n; i++) {
        if (satisfies(evidence->values[i], expect->comparison, bound_of(expect)))
            continue;
        char *value = value_text(evidence->values[i], evidence->unit);
        judgement->replication = evidence->replications[i];
        judgement->counter_value = evidence->values[i];
        judgement->counterexample =
            g_strdup_printf("replication %" G_GUINT64_FORMAT ": %s", judgement->replication, value);
        g_free(value);
        return;
    }
}

/* With `of`, what could have been meant. */
static char *nothing_text(const Expect *expect, const MeasureSet *measures) {
    const MeasureColumn *const *columns;
    uint32_t count = measure_set_columns(measures, &columns);
    GString *text = g_string_new(NULL);
    g_string_printf(text, "nothing was measured as %s%s%s", expect->metric, expect->of ? " of " : "",
                    expect->of ? expect->of : "");
    const char *sign = "; there is ";
    for (uint32_t c = 0; c < count && expect->of; c++) {
        char *name = measure_column_name(columns[c]);
        size_t length = strlen(expect->metric);
        if (columns[c]->of && !columns[c]->by && strncmp(name, expect->metric, length) == 0 && name[length] == '[') {
            g_string_append_printf(text, "%s%s", sign, columns[c]->of);
            sign = ", ";
        }
        g_free(name);
    }
    return g_string_free(text, FALSE);
}

/* An interval of a mean shrinks with the root of the number of replications: so many until the bound is outside. */
static char *undecided_text(const Evidence *evidence, Interval interval, const Expect *expect) {
    double distance = fabs(evidence->estimate - bound_of(expect)), half = (interval.high - interval.low) / 2;
    double needed = distance > 0 ? (double)evidence->n * (half / distance) * (half / distance) : (double)INFINITY;
    const char *text = "the bound lies within the 95 % interval: more replications may tell";
    if (expect->statistic != STATISTIC_MEAN || !(needed < 1e6))
        return g_strdup(text);
    uint64_t count = (uint64_t)needed + 1, step = 1;
    while (step * 100 <= count) /* two digits: it is a guess */
        step *= 10;
    return g_strdup_printf("%s (about %" G_GUINT64_FORMAT ", if the mean stays where it is)", text,
                           (count + step - 1) / step * step);
}

static Judgement judge_measure(const Expect *expect, const MeasureSet *measures) {
    Judgement judgement = {.verdict = FINDING_UNDECIDED, .replication = UINT64_MAX};
    Evidence evidence = evidence_of(expect, measures);
    if (!evidence.known || evidence.n == 0) {
        judgement.why = nothing_text(expect, measures);
        evidence_clear(&evidence);
        return judgement;
    }
    Interval interval = evidence_interval(&evidence, expect);
    judgement.measured = measured_text(&evidence, interval);
    judgement.has_value = true;
    judgement.has_interval = interval.exists;
    judgement.unit = evidence.unit;
    judgement.value = evidence.estimate;
    judgement.low = interval.low;
    judgement.high = interval.high;
    if (expect->statistic == STATISTIC_EVERY) {
        judgement.verdict = finding_of_every(&evidence, expect);
    } else if (!interval.exists) {
        judgement.why = g_strdup_printf("%" G_GUINT64_FORMAT " replication%s no 95 %% interval of the %s", evidence.n,
                                        evidence.n == 1 ? " has" : "s have",
                                        expect->statistic == STATISTIC_MEAN ? "mean" : "quantile");
        /* Too few for both ends, but the end that there is may be enough to know that it is missed. */
        if (expect->statistic == STATISTIC_QUANTILE && finding_of(interval, expect) == FINDING_MISSED)
            judgement.verdict = FINDING_MISSED;
    } else {
        judgement.verdict = finding_of(interval, expect);
    }
    if (judgement.verdict == FINDING_MISSED)
        find_counterexample(&judgement, &evidence, expect);
    if (judgement.verdict == FINDING_UNDECIDED && judgement.why == NULL)
        judgement.why = undecided_text(&evidence, interval, expect);
    evidence_clear(&evidence);
    return judgement;
}

Judgement expectation_judge(const Expect *expect, const MeasureSet *measures, ReachJudge reach, void *user) {
    if (expect->kind == EXPECT_MEASURE)
        return judge_measure(expect, measures);
    Judgement judgement = {.verdict = FINDING_UNDECIDED, .replication = UINT64_MAX};
    if (reach)
        reach(user, expect, &judgement);
    else
        judgement.why = g_strdup("reachability was not looked at");
    return judgement;
}

bool expectation_fails(const Expect *expect, Finding verdict) {
    return verdict != FINDING_HOLDS && expect->severity == EXPECT_ERROR && !expect->waiver.exists;
}

/* ---- Beforehand -------------------------------------------------------------------------- */

uint64_t replications_for_quantile(int64_t q_ppb) {
    double q = (double)q_ppb / 1e9, high = 1, low = 1;
    uint64_t n = 0;
    for (; high > 0.025 || low > 0.025; n++) {
        high *= q;
        low *= 1 - q;
    }
    return n;
}

/* A mistake in a name is told with the nearest name that there is. */
static bool metric_check(const char *metric, const MeasureInfo **info, char **why) {
    if (!measure_parse(metric, info, NULL, NULL)) {
        char *nearest = measure_suggest(metric);
        *why = nearest ? g_strdup_printf("there is no measure '%s'; did you mean '%s'?", metric, nearest)
                       : g_strdup_printf("there is no measure '%s'", metric);
        g_free(nearest);
        return false;
    }
    if (measure_is_series(*info))
        *why = g_strdup_printf("%s is a series over time, not a number", metric);
    return *why == NULL;
}

bool expectation_decidable(const Expect *expect, uint64_t replications, char **why, uint64_t *needed) {
    *why = NULL;
    *needed = 0;
    if (expect->kind != EXPECT_MEASURE)
        return true;
    const MeasureInfo *info, *under;
    if (!metric_check(expect->metric, &info, why) ||
        (expect->denominator && !metric_check(expect->denominator, &under, why)))
        return false;
    if (expect->denominator && (measure_is_pooled(info) || measure_is_pooled(under))) {
        *why = g_strdup("a ratio needs one value a replication, and a pooled measure has many");
        return false;
    }
    if (expect->statistic == STATISTIC_QUANTILE && !measure_is_pooled(info))
        *needed = replications_for_quantile(expect->quantile);
    else if (expect->statistic == STATISTIC_MEAN || expect->statistic == STATISTIC_QUANTILE)
        *needed = 2;
    if (replications >= *needed)
        return true;
    *why = g_strdup_printf(
        "%s of %s needs at least %" G_GUINT64_FORMAT " replications for a 95 %% interval, not %" G_GUINT64_FORMAT,
        expect->statistic_text ? expect->statistic_text : "the statistic", expect->metric, *needed, replications);
    return false;
}
