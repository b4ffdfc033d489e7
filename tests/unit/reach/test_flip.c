/* test_flip.c - what is proposed to turn a verdict round does turn it round, and nothing in it is needless: on random
 * small networks, with the words of the proposal read and carried out by hand. */
#include <glib.h>
#include <string.h>

#include "reach/reach_private.h"
#include "tests/unit/reach/maker.h"

enum { NETWORKS = 700, QUESTIONS = 24 };

typedef struct {
    const Model *model;
    Reach *reach;
    NetState *state;
    Query query;
    const Flip *flip;
    Verdict verdict;
} Trial;

static uint32_t added, removed, ended, mended, advised, hopeless, several, entries, routed;

/* ---- carrying a proposal out ---------------------------------------------------------------------------------------
 */
static bool after(const char *text, const char *prefix, const char **rest) {
    *rest = g_str_has_prefix(text, prefix) ? text + strlen(prefix) : NULL;
    return *rest != NULL;
}

/* How many rules are of that element, and one of them. */
static uint32_t rules_of_element(const Model *model, uint32_t element, uint32_t *group, int *inbound, Rule *found) {
    uint32_t count = 0;
    for (uint32_t g = 0; g < model->group_count; g++)
        for (int in = 0; in < 2; in++) {
            const SecurityGroup *at = &model->groups[g];
            const Rule *rules = in ? at->inbound : at->outbound;
            for (uint32_t i = 0; i < (in ? at->inbound_count : at->outbound_count); i++)
                if (rules[i].element == element) {
                    *group = g;
                    *inbound = in;
                    *found = rules[i];
                    count++;
                }
        }
    return count;
}

static void take_away(const Trial *t, NetState *state, uint32_t element, const char *named) {
    uint32_t group = 0;
    int inbound = 0;
    Rule rule;
    g_assert_cmpstr(named, ==, t->model->elements[element].text);
    g_assert_cmpuint(rules_of_element(t->model, element, &group, &inbound, &rule), ==, 1);
    g_assert_true(netstate_rule_remove(state, group, inbound, &rule));
}

/* Where it stands; a group is of its own network, which is how one side knows the other. */
static ComponentId end_of(const Trial *t, bool server) {
    const EndpointClass *classes;
    reach_classes(t->reach, &classes);
    ClassId id = server ? t->query.to : t->query.from;
    return id == CLASS_INTERNET ? NO_COMPONENT : classes[id].component;
}

static PlaceId subnet_of(const Trial *t, bool server) {
    const EndpointClass *classes;
    reach_classes(t->reach, &classes);
    ClassId id = server ? t->query.to : t->query.from;
    PlaceId place = id == CLASS_INTERNET ? NO_PLACE : classes[id].subnet;
    return place != NO_PLACE && t->model->places[place].level == PLACE_SUBNET ? place : NO_PLACE;
}

static bool stands_in(const Trial *t, ComponentId id, uint32_t network) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(t->reach, &classes);
    bool found = false;
    for (ClassId i = 0; i < count; i++)
        found = found || (classes[i].component == id && t->model->places[classes[i].subnet].network == network);
    return found;
}

static bool groups_may_be_named(const Trial *t) {
    PlaceId a = subnet_of(t, false), b = subnet_of(t, true);
    if (a == NO_PLACE || b == NO_PLACE || t->query.by_public_address)
        return false;
    uint32_t n = t->model->places[a].network, m = t->model->places[b].network;
    bool near = n == m;
    for (uint32_t i = 0; i < t->model->join_count; i++) {
        const Join *join = &t->model->joins[i];
        near = near || (((join->a == n && join->b == m) || (join->a == m && join->b == n)) &&
                        t->model->networks[n].region == t->model->networks[m].region);
    }
    return near;
}

/* A range of some subnet: of who is seen there, who may be a NAT gateway. */
static bool is_subnets(const Model *model, const Prefix *range) {
    bool found = false;
    for (PlaceId i = 0; i < model->place_count; i++)
        found = found || (model->places[i].level == PLACE_SUBNET && prefix_equal(&model->places[i].cidr, range));
    return found;
}

/* The first group of the other end, where groups may be named; nobody is hidden, then. */
static bool is_other_group(const Trial *t, bool inbound, const char *peer, uint32_t *group) {
    ComponentId other = end_of(t, !inbound);
    if (other == NO_COMPONENT || t->model->components[other].group_count == 0)
        return false;
    *group = t->model->components[other].groups[0];
    return strcmp(peer, t->model->groups[*group].name) == 0 && groups_may_be_named(t);
}

