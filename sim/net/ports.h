/* ports.h - sets of (protocol, port) as sorted, disjoint ranges; small and by value. */
#ifndef FAULTLINE_NET_PORTS_H
#define FAULTLINE_NET_PORTS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_ICMP = 1, PROTOCOL_ANY = 0 } Protocol;

typedef struct {
    uint8_t protocol;     /* a Protocol; PROTOCOL_ANY is all protocols with all their ports */
    uint16_t first, last; /* tcp and udp; the others have no ports and always hold 0 and 65535 */
} PortRange;

/* Canonical: sorted by protocol, then port; ranges neither touch nor overlap; with PROTOCOL_ANY there is no other. */
#define PORT_SET_MOST 16
#define PORT_SET_PARSED_MOST 8 /* half, so that the intersection of two sets that were written always fits */
typedef struct {
    PortRange range[PORT_SET_MOST];
    uint32_t count; /* 0 = empty */
} PortSet;

/* "443", "tcp/443", "udp/53", "tcp/1024-65535", "tcp", "icmp", "any", and lists joined by blanks: "80 443". A bare
 * number is tcp. False and an allocated *why on anything else, an empty list and more than PORT_SET_PARSED_MOST ranges.
 */
bool ports_parse(const char *text, PortSet *set, char **why);
char *ports_text(const PortSet *set); /* allocated; canonical: "tcp/80 tcp/443 udp"; "" when empty */
/* ICMP has no ports: `port` is then ignored. PROTOCOL_ANY asks whether the set holds everything. O(ranges). */
bool ports_contain(const PortSet *set, Protocol protocol, uint16_t port);
bool ports_add(PortSet *set, PortRange range); /* false: too many ranges, *set is as it was */
/* A BUG when the result needs more than PORT_SET_MOST ranges. */
PortSet ports_intersection(const PortSet *a, const PortSet *b);
bool ports_equal(const PortSet *a, const PortSet *b);
/* The first port after `port` at which a range of that protocol begins or has just ended; 65536 when there is none: all
 * ports before it are in the set if `port` is, or none is. O(ranges). */
uint32_t ports_next_edge(const PortSet *set, uint8_t protocol, uint32_t port);

#endif
