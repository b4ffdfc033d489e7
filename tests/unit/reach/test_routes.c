/* test_routes.c - which entry of a route table decides, whatever order the table is in. */
#include <glib.h>

#include "base/luck.h"
#include "reach/reach_private.h"

enum { ENTRIES = 13 };

static Prefix of(const char *text) {
    Prefix prefix;
    char *why = NULL;
    g_assert_true(prefix_parse(text, &prefix, &why));
    return prefix;
}

/* The entries are told apart by `element`. */
static RouteTable table_of(Route *routes) {
    routes[0] = (Route){.to = of("10.0.0.0/16"), .target = ROUTE_LOCAL, .element = 1};
    routes[1] = (Route){.to = of("172.31.0.0/16"), .target = ROUTE_JOIN, .element = 2};
    routes[2] = (Route){.to = of("0.0.0.0/0"), .target = ROUTE_INTERNET_GATEWAY, .element = 3};
    routes[3] = (Route){.to = of("172.31.0.0/24"), .target = ROUTE_INTERNET_GATEWAY, .element = 4};
    routes[4] = (Route){.to = of("172.31.0.0/24"), .target = ROUTE_PRIVATE_GATEWAY, .element = 5, .propagated = true};
    routes[5] = (Route){.to = of("10.0.3.0/24"), .target = ROUTE_PRIVATE_GATEWAY, .element = 6, .propagated = true};
    routes[6] = (Route){.to = of("10.0.4.0/24"), .target = ROUTE_INTERFACE, .element = 7};
    routes[7] = (Route){.to = of("192.168.0.0/16"), .target = ROUTE_PRIVATE_GATEWAY, .element = 8, .propagated = true};
    routes[8] = routes[9] = routes[7];
    routes[8].via = 1;
    routes[8].element = 9;
    routes[9].via = 2;
    routes[9].element = 10;
    routes[10] = (Route){.to = of("172.31.0.0/24"), .target = ROUTE_BLACKHOLE, .element = 11, .from_list = true};
    routes[11] = (Route){.to = of("198.51.100.0/24"), .target = ROUTE_BLACKHOLE, .element = 12, .from_list = true};
    routes[12] = (Route){.to = of("198.51.100.0/24"), .target = ROUTE_JOIN, .element = 13, .propagated = true};
    return (RouteTable){.routes = routes, .route_count = ENTRIES};
}

static const struct {
    const char *to;
    uint32_t element;
} answers[] = {
    {"172.31.5.5", 2},     {"10.0.3.3", 1},    {"8.8.8.8", 3}, /* B-27; a learnt entry more specific than local */
    {"172.31.0.9", 4},                                         /* B-28: written beats learnt at equal length */
    {"10.0.4.9", 7},                                           /* a written one may be more specific than local */
    {"198.51.100.1", 12},                                      /* written by a list beats learnt, too */
    {"192.168.1.0/24", 9},                                     /* of those learnt, from the best line */
    {"172.31.0.0/16", 2},  {"10.0.0.0/15", 3}, {"::1", 0},
};

static void test_order(void) {
    Stream stream = luck_stream((Luck){1, 0}, "test_routes", "order");
    Join lines[] = {{.shape = JOIN_LINE, .facts.rank = 2}, {.shape = JOIN_LINE}, {.shape = JOIN_LINE, .facts.rank = 1}};
    Component component = {.unit_count = 1};
    uint8_t units[1] = {0};
    const Model model = {.joins = lines, .join_count = G_N_ELEMENTS(lines), .components = &component, .unit_count = 1};
    const NetState state = {.model = &model, .units = units};
    const Reach reach = {.model = &model};
    for (uint64_t round = 0; round < 200; round++) {
        Draw luck = stream_draw(&stream, round);
        Route routes[ENTRIES];
        RouteTable table = table_of(routes);
        for (uint32_t i = table.route_count - 1; i > 0; i--) {
            uint32_t k = (uint32_t)draw_below(&luck, i + 1);
            Route swap = routes[i];
            routes[i] = routes[k];
            routes[k] = swap;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
            Prefix to = of(answers[i].to);
            const Route *route = route_find(&reach, &state, &table, &to, NULL);
            g_assert_cmpuint(route != NULL ? route->element : 0, ==, answers[i].element);
        }
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/routes/order", test_order);
    return g_test_run();
}
