/* test_station.c - the plan made ahead is what a queue simulated tick by tick does, whatever is done to it meanwhile.
 */
#include <glib.h>
#include <string.h>

#include "base/luck.h"
#include "base/station.h"

/* ---- the slow twin: every tick, every job ---- */

enum { MOST_JOBS = 400 };
typedef enum { JOB_WAITS, JOB_RUNS, JOB_DONE, JOB_GONE } JobStatus;
typedef struct {
    JobStatus status;
    int64_t left, start, finish;
} SlowJob;

typedef struct {
    SlowJob jobs[MOST_JOBS];
    uint32_t count, servers, limit, rejected;
    int64_t busy, waited;
} Slow;

static uint32_t slow_count(const Slow *slow, JobStatus status) {
    uint32_t count = 0;
    for (uint32_t j = 0; j < slow->count; j++)
        count += slow->jobs[j].status == status;
    return count;
}

static void slow_run(SlowJob *job, int64_t now) {
    job->status = job->left > 0 ? JOB_RUNS : JOB_DONE;
    job->start = job->start < 0 ? now : job->start;
    job->finish = now;
}

static void slow_start_waiting(Slow *slow, int64_t now) {
    for (uint32_t j = 0; j < slow->count; j++) {
        if (slow->jobs[j].status == JOB_WAITS && slow_count(slow, JOB_RUNS) < slow->servers)
            slow_run(&slow->jobs[j], now);
    }
}

/* From now - 1 to now. */
static void slow_tick(Slow *slow, int64_t now) {
    slow->busy += slow_count(slow, JOB_RUNS);
    slow->waited += slow_count(slow, JOB_WAITS);
    for (uint32_t j = 0; j < slow->count; j++) {
        SlowJob *job = &slow->jobs[j];
        if (job->status == JOB_RUNS && --job->left == 0) {
            job->status = JOB_DONE;
            job->finish = now;
        }
    }
    slow_start_waiting(slow, now);
}

static bool slow_offer(Slow *slow, int64_t now, int64_t work) {
    bool waits = slow_count(slow, JOB_RUNS) >= slow->servers;
    if (waits && slow_count(slow, JOB_WAITS) >= slow->limit)
        return false;
    slow->jobs[slow->count++] = (SlowJob){.status = JOB_WAITS, .left = work, .start = -1};
    slow_start_waiting(slow, now);
    return true;
}

/* ---- the station under test, with its caller's list of jobs ---- */

typedef struct {
    Station station;
    int64_t start[MOST_JOBS], finish[MOST_JOBS], work[MOST_JOBS];
    bool gone[MOST_JOBS];
    uint32_t count;
} Fast;

/* Plan anew the jobs that are left, each with `factor` times its work. */
static void fast_restore(Fast *fast, int64_t now, int64_t factor) {
    StationJob jobs[MOST_JOBS];
    uint32_t which[MOST_JOBS], count = 0;
    for (uint32_t j = 0; j < fast->count; j++) {
        if (fast->gone[j] || fast->finish[j] <= now)
            continue;
        bool started = fast->start[j] <= now;
        fast->work[j] = (started ? fast->finish[j] - now : fast->work[j]) * factor;
        jobs[count] = (StationJob){.left = SIMTIME_NS(fast->work[j]), .started = started};
        which[count++] = j;
    }
    station_restore(&fast->station, SIMTIME_NS(now), jobs, count);
    for (uint32_t i = 0; i < count; i++) {
        if (!jobs[i].started)
            fast->start[which[i]] = jobs[i].start.ns;
        fast->finish[which[i]] = jobs[i].finish.ns;
    }
}

static void offer(Fast *fast, Slow *slow, int64_t now, int64_t work) {
    if (fast->count == MOST_JOBS)
        return;
    SimTime start, finish;
    bool taken = station_offer(&fast->station, SIMTIME_NS(now), SIMTIME_NS(work), &start, &finish);
    g_assert_true(taken == slow_offer(slow, now, work));
    slow->rejected += !taken;
    if (!taken)
        return;
    fast->start[fast->count] = start.ns;
    fast->finish[fast->count] = finish.ns;
    fast->work[fast->count] = work;
    fast->gone[fast->count++] = false;
}

static void drop_all(Fast *fast, Slow *slow, int64_t now) {
    station_drop_all(&fast->station, SIMTIME_NS(now));
    for (uint32_t j = 0; j < fast->count; j++) {
        fast->gone[j] = fast->gone[j] || fast->finish[j] > now;
        if (slow->jobs[j].status == JOB_WAITS || slow->jobs[j].status == JOB_RUNS)
            slow->jobs[j].status = JOB_GONE;
    }
}

static void drop_one(Fast *fast, Slow *slow, int64_t now, uint32_t j) {
    if (slow->jobs[j].status != JOB_WAITS && slow->jobs[j].status != JOB_RUNS)
        return;
    slow->jobs[j].status = JOB_GONE;
    fast->gone[j] = true;
    fast_restore(fast, now, 1);
    slow_start_waiting(slow, now);
}

static void slow_down(Fast *fast, Slow *slow, int64_t now) {
    for (uint32_t j = 0; j < slow->count; j++)
        slow->jobs[j].left *= 2;
    fast_restore(fast, now, 2);
}

static void grow(Fast *fast, Slow *slow, int64_t now, uint32_t more) {
    bool broken = station_grow(&fast->station, SIMTIME_NS(now), more);
    slow->servers += more;
    if (broken)
        fast_restore(fast, now, 1);
    slow_start_waiting(slow, now);
}

static void shrink(Fast *fast, Slow *slow, int64_t now, uint32_t fewer) {
    fewer = MIN(fewer, slow->servers);
    bool broken = station_shrink(&fast->station, SIMTIME_NS(now), fewer);
    slow->servers -= fewer;
    if (broken)
        fast_restore(fast, now, 1);
}

