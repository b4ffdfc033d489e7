/* estate.h - a large, regular estate as lines of tests/verdicts/build.h: networks of four tiers in three zones,
 * components with a security group each that lets in a few others. */
#ifndef FAULTLINE_TESTS_REACH_ESTATE_H
#define FAULTLINE_TESTS_REACH_ESTATE_H

#include "tests/verdicts/build.h"

enum { ESTATE_SERVICES = 8, ESTATE_ZONES = 3 };
extern const Service estate_services[ESTATE_SERVICES];

/* Each component is ESTATE_ZONES classes with `units` units each. Every second network is peered with the one before
 * it. */
Draft *estate_new(uint32_t networks, uint32_t components, uint32_t units, bool acls);
/* The same in Azure, as the text of a pattern (g_free): components in `zones` subnets each, groups at interfaces and
 * subnets, every second network peered with the one before it. */
char *estate_azure(uint32_t networks, uint32_t components, uint32_t units);

#endif
