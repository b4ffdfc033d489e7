/* statements.h - how the statements of a policy are read (private to model/). */
#ifndef FAULTLINE_MODEL_STATEMENTS_H
#define FAULTLINE_MODEL_STATEMENTS_H

#include "model/build.h"

/* Whose policy it is decides what its statements may say. */
typedef enum {
    POLICY_OF_ACCOUNT,  /* service control: on what, or everything */
    POLICY_OF_ROLE,     /* identity, boundary, session: on what */
    POLICY_OF_SERVICE,  /* to whom; on the service itself */
    POLICY_OF_ENDPOINT, /* to whom, or everybody; on what, or everything */
} PolicyOf;

typedef struct {
    PolicyOf of;
    const Kind *kind; /* POLICY_OF_SERVICE: bare actions are its own */
    Scope scope;      /* what bare names mean */
    const char *name; /* "policy of site[us-east-1].data" */
} PolicyOwner;

/* A list of statements; `node` NULL: not written. Roles and accounts must be known by name already. */
Policy policy_read(Build *build, const PolicyOwner *owner, const Node *node);
/* Whom a text means: roles and accounts by name, components by the role that they act under. Appended to `to` (of
 * Principal). False after a complaint. */
bool principal_read(Build *build, Scope scope, const char *text, Mark mark, GArray *to);
uint32_t role_index(const Build *build, const char *name);    /* NO_ROLE: there is none */
uint32_t account_index(const Build *build, const char *name); /* NO_ACCOUNT */
/* For the digest. */
void policies_digest(GString *out, const Model *model);

#endif
