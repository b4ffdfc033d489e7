/* test_digest.c - two files that say the same are the same model; two that do not are not. */
#include <string.h>

#include "fixture.h"

/* The sample with its keys in another order, in other words where there are any, and with comments. */
static const char permuted_pattern[] =
    "load: # what arrives\n"
    "  visitors: {enter: visit, rate: 240/min, kind: poisson}\n"
    "flows: [{path: \"users -> dns->waf -> site.lb -> site.web -> site.db\", name: visit}]\n"
    "stacks:\n"
    "  site:\n"
    "    security_groups:\n"
    "      db: {inbound: [{port: tcp/5432, from: web}]}\n"
    "      web: {inbound: [{port: [8080], from: [lb]}]}\n"
    "      lb: {inbound: [{port: 443, from: internet}]}\n"
    "    components:\n"
    "      db: {listens: 5432, subnet: data, kind: database}\n"
    "      web: {count: 5, listens: \"8080\", subnet: app, kind: instances}\n"
    "      lb: {targets: [web], listens: 443, public: yes, subnet: public, kind: load_balancer}\n"
    "    subnets:\n"
    "      data:\n"
    "      app:\n"
    "      public: {routes: [{via: internet_gateway, to: internet}]}\n"
    "    zones: \"2\"\n"
    "    copies: \"${regions}\"\n"
    "edge:\n"
    "  waf: {kind: waf}\n"
    "  dns: {targets: [site.lb], ttl: \"${ttl}\", kind: dns}\n"
    "users: {visitors: {from: [europe]}}\n"
    "parameters:\n"
    "  ttl: {least: 1 s, default: 1 min, most: 60 min}\n"
    "  regions: {default: [eu-west-1, us-east-1]}\n"
    "provider: aws\n"
    "pattern: sample\n";
static const char permuted_scenario[] = "expect:\n"
                                        "  - {p90: \"<= 3 min\", metric: failover_time, id: back-soon}\n"
                                        "  - {that: not reachable(internet -> site.db), id: private}\n"
                                        "run: {seed: 43, replications: 50, until: 60 min}\n"
                                        "timeline:\n"
                                        "  - {for: 1800 s, fail: region us-east-1, at: 1200 s}\n"
                                        "pattern: sample\n"
                                        "claim: Something else.\n"
                                        "scenario: a region dies\n";

static void assert_same(const char *pattern, const char *scenario, bool same) {
    Reading a, b;
    reading_init_good(&a, sample_pattern, sample_scenario, NULL);
    reading_init_good(&b, pattern, scenario, NULL);
    g_assert_cmpint(strcmp(a.model->model_digest, b.model->model_digest) == 0, ==, same);
    g_assert_cmpuint(strlen(a.model->model_digest), ==, 64);
    reading_clear(&a);
    reading_clear(&b);
}

static void test_permuted(void) {
    Reading a, b;
    reading_init_good(&a, sample_pattern, sample_scenario, NULL);
    reading_init_good(&b, permuted_pattern, permuted_scenario, NULL);
    g_assert_cmpstr(a.model->model_digest, ==, b.model->model_digest);
    g_assert_cmpstr(a.model->byte_digest, !=, b.model->byte_digest);
    /* Not only the digest: ids and luck's names, too. */
    g_assert_cmpuint(a.model->element_count, ==, b.model->element_count);
    for (uint32_t i = 0; i < a.model->component_count; i++)
        g_assert_cmpstr(a.model->components[i].name, ==, b.model->components[i].name);
    for (uint32_t i = 0; i < a.model->place_count; i++)
        g_assert_cmpstr(a.model->places[i].path, ==, b.model->places[i].path);
    g_assert_cmpstr(a.model->timeline[0].text, ==, b.model->timeline[0].text);
    reading_clear(&a);
    reading_clear(&b);
}

