/* path.h - the critical path from a fault to the first session that works again, phase by phase (private to measure/).
 *
 * Walks backwards. The recovering success waited for a release: the last thing before it that took away what the
 * sessions failed for just before (path_release). Whatever made the release possible comes next, and so on back to the
 * fault; the table in path.c says what can make what possible. The stretches between are the phases; they add up to the
 * whole, to the nanosecond. */
#ifndef FAULTLINE_MEASURE_PATH_H
#define FAULTLINE_MEASURE_PATH_H

#include <glib.h>

#include "contract/observe.h"
#include "measure/recovery.h"

typedef enum {
    PHASE_REPAIR,       /* until the fault itself was over: when nothing else helped */
    PHASE_DETECT,       /* until somebody's checks see it */
    PHASE_DECIDE,       /* until who has seen it decides to act */
    PHASE_PUBLISH,      /* until the decision is what a name answers */
    PHASE_CLIENT_CACHE, /* until resolvers ask again */
    PHASE_PROMOTE_DATA, /* until another copy takes writes */
    PHASE_PROVISION,    /* until new units run */
    PHASE_WARM_UP,      /* until they are trusted with traffic */
    PHASE_REBALANCE,    /* until the traffic has found its new ways */
    PHASES
} Phase;

const char *phase_name(Phase phase);

/* Facts that can be steps of a path; the rest of a run is of no interest here. */
#define PATH_FACTS                                                                                              \
    (FACT_BIT(FACT_FAULT_ENDED) | FACT_BIT(FACT_RULES) | FACT_BIT(FACT_NOTICED) | FACT_BIT(FACT_DECIDED) |      \
     FACT_BIT(FACT_PUBLISHED) | FACT_BIT(FACT_REFRESHED) | FACT_BIT(FACT_PROMOTING) | FACT_BIT(FACT_PROMOTED) | \
     FACT_BIT(FACT_LAUNCHING) | FACT_BIT(FACT_SERVING) | FACT_BIT(FACT_REBALANCED) | FACT_BIT(FACT_RESPONDED))

typedef struct {
    FactKind kind;
    SimTime at;
    ComponentId component;
    UnitId unit;
    int64_t amount;
    bool inward; /* NOTICED: led to a decision, a promotion or a publication at once, which says the rest;
                  * PUBLISHED: a balancer's own addresses, which are no business of the resolvers in REFRESHED */
} Milestone;

/* The milestones of one replication, in event order. */
typedef struct {
    GArray *milestones; /* Milestone */
    GHashTable *asked;  /* resolver of a population -> published at its last refresh; looked up only */
    uint32_t published;
} Path;

void path_init(Path *path);
void path_clear(Path *path);
void path_empty(Path *path);
/* One of PATH_FACTS. A refresh counts only when it is the resolver's first since a name's answers changed: what it is
 * given later (by weights, say) helps nobody. */
void path_see(Path *path, const Fact *fact);

/* Split [from, success] into phases. `wanted`: what the sessions that failed about then wanted; TRIAL_SERVED: not
 * known, then the last milestone of all counts as the release. A recovery tolerates a few failures: if the last of
 * them, at `trouble`, comes after the success, then the release is the first one after it (within the window), and the
 * path is cut off at the success. SIMTIME_ZERO: there was none. O(milestones x steps). */
void path_split(const Path *path, SimTime from, SimTime success, SimTime trouble, TrialKind wanted,
                SimTime phases[PHASES]);

#endif
