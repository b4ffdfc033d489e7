/* test_outages.c - availability of newcomers: shares, spells, a year, and to what an outage is charged. */
#include "tests/unit/measure/story.h"

#define ZONE 0u
#define MACHINE 1u
static const MeasureFailure laws[] = {
    {"zone", 1u << FAILURE_OWN | 1u << FAILURE_COMMON},
    {"machine", 1u << FAILURE_OWN | 1u << FAILURE_UNCOVERED},
};

/* 1010 s, of which the first 10 s do not count. */
static Story *open_story(void) {
    Story *story = story_new();
    story->setup.until = SIMTIME_S(1010);
    story->setup.failures = laws;
    story->setup.failure_count = G_N_ELEMENTS(laws);
    story_fault(story, "fail region a", 500, 100);
    story_open(story);
    return story;
}

static void serve(Story *story, double at, ComponentId population, bool served) {
    tell(story, at,
         (Fact){.kind = FACT_SERVICE, .component = population, .unit = NO_UNIT, .place = NO_PLACE, .amount = served});
}

static void fails(Story *story, double at, uint32_t law, uint32_t part, FailureMode mode) {
    tell(story, at, (Fact){.kind = FACT_FAILURE_BEGAN, .subject = law, .other = part, .amount = mode});
}

static void repaired(Story *story, double at, uint32_t law, uint32_t part) {
    tell(story, at, (Fact){.kind = FACT_FAILURE_ENDED, .subject = law, .other = part});
}

static void begin(Story *story) {
    serve(story, 0, AMERICA, true);
    serve(story, 0, EUROPE, true);
}

/* The whole is down while any population is; each has a column of its own. */
static void test_share(void) {
    Story *story = open_story();
    begin(story);
    serve(story, 100, AMERICA, false);
    serve(story, 150, EUROPE, false);
    serve(story, 200, AMERICA, true);
    serve(story, 300, EUROPE, true);
    serve(story, 960, AMERICA, false); /* to the end */
    measure_set_end(story->set, NULL);
    assert_value(story, "service_availability", 750000000);
    assert_value(story, "service_availability[america]", 850000000);
    assert_value(story, "service_availability[europe]", 850000000);
    assert_seconds(story, "service_downtime", 250);
    assert_seconds(story, "service_downtime.longest", 200);
    assert_seconds(story, "service_downtime.per_year", 0.25 * 365 * 86400);
    assert_value(story, "service_outages", 2);
    assert_value(story, "service_outages[europe]", 1);
    story_free(story);
}

/* Before the window nothing counts; what goes on into it counts from its beginning. */
static void test_window(void) {
    Story *story = open_story();
    serve(story, 0, AMERICA, false);
    serve(story, 0, EUROPE, true);
    serve(story, 4, AMERICA, true);
    serve(story, 5, AMERICA, false);
    serve(story, 20, AMERICA, true);
    measure_set_end(story->set, NULL);
    assert_seconds(story, "service_downtime", 10);
    assert_value(story, "service_outages", 1);
    story_free(story);
}

/* Without a word about newcomers there is nothing to say; with one and no outage, zeros. */
static void test_nothing(void) {
    Story *silent = open_story(), *fine = open_story();
    measure_set_end(silent->set, NULL);
    g_assert_false(has_value(silent->set, "service_availability", 0));
    g_assert_false(has_value(silent->set, "service_downtime", 0));
    g_assert_false(has_value(silent->set, "service_downtime.caused[zone]", 0));
    begin(fine);
    measure_set_end(fine->set, NULL);
    assert_value(fine, "service_availability", 1000000000);
    assert_value(fine, "service_outages", 0);
    assert_seconds(fine, "service_downtime.caused[zone]", 0);
    story_free(silent);
    story_free(fine);
}

/* A moment of outage in a long time is not hidden by rounding. */
static void test_rounding(void) {
    Story *story = open_story();
    begin(story);
    serve(story, 100, AMERICA, false);
    serve(story, 100.0000001, AMERICA, true);
    measure_set_end(story->set, NULL);
    assert_value(story, "service_availability", 999999999);
    story_free(story);
}

