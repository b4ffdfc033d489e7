/* poisson.c - sessions arrive independently of each other at a constant mean rate. */
#include "contract/load.h"

typedef struct {
    int64_t rate;
} PoissonSpec;

static const Field poisson_fields[] = {
    FIELD_ROW(PoissonSpec, rate, FIELD_TYPE_RATE, FIELD_REQUIRED, NULL, NULL, "mean arrivals of sessions", NULL),
    FIELD_END,
};

static void poisson_check(const void *spec, Mark mark, Diagnostics *diagnostics) {
    if (((const PoissonSpec *)spec)->rate <= 0)
        diag_error(diagnostics, mark, "write a rate like 20/s", "a load needs a rate above zero");
}

/* Gaps are exponential with mean 1/rate; the rate counts in 1e9 s, so that is 1e18/rate ns. The number is in `luck`. */
static SimTime poisson_next(const void *spec, SimTime last, uint64_t number, Draw *luck) {
    (void)number;
    double gap = draw_exponential(luck) * (1e18 / (double)((const PoissonSpec *)spec)->rate);
    return gap < 0x1p62 ? simtime_add(last, SIMTIME_NS((int64_t)(gap + 0.5))) : SIMTIME_NEVER;
}

static int64_t poisson_rate(const void *spec) { return ((const PoissonSpec *)spec)->rate; }

const LoadKind load_poisson = {
    .name = "poisson",
    .summary = "independent arrivals at a constant mean rate",
    .fields = poisson_fields,
    .spec_size = sizeof(PoissonSpec),
    .check = poisson_check,
    .next = poisson_next,
    .mean_rate = poisson_rate,
};
