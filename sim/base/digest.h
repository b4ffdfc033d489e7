/* digest.h - fingerprints: a fast running one for the order of events, SHA-256 for texts.
 *
 * The running digest is two independent 64-bit lanes. A step is one-to-one in the word for a fixed state and in the
 * state for a fixed word, so a single changed word always changes the result; anything else goes unnoticed with chance
 * 2^-128. It guards against accidents, not against forgers. The same bits on every machine. */
#ifndef FAULTLINE_BASE_DIGEST_H
#define FAULTLINE_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t lane[2];
    uint64_t words;
} Digest;

void digest_init(Digest *digest);

/* About 1.5 ns: xor, multiply by an odd number, rotate (so that the high bits come back to the low ones). The odd
 * numbers are 2^64 divided by the golden ratio and by its square root, made odd. */
static inline void digest_word(Digest *digest, uint64_t word) {
    uint64_t a = (digest->lane[0] ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    uint64_t b = (digest->lane[1] + word) * UINT64_C(0xc94137792c68d8c7);
    digest->lane[0] = a << 29 | a >> 35;
    digest->lane[1] = b << 41 | b >> 23;
    digest->words++;
}

/* Bytes as little-endian words, the length first. */
void digest_bytes(Digest *digest, const void *bytes, size_t length);
/* The digest so far as 32 hexadecimal digits (g_free); more words may follow. */
char *digest_text(const Digest *digest);

/* SHA-256 of the bytes as 64 hexadecimal digits (g_free). */
char *digest_sha256(const void *bytes, size_t length);

#endif
