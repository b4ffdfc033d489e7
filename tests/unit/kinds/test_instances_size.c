/* test_instances_size.c - how many machines a group has, and where: zones that die and come back, boots, scaling. */
#include "tests/unit/kinds/group.h"

/* ---- Zones ---- */

static void test_zone_lost_and_back(void) {
    Group group = group_new("{count: {min: 4, start: 8, max: 8}, boot: 45 s, " QUIET "}", 16, 2);
    g_assert_cmpuint(group_in_zone(&group, 0, UNIT_SERVING), ==, 4);
    fake_zone(group.fake, group.zones[0], false);
    group_let_pass(&group, 60 + 45);
    g_assert_cmpuint(group_in_zone(&group, 1, UNIT_SERVING), ==, 8);
    g_assert_cmpuint(group_serving(&group), ==, 8);
    fake_zone(group.fake, group.zones[0], true);
    for (int s = 0; s < 60 + 4 * 45; s++) { /* launches before it retires */
        group_let_pass(&group, 1);
        g_assert_cmpuint(group_serving(&group), >=, 8);
        g_assert_cmpuint(group_serving(&group) + fake_count(group.fake, group.web, UNIT_BOOTING), <=, 9);
    }
    g_assert_cmpuint(group_in_zone(&group, 0, UNIT_SERVING), ==, 4);
    g_assert_cmpuint(group_in_zone(&group, 1, UNIT_SERVING), ==, 4);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 8);
    g_assert_cmpuint(fake_facts(group.fake, FACT_REBALANCED), ==, 2);
    assert_ns(fake_last(group.fake, FACT_REBALANCED)->at, fake_last(group.fake, FACT_SERVING)->at);
    fake_free(group.fake);
}

/* Three zones, one dies: the others share what it had. */
static void test_shares_out(void) {
    Group group = group_new("{count: {min: 6, start: 6, max: 6}, boot: 45 s, " QUIET "}", 18, 3);
    fake_zone(group.fake, group.zones[1], false);
    group_let_pass(&group, 60 + 45);
    g_assert_cmpuint(group_in_zone(&group, 0, UNIT_SERVING), ==, 3);
    g_assert_cmpuint(group_in_zone(&group, 2, UNIT_SERVING), ==, 3);
    fake_free(group.fake);
}

/* No room elsewhere: the group waits for the zone, and takes up its places again. */
static void test_no_room(void) {
    Group group = group_new("{count: {min: 4, start: 4, max: 4}, boot: 45 s, " QUIET "}", 4, 2);
    fake_zone(group.fake, group.zones[0], false);
    group_let_pass(&group, 600);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 0);
    g_assert_cmpuint(group_serving(&group), ==, 2);
    fake_zone(group.fake, group.zones[0], true);
    group_let_pass(&group, 60 + 45);
    g_assert_cmpuint(group_serving(&group), ==, 4);
    fake_free(group.fake);
}

/* A zone dies under a machine that boots: the next status check finds it, and its boot's end means nothing any more. */
static void test_zone_dies_under_boot(void) {
    Group group = group_new("{count: {min: 2, start: 2, max: 4}, boot: 200 s, " QUIET "}", 4, 2);
    fake_down(group.fake, group.first);
    group_let_pass(&group, 60);
    g_assert_cmpuint(group_in_zone(&group, 0, UNIT_BOOTING), ==, 1);
    UnitId booting = fake_last(group.fake, FACT_LAUNCHING)->unit;
    fake_zone(group.fake, group.zones[0], false);
    group_let_pass(&group, 60);
    g_assert_cmpuint(fake_last(group.fake, FACT_NOTICED)->unit, ==, booting);
    g_assert_cmpuint(group_in_zone(&group, 1, UNIT_BOOTING), ==, 1);
    g_assert_cmpint(fake_state_of(group.fake, booting), ==, UNIT_ABSENT);
    group_let_pass(&group, 199);
    g_assert_cmpuint(fake_facts(group.fake, FACT_SERVING), <=, 1);
    g_assert_cmpuint(group_in_zone(&group, 1, UNIT_SERVING), ==, 2);
    g_assert_cmpint(fake_state_of(group.fake, booting), ==, UNIT_ABSENT);
    fake_free(group.fake);
}

