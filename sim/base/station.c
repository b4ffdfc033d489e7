/* station.c - the plan of a first-come-first-served queue: a heap of free times and a ring of starts. */
#include "base/station.h"

#include <glib.h>
#include <string.h>

#include "base/bug.h"

/* Rings no longer than this have all their room from the beginning. */
enum { SMALL_RING = 64, HEAP_ARITY = 4 };

/* ---- the heap of free times ---- */

/* Let `value` sink from slot i. */
static void heap_sink(int64_t *heap, uint32_t size, uint32_t i, int64_t value) {
    for (;;) {
        uint64_t first = (uint64_t)i * HEAP_ARITY + 1, last = first + HEAP_ARITY;
        if (first >= size)
            break;
        uint64_t least = first;
        for (uint64_t child = first + 1; child < last && child < size; child++)
            least = heap[child] < heap[least] ? child : least;
        if (heap[least] >= value)
            break;
        heap[i] = heap[least];
        i = (uint32_t)least;
    }
    heap[i] = value;
}

static void heap_rise(int64_t *heap, uint32_t i, int64_t value) {
    while (i > 0 && heap[(i - 1) / HEAP_ARITY] > value) {
        heap[i] = heap[(i - 1) / HEAP_ARITY];
        i = (i - 1) / HEAP_ARITY;
    }
    heap[i] = value;
}

static void server_add(Station *station, int64_t free_at) {
    if (station->servers == station->room) {
        station->room = MAX(2 * station->room, 4);
        station->free_at = g_renew(int64_t, station->free_at, station->room);
    }
    heap_rise(station->free_at, station->servers++, free_at);
}

/* Forget the ends that have come. */
static void drains_settle(Station *station, SimTime now) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < station->drains; i++) {
        if (station->draining[i] > now.ns)
            station->draining[kept++] = station->draining[i];
    }
    station->drains = kept;
}

/* Take away the server that is free first; what it still has to do is drained. */
static void server_remove(Station *station, SimTime now) {
    int64_t free_at = station->free_at[0];
    int64_t moved = station->free_at[--station->servers];
    if (station->servers > 0)
        heap_sink(station->free_at, station->servers, 0, moved);
    if (free_at <= now.ns)
        return;
    drains_settle(station, now);
    if (station->drains == station->drain_room) {
        station->drain_room = MAX(2 * station->drain_room, 4);
        station->draining = g_renew(int64_t, station->draining, station->drain_room);
    }
    station->draining[station->drains++] = free_at;
}

/* A server more: of those that are leaving the one that would stay longest, or else a new one. So the servers that stay
 * are always those that are busy longest, and while one is leaving no other is idle. */
static void server_return(Station *station, SimTime now) {
    drains_settle(station, now);
    if (station->drains == 0) {
        server_add(station, now.ns);
        return;
    }
    uint32_t latest = 0;
    for (uint32_t i = 1; i < station->drains; i++)
        latest = station->draining[i] > station->draining[latest] ? i : latest;
    server_add(station, station->draining[latest]);
    station->draining[latest] = station->draining[--station->drains];
}

/* ---- the ring of starts ---- */

static int64_t *ring_at(const Station *station, uint64_t index) {
    return &station->starts[index & (station->ring_size - 1)];
}

static void ring_reserve(Station *station, uint64_t size) {
    int64_t *starts = g_new(int64_t, size);
    for (uint64_t i = station->head; i < station->tail; i++)
        starts[i & (size - 1)] = *ring_at(station, i);
    g_free(station->starts);
    station->starts = starts;
    station->ring_size = size;
}

static void ring_push(Station *station, int64_t start) {
    if (station->tail - station->head == station->ring_size)
        ring_reserve(station, MAX(2 * station->ring_size, SMALL_RING));
    *ring_at(station, station->tail++) = start;
}

/* Let time pass: waiting jobs whose start has come are waiting no more, and the integral grows step by step. */
static void advance(Station *station, SimTime now) {
    BUG_IF(now.ns < station->now.ns, "a station's time runs backwards");
    if (station->head == station->tail) { /* nothing waits, as mostly */
        station->now = now;
        return;
    }
    while (station->head < station->tail && *ring_at(station, station->head) <= now.ns) {
        int64_t start = *ring_at(station, station->head);
        station->queue_area += (StationSum)(station->tail - station->head) * (start - station->now.ns);
        station->now.ns = start;
        station->head++;
    }
    station->queue_area += (StationSum)(station->tail - station->head) * (now.ns - station->now.ns);
    station->now = now;
}

/* ---- what is planned beyond `now` ---- */

static StationSum sum_beyond(const int64_t *ends, uint32_t count, SimTime now) {
    StationSum sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += ends[i] > now.ns ? ends[i] - now.ns : 0;
    return sum;
}

/* A server with a free time in the future works without a break until then, so this is all the work that is left. */
static StationSum work_left(const Station *station, SimTime now) {
    return sum_beyond(station->free_at, station->servers, now) + sum_beyond(station->draining, station->drains, now);
}

