/* outfile.c - writes a file beside its place and moves it there only when all of it is on the disk. */
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700 /* fsync, realpath, O_CLOEXEC */
#endif
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean fail(GError **error, const char *what, const char *path, int reason) {
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(reason), "cannot %s %s: %s", what, path,
                g_strerror(reason));
    return FALSE;
}

static gboolean write_all(int file, const char *text, gsize length) {
    while (length > 0) {
        ssize_t written = write(file, text, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return FALSE;
        text += written;
        length -= (gsize)written;
    }
    return TRUE;
}

/* A device or a pipe cannot be replaced (renaming over /dev/null would destroy it): it is written to. */
static gboolean write_through(const char *path, const char *text, gsize length, GError **error) {
    int file = g_open(path, O_WRONLY | O_CLOEXEC, 0);
    if (file < 0)
        return fail(error, "open", path, errno);
    int reason = write_all(file, text, length) ? 0 : errno;
    if (close(file) != 0 && reason == 0)
        reason = errno;
    return reason == 0 ? TRUE : fail(error, "write", path, reason);
}

/* Everything up to the disk; 0 or the errno of what went wrong. A full disk may show only at the end. */
static int fill(int file, const char *text, gsize length) {
    int reason = write_all(file, text, length) && fsync(file) == 0 ? 0 : errno;
    if (close(file) != 0 && reason == 0)
        reason = errno;
    return reason;
}

static gboolean replace(const char *path, const char *text, gsize length, GError **error) {
    char *temporary = g_strconcat(path, ".XXXXXX", NULL);
    int file = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0666); /* less the umask */
    gboolean written = FALSE;
    if (file < 0) {
        fail(error, "create", path, errno);
    } else {
        int reason = fill(file, text, length);
        if (reason == 0 && g_rename(temporary, path) != 0)
            reason = errno;
        written = reason == 0 ? TRUE : fail(error, "write", path, reason);
        if (!written)
            g_unlink(temporary);
    }
    g_free(temporary);
    return written;
}

gboolean outfile_write(const char *path, const char *text, gsize length, GError **error) {
    struct stat status;
    if (g_stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return S_ISDIR(status.st_mode) ? fail(error, "write", path, EISDIR) : write_through(path, text, length, error);
    /* The file behind a symbolic link is replaced, not the link. */
    char *real = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? realpath(path, NULL) : NULL;
    gboolean written = replace(real != NULL ? real : path, text, length, error);
    free(real);
    return written;
}

gboolean outfile_folder(const char *path, GError **error) {
    if (g_mkdir_with_parents(path, 0777) == 0)
        return TRUE;
    return fail(error, "make the folder", path, errno);
}

gboolean outfile_stdout(const char *text, gsize length, GError **error) {
    if (fwrite(text, 1, length, stdout) != length || fflush(stdout) != 0 || ferror(stdout))
        return fail(error, "write to", "standard output", errno);
    return TRUE;
}
