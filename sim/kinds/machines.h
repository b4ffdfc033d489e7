/* machines.h - the machines of an auto-scaling group: what it has, what it wants, and how it gets there (of
 * instances.c).
 *
 * The group acts on what it ordered and on what its status checks found. Bringing it to the wanted number, evenly over
 * the zones that work, is one thing; replacing all machines by new ones of the present image, a share at a time, is
 * another that builds on it. */
#ifndef FAULTLINE_KINDS_MACHINES_H
#define FAULTLINE_KINDS_MACHINES_H

#include "base/law.h"
#include "base/station.h"
#include "contract/kind.h"

typedef struct {
    int64_t min, start, max;
} InstanceCount;

/* Target tracking; `target` in parts per billion of the workers. */
typedef struct {
    bool enabled;
    int64_t target;
    SimTime every, cooldown;
} Scaling;

/* A refresh that the group makes by itself. */
typedef struct {
    SimTime every, settle;
    int64_t batch;
    bool surge;
} Refresh;

typedef struct {
    InstanceCount count;
    Refresh refresh;
    const char *primary;
    int64_t standby;
    int64_t workers, queue;
    Law service, boot;
    SimTime status_check;
    bool replace;
    int session_state;
    int64_t crash;
    Scaling scaling;
} InstancesSpec;

/* One place for a machine: those that come and go in it are told apart by `launches`. */
typedef struct {
    Station station;
    uint32_t zone;     /* index in zones */
    uint32_t launches; /* generation of the boot timer */
    uint32_t image;    /* that it was launched from */
    int64_t speed;     /* at which the station was planned */
    bool up;           /* the truth, as last told */
} Machine;

/* What the group has in a zone, as far as it knows; counted anew before it acts. */
typedef struct {
    PlaceId place;
    uint32_t size;    /* booting or serving */
    uint32_t vacant;  /* first machine that could be launched */
    uint32_t retires; /* last machine that serves */
} Zone;

typedef struct {
    UnitId first;
    uint32_t count, wanted;
    uint32_t extra; /* launched beyond that, for a refresh that launches first */
    uint32_t image; /* the present one; each refresh has a new one */
    uint32_t round; /* generation of the timer between two shares */
    Order refresh;  /* share 0: none under way */
    bool settling;  /* the last share serves, and has to go on doing so */
    Machine *machines;
    Zone *zones;
    uint32_t zone_count;
    uint32_t size, serving, dead; /* of all zones */
    PlaceId primary;              /* the region without which this group stands by; NO_PLACE: it does not */
    bool asleep;                  /* it does, and that region has not been given up */
    Stream boots;
    uint64_t launched;
    SimTime status_phase, changed; /* `changed`: last scaling */
    StationSum busy_before;        /* busy time of all machines at the last scaling tick */
    bool looking;                  /* a status check that may find something is due */
    bool blocked, unsettled;
} InstancesState;

/* A boot timer's `what` is TIMER_BOOTED + the machine; its subject the launch. */
enum { TIMER_STATUS, TIMER_SCALE, TIMER_BOOTED, TIMER_SETTLED = INT32_MAX - 1, TIMER_REFRESH = INT32_MAX };

const UnitView *machines_unit(const Ctx *cx, const InstancesState *state, uint32_t m);
/* Counts anew what is there. O(machines). */
void machines_count(const Ctx *cx, InstancesState *state);
/* Bring the group to the wanted number, evenly over the zones that work. O(machines) a round, few rounds. */
void machines_reconcile(Ctx *cx, InstancesState *state);

/* There is a new image: `order` says how the machines are replaced. */
void machines_refresh(Ctx *cx, InstancesState *state, Order order);
/* Something of the group has changed: go on with the refresh that is under way, if it is time. */
void machines_refresh_follow(Ctx *cx, InstancesState *state);
void machines_refresh_settled(Ctx *cx, InstancesState *state, uint32_t round); /* on TIMER_SETTLED */

#endif
