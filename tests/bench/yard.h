/* yard.h - yardsticks: what bare C needs for the same work as the simulator, to be the denominator in a benchmark.
 *
 * Each runs its whole loop and tells how long that took in processor time. They share nothing with sim/. */
#ifndef FAULTLINE_BENCH_YARD_H
#define FAULTLINE_BENCH_YARD_H

#include <stdint.h>

/* Processor time of this process in seconds; memory high-water mark in bytes. */
double yard_cpu_seconds(void);
long yard_peak_bytes(void);

typedef struct {
    double ns_each; /* per event, or per hold */
    uint64_t events;
    double mean_wait; /* M/M/c only, in mean service times: lets a reader check that the work was done */
    uint64_t digest;
} YardResult;

/* M/M/c, first come first served, load `rho`, `customers` served; one event an arrival, one a departure. */
YardResult yard_mmc(uint64_t customers, uint32_t servers, double rho, uint64_t seed);

/* The hold model (Vaucher and Duval, CACM 1975): with `pending` events, `holds` times take the next and put one back
 * an exponential time later. */
YardResult yard_hold(uint64_t pending, uint64_t holds, uint64_t seed);

typedef struct {
    double ns_per_request, ns_per_event, cpu_seconds;
    uint64_t requests, events, lost, reestablished, most_live;
    double mean_life_s;
    uint64_t digest;
} YardSession;

/* Sessions over two regions: Poisson arrivals, exponential life of 60 s, thinking 6 s and waiting 50 ms in turn, one
 * pending event a session. At `fails_at` seconds region A dies: its sessions are re-established in B within a residual
 * DNS TTL of up to 30 s. Every draw is Philox4x32-10 keyed by (session, number of the draw). */
YardSession yard_session(uint64_t sessions, double per_second, double fails_at, uint64_t seed);

#endif
