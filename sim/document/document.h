/* document.h - fills the record (record/record.h) from the model, one run of it, and what the study found. The door of
 * document/.
 *
 * Everything here is a translation into plain rows; nothing is decided. */
#ifndef FAULTLINE_DOCUMENT_DOCUMENT_H
#define FAULTLINE_DOCUMENT_DOCUMENT_H

#include "document/snapshot.h"
#include "model/model.h"
#include "reach/reach.h"
#include "record/record.h"

/* Places, components, units, flows, links, faults, inputs and assumptions. */
void document_model(Record *record, const Model *model, const Reach *reach);

/* The moments, one row a component and link in each; and reachability before, during and after as rows. Snapshots in
 * order of time; those not taken (the run ended before) are left out. */
void document_moments(Record *record, const Model *model, const Reach *reach, Snapshot *const *snapshots,
                      uint32_t count);
void document_reach(Record *record, const Model *model, const Reach *reach, Snapshot *const *snapshots, uint32_t count);
/* What followed from a compromise, in moments in which something was owned. */
void document_attack(Record *record, const Model *model, const Reach *reach, Snapshot *const *snapshots,
                     uint32_t count);

/* The timeline of one run: hand `document_see` to it as an observer with `user` a DocumentLog. */
typedef struct DocumentLog DocumentLog;
DocumentLog *document_log_new(const Model *model);
void document_log_free(DocumentLog *log);
uint64_t document_log_wants(void);
void document_log_see(void *log, const Fact *fact);
void document_timeline(Record *record, const DocumentLog *log);

#endif
