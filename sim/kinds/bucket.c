/* bucket.c - a provider's object store: named by everybody, reached through its region's public or private doors, and
 * guarded by policies alone.
 *
 * What is written may set something off: the provider tells of it seconds later, at least once. With `replicas` what is
 * put into one copy is copied to those in other regions, one by one, each later by a lag (copying.h); it sets nothing
 * off there. Who reads meanwhile reads what was there before.
 * Left out on purpose: what is in the objects, other than how old it is; its capacity, which no customer ever meets. */
#include <glib.h>

#include "base/law.h"
#include "contract/kind.h"
#include "kinds/copying.h"

enum { REGIONS_NONE, REGIONS_ASYNC };
static const char *const regions_words[] = {"none", "async", NULL};

typedef struct {
    int regions;
} Replicas;

typedef struct {
    Law read, write, event;
    int64_t twice;
    Replicas replicas;
    Law lag;
    int64_t objects, size, holds;
} BucketSpec;

typedef struct {
    int64_t there, most; /* objects; how many there can be, 0: any number */
    Copying copying;
    CopyRules rules;
} BucketState;

static const Field replicas_fields[] = {
    FIELD_WORD(Replicas, regions, regions_words, "none", "other regions: get what is put in, with a lag; or nothing",
               NULL),
    FIELD_END,
};

static const Field bucket_fields[] = {
    FIELD_LAW(BucketSpec, read, "lognormal(median 30 ms p95 100 ms)", "until the first byte of an object is answered",
              "assumption after the Amazon S3 guide, optimizing-performance: 100 to 200 ms"),
    FIELD_LAW(BucketSpec, write, "lognormal(median 50 ms p95 150 ms)", "until an object is kept", NULL),
    FIELD_LAW(BucketSpec, event, "hyperexponential(2 s 99 % or 60 s)", "from there until what it triggers is told",
              "AWS S3 guide, EventNotifications: typically seconds, sometimes a minute or longer; the shares are an "
              "assumption"),
    FIELD_SHARE(BucketSpec, twice, "0.01 %", "share of objects that are told of twice",
                "AWS S3 guide, EventNotifications: at least once; the share is an assumption"),
    FIELD_GROUP(BucketSpec, replicas, replicas_fields, "who has the objects"),
    FIELD_LAW(BucketSpec, lag, "lognormal(median 5 s p95 50 s)",
              "until another region has an object, beside the distance",
              "AWS S3 guide, replication-time-control: most in seconds, 99.99 % within 15 min; without it most within "
              "15 min. The law is an assumption that keeps to both"),
    FIELD_COUNT(BucketSpec, objects, "0", "0", "1000000",
                "so many there are, each as likely to be read or replaced; 0: each put adds one, and the one put last "
                "is read",
                NULL),
    FIELD_ROW(BucketSpec, size, FIELD_TYPE_BYTES, "1 MB", "1 B", NULL, "size of an object", NULL),
    FIELD_BYTES(BucketSpec, holds, "0 B", "what lies in it from the start, beside those", NULL),
    FIELD_END,
};

/* ---- Objects -------------------------------------------------------------------------------------------------- */

static Copying *bucket_copying(void *state) { return &((BucketState *)state)->copying; }

/* One is put there: is it one more? */
static bool bucket_adds(void *state) {
    BucketState *bucket = state;
    bool adds = bucket->most == 0 || bucket->there < bucket->most;
    bucket->there += adds;
    return adds;
}

static bool copies_elsewhere(const Ctx *cx) {
    const ComponentId *copies;
    return ((const BucketSpec *)cx->spec)->replicas.regions == REGIONS_ASYNC && ctx_copies(cx, &copies) > 1;
}

