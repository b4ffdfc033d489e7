/* pack.h - exact whole numbers and texts as bytes and back, for results that travel between processes and files.
 *
 * A number takes a byte for each 7 bits (LEB128), so small ones are short; signed ones are folded (0, -1, 1, -2, ...).
 * The bytes are the same on every machine. Reading never goes beyond the end: the first thing that does not fit sets
 * `failed`, and from then on everything read is 0 or NULL, so a reader looks once, at the end. */
#ifndef FAULTLINE_BASE_PACK_H
#define FAULTLINE_BASE_PACK_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

void pack_uint(GByteArray *out, uint64_t value);
void pack_int(GByteArray *out, int64_t value);
void pack_text(GByteArray *out, const char *text); /* NULL is kept apart from "" */

typedef struct {
    const uint8_t *at, *end; /* borrowed */
    bool failed;
} Unpack;

uint64_t unpack_uint(Unpack *from);
int64_t unpack_int(Unpack *from);
char *unpack_text(Unpack *from);      /* allocated, or NULL */
bool unpack_done(const Unpack *from); /* all read, and nothing failed */

#endif
