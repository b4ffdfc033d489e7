/* identity_provider.c - signs users in and hands out tokens of a lifetime.
 *
 * A component with `tokens_from` wants to see a token with each request. A user gets his with the first request of a
 * session and has it renewed when it runs out, as soon as the provider answers; who comes with a token from before has
 * one of any age. So an outage keeps newcomers out at once, and turns out those who are in as their tokens run out, one
 * by one. Nobody asks the provider about a token that is shown: its signature says enough.
 *
 * Left out on purpose: revocation (a token is good until it runs out), and who may do what. */
#include <glib.h>

#include "contract/kind.h"

typedef struct {
    SimTime lifetime, sign_in;
    int64_t held;
} IdentitySpec;

/* When it handed out nothing. */
typedef struct {
    SimTime from, to; /* to: SIMTIME_NEVER while it lasts */
} Silence;

typedef struct {
    UnitId own;
    GArray *silences;
} IdentityState;

#define ENTRA "Microsoft identity platform: access tokens 60 to 90 min by default (from memory)"

static const Field identity_fields[] = {
    FIELD_ROW(IdentitySpec, lifetime, FIELD_TYPE_TIME, "1 h", "1 s", NULL, "how long a token is good", ENTRA),
    FIELD_TIME(IdentitySpec, sign_in, "500 ms", "what signing in adds to the first request of a session",
               "assumption: some round trips, no typing"),
    FIELD_SHARE(IdentitySpec, held, "0 %", "share of sessions that come with a token from before", NULL),
    FIELD_END,
};

static void identity_start(Ctx *cx) {
    IdentityState *state = cx->state;
    ctx_units(cx, cx->self, &state->own);
    state->silences = g_array_new(FALSE, FALSE, sizeof(Silence));
}

static void identity_end(Ctx *cx) { g_array_free(((IdentityState *)cx->state)->silences, TRUE); }

static void identity_on_change(Ctx *cx) {
    IdentityState *state = cx->state;
    const UnitView *unit = ctx_unit(cx, state->own);
    bool answers = unit_works(unit) && unit->condition.issues;
    guint count = state->silences->len;
    Silence *last = count ? &g_array_index(state->silences, Silence, count - 1) : NULL;
    bool answered = !last || !simtime_is_never(last->to);
    if (answers && !answered)
        last->to = cx->now;
    Silence begun = {cx->now, SIMTIME_NEVER};
    if (!answers && answered)
        g_array_append_val(state->silences, begun);
}

/* The first instant from `at` on at which it answers, as far as is known. O(outages). */
static SimTime answers_from(const IdentityState *state, SimTime at) {
    for (guint i = 0; i < state->silences->len; i++) {
        const Silence *silence = &g_array_index(state->silences, Silence, i);
        if (!simtime_before(at, silence->from) && simtime_before(at, silence->to))
            at = silence->to;
    }
    return at;
}

/* Token after token: each is got as soon as the one before it has run out. O(tokens of the session x outages). */
static bool is_signed_in(const IdentitySpec *spec, const IdentityState *state, SimTime got, SimTime at) {
    while (!simtime_before(at, got)) {
        SimTime end = simtime_add(got, spec->lifetime);
        if (simtime_before(at, end))
            return true;
        got = answers_from(state, end);
    }
    return false;
}

static Token identity_signs_in(Ctx *cx, const Bearer *bearer) {
    const IdentitySpec *spec = cx->spec;
    const IdentityState *state = cx->state;
    Draw luck = bearer->luck;
    bool held = spec->held > 0 && draw_chance(&luck, spec->held);
    SimTime got = answers_from(state, bearer->since);
    if (held)
        got =
            answers_from(state, SIMTIME_NS(bearer->since.ns - (int64_t)(draw_unit(&luck) * (double)spec->lifetime.ns)));
    if (!ctx_unit(cx, state->own)->condition.trusted)
        return (Token){false, SIMTIME_ZERO};
    return (Token){is_signed_in(spec, state, got, bearer->at), held ? SIMTIME_ZERO : spec->sign_in};
}

static const char *const identity_shows[] = {"lifetime", NULL};

const Kind kind_identity_provider = {
    .name = "identity_provider",
    .summary = "signs users in and hands out tokens that are good for a while",
    .role = ROLE_EDGE,
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_EDGE},
    .fields = identity_fields,
    .shows = identity_shows,
    .symbol = "identity",
    .spec_size = sizeof(IdentitySpec),
    .state_size = sizeof(IdentityState),
    .managed = true,
    .start = identity_start,
    .on_change = identity_on_change,
    .end = identity_end,
    .signs_in = identity_signs_in,
};
