/* maker.h - random small networks as lines of tests/verdicts/build.h, and random questions about them. */
#ifndef FAULTLINE_TESTS_REACH_MAKER_H
#define FAULTLINE_TESTS_REACH_MAKER_H

#include <glib.h>

#include "base/luck.h"
#include "tests/verdicts/build.h"

/* Client ports to try one by one: above 1023 every ACL entry begins at one of them, or ends right before it. */
static const uint16_t maker_client_ports[] = {1024, 32768, 40001, 61000};

/* One to three networks with subnets, routes, gateways, peerings, groups, ACLs, three to six hosts, users and an edge.
 */
GPtrArray *maker_network(Draw *luck);
/* The same network, where some of it speaks IPv6, too, and some clients connect from ports of their own. */
GPtrArray *maker_enrich(const GPtrArray *lines, Draw *luck);
/* The model of all lines but number `without` (UINT_MAX: of all). */
Draft *maker_build(const GPtrArray *lines, guint without);
/* Seldom about the last two classes, users and the edge, as servers. */
Query maker_query(const Reach *reach, Draw *luck);

#endif
