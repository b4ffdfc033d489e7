/* station.h - a first-come-first-served queue with several servers, planned ahead.
 *
 * First come, first served means that a job's start and finish are known the moment it arrives: it starts when the
 * first server is free. So a station needs no events of its own; the caller schedules the finish if it cares. When
 * the plan breaks (speed, number of servers, jobs that go away) the caller hands back the jobs that are left and gets a
 * new plan. Jobs are not kept here, only when servers are free and when waiting jobs start.
 *
 * A server that becomes free at an instant takes a job that arrives at it. Time never runs backwards: each `now` is at
 * or after the one before (a BUG otherwise). Memory: 8 bytes a server, 8 bytes a waiting job; the room for waiting
 * jobs is doubled when needed (at most up to the limit) and kept. */
#ifndef FAULTLINE_BASE_STATION_H
#define FAULTLINE_BASE_STATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/int128.h"
#include "base/simtime.h"

typedef Int128 StationSum; /* exact sum of ns over servers or jobs */

/* Members are private to station.c. */
typedef struct {
    int64_t *free_at; /* when each server is free: a heap of four children, the earliest on top */
    uint32_t servers, room;
    int64_t *draining; /* ends of jobs on servers that were taken away under them */
    uint32_t drains, drain_room;
    int64_t *starts; /* ring: planned starts of the waiting jobs, ascending; ring_size is a power of two */
    uint64_t head, tail;
    uint64_t ring_size;
    uint32_t limit;
    bool is_stale; /* station_grow or station_shrink broke the plan of jobs that wait */
    SimTime now;
    uint64_t accepted, rejected;
    StationSum busy_planned, wait_planned; /* of all accepted jobs, as far as planned */
    StationSum queue_area;                 /* integral of the number waiting, up to `now` */
} Station;

/* `servers` >= 0 all free; at most `limit` jobs wait (UINT32_MAX: no limit). station_clear frees the memory. */
void station_init(Station *station, uint32_t servers, uint32_t limit);
void station_clear(Station *station);

/* A job that needs `work` on one server arrives. True: it will run from *start to *finish. False: the room to wait in
 * is full, nothing is changed but the count of rejects. O(log servers). */
bool station_offer(Station *station, SimTime now, SimTime work, SimTime *start, SimTime *finish);

/* All jobs are gone at once; every server is free. O(servers). */
void station_drop_all(Station *station, SimTime now);

/* A job that is still in the system. */
typedef struct {
    SimTime left;          /* in: work still to be done, at today's speed */
    bool started;          /* in: it is on a server */
    SimTime start, finish; /* out: the new plan; start is `now` for one that had started */
} StationJob;

/* Plan anew from `now`: `jobs` are all that are left, in order of arrival. Started ones go on (on servers that are
 * leaving, if there are more of them than servers); jobs that are not in the list are forgotten. The limit does not
 * apply: these were let in. O((servers + jobs) log servers). */
void station_restore(Station *station, SimTime now, StationJob *jobs, uint32_t count);

/* More servers, or fewer: idle ones leave first, then those that finish soonest, each after its job; a server that is
 * still leaving stays when one is added. True when jobs were waiting: then their plan no longer holds, and
 * station_restore must come before anything else. O(log servers), O(servers leaving) when busy ones leave. */
bool station_grow(Station *station, SimTime now, uint32_t more);
bool station_shrink(Station *station, SimTime now, uint32_t fewer);

/* Jobs that wait at `now`; servers at work at `now` (leaving ones, too; O(servers)). */
uint32_t station_waiting(Station *station, SimTime now);
uint32_t station_working(const Station *station, SimTime now);
/* When the next job would start, if it came at `now`. O(1). */
SimTime station_next_start(const Station *station, SimTime now);

/* Service given up to `now`, summed over servers: O(servers). */
StationSum station_busy(const Station *station, SimTime now);
/* Time spent waiting up to `now`, summed over jobs, and the same as integral of the number waiting over time: equal by
 * Little's law, and computed on different ways. O(waiting). */
StationSum station_waited(const Station *station, SimTime now);
StationSum station_queue_area(Station *station, SimTime now);
static inline uint64_t station_accepted(const Station *station) { return station->accepted; }
static inline uint64_t station_rejected(const Station *station) { return station->rejected; }

#endif
