/* users.c - a population: people (or programs) at a place who hold sessions, ask resolvers that cache, retry, give up.
 *
 * A client keeps the address that its name meant until an attempt fails; then it asks its resolver again, whose answer
 * may still be the old one until its time to live has run out. Each attempt waits `timeout`; attempts end when
 * `retries` are used up or the next would start after `patience`. A session whose state is gone ends at once. Who gave
 * up comes back as a new session with chance `comes_back`.
 *
 * Left out on purpose: what a page looks like. A session is requests with pauses between them. */
#include <glib.h>

#include "base/law.h"
#include "contract/kind.h"

/* Resolvers that keep answers for longer than they may. */
typedef struct {
    int64_t share;
    SimTime to;
} Stretching;

/* Shares and chances are parts per billion. `patience` binds before `retries` when waits are long. */
typedef struct {
    Stretching stretching;
    int64_t resolvers, retries;
    Law lasting, think;
    SimTime timeout, patience, backoff;
    int64_t write_share, comes_back, hostile_share;
    SimTime comes_back_after;
} UsersSpec;

/* What one resolver has cached. */
typedef struct {
    NameAnswer answer;
    SimTime expires;
    bool stretches; /* keeps what it has for longer than it may */
    uint32_t asked; /* questions to the authority so far: numbers their draws, apart from other resolvers' */
} Cache;

typedef struct {
    ComponentId name; /* the first step behind the population */
    PlaceId place;
    Stream asking; /* draws of the resolvers' questions */
    Cache *caches;
} UsersState;

static const Field stretching_fields[] = {
    FIELD_SHARE(Stretching, share, "0 %", "share of the resolvers that do (measured: 8.74 %)",
                "assumption: all keep to the time to live; Bhowmick et al., PAM 2023, found 8.74 % that do not"),
    FIELD_TIME(Stretching, to, "1 h", "how long they keep an answer at least", NULL),
    FIELD_END,
};

static const Field users_fields[] = {
    FIELD_COUNT(UsersSpec, resolvers, "50", "1", "1000000", "resolvers that the users share, each with its own cache",
                NULL),
    FIELD_GROUP(UsersSpec, stretching, stretching_fields, "resolvers that keep answers for longer than they may"),
    FIELD_LAW(UsersSpec, lasting, "exponential(180 s)", "how long a session lasts", NULL),
    FIELD_LAW(UsersSpec, think, "exponential(18 s)", "pause between an answer and the next request", NULL),
    FIELD_TIME(UsersSpec, timeout, "4 s", "how long a client waits for an answer",
               "AWS Route 53: TCP connect within 4 s; taken for clients too"),
    FIELD_COUNT(UsersSpec, retries, "3", "0", "20", "further attempts after a failed one", NULL),
    FIELD_TIME(UsersSpec, backoff, "1 s",
               "wait before the first retry; doubles each time, and is drawn from half to all of it", NULL),
    FIELD_TIME(UsersSpec, patience, "30 s", "from the first attempt of a request until the user gives up", NULL),
    FIELD_SHARE(UsersSpec, write_share, "10 %", "share of requests that write", NULL),
    FIELD_SHARE(UsersSpec, comes_back, "100 %", "chance that a user who gave up starts a new session", NULL),
    FIELD_TIME(UsersSpec, comes_back_after, "60 s", "when that new session starts", NULL),
    FIELD_SHARE(UsersSpec, hostile_share, "0 %", "share of sessions that are tagged as attacks", NULL),
    FIELD_END,
};

static void users_check(const void *spec, const char *name, Mark mark, Diagnostics *diagnostics) {
    const UsersSpec *users = spec;
    if (simtime_before(users->patience, users->timeout))
        diag_warning(diagnostics, mark, "raise patience or lower timeout",
                     "%s: patience is shorter than one timeout, so no attempt is ever repeated", name);
}

/* How long this resolver keeps what it was told. */
static SimTime resolver_keeps(const UsersSpec *spec, const Cache *cache) {
    SimTime ttl = cache->answer.any ? cache->answer.ttl : SIMTIME_ZERO;
    return cache->stretches && cache->answer.any ? simtime_max(ttl, spec->stretching.to) : ttl;
}

/* The resolver's answer, from its cache or from the authority. Reports the refresh when it now means something else. */
static NameAnswer resolver_ask(Ctx *cx, uint32_t resolver) {
    UsersState *state = cx->state;
    Cache *cache = &state->caches[resolver];
    if (simtime_before(cx->now, cache->expires))
        return cache->answer;
    ComponentId before = cache->answer.target;
    Draw luck = stream_draw(&state->asking, ((uint64_t)resolver << 32) | cache->asked++);
    if (!ctx_forged(cx, state->name, resolver, &cache->answer))
        cache->answer = ctx_resolve(cx, state->name, state->place, &luck);
    cache->expires = simtime_add(cx->now, resolver_keeps(cx->spec, cache));
    if (cache->answer.any && cache->answer.target != before)
        ctx_note(cx,
                 (Fact){.kind = FACT_REFRESHED, .unit = NO_UNIT, .other = cache->answer.target, .amount = resolver});
    return cache->answer;
}

