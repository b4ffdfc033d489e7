/* yard_luck.h - random numbers for the yardsticks: xoshiro256++ and an exponential ziggurat.
 *
 * xoshiro256++ 1.0: Blackman and Vigna, ACM TOMS 47(4), 2021. Ziggurat: Marsaglia
 * and Tang, J. Stat. Softw. 5(8), 2000, with 256 layers and 53-bit positions. The yardsticks need not be
 * bit-exact on every machine, so the tables are made with the C library; the program itself uses base/luck.h. */
#ifndef FAULTLINE_BENCH_YARD_LUCK_H
#define FAULTLINE_BENCH_YARD_LUCK_H

#include <math.h>
#include <stdint.h>

typedef struct {
    uint64_t s[4];
} YardLuck;

static inline uint64_t yard_rotate(uint64_t x, int by) { return x << by | x >> (64 - by); }

static inline void yard_luck_init(YardLuck *luck, uint64_t seed) {
    for (int i = 0; i < 4; i++) { /* SplitMix64 */
        uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        luck->s[i] = z ^ z >> 31;
    }
}

static inline uint64_t yard_bits(YardLuck *luck) {
    uint64_t *s = luck->s;
    uint64_t result = yard_rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = yard_rotate(s[3], 45);
    return result;
}

/* Uniform on [0, 1). */
static inline double yard_unit(uint64_t bits) { return (double)(bits >> 11) * 0x1p-53; }

/* Layer i > 0 is the rectangle [0, x_i) x [f(x_i), f(x_{i-1})); layer 0 is the bottom strip with the tail beyond x_0.
 * All have area `v`. `inside` is the largest 53-bit position surely under the curve. */
typedef struct {
    uint64_t inside[256];
    double width[256], height[256];
} YardZiggurat;

static const double yard_tail = 7.69711747013104972; /* x_0, from the paper */

static inline void yard_ziggurat_init(YardZiggurat *z) {
    const double v = 0.0039496598225815571993, scale = 0x1p53;
    double edge = yard_tail, bottom = v / exp(-edge);
    z->inside[0] = (uint64_t)(edge / bottom * scale);
    z->width[0] = bottom / scale;
    z->height[0] = exp(-edge);
    for (int i = 1; i < 256; i++) {
        double next = i < 255 ? -log(exp(-edge) + v / edge) : 0.0;
        z->width[i] = edge / scale;
        z->inside[i] = (uint64_t)(next / edge * scale);
        z->height[i] = exp(-next);
        edge = next;
    }
}

/* Body of a sampler: `first` gives its bits; in one draw of about 80 more are needed, and `more` gives them. */
#define YARD_EXPONENTIAL(z, first, more)                                            \
    do {                                                                            \
        uint64_t bits_ = (first);                                                   \
        double base_ = 0;                                                           \
        for (;;) {                                                                  \
            unsigned layer_ = bits_ & 255;                                          \
            uint64_t at_ = bits_ >> 11;                                             \
            double x_ = (double)at_ * (z)->width[layer_];                           \
            if (__builtin_expect(at_ < (z)->inside[layer_], 1))                     \
                return base_ + x_;                                                  \
            if (layer_ == 0)                                                        \
                base_ += yard_tail; /* memoryless: start again beyond it */         \
            else {                                                                  \
                double low_ = (z)->height[layer_ - 1], high_ = (z)->height[layer_]; \
                if (low_ + yard_unit(more) * (high_ - low_) < exp(-x_))             \
                    return base_ + x_;                                              \
            }                                                                       \
            bits_ = (more);                                                         \
        }                                                                           \
    } while (0)

/* Standard exponential. */
static inline double yard_exponential(YardLuck *luck, const YardZiggurat *z) {
    YARD_EXPONENTIAL(z, yard_bits(luck), yard_bits(luck));
}

#endif
