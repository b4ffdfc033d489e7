/* policies.c - accounts, roles, which component acts under which role, and whose policy says what.
 *
 * A component acts under the role that it names, or else under the one role that trusts it. What `allow_from` means by
 * a component without a role is a role of its own name, which nobody wrote and which may do nothing else. Names of all
 * roles must be known before the first statement is read. */
#include "model/policies.h"

#include <string.h>

#include "model/statements.h"

typedef struct {
    Role role;
    const RoleKeys *keys; /* NULL: implied */
} RoleDraft;

/* --- accounts ----------------------------------------------------------------------------------------------------- */

static void account_add(GPtrArray *names, const char *name) {
    for (guint i = 0; i < names->len; i++)
        if (strcmp(names->pdata[i], name) == 0)
            return;
    g_ptr_array_add(names, (char *)name);
}

/* Those declared, those that stacks belong to, and `main`. */
static void accounts_collect(Build *build) {
    PolicyBook *book = &build->model->policies;
    GPtrArray *names = keys_of(build->pattern.accounts);
    account_add(names, "main");
    for (uint32_t i = 0; i < build->stack_count; i++)
        account_add(names, build->stacks[i].account);
    g_ptr_array_sort(names, compare_texts);
    book->account_count = names->len;
    book->accounts = tree_alloc(build->tree, names->len * sizeof *book->accounts);
    for (guint i = 0; i < names->len; i++)
        book->accounts[i] = (Account){.name = names->pdata[i], .mark = MARK_NONE};
    g_ptr_array_free(names, TRUE);
}

static void accounts_read(Build *build) {
    PolicyBook *book = &build->model->policies;
    for (uint32_t i = 0; i < book->account_count; i++) {
        Account *account = &book->accounts[i];
        const Node *node = node_get(build->pattern.accounts, account->name);
        AccountKeys keys = {0};
        if (node == NULL || node->type != NODE_MAP ||
            !read_quietly(build, account_keys, node, keep(build, "account %s", account->name), &keys))
            continue;
        account->mark = node->mark;
        PolicyOwner owner = {.of = POLICY_OF_ACCOUNT,
                             .name = keep(build, "service control policy of account %s", account->name)};
        account->control = policy_read(build, &owner, keys.service_control_policy);
        account->limits = keys.limits;
    }
}

/* Components of the edge say theirs; whoever stands at a site or is a user belongs to none. */
static uint32_t account_of(Build *build, ComponentId id) {
    const ComponentDraft *draft = &build->drafts[id];
    const PassageMode mode = draft->component.kind->passage.mode;
    const Attachment at = draft->component.kind->passage.attachment;
    if (draft->stack != NULL)
        return account_index(build, draft->stack->account);
    if (mode == PASSAGE_ORIGINATES || at == ATTACH_OUTSIDE || at == ATTACH_SITE || at == ATTACH_JOIN)
        return NO_ACCOUNT;
    return account_index(build, draft->keys->account != NULL ? draft->keys->account : "main");
}

/* --- the table of roles ------------------------------------------------------------------------------------------- */

static void roles_collect(Build *build, GArray *drafts) {
    uint32_t count;
    NodeEntry *entries = sorted_entries(build, build->pattern.roles, "roles", &count);
    for (uint32_t i = 0; i < count; i++) {
        RoleKeys *keys = tree_alloc(build->tree, sizeof *keys);
        const char *name = entries[i].key, *owner = keep(build, "role %s", name);
        if (!name_is_good(build, name, entries[i].mark, "a role") ||
            !read_keys(build, role_keys, entries[i].value, owner, keys)) {
            fail_name(build, "role %s", name);
            continue;
        }
        uint32_t account = account_index(build, keys->account);
        if (account == NO_ACCOUNT)
            complain_name(build, node_get(entries[i].value, "account")->mark, keys->account,
                          keys_of(build->pattern.accounts), "accounts declared", "there is no account '%s'",
                          keys->account);
        RoleDraft draft = {.role = {.name = name, .account = account, .mark = entries[i].mark}, .keys = keys};
        g_array_append_val(drafts, draft);
    }
}

/* "site.web": one role for all copies, as one launch template serves them. */
static const char *implied_name(Build *build, const Component *component) {
    return component->stack != NULL ? keep(build, "%s.%s", component->stack, component->label) : component->name;
}

static void imply(Build *build, ComponentId id, GArray *drafts) {
    const Component *component = &build->model->components[id];
    const char *name = implied_name(build, component);
    for (guint i = 0; i < drafts->len; i++)
        if (strcmp(g_array_index(drafts, RoleDraft, i).role.name, name) == 0)
            return;
    uint32_t account = build->model->policies.account_of[id];
    RoleDraft draft = {.role = {.name = name, .account = account, .implied = true, .mark = component->mark}};
    g_array_append_val(drafts, draft);
}

