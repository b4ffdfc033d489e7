/* test_failover.c - how long until a client's resolver points to the living region, and what its cache does meanwhile.
 *
 * F = D + V + W for each resolver: detection D uniform on [a, a + I); the answer changes at that instant; V is what is
 * left of the cached answer's time to live then; W the wait for the next question. Questions are Poisson with rate r a
 * resolver (one a session, nobody tries again), so a cache is a renewal process with cycles T + exponential(1/r): at a
 * random instant it holds an answer with chance q = rT / (1 + rT), the hit ratio, whose rest is uniform on [0, T); and
 * W is exponential(1/r). Behind a busy cache (q near 1, W near 0) this is the trapezoid D + V. Mean a + I/2 + q T/2 +
 * 1/r, variance I^2/12 + q T^2/3 - (q T/2)^2 + 1/r^2. A question x after the change is answered stale with chance q (1
 * - x/T).
 *
 * Everything from YAML; the instants are those of FACT_PUBLISHED and FACT_REFRESHED. Latencies are zero, the dead
 * region refuses at once. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "tests/theory/judge.h"
#include "tests/theory/play.h"

enum { NAMES = 8, POINTS = 3, MOST_RESOLVERS = 8, ROWS = JUDGE_SEEDS * 14 };

typedef struct {
    const char *name;
    const char *check, *ttl, *rate; /* as written; the rate is of all resolvers together */
    int resolvers, cycles;          /* times T before the fault: enough to forget how the caches began */
    double a, i, t, r;              /* in seconds; r of one resolver */
    double shares[POINTS];          /* of the trapezoid's length, where the law of F is judged; 0: none */
    bool whole;                     /* judge the deviation and the stale answers too: they need many replications */
    uint32_t replications;
} Case;

static const Case cases[] = {
    {"slow questions",
     "{every: 30 s, fail_after: 3, timeout: 4 s, from_response: yes, checkers: 1}",
     "60 s",
     "0.266666667/s",
     8,
     6,
     60,
     30,
     60,
     1 / 30.0,
     {0.65, 0.8, 1.1},
     true,
     5400},
    {"short intervals",
     "{every: 10 s, fail_after: 2, timeout: 2 s, from_response: no, checkers: 1}",
     "60 s",
     "0.4/s",
     8,
     8,
     10,
     10,
     60,
     1 / 20.0,
     {0, 0.95, 1.1},
     false,
     1200},
    {"busy caches",
     "{every: 60 s, fail_after: 2, timeout: 2 s, from_response: no, checkers: 1}",
     "60 s",
     "0.2/s",
     2,
     20,
     60,
     60,
     60,
     1 / 10.0,
     {0, 0, 0.92},
     false,
     1000},
};

/* ---- exact answers ---- */

static double hit_ratio(const Case *c) { return c->r * c->t / (1 + c->r * c->t); }

static double exact_mean(const Case *c) { return c->a + c->i / 2 + hit_ratio(c) * c->t / 2 + 1 / c->r; }

static double exact_variance(const Case *c) {
    double q = hit_ratio(c), t = c->t;
    return c->i * c->i / 12 + q * t * t / 3 - q * t / 2 * (q * t / 2) + 1 / (c->r * c->r);
}

/* P(V + W <= y). */
static double rest_within(const Case *c, double y) {
    if (y <= 0)
        return 0;
    double q = hit_ratio(c), r = c->r, m = MIN(y, c->t);
    double held = (m - (exp(-r * (y - m)) - exp(-r * y)) / r) / c->t;
    return q * held + (1 - q) * (1 - exp(-r * y));
}

/* P(F <= x): the mean of the above over D, by midpoints. */
static double exact_within(const Case *c, double x) {
    enum { STEPS = 4000 };
    double sum = 0;
    for (int i = 0; i < STEPS; i++)
        sum += rest_within(c, x - c->a - c->i * (i + 0.5) / STEPS);
    return sum / STEPS;
}

/* ---- what the facts say ---- */

typedef struct {
    const Case *c;
    const ComponentId *names, *users;
    SimTime fault;
    double mean, points[POINTS];
    SimTime published[NAMES];
    bool refreshed[NAMES][MOST_RESOLVERS];
    double sum, squares;
    uint32_t count, within[POINTS];
    uint32_t asked, stale; /* at most T/2 after the change */
} Seen;

static int index_in(const ComponentId *list, ComponentId component) {
    for (int n = 0; n < NAMES; n++)
        if (list[n] == component)
            return n;
    return -1;
}

static void see_refresh(Seen *seen, int n, const Fact *fact) {
    if (seen->refreshed[n][fact->amount])
        return;
    seen->refreshed[n][fact->amount] = true;
    double f = (double)(fact->at.ns - seen->fault.ns) / 1e9;
    seen->sum += f;
    seen->squares += (f - seen->mean) * (f - seen->mean);
    seen->count++;
    for (int p = 0; p < POINTS; p++)
        seen->within[p] += f <= seen->points[p];
}

/* A refusal comes at the instant of the question. */
static void count_window(const Seen *seen, int n, const Fact *fact, uint32_t *count) {
    if (!simtime_is_never(seen->published[n]))
        *count += (double)(fact->at.ns - seen->published[n].ns) / 1e9 < seen->c->t / 2;
}

static void see(void *user, const Fact *fact) {
    Seen *seen = user;
    if (simtime_before(fact->at, seen->fault))
        return;
    int n = index_in(fact->kind == FACT_PUBLISHED ? seen->names : seen->users, fact->component);
    if (n < 0)
        return; /* a balancer lists its own nodes */
    if (fact->kind == FACT_PUBLISHED)
        seen->published[n] = fact->at;
    else if (fact->kind == FACT_REFRESHED)
        see_refresh(seen, n, fact);
    else if (fact->kind == FACT_ARRIVED)
        count_window(seen, n, fact, &seen->asked);
    else if (fact->flags & BROKEN_STALE_NAME)
        count_window(seen, n, fact, &seen->stale);
}

