/* test_instances.c - machines that queue; a group that finds its dead, replaces them, and waits for its control plane.
 */
#include <string.h>

#include "tests/unit/kinds/group.h"

/* ---- Requests ---- */

static void test_queue(void) {
    Group group = group_new("{workers: 2, queue: 1, service: 10 ms}", 2, 1);
    static const int64_t starts[] = {1000, 1000, 1010}, ends[] = {1010, 1010, 1020};
    fake_advance(group.fake, SIMTIME_MS(1000));
    for (uint32_t i = 0; i < 3; i++) {
        Outcome outcome = group_request(&group, 0, i);
        g_assert_cmpint(outcome.kind, ==, OUTCOME_PASS);
        assert_ns(outcome.start, SIMTIME_MS(starts[i]));
        assert_ns(outcome.ready, SIMTIME_MS(ends[i]));
    }
    Outcome full = group_request(&group, 0, 3);
    g_assert_cmpint(full.kind, ==, OUTCOME_FAIL);
    g_assert_cmpint(full.cause, ==, CAUSE_FULL);
    assert_ns(full.ready, SIMTIME_MS(1000)); /* turned away at once */
    g_assert_cmpint(group_request(&group, 1, 4).kind, ==, OUTCOME_PASS);
    fake_advance(group.fake, SIMTIME_MS(1010));
    assert_ns(group_request(&group, 0, 5).ready, SIMTIME_MS(1020));
    fake_free(group.fake);
}

static Condition at_speed(int64_t percent) {
    Condition slow = CONDITION_HEALTHY;
    slow.speed = percent * (WHOLE / 100);
    return slow;
}

/* One worker, jobs of 10 ms; half speed from 4 ms on, whole again at 26 ms. */
static void test_replan(void) {
    Group group = group_new("{workers: 1, queue: 9, service: 10 ms, scaling: {enabled: no}}", 1, 1);
    static const int64_t slow[] = {16, 36, 56}, whole[] = {16, 31, 41};
    const Job *jobs;
    for (uint32_t i = 0; i < 3; i++)
        group_request(&group, 0, i);
    fake_advance(group.fake, SIMTIME_MS(4));
    fake_bend(group.fake, group.first, at_speed(50));
    g_assert_cmpuint(fake_jobs(group.fake, group.first, &jobs), ==, 3);
    for (int j = 0; j < 3; j++)
        assert_ns(jobs[j].ready, SIMTIME_MS(slow[j]));
    assert_ns(jobs[0].start, SIMTIME_ZERO); /* it had begun */
    assert_ns(jobs[1].start, SIMTIME_MS(16));
    fake_advance(group.fake, SIMTIME_MS(26));
    fake_bend(group.fake, group.first, at_speed(100));
    for (int j = 0; j < 3; j++)
        assert_ns(jobs[j].ready, SIMTIME_MS(whole[j]));
    assert_ns(group_request(&group, 0, 3).ready, SIMTIME_MS(51));
    fake_bend(group.fake, group.first, at_speed(50));
    assert_ns(group_request(&group, 0, 4).ready, SIMTIME_MS(26 + 2 * 25 + 20));
    fake_free(group.fake);
}

/* With several workers and any changes of speed: order kept, never two on one worker, and all work done. */
static void test_replan_keeps_order(void) {
    Group group = group_new("{workers: 3, queue: 1000, service: exponential(10 ms), scaling: {enabled: no}}", 1, 1);
    const Job *jobs;
    for (uint32_t i = 0; i < 60; i++) {
        fake_advance(group.fake, SIMTIME_MS(2 * (int64_t)i));
        group_request(&group, 0, i);
        if (i % 7 == 3)
            fake_bend(group.fake, group.first, at_speed(i % 2 ? 40 : 90));
        uint32_t count = fake_jobs(group.fake, group.first, &jobs);
        for (uint32_t j = 1; j < count; j++)
            g_assert_cmpint(jobs[j].start.ns, >=, jobs[j - 1].start.ns);
        for (uint32_t j = 0; j < count; j++) {
            uint32_t together = 0;
            for (uint32_t k = 0; k < count; k++)
                together += jobs[k].start.ns <= jobs[j].start.ns && jobs[j].start.ns < jobs[k].ready.ns;
            g_assert_cmpuint(together, <=, 3);
        }
    }
    fake_free(group.fake);
}

/* What a machine had to do is gone with it, also when it became slow at the same moment. */
static void test_dead_machine_is_empty(void) {
    Group group = group_new("{workers: 1, queue: 9, service: 10 s, " QUIET "}", 2, 1);
    for (int slow = 0; slow < 2; slow++) {
        fake_advance(group.fake, SIMTIME_MS(10 + slow));
        group_request(&group, 0, 0);
        Condition dead = at_speed(slow ? 50 : 100);
        dead.up = false;
        fake_bend(group.fake, group.first, dead);
        fake_up(group.fake, group.first);
        assert_ns(group_request(&group, 0, 1).ready, SIMTIME_MS(10010 + slow));
        fake_down(group.fake, group.first);
        fake_up(group.fake, group.first);
    }
    fake_free(group.fake);
}

