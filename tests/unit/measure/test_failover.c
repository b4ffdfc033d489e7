/* test_failover.c - service and client failover time and detection, from facts to columns. */
#include "tests/unit/measure/story.h"

typedef struct {
    double at;
    Fact fact;
} Event;

static int by_time(gconstpointer a, gconstpointer b) {
    double x = ((const Event *)a)->at, y = ((const Event *)b)->at;
    return (x > y) - (x < y);
}

/* Facts may be given in any order; they are told in order of time. */
typedef struct {
    Story *story;
    GArray *events;
    uint32_t serial;
} Plot;

static Plot plot_new(void) { return (Plot){story_new(), g_array_new(FALSE, FALSE, sizeof(Event)), 0}; }

static void plot(Plot *p, double at, Fact fact) {
    Event event = {at, fact};
    g_array_append_val(p->events, event);
}

/* A session that arrives at `at` behind `resolver` and is served 0.1 s later, or fails after 3 s of silence. */
static void visit(Plot *p, double at, ComponentId population, int64_t resolver, bool served, int flags) {
    uint32_t serial = p->serial++;
    plot(
        p, at,
        (Fact){
            .kind = FACT_ARRIVED, .component = population, .subject = serial, .amount = resolver, .other = UINT32_MAX});
    if (served)
        plot(p, at + 0.1,
             (Fact){.kind = FACT_ESTABLISHED,
                    .component = population,
                    .subject = serial,
                    .amount = resolver,
                    .span = SIMTIME_MS(100)});
    else
        plot(p, at + 3,
             (Fact){.kind = FACT_BROKEN,
                    .component = population,
                    .subject = serial,
                    .cause = CAUSE_SILENT,
                    .span = SIMTIME_S(3),
                    .amount = SIMTIME_S(3).ns,
                    .flags = (uint8_t)(BROKEN_UNDER_FAULT | flags)});
}

static void plot_tell(Plot *p) {
    g_array_sort(p->events, by_time);
    for (guint i = 0; i < p->events->len; i++)
        tell(p->story, g_array_index(p->events, Event, i).at, g_array_index(p->events, Event, i).fact);
    measure_set_end(p->story->set, NULL);
}

static void plot_free(Plot *p) {
    story_free(p->story);
    g_array_free(p->events, TRUE);
}

/* Two resolvers: resolver 0 of Europe is sent to the dead region until its cache is renewed, the other never was. */
static void region_loss(Plot *p, double began, double renewed) {
    for (double t = 11; t < 590; t += 0.5) {
        bool old_answer = t >= began && t < renewed;
        visit(p, t, EUROPE, 0, !old_answer, t >= began + 70 ? BROKEN_STALE_NAME : 0);
        visit(p, t + 0.25, AMERICA, 0, true, 0);
    }
    plot(p, began, (Fact){.kind = FACT_FAULT_BEGAN, .subject = 0});
    plot(p, began + 5,
         (Fact){.kind = FACT_NOTICED, .component = LB_B, .unit = 70, .amount = 1}); /* good news is no detection */
    plot(p, began + 70, (Fact){.kind = FACT_NOTICED, .component = DNS, .other = LB_A, .amount = 0});
    plot(p, began + 70, (Fact){.kind = FACT_PUBLISHED, .component = DNS, .other = LB_A, .amount = 1});
    plot(p, renewed, (Fact){.kind = FACT_REFRESHED, .component = EUROPE, .amount = 0, .other = LB_B});
}

static void test_region(void) {
    Plot p = plot_new();
    story_fault(p.story, "region a", 100, 400);
    story_open(p.story);
    region_loss(&p, 100, 211);
    plot_tell(&p);
    /* Half of all new sessions fail until 211 s. A window may hold 2 of 240, so it begins at the success before the
     * last two failures of Europe: at 209.75 s + 0.1 s America's is served. */
    assert_seconds(p.story, "failover_time", 109.85);
    assert_seconds(p.story, "detection_time", 70);
    assert_seconds(p.story, "failover_time.detect", 70);
    assert_seconds(p.story, "failover_time.publish", 0);
    /* That success comes before the renewal, because two failures are tolerated: the path is cut off there. */
    assert_seconds(p.story, "failover_time.client_cache", 39.85);
    const MeasureColumn *client = measure_find(p.story->set, "client_failover_time");
    g_assert_nonnull(client);
    g_assert_cmpint(client->pools[0].count, ==, 2);
    g_assert_cmpint(client->pools[0].never, ==, 0);
    g_assert_cmpint(client->pools[0].min, ==, at_s(0.35).ns);
    g_assert_cmpint(client->pools[0].max, ==, at_s(111.1).ns);
    plot_free(&p);
}

