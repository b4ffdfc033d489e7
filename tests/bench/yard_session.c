/* yard_session.c - sessions over two regions, one of which dies, in bare C. */
#include <stdbool.h>
#include <stdlib.h>

#include "tests/bench/yard.h"
#include "tests/bench/yard_luck.h"
#include "tests/bench/yard_queue.h"

/* Payloads that are not a session's slot. */
#define ARRIVAL UINT32_MAX
#define FAILURE (UINT32_MAX - 1)

static const double ttl_s = 30, life_s = 60, think_s = 6, answer_s = 0.05;

typedef enum { IDLE, THINKING, WAITING, RECONNECTING } YardPhase;

typedef struct {
    uint64_t end;   /* instant */
    uint32_t event; /* serial of the one it waits for; next free slot when idle */
    uint32_t id;    /* number of the session: the key of its draws */
    uint32_t draws;
    uint8_t phase, in_a;
} YardVisit;

typedef struct {
    YardQueue *queue;
    YardZiggurat z;
    YardVisit *visit;
    uint32_t slots, used, free;
    uint32_t key[2];
    uint64_t now, dies;
    uint64_t sessions, arrived, ended, live;
    double life_sum;
    YardSession out;
    YardLuck arrivals;
    double gap_s;
} YardSite;

/* Philox4x32-10: two 64-bit words from (session, number of the draw). */
static inline void philox(const uint32_t key[2], uint32_t session, uint32_t number, uint64_t out[2]) {
    uint32_t c0 = session, c1 = number, c2 = 0, c3 = 0, k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t a = UINT64_C(0xD2511F53) * c0, b = UINT64_C(0xCD9E8D57) * c2;
        uint32_t n0 = (uint32_t)(b >> 32) ^ c1 ^ k0, n2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)b;
        c3 = (uint32_t)a;
        c0 = n0;
        c2 = n2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = (uint64_t)c1 << 32 | c0;
    out[1] = (uint64_t)c3 << 32 | c2;
}

static inline uint64_t visit_bits(const YardSite *s, YardVisit *v) {
    uint64_t out[2];
    philox(s->key, v->id, v->draws++, out);
    return out[0];
}

static inline double visit_exponential(const YardSite *s, YardVisit *v) {
    YARD_EXPONENTIAL(&s->z, visit_bits(s, v), visit_bits(s, v));
}

static inline uint64_t seconds(double s) { return (uint64_t)(s * 1e9); }

/* The one pending event of a session: its next step or its end, whichever is first. */
static inline void visit_next(YardSite *s, uint32_t slot, YardPhase phase) {
    YardVisit *v = &s->visit[slot];
    v->phase = (uint8_t)phase;
    uint64_t at = s->now + seconds((phase == THINKING ? think_s : answer_s) * visit_exponential(s, v));
    v->event = yard_push(s->queue, at < v->end ? at : v->end, slot);
}

/* To region B at a uniform instant within the residual TTL; the rest of its life is kept. */
static inline void visit_reconnect(YardSite *s, uint32_t slot, double within_s) {
    YardVisit *v = &s->visit[slot];
    uint64_t wait = seconds(yard_unit(visit_bits(s, v)) * within_s);
    v->end += wait;
    v->in_a = 0;
    v->phase = RECONNECTING;
    v->event = yard_push(s->queue, s->now + wait, slot);
}

static uint32_t slot_take(YardSite *s) {
    uint32_t slot = s->free;
    if (slot != YARD_NONE) {
        s->free = s->visit[slot].event;
        return slot;
    }
    if (s->used == s->slots)
        s->visit = yard_renew(s->visit, (s->slots *= 2) * sizeof *s->visit);
    return s->used++;
}

static inline void on_arrival(YardSite *s) {
    uint32_t slot = slot_take(s);
    YardVisit *v = &s->visit[slot];
    *v = (YardVisit){.id = (uint32_t)s->arrived++};
    if (++s->live > s->out.most_live)
        s->out.most_live = s->live;
    if (s->arrived < s->sessions)
        yard_push(s->queue, s->now + seconds(s->gap_s * yard_exponential(&s->arrivals, &s->z)), ARRIVAL);
    v->end = s->now + seconds(life_s * visit_exponential(s, v));
    s->life_sum -= (double)s->now;
    uint64_t cached_until = s->dies + seconds(ttl_s);
    bool to_a = s->now < cached_until && yard_unit(visit_bits(s, v)) < 0.5;
    if (to_a && s->now >= s->dies)
        visit_reconnect(s, slot, 1e-9 * (double)(cached_until - s->now));
    else {
        v->in_a = to_a;
        visit_next(s, slot, THINKING);
    }
}

static void on_failure(YardSite *s) {
    for (uint32_t slot = 0; slot < s->used; slot++)
        if (s->visit[slot].phase != IDLE && s->visit[slot].in_a) {
            s->out.lost++;
            visit_reconnect(s, slot, ttl_s);
        }
}

static inline void on_visit(YardSite *s, uint32_t slot) {
    YardVisit *v = &s->visit[slot];
    if (v->phase == RECONNECTING) {
        s->out.reestablished++;
        visit_next(s, slot, THINKING);
    } else if (s->now >= v->end) {
        s->ended++;
        s->live--;
        s->life_sum += (double)s->now;
        v->phase = IDLE;
        v->event = s->free;
        s->free = slot;
    } else if (v->phase == THINKING) {
        s->out.requests++;
        visit_next(s, slot, WAITING);
    } else
        visit_next(s, slot, THINKING);
}

static void site_run(YardSite *s) {
    yard_push(s->queue, seconds(s->gap_s * yard_exponential(&s->arrivals, &s->z)), ARRIVAL);
    yard_push(s->queue, s->dies, FAILURE);
    while (s->ended < s->sessions) {
        uint32_t who = yard_pop(s->queue, &s->now);
        if (__builtin_expect(who >= FAILURE, 0)) {
            if (who == ARRIVAL)
                on_arrival(s);
            else
                on_failure(s);
        } else {
            const YardVisit *v = &s->visit[who];
            if (v->phase == IDLE || v->event != s->queue->popped)
                continue; /* what it was doing when its region died */
            on_visit(s, who);
        }
        s->out.events++;
        s->out.digest = s->out.digest * UINT64_C(0x100000001b3) ^ (s->now + who);
    }
}

YardSession yard_session(uint64_t sessions, double per_second, double fails_at, uint64_t seed) {
    YardSite *s = yard_renew(NULL, sizeof *s);
    *s = (YardSite){.queue = yard_queue_new(), .slots = 1024, .free = YARD_NONE, .dies = seconds(fails_at)};
    s->key[0] = (uint32_t)seed;
    s->key[1] = 0x5e551011;
    s->sessions = sessions;
    s->gap_s = 1 / per_second;
    s->visit = yard_renew(NULL, s->slots * sizeof *s->visit);
    yard_ziggurat_init(&s->z);
    yard_luck_init(&s->arrivals, seed);
    double begin = yard_cpu_seconds();
    site_run(s);
    YardSession out = s->out;
    out.cpu_seconds = yard_cpu_seconds() - begin;
    out.ns_per_event = out.cpu_seconds * 1e9 / (double)out.events;
    out.ns_per_request = out.cpu_seconds * 1e9 / (double)out.requests;
    out.mean_life_s = s->life_sum * 1e-9 / (double)sessions;
    yard_queue_free(s->queue);
    free(s->visit);
    free(s);
    return out;
}
