/* test_refresh.c - rolling replacement of a group's machines, weights that are moved, and sessions that stick. */
#include <string.h>

#include "tests/unit/kinds/group.h"

extern const Kind kind_load_balancer, kind_dns;

#define FOUR "count: {min: 4, start: 4, max: 8}, boot: 50 s, " QUIET

static Order refresh(int64_t percent, int64_t settle, bool surge) {
    return (Order){.act = ACT_REFRESH, .share = percent * 10000000, .settle = SIMTIME_S(settle), .surge = surge};
}

/* One at a time: gone at once, its successor serves after its boot time, and the next follows when that has settled. */
static void test_one_by_one(void) {
    Group group = group_new("{" FOUR "}", 8, 2);
    group_let_pass(&group, 600);
    fake_order(group.fake, group.web, refresh(25, 60, false));
    for (int machine = 0; machine < 4; machine++) {
        g_assert_cmpuint(group_serving(&group), ==, 3);
        g_assert_cmpuint(fake_count(group.fake, group.web, UNIT_BOOTING), ==, 1);
        group_let_pass(&group, 50);
        g_assert_cmpuint(group_serving(&group), ==, 4);
        group_let_pass(&group, 60);
    }
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 4);
    g_assert_cmpuint(fake_facts(group.fake, FACT_DRIFTED), ==, 4);
    group_let_pass(&group, 3600);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 4); /* once is enough */
    fake_free(group.fake);
}

/* New ones first: never fewer than there were. */
static void test_surge(void) {
    Group group = group_new("{" FOUR "}", 8, 2);
    fake_order(group.fake, group.web, refresh(50, 60, true));
    g_assert_cmpuint(group_serving(&group), ==, 4);
    g_assert_cmpuint(fake_count(group.fake, group.web, UNIT_BOOTING), ==, 2);
    for (int step = 0; step < 60; step++) {
        group_let_pass(&group, 10);
        g_assert_cmpuint(group_serving(&group), >=, 4);
        g_assert_cmpuint(group_serving(&group), <=, 6);
    }
    g_assert_cmpuint(group_serving(&group), ==, 4);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 4);
    fake_free(group.fake);
}

/* A share that does not come up stops it: the rest is not touched. */
static void test_waits_for_health(void) {
    Group group = group_new("{count: {min: 4, start: 4, max: 4}, boot: 50 s, replace: no, " QUIET "}", 4, 1);
    fake_order(group.fake, group.web, refresh(25, 60, false));
    fake_control(group.fake, group.region, false);
    group_let_pass(&group, 600);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 1);
    fake_control(group.fake, group.region, true);
    group_let_pass(&group, 3600);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 4);
    fake_free(group.fake);
}

/* By itself, every half hour. */
static void test_by_itself(void) {
    Group group = group_new("{" FOUR ", refresh: {every: 30 min, batch: 100 %}}", 8, 2);
    group_let_pass(&group, 1799);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 0);
    group_let_pass(&group, 1);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 4);
    group_let_pass(&group, 1800);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 8);
    fake_free(group.fake);
}

/* ---- weights -------------------------------------------------------------------------------------------------------
 */

typedef struct {
    Fake *fake;
    PlaceId zone;
    ComponentId balancer, blue, green;
    UnitId node, first[2];
} Colours;

static Colours colours_new(const char *keys) {
    Colours c = {.fake = fake_new(8)};
    PlaceId region = fake_place(c.fake, "region");
    c.zone = fake_place(c.fake, "zone");
    c.blue = fake_component(c.fake, "blue", &fake_plain, NULL, region);
    for (int u = 0; u < 2; u++)
        c.first[0] = fake_unit(c.fake, c.blue, c.zone) - (UnitId)u;
    c.green = fake_component(c.fake, "green", &fake_plain, NULL, region);
    for (int u = 0; u < 2; u++)
        c.first[1] = fake_unit(c.fake, c.green, c.zone) - (UnitId)u;
    c.balancer = fake_component(c.fake, "lb", &kind_load_balancer, keys, region);
    c.node = fake_unit(c.fake, c.balancer, c.zone);
    fake_target(c.fake, c.balancer, c.blue);
    fake_target(c.fake, c.balancer, c.green);
    fake_start(c.fake);
    return c;
}

/* Of a thousand requests. */
static uint32_t to_green(Colours *c) {
    uint32_t green = 0;
    for (uint32_t number = 0; number < 1000; number++)
        green += fake_request(c->fake, c->node, fake_request_of(c->fake, number)).unit >= c->first[1];
    return green;
}

static Order shift(const Colours *c, int64_t percent) {
    return (Order){.act = ACT_SHIFT, .from = c->blue, .to = c->green, .share = percent * 10000000};
}

static void test_switch(void) {
    Colours c = colours_new("{weights: [1, 0]}");
    g_assert_cmpuint(to_green(&c), ==, 0);
    fake_order(c.fake, c.balancer, shift(&c, 10));
    uint32_t canary = to_green(&c);
    g_assert_cmpuint(canary, >, 70); /* 100 +- 3 sigma of 9.5 */
    g_assert_cmpuint(canary, <, 130);
    fake_order(c.fake, c.balancer, shift(&c, 100));
    g_assert_cmpuint(to_green(&c), ==, 1000);
    fake_order(c.fake, c.balancer, shift(&c, 0));
    g_assert_cmpuint(to_green(&c), ==, 0);
    fake_free(c.fake);
}

