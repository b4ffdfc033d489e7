/* test_instances.c - a group that replaces, waits for its control plane, evens out and scales; machines that queue. */
#include <string.h>

#include "tests/unit/kinds/fake.h"

extern const Kind kind_instances;

typedef struct {
    Fake *fake;
    PlaceId region, zones[3];
    ComponentId web;
    UnitId first;
} Group;

/* `units` machines dealt over `zones` zones. */
static Group group_new(const char *keys, uint32_t units, uint32_t zones) {
    static const char *const names[] = {"zone a", "zone b", "zone c"};
    Group group = {.fake = fake_new(3)};
    group.region = fake_place(group.fake, "region");
    for (uint32_t z = 0; z < zones; z++)
        group.zones[z] = fake_place(group.fake, names[z]);
    group.web = fake_component(group.fake, "web", &kind_instances, keys, group.region);
    for (uint32_t u = 0; u < units; u++) {
        UnitId unit = fake_unit(group.fake, group.web, group.zones[u % zones]);
        group.first = u == 0 ? unit : group.first;
    }
    fake_start(group.fake);
    return group;
}

static uint32_t serving(const Group *group) { return fake_count(group->fake, group->web, UNIT_SERVING); }
static uint32_t in_zone(const Group *group, int zone, UnitState state) {
    return fake_count_in(group->fake, group->web, group->zones[zone], state);
}
static void let_pass(Group *group, int64_t seconds) {
    fake_advance(group->fake, simtime_add(fake_now(group->fake), SIMTIME_S(seconds)));
}

/* ---- Requests ---- */

static Outcome request(Group *group, uint32_t machine, uint32_t number) {
    return fake_request(group->fake, group->first + machine, fake_request_of(group->fake, number));
}

static void test_queue(void) {
    Group group = group_new("{workers: 2, queue: 1, service: 10 ms}", 2, 1);
    static const int64_t starts[] = {1000, 1000, 1010}, ends[] = {1010, 1010, 1020};
    fake_advance(group.fake, SIMTIME_MS(1000));
    for (uint32_t i = 0; i < 3; i++) {
        Outcome outcome = request(&group, 0, i);
        g_assert_cmpint(outcome.kind, ==, OUTCOME_PASS);
        assert_ns(outcome.start, SIMTIME_MS(starts[i]));
        assert_ns(outcome.ready, SIMTIME_MS(ends[i]));
    }
    Outcome full = request(&group, 0, 3);
    g_assert_cmpint(full.kind, ==, OUTCOME_FAIL);
    g_assert_cmpint(full.cause, ==, CAUSE_FULL);
    assert_ns(full.ready, SIMTIME_MS(1000)); /* turned away at once */
    g_assert_cmpint(request(&group, 1, 4).kind, ==, OUTCOME_PASS);
    fake_advance(group.fake, SIMTIME_MS(1010));
    assert_ns(request(&group, 0, 5).ready, SIMTIME_MS(1020));
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
        request(&group, 0, i);
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
    assert_ns(request(&group, 0, 3).ready, SIMTIME_MS(51));
    fake_bend(group.fake, group.first, at_speed(50));
    assert_ns(request(&group, 0, 4).ready, SIMTIME_MS(26 + 2 * 25 + 20));
    fake_free(group.fake);
}

