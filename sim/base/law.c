/* law.c - samples and means of the laws; only arithmetic that has the same bits everywhere. */
#include "base/law.h"

#include <math.h>

#include "base/bug.h"
#include "base/int128.h"
#include "base/luck_inline.h"
#include "base/xmath.h"

enum { BILLION = 1000000000 };

/* A length in ns as an instant: rounded to nearest, never when it passes the largest. */
static SimTime time_of(double ns) {
    if (!(ns < 0x1p63))
        return SIMTIME_NEVER;
    return SIMTIME_NS((int64_t)(ns + 0.5));
}

static SimTime times(SimTime unit, double factor) {
    return simtime_is_never(unit) ? SIMTIME_NEVER : time_of((double)unit.ns * factor);
}

static SimTime sample_exponential(SimTime mean, Draw *draw) { return times(mean, draw_exponential_inline(draw)); }

static SimTime sample_uniform(const Law *law, Draw *draw) {
    uint64_t span = (uint64_t)(law->b.ns - law->a.ns);
    return SIMTIME_NS(law->a.ns + (int64_t)draw_below(draw, span + 1));
}

static SimTime sample_erlang(const Law *law, Draw *draw) {
    double sum = 0;
    for (uint32_t i = 0; i < law->stages; i++)
        sum += draw_exponential_inline(draw);
    return times(law->a, sum / law->stages);
}

SimTime law_sample(const Law *law, Draw *draw) {
    switch (law->kind) {
    case LAW_CONSTANT: return law->a;
    case LAW_EXPONENTIAL: return sample_exponential(law->a, draw);
    case LAW_UNIFORM: return sample_uniform(law, draw);
    case LAW_LOGNORMAL: return times(law->a, xmath_exp(law->sigma * draw_normal(draw)));
    case LAW_ERLANG: return sample_erlang(law, draw);
    case LAW_HYPEREXPONENTIAL: return sample_exponential(draw_chance(draw, law->p) ? law->a : law->b, draw);
    case LAW_DISCRETE: return draw_chance(draw, law->p) ? law->a : law->b;
    }
    BUG_IF(true, "a law of no known kind");
}

/* p a + (1 - p) b, to nearest. */
static SimTime mixed(SimTime a, SimTime b, int64_t p) {
    if ((p > 0 && simtime_is_never(a)) || (p < BILLION && simtime_is_never(b)))
        return SIMTIME_NEVER;
    Int128 sum = (Int128)a.ns * p + (Int128)b.ns * (BILLION - p);
    return SIMTIME_NS((int64_t)((sum + BILLION / 2) / BILLION));
}

SimTime law_mean(const Law *law) {
    switch (law->kind) {
    case LAW_CONSTANT:
    case LAW_EXPONENTIAL:
    case LAW_ERLANG: return law->a;
    case LAW_UNIFORM: return mixed(law->a, law->b, BILLION / 2);
    case LAW_LOGNORMAL: return times(law->a, xmath_exp(0.5 * law->sigma * law->sigma));
    case LAW_HYPEREXPONENTIAL:
    case LAW_DISCRETE: return mixed(law->a, law->b, law->p);
    }
    BUG_IF(true, "a law of no known kind");
}

static SimTime scaled(SimTime t, int64_t factor_ppb) {
    if (simtime_is_never(t))
        return t;
    Int128 product = ((Int128)t.ns * factor_ppb + BILLION / 2) / BILLION;
    return product < INT64_MAX ? SIMTIME_NS((int64_t)product) : SIMTIME_NEVER;
}

Law law_scaled(const Law *law, int64_t factor_ppb) {
    BUG_IF(factor_ppb < 0, "time cannot run backwards");
    Law copy = *law;
    copy.a = scaled(law->a, factor_ppb);
    copy.b = scaled(law->b, factor_ppb);
    return copy;
}
