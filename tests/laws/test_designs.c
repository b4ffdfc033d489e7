/* test_designs.c - what another design must not change: the luck of all that it does not touch.
 *
 * Designs are compared under the same luck (common random numbers): the same people come at the same instants, with the
 * same patience and as much to do. A component that nothing is connected to changes no fact about any other. Taking a
 * rule away serves nobody who was not served before. */
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "tests/laws/chaos.h"
#include "tests/theory/play.h"

#define SITE "tests/laws/site.yaml"
enum { LOTS = 3, SLOW_LOTS = 8, EVENTS = 10, FROM_S = 300, TO_S = 1500 };

#define DRAWN                                                                                                       \
    "run.until=60 min", "service=exponential(30 ms)", "think=exponential(7 s)", "lasting=exponential(100 s)",       \
        "boot=lognormal(median 45 s p95 90 s)", "promotion=uniform(50 s to 100 s)", "detect=uniform(10 s to 20 s)", \
        "lag=lognormal(median 500 ms p95 1 s)", "load={kind: poisson, rate: 2/s, enter: visit}"

static const char *const drawn[] = {DRAWN, NULL};

static uint64_t lots(void) { return g_test_slow() ? SLOW_LOTS : LOTS; }

/* ---- a component that nothing is connected to ---- */

/* Its names sort before, between and behind the others', so that all numbers in the model move. */
static char *site_with_strangers(void) {
    char *text;
    g_assert_true(g_file_get_contents(SITE, &text, NULL, NULL));
    GString *anew = g_string_new(text);
    g_string_replace(anew, "\nedge:\n",
                     "\nedge:\n  aloof: {kind: waf}\n  odd-names: {kind: dns, targets: annex.store}\n", 0);
    g_string_replace(anew, "\nusers:\n", "\nusers:\n  absentees: {from: europe}\n  zombies: {from: asia-east}\n", 0);
    g_string_replace(anew, "\nstacks:\n",
                     "\nstacks:\n"
                     "  annex:\n"
                     "    copies: [ap-south-1, us-east-1]\n"
                     "    zones: 3\n"
                     "    subnets: {yard: {per: zone}}\n"
                     "    components:\n"
                     "      barn:  {kind: instances, subnet: yard, listens: 8080, count: {min: 3, start: 3, max: 5}}\n"
                     "      store: {kind: database, subnet: yard, listens: 5432, replicas: {regions: async}}\n",
                     0);
    g_free(text);
    return g_string_free(anew, FALSE);
}

static int compare_lines(gconstpointer a, gconstpointer b) {
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    gint64 at_x = g_ascii_strtoll(x, NULL, 10), at_y = g_ascii_strtoll(y, NULL, 10);
    return at_x != at_y ? (at_x > at_y) - (at_x < at_y) : strcmp(x, y);
}

/* All facts but those about the strangers, by time: an answer that is certain may be told ahead of it, and strangers
 * make less certain. `subject` of a rule change counts what happened to the net, theirs too. */
static GPtrArray *lines_of_site(Play *play, Luck luck) {
    GArray *facts = play_record(play, luck, ALL_FACTS & ~FACT_BIT(FACT_RULES));
    GPtrArray *lines = fact_lines(play->model, facts, NULL);
    for (guint i = lines->len; i > 0; i--)
        if (strstr(lines->pdata[i - 1], "annex") || strstr(lines->pdata[i - 1], "aloof") ||
            strstr(lines->pdata[i - 1], "odd-names") || strstr(lines->pdata[i - 1], "absentees") ||
            strstr(lines->pdata[i - 1], "zombies"))
            g_ptr_array_remove_index(lines, i - 1);
    g_ptr_array_sort(lines, compare_lines);
    g_array_unref(facts);
    return lines;
}

static void assert_strangers_unnoticed(const char *text, const char *const *sets, char **events, Luck luck) {
    Play *plain = play_new(SITE, sets, (const char *const *)events);
    Play *richer = play_new_text(text, sets, (const char *const *)events);
    g_assert_cmpuint(richer->model->component_count, ==, plain->model->component_count + 8);
    GPtrArray *before = lines_of_site(plain, luck), *after = lines_of_site(richer, luck);
    assert_same_lines(before, after);
    g_ptr_array_unref(before);
    g_ptr_array_unref(after);
    play_free(plain);
    play_free(richer);
}

static void test_stranger(void) {
    char *text = site_with_strangers();
    for (uint64_t lot = 1; lot <= lots(); lot++) {
        char **events = chaos_events(lot, EVENTS, FROM_S, TO_S, 1);
        assert_strangers_unnoticed(text, drawn, events, (Luck){lot, 0});
        g_strfreev(events);
    }
    g_free(text);
}

/* Attackers, sensors and responses have luck of their own. */
static void test_stranger_attacked(void) {
    char *text = site_with_strangers();
    char *events[] = {(char *)"{at: 10 min, compromise: shop.crew, takes: exponential(60 s)}", NULL};
    const char *const sets[] = {DRAWN, "sensors={agent: {kind: host_agent, watches: shop.crew, detects: 90 %}}",
                                "responses={cut: {kind: isolate, sensor: agent, lasts: 5 min}}", NULL};
    for (uint64_t seed = 1; seed <= lots(); seed++)
        assert_strangers_unnoticed(text, sets, events, (Luck){seed, 0});
    g_free(text);
}

/* ---- the same people ---- */

