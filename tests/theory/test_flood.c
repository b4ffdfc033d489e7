/* test_flood.c - a flood against a capacity: of the honest requests the share C / (A + lambda) is served.
 *
 * Random drop at a unit that takes up C of what comes, A of it the flood's: every request has the same chance. The
 * share is that of sessions of one request without a retry, so it is the chance itself. */
#include <glib.h>
#include <string.h>

#include "tests/theory/judge.h"
#include "tests/theory/play.h"

enum { WARM_S = 60, REPLICATIONS = 30 };

typedef struct {
    const char *name;
    const char *rate, *capacity, *zones, *perimeter, *after;
    const char *flood; /* NULL: none */
    double share;
} System;

static const System systems[] = {
    {"half", "60/s", "100/s", "1", "0/s", "1 d", "{at: 0 s, flood: site.lb, with: 140/s}", 0.5},
    {"a quarter", "160/s", "300/s", "1", "0/s", "1 d", "{at: 0 s, flood: site.lb, with: 1040/s}", 0.25},
    {"two units", "75/s", "50/s", "2", "0/s", "1 d", "{at: 0 s, flood: site.lb, with: 175/s}", 0.4},
    {"one unit of two", "50/s", "50/s", "2", "0/s", "1 d", "{at: 0 s, flood: 'site[us-east-1].lb/0', with: 100/s}",
     0.5 + 0.5 * 50 / 125},
    {"honest ones only", "150/s", "90/s", "1", "0/s", "1 d", NULL, 0.6},
    {"mitigated", "50/s", "100/s", "1", "0/s", "30 s", "{at: 0 s, flood: site.lb, with: 3000/s}", 0.5},
    {"below the threshold", "50/s", "60/s", "1", "5000/s", "30 s", "{at: 0 s, flood: site.lb, with: 3000/s}", 1},
    {"from inside, past every perimeter", "50/s", "100/s", "1", "5000/s", "30 s",
     "{at: 0 s, flood: site.lb, with: 150/s, from: site.old}", 0.5},
    {"of what the sender cannot reach", "50/s", "100/s", "1", "0/s", "30 s",
     "{at: 0 s, flood: site.web, with: 900000000/s, from: site.old}", 1},
    {"by a population, mitigated", "50/s", "60/s", "1", "0/s", "30 s",
     "{at: 0 s, flood: site.lb, with: 1000/s, from: clients}", 0.6},
};

enum { ROWS = JUDGE_SEEDS * G_N_ELEMENTS(systems) };

typedef struct {
    uint64_t completed, broken;
} Count;

static void count_fact(void *user, const Fact *fact) {
    Count *count = user;
    if (simtime_before(fact->at, SIMTIME_S(WARM_S)))
        return;
    count->completed += fact->kind == FACT_COMPLETED;
    count->broken += fact->kind == FACT_BROKEN;
}

static Play *play_of(const System *s) {
    char *sets[] = {g_strdup_printf("rate=%s", s->rate),   g_strdup_printf("capacity=%s", s->capacity),
                    g_strdup_printf("zones=%s", s->zones), g_strdup_printf("perimeter=%s", s->perimeter),
                    g_strdup_printf("after=%s", s->after), NULL};
    const char *const events[] = {s->flood, NULL};
    Play *play = play_new("tests/theory/flood.yaml", (const char *const *)sets, events);
    for (int i = 0; sets[i]; i++)
        g_free(sets[i]);
    return play;
}

static void test_system(gconstpointer data) {
    const System *s = data;
    Play *play = play_of(s);
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        Moments served = {0};
        for (uint64_t r = 0; r < REPLICATIONS; r++) {
            Count count = {0};
            play_run(play, (Luck){seed, r}, FACT_BIT(FACT_COMPLETED) | FACT_BIT(FACT_BROKEN), count_fact, &count);
            if (s->share == 1)
                g_assert_cmpuint(count.broken, ==, 0);
            moments_add(&served, (double)count.completed / (double)(count.completed + count.broken));
        }
        if (s->share < 1)
            judge_row("flood", s->name, seed, &served, s->share, ROWS);
    }
    play_free(play);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* show every row that misses, not only the first */
    for (size_t i = 0; i < G_N_ELEMENTS(systems); i++) {
        char *path = g_strdup_printf("/flood/%s", systems[i].name);
        g_strdelimit(path + strlen("/flood/"), ", ", '-');
        g_test_add_data_func(path, &systems[i], test_system);
        g_free(path);
    }
    return g_test_run();
}
