/* plugin.h - what a measure is (private to measure/): one const MeasureKind in a file of its own, and a line in
 * measures.def.
 *
 * The set calls begin, see ..., end for each replication, and keeps what end puts on the sheet. A measure's state is
 * of one replication, so it never merges anything: the sheet does that, the same way for all. */
#ifndef FAULTLINE_MEASURE_PLUGIN_H
#define FAULTLINE_MEASURE_PLUGIN_H

#include <stddef.h>

#include "measure/measure.h"
#include "measure/sheet.h"

typedef struct {
    const MeasureSetup *setup;
    const MeasureTotals *totals; /* never NULL; its members may be */
    const uint64_t *seen;        /* by FactKind: facts of the window, of the kinds in `counts` */
} MeasureEnd;

typedef struct MeasureKind {
    const char *help;
    const MeasurePart *parts; /* NULL: none */
    uint64_t wants;           /* FACT_BITs that see is called with */
    uint64_t wants_returned;  /* FACT_BITs of sessions that see is called with when the session replaces a broken one */
    uint64_t counts;          /* FACT_BITs whose number in the window is enough: MeasureEnd.seen */
    bool whole_run;           /* also facts from before warm_up */
    bool pooled;              /* calls sheet_pool: many observations a replication */
    bool series_only;         /* calls sheet_series and nothing else */
    bool more_is_better;      /* who compares designs wants much of it; of others, little */
    size_t state_size;        /* zeroed once, before start */

    void (*start)(void *state, const MeasureSetup *setup); /* once; NULL: nothing to prepare */
    void (*begin)(void *state);                            /* forget the last replication; NULL: zero the state */
    void (*see)(void *state, const Fact *fact);
    void (*end)(void *state, const MeasureEnd *end, Sheet *sheet);
    void (*clear)(void *state); /* free what start and see allocated; NULL: nothing */
} MeasureKind;

/* The population's index in the setup, or population_count. Few populations: O(n). */
static inline uint32_t setup_population(const MeasureSetup *setup, ComponentId component) {
    uint32_t i = 0;
    while (i < setup->population_count && setup->populations[i].component != component)
        i++;
    return i;
}

#endif
