/* allowlists.h - what a component may connect to, and who may connect to it, by its own rule: beside every filter of
 * the network.
 *
 * Part of the sealed model (model.h). A list is enforced where the connection begins: by a proxy that opens it for
 * somebody else, or by an agent on the host (semantics B.0 step 2). A filter of names has one, too: the names that its
 * network's name service gives out. Tables are sorted by component; memory is the model's. */
#ifndef FAULTLINE_MODEL_ALLOWLISTS_H
#define FAULTLINE_MODEL_ALLOWLISTS_H

#include <stdbool.h>
#include <stdint.h>

#include "contract/request.h"
#include "net/ports.h"
#include "net/prefix.h"

typedef enum { ALLOW_COMPONENT, ALLOW_RANGE, ALLOW_INTERNET } AllowWhat;
typedef struct {
    AllowWhat what;
    ComponentId component; /* ALLOW_COMPONENT */
    Prefix range;          /* ALLOW_RANGE */
    PortSet ports;         /* empty: every port */
    uint32_t element;
} AllowEntry;

typedef struct {
    ComponentId component; /* whose list it is */
    AllowEntry *entries;   /* as written */
    uint32_t count;
    uint32_t element; /* the list itself: decides when no entry matches */
} Allowlist;

typedef struct {
    Allowlist *lists; /* sorted by component */
    uint32_t count;
    uint32_t *filter_of;  /* by network: index in lists of what its name service gives out; UINT32_MAX: everything */
    Allowlist *firewalls; /* of hosts, sorted by component: entries say who may connect to it, and at which ports */
    uint32_t firewall_count;
    bool *guarded; /* by network: some host in it has one */
} AllowBook;

#endif
