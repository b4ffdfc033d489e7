/* transit_gateway.c - joins any number of networks and lines of a region by route tables of its own.
 *
 * Left out on purpose: its capacity, and equal-cost paths over several lines. */
#include "contract/kind.h"

static const Field transit_gateway_fields[] = {FIELD_END};

static void transit_gateway_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_COMPONENT_HOUR, "transit_gateway_hour");
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
    .price = transit_gateway_price,
};
