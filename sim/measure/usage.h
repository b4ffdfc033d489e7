/* usage.h - how long the units of each component ran: an exact integral of unit states (private to measure/). */
#ifndef FAULTLINE_MEASURE_USAGE_H
#define FAULTLINE_MEASURE_USAGE_H

#include "base/int128.h"
#include "measure/measure.h"

/* Units that are paid for (booting or serving), as a step function of time, by component. */
typedef struct {
    const MeasureSetup *setup;
    int64_t *running; /* units now, by component */
    SimTime *since;   /* up to when the integral is complete */
    Int128 *total;    /* unit-nanoseconds from warm_up on */
} Usage;

void usage_start(Usage *usage, const MeasureSetup *setup);
void usage_begin(Usage *usage);
void usage_clear(Usage *usage);
void usage_see(Usage *usage, const Fact *unit); /* a FACT_UNIT */
/* Unit-nanoseconds of the component from warm_up to `until`. */
Int128 usage_total(const Usage *usage, ComponentId component, SimTime until);

#endif
