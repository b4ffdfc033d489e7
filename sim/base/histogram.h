/* histogram.h - exact, mergeable distribution of durations or counts.
 *
 * Buckets are 2^-10 wide relative to their value (exact below 2048); a quantile reports the upper edge of its bucket
 * (the largest value that falls into it; never more than the exact maximum), so it is at most 0.1 % too high and never
 * too low. Counts, integer sums (128 bit), minimum and maximum are exact, so
 * merging N parts in any order gives the same bytes as one whole. The value "never" (SIMTIME_NEVER.ns) is counted
 * apart and sorts last. Memory grows with the decades touched, not with the samples. add is O(1). */
#ifndef FAULTLINE_BASE_HISTOGRAM_H
#define FAULTLINE_BASE_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/int128.h"
#include "base/pack.h"

typedef Int128 HistogramSum; /* an exact sum of int64_t values */

typedef struct Histogram Histogram;

Histogram *histogram_new(void);
void histogram_free(Histogram *histogram);
void histogram_add(Histogram *histogram, int64_t value); /* value >= 0 */
void histogram_add_many(Histogram *histogram, int64_t value, uint64_t times);
void histogram_merge(Histogram *into, const Histogram *from);
bool histogram_equal(const Histogram *a, const Histogram *b);

uint64_t histogram_count(const Histogram *histogram); /* finite and never */
uint64_t histogram_never(const Histogram *histogram);
int64_t histogram_min(const Histogram *histogram); /* of the finite ones; 0 when none */
int64_t histogram_max(const Histogram *histogram);
/* Mean of the finite ones, 0 when none; exact sum divided once. */
double histogram_mean(const Histogram *histogram);
HistogramSum histogram_sum(const Histogram *histogram);
/* Upper edge of the bucket that holds the ceil(q*count)-th smallest (q in parts per billion; q = 0 asks for the first);
 * INT64_MAX if that is a never; 0 when the histogram is empty. O(buckets touched). */
int64_t histogram_quantile(const Histogram *histogram, int64_t q_ppb);

/* Visit the filled buckets in ascending order; both edges belong to the bucket. Nevers are not visited. */
typedef void (*HistogramVisit)(int64_t lower, int64_t upper, uint64_t count, void *user);
void histogram_each(const Histogram *histogram, HistogramVisit visit, void *user);

/* All of it as bytes and back, exactly; a few bytes a filled bucket. Reading adds to `into`, and is false (then `into`
 * is of no use) when the bytes are no histogram's. */
void histogram_pack(const Histogram *histogram, GByteArray *out);
bool histogram_unpack(Histogram *into, Unpack *from);

#endif
