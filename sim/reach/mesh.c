/* mesh.c - sidecars: whose identity is known, who must show one, and what authorisation policies say. */
#include "reach/workloads.h"

/* What is known of a request when it stands before a sidecar. */
typedef struct {
    const Walk *walk;
    const Party *server;
    ComponentId caller; /* whose certificate was shown; NO_COMPONENT: a plain connection */
    const Prefix *address;
    const char *method, *path;
} Call;

/* ---- who calls -----------------------------------------------------------------------------------------------------
 */
/* By port before the workload before its namespace before the mesh. *element: who says so. */
static MtlsMode mode_at(const Walk *walk, const Party *server, uint32_t *element) {
    const WorkloadBook *book = &walk->reach->model->book;
    const WorkloadsNow *now = &walk->state->workloads;
    const Workload *workload = &book->workloads[server->id];
    *element = workload->element;
    for (uint32_t i = 0; i < workload->port_mtls_count; i++)
        if (ports_contain(&workload->port_mtls[i].ports, (Protocol)walk->packet.protocol, walk->port))
            return workload->port_mtls[i].mode;
    if (now->workloads[server->id] != MTLS_UNSET)
        return (MtlsMode)now->workloads[server->id];
    *element = book->namespaces[workload->namespace].element;
    if (now->namespaces[workload->namespace] != MTLS_UNSET)
        return (MtlsMode)now->namespaces[workload->namespace];
    *element = book->meshes[workload->mesh].element;
    return (MtlsMode)now->meshes[workload->mesh];
}

/* A caller with a sidecar of the same mesh shows its certificate to whoever takes one. */
static ComponentId caller_of(const Walk *walk, const Party *server, MtlsMode mode) {
    const Party *client = walk_party(walk, walk->client);
    const Workload *own = workload_of(walk, client), *other = workload_of(walk, server);
    bool known = own != NULL && own->sidecar && own->mesh == other->mesh && mode != MTLS_DISABLE;
    return known ? client->id : NO_COMPONENT;
}

/* ---- one rule ------------------------------------------------------------------------------------------------------
 */
static bool are(const Callers *callers, ComponentId caller) {
    return caller != NO_COMPONENT && (callers->anyone || members_have(&callers->members, caller));
}

static bool callers_match(const AuthorizeRule *rule, const Call *call) {
    return (!rule->principals.written || are(&rule->principals, call->caller)) &&
           (!rule->namespaces.written || are(&rule->namespaces, call->caller)) &&
           !are(&rule->not_principals, call->caller) && !are(&rule->not_namespaces, call->caller);
}

static bool address_matches(const AuthorizeRule *rule, const Prefix *address) {
    for (uint32_t i = 0; i < rule->range_count; i++)
        if (prefix_contains(&rule->ranges[i], address))
            return true;
    return rule->range_count == 0;
}

static bool operation_matches(const AuthorizeRule *rule, const Call *call) {
    Protocol protocol = (Protocol)call->walk->packet.protocol;
    return (rule->ports.count == 0 || ports_contain(&rule->ports, protocol, call->walk->port)) &&
           !ports_contain(&rule->not_ports, protocol, call->walk->port) &&
           (rule->methods.count == 0 || texts_match(&rule->methods, call->method)) &&
           !texts_match(&rule->not_methods, call->method) &&
           (rule->paths.count == 0 || texts_match(&rule->paths, call->path)) &&
           !texts_match(&rule->not_paths, call->path);
}

/* The first that matches, or NULL. */
static const AuthorizeRule *rule_for(const AuthorizeRule *rules, uint32_t count, const Call *call) {
    for (uint32_t i = 0; i < count; i++)
        if (callers_match(&rules[i], call) && address_matches(&rules[i], call->address) &&
            operation_matches(&rules[i], call) && !netstate_workloads_taken(call->walk->state, rules[i].element))
            return &rules[i];
    return NULL;
}

/* ---- all policies of a workload ------------------------------------------------------------------------------------
 */
/* Whether the one that decides for a custom policy can be asked: over the network, and without asking him about that.
 */
static bool can_ask(const Call *call, const AuthorizationPolicy *policy) {
    const Reach *reach = call->walk->reach;
    uint32_t from = (uint32_t)(call->server - reach->parties);
    if (policy->asks.count == 0 || call->walk->asking)
        return true;
    for (uint32_t i = 0; i < policy->asks.count; i++) {
        ComponentId asked = policy->asks.ids[i];
        for (uint32_t c = reach->first_class[asked]; class_is_of(reach, c, asked); c++)
            if (walk_asking(reach, call->walk->state, reach_usual(reach, from, c)).kind == VERDICT_REACH)
                return true;
    }
    return false;
}

/* Whether the sidecar has the policy already. */
static bool is_there(const Call *call, const AuthorizationPolicy *policy) {
    PlaceId zone = model_enclosing(call->walk->reach->model, call->server->place, PLACE_ZONE);
    for (uint32_t i = 0; i < policy->zone_count; i++)
        if (policy->zones[i] == zone)
            return true;
    return policy->zone_count == 0;
}

