/* naive6.h - who reaches whom by IPv6, worked out packet by packet on plain addresses: the slow twin of reach/.
 *
 * Shares no code with sim/reach. It knows what lines of tests/verdicts/build.h can say about IPv6: groups, ACLs, local
 * routes, internet gateways, egress-only gateways. */
#ifndef FAULTLINE_TESTS_REACH_NAIVE6_H
#define FAULTLINE_TESTS_REACH_NAIVE6_H

#include "model/model.h"

/* An end: a component's interface in a subnet (NO_PLACE: outside); NO_COMPONENT: the internet. */
typedef struct {
    ComponentId component;
    PlaceId subnet;
} Naive6End;

/* "REACH", or the reason code, "(reply)" before it when it is the answer that fails; static. `ports`: the client's
 * ports to try, ascending; those outside the range that the client uses are passed over, its first port is added. */
const char *naive6_answer(const Model *model, Naive6End from, Naive6End to, Protocol protocol, uint16_t port,
                          const uint16_t *ports, uint32_t count);

#endif
