/* baseline.h - what was measured when a baseline was written, and how far from it is too far (private to commands/).
 *
 * It stands beside its scenario: zone-loss.yaml has zone-loss.baseline.json, one entry an expectation, with a tolerance
 * that may be edited. A tolerance is a share of the recorded value ("5 %") or a quantity of its unit ("10 s"). */
#ifndef FAULTLINE_COMMANDS_BASELINE_H
#define FAULTLINE_COMMANDS_BASELINE_H

#include <glib.h>

#include "report/report.h"

typedef struct {
    const char *id;
    const char *asks;    /* without the bound: "p90 of failover_time" */
    const char *verdict; /* "holds" */
    const char *tolerance;
    TestValue value; /* does not exist for reachability */
} BaselineEntry;

/* Texts are borrowed, entries owned. */
typedef struct {
    const char *version, *model_sha256;
    int64_t seed, replications;
    GArray *entries;     /* BaselineEntry */
    GStringChunk *texts; /* for texts of entries that nobody else keeps */
    void *document;      /* private: whose texts these are, when it was read from a file */
} Baseline;

#define BASELINE_TOLERANCE "5 %"

Baseline *baseline_new(void);
void baseline_free(Baseline *baseline);
const BaselineEntry *baseline_find(const Baseline *baseline, const char *id);

char *baseline_path(const char *scenario_path);
/* NULL without an error: there is no such file. Errors name the file and the place in it. */
Baseline *baseline_read(const char *path, GError **error);
/* Whole or not at all. */
gboolean baseline_write(const Baseline *baseline, const char *path, GError **error);

/* Is it a tolerance for values of that unit? Otherwise *why is allocated. */
bool tolerance_check(const char *tolerance, const char *unit, char **why);
/* Is `now` as near to `then` as that? Never is as near to never as can be, and to nothing else. */
bool tolerance_holds(const char *tolerance, const TestValue *then, const TestValue *now);
/* "30 % more", "10 % less", "more than 0", "the same"; allocated. */
char *tolerance_distance(const TestValue *then, const TestValue *now);

#endif
