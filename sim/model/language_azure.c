/* language_azure.c - the keys of network security groups, admin rules, input endpoints and firewalls of services. */
#include "model/language_azure.h"

#define NSG "Azure network security groups overview: 100 to 4096, lower numbers first"
#define PRIORITY(least, most) \
    FIELD_COUNT(NsgRuleKeys, priority, FIELD_REQUIRED, least, most, "lower numbers are asked first; each once", NSG)
#define RULE_ROWS                                                                                                \
    FIELD_TEXT(NsgRuleKeys, name, NULL, "its name, for reports"),                                                \
        FIELD_NODE(NsgRuleKeys, allow, "ports that pass: 443, tcp/443, udp/53, any; or a list"),                 \
        FIELD_NODE(NsgRuleKeys, deny, "ports that do not"),                                                      \
        FIELD_NODE(NsgRuleKeys, from, "a range, a tag, a component or any; or a list; outbound: otherwise any"), \
        FIELD_NODE(NsgRuleKeys, to, "the same; inbound: otherwise any")

const Field nsg_keys[] = {
    FIELD_TEXT(NsgKeys, about, NULL, "what it is for"),
    FIELD_NODE(NsgKeys, inbound, "what may come in: a list of {priority, allow or deny, from}"),
    FIELD_NODE(NsgKeys, outbound, "what may go out: a list of {priority, allow or deny, to}"),
    FIELD_END,
};

const Field nsg_rule_keys[] = {PRIORITY("100", "4096"), RULE_ROWS, FIELD_END};
const Field nsg_default_keys[] = {PRIORITY("65000", "65535"), RULE_ROWS, FIELD_END};
const Field admin_rule_keys[] = {
    PRIORITY("1", "4096"),
    RULE_ROWS,
    FIELD_NODE(NsgRuleKeys, always_allow, "ports that pass, and no group is asked any more"),
    FIELD_END,
};

const Field input_endpoint_keys[] = {
    {"public", FIELD_TYPE_COUNT, offsetof(InputEndpointKeys, public_port), FIELD_REQUIRED, "1", "65535",
     "port of the service's public address", NULL, NULL, NULL},
    FIELD_COUNT(InputEndpointKeys, port, FIELD_REQUIRED, "1", "65535", "port of its machines", NULL),
    FIELD_TEXT(InputEndpointKeys, protocol, "tcp", "tcp or udp"),
    FIELD_NODE(InputEndpointKeys, acl, "who may use it: a list of {order, permit or deny: RANGE}; otherwise everybody"),
    FIELD_TEXT(InputEndpointKeys, set, NULL, "a load-balanced set: endpoints of one set share one list"),
    FIELD_END,
};

const Field endpoint_rule_keys[] = {
    FIELD_COUNT(EndpointRuleKeys, order, FIELD_REQUIRED, "0", "65535", "lower numbers are asked first", NULL),
    FIELD_NODE(EndpointRuleKeys, permit, "a range that may; whoever is in no rule then may not"),
    FIELD_NODE(EndpointRuleKeys, deny, "a range that may not"),
    FIELD_END,
};

const Field service_firewall_keys[] = {
    FIELD_NODE(ServiceFirewallKeys, subnets, "subnets that may call it by a service endpoint: [site.app]"),
    FIELD_NODE(ServiceFirewallKeys, ranges, "public ranges that may call it"),
    FIELD_END,
};
