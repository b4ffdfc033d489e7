/* judge.h - is an exact value inside the interval of a sample? How every row of tests/theory is decided.
 *
 * The interval is Student's, from independent replications; its level is 99.9 % for all rows of a file together
 * (Bonferroni), and its half-width must be under 1 % of the exact value: a test that cannot see an error of 1 % proves
 * nothing. Each row is printed. */
#ifndef FAULTLINE_TESTS_THEORY_JUDGE_H
#define FAULTLINE_TESTS_THEORY_JUDGE_H

#include <stdint.h>

enum { JUDGE_SEEDS = 3, JUDGE_LEAST = 30 }; /* seeds 1, 2, 3, as many as a row has; replications a row */
/* How many of the seeds to run: all with `-m slow`, else the first. The level is that of all of them. */
uint64_t judge_seeds(void);

typedef struct {
    double sum, squares; /* of x - shift */
    double shift;        /* the first value: keeps the squares small */
    uint32_t count;
} Moments;

void moments_add(Moments *moments, double x);

/* `rows`: how many the whole file judges, seeds counted, or more. */
void judge_row(const char *system, const char *row, uint64_t seed, const Moments *moments, double exact, uint32_t rows);
/* A standard deviation, from the squares of what is left when the exact mean is taken away: the interval of their mean,
 * by its square root. */
void judge_deviation(const char *system, const char *row, uint64_t seed, const Moments *squares, double exact,
                     uint32_t rows);
/* Extremes of `count` samples of a law that is uniform on [low, high]: none outside, and both ends nearly reached. A
 * miss of `gap` has chance (1 - gap / (high - low))^count. */
void judge_range(const char *system, uint64_t seed, double least, double most, double low, double high, uint64_t count,
                 uint32_t rows);

#endif
