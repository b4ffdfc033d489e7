/* sensor.h - what can notice. A sensor watches components; of each fact that its coverage lets it see it reports a
 * share, after a delay. Declared under `sensors:` in a pattern. Sensors never change a verdict. */
#ifndef FAULTLINE_CONTRACT_SENSOR_H
#define FAULTLINE_CONTRACT_SENSOR_H

#include <stddef.h>

#include "base/luck.h"
#include "contract/observe.h"
#include "read/fields.h"

typedef struct SensorKind {
    const char *name, *summary;
    const Field *fields;
    size_t spec_size;
    uint64_t sees; /* FACT_BITs that it can see on a component it watches */
    bool records;  /* keeps a record of each connection of a component it watches, at that component's interface */
    /* When the alert for this fact is raised; SIMTIME_NEVER: missed. NULL: it raises none. */
    SimTime (*notice)(const void *spec, const Fact *fact, Draw *luck);
} SensorKind;

#endif
