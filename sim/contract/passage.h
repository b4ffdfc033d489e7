/* passage.h - how traffic passes a kind: what reach/ asks of it. Pure: no state of a run, no clock.
 *
 * reach/ walks from element to element; at each component it asks the kind's Passage what comes out for headers that
 * come in. Kinds never test for a provider: what differs by provider is a field whose default comes from the
 * provider's file. */
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
    PASSAGE_ORIGINATES  /* only a source (a population) */
} PassageMode;

/* Where the kind stands in the network. */
typedef enum {
    ATTACH_SUBNETS, /* has interfaces in subnets, with security groups: decided hop by hop */
    ATTACH_EDGE,    /* provider's edge with public addresses, outside every network; always answers the internet */
    ATTACH_OUTSIDE, /* on the internet or at a site */
    ATTACH_NAME     /* provider's name service: reachable by everyone, not blockable by groups (semantics B.1) */
} Attachment;

typedef struct {
    PassageMode mode;
    Attachment attachment;
    bool keeps_client_address; /* behind it, filters see the client's address instead of its own */
} Passage;

#endif
