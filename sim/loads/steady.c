/* steady.c - sessions arrive like clockwork: the same gap each time, the first after half a gap. */
#include "base/int128.h"
#include "contract/load.h"

typedef struct {
    int64_t rate;
} SteadySpec;

static const Field steady_fields[] = {
    FIELD_ROW(SteadySpec, rate, FIELD_TYPE_RATE, FIELD_REQUIRED, NULL, NULL, "arrivals of sessions", NULL),
    FIELD_END,
};

static void steady_check(const void *spec, Mark mark, Diagnostics *diagnostics) {
    if (((const SteadySpec *)spec)->rate <= 0)
        diag_error(diagnostics, mark, "write a rate like 20/s", "a load needs a rate above zero");
}

/* From the number, not from `last`, so that no rounding adds up: (number + 1/2) / rate, exact in 128 bits and then cut
 * to whole ns; the rate counts in 1e9 s. */
static SimTime steady_next(const void *spec, SimTime last, uint64_t number, Draw *luck) {
    (void)last;
    (void)luck;
    Uint128 halves = (Uint128)number * 2 + 1;
    Uint128 at = halves * UINT64_C(1000000000000000000) / ((Uint128)((const SteadySpec *)spec)->rate * 2);
    return at < INT64_MAX ? SIMTIME_NS((int64_t)at) : SIMTIME_NEVER;
}

static int64_t steady_rate(const void *spec) { return ((const SteadySpec *)spec)->rate; }

const LoadKind load_steady = {
    .name = "steady",
    .summary = "the same gap between all arrivals",
    .fields = steady_fields,
    .spec_size = sizeof(SteadySpec),
    .check = steady_check,
    .next = steady_next,
    .mean_rate = steady_rate,
};
