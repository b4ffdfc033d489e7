/* test_failures.c - what fails by itself: which parts a law is about, in which groups, and every mistake in one. */
#include "fixture.h"

/* "zone: us-east-1a (us-east-1) ...": every law with its parts and their groups, as one text; g_free. */
static char *laws_text(const Model *model) {
    GString *text = g_string_new(NULL);
    for (uint32_t i = 0; i < model->failure_count; i++) {
        const FailureLaw *law = &model->failures[i];
        g_string_append_printf(text, "%s%s:", i > 0 ? "; " : "", law->name);
        for (uint32_t p = 0; p < law->part_count; p++)
            g_string_append_printf(text, " %s (%s)", law->parts[p].name, law->groups[law->parts[p].group]);
    }
    return g_string_free(text, FALSE);
}

static void check_parts(const char *failures, const char *expected) {
    char *scenario = g_strdup_printf("scenario: s\npattern: sample\nload: none\nfailures: %s\n", failures);
    Reading reading;
    reading_init_good(&reading, sample_pattern, scenario, NULL);
    char *text = laws_text(reading.model);
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
    reading_clear(&reading);
    g_free(scenario);
}

#define LAW "{every: 1 h, lasts: 1 min}"

static void test_parts(void) {
    check_parts("{zone: " LAW "}", "zone: eu-west-1a (eu-west-1) eu-west-1b (eu-west-1) us-east-1a (us-east-1) "
                                   "us-east-1b (us-east-1)");
    check_parts("{region: " LAW "}", "region: eu-west-1 (all) us-east-1 (all)");
    check_parts("{region us-east-1: " LAW ", region: " LAW "}",
                "region: eu-west-1 (all); region us-east-1: us-east-1 (all)");
    check_parts("{link: {every: 1 h, lasts: 1 min, does: partition}}", "link: eu-west-1 <-> us-east-1 (all)");
    check_parts("{link us-east-1 <-> eu-west-1: {every: 1 h, lasts: 1 min, does: partition}, "
                "link: {every: 1 h, lasts: 1 min, does: partition}}",
                "link us-east-1 <-> eu-west-1: eu-west-1 <-> us-east-1 (all)");
    check_parts("{control_plane: {every: 1 h, lasts: 1 min, does: freeze}}",
                "control_plane: control_plane eu-west-1 (all) control_plane us-east-1 (all)");
    check_parts("{\"site[us-east-1].web/1\": " LAW "}", "site[us-east-1].web/1: site[us-east-1].web/1 (us-east-1)");
    check_parts("none", "");
}

/* Every unit of what computes, but for those that are named; another fault is another way to fail. */
static void test_instances(void) {
    Reading reading;
    reading_init_good(&reading, sample_pattern,
                      "scenario: s\npattern: sample\nfailures: {instance: " LAW ", \"site[us-east-1].web\": " LAW "}\n",
                      NULL);
    const FailureLaw *all = &reading.model->failures[0], *own = &reading.model->failures[1];
    g_assert_cmpstr(all->name, ==, "instance");
    g_assert_cmpuint(own->part_count, ==, component_named(reading.model, "site[us-east-1].web")->unit_count);
    g_assert_cmpuint(all->part_count, ==, component_named(reading.model, "site[eu-west-1].web")->unit_count);
    for (uint32_t p = 0; p < all->part_count; p++)
        g_assert_true(g_str_has_prefix(all->parts[p].name, "site[eu-west-1].web/"));
    reading_clear(&reading);
}

static void test_within(void) {
    check_parts(
        "{zone: {every: 1 h, lasts: 1 min, within: zone}}",
        "zone: eu-west-1a (eu-west-1a) eu-west-1b (eu-west-1b) us-east-1a (us-east-1a) us-east-1b (us-east-1b)");
    check_parts("{zone: {every: 1 h, lasts: 1 min, within: all}}",
                "zone: eu-west-1a (all) eu-west-1b (all) us-east-1a (all) us-east-1b (all)");
    check_parts("{\"site[us-east-1].web/1\": {every: 1 h, lasts: 1 min, within: component}}",
                "site[us-east-1].web/1: site[us-east-1].web/1 (site[us-east-1].web)");
}

