/* azure.h - what networks of Azure have beside those of the model: network security groups, admin rules, input
 * endpoints, service endpoints and firewalls of services. Part of model.h, which includes it.
 *
 * A network has these controls when its provider's file declares network security groups (`style`); no other
 * file asks who the provider is. Sources: Azure's documentation as of 2023 to 2025, semantics B.5. All tables belong to
 * the model's memory. */
#ifndef FAULTLINE_MODEL_AZURE_H
#define FAULTLINE_MODEL_AZURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "contract/kind.h"
#include "net/ports.h"
#include "net/prefix.h"

/* Whose filters a network has. */
typedef enum {
    STYLE_SECURITY_GROUPS,        /* groups that only allow, at interfaces; lists without memory, at subnets */
    STYLE_NETWORK_SECURITY_GROUPS /* groups of numbered rules that allow or deny, at interfaces and at subnets */
} ControlStyle;

typedef enum {
    TAG_VIRTUAL_NETWORK, /* the network, its peers, connected sites, prefixes of written routes, the host's address */
    TAG_LOAD_BALANCER,   /* where health checks come from */
    TAG_INTERNET,        /* every public address */
    TAG_SERVICE,         /* public addresses of a managed service */
    TAG_PLATFORM_DNS,    /* the host's own services: rules by address do not hold them up, rules by these tags do */
    TAG_PLATFORM_IMDS,
    TAG_PLATFORM_LKM
} ServiceTag;

typedef enum { NSG_PEER_ANY, NSG_PEER_RANGE, NSG_PEER_TAG, NSG_PEER_MEMBERS } NsgPeerKind;
typedef struct {
    NsgPeerKind kind;
    Prefix range;
    ServiceTag tag;
    const Kind *const *kinds; /* TAG_SERVICE: what it stands for, NULL-terminated */
    uint32_t *members;        /* NSG_PEER_MEMBERS: ComponentIds whose interfaces are meant, sorted */
    uint32_t member_count;
} NsgPeer;

typedef enum { NSG_DENY, NSG_ALLOW, NSG_ALWAYS_ALLOW /* admin rules only: no group is asked any more */ } NsgAccess;
typedef struct {
    uint32_t priority; /* 100..4096, those of the provider 65000 and above */
    NsgAccess access;
    PortSet ports; /* of the packet's destination */
    NsgPeer *from, *to;
    uint32_t from_count, to_count; /* 0: any */
    uint32_t element;
    Mark mark;
} NsgRule;

/* The lowest priority that matches decides. The provider's rules stand last and match everything. */
typedef struct {
    NsgRule *rules; /* ascending priorities */
    uint32_t count;
} NsgRules;

typedef struct {
    const char *name; /* "site[westeurope].app" */
    uint32_t network;
    NsgRules inbound, outbound;
    uint32_t element;
    Mark mark;
} NetworkSecurityGroup;

/* A port of a classic cloud service's address that is passed on to a port of its machines. */
typedef struct {
    uint16_t outside, inside;
    uint8_t protocol;
    struct EndpointRule {
        uint32_t order;
        bool permit;
        Prefix range;
        uint32_t element;
    } * acl;            /* ascending orders; all endpoints of one load-balanced set share theirs */
    uint32_t acl_count; /* 0: everybody may use it */
    uint32_t element;
    Mark mark;
} InputEndpoint;

typedef struct {
    InputEndpoint *endpoints;
    uint32_t count;
    bool classic;     /* reached from outside through its endpoints only, of which it may have none */
    uint32_t element; /* decides when there is none for a port */
} ClassicService;

/* What a managed service lets in at its public door; private endpoints are not asked. */
typedef struct {
    bool present;
    PlaceId *subnets; /* by service endpoint; sorted */
    uint32_t subnet_count;
    Prefix *ranges; /* of public addresses */
    uint32_t range_count;
    uint32_t element;
} ServiceFirewall;

typedef struct {
    uint32_t group;                 /* 1 + index in groups, or 0: everything passes */
    const Kind *const *services;    /* that it has service endpoints for, NULL-terminated; NULL: none */
    bool private_endpoint_policies; /* groups and routes also hold for private endpoints in it */
    bool default_outbound;          /* machines without a public address still get out by one of the provider's */
    uint32_t element;               /* that decides when they do not */
} AzureSubnet;

typedef struct {
    uint32_t group; /* at its interfaces, as above */
    bool basic_ip;  /* its public address is open where no group stands; standard ones are closed there */
    ClassicService classic;
    ServiceFirewall firewall;
} AzureComponent;

typedef struct {
    ControlStyle style;
    NsgRules inbound, outbound; /* admin rules, before all groups */
    Prefix *ranges;             /* of the tag VirtualNetwork, but the prefixes of written routes */
    uint32_t range_count;
} AzureNetwork;

/* NULL tables where the model has no such network. */
typedef struct {
    NetworkSecurityGroup *groups; /* by name */
    uint32_t group_count;
    AzureNetwork *networks;     /* beside model->networks */
    AzureSubnet *subnets;       /* by PlaceId */
    AzureComponent *components; /* by ComponentId */
} AzureControls;

/* "300 allow tcp/8080 from site[westeurope].web"; allocated. */
struct Model;
char *nsg_rule_text(const struct Model *model, const NsgRule *rule);

#endif
