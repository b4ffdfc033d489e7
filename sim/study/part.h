/* part.h - the results of one replication with its number, length and digest around them (private to study/).
 *
 * That is how they travel from a worker and how they lie in a file, so a part that was cut short or damaged is told
 * from a whole one wherever it comes from: 32 bytes (length of what follows, replication, two lanes of a digest over
 * both; little endian), then what study_pack wrote. */
#ifndef FAULTLINE_STUDY_PART_H
#define FAULTLINE_STUDY_PART_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PART_HEAD = 32 };

/* Appends a whole part; `fill` appends what is in it. */
typedef void (*PartFill)(void *user, GByteArray *out);
void part_write(GByteArray *out, uint64_t replication, PartFill fill, void *user);

typedef struct {
    uint64_t replication;
    const uint8_t *bytes; /* what study_pack wrote; borrowed */
    size_t length;
    size_t whole; /* with the head */
} Part;

/* The part that begins at bytes. PART_SHORT: there may be more to come. PART_BAD: there never was such a part. */
typedef enum { PART_GOOD, PART_SHORT, PART_BAD } PartState;
PartState part_read(const uint8_t *bytes, size_t length, Part *part);

#endif
