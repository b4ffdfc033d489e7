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
const Study *pipeline_study(const Pipeline *pipeline);

/* What a `but:` was found to do, for the record: the finding of the changed model. */
void pipeline_but(Pipeline *pipeline, uint32_t expect, const char *text, const char *verdict);

/* The record of what was run; made on first use, by running replication 0 once more to watch it. */
const Record *pipeline_record(Pipeline *pipeline);
/* Writes it to folder/record.json; *path is allocated. */
bool pipeline_write_record(Pipeline *pipeline, const char *folder, char **path, GError **error);

#endif
