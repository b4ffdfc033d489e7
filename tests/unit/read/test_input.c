/* test_input.c - files, devices, pipes and folders: read by counting, refused in plain words. */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "read/input.h"
#include "read/limits.h"
#include "tests/unit/read/reading.h"

typedef struct {
    char *folder;
    Diagnostics *diagnostics;
    GError *error;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data) {
    (void)data;
    fixture->folder = g_dir_make_tmp("faultline-XXXXXX", NULL);
    fixture->diagnostics = diagnostics_new();
    g_assert_cmpint(g_chdir(fixture->folder), ==, 0);
    g_assert_true(g_file_set_contents("pattern.yaml", "a: 1\n", -1, NULL));
    g_assert_true(g_file_set_contents("scenario.yaml",
                                      "\xEF\xBB\xBF"
                                      "b: 2\n",
                                      -1, NULL));
}

static void tear_down(Fixture *fixture, gconstpointer data) {
    (void)data;
    g_unlink("pattern.yaml");
    g_unlink("scenario.yaml");
    g_unlink("large.yaml");
    g_assert_cmpint(g_chdir("/"), ==, 0);
    g_rmdir(fixture->folder);
    g_free(fixture->folder);
    diagnostics_free(fixture->diagnostics);
    g_clear_error(&fixture->error);
}

static void check_refused(Fixture *fixture, const char *path, const char *wanted) {
    g_assert_null(input_read(path, fixture->diagnostics, &fixture->error));
    g_assert_no_error(fixture->error);
    char *printed = reading_printed(fixture->diagnostics);
    g_assert_cmpstr(printed, ==, wanted);
    g_free(printed);
}

static void test_reads(Fixture *fixture, gconstpointer data) {
    (void)data;
    uint64_t length;
    Source *source = input_read("pattern.yaml", fixture->diagnostics, &fixture->error);
    g_assert_cmpstr(source_text(source, &length), ==, "a: 1\n");
    g_assert_cmpuint(length, ==, 5);
    g_assert_cmpstr(source_name(source), ==, "pattern.yaml");
    source_free(source);
    source = input_read("scenario.yaml", fixture->diagnostics, &fixture->error); /* its byte order mark is gone */
    g_assert_cmpstr(source_text(source, &length), ==, "b: 2\n");
    source_free(source);
}

static void test_no_such_file(Fixture *fixture, gconstpointer data) {
    (void)data;
    check_refused(fixture, "patern.yaml",
                  "error: there is no file 'patern.yaml'\n  mend: did you mean 'pattern.yaml'?\n");
}

static void test_no_such_file_here(Fixture *fixture, gconstpointer data) {
    (void)data;
    check_refused(fixture, "./scenaro.yaml",
                  "error: there is no file './scenaro.yaml'\n  mend: did you mean 'scenario.yaml'?\n");
}

static void test_nothing_near(Fixture *fixture, gconstpointer data) {
    (void)data;
    check_refused(fixture, "x", "error: there is no file 'x'\n");
}

static void test_no_such_folder(Fixture *fixture, gconstpointer data) {
    (void)data;
    check_refused(fixture, "nowhere/x.yaml",
                  "error: there is no file 'nowhere/x.yaml'\n  mend: there is no folder 'nowhere'\n");
}

static void test_file_as_folder(Fixture *fixture, gconstpointer data) {
    (void)data;
    check_refused(fixture, "pattern.yaml/x",
                  "error: there is no file 'pattern.yaml/x'\n  mend: there is no folder 'pattern.yaml'\n");
}

static void test_folder(Fixture *fixture, gconstpointer data) {
    (void)data;
    check_refused(fixture, ".", "error: '.' is a folder\n  mend: name a file in it\n");
}

static void test_endless_device(Fixture *fixture, gconstpointer data) {
    (void)data;
    check_refused(fixture, "/dev/zero", "error: '/dev/zero' is larger than 4194304 bytes, the most that is read\n");
}

static void test_limit(Fixture *fixture, gconstpointer data) {
    (void)data;
    char *full = g_strnfill(READ_FILE_MOST + 1, ' ');
    g_assert_true(g_file_set_contents("large.yaml", full, READ_FILE_MOST, NULL));
    Source *source = input_read("large.yaml", fixture->diagnostics, &fixture->error);
    g_assert_nonnull(source);
    source_free(source);
    source = input_read_most("large.yaml", 10, fixture->diagnostics, &fixture->error);
    g_assert_null(source);
    g_assert_cmpuint(diagnostics_errors(fixture->diagnostics), ==, 1);
    g_assert_true(g_file_set_contents("large.yaml", full, READ_FILE_MOST + 1, NULL));
    g_assert_null(input_read("large.yaml", fixture->diagnostics, &fixture->error));
    g_assert_cmpuint(diagnostics_errors(fixture->diagnostics), ==, 2);
    g_free(full);
}

/* Standard input is a pipe here: its size cannot be asked for, and it comes in pieces. */
static void test_standard_input(Fixture *fixture, gconstpointer data) {
    (void)data;
    int ends[2], kept = dup(STDIN_FILENO);
    g_assert_cmpint(pipe(ends), ==, 0);
    g_assert_cmpint(write(ends[1], "a: 1\n", 5), ==, 5);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    Source *source = input_read("-", fixture->diagnostics, &fixture->error);
    if (kept >= 0) {
        dup2(kept, STDIN_FILENO);
        close(kept);
    }
    g_assert_cmpstr(source_name(source), ==, "<stdin>");
    g_assert_cmpstr(source_text(source, NULL), ==, "a: 1\n");
    source_free(source);
}

/* A failure of the machine is no diagnostic: reading from a descriptor that cannot be read. */
static void test_machine_failure(Fixture *fixture, gconstpointer data) {
    (void)data;
    int kept = dup(STDIN_FILENO), write_only = open("pattern.yaml", O_WRONLY);
    dup2(write_only, STDIN_FILENO);
    close(write_only);
    Source *source = input_read("-", fixture->diagnostics, &fixture->error);
    if (kept >= 0) {
        dup2(kept, STDIN_FILENO);
        close(kept);
    }
    g_assert_null(source);
    g_assert_cmpuint(diagnostics_count(fixture->diagnostics), ==, 0);
    g_assert_nonnull(fixture->error);
    g_assert_true(g_str_has_prefix(fixture->error->message, "cannot read '<stdin>': "));
}

static void add(const char *name, void (*test)(Fixture *, gconstpointer)) {
    g_test_add(name, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    add("/read/input/reads", test_reads);
    add("/read/input/no-such-file", test_no_such_file);
    add("/read/input/no-such-file-here", test_no_such_file_here);
    add("/read/input/nothing-near", test_nothing_near);
    add("/read/input/no-such-folder", test_no_such_folder);
    add("/read/input/file-as-folder", test_file_as_folder);
    add("/read/input/folder", test_folder);
    add("/read/input/endless-device", test_endless_device);
    add("/read/input/limit", test_limit);
    add("/read/input/standard-input", test_standard_input);
    add("/read/input/machine-failure", test_machine_failure);
    return g_test_run();
}
