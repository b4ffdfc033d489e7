/* test_scenario.c - what a scenario adds: timelines, expectations, settings, loads, sensors and responses. */
#include <string.h>

#include "fixture.h"

static void assert_ports(const PortSet *ports, const char *text) {
    char *shown = ports_text(ports);
    g_assert_cmpstr(shown, ==, text);
    g_free(shown);
}

static void test_timeline(void) {
    static const char late_first[] =
        "scenario: s\npattern: sample\nrun: {until: 1 h}\ntimeline:\n"
        "  - {at: 30 min, fail: \"site[us-east-1].web/2\", for: 5 min, recovery: exponential(60 s), as: refuse}\n"
        "  - {at: 10 min, partition: link us-east-1 <-> europe, for: 1 min}\n"
        "  - {at: 10 min, freeze: control_plane eu-west-1}\n"
        "  - {at: 40 min, change: {security_group: site.db, remove: {inbound: {from: web, port: 5432}}}, for: 5 min}\n"
        "  - {at: 50 min, compromise: \"site[eu-west-1].web\"}\n";
    Reading reading;
    reading_init_good(&reading, sample_pattern, late_first, NULL);
    const Model *model = reading.model;
    const char *texts[] = {
        "partition link us-east-1 <-> europe at 10 min for 1 min",
        "freeze control_plane eu-west-1 at 10 min",
        "fail site[us-east-1].web/2 at 30 min for 5 min",
        "remove from site[eu-west-1].db inbound rule tcp/5432 from site[eu-west-1].web at 40 min for 5 min",
        "remove from site[us-east-1].db inbound rule tcp/5432 from site[us-east-1].web at 40 min for 5 min",
        "compromise site[eu-west-1].web at 50 min"};
    g_assert_cmpuint(model->event_count, ==, G_N_ELEMENTS(texts));
    for (uint32_t i = 0; i < model->event_count; i++)
        g_assert_cmpstr(model->timeline[i].text, ==, texts[i]);
    const TimelineEvent *link = &model->timeline[0], *unit = &model->timeline[2], *change = &model->timeline[3];
    g_assert_true(link->target.kind == TARGET_LINK && link->target.both_ways);
    g_assert_cmpuint(link->target.to, ==, place_id(model, "europe"));
    g_assert_true(model->timeline[1].target.kind == TARGET_CONTROL && simtime_is_never(model->timeline[1].lasts));
    g_assert_cmpuint(unit->target.unit, ==, component_named(model, "site[us-east-1].web")->first_unit + 2);
    g_assert_true(unit->has_recovery && unit->recovery.kind == LAW_EXPONENTIAL);
    g_assert_true(change->removes && change->inbound);
    g_assert_cmpuint(change->rule.element, ==, group_named(model, "site[eu-west-1].db")->inbound[0].element);
    reading_clear(&reading);
}

static void test_more_events(void) {
    const char *const events[] = {"{at: 5 min, fail: zone eu-west-1b, for: 1 min}", NULL};
    ModelRequest request = {.events = events};
    Reading reading;
    reading_init_good(&reading, sample_pattern, NULL, &request);
    g_assert_cmpuint(reading.model->event_count, ==, 1);
    g_assert_cmpuint(reading.model->timeline[0].target.places[0], ==,
                     place_id(reading.model, "aws/main/eu-west-1/eu-west-1b"));
    reading_clear(&reading);
}

static void test_expects(void) {
    static const char text[] = "scenario: s\npattern: sample\nrun: {until: 1 h, replications: 400}\nexpect:\n"
                               "  - {id: a, metric: failover_time, p99: \"<= 3 min\", because: ADR-12}\n"
                               "  - {id: b, metric: lost_sessions.new / sessions, mean: \"< 2 %\"}\n"
                               "  - {id: c, metric: x / y, max: \"== 2\"}\n"
                               "  - {id: d, metric: failover_time, every: \"== never\"}\n"
                               "  - {id: e, that: not reachable(users -> site.db), at: 5 min, some: yes}\n"
                               "  - {id: f, that: \"reachable(site.lb -> site.web tcp/8080)\"}\n";
    Reading reading;
    reading_init_good(&reading, sample_pattern, text, NULL);
    const Expect *expects = reading.model->expects;
    g_assert_cmpuint(reading.model->expect_count, ==, 6);
    g_assert_true(expects[0].statistic == STATISTIC_QUANTILE && expects[0].quantile == 990000000);
    g_assert_true(expects[0].comparison == COMPARE_LESS_EQUAL && expects[0].bound_unit == UNIT_TIME);
    g_assert_cmpint(expects[0].bound, ==, 180 * INT64_C(1000000000));
    g_assert_cmpstr(expects[0].text, ==, "p99 of failover_time <= 3 min");
    g_assert_cmpstr(expects[1].denominator, ==, "sessions");
    g_assert_cmpint(expects[1].bound, ==, 20000000);
    g_assert_true(expects[2].bound_unit == UNIT_SHARE && expects[2].bound == 2 * WHOLE);
    g_assert_true(expects[3].statistic == STATISTIC_EVERY && expects[3].bound == INT64_MAX);
    g_assert_true(expects[4].kind == EXPECT_REACHABLE && expects[4].negated && expects[4].some && expects[4].has_at);
    g_assert_cmpuint(expects[4].to_count, ==, 2);
    g_assert_cmpuint(expects[5].from_count, ==, 2);
    assert_ports(&expects[5].ports, "tcp/8080");
    reading_clear(&reading);
}

