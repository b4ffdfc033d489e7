/* test_policy.c - laws of policies, on random ones: a denial never allows, an allowance never denies, order and
 * duplicates say nothing; and what a plain reading of the rules says, written a second time. */
#include <string.h>

#include "base/luck.h"
#include "reach/policy.h"

enum { SERVICES = 2, ROLES = 3, ACCOUNTS = 2, MOST = 4, LOTS = 4000 };

static const KindAction actions[] = {{"get", ACTION_READS}, {"put", ACTION_WRITES}, {NULL, 0}};
static const Kind store = {.name = "store", .actions = actions};

/* A model that is nothing but its policies; the last component is an endpoint. */
typedef struct {
    Model model;
    Component components[SERVICES + 1];
    Account accounts[ACCOUNTS];
    Role roles[ROLES];
    Policy of_component[SERVICES + 1];
    uint32_t account_of[SERVICES + 1];
    Statement room[ACCOUNTS + 3 * ROLES + SERVICES + 1][MOST + 1];
    ActionSet sets[ACCOUNTS + 3 * ROLES + SERVICES + 1][MOST + 1];
    Principal principals[ACCOUNTS + 3 * ROLES + SERVICES + 1][MOST + 1];
    Policy *policies[ACCOUNTS + 3 * ROLES + SERVICES + 1];
    uint32_t policy_count;
    Draw luck;
} World;

static uint32_t roll(World *w, uint32_t sides) { return (uint32_t)(draw_bits(&w->luck) % sides); }

static Statement statement_random(World *w, uint32_t policy, uint32_t at, bool names) {
    static const uint64_t bits[] = {1, 2, EVERY_ACTION};
    w->sets[policy][at] = (ActionSet){&store, bits[roll(w, 3)]};
    Statement statement = {.allows = roll(w, 6) > 0, .on_anything = true, .actions = &w->sets[policy][at]};
    statement.action_count = 1;
    statement.element = 1 + policy * (MOST + 1) + at;
    if (names) {
        PrincipalKind kind = (PrincipalKind)roll(w, 3);
        w->principals[policy][at] = (Principal){kind, kind == PRINCIPAL_ROLE      ? roll(w, ROLES)
                                                      : kind == PRINCIPAL_ACCOUNT ? roll(w, ACCOUNTS)
                                                                                  : 0};
        statement.to = &w->principals[policy][at];
        statement.to_count = 1;
    }
    return statement;
}

/* Written in so many of six cases. */
static void policy_random(World *w, Policy *policy, bool names, uint32_t often) {
    uint32_t p = w->policy_count++;
    w->policies[p] = policy;
    *policy = (Policy){.written = roll(w, 6) < often, .statements = w->room[p]};
    policy->count = policy->written ? roll(w, MOST + 1) : 0;
    for (uint32_t i = 0; i < policy->count; i++)
        policy->statements[i] = statement_random(w, p, i, names);
}

static void world_random(World *w, uint64_t number) {
    Stream stream = luck_stream((Luck){7, 0}, "test", "policies");
    memset(w, 0, sizeof *w);
    w->luck = stream_draw(&stream, number);
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        policy_random(w, &w->accounts[i].control, false, 2);
    for (uint32_t i = 0; i < ROLES; i++) {
        w->roles[i].account = roll(w, ACCOUNTS);
        policy_random(w, &w->roles[i].identity, false, 5);
        policy_random(w, &w->roles[i].boundary, false, 2);
        policy_random(w, &w->roles[i].session, false, 2);
    }
    for (uint32_t i = 0; i <= SERVICES; i++) {
        w->components[i].kind = &store;
        w->account_of[i] = roll(w, ACCOUNTS);
        policy_random(w, &w->of_component[i], true, 4);
    }
    w->model.components = w->components;
    w->model.component_count = SERVICES + 1;
    w->model.policies = (PolicyBook){.accounts = w->accounts,
                                     .account_count = ACCOUNTS,
                                     .roles = w->roles,
                                     .role_count = ROLES,
                                     .of_component = w->of_component,
                                     .account_of = w->account_of};
}

static PolicyRequest request_random(World *w) {
    uint32_t role = roll(w, ROLES + 1);
    return (PolicyRequest){.role = role < ROLES ? role : NO_ROLE,
                           .service = roll(w, SERVICES),
                           .action = (int)roll(w, 2),
                           .assume = NO_ROLE,
                           .encrypted = true,
                           .seen = NO_COMPONENT,
                           .site = UINT32_MAX,
                           .endpoint = roll(w, 2) ? SERVICES : NO_COMPONENT,
                           .network = UINT32_MAX};
}

/* ---- a second reading ---- */

