/* rights.h - random estates with accounts, roles, policies and services, read as pattern files. */
#ifndef FAULTLINE_TESTS_REACH_RIGHTS_H
#define FAULTLINE_TESTS_REACH_RIGHTS_H

#include "base/luck.h"
#include "tests/unit/reach/opened.h"

/* One network with a subnet behind a NAT gateway, which has a gateway endpoint for buckets, and a public one; an
 * interface endpoint for queues; a network of another account; a site; users; and everybody's rights. */
void rights_open(Opened *rights, Draw *luck);
/* Any other text of a pattern in AWS, which becomes its own. */
void rights_read(Opened *rights, char *text);

#endif
