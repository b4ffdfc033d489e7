/* copying.h - objects that are put into a store of one region and copied to its other regions, each after a lag of its
 * own (of bucket.c).
 *
 * A copy arrives when its lag is over, if both ends work, the source still copies, and the line between them carries;
 * otherwise it waits, and has a new lag from the instant at which all that holds again. So what had not arrived when
 * its source went down is nowhere else, unless the source comes back. Removals are not copied. */
#ifndef FAULTLINE_KINDS_COPYING_H
#define FAULTLINE_KINDS_COPYING_H

#include <glib.h>

#include "base/law.h"
#include "contract/kind.h"

/* What was put here, until each other copy has it. */
typedef struct {
    SimTime put;
    uint64_t version;
    uint32_t name;
    uint32_t left; /* copies that do not have it yet */
    bool copied;   /* some other copy has it */
} Original;

/* One of them on its way to one copy. */
typedef struct {
    uint32_t original, to; /* index in originals, in copies */
    uint32_t tries;
    bool waits; /* nothing carries it now */
} Crossing;

/* Newest first: the version of each name that was put last, anywhere. Kept by the first copy for all. */
typedef struct {
    uint64_t version;
    SimTime put;
} Newest;

/* One copy's part. */
typedef struct {
    const ComponentId *copies;
    uint32_t count, self; /* self: index in copies */
    uint32_t names;
    bool up;                                 /* as last told */
    Newest *newest;                          /* by name; first copy only */
    uint64_t versions;                       /* put so far, anywhere; first copy only */
    uint64_t *has;                           /* by name: the version that is here; 0: as at the start */
    GArray *originals;                       /* of Original */
    GArray *crossings;                       /* of Crossing */
    GArray *free_originals, *free_crossings; /* of uint32_t: places to use again */
    uint64_t put, arrived;                   /* by this copy; copies that arrived elsewhere */
    int64_t gone;                            /* told of */
    Stream luck;
} Copying;

/* What all copies say alike. */
typedef struct {
    const Law *lag;
    uint32_t names; /* at least 1 */
    int64_t size;   /* bytes of an object */
    Copying *(*of)(void *state);
    bool (*adds)(void *state); /* of the copy that gets one: it now has one object more, and not a new version */
} CopyRules;

void copying_start(Ctx *cx, const CopyRules *rules);
void copying_put(Ctx *cx, const CopyRules *rules, uint32_t name);
void copying_read(Ctx *cx, const CopyRules *rules, uint32_t name);
void copying_on_change(Ctx *cx, const CopyRules *rules);
void copying_on_timer(Ctx *cx, const CopyRules *rules, uint32_t crossing);
/* Checks the ledger: each copy of what was put has arrived, or is on its way. */
void copying_end(Ctx *cx, const CopyRules *rules);

#endif
