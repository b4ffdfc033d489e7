/* appliance.c - a firewall or inspection machine in the network, which sees what routes lead through it.
 *
 * Nothing is inspected that is not routed there, and a security group that names another does not recognise who comes
 * through it. What it looks at takes time, each way, and waits when there is more than it can look through; it is
 * billed by the GB. It may look at a sample only. Left out on purpose: what it finds in the traffic; its security
 * groups, if it names any, say what passes. */
#include "contract/kind.h"

typedef struct {
    bool stateful, bypass;
    int translates;
    SimTime delay;
    int64_t throughput, inspects;
} ApplianceSpec;

/* In the order of Hides. */
static const char *const translates_words[] = {"never", "internet", "always", NULL};

static const Field appliance_fields[] = {
    FIELD_BOOL(ApplianceSpec, stateful, "yes", "drops packets of connections of which it has not seen both ways",
               "AWS VPC user guide, middlebox routing: asymmetric routing is not supported by stateful appliances"),
    FIELD_BOOL(ApplianceSpec, bypass, "no", "packets pass uninspected when it is down", NULL),
    FIELD_WORD(
        ApplianceSpec, translates, translates_words, "never",
        "which packets it sends on under its own address, a stateful one only: none; those to public addresses; all",
        "AWS: what a network passes on keeps its addresses; Azure: see its defaults"),
    FIELD_TIME(ApplianceSpec, delay, "1 ms", "time that looking takes, each way", NULL),
    FIELD_ROW(ApplianceSpec, throughput, FIELD_TYPE_BITRATE, "4 Gbit/s", "1 kbit/s", NULL,
              "what one of them can look through; more waits", "assumption: a firewall of four cores, all checks on"),
    FIELD_SHARE(ApplianceSpec, inspects, "100 %", "share of what passes that it looks at; the rest passes at once",
                NULL),
    FIELD_END,
};

static PassageFacts appliance_passes(const void *spec) {
    const ApplianceSpec *appliance = spec;
    return (PassageFacts){.stateless = !appliance->stateful,
                          .bypassed = appliance->bypass,
                          .hides = appliance->stateful ? (Hides)appliance->translates : HIDES_NOBODY};
}

static Inspector appliance_inspects(const void *spec) {
    const ApplianceSpec *appliance = spec;
    return (Inspector){appliance->delay, appliance->throughput, appliance->inspects};
}

static void appliance_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_UNIT_HOUR, "inspection_hour");
    sheet->item(sheet->user, COST_PER_GB, "inspection_gb");
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
    .inspects = appliance_inspects,
    .price = appliance_price,
};
