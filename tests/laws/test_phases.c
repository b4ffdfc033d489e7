/* test_phases.c - halve one time in the YAML, and see exactly those phases of a failover move that should.
 *
 * A region dies and comes back. Nothing in the program knows what a failover is; so whatever is not downstream of the
 * halved time must stay where it was, to the nanosecond, and what is must move by the right amount. Arrivals are drawn,
 * laws are constant, and the groups do not scale, so that the traffic has no part in what the machines do. */
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "tests/theory/play.h"

#define SITE "tests/laws/site.yaml"
enum { SEEDS = 6, FAULT_S = 600, BACK_S = 1200 };

#define PLAIN                                                                                         \
    "load={kind: poisson, rate: 2/s, enter: visit}", "writes=0 %", "run.until=30 min",                \
        "stacks.shop.components.crew.scaling.enabled=no", "stacks.shop.components.crew.workers=1000", \
        "network={same_zone: 1 ms, zone_to_zone: 1 ms, last_mile: 10 ms}"

static const char *const region_dies[] = {"{at: 10 min, fail: region us-east-1, for: 10 min}", NULL};

/* ---- what is watched ---- */

/* Facts of one kind, of one component or (NULL) of any. */
typedef struct {
    FactKind kind;
    const char *of;
} Watched;

static const Watched people = {FACT_ARRIVED, "visitors"}, name_sees = {FACT_NOTICED, "names"},
                     name_says = {FACT_PUBLISHED, "names"}, door_sees = {FACT_NOTICED, "shop[us-east-1].door"},
                     asks = {FACT_REFRESHED, "visitors"}, orders = {FACT_PROMOTING, NULL}, data = {FACT_PROMOTED, NULL},
                     launches = {FACT_LAUNCHING, NULL}, serves = {FACT_SERVING, NULL}, answers = {FACT_SERVED, NULL},
                     failures = {FACT_FAILED, NULL};

/* People who come back do so because of failures: only those who come by themselves are the same. */
static bool is_watched(const Model *model, const Watched *watched, const Fact *fact) {
    if (fact->kind != watched->kind || (fact->kind == FACT_ARRIVED && fact->other != UINT32_MAX))
        return false;
    return !watched->of || g_str_equal(model->components[fact->component].name, watched->of);
}

/* Two runs under the same luck. */
typedef struct {
    Play *play[2];
    GArray *facts[2];
} Pair;

static Pair pair_new(const char *halved, uint64_t seed) {
    const char *const sets[2][9] = {{PLAIN, NULL}, {PLAIN, halved, NULL}};
    Pair pair;
    for (int i = 0; i < 2; i++) {
        pair.play[i] = play_new(SITE, sets[i], region_dies);
        pair.facts[i] = play_record(pair.play[i], (Luck){seed, 0}, ALL_FACTS);
    }
    return pair;
}

static void pair_clear(Pair *pair) {
    for (int i = 0; i < 2; i++) {
        g_array_unref(pair->facts[i]);
        play_free(pair->play[i]);
    }
}

static GArray *watch(const Pair *pair, int which, const Watched *watched, int until) {
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Fact));
    for (guint i = 0; i < pair->facts[which]->len; i++) {
        const Fact *fact = &g_array_index(pair->facts[which], Fact, i);
        if (fact->at.ns >= SIMTIME_S(until).ns)
            break;
        if (is_watched(pair->play[which]->model, watched, fact))
            g_array_append_vals(found, fact, 1);
    }
    return found;
}

/* As lines, without what may differ: a person's serial counts those who came back; a launch says how long it will take.
 */
static GPtrArray *lines_of(const Pair *pair, int which, const Watched *watched, int until) {
    GArray *found = watch(pair, which, watched, until);
    for (guint i = 0; i < found->len; i++) {
        Fact *fact = &g_array_index(found, Fact, i);
        fact->subject = fact->kind == FACT_ARRIVED ? 0 : fact->subject;
        fact->span = fact->kind == FACT_LAUNCHING ? SIMTIME_ZERO : fact->span;
    }
    GPtrArray *lines = fact_lines(pair->play[which]->model, found, NULL);
    g_array_unref(found);
    return lines;
}

/* The same facts at the same instants, before `until` (s). */
static void assert_still(const Pair *pair, const Watched *watched, int until) {
    GPtrArray *a = lines_of(pair, 0, watched, until), *b = lines_of(pair, 1, watched, until);
    g_assert_cmpuint(a->len, >, 0);
    assert_same_lines(a, b);
    g_ptr_array_unref(a);
    g_ptr_array_unref(b);
}

