/* world.h - the model in motion: one run. The door of world/.
 *
 * A World is made once for a model and run once per replication; nothing of one run is left in the next. It reports
 * facts (contract/observe.h) to observers and keeps no statistics of its own beyond the counts that prove its ledger.
 * Given the same model and luck a run hands out the same events in the same order: world_digest. */
#ifndef FAULTLINE_WORLD_WORLD_H
#define FAULTLINE_WORLD_WORLD_H

#include <stdint.h>

#include "base/luck.h"
#include "contract/cost.h"
#include "contract/ctx.h"
#include "contract/observe.h"
#include "model/model.h"
#include "reach/netstate.h"
#include "reach/reach.h"

typedef struct World World;

typedef struct {
    uint64_t wants; /* FACT_BITs */
    void (*see)(void *user, const Fact *fact);
    void *user;
} Observer;

/* Somebody who looks at the world at an instant, after everything of that instant has happened. */
typedef struct {
    SimTime at;
    void (*look)(void *user, const World *world);
    void *user;
} Look;

World *world_new(const Model *model, const Reach *reach); /* both borrowed */
void world_free(World *world);

/* One run up to model->run.until. Looks need not be sorted. The ledger is checked at the end: arrived = completed +
 * broken + active, per population (a BUG otherwise). Cost: between two and three events a request. */
void world_run(World *world, Luck luck, const Observer *observers, uint32_t observer_count, const Look *looks,
               uint32_t look_count);

/* What may be asked during a look and after a run. */
const Model *world_model(const World *world);
SimTime world_now(const World *world);
const UnitView *world_unit(const World *world, UnitId unit);
const NetState *world_netstate(const World *world);
/* Does a machine of that class work whose image has the agent; or (`unguarded`) one whose image has none yet? */
bool world_runs(World *world, ClassId id, bool unguarded);
bool world_component_owned(const World *world, ComponentId component);
bool world_fault_holds(const World *world, uint32_t timeline_event);

/* What is down by itself, in the order in which it failed: a clock of a law (failure_name), and what it takes along. */
typedef struct {
    uint32_t law, clock;
    FailureMode mode;
} WorldFailure;
uint32_t world_failures(const World *world);
WorldFailure world_failure(const World *world, uint32_t i);
/* Does it take that part of its law down? */
bool world_failure_takes(const FailureLaw *law, WorldFailure failure, uint32_t part);

/* Crossings between two components since the start of the run. */
typedef struct {
    uint64_t tried, failed;
} Traffic;
Traffic world_traffic(const World *world, ComponentId from, ComponentId to);

/* Requests met by, and turned away from, each component since the start of the run. */
typedef struct {
    uint64_t met, turned_away;
} Meetings;
Meetings world_meetings(const World *world, ComponentId component);
/* Bytes that crossed, by the kind of boundary, since the start of the run; what a service copies to another region on
 * the provider's plane included. */
uint64_t world_bytes(const World *world, LinkScope scope);

/* Bytes that a component looked at or passed on, of those that bill them, since the start of the run. */
uint64_t world_inspected(const World *world, ComponentId component);

typedef struct {
    uint64_t arrived, completed, broken, active;
} PopulationLedger;
PopulationLedger world_ledger(const World *world, ComponentId population);

typedef struct {
    uint64_t events, requests;  /* events executed; requests that got an answer, good or not */
    uint64_t sessions_peak;     /* live at a time */
    uint64_t bytes_per_session; /* memory of one live session, its pending event included */
} WorldEffort;
WorldEffort world_effort(const World *world);
uint64_t world_digest(const World *world); /* of the order of all events */

#endif
