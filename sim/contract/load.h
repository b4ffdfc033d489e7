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
    /* Before it is checked: what the fields left as nodes. False after a complaint. NULL: nothing. */
    bool (*ready)(void *spec, Tree *tree, Diagnostics *diagnostics);
    /* The file beside the YAML that it needs, and what its text says. Both NULL: none; take is false after a complaint.
     */
    const char *(*file)(const void *spec);
    bool (*take)(void *spec, const Source *source, Tree *tree, Diagnostics *diagnostics);
    void (*check)(const void *spec, Mark mark, Diagnostics *diagnostics); /* NULL: nothing to check */
    /* The arrival after `last` (SIMTIME_ZERO before the first); `number` from 0; SIMTIME_NEVER: no more. */
    SimTime (*next)(const void *spec, SimTime last, uint64_t number, Draw *luck);
    int64_t (*mean_rate)(const void *spec); /* events per 1e9 s, over the long run */
} LoadKind;

#endif
