/* luck_inline.h - the two commonest draws without a call, for the few files where two nanoseconds count.
 *
 * The only header that includes Random123 (which costs 0.4 s a compilation, so luck.h does not include this one). The
 * functions give the same numbers as those of luck.h, which are made from them. */
#ifndef FAULTLINE_BASE_LUCK_INLINE_H
#define FAULTLINE_BASE_LUCK_INLINE_H

#include <Random123/threefry.h>

#include "base/luck.h"
#include "base/ziggurat.h"

/* The fewest rounds that were found to pass all of BigCrush (Salmon et al., SC 2011, table 2). */
enum { DRAW_ROUNDS = 13 };

static inline uint64_t draw_bits_inline(Draw *draw) {
    threefry2x64_key_t key = {{draw->key[0], draw->key[1]}};
    threefry2x64_ctr_t counter = {{draw->number, draw->step++}};
    return threefry2x64_R(DRAW_ROUNDS, counter, key).v[0];
}

/* Private to luck.c: what is left when the first word fell outside the layers' inner parts (1.1 % of the draws). */
double draw_exponential_rest(Draw *draw, uint64_t bits);

static inline double draw_exponential_inline(Draw *draw) {
    uint64_t bits = draw_bits_inline(draw);
    unsigned layer = ziggurat_layer(bits);
    if (__builtin_expect(ziggurat_position(bits) < ziggurat_exponential.inside[layer], 1))
        return (double)ziggurat_position(bits) * ziggurat_exponential.step[layer];
    return draw_exponential_rest(draw, bits);
}

#endif