/* {from: PEER, port: PORTS}: exactly this question, of the other side as a rule can know it. */
static Rule rule_of(const Trial *t, const char *text, bool inbound, uint32_t *group) {
    const char *comma = strstr(text, ", port: ");
    char *peer = g_strndup(text, (gsize)(comma - text)), *ports = g_strndup(comma + 8, strlen(comma + 8) - 1), *why;
    Rule rule = {.peer = {.kind = PEER_INTERNET}};
    g_assert_true(ports_parse(ports, &rule.ports, &why));
    g_assert_true(rule.ports.count == 1 && rule.ports.range[0].protocol == t->query.protocol);
    g_assert_true(t->query.protocol == PROTOCOL_ICMP ||
                  (rule.ports.range[0].first == t->query.port && rule.ports.range[0].last == t->query.port));
    if (is_other_group(t, inbound, peer, group)) {
        rule.peer = (Peer){.kind = PEER_GROUP, .groups = group, .group_count = 1};
    } else if (strcmp(peer, "internet") != 0) {
        rule.peer.kind = PEER_CIDR;
        g_assert_true(prefix_parse(peer, &rule.peer.cidr, &why));
        g_assert_true(is_subnets(t->model, &rule.peer.cidr));
        g_assert_false(subnet_of(t, !inbound) == NO_PLACE && !inbound); /* who is called outside is not inside */
    }
    g_free(peer);
    g_free(ports);
    return rule;
}

static void add(const Trial *t, NetState *state, uint32_t element, const char *text) {
    const char *comma = strchr(text, ','), *rest;
    bool inbound = g_str_has_prefix(comma, ", inbound: {from: ");
    g_assert_true(inbound || g_str_has_prefix(comma, ", outbound: {to: "));
    ComponentId own = end_of(t, inbound);
    uint32_t group = t->model->components[own].groups[0], peer_group = 0;
    char *name = g_strndup(text, (gsize)(comma - text));
    g_assert_cmpstr(name, ==, t->model->groups[group].name);
    g_assert_cmpuint(element, ==, t->model->groups[group].element);
    g_free(name);
    rest = strchr(comma, '{');
    Rule rule = rule_of(t, strchr(rest, ' ') + 1, inbound, &peer_group);
    netstate_rule_add(state, group, inbound, &rule);
}

static Verdict ask(const Trial *t, const NetState *state) { return reach_verdict(t->reach, state, t->query); }

static void release(const Trial *t, NetState *state, uint32_t element, const char *name) {
    ComponentId client = end_of(t, false), server = end_of(t, true);
    ComponentId cut = client != NO_COMPONENT && t->model->components[client].element == element ? client : server;
    g_assert_cmpuint(element, ==, t->model->components[cut].element);
    g_assert_cmpstr(name, ==, t->model->components[cut].name);
    netstate_isolate(state, cut, false);
}

static void mend(const Trial *t, NetState *state, uint32_t element, const char *name) {
    PlaceId place = 0;
    while (t->model->places[place].element != element)
        place++;
    char *expected = g_strdup_printf("%s back", t->model->places[place].name);
    g_assert_cmpstr(name, ==, expected);
    netstate_place_down(state, place, false);
    g_free(expected);
}

/* "ACL, inbound: {rule: 99, allow: tcp/443, from: 10.0.1.0/24}" */
static void add_entry(const Trial *t, NetState *state, uint32_t element, const char *text) {
    char **words = g_strsplit_set(text, " ,:{}", -1), *used[16] = {NULL}, *why;
    guint count = 0;
    for (char **w = words; *w != NULL && count < G_N_ELEMENTS(used); w++)
        if (**w != '\0')
            used[count++] = *w;
    g_assert_cmpuint(count, ==, 8); /* name, inbound, rule, number, allow, ports, from, range */
    uint32_t list = 0;
    while (strcmp(t->model->acls[list].name, used[0]) != 0)
        list++;
    g_assert_cmpuint(element, ==, t->model->acls[list].element);
    bool inbound = strcmp(used[1], "inbound") == 0;
    g_assert_cmpstr(used[4], ==, "allow");
    g_assert_cmpstr(used[6], ==, inbound ? "from" : "to");
    AclRule entry = {.number = (uint32_t)g_ascii_strtoull(used[3], NULL, 10), .allow = true, .element = element};
    const AclRules *there = netstate_acl(state, &t->model->acls[list], inbound);
    for (uint32_t i = 0; i < there->count; i++)
        g_assert_cmpuint(there->rules[i].number, !=, entry.number);
    g_assert_true(ports_parse(used[5], &entry.ports, &why));
    g_assert_true(prefix_parse(used[7], &entry.cidr, &why));
    netstate_acl_add(state, list, inbound, &entry);
    g_strfreev(words);
}

