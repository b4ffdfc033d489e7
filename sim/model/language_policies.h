/* language_policies.h - the maps of accounts, roles and policies as structs, filled by fields_read (private to model/).
 */
#ifndef FAULTLINE_MODEL_LANGUAGE_POLICIES_H
#define FAULTLINE_MODEL_LANGUAGE_POLICIES_H

#include "read/fields.h"

typedef struct {
    const char *about, *account;
    const Node *policy, *permissions_boundary, *session_policy, *trusted_by;
} RoleKeys;

typedef struct {
    const Node *allow, *deny, *to, *on, *when;
} StatementKeys;

/* Pairs: as written, and negated. */
typedef struct {
    const Node *source_ip, *not_source_ip, *vpc_source_ip, *not_vpc_source_ip, *source_endpoint, *not_source_endpoint,
        *source_network, *not_source_network, *encrypted;
} WhenKeys;

extern const Field role_keys[], statement_keys[], when_keys[];

#endif
