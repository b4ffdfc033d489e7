/* bucket.h - the grid of a series: as fine as a screen can show (private to measure/). */
#ifndef FAULTLINE_MEASURE_BUCKET_H
#define FAULTLINE_MEASURE_BUCKET_H

#include <stdint.h>

#include "base/simtime.h"

/* The smallest of 1, 2, 5, 10, 15, 20, 30 s, the same in min, 1, 2, 4, 6, 12 h, and then days, that cuts `until` into
 * at most 360 buckets: 10 s for an hour. */
SimTime bucket_width(SimTime until);
/* Buckets needed to hold [0, until); at least 1. */
uint32_t bucket_count(SimTime until, SimTime width);

#endif
