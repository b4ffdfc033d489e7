/* twin_azure.h - what twin_azure_rules.c says of a packet to twin_azure.c, which moves it. */
#ifndef FAULTLINE_TESTS_REACH_TWIN_AZURE_H
#define FAULTLINE_TESTS_REACH_TWIN_AZURE_H

#include "tests/unit/reach/twin.h"

/* The network or site that an end is in, or UINT32_MAX. */
uint32_t twin_azure_network(const Model *model, TwinEnd end);
/* At an interface: admin rules, then the groups of the component and of its subnet. */
bool twin_azure_filters(Journey *j, TwinEnd end, bool inbound);

#endif
