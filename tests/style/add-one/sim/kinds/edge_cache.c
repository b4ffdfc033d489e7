/* edge_cache.c - answers a share of the requests at the edge itself and passes on the rest.
 *
 * Left out on purpose: which objects are held. A hit ratio is what an architect knows. */
#include "contract/kind.h"

typedef struct {
    int64_t hit_ratio;
    SimTime hit_time;
} EdgeCacheSpec;

static const Field edge_cache_fields[] = {
    FIELD_SHARE(EdgeCacheSpec, hit_ratio, "80 %", "share of requests answered here", NULL),
    FIELD_TIME(EdgeCacheSpec, hit_time, "1 ms", "time to answer one of them", NULL),
    FIELD_END,
};

static Outcome edge_cache_on_request(Ctx *cx, Request *rq) {
    const EdgeCacheSpec *spec = cx->spec;
    if (!rq->write && draw_chance(&rq->luck, spec->hit_ratio))
        return outcome_answer(simtime_add(rq->now, spec->hit_time));
    return outcome_pass(rq->now);
}

const Kind kind_edge_cache = {
    .name = "edge_cache",
    .summary = "answers a share of the requests at the edge itself and passes on the rest",
    .role = ROLE_EDGE,
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_EDGE},
    .fields = edge_cache_fields,
    .spec_size = sizeof(EdgeCacheSpec),
    .managed = true,
    .on_request = edge_cache_on_request,
};