static void assert_all_still(const Pair *pair, const Watched *const *watched, size_t count, int until) {
    for (size_t i = 0; i < count; i++)
        assert_still(pair, watched[i], until);
}
#define STILL(pair, until, ...)                                    \
    do {                                                           \
        const Watched *const list_[] = {__VA_ARGS__};              \
        assert_all_still(pair, list_, G_N_ELEMENTS(list_), until); \
    } while (0)

enum { TO_THE_END = 1800 };

/* The first one after the fault. */
static Fact first_of(const Pair *pair, int which, const Watched *watched) {
    for (guint i = 0; i < pair->facts[which]->len; i++) {
        const Fact *fact = &g_array_index(pair->facts[which], Fact, i);
        if (!simtime_before(fact->at, SIMTIME_S(FAULT_S)) && is_watched(pair->play[which]->model, watched, fact))
            return *fact;
    }
    g_test_message("nothing was there to watch");
    g_assert_not_reached();
}

static double after_fault(const Fact *fact) { return (double)(fact->at.ns - SIMTIME_S(FAULT_S).ns) / 1e9; }

/* When each resolver first was told of the other region. */
enum { RESOLVERS = 3 };
static void asked(const Pair *pair, int which, double when[RESOLVERS]) {
    GArray *found = watch(pair, which, &asks, BACK_S);
    for (int r = 0; r < RESOLVERS; r++)
        when[r] = 0;
    for (guint i = found->len; i > 0; i--) {
        const Fact *fact = &g_array_index(found, Fact, i - 1);
        if (!simtime_before(fact->at, SIMTIME_S(FAULT_S)))
            when[fact->amount] = after_fault(fact);
    }
    for (int r = 0; r < RESOLVERS; r++)
        g_assert_cmpfloat(when[r], >, 0);
    g_array_unref(found);
}

/* ---- each time, halved ---- */

static void halve_check_interval(Pair *pair) {
    STILL(pair, TO_THE_END, &people, &orders, &data);
    STILL(pair, BACK_S, &people, &door_sees);
    Fact before = first_of(pair, 0, &name_sees), after = first_of(pair, 1, &name_sees);
    /* 14 of 16 checkers, each (k - 1) (I + 4 s) + 4 s after its first check */
    g_assert_cmpfloat(after_fault(&before), >=, 72);
    g_assert_cmpfloat(after_fault(&before), <, 102);
    g_assert_cmpfloat(after_fault(&after), >=, 42);
    g_assert_cmpfloat(after_fault(&after), <, 57);
    double was[RESOLVERS], is[RESOLVERS];
    asked(pair, 0, was);
    asked(pair, 1, is);
    for (int r = 0; r < RESOLVERS; r++) {
        g_assert_cmpfloat(is[r], <=, was[r]);
        g_assert_cmpfloat(is[r], >=, after_fault(&after));
    }
}

static void halve_ttl(Pair *pair) {
    STILL(pair, TO_THE_END, &people, &name_sees, &name_says, &orders, &data, &launches, &serves, &door_sees);
    double was[RESOLVERS], is[RESOLVERS];
    asked(pair, 0, was);
    asked(pair, 1, is);
    Fact published = first_of(pair, 0, &name_says);
    for (int r = 0; r < RESOLVERS; r++) {
        /* the rest of a time to live, and the wait for a question: somebody retries every few seconds */
        g_assert_cmpfloat(was[r] - after_fault(&published), <, 60 + 10);
        g_assert_cmpfloat(is[r] - after_fault(&published), <, 30 + 10);
        g_assert_cmpfloat(is[r], >=, after_fault(&published));
    }
}

/* Machines are launched when the region is back. */
static void halve_boot(Pair *pair) {
    STILL(pair, TO_THE_END, &people, &launches, &orders, &data);
    STILL(pair, BACK_S, &name_sees, &name_says, &door_sees, &asks, &answers, &failures);
    Fact launched = first_of(pair, 1, &launches), before = first_of(pair, 0, &serves),
         after = first_of(pair, 1, &serves);
    g_assert_cmpint(before.at.ns - launched.at.ns, ==, SIMTIME_S(45).ns);
    g_assert_cmpint(after.at.ns - launched.at.ns, ==, SIMTIME_MS(22500).ns);
}

/* With nothing but reads nobody else feels it. */
static void halve_promotion(Pair *pair) {
    STILL(pair, TO_THE_END, &people, &name_sees, &name_says, &door_sees, &asks, &orders, &launches, &serves, &answers,
          &failures);
    Fact ordered = first_of(pair, 1, &orders), before = first_of(pair, 0, &data), after = first_of(pair, 1, &data);
    g_assert_cmpint(before.at.ns - ordered.at.ns, ==, SIMTIME_S(75).ns);
    g_assert_cmpint(after.at.ns - ordered.at.ns, ==, SIMTIME_MS(37500).ns);
}

