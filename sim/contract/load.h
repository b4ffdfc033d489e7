/* load.h - what arrives: the law of arrivals of sessions.
 *
 * A load is a pure sequence: the world asks for the next arrival after `last`, with a draw numbered by the session. */
#ifndef FAULTLINE_CONTRACT_LOAD_H
#define FAULTLINE_CONTRACT_LOAD_H

#include <stddef.h>

#include "base/diag.h"
#include "base/luck.h"
#include "base/simtime.h"
#include "read/fields.h"

typedef struct LoadKind {
    const char *name, *summary;
    const Field *fields;
    size_t spec_size;
    void (*check)(const void *spec, Mark mark, Diagnostics *diagnostics); /* NULL: nothing to check */
    /* The arrival after `last` (SIMTIME_ZERO before the first); `number` from 0; SIMTIME_NEVER: no more. */
    SimTime (*next)(const void *spec, SimTime last, uint64_t number, Draw *luck);
    int64_t (*mean_rate)(const void *spec); /* events per 1e9 s, over the long run */
} LoadKind;

#endif
