/* queue.c - the slow half of the radix ladder: taking, splitting, spilling and flattening. */
#include "engine/queue.h"

#include <glib.h>
#include <string.h>

#include "base/bug.h"

#define NO_CHUNK UINT32_MAX
#define NO_FLOOR (~(EventKey)0)

enum { CACHE_LINE = 64, INSTANT_BITS = 64 };
_Static_assert(QUEUE_SORT <= QUEUE_CHUNK && QUEUE_SORT <= QUEUE_BOTTOM, "what is sorted is one chunk, and fits");

void queue_init(EventQueue *queue) {
    memset(queue, 0, sizeof *queue);
    queue->bottom[0] = (Event){.at = {INT64_MAX}, .id = UINT64_MAX};
    queue_reset(queue);
}

void queue_clear(EventQueue *queue) {
    for (int i = 0; i < QUEUE_LEVELS; i++)
        g_aligned_free(queue->level[i]);
    g_aligned_free(queue->chunk);
    g_free(queue->chunk_next);
    memset(queue, 0, sizeof *queue);
}

void queue_reset(EventQueue *queue) {
    queue->bottom_count = queue->depth = 0;
    queue->floor = NO_FLOOR;
    queue->chunk_free = NO_CHUNK;
    queue->chunk_used = 0;
    queue->work = 0;
}

uint64_t queue_count(const EventQueue *queue) {
    uint64_t count = queue->bottom_count;
    for (uint32_t i = 0; i < queue->depth; i++)
        count += queue->level[i]->count;
    return count;
}

/* Doubles the pool. Chunks are named by index, so they may move. */
static void pool_grow(EventQueue *queue) {
    uint32_t capacity = queue->chunk_capacity ? 2 * queue->chunk_capacity : 64;
    QueueChunk *chunk = g_aligned_alloc(capacity, sizeof *chunk, CACHE_LINE);
    if (queue->chunk_used)
        memcpy(chunk, queue->chunk, queue->chunk_used * sizeof *chunk);
    g_aligned_free(queue->chunk);
    queue->chunk = chunk;
    queue->chunk_next = g_renew(uint32_t, queue->chunk_next, capacity);
    queue->chunk_capacity = capacity;
}

static __attribute__((noinline)) uint32_t chunk_take(EventQueue *queue) {
    uint32_t chunk = queue->chunk_free;
    if (chunk != NO_CHUNK) {
        queue->chunk_free = queue->chunk_next[chunk];
        return chunk;
    }
    if (queue->chunk_used == queue->chunk_capacity)
        pool_grow(queue);
    return queue->chunk_used++;
}

static inline void chunk_give(EventQueue *queue, uint32_t chunk) {
    queue->chunk_next[chunk] = queue->chunk_free;
    queue->chunk_free = chunk;
}

static inline void bucket_add(EventQueue *queue, QueueBucket *bucket, Event event) {
    uint32_t slot = bucket->count++ % QUEUE_CHUNK;
    if (slot == 0) {
        uint32_t chunk = chunk_take(queue);
        queue->chunk_next[chunk] = bucket->head;
        bucket->head = chunk;
    }
    queue->chunk[bucket->head].event[slot] = event;
}

/* Events in the newest chunk of a bucket of `count`; all others are full. */
static inline uint32_t newest_fill(uint32_t count) { return count ? (count - 1) % QUEUE_CHUNK + 1 : 0; }

static inline __attribute__((always_inline)) void chunk_prefetch(const EventQueue *queue, uint32_t chunk) {
    if (chunk == NO_CHUNK)
        return;
    const char *line = (const char *)&queue->chunk[chunk];
    for (size_t i = 0; i < sizeof(QueueChunk); i += CACHE_LINE)
        __builtin_prefetch(line + i);
}

/* Which bucket of the level the event belongs to. Nearly always a bucket spans whole instants; then `start` is one,
 * too, and one word is enough to tell. */
static inline uint32_t level_index(const QueueLevel *level, const Event *event) {
    EventKey index;
    if (__builtin_expect(level->shift >= INSTANT_BITS, 1))
        index = ((uint64_t)event->at.ns - (uint64_t)(level->start >> INSTANT_BITS)) >> (level->shift - INSTANT_BITS);
    else
        index = (event_key(event) - level->start) >> level->shift;
    return index < level->limit ? (uint32_t)index : level->limit;
}

