/* ports.c - sets of (protocol, port), canonical by construction: ports_add is the only way to make one.
 *
 * A small array by value beats anything cleverer here: rules hold one to three ranges, and a verdict asks millions of
 * them. */
#include "net/ports.h"

#include <glib.h>
#include <string.h>

#include "base/bug.h"

enum { PORT_LAST = 65535 };

typedef struct {
    const char *name;
    uint8_t protocol;
} ProtocolName;

static const ProtocolName protocol_names[] = {
    {"any", PROTOCOL_ANY}, {"icmp", PROTOCOL_ICMP}, {"tcp", PROTOCOL_TCP}, {"udp", PROTOCOL_UDP}};

static bool has_ports(uint8_t protocol) { return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP; }

static const char *protocol_name(uint8_t protocol) {
    for (size_t i = 0; i < G_N_ELEMENTS(protocol_names); i++)
        if (protocol_names[i].protocol == protocol)
            return protocol_names[i].name;
    return NULL;
}

static bool protocol_find(const char *word, size_t length, uint8_t *protocol) {
    for (size_t i = 0; i < G_N_ELEMENTS(protocol_names); i++) {
        const char *name = protocol_names[i].name;
        if (strlen(name) == length && memcmp(name, word, length) == 0) {
            *protocol = protocol_names[i].protocol;
            return true;
        }
    }
    return false;
}

/* ---- building ------------------------------------------------------------------------------------------------------
 */
/* Whether b continues or overlaps a, when a sorts before b. */
static bool ranges_join(const PortRange *a, const PortRange *b) {
    return a->protocol == b->protocol && (uint32_t)b->first <= (uint32_t)a->last + 1;
}

static bool range_before(const PortRange *a, const PortRange *b) {
    return a->protocol != b->protocol ? a->protocol < b->protocol : a->first < b->first;
}

/* Insert in order, then join what touches, in an array with room for one more than fits: adding may join, too. */
bool ports_add(PortSet *set, PortRange range) {
    PortRange all[PORT_SET_MOST + 1];
    uint32_t count = 0, kept = 0;

    if (!has_ports(range.protocol)) {
        range.first = 0;
        range.last = PORT_LAST;
    }
    BUG_IF(range.first > range.last, "a port range runs backwards");
    if (set->count > 0 && set->range[0].protocol == PROTOCOL_ANY)
        return true;
    if (range.protocol == PROTOCOL_ANY) {
        *set = (PortSet){.range = {range}, .count = 1};
        return true;
    }
    while (count < set->count && range_before(&set->range[count], &range)) {
        all[count] = set->range[count];
        count++;
    }
    all[count] = range;
    memcpy(all + count + 1, set->range + count, (set->count - count) * sizeof *all);
    for (uint32_t i = 1; i <= set->count; i++) {
        if (ranges_join(&all[kept], &all[i]))
            all[kept].last = MAX(all[kept].last, all[i].last);
        else
            all[++kept] = all[i];
    }
    if (kept + 1 > PORT_SET_MOST)
        return false;
    *set = (PortSet){.count = kept + 1};
    memcpy(set->range, all, set->count * sizeof *all);
    return true;
}

/* ---- text ----------------------------------------------------------------------------------------------------------
 */
/* Digits up to `end` as a port; no leading zero, so that nobody wonders about octal. */
static bool port_parse(const char *at, const char *end, uint16_t *port) {
    uint32_t value = 0;
    if (at == end || end - at > 5 || (at[0] == '0' && end - at > 1))
        return false;
    for (; at < end; at++) {
        if (*at < '0' || *at > '9')
            return false;
        value = value * 10 + (uint32_t)(*at - '0');
    }
    *port = (uint16_t)value;
    return value <= PORT_LAST;
}

/* One word of a list: "443", "tcp/443", "1024-65535", "udp/53", "icmp", "tcp". */
static bool word_parse(const char *word, size_t length, PortRange *range) {
    const char *end = word + length, *slash = memchr(word, '/', length), *ports = slash != NULL ? slash + 1 : word;
    *range = (PortRange){PROTOCOL_TCP, 0, PORT_LAST};
    if (slash != NULL &&
        (!protocol_find(word, (size_t)(slash - word), &range->protocol) || !has_ports(range->protocol)))
        return false;
    if (slash == NULL && protocol_find(word, length, &range->protocol))
        return true;
    const char *dash = memchr(ports, '-', (size_t)(end - ports));
    if (!port_parse(ports, dash != NULL ? dash : end, &range->first))
        return false;
    range->last = range->first;
    if (dash == NULL)
        return range->first != 0; /* port 0 is nobody's; 0-65535 is all of them */
    return port_parse(dash + 1, end, &range->last) && range->first <= range->last;
}