static void bucket_start(Ctx *cx) {
    const BucketSpec *spec = cx->spec;
    BucketState *state = cx->state;
    UnitId self;
    ctx_units(cx, cx->self, &self);
    ctx_set_state(cx, self, UNIT_SERVING);
    state->there = state->most = spec->objects;
    state->rules = (CopyRules){.lag = &spec->lag,
                               .names = (uint32_t)MAX(spec->objects, 1),
                               .size = spec->size,
                               .of = bucket_copying,
                               .adds = bucket_adds};
    if (spec->objects > 0)
        ctx_note(cx, (Fact){.kind = FACT_STORED, .unit = NO_UNIT, .other = UINT32_MAX, .amount = spec->objects});
    if (copies_elsewhere(cx))
        copying_start(cx, &state->rules);
}

static void bucket_touched(Ctx *cx, Request *rq, Touch touch) {
    BucketState *state = cx->state;
    bool copies = copies_elsewhere(cx);
    uint32_t name = state->rules.names > 1 ? (uint32_t)draw_below(&rq->luck, state->rules.names) : 0;
    int64_t more = touch == TOUCH_PUT ? bucket_adds(state) : touch == TOUCH_REMOVED ? -(state->there > 0) : 0;
    state->there -= touch == TOUCH_REMOVED && more < 0;
    if (touch != TOUCH_READ)
        ctx_note(cx, (Fact){.kind = FACT_STORED,
                            .unit = NO_UNIT,
                            .other = UINT32_MAX,
                            .subject = copies && touch == TOUCH_PUT ? state->copying.count - 1 : 0,
                            .amount = more});
    if (copies && touch == TOUCH_PUT)
        copying_put(cx, &state->rules, name);
    if (copies && touch == TOUCH_READ)
        copying_read(cx, &state->rules, name);
}

static void bucket_on_change(Ctx *cx) {
    if (copies_elsewhere(cx))
        copying_on_change(cx, &((BucketState *)cx->state)->rules);
}

static void bucket_on_timer(Ctx *cx, uint32_t what, uint32_t crossing) {
    (void)what;
    copying_on_timer(cx, &((BucketState *)cx->state)->rules, crossing);
}

static void bucket_end(Ctx *cx) {
    if (copies_elsewhere(cx))
        copying_end(cx, &((BucketState *)cx->state)->rules);
}

static const ObjectRules bucket_objects = {.touched = bucket_touched};

/* ---- Requests and messages ------------------------------------------------------------------------------------- */

static Outcome bucket_on_request(Ctx *cx, Request *rq) {
    const BucketSpec *spec = cx->spec;
    return outcome_answer(simtime_add(rq->now, law_sample(rq->write ? &spec->write : &spec->read, &rq->luck)));
}

static SimTime bucket_ready(const void *spec, Draw *luck) {
    return law_sample(&((const BucketSpec *)spec)->event, luck);
}
static int64_t bucket_twice(const void *spec) { return ((const BucketSpec *)spec)->twice; }

static const MessageRules bucket_messages = {
    .can = MESSAGES_TRIGGERS | MESSAGES_WORKS | MESSAGES_READ, .ready = bucket_ready, .twice = bucket_twice};

static void bucket_price(const void *spec, const CostSheet *sheet) {
    const BucketSpec *bucket = spec;
    sheet->item(sheet->user, COST_PER_MILLION, "object_million_requests");
    sheet->sized(sheet->user, COST_PER_GB_MONTH, "object_storage_gb_month", bucket->holds, bucket->size);
}

static const KindAction bucket_actions[] = {
    {"get", ACTION_READS}, {"put", ACTION_WRITES}, {"list", 0}, {"delete", ACTION_REMOVES}, {NULL, 0}};

const Kind kind_bucket = {
    .name = "bucket",
    .summary = "a provider's store of objects, guarded by policies; copied to other regions if asked for",
    .role = ROLE_STORE,
    .symbol = "bucket",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SERVICE},
    .fields = bucket_fields,
    .spec_size = sizeof(BucketSpec),
    .state_size = sizeof(BucketState),
    .managed = true,
    .actions = bucket_actions,
    .messages = &bucket_messages,
    .objects = &bucket_objects,
    .start = bucket_start,
    .on_request = bucket_on_request,
    .on_change = bucket_on_change,
    .on_timer = bucket_on_timer,
    .end = bucket_end,
    .price = bucket_price,
};
