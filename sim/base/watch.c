/* watch.c - keeps the appointments between what is and what a prober believes. */
#include "base/watch.h"

#include "base/bug.h"
#include "base/int128.h"

static Target target_of(const Watch *watch) {
    return watch->truth ? TARGET_WORKS : watch->silent ? TARGET_SILENT : TARGET_REFUSES;
}

static void take_truth(Watch *watch, bool truth, bool silent) {
    watch->truth = truth;
    watch->silent = silent;
    watch->generation++;
}

SimTime watch_tell(Watch *watch, const WatchPolicy *policy, SimTime phase, bool truth, bool silent, SimTime now) {
    if (truth == watch->truth)
        return SIMTIME_NEVER;
    if (!watch->probing)
        watch->prober = prober_at(phase, watch->seen);
    watch->probing = true;
    prober_advance(&watch->prober, policy, target_of(watch), now);
    take_truth(watch, truth, silent);
    /* At this very instant the appointment may already have been kept, or not yet: what was noticed decides. */
    if (watch->prober.healthy != watch->seen)
        watch->prober = prober_at(watch->prober.next, watch->seen);
    return prober_foresee(&watch->prober, policy, target_of(watch), now);
}

/* How many of the ascending phases are less than `offset`. */
static uint32_t phases_before(const SimTime *phases, uint32_t count, int64_t offset) {
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (phases[middle].ns < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

SimTime watch_tell_many(Watch *watch, const WatchPolicy *policy, const SimTime *phases, uint32_t count, int64_t share,
                        bool truth, bool silent, SimTime now) {
    if (truth == watch->truth)
        return SIMTIME_NEVER;
    take_truth(watch, truth, silent);
    if (watch->seen == truth || count == 0)
        return SIMTIME_NEVER;
    uint32_t rank = truth ? probe_many_up(count, share) : probe_many_down(count, share);
    if (rank == 0 || rank > count) /* a share of 100 % or more: no number of probers can turn the verdict */
        return rank == 0 ? now : SIMTIME_NEVER;
    /* All need the same time from their first probe on, so the order of those is the order of their verdicts: first the
     * phases that are still to come in this interval, then the others in the next one. */
    int64_t every = policy->every.ns, offset = now.ns % every;
    uint32_t passed = phases_before(phases, count, offset), ahead = count - passed;
    bool this_interval = rank <= ahead;
    SimTime phase = this_interval ? phases[passed + rank - 1] : phases[rank - ahead - 1];
    SimTime first = SIMTIME_NS(now.ns - offset + phase.ns);
    Prober last = prober_at(this_interval ? first : simtime_add(first, policy->every), !truth);
    return prober_foresee(&last, policy, target_of(watch), now);
}

bool watch_notice(Watch *watch, uint32_t generation) {
    if (generation != watch->generation || watch->seen == watch->truth)
        return false;
    watch->seen = watch->truth;
    return true;
}
