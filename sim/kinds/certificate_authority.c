/* certificate_authority.c - issues short-lived certificates to workloads and renews each at a share of its lifetime.
 *
 * Every unit that names it as its `authority` holds one. At the start of a run each is as old as chance has it, uniform
 * up to the age at which it is renewed; a unit that starts later gets a new one. So when renewal stops, certificates
 * run out evenly from (1 - renew_at) of the lifetime after that until a whole lifetime after it. Whoever was due while
 * the authority did not answer asks again every `retry`. Renewals are worked out when somebody looks, without events;
 * only for those whose renewal has stopped is there a timer, at which the next certificate runs out, so that all can
 * notice.
 *
 * Without a subnet the provider runs it, and everybody reaches it. With one it is a server like any other: a unit that
 * cannot connect to it gets no certificate. Left out on purpose: revocation, and intermediate authorities. */
#include <glib.h>

#include "contract/kind.h"

typedef struct {
    SimTime lifetime, retry;
    int64_t renew_at, jitter;
} AuthoritySpec;

/* A unit's certificate. */
typedef struct {
    UnitId unit, host; /* who shows it; whose interfaces ask for it */
    uint32_t index;    /* in the table; names its luck */
    bool present;      /* the unit runs */
    bool expired;      /* it runs, and its certificate has run out; as last told */
    bool turned;       /* that has just changed */
    bool renews;       /* it could have the certificate renewed, when last told */
    SimTime issued;
    SimTime earliest; /* not renewed before this */
    uint32_t number;  /* renewals so far */
} Holder;

typedef struct {
    UnitId first;
    uint32_t unit_count, holder_count;
    Holder *holders; /* by unit */
    Stream ages, waits, retries;
    bool settled;  /* the holders have been looked at once */
    SimTime alarm; /* of the timer: when some certificate runs out, or is renewed after it has */
} AuthorityState;

#define ISTIO "Istio issue 21944: 24 h"
#define GRACE "Istio: SECRET_GRACE_PERIOD_RATIO 0.5 (from memory); Oracle Cloud service mesh: 2/3"

static const Field authority_fields[] = {
    FIELD_ROW(AuthoritySpec, lifetime, FIELD_TYPE_TIME, "24 h", "1 s", NULL, "how long a certificate is good", ISTIO),
    FIELD_ROW(AuthoritySpec, renew_at, FIELD_TYPE_SHARE, "50 %", "1 %", "99 %",
              "share of its lifetime after which it is renewed", GRACE),
    FIELD_ROW(AuthoritySpec, jitter, FIELD_TYPE_SHARE, "1 %", "0 %", "50 %",
              "each renewal is early or late by up to this share of the lifetime",
              "assumption after Istio, SECRET_GRACE_PERIOD_RATIO_JITTER"),
    FIELD_ROW(AuthoritySpec, retry, FIELD_TYPE_TIME, "60 s", "1 ms", NULL,
              "how often one whose renewal failed asks again", "assumption: order of an agent's longest backoff"),
    FIELD_END,
};

static void authority_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    const AuthoritySpec *its = spec;
    if (its->jitter >= its->renew_at || its->renew_at + its->jitter >= WHOLE)
        diag_error(diagnostics, mark, "lower jitter",
                   "%s: a certificate is renewed after it was issued and before it runs out", name);
}

/* ---- One certificate ---------------------------------------------------------------------------------------------
 */

static SimTime share_of(SimTime span, double share) { return SIMTIME_NS((int64_t)((double)span.ns * share)); }

/* From the issue of this certificate to its renewal. */
static SimTime wait_of(const AuthoritySpec *spec, const AuthorityState *state, const Holder *holder) {
    double share = (double)spec->renew_at / (double)WHOLE;
    if (spec->jitter > 0) {
        Draw luck = stream_draw(&state->waits, (uint64_t)holder->index << 32 | holder->number);
        share += (2 * draw_unit(&luck) - 1) * ((double)spec->jitter / (double)WHOLE);
    }
    return share_of(spec->lifetime, share);
}