/* Code and element of what denies; false: nothing does, and *element is the rule that allowed. */
static bool is_denied(const Call *call, const char **code, uint32_t *element) {
    const WorkloadBook *book = &call->walk->reach->model->book;
    const Workload *workload = &book->workloads[call->server->id];
    const AuthorizationPolicy *unmatched = NULL;
    *element = 0;
    for (uint32_t i = 0; i < workload->authorize_count; i++) { /* in the order of asking */
        const AuthorizationPolicy *policy = &book->authorizations[workload->authorizes[i]];
        if (!call->walk->state->workloads.authorizes[workload->authorizes[i]] || !is_there(call, policy))
            continue;
        const AuthorizeRule *rule = rule_for(policy->rules, policy->rule_count, call);
        const AuthorizeRule *refusal = NULL;
        bool custom = policy->action == AUTHORIZE_CUSTOM;
        if (policy->action == AUTHORIZE_ALLOW && rule != NULL) {
            *element = rule->element;
            return false;
        }
        if (policy->action == AUTHORIZE_ALLOW)
            unmatched = unmatched != NULL ? unmatched : policy;
        else if (rule != NULL && custom)
            refusal = can_ask(call, policy) ? rule_for(policy->refuses, policy->refuse_count, call) : rule;
        else
            refusal = rule;
        if (refusal != NULL) {
            *code = custom ? "AUTHORIZATION_POLICY_CUSTOM" : "AUTHORIZATION_POLICY_DENY";
            *element = refusal->element;
            return true;
        }
    }
    *code = "AUTHORIZATION_POLICY_NO_ALLOW";
    *element = unmatched != NULL ? unmatched->element : 0;
    return unmatched != NULL;
}

/* A question that names no method or path is about any request: one that passes is enough. Of texts that policies tell
 * apart each is tried, a beginning with something behind it, and one that no policy knows. */
static const char *text_at(const TextMatch *matches, uint32_t count, uint32_t i, char *longer, size_t size) {
    if (i == count)
        return "\x01";
    g_snprintf(longer, (gulong)size, "%s%s", matches[i].text, matches[i].prefix ? "\x01" : "");
    return longer;
}

enum { TEXT_MOST = 300 }; /* longer paths are cut off: a prefix is a path, too */

static bool is_denied_any(Call *call, const char **code, uint32_t *element) {
    const WorkloadBook *book = &call->walk->reach->model->book;
    char method[TEXT_MOST], path[TEXT_MOST];
    uint32_t methods = call->method != NULL ? 1 : book->method_count + 1,
             paths = call->path != NULL ? 1 : book->path_count + 1;
    Call asked = *call;
    bool denied = true;
    for (uint32_t m = methods; m-- > 0;) { /* one that nobody knows first: it decides most questions */
        if (call->method == NULL)
            asked.method = text_at(book->methods, book->method_count, m, method, sizeof method);
        for (uint32_t p = paths; denied && p-- > 0;) {
            if (call->path == NULL)
                asked.path = text_at(book->paths, book->path_count, p, path, sizeof path);
            const char *why = "";
            uint32_t who;
            denied = is_denied(&asked, &why, &who);
            if (!denied || (m == methods - 1 && p == paths - 1)) { /* the reason told is that of the first */
                *code = why;
                *element = who;
            }
        }
    }
    return denied;
}

/* A rule that lets it in, as only a question without any was given. */
static bool is_granted(const Walk *walk, const Party *server) {
    WorkloadsGrant grant = {.kind = GRANT_CALL,
                            .from = walk_party(walk, walk->client)->id,
                            .to = server->id,
                            .protocol = walk->packet.protocol,
                            .port = walk->port};
    return netstate_workloads_granted(walk->state, &grant);
}

static void refuse(Walk *walk, const char *code, uint32_t element, const Party *server) {
    walk_stop(walk, VERDICT_DENY, code, element, server->place);
    walk->verdict.heard = true;
}

/* ---- the sidecar ---------------------------------------------------------------------------------------------------
 */
bool mesh_lets_in(Walk *walk, uint32_t party) {
    const Party *server = walk_party(walk, party);
    const Workload *workload = workload_of(walk, server);
    if (!workload->sidecar)
        return true;
    uint32_t element;
    MtlsMode mode = mode_at(walk, server, &element);
    ComponentId caller = caller_of(walk, server, mode);
    if (mode == MTLS_STRICT && caller == NO_COMPONENT) {
        refuse(walk, "MTLS_REQUIRED", element, server);
        return false;
    }
    walk_hop(walk, caller != NO_COMPONENT ? HOP_IDENTITY : HOP_PLAIN, element, walk->client);
    Call call = {.walk = walk,
                 .server = server,
                 .caller = caller,
                 .address = walk_address(walk, walk->packet.from),
                 .method = walk->method,
                 .path = walk->path};
    const char *code = "";
    if (is_denied_any(&call, &code, &element) && !is_granted(walk, server)) {
        refuse(walk, code, element, server);
        return false;
    }
    walk->allowed_by = element != 0 ? element : walk->allowed_by;
    if (workload->authorize_count > 0)
        walk_hop(walk, HOP_AUTHORIZED, element, party);
    return true;
}
