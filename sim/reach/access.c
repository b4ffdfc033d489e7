/* access.c - what a request for a service meets: first the network, then, by the door it came through, the policies. */
#include "reach/access.h"

#include "base/bug.h"
#include "reach/policy.h"
#include "reach/walk.h"

enum { API_PORT = 443 };

/* How a request got to a service. */
typedef struct {
    Verdict verdict;
    ComponentId endpoint; /* NO_COMPONENT: over the public address */
    uint32_t seen;        /* the party whose address the service sees */
} Arrival;

/* ---- the way -------------------------------------------------------------------------------------------------------
 */
/* The endpoint that stands for the service in the caller's network, if its name leads there. */
static const Endpoint *endpoint_of(const Model *model, ComponentId component) {
    for (uint32_t i = 0; i < model->endpoint_count; i++)
        if (model->endpoints[i].component == component)
            return &model->endpoints[i];
    return NULL;
}

/* What the hops of the way there say about who is seen at its end. */
static void arrival_read(const GArray *hops, uint32_t there, Arrival *arrival) {
    for (uint32_t i = 0; i < there; i++) {
        const HopRecord *hop = &g_array_index(hops, HopRecord, i);
        if (hop->kind == HOP_TRANSLATE)
            arrival->seen = hop->subject;
        else if (hop->kind == HOP_ENDPOINT)
            arrival->endpoint = hop->subject;
    }
}

/* What has interfaces in subnets of its own (a function) is not called there, but at its service's public address. */
static Query api_query(const Reach *reach, ClassId from, ComponentId service) {
    bool apart = reach->model->components[service].kind->passage.subnet_optional;
    return (Query){.from = from,
                   .to = apart ? CLASS_INTERNET : reach->first_class[service],
                   .protocol = PROTOCOL_TCP,
                   .port = API_PORT};
}

static Arrival arrive(const Reach *reach, const NetState *state, Query query) {
    Arrival arrival = {.endpoint = NO_COMPONENT, .seen = party_of_class(reach, query.from)};
    GArray *hops = g_array_new(FALSE, FALSE, sizeof(HopRecord));
    uint32_t there = 0;
    arrival.verdict = walk_query(reach, state, &query, hops, &there);
    arrival_read(hops, there, &arrival);
    g_array_free(hops, TRUE);
    return arrival;
}

/* ---- the request ---------------------------------------------------------------------------------------------------
 */
static uint32_t role_under(const Reach *reach, const AccessQuery *query) {
    if (query->role != ROLE_OWN)
        return query->role;
    return query->from == CLASS_INTERNET ? NO_ROLE
                                         : reach->model->policies.role_of[reach->classes[query->from].component];
}

/* Whoever leaves a site for the internet has the site's own public address. */
static uint32_t site_of(const Model *model, const Party *caller) {
    for (uint32_t i = 0; i < model->site_count; i++)
        if (model->sites[i].network == caller->network)
            return caller->network;
    return NO_NETWORK;
}

static PolicyRequest request_of(const Reach *reach, const AccessQuery *query, const Arrival *arrival) {
    static const Prefix some_public = {.family = 4};
    const Party *seen = &reach->parties[arrival->seen];
    PolicyRequest request = {.role = role_under(reach, query),
                             .service = query->service,
                             .action = query->action,
                             .assume = NO_ROLE,
                             .encrypted = !query->plain,
                             .seen = seen->id,
                             .site = site_of(reach->model, seen),
                             .endpoint = arrival->endpoint,
                             .network = NO_NETWORK,
                             .without = query->without};
    if (arrival->endpoint != NO_COMPONENT) {
        request.network = endpoint_of(reach->model, arrival->endpoint)->network;
        request.behind = &seen->address;
    } else {
        request.address = query->address.family != 0    ? &query->address
                          : seen->network != NO_NETWORK ? &some_public
                                                        : &seen->address;
    }
    return request;
}

static Access judged(const Reach *reach, const AccessQuery *query, const Arrival *arrival) {
    Access access = {.network = arrival->verdict,
                     .door = arrival->endpoint,
                     .role = role_under(reach, query),
                     .code = arrival->verdict.code,
                     .element = arrival->verdict.element};
    if (arrival->verdict.kind != VERDICT_REACH)
        return access;
    PolicyRequest request = request_of(reach, query, arrival);
    PolicyAnswer answer = policy_judge(reach->model, &request);
    access.allowed = answer.allowed;
    access.code = answer.code;
    access.element = answer.element;
    return access;
}

