/* test.c - `faultline test PATH...`: every expectation of every scenario, and every `but:` under which it must fail.
 *
 * An architecture decision is only tested when the smallest change that breaks it is seen to break it. What was found
 * is a TestReport, told in any of the formats of report/. */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/version.h"
#include "commands/effort.h"
#include "commands/progress.h"
#include "commands/telling.h"
#include "commands/trial.h"

typedef struct {
    TrialOptions trial;
    char **formats, *today, *drift, *tolerance, *output, *jobs;
    gboolean every_pattern;
} TestOptions;

static int by_name(gconstpointer a, gconstpointer b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* A file named twice is tried once. */
static void plan_file(GPtrArray *plan, const char *path) {
    if (!g_ptr_array_find_with_equal_func(plan, path, g_str_equal, NULL))
        g_ptr_array_add(plan, g_strdup(path));
}

/* Files in order of name; folders are searched for *.yaml. */
static void plan_path(GPtrArray *plan, const char *path) {
    GDir *folder = g_dir_open(path, 0, NULL);
    if (!folder) {
        plan_file(plan, path);
        return;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(folder); name; name = g_dir_read_name(folder))
        g_ptr_array_add(names, g_build_filename(path, name, NULL));
    g_dir_close(folder);
    g_ptr_array_sort(names, by_name);
    for (guint i = 0; i < names->len; i++)
        if (g_file_test(names->pdata[i], G_FILE_TEST_IS_DIR) || g_str_has_suffix(names->pdata[i], ".yaml"))
            plan_path(plan, names->pdata[i]);
    g_ptr_array_free(names, TRUE);
}

/* ---- Options ----------------------------------------------------------------------------- */

static bool complain(const char *option, const char *value, const char *reason) {
    char *safe = escape_terminal(value);
    fprintf(stderr, "faultline test: --%s %s: %s\n", option, safe, reason);
    g_free(safe);
    return false;
}

static bool today_of(TestOptions *options) {
    char *why, *mend;
    options->trial.has_today = options->today != NULL;
    if (!options->today || date_parse(options->today, &options->trial.today, &why, &mend))
        return true;
    char *reason = g_strdup_printf("%s; %s", why, mend);
    complain("today", options->today, reason);
    g_free(reason);
    g_free(why);
    g_free(mend);
    return false;
}

static bool drift_of_option(TestOptions *options) {
    for (int mode = 0; drift_modes[mode]; mode++) {
        if (options->drift && strcmp(options->drift, drift_modes[mode]) != 0)
            continue;
        options->trial.drift = (DriftMode)mode;
        return true;
    }
    return complain("drift", options->drift, "write warn, fail or ignore");
}

/* A share suits values of every unit. */
static bool tolerance_of(TestOptions *options) {
    char *why = NULL;
    options->trial.tolerance = options->tolerance ? options->tolerance : BASELINE_TOLERANCE;
    bool good = tolerance_check(options->trial.tolerance, "1", &why);
    if (!good)
        complain("tolerance", options->tolerance, why);
    g_free(why);
    return good;
}

/* ---- Trying and telling ------------------------------------------------------------------ */

/* A scenario is tried on its own pattern, or (patterns not NULL) on each of these in turn. */
typedef struct {
    const GPtrArray *paths, *patterns;
} Plan;

static guint plan_length(const Plan *plan) { return plan->paths->len * (plan->patterns ? plan->patterns->len : 1); }

static void plan_tell(TestReport *report, const Plan *plan) {
    if (!plan->patterns) {
        test_report_plan(report, (const char *const *)plan->paths->pdata, plan->paths->len);
        return;
    }
    GPtrArray *paths = g_ptr_array_new(), *names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < plan_length(plan); i++) {
        const char *path = plan->paths->pdata[i / plan->patterns->len];
        g_ptr_array_add(paths, (char *)path);
        g_ptr_array_add(names, everywhere_name(plan->patterns->pdata[i % plan->patterns->len], path));
    }
    test_report_plan_named(report, (const char *const *)paths->pdata, (const char *const *)names->pdata, paths->len);
    g_ptr_array_free(names, TRUE);
    g_ptr_array_free(paths, TRUE);
}

/* Entry `i` of the plan, which for several patterns is the scenario i / patterns on the pattern i % patterns. */
static int try_one(TestReport *report, const Plan *plan, guint i, Everywhere **everywhere, const TestOptions *options,
                   const CommandEnv *env) {
    if (!plan->patterns)
        return trial_file(report, plan->paths->pdata[i], &options->trial, env);
    guint count = plan->patterns->len;
    TrialOptions trial = options->trial;
    if (i % count == 0)
        *everywhere = everywhere_new();
    trial.everywhere = *everywhere;
    trial.drift = DRIFT_IGNORE;
    trial.reading.pattern = plan->patterns->pdata[i % count];
    int status = trial_file(report, plan->paths->pdata[i / count], &trial, env);
    if (i % count + 1 == count && status != EXIT_INTERRUPTED) {
        everywhere_end(*everywhere, report);
        g_clear_pointer(everywhere, everywhere_free);
    }
    return status;
}

