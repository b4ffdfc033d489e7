/* test_availability_laws.c - the availability of systems whose parts fail and are repaired by themselves, from
 * `failures:` in YAML, against closed forms.
 *
 * Measured is the share of time in which a newcomer would be served; each row runs the whole path, from a text to a
 * sum of nanoseconds. Sources: Trivedi, Probability and Statistics with Reliability, Queuing and Computer Science
 * Applications (k of n, crews, coverage); Fleming 1975 (common causes); Barlow and Proschan 1965 (insensitivity: in the
 * long run only means count). Hours are the unit of time here. */
#include <glib.h>
#include <math.h>

#include "tests/theory/judge.h"
#include "tests/theory/play.h"

#define HOUR_NS 3.6e12

enum { RUNS = 120, SETS = 6, ROWS = JUDGE_SEEDS * 24 };

typedef struct {
    const char *name;
    const char *sets[SETS]; /* NULL-terminated */
    double from, until;     /* h: the window */
    double exact;
    uint64_t runs; /* 0: RUNS */
} Row;

/* ---- measuring ---- */

typedef struct {
    SimTime from, until, since; /* since: of the present outage; never: there is none */
    int64_t down;
} Clock;

static void clock_close(Clock *clock, SimTime now) {
    int64_t lasted = now.ns - MAX(clock->since.ns, clock->from.ns);
    clock->down += simtime_is_never(clock->since) ? 0 : MAX(lasted, 0);
    clock->since = SIMTIME_NEVER;
}

static void clock_see(void *user, const Fact *fact) {
    Clock *clock = user;
    if (fact->amount == 0)
        clock->since = fact->at;
    else
        clock_close(clock, fact->at);
}

static double share_up(Play *play, const Row *row, Luck luck) {
    Clock clock = {SIMTIME_NS((int64_t)(row->from * HOUR_NS)), play->model->run.until, SIMTIME_NEVER, 0};
    play_run(play, luck, FACT_BIT(FACT_SERVICE), clock_see, &clock);
    clock_close(&clock, clock.until);
    return 1 - (double)clock.down / (double)(clock.until.ns - clock.from.ns);
}

static void test_row(gconstpointer data) {
    const Row *row = data;
    char *until = g_strdup_printf("run.until=%d h", (int)row->until);
    const char *sets[SETS + 1] = {until};
    for (int i = 0; row->sets[i]; i++)
        sets[i + 1] = row->sets[i];
    Play *play = play_new("tests/theory/failures.yaml", sets, NULL);
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        Moments up = {0};
        for (uint64_t r = 0; r < (row->runs ? row->runs : RUNS); r++)
            moments_add(&up, share_up(play, row, (Luck){seed, r}));
        judge_row("availability", row->name, seed, &up, row->exact, ROWS);
    }
    play_free(play);
    g_free(until);
}

/* ---- closed forms ---- */

static double steady(double works, double down) { return works / (works + down); }

/* Mean of A(t) = a + u exp(-t (1/M + 1/R)) over [0, t]: a part that is new at 0, with exponential laws. */
static double of_new_part(double works, double down, double t) {
    double rate = 1 / works + 1 / down, a = steady(works, down);
    return a + (1 - a) * (1 - exp(-rate * t)) / (rate * t);
}

/* At least k of n alike and independent. */
static double k_of_n(int k, int n, double a) {
    double sum = 0, ways = 1;
    for (int j = n; j >= k; j--) {
        sum += ways * pow(a, j) * pow(1 - a, n - j);
        ways *= (double)j / (n - j + 1);
    }
    return sum;
}

/* n machines and c crews (machine repairman): p_i is the chance that i are down, up to a factor. */
static double with_crews(int k, int n, int crews, double works, double down) {
    double p = 1, all = 0, good = 0;
    for (int i = 0; i <= n; i++) {
        all += p;
        good += n - i >= k ? p : 0;
        p *= (n - i) / works * down / MIN(i + 1, crews);
    }
    return good / all;
}

/* Each of n alike fails every `works`; of that the share beta is common to all. */
static double with_common_cause(int n, double works, double down, double beta) {
    double own = steady(works / (1 - beta), down), common = steady(works / beta, down);
    return common * (1 - pow(1 - own, n));
}

/* Of n alike, one that fails takes all along with chance 1 - c until it is repaired. */
static double with_coverage(int n, double works, double down, double c) {
    double u = 1 - steady(works, down);
    return pow(1 - u * (1 - c), n) - pow(u * c, n);
}

/* The other one takes over after `noticed`, if the first is not back by then. */
static double active_passive(double works, double down, double noticed) {
    return 1 - down * (1 - exp(-noticed / down)) / (works + down);
}

/* Regions of zones of machines, each fails and is repaired by itself: one machine must work, and what it stands in. */
static double nested(double region, double zone, int zones, double machine, int machines) {
    double in_zone = zone * (1 - pow(1 - machine, machines));
    return region * (1 - pow(1 - in_zone, zones));
}

/* Only the first region counts: the name would need longer than a run to see that it is dead. */
#define ALONE "noticed=200 y"
#define WEB "'site[us-east-1].web'"
#define APP "'site[us-east-1].app'"
#define FAILS(what, every, lasts) what ": {every: exponential(" every "), lasts: exponential(" lasts ")}"

