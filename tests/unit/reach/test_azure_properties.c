/* test_azure_properties.c - laws that hold in every network of Azure, tried on random ones.
 *
 * A rule that allows never closes a way, one that denies never opens one; explanation and bits say what the verdict
 * says; what the hint for turning a verdict round proposes does turn it round. */
#include <glib.h>
#include <string.h>

#include "base/luck.h"
#include "catalogue/catalogue.h"
#include "reach/azure.h"
#include "tests/unit/reach/opened.h"

enum { NETWORKS = 120, SUBNETS = 3, HOSTS = 5, QUESTIONS = 40 };

/* ---- a random pattern ----------------------------------------------------------------------------------------------
 */
static bool chance(Draw *luck, unsigned percent) { return draw_below(luck, 100) < percent; }
static const char *pick(Draw *luck, const char *const *from, size_t count) { return from[draw_below(luck, count)]; }

static void rules_make(GString *text, Draw *luck, bool inbound) {
    static const char *const peers[] = {
        "VirtualNetwork",    "Internet",       "any",           "h0", "h1", "h2", "10.0.0.0/16", "10.0.0.0/20",
        "AzureLoadBalancer", "192.168.0.0/16", "[h3, Internet]"};
    static const char *const ports[] = {"tcp/80", "any", "tcp/1-1000", "udp/53", "tcp/443"};
    g_string_append(text, inbound ? "inbound: [" : "outbound: [");
    for (uint32_t left = (uint32_t)draw_below(luck, 5), priority = 101; left > 0; left--) {
        const char *port = pick(luck, ports, G_N_ELEMENTS(ports)), *peer = pick(luck, peers, G_N_ELEMENTS(peers));
        g_string_append_printf(text, "{priority: %u, %s: %s, %s: %s}%s", priority, chance(luck, 65) ? "allow" : "deny",
                               port, inbound ? "from" : "to", peer, left > 1 ? ", " : "");
        priority += 1 + (uint32_t)draw_below(luck, 5);
    }
    g_string_append(text, "]");
}

static void subnets_make(GString *text, Draw *luck) {
    static const char *const routes[] = {"", "routes: [{to: internet, via: blackhole}], ",
                                         "routes: [{to: internet, via: line}], ",
                                         "routes: [{to: 10.0.16.0/20, via: blackhole}], ", "route_propagation: no, "};
    for (uint32_t s = 0; s < SUBNETS; s++) {
        g_string_append_printf(text, "      s%u: {cidr: 10.0.%u.0/20, %s", s, s * 16,
                               pick(luck, routes, G_N_ELEMENTS(routes)));
        if (chance(luck, 45))
            g_string_append_printf(text, "network_security_group: g%u, ", (uint32_t)draw_below(luck, 3));
        g_string_append_printf(text, "default_outbound_access: %s}\n", chance(luck, 40) ? "yes" : "no");
    }
}

static void hosts_make(GString *text, Draw *luck) {
    static const char *const listens[] = {"any", "any", "any", "80", "[80, 443]"};
    for (uint32_t h = 0; h < HOSTS; h++) {
        bool public = chance(luck, 55);
        g_string_append_printf(text, "      h%u: {kind: instances, subnet: s%u, listens: %s", h,
                               (uint32_t)draw_below(luck, SUBNETS), pick(luck, listens, G_N_ELEMENTS(listens)));
        if (public)
            g_string_append_printf(text, ", public: true, public_ip: %s", chance(luck, 50) ? "basic" : "standard");
        if (!public && chance(luck, 20))
            g_string_append(text, ", input_endpoints: [{public: 80, port: 80}]");
        if (chance(luck, 50))
            g_string_append_printf(text, ", network_security_group: g%u", (uint32_t)draw_below(luck, 3));
        g_string_append(text, "}\n");
    }
    g_string_append(text,
                    "      lb: {kind: load_balancer, subnet: s0, public: true, listens: 80, targets: [h0, h1]}\n");
}

