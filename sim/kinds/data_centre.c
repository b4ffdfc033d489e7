/* data_centre.c - servers of a site, as the cloud sees them: one place that answers.
 *
 * A load may have it begin jobs; a job whose first calls fail it tries again, and then gives up.
 * Left out on purpose: how many machines there are, and what they queue. */
#include "base/law.h"
#include "contract/kind.h"

typedef struct {
    Law service;
    int64_t retries;
    SimTime retry_after;
} DataCentreSpec;

static const Field data_centre_fields[] = {
    FIELD_LAW(DataCentreSpec, service, "exponential(20 ms)", "time that one request takes", NULL),
    FIELD_COUNT(DataCentreSpec, retries, "3", "0", "1000", "further tries of a job of its own that failed", NULL),
    FIELD_TIME(DataCentreSpec, retry_after, "10 s", "the wait before each of them; doubles each time", NULL),
    FIELD_END,
};

static Outcome data_centre_on_request(Ctx *cx, Request *rq) {
    const DataCentreSpec *spec = cx->spec;
    return outcome_pass(simtime_add(rq->now, law_sample(&spec->service, &rq->luck)));
}

static SimTime data_centre_retry(const void *spec, uint32_t tried, Draw *luck) {
    const DataCentreSpec *centre = spec;
    SimTime wait = centre->retry_after;
    (void)luck;
    for (uint32_t i = 1; i < tried; i++)
        wait = simtime_add(wait, wait);
    return tried > centre->retries ? SIMTIME_NEVER : wait;
}

static const MessageRules data_centre_messages = {.can = MESSAGES_TRIGGERS | MESSAGES_WORKS,
                                                  .retry = data_centre_retry};

static const char *const data_centre_shows[] = {"service", NULL};

const Kind kind_data_centre = {
    .name = "data_centre",
    .summary = "servers at a site, behind the site's firewall",
    .role = ROLE_STORE,
    .symbol = "building",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SITE, .groups = GROUPS_NEVER},
    .fields = data_centre_fields,
    .shows = data_centre_shows,
    .spec_size = sizeof(DataCentreSpec),
    .messages = &data_centre_messages,
    .on_request = data_centre_on_request,
};
