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
#include "contract/kind.h"
#include "read/fields.h"

enum {
    FAULT_HITS_UNITS = 1, /* regions, zones, components, instances */
    FAULT_HITS_LINKS = 2,
    FAULT_HITS_CONTROL = 4
};

/* What somebody who forges the answers to a name makes of them. Texts are the spec's. */
typedef struct {
    const char *to;              /* the component that the name means then, one that others run */
    int64_t resolvers, believed; /* shares of each population's resolvers, and of the clients who see no difference */
    SimTime ttl;                 /* how long a resolver keeps such an answer */
    bool flush;                  /* and forgets it when the fault ends */
} Forgery;

/* A route that gets into the tables of a network; `to` and `via` as in a route table. Texts are the spec's. */
typedef struct {
    const char *to, *via;
} WrongRoute;

typedef struct FaultKind {
    const char *name, *verb, *summary;
    const Field *fields;
    size_t spec_size;
    int hits;                                  /* which targets make sense */
    bool (*is_link_severed)(const void *spec); /* links only: nothing passes at all; NULL: only the Condition counts */
    void (*bend)(const void *spec, Condition *condition);
    const char *(*source)(const void *spec); /* floods: who sends it, a component's name or `internet` */
    bool (*fits)(const Kind *kind);          /* components: does it mean anything to such a one; NULL: to every one */
    const char *suits;                       /* which do, for the message when it does not */
    bool once;                               /* without `for` it happens at one instant; else it holds to the end */
    bool hits_populations;                   /* something of theirs can be bent */
    Forgery (*forges)(const void *spec);     /* names: what their answers become; NULL: they stay */
    WrongRoute (*routes)(const void *spec);  /* its target is a stack or site, and this route gets into its tables */
} FaultKind;

#endif
