/* sets.c - bends the pattern before it is read: `with`, `set`, --set, `but`, in this order, then its parameters.
 *
 * A plain name is a parameter, or one of the pattern's own keys. A path with dots goes into the pattern, or into the
 * scenario when it begins with one of the scenario's own keys: `timeline.0.for`, `run.until`,
 * `expect[id=few-lost].mean`. */
#include <string.h>

#include "model/build.h"
#include "read/parameters.h"

static char *first_step(const char *path) { return g_strndup(path, strcspn(path, ".[")); }

/* Paths whose first steps name things: those must exist, because a new thing cannot be made by setting one of its keys.
 */
static uint32_t steps_that_name(char *const *steps) {
    static const char *const named[] = {"users",     "edge", "accounts", "roles",   "sensors",
                                        "responses", "load", "places",   "failures"};
    static const char *const in_stack[] = {"components", "subnets", "security_groups"};
    for (size_t i = 0; i < G_N_ELEMENTS(named); i++) {
        if (strcmp(steps[0], named[i]) == 0)
            return 2;
    }
    if (strcmp(steps[0], "stacks") != 0)
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(in_stack) && g_strv_length((char **)steps) > 3; i++) {
        if (strcmp(steps[2], in_stack[i]) == 0)
            return 4;
    }
    return 2;
}

/* A path of one step was meant as a parameter. */
static void complain_step(Build *build, Mark mark, const Node *map, const char *step, const char *path) {
    if (strcmp(step, path) == 0)
        complain_name(build, mark, step, keys_of(map), "parameters of the pattern", "the pattern has no parameter '%s'",
                      step);
    else
        complain_name(build, mark, step, keys_of(map), "known there", "the path '%s' leads nowhere: there is no '%s'",
                      path, step);
}

static bool is_pattern_key(const char *name) {
    for (const Field *row = pattern_keys; row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0)
            return true;
    }
    return false;
}

/* Only what names a thing must be there; keys below it may be new. */
static bool path_exists(Build *build, Mark mark, const char *path) {
    const Node *at = tree_root(build->pattern_tree);
    char **steps = g_strsplit(path, ".", -1);
    uint32_t least = steps_that_name(steps);
    bool good = true;
    for (uint32_t i = 0; good && i < least && steps[i] != NULL && steps[i + 1] != NULL; i++) {
        const Node *next = node_get(at, steps[i]);
        if (next == NULL)
            complain_step(build, mark, at, steps[i], path);
        good = next != NULL;
        at = next;
    }
    bool is_key = is_pattern_key(steps[0]);
    if (good && !is_key)
        complain_step(build, mark, tree_root(build->pattern_tree), steps[0], path);
    g_strfreev(steps);
    return good && is_key;
}

/* A scenario's own keys hide the pattern's. */
static bool is_for_scenario(const Build *build, const char *path) {
    if (build->scenario_tree == NULL)
        return false;
    static const char *const own[] = {"timeline", "run", "expect"};
    char *step = first_step(path);
    bool is = false;
    for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
        is = is || strcmp(step, own[i]) == 0;
    g_free(step);
    /* A load or a law of failure that the scenario gives replaces the pattern's: so that is the one to bend. */
    static const char *const shared[] = {"load", "failures"};
    for (size_t i = 0; i < G_N_ELEMENTS(shared) && !is; i++) {
        const Node *own_map = node_get(tree_root(build->scenario_tree), shared[i]);
        size_t length = strlen(shared[i]);
        if (strncmp(path, shared[i], length) != 0 || path[length] != '.')
            continue;
        char *name = first_step(path + length + 1);
        is = own_map != NULL && node_get(own_map, name) != NULL;
        g_free(name);
    }
    return is;
}

/* Keys made on the way say that they come from here, for whoever complains about them later. */
static void mark_path(Node *node, const char *path, Mark mark) {
    char **steps = g_strsplit_set(path, ".[]", -1);
    for (char **step = steps; *step != NULL && node != NULL; step++) {
        NodeEntry *entry = NULL;
        for (size_t i = 0; node->type == NODE_MAP && i < node->count && entry == NULL; i++)
            entry = strcmp(node->entries[i].key, *step) == 0 ? &node->entries[i] : NULL;
        if (entry != NULL && entry->mark.source == NULL)
            entry->mark = mark;
        if (entry != NULL && entry->value->mark.source == NULL)
            entry->value->mark = mark;
        node = entry != NULL ? entry->value : NULL; /* what stands in lists was there before, or has marks of its own */
    }
    g_strfreev(steps);
}

