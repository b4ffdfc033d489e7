/* test_xmath.c - our logarithm and exponential against the C library's long double ones, and some known bits. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "base/luck.h"
#include "base/xmath.h"

static void same(double x, double y) { g_assert_cmpint(memcmp(&x, &y, sizeof x), ==, 0); }

/* How far `value` is from the truth, in units of the truth's last place. */
static double error_of(double value, long double truth) {
    double place = nextafter(fabs((double)truth), INFINITY) - fabs((double)truth);
    return (double)(fabsl((long double)value - truth) / (long double)place);
}

static void test_known(void) {
    same(xmath_log(1), 0);
    same(xmath_log(2), 0x1.62e42fefa39efp-1);
    same(xmath_log(0x1p-1074), -0x1.74385446d71c3p+9);
    same(xmath_log(0x1.fffffffffffffp+1023), 0x1.62e42fefa39efp+9);
    same(xmath_exp(0), 1);
    same(xmath_exp(-0.0), 1);
    same(xmath_exp(1), 0x1.5bf0a8b145769p+1);
    same(xmath_exp(-800), 0);
    same(xmath_exp(800), HUGE_VAL);
    same(xmath_exp(-745), 0x1p-1074);
    same(xmath_exp(-INFINITY), 0);
}

static void test_sine(void) {
    same(xmath_sine_of_turn(0), 0);
    for (int i = 0; i < 80000; i++) {
        double x = i / 80000.0;
        g_assert_cmpfloat(fabs(xmath_sine_of_turn(x) - (double)sinl(2 * acosl(-1) * (long double)x)), <=, 0x1p-52);
    }
}

static void test_log_error(void) {
    Stream stream = luck_stream((Luck){1, 0}, "xmath", "log");
    double worst = 0;
    for (uint64_t i = 0; i < 300000; i++) {
        Draw draw = stream_draw(&stream, i);
        double u = draw_unit(&draw), x = u + 0x1p-60;
        if (i % 4 == 1)
            x = ldexp(1 + u, (int)draw_below(&draw, 2000) - 1000);
        if (i % 4 == 2)
            x = 1 + ldexp(u - 0.5, -(int)draw_below(&draw, 50));
        if (i % 4 == 3)
            x = u * 1e6 + 1;
        worst = fmax(worst, error_of(xmath_log(x), logl((long double)x)));
    }
    g_test_message("largest error of the logarithm: %.3f units in the last place", worst);
    g_assert_cmpfloat(worst, <, 0.55);
}

static void test_exp_error(void) {
    Stream stream = luck_stream((Luck){1, 0}, "xmath", "exp");
    double worst = 0;
    for (uint64_t i = 0; i < 300000; i++) {
        Draw draw = stream_draw(&stream, i);
        double u = draw_unit(&draw) - 0.5, x = u * 1400;
        if (i % 3 == 1)
            x = u * 16;
        if (i % 3 == 2)
            x = ldexp(u, -(int)draw_below(&draw, 50));
        worst = fmax(worst, error_of(xmath_exp(x), expl((long double)x)));
    }
    g_test_message("largest error of the exponential: %.3f units in the last place", worst);
    g_assert_cmpfloat(worst, <, 0.7);
}

/* One undoes the other as well as doubles can. */
static void test_inverse(void) {
    for (int i = -700; i <= 700; i++)
        g_assert_cmpfloat_with_epsilon(xmath_log(xmath_exp(i)), i, 1e-13 * (1 + abs(i)));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/xmath/sine", test_sine);
    g_test_add_func("/base/xmath/known", test_known);
    g_test_add_func("/base/xmath/log-error", test_log_error);
    g_test_add_func("/base/xmath/exp-error", test_exp_error);
    g_test_add_func("/base/xmath/inverse", test_inverse);
    return g_test_run();
}
