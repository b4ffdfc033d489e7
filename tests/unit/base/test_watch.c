/* test_watch.c - appointments instead of probes: kept when they should be, void when the truth changed back. */
#include <glib.h>
#include <stdlib.h>

#include "base/luck.h"
#include "base/watch.h"

static const WatchPolicy policy = {
    .every = {10000000000}, .timeout = {4000000000}, .fail_after = 3, .pass_after = 2, .from_response = true};

static int64_t tell(Watch *watch, bool truth, bool silent, int64_t second) {
    SimTime at = watch_tell(watch, &policy, SIMTIME_S(3), truth, silent, SIMTIME_S(second));
    return simtime_is_never(at) ? -1 : at.ns / 1000000000;
}

static void test_one_story(void) {
    Watch watch = watch_settled(true);
    g_assert_cmpint(tell(&watch, true, false, 50), ==, -1);
    /* Probes at 103, 117, 131 (each waits 4 s, then the gap of 10 s begins). */
    g_assert_cmpint(tell(&watch, false, true, 100), ==, 135);
    uint32_t appointment = watch.generation;
    g_assert_cmpint(tell(&watch, false, false, 110), ==, -1); /* how it fails is settled for this spell */
    g_assert_true(watch_notice(&watch, appointment));
    g_assert_false(watch.seen);
    g_assert_false(watch_notice(&watch, appointment)); /* only once */
    /* Back at 146: a probe waits since 145 and passes; the next is sent 10 s after that. */
    g_assert_cmpint(tell(&watch, true, false, 146), ==, 156);
    uint32_t stale = watch.generation;
    g_assert_cmpint(tell(&watch, false, true, 150), ==, -1);
    g_assert_false(watch_notice(&watch, stale));
    g_assert_false(watch.seen);
}

/* Down, up and down again before anybody noticed: only the last appointment counts. */
static void test_void_appointments(void) {
    Watch watch = watch_settled(true);
    g_assert_cmpint(tell(&watch, false, false, 100), ==, 123);
    uint32_t first = watch.generation;
    g_assert_cmpint(tell(&watch, true, false, 115), ==, -1);
    g_assert_cmpint(tell(&watch, false, false, 116), ==, 123); /* two failures count on: no probe saw it up */
    g_assert_false(watch_notice(&watch, first));
    g_assert_true(watch.seen);
    g_assert_true(watch_notice(&watch, watch.generation));
    g_assert_false(watch.seen);
}

/* A Watch is a Prober with appointments: at random, both change their mind at the same instants. */
static void test_follows_prober(void) {
    Stream stream = luck_stream((Luck){1, 0}, "watch", "stories");
    for (uint64_t i = 0; i < 20000; i++) {
        Draw draw = stream_draw(&stream, i);
        WatchPolicy some = {SIMTIME_NS(1 + (int64_t)draw_below(&draw, 9)), SIMTIME_NS((int64_t)draw_below(&draw, 9)),
                            1 + (uint32_t)draw_below(&draw, 3), 1 + (uint32_t)draw_below(&draw, 3),
                            draw_chance(&draw, 500000000)};
        SimTime phase = SIMTIME_NS((int64_t)draw_below(&draw, (uint64_t)some.every.ns)), now = SIMTIME_ZERO;
        Watch watch = watch_settled(true);
        Prober prober = prober_at(phase, true);
        Target target = TARGET_WORKS;
        for (int change = 0; change < 8; change++) {
            SimTime then = simtime_add(now, SIMTIME_NS(1 + (int64_t)draw_below(&draw, 40)));
            prober_advance(&prober, &some, target, then);
            bool truth = target != TARGET_WORKS, silent = !truth && draw_chance(&draw, 500000000);
            target = truth ? TARGET_WORKS : silent ? TARGET_SILENT : TARGET_REFUSES;
            SimTime foreseen = prober_foresee(&prober, &some, target, then);
            SimTime told = watch_tell(&watch, &some, phase, truth, silent, then);
            now = then;
            g_assert_cmpint(told.ns, ==, foreseen.ns);
            SimTime wait = SIMTIME_NS(1 + (int64_t)draw_below(&draw, 40));
            if (simtime_before(told, simtime_add(now, wait)))
                g_assert_true(watch_notice(&watch, watch.generation));
            now = simtime_add(now, wait);
            prober_advance(&prober, &some, target, now);
            g_assert_true(prober.healthy == watch.seen);
            truth = !truth;
            target = truth ? TARGET_WORKS : TARGET_REFUSES;
            SimTime back = watch_tell(&watch, &some, phase, truth, false, now);
            g_assert_cmpint(back.ns, ==, prober_foresee(&prober, &some, target, now).ns);
            if (simtime_is_never(back))
                continue;
            g_assert_true(watch_notice(&watch, watch.generation));
            now = back;
            prober_advance(&prober, &some, target, simtime_add(now, SIMTIME_NS(1)));
            g_assert_true(prober.healthy == watch.seen);
        }
    }
}

static int compare_times(const void *a, const void *b) {
    int64_t x = ((const SimTime *)a)->ns, y = ((const SimTime *)b)->ns;
    return (x > y) - (x < y);
}

/* The order statistic of many probers, asked one by one. */
static void test_many(void) {
    Stream stream = luck_stream((Luck){1, 0}, "watch", "many");
    for (uint64_t i = 0; i < 20000; i++) {
        Draw draw = stream_draw(&stream, i);
        WatchPolicy some = {SIMTIME_NS(1 + (int64_t)draw_below(&draw, 30)), SIMTIME_NS((int64_t)draw_below(&draw, 9)),
                            1 + (uint32_t)draw_below(&draw, 3), 1 + (uint32_t)draw_below(&draw, 3), false};
        SimTime phases[20], times[20], now = SIMTIME_NS((int64_t)draw_below(&draw, 200));
        uint32_t count = 1 + (uint32_t)draw_below(&draw, 20);
        for (uint32_t j = 0; j < count; j++)
            phases[j] = SIMTIME_NS((int64_t)draw_below(&draw, (uint64_t)some.every.ns));
        qsort(phases, count, sizeof phases[0], compare_times);
        bool truth = draw_chance(&draw, 500000000), silent = draw_chance(&draw, 500000000);
        Target before = truth ? TARGET_REFUSES : TARGET_WORKS;
        for (uint32_t j = 0; j < count; j++) {
            Prober prober = prober_at(phases[j], !truth);
            prober_advance(&prober, &some, before, now);
            Target after = truth ? TARGET_WORKS : silent ? TARGET_SILENT : TARGET_REFUSES;
            times[j] = prober_foresee(&prober, &some, after, now);
        }
        int64_t share = 180000000;
        uint32_t rank = truth ? probe_many_up(count, share) : probe_many_down(count, share);
        Watch watch = watch_settled(!truth);
        SimTime told = watch_tell_many(&watch, &some, phases, count, share, truth, silent, now);
        g_assert_cmpint(told.ns, ==, probe_many(times, count, rank).ns);
    }
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/watch/one-story", test_one_story);
    g_test_add_func("/base/watch/void-appointments", test_void_appointments);
    g_test_add_func("/base/watch/follows-prober", test_follows_prober);
    g_test_add_func("/base/watch/many", test_many);
    return g_test_run();
}
