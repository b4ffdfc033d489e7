/* text_sections.h - the parts of the report for people, in the order in which they stand (private to report/). Each
 * writes nothing when the record has nothing to say about it. */
#ifndef FAULTLINE_REPORT_TEXT_SECTIONS_H
#define FAULTLINE_REPORT_TEXT_SECTIONS_H

#include "record/record.h"
#include "report/paper.h"

void text_manifest(Paper *paper, const Record *record);
void text_title(Paper *paper, const Record *record);
void text_expectations(Paper *paper, const Record *record);
void text_faults(Paper *paper, const Record *record);
void text_availability(Paper *paper, const Record *record); /* of a newcomer, and what is to blame */
void text_curve(Paper *paper, const Record *record);        /* new sessions over time */
void text_recovery(Paper *paper, const Record *record);     /* failover times and their phases */
void text_capacity(Paper *paper, const Record *record);     /* units over time */
void text_sessions(Paper *paper, const Record *record);     /* the ledger */
void text_service(Paper *paper, const Record *record);      /* success, latency, overload, data */
void text_jobs(Paper *paper, const Record *record);         /* what is handed off */
void text_objects(Paper *paper, const Record *record);      /* what is copied between regions */
void text_reach(Paper *paper, const Record *record);
void text_attack(Paper *paper, const Record *record); /* what a compromise opened */
void text_traffic(Paper *paper, const Record *record);
void text_cost(Paper *paper, const Record *record);

#endif