static void add(const char *name, Row row) {
    Row *kept = g_memdup2(&row, sizeof row);
    kept->name = name;
    char *path = g_strdup_printf("/availability/%s", name);
    g_test_add_data_func_full(path, kept, test_row, g_free);
    g_free(path);
}

static void add_single_parts(void) {
    add("one part", (Row){.sets = {ALONE, "failures={" FAILS(WEB, "5 h", "4 h") "}"},
                          .from = 100,
                          .until = 20000,
                          .exact = steady(5, 4)});
    add("one part, other laws",
        (Row){.sets = {ALONE, "failures={" WEB ": {every: uniform(1 h to 9 h), lasts: erlang(2 of 4 h)}}"},
              .from = 1000,
              .until = 20000,
              .exact = steady(5, 4)});
    add("one part, wide laws", (Row){.sets = {ALONE, "failures={" WEB ": {every: hyperexponential(1 h 50 % or 9 h), "
                                                     "lasts: lognormal(median 2 h p95 6 h)}}"},
                                     .from = 1000,
                                     .until = 30000,
                                     .exact = steady(5, 2 * exp(pow(log(3) / 1.6448536269514722, 2) / 2))});
    add("a new part", (Row){.sets = {ALONE, "failures={" FAILS(WEB, "600 h", "300 h") "}"},
                            .until = 300,
                            .exact = of_new_part(600, 300, 300),
                            .runs = 20000});
}

static void add_structures(void) {
    add("two of four", (Row){.sets = {ALONE, "machines=4", "enough=2", "failures={" FAILS(WEB, "4 h", "6 h") "}"},
                             .from = 100,
                             .until = 14000,
                             .exact = k_of_n(2, 4, steady(4, 6))});
    add("three of three", (Row){.sets = {ALONE, "machines=3", "enough=3", "failures={" FAILS(WEB, "8 h", "2 h") "}"},
                                .from = 100,
                                .until = 14000,
                                .exact = k_of_n(3, 3, steady(8, 2))});
    add("two before three", (Row){.sets = {ALONE, "machines=2", "behind=3",
                                           "failures={" FAILS(WEB, "4 h", "6 h") ", " FAILS(APP, "3 h", "7 h") "}"},
                                  .from = 100,
                                  .until = 14000,
                                  .exact = k_of_n(1, 2, steady(4, 6)) * k_of_n(1, 3, steady(3, 7))});
    add("machines, zones, region",
        (Row){.sets = {ALONE, "machines=4", "behind=2", "zones=2",
                       "failures={" FAILS(WEB, "20 h", "12 h") ", " FAILS("zone", "20 h", "10 h") ", " FAILS(
                           "region us-east-1", "50 h", "10 h") "}"},
              .from = 500,
              .until = 14000,
              .exact = nested(steady(50, 10), steady(20, 10), 2, steady(20, 12), 2)});
}

static void add_repairs(void) {
    add("one crew", (Row){.sets = {ALONE, "machines=4", "enough=2",
                                   "failures={" WEB ": {every: exponential(6 h), lasts: exponential(3 h), crews: 1}}"},
                          .from = 100,
                          .until = 14000,
                          .exact = with_crews(2, 4, 1, 6, 3)});
    add("two crews", (Row){.sets = {ALONE, "machines=5", "enough=2",
                                    "failures={" WEB ": {every: exponential(6 h), lasts: exponential(5 h), crews: 2}}"},
                           .from = 100,
                           .until = 14000,
                           .exact = with_crews(2, 5, 2, 6, 5)});
}

static void add_causes(void) {
    add("common cause", (Row){.sets = {ALONE, "machines=3",
                                       "failures={" WEB ": {every: exponential(5 h), lasts: exponential(5 h), "
                                       "common_cause: 20 %}}"},
                              .from = 200,
                              .until = 10000,
                              .exact = with_common_cause(3, 5, 5, 0.2)});
    add("common cause of zones", (Row){.sets = {ALONE, "machines=2", "behind=2", "zones=2",
                                                "failures={zone: {every: exponential(5 h), lasts: exponential(3 h), "
                                                "common_cause: 40 %, within: region}}"},
                                       .from = 200,
                                       .until = 9000,
                                       .exact = with_common_cause(2, 5, 3, 0.4)});
    add("coverage", (Row){.sets = {ALONE, "machines=3",
                                   "failures={" WEB ": {every: exponential(6 h), lasts: exponential(4 h), "
                                   "coverage: 70 %, within: component}}"},
                          .from = 100,
                          .until = 14000,
                          .exact = with_coverage(3, 6, 4, 0.7)});
}

static void add_switching(void) {
    add("active, passive", (Row){.sets = {"noticed=3 h", "failures={" FAILS(WEB, "5 h", "5 h") "}"},
                                 .from = 100,
                                 .until = 14000,
                                 .exact = active_passive(5, 5, 3)});
    add("slow to notice", (Row){.sets = {"noticed=12 h", "failures={" FAILS(WEB, "4 h", "8 h") "}"},
                                .from = 100,
                                .until = 20000,
                                .exact = active_passive(4, 8, 12)});
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    add_single_parts();
    add_structures();
    add_repairs();
    add_causes();
    add_switching();
    return g_test_run();
}
