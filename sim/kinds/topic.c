/* topic.c - a provider's notification topic: what is published goes to everybody who subscribed.
 *
 * A publisher has his answer when the notification is kept; the provider brings it to every flow that goes on from the
 * topic, on its own plane, and keeps on trying while a subscriber is down. */
#include "base/law.h"
#include "contract/kind.h"

typedef struct {
    Law accept, delivery;
} TopicSpec;

static const Field topic_fields[] = {
    FIELD_LAW(TopicSpec, accept, "lognormal(median 15 ms p95 40 ms)", "until a notification is kept", NULL),
    FIELD_LAW(TopicSpec, delivery, "lognormal(median 30 ms p95 150 ms)",
              "from there until it is brought to a subscriber",
              "assumption: tens of milliseconds, to subscribers inside the provider"),
    FIELD_END,
};

static Outcome topic_on_request(Ctx *cx, Request *rq) {
    const TopicSpec *spec = cx->spec;
    return outcome_answer(simtime_add(rq->now, law_sample(&spec->accept, &rq->luck)));
}

static SimTime topic_ready(const void *spec, Draw *luck) {
    return law_sample(&((const TopicSpec *)spec)->delivery, luck);
}

static const MessageRules topic_messages = {.can = MESSAGES_TRIGGERS | MESSAGES_WORKS, .ready = topic_ready};

static void topic_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_PER_MILLION, "notification_million");
}

static const KindAction topic_actions[] = {{"publish", ACTION_WRITES}, {"subscribe", ACTION_READS}, {NULL, 0}};

const Kind kind_topic = {
    .name = "topic",
    .summary = "a provider's notifications from publishers to subscribers",
    .role = ROLE_STORE,
    .symbol = "topic",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SERVICE},
    .fields = topic_fields,
    .spec_size = sizeof(TopicSpec),
    .state_size = 0,
    .managed = true,
    .actions = topic_actions,
    .messages = &topic_messages,
    .on_request = topic_on_request,
    .price = topic_price,
};
