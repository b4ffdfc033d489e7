/* yard_queue.h - the leanest pending-event queue we could write: what the yardsticks, in bare C, are allowed to use.
 *
 * A ladder queue (Tang, Goh and Thng, 2005) of 16-byte entries: 64-bit instant, 32-bit serial, 32-bit payload; sorted
 * bottom, and levels of unsorted buckets that split instants by powers of two. It is leaner than the engine's queue
 * because it promises less: serials wrap after 4e9 events, many events at one instant are sorted in one go however many
 * they are, there are no phases, no digest, no counts, no checks, and a run must not need more than 16 levels. */
#ifndef FAULTLINE_BENCH_YARD_QUEUE_H
#define FAULTLINE_BENCH_YARD_QUEUE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { YARD_BOTTOM = 48, YARD_KEEP = 16, YARD_SORT = 32, YARD_FAN = 512, YARD_LEVELS = 16, YARD_CHUNK = 16 };
#define YARD_NONE UINT32_MAX

typedef struct {
    uint64_t low, at; /* serial << 32 | payload; instant */
} YardEntry;
__extension__ typedef unsigned __int128 YardKey;

typedef struct {
    uint32_t head, count;
} YardBucket;

typedef struct {
    uint64_t start, floor, count;
    unsigned shift;
    uint32_t next, limit;
    YardBucket bucket[YARD_FAN + 1];
} YardLevel;

typedef struct {
    uint64_t floor, count;
    uint32_t serial, popped; /* of the last push, of the last pop */
    uint32_t bottom_count, bottom_size, depth, free, used, size;
    YardEntry *bottom; /* latest first */
    YardEntry (*chunk)[YARD_CHUNK];
    uint32_t *next;
    YardLevel level[YARD_LEVELS];
} YardQueue;

static inline YardKey yard_key(const YardEntry *e) { return (YardKey)e->at << 64 | e->low; }

static inline void *yard_renew(void *old, size_t size) {
    void *block = realloc(old, size);
    if (!block)
        abort();
    return block;
}

static inline YardQueue *yard_queue_new(void) {
    YardQueue *q = yard_renew(NULL, sizeof *q);
    memset(q, 0, sizeof *q);
    q->bottom = yard_renew(NULL, (q->bottom_size = 256) * sizeof *q->bottom);
    q->floor = UINT64_MAX;
    q->free = YARD_NONE;
    return q;
}

static inline void yard_queue_free(YardQueue *q) {
    free(q->bottom);
    free(q->chunk);
    free(q->next);
    free(q);
}

static inline void yard_bucket_add(YardQueue *q, YardBucket *b, YardEntry e) {
    uint32_t slot = b->count++ % YARD_CHUNK;
    if (slot == 0) {
        uint32_t c = q->free;
        if (c != YARD_NONE)
            q->free = q->next[c];
        else {
            if (q->used == q->size) {
                q->size = q->size ? 2 * q->size : 64;
                q->chunk = yard_renew(q->chunk, q->size * sizeof *q->chunk);
                q->next = yard_renew(q->next, q->size * sizeof *q->next);
            }
            c = q->used++;
        }
        q->next[c] = b->head;
        b->head = c;
    }
    q->chunk[b->head][slot] = e;
}

static inline void yard_level_add(YardQueue *q, YardLevel *l, YardEntry e) {
    uint64_t i = (e.at - l->start) >> l->shift;
    yard_bucket_add(q, &l->bucket[i < l->limit ? i : l->limit], e);
}

/* Insertion sort from place `from` on; what is before it is sorted. */
static inline void yard_bottom_insert(YardQueue *q, YardEntry e) {
    uint32_t i = q->bottom_count++;
    for (; i > 0 && yard_key(&q->bottom[i - 1]) < yard_key(&e); i--)
        q->bottom[i] = q->bottom[i - 1];
    q->bottom[i] = e;
}

static int yard_later_first(const void *a, const void *b) {
    YardKey x = yard_key(a), y = yard_key(b);
    return x < y ? 1 : x > y ? -1 : 0;
}

/* Walk over the entries of a bucket, giving its chunks back. */
#define YARD_DRAIN(q, b, statement)                                                                      \
    for (uint32_t c_ = (b).head, n_ = (b).count ? ((b).count - 1) % YARD_CHUNK + 1 : 0; c_ != YARD_NONE; \
         n_ = YARD_CHUNK) {                                                                              \
        uint32_t after_ = (q)->next[c_];                                                                 \
        if (after_ != YARD_NONE)                                                                         \
            for (int line_ = 0; line_ < YARD_CHUNK; line_ += 4)                                          \
                __builtin_prefetch(&(q)->chunk[after_][line_]);                                          \
        for (uint32_t i_ = 0; i_ < n_; i_++) {                                                           \
            YardEntry entry = (q)->chunk[c_][i_];                                                        \
            statement;                                                                                   \
        }                                                                                                \
        (q)->next[c_] = (q)->free;                                                                       \
        (q)->free = c_;                                                                                  \
        c_ = after_;                                                                                     \
    }