Access reach_access(const Reach *reach, const NetState *state, AccessQuery query) {
    Arrival arrival = arrive(reach, state, api_query(reach, query.from, query.service));
    return judged(reach, &query, &arrival);
}

/* A pattern without roles, and a service without a policy, leave policies out of the question. */
static bool policies_meant(const Model *model, ComponentId service) {
    return model->policies.role_count > 0 || model->policies.of_component[service].written;
}

/* A service of the provider, or one that has interfaces in subnets and is called there (a gateway). */
bool access_gates(const Reach *reach, ClassId to) {
    const Party *server = &reach->parties[party_of_class(reach, to)];
    if (server->component == NULL || server->component->kind->actions == NULL ||
        !policies_meant(reach->model, server->id))
        return false;
    return server->kind == PARTY_SERVICE ||
           (server->kind == PARTY_INSIDE && !server->component->kind->passage.subnet_optional);
}

/* The first action that is allowed speaks for all; when none is, the first one says why. */
Verdict access_gate(const Reach *reach, const NetState *state, const Query *query, Verdict verdict) {
    const Party *server = &reach->parties[party_of_class(reach, query->to)];
    if (verdict.kind != VERDICT_REACH || !access_gates(reach, query->to))
        return verdict;
    const KindAction *actions = server->component->kind->actions;
    Arrival arrival = arrive(reach, state, *query);
    Access first = {.allowed = false}, access = first;
    for (int action = 0; actions[action].name != NULL && !access.allowed; action++) {
        AccessQuery asked = {.from = query->from, .role = ROLE_OWN, .service = server->id, .action = action};
        access = judged(reach, &asked, &arrival);
        if (action == 0)
            first = access;
    }
    verdict.element = access.element;
    if (!access.allowed)
        verdict = (Verdict){.kind = VERDICT_DENY, .element = first.element, .code = first.code, .at = server->place};
    return verdict;
}

Access reach_assume(const Reach *reach, uint32_t role, uint32_t target, uint32_t without) {
    PolicyRequest request = {.role = role,
                             .service = NO_COMPONENT,
                             .assume = target,
                             .encrypted = true,
                             .seen = NO_COMPONENT,
                             .site = NO_NETWORK,
                             .endpoint = NO_COMPONENT,
                             .without = without};
    PolicyAnswer answer = policy_judge(reach->model, &request);
    return (Access){.allowed = answer.allowed,
                    .network = {.kind = VERDICT_REACH, .code = "", .at = NO_PLACE},
                    .door = NO_COMPONENT,
                    .role = role,
                    .code = answer.code,
                    .element = answer.element};
}

/* ---- everything ----------------------------------------------------------------------------------------------------
 */
static void accesses_from(const Reach *reach, const NetState *state, ClassId from, GArray *rows) {
    const Model *model = reach->model;
    for (ComponentId service = 0; service < model->component_count; service++) {
        const KindAction *actions = model->components[service].kind->actions;
        for (int action = 0; actions != NULL && actions[action].name != NULL; action++) {
            AccessRow row = {.query = {.from = from, .role = ROLE_OWN, .service = service, .action = action}};
            row.access = reach_access(reach, state, row.query);
            g_array_append_val(rows, row);
        }
    }
}

AccessRow *reach_accesses(const Reach *reach, const NetState *state, uint32_t *count) {
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(AccessRow));
    for (ClassId from = 0; from < reach->class_count; from++)
        if (reach->model->policies.role_of[reach->classes[from].component] != NO_ROLE)
            accesses_from(reach, state, from, rows);
    accesses_from(reach, state, CLASS_INTERNET, rows);
    *count = rows->len;
    return (AccessRow *)(void *)g_array_free(rows, FALSE);
}

char *access_text(const Reach *reach, const AccessQuery *query) {
    const Model *model = reach->model;
    uint32_t role = role_under(reach, query);
    char *from = reach_class_name(reach, query->from);
    char *text = g_strdup_printf("%s%s%s: %s of %s", from, role != NO_ROLE ? " as " : "",
                                 role != NO_ROLE ? model->policies.roles[role].name : "",
                                 model->components[query->service].kind->actions[query->action].name,
                                 model->components[query->service].name);
    g_free(from);
    return text;
}