/* The route by that NAT gateway, peering or gateway of the internet. */
static Route route_by(const Trial *t, const char *via) {
    const Model *model = t->model;
    if (strcmp(via, "internet_gateway") == 0)
        return (Route){.target = ROUTE_INTERNET_GATEWAY};
    for (uint32_t i = 0; i < model->join_count; i++)
        if (strcmp(model->components[model->joins[i].component].label, via) == 0)
            return (Route){.target = ROUTE_JOIN, .via = i};
    ComponentId nat = 0;
    while (strcmp(model->components[nat].label, via) != 0)
        nat++;
    return (Route){.target = ROUTE_INTERFACE, .via = nat};
}

/* "TABLE: {to: 10.1.0.0/24, via: pcx}", where it had none that leads there. */
static void add_route(const Trial *t, NetState *state, uint32_t element, const char *text) {
    const char *to = strstr(text, ": {to: "), *via = strstr(text, ", via: ");
    char *name = g_strndup(text, (gsize)(to - text)), *range = g_strndup(to + 7, (gsize)(via - to) - 7), *why,
         *way = g_strndup(via + 7, strlen(via + 7) - 1);
    uint32_t table = 0;
    while (strcmp(t->model->route_tables[table].name, name) != 0)
        table++;
    g_assert_cmpuint(element, ==, t->model->route_tables[table].element);
    Route route = route_by(t, way);
    route.element = element;
    g_assert_true(prefix_parse(range, &route.to, &why));
    netstate_route_add(state, table, &route);
    g_free(name);
    g_free(range);
    g_free(way);
}

/* One line of the proposal, which answers such a verdict; NULL: it cannot be tried. */
static const char *carry_out(const Trial *t, NetState *state, uint32_t i) {
    const char *text = t->flip->changes[i], *rest;
    uint32_t element = t->flip->elements[i];
    if (after(text, "remove ", &rest)) {
        take_away(t, state, element, rest);
        return "";
    }
    if (after(text, "add to security group ", &rest)) {
        add(t, state, element, rest);
        return "ENI_SG_RULES_MISMATCH";
    }
    if (after(text, "add to network ACL ", &rest)) {
        add_entry(t, state, element, rest);
        return "SUBNET_ACL_RESTRICTION";
    }
    if (after(text, "add to route table ", &rest)) {
        add_route(t, state, element, rest);
        return "NO_ROUTE_TO_DESTINATION";
    }
    if (after(text, "end the isolation of ", &rest)) {
        release(t, state, element, rest);
        return "ISOLATED";
    }
    if (after(text, "bring ", &rest)) {
        mend(t, state, element, rest);
        return "BAD_STATE";
    }
    return NULL;
}

/* ---- what holds of every proposal ----------------------------------------------------------------------------------
 */
/* Line by line; *tried: false, the last one is advice. */
static Verdict carried_out(const Trial *t, bool *tried) {
    NetState *state = netstate_copy(t->state);
    *tried = true;
    for (uint32_t i = 0; i < t->flip->count; i++) {
        Verdict before = ask(t, state);
        const char *answers = carry_out(t, state, i);
        g_assert_true(*tried);
        *tried = answers != NULL;
        if (*tried)
            g_assert_cmpstr(before.code, ==, answers);
        else
            g_assert_cmpuint(t->flip->elements[i], ==, before.element);
    }
    Verdict verdict = ask(t, state);
    netstate_free(state);
    return verdict;
}

static bool needed(const Trial *t, uint32_t without) {
    NetState *state = netstate_copy(t->state);
    for (uint32_t i = 0; i < t->flip->count; i++)
        if (i != without)
            carry_out(t, state, i);
    bool open = ask(t, state).kind == VERDICT_REACH;
    netstate_free(state);
    return open == (t->verdict.kind == VERDICT_REACH);
}

static const char *advice(const char *code) {
    static const char *const known[][2] = {
        {"LISTENER_MISSING", "let it listen there: listens:"},
        {"BAD_STATE_ROUTE", "lead the route to something that works"},
        {"IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", "give the client a public address, or a route via a NAT gateway"},
        {"IGW_PUBLIC_IP_ASSOCIATION_FOR_INGRESS", "give the server a public address"},
        {"NAT_NO_SESSION", "give the server a public address, or a balancer in front"},
        {"NGW_REQUIRES_SOURCE_IN_VPC", "give the client's own network a NAT gateway"},
        {"PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", "peer the two networks themselves: peerings are not passed through"},
        {"IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", "give the server a public address, or join the networks"},
        {"PROTOCOL_RESTRICTION", "give the client a public address: a NAT gateway does not pass that protocol"},
        {"ROUTING_LOOP", "lead one of these routes elsewhere"}};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i][0], code) == 0)
            return known[i][1];
    return NULL;
}

