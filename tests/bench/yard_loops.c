/* yard_loops.c - M/M/c and hold in bare C. */
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "tests/bench/yard.h"
#include "tests/bench/yard_luck.h"
#include "tests/bench/yard_queue.h"

enum { ARRIVAL = 64 }; /* payload; smaller ones are servers */

double yard_cpu_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

long yard_peak_bytes(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss * 1024;
}

static inline uint64_t yard_after(YardLuck *luck, const YardZiggurat *z, double mean_ns) {
    return (uint64_t)(yard_exponential(luck, z) * mean_ns);
}

YardResult yard_mmc(uint64_t customers, uint32_t servers, double rho, uint64_t seed) {
    YardZiggurat z;
    yard_ziggurat_init(&z);
    YardLuck arrivals, services;
    yard_luck_init(&arrivals, seed);
    yard_luck_init(&services, seed + 1000003);
    YardQueue *q = yard_queue_new();
    const double service = 1e9, gap = service / (rho * servers);
    uint64_t size = 1024, head = 0, tail = 0, *line = yard_renew(NULL, size * sizeof *line);
    uint32_t idle[64], idle_count = 0;
    uint64_t arrived = 0, served = 0, waited = 0;
    while (idle_count < servers) {
        idle[idle_count] = idle_count;
        idle_count++;
    }
    double begin = yard_cpu_seconds();
    yard_push(q, yard_after(&arrivals, &z, gap), ARRIVAL);
    while (served < customers) {
        uint64_t now;
        uint32_t who = yard_pop(q, &now);
        if (who == ARRIVAL) {
            if (++arrived < customers)
                yard_push(q, now + yard_after(&arrivals, &z, gap), ARRIVAL);
            if (idle_count) {
                yard_push(q, now + yard_after(&services, &z, service), idle[--idle_count]);
                continue;
            }
            if (tail - head == size) { /* unroll the ring into one of twice the size */
                uint64_t *longer = yard_renew(NULL, 2 * size * sizeof *longer);
                for (uint64_t i = 0; i < size; i++)
                    longer[i] = line[(head + i) & (size - 1)];
                free(line);
                line = longer;
                head = 0;
                tail = size;
                size *= 2;
            }
            line[tail++ & (size - 1)] = now;
        } else {
            served++;
            if (head == tail) {
                idle[idle_count++] = who;
                continue;
            }
            waited += now - line[head++ & (size - 1)];
            yard_push(q, now + yard_after(&services, &z, service), who);
        }
    }
    double end = yard_cpu_seconds();
    free(line);
    yard_queue_free(q);
    return (YardResult){(end - begin) * 1e9 / (2.0 * (double)customers), 2 * customers,
                        (double)waited / service / (double)customers, 0};
}

YardResult yard_hold(uint64_t pending, uint64_t holds, uint64_t seed) {
    YardZiggurat z;
    yard_ziggurat_init(&z);
    YardLuck luck;
    yard_luck_init(&luck, seed);
    YardQueue *q = yard_queue_new();
    const double mean = 1e9;
    for (uint64_t i = 0; i < pending; i++)
        yard_push(q, yard_after(&luck, &z, mean), (uint32_t)i);
    uint64_t digest = 0;
    double begin = yard_cpu_seconds();
    for (uint64_t i = 0; i < holds; i++) {
        uint64_t now;
        uint32_t who = yard_pop(q, &now);
        digest = digest * UINT64_C(0x100000001b3) ^ (now + who);
        yard_push(q, now + yard_after(&luck, &z, mean), who);
    }
    double end = yard_cpu_seconds();
    yard_queue_free(q);
    return (YardResult){(end - begin) * 1e9 / (double)holds, holds, 0, digest};
}
