/* interval.h - how sure a number from N replications is: two-sided 95 % intervals (private to study/).
 *
 * Plain arithmetic and square roots only, in a fixed order, so every machine gets the same bits. */
#ifndef FAULTLINE_STUDY_INTERVAL_H
#define FAULTLINE_STUDY_INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

/* exists: false when N is too small to say anything (then low and high mean nothing). */
typedef struct {
    bool exists;
    double low, high;
} Interval;

/* The 97.5 % quantile of Student's t with `freedom` >= 1 degrees of freedom; relative error below 1e-6. Table up to 30,
 * then the expansion in Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5. */
double student_975(uint64_t freedom);

/* Mean of n values: mean +- t * deviation / sqrt(n). Needs n >= 2; exact for normal values, and close for means of
 * many. */
Interval interval_mean(const double *values, uint64_t n);
/* Sum of a over sum of b from n pairs: the delta method (Law, Simulation Modeling and Analysis, 5th ed., 9.4.3). Needs
 * n >= 2 and a positive sum of b. */
Interval interval_ratio(const double *a, const double *b, uint64_t n);
/* Share of `hits` in n trials: Wilson's score interval (Wilson 1927). Needs n >= 1. */
Interval interval_share(uint64_t hits, uint64_t n);

/* Quantile q (parts per billion, between 0 and 1) of n sorted values, without any assumption: the values of ranks low
 * and high (from 1) enclose it with at least 95 %. Rank 0 or n + 1: n is too small for that end. The exact binomial law
 * of the number of values below the quantile (David and Nagaraja, Order Statistics, 7.1). O(sqrt(n)). */
typedef struct {
    uint64_t low, high;
} Ranks;
Ranks interval_quantile(uint64_t n, int64_t q_ppb);

#endif
