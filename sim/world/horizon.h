/* horizon.h - up to when nothing but sessions' own events can happen (private to world/).
 *
 * What a request finds on its way changes only at other events: faults, timers of kinds, attacks, looks. The instants
 * of those that are pending are kept here, so that what becomes of a session before the first of them can be worked out
 * at once. The first stays until it has been dealt with: while anything changes, nothing is foreseen. */
#ifndef FAULTLINE_WORLD_HORIZON_H
#define FAULTLINE_WORLD_HORIZON_H

#include <stdint.h>

#include "base/simtime.h"

/* A heap of two children, the earliest on top. A zeroed Horizon is empty and ready. */
typedef struct {
    SimTime *at;
    uint32_t count, room;
} Horizon;

void horizon_clear(Horizon *horizon);
/* Forget all of them; `end` is the last instant of the run. */
void horizon_reset(Horizon *horizon, SimTime end);
void horizon_add(Horizon *horizon, SimTime at); /* O(log pending) */
/* The first of them, at `at`, is over; a BUG when it never was added. O(log pending). */
void horizon_pass(Horizon *horizon, SimTime at);

/* Will nothing else have happened by then? */
static inline bool horizon_is_beyond(const Horizon *horizon, SimTime at) { return simtime_before(at, horizon->at[0]); }

#endif
