/* test_engine.c - the engine against a sorted array: order, clock, cancelling, counts and digest. */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"

/* SplitMix64 (Steele et al., OOPSLA 2014): this test owes nothing to the streams of base/. */
static uint64_t random_bits(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Instants from now on with many ties: mostly near, sometimes equal to now, sometimes far, rarely out of all measure.
 */
static SimTime random_instant(uint64_t *state, SimTime now) {
    uint64_t bits = random_bits(state), kind = bits % 100;
    bits >>= 8;
    if (kind < 10)
        return now;
    if (kind < 60)
        return simtime_add(now, SIMTIME_NS((int64_t)(bits % 16)));
    if (kind < 98)
        return simtime_add(now, SIMTIME_NS((int64_t)(bits % 100000)));
    return simtime_add(now, SIMTIME_NS((int64_t)(bits % INT64_C(1000000000000))));
}

/* The oracle: a plain array, kept sorted by comparing instant, phase and serial one after the other, latest first. */
typedef struct {
    int64_t at;
    int phase;
    uint64_t serial;
    uint32_t handler, subject;
    uint64_t detail;
} Entry;

static int entry_order(const Entry *a, const Entry *b) {
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->phase != b->phase)
        return a->phase < b->phase ? -1 : 1;
    return a->serial < b->serial ? -1 : a->serial > b->serial;
}

static int entry_order_void(const void *a, const void *b) { return entry_order(a, b); }

