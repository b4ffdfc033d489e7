/* policy.c - evaluates policies in their order: explicit denials, then what must allow. */
#include "reach/policy.h"

typedef enum {
    TYPE_CONTROL,
    TYPE_SERVICE,
    TYPE_IDENTITY,
    TYPE_BOUNDARY,
    TYPE_SESSION,
    TYPE_ENDPOINT,
    TYPE_TRUST,
    POLICY_TYPES
} PolicyType;

static const struct {
    const char *denies, *silent;
} codes[POLICY_TYPES] = {
    [TYPE_CONTROL] = {"DENIED_BY_SERVICE_CONTROL_POLICY", "NOT_ALLOWED_BY_SERVICE_CONTROL_POLICY"},
    [TYPE_SERVICE] = {"DENIED_BY_RESOURCE_POLICY", "NOT_ALLOWED_BY_RESOURCE_POLICY"},
    [TYPE_IDENTITY] = {"DENIED_BY_IDENTITY_POLICY", "NOT_ALLOWED_BY_IDENTITY_POLICY"},
    [TYPE_BOUNDARY] = {"DENIED_BY_PERMISSIONS_BOUNDARY", "NOT_ALLOWED_BY_PERMISSIONS_BOUNDARY"},
    [TYPE_SESSION] = {"DENIED_BY_SESSION_POLICY", "NOT_ALLOWED_BY_SESSION_POLICY"},
    [TYPE_ENDPOINT] = {"DENIED_BY_ENDPOINT_POLICY", "NOT_ALLOWED_BY_ENDPOINT_POLICY"},
    [TYPE_TRUST] = {"NOT_TRUSTED_BY_ROLE", "NOT_TRUSTED_BY_ROLE"},
};

/* ---- matching a statement ------------------------------------------------------------------------------------------
 */