static char *pattern_make(Draw *luck) {
    GString *text = g_string_new("pattern: random\nprovider: azure\n"
                                 "sites:\n  hq: {at: europe, cidr: 192.168.0.0/16, internet: true, components: {dc: "
                                 "{kind: data_centre, listens: any}}}\n"
                                 "connections:\n  line: {kind: vpn, from: site, to: hq}\n"
                                 "  pair: {kind: peering, between: [site, other]}\n"
                                 "stacks:\n  site:\n    copies: [westeurope]\n    zones: 1\n"
                                 "    network: {cidr: 10.0.0.0/16}\n    subnets:\n");
    subnets_make(text, luck);
    g_string_append(text, "    network_security_groups:\n");
    for (uint32_t g = 0; g < 3; g++) {
        g_string_append_printf(text, "      g%u: {", g);
        rules_make(text, luck, true);
        g_string_append(text, ", ");
        rules_make(text, luck, false);
        g_string_append(text, "}\n");
    }
    g_string_append(text, "    components:\n");
    hosts_make(text, luck);
    g_string_append(text,
                    "  other:\n    copies: [westeurope]\n    zones: 1\n    network: {cidr: 10.1.0.0/16}\n"
                    "    subnets: {all: }\n    components: {peer: {kind: instances, subnet: all, listens: any}}\n");
    return g_string_free(text, FALSE);
}

static const Service services[] = {{PROTOCOL_TCP, 80}, {PROTOCOL_UDP, 53}, {PROTOCOL_TCP, 443}};

static Query question(const Opened *sheet, Draw *luck) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(sheet->reach, &classes);
    Service service = services[draw_below(luck, G_N_ELEMENTS(services))];
    uint32_t from = (uint32_t)draw_below(luck, count + 1), to = (uint32_t)draw_below(luck, count + 1);
    return (Query){.from = from == count ? CLASS_INTERNET : from,
                   .to = to == count ? CLASS_INTERNET : to,
                   .protocol = service.protocol,
                   .port = service.port,
                   .by_public_address = chance(luck, 15),
                   .probe = chance(luck, 15)};
}

static bool reaches(const Opened *sheet, const NetState *state, Query query) {
    return reach_verdict(sheet->reach, state, query).kind == VERDICT_REACH;
}

/* ---- laws ----------------------------------------------------------------------------------------------------------
 */
static void each_network(uint64_t seed, void (*law)(Opened *, Draw *)) {
    Stream stream = luck_stream((Luck){seed, 0}, "test_azure_properties", "networks");
    for (uint32_t n = 0; n < NETWORKS; n++) {
        Draw luck = stream_draw(&stream, n);
        char *pattern = pattern_make(&luck);
        Opened sheet;
        opened_text(&sheet, pattern, "azure", NULL);
        law(&sheet, &luck);
        opened_close(&sheet);
    }
}

static void one_more_rule(Opened *sheet, Draw *luck) {
    NsgPeer peer = {.kind = chance(luck, 50) ? NSG_PEER_ANY : NSG_PEER_TAG, .tag = (ServiceTag)draw_below(luck, 3)};
    bool inbound = chance(luck, 60), allow = chance(luck, 50);
    NsgRule rule = {.priority = 100, .access = allow ? NSG_ALLOW : NSG_DENY};
    rule.from = rule.to = &peer;
    rule.from_count = inbound;
    rule.to_count = !inbound;
    PortRange range = {PROTOCOL_ANY, 0, UINT16_MAX};
    ports_add(&rule.ports, range);
    NetState *more = netstate_copy(sheet->state);
    netstate_nsg_add(more, (uint32_t)draw_below(luck, 3), inbound, &rule);
    NetState *copy = netstate_copy(more);
    for (uint32_t q = 0; q < QUESTIONS; q++) {
        Query query = question(sheet, luck);
        bool before = reaches(sheet, sheet->state, query), after = reaches(sheet, more, query);
        g_assert_true(allow ? after || !before : before || !after);
        g_assert_cmpint(reaches(sheet, copy, query), ==, after);
    }
    netstate_free(copy);
    netstate_free(more);
}

static void test_one_more_rule(void) { each_network(1, one_more_rule); }

static uint32_t kinds_seen[VERDICT_NO_PATH + 1];

static void explained(Opened *sheet, Draw *luck) {
    for (uint32_t q = 0; q < QUESTIONS; q++) {
        Query query = question(sheet, luck);
        Verdict verdict = reach_verdict(sheet->reach, sheet->state, query);
        Explanation *told = reach_explain(sheet->reach, sheet->state, query);
        g_assert_cmpint(told->verdict.kind, ==, verdict.kind);
        g_assert_cmpuint(told->verdict.element, ==, verdict.element);
        g_assert_cmpstr(told->verdict.code, ==, verdict.code);
        explanation_free(told);
        kinds_seen[verdict.kind]++;
    }
}

