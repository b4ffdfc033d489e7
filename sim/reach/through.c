/* through.c - a connection that something else opens for the client: a proxy for what it may reach, a bastion for those
 * who manage.
 *
 * Two connections, each with a verdict of its own: from the client to where it finds the relay, and from the relay to
 * the server. Any node of the relay will do. */
#include "reach/reach_private.h"

bool reach_relays(const Model *model, ComponentId component) {
    return model->components[component].kind->passage.relays;
}

static Verdict through_node(const Reach *reach, const NetState *state, const Query *query, ClassId relay, Query *leg) {
    *leg = reach_usual(reach, query->from, relay);
    Verdict verdict = reach_verdict(reach, state, *leg);
    if (verdict.kind != VERDICT_REACH)
        return verdict;
    *leg = *query;
    leg->from = relay;
    leg->client_port = 0;
    return reach_verdict(reach, state, *leg);
}

Verdict reach_through(const Reach *reach, const NetState *state, Query query, ComponentId relay, Query *leg) {
    Verdict first = {.kind = VERDICT_NO_ROUTE, .code = "UNASSOCIATED_COMPONENT", .at = NO_PLACE};
    bool any = false;
    *leg = query;
    for (ClassId node = 0; node < reach->class_count; node++) {
        if (reach->classes[node].component != relay || node == query.from || node == query.to)
            continue;
        Query decided;
        Verdict verdict = through_node(reach, state, &query, node, &decided);
        if (!any || verdict.kind == VERDICT_REACH) {
            *leg = decided;
            first = verdict;
        }
        any = true;
        if (verdict.kind == VERDICT_REACH)
            break;
    }
    return first;
}