static void set_path(Build *build, const char *path, const Node *value, Mark mark) {
    bool in_scenario = is_for_scenario(build, path);
    if (!in_scenario && strchr(path, '[') == NULL && !path_exists(build, mark, path))
        return;
    Tree *tree = in_scenario ? build->scenario_tree : build->pattern_tree;
    char *why = NULL;
    if (!tree_put(tree, path, tree_copy(tree, value), &why))
        complain(build, mark, NULL, "cannot set '%s': %s", path, why);
    else
        mark_path(tree_edit(tree), path, mark);
    g_free(why);
}

/* Parameters are gathered and put in together; everything else is put where it belongs at once. */
static void set_one(Build *build, Tree *with, const char *path, const Node *value, Mark mark) {
    if (value == NULL || value->broken)
        return;
    if (strpbrk(path, ".[") != NULL) {
        set_path(build, path, value, mark);
        return;
    }
    const Node *parameters = node_get(tree_root(build->pattern_tree), "parameters");
    if (node_get(parameters, path) != NULL)
        tree_put(with, path, tree_copy(with, value), NULL);
    else if (is_pattern_key(path) || is_for_scenario(build, path))
        set_path(build, path, value, mark);
    else
        complain_step(build, mark, parameters, path, path);
}

/* In the order of the file: a later setting of the same path wins. */
static void set_all(Build *build, Tree *with, const Node *map, const char *what) {
    if (map == NULL || map->broken)
        return;
    if (map->type != NODE_MAP) {
        complain(build, map->mark, "write {name: value}", "%s must be a map, not %s", what, node_type_name(map));
        return;
    }
    for (size_t i = 0; i < map->count; i++)
        set_one(build, with, map->entries[i].key, map->entries[i].value, map->entries[i].mark);
}

/* --set name=value; the value is YAML, so lists work. */
static void set_argument(Build *build, Tree *with, const char *argument) {
    const char *equals = strchr(argument, '=');
    /* expect[id=x].mean=5 s: the sign that counts is the first one outside brackets. */
    for (int depth = 0; equals != NULL; equals = strchr(equals + 1, '=')) {
        depth = 0;
        for (const char *c = argument; c < equals; c++)
            depth += *c == '[' ? 1 : *c == ']' ? -1 : 0;
        if (depth == 0)
            break;
    }
    if (equals == NULL || equals == argument) {
        complain(build, MARK_NONE, "write --set name=value", "--set %s has no value", argument);
        return;
    }
    char *name = g_strndup(argument, (gsize)(equals - argument)), *origin = g_strdup_printf("--set %s", name);
    const Node *value = tree_value(with, origin, equals + 1, build->diagnostics);
    if (value != NULL)
        set_one(build, with, name, value, value->mark);
    g_free(origin);
    g_free(name);
}

/* Paths first, because they may hold parameters; then the parameters. */
bool sets_apply(Build *build) {
    Tree *with = tree_new();
    g_ptr_array_add(build->request->inputs->trees, with);
    set_all(build, with, build->scenario.with, "with");
    set_all(build, with, build->scenario.set, "set");
    for (const char *const *set = build->request->sets; set != NULL && *set != NULL; set++)
        set_argument(build, with, *set);
    set_all(build, with, build->request->but, "set");
    Node *root = tree_edit(build->pattern_tree);
    if (root->type != NODE_MAP)
        return false;
    bool good = parameters_apply(build->pattern_tree, root, tree_root(with), build->assumed, build->diagnostics);
    good = read_quietly(build, pattern_keys, root, "the pattern", &build->pattern) && good;
    /* The scenario's own tree may have been bent: what was read from it is read again. */
    if (build->scenario_tree != NULL) {
        memset(&build->scenario, 0, sizeof build->scenario);
        Diagnostics *unseen = diagnostics_new();
        fields_read(scenario_keys, tree_root(build->scenario_tree), NULL, NULL, build->tree, "the scenario",
                    &build->scenario, NULL, unseen);
        diagnostics_free(unseen);
    }
    return good && build->pattern.provider != NULL;
}
