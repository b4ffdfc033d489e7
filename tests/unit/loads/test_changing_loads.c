/* test_changing_loads.c - arrivals whose rate changes: over the day, for a while, or as a file says. */
#include <math.h>
#include <string.h>

#include "tests/unit/kinds/fake.h"

#include "contract/load.h"

extern const LoadKind load_burst, load_daily, load_trace;

typedef struct {
    const LoadKind *kind;
    void *spec;
    Stream stream;
    Tree *tree;
    Fake *fake;
    char *complaints; /* of ready and check */
} Load;

static Load load_new(const LoadKind *kind, const char *keys, uint64_t seed) {
    Load load = {.kind = kind, .stream = luck_stream((Luck){seed, 0}, "users", "arrival"), .tree = tree_new()};
    Diagnostics *diagnostics = diagnostics_new();
    load.fake = fake_new(1);
    load.spec = fake_spec(load.fake, kind->fields, kind->spec_size, keys);
    if (!kind->ready || kind->ready(load.spec, load.tree, diagnostics))
        kind->check(load.spec, MARK_NONE, diagnostics);
    load.complaints = g_strdup(diagnostics_errors(diagnostics) ? "complained" : "");
    diagnostics_free(diagnostics);
    return load;
}

static void load_free(Load *load) {
    g_free(load->complaints);
    g_free(load->spec);
    tree_free(load->tree);
    fake_free(load->fake);
}

/* How many arrive in each of `parts` equal parts of [0, until), summed over `days` runs. */
static void count(const char *keys, const LoadKind *kind, SimTime until, int parts, int days, double *counts) {
    memset(counts, 0, (size_t)parts * sizeof *counts);
    for (int day = 0; day < days; day++) {
        Load load = load_new(kind, keys, (uint64_t)day + 1);
        g_assert_cmpstr(load.complaints, ==, "");
        SimTime at = SIMTIME_ZERO;
        for (uint64_t n = 0;; n++) {
            Draw luck = stream_draw(&load.stream, n);
            SimTime then = kind->next(load.spec, at, n, &luck);
            g_assert_false(simtime_before(then, at));
            at = then;
            if (!simtime_before(at, until))
                break;
            counts[(int)((double)at.ns / (double)until.ns * parts)]++;
        }
        load_free(&load);
    }
}

/* Poisson counts: each within five standard deviations, rounding of the parts aside. */
static void near(double counted, double wanted) { g_assert_cmpfloat(fabs(counted - wanted), <=, 5 * sqrt(wanted) + 1); }

/* The integral of 1 + s cos(2 pi (t - p)) over each 24th of a day, times 50/s over an hour of 3600 s. */
static void test_daily_wave(void) {
    double counts[24];
    count("{rate: 0.5/s, swing: 80 %, peak: 15 h}", &load_daily, SIMTIME_S(86400), 24, 20, counts);
    for (int h = 0; h < 24; h++) {
        double w = 2 * acos(-1) / 24, from = sin(w * (h - 15)), to = sin(w * (h + 1 - 15));
        near(counts[h], 20 * 0.5 * 3600 * (1 + 0.8 * (to - from) / w));
    }
}

/* Whatever the day's length: it repeats. */
static void test_daily_repeats(void) {
    double counts[4];
    count("{rate: 20/s, swing: 100 %, peak: 0 s, day: 1 h}", &load_daily, SIMTIME_S(2 * 3600), 4, 2, counts);
    for (int part = 0; part < 4; part++) /* from peak to trough, or back: as many as at the mean rate */
        near(counts[part], 2 * 20 * 1800.0);
}

static void test_daily_table(void) {
    double counts[6];
    count("{table: [10/s, 0/s, 40/s], day: 30 min}", &load_daily, SIMTIME_S(3600), 6, 3, counts);
    for (int part = 0; part < 6; part++)
        near(counts[part], 3 * 600 * (part % 3 == 0 ? 10.0 : part % 3 == 1 ? 0.0 : 40.0));
    g_assert_cmpfloat(counts[1] + counts[4], ==, 0);
    Load load = load_new(&load_daily, "{table: [10/s, 0/s, 40/s]}", 1);
    g_assert_cmpfloat(fabs((double)load_daily.mean_rate(load.spec) / 1e9 * 3 - 50), <, 1e-6);
    load_free(&load);
}

static void test_burst(void) {
    double counts[6];
    count("{rate: 5/s, at: 20 min, for: 10 min, times: 8}", &load_burst, SIMTIME_S(3600), 6, 5, counts);
    for (int part = 0; part < 6; part++)
        near(counts[part], 5 * 600 * (part == 2 ? 40.0 : 5.0));
    count("{rate: 5/s, at: 20 min, for: 10 min, times: 0}", &load_burst, SIMTIME_S(3600), 6, 5, counts);
    g_assert_cmpfloat(counts[2], ==, 0);
}

