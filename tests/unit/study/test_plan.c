/* test_plan.c - workers, deaths, files and stops change nothing about what a study finds. */
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/record.h"
#include "study/study.h"
#include "tests/theory/play.h"

#define SMALL "tests/unit/study/small.yaml"
enum { COUNT = 12 };

static const char *const events[] = {"{at: 3 min, fail: zone eu-west-1a, for: 3 min}", NULL};

/* Everything that a study gives, as text. */
static char *study_text(const Study *study) {
    Record *record = record_new();
    char *digest = g_strdup_printf("%" G_GINT64_MODIFIER "x", study_digest(study));
    record_set_manifest(record, (RecordManifest){"", 0, 0, "", "", digest});
    record_add_fault(record, (RecordFault){"zone", 0, 1});
    results_record(study_measures(study), study_setup(study), study_model(study), record);
    size_t length;
    char *text = record_to_json(record, &length);
    WorldEffort effort = study_effort(study);
    char *all = g_strdup_printf("%s%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, text, effort.events,
                                effort.requests, effort.sessions_peak);
    g_free(text);
    g_free(digest);
    record_free(record);
    return all;
}

static char *expected_text(const Model *model, uint64_t count) {
    Study *study = study_new(model);
    g_assert_cmpuint(study_run(study, 0, count, NULL, NULL), ==, count);
    char *text = study_text(study);
    study_free(study);
    return text;
}

static void assert_same(const Study *study, const char *expected) {
    char *text = study_text(study);
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

static void test_jobs(void) {
    Play *play = play_new(SMALL, NULL, events);
    char *expected = expected_text(play->model, COUNT);
    for (uint32_t jobs = 0; jobs <= 5; jobs++) {
        Study *study = study_new(play->model);
        GError *error = NULL;
        StudyPlan plan = {.count = COUNT, .jobs = jobs};
        g_assert_cmpuint(study_run_plan(study, &plan, NULL, NULL, &error), ==, COUNT);
        g_assert_no_error(error);
        assert_same(study, expected);
        study_free(study);
    }
    g_free(expected);
    play_free(play);
}

/* In stretches, as a stop rule runs them: some here, some elsewhere. */
static void test_stretches(void) {
    Play *play = play_new(SMALL, NULL, events);
    char *expected = expected_text(play->model, COUNT);
    Study *study = study_new(play->model);
    static const struct {
        uint64_t first, count;
        uint32_t jobs;
    } stretches[] = {{0, 1, 2}, {1, 4, 2}, {5, 3, 1}, {8, 4, 3}};
    for (size_t i = 0; i < G_N_ELEMENTS(stretches); i++) {
        StudyPlan plan = {stretches[i].first, stretches[i].count, stretches[i].jobs, NULL};
        g_assert_cmpuint(study_run_plan(study, &plan, NULL, NULL, NULL), ==, plan.count);
    }
    assert_same(study, expected);
    study_free(study);
    g_free(expected);
    play_free(play);
}

/* ---- deaths ---- */

/* Children of this process, in no order; at most `room`. */
static size_t children_find(pid_t *children, size_t room) {
    char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid()), *text = NULL;
    size_t count = 0;
    if (g_file_get_contents(path, &text, NULL, NULL)) {
        char **words = g_strsplit(g_strstrip(text), " ", -1);
        for (; words[count] && words[count][0] && count < room; count++)
            children[count] = (pid_t)g_ascii_strtoll(words[count], NULL, 10);
        g_strfreev(words);
    }
    g_free(text);
    g_free(path);
    return count;
}

typedef struct {
    GRand *luck;
    uint32_t killed, most;
    int signal;
} Killer;

/* Each time something is finished, a worker may die. */
static bool kill_some(void *user, uint64_t done, uint64_t of) {
    Killer *killer = user;
    pid_t children[16];
    size_t count = children_find(children, G_N_ELEMENTS(children));
    if (done < of && count > 0 && killer->killed < killer->most && g_rand_boolean(killer->luck)) {
        kill(children[g_rand_int_range(killer->luck, 0, (gint32)count)], killer->signal);
        killer->killed++;
    }
    return true;
}

static void test_deaths(void) {
    Play *play = play_new(SMALL, NULL, events);
    char *expected = expected_text(play->model, COUNT);
    uint32_t killed = 0;
    for (guint32 seed = 0; seed < 10; seed++) {
        Killer killer = {g_rand_new_with_seed(seed), 0, 3, seed % 2 ? SIGKILL : SIGTERM};
        Study *study = study_new(play->model);
        GError *error = NULL;
        StudyPlan plan = {.count = COUNT, .jobs = 1 + seed % 3 + (seed % 3 == 0)};
        g_assert_cmpuint(study_run_plan(study, &plan, kill_some, &killer, &error), ==, COUNT);
        g_assert_no_error(error);
        assert_same(study, expected);
        study_free(study);
        g_rand_free(killer.luck);
        killed += killer.killed;
    }
    g_assert_cmpuint(killed, >=, 10);
    pid_t left[4];
    g_assert_cmpuint(children_find(left, G_N_ELEMENTS(left)), ==, 0);
    g_free(expected);
    play_free(play);
}

