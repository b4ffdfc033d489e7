/* statements.c - reads the statements of a policy: what is allowed or denied, to whom, on what, and when. */
#include "model/statements.h"

#include <string.h>

static bool means_all(const char *text) {
    return strcmp(text, "*") == 0 || strcmp(text, "any") == 0 || strcmp(text, "anything") == 0;
}

/* --- actions ------------------------------------------------------------------------------------------------------ */

int kind_action(const Kind *kind, const char *name) {
    for (int i = 0; kind->actions != NULL && kind->actions[i].name != NULL; i++)
        if (strcmp(kind->actions[i].name, name) == 0)
            return i;
    return -1;
}

static const Kind *kind_with_actions(const Build *build, const char *name) {
    for (const Kind *const *kind = build->catalogue->kinds; *kind != NULL; kind++)
        if (strcmp((*kind)->name, name) == 0 && (*kind)->actions != NULL)
            return *kind;
    return NULL;
}

/* Outside a service's own policy an action must say whose it is. */
static bool complain_bare(Build *build, const char *text, Mark mark) {
    GString *whole = g_string_new(NULL);
    for (const Kind *const *each = build->catalogue->kinds; *each != NULL; each++)
        if (kind_action(*each, text) >= 0)
            g_string_append_printf(whole, "%s%s:%s", whole->len > 0 ? " or " : "write ", (*each)->name, text);
    bool found = whole->len > 0;
    if (found)
        complain(build, mark, whole->str, "'%s' does not say of which kind of service", text);
    g_string_free(whole, TRUE);
    return found;
}

static bool complain_action(Build *build, const Kind *kind, const char *text, Mark mark) {
    GPtrArray *names = g_ptr_array_new();
    for (const Kind *const *each = build->catalogue->kinds; *each != NULL; each++) {
        const KindAction *action = kind == NULL || kind == *each ? (*each)->actions : NULL;
        for (; action != NULL && action->name != NULL; action++)
            g_ptr_array_add(names,
                            (char *)(kind != NULL ? action->name : keep(build, "%s:%s", (*each)->name, action->name)));
    }
    complain_name(build, mark, text, names, kind != NULL ? keep(build, "actions of a %s", kind->name) : "actions",
                  "there is no action '%s'", text);
    return false;
}

/* "get" (of `kind`), "bucket:get", "bucket:*", "role:assume", "any". */
static bool action_read(Build *build, const Kind *kind, const char *text, Mark mark, Statement *statement,
                        GArray *actions) {
    const char *colon = strchr(text, ':');
    ActionSet set = {.kind = kind, .bits = EVERY_ACTION};
    if (colon == NULL && means_all(text)) {
        statement->assumes = true;
        set.kind = NULL;
    } else if (strcmp(text, "role:assume") == 0) {
        statement->assumes = true;
        return true;
    } else {
        char *prefix = colon != NULL ? g_strndup(text, (gsize)(colon - text)) : NULL;
        const char *verb = colon != NULL ? colon + 1 : text;
        if (prefix != NULL)
            set.kind = kind_with_actions(build, prefix);
        g_free(prefix);
        int index = set.kind != NULL ? kind_action(set.kind, verb) : -1;
        if (set.kind == NULL && colon == NULL && complain_bare(build, text, mark))
            return false;
        if (set.kind == NULL || (index < 0 && !means_all(verb)))
            return complain_action(build, colon != NULL ? NULL : kind, text, mark);
        if (index >= 0)
            set.bits = UINT64_C(1) << index;
    }
    g_array_append_val(actions, set);
    return true;
}

