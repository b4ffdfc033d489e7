/* substitute.h - the walk that puts parameter values into a tree (private to read/; parameters.c declares them). */
#ifndef FAULTLINE_READ_SUBSTITUTE_H
#define FAULTLINE_READ_SUBSTITUTE_H

#include <glib.h>

#include "read/tree.h"

typedef struct {
    const char *name;
    Mark mark;
    Node *value; /* never NULL; broken when it is wrong and that was said */
    bool used;
} Parameter;

typedef struct {
    Tree *tree;
    Diagnostics *diagnostics;
    GArray *parameters; /* of Parameter, sorted by name */
    size_t expanded;    /* bytes put in so far */
    uint32_t errors_before;
} Expansion;

void expansion_sort(Expansion *expansion);
/* The parameter of that name, or NULL. O(log parameters). */
Parameter *expansion_find(const Expansion *expansion, const char *name);
void expansion_report_unknown(const Expansion *expansion, Mark mark, const char *name);
/* False once there were too many errors or too much was put in: then stop. */
bool expansion_going_on(const Expansion *expansion);

/* Replace every `${name}` below `root` but under its key `skip`. Marks the parameters it meets as used. */
void substitute(Expansion *expansion, Node *root, const char *skip);

#endif
