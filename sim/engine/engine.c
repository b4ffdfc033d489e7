/* engine.c - the parts of the engine that need not be fast. */
#include "engine/engine.h"

#include <glib.h>

Engine *engine_new(void) {
    Engine *engine = g_new0(Engine, 1);
    queue_init(&engine->queue);
    return engine;
}

void engine_free(Engine *engine) {
    if (!engine)
        return;
    queue_clear(&engine->queue);
    g_free(engine);
}

void engine_reset(Engine *engine) {
    engine->running.now_ns = 0;
    engine->running.serial = 0;
    engine->serial = engine->delivered = engine->cancelled = engine->digest = 0;
    queue_reset(&engine->queue);
}

EngineCounts engine_counts(const Engine *engine) {
    return (EngineCounts){
        .scheduled = engine->serial,
        .executed = engine->delivered - engine->cancelled,
        .cancelled = engine->cancelled,
        .pending = queue_count(&engine->queue),
    };
}

/* The running value has weak low bits after few events; the finaliser of SplitMix64 (Steele et al., OOPSLA 2014)
 * spreads it, and the count makes prefixes differ. */
uint64_t engine_digest(const Engine *engine) {
    uint64_t x = engine->digest + engine->delivered * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

void engine_run(Engine *engine, SimTime until, EngineDispatch dispatch, void *user) {
    Event event;
    while (engine_next(engine, until, &event))
        dispatch(user, &event);
}
