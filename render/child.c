/* child.c - forks, reads a pipe until its end or a deadline, and buries the child. */
#include "render/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

GQuark child_error_quark(void) { return g_quark_from_static_string("faultline-child-error"); }

static _Noreturn void be_child(ChildWork work, const void *what, int pipe_end) {
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}); /* a crash in there is our error message, not a file */
    FILE *out = fdopen(pipe_end, "wb");
    bool done = out != NULL && work(what, out) && fflush(out) == 0 && !ferror(out);
    _exit(done ? 0 : 1); /* not exit: buffers of the parent's streams must not be written twice */
}

/* Everything from the pipe; false when the deadline (monotonic microseconds) passed first. */
static bool read_all(int pipe_end, gint64 deadline, GByteArray *bytes) {
    guint8 block[65536];
    for (;;) {
        gint64 left_ms = (deadline - g_get_monotonic_time()) / 1000;
        if (left_ms <= 0)
            return false;
        struct pollfd wait = {.fd = pipe_end, .events = POLLIN};
        int ready = poll(&wait, 1, (int)MIN(left_ms, 60000));
        if (ready <= 0) /* a signal, or not yet */
            continue;
        ssize_t got = read(pipe_end, block, sizeof block);
        if (got == 0 || (got < 0 && errno != EINTR))
            return true;
        if (got > 0)
            g_byte_array_append(bytes, block, (guint)got);
    }
}

/* Wait for the child and say what became of it. */
static bool bury(const char *name, pid_t child, bool in_time, int seconds, GError **error) {
    int status = 0;
    if (!in_time)
        kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (!in_time)
        g_set_error(error, CHILD_ERROR, CHILD_TIMEOUT, "%s took more than %d s (--timeout allows more)", name, seconds);
    else if (WIFSIGNALED(status))
        g_set_error(error, CHILD_ERROR, CHILD_CRASHED, "%s died of signal %d", name, WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        g_set_error(error, CHILD_ERROR, CHILD_FAILED, "%s gave up", name);
    else
        return true;
    return false;
}

GByteArray *child_run(const char *name, ChildWork work, const void *what, int seconds, GError **error) {
    int ends[2];
    if (pipe(ends) != 0) {
        g_set_error(error, CHILD_ERROR, CHILD_FAILED, "%s: no pipe: %s", name, g_strerror(errno));
        return NULL;
    }
    gint64 deadline = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
    pid_t child = fork();
    if (child < 0) {
        g_set_error(error, CHILD_ERROR, CHILD_FAILED, "%s: no child process: %s", name, g_strerror(errno));
        close(ends[0]);
        close(ends[1]);
        return NULL;
    }
    if (child == 0) {
        close(ends[0]);
        be_child(work, what, ends[1]);
    }
    close(ends[1]);
    GByteArray *bytes = g_byte_array_new();
    bool in_time = read_all(ends[0], deadline, bytes);
    close(ends[0]);
    if (bury(name, child, in_time, seconds, error))
        return bytes;
    g_byte_array_free(bytes, TRUE);
    return NULL;
}