/* Bare actions are those of the one kind that all resources are of; NULL: there is none such. */
static const Kind *kind_of_resources(Build *build, const PolicyOwner *owner, const Node *on) {
    uint32_t count;
    const Node *const *items = items_of(build, on, "on", &count);
    const Kind *kind = NULL;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = items[i]->type == NODE_SCALAR ? items[i]->text : "";
        bool names = text[0] != '\0' && !means_all(text) && role_index(build, text) == NO_ROLE;
        ComponentId *found = NULL;
        uint32_t many = names ? names_find(build, owner->scope, text, 0, items[i]->mark, &found) : 0;
        for (uint32_t k = 0; k < many; k++) {
            const Kind *each = build->model->components[found[k]].kind;
            if (kind != NULL && kind != each)
                return NULL;
            kind = each;
        }
    }
    return kind != NULL && kind->actions != NULL ? kind : NULL;
}

static bool actions_read(Build *build, const PolicyOwner *owner, const Node *node, const Node *on,
                         Statement *statement) {
    const Kind *kind = owner->kind != NULL ? owner->kind : kind_of_resources(build, owner, on);
    uint32_t count;
    const Node *const *items = items_of(build, node, "actions", &count);
    GArray *actions = g_array_new(FALSE, FALSE, sizeof(ActionSet));
    bool good = count > 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], "an action");
        good = text != NULL && action_read(build, kind, text, items[i]->mark, statement, actions) && good;
    }
    statement->actions = keep_array(build, actions, &statement->action_count);
    return good;
}

/* --- principals --------------------------------------------------------------------------------------------------- */

uint32_t role_index(const Build *build, const char *name) {
    const PolicyBook *book = &build->model->policies;
    for (uint32_t i = 0; i < book->role_count; i++)
        if (strcmp(book->roles[i].name, name) == 0)
            return i;
    return NO_ROLE;
}

uint32_t account_index(const Build *build, const char *name) {
    const PolicyBook *book = &build->model->policies;
    for (uint32_t i = 0; i < book->account_count; i++)
        if (strcmp(book->accounts[i].name, name) == 0)
            return i;
    return NO_ACCOUNT;
}

static void principal_add(GArray *to, PrincipalKind kind, uint32_t id) {
    Principal principal = {kind, id};
    for (guint i = 0; i < to->len; i++) {
        const Principal *other = &g_array_index(to, Principal, i);
        if (other->kind == kind && other->id == id)
            return;
    }
    g_array_append_val(to, principal);
}

/* A component that is looked for under a plain name may have been meant for a role. */
static bool is_component(const Build *build, Scope scope, const char *text) {
    for (uint32_t i = 0; i < build->model->component_count; i++) {
        const Component *component = &build->model->components[i];
        bool near = component->stack == NULL || (scope.stack != NULL && strcmp(component->stack, scope.stack) == 0);
        if (near && strcmp(component->label, text) == 0)
            return true;
    }
    return strpbrk(text, ".[") != NULL;
}

static bool complain_principal(Build *build, const char *text, Mark mark) {
    const PolicyBook *book = &build->model->policies;
    GPtrArray *names = g_ptr_array_new();
    for (uint32_t i = 0; i < book->role_count; i++)
        if (!book->roles[i].implied)
            g_ptr_array_add(names, (char *)book->roles[i].name);
    for (uint32_t i = 0; i < book->account_count; i++)
        g_ptr_array_add(names, (char *)book->accounts[i].name);
    g_ptr_array_add(names, (char *)"anyone");
    complain_name(build, mark, text, names, "roles and accounts", "'%s' is no role, account or component", text);
    return false;
}

bool principal_read(Build *build, Scope scope, const char *text, Mark mark, GArray *to) {
    uint32_t role = role_index(build, text), account = account_index(build, text);
    if (strcmp(text, "anyone") == 0 || means_all(text)) {
        principal_add(to, PRINCIPAL_ANYONE, 0);
    } else if (role != NO_ROLE) {
        principal_add(to, PRINCIPAL_ROLE, role);
    } else if (account != NO_ACCOUNT) {
        principal_add(to, PRINCIPAL_ACCOUNT, account);
    } else if (has_failed(build, "role %s", text)) {
        return false;
    } else if (!is_component(build, scope, text)) {
        return complain_principal(build, text, mark);
    } else {
        ComponentId *found;
        uint32_t count = names_find(build, scope, text, 0, mark, &found);
        for (uint32_t i = 0; i < count; i++) {
            uint32_t held = build->model->policies.role_of[found[i]];
            if (held != NO_ROLE)
                principal_add(to, PRINCIPAL_ROLE, held);
            else
                complain(build, mark, "give it a role:, or use allow_from:",
                         "'%s' acts under no role, so nothing can be allowed to it", text);
        }
        return count > 0;
    }
    return true;
}

