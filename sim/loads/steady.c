/* steady.c - sessions arrive like clockwork: the same gap each time, the first after half a gap. */
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

/* From the number, not from `last`, so that no rounding adds up: (number + 1/2) / rate, exact in 128 bits. */
static SimTime steady_next(const void *spec, SimTime last, uint64_t number, Draw *luck) {
    __extension__ typedef unsigned __int128 Wide;
    (void)last;
    (void)luck;
    Wide at = ((Wide)number * 2 + 1) * (Wide)UINT64_C(1000000000000000000) / (2 * (Wide)((const SteadySpec *)spec)->rate);
    return at >= (Wide)INT64_MAX ? SIMTIME_NEVER : SIMTIME_NS((int64_t)at);
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
