/* session.h - a user's session as its population sees it, and how the user goes on. */
#ifndef FAULTLINE_CONTRACT_SESSION_H
#define FAULTLINE_CONTRACT_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/luck.h"
#include "base/simtime.h"
#include "contract/request.h"

/* What a name server answers. */
typedef struct {
    bool any;           /* false: no answer (the server is down, or it has nothing to give) */
    ComponentId target; /* the component (of one copy) that the name means now */
    SimTime ttl;        /* how long the asker may keep it */
} NameAnswer;

typedef struct {
    uint32_t serial;                /* within the population, from 0 */
    uint32_t resolver;              /* which of the population's resolvers it asks */
    uint32_t requests;              /* good answers so far */
    uint32_t attempt;               /* tries of the present request so far */
    ComponentId name;               /* the flow's first step behind the population: a name, or the entry itself */
    ComponentId entry;              /* what its name meant, in one copy; NO_COMPONENT before it asked */
    UnitId node;                    /* the entry's unit it is connected to; NO_UNIT = choose anew at the door */
    uint32_t instead_of;            /* serial of the broken session it replaces; UINT32_MAX = none */
    PlaceId home_zone, home_region; /* where its state lives, set at the first good answer */
    UnitId home_unit;
    uint32_t person;       /* who it is: the number of the arrival that brought him; his luck is drawn by it */
    SimTime arrived, ends; /* it leaves at its first pause after `ends` */
    SimTime first_try;     /* of the present request */
    bool established;
    uint16_t returns; /* how often he has come back */
} Session;

typedef enum {
    VISIT_SEND,  /* send the (next or same) request at `at` */
    VISIT_LEAVE, /* done: completed at `at` */
    VISIT_BREAK, /* gives up at `at`; `again` = comes back as a new session at once */
    VISIT_WAIT   /* tries again at `at`: the world calls `resume` then */
} VisitKind;

typedef struct {
    VisitKind kind;
    SimTime at;
    Cause cause; /* BREAK */
    bool again;  /* BREAK */
} Visit;

/* The end of one attempt, as the client sees it. */
typedef struct {
    bool good;
    Cause cause;   /* when not good */
    SimTime at;    /* when the client knows */
    UnitId unit;   /* last unit reached, or the one that failed */
    uint32_t rule; /* deciding element or 0 */
    UnitId server; /* the compute unit that served it (holds the session's state), NO_UNIT when none was reached */
} Answer;

#endif
