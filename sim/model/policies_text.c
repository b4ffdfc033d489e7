/* policies_text.c - the model's policies as canonical text, for its digest. Nothing is said of what nobody wrote. */
#include <inttypes.h>

#include "model/statements.h"

static void ids_text(GString *out, const char *what, const uint32_t *ids, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        g_string_append_printf(out, " %s %" PRIu32, what, ids[i]);
}

static void principals_text(GString *out, const char *what, const Principal *principals, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        g_string_append_printf(out, " %s %d %" PRIu32, what, principals[i].kind, principals[i].id);
}

static void condition_text(GString *out, const StatementCondition *condition) {
    g_string_append_printf(out, " when %d %d %d", condition->key, condition->negated, condition->flag);
    for (uint32_t i = 0; i < condition->range_count; i++) {
        char *range = prefix_text(&condition->ranges[i]);
        g_string_append_printf(out, " %s", range);
        g_free(range);
    }
    ids_text(out, "component", condition->components, condition->component_count);
    ids_text(out, "network", condition->networks, condition->network_count);
}

static void policy_text(GString *out, const char *what, const char *name, const Policy *policy) {
    if (!policy->written)
        return;
    g_string_append_printf(out, "policy %s %s\n", what, name);
    for (uint32_t i = 0; i < policy->count; i++) {
        const Statement *statement = &policy->statements[i];
        g_string_append_printf(out, " %s assumes %d anything %d", statement->allows ? "allow" : "deny",
                               statement->assumes, statement->on_anything);
        for (uint32_t a = 0; a < statement->action_count; a++)
            g_string_append_printf(out, " action %s %" PRIx64,
                                   statement->actions[a].kind != NULL ? statement->actions[a].kind->name : "any",
                                   statement->actions[a].bits);
        principals_text(out, "to", statement->to, statement->to_count);
        ids_text(out, "on", statement->on, statement->on_count);
        ids_text(out, "role", statement->on_roles, statement->on_role_count);
        for (uint32_t c = 0; c < statement->when_count; c++)
            condition_text(out, &statement->when[c]);
        g_string_append_c(out, '\n');
    }
}

static void role_text(GString *out, const Role *role) {
    g_string_append_printf(out, "role %s account %" PRIu32, role->name, role->account);
    principals_text(out, "trusts", role->trusted, role->trusted_count);
    ids_text(out, "held by", role->holders, role->holder_count);
    g_string_append_c(out, '\n');
    policy_text(out, "identity", role->name, &role->identity);
    policy_text(out, "boundary", role->name, &role->boundary);
    policy_text(out, "session", role->name, &role->session);
}

void policies_digest(GString *out, const Model *model) {
    const PolicyBook *book = &model->policies;
    for (uint32_t i = 0; i < book->account_count; i++) {
        policy_text(out, "account", book->accounts[i].name, &book->accounts[i].control);
        if (book->accounts[i].limits.instances > 0)
            g_string_append_printf(out, "account %s instances %" PRId64 "\n", book->accounts[i].name,
                                   book->accounts[i].limits.instances);
    }
    for (uint32_t i = 0; i < book->role_count; i++)
        role_text(out, &book->roles[i]);
    for (ComponentId id = 0; id < model->component_count; id++) {
        policy_text(out, "component", model->components[id].name, &book->of_component[id]);
        if (book->keep_count[id] > 0 || book->image_of[id] != NO_COMPONENT || book->crown_jewel[id]) {
            g_string_append_printf(out, "in %s image %" PRIu32 " jewel %d", model->components[id].name,
                                   book->image_of[id], book->crown_jewel[id]);
            ids_text(out, "keeps", book->keeps[id], book->keep_count[id]);
            g_string_append_c(out, '\n');
        }
    }
}
