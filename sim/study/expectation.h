/* expectation.h - is what a scenario expects true of the replications that were run? Judged by 95 % intervals.
 *
 * holds: the whole interval satisfies the bound. missed: none of it does. undecided: it does in part, or there is no
 * interval or no value; more replications may tell. What each statistic says:
 *
 *   mean    Student's interval over the replications' values; of a ratio a / b, sum of a over sum of b by the delta
 * method; of a pooled measure (request_latency), sum over count of the observations, the same way. A single "never"
 * makes a mean infinite. pNN     order statistics of the replications' values; of a pooled measure, Student's interval
 * over the replications' own quantiles. "never" is the largest value there is. min, max, every   about the replications
 * that were run, not about others that might have been: they hold or are missed.
 *
 * One replication has no interval, so a mean or quantile of it is undecided; measured N times the same value, a mean's
 * interval is that value. Counts that nobody counted are zero; times and shares of things that did not happen do not
 * exist. */
#ifndef FAULTLINE_STUDY_EXPECTATION_H
#define FAULTLINE_STUDY_EXPECTATION_H

#include <stdbool.h>
#include <stdint.h>

#include "measure/measure.h"
#include "model/model.h"

/* Named finding because a Finding is what reach/ gives. */
typedef enum { FINDING_HOLDS, FINDING_MISSED, FINDING_UNDECIDED } Finding;
const char *finding_name(Finding verdict); /* "holds", "missed", "undecided" */

/* Texts are allocated or NULL; judgement_clear frees them. */
typedef struct {
    Finding verdict;
    char *measured;       /* "2.35 min (2.31 min to 2.4 min)" */
    char *counterexample; /* missed: "replication 17: 3.2 min" */
    char *why;            /* undecided: what is lacking */
    uint64_t replication; /* of the counterexample; UINT64_MAX: none */
    SimTime at;           /* reachability: the instant of the counterexample */
    uint32_t element;     /* reachability: of the model's elements, the one that decided it; 0: no single one did */
    bool has_value, has_interval;
    Unit unit;               /* of the values: base units, INFINITY for never */
    double value, low, high; /* the statistic and its 95 % interval */
    double counter_value;    /* measures: what the counterexample's replication says */
} Judgement;
void judgement_clear(Judgement *judgement);

/* Who can judge reachability fills the judgement of all but an EXPECT_MEASURE. */
typedef void (*ReachJudge)(void *user, const Expect *expect, Judgement *judgement);

Judgement expectation_judge(const Expect *expect, const MeasureSet *measures, ReachJudge reach, void *user);

/* What a `but:` shows when the changed model's verdict is this: "fails as it should" or "still holds" or "undecided".
 * Good only when missed. */
const char *expectation_but_name(Finding of_changed_model);

/* Does it make the whole fail: an error that does not hold, and that nobody waives (on whatever day)? */
bool expectation_fails(const Expect *expect, Finding verdict);

/* Can this expectation ever be decided with that many replications? If not, *why is an allocated reason and *needed the
 * least number that can (0: none). Unknown metrics cannot. */
bool expectation_decidable(const Expect *expect, uint64_t replications, char **why, uint64_t *needed);

/* The least number of replications with a two-sided 95 % interval of that quantile: 368 for 99 %. */
uint64_t replications_for_quantile(int64_t q_ppb);

/* Readable value of a unit: "2.35 min", "3.2 %", "412", "$1.20", "never"; allocated. */
char *value_text(double value, Unit unit);

#endif
