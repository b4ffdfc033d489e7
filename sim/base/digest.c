/* digest.c - fingerprints of event orders and of texts. */
#include "base/digest.h"

#include <glib.h>
#include <inttypes.h>

void digest_init(Digest *digest) {
    /* The first digits of pi, so that a row of zero words does not stay zero. */
    *digest = (Digest){.lane = {UINT64_C(0x243f6a8885a308d3), UINT64_C(0x13198a2e03707344)}};
}

void digest_bytes(Digest *digest, const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    digest_word(digest, length);
    while (length > 0) {
        uint64_t word = 0;
        size_t part = length < 8 ? length : 8;
        for (size_t i = 0; i < part; i++)
            word |= (uint64_t)at[i] << (8 * i);
        digest_word(digest, word);
        at += part;
        length -= part;
    }
}

/* Spread every bit of x over all of them: one-to-one, by shifts and odd multipliers. */
static uint64_t finish(uint64_t x) {
    x = (x ^ x >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 29) * UINT64_C(0xc94137792c68d8c7);
    return x ^ x >> 32;
}

char *digest_text(const Digest *digest) {
    Digest end = *digest;
    digest_word(&end, digest->words);
    return g_strdup_printf("%016" PRIx64 "%016" PRIx64, finish(end.lane[0]), finish(end.lane[1]));
}

char *digest_sha256(const void *bytes, size_t length) {
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, length > 0 ? bytes : (const guchar *)"", length);
}