static void meddle(Fast *fast, Slow *slow, int64_t now, Draw *draw) {
    switch (draw_below(draw, 25)) {
    case 0: drop_all(fast, slow, now); break;
    case 1: slow_down(fast, slow, now); break;
    case 2: grow(fast, slow, now, (uint32_t)draw_below(draw, 4)); break;
    case 3: shrink(fast, slow, now, (uint32_t)draw_below(draw, 5)); break;
    case 4:
        if (fast->count > 0)
            drop_one(fast, slow, now, (uint32_t)draw_below(draw, fast->count));
        break;
    default: break;
    }
}

static void check_now(Fast *fast, const Slow *slow, int64_t now) {
    SimTime at = SIMTIME_NS(now);
    g_assert_true(station_busy(&fast->station, at) == slow->busy);
    g_assert_true(station_waited(&fast->station, at) == slow->waited);
    g_assert_true(station_queue_area(&fast->station, at) == slow->waited);
    g_assert_cmpuint(station_waiting(&fast->station, at), ==, slow_count(slow, JOB_WAITS));
    g_assert_cmpuint(station_working(&fast->station, at), ==, slow_count(slow, JOB_RUNS));
}

static void check_jobs(const Fast *fast, const Slow *slow) {
    g_assert_cmpuint(station_accepted(&fast->station), ==, slow->count);
    g_assert_cmpuint(station_rejected(&fast->station), ==, slow->rejected);
    for (uint32_t j = 0; j < slow->count; j++) {
        g_assert_true(fast->gone[j] == (slow->jobs[j].status == JOB_GONE));
        if (slow->jobs[j].status != JOB_DONE)
            continue;
        g_assert_cmpint(fast->start[j], ==, slow->jobs[j].start);
        g_assert_cmpint(fast->finish[j], ==, slow->jobs[j].finish);
    }
}

static void play(Draw *draw) {
    static Fast fast;
    static Slow slow;
    memset(&fast, 0, sizeof fast);
    memset(&slow, 0, sizeof slow);
    slow.servers = (uint32_t)draw_below(draw, 7);
    slow.limit = draw_chance(draw, 500000000) ? UINT32_MAX : (uint32_t)draw_below(draw, 6);
    station_init(&fast.station, slow.servers, slow.limit);
    uint64_t busy = draw_below(draw, 4);
    bool meddles = draw_chance(draw, 600000000);
    for (int64_t now = 0; now < 120; now++) {
        if (now > 0)
            slow_tick(&slow, now);
        for (uint64_t i = draw_below(draw, busy + 1); i > 0 && now < 80; i--)
            offer(&fast, &slow, now, (int64_t)draw_below(draw, 9));
        if (meddles)
            meddle(&fast, &slow, now, draw);
        check_now(&fast, &slow, now);
    }
    check_jobs(&fast, &slow);
    station_clear(&fast.station);
}

static void test_agrees_with_ticks(void) {
    Stream stream = luck_stream((Luck){1, 0}, "station", "stories");
    for (uint64_t i = 0; i < 3000; i++) {
        Draw draw = stream_draw(&stream, i);
        play(&draw);
    }
}

/* A hundred thousand servers, all busy, then a thousand jobs that wait: each starts when a server becomes free. */
static void test_large(void) {
    enum { SERVERS = 100000, WAITING = 1000 };
    Station station;
    station_init(&station, SERVERS, UINT32_MAX);
    SimTime start, finish;
    for (uint32_t i = 0; i < SERVERS; i++) {
        g_assert_true(station_offer(&station, SIMTIME_ZERO, SIMTIME_NS(1 + (i * 7919) % SERVERS), &start, &finish));
        g_assert_cmpint(start.ns, ==, 0);
    }
    for (uint32_t i = 0; i < WAITING; i++) {
        g_assert_true(station_offer(&station, SIMTIME_ZERO, SIMTIME_S(1), &start, &finish));
        g_assert_cmpint(start.ns, ==, 1 + i);
    }
    g_assert_cmpuint(station_waiting(&station, SIMTIME_ZERO), ==, WAITING);
    g_assert_cmpuint(station_waiting(&station, SIMTIME_NS(400)), ==, WAITING - 400);
    g_assert_cmpuint(station_working(&station, SIMTIME_NS(400)), ==, SERVERS);
    station_clear(&station);
}

/* No server at all: jobs wait for ever, as far as there is room. */
static void test_no_servers(void) {
    Station station;
    SimTime start, finish;
    station_init(&station, 0, 2);
    g_assert_true(station_offer(&station, SIMTIME_ZERO, SIMTIME_S(1), &start, &finish));
    g_assert_true(simtime_is_never(start) && simtime_is_never(finish));
    g_assert_true(station_offer(&station, SIMTIME_ZERO, SIMTIME_S(1), &start, &finish));
    g_assert_false(station_offer(&station, SIMTIME_ZERO, SIMTIME_S(1), &start, &finish));
    g_assert_true(station_grow(&station, SIMTIME_S(5), 1));
    StationJob jobs[2] = {{.left = SIMTIME_S(1)}, {.left = SIMTIME_S(1)}};
    station_restore(&station, SIMTIME_S(5), jobs, 2);
    g_assert_cmpint(jobs[1].start.ns, ==, SIMTIME_S(6).ns);
    g_assert_true(station_waited(&station, SIMTIME_S(7)) == SIMTIME_S(11).ns);
    station_clear(&station);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/station/agrees-with-ticks", test_agrees_with_ticks);
    g_test_add_func("/base/station/large", test_large);
    g_test_add_func("/base/station/no-servers", test_no_servers);
    return g_test_run();
}