static int64_t ttl_of(const Reading *reading) {
    return *(const int64_t *)component_named(reading->model, "dns")->spec / 1000000000;
}

static void test_sets(void) {
    /* with < set < --set < but. */
    static const char scenario[] = "scenario: s\npattern: sample\nwith: {ttl: 10 s}\nset: {edge.dns.ttl: 20 s}\n"
                                   "timeline:\n  - {at: 20 min, fail: region us-east-1, for: 30 min}\n";
    const char *const sets[] = {"edge.dns.ttl=30 s", "run.seed=7", "timeline.0.for=1 min", "regions=[us-east-1]", NULL};
    Reading reading;
    reading_init_good(&reading, sample_pattern, "scenario: s\npattern: sample\nwith: {ttl: 10 s}\n", NULL);
    g_assert_cmpint(ttl_of(&reading), ==, 10);
    reading_clear(&reading);
    char *messages;
    reading_init(&reading, sample_pattern, scenario, NULL);
    g_assert_cmpint(ttl_of(&reading), ==, 20);
    messages = messages_of(reading.diagnostics);
    g_assert_nonnull(strstr(messages, "'ttl' is never used")); /* what used it was replaced */
    g_free(messages);
    reading_clear(&reading);
    ModelRequest request = {.sets = sets};
    reading_init(&reading, sample_pattern, scenario, &request);
    g_assert_cmpint(ttl_of(&reading), ==, 30);
    g_assert_cmpuint(reading.model->run.seed, ==, 7);
    g_assert_cmpint(reading.model->timeline[0].lasts.ns, ==, 60 * INT64_C(1000000000));
    g_assert_cmpuint(reading.model->network_count, ==, 1);
    reading_clear(&reading);
    Diagnostics *diagnostics = diagnostics_new();
    Tree *tree = tree_new();
    request.but = tree_value(tree, "but", "{edge.dns.ttl: 40 s, zones_of: 1}", diagnostics);
    request.sets = NULL;
    reading_init(&reading, sample_pattern, scenario, &request);
    g_assert_null(reading.model);
    messages = messages_of(reading.diagnostics);
    g_assert_nonnull(strstr(messages, "the pattern has no parameter 'zones_of'"));
    g_free(messages);
    reading_clear(&reading);
    request.but = tree_value(tree, "but", "{edge.dns.ttl: 40 s}", diagnostics);
    reading_init(&reading, sample_pattern, scenario, &request);
    g_assert_cmpint(ttl_of(&reading), ==, 40);
    reading_clear(&reading);
    tree_free(tree);
    diagnostics_free(diagnostics);
}

static void test_loads(void) {
    /* A scenario's load replaces the pattern's, population by population. */
    char *text = text_with(sample_pattern, "  visitors: {from: europe}\n",
                           "  visitors: {from: europe}\n  robots: {from: africa}\n");
    char *more = g_strconcat(text, "  robots: {rate: 1/s}\n", NULL);
    Reading reading;
    reading_init_good(&reading, more, "scenario: s\npattern: sample\nload: {visitors: {rate: 9/s}}\n", NULL);
    const Model *model = reading.model;
    g_assert_cmpuint(model->load_count, ==, 2);
    g_assert_cmpstr(model->components[model->loads[0].population].name, ==, "robots");
    g_assert_cmpint(*(const int64_t *)model->loads[0].spec, ==, INT64_C(1000000000)); /* per 1e9 s */
    g_assert_cmpint(*(const int64_t *)model->loads[1].spec, ==, 9 * INT64_C(1000000000));
    reading_clear(&reading);
    g_free(more);
    g_free(text);
}

static void test_security(void) {
    char *text = g_strconcat(sample_pattern,
                             "sensors: {agent: {kind: host_agent, watches: site.web}, all: {kind: host_agent}}\n"
                             "responses: {cut: {kind: isolate, sensor: all}}\n",
                             NULL);
    Reading reading;
    reading_init_good(&reading, text, NULL, NULL);
    const Model *model = reading.model;
    g_assert_cmpuint(model->sensor_count, ==, 2);
    g_assert_cmpuint(model->sensors[0].watch_count, ==, 2);
    g_assert_cmpuint(model->sensors[1].watch_count, ==, model->component_count - 1); /* all but the users */
    g_assert_cmpuint(model->responses[0].sensor, ==, 1);
    reading_clear(&reading);
    g_free(text);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/scenario/timeline", test_timeline);
    g_test_add_func("/model/scenario/more-events", test_more_events);
    g_test_add_func("/model/scenario/expects", test_expects);
    g_test_add_func("/model/scenario/sets", test_sets);
    g_test_add_func("/model/scenario/loads", test_loads);
    g_test_add_func("/model/scenario/security", test_security);
    return g_test_run();
}
