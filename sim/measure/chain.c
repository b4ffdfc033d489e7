/* chain.c - two maps: broken sessions, and replacements that wait. */
#include "measure/chain.h"

void chain_clear(Chain *chain) {
    timemap_clear(&chain->broken);
    timemap_clear(&chain->waiting);
}

void chain_empty(Chain *chain) {
    timemap_empty(&chain->broken);
    timemap_empty(&chain->waiting);
}

bool chain_see(Chain *chain, const Fact *fact, SimTime *since) {
    uint64_t session = timemap_session(fact->component, fact->subject);
    SimTime first = fact->at;
    switch (fact->kind) {
    case FACT_BROKEN:
        if (fact->other != UINT32_MAX)
            timemap_take(&chain->waiting, session, &first); /* a replacement that broke, too: the user waits on */
        timemap_put(&chain->broken, session, first);
        return false;
    case FACT_ARRIVED:
        if (fact->other != UINT32_MAX &&
            timemap_take(&chain->broken, timemap_session(fact->component, fact->other), &first))
            timemap_put(&chain->waiting, session, first);
        return false;
    case FACT_ESTABLISHED: return fact->other != UINT32_MAX && timemap_take(&chain->waiting, session, since);
    default: return false;
    }
}
