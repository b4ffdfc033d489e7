/* twin_aws.h - the steps of a packet under AWS that twin_aws.c and twin_aws_ways.c take in turns. */
#ifndef FAULTLINE_TESTS_REACH_TWIN_AWS_H
#define FAULTLINE_TESTS_REACH_TWIN_AWS_H

#include "tests/unit/reach/twin.h"

/* Filters at an interface and at the border of a subnet. */
bool aws_groups(Journey *j, TwinEnd end, bool inbound);
bool aws_acl(Journey *j, PlaceId subnet, bool inbound);
/* What a table says about the packet's target; NULL: nothing. */
const Route *aws_lookup(const Journey *j, const RouteTable *table);
/* The packet leaves an interface in the subnet; it is routed there; it comes into the subnet that holds its target. */
bool aws_from_subnet(Journey *j, PlaceId subnet);
bool aws_routed(Journey *j, PlaceId subnet);
bool aws_into_subnet(Journey *j, uint32_t network);
/* It came through a gateway of the network; it is on the internet. */
bool aws_through_gateway(Journey *j, uint32_t network);
bool aws_over_internet(Journey *j);
bool aws_listens(Journey *j, ComponentId component, PlaceId at);

/* Elements that stand between subnets. */
bool aws_interface(Journey *j, PlaceId subnet, const Route *route);
bool aws_nat(Journey *j, UnitId nat, bool by_gateway);
bool aws_peering(Journey *j, PlaceId subnet, const Join *peering);
bool aws_private_gateway(Journey *j, PlaceId subnet);
bool aws_hub_from_subnet(Journey *j, PlaceId subnet, uint32_t hub);
bool aws_gateway_endpoint(Journey *j, PlaceId subnet, uint32_t endpoint);
bool aws_border_in(Journey *j, const Site *site, bool from_internet);
bool aws_site_routed(Journey *j, const Site *site);
bool aws_into_site(Journey *j, const Site *site);

#endif
