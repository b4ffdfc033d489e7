/* city_flows.h - what the flows of an estate mean, worked out from the words of reach.h and the language alone. */
#ifndef FAULTLINE_TESTS_REACH_CITY_FLOWS_H
#define FAULTLINE_TESTS_REACH_CITY_FLOWS_H

#include "tests/unit/reach/rights.h"

enum { PORTS_MOST = 24 };

typedef struct {
    const Opened *r;
    const Model *model;
    const EndpointClass *classes;
    uint32_t count;
} City;

/* A random one, read into *opened, which opened_close ends. */
City city_open(Opened *opened, Draw *luck);

/* Ports as numbers, protocol x 65536 + port, ascending. */
typedef struct {
    uint32_t at[PORTS_MOST], count;
} Ports;
void ports_put(Ports *ports, uint32_t port);
bool ports_have(const Ports *ports, uint32_t port);

const Component *city_component(const City *city, ClassId id); /* NULL: the internet */
ClassId city_source(const City *city, uint32_t i);             /* the internet is the last */
bool city_is(const Component *component, const char *kind);
Verdict city_ask(const City *city, ClassId from, ClassId to, Protocol protocol, uint16_t port);

/* What it answers on; the provider's edge at the ports of its targets when it says nothing. */
Ports city_answers_on(const City *city, ComponentId id);
/* A client that was given a port for its targets connects there, everybody else where they listen. */
Ports city_ports_between(const City *city, ComponentId from, ComponentId to);
/* Copies of one stack keep to themselves. */
bool city_may_pair(const City *city, ComponentId from, ComponentId to);
/* Who opens the connection of step s, and to whom; false: nobody does. */
bool city_callers(const City *city, const Flow *flow, uint32_t s, uint32_t *from, uint32_t *to);
bool city_in_step(const FlowStep *step, ComponentId id);
bool city_is_name(const City *city, const FlowStep *step);
/* What flows mean from one to another; what any users are meant to reach, anybody on the internet is. */
Ports city_meant(const City *city, ClassId from, ComponentId to);

#endif