bool ports_parse(const char *text, PortSet *set, char **why) {
    *set = (PortSet){0};
    for (const char *at = text + strspn(text, " "); *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        PortRange range;
        if (!word_parse(at, length, &range)) {
            *why = g_strdup_printf("\"%.*s\" is not a port; write 443, tcp/443, udp/53, tcp/1024-65535, icmp or any, "
                                   "several with blanks between",
                                   (int)MIN(length, 64), at);
            return false;
        }
        if (!ports_add(set, range) || set->count > PORT_SET_PARSED_MOST) {
            *why = g_strdup_printf("more than %d separate port ranges; use several rules", PORT_SET_PARSED_MOST);
            return false;
        }
        at += length;
    }
    if (set->count == 0)
        *why = g_strdup("no port is given; write 443, tcp/443, udp/53, tcp/1024-65535, icmp or any");
    return set->count > 0;
}

char *ports_text(const PortSet *set) {
    GString *out = g_string_new(NULL);
    for (uint32_t i = 0; i < set->count; i++) {
        const PortRange *range = &set->range[i];
        const char *name = protocol_name(range->protocol);
        g_string_append(out, i == 0 ? "" : " ");
        if (name != NULL)
            g_string_append(out, name);
        else
            g_string_append_printf(out, "protocol-%u", range->protocol);
        if (has_ports(range->protocol) && range->first == range->last)
            g_string_append_printf(out, "/%u", range->first);
        else if (has_ports(range->protocol) && (range->first != 0 || range->last != PORT_LAST))
            g_string_append_printf(out, "/%u-%u", range->first, range->last);
    }
    return g_string_free(out, FALSE);
}

/* ---- asking --------------------------------------------------------------------------------------------------------
 */
/* Scanned from the front: the sets are short. */
bool ports_contain(const PortSet *set, Protocol protocol, uint16_t port) {
    for (uint32_t i = 0; i < set->count; i++) {
        const PortRange *range = &set->range[i];
        if (range->protocol == PROTOCOL_ANY)
            return true;
        if (range->protocol == protocol &&
            (!has_ports((uint8_t)protocol) || (range->first <= port && port <= range->last)))
            return true;
    }
    return false;
}

/* What two ranges share; false: nothing. */
static bool range_meet(const PortRange *a, const PortRange *b, PortRange *both) {
    if (a->protocol != b->protocol && a->protocol != PROTOCOL_ANY && b->protocol != PROTOCOL_ANY)
        return false;
    both->protocol = a->protocol == PROTOCOL_ANY ? b->protocol : a->protocol;
    both->first = MAX(a->first, b->first);
    both->last = MIN(a->last, b->last);
    return both->first <= both->last;
}

/* Pair by pair; ports_add puts the pieces in order. */
PortSet ports_intersection(const PortSet *a, const PortSet *b) {
    PortSet result = {0};
    PortRange both;
    for (uint32_t i = 0; i < a->count; i++)
        for (uint32_t j = 0; j < b->count; j++)
            if (range_meet(&a->range[i], &b->range[j], &both))
                BUG_IF(!ports_add(&result, both), "an intersection of port sets needs too many ranges");
    return result;
}

bool ports_equal(const PortSet *a, const PortSet *b) {
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const PortRange *x = &a->range[i], *y = &b->range[i];
        if (x->protocol != y->protocol || x->first != y->first || x->last != y->last)
            return false;
    }
    return true;
}

uint32_t ports_next_edge(const PortSet *set, uint8_t protocol, uint32_t port) {
    uint32_t next = UINT16_MAX + 1u;
    for (uint32_t i = 0; i < set->count; i++) {
        uint32_t first = set->range[i].first, after = set->range[i].last + 1u;
        if (set->range[i].protocol == protocol)
            next = MIN(next, first > port ? first : after > port ? after : next);
    }
    return next;
}
