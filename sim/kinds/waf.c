/* waf.c - a web application firewall at the edge: drops most of what attacks, and a little of what is honest.
 *
 * Left out on purpose: rule sets. What an architect knows of one is how much it catches and how often it is wrong. */
#include "contract/kind.h"

typedef struct {
    int64_t catches, false_positives;
    SimTime delay;
} WafSpec;

static const Field waf_fields[] = {
    FIELD_SHARE(WafSpec, catches, "95 %", "share of attack requests that it drops", NULL),
    FIELD_SHARE(WafSpec, false_positives, "0 %", "share of honest requests that it drops by mistake", NULL),
    FIELD_TIME(WafSpec, delay, "1 ms", "time that inspection takes", NULL),
    FIELD_END,
};

static Outcome waf_on_request(Ctx *cx, Request *rq) {
    const WafSpec *spec = cx->spec;
    SimTime ready = simtime_add(rq->now, spec->delay);
    int64_t drops = rq->hostile ? spec->catches : spec->false_positives;
    if (drops > 0 && draw_chance(&rq->luck, drops))
        return outcome_fail(CAUSE_BLOCKED, ready);
    return outcome_pass(ready);
}

static void waf_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_COMPONENT_HOUR, "waf_hour");
    sheet->item(sheet->user, COST_PER_MILLION, "waf_million_requests");
}

static const char *const waf_shows[] = {"catches", NULL};

const Kind kind_waf = {
    .name = "waf",
    .summary = "a web application firewall at the edge, in front of every region",
    .role = ROLE_EDGE,
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_EDGE},
    .fields = waf_fields,
    .shows = waf_shows,
    .spec_size = sizeof(WafSpec),
    .state_size = 0,
    .managed = true,
    .on_request = waf_on_request,
    .price = waf_price,
};
