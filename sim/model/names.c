/* names.c - what a name as users write it means: bare = same copy; `site.web` = all copies; `site[eu-west-1].web` =
 * one. */
#include <string.h>

#include "model/build.h"

/* The characters of names; the same that name_is_good allows. */
static bool is_word(const char *text) {
    return text[0] != '\0' &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

/* "web" -> label; "site.web" -> stack, label; "site[c].web" -> all; "visitors[europe]" -> copy, label. Parts are
 * g_free'd. */
bool name_split(const char *text, char **stack, char **copy, char **label) {
    const char *bracket = strchr(text, '['), *close = bracket != NULL ? strchr(bracket, ']') : NULL;
    const char *dot = strchr(close != NULL ? close : text, '.');
    *stack = *copy = *label = NULL;
    bool good = (bracket == NULL) == (close == NULL);
    if (good && bracket != NULL) {
        *copy = g_strndup(bracket + 1, (gsize)(close - bracket - 1));
        good = close[1] == '\0' ? dot == NULL : close + 1 == dot;
        char *head = g_strndup(text, (gsize)(bracket - text));
        *(dot != NULL ? stack : label) = head;
    } else if (good && dot != NULL) {
        *stack = g_strndup(text, (gsize)(dot - text));
    }
    if (*label == NULL)
        *label = g_strdup(dot != NULL ? dot + 1 : text);
    good = good && is_word(*label) && (*stack == NULL || is_word(*stack)) && (*copy == NULL || is_word(*copy));
    if (!good) {
        g_clear_pointer(stack, g_free);
        g_clear_pointer(copy, g_free);
        g_clear_pointer(label, g_free);
    }
    return good;
}

bool name_means(const char *text, const char *name) {
    const char *bracket = strchr(name, '['), *close = strchr(name, ']');
    if (strcmp(text, name) == 0 || bracket == NULL || close == NULL)
        return strcmp(text, name) == 0;
    size_t head = (size_t)(bracket - name);
    return strncmp(text, name, head) == 0 && strcmp(text + head, close + 1) == 0;
}

typedef struct {
    char *stack, *copy, *label;
} Parts;

static void parts_clear(Parts *parts) {
    g_free(parts->stack);
    g_free(parts->copy);
    g_free(parts->label);
}

static bool same(const char *a, const char *b) { return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0); }

/* --- components --------------------------------------------------------------------------------------------------- */

/* A bare name inside a stack: the same copy. */
static bool in_scope(const Component *component, Scope scope, const char *label) {
    return scope.stack != NULL && same(component->stack, scope.stack) && same(component->copy, scope.copy) &&
           strcmp(component->label, label) == 0;
}

/* Without a copy all copies are meant; a population of several places has them as copies. */
static bool is_meant(const Component *component, const Parts *parts) {
    if (strcmp(component->label, parts->label) != 0 || !same(component->stack, parts->stack))
        return false;
    return parts->copy == NULL || same(component->copy, parts->copy);
}

/* What is near hides what is far: a bare name looks in its own copy first, then outside stacks. */
static void collect(const Model *model, Scope scope, const Parts *parts, GArray *found) {
    bool bare = parts->stack == NULL && parts->copy == NULL;
    for (ComponentId i = 0; bare && i < model->component_count; i++) {
        if (in_scope(&model->components[i], scope, parts->label))
            g_array_append_val(found, i);
    }
    bool here = found->len > 0;
    for (ComponentId i = 0; !here && i < model->component_count; i++) {
        if (is_meant(&model->components[i], parts))
            g_array_append_val(found, i);
    }
}

/* `users` in a flow: whoever there is. */
static void collect_users(const Model *model, GArray *found) {
    for (ComponentId i = 0; i < model->component_count; i++) {
        if (model->components[i].kind->role == ROLE_POPULATION)
            g_array_append_val(found, i);
    }
}

/* Every way to write a name that would have been understood here, for "did you mean". */
static GPtrArray *spellings(Build *build, Scope scope, int also) {
    GPtrArray *names = g_ptr_array_new();
    const Model *model = build->model;
    for (uint32_t i = 0; i < model->component_count; i++) {
        const Component *component = &model->components[i];
        if (component->stack == NULL) {
            g_ptr_array_add(names, (char *)component->label);
        } else if (component->peers[0] == i) { /* the first copy speaks for all */
            if (same(component->stack, scope.stack))
                g_ptr_array_add(names, (char *)component->label);
            g_ptr_array_add(names, (char *)keep(build, "%s.%s", component->stack, component->label));
        }
    }
    if (also & NAME_USERS)
        g_ptr_array_add(names, (char *)"users");
    if (also & NAME_INTERNET)
        g_ptr_array_add(names, (char *)"internet");
    return names;
}

