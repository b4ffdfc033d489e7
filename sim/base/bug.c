/* bug.c - the last words of a run that met a mistake of ours. */
#include "base/bug.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const BugContext *bug_running;

void bug_context(const BugContext *context) { bug_running = context; }

/* Only the file's own name: where the sources were compiled is nobody's business in a bug report. */
static const char *base_name(const char *file) {
    const char *slash = strrchr(file, '/');
    return slash != NULL ? slash + 1 : file;
}

_Noreturn void bug_report(const char *file, int line, const char *function, const char *condition, const char *why) {
    fprintf(stderr, "faultline: BUG at %s:%d in %s: %s\n  check: not (%s)\n", base_name(file), line, function, why,
            condition);
    if (bug_running != NULL)
        fprintf(stderr,
                "  simulated time %" PRId64 " ns, seed %" PRIu64 ", replication %" PRIu64 ", event %" PRIu64 "\n",
                bug_running->now_ns, bug_running->seed, bug_running->replication, bug_running->serial);
    fputs("  this is a mistake in faultline, not in your input; please report it with the input\n", stderr);
    fflush(stderr);
    abort();
}