/* With several workers and any changes of speed: order kept, never two on one worker, and all work done. */
static void test_replan_keeps_order(void) {
    Group group = group_new("{workers: 3, queue: 1000, service: exponential(10 ms), scaling: {enabled: no}}", 1, 1);
    const Job *jobs;
    for (uint32_t i = 0; i < 60; i++) {
        fake_advance(group.fake, SIMTIME_MS(2 * (int64_t)i));
        request(&group, 0, i);
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

/* What a machine had to do is gone with it, and what its predecessor had is nothing to a new one. */
static void test_dead_machine_is_empty(void) {
    Group group =
        group_new("{workers: 1, queue: 9, service: 10 s, boot: 5 s, count: {min: 1, start: 1, max: 1}}", 1, 1);
    fake_advance(group.fake, SIMTIME_MS(10));
    request(&group, 0, 0);
    fake_down(group.fake, group.first);
    fake_up(group.fake, group.first);
    assert_ns(request(&group, 0, 1).ready, SIMTIME_MS(10010));
    request(&group, 0, 2);
    fake_state(group.fake, group.first, UNIT_ABSENT);
    let_pass(&group, 61); /* the scaling tick launches another in its place, still within the old one's work */
    fake_free(group.fake);
    group = group_new("{workers: 1, queue: 9, service: 100 s, boot: 5 s, count: {min: 1, start: 1, max: 1}}", 1, 1);
    request(&group, 0, 0);
    fake_state(group.fake, group.first, UNIT_ABSENT);
    fake_advance(group.fake, SIMTIME_S(65));
    g_assert_cmpuint(serving(&group), ==, 1);
    assert_ns(request(&group, 0, 1).start, SIMTIME_S(65));
    fake_free(group.fake);
}

/* ---- Replacing ---- */

#define QUIET "scaling: {enabled: no}"

/* The instant of the status check after `from`: what a first death tells. */
static int64_t phase_of(Group *group, UnitId victim) {
    fake_down(group->fake, victim);
    let_pass(group, 60);
    int64_t phase = fake_last(group->fake, FACT_NOTICED)->at.ns % 60000000000;
    fake_up(group->fake, victim);
    let_pass(group, 600);
    fake_forget(group->fake);
    return phase;
}

static void test_replaces(void) {
    Group group = group_new("{count: {min: 2, start: 2, max: 4}, boot: 45 s, " QUIET "}", 4, 2);
    g_assert_cmpuint(serving(&group), ==, 2);
    g_assert_cmpuint(in_zone(&group, 0, UNIT_SERVING), ==, 1);
    int64_t phase = phase_of(&group, group.first);
    g_assert_cmpuint(serving(&group), ==, 2);
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
    let_pass(&group, 1);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 0);
    let_pass(&group, 1000);
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
        let_pass(&group, 59);
        fake_zone(group.fake, group.zones[0], true);
    }
    let_pass(&group, 100);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 0);
    g_assert_cmpuint(fake_facts(group.fake, FACT_NOTICED), ==, 0);
    g_assert_cmpuint(fake_timers(group.fake), ==, 0);
    fake_free(group.fake);
}

static void test_replace_no(void) {
    Group group = group_new("{count: {min: 2, start: 2, max: 4}, replace: no}", 4, 2);
    fake_down(group.fake, group.first);
    let_pass(&group, 1000);
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
    let_pass(&group, 600);
    g_assert_cmpuint(fake_facts(group.fake, FACT_NOTICED), ==, 2); /* checks need no control plane */
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 0);
    g_assert_cmpuint(fake_facts(group.fake, FACT_BLOCKED_ACTION), ==, 1); /* said once */
    g_assert_cmpint(fake_fact(group.fake, FACT_BLOCKED_ACTION, 0)->amount, ==, DECISION_LAUNCH);
    g_assert_cmpuint(fake_count(group.fake, group.web, UNIT_DEAD), ==, 2);
    SimTime back = fake_now(group.fake);
    fake_control(group.fake, group.region, true);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 2);
    assert_ns(fake_fact(group.fake, FACT_LAUNCHING, 1)->at, back);
    let_pass(&group, 45);
    g_assert_cmpuint(serving(&group), ==, 2);
    g_assert_cmpuint(fake_facts(group.fake, FACT_REBALANCED), ==, 1);
    fake_free(group.fake);
}

/* Nothing to do any more when the plane comes back: a second outage is announced anew. */
static void test_blocked_again(void) {
    Group group = group_new("{count: {min: 2, start: 2, max: 4}, boot: 45 s, " QUIET "}", 4, 2);
    for (uint32_t round = 1; round <= 2; round++) {
        fake_control(group.fake, group.region, false);
        fake_zone(group.fake, group.zones[0], false);
        let_pass(&group, 100);
        g_assert_cmpuint(fake_facts(group.fake, FACT_BLOCKED_ACTION), ==, round);
        fake_zone(group.fake, group.zones[0], true);
        fake_control(group.fake, group.region, true);
        let_pass(&group, 1000);
    }
    fake_free(group.fake);
}

/* ---- Zones ---- */