/* Always, and everybody, long before they are done: the end is an error, not a loop. */
static bool kill_all(void *user, uint64_t done, uint64_t of) {
    const int *signal_number = user;
    pid_t children[16];
    size_t count = children_find(children, G_N_ELEMENTS(children));
    (void)of;
    for (size_t i = 0; i < count && done < COUNT; i++)
        kill(children[i], *signal_number);
    return true;
}

static void test_massacre(void) {
    static const int signals[] = {SIGKILL, SIGABRT, SIGSEGV};
    Play *play = play_new(SMALL, (const char *const[]){"run.until=2000 h", NULL}, events);
    for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
        Study *study = study_new(play->model);
        GError *error = NULL;
        int signal_number = signals[i];
        StudyPlan plan = {.count = COUNT, .jobs = 2};
        g_assert_cmpuint(study_run_plan(study, &plan, kill_all, &signal_number, &error), <, COUNT);
        g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED);
        g_assert_nonnull(strstr(error->message, "a worker process died in replication"));
        g_error_free(error);
        study_free(study);
    }
    play_free(play);
}

/* ---- stops and files ---- */

static bool stop_at(void *user, uint64_t done, uint64_t of) {
    const uint64_t *most = user;
    (void)of;
    return done < *most;
}

static void test_stop_and_go_on(void) {
    Play *play = play_new(SMALL, NULL, events);
    char *expected = expected_text(play->model, COUNT), *folder = g_dir_make_tmp("parts-XXXXXX", NULL);
    char *path = g_build_filename(folder, "a.part", NULL);
    for (uint32_t jobs = 1; jobs <= 3; jobs++) {
        Study *study = NULL;
        uint64_t done = 0;
        g_unlink(path);
        for (uint64_t most = 3; done < COUNT; most += 3) {
            GError *error = NULL;
            PartFile *parts = part_file_open(path, most > 3 ? PART_FILE_GO_ON : PART_FILE_NEW, play->model, &error);
            g_assert_no_error(error);
            study_free(study);
            study = study_new(play->model);
            StudyPlan plan = {.count = COUNT, .jobs = jobs, .parts = parts};
            done = study_run_plan(study, &plan, stop_at, &most, &error);
            g_assert_no_error(error);
            g_assert_cmpuint(part_file_count(parts), >=, done);
            g_assert_cmpuint(part_file_count(parts), >=, MIN(most, COUNT));
            g_assert_true(part_file_close(parts, NULL));
        }
        assert_same(study, expected);
        study_free(study);
    }
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
    g_free(expected);
    play_free(play);
}

static char *file_of_parts(const Model *model, uint64_t count, char **folder) {
    *folder = g_dir_make_tmp("parts-XXXXXX", NULL);
    char *path = g_build_filename(*folder, "a.part", NULL);
    Study *study = study_new(model);
    StudyPlan plan = {.count = count, .parts = part_file_open(path, PART_FILE_NEW, model, NULL)};
    g_assert_cmpuint(study_run_plan(study, &plan, NULL, NULL, NULL), ==, count);
    g_assert_true(part_file_close(plan.parts, NULL));
    study_free(study);
    return path;
}

static void clean(char *path, char *folder) {
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(folder);
}

