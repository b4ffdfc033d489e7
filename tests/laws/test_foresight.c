/* test_foresight.c - what is worked out before its time is what would have happened.
 *
 * A good answer needs no event when nothing else is pending before it arrives. Looks are pending events that change
 * nothing: with one every few milliseconds next to nothing is foreseen. The facts must be the same either way; only
 * those of good answers may be told earlier. Timelines are drawn by lot (chaos.h). */
#include <glib.h>
#include <string.h>

#include "tests/laws/chaos.h"
#include "tests/theory/play.h"

#define SITE "tests/laws/site.yaml"
enum { LOTS = 6, EVENTS = 10, FROM_S = 60, TO_S = 540, UNTIL_S = 600, LOOK_MS = 5 };

static const char *const drawn[] = {"run.until=600 s",
                                    "service=exponential(30 ms)",
                                    "think=exponential(3 s)",
                                    "lasting=exponential(60 s)",
                                    "boot=lognormal(median 45 s p95 90 s)",
                                    "promotion=uniform(50 s to 100 s)",
                                    "detect=uniform(10 s to 20 s)",
                                    "lag=lognormal(median 500 ms p95 1 s)",
                                    "load={kind: poisson, rate: 2/s, enter: visit}",
                                    NULL};

static void look_away(void *user, const World *world) {
    (void)user;
    (void)world;
}

static void see(void *user, const Fact *fact) { g_array_append_vals(user, fact, 1); }

/* All facts of a run that is looked at every LOOK_MS milliseconds, or never; *events: how many it took. */
static GArray *facts_of(Play *play, uint64_t lot, bool looked_at, uint64_t *events) {
    uint32_t count = looked_at ? UNTIL_S * 1000 / LOOK_MS : 0;
    Look *looks = g_new0(Look, count + 1);
    for (uint32_t i = 0; i < count; i++)
        looks[i] = (Look){SIMTIME_MS((int64_t)i * LOOK_MS), look_away, NULL};
    GArray *facts = g_array_new(FALSE, FALSE, sizeof(Fact));
    Observer observer = {ALL_FACTS, see, facts};
    world_run(play->world, (Luck){lot, 0}, &observer, 1, looks, count);
    *events = world_effort(play->world).events - count;
    g_free(looks);
    return facts;
}

/* By instant; the order of those of one instant stays, but good answers come first. */
static int by_time(gconstpointer a, gconstpointer b, gpointer unused) {
    (void)unused;
    const Fact *x = a, *y = b;
    if (x->at.ns != y->at.ns)
        return x->at.ns < y->at.ns ? -1 : 1;
    return (y->kind == FACT_SERVED) - (x->kind == FACT_SERVED);
}

static GPtrArray *sorted_lines(const Play *play, GArray *facts) {
    GArray *sorted = g_array_copy(facts);
    g_qsort_with_data(sorted->data, (gint)sorted->len, sizeof(Fact), by_time, NULL);
    GPtrArray *lines = fact_lines(play->model, sorted, NULL);
    g_array_unref(sorted);
    return lines;
}

/* But for good answers, facts come in order of time, told early or not. */
static void assert_in_order(const GArray *facts) {
    SimTime last = SIMTIME_ZERO;
    for (guint i = 0; i < facts->len; i++) {
        const Fact *fact = &g_array_index(facts, Fact, i);
        if (fact->kind == FACT_SERVED)
            continue;
        g_assert_false(simtime_before(fact->at, last));
        last = fact->at;
    }
}

static void test_same(void) {
    uint64_t saved = 0;
    for (uint64_t lot = 1; lot <= LOTS; lot++) {
        char **entries = chaos_events(lot, EVENTS, FROM_S, TO_S, 1);
        Play *play = play_new(SITE, drawn, (const char *const *)entries);
        uint64_t few, many;
        GArray *foreseen = facts_of(play, lot, false, &few), *awaited = facts_of(play, lot, true, &many);
        GPtrArray *a = sorted_lines(play, foreseen), *b = sorted_lines(play, awaited);
        g_test_message("lot %d: %u facts, %d events, %d when looked at", (int)lot, foreseen->len, (int)few, (int)many);
        assert_same_lines(a, b);
        assert_in_order(foreseen);
        assert_in_order(awaited);
        saved += many - few;
        g_ptr_array_unref(a);
        g_ptr_array_unref(b);
        g_array_unref(foreseen);
        g_array_unref(awaited);
        play_free(play);
        g_strfreev(entries);
    }
    g_assert_cmpuint(saved, >, 0);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/foresight/same", test_same);
    return g_test_run();
}
