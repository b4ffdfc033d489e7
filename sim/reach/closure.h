/* closure.h - what follows from a compromise: whoever owns this, what else does he own, what can he touch?
 *
 * The words:
 *   compromised  declared so, or taken by a step that needs nothing more than what the attacker has: his code gets in
 *                with an image that he can write, or with an action that decides what a service does
 *   exposed      the attacker can connect to it where it listens, from something compromised; or do something with it
 *                under a role whose credentials he has, from something compromised or from a machine of his own
 *   at risk      neither yet; but one of them as soon as machines that are exposed fall to him in their turn
 *   safe         none of these
 * What everybody on the internet can reach or do anyway does not follow from the compromise and is none of them. What a
 * provider runs can be exposed, never compromised by connecting to it. Accounts are walls because policies across them
 * need both sides.
 *
 * Credentials: a compromised component has those of the role that it acts under (the metadata door) and those that lie
 * in it; a service that can be read, those that lie in it; roles that trust a role in hand follow. Nothing here takes
 * time: that is the matter of threats (contract/threat.h). Pure, like all of reach/. */
#ifndef FAULTLINE_REACH_CLOSURE_H
#define FAULTLINE_REACH_CLOSURE_H

#include "reach/access.h"

typedef enum { HOLD_SAFE, HOLD_AT_RISK, HOLD_EXPOSED, HOLD_COMPROMISED } Hold;
const char *hold_name(Hold hold); /* "safe", "at risk", "exposed", "compromised" */

typedef enum {
    STEP_NONE,
    STEP_DECLARED, /* somebody said so */
    STEP_CONNECTS, /* from a component to another; by `verdict` */
    STEP_USES,     /* a role's right to do something with a service; by `access` */
    STEP_IMAGE,    /* launched from an image that the attacker writes */
    STEP_METADATA, /* credentials of the role that a component acts under */
    STEP_FINDS,    /* credentials that lie in a component */
    STEP_ASSUMES   /* a role that trusts a role in hand */
} StepKind;

/* How something came to be as it is. Things are components, then roles: thing = component_count + role. */
typedef struct {
    StepKind kind;
    uint32_t before;  /* the thing that it followed from; UINT32_MAX: nothing */
    ClassId from;     /* STEP_CONNECTS, STEP_USES: whose network place; CLASS_INTERNET: the attacker's own machine */
    Query query;      /* STEP_CONNECTS */
    AccessQuery use;  /* STEP_USES */
    ComponentId door; /* STEP_USES: endpoint, or NO_COMPONENT */
    uint32_t element; /* what allowed it; 0: nothing had to */
    uint32_t depth;   /* steps from what was declared */
} Step;

typedef struct {
    const Reach *reach;
    uint32_t component_count;
    Hold *holds;       /* by component */
    Step *steps;       /* by thing; STEP_NONE: not reached */
    uint64_t *actions; /* by component: what can be done with it through its API, beyond what everybody can; of what is
                        * at risk, what could then be done */
    uint32_t compromised, exposed, at_risk; /* how many components */
    uint32_t assets;                        /* components that count: not users, names, nor what joins networks */
} Closure;

/* `owned`: by component. `without`: a statement or role that is taken to be missing; 0: none. O((owned + at risk) x
 * classes x ports) verdicts. */
Closure *closure_new(const Reach *reach, const NetState *state, const bool *owned, uint32_t without);
void closure_free(Closure *closure);

/* Whether the component counts as something that an attacker could want. */
bool closure_is_asset(const Model *model, ComponentId component);
/* Compromised without having been declared so. */
bool closure_follows(const Closure *closure, ComponentId component);
/* The things from what was declared to this one, itself last; g_free. 0: not reached. */
uint32_t closure_path(const Closure *closure, uint32_t thing, uint32_t **things);
/* "connects to site.db on tcp/5432 from site.web (allowed by security group ...)"; allocated. */
char *closure_step_text(const Closure *closure, uint32_t thing);
const char *closure_thing_name(const Closure *closure, uint32_t thing);

/* The single rules, routes, statements and roles on the path to a component without which it would be better off, the
 * nearest to it first; each was taken away and everything asked again. g_free; 0: no single one does it. */
uint32_t closure_controls(const Closure *closure, const NetState *state, const bool *owned, ComponentId component,
                          uint32_t **elements);
/* The single rule that would let something compromised connect to a component that is safe: "add to security group
 * ...". Allocated; NULL: no single one does it, or it is a service, which nobody connects to by a rule. */
char *closure_opening(const Closure *closure, const NetState *state, ComponentId component);

#endif
