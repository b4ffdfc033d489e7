/* nat_gateway.c - hides who connects to the internet behind an address of its own; one in each zone that it uses.
 *
 * Zonal: a zone whose gateway is elsewhere loses the internet with that other zone. Left out on purpose: its 55,000
 * connections to one destination and its capacity. */
#include "contract/kind.h"

static const Field nat_gateway_fields[] = {FIELD_END};

/* It looks at nothing, but each byte is billed. */
static Inspector nat_gateway_inspects(const void *spec) {
    (void)spec;
    return (Inspector){SIMTIME_ZERO, 0, WHOLE};
}

static void nat_gateway_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_UNIT_HOUR, "nat_gateway_hour");
    sheet->item(sheet->user, COST_PER_GB, "nat_gateway_gb");
}

const Kind kind_nat_gateway = {
    .name = "nat_gateway",
    .summary = "lets a private subnet out to the internet, and only answers in; lives in one zone each",
    .role = ROLE_LINK,
    .symbol = "nat",
    .spread = SPREAD_ZONES,
    .passage = {.mode = PASSAGE_TRANSLATES, .attachment = ATTACH_SUBNETS, .groups = GROUPS_NEVER},
    .fields = nat_gateway_fields,
    .managed = true,
    .inspects = nat_gateway_inspects,
    .price = nat_gateway_price,
};
