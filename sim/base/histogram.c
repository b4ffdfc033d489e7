/* histogram.c - counts in buckets that grow with the value: 1024 to an octave. */
#include "base/histogram.h"

#include <glib.h>
#include <string.h>

#include "base/bug.h"

/* Octave 0 holds 0 to 1023, octave o > 0 holds 2^(o+9) to 2^(o+10) - 1; int64_t needs 54 of them. */
enum { BUCKET_BITS = 10, BUCKETS = 1 << BUCKET_BITS, OCTAVES = 54 };

struct Histogram {
    uint64_t *octaves[OCTAVES]; /* BUCKETS counts each, NULL while nothing fell there */
    uint64_t finite, never;
    int64_t min, max;
    HistogramSum sum;
};

Histogram *histogram_new(void) {
    Histogram *histogram = g_new0(Histogram, 1);
    histogram->min = INT64_MAX;
    histogram->max = -1;
    return histogram;
}

void histogram_free(Histogram *histogram) {
    if (histogram == NULL)
        return;
    for (int octave = 0; octave < OCTAVES; octave++)
        g_free(histogram->octaves[octave]);
    g_free(histogram);
}

static int octave_of(int64_t value) { return 54 - __builtin_clzll((uint64_t)value | (BUCKETS - 1)); }

/* How many values share a bucket in this octave, as a power of two. */
static int width_bits(int octave) { return octave > 0 ? octave - 1 : 0; }

static int64_t lower_edge(int octave, int bucket) {
    return (int64_t)(bucket + (octave > 0 ? BUCKETS : 0)) << width_bits(octave);
}

static int64_t upper_edge(int octave, int bucket) {
    return lower_edge(octave, bucket) + ((INT64_C(1) << width_bits(octave)) - 1);
}

static uint64_t *octave_counts(Histogram *histogram, int octave) {
    if (histogram->octaves[octave] == NULL)
        histogram->octaves[octave] = g_new0(uint64_t, BUCKETS);
    return histogram->octaves[octave];
}

void histogram_add_many(Histogram *histogram, int64_t value, uint64_t times) {
    BUG_IF(value < 0, "a negative duration or count");
    if (times == 0)
        return;
    if (value == INT64_MAX) {
        histogram->never += times;
        return;
    }
    int octave = octave_of(value);
    octave_counts(histogram, octave)[(value >> width_bits(octave)) & (BUCKETS - 1)] += times;
    histogram->finite += times;
    histogram->sum += (HistogramSum)value * times;
    histogram->min = value < histogram->min ? value : histogram->min;
    histogram->max = value > histogram->max ? value : histogram->max;
}

void histogram_add(Histogram *histogram, int64_t value) { histogram_add_many(histogram, value, 1); }

void histogram_merge(Histogram *into, const Histogram *from) {
    for (int octave = 0; octave < OCTAVES; octave++) {
        if (from->octaves[octave] == NULL)
            continue;
        uint64_t *counts = octave_counts(into, octave);
        for (int bucket = 0; bucket < BUCKETS; bucket++)
            counts[bucket] += from->octaves[octave][bucket];
    }
    into->finite += from->finite;
    into->never += from->never;
    into->sum += from->sum;
    into->min = from->min < into->min ? from->min : into->min;
    into->max = from->max > into->max ? from->max : into->max;
}

/* Octaves exist only once something fell into them, so equal contents have equal octaves. */
bool histogram_equal(const Histogram *a, const Histogram *b) {
    if (a->finite != b->finite || a->never != b->never || a->sum != b->sum || a->min != b->min || a->max != b->max)
        return false;
    for (int octave = 0; octave < OCTAVES; octave++) {
        const uint64_t *x = a->octaves[octave], *y = b->octaves[octave];
        if ((x == NULL) != (y == NULL) || (x != NULL && memcmp(x, y, BUCKETS * sizeof *x) != 0))
            return false;
    }
    return true;
}

uint64_t histogram_count(const Histogram *histogram) { return histogram->finite + histogram->never; }

