/* simtime.h - simulated time: integer nanoseconds in a type of its own.
 *
 * One type serves instants (since the start of a run) and durations; SIMTIME_NEVER means "does not happen" and
 * absorbs: never plus anything is never. Sums that would pass the largest instant (292 years) are never, too,
 * so no caller has to think about overflow. All functions are O(1). */
#ifndef FAULTLINE_BASE_SIMTIME_H
#define FAULTLINE_BASE_SIMTIME_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int64_t ns;
} SimTime;

#define SIMTIME_ZERO ((SimTime){0})
#define SIMTIME_NEVER ((SimTime){INT64_MAX})
#define SIMTIME_NS(n) ((SimTime){(n)})
#define SIMTIME_US(n) ((SimTime){(n)*INT64_C(1000)})
#define SIMTIME_MS(n) ((SimTime){(n)*INT64_C(1000000)})
#define SIMTIME_S(n) ((SimTime){(n)*INT64_C(1000000000)})

static inline bool simtime_is_never(SimTime t) { return t.ns == INT64_MAX; }
static inline bool simtime_before(SimTime a, SimTime b) { return a.ns < b.ns; }
static inline bool simtime_equal(SimTime a, SimTime b) { return a.ns == b.ns; }
static inline SimTime simtime_min(SimTime a, SimTime b) { return a.ns < b.ns ? a : b; }
static inline SimTime simtime_max(SimTime a, SimTime b) { return a.ns > b.ns ? a : b; }

/* a + b; never when either is never or the sum does not fit. */
static inline SimTime simtime_add(SimTime a, SimTime b) {
    int64_t sum;
    if (a.ns == INT64_MAX || b.ns == INT64_MAX || __builtin_add_overflow(a.ns, b.ns, &sum))
        return SIMTIME_NEVER;
    return (SimTime){sum};
}

/* a - b; never when a is never. b must not be never. */
static inline SimTime simtime_sub(SimTime a, SimTime b) {
    return a.ns == INT64_MAX ? SIMTIME_NEVER : (SimTime){a.ns - b.ns};
}

#endif
