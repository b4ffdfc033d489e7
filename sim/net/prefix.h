/* prefix.h - IP prefixes, IPv4 and IPv6, as pure arithmetic on 128-bit numbers. */
#ifndef FAULTLINE_NET_PREFIX_H
#define FAULTLINE_NET_PREFIX_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 Address; /* IPv4 in the low 32 bits */

typedef struct {
    Address base;   /* host bits are zero */
    uint8_t length; /* 0..32 or 0..128 */
    uint8_t family; /* 4 or 6; 0 = no prefix at all */
} Prefix;

/* "10.0.0.0/16", "10.0.0.5" (a /32), "2001:db8::/32". Host bits are cleared (100.68.0.18/18 -> 100.68.0.0/18). False
 * and an allocated *why on anything else. */
bool prefix_parse(const char *text, Prefix *prefix, char **why);
char *prefix_text(const Prefix *prefix); /* allocated */
bool prefix_contains(const Prefix *outer, const Prefix *inner);
bool prefix_overlaps(const Prefix *a, const Prefix *b);
bool prefix_equal(const Prefix *a, const Prefix *b);
enum { PREFIX_PRIVATE4 = 4 };
/* What IPv4 has for private use: RFC 1918, and shared by carriers, RFC 6598. */
extern const Prefix prefix_private4[PREFIX_PRIVATE4];
/* All of it is in one of those, or in fc00::/7 (RFC 4193). */
bool prefix_is_private(const Prefix *prefix);
Address prefix_first(const Prefix *prefix);
Address prefix_last(const Prefix *prefix);
/* The index-th sub-prefix of that length; a BUG when there is none. */
Prefix prefix_part(const Prefix *whole, uint8_t length, uint32_t index);

#endif
