/* test_queueing.c - queues whose right answer is known: closed forms against the station and against the engine.
 *
 * Every system is simulated in independent replications, and each quantity judged as judge.h says. The first
 * replications are run twice, planned ahead by base/station.h and event by event on engine/engine.h; every job's start
 * and finish must agree to the nanosecond.
 *
 * Formulas: Kleinrock, Queueing Systems vol. 1 (1975), chapters 3 and 5; Erlang B by the recursion of Jagerman (1974).
 * Unit of time: the mean service, 1 s. */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "base/law.h"
#include "base/luck.h"
#include "base/station.h"
#include "engine/engine.h"
#include "tests/theory/judge.h"

enum { REPLICATIONS = 48, TWICE = 2, WARM = 1000 };
#define NO_LIMIT UINT32_MAX

/* What is measured; NAN in an exact answer: no closed form, or not asked. */
typedef enum { IN_SYSTEM, IN_QUEUE, SOJOURN, WAIT, WAITS, WAITS_LONG, STAYS_LONG, BLOCKED, QUANTITIES } Quantity;
static const char *const quantity_name[QUANTITIES] = {"L",      "Lq",        "W",        "Wq",
                                                      "P(W>0)", "P(Wq > t)", "P(W > t)", "P(blocked)"};

typedef struct {
    const char *name, *service; /* a law whose mean is 1 s */
    double arrivals;            /* a second */
    uint32_t servers, room;     /* room to wait in, without the servers */
    double long_wait;           /* t, in seconds */
    double second_moment;       /* of the service, for one server and no limit; 0: exponential */
    uint32_t jobs;
} System;

/* Numbers of jobs are such that all half-widths come out under 1 %. For M/M/8 that cannot be had cheaply for the mean
 * wait: only one job in four waits; its chances of waiting stand in for it. */
static const System systems[] = {
    {"M/M/1, load 0.5", "exponential(1 s)", 0.5, 1, NO_LIMIT, 2, 0, 260000},
    {"M/M/1, load 0.3", "exponential(1 s)", 0.3, 1, NO_LIMIT, 1, 0, 250000},
    {"M/M/2, load 0.6", "exponential(1 s)", 1.2, 2, NO_LIMIT, 1, 0, 500000},
    {"M/M/8, load 0.7", "exponential(1 s)", 5.6, 8, NO_LIMIT, 0.1, 0, 460000},
    {"M/M/5/5", "exponential(1 s)", 4, 5, 0, 0, 0, 100000},
    {"M/M/20/20", "exponential(1 s)", 18, 20, 0, 0, 0, 250000},
    {"M/M/1/5", "exponential(1 s)", 0.8, 1, 4, 0, 0, 280000},
    {"M/M/3/6", "exponential(1 s)", 2.7, 3, 3, 0, 0, 250000},
    {"M/M/2/6, overloaded", "exponential(1 s)", 3, 2, 4, 0, 0, 80000},
    {"M/D/1", "1 s", 0.6, 1, NO_LIMIT, 0, 1, 260000},
    {"M/E2/1", "erlang(2 of 1 s)", 0.5, 1, NO_LIMIT, 0, 1.5, 230000},
    /* 20 % of mean 2 s, 80 % of mean 0.75 s: E[S^2] = 2 (0.2 * 4 + 0.8 * 0.5625) */
    {"M/H2/1", "hyperexponential(2 s 20 % or 0.75 s)", 0.4, 1, NO_LIMIT, 0, 2.5, 400000},
    {"M/U/1", "uniform(0.5 s to 1.5 s)", 0.6, 1, NO_LIMIT, 0, 1 + 1.0 / 12, 260000},
};

/* ---- exact answers ---- */

/* Erlang B: the chance that all of `servers` are busy, offered `load`. */
static double erlang_b(uint32_t servers, double load) {
    double blocked = 1;
    for (uint32_t k = 1; k <= servers; k++)
        blocked = load * blocked / (k + load * blocked);
    return blocked;
}

/* Little's law four ways: from Wq and the rate of those let in to the rest. */
static void exact_from_wait(double wait, double rate, double exact[QUANTITIES]) {
    exact[WAIT] = wait;
    exact[SOJOURN] = wait + 1;
    exact[IN_QUEUE] = rate * wait;
    exact[IN_SYSTEM] = rate * (wait + 1);
}

/* M/M/c: Erlang C from Erlang B; P(Wq > t) = C e^-(c-a)t; W is Wq plus an independent service. */
static void exact_mmc(const System *s, double exact[QUANTITIES]) {
    double a = s->arrivals, c = s->servers, t = s->long_wait, b = erlang_b(s->servers, a);
    double waits = b / (1 - a / c * (1 - b));
    exact_from_wait(waits / (c - a), a, exact);
    exact[WAITS] = waits;
    exact[WAITS_LONG] = waits * exp(-(c - a) * t);
    exact[STAYS_LONG] = exp(-t) * (1 + waits * (1 - exp(-t * (c - 1 - a))) / (c - 1 - a));
    if (waits < 0.3 && c > 1)
        exact[WAIT] = exact[IN_QUEUE] = NAN;
}

