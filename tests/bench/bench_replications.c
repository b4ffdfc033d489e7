/* bench_replications.c - what it costs to run replications by workers, and to hand them over.
 *
 * Two workers of one study against two processes that know nothing of each other, each with half of the replications:
 * both sides have the same two processors, take turns, and are judged by the ratio of their medians. Then the cost of
 * packing what one replication found and taking it in again, beside the replication itself. Exit 1: a bar is missed.
 *
 * bench_replications [ROUNDS]: fewer rounds for a quick look. */
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalogue/catalogue.h"
#include "study/study.h"
#include "tests/bench/yard.h"

enum { MOST_ROUNDS = 25, HALF = 16, PACKED = 20 };
static const double bar_ratio = 0.95, bar_overhead_ms = 1;
static const char scenario[] = "scenarios/outage/zone-loss.yaml";

static Model *bench_model(ModelInputs *inputs) {
    Diagnostics *diagnostics = diagnostics_new();
    GError *error = NULL;
    ModelRequest request = {.path = scenario, .patterns_folder = "patterns", .inputs = inputs};
    Model *model = model_read(&request, &builtin_catalogue, diagnostics, &error);
    diagnostics_print(diagnostics, stderr, 0);
    if (error)
        fprintf(stderr, "%s\n", error->message);
    diagnostics_free(diagnostics);
    g_clear_error(&error);
    return model;
}

static double seconds_since(int64_t begin) { return (double)(g_get_monotonic_time() - begin) / 1e6; }

static double two_workers(const Model *model, bool *good) {
    int64_t begin = g_get_monotonic_time();
    Study *study = study_new(model);
    StudyPlan plan = {.count = 2 * HALF, .jobs = 2};
    *good = study_run_plan(study, &plan, NULL, NULL, NULL) == plan.count && *good;
    study_free(study);
    return seconds_since(begin);
}

/* The first half and the second, in processes of their own. */
static double two_processes(const Model *model, bool *good) {
    int64_t begin = g_get_monotonic_time();
    pid_t children[2];
    fflush(NULL);
    for (uint64_t i = 0; i < 2; i++) {
        children[i] = fork();
        if (children[i] != 0)
            continue;
        Study *study = study_new(model);
        _exit(study_run(study, i * HALF, HALF, NULL, NULL) == HALF ? 0 : 1);
    }
    for (int i = 0; i < 2; i++) {
        int status = 1;
        waitpid(children[i], &status, 0);
        *good = status == 0 && *good;
    }
    return seconds_since(begin);
}

static int double_order(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double print_spread(const char *who, double *values, int count, const char *unit) {
    qsort(values, (size_t)count, sizeof *values, double_order);
    printf("  %-16s %8.3f %s (%.3f to %.3f)\n", who, values[count / 2], unit, values[0], values[count - 1]);
    return values[count / 2];
}

static const char *word(bool met) { return met ? "met" : "MISSED"; }

static bool judge_workers(const Model *model, int rounds) {
    double workers[MOST_ROUNDS], processes[MOST_ROUNDS];
    bool good = true;
    for (int i = 0; i < rounds; i++) {
        workers[i] = two_workers(model, &good);
        processes[i] = two_processes(model, &good);
    }
    double ours = print_spread("two workers", workers, rounds, "s");
    double theirs = print_spread("two processes", processes, rounds, "s");
    bool met = good && theirs / ours >= bar_ratio;
    printf("  workers reach %.3f of what processes reach, bar %.2f: %s\n", theirs / ours, bar_ratio, word(met));
    return met;
}

/* CPU time of replications, and of what a worker and its parent do more for each: packing it and taking it in. Each
 * part is timed by itself: beside a whole replication, what this machine swings by would hide it. */
static bool judge_overhead(const Model *model, int rounds) {
    double run[MOST_ROUNDS * PACKED], more[MOST_ROUNDS * PACKED], size = 0;
    int count = 0;
    GByteArray *part = g_byte_array_new();
    for (int i = 0; i < rounds; i++) {
        Study *study = study_new(model);
        for (uint64_t r = 0; r < PACKED; r++, count++) {
            double begin = yard_cpu_seconds();
            study_run_apart(study, r);
            double packing = yard_cpu_seconds();
            g_byte_array_set_size(part, 0);
            study_pack(study, r == 0, part);
            study_take(study, part->data, part->len);
            more[count] = (yard_cpu_seconds() - packing) * 1e3;
            run[count] = (packing - begin) * 1e3;
            size = part->len;
        }
        study_free(study);
    }
    g_byte_array_free(part, TRUE);
    print_spread("replication", run, count, "ms");
    double cost = print_spread("handing it over", more, count, "ms");
    bool met = cost <= bar_overhead_ms;
    printf("  %.1f kB a replication, bar %.0f ms: %s\n", size / 1e3, bar_overhead_ms, word(met));
    return met;
}

int main(int argc, char **argv) {
    int rounds = argc > 1 ? CLAMP((int)g_ascii_strtoll(argv[1], NULL, 10), 1, MOST_ROUNDS) : 3;
    ModelInputs *inputs = model_inputs_new();
    Model *model = bench_model(inputs);
    bool met = model != NULL;
    if (model) {
        printf("%s, %d replications\n", scenario, 2 * HALF);
        met = judge_workers(model, rounds);
        met = judge_overhead(model, rounds) && met;
    }
    model_free(model);
    model_inputs_free(inputs);
    return met ? 0 : 1;
}
