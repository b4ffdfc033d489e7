/* queue.c - a provider's message queue: senders hand messages in, receivers come and take them; the two never meet.
 *
 * A request ends here: the sender has its answer when the message is kept, whatever becomes of it. Both sides connect
 * to the queue, so no way leads through it from the one to the other. Left out on purpose: who takes the messages, and
 * when; that is the receivers' doing. */
#include "base/law.h"
#include "contract/kind.h"

typedef struct {
    Law accept;
} QueueSpec;

static const Field queue_fields[] = {
    FIELD_LAW(QueueSpec, accept, "lognormal(median 10 ms p95 30 ms)", "until a message is kept", NULL),
    FIELD_END,
};

static Outcome queue_on_request(Ctx *cx, Request *rq) {
    const QueueSpec *spec = cx->spec;
    return outcome_answer(simtime_add(rq->now, law_sample(&spec->accept, &rq->luck)));
}

static void queue_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_PER_MILLION, "queue_million_requests");
}

static const KindAction queue_actions[] = {
    {"send", ACTION_WRITES}, {"receive", ACTION_READS}, {"delete", 0}, {"purge", 0}, {NULL, 0}};

const Kind kind_queue = {
    .name = "queue",
    .summary = "a provider's message queue between senders and receivers that never meet",
    .role = ROLE_STORE,
    .symbol = "queue",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SERVICE},
    .fields = queue_fields,
    .spec_size = sizeof(QueueSpec),
    .state_size = 0,
    .managed = true,
    .actions = queue_actions,
    .on_request = queue_on_request,
    .price = queue_price,
};
