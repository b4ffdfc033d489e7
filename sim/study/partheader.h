/* partheader.h - which study a part file belongs to (private to study/). */
#ifndef FAULTLINE_STUDY_PARTHEADER_H
#define FAULTLINE_STUDY_PARTHEADER_H

#include "model/model.h"

#define PART_FILE_FORMAT "faultline-parts/1"

/* Version, seed, digests, changes and inputs, under the keys that a record has for them; allocated. Equal studies have
 * equal headers. How many replications are wanted is not in it: that may change, and what is there stays good. */
char *part_header_of(const Model *model, size_t *length);

/* What two headers say differently, for people ("seed 1, not 2"), allocated; NULL: nothing. */
char *part_header_difference(const char *header, size_t length, const char *wanted, size_t wanted_length);

#endif
