/* part.c - a head in front of some bytes, and the check that both belong together. */
#include "study/part.h"

#include "base/digest.h"

enum { LENGTH, REPLICATION, DIGEST }; /* words of the head; the digest has two */
#define PART_MOST (UINT64_C(1) << 30) /* a longer one is no part of ours */

static void put_word(uint8_t *at, uint64_t word) {
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(word >> (8 * i));
}

static uint64_t get_word(const uint8_t *at) {
    uint64_t word = 0;
    for (int i = 0; i < 8; i++)
        word |= (uint64_t)at[i] << (8 * i);
    return word;
}

static Digest digest_of(uint64_t replication, const uint8_t *bytes, size_t length) {
    Digest digest;
    digest_init(&digest);
    digest_word(&digest, replication);
    digest_bytes(&digest, bytes, length);
    return digest;
}

void part_write(GByteArray *out, uint64_t replication, PartFill fill, void *user) {
    guint head = out->len;
    g_byte_array_set_size(out, head + PART_HEAD);
    fill(user, out);
    uint8_t *at = out->data + head;
    size_t length = out->len - head - PART_HEAD;
    Digest digest = digest_of(replication, at + PART_HEAD, length);
    put_word(at + 8 * LENGTH, length);
    put_word(at + 8 * REPLICATION, replication);
    put_word(at + 8 * DIGEST, digest.lane[0]);
    put_word(at + 8 * (DIGEST + 1), digest.lane[1]);
}

PartState part_read(const uint8_t *bytes, size_t length, Part *part) {
    if (length < PART_HEAD)
        return PART_SHORT;
    uint64_t inside = get_word(bytes + 8 * LENGTH);
    if (inside > PART_MOST)
        return PART_BAD;
    if (length - PART_HEAD < inside)
        return PART_SHORT;
    *part = (Part){get_word(bytes + 8 * REPLICATION), bytes + PART_HEAD, inside, PART_HEAD + inside};
    Digest digest = digest_of(part->replication, part->bytes, part->length);
    bool same = digest.lane[0] == get_word(bytes + 8 * DIGEST) && digest.lane[1] == get_word(bytes + 8 * (DIGEST + 1));
    return same ? PART_GOOD : PART_BAD;
}
