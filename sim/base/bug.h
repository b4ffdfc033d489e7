/* bug.h - checks for mistakes that can only be ours; never compiled out.
 *
 * A failed check prints where it stands and what the simulation was doing (simulated time, seed and event serial,
 * when the engine has told bug_context), then aborts. The user's mistakes are diagnostics (diag.h), never bugs. */
#ifndef FAULTLINE_BASE_BUG_H
#define FAULTLINE_BASE_BUG_H

#include <stdint.h>

/* What is being simulated. The owner changes the members in place as it goes on, at no other cost. */
typedef struct {
    uint64_t seed, replication;
    int64_t now_ns;
    uint64_t serial; /* of the event that is being handled */
} BugContext;

/* Have reports mention *context (borrowed; NULL = nothing is running). A crash report has no caller that could hand
 * it anything, so this pointer is the one mutable global of the program; only bug_report reads it. */
void bug_context(const BugContext *context);

_Noreturn void bug_report(const char *file, int line, const char *function, const char *condition, const char *why);

#define BUG_IF(condition, why)                                           \
    do {                                                                 \
        if (__builtin_expect(!!(condition), 0))                          \
            bug_report(__FILE__, __LINE__, __func__, #condition, (why)); \
    } while (0)

#endif
