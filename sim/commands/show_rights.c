/* show_rights.c - who may do what: accounts, roles and policies, statement by statement, for `faultline show`. */
#include "commands/print.h"
#include "commands/show.h"

static const int starts[] = {2, 21, 27};

/* ", " before all but the first. */
static void append_next(GString *out, gsize before, const char *text) {
    g_string_append_printf(out, "%s%s", out->len > before ? ", " : "", text);
}

/* A component of a stack that has one copy, without saying which. Allocated. */
static char *short_name(const Model *model, ComponentId id) {
    const Component *component = &model->components[id];
    return component->copy != NULL && component->peer_count == 1 ? show_without_copy(component->name, component->copy)
                                                                 : g_strdup(component->name);
}

static void append_component(GString *out, gsize before, const Model *model, ComponentId id) {
    char *name = short_name(model, id);
    append_next(out, before, name);
    g_free(name);
}

/* ---- a statement -------------------------------------------------------------------------------------------------
 */
static void actions_append(GString *out, const Statement *statement) {
    gsize before = out->len;
    for (uint32_t a = 0; a < statement->action_count; a++) {
        const ActionSet *set = &statement->actions[a];
        if (set->kind == NULL) {
            append_next(out, before, "any");
            continue;
        }
        uint64_t all = 0;
        for (int i = 0; set->kind->actions[i].name != NULL; i++)
            all |= (uint64_t)1 << i;
        for (int i = 0; set->kind->actions[i].name != NULL; i++) {
            bool every = (set->bits & all) == all;
            if ((set->bits >> i & 1) == 0 || (every && i > 0))
                continue;
            char *text = g_strdup_printf("%s:%s", set->kind->name, every ? "*" : set->kind->actions[i].name);
            append_next(out, before, text);
            g_free(text);
        }
    }
    bool any = statement->action_count > 0 && statement->actions[0].kind == NULL;
    if (statement->assumes && !any)
        append_next(out, before, "role:assume");
}

static void principals_append(GString *out, const Model *model, const Principal *principals, uint32_t count) {
    const PolicyBook *book = &model->policies;
    gsize before = out->len;
    for (uint32_t i = 0; i < count; i++) {
        const Principal *one = &principals[i];
        append_next(out, before,
                    one->kind == PRINCIPAL_ANYONE ? "anyone"
                    : one->kind == PRINCIPAL_ROLE ? book->roles[one->id].name
                                                  : book->accounts[one->id].name);
    }
}

static void things_append(GString *out, const Model *model, const Statement *statement) {
    gsize before = out->len;
    if (statement->on_anything)
        append_next(out, before, "anything");
    for (uint32_t i = 0; i < statement->on_count; i++)
        append_component(out, before, model, statement->on[i]);
    for (uint32_t i = 0; i < statement->on_role_count; i++)
        append_next(out, before, model->policies.roles[statement->on_roles[i]].name);
}

static void condition_append(GString *out, const Model *model, const StatementCondition *condition) {
    static const char *const keys[] = {[WHEN_SOURCE_IP] = "source_ip",
                                       [WHEN_VPC_SOURCE_IP] = "vpc_source_ip",
                                       [WHEN_SOURCE_ENDPOINT] = "source_endpoint",
                                       [WHEN_SOURCE_NETWORK] = "source_network",
                                       [WHEN_ENCRYPTED] = "encrypted"};
    g_string_append_printf(out, " when %s%s ", condition->negated ? "not_" : "", keys[condition->key]);
    gsize before = out->len;
    if (condition->key == WHEN_ENCRYPTED)
        append_next(out, before, condition->flag ? "yes" : "no");
    for (uint32_t i = 0; i < condition->range_count; i++) {
        char *range = prefix_text(&condition->ranges[i]);
        append_next(out, before, range);
        g_free(range);
    }
    for (uint32_t i = 0; i < condition->component_count; i++)
        append_component(out, before, model, condition->components[i]);
    for (uint32_t i = 0; i < condition->network_count; i++)
        append_next(out, before, model->networks[condition->networks[i]].name);
}

