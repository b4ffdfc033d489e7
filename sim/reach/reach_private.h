/* reach_private.h - what the files of reach/ share (private to reach/).
 *
 * A party is whatever can stand at an end of a connection: the classes of the model under their ClassId, then the
 * internet at large, then the NAT gateways. */
#ifndef FAULTLINE_REACH_REACH_PRIVATE_H
#define FAULTLINE_REACH_REACH_PRIVATE_H

#include <glib.h>

#include "contract/kind.h"
#include "reach/netstate_private.h"
#include "reach/reach.h"

#define NO_NETWORK UINT32_MAX
#define NO_PARTY UINT32_MAX

typedef enum {
    PARTY_INSIDE,  /* has an interface in a subnet */
    PARTY_LOOSE,   /* should have one, but no subnet is known */
    PARTY_OUTSIDE, /* on the internet: users, the provider's edge, anybody */
    PARTY_NAME,    /* the provider's name service */
    PARTY_NAT,
    PARTY_APPLIANCE, /* passes packets on, and may be an end, too */
    PARTY_ENDPOINT,  /* its interface stands for a service */
    PARTY_SERVICE,   /* of the provider, with public addresses */
    PARTY_LINK       /* never an end: a connection, a gateway endpoint */
} PartyKind;

typedef struct {
    PartyKind kind;
    ComponentId id;             /* NO_COMPONENT: the internet, a NAT gateway */
    const Component *component; /* NULL likewise */
    PlaceId place;              /* subnet; or where it is outside; NO_PLACE: anywhere */
    uint32_t network;           /* NO_NETWORK when outside */
    const RouteTable *routes;   /* of its subnet, or NULL */
    const Acl *acl;             /* of its subnet, or NULL: the default one */
    Prefix address;             /* its private address is some address in here; outside: its public one is */
    Prefix address6;            /* likewise; family 0: it has none */
    bool public_address;
    bool member; /* of an overlay */
    bool relays; /* a balancer behind which the client's address is seen */
    UnitId unit; /* of a gateway; NO_UNIT: a host's unit is not the network's affair */
    PassageFacts facts;
    const Allowlist *allows; /* all that it may connect to by its own rule, or NULL: everything */
    const Allowlist *admits; /* all that its own firewall lets in, or NULL: everything */
    const Allowlist *names;  /* all the names that its network's name service gives out, or NULL: everything */
    uint32_t exit;           /* the NAT gateway (a party) that its way to the internet leads through, or NO_PARTY */
    uint32_t element;        /* of the component or gateway */
    const char *name;
} Party;

typedef struct ProviderRules ProviderRules; /* walk.h */

/* A connection that some flow means: from a component to a component. */
typedef struct {
    ComponentId from, to;
    PortSet ports;
} Intent;

struct Reach {
    const Model *model;
    EndpointClass *classes;
    uint32_t class_count;
    ClassId *class_of_unit;
    Party *parties;
    uint32_t party_count;
    const ProviderRules **rules; /* by network */
    uint32_t *first_class;       /* by component; class_count: it has none */
    uint8_t *joined;             /* [network][network]: NETWORKS_JOINED, NETWORKS_PEERED */
    Intent *intents;             /* sorted by from, to */
    uint32_t intent_count;
};

static inline uint32_t party_of_class(const Reach *reach, ClassId id) {
    return id == CLASS_INTERNET ? reach->class_count : id;
}
/* A site's border, which hides who leaves it for the internet. */
static inline uint32_t party_of_site(const Reach *reach, uint32_t site) { return reach->class_count + 1 + site; }

/* The classes of a component stand side by side, from first_class on. */
static inline bool class_is_of(const Reach *reach, ClassId id, ComponentId component) {
    return id < reach->class_count && reach->classes[id].component == component;
}

enum { NETWORKS_JOINED = 1, NETWORKS_PEERED = 2 };
/* joined.c: fills joined. */
void joined_init(Reach *reach);

/* classes.c: fills classes, class_of_unit and parties. */
void classes_init(Reach *reach);
/* The NAT gateway through which each party is seen on the internet; after everything else. */
void exits_init(Reach *reach);

/* overlays.c: which parties are members. */
void overlays_init(Reach *reach);
/* The first overlay that joins both, which are in different networks; or NO_JOIN. */
uint32_t overlay_between(const Reach *reach, const Party *client, const Party *server);

/* host_firewall.c: the firewalls of parties. */
void host_firewalls_init(Reach *reach);
/* egress.c: the allowlists of parties. */
void egress_init(Reach *reach);

/* routes.c: the entry that decides for an address, or NULL. `service`: the party that is meant where it is a provider's
 * service, which is known by prefix lists; else NULL. */
const Route *route_find(const Reach *reach, const NetState *state, const RouteTable *table, const Prefix *address,
                        const Party *service);

/* azure_services.c: the ports at which the client finds those of the server: others where the server is a classic
 * service with input endpoints, and the client comes to its public address. A port without an endpoint stays. */
PortSet ports_found_at(const Reach *reach, ClassId from, ClassId to, const PortSet *ports);

/* intent.c */
void intents_init(Reach *reach);
/* What flows mean to pass from one party to another; *ports is empty when nothing is meant. */
PortSet intent_ports(const Reach *reach, ClassId from, ClassId to);
/* Whether a request may go from the one to the other: equal copies of one stack, or different stacks. */
bool intent_pairs(const Model *model, ComponentId from, ComponentId to);
PortSet intent_ports_between(const Model *model, ComponentId from, ComponentId to);
/* What a component answers on. */
PortSet service_ports(const Model *model, ComponentId id);

#endif
