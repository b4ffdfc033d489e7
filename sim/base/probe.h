/* probe.h - what a prober (health check) finds out and when: pure arithmetic, no events.
 *
 * A prober sends a probe every `every`, the first at its phase in [0, every). A probe that meets a working target
 * passes at once (its travel time is left out). One that meets a refusing target fails at once; one that meets a
 * silent target fails `timeout` after it was sent, unless the target recovers before that: then it passes at that
 * instant, as a TCP connect that is tried again would. `fail_after` failures in a row make a healthy target down,
 * `pass_after` passes in a row make it healthy again. What the target does at an instant t counts for probes sent at t:
 * it changes first (the order of the engine's phases).
 *
 * So with phase U, a silent target from T on is declared down D = U' + (k - 1) I + tau after T, U' uniform in [0, I):
 * mean (k - 1/2) I + tau, variance I^2/12. With from_response the failing period is I + tau instead of I. */
#ifndef FAULTLINE_BASE_PROBE_H
#define FAULTLINE_BASE_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/simtime.h"

typedef struct {
    SimTime every,
        timeout; /* every > 0; both finite; if probes overlap (timeout > every), they count as they were sent */
    uint32_t fail_after, pass_after; /* >= 1 */
    bool from_response; /* the gap to the next probe counts from the end of the last one, not from its start */
} ProbePolicy;

/* How the target is, from some instant on. */
typedef enum { TARGET_WORKS, TARGET_REFUSES, TARGET_SILENT } Target;

typedef struct {
    SimTime next;    /* when the next probe is sent */
    uint32_t streak; /* probes in a row that speak against `healthy` */
    bool healthy;    /* what the prober believes */
} Prober;

/* A prober that sends its first probe at `first`. */
static inline Prober prober_at(SimTime first, bool healthy) { return (Prober){.next = first, .healthy = healthy}; }

/* The instant at which the prober will change its mind if the target, since `now`, is and stays as said; never when it
 * believes so already. The prober stands at `now`: call prober_advance first. O(1). */
SimTime prober_foresee(const Prober *prober, const ProbePolicy *policy, Target target, SimTime now);

/* Let time pass until `until`, at which instant the target changes between working and not; it was as said since the
 * last such call. Exact for every sequence of changes, however fast. O(1). */
void prober_advance(Prober *prober, const ProbePolicy *policy, Target target, SimTime until);

/* The simple question: healthy target, broken as said in [fault, recovery), prober with this phase: when is it declared
 * down? Never when it recovers first. O(1). */
SimTime probe_down_at(const ProbePolicy *policy, SimTime phase, Target broken, SimTime fault, SimTime recovery);
/* The mirror image: a target known to be down works again in [recovery, relapse). */
SimTime probe_up_at(const ProbePolicy *policy, SimTime phase, SimTime recovery, SimTime relapse);

/* Of `count` uncoordinated checkers, this many must say down (up) for a target to count as down (up), when it counts as
 * up while more than `share` (parts per billion) of them see it up. Route 53: 18 % ("Amazon Route 53 Developer Guide,
 * How Route 53 determines whether a health check is healthy"). */
uint32_t probe_many_down(uint32_t count, int64_t share);
uint32_t probe_many_up(uint32_t count, int64_t share);
/* The rank-th smallest (from 1) of the times at which each checker changed its mind; never when rank > count. Reorders
 * `times`. O(count) on average. */
SimTime probe_many(SimTime *times, uint32_t count, uint32_t rank);

/* A session kept up by keepalives (BGP, BFD), sent every `keepalive` from `phase` in [0, keepalive) on: when does the
 * other side give it up, if nothing passes in [cut, restored)? `hold` after the last keepalive sent before the cut;
 * never when one gets through no later than that. So hold - keepalive <= wait < hold, uniform when the phase is. O(1).
 */
SimTime hold_expires(SimTime keepalive, SimTime hold, SimTime phase, SimTime cut, SimTime restored);

#endif
