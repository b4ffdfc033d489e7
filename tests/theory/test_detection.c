/* test_detection.c - when health checks notice: what the world reports against the closed forms.
 *
 * A prober sends every I, is out of step with the fault, and needs k failures in a row; a silent target is declared tau
 * after a probe was sent, a refusing one at once. So it notices D = U + (k - 1) P + tau after the fault, U uniform on
 * [0, I), where P is I, or I + tau when the gap to the next probe counts from the end of the last one. Recovery is the
 * same with the probes that must pass, and without tau; but a probe that waits at that instant passes at once
 * (base/probe.h), so that with gaps from start to start the first pass comes up to tau before its turn. Many
 * uncoordinated checkers: the m-th of N is the order statistic of N uniforms, whose mean is I m / (N + 1).
 *
 * Everything from YAML: a component dies in the timeline, and the instants are those of FACT_NOTICED. */
#include <glib.h>
#include <math.h>

#include "tests/theory/judge.h"
#include "tests/theory/play.h"

/* The outage is a multiple of 34 s, the only period here that differs from its interval. */
enum { FAULT_S = 1000, BACK_S = 1510 };

typedef struct {
    const char *name;
    const char *every, *fail_after, *pass_after, *timeout, *from_response, *as;
    double i, k, passes, tau, period; /* the same in numbers; tau as it is felt */
} Case;

static const Case cases[] = {
    {"silent, from the start", "10 s", "2", "3", "3 s", "no", "blackhole", 10, 2, 3, 3, 10},
    {"silent, one is enough", "30 s", "1", "2", "5 s", "no", "blackhole", 30, 1, 2, 5, 30},
    {"silent, from the response", "30 s", "3", "2", "4 s", "yes", "blackhole", 30, 3, 2, 4, 34},
    {"refusing, from the start", "10 s", "3", "5", "3 s", "no", "refuse", 10, 3, 5, 0, 10},
    {"refusing, from the response", "5 s", "2", "2", "2 s", "yes", "refuse", 5, 2, 2, 0, 5},
};

/* Rows: mean, deviation and range of down and up by case; means of the crowds. */
enum { ROWS = JUDGE_SEEDS * (5 * 6 + 3 * 2) };

/* What is judged of one law of noticing. */
typedef struct {
    double mean, variance, low, high, least, most;
    uint64_t count;
    Moments times, squares;
} Sample;

static Sample sample_of(double mean, double variance, double low, double high) {
    return (Sample){.mean = mean, .variance = variance, .low = low, .high = high, .least = INFINITY, .most = -INFINITY};
}

/* Notices of one replication, of one kind. */
typedef struct {
    const Sample *sample;
    SimTime since;
    double sum, squares, least, most;
    uint32_t count;
} Seen;

static void seen_add(Seen *seen, SimTime at) {
    double after = (double)(at.ns - seen->since.ns) / 1e9;
    seen->sum += after;
    seen->squares += (after - seen->sample->mean) * (after - seen->sample->mean);
    seen->least = MIN(seen->least, after);
    seen->most = MAX(seen->most, after);
    seen->count++;
}

typedef struct {
    ComponentId who; /* whose notices */
    Seen down, up;
} Watcher;

static void watch_notices(void *user, const Fact *fact) {
    Watcher *watcher = user;
    if (fact->component == watcher->who)
        seen_add(fact->amount ? &watcher->up : &watcher->down, fact->at);
}

/* One replication's mean is one value. */
static void sample_take(Sample *sample, const Seen *seen, uint32_t expected) {
    g_assert_cmpuint(seen->count, ==, expected);
    moments_add(&sample->times, seen->sum / seen->count);
    moments_add(&sample->squares, seen->squares / seen->count);
    sample->least = MIN(sample->least, seen->least);
    sample->most = MAX(sample->most, seen->most);
    sample->count += seen->count;
}

static void sample_judge(const Sample *s, const char *name, const char *what, uint64_t seed, bool uniform) {
    char *mean = g_strdup_printf("%s, mean", what), *deviation = g_strdup_printf("%s, deviation", what);
    judge_row(name, mean, seed, &s->times, s->mean, ROWS);
    if (uniform) {
        judge_deviation(name, deviation, seed, &s->squares, sqrt(s->variance), ROWS);
        judge_range(name, seed, s->least, s->most, s->low, s->high, s->count, ROWS);
    }
    g_free(mean);
    g_free(deviation);
}

static Play *play_of(const Case *c, const char *more, const char *target) {
    char *sets[] = {g_strdup_printf("every=%s", c->every),
                    g_strdup_printf("fail_after=%s", c->fail_after),
                    g_strdup_printf("pass_after=%s", c->pass_after),
                    g_strdup_printf("timeout=%s", c->timeout),
                    g_strdup_printf("from_response=%s", c->from_response),
                    g_strdup(more),
                    g_strdup("run.until=2000 s"),
                    NULL};
    char *events[] = {
        g_strdup_printf("{at: %d s, fail: %s, for: %d s, as: %s}", FAULT_S, target, BACK_S - FAULT_S, c->as), NULL};
    Play *play = play_new("tests/theory/detection.yaml", (const char *const *)sets, (const char *const *)events);
    for (int i = 0; sets[i]; i++)
        g_free(sets[i]);
    g_free(events[0]);
    return play;
}

