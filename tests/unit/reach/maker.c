/* maker.c - random small networks and questions. */
#include "tests/unit/reach/maker.h"

#include <string.h>

#include "reach/reach_private.h"

/* ---- a random network, as lines ------------------------------------------------------------------------------------
 */
typedef struct {
    Draw *luck;
    GPtrArray *lines;
    uint32_t networks, subnets[3], groups[3], nat[3]; /* nat: subnet + 1 */
    bool peered[3][3];
    uint32_t hosts;
} Maker;

static bool chance(Maker *m, unsigned percent) { return draw_below(m->luck, 100) < percent; }
static uint32_t below(Maker *m, uint32_t bound) { return (uint32_t)draw_below(m->luck, bound); }

G_GNUC_PRINTF(2, 3) static void say(Maker *m, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(m->lines, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static const char *pick(Maker *m, const char *const *from, uint32_t count) { return from[below(m, count)]; }

static void make_places(Maker *m) {
    say(m, chance(m, 50) ? "outside europe 203.0.113.0/24" : "outside europe");
    for (uint32_t i = 0; i < m->networks; i++) {
        const char *region = chance(m, 65) ? "us-east-1" : "us-west-2";
        say(m, "network n%u %s 10.%u.0.0/16%s", i, region, i, chance(m, 93) ? " gateway" : "");
        m->subnets[i] = 1 + below(m, 3);
        for (uint32_t s = 0; s < m->subnets[i]; s++)
            say(m, "subnet n%u.s%u %s%c 10.%u.%u.0/24", i, s, region, chance(m, 50) ? 'a' : 'b', i, s);
    }
}

static void make_gateways(Maker *m) {
    for (uint32_t i = 0; i < m->networks; i++) {
        if (chance(m, 60)) {
            m->nat[i] = 1 + below(m, m->subnets[i]);
            say(m, "nat nat%u n%u.s%u", i, i, m->nat[i] - 1);
        }
        for (uint32_t k = 0; k < i; k++) {
            m->peered[i][k] = m->peered[k][i] = chance(m, 55);
            if (m->peered[i][k])
                say(m, "peering p%u%u n%u n%u", k, i, k, i);
        }
    }
}

/* Where a route may lead from network i; network `to` is what it is meant for, or any. */
static char *route_target(Maker *m, uint32_t i, uint32_t to) {
    uint32_t other = to < m->networks ? to : below(m, m->networks);
    uint32_t a = MIN(i, other), b = MAX(i, other), roll = below(m, 100);
    if (to < m->networks && a != b && m->nat[i] > 0 && roll < 12)
        return g_strdup_printf("nat nat%u", i);
    if (to < m->networks && a != b && m->peered[a][b] && roll < 85)
        return g_strdup_printf("peering p%u%u", a, b);
    if (roll < 78)
        return g_strdup("gateway");
    if (roll < 87 && m->nat[i] > 0)
        return g_strdup_printf("nat nat%u", i);
    if (roll < 89 && m->nat[other] > 0)
        return g_strdup_printf("nat nat%u", other);
    if (roll < 96 && a != b && m->peered[a][b])
        return g_strdup_printf("peering p%u%u", a, b);
    return g_strdup("blackhole");
}

static void make_routes(Maker *m, uint32_t i, uint32_t s) {
    uint32_t others = m->networks;
    for (uint32_t k = 0; k <= others; k++) {
        bool learnt = chance(m, 12);
        if (k == i || !chance(m, 92) || (k < others && !chance(m, 80)))
            continue;
        char *target = route_target(m, i, k), *again = route_target(m, i, k);
        char *to = k < others ? g_strdup_printf("10.%u.0.0/16", k) : g_strdup("0.0.0.0/0");
        say(m, "route n%u.s%u %s %s%s", i, s, to, target, learnt ? " propagated" : "");
        if (chance(m, 10))
            say(m, "route n%u.s%u %s %s%s", i, s, to, again, learnt ? "" : " propagated");
        g_free(target);
        g_free(again);
        g_free(to);
    }
    if (chance(m, 12)) {
        uint32_t k = below(m, m->networks);
        char *target = route_target(m, i, k);
        say(m, "route n%u.s%u 10.%u.%u.0/24 %s%s", i, s, k, below(m, m->subnets[k]), target,
            chance(m, 50) ? " propagated" : "");
        g_free(target);
    }
    if (chance(m, 8))
        say(m, "route n%u.s%u 203.0.113.0/24 blackhole", i, s);
}

static const char *const rule_ports[] = {"tcp/80", "tcp/443", "udp/53,icmp", "any", "tcp/1-1000", "any", "any", "any"};

static char *cidr(Maker *m) {
    static const char *const some[] = {"0.0.0.0/0", "10.0.0.0/8", "203.0.113.0/24", "::/0", "172.16.0.0/12"};
    uint32_t i = below(m, m->networks), roll = below(m, 100);
    if (roll < 40)
        return g_strdup_printf("10.%u.%u.0/24", i, below(m, m->subnets[i]));
    if (roll < 60)
        return g_strdup_printf("10.%u.0.0/16", i);
    return g_strdup(pick(m, some, G_N_ELEMENTS(some)));
}

static char *peer(Maker *m, uint32_t network) {
    uint32_t i = chance(m, 75) ? network : below(m, m->networks), roll = below(m, 100);
    if (roll < 52)
        return g_strdup("any");
    if (roll < 60)
        return g_strdup("internet");
    if (roll < 80 && i <= network)
        return g_strdup_printf("@g%u%u", i, below(m, m->groups[i]));
    return cidr(m);
}

static void make_rule(Maker *m, uint32_t i, uint32_t g, bool inbound) {
    char *from = peer(m, i);
    say(m, "rule g%u%u %s %s %s", i, g, inbound ? "in" : "out", pick(m, rule_ports, G_N_ELEMENTS(rule_ports)), from);
    g_free(from);
}

static void make_groups(Maker *m, uint32_t i) {
    m->groups[i] = 1 + below(m, 3);
    bool shut[3] = {chance(m, 12), chance(m, 12), chance(m, 12)};
    for (uint32_t g = 0; g < m->groups[i]; g++)
        say(m, "group n%u g%u%u%s", i, i, g, shut[g] ? " shut" : "");
    for (uint32_t g = 0; g < m->groups[i]; g++) {
        for (uint32_t left = 1 + below(m, 4); left > 0; left--)
            make_rule(m, i, g, true);
        for (uint32_t left = below(m, 4); shut[g] && left > 0; left--)
            make_rule(m, i, g, false);
    }
}

static const char *const acl_ports[] = {"any",
                                        "any",
                                        "tcp",
                                        "tcp/80",
                                        "tcp/1024-65535",
                                        "tcp/32768-60999",
                                        "tcp/32768-40000",
                                        "tcp/40001-65535",
                                        "tcp/1024-32767,tcp/40001-65535",
                                        "udp",
                                        "icmp",
                                        "tcp/80,tcp/443"};

static void make_acl(Maker *m, uint32_t i) {
    if (!chance(m, 25))
        return;
    say(m, "acl n%u acl%u", i, i);
    for (uint32_t way = 0; way < 2; way++) {
        uint32_t number = 100;
        for (uint32_t left = 1 + below(m, 4); left > 0; left--, number += 1 + below(m, 9)) {
            char *from = chance(m, 60) ? g_strdup("any") : cidr(m);
            say(m, "entry acl%u %s %u %s %s %s", i, way == 0 ? "in" : "out", number, chance(m, 80) ? "allow" : "deny",
                pick(m, acl_ports, G_N_ELEMENTS(acl_ports)), from);
            g_free(from);
        }
    }
    for (uint32_t s = 0; s < m->subnets[i]; s++)
        if (chance(m, 60))
            say(m, "uses n%u.s%u acl%u", i, s, i);
}

static void make_hosts(Maker *m) {
    static const char *const listens[] = {"any", "any", "any", "any", "any", "any", "any", "tcp/80", "tcp/80,tcp/443",
                                          "-"};
    m->hosts = 3 + below(m, 4);
    for (uint32_t h = 0; h < m->hosts; h++) {
        uint32_t i = below(m, m->networks), s = below(m, m->subnets[i]), t = below(m, m->subnets[i]);
        GString *line = g_string_new(NULL);
        g_string_printf(line, "host h%u n%u.s%u", h, i, s);
        if (t != s && chance(m, 40))
            g_string_append_printf(line, ",n%u.s%u", i, t);
        if (chance(m, 5))
            g_string_append(line, " -");
        else
            g_string_append_printf(line, " g%u%u", i, below(m, m->groups[i]));
        if (chance(m, 30) && !g_str_has_suffix(line->str, "-"))
            g_string_append_printf(line, ",g%u%u", i, below(m, m->groups[i]));
        say(m, "%s %s%s", line->str, pick(m, listens, G_N_ELEMENTS(listens)), chance(m, 70) ? " public" : "");
        g_string_free(line, TRUE);
    }
    say(m, "users u europe");
    say(m, chance(m, 50) ? "edge waf -" : "edge waf tcp/443");
}

GPtrArray *maker_network(Draw *luck) {
    Maker m = {.luck = luck, .lines = g_ptr_array_new_with_free_func(g_free)};
    m.networks = chance(&m, 45) ? 1 : 1 + below(&m, 3);
    make_places(&m);
    make_gateways(&m);
    for (uint32_t i = 0; i < m.networks; i++)
        for (uint32_t s = 0; s < m.subnets[i]; s++)
            make_routes(&m, i, s);
    for (uint32_t i = 0; i < m.networks; i++) {
        make_groups(&m, i);
        make_acl(&m, i);
    }
    make_hosts(&m);
    return m.lines;
}

/* ---- IPv6 beside IPv4, and clients from ports of their own ----------------------------------------------------------
 */
/* The line with what IPv6 adds to it; NULL: nothing. `n`, `s`: of "network n1 ..." and "subnet n1.s2 ...". */
static char *line_six(const char *line, const bool *six, Draw *luck) {
    const char *name = strchr(line, ' ') + 1;
    unsigned n = (unsigned)(name[1] - '0'), s = (unsigned)(name[4] - '0');
    if (g_str_has_prefix(line, "network n") && six[n])
        return g_strdup_printf("%s 2001:db8:%u::/56%s", line, n, draw_below(luck, 2) == 0 ? " egress" : "");
    if (g_str_has_prefix(line, "subnet n") && six[n])
        return g_strdup_printf("%s 2001:db8:%u:%u::/64", line, n, s);
    return NULL;
}

/* The same network, where some of it speaks IPv6 and some clients connect from other ports. */
GPtrArray *maker_enrich(const GPtrArray *lines, Draw *luck) {
    static const char *const gateways[] = {"gateway", "egress", "gateway", "blackhole"};
    static const char *const ports[] = {"1024-65535", "49152-65535", "33000-40000"};
    GPtrArray *rich = g_ptr_array_new_with_free_func(g_free);
    bool six[3] = {draw_below(luck, 3) > 0, draw_below(luck, 3) > 0, draw_below(luck, 3) > 0};
    for (guint i = 0; i < lines->len; i++) {
        const char *line = g_ptr_array_index(lines, i), *name = strchr(line, ' ') + 1;
        char *more = line_six(line, six, luck);
        bool routed = more != NULL && g_str_has_prefix(line, "subnet") && draw_below(luck, 4) > 0;
        if (g_str_has_prefix(line, "host ") && draw_below(luck, 3) == 0)
            more = g_strdup_printf("%s from=%s", line, ports[draw_below(luck, G_N_ELEMENTS(ports))]);
        g_ptr_array_add(rich, more != NULL ? more : g_strdup(line));
        if (routed)
            g_ptr_array_add(rich, g_strdup_printf("route %.*s ::/0 %s", (int)strcspn(name, " "), name,
                                                  gateways[draw_below(luck, G_N_ELEMENTS(gateways))]));
    }
    return rich;
}

/* The model of all lines but one (-1: of all). */
Draft *maker_build(const GPtrArray *lines, guint without) {
    Draft *draft = draft_new();
    for (guint i = 0; i < lines->len; i++)
        if (i != without)
            draft_line(draft, g_ptr_array_index(lines, i));
    return draft;
}

/* Somebody who begins or answers connections; what only passes them on is no end of any. */
static ClassId an_end(const Reach *reach, Draw *luck, uint32_t count) {
    ClassId id;
    do
        id = (ClassId)draw_below(luck, count);
    while (id < reach->class_count && (reach->parties[id].kind == PARTY_NAT || reach->parties[id].kind == PARTY_LINK));
    return id;
}

Query maker_query(const Reach *reach, Draw *luck) {
    static const Query about[] = {{.protocol = PROTOCOL_TCP, .port = 80}, {.protocol = PROTOCOL_TCP, .port = 443},
                                  {.protocol = PROTOCOL_TCP, .port = 80}, {.protocol = PROTOCOL_TCP, .port = 8080},
                                  {.protocol = PROTOCOL_UDP, .port = 53}, {.protocol = PROTOCOL_ICMP}};
    static const uint16_t from_ports[] = {0, 0, 0, 0, 0, 1500, 33000, 50000, 61500};
    const EndpointClass *classes;
    uint32_t count = reach_classes(reach, &classes), to = an_end(reach, luck, count + 1);
    Query query = about[draw_below(luck, G_N_ELEMENTS(about))];
    query.from = an_end(reach, luck, count + 1);
    if (to + 2 >= count && draw_below(luck, 5) > 0) /* users and the edge come last: they seldom serve */
        to = an_end(reach, luck, count - 2);
    query.from = query.from == count ? CLASS_INTERNET : query.from;
    query.to = to == count ? CLASS_INTERNET : to;
    query.client_port = from_ports[draw_below(luck, G_N_ELEMENTS(from_ports))];
    query.by_public_address = draw_below(luck, 9) == 0;
    return query;
}