/* Components that some service's `allow_from` names and that have no role. */
static void implied_collect(Build *build, GArray *drafts) {
    for (ComponentId id = 0; id < build->model->component_count; id++) {
        const Component *component = &build->model->components[id];
        uint32_t count;
        const Node *const *items = items_of(build, build->drafts[id].keys->allow_from, "allow_from", &count);
        for (uint32_t i = 0; i < count && component->kind->actions != NULL; i++) {
            const char *text = scalar_of(build, items[i], "allow_from");
            Scope scope = {component->stack, component->copy};
            ComponentId *found;
            uint32_t many = text != NULL ? names_find(build, scope, text, 0, items[i]->mark, &found) : 0;
            for (uint32_t k = 0; k < many; k++)
                if (build->model->policies.role_of[found[k]] == NO_ROLE)
                    imply(build, found[k], drafts);
        }
    }
}

static int compare_roles(gconstpointer a, gconstpointer b) {
    return strcmp(((const RoleDraft *)a)->role.name, ((const RoleDraft *)b)->role.name);
}

static void roles_keep(Build *build, const GArray *drafts) {
    PolicyBook *book = &build->model->policies;
    book->role_count = drafts->len;
    book->roles = tree_alloc(build->tree, (drafts->len + 1) * sizeof *book->roles);
    for (guint i = 0; i < drafts->len; i++)
        book->roles[i] = g_array_index(drafts, RoleDraft, i).role;
}

/* --- who acts under which ----------------------------------------------------------------------------------------- */

/* Components among a role's `trusted_by`; the rest is for trust_read. */
static uint32_t trusted_components(Build *build, const Node *node, GArray *found) {
    uint32_t count;
    const Node *const *items = items_of(build, node, "trusted_by", &count);
    for (uint32_t i = 0; i < count; i++) {
        ComponentId *ids;
        const char *text = items[i]->type == NODE_SCALAR ? items[i]->text : "";
        uint32_t many = role_index(build, text) == NO_ROLE && account_index(build, text) == NO_ACCOUNT
                            ? model_find(build->model, text, &ids)
                            : 0;
        if (many > 0) {
            g_array_append_vals(found, ids, many);
            g_free(ids);
        }
    }
    return count;
}

static bool has_id(const GArray *ids, uint32_t id) {
    for (guint i = 0; i < ids->len; i++)
        if (g_array_index(ids, uint32_t, i) == id)
            return true;
    return false;
}

/* The one that it names, if that trusts it; a trust that nobody wrote is implied. */
static void role_named(Build *build, ComponentId id, const GArray *drafts) {
    const ComponentDraft *component = &build->drafts[id];
    const char *name = component->keys->role;
    uint32_t role = role_index(build, name);
    if (role == NO_ROLE && !has_failed(build, "role %s", name)) {
        complain_name(build, component->component.mark, name, keys_of(build->pattern.roles), "roles declared",
                      "'%s' acts under role '%s', which is not declared", component->component.label, name);
        return;
    }
    const RoleDraft *draft = role != NO_ROLE ? &g_array_index(drafts, RoleDraft, role) : NULL;
    if (draft != NULL && draft->keys != NULL && draft->keys->trusted_by != NULL) {
        GArray *trusted = g_array_new(FALSE, FALSE, sizeof(ComponentId));
        trusted_components(build, draft->keys->trusted_by, trusted);
        if (!has_id(trusted, id))
            complain(build, component->component.mark,
                     keep(build, "add %s to trusted_by of %s, or leave trusted_by out",
                          implied_name(build, &component->component), name),
                     "'%s' acts under role '%s', which does not trust it", component->component.label, name);
        g_array_free(trusted, TRUE);
    }
    build->model->policies.role_of[id] = role;
}

/* Without `role:` it is the one that trusts the component, if just one does. */
static void roles_by_trust(Build *build, const GArray *drafts) {
    PolicyBook *book = &build->model->policies;
    for (guint r = 0; r < drafts->len; r++) {
        const RoleDraft *draft = &g_array_index(drafts, RoleDraft, r);
        GArray *trusted = g_array_new(FALSE, FALSE, sizeof(ComponentId));
        trusted_components(build, draft->keys != NULL ? draft->keys->trusted_by : NULL, trusted);
        for (guint i = 0; i < trusted->len; i++) {
            ComponentId id = g_array_index(trusted, ComponentId, i);
            if (build->drafts[id].keys->role != NULL || book->role_of[id] == r)
                continue;
            if (book->role_of[id] != NO_ROLE)
                complain(build, build->model->components[id].mark,
                         "say role:", "'%s' is trusted by several roles and does not say under which it acts",
                         build->model->components[id].label);
            book->role_of[id] = r;
        }
        g_array_free(trusted, TRUE);
    }
}

