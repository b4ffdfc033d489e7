/* outside_service.c - something that others run on the internet: a partner's interface, a store of packages, or the
 * machine that an attacker wants to hear from.
 *
 * Nobody's filter but the caller's stands before it. How it is called decides what can stop a caller: by name it is
 * asked for at the network's name service; by its bare address at none; and a tunnel hides in the questions
 * themselves, which no security group, ACL or route holds up. Left out on purpose: its failures and its capacity. */
#include "base/law.h"
#include "contract/kind.h"

typedef struct {
    Law service;
    int called;
} OutsideSpec;

static const char *const called_words[] = {"name", "address", "questions", NULL};

static const Field outside_fields[] = {
    FIELD_LAW(OutsideSpec, service, "lognormal(median 50 ms p95 200 ms)", "until it answers", NULL),
    FIELD_WORD(OutsideSpec, called, called_words, "name",
               "by its name; by its bare address; or through questions to the name service (a tunnel)", NULL),
    FIELD_END,
};

static PassageFacts outside_passes(const void *spec) {
    return (PassageFacts){.called = (CalledBy)((const OutsideSpec *)spec)->called};
}

static Outcome outside_on_request(Ctx *cx, Request *rq) {
    return outcome_pass(simtime_add(rq->now, law_sample(&((const OutsideSpec *)cx->spec)->service, &rq->luck)));
}

static const char *const outside_shows[] = {"called", NULL};

const Kind kind_outside_service = {
    .name = "outside_service",
    .summary = "something that others run on the internet, by name, address or name-service tunnel",
    .role = ROLE_STORE,
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_OUTSIDE},
    .fields = outside_fields,
    .shows = outside_shows,
    .spec_size = sizeof(OutsideSpec),
    .managed = true,
    .passes = outside_passes,
    .on_request = outside_on_request,
};
