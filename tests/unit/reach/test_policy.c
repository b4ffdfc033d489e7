/* test_policy.c - laws of policies, on random ones: a denial never allows, an allowance never denies, order and
 * duplicates say nothing; and what a plain reading of the rules says, written a second time. */
#include <string.h>

#include "base/luck.h"
#include "tests/unit/reach/plain_policy.h"

enum {
    SERVICES = 2,
    ROLES = 3,
    ACCOUNTS = 2,
    MOST = 4,
    LOTS = 4000,
    WHENS = 2,
    POLICIES = ACCOUNTS + 3 * ROLES + SERVICES + 1
};

static const KindAction actions[] = {{"get", ACTION_READS}, {"put", ACTION_WRITES}, {NULL, 0}};
static const Kind store = {.name = "store", .actions = actions}, shelf = {.name = "shelf", .actions = actions};

/* What one statement is made of. */
typedef struct {
    ActionSet sets[2];
    Principal principals[2];
    StatementCondition when[WHENS];
    uint32_t on[2], on_roles[1], components[WHENS][1], networks[WHENS][1];
} Parts;

/* A model that is nothing but its policies; the last component is an endpoint. */
typedef struct {
    Model model;
    Component components[SERVICES + 1];
    Account accounts[ACCOUNTS];
    Role roles[ROLES];
    Policy of_component[SERVICES + 1];
    uint32_t account_of[SERVICES + 1];
    Statement room[POLICIES][MOST + 2];
    Parts parts[POLICIES][MOST + 2];
    Principal trusted[ROLES][2];
    Policy *policies[POLICIES];
    uint32_t policy_count;
    Draw luck;
} World;

static uint32_t roll(World *w, uint32_t sides) { return (uint32_t)(draw_bits(&w->luck) % sides); }

/* Addresses in and beside one another; of the last nothing is known. */
static const Prefix addresses[] = {{0x0a000000, 8, 4},  {0x0a010000, 16, 4}, {0x0a010200, 24, 4},
                                   {0xcb007100, 24, 4}, {0xcb007180, 25, 4}, {0, 0, 4}};

static StatementCondition condition_random(World *w, Parts *parts, uint32_t at) {
    StatementCondition when = {.key = (WhenKey)roll(w, 5), .flag = roll(w, 2)};
    when.negated = when.key != WHEN_ENCRYPTED && roll(w, 3) == 0;
    when.ranges = (Prefix *)(uintptr_t)&addresses[roll(w, G_N_ELEMENTS(addresses))];
    when.range_count = roll(w, 3) > 0 && when.ranges != &addresses[G_N_ELEMENTS(addresses) - 1] ? 1 + roll(w, 2) : 0;
    parts->components[at][0] = roll(w, SERVICES + 1);
    parts->networks[at][0] = roll(w, 2);
    when.components = parts->components[at];
    when.networks = parts->networks[at];
    when.component_count = roll(w, 2);
    when.network_count = roll(w, 2);
    return when;
}

static Principal principal_random(World *w) {
    PrincipalKind kind = (PrincipalKind)roll(w, 3);
    return (Principal){kind, kind == PRINCIPAL_ROLE      ? roll(w, ROLES)
                             : kind == PRINCIPAL_ACCOUNT ? roll(w, ACCOUNTS)
                                                         : 0};
}

static Statement statement_random(World *w, uint32_t policy, uint32_t at, bool names) {
    static const uint64_t bits[] = {1, 2, EVERY_ACTION};
    static const Kind *const kinds[] = {&store, &store, &shelf, NULL};
    Parts *parts = &w->parts[policy][at];
    for (int i = 0; i < 2; i++) {
        parts->sets[i] = (ActionSet){kinds[roll(w, 4)], bits[roll(w, 3)]};
        parts->principals[i] = principal_random(w);
        parts->on[i] = roll(w, SERVICES);
    }
    parts->on_roles[0] = roll(w, ROLES);
    Statement statement = {.allows = roll(w, 6) > 0,
                           .assumes = roll(w, 3) > 0,
                           .actions = parts->sets,
                           .action_count = 1 + roll(w, 2),
                           .on_anything = names || roll(w, 2) == 0,
                           .on = parts->on,
                           .on_count = roll(w, 3),
                           .on_roles = parts->on_roles,
                           .on_role_count = roll(w, 2),
                           .when = parts->when,
                           .when_count = roll(w, 3) == 0 ? 1 + roll(w, WHENS) : 0,
                           .to = parts->principals,
                           .to_count = names ? 1 + roll(w, 2) : 0};
    statement.element = 100 + policy * (MOST + 2) + at;
    for (uint32_t i = 0; i < WHENS; i++)
        parts->when[i] = condition_random(w, parts, i);
    return statement;
}

