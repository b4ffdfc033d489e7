/* series.c - sums of whole numbers in buckets of time. */
#include "base/series.h"

#include <glib.h>
#include <string.h>

#include "base/bug.h"

struct Series {
    int64_t width;
    GArray *sums; /* of int64_t */
};

Series *series_new(SimTime width) {
    BUG_IF(width.ns <= 0, "buckets without width");
    Series *series = g_new(Series, 1);
    series->width = width.ns;
    series->sums = g_array_new(FALSE, TRUE, sizeof(int64_t));
    return series;
}

void series_free(Series *series) {
    if (series == NULL)
        return;
    g_array_free(series->sums, TRUE);
    g_free(series);
}

static void add_to_bucket(Series *series, int64_t bucket, int64_t amount) {
    BUG_IF(bucket < 0 || bucket >= SERIES_MOST, "an instant outside the series");
    if (bucket >= series->sums->len)
        g_array_set_size(series->sums, (guint)bucket + 1);
    int64_t *sum = &g_array_index(series->sums, int64_t, bucket);
    BUG_IF(__builtin_add_overflow(*sum, amount, sum), "a bucket overflows");
}

void series_add(Series *series, SimTime at, int64_t amount) {
    BUG_IF(at.ns < 0, "an instant before the beginning");
    add_to_bucket(series, at.ns / series->width, amount);
}

void series_add_level(Series *series, SimTime from, SimTime to, int64_t level) {
    BUG_IF(from.ns < 0, "an instant before the beginning");
    while (simtime_before(from, to)) {
        int64_t bucket = from.ns / series->width, area;
        SimTime end = simtime_min(to, simtime_add(from, SIMTIME_NS(series->width - from.ns % series->width)));
        BUG_IF(__builtin_mul_overflow(end.ns - from.ns, level, &area), "a level too high for its width");
        add_to_bucket(series, bucket, area);
        from = end;
    }
}

void series_merge(Series *into, const Series *from) {
    BUG_IF(into->width != from->width, "series of different widths cannot be merged");
    for (guint i = 0; i < from->sums->len; i++)
        add_to_bucket(into, i, series_at(from, i));
}

bool series_equal(const Series *a, const Series *b) {
    return a->width == b->width && a->sums->len == b->sums->len &&
           (a->sums->len == 0 || memcmp(a->sums->data, b->sums->data, a->sums->len * sizeof(int64_t)) == 0);
}

SimTime series_width(const Series *series) { return SIMTIME_NS(series->width); }

uint32_t series_count(const Series *series) { return series->sums->len; }

int64_t series_at(const Series *series, uint32_t i) {
    return i < series->sums->len ? g_array_index(series->sums, int64_t, i) : 0;
}
