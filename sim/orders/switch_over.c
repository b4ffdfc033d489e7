/* switch_over.c - from blue to green, all at once or a share at a time: who comes before both sends elsewhere. */
#include "contract/order.h"

typedef struct {
    int64_t share;
} SwitchSpec;

static const Field switch_fields[] = {
    FIELD_SHARE(SwitchSpec, share, "100 %", "what the second gets, of what the two get together; 0 % turns back", NULL),
    FIELD_END,
};

static Order switch_order(const void *spec) { return (Order){.share = ((const SwitchSpec *)spec)->share}; }

const OrderKind order_switch_over = {
    .name = "switch_over",
    .verb = "switch",
    .summary = "moves traffic from one component to another, by the weights of a balancer or of a name",
    .usage = "{at: 20 min, switch: site.blue -> site.green, share: 10 %}",
    .fields = switch_fields,
    .spec_size = sizeof(SwitchSpec),
    .act = ACT_SHIFT,
    .pair = true,
    .order = switch_order,
};
