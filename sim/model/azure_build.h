/* azure_build.h - what the files azure*.c of model/ hand to each other (private to them). */
#ifndef FAULTLINE_MODEL_AZURE_BUILD_H
#define FAULTLINE_MODEL_AZURE_BUILD_H

#include "model/build.h"

/* ---- azure_rules.c ---- */
/* A list of rules as written under `key` ("inbound"), then those of `defaults` (may be NULL), by priority. `owner` says
 * whose they are: "network security group site[westeurope].app". */
typedef struct {
    const Field *fields; /* nsg_rule_keys or admin_rule_keys */
    const char *owner;
    const Stack *stack;
    const Copy *copy;
    const Node *written, *defaults; /* the maps that hold `inbound` and `outbound` */
} RuleSource;
NsgRules azure_rules_read(Build *build, const RuleSource *from, bool inbound);

/* ---- azure_routes.c ---- */
/* Adds the provider's own routes to the tables of such networks, if there are any, and works out what VirtualNetwork
 * means in each. */
void azure_routes_build(Build *build);

/* ---- azure_services.c ---- */
void azure_component_read(Build *build, ComponentId id, AzureComponent *component);
/* The managed services that `service_endpoints` lists. */
const Kind *const *azure_services_read(Build *build, const Node *node);

/* ---- azure.c ---- */
/* A provider's value that depends on the era: the first of a list of {until, value, source} that holds; NULL: none. */
const char *azure_era_value(Build *build, const Stack *stack, const char *key);

#endif
