/* tree_private.h - the inside of a Tree, for yaml.c and tree.c alone. */
#ifndef FAULTLINE_READ_TREE_PRIVATE_H
#define FAULTLINE_READ_TREE_PRIVATE_H

#include <glib.h>

#include "read/tree.h"

/* Memory is blocks that only grow and are freed together: a tree has many small parts and one lifetime. */
struct Tree {
    Node *root;
    GPtrArray *blocks;  /* owned */
    GPtrArray *sources; /* owned: texts given to tree_value */
    char *free_from;    /* the rest of the newest block */
    size_t free_bytes;
};

/* A tree without a root. */
Tree *tree_empty(void);
Node *tree_node(Tree *tree, NodeType type, Mark mark);

#endif