static void roles_of_components(Build *build, const GArray *drafts) {
    PolicyBook *book = &build->model->policies;
    for (ComponentId id = 0; id < build->model->component_count; id++)
        if (build->drafts[id].keys->role != NULL)
            role_named(build, id, drafts);
    roles_by_trust(build, drafts);
    for (ComponentId id = 0; id < build->model->component_count; id++) {
        uint32_t own = role_index(build, implied_name(build, &build->model->components[id]));
        if (book->role_of[id] == NO_ROLE && own != NO_ROLE && book->roles[own].implied)
            book->role_of[id] = own;
    }
}

static void holders_find(Build *build) {
    PolicyBook *book = &build->model->policies;
    for (uint32_t r = 0; r < book->role_count; r++) {
        GArray *holders = g_array_new(FALSE, FALSE, sizeof(ComponentId));
        for (ComponentId id = 0; id < build->model->component_count; id++)
            if (book->role_of[id] == r)
                g_array_append_val(holders, id);
        book->roles[r].holders = keep_array(build, holders, &book->roles[r].holder_count);
    }
}

/* --- what roles may do -------------------------------------------------------------------------------------------- */

/* Components stand for the roles that they act under, so a role that they already act under need not be assumed. */
static void trust_read(Build *build, Role *role, const Node *node) {
    uint32_t count;
    const Node *const *items = items_of(build, node, "trusted_by", &count);
    GArray *trusted = g_array_new(FALSE, FALSE, sizeof(Principal));
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], "trusted_by");
        if (text != NULL)
            principal_read(build, (Scope){NULL, NULL}, text, items[i]->mark, trusted);
    }
    role->trusted = keep_array(build, trusted, &role->trusted_count);
}

static Policy role_policy(Build *build, const Role *role, const char *what, const Node *node) {
    PolicyOwner owner = {.of = POLICY_OF_ROLE, .name = keep(build, "%s of role %s", what, role->name)};
    return policy_read(build, &owner, node);
}

static void roles_read(Build *build, const GArray *drafts) {
    for (uint32_t r = 0; r < build->model->policies.role_count; r++) {
        Role *role = &build->model->policies.roles[r];
        const RoleKeys *keys = g_array_index(drafts, RoleDraft, r).keys;
        role->element = element_add(build, role->mark, role->implied ? "role of %s" : "role %s", role->name);
        if (keys == NULL)
            continue;
        role->identity = role_policy(build, role, "policy", keys->policy);
        role->boundary = role_policy(build, role, "permissions boundary", keys->permissions_boundary);
        role->session = role_policy(build, role, "session policy", keys->session_policy);
        trust_read(build, role, keys->trusted_by);
    }
}

/* --- policies of components --------------------------------------------------------------------------------------- */

/* `allow_from: web` reads as {allow: any, to: web}, with web's own role if it has none. */
static void allow_from_read(Build *build, ComponentId id, Policy *policy) {
    const Component *component = &build->model->components[id];
    uint32_t count;
    const Node *const *items = items_of(build, build->drafts[id].keys->allow_from, "allow_from", &count);
    if (count == 0)
        return;
    GArray *to = g_array_new(FALSE, FALSE, sizeof(Principal));
    Scope scope = {component->stack, component->copy};
    for (uint32_t i = 0; i < count; i++)
        if (items[i]->type == NODE_SCALAR)
            principal_read(build, scope, items[i]->text, items[i]->mark, to);
    Statement *statements = tree_alloc(build->tree, (policy->count + 1) * sizeof *statements);
    if (policy->count > 0)
        memcpy(statements, policy->statements, policy->count * sizeof *statements);
    Statement *added = &statements[policy->count++];
    char *text = node_text(build->drafts[id].keys->allow_from);
    *added = (Statement){.allows = true, .on_anything = true, .mark = items[0]->mark};
    added->element = element_add(build, items[0]->mark, "allow_from of %s (%s)", component->name, text);
    g_free(text);
    added->to = keep_array(build, to, &added->to_count);
    added->actions = tree_alloc(build->tree, sizeof *added->actions);
    added->actions[0] = (ActionSet){component->kind, EVERY_ACTION};
    added->action_count = 1;
    policy->statements = statements;
    policy->written = true;
    if (policy->element == 0)
        policy->element = added->element;
}

