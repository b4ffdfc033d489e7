/* bench_session.c - whole sessions through the real world, against the same workload in bare C.
 *
 * One process, one run: simulator and yardstick take turns, five times each, and what is judged is the ratio of the
 * medians per request. The simulator runs session.yaml with every measure listening, because that is what a user pays
 * for; without observers it runs too, so that one sees what the measuring costs. Exit 1 when a bar is missed.
 *
 * bench_session [ROUNDS]: fewer rounds for a quick look. */
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "catalogue/catalogue.h"
#include "study/study.h"
#include "tests/bench/yard.h"

enum { MOST_ROUNDS = 25 };
static const double bar_ratio = 2.5, bar_seconds = 20, bar_megabytes = 200;
static const char scenario[] = "tests/bench/session.yaml";

static Model *bench_model(ModelInputs *inputs) {
    Diagnostics *diagnostics = diagnostics_new();
    GError *error = NULL;
    ModelRequest request = {.path = scenario, .patterns_folder = "patterns", .inputs = inputs};
    Model *model = model_read(&request, &builtin_catalogue, diagnostics, &error);
    diagnostics_print(diagnostics, stderr, false);
    if (error)
        fprintf(stderr, "%s\n", error->message);
    diagnostics_free(diagnostics);
    g_clear_error(&error);
    return model;
}

/* One run: its time and, when every measure listened, what it was. */
typedef struct {
    double seconds;
    WorldEffort effort;
    int64_t sessions;
    uint64_t digest;
} Timed;

static Timed run_measured(const Model *model) {
    Study *study = study_new(model);
    double begin = yard_cpu_seconds();
    study_run(study, 0, 1, NULL, NULL);
    double seconds = yard_cpu_seconds() - begin;
    const MeasureColumn *sessions = measure_find(study_measures(study), "sessions");
    Timed timed = {seconds, study_effort(study), sessions ? sessions->samples[0].value : 0, study_digest(study)};
    study_free(study);
    return timed;
}

static double run_alone(const Model *model) {
    Study *study = study_new(model);
    double begin = yard_cpu_seconds();
    study_watch(study, 0, NULL, 0, NULL, 0);
    double seconds = yard_cpu_seconds() - begin;
    study_free(study);
    return seconds;
}

static int double_order(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts, prints least, median and greatest; returns the median. */
static double print_spread(const char *who, double *ns, int rounds) {
    qsort(ns, (size_t)rounds, sizeof *ns, double_order);
    printf("  %-14s %7.1f ns (%.1f to %.1f)\n", who, ns[rounds / 2], ns[0], ns[rounds - 1]);
    return ns[rounds / 2];
}

static const char *word(bool met) { return met ? "met" : "MISSED"; }

/* What the last run was, and whether the bar of a million sessions is met. */
static bool print_run(const Timed *run, double slowest, const YardSession *yard) {
    double megabytes = (double)yard_peak_bytes() / 1e6;
    bool met = slowest <= bar_seconds && megabytes <= bar_megabytes;
    printf("  events         %7.2f a request (yardstick %.2f), digest %016" PRIx64 "\n",
           (double)run->effort.events / (double)run->effort.requests, (double)yard->events / (double)yard->requests,
           run->digest);
    printf("  memory         %7" PRIu64 " bytes a live session, its pending event included; %" PRIu64 " live at most\n",
           run->effort.bytes_per_session, run->effort.sessions_peak);
    printf("%" PRId64 " sessions, %" PRIu64 " requests: %.2f s at most, peak %.1f MB; bar %.0f s and %.0f MB: %s\n",
           run->sessions, run->effort.requests, slowest, megabytes, bar_seconds, bar_megabytes, word(met));
    return met;
}

static bool bench(const Model *model, int rounds) {
    double measured[MOST_ROUNDS], alone[MOST_ROUNDS], yard[MOST_ROUNDS], ratio[MOST_ROUNDS], slowest = 0;
    Timed run = {0};
    YardSession bare = {0};
    for (int i = 0; i < rounds; i++) {
        bare = yard_session(1000000, 1000, 500, 1);
        run = run_measured(model);
        double requests = (double)run.effort.requests;
        yard[i] = bare.ns_per_request;
        measured[i] = run.seconds * 1e9 / requests;
        alone[i] = run_alone(model) * 1e9 / requests;
        ratio[i] = measured[i] / yard[i];
        slowest = MAX(slowest, run.seconds);
    }
    printf("%u cores, medians of %d, taking turns\n", g_get_num_processors(), rounds);
    printf("sessions over two regions, one of which dies: ns per request\n");
    double ours = print_spread("every measure", measured, rounds);
    print_spread("no observer", alone, rounds);
    double judged = ours / print_spread("yardstick", yard, rounds);
    qsort(ratio, (size_t)rounds, sizeof *ratio, double_order);
    printf("  ratio          %7.2f    (%.2f to %.2f in single rounds), bar %.1f: %s\n", judged, ratio[0],
           ratio[rounds - 1], bar_ratio, word(judged <= bar_ratio));
    return print_run(&run, slowest, &bare) && judged <= bar_ratio;
}

int main(int argc, char **argv) {
    int rounds = argc > 1 ? atoi(argv[1]) : 5;
    ModelInputs *inputs = model_inputs_new();
    Model *model = bench_model(inputs);
    if (!model)
        return 2;
    bool met = bench(model, CLAMP(rounds, 1, MOST_ROUNDS));
    model_free(model);
    model_inputs_free(inputs);
    return met ? 0 : 1;
}
