/* walk.h - one connection followed through the network, there and back (private to reach/).
 *
 * The walk stands at a spot: where a packet is and how it came there. A step asks the element at the spot, rewrites the
 * packet if the element does, and says which spot is next. Which elements are asked, and in which order, is the
 * provider's: one table of steps each (aws.c). What does not differ by provider (places that are down, cut links,
 * isolation, the internet, listeners) is in walk.c. Plain graph closure would be wrong: peering is not transitive. */
#ifndef FAULTLINE_REACH_WALK_H
#define FAULTLINE_REACH_WALK_H

#include "reach/reach_private.h"

enum { WALK_NATS_MOST = 4, WALK_SEEN_MOST = 8, WALK_KEPT_MOST = 4 };
enum {
    NAT_FIRST = 1024,
    NAT_LAST = 65535
}; /* the ports that a NAT gateway connects from: AWS VPC user guide, vpc-network-acls */

/* One side of a packet: a party, by its public or its private address. */
typedef struct {
    uint32_t party;
    bool public_side;
} Host;

typedef struct {
    Host from, to;
    uint8_t protocol, family;
    uint16_t first, last; /* destination ports: the server's on the way there, all of the client's on the way back */
} Packet;

typedef enum {
    SPOT_LEAVE_HOST,   /* id: the party; about to leave its interface */
    SPOT_LEAVE_SUBNET, /* id: the party whose subnet it leaves */
    SPOT_ROUTER,       /* id: the party whose subnet's table is asked */
    SPOT_GATEWAY_OUT,  /* id: network; at its internet gateway, from inside */
    SPOT_INTERNET,     /* id: unused */
    SPOT_GATEWAY_IN,   /* id: network; at its internet gateway, from outside */
    SPOT_EGRESS_ONLY,  /* id: network; at its egress-only gateway, from inside */
    SPOT_PEERING,      /* id: join; came from walk->network */
    SPOT_PRIVATE_OUT,  /* id: network; at its private gateway, from inside; a site: at its border */
    SPOT_LINE,         /* id: join; came from walk->network, NO_NETWORK: from its hub */
    SPOT_PRIVATE_IN,   /* id: network; at its private gateway, or a site's border, from outside */
    SPOT_HUB,          /* id: join; came by its walk->attachment */
    SPOT_ENDPOINT,     /* id: endpoint; at its gateway, from walk->network or from the service */
    SPOT_ENTER_SUBNET, /* id: the party whose subnet it enters */
    SPOT_ENTER_HOST,   /* id: the party; at its interface, from outside it */
    SPOT_KINDS,
    SPOT_ARRIVED = SPOT_KINDS,
    SPOT_STOPPED /* id: the kind of spot where a step stopped it */
} SpotKind;

typedef struct {
    SpotKind kind;
    uint32_t id;
} Spot;

/* What is remembered of each hop; explain.c turns it into text. */
typedef enum {
    HOP_LEAVES,   /* subject: party */
    HOP_FAMILY6,  /* the connection is by IPv6 */
    HOP_RULE_OUT, /* element; subject: party */
    HOP_RULE_IN,
    HOP_STATE,       /* subject: party; a filter that remembers the connection */
    HOP_SAME_SUBNET, /* subject: party entered */
    HOP_ACL_OUT,     /* element (0: the default ACL); subject: party */
    HOP_ACL_IN,
    HOP_ROUTE,       /* element; subject: party whose table it is */
    HOP_GATEWAY_OUT, /* element; subject: network */
    HOP_GATEWAY_IN,
    HOP_GATEWAY6,    /* subject: network; either way */
    HOP_EGRESS_ONLY, /* subject: network */
    HOP_INTERNET,
    HOP_TRANSLATE, /* element; subject: party of the NAT gateway */
    HOP_RESTORE,
    HOP_PEERING,     /* element; subject: join */
    HOP_PRIVATE_OUT, /* element; subject: network; the line is the next hop */
    HOP_PRIVATE_IN,
    HOP_LINE,     /* element; subject: join */
    HOP_HUB,      /* element: the route; subject: join */
    HOP_ENDPOINT, /* element; subject: component; on to the service */
    HOP_ENDPOINT_BACK,
    HOP_APPLIANCE, /* element; subject: party */
    HOP_BYPASS,    /* element; subject: party; an appliance that is down lets pass */
    HOP_BORDER,    /* element; subject: network of a site */
    HOP_LISTENS,   /* subject: party */
    HOP_NAME,      /* subject: party; names are answered beside the network */
    HOP_BACK,      /* subject: party; the reply is there */
    HOP_NO_NSG,    /* subject: party; no network security group stands before it */
    HOP_RELAYS,    /* subject: party; a balancer that keeps the client's address */
    HOP_RELAYS_BACK,
    HOP_INPUT_ENDPOINT,   /* element; subject: party; a public port becomes one of its own */
    HOP_DEFAULT_OUTBOUND, /* subject: party; leaves by an address of the provider's */
    HOP_SERVICE_ENDPOINT, /* subject: party; called by its subnet's service endpoint */
    HOP_ALLOWLIST,        /* element; subject: party; its own rule */
    HOP_GIVES_NAME,       /* element; subject: party; the name service of its network */
    HOP_POLICY_OUT,       /* element (0: no policy isolates it); subject: party of the pod */
    HOP_POLICY_IN,
    HOP_IDENTITY,      /* subject: party of the caller, which shows its certificate */
    HOP_PLAIN,         /* element: who puts up with it; subject: party of the caller, which shows none */
    HOP_AUTHORIZED,    /* element (0: no policy allows, so all may); subject: party */
    HOP_HOST_FIREWALL, /* element: what it lets in; subject: party */
    HOP_OVERLAY,       /* element; subject: join */
    HOP_OVERLAY_NODE   /* element; subject: party; carries it on */
} HopKind;

