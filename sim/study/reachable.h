/* reachable.h - the expectations `reachable(a -> b)` of a scenario, watched while it runs.
 *
 * Such an expectation speaks of every pair of units' classes, at every change of the network, in every replication;
 * with `at` of that instant only. It holds when it held everywhere; the first pair and instant where it did not is kept
 * as the counterexample. */
#ifndef FAULTLINE_STUDY_REACHABLE_H
#define FAULTLINE_STUDY_REACHABLE_H

#include "world/world.h"

typedef struct Reachable Reachable;

Reachable *reachable_new(const Model *model, const Reach *reach);
void reachable_free(Reachable *reachable);

/* To hand to world_run: an observer, and looks (borrowed; count in *count). */
void reachable_begin(Reachable *reachable, World *world, uint64_t replication);
Observer reachable_observer(Reachable *reachable);
const Look *reachable_looks(Reachable *reachable, uint32_t *count);

/* Of model->expects[expect], which is an EXPECT_REACHABLE. *counterexample is NULL or borrowed. */
bool reachable_holds(const Reachable *reachable, uint32_t expect, const char **counterexample);

#endif