static void test_zone_lost_and_back(void) {
    Group group = group_new("{count: {min: 4, start: 8, max: 8}, boot: 45 s, " QUIET "}", 16, 2);
    g_assert_cmpuint(in_zone(&group, 0, UNIT_SERVING), ==, 4);
    fake_zone(group.fake, group.zones[0], false);
    let_pass(&group, 60 + 45);
    g_assert_cmpuint(in_zone(&group, 1, UNIT_SERVING), ==, 8);
    g_assert_cmpuint(serving(&group), ==, 8);
    fake_zone(group.fake, group.zones[0], true);
    for (int s = 0; s < 60 + 4 * 45; s++) { /* launches before it retires */
        let_pass(&group, 1);
        g_assert_cmpuint(serving(&group), >=, 8);
        g_assert_cmpuint(serving(&group) + fake_count(group.fake, group.web, UNIT_BOOTING), <=, 9);
    }
    g_assert_cmpuint(in_zone(&group, 0, UNIT_SERVING), ==, 4);
    g_assert_cmpuint(in_zone(&group, 1, UNIT_SERVING), ==, 4);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 8);
    g_assert_cmpuint(fake_facts(group.fake, FACT_REBALANCED), ==, 2);
    assert_ns(fake_last(group.fake, FACT_REBALANCED)->at, fake_last(group.fake, FACT_SERVING)->at);
    fake_free(group.fake);
}

/* Three zones, one dies: the others share what it had. */
static void test_shares_out(void) {
    Group group = group_new("{count: {min: 6, start: 6, max: 6}, boot: 45 s, " QUIET "}", 18, 3);
    fake_zone(group.fake, group.zones[1], false);
    let_pass(&group, 60 + 45);
    g_assert_cmpuint(in_zone(&group, 0, UNIT_SERVING), ==, 3);
    g_assert_cmpuint(in_zone(&group, 2, UNIT_SERVING), ==, 3);
    fake_free(group.fake);
}

/* No room elsewhere: the group waits for the zone, and takes up its places again. */
static void test_no_room(void) {
    Group group = group_new("{count: {min: 4, start: 4, max: 4}, boot: 45 s, " QUIET "}", 4, 2);
    fake_zone(group.fake, group.zones[0], false);
    let_pass(&group, 600);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 0);
    g_assert_cmpuint(serving(&group), ==, 2);
    fake_zone(group.fake, group.zones[0], true);
    let_pass(&group, 60 + 45);
    g_assert_cmpuint(serving(&group), ==, 4);
    fake_free(group.fake);
}

/* A zone dies under a machine that boots: the next status check finds it, and its boot's end means nothing any more. */
static void test_zone_dies_under_boot(void) {
    Group group = group_new("{count: {min: 2, start: 2, max: 4}, boot: 200 s, " QUIET "}", 4, 2);
    fake_down(group.fake, group.first);
    let_pass(&group, 60);
    g_assert_cmpuint(in_zone(&group, 0, UNIT_BOOTING), ==, 1);
    UnitId booting = fake_last(group.fake, FACT_LAUNCHING)->unit;
    fake_zone(group.fake, group.zones[0], false);
    let_pass(&group, 60);
    g_assert_cmpuint(fake_last(group.fake, FACT_NOTICED)->unit, ==, booting);
    g_assert_cmpuint(in_zone(&group, 1, UNIT_BOOTING), ==, 1);
    g_assert_cmpint(fake_state_of(group.fake, booting), ==, UNIT_ABSENT);
    let_pass(&group, 199);
    g_assert_cmpuint(fake_facts(group.fake, FACT_SERVING), <=, 1);
    g_assert_cmpuint(in_zone(&group, 1, UNIT_SERVING), ==, 2);
    g_assert_cmpint(fake_state_of(group.fake, booting), ==, UNIT_ABSENT);
    fake_free(group.fake);
}

/* The same without replacement: it is there, but serves only when its zone is back; nobody says that it serves. */
static void test_boot_ends_in_dead_zone(void) {
    Group group = group_new("{count: {min: 1, start: 1, max: 4}, workers: 1, queue: 1000, boot: 100 s, service: 10 s, "
                            "replace: no, scaling: {every: 60 s}}",
                            4, 2);
    for (uint32_t i = 0; i < 6; i++)
        request(&group, 0, i);
    let_pass(&group, 61);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 1);
    g_assert_cmpuint(in_zone(&group, 1, UNIT_BOOTING), ==, 1);
    fake_zone(group.fake, group.zones[1], false);
    let_pass(&group, 100);
    g_assert_cmpuint(fake_facts(group.fake, FACT_SERVING), ==, 0);
    g_assert_cmpuint(in_zone(&group, 1, UNIT_SERVING), ==, 1);
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
        request(&group, 0, 0);
        let_pass(&group, 60);
        g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, (guint)more);
        g_assert_cmpuint(fake_facts(group.fake, FACT_DECIDED), ==, (guint)more);
        let_pass(&group, 45);
        g_assert_cmpuint(in_zone(&group, 1, UNIT_SERVING), ==, (guint)more); /* where it has fewest */
        fake_free(group.fake);
    }
}

