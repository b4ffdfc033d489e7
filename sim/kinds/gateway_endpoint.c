/* gateway_endpoint.c - a private way to a regional service of the provider, by a route: no interface, no filter.
 *
 * Only subnets whose table has the route use it, and nobody from outside the network. */
#include "contract/kind.h"

typedef struct {
    const char *service;
} GatewayEndpointSpec;

static const Field gateway_endpoint_fields[] = {
    FIELD_TEXT(GatewayEndpointSpec, service, FIELD_REQUIRED, "the kind of service it leads to: bucket"),
    FIELD_END,
};

static PassageFacts gateway_endpoint_passes(const void *spec) {
    return (PassageFacts){.service = ((const GatewayEndpointSpec *)spec)->service};
}

static const char *const gateway_endpoint_shows[] = {"service", NULL};

const Kind kind_gateway_endpoint = {
    .name = "gateway_endpoint",
    .summary = "leads to a service of the provider by a route, within its region and network only",
    .role = ROLE_LINK,
    .symbol = "endpoint",
    .spread = SPREAD_ONE,
    .passage = {.mode = PASSAGE_STANDS_FOR, .attachment = ATTACH_NETWORK, .groups = GROUPS_NEVER},
    .fields = gateway_endpoint_fields,
    .shows = gateway_endpoint_shows,
    .spec_size = sizeof(GatewayEndpointSpec),
    .managed = true,
    .passes = gateway_endpoint_passes,
};
