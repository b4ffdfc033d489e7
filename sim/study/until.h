/* until.h - "until lost_sessions within 5 %": when are there enough replications?
 *
 * A rule names a metric as `expect:` does, maybe a quantile of it, and a share: it is met when half the width of the
 * 95 % interval is at most that share of the estimate. It is asked at fixed numbers of replications only (until_next),
 * so neither workers nor interruptions decide where a run stops; asked after each one, it would stop on the first lucky
 * one, and the interval would be too narrow. */
#ifndef FAULTLINE_STUDY_UNTIL_H
#define FAULTLINE_STUDY_UNTIL_H

#include "study/expectation.h"

typedef struct Until Until;

/* "METRIC within SHARE", "METRIC / METRIC within SHARE", either after one of mean, p50,
 * p90, p95, p99, p99.9. NULL: *why is allocated. */
Until *until_parse(const char *text, char **why);
void until_free(Until *until);

/* *measured (allocated): "412 sessions (390 to 434): within 5.3 %", also when there is no interval yet. */
bool until_met(const Until *until, const MeasureSet *measures, char **measured);

/* The least number above n at which the rule is asked: 20, and then a quarter more each time. */
uint64_t until_next(uint64_t n);

#endif
