/* transit_gateway.c - joins any number of networks and lines of a region by route tables of its own.
 *
 * Left out on purpose: its capacity, and equal-cost paths over several lines. */
#include "contract/kind.h"

static const Field transit_gateway_fields[] = {FIELD_END};

/* It looks at nothing, but each byte is billed. */
static Inspector transit_gateway_inspects(const void *spec) {
    (void)spec;
    return (Inspector){SIMTIME_ZERO, 0, WHOLE};
}

static void transit_gateway_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_ATTACHMENT_HOUR, "transit_gateway_hour");
    sheet->item(sheet->user, COST_PER_GB, "transit_gateway_gb");
}

const Kind kind_transit_gateway = {
    .name = "transit_gateway",
    .summary = "joins networks and lines of a region by route tables of its own",
    .role = ROLE_LINK,
    .symbol = "hub",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_FORWARDS, .attachment = ATTACH_JOIN, .groups = GROUPS_NEVER, .join = JOIN_HUB},
    .fields = transit_gateway_fields,
    .managed = true,
    .inspects = transit_gateway_inspects,
    .price = transit_gateway_price,
};
