/* trust.c - what a hop asks beside the network: sidecars that carry it, certificates that are good, tokens that are
 * held.
 *
 * Asked where the model has such things at all; elsewhere no hop comes here. A call between two that have an authority
 * is mutual TLS; one to a server that shows a certificate itself, and not by a sidecar, is looked at by any caller. All
 * of it is worked out for the instant of the call, so it holds for calls that lie ahead, until something changes. */
#include "world/state.h"

/* --- what the model says ------------------------------------------------------------------------------------------ */

static UnitId escort_of(const World *w, UnitId unit) { return w->model->trust.escort[unit]; }

static Escort escort_facts(const World *w, UnitId escort) {
    const Component *component = &w->model->components[w->briefs[escort].component];
    return component->kind->escorts(component->spec);
}

/* Who shows the certificate of that unit: its sidecar, or it itself. NO_UNIT: it has none. */
static UnitId shows_for(const World *w, UnitId unit) {
    const TrustBook *trust = &w->model->trust;
    UnitId escort = trust->escort[unit];
    if (escort != NO_UNIT && trust->authority[w->briefs[escort].component] != NO_COMPONENT)
        return escort;
    return trust->authority[w->briefs[unit].component] != NO_COMPONENT ? unit : NO_UNIT;
}

/* --- tokens ------------------------------------------------------------------------------------------------------- */

/* Draws of the person, not of this session: the steps far above those that sessions use. */
static Token token_of(World *w, const Slot *slot, ComponentId provider, SimTime at) {
    const Session *session = &slot->session;
    if (w->model->trust.stranger[population_of(slot)->component])
        return (Token){false, SIMTIME_ZERO};
    Bearer bearer = {stream_draw(&population_of(slot)->sessions, (uint64_t)session->person << 12), session->arrived,
                     at};
    bearer.luck.step = UINT64_C(1) << 62;
    return w->members[provider].kind->signs_in(world_ctx(w, provider), &bearer);
}

/* --- certificates ------------------------------------------------------------------------------------------------- */

static SimTime good_until(World *w, UnitId shows, SimTime at) {
    ComponentId authority = w->model->trust.authority[w->briefs[shows].component];
    if (!w->units[shows].condition.trusted)
        return SIMTIME_NS(INT64_MIN);
    return w->members[authority].kind->certifies(world_ctx(w, authority), shows, at);
}

/* When the connection that two sidecars use at `at` was made: each pair at a phase of its own. */
static SimTime connected_at(const World *w, UnitId from, UnitId to, SimTime keeps, SimTime at) {
    const Component *components = w->model->components;
    Stream phases =
        luck_stream(w->luck, components[w->briefs[from].component].name, components[w->briefs[to].component].name);
    Draw luck = stream_draw(&phases, (uint64_t)w->units[from].ordinal << 32 | w->units[to].ordinal);
    int64_t phase = (int64_t)(draw_unit(&luck) * (double)keeps.ns);
    return SIMTIME_NS(at.ns - (at.ns + phase) % keeps.ns);
}

/* Whose certificate is looked at in a call: of either end the unit that shows it, or NO_UNIT. */
typedef struct {
    UnitId client, server;
    bool kept; /* over a connection that two sidecars keep */
    bool bare; /* the client has to show one, and has none of that authority */
} Checks;

static Checks checks_of(const World *w, UnitId from, UnitId to) {
    const TrustBook *trust = &w->model->trust;
    ComponentId callee = w->briefs[to].component, demanded = trust->certificates_from[callee];
    UnitId client = shows_for(w, from), server = shows_for(w, to);
    bool mutual = client != NO_UNIT && server != NO_UNIT && !reach_disables_mtls(w->net, callee);
    bool demands = demanded != NO_COMPONENT;
    return (Checks){.client = mutual || demands ? client : NO_UNIT,
                    .server = mutual || server == to ? server : NO_UNIT,
                    .kept = mutual && client != from && server != to,
                    .bare =
                        demands && (client == NO_UNIT || trust->authority[w->briefs[client].component] != demanded)};
}

