/* weights.c - reads lists of weights. */
#include "read/weights.h"

#include <glib.h>

#include "base/bug.h"
#include "base/quantity.h"

static void check_weight(const Node *item, const char *name, Diagnostics *diagnostics) {
    int64_t weight = 0;
    char *why = NULL;
    if (item->type != NODE_SCALAR || !quantity_parse(item->text, UNIT_NONE, &weight, &why))
        diag_error(diagnostics, item->mark, "write whole numbers, like [3, 1]", "%s: %s is no weight: %s", name,
                   item->type == NODE_SCALAR ? item->text : node_type_name(item), why ? why : "not a number");
    else if (weight > WEIGHT_MOST)
        diag_error(diagnostics, item->mark, "only their ratios count", "%s: weight %s is over %d", name, item->text,
                   WEIGHT_MOST);
    g_free(why);
}

void weights_check(const Node *weights, const char *name, Diagnostics *diagnostics) {
    if (weights && weights->type != NODE_LIST)
        diag_error(diagnostics, weights->mark, "write a list, like [3, 1]", "%s: weights are a list, not %s", name,
                   node_type_name(weights));
    for (size_t i = 0; weights && weights->type == NODE_LIST && i < weights->count; i++)
        check_weight(weights->items[i], name, diagnostics);
}

int64_t weight_at(const Node *weights, uint32_t index) {
    int64_t weight = 1;
    if (weights && index < weights->count)
        BUG_IF(!quantity_parse(weights->items[index]->text, UNIT_NONE, &weight, NULL), "an unchecked weight");
    return weight;
}

void weights_shift(int64_t *from, int64_t *to, int64_t share) {
    int64_t both = *from + *to, billion = 1000000000;
    *to = both / billion * share + both % billion * share / billion;
    *from = both - *to;
}
