/* watch.h - what one prober has come to believe about one target, without an event per probe.
 *
 * The owner tells the truth whenever it changes; the Watch answers when the prober will have noticed, by the arithmetic
 * of probe.h; at that instant the owner calls watch_notice. A truth that changes back first makes the appointment void.
 */
#ifndef FAULTLINE_BASE_WATCH_H
#define FAULTLINE_BASE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/probe.h"
#include "base/simtime.h"

/* How a prober works. `fail_after` failures in a row make a target down, `pass_after` good probes make it up again. A
 * silent target is declared `timeout` after the last probe was sent, a refusing one at once. */
typedef ProbePolicy WatchPolicy;

typedef struct {
    bool truth, seen;
    bool silent;         /* how the target fails, when truth is false */
    bool probing;        /* `prober` holds what became of the probes so far */
    uint32_t generation; /* of the appointment that counts */
    Prober prober;       /* not used by watch_tell_many */
} Watch;

/* A prober that already sees the truth. */
static inline Watch watch_settled(bool truth) { return (Watch){.truth = truth, .seen = truth}; }

/* The truth as it is at `now`; `phase` is the prober's first probe, in [0, every). Returns the instant of the
 * appointment, or SIMTIME_NEVER when nothing is to be noticed (nothing changed, or the prober already believes it). The
 * caller passes the watch's generation along with its timer. Exact for any sequence of truths: probes of earlier spells
 * that were too short to be noticed count as they should. A change of `silent` alone is not a change: it takes effect
 * with the next spell. O(1). */
SimTime watch_tell(Watch *watch, const WatchPolicy *policy, SimTime phase, bool truth, bool silent, SimTime now);

/* The same for `count` uncoordinated probers with one verdict: the target counts as up while more than `share` (parts
 * per billion) of them see it up. `phases` are their first probes, sorted ascending. Every change finds the probers of
 * one mind, as they are after a spell that was noticed: what some of them saw of a spell too short for the verdict is
 * forgotten, and the phases stay as given even with from_response. O(log count). */
SimTime watch_tell_many(Watch *watch, const WatchPolicy *policy, const SimTime *phases, uint32_t count, int64_t share,
                        bool truth, bool silent, SimTime now);

/* The appointment has come. True when it still counts: `seen` is then the truth. */
bool watch_notice(Watch *watch, uint32_t generation);

#endif
