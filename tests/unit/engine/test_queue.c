/* test_queue.c - the queue under the worst streams of instants we know: right order, bounded work, bounded depth.
 *
 * Bounded work is what keeps an operation from costing thousands of nanoseconds; it is counted in events moved,
 * so the test is the same on every machine. */
#include <glib.h>
#include <stdlib.h>

#include "engine/queue.h"

static uint64_t random_bits(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static int64_t below(uint64_t *state, int64_t bound) { return (int64_t)(random_bits(state) % (uint64_t)bound); }

/* How long from now until the event scheduled as number `i`. */
typedef int64_t (*Delay)(uint64_t *state, uint64_t i);

static int64_t delay_zero(uint64_t *state, uint64_t i) { return (void)state, (void)i, 0; }
static int64_t delay_constant(uint64_t *state, uint64_t i) { return (void)state, (void)i, 1000000; }
static int64_t delay_uniform(uint64_t *state, uint64_t i) { return (void)i, below(state, 2000000); }
static int64_t delay_sorted(uint64_t *state, uint64_t i) { return (void)state, (int64_t)i; }
static int64_t delay_reverse(uint64_t *state, uint64_t i) { return (void)state, INT64_C(100000000) - (int64_t)i; }

/* Nine in ten soon, one in ten late. */
static int64_t delay_bimodal(uint64_t *state, uint64_t i) {
    return (void)i, below(state, 10) ? below(state, 200000) : below(state, 18200000);
}

/* One in a thousand out of all measure. */
static int64_t delay_outliers(uint64_t *state, uint64_t i) {
    return (void)i, below(state, 1000) ? below(state, 2000000) : INT64_C(1000000000000000);
}

/* Every order of magnitude is equally likely: most of any range lies in its first bucket. */
static int64_t delay_magnitudes(uint64_t *state, uint64_t i) {
    return (void)i, (INT64_C(1) << below(state, 50)) + below(state, 3);
}

/* Each sooner than the one before, but never quite at once: new levels would form at every spill. */
static int64_t delay_zeno(uint64_t *state, uint64_t i) { return (void)state, INT64_C(1) << 50 >> i / 64 % 50; }

/* Blocks that come earlier and earlier, each a little larger than a spill. */
static int64_t delay_stairs(uint64_t *state, uint64_t i) {
    return INT64_C(1000000000) - (int64_t)(i % 1000000) * 1000 + (i % 97 == 0 ? below(state, 100000) : 0);
}

static const struct {
    const char *name;
    Delay delay;
    uint64_t most; /* events moved per operation, all in all; measured values are at most half of it */
} streams[] = {
    {"all-at-once", delay_zero, 12},  {"constant", delay_constant, 12},     {"uniform", delay_uniform, 12},
    {"sorted", delay_sorted, 12},     {"reverse", delay_reverse, 12},       {"bimodal", delay_bimodal, 12},
    {"outliers", delay_outliers, 12}, {"magnitudes", delay_magnitudes, 12}, {"zeno", delay_zeno, 12},
    {"stairs", delay_stairs, 12},
};

typedef struct {
    EventQueue queue;
    uint64_t state, serial, operations;
    int64_t now;
    uint32_t deepest;
    Delay delay;
} Bed;

static void bed_put(Bed *bed) {
    int64_t delay = bed->delay(&bed->state, bed->serial);
    Event event = {.at = {bed->now + MAX(delay, 0)}, .id = ++bed->serial};
    queue_put(&bed->queue, event);
    bed->deepest = MAX(bed->deepest, bed->queue.depth);
    bed->operations++;
}

static void bed_take(Bed *bed, EventKey *last) {
    const Event *event = queue_first(&bed->queue);
    g_assert_nonnull(event);
    g_assert_true(event_key(event) > *last);
    *last = event_key(event);
    bed->now = event->at.ns;
    bed->deepest = MAX(bed->deepest, bed->queue.depth);
    queue_drop_first(&bed->queue);
    bed->operations++;
}

/* `pending` in, `holds` times one out and one in, all out. */
static void bed_run(const char *name, Delay delay, uint64_t most, uint64_t pending, uint64_t holds) {
    Bed *bed = g_new0(Bed, 1);
    EventKey last = 0;
    queue_init(&bed->queue);
    bed->delay = delay;
    for (uint64_t i = 0; i < pending; i++)
        bed_put(bed);
    for (uint64_t i = 0; i < holds; i++) {
        bed_take(bed, &last);
        bed_put(bed);
    }
    g_assert_cmpuint(queue_count(&bed->queue), ==, pending);
    for (uint64_t i = 0; i < pending; i++)
        bed_take(bed, &last);
    g_assert_null(queue_first(&bed->queue));
    g_test_message("%s, %" G_GUINT64_FORMAT " pending: %.2f moves an operation, %u levels, %u chunks", name, pending,
                   (double)bed->queue.work / (double)bed->operations, bed->deepest, bed->queue.chunk_used);
    uint64_t bound = pending <= QUEUE_BOTTOM ? QUEUE_BOTTOM : most; /* a bottom that never spills is just an array */
    g_assert_cmpuint(bed->queue.work, <=, bound * bed->operations);
    g_assert_cmpuint(bed->deepest, <=, QUEUE_LEVELS);
    queue_clear(&bed->queue);
    g_free(bed);
}

static void test_streams(void) {
    const uint64_t pending[] = {3, 60, 1000, 30000, 300000};
    for (size_t i = 0; i < G_N_ELEMENTS(streams); i++)
        for (size_t j = 0; j < G_N_ELEMENTS(pending); j++)
            bed_run(streams[i].name, streams[i].delay, streams[i].most, pending[j], 200000);
}

/* Memory is kept: the same load again takes no more chunks. */
static void test_reset_keeps_memory(void) {
    EventQueue *queue = g_new0(EventQueue, 1);
    uint64_t state = 9;
    queue_init(queue);
    uint32_t capacity = 0;
    for (int round = 0; round < 3; round++) {
        queue_reset(queue);
        for (uint64_t i = 1; i <= 100000; i++) {
            Event event = {.at = {below(&state, 1000000)}, .id = i};
            queue_put(queue, event);
        }
        g_assert_cmpuint(queue_count(queue), ==, 100000);
        if (round > 0)
            g_assert_cmpuint(queue->chunk_capacity, ==, capacity);
        capacity = queue->chunk_capacity;
    }
    queue_clear(queue);
    g_free(queue);
}

/* Serials from far beyond 10^12 on: the packed key still orders by instant, then phase, then serial. */
static void test_late_serials(void) {
    EventQueue *queue = g_new0(EventQueue, 1);
    queue_init(queue);
    const uint64_t base = UINT64_C(1) << 60;
    for (uint64_t i = 1000; i-- > 0;) {
        Event event = {.at = {5}, .id = (i % PHASE_COUNT) << EVENT_SERIAL_BITS | (base + i)};
        queue_put(queue, event);
    }
    for (uint64_t phase = 0; phase < PHASE_COUNT; phase++)
        for (uint64_t i = phase; i < 1000; i += PHASE_COUNT) {
            const Event *event = queue_first(queue);
            g_assert_cmpuint(event_serial(event), ==, base + i);
            g_assert_cmpuint((unsigned)event_phase(event), ==, phase);
            queue_drop_first(queue);
        }
    queue_clear(queue);
    g_free(queue);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/queue/streams", test_streams);
    g_test_add_func("/queue/reset", test_reset_keeps_memory);
    g_test_add_func("/queue/serials", test_late_serials);
    return g_test_run();
}