/* The word may be a kind's own: the policy of a name service is how it chooses. */
static bool means_another(const Kind *kind) {
    for (const Field *field = kind->fields; field != NULL && field->name != NULL; field++)
        if (strcmp(field->name, "policy") == 0)
            return true;
    return false;
}

static void component_policy(Build *build, ComponentId id) {
    const Component *component = &build->model->components[id];
    const ComponentKeys *keys = build->drafts[id].keys;
    if (means_another(component->kind))
        return;
    bool endpoint = component->kind->passage.mode == PASSAGE_STANDS_FOR, service = component->kind->actions != NULL;
    const Node *wrong = keys->policy != NULL && !endpoint && !service ? keys->policy
                        : keys->allow_from != NULL && !service        ? keys->allow_from
                                                                      : NULL;
    if (wrong != NULL) {
        complain(build, wrong->mark, "leave it out",
                 "'%s' is of kind %s, which has no API that a policy could speak of", component->label,
                 component->kind->name);
        return;
    }
    PolicyOwner owner = {.of = endpoint ? POLICY_OF_ENDPOINT : POLICY_OF_SERVICE,
                         .kind = service ? component->kind : NULL,
                         .scope = {component->stack, component->copy},
                         .name = keep(build, "policy of %s", component->name)};
    Policy *policy = &build->model->policies.of_component[id];
    *policy = policy_read(build, &owner, keys->policy);
    allow_from_read(build, id, policy);
    if (service && !policy->written)
        policy->element = element_add(build, component->mark, "%s, which has no policy", component->name);
}

/* --- what lies in components -------------------------------------------------------------------------------------- */

static void keeps_read(Build *build, ComponentId id) {
    PolicyBook *book = &build->model->policies;
    uint32_t count;
    const Node *const *items = items_of(build, build->drafts[id].keys->keeps, "keeps", &count);
    GArray *roles = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], "keeps");
        uint32_t role = text != NULL ? role_index(build, text) : NO_ROLE;
        if (role != NO_ROLE)
            g_array_append_val(roles, role);
        else if (text != NULL && !has_failed(build, "role %s", text))
            complain_name(build, items[i]->mark, text, keys_of(build->pattern.roles), "roles declared",
                          "'%s' keeps the credentials of role '%s', which is not declared",
                          build->model->components[id].label, text);
    }
    g_array_sort(roles, compare_ids);
    book->keeps[id] = keep_array(build, roles, &book->keep_count[id]);
}

static void image_read(Build *build, ComponentId id) {
    const Component *component = &build->model->components[id];
    const char *text = build->drafts[id].keys->image_from;
    ComponentId *found;
    if (text == NULL)
        return;
    if (names_find(build, (Scope){component->stack, component->copy}, text, 0, component->mark, &found) > 0)
        build->model->policies.image_of[id] = found[0];
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

static void book_init(Build *build) {
    PolicyBook *book = &build->model->policies;
    uint32_t count = build->model->component_count;
    book->of_component = tree_alloc(build->tree, (count + 1) * sizeof *book->of_component);
    book->role_of = tree_alloc(build->tree, (count + 1) * sizeof *book->role_of);
    book->account_of = tree_alloc(build->tree, (count + 1) * sizeof *book->account_of);
    book->keeps = tree_alloc(build->tree, (count + 1) * sizeof *book->keeps);
    book->keep_count = tree_alloc(build->tree, (count + 1) * sizeof *book->keep_count);
    book->image_of = tree_alloc(build->tree, (count + 1) * sizeof *book->image_of);
    book->crown_jewel = tree_alloc(build->tree, (count + 1) * sizeof *book->crown_jewel);
    for (ComponentId id = 0; id < count; id++) {
        book->role_of[id] = NO_ROLE;
        book->account_of[id] = account_of(build, id);
        book->image_of[id] = NO_COMPONENT;
        book->crown_jewel[id] = build->drafts[id].keys->crown_jewel;
    }
}

void policies_build(Build *build) {
    GArray *drafts = g_array_new(FALSE, FALSE, sizeof(RoleDraft));
    accounts_collect(build);
    book_init(build);
    roles_collect(build, drafts);
    roles_keep(build, drafts);
    roles_of_components(build, drafts);
    implied_collect(build, drafts);
    g_array_sort(drafts, compare_roles);
    roles_keep(build, drafts);
    for (ComponentId id = 0; id < build->model->component_count; id++)
        build->model->policies.role_of[id] = NO_ROLE;
    roles_of_components(build, drafts);
    holders_find(build);
    accounts_read(build);
    roles_read(build, drafts);
    for (ComponentId id = 0; id < build->model->component_count; id++) {
        component_policy(build, id);
        keeps_read(build, id);
        image_read(build, id);
    }
    g_array_free(drafts, TRUE);
}
