/* xmath.c - logarithm, exponential and sine from textbook series, with the rounding errors carried along. */
#include "base/xmath.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/bug.h"

_Static_assert(FLT_EVAL_METHOD == 0, "extended precision would change results: compile with SSE2 arithmetic");
_Static_assert(DBL_MANT_DIG == 53, "IEEE 754 doubles are required");

/* ln 2 in two parts; the first has 21 trailing zero bits, so that it times an exponent is exact. */
static const double LN2_HIGH = 0x1.62e42fefa38p-1, LN2_LOW = 0x1.ef35793c7673p-45;
static const double ONE_OVER_LN2 = 0x1.71547652b82fep+0;

/* a value and the error that its rounding left behind: together twice the precision */
typedef struct {
    double high, low;
} Pair;

/* a + b exactly, for |a| >= |b| (Dekker 1971). */
static inline Pair add_exactly(double a, double b) {
    double sum = a + b;
    return (Pair){sum, b - (sum - a)};
}

/* a * b exactly, by halves of 26 bits (Veltkamp and Dekker 1971). */
static Pair multiply_exactly(double a, double b) {
    const double splitter = 0x1p27 + 1;
    double a_scaled = splitter * a, a_high = a_scaled - (a_scaled - a), a_low = a - a_high;
    double b_scaled = splitter * b, b_high = b_scaled - (b_scaled - b), b_low = b - b_high;
    double product = a * b;
    double error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    return (Pair){product, error};
}

static uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double of_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* x = m * 2^k with m in [sqrt(1/2), sqrt(2)). */
static double split_exponent(double x, int *k) {
    int exponent = 0;
    if (x < DBL_MIN) { /* subnormal: its leading bit is not where the others have it */
        x *= 0x1p54;
        exponent = -54;
    }
    uint64_t bits = bits_of(x);
    exponent += (int)(bits >> 52) - 1023;
    double m = of_bits((bits & (UINT64_MAX >> 12)) | (UINT64_C(1023) << 52));
    if (m >= 0x1.6a09e667f3bcdp+0) {
        m *= 0.5;
        exponent++;
    }
    *k = exponent;
    return m;
}

/* ln m = 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...) with s = (m - 1)/(m + 1), |s| < 0.1716: eleven terms reach 2^-60.
 * s is kept as a pair; the terms from s^3 on are below 1 % of it and need no more than a double. */
double xmath_log(double x) {
    BUG_IF(!(x > 0 && x <= DBL_MAX), "logarithm of what is not positive and finite");
    int k;
    double m = split_exponent(x, &k);
    double above = m - 1; /* exact */
    Pair sum = add_exactly(2, above);
    double s = above / sum.high;
    Pair back = multiply_exactly(s, sum.high);
    double s_low = (((above - back.high) - back.low) - s * sum.low) / sum.high;
    double z = s * s;
    double tail = 2.0 / 23;
    for (int n = 21; n >= 3; n -= 2)
        tail = tail * z + 2.0 / n;
    Pair head = add_exactly(k * LN2_HIGH, 2 * s);
    if (k == 0)
        head = (Pair){2 * s, 0};
    return head.high + (head.low + (2 * s_low + (s * z * tail + k * LN2_LOW)));
}

/* (e^r - 1 - r) / r^2 = 1/2 + r/6 + r^2/24 + ... for |r| <= ln(2)/2 up to r^13/15!, in pairs so that the processor can
 * work on several at once. */
static double exp_tail(double r) {
    double r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    double p0 = 1.0 / 2 + r * (1.0 / 6), p1 = 1.0 / 24 + r * (1.0 / 120);
    double p2 = 1.0 / 720 + r * (1.0 / 5040), p3 = 1.0 / 40320 + r * (1.0 / 362880);
    double p4 = 1.0 / 3628800 + r * (1.0 / 39916800), p5 = 1.0 / 479001600 + r * (1.0 / 6227020800.0);
    return (p0 + r2 * p1) + r4 * (p2 + r2 * p3) + r8 * (p4 + r2 * p5);
}

/* y * 2^k in two steps, so that a subnormal result is reached without passing infinity or zero on the way. */
static double scale(double y, int k) {
    int half = k / 2;
    return y * of_bits((uint64_t)(1023 + half) << 52) * of_bits((uint64_t)(1023 + k - half) << 52);
}

/* e^x = 2^k e^r with k the integer nearest to x/ln 2; 1 + r is summed exactly before the tail is added. */
double xmath_exp(double x) {
    BUG_IF(x != x, "exponential of a NaN");
    if (x > 709.79)
        return HUGE_VAL;
    if (x < -745.14)
        return 0;
    int k = (int)(x * ONE_OVER_LN2 + (x < 0 ? -0.5 : 0.5));
    double r_high = x - k * LN2_HIGH, r_low = k * LN2_LOW;
    double r = r_high - r_low;
    r_low = (r_high - r) - r_low;
    Pair head = add_exactly(1, r);
    return scale(head.high + (head.low + (r * r * exp_tail(r) + r_low * (1 + r))), k);
}

/* Folded to a quarter turn either way, exactly; then y - y^3/3! + ... up to y^21, of which the rest is below 2^-58. */
double xmath_sine_of_turn(double x) {
    BUG_IF(!(x >= 0 && x < 1), "no part of a turn");
    double folded = x < 0.25 ? x : x < 0.75 ? 0.5 - x : x - 1;
    double y = folded * 0x1.921fb54442d18p+2, square = y * y, sum = 1;
    for (int n = 20; n >= 2; n -= 2)
        sum = 1 - square / (double)(n * (n + 1)) * sum;
    return y * sum;
}