/* Is there a single rule at the server's door without which nobody comes in? */
static bool server_rule_would_do(const Trial *t) {
    ComponentId server = end_of(t, true);
    bool would = false;
    for (uint32_t g = 0; server != NO_COMPONENT && g < t->model->components[server].group_count; g++) {
        uint32_t group = t->model->components[server].groups[g];
        const SecurityGroup *at = &t->model->groups[group];
        for (uint32_t i = 0; i < at->inbound_count && !would; i++) {
            NetState *state = netstate_copy(t->state);
            netstate_rule_remove(state, group, true, &at->inbound[i]);
            would = ask(t, state).kind != VERDICT_REACH;
            netstate_free(state);
        }
    }
    return would;
}

static void check_closing(const Trial *t) {
    bool tried, inbound_first = false;
    for (uint32_t i = 0; i < t->flip->count; i++) {
        g_assert_true(g_str_has_prefix(t->flip->changes[i], "remove "));
        inbound_first = inbound_first || strstr(t->flip->changes[i], " in ") != NULL;
    }
    removed += t->flip->count;
    if (!t->flip->seen) {
        hopeless++;
        g_assert_cmpint(carried_out(t, &tried).kind, ==, VERDICT_REACH);
    }
    if (server_rule_would_do(t))
        g_assert_true(t->flip->seen && t->flip->count == 1 && inbound_first);
}

/* A rule for this question in the first group of either side, which names the other as a rule can know it. */
static bool a_rule_helps(const Trial *t) {
    bool helps = false;
    for (int inbound = 0; inbound < 2; inbound++) {
        ComponentId own = end_of(t, inbound), other = end_of(t, !inbound);
        PlaceId at = subnet_of(t, !inbound);
        if (own == NO_COMPONENT || t->model->components[own].group_count == 0)
            continue;
        NetState *state = netstate_copy(t->state);
        for (uint32_t i = 0; i < t->flip->count; i++)
            carry_out(t, state, i);
        Verdict before = ask(t, state);
        Rule rule = {.peer = {.kind = at == NO_PLACE ? PEER_INTERNET : PEER_CIDR}};
        if (groups_may_be_named(t) && t->model->components[other].group_count > 0)
            rule.peer = (Peer){.kind = PEER_GROUP, .groups = t->model->components[other].groups, .group_count = 1};
        else if (at != NO_PLACE)
            rule.peer.cidr = t->model->places[at].cidr;
        ports_add(&rule.ports, (PortRange){(uint8_t)t->query.protocol, t->query.port, t->query.port});
        netstate_rule_add(state, t->model->components[own].groups[0], inbound, &rule);
        Verdict after = ask(t, state);
        helps = helps || after.kind == VERDICT_REACH || after.element != before.element || after.at != before.at;
        netstate_free(state);
    }
    return helps;
}

/* Does one more route, to anything, by anything of its network, lead there and back from where it ended? */
static bool a_route_helps(const Trial *t, PlaceId at) {
    const Model *model = t->model;
    NetState *state = netstate_copy(t->state);
    bool helps = false;
    for (uint32_t i = 0; i < t->flip->count; i++)
        carry_out(t, state, i);
    for (PlaceId p = 0; p < model->place_count; p++) {
        Route route = {.to = model->places[p].level == PLACE_SUBNET ? model->places[p].cidr : (Prefix){.family = 4}};
        for (uint32_t i = 0; i < 1 + model->join_count + model->component_count; i++) {
            uint32_t nat = i - 1 - model->join_count; /* when it is as much */
            route.target = i == 0 ? ROUTE_INTERNET_GATEWAY : i <= model->join_count ? ROUTE_JOIN : ROUTE_INTERFACE;
            route.via = i <= model->join_count ? i - 1 : nat;
            if (route.target == ROUTE_INTERFACE && (model->components[nat].kind->passage.mode != PASSAGE_TRANSLATES ||
                                                    !stands_in(t, nat, model->places[at].network)))
                continue;
            netstate_route_add(state, model->places[at].route_table, &route);
            helps = helps || ask(t, state).kind == VERDICT_REACH;
            netstate_route_remove(state, model->places[at].route_table, &route);
        }
    }
    netstate_free(state);
    return helps;
}

