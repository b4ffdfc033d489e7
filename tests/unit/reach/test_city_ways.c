/* test_city_ways.c - single points of failure and least cuts, found a second time by taking units away; and chains of
 * connections, their choke points and ways beside something, by a plain search. */
#include <glib.h>
#include <string.h>

#include "tests/unit/reach/city_flows.h"

enum { CITIES = 70, TRIED_PAIRS = 14 };

/* ---- ways of users, by flows ---------------------------------------------------------------------------------------
 */
/* steps[a * classes + b]: who is at a goes on to b. */
typedef struct {
    const City *c;
    bool *steps;
} Map;

static bool connects(const City *c, ClassId from, ClassId to) {
    Ports ports = city_ports_between(c, c->classes[from].component, c->classes[to].component);
    Attachment at = c->model->components[c->classes[to].component].kind->passage.attachment;
    if (ports.count == 0 && at != ATTACH_SUBNETS && at != ATTACH_SITE)
        ports_put(&ports, (uint32_t)PROTOCOL_TCP << 16 | 443); /* the provider answers without saying where */
    for (uint32_t i = 0; i < ports.count; i++)
        if (city_ask(c, from, to, (Protocol)(ports.at[i] >> 16), (uint16_t)ports.at[i]).kind == VERDICT_REACH)
            return true;
    return false;
}

static void step_add(const Map *map, ComponentId at, ComponentId client, ComponentId server) {
    const City *c = map->c;
    if (!city_may_pair(c, client, server))
        return;
    for (ClassId a = 0; a < c->count; a++)
        for (ClassId b = 0; b < c->count; b++)
            if (c->classes[a].component == client && c->classes[b].component == server && connects(c, a, b))
                for (ClassId v = 0; v < c->count; v++)
                    if (at == client ? v == a : c->classes[v].component == at)
                        map->steps[v * c->count + b] = true;
}

/* What is put into something goes on to who takes it, over his connection; to what it triggers by itself. */
static void hand_on(const Map *map, const FlowStep *keeper, const FlowStep *worker) {
    const City *c = map->c;
    for (ClassId a = 0; a < c->count; a++)
        for (ClassId b = 0; b < c->count; b++)
            if (city_in_step(keeper, c->classes[a].component) && city_in_step(worker, c->classes[b].component) &&
                city_may_pair(c, c->classes[a].component, c->classes[b].component) &&
                (worker->connector == CONNECTOR_TRIGGERS || connects(c, b, a)))
                map->steps[a * c->count + b] = true;
}

static void flow_add(const Map *map, const Flow *flow) {
    for (uint32_t s = 1; s < flow->step_count; s++) {
        uint32_t from = s, to = s;
        if (flow->steps[s].connector == CONNECTOR_TAKES || flow->steps[s].connector == CONNECTOR_TRIGGERS) {
            hand_on(map, &flow->steps[s - 1], &flow->steps[s]);
            continue;
        }
        city_callers(map->c, flow, s, &from, &to);
        const FlowStep *client = &flow->steps[from],
                       *at = flow->steps[s].connector == CONNECTOR_CALLS ? &flow->steps[s - 1] : client;
        for (uint32_t i = 0; i < client->copies; i++)
            for (uint32_t k = 0; k < flow->steps[to].copies; k++)
                for (uint32_t v = 0; v < at->copies; v++)
                    if (at != client || v == i)
                        step_add(map, at->by_copy[v], client->by_copy[i], flow->steps[to].by_copy[k]);
    }
}

static bool has_unit(const Map *map, ClassId id, const bool *gone) {
    for (UnitId u = 0; u < map->c->model->unit_count; u++)
        if (reach_class_of_unit(map->c->r->reach, u) == id && !gone[u])
            return true;
    return false;
}

/* Do users get to one of them when these units are gone? */
static bool gets_to(const Map *map, const ComponentId *targets, uint32_t count, const bool *gone) {
    const City *c = map->c;
    bool *there = g_new0(bool, c->count + 1), grown = true, found = false;
    for (ClassId id = 0; id < c->count; id++)
        there[id] = city_is(city_component(c, id), "users");
    while (grown) {
        grown = false;
        for (ClassId a = 0; a < c->count; a++)
            for (ClassId b = 0; b < c->count && there[a]; b++)
                if (!there[b] && map->steps[a * c->count + b] && has_unit(map, b, gone))
                    there[b] = grown = true;
    }
    for (ClassId id = 0; id < c->count; id++)
        for (uint32_t t = 0; t < count; t++)
            found = found || (there[id] && c->classes[id].component == targets[t]);
    g_free(there);
    return found;
}

