/* workloads_labels.c - labels, and selectors that choose by them. */
#include <string.h>

#include "model/workloads_build.h"

static int compare_labels(gconstpointer a, gconstpointer b) {
    return strcmp(((const Label *)a)->key, ((const Label *)b)->key);
}

Label *labels_read(Build *build, const Node *node, const char *what, Label otherwise, uint32_t *count) {
    uint32_t written;
    NodeEntry *entries = sorted_entries(build, node, what, &written);
    GArray *labels = g_array_new(FALSE, FALSE, sizeof(Label));
    bool said = false;
    for (uint32_t i = 0; i < written; i++) {
        Label label = {entries[i].key, scalar_of(build, entries[i].value, what)};
        said = said || strcmp(label.key, otherwise.key) == 0;
        if (label.value != NULL)
            g_array_append_val(labels, label);
    }
    if (!said)
        g_array_append_val(labels, otherwise);
    g_array_sort(labels, compare_labels);
    return keep_array(build, labels, count);
}

static SelectorTerm term_read(Build *build, const NodeEntry *entry, const char *what) {
    SelectorTerm term = {.key = entry->key};
    uint32_t count;
    const Node *const *items = items_of(build, entry->value, what, &count);
    term.values = tree_alloc(build->tree, (count + 1) * sizeof *term.values);
    for (uint32_t i = 0; i < count; i++) {
        const char *text = scalar_of(build, items[i], what);
        if (text != NULL)
            term.values[term.count++] = text;
    }
    return term;
}

Selector selector_read(Build *build, const Node *node, const char *what, const char *key) {
    Selector selector = {.written = node != NULL};
    if (node == NULL || (node->type == NODE_SCALAR && node->text[0] == '\0'))
        return selector;
    NodeEntry word = {.key = key, .mark = node->mark, .value = (Node *)(uintptr_t)node};
    uint32_t count = 1;
    NodeEntry *entries = node->type == NODE_MAP ? sorted_entries(build, node, what, &count) : &word;
    selector.terms = tree_alloc(build->tree, (count + 1) * sizeof *selector.terms);
    for (uint32_t i = 0; i < count; i++)
        selector.terms[selector.count++] = term_read(build, &entries[i], what);
    return selector;
}

static bool term_takes(const SelectorTerm *term, const Label *labels, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t v = 0; strcmp(labels[i].key, term->key) == 0 && v < term->count; v++)
            if (strcmp(labels[i].value, term->values[v]) == 0)
                return true;
    return false;
}

bool selector_takes(const Selector *selector, const Label *labels, uint32_t count) {
    for (uint32_t i = 0; i < selector->count; i++)
        if (!term_takes(&selector->terms[i], labels, count))
            return false;
    return true;
}