/* M/M/c/K by the balance equations of births and deaths. */
static void exact_mmck(const System *s, double exact[QUANTITIES]) {
    uint32_t most = s->servers + s->room;
    double term = 1, all = 0, full = 0, queue = 0, busy = 0, waits = 0;
    for (uint32_t n = 0; n <= most; n++) {
        term *= n ? s->arrivals / MIN(n, s->servers) : 1;
        all += term;
        full = term;
        queue += n > s->servers ? (n - s->servers) * term : 0;
        busy += MIN(n, s->servers) * term;
        waits += n >= s->servers && n < most ? term : 0;
    }
    double rate = s->arrivals * (1 - full / all);
    g_assert_cmpfloat_with_epsilon(busy / all, rate, 1e-9); /* in = out */
    exact_from_wait(queue / all / rate, rate, exact);
    exact[BLOCKED] = full / all;
    if (s->room)
        exact[WAITS] = waits / (all - full);
    else
        exact[WAIT] = exact[IN_QUEUE] = exact[SOJOURN] = NAN; /* nobody waits: nothing to measure */
}

/* Pollaczek and Khinchine. */
static void exact_mg1(const System *s, double exact[QUANTITIES]) {
    exact_from_wait(s->arrivals * s->second_moment / (2 * (1 - s->arrivals)), s->arrivals, exact);
    exact[WAITS] = s->arrivals;
}

static void exact_answers(const System *s, double exact[QUANTITIES]) {
    for (int q = 0; q < QUANTITIES; q++)
        exact[q] = NAN;
    if (s->room != NO_LIMIT)
        exact_mmck(s, exact);
    else if (s->second_moment > 0)
        exact_mg1(s, exact);
    else
        exact_mmc(s, exact);
}

/* ---- simulation ---- */

/* One replication's jobs. Rejected ones have start never. */
typedef struct {
    SimTime *arrival, *work, *start, *finish;
} Jobs;

static Jobs jobs_new(uint32_t count) {
    SimTime *block = g_new(SimTime, 4 * (size_t)count);
    return (Jobs){block, block + count, block + 2 * (size_t)count, block + 3 * (size_t)count};
}

static void jobs_free(Jobs jobs) { g_free(jobs.arrival); }

static void jobs_draw(Jobs jobs, uint32_t count, double per_second, const Law *service, Luck luck) {
    Law gap = law_exponential(SIMTIME_NS((int64_t)(1e9 / per_second + 0.5)));
    Stream gaps = luck_stream(luck, "users", "gap"), works = luck_stream(luck, "queue", "service");
    SimTime now = SIMTIME_ZERO;
    for (uint32_t i = 0; i < count; i++) {
        Draw gap_draw = stream_draw(&gaps, i), work_draw = stream_draw(&works, i);
        now = simtime_add(now, law_sample(&gap, &gap_draw));
        jobs.arrival[i] = now;
        jobs.work[i] = law_sample(service, &work_draw);
    }
}

static void run_planned(const System *s, Jobs jobs) {
    Station station;
    station_init(&station, s->servers, s->room);
    for (uint32_t i = 0; i < s->jobs; i++)
        if (!station_offer(&station, jobs.arrival[i], jobs.work[i], &jobs.start[i], &jobs.finish[i]))
            jobs.start[i] = jobs.finish[i] = SIMTIME_NEVER;
    station_clear(&station);
}

/* The same queue event by event. Those who wait are let in as a ring of job numbers. */
typedef struct {
    const System *system;
    Jobs jobs;
    Engine *engine;
    uint32_t *line;
    uint32_t head, tail, busy;
} Office;

enum { ARRIVAL, DEPARTURE };

static void office_serve(Office *o, uint32_t job) {
    SimTime now = engine_now(o->engine), finish = simtime_add(now, o->jobs.work[job]);
    o->jobs.start[job] = now;
    o->jobs.finish[job] = finish;
    engine_schedule(o->engine, finish, PHASE_DELIVER, DEPARTURE, job, 0);
}

static void office_on_arrival(Office *o, uint32_t job) {
    if (job + 1 < o->system->jobs)
        engine_schedule(o->engine, o->jobs.arrival[job + 1], PHASE_ARRIVE, ARRIVAL, job + 1, 0);
    if (o->busy < o->system->servers) {
        o->busy++;
        office_serve(o, job);
    } else if (o->tail - o->head < o->system->room)
        o->line[o->tail++] = job;
    else
        o->jobs.start[job] = o->jobs.finish[job] = SIMTIME_NEVER;
}

