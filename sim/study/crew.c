/* crew.c - forks workers, keeps each busy, collects parts, and stands the death of any of them. */
#include "study/crew.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bug.h"

/* One replication is being run and one lies ready, so that no worker waits for its parent. */
enum { OWED_MOST = 2, READ_BYTES = 1 << 16 };

typedef struct {
    pid_t process; /* 0: not started, or gone */
    int line;      /* socket: numbers out, parts back */
    uint64_t owed[OWED_MOST];
    uint32_t owed_count;
    GByteArray *heard; /* not yet a whole part */
} Worker;

struct Crew {
    Study *study;
    uint64_t series_of;
    Worker *workers;
    uint32_t jobs;
    GArray *again;   /* uint64_t: owed by workers that died */
    uint32_t deaths; /* since the last part came */
};

static bool fail(GError **error, const char *what, int reason) {
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(reason), "%s: %s", what, g_strerror(reason));
    return false;
}

Crew *crew_new(Study *study, uint32_t jobs, uint64_t series_of) {
    Crew *crew = g_new0(Crew, 1);
    crew->study = study;
    crew->series_of = series_of;
    crew->jobs = jobs;
    crew->workers = g_new0(Worker, jobs);
    crew->again = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    for (uint32_t i = 0; i < jobs; i++)
        crew->workers[i].heard = g_byte_array_new();
    return crew;
}

/* The line is cut, so the process is of no more use; how it ended. */
static int worker_end(Worker *worker) {
    int status = 0;
    close(worker->line);
    kill(worker->process, SIGKILL); /* if it is not gone by itself */
    while (waitpid(worker->process, &status, 0) < 0 && errno == EINTR)
        continue;
    worker->process = 0;
    g_byte_array_set_size(worker->heard, 0);
    return status;
}

void crew_free(Crew *crew) {
    if (!crew)
        return;
    for (uint32_t i = 0; i < crew->jobs; i++) {
        if (crew->workers[i].process)
            worker_end(&crew->workers[i]);
        g_byte_array_free(crew->workers[i].heard, TRUE);
    }
    g_array_free(crew->again, TRUE);
    g_free(crew->workers);
    g_free(crew);
}

/* ---- In the worker ----------------------------------------------------------------------- */

typedef struct {
    Study *study;
    uint64_t replication;
    bool series;
} Task;

static void task_fill(void *user, GByteArray *out) {
    Task *task = user;
    study_run_apart(task->study, task->replication);
    study_pack(task->study, task->series, out);
}

static bool say(int line, const uint8_t *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(line, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* All or nothing; a line that is cut gives nothing. */
static bool hear(int line, void *into, size_t length) {
    uint8_t *at = into;
    while (length > 0) {
        ssize_t got = recv(line, at, length, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        length -= (size_t)got;
    }
    return true;
}

/* Never returns: what the parent has buffered must not be written twice, so it leaves without a word. */
static _Noreturn void worker_live(Crew *crew, int line) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a parent that is killed takes us along, whatever we are at */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    for (uint32_t i = 0; i < crew->jobs; i++)
        if (crew->workers[i].process)
            close(crew->workers[i].line); /* or the others would outlive their parent */
    GByteArray *out = g_byte_array_new();
    Task task = {.study = crew->study};
    bool heard = true;
    while (heard && hear(line, &task.replication, sizeof task.replication)) {
        task.series = task.replication == crew->series_of;
        g_byte_array_set_size(out, 0);
        part_write(out, task.replication, task_fill, &task);
        heard = say(line, out->data, out->len);
    }
    _exit(0);
}

/* ---- In the parent ----------------------------------------------------------------------- */

static bool worker_start(Crew *crew, Worker *worker, GError **error) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return fail(error, "cannot talk to a worker process", errno);
    fflush(NULL);
    pid_t process = fork();
    if (process < 0) {
        int reason = errno;
        close(ends[0]);
        close(ends[1]);
        return fail(error, "cannot start a worker process", reason);
    }
    if (process == 0) {
        close(ends[0]);
        worker_live(crew, ends[1]);
    }
    close(ends[1]);
    *worker = (Worker){process, ends[0], {0}, 0, worker->heard};
    return true;
}

/* Whoever has least to do. A number that cannot be sent stays owed: the line will be found cut. */
bool crew_give(Crew *crew, uint64_t replication, GError **error) {
    Worker *least = &crew->workers[0];
    for (uint32_t i = 1; i < crew->jobs; i++)
        if (crew->workers[i].owed_count < least->owed_count)
            least = &crew->workers[i];
    if (least->owed_count == OWED_MOST || (!least->process && !worker_start(crew, least, error)))
        return false;
    least->owed[least->owed_count++] = replication;
    say(least->line, (const uint8_t *)&replication, sizeof replication);
    return true;
}

static bool is_our_mistake(int status) {
    static const int mistakes[] = {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
    for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++)
        if (WIFSIGNALED(status) && WTERMSIG(status) == mistakes[i])
            return true;
    return false;
}

static bool worker_died(Crew *crew, Worker *worker, GError **error) {
    uint64_t first = worker->owed_count ? worker->owed[0] : 0;
    int status = worker_end(worker);
    g_array_append_vals(crew->again, worker->owed, worker->owed_count);
    worker->owed_count = 0;
    if (!is_our_mistake(status) && ++crew->deaths <= crew->jobs + 3)
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                "a worker process died in replication %" G_GUINT64_FORMAT " (%s %d)%s", first,
                WIFSIGNALED(status) ? "signal" : "status", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
                is_our_mistake(status) ? "" : ", as did others before it");
    return false;
}

