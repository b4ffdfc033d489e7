/* jobs.c - so many at once, and again after a while: what a batch brings. */
#include "contract/load.h"

typedef struct {
    int64_t count, times;
    SimTime at, every;
} JobsSpec;

static const Field jobs_fields[] = {
    FIELD_COUNT(JobsSpec, count, "1", "1", "1000000", "how many come at once", NULL),
    FIELD_TIME(JobsSpec, at, "1 min", "when the first of them come", NULL),
    FIELD_COUNT(JobsSpec, times, "1", "1", "1000000", "how often so many come", NULL),
    FIELD_TIME(JobsSpec, every, "1 h", "from one time to the next", NULL),
    FIELD_END,
};

/* Number n belongs to batch n / count. */
static SimTime jobs_next(const void *spec, SimTime last, uint64_t number, Draw *luck) {
    const JobsSpec *jobs = spec;
    uint64_t batch = number / (uint64_t)jobs->count;
    (void)last;
    (void)luck;
    int64_t after;
    if (batch >= (uint64_t)jobs->times || __builtin_mul_overflow((int64_t)batch, jobs->every.ns, &after))
        return SIMTIME_NEVER;
    return simtime_add(jobs->at, SIMTIME_NS(after));
}

/* All of them over the time that they come in; one batch: over an hour. */
static int64_t jobs_rate(const void *spec) {
    const JobsSpec *jobs = spec;
    int64_t every = jobs->every.ns > 0 ? jobs->every.ns : SIMTIME_S(3600).ns;
    return (int64_t)((double)jobs->count * 1e18 / (double)every);
}

const LoadKind load_jobs = {
    .name = "jobs",
    .summary = "so many at once, once or again and again",
    .fields = jobs_fields,
    .spec_size = sizeof(JobsSpec),
    .next = jobs_next,
    .mean_rate = jobs_rate,
};
