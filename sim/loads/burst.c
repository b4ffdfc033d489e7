/* burst.c - a constant mean rate, and for a while many times that; or many at one instant.
 *
 * Independent arrivals, exact at the steps. With `all_at_once` so many come on top at the burst's beginning, one a
 * nanosecond, which is as near to one instant as two events can be. */
#include <glib.h>

#include "base/hazard.h"
#include "contract/load.h"

typedef struct {
    int64_t rate, times, all_at_once;
    SimTime at, lasts;
} BurstSpec;

static const Field burst_fields[] = {
    FIELD_RATE(BurstSpec, rate, "0/s", "mean arrivals of sessions before and after", NULL),
    FIELD_ROW(BurstSpec, at, FIELD_TYPE_TIME, FIELD_REQUIRED, "0 s", NULL, "when the burst begins", NULL),
    {"for", FIELD_TYPE_TIME, offsetof(BurstSpec, lasts), "0 s", "0 s", NULL, "how long it lasts", NULL, NULL, NULL},
    FIELD_COUNT(BurstSpec, times, "10", "0", "1000000", "how many times the rate comes meanwhile", NULL),
    FIELD_COUNT(BurstSpec, all_at_once, "0", "0", "100000000", "sessions that come on top, all as it begins", NULL),
    FIELD_END,
};

static void burst_check(const void *spec, Mark mark, Diagnostics *diagnostics) {
    const BurstSpec *burst = spec;
    if (burst->rate < 0)
        diag_error(diagnostics, mark, "write a rate like 20/s", "a rate cannot be below zero");
    else if (burst->rate == 0 && burst->all_at_once == 0)
        diag_error(diagnostics, mark, "add rate: 20/s, or all_at_once: 500", "nobody ever comes");
    else if (burst->lasts.ns == 0 && burst->all_at_once == 0)
        diag_error(diagnostics, mark, "add for: 5 min, or all_at_once: 500",
                   "a burst must last, or bring some at once");
    else if (burst->times > 0 && burst->rate > INT64_MAX / burst->times)
        diag_error(diagnostics, mark, "lower rate or times", "so many sessions cannot be counted");
}

/* The next by the rate alone. */
static SimTime burst_stream(const BurstSpec *burst, SimTime last, Draw *luck) {
    double left = draw_exponential(luck);
    SimTime ends = simtime_add(burst->at, burst->lasts), at;
    const struct {
        SimTime until;
        int64_t rate;
    } steps[] = {{burst->at, burst->rate}, {ends, burst->rate * burst->times}, {SIMTIME_NEVER, burst->rate}};
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (!simtime_before(last, steps[i].until))
            continue;
        if (hazard_spend(&left, steps[i].rate, last, steps[i].until, &at))
            return at;
        last = steps[i].until;
    }
    return SIMTIME_NEVER;
}

/* Those who come at once fill the nanoseconds from `at` on; who would come among them comes right behind. */
static SimTime burst_next(const void *spec, SimTime last, uint64_t number, Draw *luck) {
    const BurstSpec *burst = spec;
    if (burst->all_at_once == 0)
        return burst_stream(burst, last, luck);
    SimTime past = simtime_add(burst->at, SIMTIME_NS(burst->all_at_once));
    bool first = number == 0 && burst->at.ns == 0;
    if (!first && !simtime_before(last, burst->at) && simtime_before(simtime_add(last, SIMTIME_NS(1)), past))
        return simtime_add(last, SIMTIME_NS(1));
    bool before = first || simtime_before(last, burst->at);
    SimTime next = first ? burst->at : burst_stream(burst, last, luck);
    return before && !simtime_before(next, burst->at) ? burst->at : next;
}

/* Over the long run a burst is nothing. */
static int64_t burst_rate(const void *spec) { return ((const BurstSpec *)spec)->rate; }

const LoadKind load_burst = {
    .name = "burst",
    .summary = "independent arrivals, and for a while many times as many, or many at once",
    .fields = burst_fields,
    .spec_size = sizeof(BurstSpec),
    .check = burst_check,
    .next = burst_next,
    .mean_rate = burst_rate,
};
