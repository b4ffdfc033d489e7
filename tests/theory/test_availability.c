/* test_availability.c - what an outage of parts does to the whole: series, parallel, common cause, and repair.
 *
 * Clients send one request each, like clockwork, so shares of time are counts, and they are exact: each random timeline
 * of outages is also folded by hand, as a set of instants, and the world must fail exactly the requests sent inside it.
 * A tier serves while any of its machines works (parallel: the outages' intersection), the whole while both tiers do
 * (series: their union); a dead zone or region takes its machines along (common cause).
 *
 * Repair by laws: after an outage each machine comes back by itself, exponential with mean R. Then the k-th of n is
 * back after R (1/n + 1/(n - 1) + ... + 1/(n - k + 1)) on the average: k-of-n with a crew for each.
 *
 * What fails by itself, in the long run, is in test_availability_laws.c. */
#include <glib.h>
#include <string.h>

#include "base/luck.h"
#include "tests/theory/judge.h"
#include "tests/theory/play.h"

enum { FRONT = 3, BACK = 2, UNTIL_MS = 600000, GAP_MS = 100, OUTAGES = 14, SYSTEMS = 12 };

/* A target, and the machines (bits: front, then back) that it takes along. Machines are dealt over zones a and b. */
typedef struct {
    const char *text;
    unsigned hits;
} Victim;

static const Victim victims[] = {
    {"\"site[us-east-1].front/0\"", 1},
    {"\"site[us-east-1].front/1\"", 2},
    {"\"site[us-east-1].front/2\"", 4},
    {"\"site[us-east-1].back/0\"", 8},
    {"\"site[us-east-1].back/1\"", 16},
    {"zone us-east-1a", 1 | 4 | 8},
    {"zone us-east-1b", 2 | 16},
    {"site.front", 7},
    {"site.back", 24},
    {"region us-east-1", 31},
};

typedef struct {
    int64_t from, to; /* ms */
    unsigned hits;
} Outage;

/* Long outages of machines, short ones of anything bigger, so that every combination comes up. */
static Outage outage_draw(Draw *luck, char **event) {
    const Victim *victim = &victims[draw_below(luck, G_N_ELEMENTS(victims))];
    bool single = (victim->hits & (victim->hits - 1)) == 0;
    int64_t from = (int64_t)draw_below(luck, UNTIL_MS), lasts = 1 + (int64_t)draw_below(luck, single ? 200000 : 30000);
    *event = g_strdup_printf("{at: %d ms, fail: %s, for: %d ms, as: refuse}", (int)from, victim->text, (int)lasts);
    return (Outage){from, from + lasts, victim->hits};
}

static bool serves_at(const Outage *outages, int64_t ms) {
    unsigned dead = 0;
    for (int i = 0; i < OUTAGES; i++)
        dead |= outages[i].from <= ms && ms < outages[i].to ? outages[i].hits : 0;
    return (dead & 7) != 7 && (dead & 24) != 24;
}

static void keep_instant(void *user, const Fact *fact) {
    int64_t at = fact->at.ns;
    g_array_append_val((GArray *)user, at);
}

static void test_structure(gconstpointer data) {
    Stream stream = luck_stream((Luck){1, 0}, "availability", "outages");
    Draw luck = stream_draw(&stream, (uint64_t)GPOINTER_TO_UINT(data));
    Outage outages[OUTAGES];
    char *events[OUTAGES + 1] = {NULL};
    for (int i = 0; i < OUTAGES; i++)
        outages[i] = outage_draw(&luck, &events[i]);
    const char *const sets[] = {"zones=2", "run.until=600 s", NULL};
    Play *play = play_new("tests/theory/availability.yaml", sets, (const char *const *)events);
    GArray *failed = g_array_new(FALSE, FALSE, sizeof(int64_t));
    play_run(play, (Luck){1, 0}, FACT_BIT(FACT_BROKEN), keep_instant, failed);
    guint met = 0;
    for (int64_t ms = GAP_MS / 2; ms < UNTIL_MS; ms += GAP_MS)
        if (!serves_at(outages, ms)) {
            g_assert_cmpuint(met, <, failed->len);
            g_assert_cmpint(g_array_index(failed, int64_t, met), ==, ms * 1000000);
            met++;
        }
    g_assert_cmpuint(met, ==, failed->len);
    g_test_message("%u of %d requests failed", met, UNTIL_MS / GAP_MS);
    g_array_unref(failed);
    play_free(play);
    for (int i = 0; i < OUTAGES; i++)
        g_free(events[i]);
}

/* ---- repair ---- */

enum { GROUP = 3, GROUPS = 10, DIES_S = 100, BACK_S = 160, MEAN_S = 300, ROWS = JUDGE_SEEDS * (GROUP + 1) };

typedef struct {
    ComponentId front;
    UnitId first;
    double back[GROUPS][GROUP]; /* s after the outage, in order */
    uint32_t count[GROUPS];
} Repairs;

static void see_repair(void *user, const Fact *fact) {
    Repairs *repairs = user;
    if (fact->component != repairs->front || fact->amount != UNIT_SERVING || fact->other != UNIT_DEAD)
        return;
    uint32_t group = (fact->unit - repairs->first) / GROUP;
    repairs->back[group][repairs->count[group]++] = (double)(fact->at.ns - SIMTIME_S(BACK_S).ns) / 1e9;
}

static void test_repair(void) {
    const char *const sets[] = {"front=30", "rate=0.0001/s", "run.until=2 h", NULL}; /* nobody comes */
    const char *const events[] = {"{at: 100 s, fail: site.front, for: 60 s, recovery: exponential(300 s)}", NULL};
    Play *play = play_new("tests/theory/availability.yaml", sets, events);
    ComponentId front = play_component(play, "site[us-east-1].front");
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        Moments kth[GROUP] = {{0}}, down = {0};
        for (uint64_t r = 0; r < 20000; r++) {
            Repairs repairs = {.front = front, .first = play->model->components[front].first_unit};
            play_run(play, (Luck){seed, r}, FACT_BIT(FACT_UNIT), see_repair, &repairs);
            double sum[GROUP] = {0};
            for (int g = 0; g < GROUPS; g++) {
                g_assert_cmpuint(repairs.count[g], ==, GROUP);
                for (int k = 0; k < GROUP; k++)
                    sum[k] += repairs.back[g][k];
            }
            for (int k = 0; k < GROUP; k++)
                moments_add(&kth[k], sum[k] / GROUPS);
            moments_add(&down, BACK_S - DIES_S + (sum[0] + sum[1] + sum[2]) / (GROUP * GROUPS));
        }
        double after = 0;
        for (int k = 0; k < GROUP; k++) {
            char *row = g_strdup_printf("%d of %d back", k + 1, GROUP);
            after += (double)MEAN_S / (GROUP - k);
            judge_row("own repair", row, seed, &kth[k], after, ROWS);
            g_free(row);
        }
        judge_row("own repair", "time down", seed, &down, BACK_S - DIES_S + MEAN_S, ROWS);
    }
    play_free(play);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < SYSTEMS; i++) {
        char *path = g_strdup_printf("/availability/structure/%u", i);
        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_structure);
        g_free(path);
    }
    g_test_add_func("/availability/repair", test_repair);
    return g_test_run();
}
