/* test_probe.c - counting probes by division agrees with sending them one by one; detection has its known law. */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/luck.h"
#include "base/probe.h"

/* What the target is, spell after spell: spell i begins at from[i]; the last ends at from[count]. */
enum { MOST_SPELLS = 8, MOST_CHANGES = 256 };
typedef struct {
    int64_t from[MOST_SPELLS + 1];
    Target target[MOST_SPELLS];
    int count;
} Story;

typedef struct {
    int64_t at[MOST_CHANGES];
    int count;
} Changes;

static int spell_at(const Story *story, int64_t at) {
    int spell = 0;
    while (spell + 1 < story->count && story->from[spell + 1] <= at)
        spell++;
    return spell;
}

typedef struct {
    int64_t known;
    bool passes;
} Outcome;

static Outcome outcome_of(const Story *story, const ProbePolicy *policy, int64_t sent) {
    int spell = spell_at(story, sent);
    if (story->target[spell] == TARGET_WORKS)
        return (Outcome){sent, true};
    if (story->target[spell] == TARGET_REFUSES)
        return (Outcome){sent, false};
    int64_t recovery = spell + 1 < story->count ? story->from[spell + 1] : INT64_MAX;
    int64_t timeout = sent + policy->timeout.ns;
    return timeout < recovery ? (Outcome){timeout, false} : (Outcome){recovery, true};
}

/* The slow way: send every probe, collect what it found when, then go through the findings in order of time. */
static Changes eager(const Story *story, const ProbePolicy *policy, int64_t phase, bool healthy) {
    Changes changes = {.count = 0};
    int64_t horizon = story->from[story->count];
    uint32_t against = 0;
    for (int64_t sent = phase; sent < horizon;) {
        Outcome outcome = outcome_of(story, policy, sent);
        if (outcome.known >= horizon)
            break;
        against = outcome.passes == healthy ? 0 : against + 1;
        if (against == (outcome.passes ? policy->pass_after : policy->fail_after)) {
            healthy = outcome.passes;
            against = 0;
            changes.at[changes.count++] = outcome.known;
        }
        sent = (policy->from_response ? outcome.known : sent) + policy->every.ns;
    }
    return changes;
}

static Changes lazy(const Story *story, const ProbePolicy *policy, int64_t phase, bool healthy) {
    Changes changes = {.count = 0};
    Prober prober = prober_at(SIMTIME_NS(phase), healthy);
    for (int spell = 0; spell < story->count; spell++) {
        SimTime from = SIMTIME_NS(story->from[spell]), until = SIMTIME_NS(story->from[spell + 1]);
        SimTime change = prober_foresee(&prober, policy, story->target[spell], from);
        if (simtime_before(change, until))
            changes.at[changes.count++] = change.ns;
        prober_advance(&prober, policy, story->target[spell], until);
    }
    return changes;
}

static int64_t below(Draw *draw, int64_t bound) { return (int64_t)draw_below(draw, (uint64_t)bound); }

/* Spells of small lengths, so that ties are frequent; working and broken ones take turns. */
static Story random_story(Draw *draw, int64_t scale, bool works) {
    Story story = {.count = 1 + (int)below(draw, MOST_SPELLS)};
    int64_t at = 0;
    for (int i = 0; i < story.count; i++, works = !works) {
        story.from[i] = at;
        story.target[i] = works ? TARGET_WORKS : draw_chance(draw, 500000000) ? TARGET_SILENT : TARGET_REFUSES;
        at += 1 + below(draw, scale * (i % 3 == 0 ? 12 : 3));
    }
    story.from[story.count] = at;
    return story;
}

static void test_agrees_with_sending(void) {
    Stream stream = luck_stream((Luck){1, 0}, "prober", "stories");
    int seen[4] = {0};
    for (uint64_t i = 0; i < 100000; i++) {
        Draw draw = stream_draw(&stream, i);
        ProbePolicy policy = {.every = SIMTIME_NS(1 + below(&draw, 12)),
                              .fail_after = 1 + (uint32_t)below(&draw, 4),
                              .pass_after = 1 + (uint32_t)below(&draw, 4),
                              .from_response = draw_chance(&draw, 500000000)};
        /* Probes that overlap do not find things out in the order in which they are sent; that case is apart. */
        policy.timeout = SIMTIME_NS(below(&draw, policy.from_response ? 20 : policy.every.ns + 1));
        bool healthy = draw_chance(&draw, 700000000), works = draw_chance(&draw, 700000000);
        int64_t phase = below(&draw, policy.every.ns);
        Story story = random_story(&draw, policy.every.ns, works);
        Changes slow = eager(&story, &policy, phase, healthy);
        Changes fast = lazy(&story, &policy, phase, healthy);
        g_assert_cmpint(fast.count, ==, slow.count);
        g_assert_cmpint(memcmp(fast.at, slow.at, (size_t)slow.count * sizeof slow.at[0]), ==, 0);
        seen[MIN(slow.count, 3)]++;
    }
    for (int i = 0; i < 4; i++) /* the stories are neither all quiet nor all noisy */
        g_assert_cmpint(seen[i], >, 5000);
}

static const ProbePolicy route53 = {.every = {30000000000}, .timeout = {4000000000}, .fail_after = 3, .pass_after = 3};

