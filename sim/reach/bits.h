/* bits.h - the parts of a ReachBits (private to reach/).
 *
 * Who reaches whom factors. The way between two places (routes, ACLs, gateways, what is down) depends on subnets; what
 * a security group says depends on components; both are far fewer than pairs of classes. Within a network, and between
 * two that are joined, private addresses are used, and groups may name groups: one Block of bits. Everywhere else
 * public addresses are used, which all look alike, so a connection is a client that gets out and a server that lets in.
 */
#ifndef FAULTLINE_REACH_BITS_H
#define FAULTLINE_REACH_BITS_H

#include "reach/walk.h"

typedef uint64_t Word;
enum { WORD_BITS = 64 };

static inline uint32_t words_for(uint32_t bits) { return (bits + WORD_BITS - 1) / WORD_BITS; }
static inline bool bit_get(const Word *bits, uint32_t i) { return bits[i / WORD_BITS] >> (i % WORD_BITS) & 1; }
static inline void bit_set(Word *bits, uint32_t i) { bits[i / WORD_BITS] |= (Word)1 << (i % WORD_BITS); }
static inline void bit_put(Word *bits, uint32_t i, bool on) {
    bits[i / WORD_BITS] = (bits[i / WORD_BITS] & ~((Word)1 << (i % WORD_BITS))) | (Word)on << (i % WORD_BITS);
}

/* Classes of one component in one network that filters treat alike: neighbours, because classes are sorted by
 * component. Where subnets have filters that say more than a way does (Azure), each class is a team of its own. */
typedef struct {
    ComponentId component;
    uint32_t first, count; /* local numbers */
} Team;

/* One network: its classes under local numbers, in the order of their ids. */
typedef struct {
    ClassId *classes;
    uint32_t count, words;
    Team *teams;
    uint32_t team_count;
    uint32_t *team_of; /* by local number */
    PlaceId *subnets;  /* one several times, where clients of it connect from different ports and ACLs care */
    uint32_t subnet_count;
    uint32_t *subnet_of; /* by local number: index in subnets */
    Word *subnet_masks;  /* subnet_count rows of `words` */
    ClassId *some_class; /* by subnet: any class in it */
    bool has_acls, has_appliances;
    bool has_site;  /* joined to one: there it may meet networks that it is not joined to */
    uint32_t *like; /* by service: the first one that no ACL of the network tells apart from it */
} Net;

/* Everything between the classes of one network (rows) and of another or the same (columns), for each service. */
typedef struct {
    uint32_t from, to; /* networks */
    uint32_t families; /* 1: IPv4; 2: both networks have IPv6 as well, and either will do */
    Word *rows;        /* [service][class of from] -> classes of to that it reaches */
    Word *paths;       /* [service][family][subnet of from] -> classes of to to which there is a way */
    Word *lets_in;  /* [service][family][team of to] -> classes of from that its filters, listener and state let in */
    Word *lets_out; /* [service][family][team of from] -> classes of to that its filters and state let out */
    Word *agreed;   /* [service][family][class of from] -> classes of to: filters of both ends let pass */
    bool by_pairs;  /* does not factor: every pair is asked, and of the above only rows is used */
    bool
        *hidden; /* [subnet of from][subnet of to]: between which something translates or passes on: asked one by one */
} Block;

/* The entries of one direction of an ACL that the bits know of. */
typedef struct {
    AclRule *rules;
    uint32_t count;
} AclSeen;

struct ReachBits {
    const Reach *reach;
    const NetState *state;
    Service *services;
    uint32_t service_count;
    bool has_acls;   /* of some network */
    uint32_t *local; /* by class inside: local number */
    Net *nets;
    Block **block_of;      /* [from][to], NULL: not joined */
    uint32_t *outsiders;   /* parties outside every network, the internet last */
    uint32_t *outsider_at; /* by party: where it is in outsiders */
    uint32_t outsider_count, party_words;
    Word *outside_to;  /* [service][outsider] -> parties that it reaches */
    Word *to_outside;  /* [service][outsider] -> parties that reach it */
    uint32_t *exits;   /* by class: the NAT gateway (a party) by which it is seen outside now, or NO_PARTY */
    Word *behind_nat;  /* [service] -> classes that answer public clients behind a NAT gateway */
    AclSeen *seen;     /* 2 an ACL: outbound, inbound */
    uint32_t *through; /* by service: the first that no ACL of a network with appliances tells apart from it */
};

Block *block_new(const ReachBits *bits, uint32_t from, uint32_t to);
void block_free(Block *block);
/* The rules of a component changed. */
void block_follow(const ReachBits *bits, Block *block, ComponentId component);
/* Ways from and to the subnets that are `touched` (by place) changed, for those services. */
void block_follow_subnets(const ReachBits *bits, Block *block, const bool *touched, const bool *services);
/* bits.c, for bits_follow.c */
void bits_fill(ReachBits *bits);
void bits_clear(ReachBits *bits);
void bits_ask_outside(ReachBits *bits, uint32_t service, ClassId id); /* between the class and those outside */
/* bits_acls.c: which services ACLs tell apart, and what a changed one may mean. */
void bits_acls_init(ReachBits *bits);
void bits_acls_clear(ReachBits *bits);
/* Sets services[i] for each that the entries of now may treat otherwise than those seen, and sees them. */
void bits_acls_follow(ReachBits *bits, uint32_t acl, const bool *touched, bool *services);
static inline const Word *block_row(const ReachBits *bits, const Block *block, uint32_t service, uint32_t local) {
    return block->rows + ((size_t)service * bits->nets[block->from].count + local) * bits->nets[block->to].words;
}

#endif
