/* test_structure.c - least cuts by hand; chains, choke points and disjoint chains against a search of our own on random
 * networks. */
#include <glib.h>
#include <string.h>

#include "reach/reach.h"
#include "tests/unit/reach/drafted.h"
#include "tests/unit/reach/maker.h"

/* ---- least cuts ----------------------------------------------------------------------------------------------------
 */
static const char site[] = "outside europe\n"
                           "network v us-east-1 10.0.0.0/16 gateway\n"
                           "subnet v.pub-a us-east-1a 10.0.0.0/24\nsubnet v.pub-b us-east-1b 10.0.1.0/24\n"
                           "subnet v.app-a us-east-1a 10.0.2.0/24\nsubnet v.app-b us-east-1b 10.0.3.0/24\n"
                           "route v.pub-a 0.0.0.0/0 gateway\nroute v.pub-b 0.0.0.0/0 gateway\n"
                           "group v lb\ngroup v web\n"
                           "rule lb in tcp/443 internet\nrule web in tcp/8080 @lb\n"
                           "host lb v.pub-a,v.pub-b lb tcp/443 public to=8080\n"
                           "users u europe\n"
                           "host web v.app-a,v.app-b web tcp/8080 units=2\n"
                           "flow visit u lb web\n";

static void assert_cut(const char *text, const char *target, const char *cut) {
    Drafted at;
    drafted_open(&at, text, NULL);
    ComponentId id = draft_component(at.model, target);
    uint32_t *units = NULL, count = reach_minimum_cut(at.reach, at.state, &id, 1, &units);
    GString *found = g_string_new(NULL);
    for (uint32_t i = 0; i < count; i++) {
        char *name = model_unit_name(at.model, units[i]);
        g_string_append_printf(found, "%s%s", i > 0 ? " " : "", name);
        g_free(name);
    }
    g_assert_cmpstr(found->str, ==, cut);
    g_string_free(found, TRUE);
    g_free(units);
    drafted_close(&at);
}

static void test_cut(void) {
    assert_cut(site, "web", "lb/0 lb/1"); /* two balancer nodes, the nearest of the least */
    char *waf = g_strconcat(site, "edge waf -\nflow guarded u waf lb web\n", NULL);
    assert_cut(waf, "web", "lb/0 lb/1"); /* the way beside the WAF is still there */
    g_free(waf);
    char **lines = g_strsplit(site, "rule lb in tcp/443 internet\n", 2);
    char *closed = g_strjoinv("", lines);
    assert_cut(closed, "web", ""); /* nobody gets there as it is */
    g_free(closed);
    g_strfreev(lines);
}

/* Two units of one class: each user passes the class, but no single unit. */
static const char paired[] = "outside europe\n"
                             "network v us-east-1 10.0.0.0/16 gateway\n"
                             "subnet v.pub us-east-1a 10.0.0.0/24\nsubnet v.app us-east-1a 10.0.2.0/24\n"
                             "route v.pub 0.0.0.0/0 gateway\n"
                             "group v lb\ngroup v web\n"
                             "rule lb in tcp/443 internet\nrule web in tcp/8080 @lb\n"
                             "host lb v.pub lb tcp/443 public to=8080 units=2\n"
                             "users u europe\n"
                             "host web v.app web tcp/8080 units=3\n"
                             "flow visit u lb web\n";

static void test_pair(void) {
    assert_cut(paired, "web", "lb/0 lb/1");
    Drafted at;
    drafted_open(&at, paired, NULL);
    uint32_t *units = NULL, count = reach_single_points(at.reach, at.state, draft_component(at.model, "web"), &units);
    for (uint32_t i = 0; i < count; i++)
        g_assert_cmpuint(at.model->units[units[i]].component, ==, draft_component(at.model, "u"));
    g_free(units);
    drafted_close(&at);
}

/* ---- chains --------------------------------------------------------------------------------------------------------
 */
/* leads[a * (n + 1) + b]: a connects to b; the internet is n. */
typedef struct {
    uint32_t count;
    bool *leads;
} Map;

static bool some_port_connects(const Model *model, const Reach *reach, const NetState *state, ClassId from, ClassId to,
                               ComponentId server) {
    const PortSet *listens = &model->components[server].listens;
    for (uint32_t i = 0; i < listens->count; i++) {
        Query query = {
            .from = from, .to = to, .protocol = (Protocol)listens->range[i].protocol, .port = listens->range[i].first};
        if (reach_verdict(reach, state, query).kind == VERDICT_REACH)
            return true;
    }
    return false;
}

