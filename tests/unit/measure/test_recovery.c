/* test_recovery.c - when new sessions are served again, on series whose answer is known. */
#include <glib.h>

#include "measure/recovery.h"

static const Share healthy = {1000, 1000};

typedef struct {
    GArray *trials;
} Series;

static Series series_new(void) { return (Series){g_array_new(FALSE, FALSE, sizeof(Trial))}; }

static SimTime ms(int64_t n) { return SIMTIME_MS(n); }

/* One session every `gap` ms in [from, to) ms; of each `of` of them, `bad` fail. */
static void sessions(Series *series, int64_t from, int64_t to, int64_t gap, int bad, int of) {
    int n = 0;
    for (int64_t t = from; t < to; t += gap, n++) {
        Trial trial = {ms(t), n % of < bad ? TRIAL_WANTS_PLACE : TRIAL_SERVED};
        g_array_append_val(series->trials, trial);
    }
}

/* The fault is at 0. Returns ms to the recovering success, -1: never. */
static int64_t found(const Series *series, const SimTime *horizons, uint32_t count, Share before) {
    Recovery recovery = recovery_find((const Trial *)(gpointer)series->trials->data, series->trials->len, ms(0),
                                      horizons, count, before);
    if (!recovery.recovered)
        return -1;
    if (recovery.index != UINT32_MAX) {
        const Trial *trial = &g_array_index(series->trials, Trial, recovery.index);
        g_assert_cmpint(trial->kind, ==, TRIAL_SERVED);
        g_assert_cmpint(trial->at.ns, ==, recovery.at.ns);
    }
    g_assert_cmpint(recovery.at.ns % 1000000, ==, 0);
    return recovery.at.ns / 1000000;
}

static int64_t until(const Series *series, int64_t horizon) {
    return found(series, (SimTime[]){ms(horizon)}, 1, healthy);
}

static void series_free(Series *series) { g_array_free(series->trials, TRUE); }

static void test_sharp(void) {
    for (int64_t edge = 1000; edge <= 301000; edge += 50000) {
        Series s = series_new();
        sessions(&s, 20, edge, 50, 1, 1);
        sessions(&s, edge + 7, 600000, 50, 0, 1);
        /* A window of 1200 may hold 12 failures, but it begins at a success. */
        g_assert_cmpint(until(&s, 600000), ==, edge + 7);
        series_free(&s);
    }
}

static void test_half_dead(void) {
    Series s = series_new();
    sessions(&s, 0, 90000, 50, 1, 2);
    sessions(&s, 90000, 600000, 50, 0, 1);
    /* The first window of 1200 with at most 12 failures: every second fails, so it begins at the success before the
     * last 12. */
    g_assert_cmpint(until(&s, 600000), ==, 90000 - 12 * 100 - 50);
    series_free(&s);
}

static void test_never_in_trouble(void) {
    Series s = series_new();
    sessions(&s, 33, 600000, 50, 0, 1);
    g_assert_cmpint(until(&s, 600000), ==, 0);
    series_free(&s);
    s = series_new();
    sessions(&s, 33, 600000, 50, 1, 150); /* two thirds of a per cent */
    g_assert_cmpint(until(&s, 600000), ==, 0);
    series_free(&s);
}

static void test_never_again(void) {
    Series s = series_new();
    sessions(&s, 0, 600000, 50, 1, 2);
    g_assert_cmpint(until(&s, 600000), ==, -1);
    series_free(&s);
    s = series_new();
    sessions(&s, 0, 590000, 50, 1, 1);
    sessions(&s, 590000, 600000, 50, 0, 1); /* well for 10 s before the end is not a window */
    g_assert_cmpint(until(&s, 600000), ==, -1);
    series_free(&s);
    s = series_new();
    g_assert_cmpint(until(&s, 600000), ==, -1); /* nobody came, so nobody was served */
    series_free(&s);
}

static void test_relapse(void) {
    Series s = series_new();
    sessions(&s, 0, 60000, 50, 1, 1);
    sessions(&s, 60000, 200000, 50, 0, 1);
    sessions(&s, 200000, 230000, 50, 1, 1);
    sessions(&s, 230000, 600000, 50, 0, 1);
    g_assert_cmpint(until(&s, 600000), ==, 230000);
    /* Unless the relapse is the doing of something that began in between. */
    g_assert_cmpint(found(&s, (SimTime[]){ms(200000), ms(600000)}, 2, healthy), ==, 60000);
    /* The first horizon leaves no room for a window; the next one counts. */
    g_assert_cmpint(found(&s, (SimTime[]){ms(5000), ms(200000), ms(600000)}, 3, healthy), ==, 60000);
    series_free(&s);
}