/* Caches are as if the population had been there for ever: each expires at its own random time. */
static void users_start(Ctx *cx) {
    const UsersSpec *spec = cx->spec;
    UsersState *state = cx->state;
    const ComponentId *targets;
    uint32_t count = ctx_targets(cx, &targets);
    state->name = count ? targets[0] : NO_COMPONENT;
    state->place = ctx_place(cx, cx->self);
    state->asking = ctx_stream(cx, "resolver");
    state->caches = g_new0(Cache, (gsize)spec->resolvers);
    Stream phase = ctx_stream(cx, "cache age"), stretching = ctx_stream(cx, "stretching");
    for (uint32_t r = 0; r < spec->resolvers && state->name != NO_COMPONENT; r++) {
        Draw luck = stream_draw(&phase, r);
        NameAnswer answer = ctx_resolve(cx, state->name, state->place, &luck);
        Draw habit = stream_draw(&stretching, r);
        state->caches[r] = (Cache){.answer = answer, .stretches = draw_chance(&habit, spec->stretching.share)};
        SimTime left = resolver_keeps(spec, &state->caches[r]);
        if (!simtime_is_never(left))
            left.ns = (int64_t)(draw_unit(&luck) * (double)left.ns);
        state->caches[r].expires = left;
    }
}

static void users_end(Ctx *cx) { g_free(((UsersState *)cx->state)->caches); }

/* Connect to what the name means now, or report that it means nothing. */
static bool users_connect(Ctx *cx, Session *session) {
    UsersState *state = cx->state;
    NameAnswer answer = {.target = NO_COMPONENT};
    if (state->name != NO_COMPONENT)
        answer = resolver_ask(cx, session->resolver);
    session->entry = answer.any ? answer.target : NO_COMPONENT;
    session->node = NO_UNIT;
    return answer.any;
}

/* The session breaks when the user knows of the last failure, not when his patience would have ended. */
static Visit users_give_up(const UsersSpec *spec, SimTime at, Cause cause, Draw *luck) {
    return (Visit){VISIT_BREAK, at, cause, draw_chance(luck, spec->comes_back)};
}

/* The backoff before retry number `tried` (from 0): doubled each time, drawn from half to all of it. */
static SimTime users_wait(const UsersSpec *spec, uint32_t tried, Draw *luck) {
    SimTime wait = spec->backoff;
    for (uint32_t i = 0; i < tried; i++)
        wait = simtime_add(wait, wait);
    wait.ns -= (int64_t)(0.5 * draw_unit(luck) * (double)wait.ns);
    return wait;
}

/* After a failure known at `at`: wait and try again, or give up. */
static Visit users_retry(Ctx *cx, Session *session, SimTime at, Cause cause, Draw *luck) {
    const UsersSpec *spec = cx->spec;
    uint32_t tried = session->attempt++;
    SimTime again = simtime_add(at, users_wait(spec, tried, luck));
    if (tried >= spec->retries || simtime_before(simtime_add(session->first_try, spec->patience), again))
        return users_give_up(spec, at, cause, luck);
    return (Visit){VISIT_WAIT, again, cause, false};
}

/* A wait is over, or a session begins: ask what the name means. No answer is a failure like any other. */
static Visit users_resume(Ctx *cx, Session *session, Draw *luck) {
    if (!users_connect(cx, session))
        return users_retry(cx, session, cx->now, CAUSE_NO_TARGET, luck);
    return (Visit){VISIT_SEND, cx->now, CAUSE_NONE, false};
}

/* One who comes back keeps his resolver and what was left of his time: at least one request. */
static Visit users_first(Ctx *cx, Session *session, Draw *luck) {
    const UsersSpec *spec = cx->spec;
    if (session->instead_of == UINT32_MAX) {
        session->resolver = (uint32_t)draw_below(luck, (uint64_t)spec->resolvers);
        session->ends = simtime_add(cx->now, law_sample(&spec->lasting, luck));
    }
    session->ends = simtime_max(session->ends, cx->now);
    session->first_try = cx->now;
    return users_resume(cx, session, luck);
}

/* A user leaves at his first pause beyond his time; a session whose state is gone, or which somebody
 * else has, cannot be saved by trying again. */
static Visit users_next(Ctx *cx, Session *session, const Answer *answer, Draw *luck) {
    const UsersSpec *spec = cx->spec;
    if (!answer->good && (answer->cause == CAUSE_STATE_GONE || answer->cause == CAUSE_HIJACKED))
        return users_give_up(spec, answer->at, answer->cause, luck);
    if (!answer->good)
        return users_retry(cx, session, answer->at, answer->cause, luck);
    session->attempt = 0;
    SimTime send = simtime_add(answer->at, law_sample(&spec->think, luck));
    if (!simtime_before(send, session->ends))
        return (Visit){VISIT_LEAVE, simtime_max(answer->at, session->ends), CAUSE_NONE, false};
    session->first_try = send;
    return (Visit){VISIT_SEND, send, CAUSE_NONE, false};
}

static SimTime users_timeout(const void *spec) { return ((const UsersSpec *)spec)->timeout; }
static SimTime users_mean_session(const void *spec) { return law_mean(&((const UsersSpec *)spec)->lasting); }
static int64_t users_write_share(const void *spec) { return ((const UsersSpec *)spec)->write_share; }
static int64_t users_hostile_share(const void *spec) { return ((const UsersSpec *)spec)->hostile_share; }
static SimTime users_returns_after(const void *spec) { return ((const UsersSpec *)spec)->comes_back_after; }

static const char *const users_shows[] = {"resolvers", "timeout", "patience", NULL};

const Kind kind_users = {
    .name = "users",
    .summary = "a population at a place: sessions, resolvers with caches, retries, patience",
    .role = ROLE_POPULATION,
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_ORIGINATES, .attachment = ATTACH_OUTSIDE},
    .fields = users_fields,
    .shows = users_shows,
    .spec_size = sizeof(UsersSpec),
    .state_size = sizeof(UsersState),
    .managed = true,
    .check = users_check,
    .start = users_start,
    .end = users_end,
    .first = users_first,
    .next = users_next,
    .resume = users_resume,
    .timeout = users_timeout,
    .mean_session = users_mean_session,
    .write_share = users_write_share,
    .hostile_share = users_hostile_share,
    .returns_after = users_returns_after,
};
