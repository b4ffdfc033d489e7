/* pipeline.h - the whole story for one model: run it, judge it, write down what happened. See pipeline.c. */
#ifndef FAULTLINE_PIPELINE_H
#define FAULTLINE_PIPELINE_H

#include <glib.h>

#include "record/record.h"
#include "study/study.h"

typedef struct Pipeline Pipeline;

Pipeline *pipeline_new(const Model *model); /* borrowed */
void pipeline_free(Pipeline *pipeline);

/* Run that many replications from the first. Returns how many were completed. */
uint64_t pipeline_run(Pipeline *pipeline, uint64_t replications, StudyProgress progress, void *user);
/* The same by worker processes, with a file of parts (plan's `first` is what was run before; see study_run_plan). */
uint64_t pipeline_run_plan(Pipeline *pipeline, StudyPlan plan, StudyProgress progress, void *user, GError **error);
/* Runs until the rule is met or the plan's count is reached; *met and *measured (allocated) say which. */
uint64_t pipeline_run_until(Pipeline *pipeline, StudyPlan plan, const Until *until, StudyProgress progress, void *user,
                            bool *met, char **measured, GError **error);
/* Takes in the next replication, run elsewhere (see study_take). */
bool pipeline_take(Pipeline *pipeline, const uint8_t *part, size_t length);
const Study *pipeline_study(const Pipeline *pipeline);

/* What was found under the `but:` of an expectation; text as printed. */
void pipeline_but(Pipeline *pipeline, uint32_t expect, const char *text, Finding finding);
/* What was found of an expectation; borrowed, good until more is run. */
const Judgement *pipeline_judge(Pipeline *pipeline, uint32_t expect);

/* Runs a replication once more for somebody who wants to see it; nothing is counted. */
void pipeline_watch(const Pipeline *pipeline, uint64_t replication, const Observer *observer);

/* The record of what was run; made on first use, by running replication 0 once more to watch it. */
const Record *pipeline_record(Pipeline *pipeline);
/* Writes it to folder/record.json; *path is allocated. */
bool pipeline_write_record(Pipeline *pipeline, const char *folder, char **path, GError **error);

#endif
