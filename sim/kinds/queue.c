/* queue.c - a provider's message queue: senders hand messages in, receivers come and take them; the two never meet.
 *
 * A sender has its answer when the message is kept. Both sides connect to the queue, so no way leads through it from
 * the one to the other. What was taken is hidden from others for the visibility timeout; unless it is deleted by then,
 * it can be taken again: nothing goes with a receiver, and what takes longer than that is done twice. Left out on
 * purpose: order (it is not a FIFO queue). Receivers who poll in vain wait at the queue: they are billed, not
 * simulated. */
#include "base/law.h"
#include "contract/kind.h"

typedef struct {
    Law accept;
    SimTime visibility, poll;
    int64_t deliveries, in_flight, twice;
    const char *dead_letters;
} QueueSpec;

static const Field queue_fields[] = {
    FIELD_LAW(QueueSpec, accept, "lognormal(median 10 ms p95 30 ms)", "until a message is kept", NULL),
    FIELD_ROW(QueueSpec, visibility, FIELD_TYPE_TIME, "30 s", "1 ms", "12 h",
              "how long a message is hidden from others once it was taken",
              "AWS SQS guide, sqs-visibility-timeout: 30 s, at most 12 h"),
    FIELD_ROW(QueueSpec, poll, FIELD_TYPE_TIME, "20 s", "1 ms", NULL,
              "a receiver with nothing to do asks, waits for so long, and asks again: each time is billed",
              "AWS SQS guide, short and long polling: long polls wait for up to 20 s"),
    FIELD_COUNT(QueueSpec, deliveries, "0", "0", "1000",
                "after being taken so often in vain it is given up; 0: never given up", NULL),
    FIELD_TEXT(QueueSpec, dead_letters, NULL, "the queue that gets what is given up"),
    FIELD_COUNT(QueueSpec, in_flight, "120000", "1", "120000", "how many may be hidden at a time",
                "AWS SQS guide, sqs-visibility-timeout: about 120,000"),
    FIELD_SHARE(QueueSpec, twice, "0 %", "share of messages that are given out a second time for no reason",
                "AWS SQS guide, standard queues: at least once; how seldom is not said"),
    FIELD_END,
};

static void queue_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    const QueueSpec *queue = spec;
    if (queue->dead_letters && queue->deliveries == 0)
        diag_error(diagnostics, mark, "add deliveries: 5", "%s has dead letters, but never gives a message up", name);
}

static Outcome queue_on_request(Ctx *cx, Request *rq) {
    const QueueSpec *spec = cx->spec;
    return outcome_answer(simtime_add(rq->now, law_sample(&spec->accept, &rq->luck)));
}

static SimTime queue_hidden(const void *spec) { return ((const QueueSpec *)spec)->visibility; }
static SimTime queue_polls(const void *spec) { return ((const QueueSpec *)spec)->poll; }
static int64_t queue_twice(const void *spec) { return ((const QueueSpec *)spec)->twice; }
static uint32_t queue_deliveries(const void *spec) { return (uint32_t)((const QueueSpec *)spec)->deliveries; }
static uint32_t queue_in_flight(const void *spec) { return (uint32_t)((const QueueSpec *)spec)->in_flight; }
static const char *queue_dead_letters(const void *spec) { return ((const QueueSpec *)spec)->dead_letters; }

static const MessageRules queue_messages = {.can = MESSAGES_HOLDS | MESSAGES_WORKS,
                                            .twice = queue_twice,
                                            .hidden = queue_hidden,
                                            .polls = queue_polls,
                                            .deliveries = queue_deliveries,
                                            .in_flight = queue_in_flight,
                                            .dead_letters = queue_dead_letters};

static void queue_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_PER_MILLION, "queue_million_requests");
}

static const KindAction queue_actions[] = {
    {"send", ACTION_WRITES}, {"receive", ACTION_READS}, {"delete", 0}, {"purge", 0}, {NULL, 0}};

static const char *const queue_shows[] = {"visibility", "deliveries", NULL};

const Kind kind_queue = {
    .name = "queue",
    .summary = "a provider's message queue between senders and receivers that never meet",
    .role = ROLE_STORE,
    .symbol = "queue",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SERVICE},
    .fields = queue_fields,
    .shows = queue_shows,
    .spec_size = sizeof(QueueSpec),
    .state_size = 0,
    .managed = true,
    .actions = queue_actions,
    .messages = &queue_messages,
    .check = queue_check,
    .on_request = queue_on_request,
    .price = queue_price,
};
