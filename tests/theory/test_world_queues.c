/* test_world_queues.c - queues in the whole world, from YAML: what clients measure against Erlang's formulas.
 *
 * One machine with c workers and room for K - c, behind a balancer without delay, next door to clients who send one
 * request each: a session is a job, its length the time in the system, a session broken by a full queue a blocked job.
 * Nothing else takes time, so the closed forms hold exactly. test_queueing.c has more systems, on the bare station.
 *
 * Formulas: Kleinrock, Queueing Systems vol. 1 (1975), chapter 3; Erlang B by the recursion of Jagerman (1974). */
#include <glib.h>
#include <string.h>

#include "tests/theory/judge.h"
#include "tests/theory/play.h"

enum { WARM_S = 500, REPLICATIONS = 48 };

typedef struct {
    const char *name;
    double arrivals; /* a second; the mean service is 1 s */
    const char *rate, *service;
    uint32_t servers, room; /* NO_LIMIT: a queue longer than any that comes up */
    double second_moment;   /* of the service; 2 is exponential */
    uint32_t seconds;       /* of one replication */
} System;

#define NO_LIMIT 1000000

static const System systems[] = {
    {"M/M/1, load 0.2", 0.2, "0.2/s", "exponential(1 s)", 1, NO_LIMIT, 2, 80000},
    {"M/M/2, load 0.4", 0.8, "0.8/s", "exponential(1 s)", 2, NO_LIMIT, 2, 32000},
    {"M/M/8, load 0.6", 4.8, "4.8/s", "exponential(1 s)", 8, NO_LIMIT, 2, 4000},
    {"M/D/1, load 0.4", 0.4, "0.4/s", "1 s", 1, NO_LIMIT, 1, 14000},
    {"M/M/5/5", 12, "12/s", "exponential(1 s)", 5, 0, 2, 2600},
    {"M/M/3/6", 6, "6/s", "exponential(1 s)", 3, 3, 2, 4600},
    {"M/M/2/6, overloaded", 6, "6/s", "exponential(1 s)", 2, 4, 2, 6000},
    {"M/E2/3/3, insensitive", 4, "4/s", "erlang(2 of 1 s)", 3, 0, 1.5, 4500},
};

enum { ROWS = JUDGE_SEEDS * 8 * 2 };

/* ---- exact answers: time in the system of those let in, share of those turned away ---- */

/* Erlang B: the chance that all of `servers` are busy, offered `load`. */
static double erlang_b(uint32_t servers, double load) {
    double blocked = 1;
    for (uint32_t k = 1; k <= servers; k++)
        blocked = load * blocked / (k + load * blocked);
    return blocked;
}

/* M/M/c by Erlang C; M/G/1 by Pollaczek and Khinchine. */
static double stay_unlimited(const System *s) {
    double a = s->arrivals, c = s->servers, b = erlang_b(s->servers, a);
    if (s->servers == 1)
        return 1 + a * s->second_moment / (2 * (1 - a));
    return 1 + b / (1 - a / c * (1 - b)) / (c - a);
}

/* M/M/c/K by the balance equations; without room they hold for any service (Erlang's insensitivity). */
static double stay_limited(const System *s, double *blocked) {
    double term = 1, all = 0, queue = 0;
    for (uint32_t n = 0; n <= s->servers + s->room; n++) {
        term *= n ? s->arrivals / MIN(n, s->servers) : 1;
        all += term;
        queue += n > s->servers ? (n - s->servers) * term : 0;
    }
    *blocked = term / all;
    return 1 + queue / all / (s->arrivals * (1 - *blocked));
}

/* ---- what the facts say ---- */

typedef struct {
    double stay;
    uint64_t completed, blocked;
} Count;

static void count_fact(void *user, const Fact *fact) {
    Count *count = user;
    if (simtime_before(fact->at, SIMTIME_S(WARM_S)))
        return;
    if (fact->kind == FACT_COMPLETED) {
        count->stay += (double)fact->span.ns / 1e9;
        count->completed++;
        return;
    }
    g_assert_cmpint(fact->cause, ==, CAUSE_FULL);
    count->blocked++;
}

static Play *play_of(const System *s) {
    char *sets[] = {g_strdup_printf("rate=%s", s->rate),
                    g_strdup_printf("service=%s", s->service),
                    g_strdup_printf("workers=%d", (int)s->servers),
                    g_strdup_printf("queue=%d", (int)s->room),
                    g_strdup_printf("run.until=%d s", (int)s->seconds),
                    NULL};
    Play *play = play_new("tests/theory/queue.yaml", (const char *const *)sets, NULL);
    for (int i = 0; sets[i]; i++)
        g_free(sets[i]);
    return play;
}

static void test_system(gconstpointer data) {
    const System *s = data;
    Play *play = play_of(s);
    double blocked = 0, stay = s->room == NO_LIMIT ? stay_unlimited(s) : stay_limited(s, &blocked);
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        Moments stays = {0}, refusals = {0};
        for (uint64_t r = 0; r < REPLICATIONS; r++) {
            Count count = {0};
            play_run(play, (Luck){seed, r}, FACT_BIT(FACT_COMPLETED) | FACT_BIT(FACT_BROKEN), count_fact, &count);
            moments_add(&stays, count.stay / (double)count.completed);
            moments_add(&refusals, (double)count.blocked / (double)(count.completed + count.blocked));
        }
        judge_row(s->name, "W", seed, &stays, stay, ROWS);
        if (s->room != NO_LIMIT)
            judge_row(s->name, "P(blocked)", seed, &refusals, blocked, ROWS);
    }
    play_free(play);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* show every row that misses, not only the first */
    for (size_t i = 0; i < G_N_ELEMENTS(systems); i++) {
        char *path = g_strdup_printf("/world-queues/%s", systems[i].name);
        g_strdelimit(path + strlen("/world-queues/"), "/, ", '-');
        g_test_add_data_func(path, &systems[i], test_system);
        g_free(path);
    }
    return g_test_run();
}
