/* access.h - who may do what with a provider's services: the network's verdict and the policies' together.
 *
 * A request for a service must first get there: over the service's public address, or through
 * an endpoint; the network decides which, not the caller. Then policies are asked, which know by that way what they can
 * know of the caller (semantics B.0 step 11, B.7). Pure, like all of reach/. */
#ifndef FAULTLINE_REACH_ACCESS_H
#define FAULTLINE_REACH_ACCESS_H

#include "reach/reach.h"

#define ROLE_OWN (UINT32_MAX - 1)

typedef struct {
    ClassId from;        /* whose network place; CLASS_INTERNET: anybody's own machine */
    uint32_t role;       /* index of model->policies.roles; NO_ROLE: nobody in particular; ROLE_OWN: the component's */
    ComponentId service; /* of a kind with actions */
    int action;          /* index in the kind's actions */
    bool plain;          /* not encrypted on its way */
    Prefix address;      /* the caller's public address; family 0: what the model knows of it */
    uint32_t without;    /* the element of a statement that is taken to be missing; 0: none */
} AccessQuery;

typedef struct {
    bool allowed;
    Verdict network;  /* REACH: it got there, and policies decided */
    ComponentId door; /* the endpoint it came through; NO_COMPONENT: the service's public address */
    uint32_t role;    /* under which; NO_ROLE */
    const char *code; /* static; "" when allowed. Of policies: {DENIED,NOT_ALLOWED}_BY_ with SERVICE_CONTROL_POLICY,
                       * RESOURCE_POLICY, IDENTITY_POLICY, PERMISSIONS_BOUNDARY, SESSION_POLICY, ENDPOINT_POLICY */
    uint32_t element; /* the statement, or whatever else decided */
} Access;

/* O(elements on the way + statements); about 1 us. */
Access reach_access(const Reach *reach, const NetState *state, AccessQuery query);
/* Whether somebody under `role` (NO_ROLE: nobody in particular) may take on the role `target`. */
Access reach_assume(const Reach *reach, uint32_t role, uint32_t target, uint32_t without);

/* What policies make of a connection that the network lets through: REACH when the component that asks may do anything
 * at all with the service under its own role, else DENY. Other verdicts and other servers stay as they are, and so does
 * a service without a policy in a pattern without roles: there nobody has said anything about rights. For reach_verdict
 * and reach_explain, which pass their answers through here. */
bool access_gates(const Reach *reach, ClassId to); /* it has a word on some connection to that class */
Verdict access_gate(const Reach *reach, const NetState *state, const Query *query, Verdict verdict);

/* Everything that somebody under a role might do: each class whose component has one, and the internet as nobody in
 * particular, with each service and action. In canonical order; g_free. */
typedef struct {
    AccessQuery query;
    Access access;
} AccessRow;
AccessRow *reach_accesses(const Reach *reach, const NetState *state, uint32_t *count);

/* "site[us-east-1].web as analyst: get of site[us-east-1].input"; allocated. */
char *access_text(const Reach *reach, const AccessQuery *query);

#endif