static void oracle_put(GArray *oracle, Entry entry) {
    guint low = 0, high = oracle->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (entry_order(&entry, &g_array_index(oracle, Entry, middle)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    g_array_insert_val(oracle, low, entry);
}

static Entry entry_of(const Event *event) {
    return (Entry){event->at.ns,   (int)event_phase(event), event_serial(event),
                   event->handler, event->subject,          event->detail};
}

static void assert_same(const Entry *a, const Entry *b) {
    g_assert_cmpint(entry_order(a, b), ==, 0);
    g_assert_cmpuint(a->handler, ==, b->handler);
    g_assert_cmpuint(a->subject, ==, b->subject);
    g_assert_cmpuint(a->detail, ==, b->detail);
}

/* The next event, which must exist. */
static Event take(Engine *engine, SimTime until) {
    Event event = {0};
    g_assert_true(engine_next(engine, until, &event));
    return event;
}

static bool is_idle(Engine *engine, SimTime until) {
    Event event;
    return !engine_next(engine, until, &event);
}

static Entry schedule_random(Engine *engine, uint64_t *state) {
    uint64_t bits = random_bits(state);
    SimTime at = random_instant(state, engine_now(engine));
    EventPhase phase = (EventPhase)(bits % PHASE_COUNT);
    EventId id = engine_schedule(engine, at, phase, (uint32_t)bits >> 8, (uint32_t)(bits >> 32), ~bits);
    uint64_t serial = id & ((UINT64_C(1) << EVENT_SERIAL_BITS) - 1);
    return (Entry){at.ns, (int)phase, serial, (uint32_t)bits >> 8, (uint32_t)(bits >> 32), ~bits};
}

/* Waves of scheduling and taking, so that the queue is now nearly empty and now holds thousands. */
static void test_against_sorted_array(void) {
    Engine *engine = engine_new();
    GArray *oracle = g_array_new(FALSE, FALSE, sizeof(Entry));
    uint64_t state = 1;
    SimTime last = SIMTIME_ZERO;
    for (int i = 0; i < 1000000; i++) {
        unsigned bias = (unsigned)(i / 4096) % 8;
        bool take = random_bits(&state) % 8 < (bias < 4 ? 3 + bias % 2 : 5);
        if (!take) {
            oracle_put(oracle, schedule_random(engine, &state));
            continue;
        }
        Event event;
        bool some = engine_next(engine, SIMTIME_NEVER, &event);
        g_assert_cmpint(some, ==, oracle->len > 0);
        if (!some)
            continue;
        Entry got = entry_of(&event);
        assert_same(&got, &g_array_index(oracle, Entry, oracle->len - 1));
        g_array_set_size(oracle, oracle->len - 1);
        g_assert_false(simtime_before(event.at, last));
        g_assert_cmpint(engine_now(engine).ns, ==, event.at.ns);
        last = event.at;
    }
    g_assert_cmpuint(engine_counts(engine).pending, ==, oracle->len);
    g_array_free(oracle, TRUE);
    engine_free(engine);
}

/* A million at once, then all of them out. */
static void test_fill_and_drain(void) {
    enum { EVENTS = 1000000 };
    Engine *engine = engine_new();
    Entry *all = g_new(Entry, EVENTS);
    uint64_t state = 2;
    for (int i = 0; i < EVENTS; i++)
        all[i] = schedule_random(engine, &state);
    qsort(all, EVENTS, sizeof *all, entry_order_void);
    for (int i = 0; i < EVENTS; i++) {
        Event event = take(engine, SIMTIME_NEVER);
        Entry got = entry_of(&event);
        assert_same(&got, &all[i]);
    }
    g_assert_true(is_idle(engine, SIMTIME_NEVER));
    g_free(all);
    engine_free(engine);
}

static void test_phases_at_one_instant(void) {
    Engine *engine = engine_new();
    for (int phase = PHASE_COUNT; phase-- > 0;)
        for (uint32_t i = 0; i < 3; i++)
            engine_schedule(engine, SIMTIME_S(7), (EventPhase)phase, (uint32_t)phase, i, 0);
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        for (uint32_t i = 0; i < 3; i++) {
            Event event = take(engine, SIMTIME_S(7));
            g_assert_cmpint((int)event_phase(&event), ==, phase);
            g_assert_cmpuint(event.subject, ==, i);
        }
    engine_free(engine);
}

/* An event scheduled at the present instant in an earlier phase still comes, and comes first. */
static void test_present_instant(void) {
    Engine *engine = engine_new();
    engine_schedule(engine, SIMTIME_S(1), PHASE_ARRIVE, 1, 0, 0);
    engine_schedule(engine, SIMTIME_S(1), PHASE_SAMPLE, 2, 0, 0);
    g_assert_cmpuint(take(engine, SIMTIME_NEVER).handler, ==, 1);
    engine_schedule(engine, SIMTIME_S(1), PHASE_SAMPLE, 3, 0, 0);
    engine_schedule(engine, SIMTIME_S(1), PHASE_FAULT, 4, 0, 0);
    const uint32_t order[] = {4, 2, 3};
    for (int i = 0; i < 3; i++)
        g_assert_cmpuint(take(engine, SIMTIME_NEVER).handler, ==, order[i]);
    engine_free(engine);
}

static void test_until(void) {
    Engine *engine = engine_new();
    engine_schedule(engine, SIMTIME_S(2), PHASE_TIMER, 0, 0, 0);
    engine_schedule(engine, SIMTIME_NS(2000000001), PHASE_TIMER, 0, 0, 0);
    g_assert_cmpuint(engine_schedule(engine, SIMTIME_NEVER, PHASE_TIMER, 0, 0, 0), ==, EVENT_NONE);
    g_assert_cmpuint(engine_counts(engine).scheduled, ==, 2);
    g_assert_true(is_idle(engine, SIMTIME_S(1)));
    g_assert_cmpint(engine_now(engine).ns, ==, SIMTIME_S(1).ns);
    g_assert_cmpint(take(engine, SIMTIME_S(2)).at.ns, ==, SIMTIME_S(2).ns);
    g_assert_true(is_idle(engine, SIMTIME_S(2)));
    g_assert_true(is_idle(engine, SIMTIME_S(1))); /* the clock does not go back */
    g_assert_cmpint(engine_now(engine).ns, ==, SIMTIME_S(2).ns);
    g_assert_cmpint(take(engine, SIMTIME_NEVER).at.ns, ==, 2000000001);
    g_assert_true(is_idle(engine, SIMTIME_NEVER));
    g_assert_cmpint(engine_now(engine).ns, ==, 2000000001); /* never is no instant to stand at */
    engine_free(engine);
}

/* Timers that are set anew before they run out: only the last setting may count, and the counts always balance. */
typedef struct {
    Engine *engine;
    uint64_t state, fired;
    SimTime due[100];
    EventId wanted[100];
} Timers;

static void timer_set(Timers *timers, uint32_t i) {
    timers->due[i] = random_instant(&timers->state, engine_now(timers->engine));
    timers->wanted[i] = engine_schedule(timers->engine, timers->due[i], PHASE_TIMER, 0, i, 0);
}

static void timers_dispatch(void *user, const Event *event) {
    Timers *timers = user;
    uint32_t i = event->subject;
    bool stale = engine_is_stale(timers->engine, event, timers->wanted[i]);
    EngineCounts counts = engine_counts(timers->engine);
    g_assert_cmpuint(counts.executed, ==, counts.scheduled - counts.cancelled - counts.pending);
    if (stale)
        return;
    g_assert_cmpint(event->at.ns, ==, timers->due[i].ns);
    timers->fired++;
    timer_set(timers, i);
    timer_set(timers, (uint32_t)(random_bits(&timers->state) % 100));
    if (timers->fired == 20000)
        for (i = 0; i < 100; i++)
            timers->wanted[i] = EVENT_NONE; /* all called off */
}

static void test_cancel(void) {
    Timers timers = {.engine = engine_new(), .state = 3};
    for (uint32_t i = 0; i < 100; i++)
        timer_set(&timers, i);
    engine_run(timers.engine, SIMTIME_NEVER, timers_dispatch, &timers);
    EngineCounts counts = engine_counts(timers.engine);
    g_assert_cmpuint(timers.fired, ==, 20000);
    g_assert_cmpuint(counts.executed, ==, 20000);
    g_assert_cmpuint(counts.pending, ==, 0);
    g_assert_cmpuint(counts.scheduled, ==, counts.executed + counts.cancelled);
    g_assert_cmpuint(counts.cancelled, >, 10000);
    engine_free(timers.engine);
}

/* Every event schedules up to two others until the budget is used up: a branching tree with many ties. */
typedef struct {
    Engine *engine;
    uint64_t state;
    int budget;
} Tree;

static void tree_dispatch(void *user, const Event *event) {
    Tree *tree = user;
    for (int i = 0; i < 2 && tree->budget > 0; i++, tree->budget--)
        schedule_random(tree->engine, &tree->state);
    (void)event;
}

static uint64_t tree_digest(Engine *engine, uint64_t seed, int budget) {
    Tree tree = {.engine = engine, .state = seed, .budget = budget};
    schedule_random(engine, &tree.state);
    engine_run(engine, SIMTIME_NEVER, tree_dispatch, &tree);
    return engine_digest(engine);
}

/* Golden: changes only when the order of events does, or what the digest covers. */
static void test_digest_golden(void) {
    Engine *engine = engine_new();
    g_assert_cmphex(tree_digest(engine, 4, 300000), ==, UINT64_C(0x6e611a5bb0727560));
    engine_reset(engine);
    uint64_t other = tree_digest(engine, 5, 300000);
    engine_reset(engine);
    g_assert_cmpint(engine_now(engine).ns, ==, 0);
    g_assert_cmpuint(engine_counts(engine).scheduled, ==, 0);
    g_assert_cmphex(tree_digest(engine, 5, 300000), ==, other); /* a used engine is as good as a new one */
    engine_free(engine);
}

/* Any one difference in any one event shows. */
static void test_digest_covers_all(void) {
    const struct {
        int64_t at;
        EventPhase phase;
        uint32_t handler, subject;
        uint64_t detail;
    } event[] = {{5, PHASE_TIMER, 1, 2, 3}, {6, PHASE_TIMER, 1, 2, 3}, {5, PHASE_DELIVER, 1, 2, 3},
                 {5, PHASE_TIMER, 2, 2, 3}, {5, PHASE_TIMER, 1, 3, 3}, {5, PHASE_TIMER, 1, 2, 4},
                 {5, PHASE_TIMER, 2, 1, 3}, {5, PHASE_TIMER, 3, 2, 1}, {5, PHASE_TIMER, 1, 2, 1}};
    uint64_t digest[G_N_ELEMENTS(event)];
    Engine *engine = engine_new();
    for (size_t i = 0; i < G_N_ELEMENTS(event); i++) {
        engine_reset(engine);
        engine_schedule(engine, SIMTIME_NS(event[i].at), event[i].phase, event[i].handler, event[i].subject,
                        event[i].detail);
        engine_schedule(engine, SIMTIME_S(9), PHASE_SAMPLE, 0, 0, 0);
        Event out;
        while (engine_next(engine, SIMTIME_NEVER, &out))
            continue;
        digest[i] = engine_digest(engine);
        for (size_t j = 0; j < i; j++)
            g_assert_cmphex(digest[i], !=, digest[j]);
    }
    engine_free(engine);
}

static void test_past_is_a_bug(void) {
    if (g_test_subprocess()) {
        Engine *engine = engine_new();
        engine_schedule(engine, SIMTIME_S(3), PHASE_TIMER, 0, 0, 0);
        engine_context(engine)->seed = 77;
        bug_context(engine_context(engine));
        take(engine, SIMTIME_NEVER);
        engine_schedule(engine, SIMTIME_NS(SIMTIME_S(3).ns - 1), PHASE_TIMER, 0, 0, 0);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*in the past*simulated time 3000000000 ns, seed 77*event 1*");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/sorted-array", test_against_sorted_array);
    g_test_add_func("/engine/fill-and-drain", test_fill_and_drain);
    g_test_add_func("/engine/phases", test_phases_at_one_instant);
    g_test_add_func("/engine/present", test_present_instant);
    g_test_add_func("/engine/until", test_until);
    g_test_add_func("/engine/cancel", test_cancel);
    g_test_add_func("/engine/digest/golden", test_digest_golden);
    g_test_add_func("/engine/digest/covers", test_digest_covers_all);
    g_test_add_func("/engine/past", test_past_is_a_bug);
    return g_test_run();
}