/* What is allowed is judged against the mean before, and one more failure at a low rate undoes nothing. */
static void test_noise(void) {
    Series s = series_new();
    sessions(&s, 0, 50000, 1000, 1, 1);
    sessions(&s, 50000, 300000, 1000, 0, 1);
    sessions(&s, 300000, 301000, 1000, 1, 1); /* one of 60 in its window: 1.7 % */
    sessions(&s, 301000, 600000, 1000, 0, 1);
    g_assert_cmpint(until(&s, 600000), ==, 50000);
    series_free(&s);
    s = series_new();
    sessions(&s, 0, 40000, 50, 1, 1);
    sessions(&s, 40050, 600000, 50, 1, 20); /* 5 % fail for ever */
    g_assert_cmpint(until(&s, 600000), ==, -1);
    g_assert_cmpint(found(&s, (SimTime[]){ms(600000)}, 1, (Share){950, 1000}), ==, 40100); /* as before the fault */
    series_free(&s);
}

/* One and a half per cent for ever: single windows may pass by chance, the rest of the run does not. */
static void test_slow_bleeding(void) {
    Series s = series_new();
    sessions(&s, 0, 40000, 50, 1, 1);
    for (int64_t t = 40000; t < 600000; t += 50) {
        bool bad = t / 50 % 67 == 0;
        if (t >= 100000 && t < 161000)
            bad = false;
        Trial trial = {ms(t), bad ? TRIAL_WANTS_ROOM : TRIAL_SERVED};
        g_array_append_val(s.trials, trial);
    }
    int64_t at = until(&s, 600000);
    g_assert_true(at == -1 || at > 400000);
    series_free(&s);
}

/* Brute force over every window, for random series. */
static int64_t naive(const Series *s, int64_t horizon) {
    const Trial *t = (const Trial *)(gpointer)s->trials->data;
    guint n = s->trials->len;
    for (guint i = 0; i < n; i++) {
        if (t[i].kind != TRIAL_SERVED || t[i].at.ns + RECOVERY_WINDOW.ns > horizon * 1000000)
            continue;
        uint64_t served = 0, all = 0, rest_served = 0, rest = 0;
        bool relapse = false;
        for (guint j = i; j < n && t[j].at.ns < horizon * 1000000; j++) {
            bool in = t[j].at.ns < t[i].at.ns + RECOVERY_WINDOW.ns;
            served += in && t[j].kind == TRIAL_SERVED;
            all += in;
            rest_served += t[j].kind == TRIAL_SERVED;
            rest++;
            uint64_t bad = 0, there = 0;
            for (guint k = j; k < n && t[k].at.ns < t[j].at.ns + RECOVERY_WINDOW.ns; k++) {
                bad += t[k].kind != TRIAL_SERVED;
                there++;
            }
            double allowed = (double)there * 0.01;
            double more = (double)bad - allowed - 1;
            if (t[j].at.ns + RECOVERY_WINDOW.ns <= horizon * 1000000 && more > 0 && more * more > 16 * allowed)
                relapse = true;
        }
        if (!relapse && served * 100 >= all * 99 && rest_served * 100 >= rest * 99)
            return t[i].at.ns / 1000000;
    }
    return -1;
}

static void test_against_brute_force(void) {
    GRand *luck = g_rand_new_with_seed(7);
    int recovered = 0;
    for (int run = 0; run < 300; run++) {
        Series s = series_new();
        int64_t at = 1, edge = g_rand_int_range(luck, 1, 200000);
        double after = g_rand_int_range(luck, 0, 4) * 0.006;
        while (at < 300000) {
            double share = at < edge ? 0.6 : after;
            Trial trial = {ms(at), g_rand_double(luck) < share ? TRIAL_WANTS_NAME : TRIAL_SERVED};
            g_array_append_val(s.trials, trial);
            at += g_rand_int_range(luck, 1, 3000);
        }
        int64_t mine = until(&s, 300000), his = naive(&s, 300000);
        if (mine != 0) /* zero is a window of its own, which begins at the fault */
            g_assert_cmpint(mine, ==, his);
        recovered += mine > 0;
        series_free(&s);
    }
    g_assert_cmpint(recovered, >, 100);
    g_rand_free(luck);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recovery/sharp", test_sharp);
    g_test_add_func("/recovery/half dead", test_half_dead);
    g_test_add_func("/recovery/never in trouble", test_never_in_trouble);
    g_test_add_func("/recovery/never again", test_never_again);
    g_test_add_func("/recovery/relapse", test_relapse);
    g_test_add_func("/recovery/noise", test_noise);
    g_test_add_func("/recovery/slow bleeding", test_slow_bleeding);
    g_test_add_func("/recovery/against brute force", test_against_brute_force);
    return g_test_run();
}
