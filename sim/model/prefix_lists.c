/* prefix_lists.c - named lists of ranges of a stack: one word for many ranges, in rules and in routes.
 *
 * A list is only a way of writing: a rule that names one is a rule for each of its ranges, with one element. */
#include "model/build.h"

uint32_t prefix_list_find(Build *build, const Stack *stack, const char *name, Prefix **ranges) {
    const Node *list = node_get(stack->keys.prefix_lists, name);
    uint32_t count, kept = 0;
    *ranges = NULL;
    if (list == NULL)
        return 0;
    const Node *const *items = items_of(build, list, "a prefix list", &count);
    *ranges = tree_alloc(build->tree, (count + 1) * sizeof **ranges);
    for (uint32_t i = 0; i < count; i++) {
        Prefix range = items[i]->type == NODE_SCALAR ? range_of(build, items[i], name) : (Prefix){0};
        if (range.family != 0)
            (*ranges)[kept++] = range;
    }
    return kept;
}

/* Lists that nobody uses are read, too. */
void prefix_lists_check(Build *build) {
    for (uint32_t s = 0; s < build->stack_count; s++) {
        const Stack *stack = &build->stacks[s];
        uint32_t count;
        NodeEntry *entries = sorted_entries(build, stack->keys.prefix_lists, "prefix_lists", &count);
        for (uint32_t i = 0; i < count; i++) {
            Prefix *unused;
            name_is_good(build, entries[i].key, entries[i].mark, "a prefix list");
            if (prefix_list_find(build, stack, entries[i].key, &unused) == 0 && !entries[i].value->broken)
                complain(build, entries[i].mark, "write [203.0.113.0/24, 198.51.100.0/24]",
                         "prefix list '%s' has no range", entries[i].key);
        }
    }
}