/* D = U' + (k-1) I + tau with U' over (0, I], through all phases: minimum, maximum and mean are exact. */
static void test_detection_law(void) {
    int64_t least = INT64_MAX, most = 0, sum = 0, fault = SIMTIME_S(1000).ns + 1;
    enum { PHASES = 30000 };
    for (int64_t i = 0; i < PHASES; i++) {
        SimTime down = probe_down_at(&route53, SIMTIME_MS(i), TARGET_SILENT, SIMTIME_NS(fault), SIMTIME_NEVER);
        int64_t delay = down.ns - fault + 1;
        least = MIN(least, delay);
        most = MAX(most, delay);
        sum += delay;
    }
    g_assert_cmpint(least, ==, SIMTIME_MS(60001 + 4000).ns);
    g_assert_cmpint(most, ==, SIMTIME_MS(90000 + 4000).ns);
    g_assert_cmpint(sum / PHASES, ==, SIMTIME_MS(75000 + 4000).ns + 500000);
}

static void test_simple_questions(void) {
    /* Probes at 100, 130, 160: one at the very instant of the fault meets it. */
    SimTime phase = SIMTIME_S(10), fault = SIMTIME_S(100), down = SIMTIME_S(164);
    g_assert_cmpint(probe_down_at(&route53, phase, TARGET_SILENT, fault, SIMTIME_NEVER).ns, ==, down.ns);
    g_assert_cmpint(probe_down_at(&route53, phase, TARGET_REFUSES, fault, SIMTIME_NEVER).ns, ==, SIMTIME_S(160).ns);
    /* A recovery before it is known, or at the same instant, keeps it from being known. */
    g_assert_true(simtime_is_never(probe_down_at(&route53, phase, TARGET_SILENT, fault, down)));
    g_assert_false(simtime_is_never(probe_down_at(&route53, phase, TARGET_SILENT, fault, SIMTIME_NS(down.ns + 1))));
    /* The gap from the response: 100, 134, 168, known at 172. */
    ProbePolicy slow = route53;
    slow.from_response = true;
    g_assert_cmpint(probe_down_at(&slow, phase, TARGET_SILENT, fault, SIMTIME_NEVER).ns, ==, SIMTIME_S(172).ns);
    g_assert_cmpint(probe_up_at(&route53, phase, SIMTIME_S(101), SIMTIME_NEVER).ns, ==, SIMTIME_S(190).ns);
    g_assert_true(simtime_is_never(probe_up_at(&route53, phase, SIMTIME_S(101), SIMTIME_S(190))));
}

static int compare_times(const void *a, const void *b) {
    int64_t x = ((const SimTime *)a)->ns, y = ((const SimTime *)b)->ns;
    return (x > y) - (x < y);
}

static void test_many(void) {
    g_assert_cmpuint(probe_many_down(16, 180000000), ==, 14); /* 16 - floor(2.88) */
    g_assert_cmpuint(probe_many_up(16, 180000000), ==, 3);
    g_assert_cmpuint(probe_many_down(1, 180000000), ==, 1);
    g_assert_cmpuint(probe_many_down(100, 180000000), ==, 82);
    Stream stream = luck_stream((Luck){1, 0}, "prober", "many");
    for (uint64_t i = 0; i < 2000; i++) {
        Draw draw = stream_draw(&stream, i);
        SimTime times[40], sorted[40];
        uint32_t count = 1 + (uint32_t)below(&draw, 40), rank = 1 + (uint32_t)below(&draw, count);
        for (uint32_t j = 0; j < count; j++)
            times[j] = sorted[j] = draw_chance(&draw, 100000000) ? SIMTIME_NEVER : SIMTIME_NS(below(&draw, 30));
        qsort(sorted, count, sizeof sorted[0], compare_times);
        g_assert_cmpint(probe_many(times, count, rank).ns, ==, sorted[rank - 1].ns);
        g_assert_true(simtime_is_never(probe_many(times, count, count + 1)));
    }
}

/* Keepalives one by one, for all small cases. */
static int64_t eager_hold(int64_t keepalive, int64_t hold, int64_t phase, int64_t cut, int64_t restored) {
    int64_t last = phase - keepalive;
    for (int64_t sent = phase; sent < 500; sent += keepalive) {
        if (sent > last + hold)
            break;
        if (sent < cut || sent >= restored)
            last = sent;
    }
    return last + hold < 400 ? last + hold : INT64_MAX;
}

static void test_hold(void) {
    for (int64_t keepalive = 1; keepalive < 7; keepalive++)
        for (int64_t hold = keepalive; hold < 3 * keepalive + 2; hold++)
            for (int64_t phase = 0; phase < keepalive; phase++)
                for (int64_t cut = 20; cut < 30; cut++)
                    for (int64_t restored = cut + 1; restored < cut + 40; restored += 3) {
                        SimTime expiry = hold_expires(SIMTIME_NS(keepalive), SIMTIME_NS(hold), SIMTIME_NS(phase),
                                                      SIMTIME_NS(cut), SIMTIME_NS(restored));
                        g_assert_cmpint(expiry.ns, ==, eager_hold(keepalive, hold, phase, cut, restored));
                    }
    /* BGP with 60/180 s: between 120 (the last keepalive went out just before the interval's end) and 180 s. */
    SimTime expiry = hold_expires(SIMTIME_S(60), SIMTIME_S(180), SIMTIME_S(7), SIMTIME_S(1000), SIMTIME_NEVER);
    g_assert_cmpint(expiry.ns, ==, SIMTIME_S(967 + 180).ns);
    g_assert_true(
        simtime_is_never(hold_expires(SIMTIME_S(60), SIMTIME_S(180), SIMTIME_S(7), SIMTIME_NEVER, SIMTIME_NEVER)));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/probe/agrees-with-sending", test_agrees_with_sending);
    g_test_add_func("/base/probe/detection-law", test_detection_law);
    g_test_add_func("/base/probe/simple-questions", test_simple_questions);
    g_test_add_func("/base/probe/many", test_many);
    g_test_add_func("/base/probe/hold", test_hold);
    return g_test_run();
}
