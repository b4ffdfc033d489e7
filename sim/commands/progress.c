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

static void listen(void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = (int)SA_RESETHAND}; /* the second ^C ends it */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL); /* how clusters give notice */
}

static bool is_listening(void) {
    struct sigaction action;
    return sigaction(SIGINT, NULL, &action) == 0 && action.sa_handler == on_interrupt;
}

Progress progress_begin(const CommandEnv *env, const char *what) {
    bool inner = is_listening();
    listen(on_interrupt);
    return (Progress){
        .shown = env->progress, .what = what, .began_us = g_get_monotonic_time(), .before = UINT64_MAX, .inner = inner};
}

/* "3.5 s", "12 min": as exact as one needs to know whether to wait. */
static char *time_left(double seconds) {
    return seconds < 100 ? g_strdup_printf("%.0f s", seconds) : g_strdup_printf("%.0f min", seconds / 60);
}

static void tell(const Progress *progress, uint64_t done, uint64_t of, double rate) {
    char *left = rate > 0 ? time_left((double)(of - done) / rate) : g_strdup("?");
    fprintf(stderr, "\r\033[K%.30s: %" G_GUINT64_FORMAT, progress->what, done);
    if (progress->open)
        fprintf(stderr, " replications, %.3g/s", rate);
    else
        fprintf(stderr, " of %" G_GUINT64_FORMAT " replications, %.3g/s, %s left", of, rate, left);
    fflush(stderr);
    g_free(left);
}

/* Replications that were there when it began (of a file that is gone on with) say nothing about the rate. */
bool progress_tell(void *user, uint64_t done, uint64_t of) {
    Progress *progress = user;
    if (progress->before == UINT64_MAX)
        progress->before = done;
    if (progress->shown && of > 1) {
        double seconds = (double)(g_get_monotonic_time() - progress->began_us) / 1e6;
        double rate = seconds > 0 ? (double)(done - progress->before) / seconds : 0;
        tell(progress, done, of, rate);
    }
    return !interrupted;
}

void progress_end(Progress *progress) {
    if (progress->shown)
        fputs("\r\033[K", stderr);
    listen(progress->inner && !interrupted ? on_interrupt : SIG_DFL);
    if (interrupted && !progress->inner)
        fputs("faultline: interrupted; this is what was finished\n", stderr);
}
