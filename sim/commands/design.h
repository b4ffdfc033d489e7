/* design.h - a pattern or scenario, bent in some way and run: what is compared, swept and tried (private to commands/).
 */
#ifndef FAULTLINE_COMMANDS_DESIGN_H
#define FAULTLINE_COMMANDS_DESIGN_H

#include "commands/effort.h"
#include "commands/reading.h"

typedef struct {
    Reading reading;
    Pipeline *pipeline; /* NULL before it was run */
    char *title;        /* "x.yaml with dns_ttl=30s"; whoever makes the design writes it */
} Design;

/* Which file, and what is different beside the options; NULL: nothing. */
typedef struct {
    const char *path;
    const char *scenario;      /* the pattern in `path` goes through this one */
    const char *const *sets;   /* NULL-terminated */
    const char *const *events; /* NULL-terminated */
    const ReadingOptions *options;
} DesignSource;

/* Reads it; mistakes are told. Clear in any case. */
int design_init(Design *design, const DesignSource *source, const CommandEnv *env);
void design_clear(Design *design);
/* Runs it with the luck of `first` (itself, for the first): its seed and its number of replications, unless options say
 * others. */
int design_run(Design *design, const Design *first, const EffortOptions *options, const char *command,
               const CommandEnv *env);
static inline const MeasureSet *design_measures(const Design *design) {
    return study_measures(pipeline_study(design->pipeline));
}

Unit metric_unit(const char *metric); /* of a name that is known */
/* "1456 +- 119.7"; without an interval the mean alone. Allocated. */
char *summary_text(const MetricSummary *summary, Unit unit);

/* Is each a metric? If not, says so. NULL-terminated, or NULL. */
bool metrics_known(char *const *metrics, const char *command);

#endif