static void test_explained(void) {
    each_network(2, explained);
    uint32_t all = NETWORKS * QUESTIONS;
    g_assert_cmpuint(kinds_seen[VERDICT_REACH], >, all / 5);
    g_assert_cmpuint(kinds_seen[VERDICT_DENY], >, all / 5);
    g_assert_cmpuint(kinds_seen[VERDICT_NO_ROUTE], >, all / 50);
    g_assert_cmpuint(kinds_seen[VERDICT_BLACKHOLE], >, all / 50);
}

static void bits_agree(Opened *sheet, Draw *luck) {
    (void)luck;
    const EndpointClass *classes;
    uint32_t count = reach_classes(sheet->reach, &classes), service_count = G_N_ELEMENTS(services);
    ReachBits *bits = reach_bits_new(sheet->reach, sheet->state, services, service_count);
    for (uint32_t s = 0; s < service_count; s++)
        for (uint32_t a = 0; a <= count; a++)
            for (uint32_t b = 0; b <= count; b++) {
                Query query = {.from = a == count ? CLASS_INTERNET : a,
                               .to = b == count ? CLASS_INTERNET : b,
                               .protocol = services[s].protocol,
                               .port = services[s].port};
                g_assert_true(reach_bits_connect(bits, s, query.from, query.to) == reaches(sheet, sheet->state, query));
            }
    reach_bits_free(bits);
}

static void test_bits(void) { each_network(3, bits_agree); }

/* ---- turning a verdict round ---------------------------------------------------------------------------------------
 */
typedef struct {
    uint32_t group;
    bool inbound;
    NsgRule rule;
    NsgPeer peer;
    ComponentId member;
} Proposal;

/* The other side as the proposal names it. */
static NsgPeer peer_read(const Opened *sheet, const Query *query, const char *named, bool inbound,
                         ComponentId *member) {
    const EndpointClass *classes;
    reach_classes(sheet->reach, &classes);
    ClassId other = inbound ? query->from : query->to;
    *member = other != CLASS_INTERNET ? classes[other].component : NO_COMPONENT;
    const char *label = *member != NO_COMPONENT ? sheet->model->components[*member].label : "";
    bool balancer = strcmp(label, "lb") == 0;
    NsgPeer peer = {.kind = NSG_PEER_TAG, .tag = TAG_INTERNET};
    char *why;
    if (strcmp(named, "AzureLoadBalancer") == 0) {
        g_assert_true(query->probe && balancer);
        peer.tag = TAG_LOAD_BALANCER;
    } else if (strcmp(named, "Internet") == 0) {
        g_assert_true(*member == NO_COMPONENT || balancer || query->by_public_address);
    } else if (prefix_parse(named, &peer.range, &why)) {
        peer.kind = NSG_PEER_RANGE;
        g_assert_true(!query->by_public_address && (strcmp(label, "peer") == 0 || strcmp(label, "dc") == 0));
    } else {
        g_free(why);
        peer = (NsgPeer){.kind = NSG_PEER_MEMBERS, .members = member, .member_count = 1};
        g_assert_cmpstr(named, ==, label);
        g_assert_false(query->by_public_address);
    }
    return peer;
}

/* "add to network security group G, inbound: {priority: P, allow: PORTS, from: PEER}"; false: it is advice. */
static bool proposal_read(const Opened *sheet, const Query *query, const char *text, Proposal *proposal) {
    char **words = g_strsplit_set(text, " ,:{}", -1), *used[12], *why;
    guint count = 0;
    for (char **w = words; *w != NULL && count < G_N_ELEMENTS(used); w++)
        if (**w != '\0')
            used[count++] = *w;
    bool proposes = count == 12 && g_str_has_prefix(text, "add to network security group ");
    if (proposes) {
        *proposal = (Proposal){.inbound = strcmp(used[6], "inbound") == 0};
        while (strcmp(sheet->model->azure.groups[proposal->group].name, used[5]) != 0)
            proposal->group++;
        NsgRule *rule = &proposal->rule;
        rule->priority = (uint32_t)g_ascii_strtoull(used[8], NULL, 10);
        rule->access = strcmp(used[9], "allow") == 0 ? NSG_ALLOW : NSG_DENY;
        rule->element = 1; /* nobody's */
        g_assert_true(rule->access == NSG_ALLOW || strcmp(used[9], "deny") == 0);
        g_assert_true(ports_parse(used[10], &rule->ports, &why) && rule->ports.count == 1);
        const PortRange *range = &rule->ports.range[0];
        g_assert_true(range->protocol == query->protocol && range->first == query->port && range->last == query->port);
        char *named = strstr(text, proposal->inbound ? ", from: " : ", to: ");
        g_assert_nonnull(named);
        named = g_strndup(strchr(named, ':') + 2, strlen(strchr(named, ':')) - 3);
        proposal->peer = peer_read(sheet, query, named, proposal->inbound, &proposal->member);
        g_free(named);
    }
    g_strfreev(words);
    return proposes;
}

