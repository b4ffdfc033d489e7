/* peering.c - joins two networks, or two transit gateways, with private addresses, and nothing behind them.
 *
 * Not transitive, and no way to the other side's gateways, unless the provider lends one network the other's. The
 * provider runs it; it has no capacity of its own. */
#include "contract/kind.h"

typedef struct {
    bool gateway_transit;
} PeeringSpec;

static const Field peering_fields[] = {
    FIELD_BOOL(PeeringSpec, gateway_transit, NULL, "azure: the network without a private gateway uses the other one's",
               "Azure virtual network peering overview"),
    FIELD_END,
};

static PassageFacts peering_passes(const void *spec) {
    return (PassageFacts){.lends_gateway = ((const PeeringSpec *)spec)->gateway_transit};
}

const Kind kind_peering = {
    .name = "peering",
    .summary = "joins two networks by their private addresses, and no further",
    .role = ROLE_LINK,
    .symbol = "peering",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_FORWARDS, .attachment = ATTACH_JOIN, .groups = GROUPS_NEVER, .join = JOIN_PEERING},
    .fields = peering_fields,
    .spec_size = sizeof(PeeringSpec),
    .passes = peering_passes,
    .managed = true,
};