typedef struct {
    HopKind kind;
    uint32_t element, subject;
} HopRecord;

/* What on the way of a connection makes filters track it whatever their rules: those of one network, or of all that it
 * passes (NO_NETWORK). `why` NULL: nothing does. */
typedef struct {
    const char *why;
    uint32_t network;
} Remembered;

typedef struct Walk {
    const Reach *reach;
    const NetState *state;
    Packet packet;
    Spot spot;
    bool reply;
    uint16_t port; /* the server's */
    uint16_t client_first, client_last;
    uint32_t network;    /* where the packet is, NO_NETWORK on the internet */
    PlaceId interface;   /* place of the last interface on the way, NO_PLACE before the first */
    uint32_t nat;        /* party that translated on the way there, or NO_PARTY */
    uint32_t client;     /* party that asked */
    uint32_t server;     /* party that it asked for */
    uint32_t relay;      /* party of the balancer on whose behalf the client's address was kept, or NO_PARTY */
    bool probe;          /* a health check, from the provider's own address where it has one */
    bool directly;       /* by a service endpoint */
    bool unguarded;      /* the server's own firewall does not hold */
    bool beneath;        /* a tunnel of an overlay: its agent is at both ends */
    bool seized;         /* whoever asks owns the client */
    uint32_t allowed_by; /* the rule that let the packet in at its end */
    Verdict verdict;
    GArray *hops;    /* of HopRecord, or NULL: nobody wants them */
    bool unfiltered; /* only the way between hosts is asked about: not groups, isolation, listeners */
    uint32_t egress; /* network whose egress-only gateway it left by, or NO_NETWORK */
    bool hub;        /* passed one that joins networks */
    /* An established connection: as things were when it was opened, and what of the way made filters remember it. */
    const NetState *before;
    Remembered remembered;
    uint32_t nat_count, nat_left;   /* of nats; on the way back as many are left */
    uint32_t seen_count, seen_back; /* seen_back: bits of those passed on the way back */
    bool middlebox;                 /* passed something that groups cannot be recognised behind */
    bool appliance;                 /* passed an appliance */
    bool border;                    /* passed the border of a site */
    bool foreign;                   /* came into the network through a gateway, not from one of its interfaces */
    uint32_t service;               /* party of the service that an endpoint stands for, or NO_PARTY */
    uint32_t endpoint;              /* index in endpoints of the gateway endpoint on the way, or NO_JOIN */
    uint32_t attachment;            /* of the hub where it is */
    const char *method, *path;      /* of the request; NULL: of any */
    bool asking;                    /* on behalf of a policy, whose own answer it cannot wait for */
    uint32_t kept_count;
    /* Only as far as their counts say; last, because the rest is cleared for each question, and these need not be. */
    struct {
        uint32_t party;
        Host hidden;
    } nats[WALK_NATS_MOST];        /* translations on the way there, the first of them first; `nat` is the last */
    uint32_t seen[WALK_SEEN_MOST]; /* parties: appliances that remember, passed on the way there */
    struct {
        uint32_t hub, attachment;
        PlaceId zone;
    } kept[WALK_KEPT_MOST]; /* zones by which attachments in appliance mode were entered */
} Walk;

struct ProviderRules {
    const char *name;
    /* Why the filters of an interface do or do not remember a connection, whatever is on its way. NULL: they always do.
     */
    TrackingKind (*tracking)(const NetState *state, const Party *party, bool inbound, const Query *query,
                             const char **why);
    Spot (*step[SPOT_KINDS])(Walk *walk); /* NULL: the common step */
    /* What the table of a subnet does with a packet; `party` stands in that subnet, `subject` is named in the hop. */
    Spot (*route)(Walk *walk, const Party *party, uint32_t subject);
    /* Whether the filters of an interface let pass what is not addressed to it. NULL: it has none. */
    bool (*passes)(const Walk *walk, const Party *party, uint32_t *element);
    bool (*names_stop)(Walk *walk, const Party *asker); /* a filter holds up names: it has stopped. NULL: none can */
    bool answers_follow_routes; /* to the client whose address a balancer kept; else they go back to the balancer */
    bool nat_passes_icmp;       /* NAT gateways translate more than TCP and UDP */
    bool filters_within;        /* what stands around a subnet also stands between its own interfaces */
    bool by_pairs;              /* its verdicts do not factor into ways between subnets and filters of classes */
    /* For bits (bits.h): adds the classes of the network `other` that the filters of a class let in from, or out to.
     * NULL: its security groups say it. */
    void (*lets)(const ReachBits *bits, ClassId own, uint32_t other, uint32_t service, uint8_t family, bool inbound,
                 uint64_t *out);
};
extern const ProviderRules aws_rules, azure_rules, on_premises_rules;

