/* input.c - reads a file by counted reads and says in plain words why it could not. */
#include "read/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "read/limits.h"

enum { CHUNK_BYTES = 64 * 1024, NAMES_MOST = 10000 };

/* Bytes, not the locale's order. */
static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder, sorted so that the suggestion does not depend on the file system; NULL-terminated. */
static GPtrArray *names_in(const char *folder) {
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir != NULL && names->len < NAMES_MOST && (name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(names, g_strdup(name));
    if (dir != NULL)
        g_dir_close(dir);
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return names;
}

/* A wrong folder is said as such; in a right one, a name that is near. */
static void report_missing(const char *path, Diagnostics *diagnostics) {
    char *folder = g_path_get_dirname(path), *base = g_path_get_basename(path), *mend = NULL;
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        mend = g_strdup_printf("there is no folder '%s'", folder);
    } else {
        GPtrArray *names = names_in(folder);
        const char *near = suggest_nearest(base, (const char *const *)names->pdata);
        if (near != NULL && strcmp(folder, ".") == 0)
            mend = g_strdup_printf("did you mean '%s'?", near);
        else if (near != NULL)
            mend = g_strdup_printf("did you mean '%s/%s'?", folder, near);
        g_ptr_array_free(names, TRUE);
    }
    diag_error(diagnostics, MARK_NONE, mend, "there is no file '%s'", path);
    g_free(mend);
    g_free(base);
    g_free(folder);
}

/* What the user can mend is a diagnostic; what the machine does is a GError. */
static void report_errno(const char *path, int code, Diagnostics *diagnostics, GError **error) {
    switch (code) {
    case ENOENT:
    case ENOTDIR: report_missing(path, diagnostics); break;
    case EISDIR: diag_error(diagnostics, MARK_NONE, "name a file in it", "'%s' is a folder", path); break;
    case EACCES:
    case EPERM: diag_error(diagnostics, MARK_NONE, NULL, "no permission to read '%s'", path); break;
    case ENAMETOOLONG:
    case ELOOP:
    case ENXIO: diag_error(diagnostics, MARK_NONE, NULL, "'%s' cannot be opened: %s", path, g_strerror(code)); break;
    default:
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot read '%s': %s", path,
                    g_strerror(code));
    }
}

/* All bytes up to `most` + 1, so that the caller can tell "full" from "too large"; NULL and errno on failure. */
static GByteArray *read_counted(int fd, uint64_t most) {
    GByteArray *bytes = g_byte_array_new();
    unsigned char *chunk = g_malloc(CHUNK_BYTES);
    ssize_t got = 1;
    while (got != 0 && bytes->len <= most) {
        got = read(fd, chunk, CHUNK_BYTES);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            break;
        g_byte_array_append(bytes, chunk, (guint)got);
    }
    g_free(chunk);
    if (got >= 0)
        return bytes;
    int code = errno;
    g_byte_array_free(bytes, TRUE);
    errno = code;
    return NULL;
}

/* A byte order mark says nothing in UTF-8, and would shift the first line's columns. */
static Source *source_from(const char *name, const GByteArray *bytes, uint64_t most, Diagnostics *diagnostics) {
    if (bytes->len > most) {
        diag_error(diagnostics, MARK_NONE, NULL,
                   "'%s' is larger than %" G_GUINT64_FORMAT " bytes, the most that is read", name, most);
        return NULL;
    }
    size_t skipped = bytes->len >= 3 && memcmp(bytes->data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    return source_new(name, (const char *)bytes->data + skipped, bytes->len - skipped);
}

Source *input_read_most(const char *path, uint64_t most, Diagnostics *diagnostics, GError **error) {
    bool is_stdin = strcmp(path, "-") == 0;
    const char *name = is_stdin ? "<stdin>" : path;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        report_errno(name, errno, diagnostics, error);
        return NULL;
    }
    GByteArray *bytes = read_counted(fd, most);
    int code = errno;
    if (!is_stdin)
        close(fd);
    if (bytes == NULL) {
        report_errno(name, code, diagnostics, error);
        return NULL;
    }
    Source *source = source_from(name, bytes, most, diagnostics);
    g_byte_array_free(bytes, TRUE);
    return source;
}

Source *input_read(const char *path, Diagnostics *diagnostics, GError **error) {
    return input_read_most(path, READ_FILE_MOST, diagnostics, error);
}
