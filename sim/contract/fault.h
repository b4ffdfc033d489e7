/* fault.h - what a fault kind is: a pure function that bends a Condition while the fault holds.
 *
 * In a timeline:  - {at: 20 min, fail: region us-east-1, for: 30 min, as: refuse}
 * where `fail` is the fault's verb and the value its target. Targets: `region R`, `zone Z`, a component (all its
 * units), one instance `site[eu-west-1].web/3`, `link A -> B` (one direction) or `link A <-> B`, `control_plane R`. The
 * keys at, for and recovery (a law, drawn for each unit, after the end) are the world's; the other keys are the fault's
 * own fields. */
#ifndef FAULTLINE_CONTRACT_FAULT_H
#define FAULTLINE_CONTRACT_FAULT_H

#include <stddef.h>

#include "contract/condition.h"
#include "read/fields.h"

enum {
    FAULT_HITS_UNITS = 1, /* regions, zones, components, instances */
    FAULT_HITS_LINKS = 2,
    FAULT_HITS_CONTROL = 4
};

typedef struct FaultKind {
    const char *name, *verb, *summary;
    const Field *fields;
    size_t spec_size;
    int hits;                                  /* which targets make sense */
    bool (*is_link_severed)(const void *spec); /* links only: nothing passes at all; NULL: only the Condition counts */
    void (*bend)(const void *spec, Condition *condition);
} FaultKind;

#endif
