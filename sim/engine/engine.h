/* engine.h - simulated time: schedule events, get them back in one total order.
 *
 * The engine knows nothing of what it simulates. An event carries three numbers, `handler`, `subject` and `detail`,
 * that mean something to its owner only. Order: instant, then phase, then order of scheduling (event.h).
 *
 * Cancelling. There is no search in the queue. An owner that may change its mind keeps the EventId of the event it
 * still wants, and when any event of its comes, asks engine_is_stale first; a stale event is counted as cancelled and
 * must have no other effect. So, at every instant: executed = scheduled - cancelled - pending (engine_counts).
 *
 * Cost. Amortised O(1) per event for smooth laws; never worse than the depth of the queue's ladder, whatever the
 * instants are (queue.h). No allocation per event: memory grows by doubling and is kept until engine_free.
 *
 * Ownership: engine_new gives, engine_free takes. Nothing else allocates. Not thread-safe. */
#ifndef FAULTLINE_ENGINE_ENGINE_H
#define FAULTLINE_ENGINE_ENGINE_H

#include "base/bug.h"
#include "base/simtime.h"
#include "engine/event.h"
#include "engine/queue.h"

/* Fields are private to this folder; they stand here so that the loop below can be inlined. */
typedef struct {
    BugContext running; /* the clock, and the serial of the event handed out last */
    uint64_t serial;    /* of the last scheduling */
    uint64_t delivered; /* events handed out, stale ones too */
    uint64_t cancelled; /* of those, stale */
    uint64_t digest;
    EventQueue queue;
} Engine;

typedef struct {
    uint64_t scheduled, executed, cancelled, pending;
} EngineCounts;

typedef void (*EngineDispatch)(void *user, const Event *event);

Engine *engine_new(void);
void engine_free(Engine *engine);
/* Back to instant zero with nothing pending, counts and digest as new; keeps the memory. O(1). */
void engine_reset(Engine *engine);

/* The instant of the event handed out last, or `until` once everything up to it has been. */
static inline SimTime engine_now(const Engine *engine) { return SIMTIME_NS(engine->running.now_ns); }

/* What the engine is doing, kept up to date as it runs: the owner of the run fills in seed and replication and shows
 * it to bug_context. Borrowed; good until engine_free. engine_reset keeps seed and replication. */
static inline BugContext *engine_context(Engine *engine) { return &engine->running; }

EngineCounts engine_counts(const Engine *engine);

/* Digest of the order of all events handed out so far: (instant, phase, handler, subject, detail) of each. */
uint64_t engine_digest(const Engine *engine);

/* Put an event in. `at` must not lie in the past (our bug). At SIMTIME_NEVER nothing is scheduled or counted and
 * EVENT_NONE is returned. */
static inline EventId engine_schedule(Engine *engine, SimTime at, EventPhase phase, uint32_t handler, uint32_t subject,
                                      uint64_t detail) {
    BUG_IF(at.ns < engine->running.now_ns, "an event may not be scheduled in the past");
    if (__builtin_expect(simtime_is_never(at), 0))
        return EVENT_NONE;
    EventId id = (EventId)phase << EVENT_SERIAL_BITS | ++engine->serial;
    queue_put(&engine->queue, (Event){at, id, handler, subject, detail});
    return id;
}

/* True when `event` is not the one its owner still wants (`wanted`); it is then counted as cancelled. Ask once. */
static inline bool engine_is_stale(Engine *engine, const Event *event, EventId wanted) {
    bool stale = event->id != wanted;
    engine->cancelled += stale;
    return stale;
}

static inline uint64_t engine_rotate(uint64_t x, int by) { return x << by | x >> (64 - by); }

/* One step of the digest: three multiplications by odd constants that do not wait for each other, one that waits for
 * the step before; 1.5 ns. The constants are fractional parts: golden ratio, square roots of 3, 5 and 7, made odd. */
static inline uint64_t engine_digest_step(uint64_t digest, const Event *event) {
    uint64_t when = (uint64_t)event->at.ns * UINT64_C(0x9e3779b97f4a7c15);
    uint64_t what = (uint64_t)event->handler << 32 | event->subject;
    what = (what ^ (event->id >> EVENT_SERIAL_BITS << 56)) * UINT64_C(0xbb67ae8584caa73b);
    uint64_t more = event->detail * UINT64_C(0xa54ff53a5f1d36f1);
    uint64_t mixed = when ^ engine_rotate(what, 32) ^ engine_rotate(more, 47);
    return (engine_rotate(digest, 5) ^ mixed) * UINT64_C(0x3c6ef372fe94f82b);
}

/* There is nothing left to do up to `until`: the clock goes there, never back. */
static inline void engine_idle(Engine *engine, SimTime until) {
    if (!simtime_is_never(until))
        engine->running.now_ns = simtime_max(engine_now(engine), until).ns;
}

/* The next event at or before `until` into *event, and the clock to its instant. False when there is none; the clock
 * then stands at `until` (unless that is never). A hot loop calls this itself; others use engine_run. */
static inline bool engine_next(Engine *engine, SimTime until, Event *event) {
    const Event *next = queue_first(&engine->queue);
    if (__builtin_expect(!next || simtime_before(until, next->at), 0)) {
        engine_idle(engine, until);
        return false;
    }
    *event = *next;
    queue_drop_first(&engine->queue);
    engine->running.now_ns = event->at.ns;
    engine->running.serial = event_serial(event);
    engine->delivered++;
    engine->digest = engine_digest_step(engine->digest, event);
    return true;
}

/* dispatch(user, event) for each event at or before `until`, in order, including those that dispatch schedules. */
void engine_run(Engine *engine, SimTime until, EngineDispatch dispatch, void *user);

#endif