/* Left to be read later, and still the same in any order. */
static void test_but(void) {
    char *one = text_with(sample_scenario, "<= 3 min\"", "<= 3 min\", but: {set: {ttl: 5 s, regions: [us-east-1]}}");
    char *other = text_with(sample_scenario, "<= 3 min\"", "<= 3 min\", but: {set: {regions: [us-east-1], ttl: 5 s}}");
    Reading a, b;
    reading_init_good(&a, sample_pattern, one, NULL);
    reading_init_good(&b, sample_pattern, other, NULL);
    g_assert_cmpstr(a.model->model_digest, ==, b.model->model_digest);
    reading_clear(&a);
    reading_clear(&b);
    assert_same(sample_pattern, one, false);
    g_free(one);
    g_free(other);
}

static void test_folders(void) {
    /* The same files elsewhere: the same bytes, and labels without folders. */
    Reading a, b;
    reading_init_good(&a, sample_pattern, sample_scenario, NULL);
    reading_init_good(&b, sample_pattern, sample_scenario, NULL);
    g_assert_cmpstr(a.folder, !=, b.folder);
    g_assert_cmpstr(a.model->byte_digest, ==, b.model->byte_digest);
    g_assert_cmpuint(a.model->source_count, ==, 6);
    g_assert_cmpstr(a.model->source_labels[0], ==, "scenario scenario.yaml");
    g_assert_cmpstr(a.model->source_labels[1], ==, "patterns/sample.yaml");
    for (uint32_t i = 2; i < a.model->source_count; i++)
        g_assert_true(g_str_has_prefix(a.model->source_labels[i], "patterns/defaults/"));
    reading_clear(&a);
    reading_clear(&b);
}

static void test_differences(void) {
    static const struct {
        char where;
        const char *find, *replacement;
    } rows[] = {
        {'p', "port: 5432", "port: 5433"},
        {'p', "{from: web, port: 5432}", "{from: lb, port: 5432}"},
        {'p', "count: 5", "count: 6"},
        {'p', "count: 5", "count: 5, note: more"},
        {'p', "count: 5", "count: 5, boot: 44 s"},
        {'p', "count: 5", "count: 5, zones: [a]"},
        {'p', "count: 5", "count: 5, zones: 1"},
        {'p', "      db: {inbound", "      spare: {}\n      db: {inbound"},
        {'p', "rate: 4/s", "rate: 5/s"},
        {'p', "default: 60 s", "default: 61 s"},
        {'p', "from: europe", "from: africa"},
        {'p', "public: true, ", ""},
        {'p', "zones: 2", "zones: 3"},
        {'p', "cidr: auto", "cidr: {us-east-1: 10.9.0.0/16, eu-west-1: auto}"},
        {'p', "via: internet_gateway", "via: blackhole"},
        {'p', "load:\n", "network: {last_mile: 11 ms}\nload:\n"},
        {'p', "load:\n", "network: {round_trips: [{from: eu-west-1, to: us-east-1, round_trip: 71 ms}]}\nload:\n"},
        {'p', "site.web -> site.db", "site.web"},
        {'s', "at: 20 min", "at: 21 min"},
        {'s', "for: 30 min", "for: 30 min, as: refuse"},
        {'s', "for: 30 min", "for: 30 min, recovery: 3 min"},
        {'s', "<= 3 min", "<= 4 min"},
        {'s', "<= 3 min", "< 3 min"},
        {'s', "until: 1 h", "until: 2 h"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        bool in_pattern = rows[i].where == 'p';
        char *text = text_with(in_pattern ? sample_pattern : sample_scenario, rows[i].find, rows[i].replacement);
        g_test_message("%s -> %s", rows[i].find, rows[i].replacement);
        assert_same(in_pattern ? text : sample_pattern, in_pattern ? sample_scenario : text, false);
        g_free(text);
    }
    assert_same(sample_pattern, sample_scenario, true);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/digest/permuted", test_permuted);
    g_test_add_func("/model/digest/but", test_but);
    g_test_add_func("/model/digest/folders", test_folders);
    g_test_add_func("/model/digest/differences", test_differences);
    return g_test_run();
}