/* The whole of a query. The hops of the way there, then of the way back, are appended to *hops (may be NULL); *there
 * (may be NULL) is how many belong to the former. */
Verdict walk_query(const Reach *reach, const NetState *state, const Query *query, GArray *hops, uint32_t *there);

/* The same, leaving the walk as it ended: the packet, and where it was. */
Verdict walk_ended(const Reach *reach, const NetState *state, const Query *query, Walk *walk);

/* The same for a connection opened as things were `before`. */
Verdict walk_established(const Reach *reach, const NetState *before, const NetState *now, const Query *query,
                         Remembered remembered);
/* The same, and what of the way makes filters remember it; meaningful for what works. */
Verdict walk_remembered(const Reach *reach, const NetState *state, const Query *query, Remembered *remembered);
/* The same for a question that a policy must ask before it can answer another: policies that ask are passed over. */
Verdict walk_asking(const Reach *reach, const NetState *state, Query query);
/* The family by which the query is answered: 4 or 6. */
uint8_t walk_family(const Reach *reach, const NetState *state, const Query *query);

/* egress.c: before a packet leaves. True: the client's own rule, or the name service that it asks, has stopped it. */
bool egress_stops(Walk *walk, const Party *client, const Party *server);
/* overlays.c: the whole way through an overlay, there and back; *there as in walk_query. False: it has stopped. */
bool overlay_walk(Walk *walk, uint32_t overlay, uint32_t from, uint32_t to, uint32_t *there);
/* walk.c, for it: false: the place of walk->spot is down, or the component there cut off, and the walk has stopped. */
bool walk_enter(Walk *walk);
void walk_turn(Walk *walk); /* the answer starts where the request ended, to the address that the server saw */
/* host_firewall.c: does the machine that the packet has come to let it in? False: the walk has stopped. */
bool host_lets_in(Walk *walk, uint32_t party);

/* Whether there is a way at all for packets between the subnets of two classes, whatever they themselves let in or out.
 * *translated: something stands in it that translates, filters or hides who comes. */
bool walk_path(const Reach *reach, const NetState *state, ClassId from, ClassId to, Service service, uint8_t family,
               bool *translated);
/* The last NAT gateway (a party) on the way of a class to the internet, or NO_PARTY. */
uint32_t walk_exit(const Reach *reach, const NetState *state, ClassId from);
/* Whether the server answers a public client behind a NAT gateway of its own. */
bool walk_from_nat(const Reach *reach, const NetState *state, ClassId server, Service service);
/* One network, or two with a peering, a line or a hub between them: there, private addresses are used. */
bool networks_joined(const Reach *reach, uint32_t a, uint32_t b);
/* One network, or two of one region with a peering between them: there, groups may be named. */
bool networks_peered(const Reach *reach, uint32_t a, uint32_t b);

/* Do the filters of this interface remember it for what is on the way? */
static inline bool is_remembered(Remembered remembered, const Party *party) {
    return remembered.why != NULL && (remembered.network == NO_NETWORK || remembered.network == party->network);
}

/* For steps. */
static inline const Party *walk_party(const Walk *walk, uint32_t party) { return &walk->reach->parties[party]; }
static inline Spot spot_at(SpotKind kind, uint32_t id) { return (Spot){kind, id}; }
Spot walk_stop(Walk *walk, VerdictKind kind, const char *code, uint32_t element, PlaceId at);
void walk_remember(Walk *walk, HopKind kind, uint32_t element, uint32_t subject);
static inline void walk_hop(Walk *walk, HopKind kind, uint32_t element, uint32_t subject) {
    if (walk->hops != NULL)
        walk_remember(walk, kind, element, subject);
}
/* The address that elements on the way see: a private one; or a public one, of which nothing is known but that no rule
 * or route singles it out, so that only 0.0.0.0/0 covers it. */
const Prefix *walk_address(const Walk *walk, Host host);
Spot walk_route_from(Walk *walk, const Party *party, uint32_t subject);
/* What it answers on: its own ports, an endpoint those of its services; the provider's own answer where none is said.
 */
bool party_listens(const Reach *reach, const Party *party, uint8_t protocol, uint16_t port);
/* azure_services.c: what the firewall at the public door of a service, if it has one, says of the client. */
bool service_lets_in(const Walk *walk, const Party *service, uint32_t *element);
/* The interface's own: isolation, listener. What is common to every provider when a packet stands before its target. */
Spot walk_deliver(Walk *walk);

#endif
