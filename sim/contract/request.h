/* request.h - one request on its way along a flow, as the kinds on that way see it; and what a kind answers. */
#ifndef FAULTLINE_CONTRACT_REQUEST_H
#define FAULTLINE_CONTRACT_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/luck.h"
#include "base/simtime.h"

typedef uint32_t UnitId;      /* the smallest thing that can fail: an instance, a balancer's node in a zone, ... */
typedef uint32_t ComponentId; /* a component of one copy: site[eu-west-1].web */
typedef uint32_t PlaceId;

#define NO_UNIT UINT32_MAX
#define NO_COMPONENT UINT32_MAX
#define NO_PLACE UINT32_MAX

/* Why an attempt got no good answer; the closed list. The first group is felt after the client's timeout (silence),
 * the second at once. Names in cause_name (observe.h) are what reports print. */
typedef enum {
    CAUSE_NONE,
    CAUSE_SILENT,       /* sent to something that is down and says nothing, or died with it */
    CAUSE_DROPPED,      /* dropped on a lossy way */
    CAUSE_DENIED,       /* a filter said no: see the deciding rule */
    CAUSE_NO_ROUTE,     /* no route, a blackhole route, or a dead element on the way */
    CAUSE_SLOW,         /* an answer came, but after the client's timeout */
    CAUSE_REFUSED,      /* the other side is down and refuses */
    CAUSE_FULL,         /* a queue was full */
    CAUSE_NO_TARGET,    /* a balancer or name had nothing to send it to */
    CAUSE_READ_ONLY,    /* no primary takes writes now */
    CAUSE_BLOCKED,      /* a WAF took it for an attack */
    CAUSE_STATE_GONE,   /* answered, but where the session's state is not */
    CAUSE_CUT,          /* a response to an attack cut it */
    CAUSE_UNTRUSTED,    /* no valid certificate or token */
    CAUSE_HIJACKED,     /* its name led to a machine that is somebody else's */
    CAUSE_LIMITED,      /* came more often than a rate limit allows */
    CAUSE_UNAUTHORISED, /* no policy lets this caller in */
    CAUSE_GATEWAY,      /* something on the way gave up on what is behind it */
    CAUSES
} Cause;

typedef struct Request {
    Draw luck;   /* this request's own draws: keyed by population, session, request number, hop */
    SimTime now; /* when it stands at `unit`; kinds compute ahead from here, never from the engine's clock */
    UnitId unit; /* where it stands */
    UnitId from; /* where it came from (the population's first unit at the start) */
    ComponentId population;
    uint32_t session;  /* serial number within the population, from 0 */
    uint32_t number;   /* request within the session, from 0 */
    uint32_t resolver; /* which resolver the client asks; its caches lag behind a name's changes */
    UnitId home;       /* the machine that answered the session first; NO_UNIT: none yet */
    uint8_t step;      /* position in the flow; 0 = the population */
    uint8_t attempt;   /* 0 = first try */
    bool write;
    bool hostile; /* tagged attack traffic */
} Request;

typedef enum {
    OUTCOME_PASS,    /* to the next component of the flow; the world asks its door for a unit */
    OUTCOME_PASS_TO, /* to this unit of the next component */
    OUTCOME_ANSWER,  /* the end of the flow: an answer starts back */
    OUTCOME_FAIL     /* an error starts back at once (an error page, a reset) */
} OutcomeKind;

typedef struct {
    OutcomeKind kind;
    SimTime start; /* when work on it began (kinds with on_replan); else as `ready` */
    SimTime ready; /* when it leaves this unit; >= request->now */
    UnitId unit;   /* PASS_TO */
    Cause cause;   /* FAIL */
} Outcome;

static inline Outcome outcome_pass(SimTime ready) { return (Outcome){OUTCOME_PASS, ready, ready, NO_UNIT, CAUSE_NONE}; }
static inline Outcome outcome_pass_to(UnitId unit, SimTime ready) {
    return (Outcome){OUTCOME_PASS_TO, ready, ready, unit, CAUSE_NONE};
}
static inline Outcome outcome_answer(SimTime ready) {
    return (Outcome){OUTCOME_ANSWER, ready, ready, NO_UNIT, CAUSE_NONE};
}
static inline Outcome outcome_fail(Cause cause, SimTime ready) {
    return (Outcome){OUTCOME_FAIL, ready, ready, NO_UNIT, cause};
}

#endif
