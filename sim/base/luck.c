/* luck.c - named streams: names to keys by Threefry as a hash, counters to bits by Threefry as a generator. */
#include "base/luck.h"

#include <string.h>

#include "base/bug.h"
#include "base/int128.h"
#include "base/luck_inline.h"
#include "base/xmath.h"

/* The generator's 13 rounds are made for speed; names are hashed once and can have the full 20. */
enum { HASH_ROUNDS = 20 };

/* One step of Davies and Meyer: the chaining value is the key, the words are the message. */
static void absorb(uint64_t key[2], uint64_t w0, uint64_t w1) {
    threefry2x64_key_t chain = {{key[0], key[1]}};
    threefry2x64_ctr_t words = {{w0, w1}};
    threefry2x64_ctr_t mixed = threefry2x64_R(HASH_ROUNDS, words, chain);
    key[0] = mixed.v[0] ^ w0;
    key[1] = mixed.v[1] ^ w1;
}

/* Up to eight bytes as a little-endian word, whatever the machine's order. */
static uint64_t word_of(const char *bytes, size_t count) {
    uint64_t word = 0;
    for (size_t i = 0; i < count && i < 8; i++)
        word |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
    return word;
}

/* The length goes first, so that ("ab", "c") and ("a", "bc") differ. */
static void absorb_text(uint64_t key[2], const char *text) {
    size_t length = strlen(text);
    absorb(key, length, 0x6e616d65);
    for (size_t i = 0; i < length; i += 16)
        absorb(key, word_of(text + i, length - i), length - i > 8 ? word_of(text + i + 8, length - i - 8) : 0);
}

Stream luck_stream(Luck luck, const char *owner, const char *purpose) {
    Stream stream = {{0, 0}};
    absorb(stream.key, luck.seed, luck.replication);
    absorb_text(stream.key, owner);
    absorb_text(stream.key, purpose);
    return stream;
}

uint64_t draw_bits(Draw *draw) { return draw_bits_inline(draw); }

double draw_unit(Draw *draw) { return (double)(draw_bits_inline(draw) >> 11) * 0x1p-53; }

/* Lemire, "Fast Random Integer Generation in an Interval", 2019: the high half of bits * bound, with those few products
 * thrown away that would make some results more likely than others. */
uint64_t draw_below(Draw *draw, uint64_t bound) {
    BUG_IF(bound == 0, "a draw below zero");
    Uint128 product = (Uint128)draw_bits_inline(draw) * bound;
    if ((uint64_t)product < bound) {
        uint64_t surplus = -bound % bound;
        while ((uint64_t)product < surplus)
            product = (Uint128)draw_bits_inline(draw) * bound;
    }
    return (uint64_t)(product >> 64);
}

/* A certain outcome takes its step too, so that changing a chance moves none of the later draws. */
_Bool draw_chance(Draw *draw, int64_t parts_per_billion) {
    return (int64_t)draw_below(draw, 1000000000) < parts_per_billion;
}

/* Is a point with this x, at a random height within the layer, below the curve whose value at x is `curve`? */
static _Bool is_below(Draw *draw, const Ziggurat *table, unsigned layer, double curve) {
    double low = table->height[layer], high = table->height[layer + 1];
    return low + draw_unit(draw) * (high - low) < curve;
}

/* The rare rest (1.1 % of the draws): wedges, and the tail, which looks like the whole from its edge on. */
double draw_exponential_rest(Draw *draw, uint64_t bits) {
    const Ziggurat *table = &ziggurat_exponential;
    double base = 0;
    for (;;) {
        unsigned layer = ziggurat_layer(bits);
        double x = (double)ziggurat_position(bits) * table->step[layer];
        if (ziggurat_position(bits) < table->inside[layer])
            return base + x;
        if (layer == 0)
            base += ZIGGURAT_EXPONENTIAL_EDGE;
        else if (is_below(draw, table, layer, xmath_exp(-x)))
            return base + x;
        bits = draw_bits_inline(draw);
    }
}

double draw_exponential(Draw *draw) { return draw_exponential_inline(draw); }

/* Without a branch: half of them would be guessed wrong. */
static inline double sign_of(uint64_t bits) { return 1 - (double)(int)(bits >> 7 & 2); }

/* Beyond the edge r: r + x with x exponential of rate r, kept with chance exp(-x^2/2) (Marsaglia 1964). */
static double normal_tail(Draw *draw) {
    for (;;) {
        double x = draw_exponential(draw) / ZIGGURAT_NORMAL_EDGE;
        if (2 * draw_exponential(draw) > x * x)
            return ZIGGURAT_NORMAL_EDGE + x;
    }
}

static double normal_rest(Draw *draw, uint64_t bits) {
    const Ziggurat *table = &ziggurat_normal;
    for (;;) {
        unsigned layer = ziggurat_layer(bits);
        double x = (double)ziggurat_position(bits) * table->step[layer], sign = sign_of(bits);
        if (ziggurat_position(bits) < table->inside[layer])
            return sign * x;
        if (layer == 0)
            return sign * normal_tail(draw);
        if (is_below(draw, table, layer, xmath_exp(-0.5 * x * x)))
            return sign * x;
        bits = draw_bits_inline(draw);
    }
}

double draw_normal(Draw *draw) {
    uint64_t bits = draw_bits_inline(draw);
    unsigned layer = ziggurat_layer(bits);
    double x = (double)ziggurat_position(bits) * ziggurat_normal.step[layer];
    if (__builtin_expect(ziggurat_position(bits) < ziggurat_normal.inside[layer], 1))
        return sign_of(bits) * x;
    return normal_rest(draw, bits);
}