/* As it is at `at`, if nothing changes until then. O(renewals in between). */
static Holder holder_at(const AuthoritySpec *spec, const AuthorityState *state, const Holder *now, SimTime at) {
    Holder holder = *now;
    while (holder.renews) {
        SimTime due = simtime_max(simtime_add(holder.issued, wait_of(spec, state, &holder)), holder.earliest);
        if (simtime_before(at, due))
            break;
        holder.issued = due;
        holder.number++;
    }
    return holder;
}

static SimTime runs_out(const AuthoritySpec *spec, const Holder *holder) {
    return simtime_add(holder->issued, spec->lifetime);
}

/* ---- Who can have his renewed ------------------------------------------------------------------------------------
 */

/* Is there one of the authority's units that answers him? */
static bool answers(Ctx *cx, const AuthorityState *state, const Holder *holder) {
    for (UnitId own = state->first; own < state->first + state->unit_count; own++) {
        const UnitView *unit = ctx_unit(cx, own);
        if (!unit_works(unit) || !unit->condition.issues)
            continue;
        UnitId from = unit->zone == NO_PLACE ? NO_UNIT : holder->host; /* the provider's: on its own plane */
        if (ctx_probe(cx, from, own) == PROBE_GOOD)
            return true;
    }
    return false;
}

static bool is_there(const UnitView *unit) { return unit->state == UNIT_BOOTING || unit->state == UNIT_SERVING; }

/* At the start they have been there for long; later ones are issued theirs as they start, if that is possible. */
static void holder_appears(const Ctx *cx, const AuthorityState *state, Holder *holder) {
    const AuthoritySpec *spec = cx->spec;
    Draw luck = stream_draw(&state->ages, holder->index);
    SimTime none = SIMTIME_NS(cx->now.ns - spec->lifetime.ns); /* it ran out just now: he has none */
    holder->earliest = SIMTIME_NS(INT64_MIN);
    if (!state->settled)
        holder->issued = SIMTIME_NS(cx->now.ns - share_of(wait_of(spec, state, holder), draw_unit(&luck)).ns);
    else
        holder->issued = holder->renews ? cx->now : none;
    holder->number += state->settled;
}

/* What stood in the way of his renewal is gone: he notices when he asks the next time. */
static void holder_asks_again(const Ctx *cx, const AuthorityState *state, Holder *holder) {
    const AuthoritySpec *spec = cx->spec;
    SimTime due = simtime_add(holder->issued, wait_of(spec, state, holder));
    Draw luck = stream_draw(&state->retries, (uint64_t)holder->index << 32 | holder->number);
    if (simtime_before(due, cx->now))
        holder->earliest = simtime_add(cx->now, share_of(spec->retry, draw_unit(&luck)));
}

/* Up to now everything was as last told; from now on it is as it is. */
static void holder_follow(Ctx *cx, AuthorityState *state, Holder *holder) {
    const UnitView *unit = ctx_unit(cx, holder->unit), *host = ctx_unit(cx, holder->host);
    bool present = is_there(host), before = holder->renews;
    *holder = holder_at(cx->spec, state, holder, cx->now);
    holder->renews = present && host->condition.up && unit->condition.issues && answers(cx, state, holder);
    if (present && !holder->present)
        holder_appears(cx, state, holder);
    else if (holder->renews && !before)
        holder_asks_again(cx, state, holder);
    holder->present = present;
}

/* ---- A run -------------------------------------------------------------------------------------------------------
 */

static void authority_start(Ctx *cx) {
    AuthorityState *state = cx->state;
    const UnitId *units;
    state->unit_count = ctx_units(cx, cx->self, &state->first);
    state->holder_count = ctx_holders(cx, &units);
    state->holders = g_new0(Holder, state->holder_count + 1);
    for (uint32_t h = 0; h < state->holder_count; h++)
        state->holders[h] = (Holder){.unit = units[h], .host = ctx_beside(cx, units[h]), .index = h};
    state->ages = ctx_stream(cx, "age");
    state->waits = ctx_stream(cx, "renewal");
    state->retries = ctx_stream(cx, "retry");
    state->alarm = SIMTIME_NEVER;
}

static void authority_end(Ctx *cx) { g_free(((AuthorityState *)cx->state)->holders); }