static bool to_read(Build *build, const PolicyOwner *owner, const Node *node, Statement *statement) {
    uint32_t count;
    const Node *const *items = items_of(build, node, "to", &count);
    GArray *to = g_array_new(FALSE, FALSE, sizeof(Principal));
    bool good = true;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], "a principal");
        good = text != NULL && principal_read(build, owner->scope, text, items[i]->mark, to) && good;
    }
    if (node == NULL)
        principal_add(to, PRINCIPAL_ANYONE, 0);
    statement->to = keep_array(build, to, &statement->to_count);
    return good;
}

/* --- resources ---------------------------------------------------------------------------------------------------- */

/* A thing without an API has nothing that could be allowed on it. */
static bool resource_read(Build *build, const PolicyOwner *owner, const char *text, Mark mark, GArray *on) {
    ComponentId *found;
    uint32_t count = names_find(build, owner->scope, text, 0, mark, &found);
    for (uint32_t i = 0; i < count; i++) {
        const Kind *kind = build->model->components[found[i]].kind;
        if (kind->actions == NULL) {
            complain(build, mark, "name a bucket, a queue or another service",
                     "'%s' is of kind %s, which has no API that a policy could speak of", text, kind->name);
            return false;
        }
    }
    if (count > 0)
        g_array_append_vals(on, found, count);
    return count > 0;
}

static bool on_read(Build *build, const PolicyOwner *owner, const Node *node, Statement *statement) {
    uint32_t count;
    const Node *const *items = items_of(build, node, "on", &count);
    GArray *on = g_array_new(FALSE, FALSE, sizeof(uint32_t)), *roles = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    bool good = true;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], "a resource");
        uint32_t role = text != NULL && statement->assumes ? role_index(build, text) : NO_ROLE;
        if (text != NULL && means_all(text))
            statement->on_anything = true;
        else if (role != NO_ROLE && !build->model->policies.roles[role].implied)
            g_array_append_val(roles, role);
        else
            good = text != NULL && resource_read(build, owner, text, items[i]->mark, on) && good;
    }
    g_array_sort(on, compare_ids);
    g_array_sort(roles, compare_ids);
    statement->on = keep_array(build, on, &statement->on_count);
    statement->on_roles = keep_array(build, roles, &statement->on_role_count);
    return good;
}

/* Who says what: a service's policy is about itself, a role's about everything it is given. */
static bool sides_read(Build *build, const PolicyOwner *owner, const StatementKeys *keys, const Node *map,
                       Statement *statement) {
    bool has_to = owner->of == POLICY_OF_SERVICE || owner->of == POLICY_OF_ENDPOINT, good = true;
    if (!has_to && keys->to != NULL) {
        complain(build, node_key_mark(map, "to"), "leave it out", "the %s is about its own principals", owner->name);
        good = false;
    }
    if (owner->of == POLICY_OF_SERVICE && keys->to == NULL) {
        complain(build, map->mark, "add to: ROLE, or to: anyone", "the statement does not say to whom");
        good = false;
    }
    if (owner->of == POLICY_OF_SERVICE && keys->on != NULL) {
        complain(build, node_key_mark(map, "on"), "leave it out", "the %s is about that service itself", owner->name);
        good = false;
    }
    if (owner->of == POLICY_OF_ROLE && keys->on == NULL) {
        complain(build, map->mark, "add on: COMPONENT, or on: anything", "the statement does not say on what");
        good = false;
    }
    if (keys->on == NULL)
        statement->on_anything = true;
    good = (!has_to || to_read(build, owner, keys->to, statement)) && good;
    return on_read(build, owner, keys->on, statement) && good;
}