/* Everybody behind one resolver: then the edge is sharp, and the phases tell the whole story. */
static void test_sharp_phases(void) {
    Plot p = plot_new();
    story_fault(p.story, "region a", 100, 400);
    story_open(p.story);
    for (double t = 11; t < 590; t += 0.25)
        visit(&p, t, EUROPE, 0, t < 100 || t >= 211, t >= 170 ? BROKEN_STALE_NAME : 0);
    plot(&p, 100, (Fact){.kind = FACT_FAULT_BEGAN, .subject = 0});
    plot(&p, 170, (Fact){.kind = FACT_NOTICED, .component = DNS, .other = LB_A, .amount = 0});
    plot(&p, 172, (Fact){.kind = FACT_PUBLISHED, .component = DNS, .other = LB_A, .amount = 1});
    plot(&p, 211, (Fact){.kind = FACT_REFRESHED, .component = EUROPE, .amount = 0, .other = LB_B});
    plot_tell(&p);
    assert_seconds(p.story, "failover_time", 111.1);
    assert_seconds(p.story, "failover_time.detect", 70);
    assert_seconds(p.story, "failover_time.publish", 2);
    assert_seconds(p.story, "failover_time.client_cache", 39);
    assert_seconds(p.story, "failover_time.rebalance", 0.1);
    assert_seconds(p.story, "failover_time.provision", 0);
    plot_free(&p);
}

static void test_no_trouble(void) {
    Plot p = plot_new();
    story_fault(p.story, "one machine", 100, 400);
    story_open(p.story);
    for (double t = 11; t < 590; t += 0.25)
        visit(&p, t, EUROPE, 0, true, 0);
    plot(&p, 100, (Fact){.kind = FACT_FAULT_BEGAN, .subject = 0});
    plot_tell(&p);
    assert_seconds(p.story, "failover_time", 0);
    assert_seconds(p.story, "failover_time.detect", 0);
    g_assert_cmpint(value_of(p.story->set, "detection_time", 0), ==, INT64_MAX);
    plot_free(&p);
}

static void test_never(void) {
    Plot p = plot_new();
    story_fault(p.story, "region a", 100, 1000);
    story_open(p.story);
    for (double t = 11; t < 590; t += 0.25)
        visit(&p, t, EUROPE, 4, t < 100, 0);
    visit(&p, 99.95, EUROPE, 4, true, 0); /* arrived before the fault, served after it: proves nothing */
    plot(&p, 100, (Fact){.kind = FACT_FAULT_BEGAN, .subject = 0});
    plot_tell(&p);
    g_assert_cmpint(value_of(p.story->set, "failover_time", 0), ==, INT64_MAX);
    g_assert_false(has_value(p.story->set, "failover_time.detect", 0));
    const MeasureColumn *client = measure_find(p.story->set, "client_failover_time");
    g_assert_cmpint(client->pools[0].count, ==, 1);
    g_assert_cmpint(client->pools[0].never, ==, 1);
    plot_free(&p);
}

static void test_no_fault(void) {
    Plot p = plot_new();
    story_fault(p.story, "after the end", 1000, 10);
    story_open(p.story);
    visit(&p, 20, EUROPE, 0, true, 0);
    plot_tell(&p);
    g_assert_null(measure_find(p.story->set, "failover_time"));
    g_assert_null(measure_find(p.story->set, "detection_time"));
    plot_free(&p);
}

