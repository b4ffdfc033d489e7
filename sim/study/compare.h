/* compare.h - two designs under the same luck: what differs, and whether that is more than luck.
 *
 * Both studies have run the same replications from the same seed. Draws are keyed by who draws (contract of
 * base/luck.h), so a session that arrives in both arrives at the same instant with the same patience; its difference is
 * the design's. So replications are paired, and the interval is that of the mean of differences: it is much narrower
 * than the one for two independent samples, which is given beside it. Exact opposites: comparing B with A is the
 * negative of A with B, and a study compared with an equal one differs by exactly zero. */
#ifndef FAULTLINE_STUDY_COMPARE_H
#define FAULTLINE_STUDY_COMPARE_H

#include <glib.h>

#include "measure/measure.h"
#include "study/interval.h"

typedef enum {
    COMPARED_SAME,       /* every pair is equal */
    COMPARED_RESOLVED,   /* the interval leaves zero out */
    COMPARED_UNRESOLVED, /* it does not, or there is none */
    COMPARED_ONE_SIDED   /* never, or not measured, on one side more often than on the other; see the counts */
} ComparedFinding;
const char *compared_name(ComparedFinding finding); /* "the same", "resolved", "not resolved", "one-sided" */

/* One metric in both. Values in the metric's base unit; of a pooled metric a replication's mean. */
typedef struct {
    char *metric, *of; /* "lost_sessions.new", "visitors" or NULL */
    const MeasureInfo *info;
    const MeasurePart *part; /* NULL: the measure itself */
    uint64_t pairs;          /* replications in which both have a finite value: the rest is about these */
    uint64_t only_a, only_b; /* measured on one side only */
    uint64_t never_a, never_b;
    double a, b, difference; /* means; b - a */
    Interval interval;       /* of the difference */
    double apart;            /* half the width of the interval that independent luck would have given */
    ComparedFinding finding;
    uint64_t against; /* the replication that goes furthest against the mean difference; UINT64_MAX: none does */
    double against_difference;
} Compared;

/* A metric by itself, over replications (of a pooled one: over the replications' means). */
typedef struct {
    uint64_t n, never; /* finite values, and others */
    double mean;       /* of the finite ones; 0 without any */
    Interval interval;
} MetricSummary;
MetricSummary metric_summary(const MeasureSet *measures, const char *metric);

/* A row for every metric of either, by metric, then `of`. Free with g_array_free, which frees the texts. */
GArray *compare_sets(const MeasureSet *a, const MeasureSet *b);

static inline Unit compared_unit(const Compared *row) { return row->part != NULL ? row->part->unit : row->info->unit; }

#endif
