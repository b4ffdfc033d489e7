/* sidecar.c - a proxy beside each unit of the components that it stands `beside`: every call to them, and from them to
 * others, goes through it.
 *
 * Between two sidecars with an `authority` connections are mutual TLS: both certificates are looked at when one is
 * made. A call through a sidecar that is down fails; nothing goes past it. When its process crashes nothing listens,
 * until its liveness probe has failed often enough and it has been started again; one that crashes anew at each start
 * waits longer each time. A unit whose sidecar is down fails the health checks of balancers; a certificate that ran out
 * does not show there.
 *
 * Left out on purpose: ejection of bad peers, and a limit of its own to what it can carry. */
#include <glib.h>

#include "base/law.h"
#include "base/watch.h"
#include "contract/kind.h"

typedef struct {
    SimTime every, timeout;
    int64_t fail_after;
} Liveness;

typedef struct {
    SimTime latency, handshake, reconnect_after, backoff, longest_backoff;
    bool restarts;
    Law restart;
    Liveness liveness;
} SidecarSpec;

typedef struct {
    Watch watch;
    SimTime phase, backoff; /* backoff: before the next start, if this one ends at once */
    uint32_t crashes;
    bool down;    /* its process has ended */
    bool crashed; /* the condition, as last told */
} Proxy;

typedef struct {
    UnitId first;
    uint32_t count;
    Proxy *proxies;
    Stream restarts;
} SidecarState;

enum { TIMER_NOTICED, TIMER_RESTARTED };

#define KUBELET "Kubernetes: period 10 s, timeout 1 s, 3 failures (from memory)"
#define CRASH_LOOP "Kubernetes: back-off of a crash loop 10 s, doubled up to 5 min (from memory)"

static const Field liveness_fields[] = {
    FIELD_ROW(Liveness, every, FIELD_TYPE_TIME, "10 s", "1 ms", NULL, "time between two probes", KUBELET),
    FIELD_TIME(Liveness, timeout, "1 s", "how long a probe waits", KUBELET),
    FIELD_COUNT(Liveness, fail_after, "3", "1", "100", "failed probes in a row after which it is started again",
                KUBELET),
    FIELD_END,
};

static const Field sidecar_fields[] = {
    FIELD_TIME(SidecarSpec, latency, "1 ms", "what it adds to a call through it, there and back together",
               "assumption: Istio's published figures are of this order for two of them at their 90th percentile"),
    FIELD_TIME(SidecarSpec, handshake, "3 ms", "what mutual TLS adds to a call that makes a connection",
               "assumption: two round trips and some signatures"),
    FIELD_TIME(
        SidecarSpec, reconnect_after, "60 s",
        "how long two of them use one connection; 0 s makes one for each call. Its handshake is then too rare to "
        "count",
        "assumption"),
    FIELD_BOOL(SidecarSpec, restarts, "yes", "it is started again when its liveness probe fails", NULL),
    FIELD_GROUP(SidecarSpec, liveness, liveness_fields, "how its end is noticed"),
    FIELD_LAW(SidecarSpec, restart, "lognormal(median 2 s p95 5 s)", "from that to serving again", "assumption"),
    FIELD_TIME(SidecarSpec, backoff, "10 s", "further wait when it has ended at once again; doubles each time",
               CRASH_LOOP),
    FIELD_TIME(SidecarSpec, longest_backoff, "5 min", "and is never longer than this", CRASH_LOOP),
    FIELD_END,
};

static WatchPolicy liveness_of(const Ctx *cx) {
    const Liveness *liveness = &((const SidecarSpec *)cx->spec)->liveness;
    return (WatchPolicy){liveness->every, liveness->timeout, (uint32_t)liveness->fail_after, 1, false};
}

static SimTime restart_drawn(const Ctx *cx, const SidecarState *state, const Proxy *proxy) {
    uint64_t which = (uint64_t)(proxy - state->proxies);
    Draw luck = stream_draw(&state->restarts, which << 32 | proxy->crashes);
    return law_sample(&((const SidecarSpec *)cx->spec)->restart, &luck);
}

static void sidecar_start(Ctx *cx) {
    const SidecarSpec *spec = cx->spec;
    SidecarState *state = cx->state;
    Stream phases = ctx_stream(cx, "liveness phase");
    state->count = ctx_units(cx, cx->self, &state->first);
    state->proxies = g_new0(Proxy, state->count + 1);
    state->restarts = ctx_stream(cx, "restart");
    for (uint32_t p = 0; p < state->count; p++) {
        Draw luck = stream_draw(&phases, p);
        state->proxies[p] = (Proxy){.watch = watch_settled(true), .backoff = spec->backoff};
        state->proxies[p].phase = SIMTIME_NS((int64_t)(draw_unit(&luck) * (double)spec->liveness.every.ns));
    }
}

