/* path.c - finding and setting a node by a path such as `timeline[0].at`, as `but:` and --set do. */
#include <string.h>

#include "read/limits.h"
#include "read/tree.h"
#include "read/tree_private.h"

typedef struct {
    Tree *tree;       /* where missing maps are made; NULL when only looking */
    const char *rest; /* what is left of the path */
    GString *step;
    char **why; /* may be NULL */
} Walk;

__attribute__((format(printf, 2, 3))) static void *walk_fail(const Walk *walk, const char *format, ...) {
    if (walk->why != NULL) {
        va_list arguments;
        va_start(arguments, format);
        *walk->why = g_strdup_vprintf(format, arguments);
        va_end(arguments);
    }
    return NULL;
}

/* Take the next step off the path: up to a dot or bracket, or all that stands between brackets. False at a malformed
 * path; an empty path is the caller's end. */
static bool walk_next(Walk *walk) {
    const char *from = walk->rest;
    size_t length;
    if (*from == '[') {
        length = strcspn(++from, "]");
        if (from[length] == '\0')
            return walk_fail(walk, "the path has a '[' that is not closed") != NULL;
        walk->rest = from + length + 1;
    } else {
        length = strcspn(from, ".[");
        walk->rest = from + length;
    }
    g_string_truncate(walk->step, 0);
    g_string_append_len(walk->step, from, (gssize)length);
    if (length == 0)
        return walk_fail(walk, "the path has an empty step") != NULL;
    if (*walk->rest == '.' && *++walk->rest == '\0')
        return walk_fail(walk, "the path ends with a dot") != NULL;
    return true;
}

/* Stops reading digits once the number is too large, so it cannot wrap around. */
static Node **list_slot_by_number(const Walk *walk, Node *list) {
    size_t index = 0;
    for (const char *digit = walk->step->str; *digit != '\0' && index <= list->count; digit++)
        index = index * 10 + (size_t)(*digit - '0');
    if (index < list->count)
        return &list->items[index];
    return walk_fail(walk, "there is no entry %s: the list has %zu, counted from 0", walk->step->str, list->count);
}

/* A list is entered by number or by a telling key; it never grows, because an order is the author's business. */
static Node **list_slot(const Walk *walk, Node *list) {
    const char *step = walk->step->str, *equals = strchr(step, '=');
    if (step[strspn(step, "0123456789")] == '\0')
        return list_slot_by_number(walk, list);
    if (equals == NULL)
        return walk_fail(walk, "'%s' cannot choose from a list: write a number or key=value", step);
    char *key = g_strndup(step, (gsize)(equals - step));
    Node **found = NULL;
    for (size_t i = 0; i < list->count && found == NULL; i++) {
        const Node *value = node_get(list->items[i], key);
        if (value != NULL && value->type == NODE_SCALAR && strcmp(value->text, equals + 1) == 0)
            found = &list->items[i];
    }
    g_free(key);
    return found != NULL ? found : walk_fail(walk, "no entry of the list has %s", step);
}

/* Append an entry; the old array stays behind in the tree's memory, which is freed as a whole. */
static Node **map_append(Tree *tree, Node *map, const char *key) {
    NodeEntry *entries = tree_alloc(tree, (map->count + 1) * sizeof *entries);
    if (map->count > 0)
        memcpy(entries, map->entries, map->count * sizeof *entries);
    entries[map->count] = (NodeEntry){tree_string(tree, key), MARK_NONE, NULL};
    map->entries = entries;
    return &entries[map->count++].value;
}

/* A key that is missing is made when setting, an error when looking. */
static Node **map_slot(const Walk *walk, Node *map) {
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->entries[i].key, walk->step->str) == 0)
            return &map->entries[i].value;
    }
    if (walk->tree != NULL)
        return map_append(walk->tree, map, walk->step->str);
    return walk_fail(walk, "there is no '%s'", walk->step->str);
}

/* The place that holds the node a step leads to. A key without a value (`health_check:`) is an empty map here. */
static Node **step_slot(const Walk *walk, Node *at) {
    if (walk->tree != NULL && at->type == NODE_SCALAR && at->text[0] == '\0')
        *at = *tree_node(walk->tree, NODE_MAP, at->mark);
    switch (at->type) {
    case NODE_MAP: return map_slot(walk, at);
    case NODE_LIST: return list_slot(walk, at);
    case NODE_SCALAR: break;
    }
    return walk_fail(walk, "'%s' has nothing to stand in: before it the path reaches text", walk->step->str);
}

/* The slot at the end of the path, or NULL and *why. Slots made on the way hold NULL until they are filled. */
static Node **walk_path(Walk *walk, Node **slot) {
    int steps = 0;
    do {
        if (++steps > READ_DEPTH_MOST)
            return walk_fail(walk, "the path has more than %d steps", READ_DEPTH_MOST);
        if (!walk_next(walk))
            return NULL;
        if (*slot == NULL)
            *slot = tree_node(walk->tree, NODE_MAP, MARK_NONE);
        slot = step_slot(walk, *slot);
    } while (slot != NULL && *walk->rest != '\0');
    return slot;
}

const Node *node_find(const Node *root, const char *path, char **why) {
    if (root == NULL)
        return NULL;
    Walk walk = {NULL, path, g_string_new(NULL), why};
    Node *from = (Node *)root; /* only looked at: without a tree nothing is made */
    Node **slot = walk_path(&walk, &from);
    g_string_free(walk.step, TRUE);
    return slot != NULL ? *slot : NULL;
}

/* A dry walk first: a path that fails half-way must leave no half-made maps behind. */
static bool path_can_be_set(Node *root, const char *path, char **why) {
    Tree *scratch = tree_empty();
    Node *copy = root != NULL ? tree_copy(scratch, root) : NULL;
    Walk walk = {scratch, path, g_string_new(NULL), why};
    bool can = walk_path(&walk, &copy) != NULL;
    g_string_free(walk.step, TRUE);
    tree_free(scratch);
    return can;
}

bool tree_put(Tree *tree, const char *path, Node *value, char **why) {
    if (!path_can_be_set(tree->root, path, why))
        return false;
    Walk walk = {tree, path, g_string_new(NULL), NULL};
    Node **slot = walk_path(&walk, &tree->root);
    g_string_free(walk.step, TRUE);
    *slot = value;
    return true;
}

bool tree_set(Tree *tree, const char *path, const char *text) {
    return tree_put(tree, path, tree_scalar(tree, text, MARK_NONE), NULL);
}