static inline void level_add(EventQueue *queue, QueueLevel *level, Event event) {
    bucket_add(queue, &level->bucket[level_index(level, &event)], event);
}

void queue_put_far(EventQueue *queue, SimTime at, EventId id, uint32_t handler, uint32_t subject, uint64_t detail) {
    Event event = {at, id, handler, subject, detail};
    EventKey key = event_key(&event);
    QueueLevel *const *outer = queue->level;
    while (key < (*outer)->floor)
        outer++;
    QueueLevel *level = *outer;
    level->count++;
    queue->work++;
    level_add(queue, level, event);
}

static unsigned key_bits(EventKey key) {
    uint64_t high = (uint64_t)(key >> 64), low = (uint64_t)key;
    if (high)
        return 128u - (unsigned)__builtin_clzll(high);
    return low ? 64u - (unsigned)__builtin_clzll(low) : 0u;
}

/* The floor of the level outside level `depth`, beyond which nothing belongs to it. */
static EventKey outer_floor(const EventQueue *queue, uint32_t depth) {
    return depth ? queue->level[depth - 1]->floor : NO_FLOOR;
}

static void queue_pop_level(EventQueue *queue) {
    queue->depth--;
    queue->floor = outer_floor(queue, queue->depth);
}

/* A new innermost level for `count` events with keys from `low` to `high`, still empty. */
static QueueLevel *queue_push_level(EventQueue *queue, EventKey low, EventKey high, uint64_t count) {
    QueueLevel *level = queue->level[queue->depth];
    if (!level)
        level = queue->level[queue->depth] = g_aligned_alloc(1, sizeof *level, CACHE_LINE);
    queue->depth++;
    unsigned fan = key_bits(count / QUEUE_PER_BUCKET), bits = key_bits(high - low);
    fan = MIN(MAX(fan, QUEUE_LEAST_BITS), QUEUE_FAN_BITS);
    level->start = level->floor = queue->floor = low;
    if (bits >= INSTANT_BITS + fan) { /* buckets of whole instants */
        level->start = low >> INSTANT_BITS << INSTANT_BITS;
        bits = key_bits(high - level->start);
    }
    level->shift = bits > fan ? bits - fan : 0;
    level->next = 0;
    level->limit = (uint32_t)((high - level->start) >> level->shift) + 1;
    level->count = count;
    for (uint32_t i = 0; i <= level->limit; i++)
        level->bucket[i] = (QueueBucket){NO_CHUNK, 0};
    return level;
}

/* Append every event of `from` to `to`: whole chunks change hands, only the part-full newest one is copied. */
static void bucket_append(EventQueue *queue, QueueBucket *to, const QueueBucket *from) {
    uint32_t fill = newest_fill(from->count), chunk = from->head;
    for (uint32_t left = from->count; left > 0; left -= fill, fill = QUEUE_CHUNK) {
        uint32_t next = queue->chunk_next[chunk];
        for (uint32_t i = 0; i < fill; i++) {
            bucket_add(queue, to, queue->chunk[chunk].event[i]);
        }
        chunk_give(queue, chunk);
        chunk = next;
    }
}

/* The stack is full: take inner levels away and add their events to `all`. Goes out as far as a level does not hold
 * more than all inside it, so that afterwards counts more than double outwards, and at most 32 levels are left. */
static void queue_flatten(EventQueue *queue, QueueBucket *all) {
    uint32_t keep = queue->depth;
    uint64_t inside = all->count;
    for (uint32_t i = queue->depth; i-- > 0;) {
        if (queue->level[i]->count <= inside)
            keep = i;
        inside += queue->level[i]->count;
    }
    BUG_IF(keep == queue->depth, "64 levels cannot all hold more than what is inside them");
    while (queue->depth > keep) {
        QueueLevel *level = queue->level[queue->depth - 1];
        queue->work += level->count;
        for (uint32_t i = level->next; i <= level->limit; i++)
            bucket_append(queue, all, &level->bucket[i]);
        queue_pop_level(queue);
    }
}