/* `of_service`: the service itself is what the statement is about. */
static char *statement_text(const Model *model, const Statement *statement, bool of_service) {
    GString *text = g_string_new(NULL);
    actions_append(text, statement);
    if (statement->to_count > 0) {
        g_string_append(text, " to ");
        principals_append(text, model, statement->to, statement->to_count);
    }
    if (!of_service) {
        g_string_append(text, " on ");
        things_append(text, model, statement);
    }
    for (uint32_t c = 0; c < statement->when_count; c++)
        condition_append(text, model, &statement->when[c]);
    return g_string_free(text, FALSE);
}

/* ---- policies ----------------------------------------------------------------------------------------------------
 */
static void policy(GString *out, const Model *model, const char *label, const Policy *policy, bool of_service,
                   int width) {
    for (uint32_t i = 0; i < policy->count; i++) {
        char *text = statement_text(model, &policy->statements[i], of_service);
        const char *cells[] = {i == 0 ? label : NULL, policy->statements[i].allows ? "allow" : "deny", text};
        print_row(out, cells, starts, 3, width);
        g_free(text);
    }
    if (policy->written && policy->count == 0) {
        const char *cells[] = {label, "allow", "nothing"};
        print_row(out, cells, starts, 3, width);
    }
}

/* Boundaries and sessions only take away: said as what they leave. */
static void limit(GString *out, const Model *model, const char *what, const Policy *its, int width) {
    static const int columns[] = {2, 21};
    if (!its->written)
        return;
    const char *cells[] = {NULL, what};
    print_row(out, cells, columns, 2, width);
    policy(out, model, NULL, its, false, width);
}

static char *standing_of(const Model *model, const Role *role) {
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "account %s", model->policies.accounts[role->account].name);
    gsize before = text->len;
    for (uint32_t i = 0; i < role->holder_count; i++) {
        char *name = short_name(model, role->holders[i]);
        g_string_append_printf(text, "%s%s", text->len > before ? ", " : "; held by ", name);
        g_free(name);
    }
    if (role->trusted_count > 0) {
        g_string_append(text, "; may be assumed by ");
        principals_append(text, model, role->trusted, role->trusted_count);
    }
    return g_string_free(text, FALSE);
}

static void roles(GString *out, const Model *model, int width) {
    static const char *const unwritten[] = {NULL, "no policy of its own: what those of services give it"};
    static const int columns[] = {2, 21};
    const PolicyBook *book = &model->policies;
    if (book->role_count > 0)
        print_heading(out, "ROLES");
    for (uint32_t r = 0; r < book->role_count; r++) {
        const Role *role = &book->roles[r];
        char *standing = standing_of(model, role);
        const char *cells[] = {role->name, standing};
        print_row(out, cells, columns, 2, width);
        policy(out, model, NULL, &role->identity, false, width);
        if (!role->identity.written)
            print_row(out, unwritten, columns, 2, width);
        limit(out, model, "within the boundary", &role->boundary, width);
        limit(out, model, "within the session", &role->session, width);
        g_free(standing);
    }
}

static void services(GString *out, const Model *model, int width) {
    const PolicyBook *book = &model->policies;
    bool any = false;
    for (ComponentId c = 0; c < model->component_count; c++) {
        const Component *component = &model->components[c];
        if (!book->of_component[c].written || component->peers[0] != c)
            continue;
        if (!any)
            print_heading(out, "POLICIES OF SERVICES AND ENDPOINTS");
        any = true;
        char *name =
            component->copy != NULL ? show_without_copy(component->name, component->copy) : g_strdup(component->name);
        policy(out, model, name, &book->of_component[c], component->kind->actions != NULL, width);
        g_free(name);
    }
}

static void accounts(GString *out, const Model *model, int width) {
    const PolicyBook *book = &model->policies;
    bool any = false;
    for (uint32_t a = 0; a < book->account_count; a++) {
        if (!book->accounts[a].control.written)
            continue;
        if (!any)
            print_heading(out, "SERVICE CONTROL POLICIES OF ACCOUNTS");
        any = true;
        policy(out, model, book->accounts[a].name, &book->accounts[a].control, false, width);
    }
}

void show_rights(GString *out, const Model *model, int width) {
    roles(out, model, width);
    services(out, model, width);
    accounts(out, model, width);
}
