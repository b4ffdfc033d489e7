/* prefix.c - reads, prints and compares IP prefixes.
 *
 * Both families are numbers in the low bits of an Address, so that everything but reading and printing is the same
 * arithmetic. Left out: zones (fe80::1%eth0) and IPv4 in the tail of an IPv6 address when printing; both read as RFC
 * 4291 says. */
#include "net/prefix.h"

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

#include "base/bug.h"

enum { TEXT_MOST = 64 }; /* no address or prefix is longer */

static uint8_t family_bits(uint8_t family) { return family == 4 ? 32 : 128; }

/* Ones in the host part of a prefix. A shift by 128 would be undefined, hence the two cases. */
static Address host_mask(uint8_t family, uint8_t length) {
    uint8_t host = (uint8_t)(family_bits(family) - length);
    return host == 128 ? ~(Address)0 : ((Address)1 << host) - 1;
}

/* inet_pton is strict where inet_addr is not: four decimal parts, no octal, no hex, no blanks; and it knows no locale.
 */
static bool address_parse(const char *text, Address *address, uint8_t *family) {
    uint8_t bytes[16];
    int width = 0;
    if (inet_pton(AF_INET, text, bytes) == 1)
        width = 4;
    else if (inet_pton(AF_INET6, text, bytes) == 1)
        width = 16;
    *family = width == 4 ? 4 : 6;
    *address = 0;
    for (int i = 0; i < width; i++)
        *address = *address << 8 | bytes[i];
    return width != 0;
}

/* A decimal of one to three digits without a leading zero, at most `most`. */
static bool length_parse(const char *text, uint8_t most, uint8_t *length) {
    unsigned value = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 3 || text[digits] != '\0' || (digits > 1 && text[0] == '0'))
        return false;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (unsigned)(text[i] - '0');
    *length = (uint8_t)value;
    return value <= most;
}

bool prefix_parse(const char *text, Prefix *prefix, char **why) {
    char address[TEXT_MOST];
    const char *slash = strchr(text, '/');
    size_t length = slash != NULL ? (size_t)(slash - text) : strlen(text);

    *prefix = (Prefix){0};
    if (length < sizeof address) {
        memcpy(address, text, length);
        address[length] = '\0';
    }
    if (length >= sizeof address || !address_parse(address, &prefix->base, &prefix->family)) {
        *prefix = (Prefix){0};
        *why = g_strdup_printf("\"%.*s\" is not an IP address; write one like 10.0.0.0/16 or 2001:db8::/32",
                               (int)MIN(length, (size_t)TEXT_MOST), text);
        return false;
    }
    prefix->length = family_bits(prefix->family);
    if (slash != NULL && !length_parse(slash + 1, prefix->length, &prefix->length)) {
        *why = g_strdup_printf("the length of an IPv%u prefix is a whole number from 0 to %u", prefix->family,
                               family_bits(prefix->family));
        *prefix = (Prefix){0};
        return false;
    }
    prefix->base &= ~host_mask(prefix->family, prefix->length);
    return true;
}

/* Groups of IPv6 as RFC 5952 says: lower case, no leading zeros, the first longest run of two or more zeros as "::". */
static void address6_text(Address address, GString *out) {
    unsigned group[8], run_at = 8, run = 1;
    for (unsigned i = 0; i < 8; i++)
        group[i] = (unsigned)(address >> (112 - 16 * i)) & 0xffff;
    for (unsigned i = 0; i < 8; i++) {
        unsigned zeros = 0;
        while (i + zeros < 8 && group[i + zeros] == 0)
            zeros++;
        if (zeros > run) {
            run_at = i;
            run = zeros;
        }
    }
    for (unsigned i = 0; i < 8; i++) {
        if (i == run_at) {
            g_string_append(out, "::");
            i += run - 1;
        } else {
            g_string_append_printf(out, i == 0 || i == run_at + run ? "%x" : ":%x", group[i]);
        }
    }
}

char *prefix_text(const Prefix *prefix) {
    GString *out = g_string_new(NULL);
    if (prefix->family == 0)
        return g_string_free(g_string_assign(out, "none"), FALSE);
    if (prefix->family == 4) {
        unsigned base = (unsigned)prefix->base;
        g_string_printf(out, "%u.%u.%u.%u", base >> 24, base >> 16 & 255, base >> 8 & 255, base & 255);
    } else {
        address6_text(prefix->base, out);
    }
    g_string_append_printf(out, "/%u", prefix->length);
    return g_string_free(out, FALSE);
}

/* A prefix holds another when it is no longer and they agree in the bits that it fixes. Nothing holds "no prefix". */
bool prefix_contains(const Prefix *outer, const Prefix *inner) {
    return outer->family == inner->family && outer->family != 0 && outer->length <= inner->length &&
           ((outer->base ^ inner->base) & ~host_mask(outer->family, outer->length)) == 0;
}

/* Prefixes are nested or apart; they never overlap in part. */
bool prefix_overlaps(const Prefix *a, const Prefix *b) { return prefix_contains(a, b) || prefix_contains(b, a); }

bool prefix_equal(const Prefix *a, const Prefix *b) {
    return a->family == b->family && a->length == b->length && a->base == b->base;
}

const Prefix prefix_private4[PREFIX_PRIVATE4] = {{.base = (Address)10 << 24, .length = 8, .family = 4},
                                                 {.base = (Address)0xac10 << 16, .length = 12, .family = 4},
                                                 {.base = (Address)0xc0a8 << 16, .length = 16, .family = 4},
                                                 {.base = (Address)0x6440 << 16, .length = 10, .family = 4}};

bool prefix_is_private(const Prefix *prefix) {
    static const Prefix unique_local = {.base = (Address)0xfc << 120, .length = 7, .family = 6};
    bool found = prefix_contains(&unique_local, prefix);
    for (size_t i = 0; i < PREFIX_PRIVATE4; i++)
        found = found || prefix_contains(&prefix_private4[i], prefix);
    return found;
}

Address prefix_first(const Prefix *prefix) { return prefix->base; }

Address prefix_last(const Prefix *prefix) {
    return prefix->family == 0 ? 0 : prefix->base | host_mask(prefix->family, prefix->length);
}

Prefix prefix_part(const Prefix *whole, uint8_t length, uint32_t index) {
    BUG_IF(whole->family == 0 || length < whole->length || length > family_bits(whole->family), "no such sub-prefix");
    uint8_t split = (uint8_t)(length - whole->length);
    BUG_IF(split < 32 && index >> split != 0, "the prefix has not so many parts");
    uint8_t host = (uint8_t)(family_bits(whole->family) - length);
    Address step = host < 128 ? (Address)index << host : 0;
    return (Prefix){.base = whole->base | step, .length = length, .family = whole->family};
}
