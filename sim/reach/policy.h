/* policy.h - whether policies let a request pass, and which statement decided (private to reach/).
 *
 * The order is that of the AWS IAM user guide, reference_policies_evaluation-logic (semantics B.7): an explicit deny in
 * any policy; then the service control policy of the caller's account must allow; then, in one account, the service's
 * policy or the role's must; across accounts both. A boundary and a session policy limit what the role's own policy
 * gives, and also what a service's policy gives to the role by name, but not what it gives to anyone (same page, "IAM
 * role": grants to a role are limited by an implicit deny there). An endpoint's policy is one more condition and never
 * gives anything. Taking on a role is special: the role must trust explicitly. */
#ifndef FAULTLINE_REACH_POLICY_H
#define FAULTLINE_REACH_POLICY_H

#include "model/model.h"

typedef struct {
    uint32_t role; /* who asks; NO_ROLE: nobody in particular */
    ComponentId service;
    int action;      /* index in the kind's actions */
    uint32_t assume; /* instead of both: the role to take on; else NO_ROLE */
    bool encrypted;
    /* Over the service's public address: */
    const Prefix *address; /* the caller's public address as far as it is known; NULL: it came through an endpoint */
    ComponentId seen;      /* whose public address that is, or NO_COMPONENT */
    uint32_t site;         /* network of the site it comes from, or UINT32_MAX */
    /* Through an endpoint: */
    ComponentId endpoint; /* NO_COMPONENT: none */
    uint32_t network;     /* the endpoint's */
    const Prefix *behind; /* the caller's private address */
    uint32_t without;     /* a statement that is taken to be missing, by its element; 0: none */
} PolicyRequest;

typedef struct {
    bool allowed;
    const char *code; /* static; "" when allowed */
    uint32_t element; /* the statement that decided, or the policy that says nothing, or whose policy is missing */
} PolicyAnswer;

/* O(statements). */
PolicyAnswer policy_judge(const Model *model, const PolicyRequest *request);

#endif
