/* bastion.c - the one door for those who manage hosts: they connect to it, and it connects on to what its allowlist
 * names.
 *
 * It is a host like others, only meant to be connected to at ports of management, so a review that finds such a port
 * open on any other host finds a mistake. It can be taken over; then its list no longer binds it, and the security
 * groups of what stands behind it decide. Left out on purpose: what people type there. */
#include "contract/kind.h"

typedef struct {
    SimTime check;
    int64_t refuses;
} BastionSpec;

static const Field bastion_fields[] = {
    FIELD_TIME(BastionSpec, check, "50 ms", "time that it takes to check who somebody is",
               "assumption: one question to an identity provider"),
    FIELD_SHARE(BastionSpec, refuses, "0 %", "share of connections whose user it does not let in", NULL),
    FIELD_END,
};

static Outcome bastion_on_request(Ctx *cx, Request *rq) {
    const BastionSpec *spec = cx->spec;
    SimTime ready = simtime_add(rq->now, spec->check);
    if (spec->refuses > 0 && draw_chance(&rq->luck, spec->refuses))
        return outcome_fail(CAUSE_BLOCKED, ready);
    return outcome_pass(ready);
}

static void bastion_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_UNIT_HOUR, "bastion_hour");
}

const Kind kind_bastion = {
    .name = "bastion",
    .summary = "the one host through which the others are managed",
    .role = ROLE_COMPUTE,
    .spread = SPREAD_ZONES,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS, .relays = true, .manages = true},
    .fields = bastion_fields,
    .spec_size = sizeof(BastionSpec),
    .on_request = bastion_on_request,
    .price = bastion_price,
};