/* --- conditions --------------------------------------------------------------------------------------------------- */

/* The values of one condition while they are read. */
typedef struct {
    GArray *ranges, *components, *networks;
} Values;

/* Names have neither slashes nor colons nor begin with a digit. */
static bool is_address(const char *text) { return strpbrk(text, "/:") != NULL || g_ascii_isdigit(text[0]); }

static bool range_read(Build *build, const Node *node, Values *values) {
    Prefix range = range_of(build, node, "an address");
    if (range.family != 0)
        g_array_append_val(values->ranges, range);
    return range.family != 0;
}

static bool endpoint_read(Build *build, Scope scope, const char *text, Mark mark, Values *values) {
    ComponentId *found;
    uint32_t count = names_find(build, scope, text, 0, mark, &found);
    for (uint32_t i = 0; i < count; i++) {
        if (build->model->components[found[i]].kind->passage.mode != PASSAGE_STANDS_FOR) {
            complain(build, mark, "name an endpoint", "'%s' is no endpoint, so nothing comes through it", text);
            return false;
        }
    }
    if (count > 0)
        g_array_append_vals(values->components, found, count);
    return count > 0;
}

/* A stack's name: its networks, within the stack its own copy's; a site's name. */
static uint32_t networks_meant(Build *build, Scope scope, const char *text, GPtrArray *names, GArray *found) {
    guint before = found->len;
    for (uint32_t i = 0; i < build->model->network_count; i++) {
        const Network *network = &build->model->networks[i];
        const char *name = network->stack != NULL ? network->stack : network->name;
        bool own = scope.stack != NULL && strcmp(scope.stack, text) == 0 && network->copy != NULL;
        g_ptr_array_add(names, (char *)name);
        if (strcmp(name, text) == 0 && (!own || strcmp(network->copy, scope.copy) == 0))
            g_array_append_val(found, i);
    }
    return found->len - before;
}

static bool network_read(Build *build, Scope scope, const char *text, Mark mark, Values *values) {
    GPtrArray *names = g_ptr_array_new();
    uint32_t count = networks_meant(build, scope, text, names, values->networks);
    if (count == 0)
        complain_name(build, mark, text, names, "networks", "there is no network of a stack or site '%s'", text);
    else
        g_ptr_array_free(names, TRUE);
    return count > 0;
}

/* A range; or by its name whoever has a public address: a site, a NAT gateway, a machine. */
static bool public_read(Build *build, Scope scope, const Node *node, Values *values) {
    if (is_address(node->text))
        return range_read(build, node, values);
    GPtrArray *names = g_ptr_array_new();
    uint32_t networks = networks_meant(build, scope, node->text, names, values->networks);
    g_ptr_array_free(names, TRUE);
    ComponentId *found = NULL;
    uint32_t count = networks == 0 ? names_find(build, scope, node->text, 0, node->mark, &found) : 0;
    if (count > 0)
        g_array_append_vals(values->components, found, count);
    return networks > 0 || count > 0;
}

static bool values_read(Build *build, const PolicyOwner *owner, const Node *node, StatementCondition *condition) {
    Values values = {g_array_new(FALSE, FALSE, sizeof(Prefix)), g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                     g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    uint32_t count;
    const Node *const *items = items_of(build, node, "a condition", &count);
    bool good = count > 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], "a condition");
        if (text == NULL)
            good = false;
        else if (condition->key == WHEN_SOURCE_IP)
            good = public_read(build, owner->scope, items[i], &values) && good;
        else if (condition->key == WHEN_VPC_SOURCE_IP)
            good = range_read(build, items[i], &values) && good;
        else if (condition->key == WHEN_SOURCE_ENDPOINT)
            good = endpoint_read(build, owner->scope, text, items[i]->mark, &values) && good;
        else
            good = network_read(build, owner->scope, text, items[i]->mark, &values) && good;
    }
    condition->ranges = keep_array(build, values.ranges, &condition->range_count);
    condition->components = keep_array(build, values.components, &condition->component_count);
    condition->networks = keep_array(build, values.networks, &condition->network_count);
    return good;
}

