/* loss.h - the one cause that a broken session counts under (private to measure/). */
#ifndef FAULTLINE_MEASURE_LOSS_H
#define FAULTLINE_MEASURE_LOSS_H

#include "contract/observe.h"
#include "measure/measure.h"

typedef enum {
    LOSS_IN_FLIGHT,
    LOSS_UNDETECTED,
    LOSS_STALE_DNS,
    LOSS_OVERLOAD,
    LOSS_NO_TARGET,
    LOSS_DENIED,
    LOSS_NO_ROUTE,
    LOSS_BLOCKED,
    LOSS_DATA,
    LOSS_CUT,
    LOSS_UNTRUSTED,
    LOSS_HIJACKED,
    LOSS_LIMITED,
    LOSS_UNAUTHORISED,
    LOSS_GATEWAY_TIMEOUT,
    LOSS_OTHER,
    LOSSES
} Loss;

/* What happened to the session of a FACT_BROKEN; total, so every broken session counts exactly once. */
Loss loss_of(const Fact *broken);
const char *loss_name(Loss loss);
/* Can it happen there at all? What cannot is not told, not even as none. */
bool loss_is_told(const MeasureSetup *setup, Loss loss);

/* The parts of a measure that splits by cause, in the order of the enum. */
#define LOSS_PARTS                                                                                              \
    {"in_flight", UNIT_NONE, "sessions", "in flight in a place that died"},                                     \
        {"undetected", UNIT_NONE, "sessions", "sent to a dead place nobody had noticed"},                       \
        {"stale_dns", UNIT_NONE, "sessions", "sent there by a stale DNS answer"},                               \
        {"overload", UNIT_NONE, "sessions", "overload of what was left"},                                       \
        {"no_target", UNIT_NONE, "sessions", "nothing left to serve them"},                                     \
        {"denied", UNIT_NONE, "sessions", "denied by a rule"}, {"no_route", UNIT_NONE, "sessions", "no route"}, \
        {"blocked", UNIT_NONE, "sessions", "taken for an attack"},                                              \
        {"data", UNIT_NONE, "sessions", "no primary took writes"},                                              \
        {"cut", UNIT_NONE, "sessions", "cut by a response to an attack"},                                       \
        {"untrusted", UNIT_NONE, "sessions", "without a valid certificate or token"},                           \
        {"hijacked", UNIT_NONE, "sessions", "sent to an attacker's machine by a forged name"},                  \
        {"limited", UNIT_NONE, "sessions", "over a rate limit"},                                                \
        {"unauthorised", UNIT_NONE, "sessions", "let in by no policy"},                                         \
        {"gateway_timeout", UNIT_NONE, "sessions", "given up by a gateway"}, {                                  \
        "other", UNIT_NONE, "sessions", "other"                                                                 \
    }

#endif
