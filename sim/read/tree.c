/* tree.c - nodes and the memory they live in. */
#include "read/tree.h"

#include <string.h>

#include "read/tree_private.h"

enum { BLOCK_BYTES = 32 * 1024, ALIGNMENT = 16, TEXT_SHOWN = 200 };

Tree *tree_empty(void) {
    Tree *tree = g_new0(Tree, 1);
    tree->blocks = g_ptr_array_new_with_free_func(g_free);
    tree->sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_free);
    return tree;
}

Tree *tree_new(void) {
    Tree *tree = tree_empty();
    tree->root = tree_node(tree, NODE_MAP, MARK_NONE);
    return tree;
}

void tree_free(Tree *tree) {
    if (tree == NULL)
        return;
    g_ptr_array_free(tree->blocks, TRUE);
    g_ptr_array_free(tree->sources, TRUE);
    g_free(tree);
}

const Node *tree_root(const Tree *tree) { return tree->root; }

Node *tree_edit(Tree *tree) { return tree->root; }

/* Large requests get a block of their own, so that they never waste the rest of a shared one. */
void *tree_alloc(Tree *tree, size_t bytes) {
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (bytes > BLOCK_BYTES / 4) {
        char *own = g_malloc0(bytes);
        g_ptr_array_add(tree->blocks, own);
        return own;
    }
    if (bytes > tree->free_bytes) {
        tree->free_from = g_malloc0(BLOCK_BYTES);
        tree->free_bytes = BLOCK_BYTES;
        g_ptr_array_add(tree->blocks, tree->free_from);
    }
    char *taken = tree->free_from;
    tree->free_from += bytes;
    tree->free_bytes -= bytes;
    return taken;
}

const char *tree_string(Tree *tree, const char *text) {
    size_t bytes = strlen(text) + 1;
    return memcpy(tree_alloc(tree, bytes), text, bytes);
}

/* Scalars are never without a text, so that nobody has to ask. */
Node *tree_node(Tree *tree, NodeType type, Mark mark) {
    Node *node = tree_alloc(tree, sizeof *node);
    node->type = type;
    node->mark = mark;
    if (type == NODE_SCALAR)
        node->text = "";
    return node;
}

Node *tree_scalar(Tree *tree, const char *text, Mark mark) {
    Node *node = tree_node(tree, NODE_SCALAR, mark);
    node->text = tree_string(tree, text);
    return node;
}

/* Recursion is as deep as the tree, which READ_DEPTH_MOST bounds. */
Node *tree_copy(Tree *tree, const Node *node) {
    Node *copy = tree_node(tree, node->type, node->mark);
    copy->quoted = node->quoted;
    copy->broken = node->broken;
    copy->count = node->count;
    if (node->type == NODE_SCALAR)
        copy->text = tree_string(tree, node->text);
    if (node->type == NODE_LIST)
        copy->items = tree_alloc(tree, node->count * sizeof *copy->items);
    if (node->type == NODE_MAP)
        copy->entries = tree_alloc(tree, node->count * sizeof *copy->entries);
    for (size_t i = 0; i < node->count; i++) {
        if (node->type == NODE_LIST) {
            copy->items[i] = tree_copy(tree, node->items[i]);
        } else {
            const NodeEntry *entry = &node->entries[i];
            copy->entries[i] = (NodeEntry){tree_string(tree, entry->key), entry->mark, tree_copy(tree, entry->value)};
        }
    }
    return copy;
}

/* NULL for everything that is no map: lookups can be chained without a check. */
static const NodeEntry *find_entry(const Node *map, const char *key) {
    if (map == NULL || map->type != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->entries[i].key, key) == 0)
            return &map->entries[i];
    }
    return NULL;
}

const Node *node_get(const Node *map, const char *key) {
    const NodeEntry *entry = find_entry(map, key);
    return entry != NULL ? entry->value : NULL;
}

Mark node_key_mark(const Node *map, const char *key) {
    const NodeEntry *entry = find_entry(map, key);
    return entry != NULL ? entry->mark : MARK_NONE;
}

const char *node_type_name(const Node *node) {
    if (node == NULL)
        return "nothing";
    switch (node->type) {
    case NODE_LIST: return "a list";
    case NODE_MAP: return "a map";
    case NODE_SCALAR: break;
    }
    return "text";
}

/* Stops soon after it has enough; the caller cuts exactly. */
static void append_text(GString *out, const Node *node) {
    if (node->type == NODE_SCALAR) {
        g_string_append(out, node->text);
        return;
    }
    g_string_append_c(out, node->type == NODE_LIST ? '[' : '{');
    for (size_t i = 0; i < node->count && out->len < TEXT_SHOWN; i++) {
        if (i > 0)
            g_string_append(out, ", ");
        if (node->type == NODE_MAP)
            g_string_append_printf(out, "%s: ", node->entries[i].key);
        append_text(out, node->type == NODE_MAP ? node->entries[i].value : node->items[i]);
    }
    g_string_append_c(out, node->type == NODE_LIST ? ']' : '}');
}

char *node_text(const Node *node) {
    GString *out = g_string_new(NULL);
    append_text(out, node);
    if (out->len > TEXT_SHOWN) {
        const char *cut = g_utf8_find_prev_char(out->str, out->str + TEXT_SHOWN);
        g_string_truncate(out, cut != NULL ? (gsize)(cut - out->str) : 0);
        g_string_append(out, "...");
    }
    return g_string_free(out, FALSE);
}