static StationSum wait_left(const Station *station, SimTime now) {
    StationSum sum = 0;
    for (uint64_t i = station->head; i < station->tail; i++)
        sum += *ring_at(station, i) > now.ns ? *ring_at(station, i) - now.ns : 0;
    return sum;
}

/* Forget everything planned beyond `now`: no jobs, all servers free. */
static void unplan(Station *station, SimTime now) {
    advance(station, now);
    station->busy_planned -= work_left(station, now);
    station->wait_planned -= wait_left(station, now);
    station->head = station->tail;
    station->drains = 0;
    station->is_stale = false;
    for (uint32_t i = 0; i < station->servers; i++)
        station->free_at[i] = now.ns;
}

/* Put a job on the server that is free first. */
static void plan(Station *station, SimTime now, SimTime work, SimTime *start, SimTime *finish) {
    *start = station->servers == 0 ? SIMTIME_NEVER : simtime_max(now, SIMTIME_NS(station->free_at[0]));
    *finish = simtime_add(*start, work);
    if (station->servers > 0)
        heap_sink(station->free_at, station->servers, 0, finish->ns);
    if (start->ns > now.ns)
        ring_push(station, start->ns);
    station->wait_planned += start->ns - now.ns;
    station->busy_planned += finish->ns - start->ns;
}

/* ---- the door ---- */

void station_init(Station *station, uint32_t servers, uint32_t limit) {
    *station = (Station){.limit = limit, .room = servers};
    station->free_at = g_new0(int64_t, servers);
    station->servers = servers;
    uint64_t size = 1;
    while (size < limit && size < SMALL_RING)
        size *= 2;
    ring_reserve(station, size);
}

void station_clear(Station *station) {
    g_free(station->free_at);
    g_free(station->draining);
    g_free(station->starts);
    *station = (Station){0};
}

bool station_offer(Station *station, SimTime now, SimTime work, SimTime *start, SimTime *finish) {
    BUG_IF(station->is_stale, "a station whose servers changed under waiting jobs was not restored");
    BUG_IF(work.ns < 0, "negative work");
    advance(station, now);
    bool waits = station->servers == 0 || station->free_at[0] > now.ns;
    if (waits && station->limit != UINT32_MAX && station->tail - station->head >= station->limit) {
        station->rejected++;
        return false;
    }
    plan(station, now, work, start, finish);
    station->accepted++;
    return true;
}

void station_drop_all(Station *station, SimTime now) { unplan(station, now); }

/* More jobs under way than servers: those that finish first are on the servers that leave. */
static void restore_started(Station *station, SimTime now, StationJob *jobs, uint32_t count) {
    uint32_t servers = station->servers;
    station->servers = 0;
    for (uint32_t j = 0; j < count; j++) {
        if (!jobs[j].started)
            continue;
        jobs[j].start = now;
        jobs[j].finish = simtime_add(now, jobs[j].left);
        station->busy_planned += jobs[j].finish.ns - now.ns;
        server_add(station, jobs[j].finish.ns);
    }
    while (station->servers < servers)
        server_add(station, now.ns);
    while (station->servers > servers)
        server_remove(station, now);
}

void station_restore(Station *station, SimTime now, StationJob *jobs, uint32_t count) {
    unplan(station, now);
    restore_started(station, now, jobs, count);
    for (uint32_t j = 0; j < count; j++) {
        if (!jobs[j].started)
            plan(station, now, jobs[j].left, &jobs[j].start, &jobs[j].finish);
    }
}

bool station_grow(Station *station, SimTime now, uint32_t more) {
    advance(station, now);
    for (; more > 0; more--)
        server_return(station, now);
    station->is_stale = station->head < station->tail;
    return station->is_stale;
}

bool station_shrink(Station *station, SimTime now, uint32_t fewer) {
    BUG_IF(fewer > station->servers, "more servers taken than there are");
    advance(station, now);
    for (; fewer > 0; fewer--)
        server_remove(station, now);
    station->is_stale = station->head < station->tail;
    return station->is_stale;
}

uint32_t station_waiting(Station *station, SimTime now) {
    advance(station, now);
    return (uint32_t)(station->tail - station->head);
}

uint32_t station_working(const Station *station, SimTime now) {
    uint32_t working = 0;
    for (uint32_t i = 0; i < station->servers; i++)
        working += station->free_at[i] > now.ns;
    for (uint32_t i = 0; i < station->drains; i++)
        working += station->draining[i] > now.ns;
    return working;
}

SimTime station_next_start(const Station *station, SimTime now) {
    return station->servers == 0 ? SIMTIME_NEVER : simtime_max(now, SIMTIME_NS(station->free_at[0]));
}

StationSum station_busy(const Station *station, SimTime now) { return station->busy_planned - work_left(station, now); }

StationSum station_waited(const Station *station, SimTime now) {
    return station->wait_planned - wait_left(station, now);
}

StationSum station_queue_area(Station *station, SimTime now) {
    advance(station, now);
    return station->queue_area;
}