static bool is_trusted(const Ctx *cx, const AuthorityState *state) {
    return ctx_unit(cx, state->first)->condition.trusted;
}

/* When that changes next: it runs out, or is renewed after it has. */
static SimTime turns_at(const AuthoritySpec *spec, const AuthorityState *state, const Holder *holder) {
    if (!holder->present || holder->expired != holder->renews)
        return SIMTIME_NEVER;
    SimTime due = simtime_max(simtime_add(holder->issued, wait_of(spec, state, holder)), holder->earliest);
    return holder->expired ? due : runs_out(spec, holder);
}

/* Takes note of whose has run out; how many. */
static uint32_t count_expired(const Ctx *cx, AuthorityState *state) {
    uint32_t expired = 0;
    for (uint32_t h = 0; h < state->holder_count; h++) {
        Holder *holder = &state->holders[h];
        const Holder now = holder_at(cx->spec, state, holder, cx->now);
        bool good = is_trusted(cx, state) && simtime_before(cx->now, runs_out(cx->spec, &now));
        bool gone = now.present && !good;
        holder->turned = gone != holder->expired;
        holder->expired = gone;
        expired += gone;
    }
    return expired;
}

/* Says what has run out or is good again, and wakes up when that changes. */
static void authority_tell(Ctx *cx, AuthorityState *state) {
    uint32_t expired = count_expired(cx, state), present = 0;
    SimTime next = SIMTIME_NEVER;
    for (uint32_t h = 0; h < state->holder_count; h++)
        present += state->holders[h].present;
    for (uint32_t h = 0; h < state->holder_count; h++) {
        const Holder *holder = &state->holders[h];
        if (holder->turned)
            ctx_note(cx, (Fact){.kind = FACT_EXPIRED,
                                .unit = holder->unit,
                                .amount = holder->expired,
                                .other = expired,
                                .subject = present});
        if (is_trusted(cx, state))
            next = simtime_min(next, turns_at(cx->spec, state, holder));
    }
    if (!simtime_is_never(next) && !simtime_equal(next, state->alarm))
        ctx_timer(cx, next, 0, 0);
    state->alarm = next;
}

static void authority_on_change(Ctx *cx) {
    AuthorityState *state = cx->state;
    for (uint32_t h = 0; h < state->holder_count; h++)
        holder_follow(cx, state, &state->holders[h]);
    state->settled = true;
    authority_tell(cx, state);
}

static void authority_on_timer(Ctx *cx, uint32_t what, uint32_t subject) {
    (void)what;
    (void)subject;
    authority_tell(cx, cx->state);
}

static const Holder *holder_of(const AuthorityState *state, UnitId unit) {
    uint32_t low = 0, high = state->holder_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (state->holders[middle].unit < unit)
            low = middle + 1;
        else
            high = middle;
    }
    return low < state->holder_count && state->holders[low].unit == unit ? &state->holders[low] : NULL;
}

/* With the root all that it signed has run out. */
static SimTime authority_certifies(Ctx *cx, UnitId unit, SimTime at) {
    const AuthorityState *state = cx->state;
    const Holder *holder = holder_of(state, unit);
    if (!holder || !is_trusted(cx, state))
        return SIMTIME_NS(INT64_MIN);
    Holder then = holder_at(cx->spec, state, holder, at);
    return runs_out(cx->spec, &then);
}

static const char *const authority_shows[] = {"lifetime", "renew_at", NULL};

const Kind kind_certificate_authority = {
    .name = "certificate_authority",
    .summary = "issues certificates of a lifetime to workloads, and renews them while it works",
    .role = ROLE_STORE,
    .spread = SPREAD_ZONES,
    .passage = {.mode = PASSAGE_TERMINATES, .attachment = ATTACH_SUBNETS, .subnet_optional = true},
    .fields = authority_fields,
    .shows = authority_shows,
    .symbol = "certificate",
    .spec_size = sizeof(AuthoritySpec),
    .state_size = sizeof(AuthorityState),
    .check = authority_check,
    .start = authority_start,
    .on_change = authority_on_change,
    .on_timer = authority_on_timer,
    .end = authority_end,
    .certifies = authority_certifies,
};