/* It stands right before the rule that decides, at the highest number that is free. */
static void check_place(const NetState *state, const Proposal *proposal, uint32_t decides) {
    const NsgRules *rules = netstate_nsg(state, proposal->group, proposal->inbound);
    uint32_t last = 0;
    for (uint32_t i = 0; i < rules->count; i++)
        last = rules->rules[i].element == decides ? rules->rules[i].priority : last;
    g_assert_true(proposal->rule.priority >= 100 && proposal->rule.priority <= 4096);
    if (last == 0)
        return; /* an earlier proposal's */
    g_assert_cmpuint(proposal->rule.priority, <, last);
    for (uint32_t p = proposal->rule.priority + 1; p < MIN(last, 4097); p++) {
        bool taken = false;
        for (uint32_t i = 0; i < rules->count; i++)
            taken = taken || rules->rules[i].priority == p;
        g_assert_true(taken);
    }
}

static void carry_out(const Opened *sheet, NetState *state, Query query, const Flip *flip, uint32_t without,
                      Proposal *proposals) {
    for (uint32_t i = 0; i < flip->count; i++) {
        Proposal *at = &proposals[i];
        Verdict before = reach_verdict(sheet->reach, state, query);
        if (i == without || !proposal_read(sheet, &query, flip->changes[i], at))
            continue;
        g_assert_cmpuint(flip->elements[i], ==, sheet->model->azure.groups[at->group].element);
        at->peer.members = &at->member;
        at->rule.from = at->inbound ? &at->peer : NULL;
        at->rule.to = at->inbound ? NULL : &at->peer;
        at->rule.from_count = at->inbound;
        at->rule.to_count = !at->inbound;
        if (without == UINT32_MAX && before.kind != VERDICT_REACH)
            check_place(state, at, before.element);
        netstate_nsg_add(state, at->group, at->inbound, &at->rule);
    }
}

static bool opens(const Opened *sheet, Query query, const Flip *flip, uint32_t without) {
    NetState *state = netstate_copy(sheet->state);
    Proposal *proposals = g_new0(Proposal, flip->count + 1);
    carry_out(sheet, state, query, flip, without, proposals);
    bool open = reaches(sheet, state, query);
    netstate_free(state);
    g_free(proposals);
    return open;
}

static uint32_t flipped[2], several;

/* Carried out as written it does turn the verdict round, and without one of its lines it does not. */
static void flips(Opened *sheet, Draw *luck) {
    for (uint32_t q = 0; q < QUESTIONS; q++) {
        Query query = question(sheet, luck);
        bool open = reaches(sheet, sheet->state, query);
        Flip *flip = reach_flip(sheet->reach, sheet->state, query);
        if (strstr(reach_verdict(sheet->reach, sheet->state, query).code, "NSG_RULE") != NULL)
            g_assert_true(flip->count > 0 && strstr(flip->changes[0], "allow") != NULL);
        g_assert_cmpint(opens(sheet, query, flip, UINT32_MAX) != open, ==, flip->seen);
        for (uint32_t i = 0; i < flip->count && flip->seen; i++)
            g_assert_cmpint(opens(sheet, query, flip, i), ==, open);
        flipped[open] += flip->seen;
        several += flip->seen && flip->count > 1;
        flip_free(flip);
    }
}

static void test_flips(void) {
    each_network(4, flips);
    g_test_message("opened %u, closed %u, by several %u", flipped[0], flipped[1], several);
    g_assert_true(flipped[0] > 100 && flipped[1] > 100 && several > 10);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/azure/one-more-rule", test_one_more_rule);
    g_test_add_func("/azure/explained", test_explained);
    g_test_add_func("/azure/bits", test_bits);
    g_test_add_func("/azure/flips", test_flips);
    return g_test_run();
}
