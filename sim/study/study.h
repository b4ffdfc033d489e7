/* study.h - many runs of one model: the door of study/.
 *
 * A Study holds what every replication needs (world, reachability, measures) and runs them one after another; results
 * merge exactly, so which replications were run together never matters. */
#ifndef FAULTLINE_STUDY_STUDY_H
#define FAULTLINE_STUDY_STUDY_H

#include "measure/measure.h"
#include "study/compare.h"
#include "study/expectation.h"
#include "study/partfile.h"
#include "study/reachable.h"
#include "study/results.h"
#include "study/until.h"
#include "world/world.h"

typedef struct Study Study;

Study *study_new(const Model *model); /* the model is borrowed */
void study_free(Study *study);

/* Called before each replication and once at the end; returning false stops there (interrupted). */
typedef bool (*StudyProgress)(void *user, uint64_t done, uint64_t of);

/* Replications first, first + 1, ... Returns how many were completed. */
uint64_t study_run(Study *study, uint64_t first, uint64_t count, StudyProgress progress, void *user);

/* ---- Elsewhere, and brought here ---- */

/* Runs a replication by itself, leaving what the study holds alone; study_pack must follow. */
void study_run_apart(Study *study, uint64_t replication);
/* Appends what study_run_apart found to `out` and forgets it. Series only matter of the first replication. About 14 kB
 * for a small model (bench_replications times it together with study_take). */
void study_pack(Study *study, bool series, GByteArray *out);
/* Takes in what study_pack of an equal model gave in whatever process, in the order of the replications; then the study
 * is the one that ran them all. False: these are not such bytes, and the study is of no use any more. */
bool study_take(Study *study, const uint8_t *bytes, size_t length);

/* ---- Many at once ---- */

typedef struct {
    uint64_t first, count;
    uint32_t jobs;   /* worker processes; 0 or 1: none, all in this one */
    PartFile *parts; /* completed replications are taken from it and added to it; NULL: none */
} StudyPlan;

/* What study_run does, with the same results to the bit for any number of jobs and any parts that are there already.
 * Returns how many replications, from the first without a gap, the study now holds: fewer than count when progress said
 * to stop, or when *error is set (a full disk, a worker that cannot live: the machine's fault). `done` of progress
 * counts all that are finished. What was finished out of order is not in the study then, but it is in the part file. */
uint64_t study_run_plan(Study *study, const StudyPlan *plan, StudyProgress progress, void *user, GError **error);

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
