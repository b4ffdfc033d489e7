/* tree.h - what the user wrote, as a tree with marks; still only text.
 *
 * Made by tree_read (yaml.c); freed as a whole with tree_free. Scalars stay text: fields.h turns them into typed
 * values, so quoting never changes meaning. Map keys keep the order of the file. Node pointers live as long as the
 * Tree. */
#ifndef FAULTLINE_READ_TREE_H
#define FAULTLINE_READ_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

typedef enum { NODE_SCALAR, NODE_LIST, NODE_MAP } NodeType;

typedef struct Node Node;
typedef struct {
    const char *key;
    Mark mark; /* of the key */
    Node *value;
} NodeEntry;

struct Node {
    NodeType type;
    Mark mark;
    const char *text; /* NODE_SCALAR: never NULL; an empty value is "" */
    bool quoted;
    bool broken;        /* already complained about: readers skip it without another word */
    size_t count;       /* NODE_LIST, NODE_MAP */
    Node **items;       /* NODE_LIST */
    NodeEntry *entries; /* NODE_MAP */
};

typedef struct Tree Tree;

/* Read YAML text. Never NULL; root is NULL when nothing could be read (then there is at least one error). The Source
 * is borrowed and must outlive the tree. Limits of read/limits.h apply. */
Tree *tree_read(const Source *source, Diagnostics *diagnostics);
/* A tree whose root is an empty map, for values that come from the command line. */
Tree *tree_new(void);
void tree_free(Tree *tree);
const Node *tree_root(const Tree *tree);
/* The root for those who rewrite it before it is read: parameters_apply. */
Node *tree_edit(Tree *tree);

/* Allocate in the tree's own memory: for expansions (parameters, copies) that must live as long as it. */
void *tree_alloc(Tree *tree, size_t bytes); /* zeroed, aligned for any type */
Node *tree_copy(Tree *tree, const Node *node);
const char *tree_string(Tree *tree, const char *text);
Node *tree_scalar(Tree *tree, const char *text, Mark mark);
/* One value in YAML ("30 s", "[a, b]"), read under the same limits; messages name it `origin` (such as "--set
 * regions"). NULL when an error was added. */
Node *tree_value(Tree *tree, const char *origin, const char *text, Diagnostics *diagnostics);

/* The value under key of a map, or NULL. O(n): maps written by people are small. */
const Node *node_get(const Node *map, const char *key);
/* Like node_get for the key's own mark; MARK_NONE when absent. */
Mark node_key_mark(const Node *map, const char *key);
/* "a map", "a list", "text": for messages. */
const char *node_type_name(const Node *node);
/* The value on one line in flow form, `[a, {b: c}]`, cut after about 200 bytes; allocated (g_free). */
char *node_text(const Node *node);

/* Paths: steps joined by dots. In a map a step is a key; in a list it is a number from 0, or key=value for the first
 * entry that is a map with that value. Brackets are the same and may hold dots: `timeline[0].at`,
 * `expect[id=few-lost].mean`, `site[eu-west-1.a]`. */

/* The node at a path, or NULL and *why (may be NULL) an allocated reason. */
const Node *node_find(const Node *root, const char *path, char **why);
/* Set (add or replace) the node at a path; maps that are missing on the way are made, lists never grow. False and *why
 * (may be NULL) allocated when a step does not exist. `value` belongs to the tree (tree_copy, tree_scalar). */
bool tree_put(Tree *tree, const char *path, Node *value, char **why);
/* tree_put of a scalar, as `--set dns_ttl=30s` and `but: {set: ...}` do; false when a step of the path is not a map. */
bool tree_set(Tree *tree, const char *path, const char *text);

#endif
