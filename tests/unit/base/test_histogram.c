/* test_histogram.c - quantiles within a bucket of the truth, exact sums, and merging in any order. */
#include <glib.h>
#include <stdlib.h>

#include "base/histogram.h"
#include "base/luck.h"

static int compare_values(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void test_empty(void) {
    Histogram *h = histogram_new();
    g_assert_cmpuint(histogram_count(h), ==, 0);
    g_assert_cmpint(histogram_quantile(h, 990000000), ==, 0);
    g_assert_cmpint(histogram_min(h), ==, 0);
    g_assert_cmpint(histogram_max(h), ==, 0);
    g_assert_cmpfloat(histogram_mean(h), ==, 0);
    histogram_add_many(h, 5, 0);
    Histogram *other = histogram_new();
    g_assert_true(histogram_equal(h, other));
    histogram_free(h);
    histogram_free(other);
}

/* Small values are exact: every one has a bucket of its own below 2048. */
static void test_small_values(void) {
    Histogram *h = histogram_new();
    for (int64_t value = 0; value < 2048; value++)
        histogram_add(h, value);
    for (int64_t value = 0; value < 2048; value++)
        g_assert_cmpint(histogram_quantile(h, (value + 1) * 1000000000 / 2048), ==, value);
    histogram_free(h);
}

static void test_nevers(void) {
    Histogram *h = histogram_new();
    histogram_add_many(h, 10, 98);
    histogram_add_many(h, INT64_MAX, 2);
    g_assert_cmpuint(histogram_count(h), ==, 100);
    g_assert_cmpuint(histogram_never(h), ==, 2);
    g_assert_cmpint(histogram_quantile(h, 980000000), ==, 10);
    g_assert_cmpint(histogram_quantile(h, 980000001), ==, INT64_MAX);
    g_assert_cmpint(histogram_quantile(h, 1000000000), ==, INT64_MAX);
    g_assert_cmpint(histogram_max(h), ==, 10);
    g_assert_cmpfloat(histogram_mean(h), ==, 10);
    histogram_free(h);
}

/* The largest finite values, whose bucket ends at the end of the range. */
static void test_edges(void) {
    static const int64_t values[] = {0, 1, 1023, 1024, 2047, 2048, 2049, INT64_C(1) << 62, INT64_MAX - 1};
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        Histogram *h = histogram_new();
        histogram_add_many(h, values[i], 3);
        g_assert_cmpint(histogram_quantile(h, 0), ==, values[i]); /* never above the exact maximum */
        g_assert_cmpint(histogram_quantile(h, 1000000000), ==, values[i]);
        g_assert_true(histogram_sum(h) == (HistogramSum)values[i] * 3);
        histogram_free(h);
    }
}

/* Against sorted samples over nine decades: never too low, at most 2^-10 too high. */
static void test_quantiles(void) {
    enum { COUNT = 20000 };
    Stream stream = luck_stream((Luck){1, 0}, "histogram", "quantiles");
    int64_t *values = g_new(int64_t, COUNT);
    Histogram *h = histogram_new();
    HistogramSum sum = 0;
    for (uint64_t i = 0; i < COUNT; i++) {
        Draw draw = stream_draw(&stream, i);
        values[i] = (int64_t)(draw_bits(&draw) >> (2 + draw_below(&draw, 60)));
        sum += values[i];
        histogram_add(h, values[i]);
    }
    qsort(values, COUNT, sizeof *values, compare_values);
    g_assert_true(histogram_sum(h) == sum);
    g_assert_cmpint(histogram_min(h), ==, values[0]);
    g_assert_cmpint(histogram_max(h), ==, values[COUNT - 1]);
    for (int64_t rank = 1; rank <= COUNT; rank++) {
        int64_t quantile = histogram_quantile(h, rank * (1000000000 / COUNT)), truth = values[rank - 1];
        g_assert_cmpint(quantile, >=, truth);
        g_assert_cmpint(quantile - truth, <=, truth / 1024);
    }
    histogram_free(h);
    g_free(values);
}

static Histogram *filled(uint64_t from, uint64_t to) {
    Stream stream = luck_stream((Luck){1, 0}, "histogram", "merge");
    Histogram *h = histogram_new();
    for (uint64_t i = from; i < to; i++) {
        Draw draw = stream_draw(&stream, i);
        bool is_never = draw_chance(&draw, 10000000);
        histogram_add(h, is_never ? INT64_MAX : (int64_t)(draw_exponential(&draw) * 1e9));
    }
    return h;
}

/* One whole, or parts merged forwards or backwards: the same. */
static void test_merge(void) {
    Histogram *whole = filled(0, 1000), *forwards = histogram_new(), *backwards = histogram_new();
    for (uint64_t part = 0; part < 10; part++) {
        Histogram *a = filled(part * 100, part * 100 + 100), *b = filled(900 - part * 100, 1000 - part * 100);
        histogram_merge(forwards, a);
        histogram_merge(backwards, b);
        histogram_free(a);
        histogram_free(b);
    }
    g_assert_true(histogram_equal(whole, forwards));
    g_assert_true(histogram_equal(whole, backwards));
    histogram_add(forwards, 3);
    g_assert_false(histogram_equal(whole, forwards));
    histogram_free(whole);
    histogram_free(forwards);
    histogram_free(backwards);
}

typedef struct {
    int64_t last;
    uint64_t count;
} Visited;

static void visit(int64_t lower, int64_t upper, uint64_t count, void *user) {
    Visited *visited = user;
    g_assert_cmpint(lower, >, visited->last);
    g_assert_cmpint(upper, >=, lower);
    g_assert_cmpint(upper - lower, <=, lower / 1024);
    visited->last = upper;
    visited->count += count;
}

static void test_each(void) {
    Histogram *h = filled(0, 3000);
    Visited visited = {-1, 0};
    histogram_each(h, visit, &visited);
    g_assert_cmpuint(visited.count + histogram_never(h), ==, 3000);
    histogram_free(h);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/histogram/empty", test_empty);
    g_test_add_func("/base/histogram/small-values", test_small_values);
    g_test_add_func("/base/histogram/nevers", test_nevers);
    g_test_add_func("/base/histogram/edges", test_edges);
    g_test_add_func("/base/histogram/quantiles", test_quantiles);
    g_test_add_func("/base/histogram/merge", test_merge);
    g_test_add_func("/base/histogram/each", test_each);
    return g_test_run();
}
