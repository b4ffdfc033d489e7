/* test_copies.c - objects that are copied to another region against closed forms: what a lost region takes with it, and
 * how many reads are old.
 *
 * Puts are Poisson with rate r, and each needs a lag L of its own: those on their way are the customers of M/G/inf. So
 * what is nowhere else when the region dies is Poisson(r E[L]), whatever the law of L. Of K objects each is replaced w
 * = r / K times a second; a read elsewhere is old if the last put is less than its L ago: 1 - E[exp(-w L)], for a
 * constant L 1 - exp(-w L), for an exponential one w E[L] / (1 + w E[L]). With one object, K = 1. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "tests/theory/judge.h"
#include "tests/theory/play.h"

enum { ROWS = JUDGE_SEEDS * 5 };

/* Nothing takes time but the lag. */
#define PATTERN                                                                                                        \
    "pattern: p\nabout: copies\nprovider: aws\nnetwork: {fixed: 0 s, zone_to_zone: 0 s, same_zone: 0 s, round_trips: " \
    "[{from: eu-west-1, to: us-east-1, round_trip: 0 s}]}\nstacks:\n  s:\n    copies: [eu-west-1, us-east-1]\n    "    \
    "zones: 1\n    subnets: {app: }\n    components:\n"                                                                \
    "      f: {kind: function, service: 0 s, cold_start: 0 s, concurrency: {limit: 100000, burst: 100000}}\n"          \
    "      b: {kind: bucket, read: 0 s, write: 0 s, replicas: {regions: async}, lag: LAG, objects: OBJECTS}\n"         \
    "flows:\n  - write: s.f -> s.b put\n  - look: s.f -> s.b\nload:\n"                                                 \
    "  \"s[eu-west-1].f\": {kind: poisson, rate: PUTS, enter: write}\n"                                                \
    "  \"s[us-east-1].f\": {kind: poisson, rate: READS, enter: look}\nrun: {until: UNTIL}\n"

static char *filled(char *text, const char *word, const char *value) {
    char **parts = g_strsplit(text, word, -1), *whole = g_strjoinv(value, parts);
    g_strfreev(parts);
    g_free(text);
    return whole;
}

typedef struct {
    const char *lag, *objects, *puts, *reads, *until, *lost_at;
} Set;

static Play *play_of(const Set *set) {
    char *text = filled(g_strdup(PATTERN), "LAG", set->lag);
    text = filled(filled(text, "OBJECTS", set->objects), "PUTS", set->puts);
    text = filled(filled(text, "READS", set->reads), "UNTIL", set->until);
    char *event = set->lost_at ? g_strdup_printf("{at: %s, fail: region eu-west-1}", set->lost_at) : NULL;
    const char *const events[] = {event, NULL};
    Play *play = play_new_text(text, NULL, event ? events : NULL);
    g_free(event);
    g_free(text);
    return play;
}

typedef struct {
    int64_t gone, reads, old;
    SimTime from; /* reads count from there */
} Seen;

static void see(void *user, const Fact *fact) {
    Seen *seen = user;
    if (fact->kind == FACT_OBJECTS_GONE) {
        seen->gone += fact->amount;
    } else if (!simtime_before(fact->at, seen->from)) {
        seen->reads++;
        seen->old += fact->amount;
    }
}

/* All who are on their way at the time of the longest lag are there, and no longer a time is needed. */
static void judge_gone(const char *name, const Set *set, double exact, uint32_t replications) {
    Play *play = play_of(set);
    for (uint64_t seed = 1; seed <= JUDGE_SEEDS; seed++) {
        Moments moments = {.shift = exact};
        for (uint32_t r = 0; r < replications; r++) {
            Seen seen = {0};
            play_run(play, (Luck){seed, r}, FACT_BIT(FACT_OBJECTS_GONE), see, &seen);
            moments_add(&moments, (double)seen.gone);
        }
        judge_row("a region is lost", name, seed, &moments, exact, ROWS);
    }
    play_free(play);
}

static void test_gone(void) {
    judge_gone("constant lag", &(Set){"8 s", "0", "150/s", "1/h", "10 s", "9 s"}, 150 * 8, 180);
    judge_gone("uniform lag", &(Set){"uniform(4 s to 8 s)", "0", "200/s", "1/h", "9 s", "8 s"}, 200 * 6, 200);
}

static void judge_old(const char *name, const Set *set, double exact, uint32_t replications) {
    Play *play = play_of(set);
    for (uint64_t seed = 1; seed <= JUDGE_SEEDS; seed++) {
        Moments moments = {.shift = exact};
        for (uint32_t r = 0; r < replications; r++) {
            Seen seen = {.from = SIMTIME_S(100)};
            play_run(play, (Luck){seed, r}, FACT_BIT(FACT_READ), see, &seen);
            moments_add(&moments, (double)seen.old / (double)seen.reads);
        }
        judge_row("reads elsewhere are old", name, seed, &moments, exact, ROWS);
    }
    play_free(play);
}

static void test_old(void) {
    judge_old("constant lag", &(Set){"10 s", "40", "4/s", "8/s", "600 s", NULL}, 1 - exp(-1), 90);
    judge_old("exponential lag", &(Set){"exponential(10 s)", "40", "4/s", "8/s", "600 s", NULL}, 0.5, 160);
    judge_old("one object", &(Set){"10 s", "0", "0.2/s", "0.7/s", "2000 s", NULL}, 1 - exp(-2), 170);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/copies/gone", test_gone);
    g_test_add_func("/copies/old", test_old);
    return g_test_run();
}
