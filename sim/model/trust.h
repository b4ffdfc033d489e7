/* trust.h - who stands beside whom, who certifies whom, and whose tokens are asked for. Part of model.h, which includes
 * it.
 *
 * All tables are by id and belong to the model's memory; they are NULL where `any` is false, so that a model without
 * such things costs nothing. */
#ifndef FAULTLINE_MODEL_TRUST_H
#define FAULTLINE_MODEL_TRUST_H

#include <stdbool.h>
#include <stdint.h>

#include "contract/request.h"

typedef struct {
    bool any;
    ComponentId *sidecar;           /* by component: what stands beside each of its units; NO_COMPONENT */
    ComponentId *authority;         /* by component: whose certificates it shows, itself; NO_COMPONENT */
    ComponentId *certificates_from; /* by component: whose certificate a caller has to show it; NO_COMPONENT */
    bool *stranger;                 /* by component, of populations: nobody signs them in */
    ComponentId *tokens_from;       /* by component: whose tokens it asks of its callers' users; NO_COMPONENT */
    UnitId *escort;                 /* by unit: the one that stands beside it; NO_UNIT */
    UnitId *beside;                 /* by unit: the one that it stands beside; itself, if by itself */
    UnitId **holders;               /* by component: the units that show its certificates, sorted */
    uint32_t *holder_count;
} TrustBook;

#endif