/* Least and greatest key of a bucket that is not empty. */
static void bucket_range(const EventQueue *queue, const QueueBucket *bucket, EventKey *low, EventKey *high) {
    uint32_t fill = newest_fill(bucket->count);
    *low = NO_FLOOR;
    *high = 0;
    for (uint32_t chunk = bucket->head; chunk != NO_CHUNK; chunk = queue->chunk_next[chunk], fill = QUEUE_CHUNK) {
        chunk_prefetch(queue, queue->chunk_next[chunk]);
        for (uint32_t i = 0; i < fill; i++) {
            EventKey key = event_key(&queue->chunk[chunk].event[i]);
            *low = MIN(*low, key);
            *high = MAX(*high, key);
        }
    }
}

/* Make a new level of the events of `bucket`, which is used up. */
static void queue_split(EventQueue *queue, QueueBucket *bucket) {
    EventKey low, high;
    if (queue->depth == QUEUE_LEVELS)
        queue_flatten(queue, bucket);
    bucket_range(queue, bucket, &low, &high);
    QueueLevel *level = queue_push_level(queue, low, high, bucket->count);
    queue->work += bucket->count;
    uint32_t fill = newest_fill(bucket->count), chunk = bucket->head;
    while (chunk != NO_CHUNK) {
        uint32_t next = queue->chunk_next[chunk];
        chunk_prefetch(queue, next);
        for (uint32_t i = 0; i < fill; i++) {
            level_add(queue, level, queue->chunk[chunk].event[i]);
        }
        chunk_give(queue, chunk);
        chunk = next;
        fill = QUEUE_CHUNK;
    }
}

void queue_spill(EventQueue *queue) {
    QueueBucket later = {NO_CHUNK, 0};
    uint32_t spilled = queue->bottom_count - QUEUE_KEEP;
    for (uint32_t i = 1; i <= spilled; i++)
        bucket_add(queue, &later, queue->bottom[i]);
    memmove(&queue->bottom[1], &queue->bottom[1 + spilled], QUEUE_KEEP * sizeof(Event));
    queue->bottom_count = QUEUE_KEEP;
    queue->work += spilled;
    queue_split(queue, &later);
}

/* Sort the events of a small bucket, which fit into one chunk, into the empty bottom; the bucket is used up. Each goes
 * straight to its rank, the number of later ones: about as many steps as an insertion, but no branch that depends on
 * the order (which would be guessed wrong once an event), and whole events are copied once. */
static void queue_sort(EventQueue *queue, const QueueBucket *bucket) {
    const Event *events = queue->chunk[bucket->head].event;
    for (uint32_t i = 0; i < bucket->count; i++) {
        EventKey key = event_key(&events[i]);
        uint32_t rank = 0;
        for (uint32_t j = 0; j < bucket->count; j++)
            rank += key < event_key(&events[j]);
        queue->bottom[1 + rank] = events[i];
    }
    queue->bottom_count = bucket->count;
    queue->work += 2 * (uint64_t)bucket->count;
    chunk_give(queue, bucket->head);
}

/* Take the first bucket that is not empty out of the innermost level, which is not empty. */
static QueueBucket queue_take_bucket(EventQueue *queue) {
    QueueLevel *level = queue->level[queue->depth - 1];
    while (level->bucket[level->next].count == 0)
        level->next++;
    QueueBucket bucket = level->bucket[level->next];
    level->bucket[level->next] = (QueueBucket){NO_CHUNK, 0};
    level->count -= bucket.count;
    if (level->next == level->limit) { /* the level's span is used up */
        queue_pop_level(queue);
        return bucket;
    }
    level->next++;
    EventKey end = level->start + ((EventKey)level->next << level->shift);
    level->floor = queue->floor = MIN(end, outer_floor(queue, queue->depth - 1)); /* spans are rounded up */
    return bucket;
}

bool queue_refill(EventQueue *queue) {
    for (;;) {
        while (queue->depth && queue->level[queue->depth - 1]->count == 0)
            queue_pop_level(queue);
        if (queue->depth == 0)
            return false;
        QueueBucket bucket = queue_take_bucket(queue);
        if (bucket.count <= QUEUE_SORT) {
            queue_sort(queue, &bucket);
            return true;
        }
        queue_split(queue, &bucket);
    }
}