static uint32_t points_seen, cuts_seen[4];

static void check_points(const Map *map, const ComponentId *targets, uint32_t count) {
    const City *c = map->c;
    uint32_t n = c->model->unit_count, *units, at = 0;
    bool *gone = g_new0(bool, n + 1), reached = gets_to(map, targets, count, gone);
    uint32_t found = reach_single_points_of(c->r->reach, c->r->state, targets, count, &units);
    for (UnitId u = 0; u < n && reached; u++) {
        gone[u] = true;
        if (!gets_to(map, targets, count, gone)) {
            g_assert_cmpuint(at, <, found);
            g_assert_cmpuint(units[at++], ==, u);
        }
        gone[u] = false;
    }
    g_assert_cmpuint(found, ==, at);
    points_seen += found;
    g_free(found > 0 ? units : NULL);
    if (count == 1) {
        g_assert_cmpuint(reach_single_points(c->r->reach, c->r->state, targets[0], &units), ==, found);
        g_free(found > 0 ? units : NULL);
    }
    g_free(gone);
}

/* Is there a set of so many units without which nobody gets there? Tried up to two. */
static bool parts(const Map *map, const ComponentId *targets, uint32_t count, uint32_t size) {
    uint32_t n = map->c->model->unit_count;
    bool *gone = g_new0(bool, n + 1), found = size == 0 && !gets_to(map, targets, count, gone);
    for (UnitId a = 0; a < n && size > 0 && !found; a++) {
        gone[a] = true;
        found = size == 1 && !gets_to(map, targets, count, gone);
        for (UnitId b = a + 1; b < n && size == 2 && !found; b++) {
            gone[b] = true;
            found = !gets_to(map, targets, count, gone);
            gone[b] = false;
        }
        gone[a] = false;
    }
    g_free(gone);
    return found;
}

static void check_cut(const Map *map, const ComponentId *targets, uint32_t count) {
    const City *c = map->c;
    uint32_t *units, found = reach_minimum_cut(c->r->reach, c->r->state, targets, count, &units);
    bool *gone = g_new0(bool, c->model->unit_count + 1);
    for (uint32_t i = 0; i < found; i++) {
        g_assert_true(i == 0 || units[i - 1] < units[i]);
        gone[units[i]] = true;
    }
    g_assert_false(gets_to(map, targets, count, gone));
    for (uint32_t size = 0; size < MIN(found, 3); size++)
        g_assert_false(parts(map, targets, count, size));
    cuts_seen[MIN(found, 3)]++;
    g_free(gone);
    g_free(units);
}

static void check_flows(const City *c, Draw *luck) {
    Map map = {c, g_new0(bool, c->count * c->count + 1)};
    for (uint32_t f = 0; f < c->model->flow_count; f++)
        flow_add(&map, &c->model->flows[f]);
    for (int i = 0; i < 5; i++) {
        ComponentId targets[2] = {(ComponentId)draw_below(luck, c->model->component_count),
                                  (ComponentId)draw_below(luck, c->model->component_count)};
        uint32_t count = 1 + (i == 4);
        bool users = city_is(&c->model->components[targets[0]], "users") ||
                     city_is(&c->model->components[targets[1]], "users"); /* who are there already */
        if (users)
            continue;
        check_points(&map, targets, count);
        check_cut(&map, targets, count);
    }
    g_free(map.steps);
}

/* ---- chains, whoever means them ------------------------------------------------------------------------------------
 */
/* leads[a * (n + 1) + b], by component; the internet is n. */
typedef struct {
    const City *c;
    uint32_t n;
    bool *leads;
} Chains;

static bool at_some_port(const City *c, ClassId from, ClassId to) {
    Ports ports = city_answers_on(c, c->classes[to].component);
    for (uint32_t i = 0; i < ports.count; i++)
        if (city_ask(c, from, to, (Protocol)(ports.at[i] >> 16), (uint16_t)ports.at[i]).kind == VERDICT_REACH)
            return true;
    return false;
}

