/* series.h - a quantity over time in buckets of equal width: reduced, exact, mergeable.
 *
 * Whole numbers only, so that merging parts in any order gives the same as one whole. A bucket holds [i w, (i+1) w).
 * Grows as time goes on: 8 bytes a bucket up to the last one touched, SERIES_MOST of them at most. */
#ifndef FAULTLINE_BASE_SERIES_H
#define FAULTLINE_BASE_SERIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/simtime.h"

enum { SERIES_MOST = 1 << 24 };

typedef struct Series Series;

/* width > 0 */
Series *series_new(SimTime width);
void series_free(Series *series);

/* Something of this size (may be negative) happens at `at` >= 0. O(1). Beyond SERIES_MOST buckets, or at never: a BUG.
 */
void series_add(Series *series, SimTime at, int64_t amount);
/* A level holds during [from, to): adds level * ns to each bucket (so a bucket's mean level is its sum / width).
 * O(buckets). level * width must fit an int64_t (a BUG otherwise). */
void series_add_level(Series *series, SimTime from, SimTime to, int64_t level);
/* Widths must be equal (a BUG otherwise). */
void series_merge(Series *into, const Series *from);
bool series_equal(const Series *a, const Series *b);

SimTime series_width(const Series *series);
/* Buckets up to the last one touched. */
uint32_t series_count(const Series *series);
/* The sum in bucket i; 0 beyond the last. */
int64_t series_at(const Series *series, uint32_t i);

#endif
