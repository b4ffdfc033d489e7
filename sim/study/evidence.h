/* evidence.h - what a set of measures has to say about one metric: values by replication (private to study/). */
#ifndef FAULTLINE_STUDY_EVIDENCE_H
#define FAULTLINE_STUDY_EVIDENCE_H

#include "measure/measure.h"
#include "model/model.h"
#include "study/interval.h"

/* Parallel arrays; values in the metric's base unit as doubles, INFINITY for "never". The mean is top / bottom; a plain
 * metric has bottom 1 in each replication, a pooled one its number of observations. */
typedef struct {
    bool known; /* something was measured under that name */
    bool pooled;
    Unit unit; /* of the values; of a ratio UNIT_SHARE */
    uint64_t n, *replications;
    double *values; /* the replication's own: its value, its ratio, its quantile (least, largest) of a pooled metric */
    double *tops, *bottoms;
    double estimate; /* of the statistic, over all replications together */
} Evidence;

/* Reads metric, denominator, statistic and `of` of the expectation. */
Evidence evidence_of(const Expect *expect, const MeasureSet *measures);
void evidence_clear(Evidence *evidence);

#endif
