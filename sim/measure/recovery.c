/* recovery.c - one sweep of a sliding window, from the horizon back to the fault. */
#include "measure/recovery.h"

#include <math.h>

#include "base/int128.h"

TrialKind trial_kind(Loss loss) {
    switch (loss) {
    case LOSS_HIJACKED:
    case LOSS_STALE_DNS: return TRIAL_WANTS_NAME;
    case LOSS_DATA: return TRIAL_WANTS_DATA;
    case LOSS_OVERLOAD:
    case LOSS_GATEWAY_TIMEOUT:
    case LOSS_NO_TARGET: return TRIAL_WANTS_ROOM;
    case LOSS_DENIED:
    case LOSS_NO_ROUTE:
    case LOSS_BLOCKED:
    case LOSS_CUT:
    case LOSS_LIMITED:
    case LOSS_UNAUTHORISED:
    case LOSS_UNTRUSTED: return TRIAL_WANTS_RULE;
    case LOSS_IN_FLIGHT:
    case LOSS_UNDETECTED:
    case LOSS_OTHER:
    case LOSSES: break;
    }
    return TRIAL_WANTS_PLACE;
}

/* part >= 99 % of before, in whole numbers. */
static bool is_good(Share part, Share before) {
    return part.decided > 0 &&
           (Uint128)part.served * 100 * before.decided >= (Uint128)99 * before.served * part.decided;
}

static bool is_relapse(Share part, Share before) {
    double allowed = (double)part.decided * (1 - 0.99 * ((double)before.served / (double)before.decided));
    return (double)(part.decided - part.served) > allowed + 4 * sqrt(allowed) + 1;
}

static void share_add(Share *share, const Trial *trial, int times) {
    share->decided += (uint64_t)times;
    share->served += (uint64_t)(trial->kind == TRIAL_SERVED ? times : 0);
}

/* The earliest recovery that lasts until `horizon`. Windows are [t_i, t_i + 60 s) for each trial i, latest first. */
static Recovery recovery_until(const Trial *trials, uint32_t count, SimTime from, SimTime horizon, Share before) {
    Recovery best = {.recovered = false};
    Share window = {0, 0}, rest = {0, 0};
    uint32_t end = count; /* the window is trials i to end - 1 */
    for (uint32_t i = count; i-- > 0;) {
        if (!simtime_before(trials[i].at, horizon)) {
            end = i;
            continue;
        }
        share_add(&rest, &trials[i], 1);
        share_add(&window, &trials[i], 1);
        SimTime edge = simtime_add(trials[i].at, RECOVERY_WINDOW);
        while (end > i + 1 && !simtime_before(trials[end - 1].at, edge))
            share_add(&window, &trials[--end], -1);
        if (simtime_before(horizon, edge))
            continue;
        if (is_relapse(window, before))
            return best;
        if (trials[i].kind == TRIAL_SERVED && is_good(window, before) && is_good(rest, before))
            best = (Recovery){true, trials[i].at, i};
    }
    Share first = {0, 0};
    SimTime edge = simtime_add(from, RECOVERY_WINDOW);
    for (uint32_t i = 0; i < count && simtime_before(trials[i].at, edge); i++)
        share_add(&first, &trials[i], 1);
    if (!simtime_before(horizon, edge) && is_good(first, before) && is_good(rest, before))
        best = (Recovery){true, from, UINT32_MAX};
    return best;
}

Recovery recovery_find(const Trial *trials, uint32_t count, SimTime from, const SimTime *horizons,
                       uint32_t horizon_count, Share before) {
    if (before.served == 0)
        before = (Share){1, 1};
    for (uint32_t i = 0; i < horizon_count; i++) {
        Recovery found = recovery_until(trials, count, from, horizons[i], before);
        if (found.recovered)
            return found;
    }
    return (Recovery){.recovered = false, .at = SIMTIME_NEVER, .index = UINT32_MAX};
}
