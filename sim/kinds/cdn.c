/* cdn.c - a delivery network at the edge: answers what it keeps from nearby, and passes on the rest.
 *
 * Of the reads a share is of static things, and most of those it has already. Writes and the rest go on to the origin
 * as if it were not there, and their answers leave by it: what it delivers is billed by its own price a GB. It stands
 * everywhere, so a flood that is aimed at it is taken in where it comes from.
 * Left out on purpose: which objects are kept. What an architect knows is a hit ratio. */
#include "contract/kind.h"

typedef struct {
    int64_t static_share, hit_ratio;
    SimTime round_trip, delay;
} CdnSpec;

static const Field cdn_fields[] = {
    FIELD_SHARE(CdnSpec, static_share, "60 %", "share of reads that are of things it may keep", NULL),
    FIELD_SHARE(CdnSpec, hit_ratio, "90 %", "share of those that it has when it is asked", NULL),
    FIELD_TIME(CdnSpec, round_trip, "15 ms", "from a user to the nearest edge and back",
               "assumption: the last mile, and little more"),
    FIELD_TIME(CdnSpec, delay, "1 ms", "time that it needs for a request", NULL),
    FIELD_END,
};

static Outcome cdn_on_request(Ctx *cx, Request *rq) {
    const CdnSpec *spec = cx->spec;
    SimTime ready = simtime_add(rq->now, spec->delay);
    if (!rq->write && draw_chance(&rq->luck, share_of_share(spec->static_share, spec->hit_ratio)))
        return outcome_answer(simtime_add(ready, spec->round_trip));
    return outcome_pass(ready);
}

static void cdn_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_PER_MILLION, "cdn_million_requests");
}

static const char *const cdn_shows[] = {"static_share", "hit_ratio", NULL};

const Kind kind_cdn = {
    .name = "cdn",
    .summary = "a delivery network at the edge, which answers what it keeps from nearby",
    .role = ROLE_EDGE,
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_EDGE},
    .fields = cdn_fields,
    .shows = cdn_shows,
    .spec_size = sizeof(CdnSpec),
    .state_size = 0,
    .managed = true,
    .delivers = true,
    .on_request = cdn_on_request,
    .price = cdn_price,
};
