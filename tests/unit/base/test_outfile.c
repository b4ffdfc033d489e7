/* test_outfile.c - a file is whole or not there, and what cannot be written says so. */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outfile.h"

typedef struct {
    char *folder;
} Place;

static void place_begin(Place *place, gconstpointer unused) {
    (void)unused;
    place->folder = g_dir_make_tmp("faultline-XXXXXX", NULL);
    g_assert_nonnull(place->folder);
}

static guint count_files(const char *folder) {
    guint count = 0;
    GDir *dir = g_dir_open(folder, 0, NULL);
    while (g_dir_read_name(dir) != NULL)
        count++;
    g_dir_close(dir);
    return count;
}

static void remove_all(const char *folder) {
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            remove_all(path);
        else
            g_unlink(path);
        g_free(path);
    }
    g_dir_close(dir);
    g_rmdir(folder);
}

static void place_end(Place *place, gconstpointer unused) {
    (void)unused;
    remove_all(place->folder);
    g_free(place->folder);
}

static void check_content(const char *path, const char *expected) {
    char *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, expected);
    g_free(text);
}

static void write_text(const char *path, const char *text) {
    GError *error = NULL;
    g_assert_true(outfile_write(path, text, strlen(text), &error));
    g_assert_no_error(error);
}

static void test_writes(Place *place, gconstpointer unused) {
    (void)unused;
    char *path = g_build_filename(place->folder, "report.txt", NULL);
    write_text(path, "first");
    write_text(path, "second");
    check_content(path, "second");
    write_text(path, "");
    check_content(path, "");
    g_assert_cmpuint(count_files(place->folder), ==, 1); /* no temporary is left */
    mode_t mask = umask(0);
    umask(mask);
    GStatBuf status;
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 0777, ==, 0666 & ~mask); /* not the 0600 of a temporary file */
    g_free(path);
}

static void test_link(Place *place, gconstpointer unused) {
    (void)unused;
    char *real = g_build_filename(place->folder, "real", NULL), *link = g_build_filename(place->folder, "link", NULL);
    write_text(real, "old");
    g_assert_cmpint(symlink("real", link), ==, 0);
    write_text(link, "new");
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    check_content(real, "new");
    g_free(real);
    g_free(link);
}

static void check_fails(const char *path, const char *expected) {
    GError *error = NULL;
    g_assert_false(outfile_write(path, "x", 1, &error));
    char *message = g_strdup_printf(expected, path);
    g_assert_cmpstr(error->message, ==, message);
    g_free(message);
    g_clear_error(&error);
}

static void test_failures(Place *place, gconstpointer unused) {
    (void)unused;
    char *nowhere = g_build_filename(place->folder, "no", "such", "folder", NULL);
    check_fails(nowhere, "cannot create %s: No such file or directory");
    check_fails(place->folder, "cannot write %s: Is a directory");
    check_fails("/dev/full", "cannot write %s: No space left on device");
    g_assert_cmpuint(count_files(place->folder), ==, 0);
    g_free(nowhere);
}

/* A device is written to, never replaced by a file. */
static void test_device(void) {
    write_text("/dev/null", "x");
    GStatBuf status;
    g_assert_cmpint(g_stat("/dev/null", &status), ==, 0);
    g_assert_true(S_ISCHR(status.st_mode));
}

static void test_folder(Place *place, gconstpointer unused) {
    (void)unused;
    GError *error = NULL;
    char *deep = g_build_filename(place->folder, "a", "b", "c", NULL);
    g_assert_true(outfile_folder(deep, &error));
    g_assert_true(outfile_folder(deep, &error)); /* again is fine */
    char *file = g_build_filename(deep, "file", NULL), *below = g_build_filename(file, "d", NULL);
    write_text(file, "x");
    g_assert_false(outfile_folder(below, &error));
    g_assert_true(g_str_has_suffix(error->message, "Not a directory"));
    g_clear_error(&error);
    g_free(deep);
    g_free(file);
    g_free(below);
}

/* As when the disk fills up in the middle: the old file stays, and nothing else is left. */
static void too_large(void) {
    char *folder = g_dir_make_tmp("faultline-XXXXXX", NULL), *path = g_build_filename(folder, "report", NULL);
    write_text(path, "old");
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {4096, 4096};
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    char *text = g_strnfill(100000, 'x');
    GError *error = NULL;
    g_assert_false(outfile_write(path, text, 100000, &error));
    g_assert_true(g_str_has_suffix(error->message, "File too large"));
    check_content(path, "old");
    g_assert_cmpuint(count_files(folder), ==, 1);
    remove_all(folder);
    g_clear_error(&error);
    g_free(text);
    g_free(path);
    g_free(folder);
}

static void test_too_large(void) {
    g_test_trap_subprocess("/base/outfile/too-large/subprocess/writes", 0, 0);
    g_test_trap_assert_passed();
}

static void full_stdout(void) {
    GError *error = NULL;
    g_assert_nonnull(freopen("/dev/full", "w", stdout));
    g_assert_false(outfile_stdout("x", 1, &error));
    g_assert_cmpstr(error->message, ==, "cannot write to standard output: No space left on device");
    fputs("it said so\n", stderr);
    _exit(0);
}

static void test_stdout(void) {
    g_test_trap_subprocess("/base/outfile/stdout/subprocess/full", 0, 0);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("it said so\n");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add("/base/outfile/writes", Place, NULL, place_begin, test_writes, place_end);
    g_test_add("/base/outfile/link", Place, NULL, place_begin, test_link, place_end);
    g_test_add("/base/outfile/failures", Place, NULL, place_begin, test_failures, place_end);
    g_test_add_func("/base/outfile/device", test_device);
    g_test_add("/base/outfile/folder", Place, NULL, place_begin, test_folder, place_end);
    g_test_add_func("/base/outfile/too-large", test_too_large);
    g_test_add_func("/base/outfile/too-large/subprocess/writes", too_large);
    g_test_add_func("/base/outfile/stdout", test_stdout);
    g_test_add_func("/base/outfile/stdout/subprocess/full", full_stdout);
    return g_test_run();
}