/* Four machines fully busy for a minute want 4 / 0.6 = 6.67, so 7; more than max is not to be had. */
static void test_scale_out_to_max(void) {
    Group group = group_new("{count: {min: 1, start: 4, max: 6}, workers: 1, service: 1 h, boot: 45 s}", 6, 2);
    for (uint32_t m = 0; m < 4; m++)
        request(&group, m, m);
    let_pass(&group, 60);
    g_assert_cmpuint(fake_count(group.fake, group.web, UNIT_BOOTING), ==, 2);
    let_pass(&group, 600);
    g_assert_cmpuint(serving(&group), ==, 6);
    g_assert_cmpuint(fake_facts(group.fake, FACT_DECIDED), ==, 1);
    fake_free(group.fake);
}

/* Idle: shrinks to min, but not before the cooldown is over. Retires where it has most. */
static void test_scale_in(void) {
    Group group = group_new("{count: {min: 2, start: 7, max: 8}}", 8, 2);
    let_pass(&group, 299);
    g_assert_cmpuint(serving(&group), ==, 7);
    let_pass(&group, 1);
    g_assert_cmpuint(serving(&group), ==, 2);
    g_assert_cmpuint(in_zone(&group, 0, UNIT_SERVING), ==, 1);
    g_assert_cmpuint(in_zone(&group, 1, UNIT_SERVING), ==, 1);
    g_assert_cmpint(fake_last(group.fake, FACT_DECIDED)->amount, ==, DECISION_RETIRE);
    g_assert_cmpuint(fake_facts(group.fake, FACT_REBALANCED), ==, 1);
    let_pass(&group, 1000);
    g_assert_cmpuint(fake_facts(group.fake, FACT_DECIDED), ==, 1);
    fake_free(group.fake);
}

/* Where nothing serves there is nothing to measure: a group that is dead as a whole still wants what it wanted. */
static void test_no_data_no_scaling(void) {
    Group group = group_new("{count: {min: 1, start: 4, max: 4}, boot: 45 s}", 4, 2);
    fake_control(group.fake, group.region, false);
    fake_zone(group.fake, group.region, false);
    let_pass(&group, 1000);
    g_assert_cmpuint(fake_count(group.fake, group.web, UNIT_DEAD), ==, 4);
    fake_zone(group.fake, group.region, true);
    fake_control(group.fake, group.region, true);
    g_assert_cmpuint(fake_count(group.fake, group.web, UNIT_BOOTING), ==, 4);
    fake_free(group.fake);
}

/* A group that may be empty, and is, launches nothing by itself. */
static void test_empty_group(void) {
    Group group = group_new("{count: {min: 0, start: 0, max: 4}}", 4, 2);
    let_pass(&group, 1000);
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
    let_pass(&group, 60);
    g_assert_cmpuint(fake_facts(group.fake, FACT_LAUNCHING), ==, 10);
    let_pass(&group, 2000);
    g_assert_cmpuint(serving(&group), ==, 9990);
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
    g_test_add_func("/instances/replaces", test_replaces);
    g_test_add_func("/instances/check-instants", test_check_instants);
    g_test_add_func("/instances/knowledge-not-truth", test_knowledge_not_truth);
    g_test_add_func("/instances/back-before-check", test_back_before_check);
    g_test_add_func("/instances/replace-no", test_replace_no);
    g_test_add_func("/instances/waits-for-control", test_waits_for_control);
    g_test_add_func("/instances/blocked-again", test_blocked_again);
    g_test_add_func("/instances/zone-dies-and-comes-back", test_zone_lost_and_back);
    g_test_add_func("/instances/shares-out", test_shares_out);
    g_test_add_func("/instances/no-room", test_no_room);
    g_test_add_func("/instances/zone-dies-under-boot", test_zone_dies_under_boot);
    g_test_add_func("/instances/boot-ends-in-dead-zone", test_boot_ends_in_dead_zone);
    g_test_add_func("/instances/scale-out-exactly", test_scale_out_exactly);
    g_test_add_func("/instances/scale-out-to-max", test_scale_out_to_max);
    g_test_add_func("/instances/scale-in", test_scale_in);
    g_test_add_func("/instances/no-data-no-scaling", test_no_data_no_scaling);
    g_test_add_func("/instances/empty-group", test_empty_group);
    g_test_add_func("/instances/many", test_many);
    g_test_add_func("/instances/hooks", test_hooks);
    return g_test_run();
}
