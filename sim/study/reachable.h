/* reachable.h - the expectations `reachable(a -> b)` of a scenario, watched while it runs.
 *
 * Such an expectation speaks of every pair of units' classes, at every change of the network, in every replication;
 * with `at` of that instant only. It holds when it held everywhere; the first pair and instant where it did not is kept
 * as the counterexample. */
#ifndef FAULTLINE_STUDY_REACHABLE_H
#define FAULTLINE_STUDY_REACHABLE_H

#include "base/pack.h"
#include "world/world.h"

typedef struct Reachable Reachable;

Reachable *reachable_new(const Model *model, const Reach *reach);
void reachable_free(Reachable *reachable);

/* To hand to world_run: an observer, and looks (borrowed; count in *count). */
void reachable_begin(Reachable *reachable, World *world, uint64_t replication);
Observer reachable_observer(Reachable *reachable);
const Look *reachable_looks(Reachable *reachable, uint32_t *count);

/* What was found since the last reachable_forget as bytes, and taken in after what is there: the first counterexample
 * stays. False: not such bytes. */
void reachable_pack(const Reachable *reachable, GByteArray *out);
bool reachable_unpack(Reachable *reachable, Unpack *from);
void reachable_forget(Reachable *reachable);

/* Of model->expects[expect], which is no EXPECT_MEASURE. *counterexample is NULL or borrowed. */
bool reachable_holds(const Reachable *reachable, uint32_t expect, const char **counterexample);
/* Was there a counterexample, and if so in which replication, when, and decided by which element (0: no single one)? */
bool reachable_missed(const Reachable *reachable, uint32_t expect, uint64_t *replication, SimTime *at,
                      uint32_t *element);

#endif