/* Who weighs everything but is dead gets nothing: the other one stands in. */
static void test_weights_and_health(void) {
    Colours c = colours_new("{weights: [1, 0]}");
    fake_down(c.fake, c.first[0]);
    fake_down(c.fake, c.first[0] + 1);
    fake_advance(c.fake, SIMTIME_S(600));
    g_assert_cmpuint(to_green(&c), ==, 1000);
    fake_free(c.fake);
}

static void test_weights_that_are_none(void) {
    char *found = fake_check(&kind_load_balancer, "{weights: [1, many]}");
    g_assert_nonnull(strstr(found, "many is no weight"));
    g_free(found);
}

/* Back to where it was, while that may be used. */
static void test_sticky(void) {
    Colours c = colours_new("{sticky: yes}");
    Request request = fake_request_of(c.fake, 1);
    for (int turn = 0; turn < 20; turn++) {
        request.home = c.first[1] + 1;
        g_assert_cmpuint(fake_request(c.fake, c.node, request).unit, ==, c.first[1] + 1);
    }
    fake_down(c.fake, c.first[1] + 1);
    fake_advance(c.fake, SIMTIME_S(600));
    g_assert_cmpuint(fake_request(c.fake, c.node, request).unit, !=, c.first[1] + 1);
    fake_free(c.fake);
}

/* ---- names ---------------------------------------------------------------------------------------------------------
 */

typedef struct {
    Fake *fake;
    PlaceId here;
    ComponentId name, near, far;
    UnitId units[2];
} Names;

static Names names_new(const char *keys) {
    Names n = {.fake = fake_new(9)};
    PlaceId near = fake_place(n.fake, "near"), far = fake_place(n.fake, "far");
    n.here = fake_place(n.fake, "here");
    fake_distance(n.fake, n.here, near, SIMTIME_MS(10));
    fake_distance(n.fake, n.here, far, SIMTIME_MS(80));
    n.far = fake_component(n.fake, "a", &fake_plain, NULL, far);
    n.units[1] = fake_unit(n.fake, n.far, far);
    n.near = fake_component(n.fake, "b", &fake_plain, NULL, near);
    n.units[0] = fake_unit(n.fake, n.near, near);
    n.name = fake_component(n.fake, "dns", &kind_dns, keys, NO_PLACE);
    fake_unit(n.fake, n.name, NO_PLACE);
    fake_target(n.fake, n.name, n.far);
    fake_target(n.fake, n.name, n.near);
    fake_start(n.fake);
    return n;
}

/* The nearest while it has room; then the other; when both are full, the one with less to do. */
static void test_utilisation(void) {
    Names n = names_new("{policy: utilisation, utilisation: {every: 60 s, capacity: 10/s, above: 50 %}}");
    g_assert_cmpuint(fake_resolve(n.fake, n.name, n.here, 0).target, ==, n.near);
    fake_met(n.fake, n.near, 301); /* of 300 that would be half of what it can take in a minute */
    fake_advance(n.fake, SIMTIME_S(60));
    g_assert_cmpuint(fake_resolve(n.fake, n.name, n.here, 1).target, ==, n.far);
    fake_met(n.fake, n.near, 301 + 300);
    fake_advance(n.fake, SIMTIME_S(120));
    g_assert_cmpuint(fake_resolve(n.fake, n.name, n.here, 2).target, ==, n.near);
    fake_met(n.fake, n.near, 601 + 500);
    fake_met(n.fake, n.far, 400);
    fake_advance(n.fake, SIMTIME_S(180));
    g_assert_cmpuint(fake_resolve(n.fake, n.name, n.here, 3).target, ==, n.far);
    fake_free(n.fake);
}

/* It went to the other one and stays there, until that fails too. */
static void test_no_way_back(void) {
    Names n = names_new("{policy: failover, primary: near, fails_back: no}");
    g_assert_cmpuint(fake_resolve(n.fake, n.name, n.here, 0).target, ==, n.near);
    fake_down(n.fake, n.units[0]);
    fake_advance(n.fake, SIMTIME_S(600));
    g_assert_cmpuint(fake_resolve(n.fake, n.name, n.here, 1).target, ==, n.far);
    fake_up(n.fake, n.units[0]);
    fake_advance(n.fake, SIMTIME_S(1200));
    g_assert_cmpuint(fake_resolve(n.fake, n.name, n.here, 2).target, ==, n.far);
    fake_down(n.fake, n.units[1]);
    fake_advance(n.fake, SIMTIME_S(1800));
    g_assert_cmpuint(fake_resolve(n.fake, n.name, n.here, 3).target, ==, n.near);
    fake_free(n.fake);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/refresh/one-by-one", test_one_by_one);
    g_test_add_func("/refresh/surge", test_surge);
    g_test_add_func("/refresh/waits-for-health", test_waits_for_health);
    g_test_add_func("/refresh/by-itself", test_by_itself);
    g_test_add_func("/weights/switch", test_switch);
    g_test_add_func("/weights/health", test_weights_and_health);
    g_test_add_func("/weights/none", test_weights_that_are_none);
    g_test_add_func("/sticky", test_sticky);
    g_test_add_func("/names/utilisation", test_utilisation);
    g_test_add_func("/names/no-way-back", test_no_way_back);
    return g_test_run();
}
