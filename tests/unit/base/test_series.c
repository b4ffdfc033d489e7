/* test_series.c - sums land in their buckets and merge exactly. */
#include <glib.h>

#include "base/luck.h"
#include "base/series.h"

static void test_add(void) {
    Series *series = series_new(SIMTIME_NS(10));
    series_add(series, SIMTIME_NS(0), 1);
    series_add(series, SIMTIME_NS(9), 2);
    series_add(series, SIMTIME_NS(10), 4);
    series_add(series, SIMTIME_NS(35), -8);
    g_assert_cmpuint(series_count(series), ==, 4);
    g_assert_cmpint(series_at(series, 0), ==, 3);
    g_assert_cmpint(series_at(series, 1), ==, 4);
    g_assert_cmpint(series_at(series, 2), ==, 0);
    g_assert_cmpint(series_at(series, 3), ==, -8);
    g_assert_cmpint(series_at(series, 4), ==, 0);
    g_assert_cmpint(series_width(series).ns, ==, 10);
    series_free(series);
}

static void test_level(void) {
    Series *series = series_new(SIMTIME_NS(10));
    series_add_level(series, SIMTIME_NS(5), SIMTIME_NS(27), 3);
    series_add_level(series, SIMTIME_NS(27), SIMTIME_NS(27), 100);
    series_add_level(series, SIMTIME_NS(20), SIMTIME_NS(30), 1);
    g_assert_cmpint(series_at(series, 0), ==, 15);
    g_assert_cmpint(series_at(series, 1), ==, 30);
    g_assert_cmpint(series_at(series, 2), ==, 21 + 10);
    g_assert_cmpuint(series_count(series), ==, 3);
    series_free(series);
}

static Series *filled(uint64_t from, uint64_t to) {
    Stream stream = luck_stream((Luck){1, 0}, "series", "merge");
    Series *series = series_new(SIMTIME_NS(100));
    for (uint64_t i = from; i < to; i++) {
        Draw draw = stream_draw(&stream, i);
        SimTime at = SIMTIME_NS((int64_t)draw_below(&draw, 5000));
        series_add(series, at, (int64_t)draw_below(&draw, 1000) - 500);
        series_add_level(series, at, simtime_add(at, SIMTIME_NS((int64_t)draw_below(&draw, 700))), 2);
    }
    return series;
}

static void test_merge(void) {
    Series *whole = filled(0, 1000), *forwards = series_new(SIMTIME_NS(100)), *backwards = series_new(SIMTIME_NS(100));
    for (uint64_t part = 0; part < 10; part++) {
        Series *a = filled(part * 100, part * 100 + 100), *b = filled(900 - part * 100, 1000 - part * 100);
        series_merge(forwards, a);
        series_merge(backwards, b);
        series_free(a);
        series_free(b);
    }
    g_assert_true(series_equal(whole, forwards));
    g_assert_true(series_equal(whole, backwards));
    series_add(forwards, SIMTIME_ZERO, 1);
    g_assert_false(series_equal(whole, forwards));
    series_free(whole);
    series_free(forwards);
    series_free(backwards);
}

static void beyond(void) { series_add(series_new(SIMTIME_NS(1)), SIMTIME_NEVER, 1); }

static void other_width(void) { series_merge(series_new(SIMTIME_NS(1)), series_new(SIMTIME_NS(2))); }

static void test_misuse(void) {
    g_test_trap_subprocess("/base/series/subprocess/beyond", 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*outside the series*");
    g_test_trap_subprocess("/base/series/subprocess/other-width", 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*different widths*");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/series/add", test_add);
    g_test_add_func("/base/series/level", test_level);
    g_test_add_func("/base/series/merge", test_merge);
    g_test_add_func("/base/series/misuse", test_misuse);
    g_test_add_func("/base/series/subprocess/beyond", beyond);
    g_test_add_func("/base/series/subprocess/other-width", other_width);
    return g_test_run();
}
