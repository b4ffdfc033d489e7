/* data_centre.c - servers of a site, as the cloud sees them: one place that answers.
 *
 * Left out on purpose: how many machines there are, and what they queue. */
#include "contract/kind.h"

typedef struct {
    Law service;
} DataCentreSpec;

static const Field data_centre_fields[] = {
    FIELD_LAW(DataCentreSpec, service, "exponential(20 ms)", "time that one request takes", NULL),
    FIELD_END,
};

static Outcome data_centre_on_request(Ctx *cx, Request *rq) {
    const DataCentreSpec *spec = cx->spec;
    return outcome_pass(simtime_add(rq->now, law_sample(&spec->service, &rq->luck)));
}

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
    .on_request = data_centre_on_request,
};