static bool holds_id(const uint32_t *ids, uint32_t count, uint32_t id) {
    for (uint32_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static bool in_ranges(const StatementCondition *condition, const Prefix *address) {
    for (uint32_t i = 0; i < condition->range_count; i++)
        if (prefix_contains(&condition->ranges[i], address))
            return true;
    return false;
}

/* Whether the request has such a value, and it is among those listed. */
static bool value_listed(const StatementCondition *condition, const PolicyRequest *request) {
    switch (condition->key) {
    case WHEN_SOURCE_IP:
        return request->address != NULL &&
               (in_ranges(condition, request->address) ||
                holds_id(condition->components, condition->component_count, request->seen) ||
                holds_id(condition->networks, condition->network_count, request->site));
    case WHEN_VPC_SOURCE_IP: return request->behind != NULL && in_ranges(condition, request->behind);
    case WHEN_SOURCE_ENDPOINT: return holds_id(condition->components, condition->component_count, request->endpoint);
    case WHEN_SOURCE_NETWORK:
        return request->endpoint != NO_COMPONENT &&
               holds_id(condition->networks, condition->network_count, request->network);
    case WHEN_ENCRYPTED: break;
    }
    return condition->flag == request->encrypted;
}

/* A value that the request has not is not listed: negated conditions hold then. */
static bool condition_holds(const StatementCondition *condition, const PolicyRequest *request) {
    return value_listed(condition, request) != condition->negated;
}

static bool action_matches(const Model *model, const Statement *statement, const PolicyRequest *request) {
    if (request->assume != NO_ROLE)
        return statement->assumes;
    const Kind *kind = model->components[request->service].kind;
    for (uint32_t i = 0; i < statement->action_count; i++) {
        const ActionSet *set = &statement->actions[i];
        if ((set->kind == NULL || set->kind == kind) && (set->bits >> request->action & 1))
            return true;
    }
    return false;
}

static bool resource_matches(const Statement *statement, const PolicyRequest *request) {
    if (statement->on_anything)
        return true;
    return request->assume != NO_ROLE ? holds_id(statement->on_roles, statement->on_role_count, request->assume)
                                      : holds_id(statement->on, statement->on_count, request->service);
}

/* How directly somebody is meant: an account only hands the question on to its own policies. */
typedef enum { MEANT_NOT, MEANT_ACCOUNT, MEANT_ROLE, MEANT_ANYONE } Meant;

static Meant principal_meant(const Model *model, const Principal *list, uint32_t count, uint32_t role) {
    Meant meant = MEANT_NOT;
    for (uint32_t i = 0; i < count; i++) {
        const Principal *principal = &list[i];
        Meant as = principal->kind == PRINCIPAL_ANYONE                          ? MEANT_ANYONE
                   : role == NO_ROLE                                            ? MEANT_NOT
                   : principal->kind == PRINCIPAL_ROLE && principal->id == role ? MEANT_ROLE
                   : principal->kind == PRINCIPAL_ACCOUNT && model->policies.roles[role].account == principal->id
                       ? MEANT_ACCOUNT
                       : MEANT_NOT;
        meant = MAX(meant, as);
    }
    return meant;
}

/* Policies of roles and accounts name nobody: they are about their own. */
static Meant statement_meant(const Model *model, const Statement *statement, const PolicyRequest *request) {
    if (statement->element == request->without || !action_matches(model, statement, request) ||
        !resource_matches(statement, request))
        return MEANT_NOT;
    Meant meant = statement->to_count == 0 ? MEANT_ANYONE
                                           : principal_meant(model, statement->to, statement->to_count, request->role);
    for (uint32_t i = 0; i < statement->when_count; i++)
        if (!condition_holds(&statement->when[i], request))
            meant = MEANT_NOT;
    return meant;
}

/* The statement that says so most directly, or NULL. */
static const Statement *policy_says(const Model *model, const Policy *policy, bool allows, const PolicyRequest *request,
                                    Meant *meant) {
    const Statement *found = NULL;
    *meant = MEANT_NOT;
    for (uint32_t i = 0; i < policy->count; i++) {
        const Statement *statement = &policy->statements[i];
        Meant as = statement->allows == allows ? statement_meant(model, statement, request) : MEANT_NOT;
        if (as > *meant) {
            *meant = as;
            found = statement;
        }
    }
    return found;
}

/* ---- the order -----------------------------------------------------------------------------------------------------
 */
typedef struct {
    const Model *model;
    const PolicyRequest *request;
    const Policy *policies[POLICY_TYPES]; /* NULL: does not apply */
    const Role *role;                     /* NULL: nobody in particular */
    PolicyAnswer answer;
} Court;

static void refuse(Court *court, PolicyType type, const Statement *statement) {
    const Policy *policy = court->policies[type];
    const PolicyRequest *request = court->request;
    uint32_t element = statement != NULL ? statement->element : policy != NULL ? policy->element : 0;
    if (element == 0)
        element = type == TYPE_SERVICE  ? court->model->components[request->service].element
                  : type == TYPE_TRUST  ? court->model->policies.roles[request->assume].element
                  : court->role != NULL ? court->role->element
                                        : 0;
    court->answer = (PolicyAnswer){false, statement != NULL ? codes[type].denies : codes[type].silent, element};
}

static void accept(Court *court, const Statement *statement) {
    court->answer = (PolicyAnswer){true, "", statement->element};
}

static void court_fill(Court *court) {
    const PolicyBook *book = &court->model->policies;
    const PolicyRequest *request = court->request;
    if (request->assume == NO_ROLE)
        court->policies[TYPE_SERVICE] = &book->of_component[request->service];
    if (request->endpoint != NO_COMPONENT && book->of_component[request->endpoint].written)
        court->policies[TYPE_ENDPOINT] = &book->of_component[request->endpoint];
    if (request->role == NO_ROLE)
        return;
    court->role = &book->roles[request->role];
    court->policies[TYPE_IDENTITY] = &court->role->identity;
    if (court->role->account != NO_ACCOUNT)
        court->policies[TYPE_CONTROL] = &book->accounts[court->role->account].control;
    if (court->role->boundary.written)
        court->policies[TYPE_BOUNDARY] = &court->role->boundary;
    if (court->role->session.written)
        court->policies[TYPE_SESSION] = &court->role->session;
}

static bool denied(Court *court) {
    for (int type = 0; type < POLICY_TYPES; type++) {
        Meant meant;
        const Statement *statement = court->policies[type] != NULL ? policy_says(court->model, court->policies[type],
                                                                                 false, court->request, &meant)
                                                                   : NULL;
        if (statement != NULL) {
            refuse(court, (PolicyType)type, statement);
            return true;
        }
    }
    return false;
}

/* A limit that is not there limits nothing. */
static bool within(Court *court, PolicyType type) {
    Meant meant;
    const Policy *policy = court->policies[type];
    if (policy == NULL || policy_says(court->model, policy, true, court->request, &meant) != NULL)
        return true;
    refuse(court, type, NULL);
    return false;
}

/* The policy that lets everything pass stays attached until somebody lists what is allowed (AWS Organizations guide,
 * deny lists and allow lists). */
static bool controlled(Court *court) {
    const Policy *policy = court->policies[TYPE_CONTROL];
    bool lists = false;
    for (uint32_t i = 0; policy != NULL && i < policy->count; i++)
        lists = lists || policy->statements[i].allows;
    return !lists || within(court, TYPE_CONTROL);
}

static void accept_within_limits(Court *court, const Statement *granted) {
    if (within(court, TYPE_BOUNDARY) && within(court, TYPE_SESSION))
        accept(court, granted);
}

/* The other side says how directly it means the caller: to anyone, to the role, or to its whole account. */
static void decide(Court *court, PolicyType side, const Statement *grant, Meant meant, bool same_account) {
    Meant unused;
    bool agrees = grant != NULL || (same_account && side != TYPE_TRUST); /* a role must trust explicitly */
    if (meant == MEANT_ANYONE && (court->role == NULL || same_account)) {
        accept(court, grant);
    } else if (court->role == NULL || !agrees) {
        refuse(court, side, NULL);
    } else if (same_account && meant == MEANT_ROLE) {
        accept_within_limits(court, grant);
    } else {
        const Statement *own = policy_says(court->model, court->policies[TYPE_IDENTITY], true, court->request, &unused);
        if (own != NULL)
            accept_within_limits(court, own);
        else
            refuse(court, TYPE_IDENTITY, NULL);
    }
}

static void judge_service(Court *court) {
    const PolicyBook *book = &court->model->policies;
    Meant meant;
    const Statement *grant = policy_says(court->model, court->policies[TYPE_SERVICE], true, court->request, &meant);
    bool same = court->role != NULL && court->role->account == book->account_of[court->request->service];
    decide(court, TYPE_SERVICE, grant, meant, same);
}

/* Trust is not a statement, but is read like one. */
static void judge_assume(Court *court) {
    const Role *target = &court->model->policies.roles[court->request->assume];
    Meant meant = principal_meant(court->model, target->trusted, target->trusted_count, court->request->role);
    const Statement trust = {.element = target->element};
    bool same = court->role != NULL && court->role->account == target->account;
    decide(court, TYPE_TRUST, meant != MEANT_NOT ? &trust : NULL, meant, same);
}

PolicyAnswer policy_judge(const Model *model, const PolicyRequest *request) {
    Court court = {.model = model, .request = request};
    court_fill(&court);
    if (!denied(&court) && within(&court, TYPE_ENDPOINT) && controlled(&court)) {
        if (request->assume != NO_ROLE)
            judge_assume(&court);
        else
            judge_service(&court);
    }
    return court.answer;
}
