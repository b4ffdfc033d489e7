/* interface_endpoint.c - a private way to a regional service of the provider: an interface in the network that stands
 * for it, with security groups, reachable from wherever the network is. */
#include "contract/kind.h"

typedef struct {
    const char *service;
    int private_names;
} InterfaceEndpointSpec;

static const char *const names_words[] = {"joined", "network", "nobody", NULL}; /* as EndpointNames */

static const Field interface_endpoint_fields[] = {
    FIELD_TEXT(InterfaceEndpointSpec, service, FIELD_REQUIRED,
               "the kind of service it leads to: queue; or one by name"),
    FIELD_WORD(InterfaceEndpointSpec, private_names, names_words, "joined",
               "who is given its address for the service's name: its own and joined networks, only its own, nobody",
               "assumption: joined networks and sites forward names to its resolver"),
    FIELD_END,
};

static PassageFacts interface_endpoint_passes(const void *spec) {
    const InterfaceEndpointSpec *endpoint = spec;
    return (PassageFacts){.service = endpoint->service, .names = (EndpointNames)endpoint->private_names};
}

/* It looks at nothing, but each byte is billed. */
static Inspector interface_endpoint_inspects(const void *spec) {
    (void)spec;
    return (Inspector){SIMTIME_ZERO, 0, WHOLE};
}

static void interface_endpoint_price(const void *spec, const CostSheet *sheet) {
    (void)spec;
    sheet->item(sheet->user, COST_UNIT_HOUR, "interface_endpoint_hour");
    sheet->item(sheet->user, COST_PER_GB, "interface_endpoint_gb");
}

static const char *const interface_endpoint_shows[] = {"service", NULL};

const Kind kind_interface_endpoint = {
    .name = "interface_endpoint",
    .summary = "stands for a service of the provider in the network, with an address and security groups",
    .role = ROLE_LINK,
    .symbol = "endpoint",
    .spread = SPREAD_ZONES,
    .passage = {.mode = PASSAGE_STANDS_FOR, .attachment = ATTACH_SUBNETS, .groups = GROUPS_OWN},
    .fields = interface_endpoint_fields,
    .shows = interface_endpoint_shows,
    .spec_size = sizeof(InterfaceEndpointSpec),
    .managed = true,
    .passes = interface_endpoint_passes,
    .inspects = interface_endpoint_inspects,
    .price = interface_endpoint_price,
};