/* So many in so many nanoseconds, and the stream goes on as if nothing had been. */
static void test_burst_at_once(void) {
    Load load = load_new(&load_burst, "{rate: 1/s, at: 10 s, all_at_once: 500}", 7);
    SimTime at = SIMTIME_ZERO;
    int there = 0, others = 0;
    for (uint64_t n = 0; simtime_before(at, SIMTIME_S(1000)); n++) {
        Draw luck = stream_draw(&load.stream, n);
        SimTime then = load_burst.next(load.spec, at, n, &luck);
        bool in = then.ns >= SIMTIME_S(10).ns && then.ns < SIMTIME_S(10).ns + 500;
        g_assert_true(n == 0 || simtime_before(at, then));
        there += in;
        others += !in;
        at = then;
    }
    g_assert_cmpint(there, ==, 500);
    near(others, 1000);
    load_free(&load);
    load = load_new(&load_burst, "{at: 0 s, all_at_once: 3}", 7);
    int64_t wanted[] = {0, 1, 2, INT64_MAX};
    at = SIMTIME_ZERO;
    for (uint64_t n = 0; n < 4; n++) {
        Draw luck = stream_draw(&load.stream, n);
        at = load_burst.next(load.spec, at, n, &luck);
        g_assert_cmpint(at.ns, ==, wanted[n]);
    }
    load_free(&load);
}

/* "times, or what was wrong": the file's text read as a trace. */
static char *trace_of(const char *text) {
    Tree *tree = tree_new();
    Fake *fake = fake_new(1);
    Diagnostics *diagnostics = diagnostics_new();
    Source *source = source_new("seen.csv", text, strlen(text));
    void *spec = fake_spec(fake, load_trace.fields, load_trace.spec_size, "{file: seen.csv}");
    GString *out = g_string_new(NULL);
    g_assert_cmpstr(load_trace.file(spec), ==, "seen.csv");
    if (load_trace.take(spec, source, tree, diagnostics)) {
        Draw luck = {{0, 0}, 0, 0};
        SimTime at;
        for (uint64_t n = 0; !simtime_is_never(at = load_trace.next(spec, SIMTIME_S(99), n, &luck)); n++)
            g_string_append_printf(out, "%g ", (double)at.ns / 1e9);
    } else {
        g_assert_cmpuint(diagnostics_errors(diagnostics), ==, 1);
        char *told = NULL;
        size_t size;
        FILE *stream = open_memstream(&told, &size);
        diagnostics_print(diagnostics, stream, 0);
        fclose(stream);
        *strchr(told, '\n') = '\0';
        g_string_assign(out, told);
        free(told);
    }
    g_free(spec);
    source_free(source);
    diagnostics_free(diagnostics);
    fake_free(fake);
    tree_free(tree);
    return g_string_free(out, FALSE);
}

static void test_trace(void) {
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"1 s\n2.5 s\n2.5 s\n1 min\n", "1 2.5 2.5 60 "},
        {"at\n1 s\n\n500 min,GET /,200\n", "1 30000 "},
        {"seconds\n0\n0.25\r\n7,x", "0 0.25 7 "},
        {"Milliseconds,url\n 5 , a\n1000\n", "0.005 1 "},
        {"2 s\n1 s\n", "seen.csv:2:1: error: this comes before the line above"},
        {"", "seen.csv:1:1: error: the trace has no times"},
        {"seconds\n", "seen.csv:1:1: error: the trace has no times"},
        {"1 s\n17\n", NULL},
        {"seconds\n-1\n", NULL},
        {"GET /\n", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *found = trace_of(cases[i].text);
        if (cases[i].wanted)
            g_assert_cmpstr(found, ==, cases[i].wanted);
        else
            g_assert_true(g_str_has_prefix(found, "seen.csv:") && strstr(found, "error"));
        g_free(found);
    }
}

static void complains(const LoadKind *kind, const char *keys) {
    Load load = load_new(kind, keys, 1);
    g_assert_cmpstr(load.complaints, ==, "complained");
    load_free(&load);
}

static void test_mistakes(void) {
    complains(&load_daily, "{}");
    complains(&load_daily, "{table: []}");
    complains(&load_daily, "{table: [0/s, 0/s]}");
    complains(&load_daily, "{table: [1/s], rate: 1/s}");
    complains(&load_daily, "{table: [1 s]}");
    complains(&load_daily, "{table: 5/s}");
    complains(&load_burst, "{at: 1 s}");
    complains(&load_burst, "{rate: 5/s, at: 1 s}");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/loads/daily-wave", test_daily_wave);
    g_test_add_func("/loads/daily-repeats", test_daily_repeats);
    g_test_add_func("/loads/daily-table", test_daily_table);
    g_test_add_func("/loads/burst", test_burst);
    g_test_add_func("/loads/burst-at-once", test_burst_at_once);
    g_test_add_func("/loads/trace", test_trace);
    g_test_add_func("/loads/mistakes", test_mistakes);
    return g_test_run();
}
