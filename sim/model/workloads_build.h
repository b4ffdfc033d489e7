/* workloads_build.h - what the files of clusters and meshes hand to each other (private to them). */
#ifndef FAULTLINE_MODEL_WORKLOADS_BUILD_H
#define FAULTLINE_MODEL_WORKLOADS_BUILD_H

#include "model/build.h"

/* ---- labels and selectors: workloads_labels.c ---- */
/* Each of the labels must have one of its values. */
typedef struct {
    const char *key;
    const char **values;
    uint32_t count;
} SelectorTerm;
typedef struct {
    bool written; /* not written: it says nothing; empty: everything */
    SelectorTerm *terms;
    uint32_t count;
} Selector;

/* A map of labels, by key; `otherwise` is one that stands unless its key is written. */
Label *labels_read(Build *build, const Node *node, const char *what, Label otherwise, uint32_t *count);
/* A bare word is the value of the label `key`. */
Selector selector_read(Build *build, const Node *node, const char *what, const char *key);
bool selector_takes(const Selector *selector, const Label *labels, uint32_t count);

/* ---- workloads.c ---- */
/* The copy's namespace of that name, or NO_INDEX. */
uint32_t namespace_find(const Build *build, const Stack *stack, const Copy *copy, const char *name);
/* A namespace that a policy names must be there. False after a complaint. */
bool namespace_known(Build *build, const Stack *stack, const Node *map, const char *name);
/* strict, permissive, disable; MTLS_UNSET where nothing is written, and after a complaint. */
MtlsMode mtls_read(Build *build, const Node *node);
Members members_keep(Build *build, GArray *ids); /* of ComponentId, ascending; freed */
/* An entry of a map of policies, once for each copy. */
typedef struct {
    const char *name, *label, *owner; /* "site[eu-west-1].deny-all", "deny-all", "network policy site.deny-all" */
    const Stack *stack;
    const Copy *copy;
    const Node *node;
    Mark mark;
} PolicyDraft;
/* Those of all stacks, by name; `what` is "network policy". */
GArray *policies_collect(Build *build, size_t member, const char *key, const char *what);

/* ---- kubernetes.c, mesh.c, mesh_rules.c ---- */
void network_policies_build(Build *build);
void meshes_build(Build *build);         /* before authorisation */
void authorizations_build(Build *build); /* after workloads and meshes */
/* A list of rules; `where` says whose they are. */
AuthorizeRule *authorize_rules_read(Build *build, const PolicyDraft *draft, const Node *list, const char *key,
                                    uint32_t *count);

#endif