static inline void yard_split(YardQueue *q, YardBucket b, uint64_t low, uint64_t high) {
    YardLevel *l = &q->level[q->depth++];
    unsigned fan = 4, bits = 64u - (unsigned)__builtin_clzll((high - low) | 1);
    while (fan < 9 && b.count >> fan >= 8)
        fan++;
    l->start = l->floor = q->floor = low;
    l->shift = bits > fan ? bits - fan : 0;
    l->limit = (uint32_t)((high - low) >> l->shift) + 1;
    l->next = 0;
    l->count = b.count;
    for (uint32_t i = 0; i <= l->limit; i++)
        l->bucket[i] = (YardBucket){YARD_NONE, 0};
    YARD_DRAIN(q, b, yard_level_add(q, l, entry))
}

static inline void yard_pop_level(YardQueue *q) {
    q->depth--;
    q->floor = q->depth ? q->level[q->depth - 1].floor : UINT64_MAX;
}

static __attribute__((noinline)) void yard_spill(YardQueue *q) {
    uint32_t spilled = q->bottom_count - YARD_KEEP;
    uint64_t low = q->bottom[spilled - 1].at, high = q->bottom[0].at;
    YardBucket later = {YARD_NONE, 0};
    while (spilled > 0 && q->bottom[spilled].at == low) /* one instant stays together */
        spilled--;
    if (spilled == 0 || q->depth == YARD_LEVELS)
        return;
    for (uint32_t i = 0; i < spilled; i++)
        yard_bucket_add(q, &later, q->bottom[i]);
    low = q->bottom[spilled - 1].at;
    memmove(q->bottom, q->bottom + spilled, (q->bottom_count - spilled) * sizeof *q->bottom);
    q->bottom_count -= spilled;
    yard_split(q, later, low, high);
}

static __attribute__((noinline)) void yard_refill(YardQueue *q) {
    for (;;) {
        while (q->level[q->depth - 1].count == 0)
            yard_pop_level(q);
        YardLevel *l = &q->level[q->depth - 1];
        while (l->bucket[l->next].count == 0)
            l->next++;
        YardBucket b = l->bucket[l->next];
        l->count -= b.count;
        l->bucket[l->next] = (YardBucket){YARD_NONE, 0};
        if (l->next == l->limit)
            yard_pop_level(q);
        else {
            uint64_t end = l->start + ((uint64_t)++l->next << l->shift);
            uint64_t outer = q->depth > 1 ? q->level[q->depth - 2].floor : UINT64_MAX;
            l->floor = q->floor = end < outer ? end : outer;
        }
        if (b.count <= YARD_SORT) {
            YARD_DRAIN(q, b, yard_bottom_insert(q, entry))
            return;
        }
        uint64_t low = UINT64_MAX, high = 0;
        for (uint32_t c = b.head, n = (b.count - 1) % YARD_CHUNK + 1; c != YARD_NONE; c = q->next[c], n = YARD_CHUNK)
            for (uint32_t i = 0; i < n; i++) {
                uint64_t at = q->chunk[c][i].at;
                low = at < low ? at : low;
                high = at > high ? at : high;
            }
        if (low < high && q->depth < YARD_LEVELS) {
            yard_split(q, b, low, high);
            continue;
        }
        if (b.count > q->bottom_size)
            q->bottom = yard_renew(q->bottom, (q->bottom_size = 2 * b.count) * sizeof *q->bottom);
        YARD_DRAIN(q, b, q->bottom[q->bottom_count++] = entry)
        qsort(q->bottom, q->bottom_count, sizeof *q->bottom, yard_later_first);
        return;
    }
}

static __attribute__((noinline)) void yard_push_far(YardQueue *q, YardEntry e) {
    YardLevel *l = q->level;
    while (e.at < l->floor)
        l++;
    yard_level_add(q, l, e);
    l->count++;
}

static inline uint32_t yard_push(YardQueue *q, uint64_t at, uint32_t payload) {
    YardEntry e = {(uint64_t)++q->serial << 32 | payload, at};
    q->count++;
    if (at < q->floor && __builtin_expect(q->bottom_count >= YARD_BOTTOM, 0)) {
        yard_spill(q);
        if (q->bottom_count == q->bottom_size)
            q->bottom = yard_renew(q->bottom, (q->bottom_size *= 2) * sizeof *q->bottom);
    }
    if (at < q->floor)
        yard_bottom_insert(q, e);
    else
        yard_push_far(q, e);
    return q->serial;
}

/* The queue must not be empty. Returns the payload, instant in *at, serial in popped. */
static inline uint32_t yard_pop(YardQueue *q, uint64_t *at) {
    if (__builtin_expect(q->bottom_count == 0, 0))
        yard_refill(q);
    const YardEntry *e = &q->bottom[--q->bottom_count];
    q->count--;
    *at = e->at;
    q->popped = (uint32_t)(e->low >> 32);
    return (uint32_t)e->low;
}

#endif
