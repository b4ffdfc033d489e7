/* passage.h - how traffic passes a kind: what reach/ asks of it. Pure: no state of a run, no clock.
 *
 * reach/ walks from element to element; at each component it asks the kind's Passage, and what the spec adds to it
 * (PassageFacts), what becomes of a packet there. Kinds never test for a provider: what differs by provider is a field
 * whose default comes from the provider's file. */
#ifndef FAULTLINE_CONTRACT_PASSAGE_H
#define FAULTLINE_CONTRACT_PASSAGE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    PASSAGE_TERMINATES, /* connections end here; it opens new ones of its own (servers, balancers that proxy, stores) */
    PASSAGE_FORWARDS,   /* packets pass unchanged; the client's address is seen behind it */
    PASSAGE_TRANSLATES, /* packets pass with a new source address (NAT) or destination (port forwarding) */
    PASSAGE_FILTERS,    /* packets pass or are dropped */
    PASSAGE_ATTACHES,   /* not on the path of packets: a name server, a control */
    PASSAGE_ORIGINATES, /* only a source (a population) */
    PASSAGE_STANDS_FOR  /* its address stands for a provider's service, to which it hands on (an endpoint) */
} PassageMode;

/* Where the kind stands in the network. */
typedef enum {
    ATTACH_SUBNETS, /* has interfaces in subnets, with security groups: decided hop by hop */
    ATTACH_EDGE,    /* provider's edge with public addresses, outside every network; always answers the internet */
    ATTACH_OUTSIDE, /* on the internet */
    ATTACH_NAME,    /* provider's name service: reachable by everyone, not blockable by groups (semantics B.1) */
    ATTACH_SERVICE, /* provider's regional service: public names outside every network; its place is the region. Reached
                     * over the internet, or by an endpoint; its traffic inside the provider's plane is not seen here */
    ATTACH_NETWORK, /* belongs to a network, but has no interface in it: named by routes (a gateway endpoint) */
    ATTACH_SITE,    /* has an interface in the network of a site */
    ATTACH_JOIN     /* joins networks; stands under connections: */
} Attachment;

/* ATTACH_JOIN: what it does with packets. */
typedef enum {
    JOIN_NONE,
    JOIN_PEERING, /* between two networks, and no further */
    JOIN_LINE,    /* from the private gateway of a network, or a hub, to a site */
    JOIN_HUB,     /* between any number, by route tables of its own */
    JOIN_OVERLAY  /* between machines on which an agent runs, through others that carry, whatever networks route */
} JoinShape;

/* ATTACH_SUBNETS: which security groups stand before its interfaces. */
typedef enum {
    GROUPS_OWN,   /* those it names, else the one of its own name */
    GROUPS_NAMED, /* those it names, else none */
    GROUPS_NEVER
} GroupUse;

typedef struct {
    PassageMode mode;
    Attachment attachment;
    bool keeps_client_address; /* behind it, filters see the client's address instead of its own */
    GroupUse groups;
    bool no_public_address; /* its interfaces have no public address wherever they are (functions in a network) */
    bool subnet_optional;   /* ATTACH_SUBNETS: without one it connects from the provider's own network, as from the
                             * internet, and nothing connects to it (functions) */
    JoinShape join;
    bool relays;  /* PASSAGE_TERMINATES: opens connections for whoever connects to it (a proxy, a bastion) */
    bool manages; /* meant to be connected to at ports of management, so that other hosts need not be (a bastion) */
} Passage;

/* What becomes of a line's prefixes when all of its units are down. */
typedef enum {
    LINE_WITHDRAWS, /* noticed after a while, and withdrawn: other lines are used */
    LINE_KEEPS      /* never noticed: packets go into it and are lost */
} LineLoss;

/* What a line is preferred for at equal prefixes; the least wins (semantics B.3, private gateways). */
typedef enum { RANK_DIRECT, RANK_STATIC, RANK_LEARNT } LineRank;

/* PASSAGE_FORWARDS: which packets go on under its own address, so that their answers come back to it. */
typedef enum {
    HIDES_NOBODY,
    HIDES_TO_INTERNET, /* those to public addresses */
    HIDES_EVERYBODY
} Hides;

/* ATTACH_OUTSIDE: how it is called. A bare address is asked for at no name service; a tunnel hides in questions to the
 * name service, which the provider's resolver passes on past every filter and route (semantics P-19). */
typedef enum { CALLED_BY_NAME, CALLED_BY_ADDRESS, CALLED_BY_QUESTIONS } CalledBy;

/* Who asks for a service by its name and is given the endpoint's address. */
typedef enum { NAMES_JOINED, NAMES_NETWORK, NAMES_NOBODY } EndpointNames;

/* What a spec adds. All zero: the plain thing. */
typedef struct {
    bool stateless;            /* PASSAGE_FORWARDS: looks at each packet by itself, so ways there and back may differ */
    bool bypassed;             /* PASSAGE_FORWARDS: packets pass it when it is down */
    Hides hides;               /* PASSAGE_FORWARDS, not stateless; IPv4 only */
    bool lends_gateway;        /* peerings: a network without a private gateway uses the other one's */
    bool keeps_client_address; /* balancers: behind it, filters see the client's address and not its own */
    const char *service;       /* endpoints: the kind, or the component, that it leads to */
    EndpointNames names;       /* endpoints with interfaces */
    LineRank rank;             /* lines */
    LineLoss loss;             /* lines */
    CalledBy called;           /* what others run */
    uint8_t carrier_protocol;  /* overlays: of net/ports.h; what its tunnels look like from outside */
    uint16_t carrier_port;     /* overlays: where its nodes answer */
} PassageFacts;

/* net.ipv4.ip_local_port_range of Linux. Other sources (semantics B.2): balancers, NAT gateways and functions of AWS
 * 1024-65535, Windows 49152-65535. */
enum { CLIENT_PORTS_FIRST = 32768, CLIENT_PORTS_LAST = 60999 };

#endif
