/* appliance.c - a firewall or inspection machine in the network, which sees what routes lead through it.
 *
 * Nothing is inspected that is not routed there, and a security group that names another does not recognise who comes
 * through it. Left out on purpose: what it finds in the traffic; its security groups, if it names any, say what passes.
 */
#include "contract/kind.h"

typedef struct {
    bool stateful, bypass;
} ApplianceSpec;

static const Field appliance_fields[] = {
    FIELD_BOOL(ApplianceSpec, stateful, "yes", "drops packets of connections of which it has not seen both ways",
               "AWS VPC user guide, middlebox routing: asymmetric routing is not supported by stateful appliances"),
    FIELD_BOOL(ApplianceSpec, bypass, "no", "packets pass uninspected when it is down", NULL),
    FIELD_END,
};

static PassageFacts appliance_passes(const void *spec) {
    const ApplianceSpec *appliance = spec;
    return (PassageFacts){.stateless = !appliance->stateful, .bypassed = appliance->bypass};
}

static void appliance_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_UNIT_HOUR, "inspection_hour");
}

static const char *const appliance_shows[] = {"stateful", "bypass", NULL};

const Kind kind_appliance = {
    .name = "appliance",
    .summary = "inspects what routes lead through it, and may fail closed or open",
    .role = ROLE_LINK,
    .symbol = "inspection",
    .spread = SPREAD_ZONES,
    .passage = {.mode = PASSAGE_FORWARDS, .attachment = ATTACH_SUBNETS, .groups = GROUPS_NAMED},
    .fields = appliance_fields,
    .shows = appliance_shows,
    .spec_size = sizeof(ApplianceSpec),
    .passes = appliance_passes,
    .price = appliance_price,
};
