/* loss.h - the one cause that a broken session counts under (private to measure/). */
#ifndef FAULTLINE_MEASURE_LOSS_H
#define FAULTLINE_MEASURE_LOSS_H

#include "contract/observe.h"

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
    LOSS_OTHER,
    LOSSES
} Loss;

/* What happened to the session of a FACT_BROKEN; total, so every broken session counts exactly once. */
Loss loss_of(const Fact *broken);
const char *loss_name(Loss loss);

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
        {"cut", UNIT_NONE, "sessions", "cut by a response to an attack"}, {                                     \
        "other", UNIT_NONE, "sessions", "other"                                                                 \
    }

#endif
