/* azure_services.c - classic input endpoints, service endpoints and the firewalls of managed services. */
#include "reach/azure.h"

/* ---- input endpoints -----------------------------------------------------------------------------------------------
 */
/* Without rules everybody may; with a rule that permits, whoever is in none may not; with denials only, he may
 * (virtual-networks-acl, 2016). */
static bool acl_permits(const InputEndpoint *endpoint, const Prefix *client, uint32_t *element) {
    bool some_permit = false;
    for (uint32_t i = 0; i < endpoint->acl_count; i++) {
        some_permit = some_permit || endpoint->acl[i].permit;
        if (!prefix_contains(&endpoint->acl[i].range, client))
            continue;
        *element = endpoint->acl[i].element;
        return endpoint->acl[i].permit;
    }
    *element = endpoint->element;
    return !some_permit;
}

bool azure_endpoint_opens(const Walk *walk, const ClassicService *service, uint16_t *inside, const char **code,
                          uint32_t *element) {
    for (uint32_t i = 0; i < service->count; i++) {
        const InputEndpoint *endpoint = &service->endpoints[i];
        if (endpoint->protocol != walk->packet.protocol || endpoint->outside != walk->port)
            continue;
        *inside = endpoint->inside;
        *code = "INPUT_ENDPOINT_ACL";
        return acl_permits(endpoint, walk_address(walk, walk->packet.from), element);
    }
    *code = "NO_INPUT_ENDPOINT";
    *element = service->element;
    return false;
}

static PortSet service_found_at(const ClassicService *service, const PortSet *ports) {
    PortSet found = {0};
    for (uint32_t i = 0; i < ports->count; i++) {
        bool opened = false;
        for (uint32_t k = 0; k < service->count; k++) {
            const InputEndpoint *endpoint = &service->endpoints[k];
            PortSet own = {.range = {ports->range[i]}, .count = 1};
            if (!ports_contain(&own, (Protocol)endpoint->protocol, endpoint->inside))
                continue;
            ports_add(&found, (PortRange){endpoint->protocol, endpoint->outside, endpoint->outside});
            opened = true;
        }
        if (!opened)
            ports_add(&found, ports->range[i]);
    }
    return found;
}

PortSet ports_found_at(const Reach *reach, ClassId from, ClassId to, const PortSet *ports) {
    const AzureControls *azure = &reach->model->azure;
    const Party *client = &reach->parties[party_of_class(reach, from)], *server = &reach->parties[to];
    bool near = client->network != NO_NETWORK && server->network != NO_NETWORK &&
                networks_joined(reach, client->network, server->network);
    if (near || azure->components == NULL)
        return *ports;
    return service_found_at(&azure->components[server->id].classic, ports);
}

/* ---- managed services ----------------------------------------------------------------------------------------------
 */
bool azure_calls_directly(const Walk *walk, const Party *from, const Party *to) {
    const Kind *const *kinds = azure_subnet(walk, from)->services;
    for (; to->component != NULL && kinds != NULL && *kinds != NULL; kinds++)
        if (to->component->kind == *kinds)
            return true;
    return false;
}

/* Who comes by a service endpoint has a private address there: rules for public ranges do not mean him any more. */
bool service_lets_in(const Walk *walk, const Party *service, uint32_t *element) {
    const AzureControls *azure = &walk->reach->model->azure;
    const ServiceFirewall *firewall = azure->components != NULL ? &azure->components[service->id].firewall : NULL;
    Host client = walk->packet.from;
    if (firewall == NULL || !firewall->present)
        return true;
    *element = firewall->element;
    for (uint32_t i = 0; walk->directly && i < firewall->subnet_count; i++)
        if (firewall->subnets[i] == walk_party(walk, client.party)->place)
            return true;
    for (uint32_t i = 0; !walk->directly && i < firewall->range_count; i++)
        if (prefix_contains(&firewall->ranges[i], walk_address(walk, client)))
            return true;
    return false;
}
