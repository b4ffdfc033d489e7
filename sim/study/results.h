/* results.h - what the replications of a study say, as rows of the record. */
#ifndef FAULTLINE_STUDY_RESULTS_H
#define FAULTLINE_STUDY_RESULTS_H

#include "measure/measure.h"
#include "model/model.h"
#include "record/record.h"
#include "study/expectation.h"

/* Measures with their 95 % intervals, phases, ledger (summed over replications), series and cost. The record's faults
 * must be there before, row i = event i of the timeline; phases of faults without a row are left out. */
void results_record(const MeasureSet *measures, const MeasureSetup *setup, const Model *model, Record *record);

/* What became of an expectation's changed model; text NULL: it has no `but`. */
typedef struct {
    const char *text; /* "dns_ttl: 600 s" */
    Finding verdict;  /* under the change: FINDING_MISSED is as it should be */
} ResultsBut;

/* One row for each expectation of the model; judgements and buts lie beside them, buts may be NULL. */
void results_record_expectations(const Model *model, const Judgement *judgements, const ResultsBut *buts,
                                 Record *record);

#endif
