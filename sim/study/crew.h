/* crew.h - worker processes that run replications and hand back what they found (private to study/).
 *
 * Each worker is a fork of this process, so it has the model, the reachability and everything else without being told;
 * it gets numbers of replications and answers each with a part. Processes, because igraph does not stand threads. A
 * worker that dies takes nothing with it: what it owed is given to others. A worker that a mistake of ours ends (abort,
 * bad memory access) would end each of its successors, so that is an error at once; so are too many deaths in a row.
 *
 * Workers do not outlive their parent: the kernel ends them with it, and without a kernel that does (Linux) they find
 * their line cut when they report. ^C is the parent's business. */
#ifndef FAULTLINE_STUDY_CREW_H
#define FAULTLINE_STUDY_CREW_H

#include <glib.h>

#include "study/part.h"
#include "study/study.h"

typedef struct Crew Crew;

/* Up to `jobs` workers, started when there is work; only the part of `series_of` carries series. */
Crew *crew_new(Study *study, uint32_t jobs, uint64_t series_of);
/* Ends the workers, whatever they are doing. */
void crew_free(Crew *crew);

/* Give a replication to somebody. False: all have enough to do, or a worker could not be started (*error). */
bool crew_give(Crew *crew, uint64_t replication, GError **error);

/* Waits until something happens, or that long, and hands over each whole part, with its head; borrowed. False: *error
 * says what went wrong, here or in `take`. */
typedef bool (*CrewTake)(void *user, const Part *part, const uint8_t *whole, GError **error);
bool crew_wait(Crew *crew, int milliseconds, CrewTake take, void *user, GError **error);

#endif