/* It dies again while it boots, in the one place that there is: what counts is the last launch. */
static void test_stale_boot(void) {
    Group group = group_new("{count: {min: 1, start: 1, max: 1}, boot: 200 s, " QUIET "}", 1, 1);
    for (int i = 0; i < 3; i++) {
        fake_down(group.fake, group.first);
        group_let_pass(&group, 60);
        fake_up(group.fake, group.first);
        group_let_pass(&group, 60);
    }
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 3);
    group_let_pass(&group, 600);
    g_assert_cmpuint(fake_facts(group.fake, FACT_SERVING), ==, 1);
    g_assert_cmpint(fake_last(group.fake, FACT_SERVING)->at.ns, ==,
                    fake_last(group.fake, FACT_LAUNCHING)->at.ns + 200000000000);
    fake_free(group.fake);
}

/* The same without replacement: it is there, but serves only when its zone is back; nobody says that it serves. */
static void test_boot_ends_in_dead_zone(void) {
    Group group = group_new("{count: {min: 1, start: 1, max: 4}, workers: 1, queue: 1000, boot: 100 s, service: 10 s, "
                            "replace: no, scaling: {every: 60 s}}",
                            4, 2);
    for (uint32_t i = 0; i < 6; i++)
        group_request(&group, 0, i);
    group_let_pass(&group, 61);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 1);
    g_assert_cmpuint(group_in_zone(&group, 1, UNIT_BOOTING), ==, 1);
    fake_zone(group.fake, group.zones[1], false);
    group_let_pass(&group, 100);
    g_assert_cmpuint(fake_facts(group.fake, FACT_SERVING), ==, 0);
    g_assert_cmpuint(group_in_zone(&group, 1, UNIT_SERVING), ==, 1);
    fake_free(group.fake);
}

/* ---- Scaling ---- */

/* ceil(busy / (60 s x 1 worker x 60 %)): 36 s of work in a minute are one machine's, one nanosecond more are two's. */
static void test_scale_out_exactly(void) {
    for (int more = 0; more < 2; more++) {
        Group group =
            group_new(more ? "{count: {min: 1, start: 1, max: 5}, workers: 1, service: 36000000001 ns, boot: 45 s}"
                           : "{count: {min: 1, start: 1, max: 5}, workers: 1, service: 36 s, boot: 45 s}",
                      5, 2);
        group_request(&group, 0, 0);
        group_let_pass(&group, 60);
        g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, (guint)more);
        g_assert_cmpuint(fake_facts(group.fake, FACT_DECIDED), ==, (guint)more);
        group_let_pass(&group, 45);
        g_assert_cmpuint(group_in_zone(&group, 1, UNIT_SERVING), ==, (guint)more); /* where it has fewest */
        fake_free(group.fake);
    }
}

/* Four machines fully busy for a minute want 4 / 0.6 = 6.67, so 7; more than max is not to be had. */
static void test_scale_out_to_max(void) {
    Group group = group_new("{count: {min: 1, start: 4, max: 6}, workers: 1, service: 1 h, boot: 45 s}", 12, 2);
    for (uint32_t m = 0; m < 4; m++)
        group_request(&group, m, m);
    group_let_pass(&group, 60);
    g_assert_cmpuint(fake_count(group.fake, group.web, UNIT_BOOTING), ==, 2);
    group_let_pass(&group, 600);
    g_assert_cmpuint(group_serving(&group), ==, 6);
    g_assert_cmpuint(fake_facts(group.fake, FACT_DECIDED), ==, 1);
    fake_free(group.fake);
}

/* Idle: shrinks to min, but not before the cooldown is over. Retires where it has most. */
static void test_scale_in(void) {
    Group group = group_new("{count: {min: 2, start: 7, max: 8}}", 8, 2);
    group_let_pass(&group, 299);
    g_assert_cmpuint(group_serving(&group), ==, 7);
    group_let_pass(&group, 1);
    g_assert_cmpuint(group_serving(&group), ==, 2);
    g_assert_cmpuint(group_in_zone(&group, 0, UNIT_SERVING), ==, 1);
    g_assert_cmpuint(group_in_zone(&group, 1, UNIT_SERVING), ==, 1);
    g_assert_cmpint(fake_last(group.fake, FACT_DECIDED)->amount, ==, DECISION_RETIRE);
    g_assert_cmpuint(fake_facts(group.fake, FACT_REBALANCED), ==, 1);
    group_let_pass(&group, 1000);
    g_assert_cmpuint(fake_facts(group.fake, FACT_DECIDED), ==, 1);
    fake_free(group.fake);
}

