/* probe.c - counts probes by division instead of sending them. */
#include "base/probe.h"

#include "base/bug.h"
#include "base/int128.h"

static SimTime known_after(const ProbePolicy *policy, Target target) {
    return target == TARGET_SILENT ? policy->timeout : SIMTIME_ZERO;
}

/* From one probe to the next, while the target is like this. */
static int64_t period_of(const ProbePolicy *policy, Target target) {
    BUG_IF(policy->every.ns <= 0 || simtime_is_never(policy->every) || simtime_is_never(policy->timeout),
           "a prober needs a finite interval and timeout");
    SimTime wait = policy->from_response ? known_after(policy, target) : SIMTIME_ZERO;
    return simtime_add(policy->every, wait).ns;
}

/* start + count * period, never when that is too late. */
static SimTime step(SimTime start, uint64_t count, int64_t period) {
    Int128 at = start.ns + (Int128)count * period;
    return at < INT64_MAX ? SIMTIME_NS((int64_t)at) : SIMTIME_NEVER;
}

/* How many of start, start + period, ... lie before `end`. */
static uint64_t count_before(SimTime start, int64_t period, Int128 end) {
    return start.ns < end ? (uint64_t)((end - 1 - start.ns) / period) + 1 : 0;
}

SimTime prober_foresee(const Prober *prober, const ProbePolicy *policy, Target target, SimTime now) {
    bool works = target == TARGET_WORKS;
    if (works == prober->healthy)
        return SIMTIME_NEVER;
    uint32_t needed = works ? policy->pass_after : policy->fail_after;
    if (prober->streak >= needed)
        return now; /* a probe that was under way at the recovery was the last one needed */
    SimTime sent = step(prober->next, needed - prober->streak - 1, period_of(policy, target));
    return simtime_add(sent, known_after(policy, target));
}

/* Take `count` outcomes of one kind into account. */
static void prober_count(Prober *prober, const ProbePolicy *policy, bool passes, uint64_t count) {
    if (passes == prober->healthy) {
        prober->streak = count > 0 ? 0 : prober->streak;
        return;
    }
    uint32_t needed = passes ? policy->pass_after : policy->fail_after;
    if (prober->streak + count >= needed) {
        prober->healthy = passes;
        prober->streak = 0;
    } else {
        prober->streak += (uint32_t)count;
    }
}

/* Probes still waiting at the recovery pass then; but that instant belongs to what comes after, so they only add to the
 * streak and the change of mind is left to prober_foresee. */
static void prober_answer_late(Prober *prober, uint64_t waiting) {
    if (prober->healthy)
        prober->streak = 0;
    else
        prober->streak += waiting < UINT32_MAX - prober->streak ? (uint32_t)waiting : 0;
}

void prober_advance(Prober *prober, const ProbePolicy *policy, Target target, SimTime until) {
    BUG_IF(simtime_is_never(until), "a prober cannot wait for ever");
    SimTime known = known_after(policy, target);
    int64_t period = period_of(policy, target);
    uint64_t sent = count_before(prober->next, period, until.ns);
    uint64_t done = count_before(prober->next, period, (Int128)until.ns - known.ns);
    if (target == TARGET_WORKS && !prober->healthy && prober->streak >= policy->pass_after)
        prober_count(prober, policy, true, 0);
    prober_count(prober, policy, target == TARGET_WORKS, done);
    prober->next = step(prober->next, sent, period);
    if (sent == done)
        return;
    prober_answer_late(prober, sent - done);
    if (policy->from_response)
        prober->next = simtime_add(until, policy->every);
}

/* The first probe at or after `at`, when probes were sent every `every` from `phase` on. */
static Prober prober_from(const ProbePolicy *policy, SimTime phase, bool healthy, SimTime at) {
    Prober prober = prober_at(phase, healthy);
    prober_advance(&prober, policy, healthy ? TARGET_WORKS : TARGET_REFUSES, at);
    return prober;
}

SimTime probe_down_at(const ProbePolicy *policy, SimTime phase, Target broken, SimTime fault, SimTime recovery) {
    Prober prober = prober_from(policy, phase, true, fault);
    SimTime down = prober_foresee(&prober, policy, broken, fault);
    return simtime_before(down, recovery) ? down : SIMTIME_NEVER;
}

SimTime probe_up_at(const ProbePolicy *policy, SimTime phase, SimTime recovery, SimTime relapse) {
    Prober prober = prober_from(policy, phase, false, recovery);
    SimTime up = prober_foresee(&prober, policy, TARGET_WORKS, recovery);
    return simtime_before(up, relapse) ? up : SIMTIME_NEVER;
}

static uint32_t share_of(uint32_t count, int64_t share) { return (uint32_t)((Int128)count * share / 1000000000); }

uint32_t probe_many_down(uint32_t count, int64_t share) { return count - share_of(count, share); }

uint32_t probe_many_up(uint32_t count, int64_t share) { return share_of(count, share) + 1; }

/* Hoare's FIND: narrow the range that holds the rank-th down to one, by the value in its middle. */
SimTime probe_many(SimTime *times, uint32_t count, uint32_t rank) {
    BUG_IF(rank == 0, "ranks count from 1");
    if (rank > count)
        return SIMTIME_NEVER;
    int64_t low = 0, high = (int64_t)count - 1, wanted = (int64_t)rank - 1;
    while (low < high) {
        int64_t pivot = times[low + (high - low) / 2].ns, i = low, j = high;
        while (i <= j) {
            while (times[i].ns < pivot)
                i++;
            while (times[j].ns > pivot)
                j--;
            if (i > j)
                break;
            SimTime swapped = times[i];
            times[i++] = times[j];
            times[j--] = swapped;
        }
        if (wanted <= j)
            high = j;
        else if (wanted >= i)
            low = i;
        else
            break;
    }
    return times[wanted];
}

SimTime hold_expires(SimTime keepalive, SimTime hold, SimTime phase, SimTime cut, SimTime restored) {
    BUG_IF(keepalive.ns <= 0 || simtime_is_never(keepalive), "a session needs a finite keepalive interval");
    if (simtime_is_never(cut))
        return SIMTIME_NEVER;
    /* Before the first one the session was opened one interval earlier. */
    uint64_t sent = count_before(phase, keepalive.ns, cut.ns);
    SimTime last = SIMTIME_NS(step(phase, sent, keepalive.ns).ns - keepalive.ns);
    SimTime expiry = simtime_add(last, hold);
    if (simtime_is_never(restored))
        return expiry;
    SimTime refreshed = step(phase, count_before(phase, keepalive.ns, restored.ns), keepalive.ns);
    return simtime_before(expiry, refreshed) ? expiry : SIMTIME_NEVER;
}