static void halve_detection(Pair *pair) {
    STILL(pair, TO_THE_END, &people, &name_sees, &name_says, &door_sees, &asks, &launches, &serves, &answers,
          &failures);
    Fact was = first_of(pair, 0, &orders), is = first_of(pair, 1, &orders);
    Fact before = first_of(pair, 0, &data), after = first_of(pair, 1, &data);
    g_assert_cmpint(was.at.ns - is.at.ns, ==, SIMTIME_MS(7500).ns);
    g_assert_cmpint(before.at.ns - after.at.ns, ==, SIMTIME_MS(7500).ns);
}

static void halve_door_interval(Pair *pair) {
    STILL(pair, BACK_S, &people, &name_sees, &name_says, &orders, &data);
    STILL(pair, TO_THE_END, &people, &launches, &serves, &orders, &data, &name_sees);
    Fact before = first_of(pair, 0, &door_sees), after = first_of(pair, 1, &door_sees);
    g_assert_cmpfloat(after_fault(&before), >=, 35); /* I + 5 s at least */
    g_assert_cmpfloat(after_fault(&after), >=, 20);
    g_assert_cmpfloat(after_fault(&after), <, 35);
}

static void assert_silence(const Pair *pair, int which, int64_t timeout) {
    GArray *found = watch(pair, which, &failures, TO_THE_END);
    uint32_t silent = 0;
    for (guint i = 0; i < found->len; i++) {
        const Fact *fact = &g_array_index(found, Fact, i);
        if (fact->cause != CAUSE_SILENT)
            continue;
        g_assert_cmpint(fact->span.ns, ==, timeout);
        silent++;
    }
    g_assert_cmpuint(silent, >, 100);
    g_array_unref(found);
}

static void halve_timeout(Pair *pair) {
    STILL(pair, TO_THE_END, &people, &name_sees, &name_says, &door_sees, &orders, &data, &launches, &serves);
    STILL(pair, FAULT_S, &answers);
    assert_silence(pair, 0, SIMTIME_S(4).ns);
    assert_silence(pair, 1, SIMTIME_S(2).ns);
}

/* Latency of each session's first request, by serial: before the fault these are the same people. */
static void assert_quicker(const Pair *pair, SimTime by) {
    static const Watched first = {FACT_ESTABLISHED, "visitors"};
    GArray *a = watch(pair, 0, &first, FAULT_S - 1), *b = watch(pair, 1, &first, FAULT_S - 1);
    g_assert_cmpuint(a->len, >, 1000);
    for (guint i = 0; i < MIN(a->len, b->len); i++) {
        const Fact *x = &g_array_index(a, Fact, i), *y = &g_array_index(b, Fact, i);
        g_assert_cmpuint(x->subject, ==, y->subject);
        g_assert_cmpint(x->span.ns - y->span.ns, ==, by.ns);
    }
    g_array_unref(a);
    g_array_unref(b);
}

static void halve_last_mile(Pair *pair) {
    STILL(pair, TO_THE_END, &people, &name_sees, &name_says, &door_sees, &orders, &data, &launches, &serves);
    assert_quicker(pair, SIMTIME_MS(5));
}

/* Door to crew, crew to ledger. */
static void halve_zone_latency(Pair *pair) {
    STILL(pair, TO_THE_END, &people, &name_sees, &name_says, &door_sees, &orders, &data, &launches, &serves);
    assert_quicker(pair, SIMTIME_MS(1));
}

typedef struct {
    const char *name, *halved;
    void (*check)(Pair *pair);
} Knob;

static const Knob knobs[] = {
    {"check-interval", "edge.names.health_check.every=15 s", halve_check_interval},
    {"ttl", "edge.names.ttl=30 s", halve_ttl},
    {"boot", "boot=22.5 s", halve_boot},
    {"promotion", "promotion=37.5 s", halve_promotion},
    {"data-detection", "detect=7.5 s", halve_detection},
    {"balancer-interval", "stacks.shop.components.door.health_check.every=15 s", halve_door_interval},
    {"client-timeout", "users.visitors.timeout=2 s", halve_timeout},
    {"last-mile", "network={same_zone: 1 ms, zone_to_zone: 1 ms, last_mile: 5 ms}", halve_last_mile},
    {"zone-latency", "network={same_zone: 0.5 ms, zone_to_zone: 0.5 ms, last_mile: 10 ms}", halve_zone_latency},
};

static void test_knob(gconstpointer user) {
    const Knob *knob = user;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        Pair pair = pair_new(knob->halved, seed);
        knob->check(&pair);
        pair_clear(&pair);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(knobs); i++) {
        char *path = g_strdup_printf("/laws/phases/%s", knobs[i].name);
        g_test_add_data_func(path, &knobs[i], test_knob);
        g_free(path);
    }
    return g_test_run();
}
