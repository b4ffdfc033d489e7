/* plain_policy.c - the evaluation of policies by the IAM user guide, read a second time and asked in plain steps. */
#include "tests/unit/reach/plain_policy.h"

#include <glib.h>

/* ---- one statement -------------------------------------------------------------------------------------------------
 */
static bool among(const uint32_t *ids, uint32_t count, uint32_t id) {
    bool found = false;
    while (count-- > 0)
        found = found || ids[count] == id;
    return found;
}

static bool covers(const Prefix *ranges, uint32_t count, const Prefix *address) {
    bool found = false;
    while (address != NULL && count-- > 0)
        found = found || (ranges[count].family == address->family && ranges[count].length <= address->length &&
                          prefix_overlaps(&ranges[count], address));
    return found;
}

/* Over the public address a request has a source address; through an endpoint it has all the others instead. */
static bool condition_is_met(const StatementCondition *c, const PolicyRequest *r) {
    bool through = r->endpoint != NO_COMPONENT, met = false;
    if (c->key == WHEN_ENCRYPTED)
        return r->encrypted == c->flag;
    if (c->key == WHEN_SOURCE_IP && !through)
        met = covers(c->ranges, c->range_count, r->address) ||
              (r->seen != NO_COMPONENT && among(c->components, c->component_count, r->seen)) ||
              among(c->networks, c->network_count, r->site);
    if (c->key == WHEN_VPC_SOURCE_IP && through)
        met = covers(c->ranges, c->range_count, r->behind);
    if (c->key == WHEN_SOURCE_ENDPOINT && through)
        met = among(c->components, c->component_count, r->endpoint);
    if (c->key == WHEN_SOURCE_NETWORK && through)
        met = among(c->networks, c->network_count, r->network);
    return met != c->negated;
}

static bool is_about(const Model *model, const Statement *s, const PolicyRequest *r) {
    if (r->assume != NO_ROLE)
        return s->assumes && (s->on_anything || among(s->on_roles, s->on_role_count, r->assume));
    bool does = false;
    for (uint32_t i = 0; i < s->action_count; i++)
        if (s->actions[i].kind == NULL || s->actions[i].kind == model->components[r->service].kind)
            does = does || (s->actions[i].bits & UINT64_C(1) << r->action) != 0;
    return does && (s->on_anything || among(s->on, s->on_count, r->service));
}

/* 0: not at all; 1: as one of an account; 2: by name; 3: like everybody. */
static int means_caller(const Model *model, const Principal *to, uint32_t count, uint32_t role) {
    int best = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (to[i].kind == PRINCIPAL_ANYONE)
            best = 3;
        if (role == NO_ROLE)
            continue;
        if (to[i].kind == PRINCIPAL_ROLE && to[i].id == role)
            best = MAX(best, 2);
        if (to[i].kind == PRINCIPAL_ACCOUNT && to[i].id == model->policies.roles[role].account)
            best = MAX(best, 1);
    }
    return best;
}

static int speaks_of(const Model *model, const Statement *s, const PolicyRequest *r) {
    if (r->without == s->element || !is_about(model, s, r))
        return 0;
    for (uint32_t i = 0; i < s->when_count; i++)
        if (!condition_is_met(&s->when[i], r))
            return 0;
    return s->to_count > 0 ? means_caller(model, s->to, s->to_count, r->role) : 3;
}

/* ---- a policy ------------------------------------------------------------------------------------------------------
 */
typedef struct {
    int how;
    uint32_t element;
} Voice;

/* Of the statements that allow (or deny) it the one that means the caller most directly, the first of them. */
static Voice voice(const Model *model, const Policy *policy, bool allows, const PolicyRequest *r) {
    Voice best = {0};
    for (int how = 3; how > 0 && best.how == 0; how--)
        for (uint32_t i = 0; policy != NULL && i < policy->count && best.how == 0; i++)
            if (policy->statements[i].allows == allows && speaks_of(model, &policy->statements[i], r) == how)
                best = (Voice){how, policy->statements[i].element};
    return best;
}

static bool lists_allowances(const Policy *policy) {
    for (uint32_t i = 0; policy != NULL && i < policy->count; i++)
        if (policy->statements[i].allows)
            return true;
    return false;
}

/* ---- all of them ---------------------------------------------------------------------------------------------------
 */
typedef struct {
    const Model *model;
    const PolicyRequest *r;
    const Role *role;
    const Policy *control, *service, *identity, *boundary, *session, *door;
} Papers;

