/* test_twin.c - a second, tiny, slow simulator against engine and station, to the nanosecond.
 *
 * The twin steps through time one nanosecond at a time and looks at every job at each; it shares no code with sim/,
 * only the drawn numbers. 100,000 random small systems: one queue with up to four servers, limited or unlimited room,
 * jobs that arrive together, work of nothing at all, servers added and taken away, speeds that change (to a stop, too)
 * and crashes that lose all jobs. Instants are so small that almost everything coincides with something else.
 *
 * The rules both must follow. At one instant: first changes, then completions, then arrivals. A waiting job starts as
 * soon as fewer jobs run than there are servers; a server that is taken away finishes its job. A change of speed keeps
 * the work that is done; a job ends at the first whole nanosecond at which its work is done. */
#include <glib.h>

#include "base/luck.h"
#include "base/station.h"
#include "engine/engine.h"

enum { SYSTEMS = 100000, MOST_JOBS = 24, MOST_CHANGES = 6, TICKS = 1500 };
#define NO_LIMIT UINT32_MAX

typedef enum { SPEED, GROW, SHRINK, CRASH, CHANGE_KINDS } ChangeKind;

typedef struct {
    int64_t at;
    ChangeKind kind;
    int64_t speed; /* units of work per ns, from then on */
} Change;

typedef struct {
    uint32_t servers, limit, jobs, changes;
    int64_t speed, arrival[MOST_JOBS], work[MOST_JOBS];
    Change change[MOST_CHANGES];
} Drawn;

/* What became of a job. ABSENT until it arrives; the last four are final. */
typedef enum { ABSENT, WAITING, RUNNING, DONE, REJECTED, LOST } Fate;

typedef struct {
    Fate fate[MOST_JOBS];
    int64_t start[MOST_JOBS], end[MOST_JOBS]; /* -1: never; end: done or lost */
    int64_t busy, waited;                     /* summed over jobs */
} Story;

static void story_init(Story *story) {
    *story = (Story){.busy = 0};
    for (int j = 0; j < MOST_JOBS; j++)
        story->start[j] = story->end[j] = -1;
}

/* ---- the drawn numbers ---- */

static int64_t draw_to(Draw *draw, int64_t most) { return (int64_t)draw_below(draw, (uint64_t)most + 1); }

static Drawn drawn_system(uint64_t number) {
    Stream stream = luck_stream((Luck){7, 0}, "twin", "system");
    Draw draw = stream_draw(&stream, number);
    static const uint32_t limits[] = {0, 1, 2, 5, NO_LIMIT};
    Drawn d = {.servers = (uint32_t)draw_to(&draw, 4), .limit = limits[draw_to(&draw, 4)]};
    d.jobs = 1 + (uint32_t)draw_to(&draw, MOST_JOBS - 1);
    d.changes = (uint32_t)draw_to(&draw, MOST_CHANGES);
    d.speed = draw_to(&draw, 3);
    int64_t gap = draw_to(&draw, 8), work = draw_to(&draw, 30), now = 0;
    for (uint32_t j = 0; j < d.jobs; j++) {
        d.arrival[j] = now += draw_to(&draw, gap);
        d.work[j] = draw_to(&draw, work);
    }
    int64_t step = 2 + now / 2;
    now = 0;
    for (uint32_t c = 0; c < d.changes; c++) {
        now += draw_to(&draw, step);
        d.change[c] = (Change){now, (ChangeKind)draw_to(&draw, CHANGE_KINDS - 1), draw_to(&draw, 3)};
    }
    return d;
}

/* ---- the twin ---- */

typedef struct {
    const Drawn *drawn;
    Story *story;
    int64_t now, speed, left[MOST_JOBS];
    uint32_t servers;
} Twin;

static uint32_t twin_count(const Twin *t, Fate fate) {
    uint32_t count = 0;
    for (uint32_t j = 0; j < t->drawn->jobs; j++)
        count += t->story->fate[j] == fate;
    return count;
}

static void twin_change(Twin *t, const Change *change) {
    if (change->kind == SPEED)
        t->speed = change->speed;
    else if (change->kind == GROW)
        t->servers++;
    else if (change->kind == SHRINK)
        t->servers -= t->servers > 0;
    else
        for (uint32_t j = 0; j < t->drawn->jobs; j++)
            if (t->story->fate[j] == WAITING || t->story->fate[j] == RUNNING) {
                t->story->fate[j] = LOST;
                t->story->end[j] = t->now;
            }
}

/* Complete what is complete and start what can start, until nothing moves. */
static void twin_settle(Twin *t) {
    for (bool moved = true; moved;) {
        moved = false;
        for (uint32_t j = 0; j < t->drawn->jobs; j++) {
            if (t->story->fate[j] == RUNNING && t->left[j] <= 0) {
                t->story->fate[j] = DONE;
                t->story->end[j] = t->now;
                moved = true;
            }
        }
        for (uint32_t j = 0; j < t->drawn->jobs; j++) {
            if (t->story->fate[j] == WAITING && twin_count(t, RUNNING) < t->servers) {
                t->story->fate[j] = RUNNING;
                t->story->start[j] = t->now;
                moved = true;
            }
        }
    }
}

