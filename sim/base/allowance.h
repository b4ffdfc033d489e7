/* allowance.h - a token bucket: so many a second in the long run, and so many at once; exact.
 *
 * It fills at `rate` events per 1e9 s up to `burst`, and each event takes one. Levels count in 1e-18 of an event, so
 * that a nanosecond of any rate is a whole number and nothing is ever rounded. Begins full. All calls O(1). */
#ifndef FAULTLINE_BASE_ALLOWANCE_H
#define FAULTLINE_BASE_ALLOWANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/int128.h"
#include "base/simtime.h"

typedef struct {
    Int128 spent; /* what is missing from full */
    SimTime at;   /* as of then */
} Allowance;

/* One event at `now`, at or after the last one: true when there was one left, and it is taken. */
static inline bool allowance_take(Allowance *allowance, int64_t rate, int64_t burst, SimTime now) {
    const Int128 one = (Int128)1000000000 * 1000000000;
    Int128 back = (Int128)rate * (now.ns - allowance->at.ns);
    allowance->spent = back >= allowance->spent ? 0 : allowance->spent - back;
    allowance->at = now;
    if (allowance->spent + one > burst * one)
        return false;
    allowance->spent += one;
    return true;
}

#endif
