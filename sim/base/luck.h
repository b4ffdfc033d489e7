/* luck.h - named random streams: every draw is a pure function of who draws, for what, and which number.
 *
 * Threefry2x64-13 (Salmon et al., SC 2011; Random123) turns (key, counter) into 128 random bits. The key is made from
 * (seed, replication, owner's name, purpose) once; the counter is (number, step). So adding a component, a fault or a
 * draw changes nobody else's numbers, and two designs can be compared under the same luck. */
#ifndef FAULTLINE_BASE_LUCK_H
#define FAULTLINE_BASE_LUCK_H

#include <stdint.h>

/* The luck of one replication of one study. */
typedef struct {
    uint64_t seed, replication;
} Luck;

/* One purpose of one owner. Copyable; O(length of the names) to make, so make it once and keep it. */
typedef struct {
    uint64_t key[2];
} Stream;

Stream luck_stream(Luck luck, const char *owner, const char *purpose);

/* A cursor over the draws that belong to one number (one session, one launch, one probe) of a stream. */
typedef struct {
    uint64_t key[2];
    uint64_t number, step;
} Draw;

static inline Draw stream_draw(const Stream *stream, uint64_t number) {
    return (Draw){{stream->key[0], stream->key[1]}, number, 0};
}

/* The next 64 random bits; each call uses one step (one 128-bit block, second word unused: simple and exact). */
uint64_t draw_bits(Draw *draw);
/* Uniform on [0, 1) with 53 bits. */
double draw_unit(Draw *draw);
/* Uniform integer on [0, bound), bound > 0, without bias (multiply and reject). */
uint64_t draw_below(Draw *draw, uint64_t bound);
/* True with probability parts/1e9 (parts per billion). */
_Bool draw_chance(Draw *draw, int64_t parts_per_billion);
/* Standard exponential and standard normal by 256-layer ziggurats whose wedges use no libm: bit-exact on every
 * machine under -ffp-contract=off. */
double draw_exponential(Draw *draw);
double draw_normal(Draw *draw);

#endif
