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

/* The classes of one component in one network: neighbours, because classes are sorted by component. */
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
    PlaceId *subnets; /* one several times, where clients of it connect from different ports and ACLs care */
    uint32_t subnet_count;
    uint32_t *subnet_of; /* by local number: index in subnets */
    Word *subnet_masks;  /* subnet_count rows of `words` */
    ClassId *some_class; /* by subnet: any class in it */
    bool has_acls, has_appliances;
} Net;

/* Indices in the subnets of two networks. */
typedef struct {
    uint32_t from, to;
} SubnetPair;

/* Everything between the classes of one network (rows) and of another or the same (columns), for each service. */
typedef struct {
    uint32_t from, to; /* networks */
    Word *rows;        /* [service][class of from] -> classes of to that it reaches */
    Word *paths;       /* [service][subnet of from] -> classes of to to which there is a way */
    Word *lets_in;     /* [service][team of to] -> classes of from that its groups, listener and state let in */
    Word *lets_out;    /* [service][team of from] -> classes of to that its groups and state let out */
    bool by_pairs;     /* does not factor: every pair is asked, and of the above only rows is used */
    GArray *hidden; /* of SubnetPair: subnets between which a NAT gateway translates, or IPv6 does: asked one by one */
} Block;

struct ReachBits {
    const Reach *reach;
    const NetState *state;
    Service *services;
    uint32_t service_count;
    uint32_t *local; /* by class inside: local number */
    Net *nets;
    Block **block_of;    /* [from][to], NULL: not joined */
    uint32_t *outsiders; /* parties outside every network, the internet last */
    uint32_t outsider_count, party_words;
    Word *outside_to; /* [service][outsider] -> parties that it reaches */
    Word *to_outside; /* [service][outsider] -> parties that reach it */
    uint32_t *exits;  /* by class: the NAT gateway (a party) by which it is seen outside now, or NO_PARTY */
    Word *behind_nat; /* [service] -> classes that answer public clients behind a NAT gateway */
};

Block *block_new(const ReachBits *bits, uint32_t from, uint32_t to);
void block_free(Block *block);
/* The rules of a component changed. */
void block_follow(const ReachBits *bits, Block *block, ComponentId component);
/* Ways from and to the subnets that are `touched` (by place) changed. */
void block_follow_subnets(const ReachBits *bits, Block *block, const bool *touched);
/* bits.c, for bits_follow.c */
void bits_fill(ReachBits *bits);
void bits_clear(ReachBits *bits);
void bits_ask_outside(ReachBits *bits, ClassId id); /* everything between the class and those outside */
static inline const Word *block_row(const ReachBits *bits, const Block *block, uint32_t service, uint32_t local) {
    return block->rows + ((size_t)service * bits->nets[block->from].count + local) * bits->nets[block->to].words;
}

#endif