/* The provider's, each with a source; what is written wins. */
static void test_defaults(void) {
    Reading reading;
    reading_init_good(&reading, sample_pattern,
                      "scenario: s\npattern: sample\nfailures: {zone: , instance: {every: 1 y}}\n", NULL);
    const FailureLaw *instance = &reading.model->failures[0], *zone = &reading.model->failures[1];
    g_assert_cmpint(instance->every.a.ns, ==, SIMTIME_S(365 * 86400).ns);
    g_assert_cmpint(zone->every.a.ns, ==, SIMTIME_S(3 * 365 * INT64_C(86400)).ns);
    g_assert_cmpint(zone->lasts.a.ns, ==, SIMTIME_S(7200).ns);
    g_assert_cmpuint(zone->crews, ==, 0);
    g_assert_cmpint(zone->coverage, ==, WHOLE);
    bool found = false;
    for (size_t i = 0; i < assumed_count(reading.model->assumed); i++) {
        const Assumed *row = assumed_at(reading.model->assumed, i);
        found = found || (g_str_equal(row->owner, "failures of zone") && g_str_equal(row->key, "every") &&
                          g_str_has_prefix(row->source, "assumption"));
    }
    g_assert_true(found);
    reading_clear(&reading);
}

/* Every provider's file knows these sorts, and says where its values come from. */
static void test_providers(void) {
    static const char *const providers[][2] = {{"aws", "us-east-1"}, {"azure", "westeurope"}};
    for (size_t i = 0; i < G_N_ELEMENTS(providers); i++) {
        char *pattern = g_strdup_printf("pattern: sample\nprovider: %s\nusers: {people: {from: europe}}\n"
                                        "stacks: {site: {copies: [%s], subnets: {app: }, components: {web: {kind: "
                                        "instances, subnet: app}}}}\n"
                                        "failures: {zone: , region: , instance: , control_plane: {does: freeze}}\n",
                                        providers[i][0], providers[i][1]);
        Reading reading;
        reading_init_good(&reading, pattern, NULL, NULL);
        g_assert_cmpuint(reading.model->failure_count, ==, 4);
        uint32_t sourced = 0;
        for (size_t a = 0; a < assumed_count(reading.model->assumed); a++) {
            const Assumed *row = assumed_at(reading.model->assumed, a);
            bool law = g_str_equal(row->key, "every") || g_str_equal(row->key, "lasts");
            if (g_str_has_prefix(row->owner, "failures of ") && law) {
                g_assert_cmpstr(row->source, !=, "provider default");
                sourced++;
            }
        }
        g_assert_cmpuint(sourced, ==, 8);
        reading_clear(&reading);
        g_free(pattern);
    }
}

/* Law by law; and the scenario is what a `set` bends. */
static void test_scenario_wins(void) {
    char *pattern =
        text_with(sample_pattern, "provider: aws\n",
                  "provider: aws\nfailures: {zone: {every: 1 h, lasts: 1 min}, region: {every: 2 h, lasts: 1 "
                  "min}}\n");
    const char *const sets[] = {"failures.zone.crews=2", "failures.region.crews=3", NULL};
    ModelRequest request = {.sets = sets};
    Reading reading;
    reading_init_good(&reading, pattern, "scenario: s\npattern: sample\nfailures: {zone: {every: 7 h, lasts: 1 min}}\n",
                      &request);
    const FailureLaw *region = &reading.model->failures[0], *zone = &reading.model->failures[1];
    g_assert_cmpint(zone->every.a.ns, ==, SIMTIME_S(7 * 3600).ns);
    g_assert_cmpuint(zone->crews, ==, 2);
    g_assert_cmpint(region->every.a.ns, ==, SIMTIME_S(2 * 3600).ns);
    g_assert_cmpuint(region->crews, ==, 3);
    reading_clear(&reading);
    reading_init_good(&reading, pattern, "scenario: s\npattern: sample\nfailures: none\nload: none\n", NULL);
    g_assert_cmpuint(reading.model->failure_count, ==, 0);
    g_assert_cmpuint(reading.model->load_count, ==, 0);
    reading_clear(&reading);
    g_free(pattern);
}