uint64_t histogram_never(const Histogram *histogram) { return histogram->never; }

int64_t histogram_min(const Histogram *histogram) { return histogram->finite > 0 ? histogram->min : 0; }

int64_t histogram_max(const Histogram *histogram) { return histogram->finite > 0 ? histogram->max : 0; }

HistogramSum histogram_sum(const Histogram *histogram) { return histogram->sum; }

double histogram_mean(const Histogram *histogram) {
    return histogram->finite > 0 ? (double)histogram->sum / (double)histogram->finite : 0;
}

/* The upper edge of the bucket that holds the rank-th smallest finite value (rank from 1 to finite). */
static int64_t ranked(const Histogram *histogram, uint64_t rank) {
    for (int octave = 0; octave < OCTAVES; octave++) {
        const uint64_t *counts = histogram->octaves[octave];
        for (int bucket = 0; counts != NULL && bucket < BUCKETS; bucket++) {
            if (counts[bucket] >= rank)
                return MIN(upper_edge(octave, bucket), histogram->max);
            rank -= counts[bucket];
        }
    }
    BUG_IF(true, "a histogram's buckets hold less than its count");
}

int64_t histogram_quantile(const Histogram *histogram, int64_t q_ppb) {
    BUG_IF(q_ppb < 0 || q_ppb > 1000000000, "a quantile outside 0 to 1");
    uint64_t count = histogram_count(histogram);
    if (count == 0)
        return 0;
    uint64_t rank = (uint64_t)(((HistogramSum)count * q_ppb + 999999999) / 1000000000);
    rank = rank > 0 ? rank : 1;
    return rank > histogram->finite ? INT64_MAX : ranked(histogram, rank);
}

void histogram_each(const Histogram *histogram, HistogramVisit visit, void *user) {
    for (int octave = 0; octave < OCTAVES; octave++) {
        const uint64_t *counts = histogram->octaves[octave];
        for (int bucket = 0; counts != NULL && bucket < BUCKETS; bucket++) {
            if (counts[bucket] > 0)
                visit(lower_edge(octave, bucket), upper_edge(octave, bucket), counts[bucket], user);
        }
    }
}

/* ---- As bytes ---------------------------------------------------------------------------- */

/* Filled buckets as (buckets since the last one, count), ended by a step of 0. */
void histogram_pack(const Histogram *histogram, GByteArray *out) {
    pack_uint(out, histogram->never);
    pack_uint(out, (uint64_t)histogram->sum);
    pack_uint(out, (uint64_t)(histogram->sum >> 64));
    pack_int(out, histogram->min);
    pack_int(out, histogram->max);
    int last = -1;
    for (int octave = 0; octave < OCTAVES; octave++) {
        const uint64_t *counts = histogram->octaves[octave];
        for (int bucket = 0; counts != NULL && bucket < BUCKETS; bucket++) {
            if (counts[bucket] == 0)
                continue;
            pack_uint(out, (uint64_t)(octave * BUCKETS + bucket - last));
            pack_uint(out, counts[bucket]);
            last = octave * BUCKETS + bucket;
        }
    }
    pack_uint(out, 0);
}

bool histogram_unpack(Histogram *into, Unpack *from) {
    into->never += unpack_uint(from);
    HistogramSum low = (HistogramSum)unpack_uint(from);
    into->sum += low | (HistogramSum)unpack_uint(from) << 64;
    int64_t min = unpack_int(from), max = unpack_int(from);
    into->min = MIN(into->min, min);
    into->max = MAX(into->max, max);
    int64_t at = -1;
    for (uint64_t step = unpack_uint(from); step != 0; step = unpack_uint(from)) {
        uint64_t count = unpack_uint(from);
        if (count == 0 || step > OCTAVES * BUCKETS || at + (int64_t)step >= OCTAVES * BUCKETS)
            return false;
        at += (int64_t)step;
        octave_counts(into, (int)(at / BUCKETS))[at % BUCKETS] += count;
        into->finite += count;
    }
    return !from->failed;
}
