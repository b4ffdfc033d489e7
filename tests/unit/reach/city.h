/* city.h - random estates that have a bit of everything: copies in two regions, an edge, balancers, bastions, proxies,
 * queues and who works them off, services of others, a site, and flows through all of it. */
#ifndef FAULTLINE_TESTS_REACH_CITY_H
#define FAULTLINE_TESTS_REACH_CITY_H

#include "base/luck.h"

/* The text of a pattern for rights_read. */
char *city_write(Draw *luck);

#endif