/* What a retired machine still has to do is nothing to the one that takes its place. */
static void test_new_machine_is_empty(void) {
    Group group = group_new("{workers: 1, service: 100 s, boot: 5 s, count: {min: 1, start: 1, max: 1}}", 1, 1);
    group_request(&group, 0, 0);
    fake_state(group.fake, group.first, UNIT_ABSENT);
    fake_bend(group.fake, group.first, at_speed(50));
    fake_advance(group.fake, SIMTIME_S(65)); /* the scaling tick launched another */
    g_assert_cmpuint(group_serving(&group), ==, 1);
    assert_ns(group_request(&group, 0, 1).start, SIMTIME_S(65));
    assert_ns(group_request(&group, 0, 2).start, SIMTIME_S(265)); /* and it is slow like its zone */
    fake_free(group.fake);
}

/* ---- Replacing ---- */

/* The instant of the status check after `from`: what a first death tells. */
static int64_t phase_of(Group *group, UnitId victim) {
    fake_down(group->fake, victim);
    group_let_pass(group, 60);
    int64_t phase = fake_last(group->fake, FACT_NOTICED)->at.ns % 60000000000;
    fake_up(group->fake, victim);
    group_let_pass(group, 600);
    fake_forget(group->fake);
    return phase;
}

static void test_replaces(void) {
    Group group = group_new("{count: {min: 2, start: 2, max: 4}, boot: 45 s, " QUIET "}", 4, 2);
    g_assert_cmpuint(group_serving(&group), ==, 2);
    g_assert_cmpuint(group_in_zone(&group, 0, UNIT_SERVING), ==, 1);
    int64_t phase = phase_of(&group, group.first);
    g_assert_cmpuint(group_serving(&group), ==, 2);
    fake_advance(group.fake, SIMTIME_NS(6000000000000 + phase + 1)); /* just after a check */
    UnitId victim = fake_state_of(group.fake, group.first) == UNIT_SERVING ? group.first : group.first + 2;
    fake_down(group.fake, victim);
    g_assert_cmpint(fake_state_of(group.fake, victim), ==, UNIT_SERVING); /* as far as the group knows */
    fake_advance(group.fake, SIMTIME_S(7000));
    int64_t check = 6060000000000 + phase;
    g_assert_cmpint(fake_fact(group.fake, FACT_NOTICED, 0)->at.ns, ==, check);
    g_assert_cmpuint(fake_fact(group.fake, FACT_NOTICED, 0)->unit, ==, victim);
    g_assert_cmpint(fake_fact(group.fake, FACT_DECIDED, 0)->amount, ==, DECISION_LAUNCH);
    const Fact *launch = fake_fact(group.fake, FACT_LAUNCHING, 0);
    g_assert_cmpint(launch->at.ns, ==, check);
    assert_ns(launch->span, SIMTIME_S(45));
    g_assert_cmpint(fake_fact(group.fake, FACT_SERVING, 0)->at.ns, ==, check + 45000000000);
    g_assert_cmpuint(fake_fact(group.fake, FACT_SERVING, 0)->unit, ==, launch->unit);
    g_assert_cmpint(fake_fact(group.fake, FACT_REBALANCED, 0)->at.ns, ==, check + 45000000000);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 1);
    g_assert_cmpint(fake_state_of(group.fake, victim), ==, UNIT_ABSENT);
    fake_free(group.fake);
}

/* What dies at the very instant of a check is seen by it; a nanosecond later waits for the next. */
static void test_check_instants(void) {
    for (int64_t late = 0; late < 2; late++) {
        Group group = group_new("{count: {min: 2, start: 2, max: 4}, boot: 45 s, " QUIET "}", 4, 2);
        int64_t phase = phase_of(&group, group.first), tick = 6000000000000 + phase;
        fake_advance(group.fake, SIMTIME_NS(tick + late));
        fake_down(group.fake, group.first + 1);
        fake_advance(group.fake, SIMTIME_S(6200));
        g_assert_cmpint(fake_fact(group.fake, FACT_NOTICED, 0)->at.ns, ==, tick + late * 60000000000);
        fake_free(group.fake);
    }
}

/* Nothing but a status check tells the group: not the scaling tick, nor another machine's boot. */
static void test_knowledge_not_truth(void) {
    Group group = group_new("{count: {min: 2, start: 2, max: 6}, boot: 1 s, status_check: 1000 s, "
                            "scaling: {every: 1 s, cooldown: 1 h}}",
                            6, 1);
    fake_down(group.fake, group.first);
    group_let_pass(&group, 1);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 0);
    group_let_pass(&group, 1000);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 1);
    g_assert_cmpint(fake_fact(group.fake, FACT_LAUNCHING, 0)->at.ns, ==, fake_fact(group.fake, FACT_NOTICED, 0)->at.ns);
    fake_free(group.fake);
}

