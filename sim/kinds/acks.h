/* acks.h - the writes that a database has acknowledged lately, for counting what a lag costs (of database.c). */
#ifndef FAULTLINE_KINDS_ACKS_H
#define FAULTLINE_KINDS_ACKS_H

#include <stdbool.h>

#include "base/simtime.h"

/* A request whose plan changes is met again: the latest entry of a request counts. */
typedef struct {
    SimTime at;
    uint32_t population, session, number, attempt;
} Ack;

/* A ring. Of one that does not grow only the latest 65536 are remembered: more in one lag are not seen. */
typedef struct {
    Ack *ring;
    uint64_t count, room; /* all so far; entries in the ring */
    bool grows;
} Acks;

void acks_init(Acks *acks, bool grows);
void acks_clear(Acks *acks);
void acks_add(Acks *acks, Ack ack);
/* How many requests were acknowledged after `since` and not after `until`. O(acks kept). */
int64_t acks_between(const Acks *acks, SimTime since, SimTime until);

#endif
