/* flip_advice.c - what would help against each reason that cannot be undone by trying. */
#include <string.h>

#include "reach/flip_steps.h"

static const struct {
    const char *code, *advice;
} known[] = {
    {"LISTENER_MISSING", "let it listen there: listens:"},
    {"BAD_STATE_ROUTE", "lead the route to something that works"},
    {"UNASSOCIATED_COMPONENT", "put it into a subnet"},
    {"IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", "give the client a public address, or a route via a NAT gateway"},
    {"IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS", "give the server a public address"},
    {"SUBNET_ACL_RESTRICTION", "make room in that network ACL: every number before the entry is taken"},
    {"ADMIN_RULE", "change that rule of the network manager: groups have no say before it"},
    {"STANDARD_IP_CLOSED", "write a network security group that allows it, at the component or its subnet"},
    {"HOST_FIREWALL", "let the client in at the host_firewall of the server"},
    {"NO_INPUT_ENDPOINT", "add an input endpoint for that port"},
    {"INPUT_ENDPOINT_ACL", "permit the client in the list of that endpoint"},
    {"SERVICE_FIREWALL", "name the client's subnet (with a service endpoint) or public range in that firewall"},
    {"NO_OUTBOUND_ACCESS", "give the client a public address, or its subnet a route via a NAT gateway"},
    {"MTLS_REQUIRED", "give the caller a sidecar: sidecar: yes"},
    {"AUTHORIZATION_POLICY_DENY", "change that rule: nothing overrides a denial"},
    {"AUTHORIZATION_POLICY_CUSTOM", "change what is asked or refused there: nothing overrides it"},
    {"NAT_NO_SESSION", "give the server a public address, or a balancer in front"},
    {"NGW_REQUIRES_SOURCE_IN_VPC", "give the client's own network a NAT gateway"},
    {"EIGW_NO_SESSION", "lead the route to the internet gateway: an egress-only one lets nobody in"},
    {"PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", "peer the two networks themselves: peerings are not passed through"},
    {"TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT", "propagate the other side to that table, or write a route there"},
    {"TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION", "associate the attachment with a table"},
    {"TGW_ROUTE_AZ_RESTRICTION", "give the attachment an interface in that zone"},
    {"TGW_RTB_BAD_STATE_ROUTE", "lead that route of the transit gateway to an attachment"},
    {"BAD_STATE_VPN", "bring the tunnel back, or let its ends notice: dead_peer_detection, or BGP"},
    {"FIREWALL_RULES_RESTRICTION", "allow it at the border of that site"},
    {"NOT_ON_ALLOWLIST", "put the server on that list"},
    {"NAME_REFUSED", "put the name on the list of the name service"},
    {"IPV6_ADDRESS_MISSING", "give its network IPv6: cidr6: auto"},
    {"ASYMMETRIC_ROUTE", "lead both ways through that appliance, or neither"},
    {"ASYMMETRIC_RETURN", "lead the answers out by the way that requests come in"},
    {"ROUTING_LOOP", "lead one of these routes elsewhere"},
    {"OVERLAY_NODE_DOWN", "bring a node of the overlay back"},
    {"OVERLAY_NODE_UNREACHABLE", "let the agent's tunnel get to a node, at the port of the overlay"},
    {"LINK_CUT", "mend that link"},
    {"NIC_NSG_RULE", "change that rule: no priority before it is free"},
    {"SUBNET_NSG_RULE", "change that rule: no priority before it is free"},
    {"NOT_A_TARGET", "make it a target of that balancer"},
    {"PROTOCOL_RESTRICTION", "give the client a public address: a NAT gateway does not pass that protocol"},
    {"IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", "give the server a public address, or join the networks"},
    {"VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", "end the line at the server's own network, or at a transit gateway"},
    {"VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION", "give the client's own network a gateway endpoint"},
    {"VPCE_GATEWAY_PROTOCOL_RESTRICTION", "ask by TCP: a gateway endpoint does not pass that protocol"},
    {"VPCE_INTRA_VPC_TRAFFIC", "ask from something else: an endpoint begins no connections"},
    {"AUTHORIZATION_POLICY_NO_ALLOW",
     "let it in by a rule without principals, or give the caller a sidecar: sidecar: yes"},
    {"NOT_ALLOWED_BY_IDENTITY_POLICY", "add a statement to the caller's role"},
    {"NOT_ALLOWED_BY_RESOURCE_POLICY", "let the caller in by the policy of the service"},
    {"NOT_ALLOWED_BY_ENDPOINT_POLICY", "allow it in the policy of that endpoint"},
    {"NOT_ALLOWED_BY_PERMISSIONS_BOUNDARY", "widen the permissions boundary of the caller's role"},
    {"NOT_ALLOWED_BY_SERVICE_CONTROL_POLICY", "allow it in the service control policy of that account"},
    {"NOT_ALLOWED_BY_SESSION_POLICY", "widen the policy of that session"},
    {"NOT_TRUSTED_BY_ROLE", "let that role trust the caller"},
    {"NETWORK_POLICY_EGRESS", "allow it in a network policy of the client"},
    {"NETWORK_POLICY_INGRESS", "allow it in a network policy of the server"},
};

const char *flip_advice(const char *code) {
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i].code, code) == 0)
            return known[i].advice;
    return strncmp(code, "DENIED_BY_", 10) == 0 ? "change that statement: nothing overrides a denial" : NULL;
}
