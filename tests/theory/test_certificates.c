/* test_certificates.c - how many calls fail after certificates are renewed no more, or nobody can sign in, against
 * closed forms.
 *
 * A certificate of lifetime L is renewed at the age rL, so at a random instant its age is uniform on [0, rL). When
 * renewal stops, the share that has run out t later is F(t) = (t - (1 - r)L) / (rL), for t from (1 - r)L to L. A call
 * between two that hold one each fails when either has run out; over a connection that is kept for K, when one had run
 * out as it was made, on average K/2 ago. Tokens of any age run out alike: t / L. Shares are measured over a window in
 * which F is linear, so the middle of the window counts. */
#include <glib.h>

#include "tests/theory/judge.h"
#include "tests/theory/play.h"

enum { SETS = 4, ROWS = JUDGE_SEEDS * 8 };

typedef struct {
    const char *name;
    const char *event;
    const char *sets[SETS]; /* NULL-terminated */
    double from, until;     /* s: the window */
    double exact;
    uint64_t runs;
} Row;

typedef struct {
    SimTime from;
    uint64_t served, failed;
} Calls;

static void calls_see(void *user, const Fact *fact) {
    Calls *calls = user;
    if (simtime_before(fact->at, calls->from))
        return;
    if (fact->kind == FACT_FAILED)
        g_assert_cmpint(fact->cause, ==, CAUSE_UNTRUSTED);
    *(fact->kind == FACT_FAILED ? &calls->failed : &calls->served) += 1;
}

static double share_failed(Play *play, const Row *row, Luck luck) {
    Calls calls = {.from = SIMTIME_NS((int64_t)(row->from * 1e9))};
    play_run(play, luck, FACT_BIT(FACT_SERVED) | FACT_BIT(FACT_FAILED), calls_see, &calls);
    return (double)calls.failed / (double)(calls.served + calls.failed);
}

static void test_row(gconstpointer data) {
    const Row *row = data;
    char *until = g_strdup_printf("run.until=%d s", (int)row->until);
    const char *sets[SETS + 1] = {until}, *events[] = {row->event, NULL};
    for (int i = 0; row->sets[i]; i++)
        sets[i + 1] = row->sets[i];
    Play *play = play_new("tests/theory/certificates.yaml", sets, events);
    for (uint64_t seed = 1; seed <= judge_seeds(); seed++) {
        Moments failed = {0};
        for (uint64_t r = 0; r < row->runs; r++)
            moments_add(&failed, share_failed(play, row, (Luck){seed, r}));
        judge_row("certificates", row->name, seed, &failed, row->exact, ROWS);
    }
    play_free(play);
    g_free(until);
}

#define STOP "{at: 1 ms, stop: site.fragile}"

static const Row rows[] = {
    {"half life", STOP, {NULL}, 102, 114, 0.8, 800},
    {"half life, later", STOP, {NULL}, 111, 117, 0.9, 700},
    {"two thirds", STOP, {"renew_at=66.6666667 %"}, 98, 110, 0.8, 800},
    {"down, not stopped", "{at: 1 ms, fail: site.fragile}", {NULL}, 102, 114, 0.8, 800},
    {"after renewals", "{at: 5 min, stop: site.fragile}", {"rate=6/s"}, 405, 417, 0.85, 700},
    {"kept connections", STOP, {"reconnect=12 s", "load.callers.enter=pair"}, 102, 114, 0.7, 2000},
    {"both sides", STOP, {"gate_by=fragile", "machines=1", "load.callers.enter=pair"}, 102, 108, 0.9375, 14000},
    {"tokens", "{at: 1 ms, fail: idp}", {"load.callers.enter=sign-in", "rate=20/s"}, 90, 102, 0.8, 300},
};

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strdup_printf("/certificates/%s", rows[i].name);
        g_test_add_data_func(path, &rows[i], test_row);
        g_free(path);
    }
    return g_test_run();
}