typedef struct {
    Moments times, squares, within[POINTS], stale;
} Sample;

/* A resolver that nobody asks again within the run (chance below 1e-5) has not failed over. */
static void sample_take(Sample *sample, const Case *c, const Seen *seen) {
    double all = (double)NAMES * c->resolvers;
    g_assert_cmpuint(seen->count, >=, (uint32_t)all - 2);
    moments_add(&sample->times, seen->sum / seen->count);
    moments_add(&sample->squares, seen->squares / seen->count);
    for (int p = 0; p < POINTS; p++)
        moments_add(&sample->within[p], seen->within[p] / all);
    moments_add(&sample->stale, (double)seen->stale / MAX(seen->asked, 1));
}

static void sample_judge(const Sample *sample, const Case *c, const Seen *seen, uint64_t seed) {
    judge_row(c->name, "mean", seed, &sample->times, exact_mean(c), ROWS);
    for (int p = 0; p < POINTS; p++) {
        char *row = g_strdup_printf("P(F <= %.0f s)", seen->points[p]);
        if (c->shares[p] > 0)
            judge_row(c->name, row, seed, &sample->within[p], exact_within(c, seen->points[p]), ROWS);
        g_free(row);
    }
    if (!c->whole)
        return;
    judge_deviation(c->name, "deviation", seed, &sample->squares, sqrt(exact_variance(c)), ROWS);
    judge_row(c->name, "stale, x < T/2", seed, &sample->stale, hit_ratio(c) * 3 / 4, ROWS);
}

static Play *play_of(const Case *c, double fault) {
    double ends = fault + c->a + c->i + c->t + 12 / c->r;
    char *sets[] = {g_strdup_printf("check=%s", c->check),        g_strdup_printf("ttl=%s", c->ttl),
                    g_strdup_printf("rate=%s", c->rate),          g_strdup_printf("resolvers=%d", c->resolvers),
                    g_strdup_printf("run.until=%d s", (int)ends), NULL};
    char *events[] = {g_strdup_printf("{at: %d s, fail: \"site[us-east-1].lb\", as: refuse}", (int)fault), NULL};
    Play *play = play_new("tests/theory/failover.yaml", (const char *const *)sets, (const char *const *)events);
    for (int i = 0; sets[i]; i++)
        g_free(sets[i]);
    g_free(events[0]);
    return play;
}

static void test_case(gconstpointer data) {
    const Case *c = data;
    double fault = c->cycles * c->t;
    Play *play = play_of(c, fault);
    ComponentId names[NAMES], users[NAMES];
    for (int n = 0; n < NAMES; n++) {
        char *name = g_strdup_printf("dns-%d", n + 1), *population = g_strdup_printf("users-%d", n + 1);
        names[n] = play_component(play, name);
        users[n] = play_component(play, population);
        g_free(name);
        g_free(population);
    }
    Seen fresh = {.c = c, .names = names, .users = users, .fault = SIMTIME_S((int64_t)fault), .mean = exact_mean(c)};
    for (int n = 0; n < NAMES; n++)
        fresh.published[n] = SIMTIME_NEVER;
    for (int p = 0; p < POINTS; p++)
        fresh.points[p] = c->a + c->shares[p] * (c->i + c->t);
    uint64_t wants = FACT_BIT(FACT_PUBLISHED) | FACT_BIT(FACT_REFRESHED) | FACT_BIT(FACT_BROKEN);
    wants |= c->whole ? FACT_BIT(FACT_ARRIVED) : 0;
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        Sample sample = {0};
        for (uint64_t r = 0; r < c->replications; r++) {
            Seen seen = fresh;
            play_run(play, (Luck){seed, r}, wants, see, &seen);
            sample_take(&sample, c, &seen);
        }
        sample_judge(&sample, c, &fresh, seed);
    }
    play_free(play);
}

/* ---- hit ratio ---- */

/* A name that gives each asker one of 16 regions by lot: a miss shows as a new answer with chance 15/16. */
static void count_kinds(void *user, const Fact *fact) {
    uint64_t *counts = user;
    if (!simtime_before(fact->at, SIMTIME_S(600)))
        counts[fact->kind == FACT_REFRESHED]++;
}

static void test_hits(void) {
    const struct {
        const char *ttl, *name;
        double rt;
    } rows[] = {{"ttl=0.5 s", "rT = 1/2", 0.5}, {"ttl=2 s", "rT = 2", 2}, {"ttl=5 s", "rT = 5", 5}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *const sets[] = {rows[i].ttl, "run.until=2400 s", NULL};
        Play *play = play_new("tests/theory/regions.yaml", sets, NULL);
        for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
            Moments misses = {0};
            for (uint64_t r = 0; r < 32; r++) {
                uint64_t counts[2] = {0};
                play_run(play, (Luck){seed, r}, FACT_BIT(FACT_ARRIVED) | FACT_BIT(FACT_REFRESHED), count_kinds, counts);
                moments_add(&misses, (double)counts[1] / (double)counts[0] * 16 / 15);
            }
            judge_row("misses", rows[i].name, seed, &misses, 1 / (1 + rows[i].rt), ROWS);
        }
        play_free(play);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* show every row that misses, not only the first */
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *path = g_strdup_printf("/failover/%s", cases[i].name);
        g_strdelimit(path, " ", '-');
        g_test_add_data_func(path, &cases[i], test_case);
        g_free(path);
    }
    g_test_add_func("/failover/hit-ratio", test_hits);
    return g_test_run();
}
