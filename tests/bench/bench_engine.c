/* bench_engine.c - the engine, through its own interface, against the yardsticks in bare C.
 *
 * One process, one run: engine and yardstick take turns, five times each, and what is judged is the ratio of the
 * medians, so that a machine that is busy or slow today is so for both. Exit 1 when a bar is missed. */
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/engine.h"
#include "tests/bench/yard.h"
#include "tests/bench/yard_luck.h"

enum { ROUNDS = 5, SERVERS = 8 };
static const double bar = 1.3;

typedef enum { ARRIVAL, DEPARTURE, HOLD } Handler;

static SimTime after(SimTime now, YardLuck *luck, const YardZiggurat *z, double mean_ns) {
    return simtime_add(now, SIMTIME_NS((int64_t)(yard_exponential(luck, z) * mean_ns)));
}

/* The same M/M/c as yard_mmc, with the same numbers, on the engine. */
typedef struct {
    Engine *engine;
    YardZiggurat z;
    YardLuck arrivals, services;
    double service, gap;
    uint64_t customers, arrived, served;
    int64_t waited;
    uint32_t idle[SERVERS], idle_count;
    int64_t *line; /* arrival instants of those who wait; a ring of `size`, a power of two */
    uint64_t size, head, tail;
} Counter;

static void counter_serve(Counter *c, SimTime now, uint32_t server) {
    engine_schedule(c->engine, after(now, &c->services, &c->z, c->service), PHASE_DELIVER, DEPARTURE, server, 0);
}

static void counter_queue(Counter *c, SimTime now) {
    if (c->tail - c->head == c->size) {
        int64_t *longer = g_new(int64_t, 2 * c->size);
        for (uint64_t i = 0; i < c->size; i++)
            longer[i] = c->line[(c->head + i) & (c->size - 1)];
        g_free(c->line);
        c->line = longer;
        c->head = 0;
        c->tail = c->size;
        c->size *= 2;
    }
    c->line[c->tail++ & (c->size - 1)] = now.ns;
}

static void counter_on_arrival(Counter *c, SimTime now) {
    if (++c->arrived < c->customers)
        engine_schedule(c->engine, after(now, &c->arrivals, &c->z, c->gap), PHASE_ARRIVE, ARRIVAL, 0, 0);
    if (c->idle_count)
        counter_serve(c, now, c->idle[--c->idle_count]);
    else
        counter_queue(c, now);
}

static void counter_on_departure(Counter *c, SimTime now, uint32_t server) {
    c->served++;
    if (c->head == c->tail) {
        c->idle[c->idle_count++] = server;
        return;
    }
    c->waited += now.ns - c->line[c->head++ & (c->size - 1)];
    counter_serve(c, now, server);
}

static YardResult engine_mmc(uint64_t customers, double rho, uint64_t seed) {
    Counter *c = g_new0(Counter, 1);
    *c = (Counter){.engine = engine_new(), .service = 1e9, .customers = customers, .size = 1024};
    c->gap = c->service / (rho * SERVERS);
    c->line = g_new(int64_t, c->size);
    yard_ziggurat_init(&c->z);
    yard_luck_init(&c->arrivals, seed);
    yard_luck_init(&c->services, seed + 1000003);
    while (c->idle_count < SERVERS) {
        c->idle[c->idle_count] = c->idle_count;
        c->idle_count++;
    }
    double begin = yard_cpu_seconds();
    engine_schedule(c->engine, after(SIMTIME_ZERO, &c->arrivals, &c->z, c->gap), PHASE_ARRIVE, ARRIVAL, 0, 0);
    for (Event event; engine_next(c->engine, SIMTIME_NEVER, &event);)
        if (event.handler == ARRIVAL)
            counter_on_arrival(c, event.at);
        else
            counter_on_departure(c, event.at, event.subject);
    double end = yard_cpu_seconds();
    YardResult result = {(end - begin) * 1e9 / (2.0 * (double)customers), 2 * customers,
                         (double)c->waited / c->service / (double)customers, engine_digest(c->engine)};
    engine_free(c->engine);
    g_free(c->line);
    g_free(c);
    return result;
}