static int try_all(TestReport *report, const Plan *plan, const TestOptions *options, const Telling *telling,
                   const CommandEnv *env) {
    int status = EXIT_DONE;
    Everywhere *everywhere = NULL;
    for (guint i = 0; i < plan_length(plan) && status != EXIT_MACHINE && !report->interrupted; i++) {
        int one = try_one(report, plan, i, &everywhere, options, env);
        report->interrupted = one == EXIT_INTERRUPTED;
        int told = report->interrupted ? EXIT_DONE : telling_file(telling, report, i);
        status = MAX(status, MAX(one, told));
    }
    everywhere_free(everywhere);
    return status;
}

static int test_plan(const Plan *plan, const TestOptions *options, const Telling *telling, const CommandEnv *env) {
    TestReport *report = test_report_new(FAULTLINE_VERSION, options->today);
    plan_tell(report, plan);
    Progress whole = progress_begin(env, "test"); /* so that ^C between two runs is heard, too */
    whole.shown = false;
    int status = try_all(report, plan, options, telling, env);
    progress_end(&whole);
    int told = status == EXIT_MACHINE ? EXIT_DONE : telling_end(telling, report);
    status = told == EXIT_MACHINE ? told : status;
    if (status == EXIT_DONE && !test_report_good(report))
        status = EXIT_MISSED;
    test_report_free(report);
    return status;
}

/* Baselines belong to one pattern. */
static bool every_pattern_of(const TestOptions *options) {
    if (!options->every_pattern || (!options->trial.write && !options->trial.reading.pattern))
        return true;
    fprintf(stderr, "faultline test: --every-pattern goes with neither --write nor --pattern\n");
    return false;
}

static int try_paths(const GPtrArray *paths, const TestOptions *options, const Telling *telling,
                     const CommandEnv *env) {
    GPtrArray *patterns = NULL;
    if (options->every_pattern && !(patterns = everywhere_patterns(options->trial.reading.patterns, env)))
        return EXIT_INPUT;
    int status = test_plan(&(Plan){paths, patterns}, options, telling, env);
    if (patterns)
        g_ptr_array_free(patterns, TRUE);
    return status;
}

static int test_paths(int count, char **paths, TestOptions *options, const CommandEnv *env) {
    if (!every_pattern_of(options) || !today_of(options) || !drift_of_option(options) || !tolerance_of(options) ||
        !effort_jobs(options->jobs, "test", &options->trial.jobs))
        return EXIT_INPUT;
    Telling *telling = telling_new(options->formats, options->output, env);
    if (!telling)
        return EXIT_INPUT;
    GPtrArray *plan = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < count; i++)
        plan_path(plan, paths[i]);
    int status = EXIT_INPUT;
    if (plan->len)
        status = try_paths(plan, options, telling, env);
    else
        fputs("faultline test: there is no scenario in these folders\n", stderr);
    g_ptr_array_free(plan, TRUE);
    telling_free(telling);
    return status;
}

static int test_run(int argc, char **argv, const CommandEnv *env) {
    TestOptions options = {0};
    char *formats = telling_formats(), *help = g_strdup_printf("%s; several times: FORMAT=FILE", formats);
    const GOptionEntry entries[] = {
        READING_OPTIONS(options.trial.reading),
        {"every-pattern", 0, 0, G_OPTION_ARG_NONE, &options.every_pattern,
         "try each scenario on every pattern, instead of its own", NULL},
        {"no-but", 0, 0, G_OPTION_ARG_NONE, &options.trial.no_but,
         "leave out the changes under which expectations must fail", NULL},
        {"format", 'f', 0, G_OPTION_ARG_STRING_ARRAY, &options.formats, help, "FORMAT"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, "write into FILE, not to standard output", "FILE"},
        {"jobs", 'j', 0, G_OPTION_ARG_STRING, &options.jobs,
         "so many worker processes, or auto: one a processor (default: 1); the results are the same", "J"},
        {"today", 0, 0, G_OPTION_ARG_STRING, &options.today, "waivers that ended before that day are over",
         "YYYY-MM-DD"},
        {"write", 0, 0, G_OPTION_ARG_NONE, &options.trial.write, "record today's values beside each scenario", NULL},
        {"tolerance", 0, 0, G_OPTION_ARG_STRING, &options.tolerance, "with --write: how far values may drift; 5 %",
         "SHARE"},
        {"drift", 0, 0, G_OPTION_ARG_STRING, &options.drift, "what a drift is: warn (the default), fail or ignore",
         "MODE"},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL}};
    int status;
    bool good = arguments_parse(&argc, &argv, entries, "PATH...",
                                "see whether what scenarios expect holds, and fails when it should", &status);
    if (good && argc < 2) {
        fputs("faultline test: name scenario files, or folders of them\n", stderr);
        status = EXIT_INPUT;
    } else if (good) {
        status = test_paths(argc - 1, argv + 1, &options, env);
    }
    char *owned[] = {options.today, options.drift, options.tolerance, options.output, options.jobs, formats, help};
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    g_strfreev(options.formats);
    reading_options_clear(&options.trial.reading);
    return status;
}

const Command command_test = {
    .name = "test",
    .arguments = "PATH...",
    .summary = "see whether what scenarios expect still holds",
    .run = test_run,
};