static void office_dispatch(void *user, const Event *event) {
    Office *o = user;
    if (event->handler == ARRIVAL)
        office_on_arrival(o, event->subject);
    else if (o->head < o->tail)
        office_serve(o, o->line[o->head++]);
    else
        o->busy--;
}

static void run_by_events(const System *s, Jobs jobs, Engine *engine) {
    Office office = {s, jobs, engine, g_new(uint32_t, s->jobs), 0, 0, 0};
    engine_reset(engine);
    engine_schedule(engine, jobs.arrival[0], PHASE_ARRIVE, ARRIVAL, 0, 0);
    engine_run(engine, SIMTIME_NEVER, office_dispatch, &office);
    g_assert_cmpuint(engine_counts(engine).pending, ==, 0);
    g_free(office.line);
}

/* ---- estimates ---- */

/* Overlap of [from, to) with the window, in ns. */
static int64_t overlap(SimTime from, SimTime to, SimTime begin, SimTime end) {
    return MAX(simtime_min(to, end).ns - simtime_max(from, begin).ns, 0);
}

/* Time averages over the window from the first counted arrival to the last one; others over counted jobs. */
static void measure(const System *s, Jobs jobs, double mean[QUANTITIES]) {
    int64_t total[QUANTITIES] = {0}, served = 0;
    SimTime begin = jobs.arrival[WARM], end = jobs.arrival[s->jobs - 1];
    int64_t long_wait = (int64_t)(s->long_wait * 1e9);
    for (uint32_t i = 0; i < s->jobs; i++) {
        if (simtime_is_never(jobs.start[i])) {
            total[BLOCKED] += i >= WARM;
            continue;
        }
        total[IN_SYSTEM] += overlap(jobs.arrival[i], jobs.finish[i], begin, end);
        total[IN_QUEUE] += overlap(jobs.arrival[i], jobs.start[i], begin, end);
        if (i < WARM)
            continue;
        int64_t wait = jobs.start[i].ns - jobs.arrival[i].ns, stay = jobs.finish[i].ns - jobs.arrival[i].ns;
        served++;
        total[WAIT] += wait;
        total[SOJOURN] += stay;
        total[WAITS] += wait > 0;
        total[WAITS_LONG] += wait > long_wait;
        total[STAYS_LONG] += stay > long_wait;
    }
    for (int q = 0; q < QUANTITIES; q++)
        mean[q] = (double)total[q] / (double)served;
    mean[SOJOURN] /= 1e9;
    mean[WAIT] /= 1e9;
    mean[IN_SYSTEM] = (double)total[IN_SYSTEM] / (double)(end.ns - begin.ns);
    mean[IN_QUEUE] = (double)total[IN_QUEUE] / (double)(end.ns - begin.ns);
    mean[BLOCKED] = (double)total[BLOCKED] / (double)(s->jobs - WARM);
}

/* ---- rows ---- */

/* Quantities with an answer, times seeds; an upper bound will do and only widens the level. */
enum { ROWS = (8 * 13 + 5 * 4) * JUDGE_SEEDS };

static void system_run(const System *s, uint64_t seed) {
    double exact[QUANTITIES], mean[QUANTITIES];
    Moments moments[QUANTITIES] = {{0}};
    Law service;
    char *why = NULL;
    g_assert_true(law_parse(s->service, &service, &why));
    exact_answers(s, exact);
    Jobs jobs = jobs_new(s->jobs), again = jobs_new(s->jobs);
    Engine *engine = engine_new();
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        jobs_draw(jobs, s->jobs, s->arrivals, &service, (Luck){seed, r});
        run_planned(s, jobs);
        if (r < TWICE) {
            memcpy(again.arrival, jobs.arrival, 2 * s->jobs * sizeof *jobs.arrival); /* arrivals and works */
            run_by_events(s, again, engine);
            g_assert_cmpint(memcmp(jobs.start, again.start, 2 * s->jobs * sizeof *jobs.start), ==,
                            0); /* and finishes */
        }
        measure(s, jobs, mean);
        for (int q = 0; q < QUANTITIES; q++)
            moments_add(&moments[q], mean[q]);
    }
    for (int q = 0; q < QUANTITIES; q++)
        if (!isnan(exact[q]))
            judge_row(s->name, quantity_name[q], seed, &moments[q], exact[q], ROWS);
    engine_free(engine);
    jobs_free(again);
    jobs_free(jobs);
}

static void test_system(gconstpointer data) {
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++)
        system_run(data, seed);
}

/* ---- sessions: M/G/infinity ---- */

/* The number in the system is Poisson(lambda E[S]) whatever the law of S; only the engine can run this one. */
typedef struct {
    const char *name, *lasting;
} Sessions;