static YardResult engine_hold(uint64_t pending, uint64_t holds, uint64_t seed) {
    const double mean = 1e9;
    YardZiggurat z;
    YardLuck luck;
    yard_ziggurat_init(&z);
    yard_luck_init(&luck, seed);
    Engine *engine = engine_new();
    for (uint32_t i = 0; i < pending; i++)
        engine_schedule(engine, after(SIMTIME_ZERO, &luck, &z, mean), PHASE_TIMER, HOLD, i, 0);
    double begin = yard_cpu_seconds();
    uint64_t left = holds;
    for (Event event; left > 0 && engine_next(engine, SIMTIME_NEVER, &event); left--)
        engine_schedule(engine, after(event.at, &luck, &z, mean), PHASE_TIMER, HOLD, event.subject, 0);
    double end = yard_cpu_seconds();
    YardResult result = {(end - begin) * 1e9 / (double)holds, holds, 0, engine_digest(engine)};
    engine_free(engine);
    return result;
}

/* What is compared. */
typedef struct {
    const char *name;
    uint64_t pending, count; /* pending 0: M/M/8 */
} Row;

static YardResult row_engine(const Row *row) {
    return row->pending ? engine_hold(row->pending, row->count, 1) : engine_mmc(row->count, 0.8, 1);
}

static YardResult row_yard(const Row *row) {
    return row->pending ? yard_hold(row->pending, row->count, 1) : yard_mmc(row->count, SERVERS, 0.8, 1);
}

static int double_order(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Least, median and greatest of the rounds. */
static void print_spread(const char *who, double *ns) {
    qsort(ns, ROUNDS, sizeof *ns, double_order);
    printf("  %-9s %7.2f ns (%.2f to %.2f)\n", who, ns[ROUNDS / 2], ns[0], ns[ROUNDS - 1]);
}

static bool row_run(const Row *row) {
    double ours[ROUNDS], yard[ROUNDS], ratio[ROUNDS];
    YardResult a = {0}, b = {0};
    for (int i = 0; i < ROUNDS; i++) {
        a = row_engine(row);
        b = row_yard(row);
        ours[i] = a.ns_each;
        yard[i] = b.ns_each;
        ratio[i] = a.ns_each / b.ns_each;
    }
    printf("%s\n", row->name);
    print_spread("engine", ours);
    print_spread("yardstick", yard);
    qsort(ratio, ROUNDS, sizeof *ratio, double_order);
    double judged = ours[ROUNDS / 2] / yard[ROUNDS / 2];
    printf("  ratio     %7.2f    (%.2f to %.2f in single rounds), bar %.1f: %s\n", judged, ratio[0], ratio[ROUNDS - 1],
           bar, judged <= bar ? "met" : "MISSED");
    if (!row->pending) /* both simulate the same customers */
        printf("  mean wait %.6f and %.6f mean services\n", a.mean_wait, b.mean_wait);
    printf("  events    digest %016" PRIx64 "\n", a.digest);
    return judged <= bar;
}

int main(void) {
    const Row rows[] = {{"M/M/8, load 0.8, ns per event", 0, 3000000},
                        {"hold, 1e5 pending, ns per hold", 100000, 4000000},
                        {"hold, 1e6 pending, ns per hold", 1000000, 4000000}};
    bool met = true;
    printf("%u cores, medians of %d, taking turns\n", g_get_num_processors(), ROUNDS);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        met &= row_run(&rows[i]);
    YardSession s = yard_session(300000, 1000, 150, 1);
    printf("sessions, yardstick alone: %.1f ns per request, %.2f events per request, peak %.1f MB of the process\n",
           s.ns_per_request, (double)s.events / (double)s.requests, (double)yard_peak_bytes() / 1e6);
    return met ? 0 : 1;
}