/* The one of the two whose certificate stands in the way; NO_UNIT: none does. */
static UnitId untrusted(World *w, UnitId from, UnitId to, SimTime at) {
    Checks checks = checks_of(w, from, to);
    if (checks.bare)
        return to;
    SimTime from_good = checks.client == NO_UNIT ? SIMTIME_NEVER : good_until(w, checks.client, at);
    SimTime to_good = checks.server == NO_UNIT ? SIMTIME_NEVER : good_until(w, checks.server, at);
    SimTime both = simtime_min(from_good, to_good);
    if (simtime_before(at, both))
        return NO_UNIT;
    SimTime keeps = checks.kept ? escort_facts(w, checks.client).keeps : SIMTIME_ZERO;
    if (keeps.ns > 0 && simtime_before(connected_at(w, checks.client, checks.server, keeps, at), both))
        return NO_UNIT;
    return simtime_before(to_good, from_good) ? checks.server : checks.client;
}

/* --- the hop ------------------------------------------------------------------------------------------------------ */

UnitId trust_down(const World *w, UnitId unit) {
    UnitId escort = w->model->trust.any ? escort_of(w, unit) : NO_UNIT;
    bool down = escort != NO_UNIT && w->units[escort].state != UNIT_ABSENT && !unit_works(&w->units[escort]);
    return down ? escort : NO_UNIT;
}

/* Whoever comes now, to the first of his calls. */
bool trust_lets_newcomer(World *w, UnitId from, UnitId to) {
    const TrustBook *trust = &w->model->trust;
    if (!trust->any)
        return true;
    SimTime now = clock_of(w);
    if (trust_down(w, from) != NO_UNIT || trust_down(w, to) != NO_UNIT || !w->units[to].condition.trusted ||
        untrusted(w, from, to, now) != NO_UNIT)
        return false;
    ComponentId provider = trust->tokens_from[w->briefs[to].component];
    Bearer newcomer = {{{0, 0}, 0, 0}, now, now};
    return provider == NO_COMPONENT || w->members[provider].kind->signs_in(world_ctx(w, provider), &newcomer).good;
}

SimTime trust_delay(World *w, const Slot *slot, UnitId from, UnitId to) {
    UnitId ends[] = {escort_of(w, from), escort_of(w, to)};
    SimTime delay = SIMTIME_ZERO;
    for (int i = 0; i < 2; i++) {
        if (ends[i] == NO_UNIT)
            continue;
        Escort escort = escort_facts(w, ends[i]);
        bool connects = i == 0 && escort.keeps.ns == 0 && shows_for(w, from) != NO_UNIT && shows_for(w, to) != NO_UNIT;
        delay = later(delay, escort.latency);
        if (connects)
            delay = later(delay, escort.handshake);
    }
    ComponentId provider = w->model->trust.tokens_from[w->briefs[to].component];
    if (provider != NO_COMPONENT && slot->session.requests == 0 && slot->session.attempt == 0)
        delay = later(delay, token_of(w, slot, provider, slot->sent).took);
    return delay;
}

Refusal trust_refuses(World *w, const Slot *slot, const Request *rq) {
    const TrustBook *trust = &w->model->trust;
    UnitId ends[] = {trust->any ? escort_of(w, rq->from) : NO_UNIT, trust->any ? escort_of(w, rq->unit) : NO_UNIT};
    for (int i = 0; i < 2; i++) {
        if (ends[i] == NO_UNIT || unit_works(&w->units[ends[i]]))
            continue;
        const UnitView *escort = &w->units[ends[i]];
        bool silent = escort->state == UNIT_SERVING && !escort->condition.refuses; /* else its socket is closed */
        return (Refusal){silent ? CAUSE_SILENT : CAUSE_REFUSED, ends[i]};
    }
    if (!w->units[rq->unit].condition.trusted)
        return (Refusal){CAUSE_UNTRUSTED, rq->unit};
    UnitId bad = trust->any ? untrusted(w, rq->from, rq->unit, rq->now) : NO_UNIT;
    if (bad != NO_UNIT)
        return (Refusal){CAUSE_UNTRUSTED, bad};
    ComponentId provider = trust->any ? trust->tokens_from[w->briefs[rq->unit].component] : NO_COMPONENT;
    if (provider != NO_COMPONENT && !token_of(w, slot, provider, rq->now).good)
        return (Refusal){CAUSE_UNTRUSTED, w->members[provider].first_unit};
    return (Refusal){CAUSE_NONE, NO_UNIT};
}