static Map map_of(const Model *model, const Reach *reach, const NetState *state) {
    Map map = {model->component_count, g_new0(bool, (model->component_count + 1) * (model->component_count + 1))};
    const EndpointClass *classes;
    uint32_t count = reach_classes(reach, &classes);
    for (uint32_t a = 0; a <= count; a++)
        for (uint32_t b = 0; b < count; b++) {
            uint32_t client = a < count ? classes[a].component : map.count, server = classes[b].component;
            if (client != server && some_port_connects(model, reach, state, a < count ? a : CLASS_INTERNET, b, server))
                map.leads[client * (map.count + 1) + server] = true;
        }
    return map;
}

static bool is_stone(const Model *model, uint32_t id) {
    return id == model->component_count || model->components[id].kind->role == ROLE_COMPUTE ||
           model->components[id].kind->role == ROLE_EDGE;
}

/* Length of the shortest chain that does not step on `without`; 0: there is none. */
static uint32_t shortest(const Model *model, const Map *map, uint32_t from, uint32_t to, uint32_t without) {
    uint32_t n = map->count + 1, *length = g_new0(uint32_t, n);
    length[from] = 1;
    for (uint32_t round = 1; round < n; round++)
        for (uint32_t a = 0; a < n; a++)
            for (uint32_t b = 0; b < n && length[a] == round && a != to; b++)
                if (map->leads[a * n + b] && length[b] == 0 && b != without && (b == to || is_stone(model, b)))
                    length[b] = round + 1;
    uint32_t found = length[to];
    g_free(length);
    return found;
}

static void check_pair(const Model *model, const Reach *reach, const NetState *state, const Map *map, uint32_t from,
                       uint32_t to) {
    ComponentId start = from == map->count ? NO_COMPONENT : from, *points = NULL;
    ReachChain *chains;
    uint32_t chain_count = reach_chains(reach, state, start, to, 1, &chains);
    uint32_t length = shortest(model, map, from, to, UINT32_MAX);
    g_assert_cmpuint(chain_count, ==, length > 0);
    if (length > 0)
        g_assert_cmpuint(chains[0].count, ==, length);
    uint32_t point_count = reach_choke_points(reach, state, start, to, &points), expected = 0;
    for (uint32_t c = 0; c < map->count && length > 0; c++) {
        if (c == from || c == to || shortest(model, map, from, to, c) > 0)
            continue;
        g_assert_cmpuint(expected, <, point_count);
        g_assert_cmpuint(points[expected], ==, c);
        expected++;
    }
    g_assert_cmpuint(point_count, ==, expected);
    uint32_t disjoint = reach_disjoint_chains(reach, state, start, to);
    g_assert_cmpint(disjoint > 0, ==, length > 0);
    if (point_count > 0)
        g_assert_cmpuint(disjoint, ==, 1);
    g_free(points);
    reach_chains_free(chains, chain_count);
}

static void test_chains(void) {
    uint32_t seen = 0;
    Stream stream = luck_stream((Luck){5, 0}, "structure", "networks");
    for (uint64_t i = 0; i < 300; i++) {
        Draw luck = stream_draw(&stream, i);
        GPtrArray *lines = maker_network(&luck);
        Draft *draft = maker_build(lines, UINT_MAX);
        const Model *model = draft_model(draft);
        Reach *reach = reach_new(model);
        NetState *state = netstate_new(model);
        Map map = map_of(model, reach, state);
        for (uint32_t to = 0; to < map.count; to++) {
            if (model->components[to].kind->role != ROLE_COMPUTE)
                continue;
            check_pair(model, reach, state, &map, map.count, to);
            seen += shortest(model, &map, map.count, to, UINT32_MAX) > 2;
        }
        g_free(map.leads);
        netstate_free(state);
        reach_free(reach);
        draft_free(draft);
        g_ptr_array_free(lines, TRUE);
    }
    g_assert_cmpuint(seen, >, 20); /* chains with a stepping stone, or nothing was shown */
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reach/structure/cut", test_cut);
    g_test_add_func("/reach/structure/pair", test_pair);
    g_test_add_func("/reach/structure/chains", test_chains);
    return g_test_run();
}
