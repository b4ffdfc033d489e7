/* xmath.h - logarithm, exponential and sine with the same bits on every machine.
 *
 * The C library's differ in the last bit between versions, and between processors under one binary. These use only
 * + - * / on IEEE 754 doubles in a fixed order, so under -ffp-contract=off every compiler gives the same bits. The
 * error stays below 0.55 (log) and 0.7 (exp) units in the last place, measured against long double. */
#ifndef FAULTLINE_BASE_XMATH_H
#define FAULTLINE_BASE_XMATH_H

/* Natural logarithm; x > 0 and finite, anything else is a BUG. About 20 ns. */
double xmath_log(double x);
/* e to the x; 0 below the least double, infinity above the largest; a NaN is a BUG. About 12 ns. */
double xmath_exp(double x);
/* The sine of so many whole turns: sin(2 pi x), for 0 <= x < 1 (anything else is a BUG). Within 2^-52 of the truth;
 * about 6 ns. */
double xmath_sine_of_turn(double x);

#endif
