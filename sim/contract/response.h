/* response.h - what is done about an alert. A response listens to a sensor, waits its own time (people, tools), then
 * acts on the component that the alert names. Declared under `responses:` in a pattern. What it costs the users is in
 * the same ledger as any other loss (cause `cut`). */
#ifndef FAULTLINE_CONTRACT_RESPONSE_H
#define FAULTLINE_CONTRACT_RESPONSE_H

#include <stddef.h>

#include "base/luck.h"
#include "base/simtime.h"
#include "contract/condition.h"
#include "read/fields.h"

typedef struct ResponseKind {
    const char *name, *summary;
    const Field *fields;
    size_t spec_size;
    SimTime (*after)(const void *spec, Draw *luck); /* from the alert to the effect */
    bool cuts;                                      /* the component takes no traffic while the response holds */
    bool evicts;                                    /* the attacker no longer owns the component */
    SimTime (*holds)(const void *spec);             /* how long; SIMTIME_NEVER = until the end */
} ResponseKind;

#endif