static int64_t caused(const Story *story, const char *of) {
    char *name = g_strdup_printf("service_downtime.caused[%s]", of);
    int64_t ns = value_of(story->set, name, 0);
    g_free(name);
    g_assert_cmpint(ns % 31536, ==, 0); /* a year is 31536 times the window of 1000 s */
    return ns / 31536 / 1000000000;
}

/* What began last and still holds; causes add up to the whole. */
static void test_causes(void) {
    Story *story = open_story();
    begin(story);
    serve(story, 30, AMERICA, false); /* before anything */
    serve(story, 35, AMERICA, true);
    fails(story, 50, ZONE, 0, FAILURE_OWN);
    fails(story, 60, MACHINE, 3, FAILURE_OWN);
    repaired(story, 70, MACHINE, 3);
    serve(story, 80, AMERICA, false); /* noticed late: the zone it is */
    serve(story, 90, AMERICA, true);
    fails(story, 100, MACHINE, 4, FAILURE_OWN);
    serve(story, 100, AMERICA, false); /* the last straw, although the zone holds as well */
    repaired(story, 110, MACHINE, 4);
    serve(story, 130, AMERICA, true);
    repaired(story, 140, ZONE, 0);
    fails(story, 200, ZONE, 2, FAILURE_COMMON);
    serve(story, 200, AMERICA, false);
    serve(story, 240, AMERICA, true);
    repaired(story, 240, ZONE, 2);
    fails(story, 300, MACHINE, 5, FAILURE_UNCOVERED);
    serve(story, 300, EUROPE, false);
    serve(story, 301, EUROPE, true);
    repaired(story, 301, MACHINE, 5);
    begin_fault(story, 500, 0);
    serve(story, 505, EUROPE, false);
    end_fault(story, 600, 0);
    serve(story, 605, EUROPE, true);
    serve(story, 700, EUROPE, false); /* nothing holds: the aftermath */
    serve(story, 702, EUROPE, true);
    measure_set_end(story->set, NULL);
    g_assert_cmpint(caused(story, "zone"), ==, 10);
    g_assert_cmpint(caused(story, "machine"), ==, 30);
    g_assert_cmpint(caused(story, "zone, common cause"), ==, 40);
    g_assert_cmpint(caused(story, "machine, uncovered"), ==, 1);
    g_assert_cmpint(caused(story, "fail region a"), ==, 102);
    g_assert_cmpint(caused(story, "other"), ==, 5);
    assert_seconds(story, "service_downtime", 188);
    g_assert_false(has_value(story->set, "service_downtime.caused[zone, uncovered]", 0));
    story_free(story);
}

/* Nothing of one replication is left in the next. */
static void test_again(void) {
    Story *story = open_story();
    begin(story);
    fails(story, 20, ZONE, 0, FAILURE_OWN);
    serve(story, 20, AMERICA, false);
    measure_set_end(story->set, NULL);
    measure_set_begin(story->set, 1);
    begin(story);
    serve(story, 900, EUROPE, false);
    serve(story, 910, EUROPE, true);
    measure_set_end(story->set, NULL);
    g_assert_cmpint(value_of(story->set, "service_downtime", 0), ==, SIMTIME_S(990).ns);
    g_assert_cmpint(value_of(story->set, "service_downtime", 1), ==, SIMTIME_S(10).ns);
    g_assert_cmpint(value_of(story->set, "service_downtime.caused[zone]", 1), ==, 0);
    story_free(story);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/outages/share", test_share);
    g_test_add_func("/outages/window", test_window);
    g_test_add_func("/outages/nothing", test_nothing);
    g_test_add_func("/outages/rounding", test_rounding);
    g_test_add_func("/outages/causes", test_causes);
    g_test_add_func("/outages/again", test_again);
    return g_test_run();
}
