/* catalogue.h - every plug-in there is, by list. pipeline.c fills it from the .def lists and hands it in, so that
 * neither model/ nor world/ ever names a plug-in. Arrays are NULL-terminated and sorted as in their .def list. */
#ifndef FAULTLINE_CONTRACT_CATALOGUE_H
#define FAULTLINE_CONTRACT_CATALOGUE_H

#include "contract/fault.h"
#include "contract/kind.h"
#include "contract/load.h"
#include "contract/order.h"
#include "contract/response.h"
#include "contract/sensor.h"
#include "contract/threat.h"

typedef struct Catalogue {
    const Kind *const *kinds;
    const FaultKind *const *faults;
    const ThreatKind *const *threats;
    const SensorKind *const *sensors;
    const ResponseKind *const *responses;
    const LoadKind *const *loads;
    const OrderKind *const *orders; /* or NULL */
} Catalogue;

#endif
