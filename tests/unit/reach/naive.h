/* naive.h - who reaches whom, worked out packet by packet on plain addresses: the slow twin of reach/.
 *
 * Shares no code with sim/reach: no classes, no sets, no header ranges. Every interface gets a number for an address,
 * every packet carries two addresses and two ports, and each port of the client is tried by itself. */
#ifndef FAULTLINE_TESTS_REACH_NAIVE_H
#define FAULTLINE_TESTS_REACH_NAIVE_H

#include "model/model.h"
#include "reach/reach.h"

typedef struct {
    PlaceId from, to;
} NaiveCut;

/* What differs from the model; rules that changed are in `model` itself (a copy). */
typedef struct {
    const Model *model;
    const bool *down;     /* by place */
    const bool *isolated; /* by component */
    const NaiveCut *cuts;
    uint32_t cut_count;
    const uint16_t *ports; /* client ports to try, ascending, each ACL rule begins at one of them or below all */
    uint32_t port_count;
} Naive;

/* An end of a connection: a component's interface in a subnet (NO_PLACE: outside); NO_COMPONENT: the internet. */
typedef struct {
    ComponentId component;
    PlaceId subnet;
} NaiveEnd;

/* Client ports are those of 32768..60999 among naive->ports, or just client_port. */
Verdict naive_verdict(const Naive *naive, NaiveEnd from, NaiveEnd to, Protocol protocol, uint16_t port,
                      uint16_t client_port, bool by_public_address);

#endif
