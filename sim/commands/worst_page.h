/* worst_page.h - failures that were tried, and how they are told (private to commands/). */
#ifndef FAULTLINE_COMMANDS_WORST_PAGE_H
#define FAULTLINE_COMMANDS_WORST_PAGE_H

#include "commands/design.h"
#include "commands/print.h"

typedef struct {
    ReadingOptions reading;
    EffortOptions effort;
    char *metric, *at, *lasts, *format, *output;
    gboolean pairs, all;
} WorstOptions;

typedef struct {
    char *event; /* "fail: zone us-east-1a" */
    char *what;  /* "zone us-east-1a" */
    MetricSummary hurt;
    uint32_t serial;
} Failure;

typedef struct {
    const char *path, *metric, *at, *lasts;
    const WorstOptions *options;
    const CommandEnv *env;
    Design first; /* the file as it stands: whose luck it is, and what nothing costs */
    MetricSummary healthy;
    TableFormat format;
} Trial;

/* A timeline entry for what a Failure's event says; allocated. */
char *worst_entry(const Trial *trial, const char *event);
/* Both arrays are of Failure, the worst first; pairs may be empty. */
void worst_print(GString *out, const Trial *trial, const GArray *singles, const GArray *pairs);
/* A scenario file in which that happens and the metric may get no worse; allocated. */
char *worst_scenario(const Trial *trial, const Failure *failure);

#endif
