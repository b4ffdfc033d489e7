/* api_gateway.c - the one way in to services for those outside: asks who comes, and how often.
 *
 * Who may call is what its `policy` says of the caller's role: the key, token or certificate that he shows stands for
 * it. A caller who is refused hears so at once. Then a token bucket for all callers together, and one for each
 * population, if it has such a limit, so that one cannot use up what is there for others. With an `authority` or
 * `tokens_from` it also asks whether what is shown is still good (certificate_authority, identity_provider). A node in
 * each zone; the provider sends nobody to a dead one.
 *
 * What is behind it has so long to answer; then the caller is told that this took too long, if he has not given up
 * before. */
#include <glib.h>

#include "base/allowance.h"
#include "contract/kind.h"

typedef struct {
    int64_t rate, burst, caller_rate, caller_burst;
    SimTime verify, delay, timeout;
} GatewaySpec;

typedef struct {
    ComponentId population;
    Allowance allowance;
} Caller;

typedef struct {
    UnitId first;
    uint32_t count;
    Allowance all;
    GArray *callers; /* of Caller, in order of first use: few */
} GatewayState;

#define LIMITS "AWS API Gateway guide, limits: 10,000 requests per second per account and region"

static const Field gateway_fields[] = {
    FIELD_RATE(GatewaySpec, rate, "10000/s", "requests that it lets through in the long run", LIMITS),
    FIELD_COUNT(GatewaySpec, burst, "5000", "1", "1000000000", "requests that it lets through at once",
                "assumption: AWS API Gateway, from memory"),
    FIELD_RATE(GatewaySpec, caller_rate, "0/s", "the same for each population by itself; 0/s: no such limit", NULL),
    FIELD_COUNT(GatewaySpec, caller_burst, "100", "1", "1000000000", "and at once", NULL),
    FIELD_TIME(GatewaySpec, verify, "2 ms", "time to check a key, token or certificate",
               "assumption: one signature, and a look into a cache"),
    FIELD_TIME(GatewaySpec, delay, "3 ms", "time that it needs for a request beside that", NULL),
    FIELD_ROW(GatewaySpec, timeout, FIELD_TYPE_TIME, "29 s", "50 ms", NULL,
              "how long it waits for what is behind it before it answers that this took too long",
              "AWS API Gateway guide, limits: integration timeout, 29 s"),
    FIELD_END,
};

static void gateway_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    const GatewaySpec *gateway = spec;
    if (gateway->rate <= 0 || gateway->caller_rate < 0)
        diag_error(diagnostics, mark, "write rate: 10000/s", "%s: a gateway that lets nobody through is none", name);
}

static void gateway_start(Ctx *cx) {
    GatewayState *state = cx->state;
    state->count = ctx_units(cx, cx->self, &state->first);
    state->callers = g_array_new(FALSE, FALSE, sizeof(Caller));
    for (uint32_t n = 0; n < state->count; n++)
        ctx_set_state(cx, state->first + n, UNIT_SERVING);
}

static void gateway_end(Ctx *cx) { g_array_free(((GatewayState *)cx->state)->callers, TRUE); }

/* Clients are spread over the nodes that work, each retry to the next. */
static UnitId gateway_door(Ctx *cx, const Request *rq) {
    const GatewayState *state = cx->state;
    for (uint32_t n = 0; n < state->count; n++) {
        UnitId node = state->first + (rq->session + rq->attempt + n) % state->count;
        if (unit_works(ctx_unit(cx, node)))
            return node;
    }
    return state->first;
}

static Allowance *allowance_of(GatewayState *state, ComponentId population) {
    for (guint i = 0; i < state->callers->len; i++)
        if (g_array_index(state->callers, Caller, i).population == population)
            return &g_array_index(state->callers, Caller, i).allowance;
    Caller caller = {.population = population};
    g_array_append_val(state->callers, caller);
    return &g_array_index(state->callers, Caller, state->callers->len - 1).allowance;
}

/* Who is over his own limit takes nothing from what all share. */
static Outcome gateway_on_request(Ctx *cx, Request *rq) {
    const GatewaySpec *spec = cx->spec;
    GatewayState *state = cx->state;
    SimTime ready = simtime_add(rq->now, spec->verify);
    Allowance *own = spec->caller_rate > 0 ? allowance_of(state, rq->population) : NULL;
    if (own != NULL && !allowance_take(own, spec->caller_rate, spec->caller_burst, rq->now))
        return outcome_fail(CAUSE_LIMITED, ready);
    if (!allowance_take(&state->all, spec->rate, spec->burst, rq->now))
        return outcome_fail(CAUSE_LIMITED, ready);
    return outcome_pass(simtime_add(ready, spec->delay));
}

static SimTime gateway_patience(const void *spec) { return ((const GatewaySpec *)spec)->timeout; }

static void gateway_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_PER_MILLION, "api_gateway_million_requests");
}

static const KindAction gateway_actions[] = {{"invoke", ACTION_WRITES}, {NULL, 0}};

static const char *const gateway_shows[] = {"rate", "caller_rate", NULL};

const Kind kind_api_gateway = {
    .name = "api_gateway",
    .summary = "the one way in to services: knows its callers, and limits how often they come",
    .role = ROLE_BALANCER,
    .spread = SPREAD_ZONES,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS},
    .client_first = 1024, /* as load balancers: VPC user guide, "ephemeral ports" */
    .client_last = 65535,
    .fields = gateway_fields,
    .shows = gateway_shows,
    .spec_size = sizeof(GatewaySpec),
    .state_size = sizeof(GatewayState),
    .in_order = true,
    .managed = true,
    .meters = true,
    .actions = gateway_actions,
    .check = gateway_check,
    .patience = gateway_patience,
    .start = gateway_start,
    .end = gateway_end,
    .door = gateway_door,
    .on_request = gateway_on_request,
    .price = gateway_price,
};
