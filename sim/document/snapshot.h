/* snapshot.h - the state of the world at one instant, copied out during a run so that it can be drawn later. */
#ifndef FAULTLINE_DOCUMENT_SNAPSHOT_H
#define FAULTLINE_DOCUMENT_SNAPSHOT_H

#include <glib.h>

#include "reach/closure.h"
#include "world/world.h"

typedef struct {
    const char *name; /* "before", "during", "after" */
    SimTime at, from; /* rates are means over [from, at) */
    bool taken;
    UnitView *units; /* by unit */
    NetState *net;   /* a copy */
    uint32_t component_count;
    bool *owned;        /* by component */
    Traffic *traffic;   /* by pair of components, over the window */
    Meetings *meetings; /* by component, over the window */
    bool *faults;       /* by timeline event: it holds */
    GArray *failures;   /* WorldFailure: what is down by itself */
} Snapshot;

/* A window of `window` before `at`. Nothing is taken before the run reaches it. */
Snapshot *snapshot_new(const Model *model, const char *name, SimTime at, SimTime window);
void snapshot_free(Snapshot *snapshot);
/* What follows from what was owned then; closure_free. NULL: nothing was, or it was not taken. */
Closure *snapshot_closure(const Snapshot *snapshot, const Reach *reach);
/* Two looks of the run that take it: hand both to world_run. */
void snapshot_looks(Snapshot *snapshot, Look looks[2]);

#endif