/* Two faults at one instant are one; a later one is another, and what it breaks is not the first one's doing. */
static void test_groups(void) {
    Plot p = plot_new();
    story_fault(p.story, "zone a", 100, 400);
    story_fault(p.story, "control plane", 100, 400);
    story_fault(p.story, "zone b", 300, 400);
    story_open(p.story);
    for (double t = 11; t < 590; t += 0.25)
        visit(&p, t, EUROPE, 0, !(t >= 100 && t < 120) && !(t >= 300 && t < 350), 0);
    for (uint32_t e = 0; e < 3; e++)
        plot(&p, e < 2 ? 100 : 300, (Fact){.kind = FACT_FAULT_BEGAN, .subject = e});
    plot(&p, 119, (Fact){.kind = FACT_NOTICED, .component = LB_A, .unit = 40, .amount = 0});
    plot(&p, 349, (Fact){.kind = FACT_NOTICED, .component = LB_A, .unit = 41, .amount = 0});
    plot_tell(&p);
    assert_seconds(p.story, "failover_time[zone a + control plane]", 20.1);
    assert_seconds(p.story, "failover_time[zone b]", 50.1);
    assert_seconds(p.story, "failover_time", 50.1);
    assert_seconds(p.story, "failover_time.detect[zone a + control plane]", 19);
    assert_seconds(p.story, "failover_time.detect", 49);
    assert_seconds(p.story, "detection_time[zone b]", 49);
    char *label = measure_fault_label(&p.story->setup, 1);
    g_assert_cmpstr(label, ==, "zone a + control plane");
    g_assert_true(measure_fault_leads(&p.story->setup, 0));
    g_assert_false(measure_fault_leads(&p.story->setup, 1));
    g_assert_true(measure_fault_leads(&p.story->setup, 2));
    g_free(label);
    plot_free(&p);
}

/* The longest of them, whichever comes first. */
static void test_longest_first(void) {
    Plot p = plot_new();
    story_fault(p.story, "zone a", 100, 400);
    story_fault(p.story, "zone b", 300, 400);
    story_open(p.story);
    for (double t = 11; t < 590; t += 0.25)
        visit(&p, t, EUROPE, 0, !(t >= 100 && t < 150) && !(t >= 300 && t < 320), 0);
    for (uint32_t e = 0; e < 2; e++)
        plot(&p, e ? 300 : 100, (Fact){.kind = FACT_FAULT_BEGAN, .subject = e});
    plot_tell(&p);
    assert_seconds(p.story, "failover_time[zone b]", 20.1);
    assert_seconds(p.story, "failover_time", 50.1);
    plot_free(&p);
}

static void test_same_fault_twice(void) {
    Plot p = plot_new();
    story_fault(p.story, "zone a", 100, 50);
    story_fault(p.story, "zone a", 300, 50);
    story_open(p.story);
    for (double t = 11; t < 590; t += 0.25)
        visit(&p, t, EUROPE, 0, !(t >= 100 && t < 120) && !(t >= 300 && t < 350), 0);
    plot(&p, 100, (Fact){.kind = FACT_FAULT_BEGAN, .subject = 0});
    plot(&p, 150, (Fact){.kind = FACT_FAULT_ENDED, .subject = 0});
    plot(&p, 300, (Fact){.kind = FACT_FAULT_BEGAN, .subject = 1});
    plot(&p, 350, (Fact){.kind = FACT_FAULT_ENDED, .subject = 1});
    plot_tell(&p);
    assert_seconds(p.story, "failover_time[zone a]", 20.1);
    assert_seconds(p.story, "failover_time[zone a (2)]", 50.1);
    assert_seconds(p.story, "failover_time.repair[zone a (2)]", 50);
    plot_free(&p);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/failover/region", test_region);
    g_test_add_func("/failover/sharp phases", test_sharp_phases);
    g_test_add_func("/failover/no trouble", test_no_trouble);
    g_test_add_func("/failover/never", test_never);
    g_test_add_func("/failover/no fault", test_no_fault);
    g_test_add_func("/failover/groups", test_groups);
    g_test_add_func("/failover/longest first", test_longest_first);
    g_test_add_func("/failover/same fault twice", test_same_fault_twice);
    return g_test_run();
}