/* A label that stands in one stack, said without the stack: too far apart for edit distance, but plain to us. */
static char *mend_component(Build *build, Scope scope, const char *text, const Parts *parts, int also) {
    const Model *model = build->model;
    for (uint32_t i = 0; parts->label != NULL && i < model->component_count; i++) {
        const Component *component = &model->components[i];
        if (component->stack == NULL || strcmp(component->label, parts->label) != 0)
            continue;
        if (parts->stack == NULL && parts->copy == NULL)
            return g_strdup_printf("from here it is '%s.%s' (all copies) or '%s'", component->stack, component->label,
                                   component->name);
        if (same(component->stack, parts->stack) && parts->copy != NULL)
            return g_strdup_printf("there is '%s', and %u more such", component->name, component->peer_count - 1);
    }
    GPtrArray *names = spellings(build, scope, also);
    char *mend = mend_name(text, names, "known here");
    g_ptr_array_free(names, TRUE);
    return mend;
}

/* Declared, but not made: its own mistake has been told. */
static bool is_known_to_fail(const Build *build, Scope scope, const char *text, const Parts *parts) {
    if (strcmp(text, "users") == 0 && has_failed(build, "users"))
        return true;
    if (parts->label == NULL)
        return false;
    if (parts->stack != NULL)
        return has_failed(build, "stack %s", parts->stack) || has_failed(build, "%s.%s", parts->stack, parts->label);
    return has_failed(build, "%s", parts->label) ||
           (scope.stack != NULL && has_failed(build, "%s.%s", scope.stack, parts->label));
}

/* Sorted, because the table is. */
uint32_t names_find(Build *build, Scope scope, const char *text, int also, Mark mark, ComponentId **found) {
    Parts parts = {0};
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    bool good = name_split(text, &parts.stack, &parts.copy, &parts.label);
    if ((also & NAME_USERS) && strcmp(text, "users") == 0) {
        collect_users(build->model, ids);
    } else if ((also & NAME_INTERNET) && strcmp(text, "internet") == 0) {
        ComponentId internet = NO_COMPONENT;
        g_array_append_val(ids, internet);
    } else if (good) {
        collect(build->model, scope, &parts, ids);
    }
    if (ids->len == 0 && (also & NAME_USERS) && strcmp(text, "users") == 0 && !has_failed(build, "users")) {
        complain(build, mark, "add users: {visitors: {from: [europe]}}", "the pattern has no users");
    } else if (ids->len == 0 && !is_known_to_fail(build, scope, text, &parts)) {
        char *mend = mend_component(build, scope, text, &parts, also);
        complain(build, mark, mend, good ? "there is no component '%s'" : "'%s' is no name of a component", text);
        g_free(mend);
    }
    parts_clear(&parts);
    uint32_t count;
    *found = keep_array(build, ids, &count);
    return count;
}

uint32_t model_find(const Model *model, const char *name, ComponentId **found) {
    Parts parts = {0};
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(ComponentId));
    if (name_split(name, &parts.stack, &parts.copy, &parts.label))
        collect(model, (Scope){NULL, NULL}, &parts, ids);
    if (ids->len == 0 && strcmp(name, "users") == 0)
        collect_users(model, ids);
    parts_clear(&parts);
    uint32_t count = ids->len;
    *found = (ComponentId *)(void *)g_array_free(ids, count == 0);
    return count;
}

/* --- security groups ---------------------------------------------------------------------------------------------- */

/* Groups have no place outside stacks, so a bare name means the scope's own copy. */
static bool group_is_meant(const GroupDraft *draft, Scope scope, const Parts *parts) {
    if (strcmp(draft->label, parts->label) != 0)
        return false;
    const char *stack = parts->stack != NULL ? parts->stack : scope.stack;
    const char *copy = parts->stack != NULL ? parts->copy : scope.copy;
    return same(draft->stack->name, stack) && (copy == NULL || strcmp(draft->copy->region, copy) == 0);
}

static void complain_group(Build *build, Scope scope, const char *text, const Parts *parts, Mark mark) {
    if (parts->stack != NULL && has_failed(build, "stack %s", parts->stack))
        return;
    GPtrArray *names = g_ptr_array_new();
    for (uint32_t i = 0; i < build->model->group_count; i++) {
        const GroupDraft *draft = &build->groups[i];
        bool first_copy = draft->copy == &draft->stack->copies[0];
        if (first_copy && same(draft->stack->name, scope.stack))
            g_ptr_array_add(names, (char *)draft->label);
        else if (first_copy)
            g_ptr_array_add(names, (char *)keep(build, "%s.%s", draft->stack->name, draft->label));
    }
    complain_name(build, mark, text, names, "groups known here", "there is no security group '%s'", text);
}

uint32_t groups_find(Build *build, Scope scope, const char *text, Mark mark, uint32_t **found) {
    Parts parts = {0};
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    if (name_split(text, &parts.stack, &parts.copy, &parts.label)) {
        for (uint32_t i = 0; i < build->model->group_count; i++) {
            if (group_is_meant(&build->groups[i], scope, &parts))
                g_array_append_val(ids, i);
        }
    }
    if (ids->len == 0)
        complain_group(build, scope, text, &parts, mark);
    parts_clear(&parts);
    uint32_t count;
    *found = keep_array(build, ids, &count);
    return count;
}