/* Parts come in the order in which their numbers were given. */
static bool worker_parts(Crew *crew, Worker *worker, CrewTake take, void *user, GError **error) {
    Part part;
    PartState state;
    size_t used = 0;
    const GByteArray *heard = worker->heard;
    while ((state = part_read(heard->data + used, heard->len - used, &part)) == PART_GOOD) {
        BUG_IF(worker->owed_count == 0 || worker->owed[0] != part.replication, "a part that nobody asked for");
        if (!take(user, &part, heard->data + used, error))
            return false;
        used += part.whole;
        crew->deaths = 0;
        worker->owed_count--;
        memmove(worker->owed, worker->owed + 1, worker->owed_count * sizeof worker->owed[0]);
    }
    if (used > 0)
        g_byte_array_remove_range(worker->heard, 0, (guint)used);
    BUG_IF(state == PART_BAD, "a worker's part was damaged on its way");
    return true;
}

static bool worker_listen(Crew *crew, Worker *worker, CrewTake take, void *user, GError **error) {
    guint before = worker->heard->len;
    g_byte_array_set_size(worker->heard, before + READ_BYTES);
    ssize_t got = recv(worker->line, worker->heard->data + before, READ_BYTES, MSG_DONTWAIT);
    int reason = errno;
    g_byte_array_set_size(worker->heard, before + (got > 0 ? (guint)got : 0));
    if (got > 0)
        return worker_parts(crew, worker, take, user, error);
    bool later = got < 0 && (reason == EINTR || reason == EAGAIN || reason == EWOULDBLOCK);
    return later ? true : worker_died(crew, worker, error);
}

/* What the dead owed goes to whoever has room. */
static bool give_again(Crew *crew, GError **error) {
    GError *failed = NULL;
    while (crew->again->len > 0 && crew_give(crew, g_array_index(crew->again, uint64_t, 0), &failed))
        g_array_remove_index(crew->again, 0);
    if (failed)
        g_propagate_error(error, failed);
    return failed == NULL;
}

bool crew_wait(Crew *crew, int milliseconds, CrewTake take, void *user, GError **error) {
    bool good = give_again(crew, error);
    struct pollfd *lines = g_new0(struct pollfd, crew->jobs);
    for (uint32_t i = 0; i < crew->jobs; i++)
        lines[i] = (struct pollfd){.fd = crew->workers[i].process ? crew->workers[i].line : -1, .events = POLLIN};
    if (good && poll(lines, crew->jobs, milliseconds) > 0)
        for (uint32_t i = 0; i < crew->jobs && good; i++)
            if (lines[i].revents)
                good = worker_listen(crew, &crew->workers[i], take, user, error);
    g_free(lines);
    return good;
}