static Chains chains_of(const City *c) {
    Chains chains = {c, c->model->component_count, NULL};
    chains.leads = g_new0(bool, (chains.n + 1) * (chains.n + 1));
    for (uint32_t i = 0; i <= c->count; i++)
        for (ClassId to = 0; to < c->count; to++) {
            uint32_t a = i < c->count ? c->classes[i].component : chains.n, b = c->classes[to].component;
            if (a != b && !chains.leads[a * (chains.n + 1) + b])
                chains.leads[a * (chains.n + 1) + b] = at_some_port(c, city_source(c, i), to);
        }
    return chains;
}

/* Users, names and what others run are no stepping stones; a service behind an API connects to nobody. */
static bool is_stone(const Chains *chains, uint32_t id, bool goes_on) {
    if (id == chains->n)
        return true;
    const Kind *kind = chains->c->model->components[id].kind;
    bool outside = kind->passage.attachment == ATTACH_OUTSIDE || strcmp(kind->name, "dns") == 0;
    return !outside && !(goes_on && kind->passage.attachment == ATTACH_SERVICE);
}

/* Length of the shortest chain without that stone; 0: none. */
static uint32_t shortest(const Chains *chains, uint32_t from, uint32_t to, uint32_t without) {
    uint32_t n = chains->n + 1, *length = g_new0(uint32_t, n);
    length[from] = 1;
    for (uint32_t round = 1; round < n; round++)
        for (uint32_t a = 0; a < n; a++)
            for (uint32_t b = 0; b < n && length[a] == round && a != to && (a == from || is_stone(chains, a, true));
                 b++)
                if (chains->leads[a * n + b] && length[b] == 0 && b != without &&
                    (b == to || is_stone(chains, b, false)))
                    length[b] = round + 1;
    uint32_t found = length[to];
    g_free(length);
    return found;
}

static uint32_t long_chains, chokes;

static void check_chain(const Chains *chains, uint32_t from, uint32_t to) {
    const City *c = chains->c;
    ComponentId start = from == chains->n ? NO_COMPONENT : from, *points;
    ReachChain *found;
    uint32_t length = shortest(chains, from, to, UINT32_MAX), expected = 0;
    uint32_t count = reach_chains(c->r->reach, c->r->state, start, to, 3, &found);
    g_assert_cmpint(count > 0, ==, length > 0);
    for (uint32_t i = 0; i < count; i++) {
        g_assert_true(i == 0 ? found[i].count == length : found[i].count >= found[i - 1].count);
        g_assert_true(found[i].steps[0] == start && found[i].steps[found[i].count - 1] == to);
        for (uint32_t k = 1; k < found[i].count; k++) {
            uint32_t a = found[i].steps[k - 1] == NO_COMPONENT ? chains->n : found[i].steps[k - 1];
            uint32_t b = found[i].steps[k] == NO_COMPONENT ? chains->n : found[i].steps[k];
            g_assert_true(chains->leads[a * (chains->n + 1) + b]);
        }
    }
    uint32_t choked = reach_choke_points(c->r->reach, c->r->state, start, to, &points);
    for (uint32_t id = 0; id < chains->n && length > 0; id++)
        if (id != from && id != to && shortest(chains, from, to, id) == 0) {
            g_assert_cmpuint(expected, <, choked);
            g_assert_cmpuint(points[expected++], ==, id);
        }
    g_assert_cmpuint(choked, ==, expected);
    long_chains += length > 2;
    chokes += choked;
    g_free(points);
    reach_chains_free(found, count);
}

/* Carried by the gateway: with it down the connection is gone. */
static bool is_carried(const City *c, const Query *query, ComponentId gateway) {
    NetState *down = netstate_copy(c->r->state);
    for (UnitId u = 0; u < c->model->unit_count; u++)
        if (c->model->units[u].component == gateway)
            netstate_unit_down(down, u, true);
    bool gone = reach_verdict(c->r->reach, down, *query).kind != VERDICT_REACH;
    netstate_free(down);
    return gone;
}

static bool step_beside(const City *c, ClassId from, ClassId to, const Ports *ports, ComponentId via) {
    for (uint32_t i = 0; i < ports->count; i++) {
        Query query = {
            .from = from, .to = to, .protocol = (Protocol)(ports->at[i] >> 16), .port = (uint16_t)ports->at[i]};
        if (reach_verdict(c->r->reach, c->r->state, query).kind == VERDICT_REACH &&
            !(city_is(&c->model->components[via], "nat_gateway") && is_carried(c, &query, via)))
            return true;
    }
    return false;
}