static PolicyAnswer yes(uint32_t element) { return (PolicyAnswer){true, "", element}; }
/* Who is to blame: the policy, else whoever should have one. */
static PolicyAnswer no(const char *code, const Policy *policy, uint32_t owner) {
    return (PolicyAnswer){false, code, policy != NULL && policy->element != 0 ? policy->element : owner};
}

static Papers papers_of(const Model *model, const PolicyRequest *r) {
    const PolicyBook *book = &model->policies;
    Papers p = {.model = model, .r = r};
    if (r->assume == NO_ROLE)
        p.service = &book->of_component[r->service];
    if (r->endpoint != NO_COMPONENT && book->of_component[r->endpoint].written)
        p.door = &book->of_component[r->endpoint];
    if (r->role != NO_ROLE) {
        p.role = &book->roles[r->role];
        p.identity = &p.role->identity;
        p.boundary = p.role->boundary.written ? &p.role->boundary : NULL;
        p.session = p.role->session.written ? &p.role->session : NULL;
        if (p.role->account != NO_ACCOUNT && book->accounts[p.role->account].control.written)
            p.control = &book->accounts[p.role->account].control;
    }
    return p;
}

static bool limits(const Papers *p, PolicyAnswer *answer) {
    if (p->boundary != NULL && voice(p->model, p->boundary, true, p->r).how == 0)
        *answer = no("NOT_ALLOWED_BY_PERMISSIONS_BOUNDARY", p->boundary, p->role->element);
    else if (p->session != NULL && voice(p->model, p->session, true, p->r).how == 0)
        *answer = no("NOT_ALLOWED_BY_SESSION_POLICY", p->session, p->role->element);
    else
        return false;
    return true;
}

static bool refused_at_once(const Papers *p, PolicyAnswer *answer) {
    const struct {
        const Policy *policy;
        const char *code;
    } all[] = {{p->control, "DENIED_BY_SERVICE_CONTROL_POLICY"}, {p->service, "DENIED_BY_RESOURCE_POLICY"},
               {p->identity, "DENIED_BY_IDENTITY_POLICY"},       {p->boundary, "DENIED_BY_PERMISSIONS_BOUNDARY"},
               {p->session, "DENIED_BY_SESSION_POLICY"},         {p->door, "DENIED_BY_ENDPOINT_POLICY"}};
    uint32_t own = p->role != NULL ? p->role->element : 0;
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        Voice against = voice(p->model, all[i].policy, false, p->r);
        if (against.how > 0) {
            *answer = (PolicyAnswer){false, all[i].code, against.element};
            return true;
        }
    }
    if (p->door != NULL && voice(p->model, p->door, true, p->r).how == 0)
        *answer = no("NOT_ALLOWED_BY_ENDPOINT_POLICY", p->door, own);
    else if (lists_allowances(p->control) && voice(p->model, p->control, true, p->r).how == 0)
        *answer = no("NOT_ALLOWED_BY_SERVICE_CONTROL_POLICY", p->control, own);
    else
        return false;
    return true;
}

/* The other side: the service's policy, or the trust of the role that is to be taken on. */
static Voice other_side(const Papers *p) {
    if (p->r->assume == NO_ROLE)
        return voice(p->model, p->service, true, p->r);
    const Role *target = &p->model->policies.roles[p->r->assume];
    return (Voice){means_caller(p->model, target->trusted, target->trusted_count, p->r->role), target->element};
}

PolicyAnswer plain_judge(const Model *model, const PolicyRequest *r) {
    Papers p = papers_of(model, r);
    const PolicyBook *book = &model->policies;
    bool assumes = r->assume != NO_ROLE;
    PolicyAnswer answer = {0};
    if (refused_at_once(&p, &answer))
        return answer;
    Voice other = other_side(&p);
    uint32_t account = assumes ? book->roles[r->assume].account : book->account_of[r->service];
    bool at_home = p.role != NULL && p.role->account == account;
    PolicyAnswer silent = assumes
                              ? no("NOT_TRUSTED_BY_ROLE", NULL, book->roles[r->assume].element)
                              : no("NOT_ALLOWED_BY_RESOURCE_POLICY", p.service, model->components[r->service].element);
    if (p.role == NULL) /* nobody in particular: only what anyone may */
        return other.how == 3 ? yes(other.element) : silent;
    if (at_home && other.how == 3)
        return yes(other.element);
    if (at_home && other.how == 2)
        return limits(&p, &answer) ? answer : yes(other.element);
    if (other.how == 0 && (assumes || !at_home))
        return silent;
    Voice own = voice(model, p.identity, true, r);
    if (own.how == 0)
        return no("NOT_ALLOWED_BY_IDENTITY_POLICY", p.identity, p.role->element);
    return limits(&p, &answer) ? answer : yes(own.element);
}
