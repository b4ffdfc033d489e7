/* walk.h - one connection followed through the network, there and back (private to reach/).
 *
 * The walk stands at a spot: where a packet is and how it came there. A step asks the element at the spot, rewrites the
 * packet if the element does, and says which spot is next. Which elements are asked, and in which order, is the
 * provider's: one table of steps each (aws.c). What does not differ by provider (places that are down, cut links,
 * isolation, the internet, listeners) is in walk.c. Plain graph closure would be wrong: peering is not transitive. */
#ifndef FAULTLINE_REACH_WALK_H
#define FAULTLINE_REACH_WALK_H

#include "reach/reach_private.h"

/* One side of a packet: a party, by its public or its private address. */
typedef struct {
    uint32_t party;
    bool public_side;
} Host;

typedef struct {
    Host from, to;
    uint8_t protocol;
    uint16_t first, last; /* destination ports: the server's on the way there, all of the client's on the way back */
} Packet;

typedef enum {
    SPOT_LEAVE_HOST,   /* id: the party; about to leave its interface */
    SPOT_LEAVE_SUBNET, /* id: the party whose subnet it leaves */
    SPOT_ROUTER,       /* id: the party whose subnet's table is asked */
    SPOT_GATEWAY_OUT,  /* id: network; at its internet gateway, from inside */
    SPOT_INTERNET,     /* id: unused */
    SPOT_GATEWAY_IN,   /* id: network; at its internet gateway, from outside */
    SPOT_PEERING,      /* id: peering; came from walk->network */
    SPOT_ENTER_SUBNET, /* id: the party whose subnet it enters */
    SPOT_ENTER_HOST,   /* id: the party; at its interface, from outside it */
    SPOT_KINDS,
    SPOT_ARRIVED = SPOT_KINDS,
    SPOT_STOPPED
} SpotKind;

typedef struct {
    SpotKind kind;
    uint32_t id;
} Spot;

/* What is remembered of each hop; explain.c turns it into text. */
typedef enum {
    HOP_LEAVES,   /* subject: party */
    HOP_RULE_OUT, /* element; subject: party */
    HOP_RULE_IN,
    HOP_STATE,       /* subject: party; a filter that remembers the connection */
    HOP_SAME_SUBNET, /* subject: party entered */
    HOP_ACL_OUT,     /* element (0: the default ACL); subject: party */
    HOP_ACL_IN,
    HOP_ROUTE,       /* element; subject: party whose table it is */
    HOP_GATEWAY_OUT, /* element; subject: network */
    HOP_GATEWAY_IN,
    HOP_INTERNET,
    HOP_TRANSLATE, /* element; subject: party of the NAT gateway */
    HOP_RESTORE,
    HOP_PEERING, /* element; subject: peering */
    HOP_LISTENS, /* subject: party */
    HOP_NAME,    /* subject: party; names are answered beside the network */
    HOP_BACK     /* subject: party; the reply is there */
} HopKind;

typedef struct {
    HopKind kind;
    uint32_t element, subject;
} HopRecord;

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
    Host hidden;         /* who was behind it */
    uint32_t allowed_by; /* the rule that let the packet in at its end */
    Verdict verdict;
    GArray *hops;    /* of HopRecord, or NULL: nobody wants them */
    bool unfiltered; /* only the way is asked about: not groups, isolation, listeners */
} Walk;

struct ProviderRules {
    const char *name;
    Spot (*step[SPOT_KINDS])(Walk *walk); /* NULL: the common step of walk.c */
};
extern const ProviderRules aws_rules;

/* The whole of a query. The hops of the way there, then of the way back, are appended to *hops (may be NULL); *there
 * (may be NULL) is how many belong to the former. */
Verdict walk_query(const Reach *reach, const NetState *state, const Query *query, GArray *hops, uint32_t *there);

/* Whether there is a way at all for packets between the subnets of two classes, whatever they themselves let in or out.
 * *translated: a NAT gateway stands in it. */
bool walk_path(const Reach *reach, const NetState *state, ClassId from, ClassId to, Service service, bool *translated);
/* Whether the server answers a public client behind a NAT gateway of its own. */
bool walk_from_nat(const Reach *reach, const NetState *state, ClassId server, Service service);
/* One network, or two with a peering between them: there, private addresses are used. */
bool networks_joined(const Model *model, uint32_t a, uint32_t b);

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
/* The interface's own: isolation, listener. What is common to every provider when a packet stands before its target. */
Spot walk_deliver(Walk *walk);

#endif
