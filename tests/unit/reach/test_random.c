/* test_random.c - random small networks: reach/ agrees with its slow twin, and rules that are added, removed, repeated or
 * shuffled do what they must. LONG=1 tries more of them. */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/luck.h"
#include "contract/kind.h"
#include "tests/unit/reach/naive.h"
#include "tests/verdicts/build.h"

enum { NETWORKS = 20000, LONG_NETWORKS = 100000, PROPERTIES = 3000, QUESTIONS = 8 };

static uint64_t rounds(uint64_t usual, uint64_t slow) {
    const char *wanted = g_getenv("LONG");
    return wanted != NULL && wanted[0] != '\0' ? slow : usual;
}

/* ---- a random network, as lines ------------------------------------------------------------------------------------ */
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

/* Ports at which some entry begins or after which one ends, above 1023: tried one by one by the twin. */
static const uint16_t client_ports[] = {1024, 32768, 40001, 61000};
static const char *const acl_ports[] = {"any",    "any", "tcp",  "tcp/80", "tcp/1024-65535", "tcp/32768-60999", "tcp/32768-40000",
                                        "tcp/40001-65535", "udp", "icmp", "tcp/80,tcp/443"};

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
    static const char *const listens[] = {"any", "any", "any", "any", "any", "any", "any", "tcp/80", "tcp/80,tcp/443", "-"};
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