static void twin_arrive(Twin *t, uint32_t j) {
    bool starts = twin_count(t, RUNNING) < t->servers;
    bool fits = starts || twin_count(t, WAITING) < t->drawn->limit;
    t->story->fate[j] = fits ? WAITING : REJECTED;
    t->left[j] = t->drawn->work[j];
    twin_settle(t);
}

static void twin_run(const Drawn *drawn, Story *story) {
    Twin t = {.drawn = drawn, .story = story, .speed = drawn->speed, .servers = drawn->servers};
    story_init(story);
    for (t.now = 0; t.now < TICKS; t.now++) {
        for (uint32_t c = 0; c < drawn->changes; c++)
            if (drawn->change[c].at == t.now)
                twin_change(&t, &drawn->change[c]);
        twin_settle(&t);
        for (uint32_t j = 0; j < drawn->jobs; j++)
            if (drawn->arrival[j] == t.now)
                twin_arrive(&t, j);
        bool ended = t.now >= drawn->arrival[drawn->jobs - 1];
        for (uint32_t c = 0; c < drawn->changes; c++)
            ended &= drawn->change[c].at <= t.now;
        if (ended && twin_count(&t, RUNNING) + twin_count(&t, WAITING) == 0)
            break;
        for (uint32_t j = 0; j < drawn->jobs; j++) {
            bool runs = story->fate[j] == RUNNING;
            t.left[j] -= runs ? t.speed : 0;
            story->busy += runs;
            story->waited += story->fate[j] == WAITING;
        }
    }
}

/* ---- engine and station ---- */

enum { ON_CHANGE, ON_DONE, ON_ARRIVAL };

typedef struct {
    const Drawn *drawn;
    Story *story;
    Engine *engine;
    Station station;
    int64_t speed;
    uint32_t servers;
    int64_t left[MOST_JOBS];                    /* work at `since` */
    SimTime since[MOST_JOBS], start[MOST_JOBS]; /* start: planned, or real */
    EventId done[MOST_JOBS];
} Plan;

static bool is_inside(const Plan *p, uint32_t j) { return p->story->fate[j] == WAITING; }

/* Time for `work` at today's speed, rounded up to the whole nanosecond. */
static SimTime plan_duration(const Plan *p, int64_t work) {
    if (work == 0)
        return SIMTIME_ZERO;
    return p->speed ? SIMTIME_NS((work + p->speed - 1) / p->speed) : SIMTIME_NEVER;
}

static void plan_finish_at(Plan *p, uint32_t j, SimTime finish) {
    p->done[j] = engine_schedule(p->engine, finish, PHASE_DELIVER, ON_DONE, j, 0);
}

static void plan_on_arrival(Plan *p, uint32_t j) {
    SimTime now = engine_now(p->engine), finish;
    bool fits = station_offer(&p->station, now, plan_duration(p, p->drawn->work[j]), &p->start[j], &finish);
    p->story->fate[j] = fits ? WAITING : REJECTED;
    if (!fits)
        return;
    p->left[j] = p->drawn->work[j];
    p->since[j] = p->start[j];
    plan_finish_at(p, j, finish);
}

static void plan_on_done(Plan *p, uint32_t j) {
    p->story->fate[j] = DONE;
    p->story->start[j] = p->start[j].ns;
    p->story->end[j] = engine_now(p->engine).ns;
}

/* Book the work that is done, then plan what is left at the new speed. Changes come first at an instant, so a job whose
 * planned start is this instant has not started. */
static void plan_anew(Plan *p, int64_t speed) {
    StationJob jobs[MOST_JOBS];
    uint32_t who[MOST_JOBS], count = 0;
    SimTime now = engine_now(p->engine);
    int64_t old = p->speed;
    p->speed = speed;
    for (uint32_t j = 0; j < p->drawn->jobs; j++) {
        if (!is_inside(p, j))
            continue;
        bool started = simtime_before(p->start[j], now);
        if (started)
            p->left[j] -= MIN(p->left[j], (now.ns - p->since[j].ns) * old);
        jobs[count] = (StationJob){.left = plan_duration(p, p->left[j]), .started = started};
        who[count++] = j;
    }
    station_restore(&p->station, now, jobs, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t j = who[i];
        p->start[j] = jobs[i].started ? p->start[j] : jobs[i].start;
        p->since[j] = jobs[i].start;
        plan_finish_at(p, j, jobs[i].finish);
    }
}

static void plan_crash(Plan *p) {
    SimTime now = engine_now(p->engine);
    station_drop_all(&p->station, now);
    for (uint32_t j = 0; j < p->drawn->jobs; j++) {
        if (!is_inside(p, j))
            continue;
        p->story->fate[j] = LOST;
        p->story->start[j] = simtime_before(p->start[j], now) ? p->start[j].ns : -1;
        p->story->end[j] = now.ns;
        p->done[j] = EVENT_NONE;
    }
}

