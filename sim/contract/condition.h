/* condition.h - how well a thing works now: what faults bend and the world folds.
 *
 * A Condition is computed, never edited: the world starts from CONDITION_HEALTHY and lets every fault that holds bend
 * it, so faults may overlap and end in any order and leave no scar. Combining is commutative. */
#ifndef FAULTLINE_CONTRACT_CONDITION_H
#define FAULTLINE_CONTRACT_CONDITION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/simtime.h"

#define WHOLE INT64_C(1000000000) /* 100 % in parts per billion */

typedef struct {
    bool up;       /* does its work at all */
    bool refuses;  /* when not up: answers with a refusal at once; otherwise it is silent (a blackhole) */
    bool control;  /* its control plane takes orders (launch, scale, register, promote, edit) */
    int64_t speed; /* work done per unit of time, parts per billion of healthy, in (0, WHOLE] */
    int64_t loss;  /* chance that one crossing or request is dropped, parts per billion */
    SimTime delay; /* added to each crossing, one way */
    int64_t flood; /* requests per 1e9 s that it gets beside the honest ones */
    bool issues;   /* hands out certificates or tokens, has its own renewed, or copies what it keeps elsewhere */
    bool trusted;  /* what it shows to prove who it is has not run out */
    bool crashed;  /* its process has ended, and ends again whenever it is started */
} Condition;

#define CONDITION_HEALTHY ((Condition){.up = true, .control = true, .speed = WHOLE, .issues = true, .trusted = true})

static inline bool condition_equal(const Condition *a, const Condition *b) {
    return a->up == b->up && a->refuses == b->refuses && a->control == b->control && a->speed == b->speed &&
           a->loss == b->loss && a->delay.ns == b->delay.ns && a->flood == b->flood && a->issues == b->issues &&
           a->trusted == b->trusted && a->crashed == b->crashed;
}

/* a of b, both at most WHOLE: rounded to nearest in whole numbers, so the same whichever comes first. */
static inline int64_t share_of_share(int64_t a, int64_t b) { return (a * b + WHOLE / 2) / WHOLE; }

/* Both hold at once: the condition of a thing inside a place is its own joined with the place's. A silent cause wins
 * over a refusing one, because nothing is left to refuse. */
static inline Condition condition_join(Condition a, Condition b) {
    Condition both = {
        .up = a.up && b.up,
        .control = a.control && b.control,
        .speed = share_of_share(a.speed, b.speed),
        .loss = a.loss + b.loss - share_of_share(a.loss, b.loss),
        .delay = simtime_add(a.delay, b.delay),
        .flood = simtime_add(SIMTIME_NS(a.flood), SIMTIME_NS(b.flood)).ns,
        .issues = a.issues && b.issues,
        .trusted = a.trusted && b.trusted,
        .crashed = a.crashed || b.crashed,
    };
    both.refuses = !both.up && (a.up || a.refuses) && (b.up || b.refuses);
    if (both.speed < 1)
        both.speed = 1;
    return both;
}

/* How long that work takes at that speed; rounded to nearest. */
static inline SimTime work_at_speed(SimTime work, int64_t speed) {
    return speed == WHOLE ? work : SIMTIME_NS((int64_t)((double)work.ns * ((double)WHOLE / (double)speed) + 0.5));
}

#endif