static uint32_t shortest_beside(const City *c, uint32_t from, uint32_t to, Ports last, ComponentId via) {
    Chains chains = {c, c->model->component_count, NULL};
    uint32_t n = chains.n + 1;
    chains.leads = g_new0(bool, n *n);
    for (uint32_t i = 0; i <= c->count; i++)
        for (uint32_t k = 0; k <= c->count; k++) {
            uint32_t a = i < c->count ? c->classes[i].component : chains.n,
                     b = k < c->count ? c->classes[k].component : chains.n;
            bool inner =
                (a == from || a != chains.n) && (b == to || b != chains.n); /* the internet is an end or no part */
            if (a == b || !inner || a == via || b == via || a == to || (b != to && !is_stone(&chains, b, false)) ||
                (a != from && !is_stone(&chains, a, true)) || chains.leads[a * n + b])
                continue;
            Ports ports = b == to ? last : city_answers_on(c, b);
            chains.leads[a * n + b] = step_beside(c, city_source(c, i), city_source(c, k), &ports, via);
        }
    uint32_t length = from == via ? 0 : shortest(&chains, from, to, via);
    g_free(chains.leads);
    return length;
}

static uint32_t besides, blocked;

static void check_beside(const City *c, uint32_t from, uint32_t to, ComponentId via) {
    static const uint16_t asked[] = {443, 8080, 5432};
    Query last = {.protocol = PROTOCOL_TCP, .port = asked[(from + to) % G_N_ELEMENTS(asked)]};
    Ports ports = {{(uint32_t)PROTOCOL_TCP << 16 | last.port}, 1};
    uint32_t n = c->model->component_count;
    ReachChain chain;
    bool found = reach_chain_beside(c->r->reach, c->r->state, from == n ? NO_COMPONENT : from,
                                    to == n ? NO_COMPONENT : to, last, &via, 1, &chain);
    uint32_t expected = shortest_beside(c, from, to, ports, via);
    g_assert_cmpuint(chain.count, ==, expected);
    g_assert_cmpint(found, ==, expected > 0);
    for (uint32_t i = 0; i < chain.count; i++)
        g_assert_cmpuint(chain.steps[i], !=, via);
    besides += found;
    blocked += !found;
    g_free(chain.steps);
}

static void check_chains(const City *c, Draw *luck) {
    Chains chains = chains_of(c);
    for (int i = 0; i < TRIED_PAIRS; i++) {
        uint32_t from = (uint32_t)draw_below(luck, chains.n + 1), to = (uint32_t)draw_below(luck, chains.n),
                 via = (uint32_t)draw_below(luck, chains.n);
        if (from != to)
            check_chain(&chains, i % 2 ? from : chains.n, to);
        uint32_t end = i % 4 == 3 ? chains.n : to;
        if (i % 4 == 1) /* what carries others */
            for (via = 0; !city_is(&c->model->components[via], "nat_gateway");)
                via++;
        if (from != end && from != via && end != via)
            check_beside(c, from, end, via);
    }
    g_free(chains.leads);
}

static void test_ways(void) {
    Stream stream = luck_stream((Luck){16, 0}, "test_city_ways", "cities");
    for (uint64_t n = 0; n < CITIES; n++) {
        Draw luck = stream_draw(&stream, n);
        Opened r;
        City c = city_open(&r, &luck);
        if (n % 4 == 1)
            netstate_isolate(r.state, (ComponentId)draw_below(&luck, r.model->component_count), true);
        check_flows(&c, &luck);
        check_chains(&c, &luck);
        opened_close(&r);
    }
    g_test_message("points %u, cuts of none %u, one %u, two %u, more %u", points_seen, cuts_seen[0], cuts_seen[1],
                   cuts_seen[2], cuts_seen[3]);
    g_test_message("long chains %u, choke points %u, beside %u, blocked %u", long_chains, chokes, besides, blocked);
    g_assert_true(points_seen > 40 && cuts_seen[1] > 10 && cuts_seen[2] > 5 && long_chains > 40 && chokes > 20 &&
                  besides > 50 && blocked > 50);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/city/ways", test_ways);
    return g_test_run();
}
