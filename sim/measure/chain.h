/* chain.h - follows users who come back: from a broken session to the one that replaces it, however often (private). */
#ifndef FAULTLINE_MEASURE_CHAIN_H
#define FAULTLINE_MEASURE_CHAIN_H

#include "contract/observe.h"
#include "measure/timemap.h"

/* Facts to show it. */
#define CHAIN_FACTS (FACT_BIT(FACT_ARRIVED) | FACT_BIT(FACT_ESTABLISHED) | FACT_BIT(FACT_BROKEN))

/* Zeroed is ready. Both map a session to the instant at which the first of its chain broke. */
typedef struct {
    TimeMap broken;  /* broken sessions that nobody has replaced */
    TimeMap waiting; /* replacements without a good answer so far */
} Chain;

void chain_clear(Chain *chain);
void chain_empty(Chain *chain);
/* True when this fact ends a wait: a replacement has its first good answer; *since is when its user was first thrown
 * out. */
bool chain_see(Chain *chain, const Fact *fact, SimTime *since);

#endif