static void test_back_before_check(void) {
    Group group = group_new("{count: {min: 2, start: 2, max: 4}, " QUIET "}", 4, 2);
    int64_t phase = phase_of(&group, group.first);
    for (int i = 0; i < 20; i++) {
        fake_advance(group.fake, SIMTIME_NS(6000000000000 + i * 60000000000 + phase + 1));
        fake_zone(group.fake, group.zones[0], false);
        fake_down(group.fake, group.first + 1);
        g_assert_cmpuint(fake_timers(group.fake), ==, 1); /* one check finds all */
        group_let_pass(&group, 59);
        fake_zone(group.fake, group.zones[0], true);
        fake_up(group.fake, group.first + 1);
    }
    group_let_pass(&group, 100);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 0);
    g_assert_cmpuint(fake_facts(group.fake, FACT_NOTICED), ==, 0);
    g_assert_cmpuint(fake_timers(group.fake), ==, 0);
    fake_free(group.fake);
}

static void test_replace_no(void) {
    Group group = group_new("{count: {min: 2, start: 2, max: 4}, replace: no}", 4, 2);
    fake_down(group.fake, group.first);
    group_let_pass(&group, 1000);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 0);
    g_assert_cmpint(fake_state_of(group.fake, group.first), ==, UNIT_SERVING); /* and serves again when it can */
    fake_free(group.fake);
}

/* ---- The control plane ---- */

static void test_waits_for_control(void) {
    Group group = group_new("{count: {min: 2, start: 2, max: 4}, boot: 45 s, " QUIET "}", 4, 2);
    fake_control(group.fake, group.region, false);
    fake_down(group.fake, group.first);
    fake_down(group.fake, group.first + 1);
    group_let_pass(&group, 600);
    g_assert_cmpuint(fake_facts(group.fake, FACT_NOTICED), ==, 2); /* checks need no control plane */
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 0);
    g_assert_cmpuint(fake_facts(group.fake, FACT_BLOCKED_ACTION), ==, 1); /* said once */
    g_assert_cmpint(fake_fact(group.fake, FACT_BLOCKED_ACTION, 0)->amount, ==, DECISION_LAUNCH);
    g_assert_cmpuint(fake_count(group.fake, group.web, UNIT_DEAD), ==, 2);
    SimTime back = fake_now(group.fake);
    fake_control(group.fake, group.region, true);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 2);
    assert_ns(fake_fact(group.fake, FACT_LAUNCHING, 1)->at, back);
    group_let_pass(&group, 45);
    g_assert_cmpuint(group_serving(&group), ==, 2);
    g_assert_cmpuint(fake_facts(group.fake, FACT_REBALANCED), ==, 1);
    fake_free(group.fake);
}

/* What was to be done may be no more before the plane is back; the next need is announced anew. */
static void test_blocked_again(void) {
    Group group = group_new("{count: {min: 4, start: 4, max: 4}, boot: 45 s, " QUIET "}", 8, 2);
    fake_zone(group.fake, group.zones[0], false);
    group_let_pass(&group, 200);
    fake_control(group.fake, group.region, false);
    for (uint32_t round = 1; round <= 3; round++) {
        fake_zone(group.fake, group.zones[0], true); /* it would even out now */
        group_let_pass(&group, 100);
        g_assert_cmpuint(fake_facts(group.fake, FACT_BLOCKED_ACTION), ==, round);
        fake_zone(group.fake, group.zones[0], false);
        group_let_pass(&group, 100);
    }
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 2);
    fake_free(group.fake);
}

/* ---- Facts about the kind ---- */

static void test_hooks(void) {
    Fake *fake = fake_new(1);
    void *spec = fake_spec(fake, kind_instances.fields, kind_instances.spec_size,
                           "{count: {min: 1, start: 2, max: 17}, session_state: zone}");
    g_assert_cmpuint(kind_instances.count(spec), ==, 17);
    g_assert_cmpint(kind_instances.state_scope(spec), ==, 1);
    g_free(spec);
    char *text = fake_check(&kind_instances, "{count: {min: 3, start: 2}}");
    g_assert_nonnull(strstr(text, "min 3, start 2, max 8"));
    g_free(text);
    text = fake_check(&kind_instances, "{count: {start: 9, max: 8}}");
    g_assert_nonnull(strstr(text, "keep min <= start <= max"));
    g_free(text);
    text = fake_check(&kind_instances, NULL);
    g_assert_cmpstr(text, ==, "");
    g_free(text);
    fake_free(fake);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/instances/queue", test_queue);
    g_test_add_func("/instances/replan", test_replan);
    g_test_add_func("/instances/replan-keeps-order", test_replan_keeps_order);
    g_test_add_func("/instances/dead-machine-is-empty", test_dead_machine_is_empty);
    g_test_add_func("/instances/new-machine-is-empty", test_new_machine_is_empty);
    g_test_add_func("/instances/replaces", test_replaces);
    g_test_add_func("/instances/check-instants", test_check_instants);
    g_test_add_func("/instances/knowledge-not-truth", test_knowledge_not_truth);
    g_test_add_func("/instances/back-before-check", test_back_before_check);
    g_test_add_func("/instances/replace-no", test_replace_no);
    g_test_add_func("/instances/waits-for-control", test_waits_for_control);
    g_test_add_func("/instances/blocked-again", test_blocked_again);
    g_test_add_func("/instances/hooks", test_hooks);
    return g_test_run();
}
