/* partfile.c - appends parts to a file that a kill at any moment leaves readable. */
#include "study/partfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "study/part.h"
#include "study/partheader.h"

#define HEADER_MOST (64 << 20) /* bytes; inputs are a few files of at most 4 MiB */
#define FIRST_LINE PART_FILE_FORMAT " %010" G_GUINT64_FORMAT " %010" G_GUINT64_FORMAT "\n"
enum { DIGITS = 10, LENGTH_AT = sizeof PART_FILE_FORMAT, WANTED_AT = LENGTH_AT + DIGITS + 1 };
enum { LINE_LENGTH = WANTED_AT + DIGITS + 1, READ_BYTES = 1 << 20 };

/* Where the part of a replication lies. */
typedef struct {
    uint64_t replication, offset, length;
} Spot;

struct PartFile {
    char *path;
    int file;
    char *header;
    size_t header_length;
    uint64_t wanted; /* replications in all */
    uint64_t end;    /* of the last whole part */
    uint64_t torn;
    GArray *spots; /* Spot, by replication */
};

/* ---- Errors and bytes -------------------------------------------------------------------- */

static bool machine(GError **error, const char *what, const char *path, int reason) {
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(reason), "cannot %s %s: %s", what, path,
                g_strerror(reason));
    return false;
}

static bool refuse(GError **error, const char *path, const char *why) {
    g_set_error(error, PART_FILE_ERROR, PART_FILE_REFUSED, "%s: %s", path, why);
    return false;
}