static void run_case(Play *play, const char *who, uint64_t seed, uint32_t replications, uint32_t each, Sample *down,
                     Sample *up) {
    for (uint64_t r = 0; r < replications; r++) {
        Seen empty = {.least = INFINITY, .most = -INFINITY};
        Watcher watcher = {play_component(play, who), empty, empty};
        watcher.down.sample = down;
        watcher.down.since = SIMTIME_S(FAULT_S);
        watcher.up.sample = up;
        watcher.up.since = SIMTIME_S(BACK_S);
        play_run(play, (Luck){seed, r}, FACT_BIT(FACT_NOTICED), watch_notices, &watcher);
        sample_take(down, &watcher.down, each);
        sample_take(up, &watcher.up, each);
    }
}

/* 400 machines in 3 zones: 1200 probers a run, each out of step by itself. */
static void test_balancer(gconstpointer data) {
    const Case *c = data;
    Play *play = play_of(c, "machines=400", "site.web");
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        double from = (c->k - 1) * c->period + c->tau;
        double back = (c->passes - 1) * c->i - (c->period > c->i ? 0 : c->tau);
        Sample down = sample_of(from + c->i / 2, c->i * c->i / 12, from, from + c->i);
        Sample up = sample_of(back + c->i / 2, c->i * c->i / 12, back, back + c->i);
        run_case(play, "site[us-east-1].lb", seed, 60, 1200, &down, &up);
        sample_judge(&down, c->name, "down", seed, true);
        sample_judge(&up, c->name, "up", seed, true);
    }
    play_free(play);
}

/* ---- many checkers of one verdict ---- */

/* healthy_share is 18 %: of N checkers floor(0.18 N) may still say healthy; one more makes it healthy again. */
typedef struct {
    Case check;
    const char *checkers;
    double n;
} Crowd;

static const Crowd crowds[] = {
    {{"16 checkers, silent", "30 s", "3", "3", "4 s", "yes", "blackhole", 30, 3, 3, 4, 34}, "checkers=16", 16},
    {{"5 checkers, silent", "10 s", "2", "2", "4 s", "no", "blackhole", 10, 2, 2, 4, 10}, "checkers=5", 5},
    {{"50 checkers, refusing", "30 s", "2", "2", "4 s", "yes", "refuse", 30, 2, 2, 0, 30}, "checkers=50", 50},
};

/* The m-th of n uniforms on [0, i), `later`. */
static Sample order_statistic(double m, double n, double i, double later) {
    return sample_of(later + i * m / (n + 1), 0, later, later + i);
}

#define REGIONS                                                                                                        \
    "regions=[us-east-1, us-east-2, us-west-1, us-west-2, eu-west-1, eu-west-2, eu-west-3, eu-central-1, eu-north-1, " \
    "eu-south-1, sa-east-1, ca-central-1, ap-south-1, ap-southeast-1, ap-southeast-2, ap-northeast-1]"

/* 16 regions: 16 verdicts a run. Their balancers die; recovery needs the same number of good checks as failure bad. */
static void test_checkers(gconstpointer data) {
    const Crowd *crowd = data;
    const Case *c = &crowd->check;
    char *events[] = {g_strdup_printf("{at: %d s, fail: site.lb, for: %d s, as: %s}", FAULT_S, BACK_S - FAULT_S, c->as),
                      NULL};
    char *every = g_strdup_printf("every=%s", c->every), *timeout = g_strdup_printf("timeout=%s", c->timeout);
    char *fails = g_strdup_printf("fail_after=%s", c->fail_after);
    char *from = g_strdup_printf("from_response=%s", c->from_response);
    const char *const sets[] = {
        every, timeout, fails, from, "machines=1", "zones=1", REGIONS, crowd->checkers, "run.until=2000 s", NULL};
    Play *play = play_new("tests/theory/detection.yaml", sets, (const char *const *)events);
    double share = floor(0.18 * crowd->n), m = crowd->n - share;
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        Sample down = order_statistic(m, crowd->n, c->i, (c->k - 1) * c->period + c->tau);
        Sample up = order_statistic(share + 1, crowd->n, c->i, (c->k - 1) * c->i);
        run_case(play, "dns", seed, 1000, 16, &down, &up);
        sample_judge(&down, c->name, "down", seed, false);
        sample_judge(&up, c->name, "up", seed, false);
    }
    play_free(play);
    g_free(every);
    g_free(timeout);
    g_free(fails);
    g_free(from);
    g_free(events[0]);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* show every row that misses, not only the first */
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *path = g_strdup_printf("/detection/balancer/%d", (int)i);
        g_test_add_data_func(path, &cases[i], test_balancer);
        g_free(path);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(crowds); i++) {
        char *path = g_strdup_printf("/detection/checkers/%d", (int)i);
        g_test_add_data_func(path, &crowds[i], test_checkers);
        g_free(path);
    }
    return g_test_run();
}