/* Cut or bent at any byte: what is before is kept, the rest is run again, and the whole is the same. */
static void test_torn(void) {
    Play *play = play_new(SMALL, NULL, events);
    char *folder, *path = file_of_parts(play->model, 4, &folder), *whole;
    char *expected = expected_text(play->model, 4);
    gsize length, header;
    g_assert_true(g_file_get_contents(path, &whole, &length, NULL));
    PartFile *parts = part_file_read(path, NULL);
    part_file_header(parts, &header);
    g_assert_cmpuint(part_file_count(parts), ==, 4);
    part_file_close(parts, NULL);
    GRand *luck = g_rand_new_with_seed(1);
    for (int i = 0; i < 12; i++) {
        gsize at = (gsize)g_rand_int_range(luck, (gint32)header + 30, (gint32)length - 1);
        char *bent = g_memdup2(whole, length);
        bent[at] = (char)(bent[at] ^ 64);
        g_assert_true(g_file_set_contents(path, bent, (gssize)(i % 2 ? length : at), NULL));
        GError *error = NULL;
        parts = part_file_open(path, PART_FILE_GO_ON, play->model, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(part_file_count(parts), <, 4);
        Study *study = study_new(play->model);
        StudyPlan plan = {.count = 4, .jobs = 1 + (uint32_t)i % 2, .parts = parts};
        g_assert_cmpuint(study_run_plan(study, &plan, NULL, NULL, &error), ==, 4);
        assert_same(study, expected);
        study_free(study);
        g_assert_cmpuint(part_file_count(parts), ==, 4);
        g_assert_true(part_file_close(parts, NULL));
        g_free(bent);
    }
    g_rand_free(luck);
    g_free(whole);
    g_free(expected);
    clean(path, folder);
    play_free(play);
}

static void refused(const char *path, PartFileMode mode, const Model *model, const char *why) {
    GError *error = NULL;
    g_assert_null(part_file_open(path, mode, model, &error));
    g_assert_true(error->domain == PART_FILE_ERROR);
    g_assert_nonnull(strstr(error->message, why));
    g_error_free(error);
}

static void test_refused(void) {
    Play *play = play_new(SMALL, NULL, events), *other = play_new(SMALL, NULL, NULL);
    char *folder, *path = file_of_parts(play->model, 1, &folder);
    refused(path, PART_FILE_NEW, play->model, "--resume");
    refused(path, PART_FILE_GO_ON, other->model, "another model");
    play->model->run.seed++;
    refused(path, PART_FILE_GO_ON, play->model, "seed 5, not 6");
    play->model->run.seed--;
    g_assert_true(g_file_set_contents(path, "no such file", -1, NULL));
    refused(path, PART_FILE_GO_ON, play->model, "no file of parts");
    clean(path, folder);
    play_free(play);
    play_free(other);
}

/* Another number of replications is no other study: what is there stays good. */
static void test_more(void) {
    Play *play = play_new(SMALL, NULL, events);
    char *folder, *path = file_of_parts(play->model, 3, &folder), *expected = expected_text(play->model, 5);
    PartFile *before = part_file_read(path, NULL);
    g_assert_cmpuint(part_file_replications(before), ==, 12);
    play->model->run.replications = 5;
    StudyPlan plan = {.count = 5, .parts = part_file_open(path, PART_FILE_GO_ON, play->model, NULL)};
    Study *study = study_new(play->model);
    g_assert_cmpuint(study_run_plan(study, &plan, NULL, NULL, NULL), ==, 5);
    assert_same(study, expected);
    g_assert_true(part_file_close(plan.parts, NULL));
    PartFile *after = part_file_read(path, NULL);
    g_assert_cmpuint(part_file_replications(after), ==, 5);
    g_assert_cmpuint(part_file_count(after), ==, 5);
    char *difference = part_file_difference(before, after);
    g_assert_cmpstr(difference, ==, "12 replications in all, not 5");
    g_free(difference);
    part_file_close(before, NULL);
    part_file_close(after, NULL);
    study_free(study);
    g_free(expected);
    clean(path, folder);
    play_free(play);
}

/* The lock is of the process: only another one sees it. */
static void test_locked(void) {
    Play *play = play_new(SMALL, NULL, events);
    char *folder, *path = file_of_parts(play->model, 1, &folder);
    PartFile *parts = part_file_open(path, PART_FILE_GO_ON, play->model, NULL);
    pid_t child = fork();
    if (child == 0) {
        GError *error = NULL;
        bool good = !part_file_open(path, PART_FILE_GO_ON, play->model, &error) && error &&
                    strstr(error->message, "another process");
        _exit(good ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    g_assert_cmpint(status, ==, 0);
    part_file_close(parts, NULL);
    clean(path, folder);
    play_free(play);
}

/* /dev/full takes nothing. */
static void test_full(void) {
    Play *play = play_new(SMALL, NULL, events);
    GError *error = NULL;
    g_assert_null(part_file_open("/dev/full", PART_FILE_GO_ON, play->model, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
    g_clear_error(&error);
    g_assert_null(part_file_open("/proc/nowhere/a.part", PART_FILE_GO_ON, play->model, &error));
    g_assert_cmpint((int)error->domain, ==, (int)G_FILE_ERROR);
    g_error_free(error);
    play_free(play);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/any number of jobs", test_jobs);
    g_test_add_func("/plan/in stretches", test_stretches);
    g_test_add_func("/plan/workers die", test_deaths);
    g_test_add_func("/plan/all workers die", test_massacre);
    g_test_add_func("/plan/stop and go on", test_stop_and_go_on);
    g_test_add_func("/plan/torn files", test_torn);
    g_test_add_func("/plan/refused files", test_refused);
    g_test_add_func("/plan/more replications", test_more);
    g_test_add_func("/plan/locked", test_locked);
    g_test_add_func("/plan/no room", test_full);
    return g_test_run();
}