/* At most `length` bytes, fewer at the end of the file; -1: errno says why. */
static ssize_t read_at(int file, void *into, size_t length, uint64_t offset) {
    size_t done = 0;
    while (done < length) {
        ssize_t got = pread(file, (char *)into + done, length - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* Leaves the file as it was when not all fits. */
static bool append(PartFile *file, const void *bytes, size_t length, GError **error) {
    size_t done = 0;
    while (done < length) {
        ssize_t put = pwrite(file->file, (const char *)bytes + done, length - done, (off_t)(file->end + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            int reason = put < 0 ? errno : ENOSPC;
            int cut = ftruncate(file->file, (off_t)file->end); /* where it fails the tail is cut next time */
            return (void)cut, machine(error, "write to", file->path, reason);
        }
        done += (size_t)put;
    }
    file->end += length;
    return true;
}

/* ---- Which parts there are --------------------------------------------------------------- */

/* Where it stands or would stand. */
static bool spot_find(const PartFile *file, uint64_t replication, guint *at) {
    guint low = 0, high = file->spots->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        uint64_t found = g_array_index(file->spots, Spot, middle).replication;
        if (found == replication) {
            *at = middle;
            return true;
        }
        if (found < replication)
            low = middle + 1;
        else
            high = middle;
    }
    *at = low;
    return false;
}

static void spot_add(PartFile *file, Spot spot) {
    guint at;
    if (!spot_find(file, spot.replication, &at))
        g_array_insert_val(file->spots, at, spot);
}

/* From the header to the first thing that is no whole part. */
static bool scan(PartFile *file, GError **error) {
    GByteArray *window = g_byte_array_new();
    uint64_t at = file->end; /* of the window */
    bool more = true;
    for (;;) {
        Part part;
        PartState state = part_read(window->data, window->len, &part);
        if (state == PART_GOOD) {
            spot_add(file, (Spot){part.replication, at + PART_HEAD, part.length});
            at += part.whole;
            g_byte_array_remove_range(window, 0, (guint)part.whole);
            continue;
        }
        if (state == PART_BAD || !more)
            break;
        guint had = window->len;
        g_byte_array_set_size(window, had + READ_BYTES);
        ssize_t got = read_at(file->file, window->data + had, READ_BYTES, at + had);
        g_byte_array_set_size(window, had + (got > 0 ? (guint)got : 0));
        if (got < 0) {
            g_byte_array_free(window, TRUE);
            return machine(error, "read", file->path, errno);
        }
        more = got == READ_BYTES;
    }
    g_byte_array_free(window, TRUE);
    struct stat status;
    file->end = at;
    file->torn = fstat(file->file, &status) == 0 && (uint64_t)status.st_size > at ? (uint64_t)status.st_size - at : 0;
    return true;
}

/* ---- The header -------------------------------------------------------------------------- */

/* Ten digits and what ends them; false: no such. */
static bool digits_read(const char *text, char end, uint64_t *value) {
    *value = 0;
    for (int i = 0; i < DIGITS; i++) {
        if (!g_ascii_isdigit(text[i]))
            return false;
        *value = *value * 10 + (uint64_t)(text[i] - '0');
    }
    return text[DIGITS] == end;
}

static bool first_line_read(PartFile *file, const char *line) {
    uint64_t length;
    if (memcmp(line, PART_FILE_FORMAT " ", LENGTH_AT) != 0 || !digits_read(line + LENGTH_AT, ' ', &length) ||
        !digits_read(line + WANTED_AT, '\n', &file->wanted))
        return false;
    file->header_length = (size_t)length;
    return length > 0 && length < HEADER_MOST;
}

static bool header_read(PartFile *file, GError **error) {
    char line[LINE_LENGTH] = {0};
    ssize_t got = read_at(file->file, line, sizeof line, 0);
    if (got < 0)
        return machine(error, "read", file->path, errno);
    bool good = first_line_read(file, line);
    file->header = good ? g_malloc(file->header_length + 1) : NULL;
    got = good ? read_at(file->file, file->header, file->header_length, LINE_LENGTH) : 0;
    if (!good || got != (ssize_t)file->header_length)
        return refuse(error, file->path, "is no file of parts, or not even its header was finished");
    file->header[got] = '\0';
    file->end = LINE_LENGTH + file->header_length;
    return scan(file, error);
}

static bool header_write(PartFile *file, const Model *model, GError **error) {
    file->header = part_header_of(model, &file->header_length);
    file->wanted = model->run.replications;
    char *line = g_strdup_printf(FIRST_LINE, (uint64_t)file->header_length, file->wanted);
    GByteArray *both = g_byte_array_new(); /* one write: there is a header or there is none */
    g_byte_array_append(both, (const guint8 *)line, LINE_LENGTH);
    g_byte_array_append(both, (const guint8 *)file->header, (guint)file->header_length);
    bool written = append(file, both->data, both->len, error);
    g_byte_array_free(both, TRUE);
    g_free(line);
    return written;
}

/* More or fewer are wanted than before: what is there stays good. */
static bool wanted_write(PartFile *file, uint64_t wanted, GError **error) {
    char digits[DIGITS + 1];
    if (wanted == file->wanted)
        return true;
    g_snprintf(digits, sizeof digits, "%010" G_GUINT64_FORMAT, wanted);
    if (pwrite(file->file, digits, DIGITS, WANTED_AT) != DIGITS)
        return machine(error, "write to", file->path, errno);
    file->wanted = wanted;
    return true;
}

static bool header_matches(PartFile *file, const Model *model, GError **error) {
    size_t length;
    char *wanted = part_header_of(model, &length);
    char *difference = part_header_difference(file->header, file->header_length, wanted, length);
    if (difference) {
        char *why = g_strdup_printf("holds parts of another study: %s", difference);
        refuse(error, file->path, why);
        g_free(why);
    }
    g_free(wanted);
    g_free(difference);
    return *error == NULL;
}

/* ---- Opening and closing ----------------------------------------------------------------- */

static PartFile *file_new(const char *path, int flags, GError **error) {
    int number = open(path, flags | O_CLOEXEC, 0666);
    if (number < 0) {
        if (errno == EEXIST)
            refuse(error, path, "is there already; --resume goes on with it");
        else if (errno == ENOENT && !(flags & O_CREAT))
            refuse(error, path, "there is no such file");
        else
            machine(error, "open", path, errno);
        return NULL;
    }
    PartFile *file = g_new0(PartFile, 1);
    file->path = g_strdup(path);
    file->file = number;
    file->spots = g_array_new(FALSE, FALSE, sizeof(Spot));
    return file;
}

static void file_free(PartFile *file) {
    g_array_free(file->spots, TRUE);
    g_free(file->header);
    g_free(file->path);
    g_free(file);
}

static bool lock(PartFile *file, GError **error) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(file->file, F_SETLK, &whole) == 0 || (errno != EACCES && errno != EAGAIN))
        return true; /* some file systems know no locks */
    return refuse(error, file->path, "another process is writing to it");
}

/* An empty file is a new one: the process before was killed before it wrote anything. */
static bool go_on(PartFile *file, const Model *model, GError **error) {
    struct stat status;
    if (fstat(file->file, &status) != 0)
        return machine(error, "look at", file->path, errno);
    if (!S_ISREG(status.st_mode) && !S_ISCHR(status.st_mode))
        return refuse(error, file->path, "is no plain file");
    if (status.st_size == 0)
        return header_write(file, model, error);
    if (!header_read(file, error) || !header_matches(file, model, error))
        return false;
    if (file->torn > 0 && ftruncate(file->file, (off_t)file->end) != 0)
        return machine(error, "cut the torn end of", file->path, errno);
    return wanted_write(file, model->run.replications, error);
}

PartFile *part_file_open(const char *path, PartFileMode mode, const Model *model, GError **error) {
    GError *failed = NULL;
    struct stat before;
    bool created = stat(path, &before) != 0;
    PartFile *file = file_new(path, O_RDWR | O_CREAT | (mode == PART_FILE_NEW ? O_EXCL : 0), &failed);
    if (file && lock(file, &failed) && go_on(file, model, &failed))
        return file;
    if (file) {
        if (created)
            unlink(path); /* not even the header fitted */
        close(file->file);
        file_free(file);
    }
    g_propagate_error(error, failed);
    return NULL;
}

PartFile *part_file_read(const char *path, GError **error) {
    PartFile *file = file_new(path, O_RDONLY, error);
    if (file && !header_read(file, error)) {
        close(file->file);
        g_clear_pointer(&file, file_free);
    }
    return file;
}

bool part_file_add(PartFile *file, uint64_t replication, const uint8_t *whole, size_t length, GError **error) {
    BUG_IF(length < PART_HEAD, "a part has a head");
    uint64_t offset = file->end + PART_HEAD;
    if (!append(file, whole, length, error))
        return false;
    spot_add(file, (Spot){replication, offset, length - PART_HEAD});
    return true;
}

bool part_file_close(PartFile *file, GError **error) {
    if (!file)
        return true;
    int reason = fsync(file->file) == 0 || errno == EINVAL || errno == EROFS ? 0 : errno;
    if (close(file->file) != 0 && reason == 0)
        reason = errno;
    bool good = reason == 0 || machine(error, "write to", file->path, reason);
    file_free(file);
    return good;
}

/* ---- Reading ----------------------------------------------------------------------------- */

const char *part_file_path(const PartFile *file) { return file->path; }

const char *part_file_header(const PartFile *file, size_t *length) {
    *length = file->header_length;
    return file->header;
}

uint64_t part_file_replications(const PartFile *file) { return file->wanted; }

uint64_t part_file_count(const PartFile *file) { return file->spots->len; }

uint64_t part_file_torn(const PartFile *file) { return file->torn; }

bool part_file_has(const PartFile *file, uint64_t replication) {
    guint at;
    return spot_find(file, replication, &at);
}

GByteArray *part_file_get(const PartFile *file, uint64_t replication, GError **error) {
    guint at;
    bool found = spot_find(file, replication, &at);
    BUG_IF(!found, "no such part in the file");
    const Spot *spot = &g_array_index(file->spots, Spot, at);
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_set_size(bytes, (guint)spot->length);
    if (read_at(file->file, bytes->data, spot->length, spot->offset) == (ssize_t)spot->length)
        return bytes;
    machine(error, "read", file->path, EIO);
    g_byte_array_free(bytes, TRUE);
    return NULL;
}

char *part_file_difference(const PartFile *file, const PartFile *other) {
    char *text = part_header_difference(file->header, file->header_length, other->header, other->header_length);
    if (!text && file->wanted != other->wanted)
        text = g_strdup_printf("%" G_GUINT64_FORMAT " replications in all, not %" G_GUINT64_FORMAT, file->wanted,
                               other->wanted);
    return text;
}