static const char *route_advice(const Trial *t) {
    PlaceId a = subnet_of(t, false), b = subnet_of(t, true);
    const char *last = t->flip->changes[t->flip->count - 1];
    bool joined = a == NO_PLACE || b == NO_PLACE || t->model->places[a].network == t->model->places[b].network;
    for (uint32_t i = 0; i < t->model->join_count && !joined; i++) {
        const Join *join = &t->model->joins[i];
        uint32_t n = t->model->places[a].network, m = t->model->places[b].network;
        joined = (join->a == n && join->b == m) || (join->a == m && join->b == n);
    }
    g_assert_false(joined && g_str_has_prefix(last, "connect the two networks"));
    return last;
}

static void check_opening(const Trial *t) {
    bool tried;
    Verdict end = carried_out(t, &tried);
    for (uint32_t i = 0; i < t->flip->count; i++) {
        added += t->flip->changes[i][0] == 'a' && strstr(t->flip->changes[i], "add to sec") != NULL;
        ended += strstr(t->flip->changes[i], "end the") != NULL;
        mended += strstr(t->flip->changes[i], "bring") != NULL;
        entries += strstr(t->flip->changes[i], "add to network ACL") != NULL;
        routed += strstr(t->flip->changes[i], "add to route table") != NULL;
    }
    if (t->flip->seen)
        return;
    if (tried) { /* nothing more is known to help */
        g_assert_null(advice(end.code));
        g_assert_false(strcmp(end.code, "ENI_SG_RULES_MISMATCH") == 0 && t->flip->count < 8 && a_rule_helps(t));
        hopeless++;
    } else {
        bool routes = strcmp(end.code, "NO_ROUTE_TO_DESTINATION") == 0;
        g_assert_cmpstr(t->flip->changes[t->flip->count - 1], ==, routes ? route_advice(t) : advice(end.code));
        g_assert_false(routes && t->model->places[end.at].level == PLACE_SUBNET && a_route_helps(t, end.at));
        advised++;
    }
}

static void check(Trial *t) {
    bool tried, open = t->verdict.kind == VERDICT_REACH;
    uint32_t length = 0;
    while (t->flip->changes[length] != NULL)
        length++;
    g_assert_cmpuint(length, ==, t->flip->count);
    g_assert_true(!t->flip->seen || t->flip->count > 0);
    if (t->flip->seen)
        g_assert_true((carried_out(t, &tried).kind == VERDICT_REACH) != open && tried);
    for (uint32_t i = 0; i < t->flip->count && t->flip->seen; i++)
        g_assert_true(needed(t, i));
    several += t->flip->seen && t->flip->count > 1;
    if (open)
        check_closing(t);
    else
        check_opening(t);
}

static void trouble(const Trial *t, Draw *luck) {
    if (draw_below(luck, 3) == 0)
        netstate_isolate(t->state, (ComponentId)draw_below(luck, t->model->component_count), true);
    if (draw_below(luck, 4) == 0)
        netstate_place_down(t->state, (PlaceId)draw_below(luck, t->model->place_count), true);
}

static void test_random(void) {
    Stream stream = luck_stream((Luck){12, 0}, "test_flip", "networks");
    for (uint64_t n = 0; n < NETWORKS; n++) {
        Draw luck = stream_draw(&stream, n);
        GPtrArray *lines = maker_network(&luck);
        Draft *draft = maker_build(lines, UINT_MAX);
        Trial t = {.model = draft_model(draft)};
        t.reach = reach_new(t.model);
        t.state = netstate_new(t.model);
        trouble(&t, &luck);
        for (int q = 0; q < QUESTIONS; q++) {
            t.query = maker_query(t.reach, &luck);
            t.verdict = ask(&t, t.state);
            Flip *flip = reach_flip(t.reach, t.state, t.query);
            t.flip = flip;
            check(&t);
            flip_free(flip);
        }
        netstate_free(t.state);
        reach_free(t.reach);
        draft_free(draft);
        g_ptr_array_free(lines, TRUE);
    }
    flip_free(NULL);
    flip_free(NULL);
    g_test_message("added %u, removed %u, ended %u, mended %u, advised %u, hopeless %u, several %u, "
                   "entries %u, routes %u",
                   added, removed, ended, mended, advised, hopeless, several, entries, routed);
    g_assert_true(added > 300 && removed > 1000 && ended > 100 && mended > 50 && advised > 1000 && hopeless > 100 &&
                  several > 100 && entries > 100 && routed > 100);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flip/random", test_random);
    return g_test_run();
}
