/* test_chains.c - is there a way around? Chains beside a component, against a search of our own on random networks. */
#include <glib.h>

#include "reach/reach.h"
#include "tests/unit/reach/drafted.h"
#include "tests/unit/reach/maker.h"

/* ---- by hand: what carries a connection is passed, too -------------------------------------------------------------
 */
static const char site[] = "network v us-east-1 10.0.0.0/16 gateway\n"
                           "subnet v.pub us-east-1a 10.0.0.0/24\nsubnet v.a us-east-1a 10.0.1.0/24\n"
                           "nat n v.pub\nroute v.pub 0.0.0.0/0 gateway\nroute v.a 0.0.0.0/0 nat n\n"
                           "group v lb\ngroup v web\ngroup v db\n"
                           "rule lb in tcp/443 internet\nrule web in tcp/8080 @lb\nrule db in tcp/5432 @web\n"
                           "host lb v.pub lb tcp/443 public\nhost web v.a web tcp/8080\nhost db v.a db tcp/5432\n";

static ComponentId named(const Drafted *s, const char *name) {
    return g_str_equal(name, "internet") ? NO_COMPONENT : draft_component(s->model, name);
}

/* "internet lb web", or "" when there is no chain beside `via`. */
static void assert_beside(const char *text, const char *from, const char *to, uint16_t port, const char *via,
                          const char *expected) {
    Drafted s;
    drafted_open(&s, text, NULL);
    ComponentId avoided = named(&s, via);
    ReachChain chain;
    Query last = {.protocol = PROTOCOL_TCP, .port = port};
    bool found = reach_chain_beside(s.reach, s.state, named(&s, from), named(&s, to), last, &avoided, 1, &chain);
    GString *steps = g_string_new(NULL);
    for (uint32_t i = 0; i < chain.count; i++)
        g_string_append_printf(steps, "%s%s", i > 0 ? " " : "",
                               chain.steps[i] == NO_COMPONENT ? "internet" : s.model->components[chain.steps[i]].label);
    g_assert_cmpstr(steps->str, ==, expected);
    g_assert_cmpint(found, ==, chain.count > 0);
    g_string_free(steps, TRUE);
    g_free(chain.steps);
    drafted_close(&s);
}

static void test_beside(void) {
    assert_beside(site, "internet", "db", 5432, "n", "internet lb web db"); /* nobody comes in through it */
    assert_beside(site, "internet", "db", 5432, "lb", "");
    assert_beside(site, "internet", "db", 5432, "web", "");
    assert_beside(site, "web", "db", 5432, "web", ""); /* nor beside where it begins or ends */
    assert_beside(site, "web", "db", 5432, "db", "");
    assert_beside(site, "internet", "db", 5433, "n", ""); /* the last one is asked at its own port */
    assert_beside(site, "web", "internet", 443, "n",
                  "web lb internet"); /* not by what carries it, though nobody connects to it */
    assert_beside(site, "lb", "internet", 443, "n", "lb internet");
    assert_beside(site, "web", "internet", 443, "lb", "web internet");
    assert_beside(site, "web", "db", 5432, "lb", "web db");
    assert_beside(site, "db", "web", 8080, "lb", ""); /* not out to the internet and in again */
}

/* ---- at random -----------------------------------------------------------------------------------------------------
 */
static bool connects(const Drafted *s, ClassId from, ClassId to, const PortSet *ports) {
    for (uint32_t i = 0; i < ports->count; i++) {
        Query query = {
            .from = from, .to = to, .protocol = (Protocol)ports->range[i].protocol, .port = ports->range[i].first};
        if (reach_verdict(s->reach, s->state, query).kind == VERDICT_REACH)
            return true;
    }
    return false;
}

/* Does some class of one component (its count: the internet) connect to some class of another? */
static bool leads(const Drafted *s, uint32_t from, uint32_t to, const PortSet *ports) {
    const EndpointClass *classes;
    uint32_t count = reach_classes(s->reach, &classes);
    for (uint32_t a = 0; a <= count; a++)
        for (uint32_t b = 0; b < count; b++)
            if ((a < count ? classes[a].component : s->model->component_count) == from && classes[b].component == to &&
                connects(s, a < count ? a : CLASS_INTERNET, b, ports))
                return true;
    return false;
}

static bool is_stone(const Drafted *s, uint32_t id) {
    return s->model->components[id].kind->role == ROLE_COMPUTE || s->model->components[id].kind->role == ROLE_EDGE;
}

/* Components on the shortest chain, both ends included; 0: none. Everything but the last step is at listened ports. */
static uint32_t shortest(const Drafted *s, uint32_t from, uint32_t to, uint16_t port, uint32_t via) {
    uint32_t n = s->model->component_count + 1, *length = g_new0(uint32_t, n);
    PortSet last = {.range = {{PROTOCOL_TCP, port, port}}, .count = 1};
    length[from] = from == via ? 0 : 1;
    for (uint32_t round = 1; round < n; round++)
        for (uint32_t a = 0; a < n; a++)
            for (uint32_t b = 0; b + 1 < n && length[a] == round && a != to; b++)
                if (length[b] == 0 && a != b && b != via && (b == to || is_stone(s, b)) &&
                    leads(s, a, b, b == to ? &last : &s->model->components[b].listens))
                    length[b] = round + 1;
    uint32_t found = length[to];
    g_free(length);
    return found;
}

static bool check_way(const Drafted *s, uint32_t from, ComponentId to, uint16_t port, ComponentId via) {
    ReachChain chain;
    Query last = {.protocol = PROTOCOL_TCP, .port = port};
    ComponentId start = from == s->model->component_count ? NO_COMPONENT : from;
    bool found = reach_chain_beside(s->reach, s->state, start, to, last, &via, 1, &chain);
    uint32_t expected = shortest(s, from, to, port, via);
    g_assert_cmpint(found, ==, expected > 0);
    g_assert_cmpuint(chain.count, ==, expected);
    for (uint32_t i = 0; i < chain.count; i++)
        g_assert_cmpuint(chain.steps[i], !=, via);
    g_free(chain.steps);
    return expected > 2;
}

static void test_random(void) {
    uint32_t longer = 0;
    Stream stream = luck_stream((Luck){6, 0}, "chains", "networks");
    for (uint64_t i = 0; i < 60; i++) {
        Draw luck = stream_draw(&stream, i);
        GPtrArray *lines = maker_network(&luck);
        Drafted s = {.draft = maker_build(lines, UINT_MAX)};
        s.model = draft_model(s.draft);
        s.reach = reach_new(s.model);
        s.state = netstate_new(s.model);
        for (ComponentId to = 0; to < s.model->component_count; to++)
            for (ComponentId via = 0; via < s.model->component_count; via++)
                for (uint32_t from = 0; from <= s.model->component_count && is_stone(&s, to); from += 2)
                    if (from != to && via != to && via != from && is_stone(&s, via))
                        longer += check_way(&s, from, to, via % 2 == 0 ? 80 : 443, via);
        drafted_close(&s);
        g_ptr_array_free(lines, TRUE);
    }
    g_assert_cmpuint(longer, >, 20); /* ways with a stepping stone, or nothing was shown */
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/chains/beside", test_beside);
    g_test_add_func("/chains/random", test_random);
    return g_test_run();
}
