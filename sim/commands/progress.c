/* progress.c - the progress line. The wall clock is read here alone, and only for the eye. */
#include "commands/progress.h"

#include <glib.h>
#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number) {
    (void)signal_number;
    interrupted = 1;
}

Progress progress_begin(const CommandEnv *env, const char *what) {
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    return (Progress){env->progress, what, g_get_monotonic_time()};
}

bool progress_tell(void *user, uint64_t done, uint64_t of) {
    const Progress *progress = user;
    if (progress->shown && of > 1) {
        double seconds = (double)(g_get_monotonic_time() - progress->began_us) / 1e6;
        double left = done ? seconds / (double)done * (double)(of - done) : 0;
        fprintf(stderr, "\r\033[K%.40s: replication %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT ", %.0f s left",
                progress->what, done, of, left);
        fflush(stderr);
    }
    return !interrupted;
}

void progress_end(Progress *progress) {
    if (progress->shown)
        fputs("\r\033[K", stderr);
    signal(SIGINT, SIG_DFL);
    if (interrupted)
        fputs("faultline: interrupted; this is what was finished\n", stderr);
}
