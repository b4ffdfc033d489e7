/* queue.h - the pending events: a radix ladder on 128-bit keys. Private to the engine.
 *
 * After the ladder queue of Tang, Goh and Thng (ACM TOMACS 15(3), 2005), with three changes that take away its bad
 * cases:
 *  - it splits the whole key (instant, phase, serial), not only the instant, into power-of-two ranges. Keys are never
 *    equal, so any set of events can be split, even a million at one instant;
 *  - the last bucket of every level takes "everything later", so a far outlier costs one more level, not a bad split;
 *  - levels have at most 512 buckets: more events make more levels, not more open cache lines.
 *
 *   bottom       up to 48 events, sorted; the next event is at its end
 *   levels       a stack; each splits the span of one bucket of the level outside it. An event belongs to the
 *                outermost level whose floor is not above it; under the innermost floor, to the bottom
 *   buckets      unsorted, lists of chunks of 32 events (1 KiB) from one pool
 *
 * When the bottom is empty, the next bucket is sorted into it, or split into a new level if it is too large. When the
 * bottom is full, its later part becomes a new level. Each level inside a bucket splits a key range at least 16 times
 * smaller, and when the stack is full, its small inner levels are put together so that counts at least double
 * outwards: the depth is bounded whatever the keys. `work` counts events moved, for tests that bound it. */
#ifndef FAULTLINE_ENGINE_QUEUE_H
#define FAULTLINE_ENGINE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/event.h"

enum {
    QUEUE_BOTTOM = 48,    /* most events in the bottom */
    QUEUE_KEEP = 16,      /* of those, kept when the rest is spilled */
    QUEUE_SORT = 32,      /* largest bucket that is sorted rather than split */
    QUEUE_PER_BUCKET = 8, /* aim when splitting */
    QUEUE_FAN_BITS = 9,   /* at most 2^9 buckets a level */
    QUEUE_LEAST_BITS = 4, /* at least 2^4: 32 levels then use up all 128 bits of a key */
    QUEUE_LEVELS = 64,    /* 32 + log2(2^32 events) */
    QUEUE_CHUNK = 32      /* events a chunk: 1 KiB, which the processor's prefetcher can follow */
};

typedef struct {
    uint32_t head;  /* newest chunk; only this one may be part full */
    uint32_t count; /* events in all chunks of the bucket */
} QueueBucket;

typedef struct {
    EventKey start, floor; /* of bucket 0; of the first bucket not yet taken */
    unsigned shift;        /* a bucket spans 2^shift keys */
    uint32_t next, limit;  /* first bucket not yet taken; index of the bucket for everything later */
    uint64_t count;        /* events in buckets */
    QueueBucket bucket[(1 << QUEUE_FAN_BITS) + 1];
} QueueLevel;

typedef struct {
    Event event[QUEUE_CHUNK];
} QueueChunk;

typedef struct {
    uint32_t bottom_count;
    uint32_t depth;
    EventKey floor;                  /* of the innermost level; all ones when there is none */
    Event bottom[1 + QUEUE_BOTTOM];  /* latest first, from 1 on; 0 is a guard, later than any event */
    QueueLevel *level[QUEUE_LEVELS]; /* outermost first; allocated when first used */
    QueueChunk *chunk;
    uint32_t *chunk_next; /* next older chunk of the same bucket, or next free one */
    uint32_t chunk_free, chunk_used, chunk_capacity;
    uint64_t work;
} EventQueue;

void queue_init(EventQueue *queue);
void queue_clear(EventQueue *queue);
/* Forget all events, keep the memory. O(1). */
void queue_reset(EventQueue *queue);
/* Events pending. O(depth). */
uint64_t queue_count(const EventQueue *queue);

/* The slow halves of the functions below. The members of an event go one by one, in registers: as a struct in memory it
 * would be written in pieces and read back whole at once, which stalls the processor (measured: 10 ns). */
void queue_put_far(EventQueue *queue, SimTime at, EventId id, uint32_t handler, uint32_t subject, uint64_t detail);
void queue_spill(EventQueue *queue);
bool queue_refill(EventQueue *queue);

/* The earliest event, or NULL when there is none; good until the next call. */
static inline const Event *queue_first(EventQueue *queue) {
    if (__builtin_expect(queue->bottom_count == 0, 0) && !queue_refill(queue))
        return NULL;
    return &queue->bottom[queue->bottom_count];
}

/* Once the bottom is empty: the events that will be sorted into it next, in no order, *count of them (0: not known
 * without work). For fetching what they will need from memory early. Always inlined, like what calls it for that: gcc
 * drops calls of functions that only prefetch. */
static inline __attribute__((always_inline)) const Event *queue_soon(const EventQueue *queue, uint32_t *count) {
    *count = 0;
    if (queue->bottom_count > 0 || queue->depth == 0 || queue->level[queue->depth - 1]->count == 0)
        return NULL;
    const QueueBucket *bucket = &queue->level[queue->depth - 1]->bucket[queue->level[queue->depth - 1]->next];
    while (bucket->count == 0)
        bucket++;
    *count = (bucket->count - 1) % QUEUE_CHUNK + 1;
    return queue->chunk[bucket->head].event;
}

/* Take out the event that queue_first has just shown. */
static inline void queue_drop_first(EventQueue *queue) { queue->bottom_count--; }

/* Put `event` into the bottom, which has room for it: insertion from the early end. */
static inline void queue_insert(EventQueue *queue, Event event) {
    EventKey key = event_key(&event);
    Event *last = &queue->bottom[++queue->bottom_count], *place = last;
    for (; event_key(place - 1) < key; place--)
        *place = place[-1];
    *place = event;
    queue->work += (uint64_t)(last - place);
}

/* Put `event` in. */
static inline void queue_put(EventQueue *queue, Event event) {
    EventKey key = event_key(&event);
    if (key >= queue->floor) {
        queue_put_far(queue, event.at, event.id, event.handler, event.subject, event.detail);
        return;
    }
    if (__builtin_expect(queue->bottom_count == QUEUE_BOTTOM, 0)) {
        queue_spill(queue);
        if (key >= queue->floor) {
            queue_put_far(queue, event.at, event.id, event.handler, event.subject, event.detail);
            return;
        }
    }
    queue_insert(queue, event);
}

#endif
