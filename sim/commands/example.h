/* example.h - how it came to the first miss of an expectation: the replication that shows it, watched once more
 * (private to commands/).
 *
 * The steps are what was done to the system (faults, changes, attacks), what of it was noticed and done about it up to
 * the miss, and what became of sessions. At most EXAMPLE_STEPS, in order of time. Costs one replication. */
#ifndef FAULTLINE_COMMANDS_EXAMPLE_H
#define FAULTLINE_COMMANDS_EXAMPLE_H

#include "pipeline.h"
#include "report/report.h"

enum { EXAMPLE_STEPS = 9 };

/* Owns the texts of the steps. */
typedef struct {
    GArray *steps; /* TestStep */
    GStringChunk *texts;
} Example;

/* Of an expectation whose judgement has a replication to show. */
Example *example_new(const Pipeline *pipeline, const Model *model, const Expect *expect, const Judgement *judgement);
void example_free(Example *example);

#endif