static bool when_read(Build *build, const PolicyOwner *owner, const Node *node, Statement *statement) {
    WhenKeys keys = {0};
    if (node == NULL)
        return true;
    if (!read_quietly(build, when_keys, node, "a condition", &keys))
        return false;
    const struct {
        const Node *node;
        WhenKey key;
        bool negated;
    } rows[] = {{keys.source_ip, WHEN_SOURCE_IP, false},
                {keys.not_source_ip, WHEN_SOURCE_IP, true},
                {keys.vpc_source_ip, WHEN_VPC_SOURCE_IP, false},
                {keys.not_vpc_source_ip, WHEN_VPC_SOURCE_IP, true},
                {keys.source_endpoint, WHEN_SOURCE_ENDPOINT, false},
                {keys.not_source_endpoint, WHEN_SOURCE_ENDPOINT, true},
                {keys.source_network, WHEN_SOURCE_NETWORK, false},
                {keys.not_source_network, WHEN_SOURCE_NETWORK, true},
                {keys.encrypted, WHEN_ENCRYPTED, false}};
    static const Field encrypted = {.name = "encrypted", .type = FIELD_TYPE_BOOL};
    GArray *when = g_array_new(FALSE, FALSE, sizeof(StatementCondition));
    bool good = true;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        StatementCondition condition = {.key = rows[i].key, .negated = rows[i].negated};
        if (rows[i].node == NULL)
            continue;
        if (condition.key == WHEN_ENCRYPTED)
            good = field_value(&encrypted, rows[i].node, build->tree, &condition.flag, build->diagnostics) && good;
        else
            good = values_read(build, owner, rows[i].node, &condition) && good;
        g_array_append_val(when, condition);
    }
    statement->when = keep_array(build, when, &statement->when_count);
    return good;
}

/* --- policies ----------------------------------------------------------------------------------------------------- */

static bool statement_read(Build *build, const PolicyOwner *owner, const Node *node, uint32_t number,
                           Statement *statement) {
    StatementKeys keys = {0};
    if (!read_quietly(build, statement_keys, node, "a statement", &keys))
        return false;
    *statement = (Statement){.allows = keys.allow != NULL, .mark = node->mark};
    if ((keys.allow != NULL) == (keys.deny != NULL)) {
        complain(build, node->mark, "write allow: get, or deny: any", "a statement either allows or denies");
        return false;
    }
    bool good = actions_read(build, owner, keys.allow != NULL ? keys.allow : keys.deny, keys.on, statement);
    good = sides_read(build, owner, &keys, node, statement) && good;
    good = when_read(build, owner, keys.when, statement) && good;
    char *actions = node_text(keys.allow != NULL ? keys.allow : keys.deny);
    statement->element = element_add(build, node->mark, "%s statement %u (%s %s)", owner->name, number,
                                     statement->allows ? "allow" : "deny", actions);
    g_free(actions);
    return good;
}

Policy policy_read(Build *build, const PolicyOwner *owner, const Node *node) {
    Policy policy = {.written = node != NULL};
    if (node == NULL)
        return policy;
    policy.element = element_add(build, node->mark, "%s: no statement allows it", owner->name);
    GArray *statements = g_array_new(FALSE, FALSE, sizeof(Statement));
    uint32_t count;
    const Node *const *items = list_of(build, node, "a policy", "write [{allow: get, to: ROLE}]", &count);
    for (uint32_t i = 0; i < count; i++) {
        Statement statement;
        if (!items[i]->broken && statement_read(build, owner, items[i], i + 1, &statement))
            g_array_append_val(statements, statement);
    }
    policy.statements = keep_array(build, statements, &policy.count);
    return policy;
}