/* Written in so many of six cases. */
static void policy_random(World *w, Policy *policy, bool names, uint32_t often) {
    uint32_t p = w->policy_count++;
    w->policies[p] = policy;
    *policy = (Policy){.written = roll(w, 6) < often, .statements = w->room[p]};
    policy->count = policy->written ? roll(w, MOST + 1) : 0;
    policy->element = policy->written && roll(w, 2) ? 50 + p : 0;
    for (uint32_t i = 0; i < policy->count; i++)
        policy->statements[i] = statement_random(w, p, i, names);
}

static uint32_t account_random(World *w) {
    uint32_t account = roll(w, 2 * ACCOUNTS + 1);
    return account < 2 * ACCOUNTS ? account % ACCOUNTS : NO_ACCOUNT;
}

static void role_random(World *w, uint32_t i) {
    Role *role = &w->roles[i];
    *role =
        (Role){.account = account_random(w), .element = 20 + i, .trusted = w->trusted[i], .trusted_count = roll(w, 3)};
    for (int k = 0; k < 2; k++)
        w->trusted[i][k] = principal_random(w);
    policy_random(w, &role->identity, false, 5);
    policy_random(w, &role->boundary, false, 2);
    policy_random(w, &role->session, false, 2);
}

static void world_random(World *w, uint64_t number) {
    Stream stream = luck_stream((Luck){7, 0}, "test", "policies");
    memset(w, 0, sizeof *w);
    w->luck = stream_draw(&stream, number);
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        policy_random(w, &w->accounts[i].control, false, 2);
    for (uint32_t i = 0; i < ROLES; i++)
        role_random(w, i);
    for (uint32_t i = 0; i <= SERVICES; i++) {
        w->components[i].kind = i == 1 ? &shelf : &store;
        w->components[i].element = 10 + i;
        w->account_of[i] = account_random(w);
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

/* Half of them come through the endpoint; some are about taking on a role. */
static PolicyRequest request_random(World *w) {
    uint32_t role = roll(w, ROLES + 1);
    bool through = roll(w, 2);
    const Prefix *address = &addresses[roll(w, G_N_ELEMENTS(addresses))];
    PolicyRequest request = {.role = role < ROLES ? role : NO_ROLE,
                             .service = roll(w, SERVICES),
                             .action = (int)roll(w, 2),
                             .assume = NO_ROLE,
                             .encrypted = roll(w, 3) > 0,
                             .address = through ? NULL : address,
                             .seen = roll(w, 2) ? roll(w, SERVICES) : NO_COMPONENT,
                             .site = roll(w, 2) ? roll(w, 2) : UINT32_MAX,
                             .endpoint = through ? SERVICES : NO_COMPONENT,
                             .network = through ? roll(w, 2) : UINT32_MAX,
                             .behind = through && roll(w, 4) > 0 ? address : NULL};
    if (roll(w, 4) == 0) /* nobody asks the network about that */
        request = (PolicyRequest){.role = request.role,
                                  .service = NO_COMPONENT,
                                  .assume = roll(w, ROLES),
                                  .encrypted = true,
                                  .seen = NO_COMPONENT,
                                  .site = UINT32_MAX,
                                  .endpoint = NO_COMPONENT};
    if (roll(w, 3) == 0)
        request.without = 100 + roll(w, POLICIES * (MOST + 2));
    return request;
}

/* Both readings agree, in what they name, too, and each answer is common. */
static void test_twice(void) {
    World w;
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint64_t lot = 0; lot < 10 * LOTS; lot++) {
        world_random(&w, lot);
        PolicyRequest request = request_random(&w);
        PolicyAnswer answer = policy_judge(&w.model, &request), plain = plain_judge(&w.model, &request);
        g_assert_cmpint(answer.allowed, ==, plain.allowed);
        g_assert_cmpstr(answer.code, ==, plain.code);
        g_assert_cmpuint(answer.element, ==, plain.element);
        uint32_t times = GPOINTER_TO_UINT(g_hash_table_lookup(seen, answer.code)) + 1;
        g_hash_table_insert(seen, (gpointer)(uintptr_t)answer.code, GUINT_TO_POINTER(times));
    }
    GHashTableIter iter;
    gpointer code, times;
    for (g_hash_table_iter_init(&iter, seen); g_hash_table_iter_next(&iter, &code, &times);) {
        g_test_message("%-40s %u", (const char *)code, GPOINTER_TO_UINT(times));
        g_assert_cmpuint(GPOINTER_TO_UINT(times), >, 50);
    }
    g_assert_cmpuint(g_hash_table_size(seen), ==, 14); /* allowed; six denials, seven silences */
    g_hash_table_destroy(seen);
}

/* ---- laws ---- */

static bool lists(const Policy *policy) {
    for (uint32_t i = 0; i < policy->count; i++)
        if (policy->statements[i].allows)
            return true;
    return false;
}

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
        bool opens_list = p < ACCOUNTS && !lists(policy), names = p >= w.policy_count - SERVICES - 1;
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
