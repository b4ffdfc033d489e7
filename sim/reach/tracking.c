/* tracking.c - what filters remember of a connection, and what becomes of it when things change. */
#include "base/bug.h"
#include "reach/walk.h"

const char *tracking_name(TrackingKind kind) {
    static const char *const names[] = {"unfiltered", "tracked", "untracked"};
    BUG_IF((unsigned)kind >= G_N_ELEMENTS(names), "no such tracking");
    return names[kind];
}

static TrackingKind tracking_at(const Reach *reach, const NetState *state, uint32_t id, bool inbound,
                                const Query *query, Remembered remembered, const char **why) {
    const Party *party = &reach->parties[id];
    *why = "";
    if (party->network == NO_NETWORK)
        return TRACKING_NONE;
    const ProviderRules *rules = reach->rules[party->network];
    TrackingKind kind = TRACKING_TRACKED;
    if (rules->tracking != NULL)
        kind = rules->tracking(state, party, inbound, query, why);
    else
        *why = "every connection is";
    if (kind == TRACKING_NONE || !is_remembered(remembered, party))
        return kind;
    *why = remembered.why;
    return TRACKING_TRACKED;
}

Tracking reach_tracking(const Reach *reach, const NetState *state, Query query) {
    Tracking tracking = {.why_client = "", .why_server = ""};
    Remembered remembered;
    const Party *client = &reach->parties[party_of_class(reach, query.from)],
                *server = &reach->parties[party_of_class(reach, query.to)];
    if (overlay_between(reach, client, server) != NO_JOIN) /* filters see its tunnels only */
        return tracking;
    if (walk_remembered(reach, state, &query, &remembered).kind != VERDICT_REACH)
        return tracking;
    tracking.client =
        tracking_at(reach, state, party_of_class(reach, query.from), false, &query, remembered, &tracking.why_client);
    tracking.server =
        tracking_at(reach, state, party_of_class(reach, query.to), true, &query, remembered, &tracking.why_server);
    return tracking;
}

Verdict reach_survives(const Reach *reach, const NetState *before, const NetState *now, Query query) {
    Remembered remembered;
    if (walk_remembered(reach, before, &query, &remembered).kind != VERDICT_REACH)
        return reach_verdict(reach, now, query);
    return walk_established(reach, before, now, &query, remembered);
}
