/* language_azure.h - the maps that only networks with network security groups have, as structs (private to model/). */
#ifndef FAULTLINE_MODEL_LANGUAGE_AZURE_H
#define FAULTLINE_MODEL_LANGUAGE_AZURE_H

#include "read/fields.h"

/* Members of the structs of stacks, subnets and components; their rows stand in those tables. */
typedef struct {
    const Node *groups, *admin_rules;
} AzureStackKeys;

typedef struct {
    const Node *group, *service_endpoints, *default_outbound_access;
    bool private_endpoint_policies;
} AzureSubnetKeys;

typedef struct {
    const Node *group, *public_ip, *input_endpoints, *firewall;
} AzureComponentKeys;

#define AZURE_ROW(S, key, member, type, help) \
    { key, type, offsetof(S, azure.member), NULL, NULL, NULL, help, NULL, NULL, NULL }
#define AZURE_STACK_ROWS(S)                                                                 \
    AZURE_ROW(S, "network_security_groups", groups, FIELD_TYPE_NODE,                        \
              "azure: network security groups by name: {inbound: [...], outbound: [...]}"), \
        AZURE_ROW(S, "admin_rules", admin_rules, FIELD_TYPE_NODE,                           \
                  "azure: rules of a network manager, asked before every group: {inbound: [...], outbound: [...]}")
#define AZURE_SUBNET_ROWS(S)                                                                                       \
    AZURE_ROW(S, "network_security_group", group, FIELD_TYPE_NODE, "azure: its group; otherwise nothing filters"), \
        AZURE_ROW(S, "service_endpoints", service_endpoints, FIELD_TYPE_NODE,                                      \
                  "azure: managed services that its machines call by their private addresses: [bucket]"),          \
        AZURE_ROW(S, "default_outbound_access", default_outbound_access, FIELD_TYPE_NODE,                          \
                  "azure: yes: machines without a public address still reach the internet; see era"),              \
        AZURE_ROW(S, "private_endpoint_policies", private_endpoint_policies, FIELD_TYPE_BOOL,                      \
                  "azure: groups and routes also hold for the private endpoints in it; otherwise they do not")
#define AZURE_COMPONENT_ROWS(S)                                                                               \
    AZURE_ROW(S, "network_security_group", group, FIELD_TYPE_NODE, "azure: the group at its interfaces"),     \
        AZURE_ROW(S, "public_ip", public_ip, FIELD_TYPE_NODE,                                                 \
                  "azure: standard (closed inbound until a group allows) or basic (open where no group is)"), \
        AZURE_ROW(S, "input_endpoints", input_endpoints, FIELD_TYPE_NODE,                                     \
                  "azure, classic: public ports that are passed on to it, and nothing else is; may be []"),   \
        AZURE_ROW(S, "firewall", firewall, FIELD_TYPE_NODE,                                                   \
                  "azure: whom a managed service lets in at its public door: {subnets: [...], ranges: [...]}")

typedef struct {
    const char *about;
    const Node *inbound, *outbound;
} NsgKeys;

typedef struct {
    const char *name;
    int64_t priority;
    const Node *allow, *deny, *always_allow, *from, *to;
} NsgRuleKeys;

typedef struct {
    int64_t public_port, port;
    const char *protocol, *set;
    const Node *acl;
} InputEndpointKeys;

typedef struct {
    int64_t order;
    const Node *permit, *deny;
} EndpointRuleKeys;

typedef struct {
    const Node *subnets, *ranges;
} ServiceFirewallKeys;

/* nsg_default_keys: the provider's own rules, whose priorities stand above the user's. */
extern const Field nsg_keys[], nsg_rule_keys[], nsg_default_keys[], admin_rule_keys[], input_endpoint_keys[],
    endpoint_rule_keys[], service_firewall_keys[];

#endif
