/* threat.h - what an attacker's step is. A step is tried against one component and needs a verdict (it is reachable
 * from something already owned, or from the internet) or a credential, and takes a time drawn from its law.
 *
 * In a timeline:  - {at: 10 min, compromise: site[us-east-1].web}   (a verb and a target, as for faults)
 * Laws of time to compromise hang on `time_to`: a Bernoulli failure means never, not zero. */
#ifndef FAULTLINE_CONTRACT_THREAT_H
#define FAULTLINE_CONTRACT_THREAT_H

#include <stddef.h>

#include "base/luck.h"
#include "base/simtime.h"
#include "read/fields.h"

enum { THREAT_NEEDS_REACH = 1, THREAT_NEEDS_CREDENTIAL = 2 };

typedef struct ThreatKind {
    const char *name, *verb, *summary;
    const Field *fields;
    size_t spec_size;
    int needs;
    SimTime (*time_to)(const void *spec, Draw *luck); /* SIMTIME_NEVER: this attacker never manages it */
    bool (*spreads)(
        const void *spec); /* does it go on by itself, to machines that it can connect to; NULL: it does not */
} ThreatKind;

#endif
