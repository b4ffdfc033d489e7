/* law.h - probability laws of durations as the user writes them, and their samples.
 *
 * Text forms (no commas; a bare duration is a constant):
 *   45 s | constant(45 s) | exponential(180 s) | uniform(60 s to 120 s) | lognormal(median 45 s p95 90 s)
 *   | erlang(2 of 10 s) | hyperexponential(2 s 30 % or 10 s) | discrete(1 s 20 % or 5 s)
 * (erlang: two stages whose *sum* has the mean 10 s; 30 % have the mean 2 s, the others 10 s.)
 * Samples are whole nanoseconds, never negative, rounded to nearest; one beyond the largest instant is never. */
#ifndef FAULTLINE_BASE_LAW_H
#define FAULTLINE_BASE_LAW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/luck.h"
#include "base/simtime.h"

typedef enum {
    LAW_CONSTANT,
    LAW_EXPONENTIAL,
    LAW_UNIFORM,
    LAW_LOGNORMAL,
    LAW_ERLANG,
    LAW_HYPEREXPONENTIAL,
    LAW_DISCRETE
} LawKind;

/* a, b, p mean, by kind: constant: a; exponential: mean a; uniform: a to b, both included; lognormal: median a, and
 * sigma of the logarithm in `sigma` (b: the 95th percentile that was written, 0 when none was; only for law_text);
 * erlang: `stages` stages of total mean a; hyperexponential: mean a with chance p, else mean b; discrete: a with
 * chance p, else b. */
typedef struct {
    LawKind kind;
    SimTime a, b;
    int64_t p; /* parts per billion */
    double sigma;
    uint32_t stages; /* 1 to LAW_MOST_STAGES */
} Law;

enum { LAW_MOST_STAGES = 1000 };

static inline Law law_constant(SimTime t) { return (Law){.kind = LAW_CONSTANT, .a = t}; }
static inline Law law_exponential(SimTime mean) { return (Law){.kind = LAW_EXPONENTIAL, .a = mean}; }

/* Parse text into *law. On failure returns false and sets *why to an allocated reason (g_free). sigma is
 * ln(p95/median)/1.6449, by the 95 % quantile of the standard normal. */
bool law_parse(const char *text, Law *law, char **why);
/* Allocated text in the form above, the same for equal laws (g_free). */
char *law_text(const Law *law);
/* O(1), erlang O(stages). The number of steps it takes of `draw` depends only on the law and the luck. */
SimTime law_sample(const Law *law, Draw *draw);
/* The mean, rounded to nearest ns. */
SimTime law_mean(const Law *law);
/* A copy whose every sample is `factor` (parts per billion) times as long; used by slowdowns. */
Law law_scaled(const Law *law, int64_t factor_ppb);

#endif