/* Each law has a part in the model's digest. */
static void test_digest(void) {
    static const char *const laws[] = {LAW,
                                       "{every: 2 h, lasts: 1 min}",
                                       "{every: 1 h, lasts: 1 min, crews: 1}",
                                       "{every: 1 h, lasts: 1 min, coverage: 99 %}",
                                       "{every: 1 h, lasts: 1 min, common_cause: 1 %}",
                                       "{every: 1 h, lasts: 1 min, within: zone}",
                                       "{every: 1 h, lasts: 1 min, as: refuse}"};
    GHashTable *digests = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(laws); i++) {
        char *scenario = g_strdup_printf("scenario: s\npattern: sample\nfailures: {zone: %s}\n", laws[i]);
        Reading reading;
        reading_init_good(&reading, sample_pattern, scenario, NULL);
        g_assert_true(g_hash_table_add(digests, g_strdup(reading.model->model_digest)));
        reading_clear(&reading);
        g_free(scenario);
    }
    g_hash_table_destroy(digests);
}

#define WITH(law) "pattern: sample\nfailures: {" law "}"

static const Mistake mistakes[] = {
    {'s', "pattern: sample", WITH("zoen: " LAW),
     "s:4:12 there is nothing 'zoen' that could fail | did you mean 'zone'?"},
    {'s', "pattern: sample", WITH("visitors: " LAW),
     "s:4:12 nothing can happen to a population ('visitors') | aim at what serves them"},
    {'s', "pattern: sample", WITH("zone us-east-1c: " LAW),
     "s:4:12 there is no zone 'us-east-1c' in this pattern | did you mean 'us-east-1a'?"},
    {'s', "pattern: sample", WITH("zone: {evry: 1 h, lasts: 1 min}"),
     "s:4:19 unknown key 'evry' in failures of zone | did you mean 'every'?"},
    {'s', "pattern: sample", WITH("zone: {every: 0 s, lasts: 1 min}"),
     "s:4:19 what works for no time at all cannot fail again and again | write every: exponential(1 y)"},
    {'s', "pattern: sample", WITH("link: {every: 1 h, does: partition}"),
     "s:4:12 'link' does not say its 'lasts', and the provider's defaults do not know | write {every: exponential(1 "
     "y), "
     "lasts: exponential(2 h)}"},
    {'s', "pattern: sample", WITH("site.db: {lasts: 1 h}"),
     "s:4:12 'site.db' does not say its 'every', and the provider's defaults do not know | write {every: exponential(1 "
     "y), lasts: exponential(2 h)}"},
    {'s', "pattern: sample", WITH("zone: {every: 1 h, lasts: 1 min, does: fial}"),
     "s:4:51 there is no fault 'fial' | did you mean 'fail'?"},
    {'s', "pattern: sample", WITH("link: " LAW),
     "s:4:12 'fail' cannot hit a link | it hits region R, zone Z, a component or site[R].web/3"},
    {'s', "pattern: sample", WITH("zone: {every: 1 h, lasts: 1 min, coverage: 101 %}"),
     "s:4:55 'coverage': 101 % is more than 100 %, the most allowed | write 100 % or less"},
    {'s', "pattern: sample", "pattern: sample\nfailures: [zone]",
     "s:4:11 failures must be a map of names, not a list | write name: {...}"},
    {'p', "count: 5}", "count: 5, enough: 1000}",
     "p:22:7 'site.web' has 10 units, so 1000 of them cannot be had | write enough: 10, or less"},
    {'s', NULL, NULL, NULL},
};

static void test_mistakes(void) { mistakes_check(mistakes); }

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/failures/parts", test_parts);
    g_test_add_func("/failures/instances", test_instances);
    g_test_add_func("/failures/within", test_within);
    g_test_add_func("/failures/defaults", test_defaults);
    g_test_add_func("/failures/providers", test_providers);
    g_test_add_func("/failures/scenario wins", test_scenario_wins);
    g_test_add_func("/failures/digest", test_digest);
    g_test_add_func("/failures/mistakes", test_mistakes);
    return g_test_run();
}