/* One who came by himself, not one who came back. */
typedef struct {
    SimTime arrived;
    int64_t resolver;
    uint32_t serial;
    SimTime stayed; /* zero: did not complete */
    int64_t requests;
} Person;

static void see_person(void *user, const Fact *fact) {
    GArray *people = user;
    if (fact->kind == FACT_ARRIVED && fact->other == UINT32_MAX) {
        Person person = {.arrived = fact->at, .resolver = fact->amount, .serial = fact->subject};
        g_array_append_val(people, person);
    }
    for (guint i = people->len; fact->kind == FACT_COMPLETED && i > 0; i--) {
        Person *person = &g_array_index(people, Person, i - 1);
        if (person->serial == fact->subject) {
            person->stayed = fact->span;
            person->requests = fact->amount;
            return;
        }
    }
}

static GArray *people_of(const char *design, char **events, Luck luck) {
    const char *const sets[] = {DRAWN, design, NULL};
    Play *play = play_new(SITE, sets, (const char *const *)events);
    GArray *people = g_array_new(FALSE, FALSE, sizeof(Person));
    play_run(play, luck, FACT_BIT(FACT_ARRIVED) | FACT_BIT(FACT_COMPLETED), see_person, people);
    play_free(play);
    return people;
}

/* Whoever completed in both designs had as much to do: the stay differs by waits only. */
static void assert_same_people(const GArray *a, const GArray *b) {
    uint32_t both = 0, alike = 0;
    g_assert_cmpuint(a->len, ==, b->len);
    for (guint i = 0; i < a->len; i++) {
        const Person *x = &g_array_index(a, Person, i), *y = &g_array_index(b, Person, i);
        g_assert_cmpint(x->arrived.ns, ==, y->arrived.ns);
        g_assert_cmpint(x->resolver, ==, y->resolver);
        if (x->stayed.ns == 0 || y->stayed.ns == 0)
            continue;
        both++;
        alike += ABS(x->stayed.ns - y->stayed.ns) < SIMTIME_S(2).ns && ABS(x->requests - y->requests) <= 1;
    }
    g_test_message("%u came, %u completed in both designs, %u of them alike", a->len, both, alike);
    g_assert_cmpuint(both, >, a->len / 2);
    g_assert_cmpuint(alike, >, both * 9 / 10); /* who met a fault may have stayed longer */
}

static void test_same_people(void) {
    static const char *const designs[] = {"edge.names.ttl=600 s",
                                          "edge.names.policy=failover",
                                          "stacks.shop.copies=[us-east-1]",
                                          "stacks.shop.components.crew.count={min: 8, start: 8, max: 12}",
                                          "returns=0 %",
                                          "boot=5 min"};
    for (size_t d = 0; d < G_N_ELEMENTS(designs); d++) {
        char *events[] = {(char *)"{at: 10 min, fail: region us-east-1, for: 5 min}",
                          (char *)"{at: 25 min, fail: zone us-east-1b, for: 5 min}", NULL};
        GArray *a = people_of("run.replications=1", events, (Luck){3, d}),
               *b = people_of(designs[d], events, (Luck){3, d});
        g_test_message("%s:", designs[d]);
        assert_same_people(a, b);
        g_array_unref(a);
        g_array_unref(b);
    }
}

/* ---- one rule less ---- */

/* Instants of arrival of the sessions that completed. Nobody comes back and no queue is long, so people do not compete.
 */
static void see_completed(void *user, const Fact *fact) {
    int64_t arrived = fact->at.ns - fact->span.ns;
    g_hash_table_add(user, g_memdup2(&arrived, sizeof arrived));
}

static GHashTable *completed_of(Play *play) {
    GHashTable *set = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    play_run(play, (Luck){9, 0}, FACT_BIT(FACT_COMPLETED), see_completed, set);
    return set;
}

static void test_deny(void) {
    static const char *const rules[] = {
        "{security_group: shop.door, remove: {inbound: {from: internet, port: 443}}}",
        "{security_group: shop.crew, remove: {inbound: {from: door, port: 8080}}}",
        "{security_group: shop.ledger, remove: {inbound: {from: crew, port: 5432}}}",
        "{security_group: \"shop[us-east-1].ledger\", remove: {inbound: {from: crew, port: 5432}}}",
        "{security_group: shop.crew, remove: {outbound: {to: anyone, port: any}}}"};
    const char *const sets[] = {DRAWN, "returns=0 %", NULL};
    Play *plain = play_new(SITE, sets, NULL);
    GHashTable *before = completed_of(plain);
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        char *event = g_strdup_printf("{at: 10 min, change: %s, for: 15 min}", rules[i]);
        const char *const events[] = {event, NULL};
        Play *play = play_new(SITE, sets, events);
        GHashTable *after = completed_of(play);
        GHashTableIter served;
        gpointer arrived;
        for (g_hash_table_iter_init(&served, after); g_hash_table_iter_next(&served, &arrived, NULL);)
            g_assert_true(g_hash_table_contains(before, arrived));
        g_test_message("%u completed, %u without the rule", g_hash_table_size(before), g_hash_table_size(after));
        g_assert_cmpuint(g_hash_table_size(after), <, g_hash_table_size(before));
        g_hash_table_unref(after);
        g_free(event);
        play_free(play);
    }
    g_hash_table_unref(before);
    play_free(plain);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/laws/stranger/faults", test_stranger);
    g_test_add_func("/laws/stranger/attack", test_stranger_attacked);
    g_test_add_func("/laws/same-people", test_same_people);
    g_test_add_func("/laws/deny", test_deny);
    return g_test_run();
}