/* Does some job's planned start fall on this very instant? */
static bool plan_is_about_to_start(const Plan *p) {
    bool starts = false;
    for (uint32_t j = 0; j < p->drawn->jobs; j++)
        starts |= is_inside(p, j) && simtime_equal(p->start[j], engine_now(p->engine));
    return starts;
}

static void plan_on_change(Plan *p, const Change *change) {
    SimTime now = engine_now(p->engine);
    bool is_stale = plan_is_about_to_start(p);
    if (change->kind == CRASH) {
        plan_crash(p);
        return;
    }
    if (change->kind == GROW)
        is_stale |= station_grow(&p->station, now, 1);
    if (change->kind == SHRINK && p->servers > 0)
        is_stale |= station_shrink(&p->station, now, 1);
    p->servers += change->kind == GROW;
    p->servers -= change->kind == SHRINK && p->servers > 0;
    if (change->kind == SPEED || is_stale)
        plan_anew(p, change->kind == SPEED ? change->speed : p->speed);
}

static void plan_dispatch(void *user, const Event *event) {
    Plan *p = user;
    uint32_t i = event->subject;
    if (event->handler == ON_CHANGE)
        plan_on_change(p, &p->drawn->change[i]);
    else if (event->handler == ON_ARRIVAL)
        plan_on_arrival(p, i);
    else if (!engine_is_stale(p->engine, event, p->done[i]))
        plan_on_done(p, i);
}

/* At the last tick: who has started, and the sums. */
static void plan_close(Plan *p) {
    SimTime now = engine_now(p->engine);
    for (uint32_t j = 0; j < p->drawn->jobs; j++)
        if (is_inside(p, j) && !simtime_before(now, p->start[j])) {
            p->story->fate[j] = RUNNING;
            p->story->start[j] = p->start[j].ns;
        }
    p->story->busy = (int64_t)station_busy(&p->station, now);
    p->story->waited = (int64_t)station_waited(&p->station, now);
    g_assert_true(station_waited(&p->station, now) == station_queue_area(&p->station, now)); /* Little's law */
    EngineCounts counts = engine_counts(p->engine);
    g_assert_cmpuint(counts.executed, ==, counts.scheduled - counts.cancelled - counts.pending);
}

static void plan_run(const Drawn *drawn, Engine *engine, Story *story) {
    Plan p = {.drawn = drawn, .story = story, .engine = engine, .speed = drawn->speed, .servers = drawn->servers};
    story_init(story);
    engine_reset(engine);
    station_init(&p.station, drawn->servers, drawn->limit);
    for (uint32_t j = 0; j < drawn->jobs; j++)
        engine_schedule(engine, SIMTIME_NS(drawn->arrival[j]), PHASE_ARRIVE, ON_ARRIVAL, j, 0);
    for (uint32_t c = 0; c < drawn->changes; c++)
        engine_schedule(engine, SIMTIME_NS(drawn->change[c].at), PHASE_FAULT, ON_CHANGE, c, 0);
    engine_run(engine, SIMTIME_NS(TICKS), plan_dispatch, &p);
    plan_close(&p);
    station_clear(&p.station);
}

/* ---- the comparison ---- */

static void test_twin(void) {
    Engine *engine = engine_new();
    uint64_t fates[LOST + 1] = {0};
    for (uint64_t i = 0; i < SYSTEMS; i++) {
        Drawn drawn = drawn_system(i);
        Story slow, fast;
        twin_run(&drawn, &slow);
        plan_run(&drawn, engine, &fast);
        for (uint32_t j = 0; j < drawn.jobs; j++) {
            if (slow.fate[j] != fast.fate[j] || slow.start[j] != fast.start[j] || slow.end[j] != fast.end[j])
                g_test_message("system %d job %d differs", (int)i, (int)j);
            g_assert_cmpint(slow.fate[j], ==, fast.fate[j]);
            g_assert_cmpint(slow.start[j], ==, fast.start[j]);
            g_assert_cmpint(slow.end[j], ==, fast.end[j]);
            fates[slow.fate[j]]++;
        }
        g_assert_cmpint(slow.busy, ==, fast.busy);
        g_assert_cmpint(slow.waited, ==, fast.waited);
    }
    g_test_message("jobs done %d, rejected %d, lost %d, still running %d or waiting %d at the end", (int)fates[DONE],
                   (int)fates[REJECTED], (int)fates[LOST], (int)fates[RUNNING], (int)fates[WAITING]);
    for (Fate fate = WAITING; fate <= LOST; fate++)
        g_assert_cmpuint(fates[fate], >, SYSTEMS / 50); /* every end was met often */
    engine_free(engine);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/twin", test_twin);
    return g_test_run();
}