/* Each tick looks at its own interval: two busy machines, then none. */
static void test_scale_follows(void) {
    Group group = group_new("{count: {min: 1, start: 2, max: 8}, workers: 1, service: 60 s, boot: 45 s, "
                            "scaling: {cooldown: 0 s}}",
                            8, 2);
    group_request(&group, 0, 0);
    group_request(&group, 1, 1);
    group_let_pass(&group, 60);
    g_assert_cmpuint(group_serving(&group) + fake_count(group.fake, group.web, UNIT_BOOTING), ==, 4);
    group_let_pass(&group, 60);
    g_assert_cmpuint(group_serving(&group), ==, 1);
    fake_free(group.fake);
}

/* Where nothing serves there is nothing to measure: a group that is dead as a whole still wants what it wanted. */
static void test_no_data_no_scaling(void) {
    Group group = group_new("{count: {min: 1, start: 4, max: 4}, boot: 45 s}", 4, 2);
    fake_control(group.fake, group.region, false);
    fake_zone(group.fake, group.region, false);
    group_let_pass(&group, 1000);
    g_assert_cmpuint(fake_count(group.fake, group.web, UNIT_DEAD), ==, 4);
    fake_zone(group.fake, group.region, true);
    fake_control(group.fake, group.region, true);
    g_assert_cmpuint(fake_count(group.fake, group.web, UNIT_BOOTING), ==, 4);
    fake_free(group.fake);
}

/* A group that may be empty, and is, launches nothing by itself. */
static void test_empty_group(void) {
    Group group = group_new("{count: {min: 0, start: 0, max: 4}}", 4, 2);
    group_let_pass(&group, 1000);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 0);
    fake_free(group.fake);
}

/* ---- Ten thousand machines ---- */

static void test_many(void) {
    Group group = group_new(
        "{count: {min: 2, start: 9990, max: 10000}, workers: 1, queue: 0, boot: exponential(50 s), " QUIET "}", 10000,
        2);
    for (uint32_t m = 9980; m < 9990; m++)
        fake_down(group.fake, group.first + m);
    group_let_pass(&group, 60);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 10);
    group_let_pass(&group, 2000);
    g_assert_cmpuint(group_serving(&group), ==, 9990);
    for (uint32_t m = 9990; m < 10000; m++)
        g_assert_cmpint(fake_state_of(group.fake, group.first + m), ==, UNIT_SERVING);
    for (uint32_t f = 0; f < 10; f++) { /* each when its own boot was over */
        const Fact *served = fake_fact(group.fake, FACT_SERVING, f);
        for (uint32_t l = 0; l < 10; l++) {
            const Fact *launch = fake_fact(group.fake, FACT_LAUNCHING, l);
            if (launch->unit == served->unit)
                g_assert_cmpint(served->at.ns, ==, launch->at.ns + launch->span.ns);
        }
    }
    fake_free(group.fake);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/instances_size/zone-dies-and-comes-back", test_zone_lost_and_back);
    g_test_add_func("/instances_size/shares-out", test_shares_out);
    g_test_add_func("/instances_size/no-room", test_no_room);
    g_test_add_func("/instances_size/zone-dies-under-boot", test_zone_dies_under_boot);
    g_test_add_func("/instances_size/stale-boot", test_stale_boot);
    g_test_add_func("/instances_size/boot-ends-in-dead-zone", test_boot_ends_in_dead_zone);
    g_test_add_func("/instances_size/scale-out-exactly", test_scale_out_exactly);
    g_test_add_func("/instances_size/scale-out-to-max", test_scale_out_to_max);
    g_test_add_func("/instances_size/scale-in", test_scale_in);
    g_test_add_func("/instances_size/scale-follows", test_scale_follows);
    g_test_add_func("/instances_size/no-data-no-scaling", test_no_data_no_scaling);
    g_test_add_func("/instances_size/empty-group", test_empty_group);
    g_test_add_func("/instances_size/many", test_many);
    return g_test_run();
}