static const Sessions sessions[] = {{"M/M/inf", "exponential(1 s)"},
                                    {"M/D/inf", "1 s"},
                                    {"M/E4/inf", "erlang(4 of 1 s)"},
                                    {"M/H2/inf", "hyperexponential(2 s 20 % or 0.75 s)"},
                                    {"M/U/inf", "uniform(0 s to 2 s)"}};

enum { LIVE = 4, LIVE_ROWS = 4, LIVE_WARM_S = 50, LIVE_S = 26000 };

/* Time spent with n sessions live, up to a bound that is never reached. */
typedef struct {
    Engine *engine;
    Law gap, lasting;
    Stream gaps, lives;
    uint32_t arrived, live;
    SimTime last;
    int64_t spent[64];
} Visits;

static void visits_dispatch(void *user, const Event *event) {
    Visits *v = user;
    g_assert_cmpuint(v->live, <, G_N_ELEMENTS(v->spent));
    v->spent[v->live] += event->at.ns - v->last.ns;
    v->last = event->at;
    if (event->handler == DEPARTURE) {
        v->live--;
        return;
    }
    Draw gap = stream_draw(&v->gaps, v->arrived), life = stream_draw(&v->lives, v->arrived);
    v->arrived++;
    v->live++;
    engine_schedule(v->engine, simtime_add(event->at, law_sample(&v->lasting, &life)), PHASE_DELIVER, DEPARTURE, 0, 0);
    engine_schedule(v->engine, simtime_add(event->at, law_sample(&v->gap, &gap)), PHASE_ARRIVE, ARRIVAL, 0, 0);
}

/* Mean, second factorial moment, P(n = 4), P(n > 4), in this order. */
static void visits_measure(Visits *v, Luck luck, double mean[LIVE_ROWS]) {
    v->gaps = luck_stream(luck, "users", "gap");
    v->lives = luck_stream(luck, "users", "lasting");
    v->arrived = v->live = 0;
    v->last = SIMTIME_ZERO;
    engine_reset(v->engine);
    engine_schedule(v->engine, SIMTIME_ZERO, PHASE_ARRIVE, ARRIVAL, 0, 0);
    engine_run(v->engine, SIMTIME_S(LIVE_WARM_S), visits_dispatch, v);
    memset(v->spent, 0, sizeof v->spent);
    v->last = engine_now(v->engine);
    engine_run(v->engine, SIMTIME_S(LIVE_WARM_S + LIVE_S), visits_dispatch, v);
    v->spent[v->live] += engine_now(v->engine).ns - v->last.ns;
    memset(mean, 0, LIVE_ROWS * sizeof *mean);
    for (uint32_t n = 0; n < G_N_ELEMENTS(v->spent); n++) {
        double share = (double)v->spent[n] / ((double)LIVE_S * 1e9);
        mean[0] += n * share;
        mean[1] += (double)n * (n - 1.0) * share;
        mean[2] += n == LIVE ? share : 0;
        mean[3] += n > LIVE ? share : 0;
    }
}

static void test_sessions(gconstpointer data) {
    const Sessions *s = data;
    static const char *const row[LIVE_ROWS] = {"E[N]", "E[N(N-1)]", "P(N = 4)", "P(N > 4)"};
    double a = LIVE, exact[LIVE_ROWS] = {a, a * a, 0, 1}, term = exp(-a), mean[LIVE_ROWS];
    for (int n = 0; n <= LIVE; term *= a / ++n) {
        exact[2] = n == LIVE ? term : exact[2];
        exact[3] -= term;
    }
    Visits visits = {.engine = engine_new(), .gap = law_exponential(SIMTIME_MS(1000 / LIVE))};
    char *why = NULL;
    g_assert_true(law_parse(s->lasting, &visits.lasting, &why));
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        Moments moments[LIVE_ROWS] = {{0}};
        for (uint64_t r = 0; r < REPLICATIONS; r++) {
            visits_measure(&visits, (Luck){seed, r}, mean);
            for (int q = 0; q < LIVE_ROWS; q++)
                moments_add(&moments[q], mean[q]);
        }
        for (int q = 0; q < LIVE_ROWS; q++)
            judge_row(s->name, row[q], seed, &moments[q], exact[q], ROWS);
    }
    engine_free(visits.engine);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* show every row that misses, not only the first */
    for (size_t i = 0; i < G_N_ELEMENTS(systems); i++) {
        char *path = g_strdup_printf("/queueing/%s", systems[i].name);
        g_strdelimit(path + strlen("/queueing/"), "/, ", '-');
        g_test_add_data_func(path, &systems[i], test_system);
        g_free(path);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(sessions); i++) {
        char *path = g_strdup_printf("/queueing/%s", sessions[i].name);
        g_strdelimit(path + strlen("/queueing/"), "/, ", '-');
        g_test_add_data_func(path, &sessions[i], test_sessions);
        g_free(path);
    }
    return g_test_run();
}
