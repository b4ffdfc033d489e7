/* refresh.c - the rolling replacement of a group's machines by new ones from the present image, some at a time. */
#include "contract/order.h"

typedef struct {
    int64_t batch;
    SimTime settle;
    bool surge;
} RefreshSpec;

static const Field refresh_fields[] = {
    FIELD_ROW(RefreshSpec, batch, FIELD_TYPE_SHARE, "10 %", "0.1 %", "100 %",
              "share of the group that is replaced at a time; at least one machine",
              "AWS Auto Scaling guide, instance refresh: 90 % stay in service"),
    FIELD_TIME(RefreshSpec, settle, "60 s", "how long a batch must have served before the next one begins",
               "assumption: two good checks of a balancer"),
    FIELD_BOOL(RefreshSpec, surge, "no", "launch the new machines first, and retire the old ones when they serve",
               "AWS Auto Scaling guide, instance refresh: terminates first unless told otherwise"),
    FIELD_END,
};

static Order refresh_order(const void *spec) {
    const RefreshSpec *refresh = spec;
    return (Order){.share = refresh->batch, .settle = refresh->settle, .surge = refresh->surge};
}

const OrderKind order_refresh = {
    .name = "refresh",
    .verb = "refresh",
    .summary = "replaces all machines of a group by new ones from the image, a share at a time",
    .usage = "{at: 20 min, refresh: site.web, batch: 25 %}",
    .fields = refresh_fields,
    .spec_size = sizeof(RefreshSpec),
    .act = ACT_REFRESH,
    .order = refresh_order,
};
