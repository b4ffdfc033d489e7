/* hazard.h - when a Poisson process comes next whose rate changes by steps: exact, by inversion.
 *
 * An exponential draw is spent step by step, each step taking its rate times its length of it; the arrival is where
 * nothing is left (Cinlar 1975, time change of a Poisson process). No rejection, so one draw an arrival. */
#ifndef FAULTLINE_BASE_HAZARD_H
#define FAULTLINE_BASE_HAZARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/simtime.h"

/* Spend *left over [from, until) at `rate` events per 1e9 s. True: the arrival falls there, at *at, rounded to ns;
 * false: what the step took is gone from *left. */
static inline bool hazard_spend(double *left, int64_t rate, SimTime from, SimTime until, SimTime *at) {
    if (rate <= 0)
        return false;
    double gap = *left * (1e18 / (double)rate), room = (double)(until.ns - from.ns);
    if (gap < room && gap < 0x1p62) {
        *at = simtime_add(from, SIMTIME_NS((int64_t)(gap + 0.5)));
        return true;
    }
    *left -= room * ((double)rate / 1e18);
    return false;
}

#endif