static bool matches(const World *w, const Statement *s, const PolicyRequest *r) {
    bool named = s->to_count == 0;
    for (uint32_t i = 0; i < s->to_count; i++)
        named = s->to[i].kind == PRINCIPAL_ANYONE || (s->to[i].kind == PRINCIPAL_ROLE && s->to[i].id == r->role) ||
                (s->to[i].kind == PRINCIPAL_ACCOUNT && r->role != NO_ROLE && w->roles[r->role].account == s->to[i].id);
    return named && (s->actions[0].bits >> r->action & 1);
}

/* Is there a statement of that sort, to such a principal (-1: whoever)? */
static bool has(const World *w, const Policy *policy, const PolicyRequest *r, bool allows, int principal) {
    for (uint32_t i = 0; i < policy->count; i++) {
        const Statement *s = &policy->statements[i];
        if (s->allows == allows && matches(w, s, r) && (principal < 0 || (int)s->to[0].kind == principal))
            return true;
    }
    return false;
}

static bool lists_allowances(const Policy *policy) {
    for (uint32_t i = 0; i < policy->count; i++)
        if (policy->statements[i].allows)
            return true;
    return false;
}

static bool plainly_allowed(const World *w, const PolicyRequest *r) {
    const Policy *service = &w->of_component[r->service];
    const Role *role = r->role != NO_ROLE ? &w->roles[r->role] : NULL;
    const Policy *door = r->endpoint != NO_COMPONENT ? &w->of_component[r->endpoint] : NULL;
    const Policy *control = role ? &w->accounts[role->account].control : NULL;
    const Policy *all[] = {service,
                           door,
                           control,
                           role ? &role->identity : NULL,
                           role ? &role->boundary : NULL,
                           role ? &role->session : NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i] != NULL && has(w, all[i], r, false, -1))
            return false;
    if (door != NULL && door->written && !has(w, door, r, true, -1))
        return false;
    if (role == NULL)
        return has(w, service, r, true, PRINCIPAL_ANYONE);
    if (lists_allowances(control) && !has(w, control, r, true, -1))
        return false;
    bool within = (!role->boundary.written || has(w, &role->boundary, r, true, -1)) &&
                  (!role->session.written || has(w, &role->session, r, true, -1));
    bool own = has(w, &role->identity, r, true, -1) && within;
    if (role->account != w->account_of[r->service])
        return own && has(w, service, r, true, -1);
    return own || has(w, service, r, true, PRINCIPAL_ANYONE) || (has(w, service, r, true, PRINCIPAL_ROLE) && within);
}

/* Both readings agree, and both answers are common. */
static void test_twice(void) {
    World w;
    uint32_t allowed = 0;
    for (uint64_t lot = 0; lot < 10 * LOTS; lot++) {
        world_random(&w, lot);
        PolicyRequest request = request_random(&w);
        bool allows = policy_judge(&w.model, &request).allowed;
        g_assert_cmpint(allows, ==, plainly_allowed(&w, &request));
        allowed += allows;
    }
    g_assert_cmpuint(allowed, >, LOTS);
    g_assert_cmpuint(allowed, <, 9 * LOTS);
}

/* ---- laws ---- */

/* One more statement in a policy that is written. What lists no allowance lets everything pass, so its first one takes.
 */
static void test_one_more(void) {
    World w;
    for (uint64_t lot = 0; lot < LOTS; lot++) {
        world_random(&w, lot);
        PolicyRequest request = request_random(&w);
        bool before = policy_judge(&w.model, &request).allowed;
        uint32_t p = roll(&w, w.policy_count);
        Policy *policy = w.policies[p];
        bool opens_list = p < ACCOUNTS && !lists_allowances(policy), names = p >= w.policy_count - SERVICES - 1;
        if (!policy->written)
            continue;
        Statement more = statement_random(&w, p, policy->count, names);
        policy->statements[policy->count++] = more;
        bool after = policy_judge(&w.model, &request).allowed;
        if (more.allows && !opens_list)
            g_assert_true(after || !before);
        if (!more.allows)
            g_assert_true(before || !after);
    }
}

/* Statements backwards, and one of them twice. */
static void test_order(void) {
    World w;
    for (uint64_t lot = 0; lot < LOTS; lot++) {
        world_random(&w, lot);
        PolicyRequest request = request_random(&w);
        PolicyAnswer before = policy_judge(&w.model, &request);
        for (uint32_t p = 0; p < w.policy_count; p++) {
            Policy *policy = w.policies[p];
            for (uint32_t i = 0; i < policy->count / 2; i++) {
                Statement other = policy->statements[i];
                policy->statements[i] = policy->statements[policy->count - 1 - i];
                policy->statements[policy->count - 1 - i] = other;
            }
            if (policy->count > 0) {
                policy->statements[policy->count] = policy->statements[0];
                policy->count++;
            }
        }
        PolicyAnswer after = policy_judge(&w.model, &request);
        g_assert_cmpint(after.allowed, ==, before.allowed);
        g_assert_cmpstr(after.code, ==, before.code);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/twice", test_twice);
    g_test_add_func("/policy/one-more", test_one_more);
    g_test_add_func("/policy/order", test_order);
    return g_test_run();
}
