/* test_metrics.c - text is measured, cut and broken without a font; numbers are written for people. */
#include <string.h>

#include "render/metrics.h"
#include "render/svg.h"
#include "render/words.h"

static void test_width(void) {
    g_assert_cmpfloat_with_epsilon(metrics_width("MM", 10, false), 17.26, 1e-9);
    g_assert_cmpfloat(metrics_width("", 10, true), ==, 0);
    g_assert_cmpfloat(metrics_width("web", 13, true), >, metrics_width("web", 13, false));
    g_assert_cmpfloat(metrics_width("\xE6\x95\xB0", 10, false), >=, 10);                         /* a Chinese letter */
    g_assert_cmpfloat(metrics_width("e\xCC\x81", 10, false), ==, metrics_width("e", 10, false)); /* e and a mark */
    g_assert_cmpfloat(metrics_width("\xFF", 10, false), >, 0);
}

static void test_fit(void) {
    const char *texts[] = {"load balancer",
                           "",
                           "\xC3\x84\xC3\x96\xC3\x9C\xC3\x84\xC3\x96\xC3\x9C",
                           "\xFF\xFE broken",
                           "a b c d e f g",
                           "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81",
                           "\xF0\x9F\x94\xA5\xF0\x9F\x94\xA5\xF0\x9F\x94\xA5"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        for (double room = 0; room < 120; room += 1.5) {
            char *cut = metrics_fit(texts[i], 12, true, room);
            g_assert_true(g_utf8_validate(cut, -1, NULL));
            g_assert_true(metrics_width(cut, 12, true) <= room || strcmp(cut, "\xE2\x80\xA6") == 0);
            g_free(cut);
        }
    char *whole = metrics_fit("load balancer", 12, true, 500), *lines = metrics_fit("a\nb\tc", 12, true, 500);
    g_assert_cmpstr(whole, ==, "load balancer");
    g_assert_cmpstr(lines, ==, "a b c");
    g_free(whole);
    g_free(lines);
}

static void test_wrap(void) {
    char **lines = metrics_wrap("one two three four five six seven", 12, false, 80, 3);
    g_assert_cmpuint(g_strv_length(lines), ==, 3);
    for (int i = 0; i < 3; i++)
        g_assert_cmpfloat(metrics_width(lines[i], 12, false), <=, 80);
    g_assert_true(g_str_has_suffix(lines[2], "\xE2\x80\xA6"));
    g_strfreev(lines);
    lines = metrics_wrap("  ", 12, false, 80, 3);
    g_assert_cmpuint(g_strv_length(lines), ==, 0);
    g_strfreev(lines);
    lines = metrics_wrap("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", 12, false, 80, 2);
    g_assert_cmpuint(g_strv_length(lines), ==, 2);
    g_strfreev(lines);
}

static void check(char *text, const char *expected) {
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

static void test_words(void) {
    check(words_rate(1234.4), "1,234/s");
    check(words_rate(12), "12/s");
    check(words_rate(0.4), "0.4/s");
    check(words_rate(0), "0/s");
    check(words_share(0.93), "93 %");
    check(words_whole(-1234567), "-1,234,567");
    check(words_whole(-123), "-123");
    check(words_value(141e9, "ns"), "2.35 min");
    check(words_value(0.5, "1"), "50 %");
    check(words_value(2510.5, "sessions"), "2,511 sessions");
    check(words_counts(&(BoxLook){.serving = 3}), "3 of 3 serving");
    check(words_counts(&(BoxLook){.serving = 1}), "serving");
    check(words_counts(&(BoxLook){.serving = 1, .booting = 2, .down = 3}), "1 serving, 2 booting, 3 down");
    check(words_counts(&(BoxLook){.down = 1}), "1 down");
    g_assert_null(words_counts(&(BoxLook){.absent = 4}));
}

static void test_numbers(void) {
    const struct {
        double x;
        const char *text;
    } cases[] = {{0, "0"},     {1, "1"},           {-1.5, "-1.5"}, {0.25, "0.25"},
                 {1.005, "1"}, {12.3456, "12.35"}, {-0.001, "0"},  {1e6, "1000000"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *text = g_string_new(NULL);
        path_number(text, cases[i].x);
        g_assert_cmpstr(text->str, ==, cases[i].text);
        g_string_free(text, TRUE);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/metrics/width", test_width);
    g_test_add_func("/render/metrics/fit", test_fit);
    g_test_add_func("/render/metrics/wrap", test_wrap);
    g_test_add_func("/render/words", test_words);
    g_test_add_func("/render/svg/numbers", test_numbers);
    return g_test_run();
}
