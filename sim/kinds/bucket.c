/* bucket.c - a provider's object store: named by everybody, reached through its region's public or private doors, and
 * guarded by policies alone.
 *
 * What is written may set something off: the provider tells of it seconds later, at least once.
 * Left out on purpose: what lies in it object by object, and its capacity, which no customer ever meets. */
#include "base/law.h"
#include "contract/kind.h"

typedef struct {
    Law read, write, event;
    int64_t twice;
} BucketSpec;

static const Field bucket_fields[] = {
    FIELD_LAW(BucketSpec, read, "lognormal(median 30 ms p95 100 ms)", "until the first byte of an object is answered",
              "assumption after the Amazon S3 guide, optimizing-performance: 100 to 200 ms"),
    FIELD_LAW(BucketSpec, write, "lognormal(median 50 ms p95 150 ms)", "until an object is kept", NULL),
    FIELD_LAW(BucketSpec, event, "hyperexponential(2 s 99 % or 60 s)", "from there until what it triggers is told",
              "AWS S3 guide, EventNotifications: typically seconds, sometimes a minute or longer; the shares are an "
              "assumption"),
    FIELD_SHARE(BucketSpec, twice, "0.01 %", "share of objects that are told of twice",
                "AWS S3 guide, EventNotifications: at least once; the share is an assumption"),
    FIELD_END,
};

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
    (void)spec;
    sheet->item(sheet->user, COST_PER_MILLION, "object_million_requests");
}

static const KindAction bucket_actions[] = {
    {"get", ACTION_READS}, {"put", ACTION_WRITES}, {"list", 0}, {"delete", ACTION_REMOVES}, {NULL, 0}};

const Kind kind_bucket = {
    .name = "bucket",
    .summary = "a provider's store of objects, guarded by policies",
    .role = ROLE_STORE,
    .symbol = "bucket",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SERVICE},
    .fields = bucket_fields,
    .spec_size = sizeof(BucketSpec),
    .state_size = 0,
    .managed = true,
    .actions = bucket_actions,
    .messages = &bucket_messages,
    .on_request = bucket_on_request,
    .price = bucket_price,
};
