/* policies.h - who may do what: accounts, roles and the policies of roles, services, endpoints and accounts.
 *
 * Part of the sealed model (model.h); how a request is judged by them stands in reach/policy.h. The words are those of
 * the AWS IAM user guide: a statement allows or denies actions, to principals, on resources, when all its conditions
 * hold. A component acts under its role; one without a role is nobody in particular. Tables are sorted by name; memory
 * is the model's. */
#ifndef FAULTLINE_MODEL_POLICIES_H
#define FAULTLINE_MODEL_POLICIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "contract/kind.h"
#include "net/prefix.h"

#define NO_ROLE UINT32_MAX
#define NO_ACCOUNT UINT32_MAX

typedef enum { PRINCIPAL_ANYONE, PRINCIPAL_ROLE, PRINCIPAL_ACCOUNT } PrincipalKind;
typedef struct {
    PrincipalKind kind;
    uint32_t id; /* index in roles or accounts */
} Principal;

/* Actions of one kind, a bit each in the order of kind->actions. A NULL kind with all bits: every action there is. */
typedef struct {
    const Kind *kind;
    uint64_t bits;
} ActionSet;
#define EVERY_ACTION UINT64_MAX

/* What a request tells about itself. Which of them it has depends on the door it came through (IAM user guide, global
 * condition keys): SourceIp only over the public address of a service, the others but SecureTransport only through an
 * endpoint. */
typedef enum { WHEN_SOURCE_IP, WHEN_VPC_SOURCE_IP, WHEN_SOURCE_ENDPOINT, WHEN_SOURCE_NETWORK, WHEN_ENCRYPTED } WhenKey;

/* Holds when the request's value is (negated: is not) one of those listed. A request that has no such value: false, and
 * true when negated. */
typedef struct {
    WhenKey key;
    bool negated;
    Prefix *ranges; /* the two addresses */
    uint32_t range_count;
    uint32_t *components; /* endpoints; WHEN_SOURCE_IP: whose public address is meant */
    uint32_t component_count;
    uint32_t *networks; /* WHEN_SOURCE_NETWORK; WHEN_SOURCE_IP: of sites, whose public addresses are meant */
    uint32_t network_count;
    bool flag; /* WHEN_ENCRYPTED */
} StatementCondition;

typedef struct {
    bool allows;
    bool assumes; /* also the action of assuming the roles on_roles */
    ActionSet *actions;
    uint32_t action_count;
    Principal *to; /* policies of services and endpoints; none elsewhere */
    uint32_t to_count;
    bool on_anything; /* policies of services: always, it is the service itself */
    uint32_t *on;     /* ComponentIds, sorted */
    uint32_t on_count;
    uint32_t *on_roles; /* sorted */
    uint32_t on_role_count;
    StatementCondition *when;
    uint32_t when_count;
    uint32_t element;
    Mark mark;
} Statement;

typedef struct {
    bool written;
    Statement *statements;
    uint32_t count;
    uint32_t element; /* the policy itself: decides when no statement matches; 0: there is none */
} Policy;

/* How much the provider grants an account in each region; 0: any number. */
typedef struct {
    int64_t instances; /* machines that run at a time */
} AccountLimits;

/* control: service control policy of the account; not written, it lets everything pass. */
typedef struct {
    const char *name;
    Policy control;
    AccountLimits limits;
    Mark mark;
} Account;

typedef struct {
    const char *name;
    uint32_t account;
    Policy identity;          /* not written: allows nothing */
    Policy boundary, session; /* not written: no limit */
    Principal *trusted;       /* who else may assume it */
    uint32_t trusted_count;
    uint32_t *holders; /* ComponentIds that act under it, sorted */
    uint32_t holder_count;
    bool implied; /* nobody wrote it: what `allow_from` means by a component without a role */
    uint32_t element;
    Mark mark;
} Role;

/* The part of a Model that is about policies. */
typedef struct {
    Account *accounts;
    uint32_t account_count;
    Role *roles;
    uint32_t role_count;
    Policy *of_component;  /* by component: of a service (resource policy) or an endpoint; else not written */
    uint32_t *role_of;     /* by component: NO_ROLE */
    uint32_t *account_of;  /* by component: NO_ACCOUNT for those outside every provider */
    uint32_t **keeps;      /* by component: roles whose credentials lie in it, sorted */
    uint32_t *keep_count;  /* by component */
    ComponentId *image_of; /* by component: where its image comes from, or NO_COMPONENT */
    bool *crown_jewel;     /* by component */
} PolicyBook;

/* The action's index in kind->actions, or -1. */
int kind_action(const Kind *kind, const char *name);

#endif
