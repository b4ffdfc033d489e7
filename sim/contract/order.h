/* order.h - what people tell a component to do at an instant: a verb of the timeline that breaks nothing by itself.
 *
 * In a timeline:  - {at: 20 min, refresh: site.web, batch: 25 %}
 *                 - {at: 30 min, switch: site.blue -> site.green, share: 10 %}
 * where the verb's value is a component, or with `pair` two of them. Those are told who obey the act (kind.h): the
 * component itself; of a pair, whoever has both among its targets. The key `at` is the world's, the others are the
 * order's own fields; an order has no `for`, because it ends by itself. */
#ifndef FAULTLINE_CONTRACT_ORDER_H
#define FAULTLINE_CONTRACT_ORDER_H

#include <stddef.h>

#include "contract/request.h"
#include "read/fields.h"

/* What can be ordered at all; verbs may share one. Bits, for `obeys` of kind.h. */
typedef enum {
    ACT_REFRESH = 1, /* replace every unit by a new one of the present image, `share` of them at a time */
    ACT_SHIFT = 2    /* of what `from` and `to` get together, `to` gets `share` from now on */
} OrderAct;

typedef struct {
    OrderAct act;
    ComponentId from, to; /* ACT_SHIFT; filled in by the world */
    int64_t share;        /* parts per billion */
    SimTime settle;       /* ACT_REFRESH: between one share that serves and the next */
    bool surge;           /* ACT_REFRESH: new ones first, then the old ones go */
} Order;

typedef struct OrderKind {
    const char *name, *verb, *summary;
    const char *usage; /* an entry of a timeline */
    const Field *fields;
    size_t spec_size;
    OrderAct act;
    bool pair; /* its target is `a -> b` */
    Order (*order)(const void *spec);
} OrderKind;

#endif
