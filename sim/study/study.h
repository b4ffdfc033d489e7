/* study.h - many runs of one model: the door of study/.
 *
 * A Study holds what every replication needs (world, reachability, measures) and runs them one after another; results
 * merge exactly, so which replications were run together never matters. */
#ifndef FAULTLINE_STUDY_STUDY_H
#define FAULTLINE_STUDY_STUDY_H

#include "measure/measure.h"
#include "study/expectation.h"
#include "study/reachable.h"
#include "study/results.h"
#include "world/world.h"

typedef struct Study Study;

Study *study_new(const Model *model); /* the model is borrowed */
void study_free(Study *study);

/* Called before each replication and once at the end; returning false stops there (interrupted). */
typedef bool (*StudyProgress)(void *user, uint64_t done, uint64_t of);

/* Replications first, first + 1, ... Returns how many were completed. */
uint64_t study_run(Study *study, uint64_t first, uint64_t count, StudyProgress progress, void *user);

/* One more run of a replication, not counted, for those who want to watch it. */
void study_watch(Study *study, uint64_t replication, const Observer *observers, uint32_t observer_count,
                 const Look *looks, uint32_t look_count);

const Model *study_model(const Study *study);
const Reach *study_reach(const Study *study);
const MeasureSet *study_measures(const Study *study);
const MeasureSetup *study_setup(const Study *study);
/* Digest of the order of events of all replications run, in their order. */
uint64_t study_digest(const Study *study);
/* The ledger of a population in the run that came last, watched or counted. */
PopulationLedger study_ledger(const Study *study, ComponentId population);
WorldEffort study_effort(const Study *study); /* sums over replications; the peak is the largest */

/* Of model->expects[expect], over what was run; judgement_clear it. */
Judgement study_judge(const Study *study, uint32_t expect);

#endif