static GPtrArray *make_network(Draw *luck) {
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

/* The model of all lines but one (-1: of all). */
static Draft *build(const GPtrArray *lines, guint without) {
    Draft *draft = draft_new();
    for (guint i = 0; i < lines->len; i++)
        if (i != without)
            draft_line(draft, g_ptr_array_index(lines, i));
    return draft;
}

/* ---- the two of them ----------------------------------------------------------------------------------------------- */
typedef struct {
    GPtrArray *lines;
    Draft *draft, *changed; /* changed: the same with the rule changes written into the model */
    const Model *model, *naive_model;
    Reach *reach;
    NetState *state;
    bool *down, *isolated;
    NaiveCut cuts[2];
    uint32_t cut_count;
} Pair;

/* A line "rule GROUP in|out PORTS PEER" whose rule is then taken away or put in again through the state. */
static guint some_rule(const GPtrArray *lines, Draw *luck) {
    guint found = UINT_MAX, seen = 0;
    for (guint i = 0; i < lines->len; i++)
        if (g_str_has_prefix(g_ptr_array_index(lines, i), "rule ") && draw_below(luck, ++seen) == 0)
            found = i;
    return found;
}

static void change_rule(Pair *pair, guint line, bool add) {
    char **words = g_strsplit(g_ptr_array_index(pair->lines, line), " ", 4);
    Rule rule = draft_rule(pair->model, words[3]);
    uint32_t group = draft_group(pair->model, words[1]);
    if (add)
        netstate_rule_add(pair->state, group, strcmp(words[2], "in") == 0, &rule);
    else
        g_assert_true(netstate_rule_remove(pair->state, group, strcmp(words[2], "in") == 0, &rule));
    g_free(rule.peer.groups);
    g_strfreev(words);
}

static void disturb(Pair *pair, Draw *luck) {
    const Model *model = pair->model;
    for (PlaceId p = 0; p < model->place_count; p++) {
        pair->down[p] = model->places[p].level != PLACE_SUBNET && draw_below(luck, 1000) < 8;
        netstate_place_down(pair->state, p, pair->down[p]);
    }
    for (ComponentId c = 0; c < model->component_count; c++) {
        pair->isolated[c] = draw_below(luck, 1000) < 8;
        netstate_isolate(pair->state, c, pair->isolated[c]);
    }
    pair->cut_count = draw_below(luck, 100) < 30 ? 2 : 0;
    for (uint32_t i = 0; i < pair->cut_count; i++) {
        pair->cuts[i] = (NaiveCut){(PlaceId)draw_below(luck, model->place_count), (PlaceId)draw_below(luck, model->place_count)};
        netstate_link_cut(pair->state, pair->cuts[i].from, pair->cuts[i].to, true);
    }
}

static Pair *pair_new(Draw *luck) {
    Pair *pair = g_new0(Pair, 1);
    pair->lines = make_network(luck);
    guint line = some_rule(pair->lines, luck);
    bool add = draw_below(luck, 2) == 0;
    pair->draft = build(pair->lines, add ? line : UINT_MAX);
    pair->changed = build(pair->lines, add ? UINT_MAX : line);
    pair->model = draft_model(pair->draft);
    pair->naive_model = draft_model(pair->changed);
    pair->reach = reach_new(pair->model);
    pair->state = netstate_new(pair->model);
    pair->down = g_new0(bool, pair->model->place_count);
    pair->isolated = g_new0(bool, pair->model->component_count);
    if (line != UINT_MAX)
        change_rule(pair, line, add);
    disturb(pair, luck);
    return pair;
}

static void pair_free(Pair *pair) {
    netstate_free(pair->state);
    reach_free(pair->reach);
    draft_free(pair->draft);
    draft_free(pair->changed);
    g_ptr_array_free(pair->lines, TRUE);
    g_free(pair->down);
    g_free(pair->isolated);
    g_free(pair);
}

static Query some_query(const Reach *reach, Draw *luck) {
    static const Query about[] = {{.protocol = PROTOCOL_TCP, .port = 80},  {.protocol = PROTOCOL_TCP, .port = 443},
                                  {.protocol = PROTOCOL_TCP, .port = 80},  {.protocol = PROTOCOL_TCP, .port = 8080},
                                  {.protocol = PROTOCOL_UDP, .port = 53},  {.protocol = PROTOCOL_ICMP}};
    static const uint16_t from_ports[] = {0, 0, 0, 0, 0, 1500, 33000, 50000, 61500};
    const EndpointClass *classes;
    uint32_t count = reach_classes(reach, &classes), to = (uint32_t)draw_below(luck, count + 1);
    Query query = about[draw_below(luck, G_N_ELEMENTS(about))];
    query.from = (ClassId)draw_below(luck, count + 1);
    if (to + 2 >= count && draw_below(luck, 5) > 0) /* users and the edge come last: they seldom serve */
        to = (uint32_t)draw_below(luck, count - 2);
    query.from = query.from == count ? CLASS_INTERNET : query.from;
    query.to = to == count ? CLASS_INTERNET : to;
    query.client_port = from_ports[draw_below(luck, G_N_ELEMENTS(from_ports))];
    query.by_public_address = draw_below(luck, 9) == 0;
    return query;
}

static NaiveEnd end_of(const Reach *reach, ClassId id) {
    const EndpointClass *classes;
    reach_classes(reach, &classes);
    if (id == CLASS_INTERNET)
        return (NaiveEnd){NO_COMPONENT, NO_PLACE};
    return (NaiveEnd){classes[id].component, classes[id].subnet};
}

static void complain(const Pair *pair, const Query *query, const Verdict *got, const Verdict *expected) {
    const Verdict *both[] = {got, expected};
    for (guint i = 0; i < pair->lines->len; i++)
        g_printerr("%s\n", (const char *)g_ptr_array_index(pair->lines, i));
    char *from = reach_class_name(pair->reach, query->from), *to = reach_class_name(pair->reach, query->to);
    g_printerr("%s -> %s %u/%u from %u%s\n", from, to, query->protocol, query->port, query->client_port,
               query->by_public_address ? " by-public" : "");
    for (int i = 0; i < 2; i++)
        g_printerr("%s: %s%s %s at %s by %s\n", i == 0 ? "reach" : "naive", verdict_name(both[i]->kind),
                   both[i]->reply ? "(reply)" : "", both[i]->code,
                   both[i]->at == NO_PLACE ? "-" : pair->model->places[both[i]->at].name,
                   (i == 0 ? pair->model : pair->naive_model)->elements[both[i]->element].text);
    g_free(from);
    g_free(to);
}

/* Elements are numbered in each model by itself, so they are compared by their text. */
static bool same(const Pair *pair, const Verdict *got, const Verdict *expected) {
    if (got->kind != expected->kind || got->reply != expected->reply || got->at != expected->at ||
        strcmp(got->code, expected->code) != 0)
        return false;
    return got->kind == VERDICT_REACH || strcmp(pair->model->elements[got->element].text,
                                                pair->naive_model->elements[expected->element].text) == 0;
}

static const char *const codes[] = {"",
                                    "ENI_SG_RULES_MISMATCH",
                                    "SUBNET_ACL_RESTRICTION",
                                    "LISTENER_MISSING",
                                    "ISOLATED",
                                    "NAT_NO_SESSION",
                                    "NO_ROUTE_TO_DESTINATION",
                                    "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR",
                                    "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
                                    "IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS",
                                    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS",
                                    "BAD_STATE_ROUTE",
                                    "BAD_STATE",
                                    "LINK_CUT"};

static void count_code(uint32_t *seen, const char *code) {
    size_t i = 0;
    while (i < G_N_ELEMENTS(codes) && strcmp(codes[i], code) != 0)
        i++;
    g_assert_cmpuint(i, <, G_N_ELEMENTS(codes));
    seen[i]++;
}

static void test_twin(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test_random", "twin");
    uint64_t networks = rounds(NETWORKS, LONG_NETWORKS);
    uint32_t seen[G_N_ELEMENTS(codes)] = {0}, replies = 0;
    for (uint64_t round = 0; round < networks; round++) {
        Draw luck = stream_draw(&stream, round);
        Pair *pair = pair_new(&luck);
        Naive naive = {.model = pair->naive_model, .down = pair->down, .isolated = pair->isolated, .cuts = pair->cuts,
                       .cut_count = pair->cut_count, .ports = client_ports, .port_count = G_N_ELEMENTS(client_ports)};
        for (int i = 0; i < QUESTIONS; i++) {
            Query query = some_query(pair->reach, &luck);
            Verdict got = reach_verdict(pair->reach, pair->state, query);
            Verdict expected = naive_verdict(&naive, end_of(pair->reach, query.from), end_of(pair->reach, query.to),
                                             query.protocol, query.port, query.client_port, query.by_public_address);
            if (!same(pair, &got, &expected)) {
                complain(pair, &query, &got, &expected);
                g_test_fail();
                return;
            }
            count_code(seen, got.code);
            replies += got.reply;
        }
        pair_free(pair);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_test_message("%-46s %u", codes[i][0] != '\0' ? codes[i] : "REACH", seen[i]);
        g_assert_cmpuint(seen[i], >=, networks / 100); /* 1,000 of each in the long run */
    }
    g_test_message("decided on the way back: %u", replies);
    g_assert_cmpuint(seen[0], >, networks * QUESTIONS * 3 / 10);
    g_assert_cmpuint(seen[0], <, networks * QUESTIONS * 7 / 10);
    g_assert_cmpuint(replies, >=, 500);
}

/* ---- properties ---------------------------------------------------------------------------------------------------- */
/* One model asked twice: as it is, and after something was done to it. */
typedef struct {
    Draft *draft;
    Reach *reach;
    NetState *state;
} Side;

static Side side_of(Draft *draft) {
    const Model *model = draft_model(draft);
    return (Side){draft, reach_new(model), netstate_new(model)};
}

static void side_clear(Side *side) {
    netstate_free(side->state);
    reach_free(side->reach);
    draft_free(side->draft);
}

static bool reaches(const Side *side, Query query) {
    return reach_verdict(side->reach, side->state, query).kind == VERDICT_REACH;
}

/* Each question at each pair of networks: `fewer` may reach less than `more`, never more; or, `equal`, exactly as much. */
static uint32_t compare(Draft *fewer_draft, Draft *more_draft, bool equal, Draw *luck) {
    Side fewer = side_of(fewer_draft), more = side_of(more_draft);
    uint32_t differ = 0;
    for (int i = 0; i < 4 * QUESTIONS; i++) {
        Query query = some_query(fewer.reach, luck);
        bool less = reaches(&fewer, query), much = reaches(&more, query);
        g_assert_true(!less || much);
        g_assert_true(!equal || less == much);
        differ += less != much;
    }
    side_clear(&fewer);
    side_clear(&more);
    return differ;
}

/* Some line that begins so; a different one each time. */
static guint some_line(const GPtrArray *lines, const char *prefix, const char *containing, Draw *luck) {
    guint found = UINT_MAX, seen = 0;
    for (guint i = 0; i < lines->len; i++) {
        const char *line = g_ptr_array_index(lines, i);
        if (g_str_has_prefix(line, prefix) && strstr(line, containing) != NULL && draw_below(luck, ++seen) == 0)
            found = i;
    }
    return found;
}

/* What is left out can only take away, for allowing lines; only give, for denying ones. */
static void check_monotone(const char *purpose, const char *prefix, const char *containing, bool allows) {
    Stream stream = luck_stream((Luck){1, 0}, "test_random", purpose);
    uint32_t differ = 0;
    for (uint64_t round = 0; round < PROPERTIES; round++) {
        Draw luck = stream_draw(&stream, round);
        GPtrArray *lines = make_network(&luck);
        guint line = some_line(lines, prefix, containing, &luck);
        if (line != UINT_MAX) {
            Draft *without = build(lines, line), *with = build(lines, UINT_MAX);
            differ += compare(allows ? without : with, allows ? with : without, false, &luck);
        }
        g_ptr_array_free(lines, TRUE);
    }
    g_test_message("%u answers differ", differ);
    g_assert_cmpuint(differ, >, 0);
}

static void test_rule_allows(void) { check_monotone("rule allows", "rule ", " ", true); }
static void test_entry_allows(void) { check_monotone("entry allows", "entry ", " allow ", true); }
static void test_entry_denies(void) { check_monotone("entry denies", "entry ", " deny ", false); }

/* Rules repeated and in another order; repeated ACL entries under a later number. */
static void test_order(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test_random", "order");
    for (uint64_t round = 0; round < PROPERTIES; round++) {
        Draw luck = stream_draw(&stream, round);
        GPtrArray *lines = make_network(&luck);
        Draft *plain = build(lines, UINT_MAX), *other = draft_new();
        GPtrArray *late = g_ptr_array_new();
        for (guint i = 0; i < lines->len; i++) {
            const char *line = g_ptr_array_index(lines, i);
            if (!g_str_has_prefix(line, "rule ") && !g_str_has_prefix(line, "entry ") && !g_str_has_prefix(line, "route "))
                draft_line(other, line);
            else
                g_ptr_array_insert(late, (gint)draw_below(&luck, late->len + 1), (gpointer)(uintptr_t)line);
            if (g_str_has_prefix(line, "rule ") && draw_below(&luck, 2) == 0)
                g_ptr_array_add(late, (gpointer)(uintptr_t)line);
        }
        for (guint i = 0; i < late->len; i++)
            draft_line(other, g_ptr_array_index(late, i));
        compare(plain, other, true, &luck);
        g_ptr_array_free(late, TRUE);
        g_ptr_array_free(lines, TRUE);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reach/random/twin", test_twin);
    g_test_add_func("/reach/random/rule-allows", test_rule_allows);
    g_test_add_func("/reach/random/entry-allows", test_entry_allows);
    g_test_add_func("/reach/random/entry-denies", test_entry_denies);
    g_test_add_func("/reach/random/order", test_order);
    return g_test_run();
}
