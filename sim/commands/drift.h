/* drift.h - today's value of an expectation beside the recorded one (private to commands/). */
#ifndef FAULTLINE_COMMANDS_DRIFT_H
#define FAULTLINE_COMMANDS_DRIFT_H

#include "commands/baseline.h"
#include "model/model.h"
#include "study/study.h"

typedef enum { DRIFT_WARN, DRIFT_FAIL, DRIFT_IGNORE } DriftMode;
/* "warn", "fail", "ignore"; NULL-terminated. */
extern const char *const drift_modes[];

/* The value of a judgement as rows have it. */
TestValue drift_value(const Judgement *judgement);
/* "p90 of failover_time", or what is claimed of reachability. */
char *drift_asks(const Expect *expect);

/* One case of how an expectation compares; texts live until the report has copied them: give `row` to the report, then
 * drift_clear. */
typedef struct {
    TestCase row;
    char *texts[5];
} Drift;
Drift drift_of(const Expect *expect, const Judgement *judgement, const Baseline *baseline, const Model *model,
               const char *version, DriftMode mode);
void drift_clear(Drift *drift);

#endif
