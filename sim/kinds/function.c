/* function.c - code that a provider runs when it is called: no machine to log in to, and none to keep.
 *
 * With a subnet it connects from interfaces there, which never have a public address: in a subnet with a route to an
 * internet gateway it still has no way out, and needs a NAT gateway (AWS Lambda guide, configuration-vpc). Without a
 * subnet it connects from the provider's own network, which leads to the internet. Nobody connects to it: it is called
 * through the service's API, as a policy allows.
 * Left out on purpose: environments one by one. What an architect knows is how many calls find a cold one. */
#include "base/law.h"
#include "contract/kind.h"

typedef struct {
    Law service, cold_start;
    int64_t cold;
} FunctionSpec;

static const Field function_fields[] = {
    FIELD_LAW(FunctionSpec, service, "exponential(50 ms)", "time of one call", NULL),
    FIELD_SHARE(FunctionSpec, cold, "1 %", "share of calls that find no environment ready",
                "AWS Lambda guide, lambda-runtime-environment: cold starts are under 1 % of calls"),
    FIELD_LAW(FunctionSpec, cold_start, "uniform(100 ms to 1 s)", "what such a call waits for one",
              "AWS Lambda guide, lambda-runtime-environment: from under 100 ms to over 1 s"),
    FIELD_END,
};

static Outcome function_on_request(Ctx *cx, Request *rq) {
    const FunctionSpec *spec = cx->spec;
    SimTime ready = rq->now;
    if (spec->cold > 0 && draw_chance(&rq->luck, spec->cold))
        ready = simtime_add(ready, law_sample(&spec->cold_start, &rq->luck));
    return outcome_pass(simtime_add(ready, law_sample(&spec->service, &rq->luck)));
}

static void function_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_PER_MILLION, "function_million_calls");
}

static const KindAction function_actions[] = {{"invoke", ACTION_WRITES}, {"update", ACTION_RULES}, {NULL, 0}};

static const char *const function_shows[] = {"cold", NULL};

const Kind kind_function = {
    .name = "function",
    .summary = "code that a provider runs when it is called",
    .role = ROLE_COMPUTE,
    .symbol = "function",
    .spread = SPREAD_ZONES,
    .passage = {.mode = PASSAGE_TERMINATES,
                .attachment = ATTACH_SUBNETS,
                .no_public_address = true,
                .subnet_optional = true},
    .fields = function_fields,
    .shows = function_shows,
    .spec_size = sizeof(FunctionSpec),
    .state_size = 0,
    .client_first = 1024, /* AWS VPC guide, ephemeral ports */
    .client_last = 65535,
    .managed = true,
    .actions = function_actions,
    .on_request = function_on_request,
    .price = function_price,
};
