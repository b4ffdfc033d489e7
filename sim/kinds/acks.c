/* acks.c - a ring of acknowledged writes. */
#include "kinds/acks.h"

#include <glib.h>

enum { ACKS_KEPT = 65536 };

void acks_init(Acks *acks, bool grows) {
    *acks = (Acks){.ring = g_new0(Ack, ACKS_KEPT), .room = ACKS_KEPT, .grows = grows};
}

void acks_clear(Acks *acks) { g_free(acks->ring); }

void acks_add(Acks *acks, Ack ack) {
    if (acks->grows && acks->count >= acks->room) {
        Ack *more = g_new0(Ack, 2 * acks->room);
        for (uint64_t i = acks->count - acks->room; i < acks->count; i++)
            more[i % (2 * acks->room)] = acks->ring[i % acks->room];
        g_free(acks->ring);
        acks->ring = more;
        acks->room *= 2;
    }
    acks->ring[acks->count++ % acks->room] = ack;
}

static guint ack_hash(gconstpointer key) {
    const Ack *ack = key;
    return ((ack->population * 31 + ack->session) * 31 + ack->number) * 31 + ack->attempt;
}

static gboolean ack_equal(gconstpointer a, gconstpointer b) {
    const Ack *x = a, *y = b;
    return x->population == y->population && x->session == y->session && x->number == y->number &&
           x->attempt == y->attempt;
}

/* From the newest entry back, so that the first one met of a request is the one that counts. */
int64_t acks_between(const Acks *acks, SimTime since, SimTime until) {
    GHashTable *met = g_hash_table_new(ack_hash, ack_equal);
    uint64_t kept = MIN(acks->count, acks->room);
    int64_t found = 0;
    for (uint64_t i = 0; i < kept; i++) {
        Ack *ack = &acks->ring[(acks->count - 1 - i) % acks->room];
        if (g_hash_table_add(met, ack))
            found += simtime_before(since, ack->at) && !simtime_before(until, ack->at);
    }
    g_hash_table_destroy(met);
    return found;
}