static void sidecar_end(Ctx *cx) { g_free(((SidecarState *)cx->state)->proxies); }

static UnitId unit_of(const SidecarState *state, const Proxy *proxy) {
    return state->first + (UnitId)(proxy - state->proxies);
}

/* It comes and goes with the unit beside which it stands. */
static bool proxy_is_there(const Ctx *cx, const SidecarState *state, const Proxy *proxy) {
    UnitState host = ctx_unit(cx, ctx_beside(cx, unit_of(state, proxy)))->state;
    return host == UNIT_SERVING || host == UNIT_BOOTING;
}

static void proxy_show(Ctx *cx, const SidecarState *state, const Proxy *proxy) {
    bool there = proxy_is_there(cx, state, proxy);
    ctx_set_state(cx, unit_of(state, proxy), !there ? UNIT_ABSENT : proxy->down ? UNIT_BOOTING : UNIT_SERVING);
}

static void proxy_ends(Ctx *cx, SidecarState *state, Proxy *proxy) {
    const SidecarSpec *spec = cx->spec;
    WatchPolicy policy = liveness_of(cx);
    uint32_t which = (uint32_t)(proxy - state->proxies);
    proxy->down = true;
    proxy->crashes++;
    proxy->backoff = spec->backoff;
    if (!spec->restarts)
        return;
    SimTime noticed = watch_tell(&proxy->watch, &policy, proxy->phase, false, false, cx->now);
    if (!simtime_is_never(noticed))
        ctx_timer(cx, noticed, TIMER_NOTICED, which);
}

static void sidecar_on_change(Ctx *cx) {
    SidecarState *state = cx->state;
    for (uint32_t p = 0; p < state->count; p++) {
        Proxy *proxy = &state->proxies[p];
        bool crashed = ctx_unit(cx, state->first + p)->condition.crashed;
        if (crashed && !proxy->crashed && !proxy->down && proxy_is_there(cx, state, proxy))
            proxy_ends(cx, state, proxy);
        proxy->crashed = crashed;
        proxy_show(cx, state, proxy);
    }
}

static void proxy_noticed(Ctx *cx, SidecarState *state, uint32_t which) {
    Proxy *proxy = &state->proxies[which];
    if (!proxy->down || !watch_notice(&proxy->watch, proxy->watch.generation))
        return;
    ctx_note(cx, (Fact){.kind = FACT_NOTICED, .unit = state->first + which, .other = NO_COMPONENT, .amount = 0});
    ctx_timer(cx, simtime_add(cx->now, restart_drawn(cx, state, proxy)), TIMER_RESTARTED, which);
}

/* What ended it may be there still: then it ends at once, and the next start waits. */
static void proxy_restarted(Ctx *cx, SidecarState *state, uint32_t which) {
    const SidecarSpec *spec = cx->spec;
    Proxy *proxy = &state->proxies[which];
    ctx_note(cx, (Fact){.kind = FACT_RESTARTED, .unit = state->first + which, .amount = proxy->crashed});
    if (proxy->crashed) {
        ctx_timer(cx, simtime_add(cx->now, proxy->backoff), TIMER_RESTARTED, which);
        proxy->backoff = simtime_min(simtime_add(proxy->backoff, proxy->backoff), spec->longest_backoff);
        return;
    }
    proxy->down = false;
    proxy->watch = watch_settled(true);
    proxy_show(cx, state, proxy);
}

static void sidecar_on_timer(Ctx *cx, uint32_t what, uint32_t subject) {
    if (what == TIMER_NOTICED)
        proxy_noticed(cx, cx->state, subject);
    else
        proxy_restarted(cx, cx->state, subject);
}

static Escort sidecar_escorts(const void *spec) {
    const SidecarSpec *sidecar = spec;
    return (Escort){sidecar->latency, sidecar->handshake, sidecar->reconnect_after};
}

static const char *const sidecar_shows[] = {"latency", NULL};

const Kind kind_sidecar = {
    .name = "sidecar",
    .summary = "a proxy beside each unit of other components, through which all their calls go",
    .role = ROLE_STORE,
    .spread = SPREAD_BESIDE,
    .passage = {.mode = PASSAGE_ATTACHES, .attachment = ATTACH_NETWORK, .groups = GROUPS_NEVER},
    .fields = sidecar_fields,
    .shows = sidecar_shows,
    .symbol = "sidecar",
    .spec_size = sizeof(SidecarSpec),
    .state_size = sizeof(SidecarState),
    .restarts = true,
    .start = sidecar_start,
    .on_change = sidecar_on_change,
    .on_timer = sidecar_on_timer,
    .end = sidecar_end,
    .escorts = sidecar_escorts,
};
