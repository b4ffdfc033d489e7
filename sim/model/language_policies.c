/* language_policies.c - every key of roles, statements and conditions, one row each. */
#include "model/language_policies.h"

const Field role_keys[] = {
    FIELD_TEXT(RoleKeys, about, NULL, "what it is for"),
    FIELD_TEXT(RoleKeys, account, "main", "the account it belongs to"),
    FIELD_NODE(RoleKeys, policy, "what it may do: a list of {allow or deny: actions, on, when}"),
    FIELD_NODE(RoleKeys, permissions_boundary, "the most it may do, whatever its policy says; otherwise no limit"),
    FIELD_NODE(RoleKeys, session_policy, "the most that its sessions may do; otherwise no limit"),
    FIELD_NODE(RoleKeys, trusted_by, "who may take it on: components, roles, accounts or anyone"),
    FIELD_END,
};

const Field statement_keys[] = {
    FIELD_NODE(StatementKeys, allow, "actions: get, bucket:get, bucket:*, role:assume, any; or a list"),
    FIELD_NODE(StatementKeys, deny, "the same; what one statement denies no other can allow"),
    FIELD_NODE(StatementKeys, to, "of a service or endpoint: roles, accounts, anyone; components stand for their role"),
    FIELD_NODE(StatementKeys, on, "of a role, account or endpoint: components, roles to assume, or anything"),
    FIELD_NODE(StatementKeys, when, "what must hold of the request: {source_ip: 203.0.113.0/24, encrypted: yes}"),
    FIELD_END,
};

const Field when_keys[] = {
    FIELD_NODE(WhenKeys, source_ip, "it comes from this public address; false through an endpoint"),
    FIELD_NODE(WhenKeys, not_source_ip, "it does not; true through an endpoint"),
    FIELD_NODE(WhenKeys, vpc_source_ip, "it comes from this private address, through an endpoint"),
    FIELD_NODE(WhenKeys, not_vpc_source_ip, "it does not; true of all that comes through no endpoint"),
    FIELD_NODE(WhenKeys, source_endpoint, "it comes through this endpoint"),
    FIELD_NODE(WhenKeys, not_source_endpoint, "it does not; true of all that comes through no endpoint"),
    FIELD_NODE(WhenKeys, source_network, "it comes from this stack's network, through an endpoint"),
    FIELD_NODE(WhenKeys, not_source_network, "it does not; true of all that comes through no endpoint"),
    FIELD_NODE(WhenKeys, encrypted, "yes: it is encrypted on the way; no: it is not"),
    FIELD_END,
};
